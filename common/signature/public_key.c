#include "common/signature/public_key.h"

#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "common/json_lexer.h"
#include "common/signature/encoding.h"
#include "common/signature/json_object.h"
#include "common/signature/jwk.h"

#define ED25519_LEN 32
/* The DER of a certificate chain is longer; a key or one certificate never is. */
#define DER_MAX ((size_t)16 * 1024)
/* A key text inside a JSON answer may not be such an answer again, and again. */
#define NESTING_MAX 3

static const char armour[] = "-----BEGIN ";

static struct span trimmed(struct span text) {
	static const char blanks[] = " \t\r\n";
	while (text.len > 0 && strchr(blanks, text.data[0]) && text.data[0]) {
		text = span_after(text, 1);
	}
	while (text.len > 0 && strchr(blanks, text.data[text.len - 1]) && text.data[text.len - 1]) {
		text.len--;
	}
	return text;
}

bool public_key_is_one(struct span text) {
	text = trimmed(text);
	return span_starts_with(text, span_text(armour)) || (text.len > 0 && text.data[0] == '{');
}

void public_keys_clear(struct public_keys *keys) {
	for (size_t i = 0; i < keys->count; i++) {
		EVP_PKEY_free(keys->items[i].pkey);
	}
	free(keys->items);
	*keys = (struct public_keys){0};
}

static bool is_strong(const EVP_PKEY *pkey, struct error *err) {
	if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA &&
		EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA_PSS) {
		return true;
	}
	int bits = EVP_PKEY_get_bits(pkey);
	return (bits >= PUBLIC_KEY_RSA_BITS_MIN && bits <= PUBLIC_KEY_RSA_BITS_MAX) ||
	       error_set(err, ERROR_USAGE, "an RSA key of %d bits: %d to %d are taken", bits,
			   PUBLIC_KEY_RSA_BITS_MIN, PUBLIC_KEY_RSA_BITS_MAX);
}

bool public_keys_add(struct public_keys *keys, EVP_PKEY *pkey, struct span id, struct error *err) {
	bool ok = is_strong(pkey, err);
	if (ok && id.len > PUBLIC_KEY_ID_LEN) {
		ok = error_set(err, ERROR_USAGE, "a key id longer than %d bytes", PUBLIC_KEY_ID_LEN);
	}
	if (ok && keys->count == PUBLIC_KEYS_MAX) {
		ok = error_set(err, ERROR_USAGE, "more than %d keys", PUBLIC_KEYS_MAX);
	}
	if (!ok) {
		EVP_PKEY_free(pkey);
		return false;
	}
	keys->items = alloc_resize(keys->items, (keys->count + 1) * sizeof *keys->items);
	struct public_key *key = &keys->items[keys->count++];
	*key = (struct public_key){.pkey = pkey};
	if (id.len > 0) {
		memcpy(key->id, id.data, id.len);
	}
	return true;
}

static EVP_PKEY *from_certificate(const unsigned char *der, size_t len) {
	const unsigned char *at = der;
	X509 *certificate = d2i_X509(NULL, &at, (long)len);
	EVP_PKEY *pkey = certificate && at == der + len ? X509_get_pubkey(certificate) : NULL;
	X509_free(certificate);
	return pkey;
}

static EVP_PKEY *from_info(const unsigned char *der, size_t len) {
	const unsigned char *at = der;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)len);
	if (pkey && at != der + len) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	return pkey;
}

static EVP_PKEY *from_der(struct span der, bool certificate) {
	if (der.len == 0 || der.len > DER_MAX) {
		return NULL;
	}
	const unsigned char *bytes = (const unsigned char *)der.data;
	return certificate ? from_certificate(bytes, der.len) : from_info(bytes, der.len);
}

