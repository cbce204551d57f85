#include "tests/support/http_transcript.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "common/json.h"

static void must(bool holds) {
	if (!holds) {
		abort();
	}
}

/* xorshift64: the same cuts on every machine. */
static uint64_t next_random(uint64_t *state) {
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static size_t segment_len(struct http_cuts *cuts, size_t left) {
	size_t len = left;
	if (cuts->every > 0) {
		len = cuts->every;
	} else if (cuts->seed > 0) {
		len = 1 + next_random(&cuts->seed) % 64;
	} else if (cuts->once > 0) {
		len = cuts->once;
		cuts->once = 0;
	}
	return len < left ? len : left;
}

static void append_headers(struct buffer *out, const struct message *message) {
	buffer_append_text(out, ",\"headers\":[");
	for (size_t i = 0; i < message->header_count; i++) {
		buffer_append_text(out, i > 0 ? ",[" : "[");
		json_append_bytes(out, message->headers[i].name);
		buffer_append_byte(out, ',');
		json_append_bytes(out, message->headers[i].value);
		buffer_append_byte(out, ']');
	}
	buffer_append_byte(out, ']');
}

static void append_sha256(struct buffer *out, struct span bytes) {
	unsigned char digest[32];
	must(EVP_Digest(bytes.data, bytes.len, digest, NULL, EVP_sha256(), NULL) == 1);
	buffer_append_text(out, ",\"body_sha256\":\"");
	for (size_t i = 0; i < sizeof digest; i++) {
		buffer_printf(out, "%02x", digest[i]);
	}
	buffer_append_byte(out, '"');
}

static void append_message(struct buffer *out, const struct http_reader *reader) {
	const struct message *message = &reader->message;
	buffer_append_byte(out, '{');
	json_member_int(out, "head_len", (int64_t)message->head.len);
	json_member_bytes(out, "method", message->method);
	json_member_bytes(out, "target", message->target);
	json_member_bytes(out, "version", message->version);
	append_headers(out, message);
	json_member_bool(out, "keep_alive", reader->keep_alive);
	json_member_bool(out, "expects_continue", reader->expects_continue);
	json_member_int(out, "body_len", (int64_t)message->body.len);
	append_sha256(out, message->body);
	json_member_bytes(out, "trailers", message->trailers);
	buffer_append_text(out, "}\n");
}

static void append_end(struct buffer *out, const struct http_reader *reader, bool refused) {
	buffer_append_byte(out, '{');
	json_member_text(out, "end",
		span_text(refused           ? "refused"
				  : reader->started ? "unfinished"
									: "idle"));
	if (refused) {
		json_member_int(out, "status", reader->status);
		json_member_text(out, "reason", span_text(reader->reason));
	}
	buffer_append_text(out, "}\n");
}

struct drive {
	struct http_reader reader;
	const char *input; /* all of it */
	struct buffer *out;
	struct buffer head; /* a copy of the one told last */
	size_t taken, head_end, complete;
	bool refused;
};

/* A chunked body taken apart the plain way; it is known to be well-formed. */
static void unchunk(struct buffer *body, struct span *rest) {
	size_t size;
	do {
		struct span line = span_cut(rest, '\n');
		size = strtoul(line.data, NULL, 16);
		buffer_append(body, rest->data, size);
		*rest = span_after(*rest, size > 0 ? size + 2 : 0);
	} while (size > 0);
}

/* The message is what stands in the input: behind its head the body, or its chunks and the trailers. */
static void check_message(const struct drive *drive) {
	const struct message *message = &drive->reader.message;
	size_t begin = drive->head_end - message->head.len;
	must(span_equal(message->head, (struct span){drive->input + begin, message->head.len}));
	struct span rest = {drive->input + drive->head_end, drive->taken - drive->head_end};
	if (!message_header(message, "Transfer-Encoding", 0)) {
		must(span_equal(message->body, rest));
		return;
	}
	struct buffer body = {0};
	unchunk(&body, &rest);
	must(span_equal(message->body, buffer_span(&body)));
	must(span_starts_with(rest, message->trailers));
	must(span_is(span_after(rest, message->trailers.len), "\r\n"));
	buffer_clear(&body);
}

/* Whatever is accepted can be stored and read again. */
static void check_stored(const struct message *message) {
	struct message again = {0};
	must(message_parse(&again, message->head, message->body, NULL));
	must(again.header_count == message->header_count);
	message_clear(&again);
}

/* Feeds one segment, and again as long as the reader has something to say about it. */
static void feed(struct drive *drive, struct span segment) {
	enum http_event event;
	do {
		size_t used = 0;
		event = http_reader_feed(&drive->reader, segment.data, segment.len, &used);
		must(used <= segment.len);
		segment = span_after(segment, used);
		drive->taken += used;
		if (event == HTTP_HEAD) {
			buffer_reset(&drive->head);
			buffer_append_span(&drive->head, drive->reader.message.head);
			drive->head_end = drive->taken;
		} else if (event == HTTP_MESSAGE) {
			must(span_equal(buffer_span(&drive->head), drive->reader.message.head));
			check_message(drive);
			check_stored(&drive->reader.message);
			append_message(drive->out, &drive->reader);
			drive->complete = drive->taken;
		}
	} while (event == HTTP_HEAD || (event == HTTP_MESSAGE && segment.len > 0));
	drive->refused = event == HTTP_REFUSED;
	must(drive->refused || segment.len == 0);
}

size_t http_transcript(struct buffer *out, const struct http_limits *limits, struct span input,
	struct http_cuts cuts) {
	struct drive drive = {.input = input.data, .out = out};
	http_reader_init(&drive.reader, limits);
	while (input.len > 0 && !drive.refused) {
		size_t len = segment_len(&cuts, input.len);
		feed(&drive, (struct span){input.data, len});
		input = span_after(input, len);
	}
	append_end(out, &drive.reader, drive.refused);
	http_reader_clear(&drive.reader);
	buffer_clear(&drive.head);
	return drive.complete;
}
