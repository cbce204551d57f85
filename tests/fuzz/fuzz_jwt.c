/*
 * Whatever a stranger sends as a token is never valid: neither where a shared secret nor where a public key is known. What the
 * reader takes apart lies within the token. The first byte chooses whether it is detached.
 */
#include <stdlib.h>
#include <string.h>

#include "common/message.h"
#include "common/signature/jwt.h"
#include "common/signature/signature.h"
#include "tests/fuzz/fuzz.h"

#define NOW_MS INT64_C(1767225600000)

static const char jwk[] = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\","
						  "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

static const struct provider *builtin(const char *name) {
	for (size_t i = 0; i < providers_builtin_count; i++) {
		if (strcmp(providers_builtin[i]->name, name) == 0) {
			return providers_builtin[i];
		}
	}
	abort();
}

static void check_reader(struct span token, bool detached) {
	struct jwt jwt = {0};
	char reason[JWT_REASON_LEN] = "";
	bool read = jwt_read(&jwt, token, detached, reason);
	HOLDS(read || reason[0]);
	if (read) {
		HOLDS(jwt.signed_text.data == token.data && jwt.signed_text.len < token.len);
		HOLDS(jwt.header.count <= JSON_OBJECT_MEMBERS && jwt.claims.count <= JSON_OBJECT_MEMBERS);
		HOLDS(!detached || jwt.claims.count == 0);
	}
	jwt_clear(&jwt);
}

/* Kinde sends the token as the body. */
static void check_verdict(const char *provider, const char *secret, struct span token) {
	struct keyring *keyring = keyring_new(builtin(provider), NULL, 0, NULL);
	struct message message = {.body = token};
	HOLDS(keyring && keyring_add(keyring, "fuzz", span_text(secret), NULL));
	enum verdict verdict = signature_verify(keyring, &message, NOW_MS).verdict;
	HOLDS(verdict == VERDICT_INVALID || verdict == VERDICT_UNSIGNED);
	keyring_free(keyring);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	if (len == 0) {
		return 0;
	}
	struct span token = {(const char *)data + 1, len - 1};
	check_reader(token, data[0] & 1);
	check_verdict("kinde", jwk, token);
	check_verdict("wix", jwk, token);
	return 0;
}