/* Base64 in lines, or in one. */
static EVP_PKEY *from_base64(struct span text, bool certificate) {
	struct buffer plain = {0}, der = {0};
	for (size_t i = 0; i < text.len; i++) {
		if (!text.data[i] || !strchr(" \t\r\n", text.data[i])) {
			buffer_append_byte(&plain, text.data[i]);
		}
	}
	EVP_PKEY *pkey = NULL;
	if (encoding_decode(&der, ENCODING_BASE64, buffer_span(&plain))) {
		pkey = from_der(buffer_span(&der), certificate);
	}
	buffer_clear(&plain);
	buffer_clear(&der);
	return pkey;
}

/*
 * Our own reading of the armour: providers send it on one line, too, which OpenSSL refuses. The first block counts: in a
 * chain of certificates that is the one that signs.
 */
static EVP_PKEY *from_pem(struct span text, struct error *err) {
	static const char *const labels[] = {"PUBLIC KEY", "CERTIFICATE"};
	for (size_t i = 0; i < 2; i++) {
		struct buffer begin = {0}, end = {0};
		buffer_printf(&begin, "%s%s-----", armour, labels[i]);
		buffer_printf(&end, "-----END %s-----", labels[i]);
		EVP_PKEY *pkey = NULL;
		bool is_one = span_starts_with(text, buffer_span(&begin));
		struct span inside = is_one ? span_after(text, begin.len) : (struct span){NULL, 0};
		struct span rest = span_after(inside, span_find(inside, '-'));
		if (is_one && span_starts_with(rest, buffer_span(&end))) {
			pkey = from_base64((struct span){inside.data, inside.len - rest.len}, i == 1);
		}
		buffer_clear(&begin);
		buffer_clear(&end);
		if (pkey) {
			return pkey;
		}
	}
	if (span_starts_with(text, span_text("-----BEGIN PRIVATE")) ||
		span_starts_with(text, span_text("-----BEGIN RSA PRIVATE")) ||
		span_starts_with(text, span_text("-----BEGIN EC PRIVATE"))) {
		error_set(err, ERROR_USAGE, "this is a private key: only the public one belongs here");
	} else {
		error_set(err, ERROR_USAGE, "the PEM text holds no public key or certificate");
	}
	return NULL;
}

static EVP_PKEY *from_raw(struct span text, enum recipe_encoding encoding) {
	struct buffer raw = {0};
	EVP_PKEY *pkey = NULL;
	if (encoding_decode(&raw, encoding, text) && raw.len == ED25519_LEN) {
		pkey = EVP_PKEY_new_raw_public_key(
			EVP_PKEY_ED25519, NULL, (const unsigned char *)raw.data, raw.len);
	}
	buffer_clear(&raw);
	return pkey;
}

static EVP_PKEY *from_form(struct span text, enum key_form form, struct error *err) {
	static const char *const wanted[] = {
		[FORM_PEM] = "a public key in PEM",
		[FORM_SPKI_BASE64] = "a public key in base64 or PEM",
		[FORM_RAW_BASE64] = "the 32 bytes of an Ed25519 key in base64",
		[FORM_RAW_HEX] = "the 32 bytes of an Ed25519 key in hexadecimal",
		[FORM_X509] = "a certificate in PEM",
		[FORM_JWK] = "a JSON web key",
	};
	EVP_PKEY *pkey = NULL;
	if (form == FORM_RAW_BASE64) {
		pkey = from_raw(text, ENCODING_BASE64);
	} else if (form == FORM_RAW_HEX) {
		pkey = from_raw(text, ENCODING_HEX);
	}
	pkey = pkey ? pkey : from_base64(text, form == FORM_X509);
	if (!pkey) {
		error_set(err, ERROR_USAGE, "expected %s", wanted[form]);
	}
	return pkey;
}

static bool read_nested(struct public_keys *keys, struct span text, struct span id,
	enum key_form form, int nesting, struct error *err);

