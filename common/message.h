/* One HTTP request as it arrived: its bytes, and where the parts stand in them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"
#include "common/span.h"

/* One header line. All spans point into the head. */
struct header {
	struct span name;  /* in the case it came in */
	struct span value; /* without the blanks and tabs around it */
	struct span line;  /* the whole line as received, without CR LF */
};

/*
 * Nothing is re-serialised, ever: `head` and `body` are what arrived (the body without its transfer coding), and
 * the other spans point into them. The bytes belong to whoever made the message; the array `headers` belongs to
 * the message (message_clear). All zero is an empty message.
 */
struct message {
	struct span head; /* from the request line through the empty line */
	struct span method;
	struct span target;  /* raw, as sent: nothing decoded, nothing normalised */
	struct span version; /* "HTTP/1.1" or "HTTP/1.0" */
	struct span body;
	struct span
		trailers; /* header lines behind the last chunk, as received; never used to verify */
	struct header *headers;
	size_t header_count;
	size_t header_capacity;
};

/*
 * Finds the parts of a head that was stored or read from a file: the counterpart of what http_reader does with a
 * stream. `head` must be a complete head through its empty line; a head that http_reader would refuse is refused
 * here with the same reason. `body` is kept as it is. Reuses the memory of `message`.
 */
bool message_parse(struct message *message, struct span head, struct span body, struct error *err);

/*
 * Finds the parts of a head whose lines are known to be well-formed (common/http_lines has seen them). Leaves body
 * and trailers empty. Reuses the memory of `message`. Used by http_reader and message_parse.
 */
void message_split(struct message *message, struct span head);

/* The `nth` (from 0) header of that name in any letter case, or NULL. */
const struct header *message_header(const struct message *message, const char *name, size_t nth);

/* The value of the first header of that name, or an empty span with data NULL when there is none. */
struct span message_header_value(const struct message *message, const char *name);

/* Frees the header array and leaves an empty message; the bytes are not ours. */
void message_clear(struct message *message);
