#include "tui/commands/stats_text.h"

#include <inttypes.h>

#include "common/moment.h"
#include "common/signature/provider.h"
#include "common/text.h"
#include "common/words.h"
#include "tui/chart/chart.h"

#define NAME_COLUMNS 28
#define BAR_COLUMNS 20
#define ROWS_SHOWN 10
/* When there is no terminal, and least and most of what a chart takes of one. */
#define WIDTH 80
#define CHART_LEAST 20

static bool is_ascii(const struct line_style *style) {
	return (style->flags & TEXT_ASCII) != 0;
}

static void end_line(struct buffer *out) {
	while (out->len > 0 && out->data[out->len - 1] == ' ') {
		out->len--;
	}
	buffer_append_byte(out, '\n');
}

static void heading(struct buffer *out, const struct line_style *style, const char *text) {
	buffer_append_byte(out, '\n');
	line_append_coloured(out, style, 'b', span_text(text));
	buffer_append_byte(out, '\n');
}

/* --- over time --- */

static void append_total(struct buffer *out, const struct counts *counts) {
	const struct counts_width *width = &counts_widths[counts->span];
	int64_t until = counts->from_ns + (int64_t)width->buckets * width->bucket_ns;
	buffer_printf(out, "%s until ", width->name);
	words_append_time(out, until, true);
	buffer_printf(out,
		": %" PRId64 " event%s, %" PRId64 " failed at the app, %" PRId64
		" with a wrong signature or none\n",
		counts->total.events, counts->total.events == 1 ? "" : "s", counts->total.failed,
		counts->total.rejected);
	if (counts->complete_from_ns > counts->from_ns) {
		buffer_append_text(out, "still counting: complete from ");
		words_append_time(out, counts->complete_from_ns, true);
		buffer_append_text(out, " on\n");
	}
}

static void append_curve(struct buffer *out, const struct counts *counts,
	const struct line_style *style, const char *name, int64_t (*of)(const struct counts_bucket *),
	char colour) {
	const struct counts_width *width = &counts_widths[counts->span];
	int64_t values[COUNTS_BUCKETS_MAX];
	struct buffer line = {0};
	size_t room = (style->width > 0 ? style->width : WIDTH), group = 1;
	room = room > CHART_LEAST + 30 ? room - 30 : CHART_LEAST;
	for (size_t i = 0; i < width->buckets; i++) {
		values[i] = of(&counts->buckets[i]);
	}
	while ((width->buckets + group - 1) / group > room) {
		group++;
	}
	size_t count = chart_group(values, values, width->buckets, group);
	int64_t most = chart_most(values, count);
	if (most > 0) {
		chart_append_sparkline(&line, values, count, is_ascii(style));
		buffer_printf(out, "%-9s ", name);
		line_append_coloured(out, style, colour, buffer_span(&line));
		buffer_printf(out, " at most %" PRId64 " in ", most);
		words_append_duration(out, (int64_t)group * width->bucket_ns / MOMENT_NS_PER_MS);
		end_line(out);
	}
	buffer_clear(&line);
}

static int64_t events_of(const struct counts_bucket *bucket) {
	return bucket->events;
}

static int64_t failed_of(const struct counts_bucket *bucket) {
	return bucket->failed;
}

static int64_t rejected_of(const struct counts_bucket *bucket) {
	return bucket->rejected;
}

/* --- rows of bars --- */

/* "stripe                        █████▌                1234  12 %" */
static void append_row(struct buffer *out, const struct line_style *style, struct span name,
	int64_t value, int64_t all, char colour) {
	struct buffer bar = {0};
	text_escape_column(out, name, style->flags, NAME_COLUMNS);
	buffer_append_byte(out, ' ');
	chart_append_bar(&bar, value, all, BAR_COLUMNS, is_ascii(style));
	line_append_coloured(out, style, colour, buffer_span(&bar));
	buffer_printf(out, " %10" PRId64, value);
	if (all > 0) {
		buffer_printf(out, "  %3.0f %%", (double)value / (double)all * 100);
	}
	buffer_clear(&bar);
}

/* "since 03:43:41": what came before is not counted, or not yet. */
static void append_keys_note(
	struct buffer *out, const struct counts *counts, const struct line_style *style) {
	struct buffer text = {0};
	if (counts->keys_from_ns > counts->from_ns) {
		buffer_append_text(&text, "counted from ");
		words_append_time(&text, counts->keys_from_ns, true);
		buffer_append_text(&text, " on\n");
	}
	if (counts->keys_short_by > 0) {
		buffer_printf(&text,
			"there were too many different keys: each may be up to %" PRId64 " event%s short\n",
			counts->keys_short_by, counts->keys_short_by == 1 ? "" : "s");
	}
	line_append_coloured(out, style, 'd', buffer_span(&text));
	buffer_clear(&text);
}

static struct span name_of(const struct counts_row *row) {
	return row->others         ? span_text("(all others)")
	       : row->name.len > 0 ? row->name
	                           : span_text("(not known)");
}

static void append_bad(
	struct buffer *out, const struct line_style *style, const struct counts_row *row) {
	struct buffer text = {0};
	if (row->failed > 0) {
		buffer_printf(&text, "  %" PRId64 " failed", row->failed);
	}
	if (row->rejected > 0) {
		buffer_printf(&text, "  %" PRId64 " wrongly signed", row->rejected);
	}
	line_append_coloured(out, style, 'r', buffer_span(&text));
	buffer_clear(&text);
}

