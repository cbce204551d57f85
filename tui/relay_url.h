/* Where a relay is, and the token that opens it. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"

struct relay_url {
	bool tls;
	char host[256]; /* a name or an address, without brackets */
	int port;
	char path[256];
};

/* "ws://127.0.0.1:8081", "wss://relay.example.com/stream", "ws://[::1]:8081". ERROR_USAGE for anything else. */
bool relay_url_parse(struct relay_url *url, const char *text, struct error *err);
/* "127.0.0.1:8081", "[::1]:8081": what goes into the Host header. */
void relay_url_append_host(struct buffer *out, const struct relay_url *url);

/*
 * Appends the first token of a file (empty lines and lines with # in front do not count). ERROR_CONFIG, with the chmod
 * that mends it, for a file that others can read, and for one without a token.
 */
bool token_file_read(struct buffer *token, const char *file, struct error *err);
