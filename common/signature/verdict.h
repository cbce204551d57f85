/* What the signature engine says of an event. */
#pragma once

#include <stddef.h>

#include "common/span.h"

enum verdict {
	VERDICT_UNVERIFIED,   /* no secret or no recipe is known */
	VERDICT_VALID,        /* right signature over what was received */
	VERDICT_INVALID,      /* a signature that no known secret makes, or one that is malformed */
	VERDICT_EXPIRED,      /* right signature, outside the tolerance of its timestamp */
	VERDICT_UNSIGNED,     /* no signature where one is expected */
	VERDICT_PARTIAL,      /* valid, but the scheme does not cover the whole body */
	VERDICT_RESERIALISED, /* valid only over JSON.stringify of the body */
};

#define VERDICT_COUNT 7
#define VERDICT_REASON_LEN 200
#define SECRET_LABEL_LEN 64

struct judgement {
	enum verdict verdict;
	char reason
		[VERDICT_REASON_LEN]; /* a sentence a person can act on; never holds a secret or an expected MAC */
	char secret[SECRET_LABEL_LEN]; /* label of the secret that matched, or empty */
};

/* "valid", "invalid", "expired", "unsigned", "unverified", "partial", "reserialised" */
const char *verdict_name(enum verdict verdict);

/* The verdict of that name, or -1. */
int verdict_from_name(struct span name);
