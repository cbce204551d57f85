#include "common/signature/jwk.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/json_object.h"

/* An RSA modulus of 8192 bits has 1,024 bytes. */
#define NUMBER_LEN 1024

/* A member in base64url, without padding; empty when it is not there or is something else. */
static void read_number(const struct json_object *object, const char *name, struct buffer *out) {
	struct buffer text = {0};
	if (json_object_text(object, name, &text)) {
		encoding_decode(out, ENCODING_BASE64URL, buffer_span(&text));
	}
	buffer_clear(&text);
	if (out->len > NUMBER_LEN) {
		out->len = 0;
	}
}

static EVP_PKEY *make(const char *kind, OSSL_PARAM_BLD *builder) {
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *pkey = NULL;
	if (!params || !context || EVP_PKEY_fromdata_init(context) != 1 ||
		EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1) {
		pkey = NULL;
	}
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(params);
	return pkey;
}

static EVP_PKEY *read_rsa(const struct json_object *object) {
	struct buffer n = {0}, e = {0};
	read_number(object, "n", &n);
	read_number(object, "e", &e);
	EVP_PKEY *pkey = NULL;
	if (n.len > 0 && e.len > 0 && e.len <= 8) {
		BIGNUM *modulus = BN_bin2bn((const unsigned char *)n.data, (int)n.len, NULL);
		BIGNUM *exponent = BN_bin2bn((const unsigned char *)e.data, (int)e.len, NULL);
		OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
		if (modulus && exponent && builder &&
			OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
			OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1) {
			pkey = make("RSA", builder);
		}
		OSSL_PARAM_BLD_free(builder);
		BN_free(modulus);
		BN_free(exponent);
	}
	buffer_clear(&n);
	buffer_clear(&e);
	return pkey;
}

struct curve {
	const char *name, *group;
	size_t len;
};

static const struct curve *find_curve(const struct json_object *object) {
	static const struct curve curves[] = {
		{"P-256", "prime256v1", 32}, {"P-384", "secp384r1", 48}, {"P-521", "secp521r1", 66}};
	struct buffer name = {0};
	const struct curve *found = NULL;
	json_object_text(object, "crv", &name);
	for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
		if (span_is(buffer_span(&name), curves[i].name)) {
			found = &curves[i];
		}
	}
	buffer_clear(&name);
	return found;
}

static EVP_PKEY *read_ec(const struct json_object *object) {
	const struct curve *curve = find_curve(object);
	struct buffer x = {0}, y = {0}, point = {0};
	read_number(object, "x", &x);
	read_number(object, "y", &y);
	EVP_PKEY *pkey = NULL;
	if (curve && x.len == curve->len && y.len == curve->len) {
		buffer_append_byte(&point, 4); /* uncompressed */
		buffer_append_span(&point, buffer_span(&x));
		buffer_append_span(&point, buffer_span(&y));
		OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
		if (builder &&
			OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve->group, 0) ==
				1 &&
			OSSL_PARAM_BLD_push_octet_string(
				builder, OSSL_PKEY_PARAM_PUB_KEY, point.data, point.len) == 1) {
			pkey = make("EC", builder);
		}
		OSSL_PARAM_BLD_free(builder);
	}
	buffer_clear(&x);
	buffer_clear(&y);
	buffer_clear(&point);
	return pkey;
}

static EVP_PKEY *read_okp(const struct json_object *object) {
	struct buffer curve = {0}, x = {0};
	json_object_text(object, "crv", &curve);
	read_number(object, "x", &x);
	EVP_PKEY *pkey = NULL;
	if (span_is(buffer_span(&curve), "Ed25519") && x.len > 0) {
		pkey = EVP_PKEY_new_raw_public_key(
			EVP_PKEY_ED25519, NULL, (const unsigned char *)x.data, x.len);
	}
	buffer_clear(&curve);
	buffer_clear(&x);
	return pkey;
}

static bool member_is(const struct json_object *object, const char *name, const char *wanted) {
	struct buffer text = {0};
	bool is = json_object_text(object, name, &text) && span_is(buffer_span(&text), wanted);
	buffer_clear(&text);
	return is;
}

static bool read_object(
	struct public_keys *keys, const struct json_object *object, struct error *err) {
	if (json_object_get(object, "d").data || json_object_get(object, "k").data) {
		return error_set(
			err, ERROR_USAGE, "the JSON web key holds a secret: only public keys are taken");
	}
	if (json_object_get(object, "use").data && !member_is(object, "use", "sig")) {
		return error_set(err, ERROR_USAGE, "the JSON web key is not one for signatures");
	}
	EVP_PKEY *pkey = member_is(object, "kty", "RSA")   ? read_rsa(object)
	                 : member_is(object, "kty", "EC")  ? read_ec(object)
	                 : member_is(object, "kty", "OKP") ? read_okp(object)
	                                                   : NULL;
	if (!pkey) {
		return error_set(err, ERROR_USAGE,
			"the JSON web key is broken or of a kind not known here (RSA, EC P-256 to P-521, "
			"Ed25519)");
	}
	struct buffer id = {0};
	json_object_text(object, "kid", &id);
	bool ok = public_keys_add(keys, pkey, buffer_span(&id), err);
	buffer_clear(&id);
	return ok;
}

bool jwk_read(struct public_keys *keys, struct span text, struct error *err) {
	struct json_object object = {0};
	const char *why;
	bool ok = json_object_read(&object, text, &why);
	if (!ok) {
		error_set(err, ERROR_USAGE, "the JSON web key %s", why);
	}
	ok = ok && read_object(keys, &object, err);
	json_object_clear(&object);
	return ok;
}
