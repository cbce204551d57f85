/* What a scheme signs, as pieces: nothing is copied that stands in the message already. */
#pragma once

#include "common/signature/keyring.h"

/* A larger body is not parsed for JSON.stringify: it would hold up the loop. */
#define RESERIALISE_MAX_BYTES (1024 * 1024)

struct content {
	struct span pieces[RECIPE_TERMS_MAX];
	size_t count;
};

/*
 * Fills the template of `scheme`. The pieces are valid until the next call or until the message changes. When a part is
 * missing, false and a sentence in `reason` (VERDICT_REASON_LEN).
 */
bool content_collect(struct keyring *keyring, const struct scheme *scheme,
	const struct message *message, struct span timestamp, struct span id, struct content *content,
	char *reason);

/* Whether the template holds the body, and whether only as JSON.stringify makes it. */
bool content_covers_body(const struct recipe *recipe);
bool content_is_reserialised(const struct recipe *recipe);

/* The MAC of the content with a key made ready by keyring_add; returns its length, 0 when OpenSSL fails. */
size_t content_mac(
	const struct content *content, EVP_MAC_CTX *mac, unsigned char out[EVP_MAX_MD_SIZE]);
