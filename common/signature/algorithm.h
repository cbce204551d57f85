/* The signature algorithms and the forms of keys that are known here, by the names recipes and tokens give them. Data alone. */
#pragma once

#include <stdbool.h>

#include "common/span.h"

enum signature_algorithm {
	ALGORITHM_ED25519,
	ALGORITHM_ECDSA,     /* the signature is DER */
	ALGORITHM_ECDSA_RAW, /* the signature is r and s, one behind the other */
	ALGORITHM_RSA,       /* PKCS#1 v1.5 */
	ALGORITHM_RSA_PSS,   /* salt as long as the digest, MGF1 with the same digest */
};

/* How a text without an armour of its own is to be read. PEM, certificates and JSON are recognised in any case. */
enum key_form { FORM_PEM, FORM_SPKI_BASE64, FORM_RAW_BASE64, FORM_RAW_HEX, FORM_X509, FORM_JWK };

/* Names in the order of these enums, ended by NULL. */
extern const char *const algorithm_names[];
extern const char *const key_form_names[];

/* A name that says all of it at once. */
struct algorithm {
	const char *name;
	bool is_mac; /* HMAC with a shared secret; else: */
	enum signature_algorithm signature;
	const char *curve;  /* the one curve it goes with, or "" */
	const char *digest; /* OpenSSL's name; of Ed25519 not looked at */
};

/* HS256 to HS512, RS256 to RS512, PS256 to PS512, ES256 to ES512, EdDSA; ended by a NULL name. `none` is not among them. */
extern const struct algorithm algorithm_tokens[];
/* The names of RFC 9421, ended by a NULL name. */
extern const struct algorithm algorithm_http[];

/* The index of that name in one of the two tables, or -1. */
int algorithm_index(const struct algorithm *table, struct span name);
