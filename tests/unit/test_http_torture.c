/* Every hostile request of tests/torture/http, in several segmentations, is read or refused as its manifest says. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "common/buffer.h"
#include "common/http_reader.h"
#include "tests/support/http_transcript.h"
#include "tests/support/source_file.h"
#include "tests/unit/unit.h"

static const cJSON *member(const cJSON *object, const char *name) {
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *text_of(const cJSON *object, const char *name) {
	return cJSON_GetStringValue(member(object, name));
}

static size_t number_of(const cJSON *object, const char *name) {
	return (size_t)cJSON_GetNumberValue(member(object, name));
}

/* What the steps of a case put on the wire in the end, whatever pauses lie between. */
static void append_step(struct buffer *wire, const cJSON *step, struct span file) {
	const cJSON *range = member(step, "range") ? member(step, "range") : member(step, "drip");
	if (range) {
		size_t begin = (size_t)cJSON_GetNumberValue(cJSON_GetArrayItem(range, 0));
		size_t end = (size_t)cJSON_GetNumberValue(cJSON_GetArrayItem(range, 1));
		buffer_append(wire, file.data + begin, end - begin);
	}
	if (text_of(step, "text")) {
		buffer_append_text(wire, text_of(step, "text"));
	}
	for (size_t i = 0; text_of(step, "fill") && i < number_of(step, "count"); i++) {
		buffer_append_text(wire, text_of(step, "fill"));
	}
}

static void wire_of(struct buffer *wire, const cJSON *item) {
	struct buffer file = {0};
	char path[256];
	snprintf(path, sizeof path, "tests/torture/http/%s", text_of(item, "file"));
	source_file(&file, path);
	const cJSON *step;
	cJSON_ArrayForEach(step, member(item, "steps")) {
		append_step(wire, step, buffer_span(&file));
	}
	if (!member(item, "steps")) {
		buffer_append_span(wire, buffer_span(&file));
	}
	buffer_clear(&file);
}

/* The answers the reader asks for: 200 for a message, its status for a refusal, 0 when nothing is answered yet. */
static int answer_of(const cJSON *line) {
	if (member(line, "method")) {
		return 200;
	}
	return strcmp(text_of(line, "end"), "refused") == 0 ? (int)number_of(line, "status") : 0;
}

static bool is_accepted(const cJSON *statuses, int status) {
	const cJSON *one;
	cJSON_ArrayForEach(one, statuses) {
		if ((int)cJSON_GetNumberValue(one) == status) {
			return true;
		}
	}
	return false;
}

static void assert_same_event(const char *id, const cJSON *got, const cJSON *expected) {
	if (strcmp(text_of(got, "method"), text_of(expected, "method")) != 0 ||
		strcmp(text_of(got, "target"), text_of(expected, "target")) != 0 ||
		strcmp(text_of(got, "body_sha256"), text_of(expected, "body_sha256")) != 0 ||
		!cJSON_Compare(member(got, "headers"), member(expected, "headers"), true)) {
		fail_msg("%s: read as %s", id, cJSON_PrintUnformatted(got));
	}
}

/* Judges one line of the transcript; returns whether it is the answer to a request. */
static bool judge_line(const cJSON *item, const cJSON *line, int nth) {
	const cJSON *expect = member(item, "expect");
	const cJSON *event = cJSON_GetArrayItem(member(expect, "events"), nth);
	int answer = answer_of(line);
	if (answer == 0) {
		return false;
	}
	if (!is_accepted(cJSON_GetArrayItem(member(expect, "status"), nth), answer)) {
		fail_msg("%s: answer %d is %d (%s)", text_of(item, "id"), nth + 1, answer,
			cJSON_PrintUnformatted(line));
	}
	if (event && answer == 200) {
		assert_same_event(text_of(item, "id"), line, event);
	}
	return true;
}

static void judge(const cJSON *item, struct buffer *transcript) {
	const char *id = text_of(item, "id");
	const cJSON *expect = member(item, "expect");
	struct span rest = {transcript->data, transcript->len};
	int answers = 0;
	while (rest.len > 0) {
		struct span text = span_cut(&rest, '\n');
		cJSON *line = cJSON_ParseWithLength(text.data, text.len);
		answers += judge_line(item, line, answers);
		cJSON_Delete(line);
	}
	/* Timing cases are answered by a clock, which the reader does not have. */
	bool timing = strcmp(text_of(item, "class"), "timing") == 0;
	int expected = timing ? 0 : cJSON_GetArraySize(member(expect, "status"));
	bool silent = cJSON_IsTrue(member(expect, "silent_ok"));
	if (answers != expected && !(silent && answers == 0)) {
		fail_msg("%s: %d answers, expected %d", id, answers, expected);
	}
}

static void run_case(const cJSON *item) {
	static const struct http_cuts cuts[] = {{0}, {.every = 1}, {.seed = 1}, {.seed = 77}};
	struct http_limits limits = http_limits_default();
	struct buffer wire = {0}, first = {0};
	wire_of(&wire, item);
	http_transcript(&first, &limits, buffer_span(&wire), cuts[0]);
	judge(item, &first);
	for (size_t i = 1; i < sizeof cuts / sizeof cuts[0]; i++) {
		struct buffer again = {0};
		http_transcript(&again, &limits, buffer_span(&wire), cuts[i]);
		if (!span_equal(buffer_span(&first), buffer_span(&again))) {
			fail_msg("%s depends on its segments: %s or %s", text_of(item, "id"),
				buffer_text(&first), buffer_text(&again));
		}
		buffer_clear(&again);
	}
	buffer_clear(&wire);
	buffer_clear(&first);
}

static void hostile_requests_are_read_or_refused_as_they_should(void **state) {
	(void)state;
	struct buffer manifest = {0};
	source_file(&manifest, "tests/torture/http/manifest.json");
	cJSON *root = cJSON_ParseWithLength(manifest.data, manifest.len);
	assert_non_null(root);
	const cJSON *item;
	cJSON_ArrayForEach(item, member(root, "cases")) {
		run_case(item);
	}
	assert_true(cJSON_GetArraySize(member(root, "cases")) > 100);
	cJSON_Delete(root);
	buffer_clear(&manifest);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_requests_are_read_or_refused_as_they_should),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
