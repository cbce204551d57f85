#include "common/counts.h"

#include <stdlib.h>
#include <string.h>

#include "common/moment.h"

#define MINUTE_NS (60 * MOMENT_NS_PER_S)

const struct counts_width counts_widths[COUNTS_SPANS] = {
	[COUNTS_HOUR] = {"1h", MINUTE_NS, 60},
	[COUNTS_DAY] = {"24h", 15 * MINUTE_NS, 96},
	[COUNTS_WEEK] = {"7d", 60 * MINUTE_NS, 168},
};

bool counts_span_of(enum counts_span *span, struct span name) {
	for (int i = 0; i < COUNTS_SPANS; i++) {
		if (span_is(name, counts_widths[i].name)) {
			*span = (enum counts_span)i;
			return true;
		}
	}
	return false;
}

int64_t counts_from(enum counts_span span, int64_t now_ns) {
	const struct counts_width *width = &counts_widths[span];
	int64_t epoch = now_ns > 0 ? now_ns / width->bucket_ns : 0;
	return (epoch + 1 - (int64_t)width->buckets) * width->bucket_ns;
}

/* --- by status and verdict --- */

const char *counts_status_name(enum counts_status status) {
	static const char *const names[] = {"none", "2xx", "3xx", "4xx", "5xx", "failed"};
	return names[status];
}

enum counts_status counts_status_of(int64_t last_status) {
	if (last_status <= 0) {
		return last_status == 0 ? COUNTS_NONE : COUNTS_FAILED;
	}
	return last_status < 200   ? COUNTS_3XX
	       : last_status < 300 ? COUNTS_2XX
	       : last_status < 400 ? COUNTS_3XX
	       : last_status < 500 ? COUNTS_4XX
	                           : COUNTS_5XX;
}

bool counts_is_failure(enum counts_status status) {
	return status != COUNTS_NONE && status != COUNTS_2XX;
}

bool counts_is_rejection(enum verdict verdict) {
	return verdict == VERDICT_INVALID || verdict == VERDICT_EXPIRED || verdict == VERDICT_UNSIGNED;
}

/* --- how long answers took --- */

#define PLACES_OF_TEN 6

int64_t counts_latency_bound(size_t place) {
	static const int64_t steps[PLACES_OF_TEN] = {100, 150, 200, 300, 500, 700};
	int64_t bound = place + 1 < COUNTS_LATENCIES ? steps[place % PLACES_OF_TEN] : INT64_MAX;
	for (size_t i = PLACES_OF_TEN; i <= place && place + 1 < COUNTS_LATENCIES; i += PLACES_OF_TEN) {
		bound *= 10;
	}
	return bound;
}

size_t counts_latency_place(int64_t took_us) {
	size_t place = 0;
	while (took_us >= counts_latency_bound(place) && place + 1 < COUNTS_LATENCIES) {
		place++;
	}
	return place;
}

void counts_append_bound(struct buffer *out, int64_t bound_us) {
	if (bound_us < 1000) {
		buffer_printf(out, "%g us", (double)bound_us);
	} else if (bound_us < 1000000) {
		buffer_printf(out, "%g ms", (double)bound_us / 1e3);
	} else {
		buffer_printf(out, "%g s", (double)bound_us / 1e6);
	}
}

int64_t counts_latency_percentile(const int64_t latency[COUNTS_LATENCIES], int64_t percent) {
	int64_t all = 0, seen = 0;
	for (size_t i = 0; i < COUNTS_LATENCIES; i++) {
		all += latency[i];
	}
	for (size_t i = 0; i < COUNTS_LATENCIES && all > 0; i++) {
		seen += latency[i];
		if (seen * 100 >= all * percent) {
			return counts_latency_bound(i);
		}
	}
	return 0;
}

/* --- rows --- */

void counts_clear(struct counts *counts) {
	arena_clear(&counts->arena);
	*counts = (struct counts){0};
}

static int by_weight(const void *a, const void *b) {
	const struct counts_row *x = a, *y = b;
	int64_t bad_x = x->failed + x->rejected, bad_y = y->failed + y->rejected;
	if (bad_x != bad_y) {
		return bad_x < bad_y ? 1 : -1;
	}
	if (x->events != y->events) {
		return x->events < y->events ? 1 : -1;
	}
	return span_compare(x->name, y->name);
}

static int by_events(const void *a, const void *b) {
	const struct counts_row *x = a, *y = b;
	if (x->events != y->events) {
		return x->events < y->events ? 1 : -1;
	}
	int order = by_weight(x, y);
	return order != 0 ? order : span_compare(x->value, y->value);
}

void counts_sort(struct counts *counts) {
	for (int kind = 0; kind < COUNTS_KINDS; kind++) {
		size_t count = counts->row_count[kind];
		if (count > 0) {
			qsort(counts->rows[kind], count, sizeof *counts->rows[kind],
				kind == COUNTS_KEY ? by_events : by_weight);
		}
		counts->row_count[kind] = count < COUNTS_ROWS_MAX ? count : COUNTS_ROWS_MAX;
	}
}
