#include "tui/deliver/answer.h"

#include <string.h>

enum state {
	AT_HEAD,
	AT_BODY, /* `remaining` bytes, or until the connection closes */
	AT_CHUNK_SIZE,
	AT_CHUNK_DATA,
	AT_CHUNK_END,
	AT_TRAILER,
	AT_END,
	AT_FAILURE,
};

/* Chunk framing that is put up with beyond the body itself. */
#define OVERHEAD_MAX (256 * 1024)

void answer_init(struct answer *answer, const struct answer_limits *limits, bool to_head) {
	*answer = (struct answer){.limits = *limits, .to_head = to_head};
}

void answer_clear(struct answer *answer) {
	buffer_clear(&answer->head);
	buffer_clear(&answer->body);
	buffer_clear(&answer->line);
	*answer = (struct answer){0};
}

static enum answer_event fail(struct answer *answer, const char *reason) {
	answer->state = AT_FAILURE;
	answer->reason = reason;
	return ANSWER_BAD;
}

static enum answer_event finish(struct answer *answer) {
	answer->state = AT_END;
	answer->keep_alive = !answer->closes && (answer->has_length || answer->chunked);
	return ANSWER_DONE;
}

/* "HTTP/1.1 200 OK" */
static bool read_status(struct answer *answer, struct span line) {
	const char *text = line.data;
	if (line.len < 12 || memcmp(text, "HTTP/1.", 7) != 0 || text[8] != ' ') {
		return false;
	}
	int status = 0;
	for (size_t i = 9; i < 12; i++) {
		if (text[i] < '0' || text[i] > '9') {
			return false;
		}
		status = status * 10 + (text[i] - '0');
	}
	answer->version_1_0 = text[7] == '0';
	answer->closes = answer->version_1_0;
	answer->status = status;
	return status >= 100 && (line.len == 12 || text[12] == ' ');
}

static bool list_has(struct span list, const char *word) {
	while (list.len > 0) {
		if (span_equal_nocase(span_trim(span_cut(&list, ',')), span_text(word))) {
			return true;
		}
	}
	return false;
}

static bool read_length(struct answer *answer, struct span value) {
	uint64_t length = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9' || length > UINT64_MAX / 10 - 10) {
			return false;
		}
		length = length * 10 + (uint64_t)(value.data[i] - '0');
	}
	if (value.len == 0 || (answer->has_length && answer->remaining != length)) {
		return false;
	}
	answer->has_length = true;
	answer->remaining = length;
	return true;
}

/* False: framing that cannot be trusted. */
static bool read_header(struct answer *answer, struct span line) {
	struct span rest = line;
	struct span name = span_trim(span_cut(&rest, ':'));
	struct span value = span_trim(rest);
	if (span_equal_nocase(name, span_text("Content-Length"))) {
		return read_length(answer, value);
	}
	if (span_equal_nocase(name, span_text("Transfer-Encoding"))) {
		answer->chunked = list_has(value, "chunked");
		answer->closes = answer->closes || !answer->chunked;
	} else if (span_equal_nocase(name, span_text("Connection"))) {
		answer->closes =
			list_has(value, "close") || (answer->closes && !list_has(value, "keep-alive"));
	}
	return true;
}

static struct span line_of(struct span *rest) {
	struct span line = span_cut(rest, '\n');
	if (line.len > 0 && line.data[line.len - 1] == '\r') {
		line.len--;
	}
	return line;
}

/* The head is complete: where the body ends is decided here. */
static enum answer_event take_head(struct answer *answer) {
	struct span rest = buffer_span(&answer->head);
	if (!read_status(answer, line_of(&rest))) {
		answer->status = 0;
		return fail(answer, "answered with something that is not HTTP");
	}
	if (answer->status < 200 && answer->status != 101) {
		buffer_reset(&answer->head);
		answer->status = 0;
		return ANSWER_MORE;
	}
	while (rest.len > 0) {
		if (!read_header(answer, line_of(&rest))) {
			return fail(answer, "answered with a Content-Length that cannot be trusted");
		}
	}
	if (answer->to_head || answer->status == 101 || answer->status == 204 ||
		answer->status == 304) {
		answer->closes = answer->closes || answer->status == 101;
		answer->has_length = true;
		return finish(answer);
	}
	if (answer->chunked) {
		answer->has_length = false;
		answer->state = AT_CHUNK_SIZE;
		return ANSWER_MORE;
	}
	answer->state = AT_BODY;
	return answer->has_length && answer->remaining == 0 ? finish(answer) : ANSWER_MORE;
}

/* Enough to see that no status line is coming. */
static bool cannot_be_http(const struct answer *answer) {
	size_t len = answer->head.len < 7 ? answer->head.len : 7;
	return memcmp(answer->head.data, "HTTP/1.", len) != 0;
}

/* Whether the last line of the head so far is empty. */
static bool head_is_complete(const struct answer *answer) {
	const char *data = answer->head.data;
	size_t len = answer->head.len;
	if (len < 2 || data[len - 1] != '\n') {
		return false;
	}
	return data[len - 2] == '\n' || (len > 2 && data[len - 2] == '\r' && data[len - 3] == '\n');
}

