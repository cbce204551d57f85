/* Counts that a relay tells are read within their limits, and what was read is written so that it is read the same again. */
#include <cjson/cJSON.h>
#include <string.h>

#include "common/counts.h"
#include "tests/fuzz/fuzz.h"

static bool read_counts(struct counts *counts, struct span json) {
	struct error err = {0};
	cJSON *object = cJSON_ParseWithLength(json.data, json.len);
	bool ok = object && counts_from_json(counts, object, &err);
	HOLDS(ok || !object || (err.code != ERROR_NONE && err.text[0]));
	cJSON_Delete(object);
	return ok;
}

static void are_sane(const struct counts *counts) {
	HOLDS(counts->span < COUNTS_SPANS);
	for (int kind = 0; kind < COUNTS_KINDS; kind++) {
		HOLDS(counts->row_count[kind] <= COUNTS_ROWS_MAX);
		for (size_t i = 0; i < counts->row_count[kind]; i++) {
			const struct counts_row *row = &counts->rows[kind][i];
			HOLDS(row->events >= 0 && row->failed >= 0 && row->rejected >= 0);
		}
	}
	HOLDS(counts->total.events >= 0);
	HOLDS(counts_latency_percentile(counts->latency, 95) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct counts counts = {0}, again = {0};
	struct buffer once = {0}, twice = {0};
	if (read_counts(&counts, (struct span){(const char *)data, len})) {
		are_sane(&counts);
		counts_append_json(&once, &counts);
		HOLDS(read_counts(&again, buffer_span(&once)));
		counts_append_json(&twice, &again);
		HOLDS(span_equal(buffer_span(&once), buffer_span(&twice)));
		counts_sort(&counts);
		are_sane(&counts);
	}
	counts_clear(&counts);
	counts_clear(&again);
	buffer_clear(&once);
	buffer_clear(&twice);
	return 0;
}
