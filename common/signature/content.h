/* What a scheme signs, as pieces: nothing is copied that stands in the message already. */
#pragma once

#include "common/signature/term.h"

/* A larger body is not parsed for JSON.stringify: it would hold up the loop. */
#define RESERIALISE_MAX_BYTES (1024 * 1024)

struct content {
	struct span pieces[RECIPE_TERMS_MAX];
	size_t count;
	uint32_t secrets; /* bit i: piece i is the secret, put in for each of them */
};

/*
 * Fills a template. The pieces are valid until the next call or until the message changes. When a part is missing, false and a
 * sentence in `reason` (VERDICT_REASON_LEN).
 */
bool content_collect(const struct term_source *source, const struct recipe_content *template,
	struct content *content, char *reason);

/* The first template of a scheme (0), or one of its alternatives. */
struct recipe_content content_of(const struct recipe *recipe, size_t index);

/* Whether all the scheme's templates hold the body, and whether only as JSON.stringify makes it. */
bool content_covers_body(const struct recipe *recipe);
bool content_is_reserialised(const struct recipe *recipe);

/*
 * The MAC of the content with a key made ready by keyring_add, or its digest with that key in it; returns its length, 0 when
 * OpenSSL fails.
 */
size_t content_mac(struct keyring *keyring, const struct scheme *scheme,
	const struct content *content, const struct key *key, unsigned char out[EVP_MAX_MD_SIZE]);
