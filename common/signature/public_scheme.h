/* Schemes with public keys or tokens in a keyring: their parameters filled in, their secrets made into keys. For keyring.c. */
#pragma once

#include "common/signature/keyring.h"
#include "common/signature/private_key.h"

/* Fills in the algorithm; ERROR_USAGE when a parameter names none. True for a scheme without public keys. */
bool public_scheme_fill(const struct keyring *keyring, struct scheme *scheme, struct error *err);

/*
 * Makes a key of a secret: a public key, or the bytes of a shared secret where the scheme takes one. A text that is a
 * public key on the face of it is never taken for a shared secret.
 */
bool public_scheme_prepare(struct keyring *keyring, const struct scheme *scheme, struct span secret,
	struct key *key, struct error *err);

/* The pair that signs in this scheme; of tokens, the first there is one for. False: it takes no public keys. */
bool public_scheme_kind(const struct scheme *scheme, struct key_kind *kind);

/* Whether the scheme can be signed in with this key. */
bool public_scheme_takes(const struct scheme *scheme, const struct private_key *key);

/* Whether keys of this scheme are fetched. */
bool public_scheme_finds_keys(const struct scheme *scheme);
