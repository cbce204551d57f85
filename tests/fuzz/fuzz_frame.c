/*
 * What a peer sends never breaks the bounds of the protocol: messages, binary pieces and the JSON of events, attempts and
 * queries. What was read as an event is written so that it is read the same again.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "common/event.h"
#include "common/frame.h"
#include "common/frame_query.h"
#include "common/json.h"
#include "tests/fuzz/fuzz.h"

#define MOST 1000

/* Cuts a piece off the front: its first byte says how long it is, and the bits of the second what is known of it. */
static struct frame_piece cut_piece(struct span *rest) {
	size_t len = (unsigned char)rest->data[0];
	unsigned bits = rest->len > 1 ? (unsigned char)rest->data[1] : 0;
	*rest = span_after(*rest, 2);
	len = len < rest->len ? len : rest->len;
	struct frame_piece piece = {
		.bytes = {rest->data, len},
		.remaining = bits & 1 ? (size_t)(bits >> 4) << 17 : 0,
		.first = bits & 2,
		.final_fragment = bits & 4,
		.fragment_begin = bits & 8,
		.binary = bits & 1,
	};
	*rest = span_after(*rest, len);
	return piece;
}

static void check_content(struct frame_content *content, struct span message) {
	struct error err = {0};
	struct frame_header header;
	struct span payload;
	if (!frame_header_read(&header, &payload, message, &err)) {
		HOLDS(err.code == ERROR_USAGE);
		return;
	}
	frame_content_add(content, &header, payload, &err);
	for (int i = 0; i < FRAME_KINDS; i++) {
		HOLDS(content->parts[i].len <= MOST);
	}
}

static void check_pieces(struct span rest) {
	struct frame_assembly assembly = {0};
	struct frame_content content = {0};
	const int64_t lens[FRAME_KINDS] = {10, MOST, 3};
	HOLDS(frame_content_begin(&content, 1, lens, MOST, NULL));
	bool more = true;
	while (more && rest.len > 0) {
		struct frame_piece piece = cut_piece(&rest);
		switch (frame_assembly_add(&assembly, &piece)) {
		case FRAME_WHOLE:
			check_content(&content, buffer_span(&assembly.bytes));
			frame_assembly_next(&assembly);
			break;
		case FRAME_TOO_LARGE:
			more = false;
			break;
		case FRAME_MORE:
			break;
		}
		HOLDS(assembly.bytes.len <= FRAME_MESSAGE);
	}
	frame_assembly_clear(&assembly);
	frame_content_clear(&content);
}

static void check_event(const cJSON *object) {
	struct event event = {0}, again = {0};
	struct buffer bytes = {0}, more_bytes = {0}, once = {0}, twice = {0};
	struct error err = {0};
	if (event_from_json(&event, object, &bytes, &err)) {
		event_append_json(&once, &event);
		cJSON *written = cJSON_ParseWithLength(once.data, once.len);
		HOLDS(written && event_from_json(&again, written, &more_bytes, &err));
		event_append_json(&twice, &again);
		HOLDS(span_equal(buffer_span(&once), buffer_span(&twice)));
		cJSON_Delete(written);
	} else {
		HOLDS(err.text[0] != '\0');
	}
	buffer_clear(&bytes);
	buffer_clear(&more_bytes);
	buffer_clear(&once);
	buffer_clear(&twice);
}

static void check_attempt(const cJSON *object) {
	struct attempt attempt = {0};
	struct buffer bytes = {0}, out = {0};
	struct error err = {0};
	if (attempt_from_json(&attempt, object, &bytes, &err)) {
		attempt_append_json(&out, &attempt);
	} else {
		HOLDS(err.text[0] != '\0');
	}
	buffer_clear(&bytes);
	buffer_clear(&out);
}

static void check_json(struct span text) {
	cJSON *object = json_parse(text, NULL);
	struct frame_query query = {0};
	struct error err = {0};
	if (object) {
		check_event(object);
		check_attempt(object);
		HOLDS(frame_query_read(&query, object, &err) || err.text[0] != '\0');
	}
	cJSON_Delete(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span input = {(const char *)data, len};
	if (len > 0 && data[0] == '{') {
		check_json(input);
	} else {
		check_pieces(input);
	}
	return 0;
}
