#include "tui/screen/overview_panel.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/business_key.h"
#include "common/moment.h"
#include "common/signature/provider.h"
#include "common/words.h"

/* Places of the histogram below this one are shown as one: nobody asks for less than a millisecond. */
#define FIRST_PLACE 5
/* At least so many are shown. */
#define PLACES_LEAST 12

/* --- groups --- */

/* Of those that are rows. */
static enum counts_kind kind_of(enum overview_group group) {
	return group == OVERVIEW_PROVIDERS ? COUNTS_PROVIDER
	       : group == OVERVIEW_TYPES   ? COUNTS_TYPE
	                                   : COUNTS_KEY;
}

/* Verdicts and statuses of which there is something, in their order. */
static size_t present(const int64_t *numbers, size_t count, size_t wanted) {
	size_t seen = 0;
	for (size_t i = 0; i < count; i++) {
		if (numbers[i] > 0 && seen++ == wanted) {
			return i;
		}
	}
	return wanted == SIZE_MAX ? seen : count;
}

static size_t last_latency(const struct overview_panel *panel) {
	struct overview_limit limits[OVERVIEW_LIMITS_MAX];
	size_t last = FIRST_PLACE + PLACES_LEAST - 1;
	size_t count = overview_panel_limits(panel, limits);
	for (size_t i = last; i < COUNTS_LATENCIES; i++) {
		last = panel->counts.latency[i] > 0 ? i : last;
	}
	for (size_t i = 0; i < count; i++) {
		size_t place = counts_latency_place(limits[i].limit_us);
		last = place > last ? place : last;
	}
	return last;
}

size_t overview_panel_first_latency(const struct overview_panel *panel) {
	(void)panel;
	return FIRST_PLACE;
}

size_t overview_panel_count(const struct overview_panel *panel, enum overview_group group) {
	const struct counts *counts = &panel->counts;
	if (!panel->loaded) {
		return 0;
	}
	switch (group) {
	case OVERVIEW_TIME:
		return counts_widths[counts->span].buckets;
	case OVERVIEW_STATUSES:
		return present(counts->statuses, COUNTS_STATUSES, SIZE_MAX);
	case OVERVIEW_VERDICTS:
		return present(counts->verdicts, VERDICT_COUNT, SIZE_MAX);
	case OVERVIEW_LATENCY:
		return last_latency(panel) + 1 - FIRST_PLACE;
	default:
		return counts->row_count[kind_of(group)];
	}
}

static struct overview_bar bar_of_row(const struct counts_row *row) {
	return (struct overview_bar){.name = row->others         ? span_text("all others")
	                                     : row->name.len > 0 ? row->name
	                                                         : span_text("not known"),
		.key = row->value,
		.value = row->events,
		.failed = row->failed,
		.rejected = row->rejected};
}

static struct overview_bar bar_of_latency(const struct counts *counts, size_t index) {
	struct overview_bar bar = {.value = counts->latency[FIRST_PLACE + index]};
	for (size_t i = 0; index == 0 && i < FIRST_PLACE; i++) {
		bar.value += counts->latency[i];
	}
	return bar;
}

struct overview_bar overview_panel_bar(
	const struct overview_panel *panel, enum overview_group group, size_t index) {
	const struct counts *counts = &panel->counts;
	struct overview_bar bar = {0};
	if (index >= overview_panel_count(panel, group)) {
		return bar;
	}
	switch (group) {
	case OVERVIEW_TIME:
		return (struct overview_bar){.value = counts->buckets[index].events,
			.failed = counts->buckets[index].failed,
			.rejected = counts->buckets[index].rejected};
	case OVERVIEW_STATUSES:
		bar.status = (enum counts_status)present(counts->statuses, COUNTS_STATUSES, index);
		bar.value = counts->statuses[bar.status];
		bar.name = span_text(counts_status_name(bar.status));
		return bar;
	case OVERVIEW_VERDICTS:
		bar.verdict = (enum verdict)present(counts->verdicts, VERDICT_COUNT, index);
		bar.value = counts->verdicts[bar.verdict];
		bar.name = span_text(verdict_name(bar.verdict));
		return bar;
	case OVERVIEW_LATENCY:
		return bar_of_latency(counts, index);
	default:
		return bar_of_row(&counts->rows[kind_of(group)][index]);
	}
}

/* --- how long providers wait --- */

static int by_limit(const void *a, const void *b) {
	const struct overview_limit *x = a, *y = b;
	return (x->limit_us > y->limit_us) - (x->limit_us < y->limit_us);
}

static bool has(const struct overview_limit *limits, size_t count, int64_t limit_us) {
	for (size_t i = 0; i < count; i++) {
		if (limits[i].limit_us == limit_us) {
			return true;
		}
	}
	return false;
}

