#include "tui/prove/order.h"

#include <inttypes.h>
#include <string.h>

#include "common/shell.h"
#include "common/words.h"
#include "tui/prove/refusal.h"

/* Body of the case "oversize": more than web frameworks take unasked. */
#define OVERSIZE_BYTES (INT64_C(16) * 1024 * 1024)
#define LIMIT_EVENTS 200
#define SHRINK_RUNS 60

const char *prove_kind_name(enum prove_kind kind) {
	static const char *const names[PROVE_KINDS] = {"twice", "reject", "retries", "chaos"};
	return names[kind];
}

const char *mischief_name(enum mischief mischief) {
	static const char *const names[MISCHIEF_COUNT] = {
		"duplicate", "swap", "delay", "drop", "cut", "drip"};
	return names[mischief];
}

void prove_order_init(struct prove_order *order, enum prove_kind kind) {
	*order = (struct prove_order){.kind = kind,
		.apart_ms = -1,
		.oversize = OVERSIZE_BYTES,
		.down_ms = INT64_C(3) * 3600 * 1000,
		.speed = 600,
		.limit = LIMIT_EVENTS,
		.seed = 1,
		.seeds = PROVE_SEEDS,
		.at_once = 1,
		.shrink_runs = SHRINK_RUNS};
}

void prove_order_usual_rates(struct prove_order *order) {
	static const double rates[MISCHIEF_COUNT] = {
		[MISCHIEF_DUPLICATE] = 0.1,
		[MISCHIEF_SWAP] = 0.1,
		[MISCHIEF_DELAY] = 0.1,
		[MISCHIEF_DROP] = 0.05,
		[MISCHIEF_CUT] = 0.05,
		[MISCHIEF_DRIP] = 0.05,
	};
	memcpy(order->rates, rates, sizeof rates);
}

/* --- the line that asks for the same --- */

static void add_word(struct buffer *out, const char *word) {
	buffer_append_byte(out, ' ');
	shell_append_word(out, span_text(word));
}

static void add_option(struct buffer *out, const char *name, const char *value) {
	if (value && *value) {
		buffer_printf(out, " --%s", name);
		add_word(out, value);
	}
}

static void add_duration(struct buffer *out, const char *name, int64_t ms) {
	if (ms % 1000 == 0) {
		buffer_printf(out, " --%s %" PRId64 "s", name, ms / 1000);
	} else {
		buffer_printf(out, " --%s %" PRId64 "ms", name, ms);
	}
}

static void add_events(struct buffer *out, const struct prove_order *order) {
	if (order->file) {
		buffer_printf(out, " %s", order->file->words);
	}
	for (size_t i = 0; i < order->ref_count; i++) {
		add_word(out, order->refs[i]);
	}
	if (order->filter) {
		add_word(out, order->filter);
	}
}

static void add_twice(struct buffer *out, const struct prove_order *order) {
	if (order->apart_ms == 0) {
		buffer_append_text(out, " --parallel");
	} else if (order->apart_ms > 0) {
		add_duration(out, "apart", order->apart_ms);
	}
	add_option(out, "ignore", order->ignore);
}

static void add_reject(struct buffer *out, const struct prove_order *order) {
	const char *lead = " --only ";
	for (int i = 0; order->only && i < REFUSAL_COUNT; i++) {
		if (order->only & (1u << i)) {
			buffer_printf(out, "%s%s", lead, refusal_name((enum refusal)i));
			lead = ",";
		}
	}
	if (order->oversize != OVERSIZE_BYTES) {
		buffer_printf(out, " --oversize %" PRId64, order->oversize);
	}
}

static void add_retries(struct buffer *out, const struct prove_order *order) {
	add_duration(out, "down", order->down_ms);
	buffer_printf(out, " --speed %gx", order->speed);
	buffer_append_text(out, order->unseen ? " --unseen" : "");
	add_option(out, "schedule", order->schedule);
}

static void add_chaos(struct buffer *out, const struct prove_order *order) {
	if (order->filter && order->limit != LIMIT_EVENTS) {
		buffer_printf(out, " --limit %" PRId64, order->limit);
	}
	if (order->at_once > 1) {
		buffer_printf(out, " --concurrency %zu", order->at_once);
	}
	if (order->faults) {
		add_option(out, "faults", *order->faults ? order->faults : "none");
		return;
	}
	for (int i = 0; i < MISCHIEF_COUNT; i++) {
		if (order->rates[i] > 0) {
			buffer_printf(out, " --%s %g", mischief_name((enum mischief)i), order->rates[i]);
		}
	}
	if (order->seeds == 1 || order->seed != 1) {
		buffer_printf(out, " --seed %" PRIu64, order->seed);
	}
	if (order->seeds > 1) {
		buffer_printf(out, " --seeds %" PRIu64, order->seeds);
	}
}

void prove_order_append(struct buffer *out, const struct prove_order *order) {
	static void (*const add[PROVE_KINDS])(struct buffer *, const struct prove_order *) = {
		add_twice, add_reject, add_retries, add_chaos};
	buffer_printf(out, "hookline prove %s", prove_kind_name(order->kind));
	add_events(out, order);
	add_option(out, "to", order->target->url);
	add[order->kind](out, order);
	add_option(out, "probe", order->probe);
	add_option(out, "check", order->check);
	add_option(out, "reset", order->reset);
	if (order->options && *order->options) {
		buffer_printf(out, " %s", order->options);
	}
}
