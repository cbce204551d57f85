/*
 * Pings of our own, for a screen that says how fresh its link is. One is under way at a time: a relay that does not
 * answer gets no more of them, and what it costs does not grow.
 */
#include <libwebsockets.h>
#include <string.h>

#include "tui/link_parts.h"

static void on_pulse(uv_timer_t *timer) {
	struct link *link = timer->data;
	if (link->up && !link->ping_ns && !link->ping_due) {
		link->ping_due = true;
		lws_callback_on_writable(link->wsi);
	}
}

void link_pulse_begin(struct link *link) {
	link->ping_due = false;
	link->ping_ns = 0;
	link->round_trip_us = -1;
	link_pulse_heard(link, (struct span){0});
	if (link->ping_ms > 0) {
		uv_timer_start(&link->pulse, on_pulse, 0, (uint64_t)link->ping_ms);
	}
}

void link_pulse_heard(struct link *link, struct span pong) {
	link->heard_ms = uv_now(link->loop);
	/* libwebsockets sends pings of its own, without the time in them */
	if (link->ping_ns && pong.len == sizeof link->ping_ns &&
		memcmp(pong.data, &link->ping_ns, pong.len) == 0) {
		link->round_trip_us = (int64_t)((uv_hrtime() - link->ping_ns) / 1000);
		link->ping_ns = 0;
	}
}

void link_pulse_end(struct link *link) {
	uv_timer_stop(&link->pulse);
}

int link_pulse_write(struct link *link) {
	unsigned char bytes[LWS_PRE + sizeof link->ping_ns];
	if (!link->ping_due) {
		return 0;
	}
	link->ping_due = false;
	link->ping_ns = uv_hrtime();
	memcpy(bytes + LWS_PRE, &link->ping_ns, sizeof link->ping_ns);
	return lws_write(link->wsi, bytes + LWS_PRE, sizeof link->ping_ns, LWS_WRITE_PING) < 0 ? -1 : 0;
}
