/* The inside of a keyring, for the engine alone. */
#pragma once

#include <openssl/evp.h>

#include "common/signature/hmac.h"
#include "common/signature/keyset.h"
#include "common/signature/recipe.h"
#include "common/signature/recipe_version.h"
#include "common/signature/signature.h"

#define KEYRING_SECRETS_MAX 64
#define KEYRING_SECRET_LEN 16384 /* a set of public keys is the longest */

/* A recipe with its parameters filled in. Texts live in the keyring. */
struct scheme {
	const struct recipe *recipe;
	const char *header; /* or what names the signature in another place */
	const char *field;  /* NULL: none */
	const char *prefix; /* "": none */
	const char *timestamp;
	const char *id_header;
	enum recipe_hash hash;
	enum recipe_encoding encoding;
	int algorithm;  /* index into algorithm_names, of RECIPE_HTTP_SIGNATURE into algorithm_http */
	size_t mac_len; /* bytes; 0 for a scheme without a MAC */
};

/* One secret in one scheme. */
struct key {
	bool usable;                /* the secret is meant for this scheme */
	struct hmac *mac;           /* with its key, made once; NULL for a scheme without a MAC */
	struct public_keys publics; /* of kinds with public keys */
	struct buffer text; /* RECIPE_TOKEN, RECIPE_BASIC: what travels; else the key, for {secret} */
	unsigned char digest
		[EVP_MAX_MD_SIZE]; /* SHA-256 of `text`: digests have one length, so it does not leak */
};

struct secret {
	char label[SECRET_LABEL_LEN];
	struct key *keys; /* one a scheme */
};

struct keyring {
	char version[RECIPE_VERSION_LEN + 1];
	const struct provider *provider;
	struct parameter *parameters; /* every one the provider has */
	size_t parameter_count;
	struct scheme *schemes;
	size_t scheme_count;
	struct secret *secrets;
	size_t secret_count;
	const struct keyset *keyset; /* keys that were fetched; borrowed, may be NULL */
	struct buffer missing;       /* URL of the key the last verification lacked */
	enum key_form missing_form;
	EVP_MD_CTX *digest;
	struct buffer scratch;  /* results of template steps */
	struct buffer value;    /* of a term before its steps */
	struct buffer steps[2]; /* between two steps */
	struct buffer carrier;  /* what carries the signature, where it had to be decoded */
	struct buffer moment;   /* the timestamp, likewise */
};

/* The value of a parameter, or NULL. */
const char *keyring_parameter(const struct keyring *keyring, const char *name);

/* A text of a recipe; "$name" is the value of that parameter. */
const char *keyring_text(const struct keyring *keyring, const char *text);

/* OpenSSL's name for a hash. */
const EVP_MD *keyring_hash(enum recipe_hash hash);

/* SHA-256 and friends, of one run of bytes; returns the length. */
size_t keyring_digest(struct keyring *keyring, enum recipe_hash hash, struct span bytes,
	unsigned char digest[EVP_MAX_MD_SIZE]);
