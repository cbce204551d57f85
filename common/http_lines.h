/*
 * Follows the lines of an HTTP/1.1 head (or of a trailer) byte by byte: where they end, and that only allowed bytes
 * stand in them. Looks at each byte once and keeps nothing but its place, so segments may be cut anywhere. What the
 * lines mean is judged later, by common/http_rules.
 */
#pragma once

#include <stddef.h>

#include "common/span.h"

/* Why a request is refused, and the status it is answered with. */
struct http_refusal {
	int status;
	const char *reason; /* one sentence, static */
};

struct http_lines_limits {
	size_t bytes;  /* of all lines with the empty one, beyond: 431 */
	size_t lines;  /* without the request line and the empty one, beyond: 431 */
	size_t target; /* of the request target, beyond: 414 */
};

enum http_lines_outcome {
	HTTP_LINES_MORE,    /* every byte given was taken, the empty line has not come */
	HTTP_LINES_END,     /* the empty line was taken; what follows is not ours */
	HTTP_LINES_REFUSED, /* `refusal` says why */
};

/* Treat as opaque but for `refusal`. */
struct http_lines {
	struct http_refusal refusal;
	struct http_lines_limits limits;
	int place;
	size_t bytes, lines, target; /* so far, as in the limits */
	size_t version;              /* bytes of "HTTP/x.y" seen */
};

/* Begins before a request line, or before the first header line (trailers have no request line). */
void http_lines_begin_head(struct http_lines *lines, struct http_lines_limits limits);
void http_lines_begin_trailer(struct http_lines *lines, struct http_lines_limits limits);

/* Takes bytes off the front of `input`. After HTTP_LINES_END and HTTP_LINES_REFUSED begin anew. */
enum http_lines_outcome http_lines_feed(struct http_lines *lines, struct span *input);
