#include "tui/prove/chaos_plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/prove/dice.h"

/* How far back a delayed event comes, and how slowly a body. */
#define DELAY_LEAST 2
#define DELAY_MOST 6
#define DRIP_LEAST_MS 100
#define DRIP_MOST_MS 500
#define AMOUNT_MAX 1000000000

void chaos_plan_clear(struct chaos_plan *plan) {
	free(plan->faults);
	*plan = (struct chaos_plan){0};
}

static void add(struct chaos_plan *plan, size_t event, enum mischief mischief, int64_t amount) {
	plan->faults = alloc_resize(plan->faults, (plan->count + 1) * sizeof *plan->faults);
	plan->faults[plan->count++] = (struct chaos_fault){event, mischief, amount};
}

/* --- chance --- */

static int64_t roll_amount(enum mischief mischief, const struct chaos_event *event, uint64_t seed) {
	switch (mischief) {
	case MISCHIEF_DELAY:
		return dice_between(seed, "delay by", event->ref, DELAY_LEAST, DELAY_MOST);
	case MISCHIEF_CUT:
		return dice_between(seed, "cut at", event->ref, 0, event->body_len - 1);
	case MISCHIEF_DRIP:
		return dice_between(seed, "drip for", event->ref, DRIP_LEAST_MS, DRIP_MOST_MS);
	default:
		return 0;
	}
}

void chaos_plan_roll(struct chaos_plan *plan, const struct chaos_event *events, size_t count,
	const double rates[MISCHIEF_COUNT], uint64_t seed) {
	for (size_t i = 0; i < count; i++) {
		for (int m = 0; m < MISCHIEF_COUNT; m++) {
			enum mischief mischief = (enum mischief)m;
			if (dice_part(seed, mischief_name(mischief), events[i].ref) < rates[m]) {
				add(plan, i, mischief, roll_amount(mischief, &events[i], seed));
			}
		}
	}
}

/* --- text --- */

static bool has_amount(enum mischief mischief) {
	return mischief == MISCHIEF_DELAY || mischief == MISCHIEF_CUT || mischief == MISCHIEF_DRIP;
}

static bool refuse(struct span item, const char *why, struct error *err) {
	return error_set(err, ERROR_USAGE, "fault \"%.*s\": %s", (int)(item.len < 100 ? item.len : 100),
		item.data, why);
}

static int find_mischief(struct span name) {
	for (int i = 0; i < MISCHIEF_COUNT; i++) {
		if (span_is(name, mischief_name((enum mischief)i))) {
			return i;
		}
	}
	return -1;
}

static bool read_amount(struct span text, int64_t *amount) {
	*amount = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || *amount > AMOUNT_MAX) {
			return false;
		}
		*amount = *amount * 10 + (text.data[i] - '0');
	}
	return text.len > 0;
}

static bool read_fault(struct chaos_plan *plan, const struct chaos_event *events, size_t count,
	struct span item, struct error *err) {
	struct span rest = item, name = span_cut(&rest, '@'), ref = span_cut(&rest, ':');
	int mischief = find_mischief(name);
	int64_t amount = 0;
	size_t event = 0;
	if (mischief < 0) {
		return refuse(
			item, "expected duplicate, swap, delay, drop, cut or drip, an @, an event", err);
	}
	while (event < count && !span_equal(events[event].ref, ref)) {
		event++;
	}
	if (event == count) {
		return refuse(item, "that event is not among those that are sent", err);
	}
	if (has_amount((enum mischief)mischief) ? !read_amount(rest, &amount) : rest.len > 0) {
		return refuse(item,
			has_amount((enum mischief)mischief) ? "expected a colon and a number behind the event"
												: "nothing may stand behind the event",
			err);
	}
	add(plan, event, (enum mischief)mischief, amount);
	return true;
}

bool chaos_plan_read(struct chaos_plan *plan, const struct chaos_event *events, size_t count,
	struct span text, struct error *err) {
	while (text.len > 0 && !span_is(text, "none")) {
		struct span item = span_trim(span_cut(&text, ','));
		if (item.len > 0 && !read_fault(plan, events, count, item, err)) {
			return false;
		}
	}
	return true;
}

