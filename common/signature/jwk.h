/* One JSON web key (RFC 7517): RSA, EC on the NIST curves, Ed25519; public ones alone. */
#pragma once

#include "common/signature/public_key.h"

/*
 * Adds the key, with its `kid`. ERROR_USAGE when it is no signing key, of a kind that is not known here, or holds
 * a private part.
 */
bool jwk_read(struct public_keys *keys, struct span text, struct error *err);
