/*
 * Private keys to sign with in a provider's place: of a test pair, whose public half the app is given. Pure but for OpenSSL's
 * random numbers. The other half is public_key.h.
 */
#pragma once

#include <openssl/evp.h>
#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/signature/public_key.h"

/* The id a test key has where keys have one: the `kid` of tokens, envelopes and JSON web keys. */
#define PRIVATE_KEY_ID "hookline-test"

/* Both halves; what verifies takes the public one alone. */
struct private_key {
	struct public_key pair;
};

/* The pair a scheme asks for. */
struct key_kind {
	enum signature_algorithm algorithm;
	const char *curve; /* of ECDSA: "P-256", "P-384", "P-521"; "": any, and a new one is on P-256 */
};

/* A new key of that kind; RSA has 2,048 bits. NULL when OpenSSL makes none. */
struct private_key *private_key_make(const struct key_kind *kind, struct error *err);

/* Reads PEM without a passphrase. NULL with ERROR_USAGE when it holds no private key that is known here. */
struct private_key *private_key_read(struct span pem, struct error *err);

/* Wipes it. */
void private_key_free(struct private_key *key);

/* Appends it as PEM (PKCS#8). The buffer is the caller's to wipe. */
bool private_key_append_pem(const struct private_key *key, struct buffer *out, struct error *err);

/* Whether it makes signatures of that kind. */
bool private_key_fits(const struct private_key *key, const struct key_kind *kind);

/*
 * Appends the public half as `form` has it: PEM, base64 or hexadecimal without a line end, a certificate it signed itself, or a JSON web
 * key with PRIVATE_KEY_ID. ERROR_USAGE when there is no such form of it.
 */
bool private_key_append_public(
	const struct private_key *key, enum key_form form, struct buffer *out, struct error *err);

/* Appends the bytes of its signature over the pieces, one behind the other, as public_key_verify takes them. */
bool private_key_sign(const struct private_key *key, enum signature_algorithm algorithm,
	const EVP_MD *digest, const struct span *pieces, size_t count, struct buffer *out);
