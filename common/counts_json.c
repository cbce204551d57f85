/* Counts as JSON, and back. */
#include <cjson/cJSON.h>

#include "common/counts.h"
#include "common/json.h"
#include "common/moment.h"

static const char *const kind_names[COUNTS_KINDS] = {"providers", "types", "endpoints", "keys"};

/* --- writing --- */

static void member_moment(struct buffer *out, const char *name, int64_t ns) {
	json_member_name(out, name);
	buffer_append_byte(out, '"');
	moment_append(out, ns);
	buffer_append_byte(out, '"');
}

static void append_bucket(struct buffer *out, const struct counts_bucket *bucket) {
	json_member_int(out, "events", bucket->events);
	json_member_int(out, "failed", bucket->failed);
	json_member_int(out, "rejected", bucket->rejected);
}

static void append_numbers(struct buffer *out, const int64_t *numbers, size_t count) {
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < count; i++) {
		buffer_append_text(out, i > 0 ? "," : "");
		buffer_append_int(out, numbers[i]);
	}
	buffer_append_byte(out, ']');
}

static void append_buckets(struct buffer *out, const struct counts *counts) {
	json_member_name(out, "buckets");
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < counts_widths[counts->span].buckets; i++) {
		const struct counts_bucket *bucket = &counts->buckets[i];
		int64_t numbers[] = {bucket->events, bucket->failed, bucket->rejected};
		buffer_append_text(out, i > 0 ? "," : "");
		append_numbers(out, numbers, 3);
	}
	buffer_append_byte(out, ']');
}

static void append_row(struct buffer *out, const struct counts_row *row) {
	struct counts_bucket numbers = {row->events, row->failed, row->rejected};
	buffer_append_byte(out, '{');
	json_member_text(out, "name", row->name);
	if (row->value.len > 0) {
		json_member_bytes(out, "value", row->value);
	}
	if (row->others) {
		json_member_bool(out, "others", true);
	}
	append_bucket(out, &numbers);
	if (row->latest_ns > 0) {
		member_moment(out, "latest", row->latest_ns);
	}
	if (row->latency) {
		json_member_name(out, "latency");
		append_numbers(out, row->latency, COUNTS_LATENCIES);
	}
	buffer_append_byte(out, '}');
}

static void append_rows(struct buffer *out, const struct counts *counts, int kind) {
	json_member_name(out, kind_names[kind]);
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < counts->row_count[kind]; i++) {
		buffer_append_text(out, i > 0 ? "," : "");
		append_row(out, &counts->rows[kind][i]);
	}
	buffer_append_byte(out, ']');
}

static void append_named(struct buffer *out, const struct counts *counts) {
	json_member_name(out, "verdicts");
	buffer_append_byte(out, '{');
	for (int i = 0; i < VERDICT_COUNT; i++) {
		json_member_int(out, verdict_name((enum verdict)i), counts->verdicts[i]);
	}
	buffer_append_byte(out, '}');
	json_member_name(out, "statuses");
	buffer_append_byte(out, '{');
	for (int i = 0; i < COUNTS_STATUSES; i++) {
		json_member_int(out, counts_status_name((enum counts_status)i), counts->statuses[i]);
	}
	buffer_append_byte(out, '}');
}

void counts_append_json(struct buffer *out, const struct counts *counts) {
	const struct counts_width *width = &counts_widths[counts->span];
	int64_t bounds[COUNTS_LATENCIES - 1];
	for (size_t i = 0; i + 1 < COUNTS_LATENCIES; i++) {
		bounds[i] = counts_latency_bound(i);
	}
	buffer_append_byte(out, '{');
	json_member_text(out, "span", span_text(width->name));
	member_moment(out, "from", counts->from_ns);
	json_member_int(out, "bucket_s", width->bucket_ns / MOMENT_NS_PER_S);
	member_moment(out, "complete_from", counts->complete_from_ns);
	append_bucket(out, &counts->total);
	append_buckets(out, counts);
	append_named(out, counts);
	json_member_name(out, "latency");
	append_numbers(out, counts->latency, COUNTS_LATENCIES);
	json_member_name(out, "latency_below_us");
	append_numbers(out, bounds, COUNTS_LATENCIES - 1);
	for (int kind = 0; kind < COUNTS_KINDS; kind++) {
		append_rows(out, counts, kind);
	}
	member_moment(out, "keys_from", counts->keys_from_ns);
	json_member_int(out, "keys_short_by", counts->keys_short_by);
	buffer_append_byte(out, '}');
}

/* --- reading: what a relay says is foreign --- */

static int64_t number_of(const struct cJSON *item) {
	double value = cJSON_IsNumber(item) ? item->valuedouble : 0;
	return value > 0 && value < 9e15 ? (int64_t)value : 0;
}

