#include "relay/certificate.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <time.h>

bool certificate_check(const char *certificate, const char *key, struct error *err) {
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	const char *trouble = NULL;
	if (!ctx || SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1) {
		trouble = "the certificate cannot be read";
	} else if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1) {
		trouble = "the key cannot be read, or does not belong to the certificate";
	} else if (SSL_CTX_check_private_key(ctx) != 1) {
		trouble = "the key does not belong to the certificate";
	}
	SSL_CTX_free(ctx);
	ERR_clear_error(); /* a later call of libwebsockets would take it for its own */
	return !trouble || error_set(err, ERROR_CONFIG, "tls: %s (%s, %s)", trouble, certificate, key);
}

int64_t certificate_not_after(const char *certificate) {
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	struct tm tm = {0};
	int64_t ends_at_s = 0;
	if (ctx && SSL_CTX_use_certificate_chain_file(ctx, certificate) == 1 &&
		ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(ctx)), &tm) == 1) {
		ends_at_s = (int64_t)timegm(&tm);
	}
	SSL_CTX_free(ctx);
	ERR_clear_error();
	return ends_at_s;
}
