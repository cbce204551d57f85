#include "common/signature/algorithm.h"

const char *const algorithm_names[] = {"ed25519", "ecdsa", "ecdsa-raw", "rsa", "rsa-pss", NULL};
const char *const key_form_names[] = {
	"pem", "spki-base64", "raw-base64", "raw-hex", "x509", "jwk", NULL};

const struct algorithm algorithm_tokens[] = {
	{"HS256", true, ALGORITHM_RSA, "", "SHA256"},
	{"HS384", true, ALGORITHM_RSA, "", "SHA384"},
	{"HS512", true, ALGORITHM_RSA, "", "SHA512"},
	{"RS256", false, ALGORITHM_RSA, "", "SHA256"},
	{"RS384", false, ALGORITHM_RSA, "", "SHA384"},
	{"RS512", false, ALGORITHM_RSA, "", "SHA512"},
	{"PS256", false, ALGORITHM_RSA_PSS, "", "SHA256"},
	{"PS384", false, ALGORITHM_RSA_PSS, "", "SHA384"},
	{"PS512", false, ALGORITHM_RSA_PSS, "", "SHA512"},
	{"ES256", false, ALGORITHM_ECDSA_RAW, "P-256", "SHA256"},
	{"ES384", false, ALGORITHM_ECDSA_RAW, "P-384", "SHA384"},
	{"ES512", false, ALGORITHM_ECDSA_RAW, "P-521", "SHA512"},
	{"EdDSA", false, ALGORITHM_ED25519, "", "SHA512"},
	{NULL, false, ALGORITHM_RSA, "", NULL},
};

const struct algorithm algorithm_http[] = {
	{"hmac-sha256", true, ALGORITHM_RSA, "", "SHA256"},
	{"ed25519", false, ALGORITHM_ED25519, "", "SHA512"},
	{"ecdsa-p256-sha256", false, ALGORITHM_ECDSA_RAW, "P-256", "SHA256"},
	{"ecdsa-p384-sha384", false, ALGORITHM_ECDSA_RAW, "P-384", "SHA384"},
	{"rsa-v1_5-sha256", false, ALGORITHM_RSA, "", "SHA256"},
	{"rsa-pss-sha512", false, ALGORITHM_RSA_PSS, "", "SHA512"},
	{NULL, false, ALGORITHM_RSA, "", NULL},
};

int algorithm_index(const struct algorithm *table, struct span name) {
	for (int i = 0; table[i].name; i++) {
		if (span_is(name, table[i].name)) {
			return i;
		}
	}
	return -1;
}