size_t overview_panel_limits(
	const struct overview_panel *panel, struct overview_limit limits[OVERVIEW_LIMITS_MAX]) {
	const struct counts *counts = &panel->counts;
	size_t count = 0;
	for (size_t i = 0; i < counts->row_count[COUNTS_PROVIDER] && count < OVERVIEW_LIMITS_MAX; i++) {
		const struct counts_row *row = &counts->rows[COUNTS_PROVIDER][i];
		const struct provider *provider = provider_builtin(row->name);
		bool answered = row->latency && counts_latency_percentile(row->latency, 50) > 0;
		if (!answered || !provider || provider->timeout_ms <= 0) {
			continue;
		}
		int64_t limit_us = INT64_C(1000) * provider->timeout_ms;
		if (!has(limits, count, limit_us)) {
			limits[count++] = (struct overview_limit){row->name, limit_us};
		}
	}
	qsort(limits, count, sizeof *limits, by_limit);
	return count;
}

/* --- new counts --- */

static int by_events(const void *a, const void *b) {
	const struct counts_row *x = a, *y = b;
	if (x->others != y->others) {
		return x->others ? 1 : -1;
	}
	return (x->events < y->events) - (x->events > y->events);
}

static bool is_same(const struct overview_bar *a, const struct overview_bar *b) {
	return span_equal(a->name, b->name) && span_equal(a->key, b->key);
}

/* Where the bar that was chosen stands now; where it is gone, as near as there is one. */
static size_t place_of(const struct overview_panel *now, const struct overview_panel *before,
	enum overview_group group) {
	struct overview_bar chosen = overview_panel_bar(before, group, before->at[group]);
	size_t count = overview_panel_count(now, group);
	for (size_t i = 0; chosen.name.len > 0 && i < count; i++) {
		struct overview_bar bar = overview_panel_bar(now, group, i);
		if (is_same(&bar, &chosen)) {
			return i;
		}
	}
	return before->at[group] < count ? before->at[group] : count > 0 ? count - 1 : 0;
}

/* A bucket stays chosen while time goes on, but for the newest, which is always now. */
static size_t bucket_of(const struct overview_panel *now, const struct overview_panel *before) {
	const struct counts_width *width = &counts_widths[now->counts.span];
	size_t at = before->at[OVERVIEW_TIME];
	if (!before->loaded || before->counts.span != now->counts.span || at + 1 >= width->buckets) {
		return width->buckets - 1;
	}
	int64_t moved = (now->counts.from_ns - before->counts.from_ns) / width->bucket_ns;
	return moved < 0 || moved > (int64_t)at ? 0 : at - (size_t)moved;
}

void overview_panel_take(struct overview_panel *panel, struct counts *counts) {
	struct overview_panel before = *panel;
	panel->counts = *counts;
	*counts = (struct counts){0};
	panel->loaded = true;
	if (panel->counts.row_count[COUNTS_PROVIDER] > 1) {
		qsort(panel->counts.rows[COUNTS_PROVIDER], panel->counts.row_count[COUNTS_PROVIDER],
			sizeof(struct counts_row), by_events);
	}
	panel->at[OVERVIEW_TIME] = bucket_of(panel, &before);
	for (int group = OVERVIEW_TIME + 1; group < OVERVIEW_GROUPS; group++) {
		panel->at[group] = place_of(panel, &before, (enum overview_group)group);
	}
	counts_clear(&before.counts);
}

void overview_panel_clear(struct overview_panel *panel) {
	counts_clear(&panel->counts);
	*panel = (struct overview_panel){0};
}

/* --- what the chosen bar stands for --- */

/* Names are foreign: in quotes, a `*` in them would still be one, and a quotation mark cannot be told. */
static bool append_term(struct buffer *out, const char *key, struct span name) {
	if (span_find(name, '"') < name.len) {
		return false;
	}
	buffer_printf(out, "%s:\"", key);
	buffer_append_span(out, name);
	buffer_append_byte(out, '"');
	return true;
}

static size_t buckets_of(const struct overview_panel *panel, size_t *first) {
	size_t step = panel->step > 0 ? panel->step : 1;
	size_t count = counts_widths[panel->counts.span].buckets;
	*first = panel->at[OVERVIEW_TIME] / step * step;
	return *first + step < count ? step : count - *first;
}

/* "2026-11-21T03:43:00Z": buckets begin at whole seconds. */
static void append_moment(struct buffer *out, int64_t ns) {
	moment_append(out, ns);
	out->len -= sizeof ".000000000Z" - 1;
	buffer_append_byte(out, 'Z');
}

static void append_span(struct buffer *out, const struct overview_panel *panel) {
	const struct counts_width *width = &counts_widths[panel->counts.span];
	size_t first, count = buckets_of(panel, &first);
	int64_t from = panel->counts.from_ns + (int64_t)first * width->bucket_ns;
	buffer_append_text(out, "since:");
	append_moment(out, from);
	buffer_append_text(out, " until:");
	append_moment(out, from + (int64_t)count * width->bucket_ns);
}

static void append_bound(struct buffer *out, int64_t us) {
	buffer_printf(out, "%" PRId64 "ms", us / 1000);
}

