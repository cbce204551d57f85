/* The query string hash of Atlassian's tokens (claim `qsh`). */
#pragma once

#include "common/signature/keyring.h"

/* The parameter of a provider that says which part of the path the app's base URL has. */
#define QUERY_HASH_BASE "base_path"

/*
 * Appends SHA-256, in hexadecimal, of "METHOD&path&query": the path without the base path and without a '/' at its end, the
 * query without `jwt`, its names sorted, the values of one name sorted and joined with commas.
 */
void query_hash_append(struct buffer *out, struct keyring *keyring, const struct message *message);
