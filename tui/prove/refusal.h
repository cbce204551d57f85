/*
 * The requests an app must refuse, made from one that it accepts; and what its answers to them mean. Pure. Where a case does not
 * apply (a scheme that signs no time cannot be stale), it says why.
 */
#pragma once

#include "common/buffer.h"
#include "common/message.h"
#include "common/signature/verdict.h"

enum refusal {
	REFUSAL_ALTERED_BODY,
	REFUSAL_WRONG_SECRET,
	REFUSAL_NO_SIGNATURE,
	REFUSAL_DOUBLED_HEADER,
	REFUSAL_STALE,
	REFUSAL_FUTURE,
	REFUSAL_HEADER_CASE, /* the one that must be accepted: names of headers have no case (RFC 9110, 5.1) */
	REFUSAL_TRUNCATED,
	REFUSAL_WRONG_TYPE,
	REFUSAL_EMPTY,
	REFUSAL_OVERSIZE,
	REFUSAL_OLD_ID,
	REFUSAL_COUNT
};

/* "altered-body", ... */
const char *refusal_name(enum refusal refusal);
/* Of that name, or -1. */
int refusal_from_name(struct span name);
/* Whether the app must accept it. */
bool refusal_is_accepted(enum refusal refusal);

/* Header lines a signer made, and how hookline judges the event with them. `made` false: they could not be made. */
struct refusal_signature {
	bool made;
	struct span lines;
	enum verdict verdict;
};

/* All borrowed. */
struct refusal_input {
	const struct message *message;
	/* now; now with another secret; a day ago; a day from now */
	struct refusal_signature right, wrong, stale, future;
	const char *id_header; /* of a signed id; "": none */
	size_t oversize;       /* bytes of the body of REFUSAL_OVERSIZE */
};

/* A request; all zero is empty. */
struct refusal_case {
	bool applies;
	struct buffer head, body;
	struct buffer how; /* what was done, or why it does not apply */
};
void refusal_case_clear(struct refusal_case *made);

/* Fills `made` (empty). */
void refusal_make(
	enum refusal refusal, const struct refusal_input *input, struct refusal_case *made);

/*
 * Whether the answer is as it must be. `status` 0: there was none, and the connection ended. Appends a sentence about it
 * without the status itself.
 */
bool refusal_judge(enum refusal refusal, int64_t status, struct buffer *words);
