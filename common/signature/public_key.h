/*
 * Public keys as owners and providers give them, and what they verify: Ed25519, ECDSA on the NIST curves, RSA. Pure; the
 * arithmetic is OpenSSL's.
 */
#pragma once

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"
#include "common/signature/algorithm.h"
#include "common/span.h"

#define PUBLIC_KEY_ID_LEN 255 /* a longer key id is refused */
#define PUBLIC_KEYS_MAX 32    /* of one set: further ones are refused */
#define PUBLIC_KEYS_BYTES ((size_t)64 * 1024)
#define PUBLIC_KEY_RSA_BITS_MIN 1024
#define PUBLIC_KEY_RSA_BITS_MAX 8192 /* a larger modulus costs time and protects nobody */

struct public_key {
	EVP_PKEY *pkey;
	char id[PUBLIC_KEY_ID_LEN + 1]; /* its `kid`, or "" */
};

/* All zero is an empty set. */
struct public_keys {
	struct public_key *items;
	size_t count;
};

/*
 * Adds the keys of `text` to the set: one key or certificate as PEM (also on one line), a JSON web key, a set of them,
 * a JSON object of key texts by id, or, without any of these, what `form` says. Keys of a set whose kind is not known
 * here are left out. ERROR_USAGE, with a sentence, when no key comes out of it.
 */
bool public_keys_read(
	struct public_keys *keys, struct span text, enum key_form form, struct error *err);
void public_keys_clear(struct public_keys *keys);

/* Whether the text is a public key on the face of it: such a text must never be used as a shared secret. */
bool public_key_is_one(struct span text);

/* Takes `pkey` over. False, freeing it, when the set is full, the id too long or the key too weak. */
bool public_keys_add(struct public_keys *keys, EVP_PKEY *pkey, struct span id, struct error *err);

/* Whether the key is one for this algorithm. */
bool public_key_fits(const struct public_key *key, enum signature_algorithm algorithm);

/* The curve of the key ("P-256", "P-384", "P-521"), or "" for one without. */
const char *public_key_curve(const struct public_key *key);

/*
 * Whether `signature` is that key's over the pieces, one behind the other. `digest` is not looked at for Ed25519. Public
 * values alone are compared here, so the time it takes tells nothing.
 */
bool public_key_verify(const struct public_key *key, enum signature_algorithm algorithm,
	const EVP_MD *digest, const struct span *pieces, size_t count, struct span signature);
