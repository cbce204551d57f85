#include "common/http_reader.h"

#include "common/http_chars.h"
#include "common/http_rules.h"

/* What a connection may keep for its next request; larger buffers were an exception. */
#define KEPT_BYTES ((size_t)64 * 1024)

enum state {
	AT_START,      /* before a request */
	AT_EMPTY_LINE, /* behind the CR of an empty line before a request */
	IN_HEAD,
	WITHOUT_BODY, /* the head was told, the message not yet */
	IN_BODY,
	AT_CHUNK, /* before the first digit of a chunk size */
	IN_CHUNK_SIZE,
	IN_CHUNK_EXTENSION,
	AT_CHUNK_LF, /* of the size line */
	IN_CHUNK,
	BEHIND_CHUNK, /* before the CR LF that ends a chunk */
	BEHIND_CHUNK_CR,
	IN_TRAILERS,
	AT_END, /* the message was told */
	REFUSED,
};

struct http_limits http_limits_default(void) {
	return (struct http_limits){
		.head_bytes = (size_t)64 * 1024,
		.header_lines = 256,
		.target_bytes = (size_t)8 * 1024,
		.body_bytes = (size_t)10 * 1024 * 1024,
		.trailer_bytes = (size_t)8 * 1024,
		.chunk_overhead = (size_t)64 * 1024,
	};
}

static void reuse(struct buffer *buffer) {
	if (buffer->capacity > KEPT_BYTES) {
		buffer_clear(buffer);
	}
	buffer_reset(buffer);
}

/* Lets go of the last request. The array of headers stays for the next one. */
static void begin(struct http_reader *reader) {
	reuse(&reader->head);
	reuse(&reader->body);
	reuse(&reader->trailers);
	reader->message = (struct message){
		.headers = reader->message.headers,
		.header_capacity = reader->message.header_capacity,
	};
	reader->keep_alive = reader->expects_continue = reader->started = false;
	reader->empty_line_seen = false;
	reader->remaining = reader->overhead = 0;
	reader->state = AT_START;
}

void http_reader_init(struct http_reader *reader, const struct http_limits *limits) {
	*reader = (struct http_reader){.limits = *limits};
	if (reader->limits.body_bytes > HTTP_BODY_LIMIT_MAX) {
		reader->limits.body_bytes = HTTP_BODY_LIMIT_MAX;
	}
	begin(reader);
}

void http_reader_clear(struct http_reader *reader) {
	buffer_clear(&reader->head);
	buffer_clear(&reader->body);
	buffer_clear(&reader->trailers);
	message_clear(&reader->message);
}

bool http_reader_is_idle(const struct http_reader *reader) {
	return !reader->started;
}

static enum http_event refuse(struct http_reader *reader, int status, const char *reason) {
	reader->state = REFUSED;
	reader->status = status;
	reader->reason = reason;
	return HTTP_REFUSED;
}

static enum http_event finish(struct http_reader *reader) {
	reader->message.body = buffer_span(&reader->body);
	reader->message.trailers = buffer_span(&reader->trailers);
	reader->started = false;
	reader->state = AT_END;
	return HTTP_MESSAGE;
}

/* The steps below are called with at least one byte of input, which they take or refuse. HTTP_MORE means: go on. */

static enum http_event read_start(struct http_reader *reader, struct span *input) {
	if (input->data[0] == '\r' && !reader->empty_line_seen) {
		*input = span_after(*input, 1);
		reader->state = AT_EMPTY_LINE;
		return HTTP_MORE;
	}
	const struct http_limits *limits = &reader->limits;
	http_lines_begin_head(&reader->lines,
		(struct http_lines_limits){limits->head_bytes, limits->header_lines, limits->target_bytes});
	reader->started = true;
	reader->state = IN_HEAD;
	return HTTP_MORE;
}

