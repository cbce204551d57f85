/*
 * Decides whether a webhook was really sent by its provider, and signs as the provider does. One description, two
 * faces: signature_verify and signature_sign read the same recipe. Pure: bytes, keys and the moment in, judgement
 * out; no clock, no network, no file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/message.h"
#include "common/signature/algorithm.h"
#include "common/signature/provider.h"
#include "common/signature/verdict.h"

/* A setting of a provider the owner chose, such as the name of the header that carries a token: "header". */
struct parameter {
	const char *name;
	const char *value;
};

/*
 * The secrets of one endpoint for one provider, with their keys made ready (keyed MAC contexts are made once and
 * reused). Holds copies; wiped on free.
 */
struct keyring;
struct keyset;
struct key_kind;
struct private_key;

/*
 * `provider` must outlive the keyring. Parameters the provider asks for and that are not given take its default;
 * a missing one without default, or one it does not know, is ERROR_USAGE.
 */
struct keyring *keyring_new(const struct provider *provider, const struct parameter *parameters,
	size_t parameter_count, struct error *err);
void keyring_free(struct keyring *keyring);

/*
 * Adds a secret, as the provider shows it (`whsec_...`, "user:password" for basic). Tried in the order they were
 * added. ERROR_USAGE for an empty secret or one that the recipe cannot use (says why: "expected base64 after whsec_").
 */
bool keyring_add(struct keyring *keyring, const char *label, struct span secret, struct error *err);

/*
 * Keys that were fetched, for schemes that name theirs by address or id; borrowed, may be NULL. Where the owner gave a key of the
 * scheme as a secret, that one counts and none is fetched.
 */
void keyring_use_keyset(struct keyring *keyring, const struct keyset *keyset);

/*
 * The https URL of the key that the last signature_verify lacked, and how it is to be read; empty: it lacked none. The host is one the
 * recipe allows. Valid until the next call.
 */
struct span keyring_missing_key(const struct keyring *keyring, enum key_form *form);

/* Whether a scheme can be judged without a secret, with keys that are fetched. */
bool keyring_finds_keys(const struct keyring *keyring);

/* The public URL to assume where the owner named none (the parameter `url`); copied. */
void keyring_assume_url(struct keyring *keyring, const char *url);

size_t keyring_count(const struct keyring *keyring);
/* Of the secret at `index`, in the order they were added. */
const char *keyring_label(const struct keyring *keyring, size_t index);
const struct provider *keyring_provider(const struct keyring *keyring);
/* The version of its recipes: common/signature/recipe_version.h. */
const char *keyring_version(const struct keyring *keyring);
/* Every parameter its provider has, defaults filled in. */
const struct parameter *keyring_parameters(const struct keyring *keyring, size_t *count);

/*
 * Judges `message` as it was received. Every scheme of the provider and every secret is tried; comparisons take
 * constant time; nothing is allocated but for re-serialisation. `now_ms` is milliseconds since 1970. An empty
 * keyring gives VERDICT_UNVERIFIED (or VERDICT_UNSIGNED is not said without a secret). The message must not have
 * been changed since it was read.
 */
struct judgement signature_verify(
	struct keyring *keyring, const struct message *message, int64_t now_ms);

/* What a signer may choose; zero means: take now, make one. */
struct sign_options {
	int64_t now_ms;        /* the moment that is signed; required */
	struct span timestamp; /* this text instead of now_ms, when not empty */
	struct span id;        /* this message id; when empty, that of the message, else `made_id` */
	struct span
		made_id; /* an id the caller made, used when the scheme needs one and the message has none */
	const char *label; /* secret to use; NULL: the first */
	bool
		legacy; /* also the older schemes the provider sends beside the main one (GitHub's SHA-1) */
	/*
	 * A key to sign with in the provider's place (private_key.h): then schemes with public keys sign, and no others.
	 * NULL: what the secrets can sign.
	 */
	const struct private_key *private_key;
	/*
	 * Takes the new body where the signature stands in it, else it stays empty. NULL: such a scheme is only left as it is
	 * where it is right, and else an error.
	 */
	struct buffer *body;
};

/*
 * Appends the header lines ("Name: value\r\n") the provider would send with `message`: signature, timestamp, id. The
 * message's own headers of those names are to be replaced by them. ERROR_USAGE when the scheme cannot be signed with
 * what is known.
 */
bool signature_sign(struct keyring *keyring, const struct message *message,
	const struct sign_options *options, struct buffer *header_lines, struct error *err);

/*
 * The pair a test key for this keyring's provider is to be (private_key_make). ERROR_USAGE when none of its schemes has public
 * keys.
 */
bool signature_key_kind(const struct keyring *keyring, struct key_kind *kind, struct error *err);

/* Appends the public half as keyring_add and the provider's apps take it; ERROR_USAGE when it is a key of another kind. */
bool signature_append_public(const struct keyring *keyring, const struct private_key *key,
	struct buffer *out, struct error *err);

/* Random bytes behind an id that signature_append_id makes: the caller's, since nothing here is random. */
#define SIGNATURE_ID_RANDOM 12

/* Appends "msg_" and 24 digits: a `made_id` for schemes that sign an id where the message has none. */
void signature_append_id(struct buffer *out, const unsigned char random[SIGNATURE_ID_RANDOM]);

/* Whether `name` is a header signature_sign writes for this provider: one to replace when signing anew. */
bool signature_owns_header(const struct keyring *keyring, struct span name);
