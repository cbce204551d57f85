#include "common/signature/private_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

#define RSA_BITS 2048
/* The largest signature: RSA of PUBLIC_KEY_RSA_BITS_MAX. */
#define SIGNATURE_MAX (PUBLIC_KEY_RSA_BITS_MAX / 8)

static struct private_key *keep(EVP_PKEY *pkey) {
	struct private_key *key = alloc_zero(1, sizeof *key);
	key->pair.pkey = pkey;
	return key;
}

struct private_key *private_key_make(const struct key_kind *kind, struct error *err) {
	EVP_PKEY *pkey = NULL;
	switch (kind->algorithm) {
	case ALGORITHM_ED25519:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		break;
	case ALGORITHM_ECDSA:
	case ALGORITHM_ECDSA_RAW:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", *kind->curve ? kind->curve : "P-256");
		break;
	case ALGORITHM_RSA:
	case ALGORITHM_RSA_PSS:
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)RSA_BITS);
		break;
	}
	if (!pkey) {
		error_set(err, ERROR_IO, "OpenSSL could not make a key");
		return NULL;
	}
	return keep(pkey);
}

/* A key with a passphrase is not asked for one on the terminal. */
static int no_passphrase(char *out, int size, int writing, void *data) {
	(void)out, (void)size, (void)writing, (void)data;
	return -1;
}

struct private_key *private_key_read(struct span pem, struct error *err) {
	BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	EVP_PKEY *pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) : NULL;
	BIO_free(bio);
	struct private_key *key = pkey ? keep(pkey) : NULL;
	bool known = false;
	for (int i = ALGORITHM_ED25519; key && i <= ALGORITHM_RSA_PSS; i++) {
		known |= public_key_fits(&key->pair, (enum signature_algorithm)i);
	}
	if (!known || EVP_PKEY_get_size(pkey) > SIGNATURE_MAX) {
		private_key_free(key);
		error_set(err, ERROR_USAGE,
			"expected a private key in PEM without a passphrase: RSA, ECDSA (P-256 to P-521) or "
			"Ed25519");
		return NULL;
	}
	return key;
}

void private_key_free(struct private_key *key) {
	if (key) {
		EVP_PKEY_free(key->pair.pkey);
		free(key);
	}
}

/* Moves what was written to `bio` into the buffer. */
static void take(BIO *bio, struct buffer *out) {
	char *data = NULL;
	long len = BIO_get_mem_data(bio, &data);
	buffer_append(out, data, len > 0 ? (size_t)len : 0);
}

bool private_key_append_pem(const struct private_key *key, struct buffer *out, struct error *err) {
	BIO *bio = BIO_new(BIO_s_secmem());
	bool ok = bio && PEM_write_bio_PKCS8PrivateKey(
						 bio, key->pair.pkey, NULL, NULL, 0, no_passphrase, NULL) == 1;
	if (ok) {
		take(bio, out);
	}
	BIO_free(bio);
	return ok || error_set(err, ERROR_IO, "OpenSSL could not write the key");
}

bool private_key_fits(const struct private_key *key, const struct key_kind *kind) {
	return public_key_fits(&key->pair, kind->algorithm) &&
	       (!*kind->curve || strcmp(kind->curve, public_key_curve(&key->pair)) == 0);
}

static bool sign_whole(EVP_MD_CTX *context, EVP_PKEY *pkey, const struct span *pieces, size_t count,
	unsigned char *signature, size_t *len) {
	struct buffer whole = {0};
	buffer_reserve(&whole, 1);
	for (size_t i = 0; i < count; i++) {
		buffer_append_span(&whole, pieces[i]);
	}
	bool ok =
		EVP_DigestSignInit(context, NULL, NULL, NULL, pkey) == 1 &&
		EVP_DigestSign(context, signature, len, (const unsigned char *)whole.data, whole.len) == 1;
	buffer_clear(&whole);
	return ok;
}

static bool sign_pieces(EVP_MD_CTX *context, EVP_PKEY *pkey, bool pss, const EVP_MD *digest,
	const struct span *pieces, size_t count, unsigned char *signature, size_t *len) {
	EVP_PKEY_CTX *options = NULL;
	bool ok = EVP_DigestSignInit(context, &options, digest, NULL, pkey) == 1;
	if (ok && pss) {
		ok = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
	}
	for (size_t i = 0; ok && i < count; i++) {
		ok =
			pieces[i].len == 0 || EVP_DigestSignUpdate(context, pieces[i].data, pieces[i].len) == 1;
	}
	return ok && EVP_DigestSignFinal(context, signature, len) == 1;
}

/* r and s of the DER OpenSSL makes, each as long as the curve's order. */
static bool append_raw(
	EVP_PKEY *pkey, const unsigned char *der, size_t der_len, struct buffer *out) {
	size_t half = ((size_t)EVP_PKEY_get_bits(pkey) + 7) / 8;
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)der_len);
	unsigned char *raw = (unsigned char *)buffer_reserve(out, 2 * half);
	bool ok = signature && BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, (int)half) == (int)half &&
	          BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + half, (int)half) == (int)half;
	out->len += ok ? 2 * half : 0;
	ECDSA_SIG_free(signature);
	return ok;
}

bool private_key_sign(const struct private_key *key, enum signature_algorithm algorithm,
	const EVP_MD *digest, const struct span *pieces, size_t count, struct buffer *out) {
	unsigned char made[SIGNATURE_MAX];
	size_t len = sizeof made;
	EVP_PKEY *pkey = key->pair.pkey;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok =
		context && public_key_fits(&key->pair, algorithm) &&
		(algorithm == ALGORITHM_ED25519 ? sign_whole(context, pkey, pieces, count, made, &len)
										: sign_pieces(context, pkey, algorithm == ALGORITHM_RSA_PSS,
											  digest, pieces, count, made, &len));
	EVP_MD_CTX_free(context);
	if (ok && algorithm == ALGORITHM_ECDSA_RAW) {
		return append_raw(pkey, made, len, out);
	}
	buffer_append(out, made, ok ? len : 0);
	return ok;
}