static void append_latency(struct buffer *out, const struct overview_panel *panel) {
	size_t place = FIRST_PLACE + panel->at[OVERVIEW_LATENCY];
	if (place > FIRST_PLACE) {
		buffer_append_text(out, "took:>=");
		append_bound(out, counts_latency_bound(place - 1));
	}
	if (place + 1 < COUNTS_LATENCIES) {
		buffer_append_text(out, place > FIRST_PLACE ? " took:<" : "took:<");
		append_bound(out, place == FIRST_PLACE ? 1000 : counts_latency_bound(place));
	}
	buffer_append_text(out, " -status:failed");
}

/* All but a bucket of time is of the whole span. */
static void append_since(struct buffer *out, const struct overview_panel *panel) {
	buffer_append_text(out, " since:");
	append_moment(out, panel->counts.from_ns);
}

static bool append_row(struct buffer *out, const struct overview_panel *panel) {
	enum overview_group group = panel->group;
	const struct counts_row *row = &panel->counts.rows[kind_of(group)][panel->at[group]];
	if (group == OVERVIEW_KEYS) {
		business_key_append_filter(out, row->name, row->value);
		return true;
	}
	return !row->others &&
	       append_term(out, group == OVERVIEW_PROVIDERS ? "provider" : "type", row->name);
}

bool overview_panel_filter(struct buffer *out, const struct overview_panel *panel) {
	enum overview_group group = panel->group;
	if (panel->at[group] >= overview_panel_count(panel, group)) {
		return false;
	}
	struct overview_bar bar = overview_panel_bar(panel, group, panel->at[group]);
	switch (group) {
	case OVERVIEW_TIME:
		append_span(out, panel);
		return true;
	case OVERVIEW_STATUSES:
		buffer_printf(out, "status:%s", counts_status_name(bar.status));
		break;
	case OVERVIEW_VERDICTS:
		buffer_printf(out, "verdict:%s", verdict_name(bar.verdict));
		break;
	case OVERVIEW_LATENCY:
		append_latency(out, panel);
		break;
	default:
		if (!append_row(out, panel)) {
			return false;
		}
		break;
	}
	append_since(out, panel);
	return true;
}

static void caption_time(struct buffer *out, const struct overview_panel *panel) {
	const struct counts_width *width = &counts_widths[panel->counts.span];
	size_t first, count = buckets_of(panel, &first);
	int64_t from = panel->counts.from_ns + (int64_t)first * width->bucket_ns;
	struct counts_bucket sum = {0};
	for (size_t i = first; i < first + count; i++) {
		sum.events += panel->counts.buckets[i].events;
		sum.failed += panel->counts.buckets[i].failed;
		sum.rejected += panel->counts.buckets[i].rejected;
	}
	words_append_time(out, from, panel->counts.span != COUNTS_HOUR);
	buffer_append_text(out, ", ");
	words_append_duration(out, (int64_t)count * width->bucket_ns / MOMENT_NS_PER_MS);
	buffer_printf(out, ": %" PRId64 " event%s", sum.events, sum.events == 1 ? "" : "s");
	if (sum.failed > 0) {
		buffer_printf(out, ", %" PRId64 " failed", sum.failed);
	}
	if (sum.rejected > 0) {
		buffer_printf(out, ", %" PRId64 " wrongly signed", sum.rejected);
	}
}

static void caption_latency(struct buffer *out, const struct overview_panel *panel) {
	size_t place = FIRST_PLACE + panel->at[OVERVIEW_LATENCY];
	struct overview_bar bar =
		overview_panel_bar(panel, OVERVIEW_LATENCY, panel->at[OVERVIEW_LATENCY]);
	buffer_printf(out, "%" PRId64 " answer%s ", bar.value, bar.value == 1 ? "" : "s");
	if (place == FIRST_PLACE) {
		buffer_append_text(out, "in less than 1 ms");
	} else if (place + 1 == COUNTS_LATENCIES) {
		buffer_append_text(out, "after more than 100 s");
	} else {
		buffer_append_text(out, "in ");
		counts_append_bound(out, counts_latency_bound(place - 1));
		buffer_append_text(out, " to ");
		counts_append_bound(out, counts_latency_bound(place));
	}
}

void overview_panel_caption(struct buffer *out, const struct overview_panel *panel) {
	enum overview_group group = panel->group;
	if (panel->at[group] >= overview_panel_count(panel, group)) {
		return;
	}
	if (group == OVERVIEW_TIME || group == OVERVIEW_LATENCY) {
		(group == OVERVIEW_TIME ? caption_time : caption_latency)(out, panel);
		return;
	}
	struct overview_bar bar = overview_panel_bar(panel, group, panel->at[group]);
	buffer_append_span(out, bar.name);
	buffer_append_text(out, bar.key.len > 0 ? " " : "");
	buffer_append_span(out, bar.key);
	buffer_printf(
		out, ": %" PRId64 " of %" PRId64 " events", bar.value, panel->counts.total.events);
	if (bar.failed > 0) {
		buffer_printf(out, ", %" PRId64 " failed", bar.failed);
	}
	if (bar.rejected > 0) {
		buffer_printf(out, ", %" PRId64 " wrongly signed", bar.rejected);
	}
}