static void read_numbers(int64_t *numbers, size_t most, const struct cJSON *array) {
	const struct cJSON *item;
	size_t count = 0;
	cJSON_ArrayForEach(item, array) {
		if (count == most) {
			return;
		}
		numbers[count++] = number_of(item);
	}
}

static int64_t member_of(const struct cJSON *object, const char *name) {
	return number_of(cJSON_GetObjectItemCaseSensitive(object, name));
}

static struct counts_bucket bucket_of(const struct cJSON *object) {
	return (struct counts_bucket){
		member_of(object, "events"), member_of(object, "failed"), member_of(object, "rejected")};
}

static int64_t moment_of(const struct cJSON *object, const char *name) {
	struct span text = {0};
	int64_t ns = 0;
	bool told = json_get_text_opt(object, name, &text, NULL) && moment_parse(&ns, text);
	return told ? ns : 0;
}

/* Raw bytes, as they travel in one; empty where they are none. */
static struct span bytes_of(struct arena *arena, const struct cJSON *object, const char *name) {
	struct span text = {0};
	struct buffer bytes = {0};
	bool told = json_get_text_opt(object, name, &text, NULL) && json_bytes_from_text(&bytes, text);
	struct span copy = {
		arena_text_of(arena, bytes.data, told ? bytes.len : 0), told ? bytes.len : 0};
	buffer_clear(&bytes);
	return copy;
}

static struct counts_row row_of(struct arena *arena, const struct cJSON *object) {
	struct span name = {0};
	struct counts_bucket numbers = bucket_of(object);
	const struct cJSON *latency = cJSON_GetObjectItemCaseSensitive(object, "latency");
	json_get_text_opt(object, "name", &name, NULL);
	struct counts_row row = {.name = {arena_text_of(arena, name.data, name.len), name.len},
		.value = bytes_of(arena, object, "value"),
		.others = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "others")),
		.events = numbers.events,
		.failed = numbers.failed,
		.rejected = numbers.rejected,
		.latest_ns = moment_of(object, "latest")};
	if (latency) {
		int64_t *places = arena_zero(arena, COUNTS_LATENCIES, sizeof *places);
		read_numbers(places, COUNTS_LATENCIES, latency);
		row.latency = places;
	}
	return row;
}

static void read_rows(struct counts *counts, int kind, const struct cJSON *array) {
	const struct cJSON *item;
	counts->rows[kind] = arena_zero(&counts->arena, COUNTS_ROWS_MAX, sizeof *counts->rows[kind]);
	cJSON_ArrayForEach(item, array) {
		if (counts->row_count[kind] == COUNTS_ROWS_MAX) {
			return;
		}
		counts->rows[kind][counts->row_count[kind]++] = row_of(&counts->arena, item);
	}
}

static void read_buckets(struct counts *counts, const struct cJSON *array) {
	const struct cJSON *item;
	size_t count = 0;
	cJSON_ArrayForEach(item, array) {
		int64_t numbers[3] = {0};
		if (count == counts_widths[counts->span].buckets) {
			return;
		}
		read_numbers(numbers, 3, item);
		counts->buckets[count++] = (struct counts_bucket){numbers[0], numbers[1], numbers[2]};
	}
}

static void read_named(struct counts *counts, const struct cJSON *object) {
	const struct cJSON *verdicts = cJSON_GetObjectItemCaseSensitive(object, "verdicts");
	const struct cJSON *statuses = cJSON_GetObjectItemCaseSensitive(object, "statuses");
	for (int i = 0; i < VERDICT_COUNT; i++) {
		counts->verdicts[i] = member_of(verdicts, verdict_name((enum verdict)i));
	}
	for (int i = 0; i < COUNTS_STATUSES; i++) {
		counts->statuses[i] = member_of(statuses, counts_status_name((enum counts_status)i));
	}
}

bool counts_from_json(struct counts *counts, const struct cJSON *object, struct error *err) {
	struct span span;
	if (!json_get_text(object, "span", &span, err)) {
		return false;
	}
	if (!counts_span_of(&counts->span, span)) {
		return error_set(err, ERROR_IO, "the relay counted over another span than asked for");
	}
	counts->from_ns = moment_of(object, "from");
	counts->complete_from_ns = moment_of(object, "complete_from");
	counts->keys_from_ns = moment_of(object, "keys_from");
	counts->keys_short_by = member_of(object, "keys_short_by");
	counts->total = bucket_of(object);
	read_buckets(counts, cJSON_GetObjectItemCaseSensitive(object, "buckets"));
	read_named(counts, object);
	read_numbers(
		counts->latency, COUNTS_LATENCIES, cJSON_GetObjectItemCaseSensitive(object, "latency"));
	for (int kind = 0; kind < COUNTS_KINDS; kind++) {
		read_rows(counts, kind, cJSON_GetObjectItemCaseSensitive(object, kind_names[kind]));
	}
	return true;
}
