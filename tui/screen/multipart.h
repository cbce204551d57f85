/* The parts of a multipart body (RFC 2046), each as it was sent. Pure. */
#pragma once

#include <stdbool.h>

#include "common/needle.h"
#include "common/span.h"

/* The boundary that a Content-Type of multipart/... names; empty: it is none. Points into `type`. */
struct span multipart_boundary(struct span type);

struct multipart {
	struct span rest;      /* what is left: begins with a delimiter, or is empty */
	struct needle *needle; /* the delimiter: a line end, two dashes and the boundary */
	size_t delimiter_len;  /* without the line end */
};

/* `body` is borrowed. False: it has no such boundary; nothing is to be cleared then. */
bool multipart_begin(struct multipart *multipart, struct span body, struct span boundary);
void multipart_clear(struct multipart *multipart);

/* The next part: its header lines, without the empty line behind them, and what is in it. False: there is none. */
bool multipart_next(struct multipart *multipart, struct span *head, struct span *body);
