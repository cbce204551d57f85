#include "common/signature/chain.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "common/json_lexer.h"
#include "common/signature/encoding.h"

#define CERTIFICATE_BYTES_MAX ((size_t)16 * 1024)

struct chain {
	X509 *certificates[CHAIN_MOST];
	size_t count;
};

static bool say(char *reason, const char *what) {
	snprintf(reason, CHAIN_REASON_LEN, "%s", what);
	return false;
}

static X509 *read_certificate(struct span element) {
	struct buffer base64 = {0}, der = {0};
	X509 *certificate = NULL;
	if (json_is_text(element)) {
		json_unescape(&base64, element);
	}
	if (base64.len > 0 && base64.len <= CERTIFICATE_BYTES_MAX &&
		encoding_decode(&der, ENCODING_BASE64, buffer_span(&base64))) {
		const unsigned char *at = (const unsigned char *)der.data;
		certificate = d2i_X509(NULL, &at, (long)der.len);
	}
	buffer_clear(&base64);
	buffer_clear(&der);
	return certificate;
}

static bool read_chain(struct chain *chain, struct span list, char *reason) {
	struct span element;
	while (json_array_next(&list, &element)) {
		if (chain->count == CHAIN_MOST) {
			return say(reason, "the token has more certificates (x5c) than a chain has here");
		}
		chain->certificates[chain->count] = read_certificate(element);
		if (!chain->certificates[chain->count]) {
			return say(reason, "the certificates of the token (x5c) cannot be read");
		}
		chain->count++;
	}
	return chain->count >= 2 || say(reason, "the token has no chain of certificates (x5c)");
}

static bool is_in_time(X509 *certificate, int64_t now_ms) {
	time_t now_s = (time_t)(now_ms / 1000);
	return X509_cmp_time(X509_get0_notBefore(certificate), &now_s) < 0 &&
	       X509_cmp_time(X509_get0_notAfter(certificate), &now_s) > 0;
}

/* An extension that says what the certificate is for; NULL: none is asked for. */
static bool has_mark(X509 *certificate, const char *oid) {
	ASN1_OBJECT *object = oid ? OBJ_txt2obj(oid, 1) : NULL;
	bool has = !oid || (object && X509_get_ext_by_OBJ(certificate, object, -1) >= 0);
	ASN1_OBJECT_free(object);
	return has;
}

/* The second was issued by a root: by its key, whatever the chain says. */
static bool is_rooted(X509 *certificate, const struct public_keys *roots) {
	for (size_t i = 0; i < roots->count; i++) {
		if (X509_verify(certificate, roots->items[i].pkey) == 1) {
			return true;
		}
	}
	return false;
}

static bool check(const struct chain *chain, const struct recipe_chain *marks,
	const struct public_keys *roots, int64_t now_ms, char *reason) {
	X509 *leaf = chain->certificates[0], *issuer = chain->certificates[1];
	if (!is_rooted(issuer, roots)) {
		return say(reason, "the certificates of the token (x5c) lead to no root of this endpoint");
	}
	if (X509_check_ca(issuer) != 1 || X509_check_issued(issuer, leaf) != X509_V_OK ||
		X509_verify(leaf, X509_get0_pubkey(issuer)) != 1) {
		return say(reason, "the certificate that signs the token was not issued by the next (x5c)");
	}
	if (!is_in_time(leaf, now_ms) || !is_in_time(issuer, now_ms)) {
		return say(reason, "a certificate of the token (x5c) did not count at that moment");
	}
	return (has_mark(leaf, marks->leaf) && has_mark(issuer, marks->issuer)) ||
	       say(reason, "a certificate of the token (x5c) is for something else");
}

bool chain_leads_to(const struct json_object *header, const struct recipe_chain *marks,
	const struct public_keys *roots, int64_t now_ms, struct public_keys *leaf, char *reason) {
	struct chain chain = {.count = 0};
	struct error err = {0};
	bool ok = read_chain(&chain, json_object_get(header, "x5c"), reason) &&
	          check(&chain, marks, roots, now_ms, reason);
	if (ok) {
		EVP_PKEY *pkey = X509_get_pubkey(chain.certificates[0]);
		ok =
			(pkey && public_keys_add(leaf, pkey, (struct span){NULL, 0}, &err)) ||
			say(reason, "the certificate that signs the token (x5c) has no key that is known here");
	}
	for (size_t i = 0; i < chain.count; i++) {
		X509_free(chain.certificates[i]);
	}
	return ok;
}
