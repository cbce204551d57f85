/* What the signature of a message is said to be of, as bytes: to be looked at. Pure; no secret is needed, and none is told. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/message.h"
#include "common/signature/signature.h"

/*
 * Appends at most `most` bytes of it as the first scheme of the keyring's provider that has a signature in the message makes it, with the keyring's
 * parameters; `total` is its length, `scheme` the scheme's place among provider->recipes. A secret in it is written as {secret}. False: there is no such
 * scheme, or its text is none (tokens, keys that sign a digest of their own).
 */
bool signed_text_append(struct buffer *out, struct keyring *keyring, const struct message *message,
	size_t most, size_t *total, size_t *scheme);
