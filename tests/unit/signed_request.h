/* Makes messages and keyrings for the tests of the signature engine. */
#pragma once

#include "common/signature/signature.h"

/* A request with these header lines ("A: b\r\n"); `bytes` holds it and `message` points into it. */
struct signed_request {
	struct buffer bytes;
	struct message message;
};

void signed_request_make(struct signed_request *request, const char *lines, const char *body);
void signed_request_clear(struct signed_request *request);

/* A keyring of a compiled-in provider; fails the test when it cannot be made. `secret` may be NULL. */
struct keyring *keyring_of(const char *provider, const char *label, const char *secret);

/* A provider read from YAML text, named "acme"; lives until signed_request_forget. */
const struct provider *provider_of(const char *yaml);
void signed_request_forget(void);