/* Old clients send a CR LF behind a body; more than one is not theirs. */
static enum http_event read_empty_line(struct http_reader *reader, struct span *input) {
	if (input->data[0] != '\n') {
		return refuse(reader, 400, "a CR is not followed by LF");
	}
	*input = span_after(*input, 1);
	reader->empty_line_seen = true;
	reader->state = AT_START;
	return HTTP_MORE;
}

/* Feeds the lines and keeps what they took. */
static enum http_lines_outcome read_lines(
	struct http_reader *reader, struct buffer *kept, struct span *input) {
	struct span before = *input;
	enum http_lines_outcome outcome = http_lines_feed(&reader->lines, input);
	buffer_append(kept, before.data, before.len - input->len);
	return outcome;
}

static void await_body(struct http_reader *reader, const struct http_framing *framing) {
	reader->keep_alive = framing->keep_alive;
	reader->expects_continue = framing->expects_continue;
	reader->remaining = (size_t)framing->content_length;
	reader->state = framing->chunked              ? AT_CHUNK
	                : framing->content_length > 0 ? IN_BODY
	                                              : WITHOUT_BODY;
	/* A promise is no reason to allocate: more than this is made room for as it arrives. */
	buffer_reserve(&reader->body, reader->remaining < KEPT_BYTES ? reader->remaining : KEPT_BYTES);
}

static enum http_event read_head(struct http_reader *reader, struct span *input) {
	switch (read_lines(reader, &reader->head, input)) {
	case HTTP_LINES_MORE:
		return HTTP_MORE;
	case HTTP_LINES_REFUSED:
		return refuse(reader, reader->lines.refusal.status, reader->lines.refusal.reason);
	case HTTP_LINES_END:
		break;
	}
	struct http_framing framing;
	struct http_refusal refusal;
	message_split(&reader->message, buffer_span(&reader->head));
	if (!http_rules_judge(&reader->message, reader->limits.body_bytes, &framing, &refusal)) {
		return refuse(reader, refusal.status, refusal.reason);
	}
	await_body(reader, &framing);
	return HTTP_HEAD;
}

/* Takes what there is of the body or chunk. */
static void take_body(struct http_reader *reader, struct span *input) {
	size_t len = input->len < reader->remaining ? input->len : reader->remaining;
	buffer_append(&reader->body, input->data, len);
	reader->remaining -= len;
	*input = span_after(*input, len);
}

static enum http_event read_body(struct http_reader *reader, struct span *input) {
	take_body(reader, input);
	return reader->remaining == 0 ? finish(reader) : HTTP_MORE;
}

static enum http_event read_chunk(struct http_reader *reader, struct span *input) {
	take_body(reader, input);
	if (reader->remaining == 0) {
		reader->state = BEHIND_CHUNK;
	}
	return HTTP_MORE;
}

/* Framing bytes that may still come: a body in tiny chunks costs more than it is worth. */
static size_t overhead_left(const struct http_reader *reader) {
	return reader->limits.chunk_overhead + reader->body.len - reader->overhead;
}

static enum http_event take_framing(
	struct http_reader *reader, struct span *input, size_t len, enum state next) {
	reader->overhead += len;
	*input = span_after(*input, len);
	reader->state = next;
	return HTTP_MORE;
}

static enum http_event read_chunk_size(struct http_reader *reader, struct span *input) {
	int digit = http_hex_digit(input->data[0]);
	if (digit >= 0) {
		/* No overflow: what was there is within the limit of the body. */
		reader->remaining = reader->remaining * 16 + (size_t)digit;
		if (reader->remaining > reader->limits.body_bytes - reader->body.len) {
			return refuse(reader, 413, "the body is longer than allowed");
		}
		return take_framing(reader, input, 1, IN_CHUNK_SIZE);
	}
	if (reader->state == AT_CHUNK || (input->data[0] != ';' && input->data[0] != '\r')) {
		return refuse(reader, 400, "a chunk size is not one hexadecimal number");
	}
	return take_framing(reader, input, 1, input->data[0] == ';' ? IN_CHUNK_EXTENSION : AT_CHUNK_LF);
}

