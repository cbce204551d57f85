/* The public half of a private key in the forms owners and providers give it: what public_key.c reads, backwards. */
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/private_key.h"

/* The certificate of a test key counts in any year anybody tests in; nothing here has a clock. */
#define VALID_FROM "20200101000000Z"
#define VALID_UNTIL "20991231235959Z"

static bool append_der(struct buffer *out, unsigned char *der, int len) {
	if (len > 0) {
		encoding_append(out, ENCODING_BASE64, (struct span){(const char *)der, (size_t)len});
	}
	OPENSSL_free(der);
	return len > 0;
}

/* base64 in lines of 64 between the two marks. */
static void append_armoured(struct buffer *out, const char *label, struct span base64) {
	buffer_printf(out, "-----BEGIN %s-----\n", label);
	while (base64.len > 0) {
		size_t len = base64.len < 64 ? base64.len : 64;
		buffer_append(out, base64.data, len);
		buffer_append_byte(out, '\n');
		base64 = span_after(base64, len);
	}
	buffer_printf(out, "-----END %s-----\n", label);
}

static bool append_info(struct buffer *out, EVP_PKEY *pkey) {
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(pkey, &der);
	return append_der(out, der, len);
}

static bool fill_certificate(X509 *certificate, EVP_PKEY *pkey) {
	X509_NAME *name = X509_get_subject_name(certificate);
	return X509_set_version(certificate, X509_VERSION_3) == 1 &&
	       ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
	       X509_NAME_add_entry_by_txt(
			   name, "CN", MBSTRING_ASC, (const unsigned char *)PRIVATE_KEY_ID, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(certificate, name) == 1 &&
	       ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), VALID_FROM) == 1 &&
	       ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), VALID_UNTIL) == 1 &&
	       X509_set_pubkey(certificate, pkey) == 1;
}

static bool append_certificate(struct buffer *out, EVP_PKEY *pkey) {
	const EVP_MD *digest = EVP_PKEY_get_base_id(pkey) == EVP_PKEY_ED25519 ? NULL : EVP_sha256();
	X509 *certificate = X509_new();
	unsigned char *der = NULL;
	int len = 0;
	if (certificate && fill_certificate(certificate, pkey) &&
		X509_sign(certificate, pkey, digest) > 0) {
		len = i2d_X509(certificate, &der);
	}
	X509_free(certificate);
	return append_der(out, der, len);
}

static bool append_raw(struct buffer *out, EVP_PKEY *pkey, enum recipe_encoding encoding) {
	unsigned char raw[64];
	size_t len = sizeof raw;
	if (EVP_PKEY_get_raw_public_key(pkey, raw, &len) != 1) {
		return false;
	}
	encoding_append(out, encoding, (struct span){(const char *)raw, len});
	return true;
}

/* ,"n":"base64url", as long as the number is, or with zeros in front to `len` bytes */
static bool append_number(
	struct buffer *out, EVP_PKEY *pkey, const char *name, const char *openssl_name, size_t least) {
	BIGNUM *number = NULL;
	unsigned char bytes[PUBLIC_KEY_RSA_BITS_MAX / 8];
	if (EVP_PKEY_get_bn_param(pkey, openssl_name, &number) != 1) {
		return false;
	}
	size_t len = (size_t)BN_num_bytes(number);
	len = len > least ? len : least;
	bool ok = len <= sizeof bytes && BN_bn2binpad(number, bytes, (int)len) == (int)len;
	BN_free(number);
	if (ok) {
		buffer_printf(out, ",\"%s\":\"", name);
		encoding_append(out, ENCODING_BASE64URL, (struct span){(const char *)bytes, len});
		buffer_append_byte(out, '"');
	}
	return ok;
}

static bool append_members(struct buffer *out, EVP_PKEY *pkey) {
	struct public_key key = {.pkey = pkey};
	const char *curve = public_key_curve(&key);
	if (EVP_PKEY_get_base_id(pkey) == EVP_PKEY_ED25519) {
		buffer_append_text(out, "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"");
		bool ok = append_raw(out, pkey, ENCODING_BASE64URL);
		buffer_append_byte(out, '"');
		return ok;
	}
	if (*curve) {
		size_t len = ((size_t)EVP_PKEY_get_bits(pkey) + 7) / 8;
		buffer_printf(out, "\"kty\":\"EC\",\"crv\":\"%s\"", curve);
		return append_number(out, pkey, "x", OSSL_PKEY_PARAM_EC_PUB_X, len) &&
		       append_number(out, pkey, "y", OSSL_PKEY_PARAM_EC_PUB_Y, len);
	}
	buffer_append_text(out, "\"kty\":\"RSA\"");
	return append_number(out, pkey, "n", OSSL_PKEY_PARAM_RSA_N, 1) &&
	       append_number(out, pkey, "e", OSSL_PKEY_PARAM_RSA_E, 1);
}

static bool append_jwk(struct buffer *out, EVP_PKEY *pkey) {
	buffer_append_byte(out, '{');
	bool ok = append_members(out, pkey);
	buffer_append_text(out, ",\"use\":\"sig\",\"kid\":\"" PRIVATE_KEY_ID "\"}");
	return ok;
}

bool private_key_append_public(
	const struct private_key *key, enum key_form form, struct buffer *out, struct error *err) {
	EVP_PKEY *pkey = key->pair.pkey;
	struct buffer der = {0};
	size_t before = out->len;
	bool ok = false;
	switch (form) {
	case FORM_PEM:
		ok = append_info(&der, pkey);
		append_armoured(out, "PUBLIC KEY", buffer_span(&der));
		break;
	case FORM_SPKI_BASE64:
		ok = append_info(out, pkey);
		break;
	case FORM_RAW_BASE64:
		ok = append_raw(out, pkey, ENCODING_BASE64);
		break;
	case FORM_RAW_HEX:
		ok = append_raw(out, pkey, ENCODING_HEX);
		break;
	case FORM_X509:
		ok = append_certificate(&der, pkey);
		append_armoured(out, "CERTIFICATE", buffer_span(&der));
		break;
	case FORM_JWK:
		ok = append_jwk(out, pkey);
		break;
	}
	buffer_clear(&der);
	if (!ok) {
		out->len = before;
		error_set(err, ERROR_USAGE, "the key cannot be written as %s", key_form_names[form]);
	}
	return ok;
}
