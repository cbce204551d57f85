/* Judges the kinds of schemes that have public keys or tokens: signature, jwt, http-signature. For verify.c. */
#pragma once

#include "common/signature/content.h"
#include "common/signature/keyring.h"
#include "common/signature/recipe_public.h"
#include "common/signature/signature_header.h"

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
 * a token is made with what the recipe asks for. ERROR_USAGE for a secret that is none.
 */
bool jwt_sign(const struct public_case *of, struct span old, const struct sign_options *options,
	const struct key *key, struct buffer *out, struct error *err);

/* RECIPE_HTTP_SIGNATURE: all of it; the two headers are found here. */
void http_judge(const struct public_case *of, struct judgement *judgement);

/* Whether `mac` is HMAC over the bytes with the secret; compares in constant time. */
bool public_judge_mac(struct span secret, const char *digest, struct span bytes, struct span mac);
