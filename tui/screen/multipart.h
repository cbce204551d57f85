/* The parts of a multipart body (RFC 2046), each as it was sent. Pure. */
#pragma once

#include <stdbool.h>

#include "common/needle.h"
#include "common/span.h"

/* The boundary that a Content-Type of multipart/... names; empty: it is none. Points into `type`. */
struct span multipart_boundary(struct span type);

/* Most that is looked at of the header lines of a part; what is behind it is taken for its content. */
#define MULTIPART_HEAD_MAX ((size_t)64 * 1024)

struct multipart {
	struct span rest;      /* what is left: begins with a delimiter once one is found */
	struct needle *needle; /* the delimiter: a line end, two dashes and the boundary */
	size_t delimiter_len;  /* without the line end */
	bool begun;            /* the first one is found */
	size_t sought;         /* bytes in which the next one does not begin */
};

/* `body` is borrowed until multipart_clear; `boundary` is not empty. */
void multipart_begin(struct multipart *multipart, struct span body, struct span boundary);
void multipart_clear(struct multipart *multipart);

enum multipart_found {
	MULTIPART_PART, /* its header lines, without the empty line behind them, and what is in it */
	MULTIPART_END,  /* there is none any more */
	MULTIPART_GO_ON,
};
/* The next part; looks through `budget` bytes, which are taken off it. */
enum multipart_found multipart_next(
	struct multipart *multipart, size_t *budget, struct span *head, struct span *body);
