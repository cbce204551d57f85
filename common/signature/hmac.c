/*
 * The digests are OpenSSL's older functions: EVP makes a copy of a digest that has the key in it only with memory from the heap.
 * They are the same code underneath, and a copy is an assignment.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "common/signature/hmac.h"

#include <openssl/crypto.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <string.h>

#define BLOCK_MAX 128

union state {
	SHA256_CTX sha256;
	SHA_CTX sha1;
	SHA512_CTX sha512;
	MD5_CTX md5;
};

_Static_assert(sizeof(union state) <= HMAC_STATE_LEN, "a digest's state fits");
_Static_assert(_Alignof(union state) <= _Alignof(struct hmac_state), "and stands right");

static union state *inside(struct hmac_state *state) {
	return (union state *)(void *)state->bytes;
}

static size_t block_len(enum recipe_hash hash) {
	return hash == HASH_SHA512 ? 128 : 64;
}

static void digest_begin(enum recipe_hash hash, union state *state) {
	switch (hash) {
	case HASH_SHA256:
		SHA256_Init(&state->sha256);
		break;
	case HASH_SHA1:
		SHA1_Init(&state->sha1);
		break;
	case HASH_SHA512:
		SHA512_Init(&state->sha512);
		break;
	case HASH_MD5:
		MD5_Init(&state->md5);
		break;
	}
}

static void digest_add(enum recipe_hash hash, union state *state, const void *data, size_t len) {
	switch (hash) {
	case HASH_SHA256:
		SHA256_Update(&state->sha256, data, len);
		break;
	case HASH_SHA1:
		SHA1_Update(&state->sha1, data, len);
		break;
	case HASH_SHA512:
		SHA512_Update(&state->sha512, data, len);
		break;
	case HASH_MD5:
		MD5_Update(&state->md5, data, len);
		break;
	}
}

static size_t digest_end(enum recipe_hash hash, union state *state, unsigned char *out) {
	switch (hash) {
	case HASH_SHA256:
		SHA256_Final(out, &state->sha256);
		return SHA256_DIGEST_LENGTH;
	case HASH_SHA1:
		SHA1_Final(out, &state->sha1);
		return SHA_DIGEST_LENGTH;
	case HASH_SHA512:
		SHA512_Final(out, &state->sha512);
		return SHA512_DIGEST_LENGTH;
	case HASH_MD5:
		MD5_Final(out, &state->md5);
		return MD5_DIGEST_LENGTH;
	}
	return 0;
}

/* A digest that begins with the key's block, each byte changed by `mask`. */
static void begin_with(struct hmac_state *state, enum recipe_hash hash,
	const unsigned char block[BLOCK_MAX], unsigned char mask) {
	unsigned char masked[BLOCK_MAX];
	for (size_t i = 0; i < block_len(hash); i++) {
		masked[i] = block[i] ^ mask;
	}
	digest_begin(hash, inside(state));
	digest_add(hash, inside(state), masked, block_len(hash));
	OPENSSL_cleanse(masked, sizeof masked);
}

void hmac_prepare(struct hmac *hmac, enum recipe_hash hash, struct span key) {
	unsigned char block[BLOCK_MAX] = {0};
	*hmac = (struct hmac){.hash = hash};
	if (key.len > block_len(hash)) {
		struct hmac_state state;
		digest_begin(hash, inside(&state));
		digest_add(hash, inside(&state), key.data, key.len);
		digest_end(hash, inside(&state), block);
		OPENSSL_cleanse(&state, sizeof state);
	} else if (key.len > 0) {
		memcpy(block, key.data, key.len);
	}
	begin_with(&hmac->inner, hash, block, 0x36);
	begin_with(&hmac->outer, hash, block, 0x5c);
	OPENSSL_cleanse(block, sizeof block);
}

void hmac_begin(const struct hmac *hmac, struct hmac_state *state) {
	memcpy(state, &hmac->inner, sizeof(union state));
}

void hmac_add(const struct hmac *hmac, struct hmac_state *state, struct span piece) {
	if (piece.len > 0) {
		digest_add(hmac->hash, inside(state), piece.data, piece.len);
	}
}

size_t hmac_end(
	const struct hmac *hmac, struct hmac_state *state, unsigned char out[HMAC_LEN_MAX]) {
	unsigned char inner[HMAC_LEN_MAX];
	size_t len = digest_end(hmac->hash, inside(state), inner);
	memcpy(state, &hmac->outer, sizeof(union state));
	digest_add(hmac->hash, inside(state), inner, len);
	len = digest_end(hmac->hash, inside(state), out);
	OPENSSL_cleanse(inner, len);
	OPENSSL_cleanse(state, sizeof(union state));
	return len;
}