/* A JSON string that holds a key text. */
static bool read_member(struct public_keys *keys, struct span value, struct span id,
	enum key_form form, int nesting, struct error *err) {
	struct buffer text = {0};
	if (json_is_text(value)) {
		json_unescape(&text, value);
	} else {
		buffer_append_span(&text, value);
	}
	bool ok = read_nested(keys, buffer_span(&text), id, form, nesting + 1, err);
	buffer_clear(&text);
	return ok;
}

/* {"keys": [...]}: those that cannot be read are left out, since a provider may add a kind that is not ours. */
static bool read_set(struct public_keys *keys, struct span list, struct error *err) {
	size_t before = keys->count;
	struct span element;
	error_set(err, ERROR_USAGE, "the set holds no key that is known here");
	while (json_array_next(&list, &element) && keys->count < PUBLIC_KEYS_MAX) {
		jwk_read(keys, element, err);
	}
	return keys->count > before;
}

/* {"ID": "key text", ...} */
static bool read_map(struct public_keys *keys, const struct json_object *object, enum key_form form,
	int nesting, struct error *err) {
	size_t before = keys->count;
	error_set(err, ERROR_USAGE, "the JSON text holds no public key");
	for (size_t i = 0; i < object->count && keys->count < PUBLIC_KEYS_MAX; i++) {
		const struct json_member *member = &object->members[i];
		struct span id = {object->bytes.data + member->name_at, member->name_len};
		read_member(keys, member->value, id, form, nesting, err);
	}
	return keys->count > before;
}

static bool read_json(struct public_keys *keys, struct span text, struct span id,
	enum key_form form, int nesting, struct error *err) {
	struct json_object object = {0};
	const char *why;
	bool ok = json_object_read(&object, text, &why);
	if (!ok) {
		error_set(err, ERROR_USAGE, "the JSON text %s", why);
	} else if (json_object_get(&object, "keys").data) {
		ok = read_set(keys, json_object_get(&object, "keys"), err);
	} else if (json_object_get(&object, "kty").data) {
		ok = jwk_read(keys, text, err);
	} else {
		/* what services answer to "give me the key ID" */
		static const char *const members[] = {"key", "publicKey", "public_key", "data"};
		struct span inside = {NULL, 0};
		for (size_t i = 0; !inside.data && i < sizeof members / sizeof members[0]; i++) {
			inside = json_object_get(&object, members[i]);
		}
		ok = inside.data ? read_member(keys, inside, id, form, nesting, err)
		                 : read_map(keys, &object, form, nesting, err);
	}
	json_object_clear(&object);
	return ok;
}

static bool read_nested(struct public_keys *keys, struct span text, struct span id,
	enum key_form form, int nesting, struct error *err) {
	text = trimmed(text);
	if (nesting > NESTING_MAX) {
		return error_set(err, ERROR_USAGE, "the JSON text holds no public key");
	}
	if (text.len > 0 && text.data[0] == '{') {
		return read_json(keys, text, id, form, nesting, err);
	}
	EVP_PKEY *pkey = span_starts_with(text, span_text(armour)) ? from_pem(text, err)
	                                                           : from_form(text, form, err);
	return pkey && public_keys_add(keys, pkey, id, err);
}

bool public_keys_read(
	struct public_keys *keys, struct span text, enum key_form form, struct error *err) {
	if (text.len > PUBLIC_KEYS_BYTES) {
		return error_set(err, ERROR_USAGE, "longer than %zu KiB", PUBLIC_KEYS_BYTES / 1024);
	}
	return read_nested(keys, text, (struct span){NULL, 0}, form, 0, err);
}

const char *public_key_curve(const struct public_key *key) {
	static const char *const names[][2] = {{"prime256v1", "P-256"}, {"P-256", "P-256"},
		{"secp384r1", "P-384"}, {"secp521r1", "P-521"}};
	char name[32];
	size_t len = 0;
	if (EVP_PKEY_get_base_id(key->pkey) != EVP_PKEY_EC ||
		EVP_PKEY_get_group_name(key->pkey, name, sizeof name, &len) != 1) {
		return "";
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(name, names[i][0]) == 0) {
			return names[i][1];
		}
	}
	return "";
}