static enum answer_event feed_head(struct answer *answer, struct span *rest) {
	size_t at = span_find(*rest, '\n');
	struct span taken = {rest->data, at < rest->len ? at + 1 : rest->len};
	if (answer->head.len + taken.len > answer->limits.head_bytes) {
		return fail(answer, "answered with a head that is too long");
	}
	buffer_append_span(&answer->head, taken);
	*rest = span_after(*rest, taken.len);
	if (cannot_be_http(answer)) {
		return fail(answer, "answered with something that is not HTTP");
	}
	return head_is_complete(answer) ? take_head(answer) : ANSWER_MORE;
}

static void keep(struct answer *answer, struct span data) {
	size_t room = answer->limits.keep_bytes - answer->body.len;
	buffer_append(&answer->body, data.data, data.len < room ? data.len : room);
	answer->body_total += data.len;
}

/* `bounded`: `remaining` says how much of `rest` is the body's. */
static enum answer_event feed_body(struct answer *answer, struct span *rest, bool bounded) {
	struct span taken = *rest;
	if (bounded && taken.len > answer->remaining) {
		taken.len = (size_t)answer->remaining;
	}
	keep(answer, taken);
	*rest = span_after(*rest, taken.len);
	if (bounded) {
		answer->remaining -= taken.len;
	}
	bool unread = !bounded || answer->remaining > 0 || answer->state == AT_CHUNK_DATA;
	if (answer->has_length && answer->remaining > 0 &&
		answer->body.len == answer->limits.keep_bytes) {
		answer->body_total += answer->remaining;
		return ANSWER_CUT;
	}
	return unread && answer->body_total > answer->limits.read_bytes ? ANSWER_CUT : ANSWER_MORE;
}

static int hex_value(char byte) {
	if (byte >= '0' && byte <= '9') {
		return byte - '0';
	}
	byte |= 32;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* "1a2b;extension" */
static bool read_chunk_size(struct answer *answer, struct span line) {
	uint64_t size = 0;
	size_t digits = 0;
	struct span text = span_trim(span_cut(&line, ';'));
	for (; digits < text.len; digits++) {
		int value = hex_value(text.data[digits]);
		if (value < 0 || digits == 15) {
			return false;
		}
		size = size * 16 + (uint64_t)value;
	}
	answer->remaining = size;
	return digits > 0;
}

/* A line of the chunk framing is complete. */
static enum answer_event take_framing(struct answer *answer, struct span line) {
	switch (answer->state) {
	case AT_CHUNK_SIZE:
		if (!read_chunk_size(answer, line)) {
			return fail(answer, "answered with broken chunks");
		}
		answer->state = answer->remaining > 0 ? AT_CHUNK_DATA : AT_TRAILER;
		return ANSWER_MORE;
	case AT_CHUNK_END:
		answer->state = AT_CHUNK_SIZE;
		return line.len == 0 ? ANSWER_MORE : fail(answer, "answered with broken chunks");
	default:
		return line.len == 0 ? finish(answer) : ANSWER_MORE;
	}
}

static enum answer_event feed_framing(struct answer *answer, struct span *rest) {
	size_t at = span_find(*rest, '\n');
	struct span taken = {rest->data, at < rest->len ? at + 1 : rest->len};
	answer->overhead += taken.len;
	if (answer->overhead > OVERHEAD_MAX + answer->body_total) {
		return fail(answer, "answered with more chunk framing than body");
	}
	buffer_append_span(&answer->line, taken);
	*rest = span_after(*rest, taken.len);
	if (taken.data[taken.len - 1] != '\n') {
		return ANSWER_MORE;
	}
	struct span whole = buffer_span(&answer->line);
	enum answer_event event = take_framing(answer, line_of(&whole));
	buffer_reset(&answer->line);
	return event;
}

static enum answer_event feed_some(struct answer *answer, struct span *rest) {
	switch (answer->state) {
	case AT_HEAD:
		return feed_head(answer, rest);
	case AT_BODY: {
		enum answer_event event = feed_body(answer, rest, answer->has_length);
		bool complete = answer->has_length && answer->remaining == 0;
		return event == ANSWER_MORE && complete ? finish(answer) : event;
	}
	case AT_CHUNK_DATA: {
		enum answer_event event = feed_body(answer, rest, true);
		if (answer->remaining == 0) {
			answer->state = AT_CHUNK_END;
		}
		return event;
	}
	default:
		return feed_framing(answer, rest);
	}
}

enum answer_event answer_feed(struct answer *answer, const char *data, size_t len) {
	struct span rest = {data, len};
	enum answer_event event = answer->state == AT_END ? ANSWER_DONE : ANSWER_MORE;
	while (rest.len > 0 && event == ANSWER_MORE) {
		event = feed_some(answer, &rest);
	}
	if (rest.len > 0) {
		answer->keep_alive = false;
	}
	return event;
}

enum answer_event answer_end(struct answer *answer) {
	if (answer->state == AT_BODY && !answer->has_length) {
		return finish(answer);
	}
	if (answer->state == AT_HEAD && answer->head.len == 0) {
		return fail(answer, "closed without an answer");
	}
	if (answer->state == AT_HEAD) {
		return fail(answer, "closed in the middle of the answer's head");
	}
	return fail(answer, "closed in the middle of the answer's body");
}
