/* Judges the kinds of schemes that have public keys or tokens: signature, jwt, http-signature. For verify.c. */
#pragma once

#include "common/signature/content.h"
#include "common/signature/keyring.h"
#include "common/signature/private_key.h"
#include "common/signature/recipe_public.h"
#include "common/signature/signature_header.h"

/* What is said of a scheme that only the provider can sign in; %s: its name. */
#define SIGN_NEEDS_PAIR                                                                            \
	"%s signs with a private key of its own: a request of it cannot be signed anew, but with a "   \
	"test key pair (hookline sign --test-key)"

/* What one call judges. */
struct public_case {
	struct keyring *keyring;
	size_t scheme_index;
	const struct message *message;
	int64_t now_ms;
};

/*
 * RECIPE_SIGNATURE: whether one of the signatures of the header is a known key's over the content. True with the label in the
 * judgement; else verdict and reason are set.
 */
bool signature_judge(const struct public_case *of, const struct signature_header *header,
	const struct content *content, struct judgement *judgement);

/* RECIPE_JWT: all of it. */
void jwt_judge(const struct public_case *of, struct span token, struct judgement *judgement);

/* Appends what a claim has to be for this request; false with a sentence (VERDICT_REASON_LEN) when a part is missing. */
bool jwt_bind_append(
	const struct public_case *of, const struct recipe_bind *bind, struct buffer *out, char *reason);

/*
 * Appends a token for this request. `old` is the one it came with: its header and claims are kept, but for those the request
 * decides; its times are moved only where it would not count any more, or to the timestamp of the options. Without one (`old` empty)
 * a token is made with what the recipe asks for. Signed with the private key of the options, else with the shared secret `key`.
 * ERROR_USAGE for a secret that is none.
 */
bool jwt_sign(const struct public_case *of, struct span old, const struct sign_options *options,
	const struct key *key, struct buffer *out, struct error *err);

/*
 * The algorithm a token of the recipe is signed with: `wanted` where the recipe and the key allow it, else the first they do, an
 * index into algorithm_tokens; -1: none. `private_key` NULL: a shared secret.
 */
int jwt_algorithm(
	const struct recipe_public *publics, const struct private_key *private_key, int wanted);

/* RECIPE_HTTP_SIGNATURE: all of it; the two headers are found here. */
void http_judge(const struct public_case *of, struct judgement *judgement);

/*
 * Appends the header lines of a signature: Content-Digest, Signature-Input and Signature. The message's own Signature-Input says what is
 * covered and how it is called; without one, method, URL and the body. Signed with the private key of the options, else with
 * `key`.
 */
bool http_sign(const struct public_case *of, const struct sign_options *options,
	const struct key *key, struct buffer *lines, struct error *err);

/* Whether `mac` is HMAC over the bytes with the secret; compares in constant time. */
bool public_judge_mac(struct span secret, const char *digest, struct span bytes, struct span mac);