void chaos_plan_append(struct buffer *out, const struct chaos_plan *plan, const bool *kept,
	const struct chaos_event *events) {
	size_t before = out->len;
	for (size_t i = 0; i < plan->count; i++) {
		const struct chaos_fault *fault = &plan->faults[i];
		if (kept && !kept[i]) {
			continue;
		}
		buffer_printf(out, "%s%s@", out->len > before ? "," : "", mischief_name(fault->mischief));
		buffer_append_span(out, events[fault->event].ref);
		if (has_amount(fault->mischief)) {
			buffer_printf(out, ":%" PRId64, fault->amount);
		}
	}
	if (out->len == before) {
		buffer_append_text(out, "none");
	}
}

/* --- requests --- */

/* The faults of one event. */
struct fate {
	bool hit[MISCHIEF_COUNT];
	int64_t amount[MISCHIEF_COUNT];
};

/* The events in the order they come: swapped with the next, or moved behind others. */
static void order_events(size_t *order, const struct fate *fates, size_t count) {
	for (size_t i = 0; i < count; i++) {
		order[i] = i;
	}
	for (size_t i = 0; i + 1 < count; i++) {
		if (fates[i].hit[MISCHIEF_SWAP]) {
			order[i] = i + 1;
			order[i + 1] = i;
			i++;
		}
	}
	for (size_t i = count; i > 0; i--) {
		size_t event = order[i - 1];
		size_t left = count - i;
		if (fates[event].hit[MISCHIEF_DELAY]) {
			size_t by = (size_t)fates[event].amount[MISCHIEF_DELAY];
			by = by < left ? by : left;
			memmove(&order[i - 1], &order[i], by * sizeof *order);
			order[i - 1 + by] = event;
		}
	}
}

static bool comes_whole(const struct fate *fate) {
	return !fate->hit[MISCHIEF_DROP] && !fate->hit[MISCHIEF_CUT];
}

static struct deliver_fault fault_of(const struct fate *fate) {
	struct deliver_fault fault = {
		.cut = fate->hit[MISCHIEF_CUT], .cut_body = (size_t)fate->amount[MISCHIEF_CUT]};
	if (fate->hit[MISCHIEF_DRIP]) {
		fault.drip_ms = fate->amount[MISCHIEF_DRIP];
	}
	return fault;
}

struct chaos_send *chaos_plan_sends(
	const struct chaos_plan *plan, const bool *kept, size_t events, size_t *count) {
	struct fate *fates = alloc_zero(events + 1, sizeof *fates);
	size_t *order = alloc_zero(events + 1, sizeof *order);
	struct chaos_send *sends = alloc_zero(3 * events + 1, sizeof *sends);
	*count = 0;
	for (size_t i = 0; i < plan->count; i++) {
		const struct chaos_fault *fault = &plan->faults[i];
		if (!kept || kept[i]) {
			fates[fault->event].hit[fault->mischief] = true;
			fates[fault->event].amount[fault->mischief] = fault->amount;
		}
	}
	order_events(order, fates, events);
	for (size_t i = 0; i < events; i++) {
		const struct fate *fate = &fates[order[i]];
		if (!fate->hit[MISCHIEF_DROP]) {
			sends[(*count)++] = (struct chaos_send){order[i], false, fault_of(fate)};
		}
		if (fate->hit[MISCHIEF_DUPLICATE] && comes_whole(fate)) {
			sends[(*count)++] = (struct chaos_send){.event = order[i], .again = true};
		}
	}
	for (size_t i = 0; i < events; i++) {
		if (!comes_whole(&fates[i])) {
			bool sent = !fates[i].hit[MISCHIEF_DROP];
			sends[(*count)++] = (struct chaos_send){.event = i, .again = sent};
		}
		if (fates[i].hit[MISCHIEF_DUPLICATE] && !comes_whole(&fates[i])) {
			sends[(*count)++] = (struct chaos_send){.event = i, .again = true};
		}
	}
	free(fates);
	free(order);
	return sends;
}
