/*
 * A place that is read is written so that it is read the same again. The keys that are found stand within their limits, each once, and come
 * through JSON and back. The input is lines of places, an empty line, a head, an empty line, and a body.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "common/business_key.h"
#include "tests/fuzz/fuzz.h"

static size_t read_places(
	struct business_key *keys, const struct business_key **list, struct span lines) {
	size_t count = 0;
	while (lines.len > 0 && count < BUSINESS_KEYS_MAX) {
		struct error err = {0};
		struct span line = span_cut(&lines, '\n'), name = span_cut(&line, '=');
		if (!business_key_read(&keys[count], name, line, &err)) {
			HOLDS(err.code == ERROR_USAGE && err.text[0]);
			continue;
		}
		struct buffer written = {0};
		struct business_key again;
		business_key_append(&written, &keys[count]);
		HOLDS(business_key_read(&again, name, buffer_span(&written), &err));
		HOLDS(again.place == keys[count].place && strcmp(again.path, keys[count].path) == 0 &&
			  strcmp(again.types, keys[count].types) == 0);
		buffer_clear(&written);
		list[count] = &keys[count];
		count++;
	}
	return count;
}

static void is_sane(struct span run) {
	struct span rest = run, name, value;
	size_t count = 0;
	while (business_keys_next(&rest, &name, &value)) {
		HOLDS(business_key_name_is_valid(name));
		HOLDS(value.len > 0 && value.len <= BUSINESS_KEY_VALUE_LEN);
		HOLDS(business_keys_have(run, name, value) && !business_keys_have(rest, name, value));
		HOLDS(++count <= BUSINESS_KEYS_MAX);
	}
}

/* What JSON cannot hold is told in another way: the run that comes back has as many keys at least as there are texts. */
static void comes_back(struct span run) {
	struct buffer json = {0}, back = {0};
	business_keys_append_json(&json, run);
	cJSON *object = cJSON_ParseWithLength(json.data ? json.data : "", json.len);
	HOLDS(object);
	if (business_keys_from_json(&back, object)) {
		struct span rest = buffer_span(&back), name, value;
		is_sane(rest);
		while (business_keys_next(&rest, &name, &value)) {
			HOLDS(business_keys_have(run, name, value));
		}
	}
	cJSON_Delete(object);
	buffer_clear(&json);
	buffer_clear(&back);
}

/* Up to the empty line, which is taken, too. */
static struct span take_paragraph(struct span *rest) {
	struct span all = *rest;
	size_t len = 0;
	while (rest->len > 0) {
		struct span line = span_cut(rest, '\n');
		if (line.len == 0 || (line.len == 1 && line.data[0] == '\r')) {
			break;
		}
		len = (size_t)(line.data + line.len - all.data);
	}
	return (struct span){all.data, len};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span body = {(const char *)data, len};
	struct business_key keys[BUSINESS_KEYS_MAX];
	const struct business_key *list[BUSINESS_KEYS_MAX];
	size_t count = read_places(keys, list, take_paragraph(&body));
	const struct business_key_source source = {
		.head = take_paragraph(&body), .body = body, .type = span_text("order.paid")};
	struct buffer run = {0}, words = {0};
	business_keys_find(&run, list, count, &source);
	is_sane(buffer_span(&run));
	comes_back(buffer_span(&run));
	business_keys_append_words(&words, buffer_span(&run));
	HOLDS((words.len > 0) == (run.len > 0));
	buffer_clear(&words);
	buffer_clear(&run);
	return 0;
}
