/*
 * Seals provider secrets for the store: AES-256-GCM under a key in a file of its own, mode 0600. Who has the store
 * without the key file has no secrets.
 */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

struct vault;

/*
 * Reads the key, or makes one (with O_EXCL, 0600) where there is none. A key file that others can read, that is not
 * ours or has the wrong length is refused: the text says which chmod mends it. NULL file: a key for this run only.
 */
struct vault *vault_open(const char *key_file, struct error *err);
void vault_free(struct vault *vault); /* wipes the key */
/* Whether vault_open could take this file, or make it; makes nothing. */
bool vault_check(const char *key_file, struct error *err);

/*
 * OpenSSL reads its configuration with its first call, and fills a table with the first of each kind: together that takes as
 * long as opening a store. On a thread of its own nobody waits for it; what needs OpenSSL meanwhile waits for its part only.
 */
void vault_warm_up(void);

/* Appends version, nonce, ciphertext and tag. `context` (endpoint and label) is authenticated, so that sealed secrets cannot be swapped. */
void vault_seal(
	struct vault *vault, struct span secret, struct span context, struct buffer *sealed);
/* ERROR_CONFIG when it was sealed with another key or changed. The plain text goes to `secret`; wipe it after use. */
bool vault_open_secret(struct vault *vault, struct span sealed, struct span context,
	struct buffer *secret, struct error *err);
