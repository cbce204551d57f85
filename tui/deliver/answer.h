/*
 * Reads the answer of the local app, whatever it is. Pure: bytes in, the answer out. Forgiving where it does no harm
 * (bare LF, missing reason), bounded everywhere.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"

struct answer_limits {
	size_t head_bytes; /* of the head; more is ANSWER_BAD */
	size_t keep_bytes; /* of the body that are kept; the rest is only counted */
	uint64_t
		read_bytes; /* of the body that are read at all: an endless answer is ANSWER_CUT there */
};

enum answer_event {
	ANSWER_MORE, /* feed on */
	ANSWER_DONE, /* complete */
	ANSWER_CUT,  /* more than read_bytes, or a known length beyond keep_bytes: enough was read */
	ANSWER_BAD,  /* not HTTP, or broken framing: `reason` */
};

/* Treat as opaque but for the public part. */
struct answer {
	/* public */
	int status; /* 0 until the status line of the final answer is read */
	struct buffer
		head; /* from the status line through the empty line, as received; interim (1xx) ones dropped */
	struct buffer body;  /* without its transfer coding; at most keep_bytes */
	uint64_t body_total; /* received so far; after ANSWER_CUT of a known length: that length */
	bool keep_alive;     /* after ANSWER_DONE: the connection may be used again */
	const char *reason;  /* after ANSWER_BAD: one sentence; static */

	/* private */
	struct answer_limits limits;
	struct buffer line; /* a line of the head or of the chunk framing that is not complete yet */
	int state;
	bool to_head; /* the request was HEAD: no body follows whatever the head says */
	bool chunked, has_length;
	bool closes, version_1_0;
	uint64_t remaining;
	size_t overhead; /* bytes of chunk framing */
};

void answer_init(struct answer *answer, const struct answer_limits *limits, bool to_head);
void answer_clear(struct answer *answer);

/* Takes bytes. What comes behind a complete answer is not looked at, but ends keep_alive. */
enum answer_event answer_feed(struct answer *answer, const char *data, size_t len);

/*
 * The app closed the connection: ANSWER_DONE when that is how the body ends, else ANSWER_BAD ("closed without an
 * answer", "the answer broke off").
 */
enum answer_event answer_end(struct answer *answer);
