/*
 * A private key of one's own to sign in a provider's place: made on first use and kept in $XDG_DATA_HOME/hookline/test-keys, or read
 * from a file. Nobody but its owner can read it there.
 */
#pragma once

#include "common/signature/private_key.h"
#include "common/signature/signature.h"

/*
 * The key for what the keyring's provider signs with: from `file` (PEM), or, with NULL, the one that is kept for that kind of key.
 * NULL with an error when the provider signs with a shared secret, the file is no such key or open to others, or nothing says where to keep one.
 */
struct private_key *test_key_open(
	const struct keyring *keyring, const char *file, struct error *err);

/*
 * Writes the public half, as secrets of the provider are given, beside the kept keys; `path` takes where. ERROR_IO when it
 * cannot be written.
 */
bool test_key_write_public(const struct keyring *keyring, const struct private_key *key,
	struct buffer *path, struct error *err);