static void append_kind(struct buffer *out, const struct counts *counts, enum counts_kind kind,
	const char *title, const struct line_style *style) {
	size_t shown = 0;
	struct buffer name = {0};
	for (size_t i = 0; i < counts->row_count[kind] && shown < ROWS_SHOWN; i++) {
		const struct counts_row *row = &counts->rows[kind][i];
		if (row->events == 0) {
			continue;
		}
		if (shown++ == 0) {
			heading(out, style, title);
		}
		buffer_reset(&name);
		buffer_append_span(&name, name_of(row));
		buffer_append_text(&name, row->value.len > 0 ? " " : "");
		buffer_append_span(&name, row->value);
		append_row(out, style, buffer_span(&name), row->events, counts->total.events, 0);
		append_bad(out, style, row);
		end_line(out);
	}
	buffer_clear(&name);
}

static void append_named(
	struct buffer *out, const struct counts *counts, const struct line_style *style) {
	heading(out, style, "By verdict");
	for (int i = 0; i < VERDICT_COUNT; i++) {
		if (counts->verdicts[i] > 0) {
			append_row(out, style, span_text(verdict_name((enum verdict)i)), counts->verdicts[i],
				counts->total.events, line_colour_of_verdict((enum verdict)i));
			end_line(out);
		}
	}
	heading(out, style, "By what the app answered last");
	for (int i = 0; i < COUNTS_STATUSES; i++) {
		static const char colours[] = "dgyyrr";
		if (counts->statuses[i] > 0) {
			append_row(out, style, span_text(counts_status_name((enum counts_status)i)),
				counts->statuses[i], counts->total.events, colours[i]);
			end_line(out);
		}
	}
}

/* --- how long the app took --- */

static void append_bound(struct buffer *out, int64_t bound_us) {
	if (bound_us == INT64_MAX) {
		buffer_append_text(out, "longer");
	} else {
		buffer_append_text(out, "< ");
		counts_append_bound(out, bound_us);
	}
}

static int64_t slower_than(const int64_t *latency, int64_t limit_us) {
	int64_t count = 0;
	for (size_t i = 1; i < COUNTS_LATENCIES; i++) {
		count += counts_latency_bound(i - 1) >= limit_us ? latency[i] : 0;
	}
	return count;
}

/* "half of stripe's in < 12 ms, 95 % in < 1.5 s; stripe waits 20 s, 3 took longer" */
static void append_provider(struct buffer *out, const struct counts_row *row) {
	const struct provider *provider = provider_builtin(row->name);
	int64_t half = counts_latency_percentile(row->latency, 50);
	if (half == 0) {
		return;
	}
	struct buffer text = {0};
	buffer_append_span(&text, name_of(row));
	buffer_append_text(&text, ": half ");
	append_bound(&text, half);
	buffer_append_text(&text, ", 95 % ");
	append_bound(&text, counts_latency_percentile(row->latency, 95));
	if (provider && provider->timeout_ms > 0) {
		buffer_append_text(&text, "; it waits ");
		counts_append_bound(&text, INT64_C(1000) * provider->timeout_ms);
		buffer_printf(&text, ", %" PRId64 " took longer",
			slower_than(row->latency, INT64_C(1000) * provider->timeout_ms));
	}
	text_escape(out, buffer_span(&text), 0);
	end_line(out);
	buffer_clear(&text);
}

static void append_latency(
	struct buffer *out, const struct counts *counts, const struct line_style *style) {
	int64_t all = 0;
	struct buffer name = {0};
	for (size_t i = 0; i < COUNTS_LATENCIES; i++) {
		all += counts->latency[i];
	}
	if (all == 0) {
		return;
	}
	heading(out, style, "How long the app took to answer");
	for (size_t i = 0; i < COUNTS_LATENCIES; i++) {
		if (counts->latency[i] > 0) {
			buffer_reset(&name);
			append_bound(&name, counts_latency_bound(i));
			append_row(out, style, buffer_span(&name), counts->latency[i], all, 0);
			end_line(out);
		}
	}
	for (size_t i = 0; i < counts->row_count[COUNTS_PROVIDER]; i++) {
		if (counts->rows[COUNTS_PROVIDER][i].latency) {
			append_provider(out, &counts->rows[COUNTS_PROVIDER][i]);
		}
	}
	buffer_clear(&name);
}

void stats_text(struct buffer *out, const struct counts *counts, const struct line_style *style) {
	append_total(out, counts);
	append_curve(out, counts, style, "events", events_of, 'g');
	append_curve(out, counts, style, "failed", failed_of, 'r');
	append_curve(out, counts, style, "signature", rejected_of, 'y');
	if (counts->total.events > 0) {
		append_kind(out, counts, COUNTS_PROVIDER, "By provider", style);
		append_named(out, counts, style);
		append_kind(out, counts, COUNTS_TYPE, "By type, those that fail first", style);
		append_kind(out, counts, COUNTS_ENDPOINT, "By endpoint", style);
		append_kind(out, counts, COUNTS_KEY, "Busiest business keys", style);
		append_keys_note(out, counts, style);
	}
	append_latency(out, counts, style);
}