bool public_key_fits(const struct public_key *key, enum signature_algorithm algorithm) {
	int kind = EVP_PKEY_get_base_id(key->pkey);
	switch (algorithm) {
	case ALGORITHM_ED25519:
		return kind == EVP_PKEY_ED25519;
	case ALGORITHM_ECDSA:
	case ALGORITHM_ECDSA_RAW:
		return *public_key_curve(key) != '\0';
	case ALGORITHM_RSA:
		return kind == EVP_PKEY_RSA;
	case ALGORITHM_RSA_PSS:
		return kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS;
	}
	return false;
}

/* r and s, each as long as the curve's order, as the DER OpenSSL wants; NULL when the length is another. */
static unsigned char *der_of_raw(const struct public_key *key, struct span raw, int *len) {
	size_t half = ((size_t)EVP_PKEY_get_bits(key->pkey) + 7) / 8;
	if (raw.len != 2 * half) {
		return NULL;
	}
	const unsigned char *bytes = (const unsigned char *)raw.data;
	ECDSA_SIG *signature = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(bytes, (int)half, NULL), *s = BN_bin2bn(bytes + half, (int)half, NULL);
	unsigned char *der = NULL;
	if (signature && r && s && ECDSA_SIG_set0(signature, r, s) == 1) {
		r = s = NULL; /* they are the signature's now */
		*len = i2d_ECDSA_SIG(signature, &der);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(signature);
	return der && *len > 0 ? der : NULL;
}

/* Ed25519 wants the whole text at once. */
static bool verify_whole(EVP_MD_CTX *context, const struct public_key *key,
	const struct span *pieces, size_t count, struct span signature) {
	struct buffer whole = {0};
	size_t len = 0;
	for (size_t i = 0; i < count; i++) {
		len += pieces[i].len;
	}
	buffer_reserve(&whole, len + 1);
	for (size_t i = 0; i < count; i++) {
		buffer_append_span(&whole, pieces[i]);
	}
	bool ok = EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->pkey) == 1 &&
	          EVP_DigestVerify(context, (const unsigned char *)signature.data, signature.len,
				  (const unsigned char *)whole.data, whole.len) == 1;
	buffer_clear(&whole);
	return ok;
}

static bool verify_pieces(EVP_MD_CTX *context, const struct public_key *key, bool pss,
	const EVP_MD *digest, const struct span *pieces, size_t count, const unsigned char *signature,
	size_t len) {
	EVP_PKEY_CTX *options = NULL;
	bool ok = EVP_DigestVerifyInit(context, &options, digest, NULL, key->pkey) == 1;
	if (ok && pss) {
		ok = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
	}
	for (size_t i = 0; ok && i < count; i++) {
		ok = pieces[i].len == 0 ||
		     EVP_DigestVerifyUpdate(context, pieces[i].data, pieces[i].len) == 1;
	}
	return ok && EVP_DigestVerifyFinal(context, signature, len) == 1;
}

bool public_key_verify(const struct public_key *key, enum signature_algorithm algorithm,
	const EVP_MD *digest, const struct span *pieces, size_t count, struct span signature) {
	if (!public_key_fits(key, algorithm) || signature.len == 0) {
		return false;
	}
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok = false;
	if (context && algorithm == ALGORITHM_ED25519) {
		ok = verify_whole(context, key, pieces, count, signature);
	} else if (context && algorithm == ALGORITHM_ECDSA_RAW) {
		int len = 0;
		unsigned char *der = der_of_raw(key, signature, &len);
		ok = der && verify_pieces(context, key, false, digest, pieces, count, der, (size_t)len);
		OPENSSL_free(der);
	} else if (context) {
		ok = verify_pieces(context, key, algorithm == ALGORITHM_RSA_PSS, digest, pieces, count,
			(const unsigned char *)signature.data, signature.len);
	}
	EVP_MD_CTX_free(context);
	return ok;
}
