/* Takes what carries a signature (mostly a header) apart as a scheme says: list, key=value pairs, prefix. */
#pragma once

#include "common/signature/keyring.h"

/* More signatures in one header are not looked at: nobody rotates so many secrets. */
#define SIGNATURES_MAX 32

/* Spans point into the header's value. */
struct signature_header {
	struct span signatures[SIGNATURES_MAX]; /* without their prefix */
	size_t count;
	struct span timestamp; /* PLACE_SIGNATURE: the one that counts, as received; data NULL: none */
	bool
		differing; /* there are several, with different values, and the recipe names none that counts */
	struct span id; /* PLACE_SIGNATURE: the last of them */
};

/* The last value of that key in a list of pairs, as received; data NULL: none. */
struct span signature_header_field(const struct scheme *scheme, struct span value, const char *key);

/* False, with a sentence in `reason` (VERDICT_REASON_LEN), when there is no signature in it. */
bool signature_header_parse(
	struct signature_header *header, const struct scheme *scheme, struct span value, char *reason);

/*
 * Whether `signature` is written as a MAC of the scheme would be: length, alphabet, letter case. False with a sentence
 * that says what it looks like.
 */
bool signature_header_check_shape(const struct scheme *scheme, struct span signature, char *reason);
