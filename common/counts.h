/*
 * How many events there were: over a span of time in buckets, and by what they are. The relay counts (common/rollup.h), tells it as JSON
 * (`stats` in docs/protocol.md), and the screen and `hookline stats` read that. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/buffer.h"
#include "common/error.h"
#include "common/signature/verdict.h"
#include "common/span.h"

struct cJSON;

/* The spans that are counted, each in buckets of its own width that begin at whole multiples of it. */
enum counts_span { COUNTS_HOUR, COUNTS_DAY, COUNTS_WEEK, COUNTS_SPANS };
#define COUNTS_BUCKETS_MAX 168
struct counts_width {
	const char *name; /* "1h", "24h", "7d" */
	int64_t bucket_ns;
	size_t buckets;
};
extern const struct counts_width counts_widths[COUNTS_SPANS];
/* False: it is no such name. */
bool counts_span_of(enum counts_span *span, struct span name);
/* The beginning of the first bucket when the last one holds `now_ns`. */
int64_t counts_from(enum counts_span span, int64_t now_ns);

/* What the last attempt of an event came to. The names are values of `status:` in a filter. */
enum counts_status {
	COUNTS_NONE, /* no attempt yet */
	COUNTS_2XX,
	COUNTS_3XX, /* and what is below 200 */
	COUNTS_4XX,
	COUNTS_5XX,
	COUNTS_FAILED, /* no answer */
	COUNTS_STATUSES
};
const char *counts_status_name(enum counts_status status);
/* `last_status` as that of struct event. */
enum counts_status counts_status_of(int64_t last_status);
/* There was an attempt, and it was not answered 2xx. */
bool counts_is_failure(enum counts_status status);
/* The signature was looked at and is not right: invalid, expired or unsigned. */
bool counts_is_rejection(enum verdict verdict);

/*
 * How long answers took: place `i` holds what took less than counts_latency_bound(i) and no less than the bound before; the last place has no
 * bound (INT64_MAX). Six places for each power of ten, from 0.1 ms to 100 s.
 */
#define COUNTS_LATENCIES 38
int64_t counts_latency_bound(size_t place);
size_t counts_latency_place(int64_t took_us);
/* Such a bound in words, exactly: "700 us", "1.5 ms", "20 s". */
void counts_append_bound(struct buffer *out, int64_t bound_us);
/* Below which so many of a hundred stay, as the bound of a place in microseconds; 0: there are none. */
int64_t counts_latency_percentile(const int64_t latency[COUNTS_LATENCIES], int64_t percent);

/* What events are counted by beside verdict and status. */
enum counts_kind { COUNTS_PROVIDER, COUNTS_TYPE, COUNTS_ENDPOINT, COUNTS_KEY, COUNTS_KINDS };
/* Most rows of a kind that are told: those with the most failures and events; of business keys those with the most events. */
#define COUNTS_ROWS_MAX 100
#define COUNTS_KEYS_MAX 50

struct counts_bucket {
	int64_t events, failed, rejected; /* `failed`: counts_is_failure of its last attempt */
};

struct counts_row {
	struct span name; /* empty: not known (no provider recognised) */
	struct span
		value; /* of a business key, raw: order 42 has the name "order" and the value "42"; else empty */
	bool others; /* all for which there was no room of their own: not a name */
	int64_t events, failed, rejected;
	int64_t latest_ns;      /* endpoints: the newest event there is, also an older one; else 0 */
	const int64_t *latency; /* providers: COUNTS_LATENCIES of them; else NULL */
};

/* All zero is nothing counted. */
struct counts {
	enum counts_span span;
	int64_t from_ns;
	/* From this moment on nothing is missing; earlier events are still being counted. At most from_ns: all is counted. */
	int64_t complete_from_ns;
	struct counts_bucket total, buckets[COUNTS_BUCKETS_MAX]; /* as many as the span has */
	int64_t verdicts[VERDICT_COUNT], statuses[COUNTS_STATUSES];
	int64_t latency[COUNTS_LATENCIES]; /* of answers in that time, by when the attempt began */
	struct counts_row *rows[COUNTS_KINDS];
	size_t row_count[COUNTS_KINDS];
	/* Rows of keys have what came from this moment on (as complete_from_ns), and no more than so many events too few each (common/key_tally.h). */
	int64_t keys_from_ns, keys_short_by;
	struct arena arena; /* rows, names and latencies */
};

/* Frees what it points to; it is all zero then. */
void counts_clear(struct counts *counts);
/* Most failed or rejected first, then most events, then by name; of keys, most events first. Cuts to COUNTS_ROWS_MAX. */
void counts_sort(struct counts *counts);

/* The JSON object of an answer to `stats`. */
void counts_append_json(struct buffer *out, const struct counts *counts);
/* The way back; what it points to is in `counts->arena`, also when it fails. Rows beyond COUNTS_ROWS_MAX are left out. */
bool counts_from_json(struct counts *counts, const struct cJSON *object, struct error *err);
