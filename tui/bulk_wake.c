/* The run of a bulk replay sleeps until something is due. */
#include "tui/bulk_parts.h"

static void on_pace(uv_timer_t *timer) {
	struct bulk *bulk = timer->data;
	replayer_ask_again(bulk->replayer);
	bulk_go_on(bulk);
}

void bulk_wake_in(struct bulk *bulk, uint64_t ms) {
	if (!uv_is_active((uv_handle_t *)bulk->pace) || uv_timer_get_due_in(bulk->pace) > ms) {
		uv_timer_start(bulk->pace, on_pace, ms, 0);
	}
}

bool bulk_is_due(struct bulk *bulk, const struct bulk_clock *clock, int64_t received_at_ns) {
	int64_t now = (int64_t)(uv_hrtime() / 1000);
	int64_t due = bulk_clock_due_us(clock, &bulk->record.settings.pace, received_at_ns, now);
	if (due > now) {
		bulk_wake_in(bulk, (uint64_t)((due - now + 999) / 1000));
	}
	return due <= now;
}