static enum http_event read_chunk_extension(struct http_reader *reader, struct span *input) {
	size_t left = overhead_left(reader);
	struct span seen = {input->data, input->len < left ? input->len : left};
	size_t run = http_run(seen, HTTP_VALUE);
	if (run > 0) {
		return take_framing(reader, input, run, IN_CHUNK_EXTENSION);
	}
	if (input->data[0] == '\r') {
		return take_framing(reader, input, 1, AT_CHUNK_LF);
	}
	return refuse(reader, 400, "a chunk extension holds a control byte");
}

static enum http_event read_chunk_line_end(struct http_reader *reader, struct span *input) {
	if (input->data[0] != '\n') {
		return refuse(reader, 400, "a CR is not followed by LF");
	}
	if (reader->remaining > 0) {
		return take_framing(reader, input, 1, IN_CHUNK);
	}
	const struct http_limits *limits = &reader->limits;
	http_lines_begin_trailer(
		&reader->lines, (struct http_lines_limits){limits->trailer_bytes, limits->header_lines, 0});
	return take_framing(reader, input, 1, IN_TRAILERS);
}

static enum http_event read_chunk_end(struct http_reader *reader, struct span *input) {
	bool first = reader->state == BEHIND_CHUNK;
	if (input->data[0] != (first ? '\r' : '\n')) {
		return refuse(reader, 400, "a chunk is not followed by CR LF: its size is wrong");
	}
	return take_framing(reader, input, 1, first ? BEHIND_CHUNK_CR : AT_CHUNK);
}

static enum http_event read_framing(struct http_reader *reader, struct span *input) {
	if (overhead_left(reader) == 0) {
		return refuse(reader, 413, "the body comes in chunks too small to be worth it");
	}
	switch ((enum state)reader->state) {
	case AT_CHUNK:
	case IN_CHUNK_SIZE:
		return read_chunk_size(reader, input);
	case IN_CHUNK_EXTENSION:
		return read_chunk_extension(reader, input);
	case AT_CHUNK_LF:
		return read_chunk_line_end(reader, input);
	default:
		return read_chunk_end(reader, input);
	}
}

static enum http_event read_trailers(struct http_reader *reader, struct span *input) {
	switch (read_lines(reader, &reader->trailers, input)) {
	case HTTP_LINES_MORE:
		return HTTP_MORE;
	case HTTP_LINES_REFUSED:
		return refuse(reader, reader->lines.refusal.status, reader->lines.refusal.reason);
	case HTTP_LINES_END:
		break;
	}
	reader->trailers.len -= 2; /* the empty line is an end, not a trailer */
	struct http_refusal refusal;
	if (!http_rules_judge_trailers(buffer_span(&reader->trailers), &refusal)) {
		return refuse(reader, refusal.status, refusal.reason);
	}
	return finish(reader);
}

static enum http_event step(struct http_reader *reader, struct span *input) {
	switch ((enum state)reader->state) {
	case AT_START:
		return read_start(reader, input);
	case AT_EMPTY_LINE:
		return read_empty_line(reader, input);
	case IN_HEAD:
		return read_head(reader, input);
	case WITHOUT_BODY:
		return finish(reader);
	case IN_BODY:
		return read_body(reader, input);
	case IN_CHUNK:
		return read_chunk(reader, input);
	case IN_TRAILERS:
		return read_trailers(reader, input);
	case REFUSED:
		return HTTP_REFUSED;
	default:
		return read_framing(reader, input);
	}
}

enum http_event http_reader_feed(
	struct http_reader *reader, const char *data, size_t len, size_t *used) {
	if (reader->state == AT_END) {
		begin(reader);
	}
	struct span input = {data, len};
	enum http_event event = HTTP_MORE;
	while (event == HTTP_MORE && (input.len > 0 || reader->state == WITHOUT_BODY)) {
		event = step(reader, &input);
	}
	*used = len - input.len;
	return event;
}
