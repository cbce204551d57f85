#include "relay/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"

#define KEY_LEN 32
#define NONCE_LEN 12
#define TAG_LEN 16
#define VERSION 1
#define SECRET_MOST (64 * 1024)

struct vault {
	unsigned char key[KEY_LEN];
};

static void random_bytes(unsigned char *bytes, int len) {
	if (RAND_bytes(bytes, len) != 1) {
		abort(); /* without randomness a key or nonce would be guessable: better to end */
	}
}

static bool write_all(int file, const unsigned char *bytes, size_t len) {
	while (len > 0) {
		ssize_t written = write(file, bytes, len);
		if (written < 0 && errno != EINTR) {
			return false;
		}
		if (written > 0) {
			bytes += written;
			len -= (size_t)written;
		}
	}
	return true;
}

/* The new name is only safe once its directory is on disk, too. */
static bool sync_directory_of(const char *path) {
	const char *slash = strrchr(path, '/');
	char *directory = slash ? alloc_text(path, (size_t)(slash - path) + 1) : alloc_text(".", 1);
	int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	bool ok = file >= 0 && fsync(file) == 0;
	if (file >= 0) {
		close(file);
	}
	return ok;
}

/* A key that gets lost makes every sealed secret useless, so it is on disk before it is used. */
static bool make_key(struct vault *vault, const char *path, struct error *err) {
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0) {
		return error_set(err, ERROR_IO, "create key file %s: %s", path, strerror(errno));
	}
	random_bytes(vault->key, KEY_LEN);
	bool ok = write_all(file, vault->key, KEY_LEN) && fsync(file) == 0;
	int why = errno;
	close(file);
	if (!ok || !sync_directory_of(path)) {
		why = ok ? errno : why;
		unlink(path);
		return error_set(err, ERROR_IO, "write key file %s: %s", path, strerror(why));
	}
	return true;
}

static bool check_key_file(int file, const char *path, struct error *err) {
	struct stat stat;
	if (fstat(file, &stat) != 0) {
		return error_set(err, ERROR_IO, "key file %s: %s", path, strerror(errno));
	}
	if (!S_ISREG(stat.st_mode)) {
		return error_set(err, ERROR_CONFIG, "key file %s is not a file", path);
	}
	if (stat.st_uid != geteuid() && stat.st_uid != 0) {
		return error_set(err, ERROR_CONFIG,
			"key file %s belongs to another user: chown it to the user the relay runs as", path);
	}
	if (stat.st_mode & 077) {
		return error_set(
			err, ERROR_CONFIG, "key file %s can be read by others: chmod 600 %s", path, path);
	}
	if (stat.st_size != KEY_LEN) {
		return error_set(err, ERROR_CONFIG,
			"key file %s has %lld bytes instead of %d: it is not a key of hookline-relay", path,
			(long long)stat.st_size, KEY_LEN);
	}
	return true;
}

static bool read_key(struct vault *vault, int file, const char *path, struct error *err) {
	if (!check_key_file(file, path, err)) {
		return false;
	}
	if (read(file, vault->key, KEY_LEN) != KEY_LEN) {
		return error_set(err, ERROR_IO, "read key file %s: %s", path, strerror(errno));
	}
	return true;
}

static bool load_key(struct vault *vault, const char *path, struct error *err) {
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 && errno == ENOENT) {
		return make_key(vault, path, err);
	}
	if (file < 0) {
		return error_set(err, ERROR_IO, "open key file %s: %s", path, strerror(errno));
	}
	bool ok = read_key(vault, file, path, err);
	close(file);
	return ok;
}

/* There is none yet: one can be made in its folder. */
static bool check_folder_of(const char *path, struct error *err) {
	const char *slash = strrchr(path, '/');
	char *folder =
		alloc_text(slash ? path : ".", slash && slash > path ? (size_t)(slash - path) : 1);
	bool ok = access(folder, W_OK | X_OK) == 0;
	if (!ok) {
		error_set(
			err, ERROR_CONFIG, "no key file %s can be made: %s: %s", path, folder, strerror(errno));
	}
	free(folder);
	return ok;
}

bool vault_check(const char *key_file, struct error *err) {
	int file = open(key_file, O_RDONLY | O_CLOEXEC);
	if (file < 0 && errno == ENOENT) {
		return check_folder_of(key_file, err);
	}
	if (file < 0) {
		return error_set(err, ERROR_CONFIG, "open key file %s: %s", key_file, strerror(errno));
	}
	bool ok = check_key_file(file, key_file, err);
	close(file);
	return ok;
}

struct vault *vault_open(const char *key_file, struct error *err) {
	struct vault *vault = alloc_zero(1, sizeof *vault);
	if (!key_file) {
		random_bytes(vault->key, KEY_LEN);
	} else if (!load_key(vault, key_file, err)) {
		vault_free(vault);
		return NULL;
	}
	return vault;
}

void vault_free(struct vault *vault) {
	if (vault) {
		OPENSSL_cleanse(vault->key, sizeof vault->key);
		free(vault);
	}
}

/* Sealing cannot fail but for lack of memory; a secret stored unsealed would be worse than an end. */
static void require(int ok) {
	if (ok != 1) {
		abort();
	}
}

void vault_seal(
	struct vault *vault, struct span secret, struct span context, struct buffer *sealed) {
	size_t room = 1 + NONCE_LEN + secret.len + TAG_LEN;
	unsigned char *out = (unsigned char *)buffer_reserve(sealed, room);
	unsigned char *nonce = out + 1, *cipher = nonce + NONCE_LEN, *tag = cipher + secret.len;
	int len = 0;
	out[0] = VERSION;
	random_bytes(nonce, NONCE_LEN);

	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	require(ctx != NULL);
	require(EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, vault->key, nonce));
	require(EVP_EncryptUpdate(ctx, NULL, &len, out, 1));
	require(
		EVP_EncryptUpdate(ctx, NULL, &len, (const unsigned char *)context.data, (int)context.len));
	require(
		EVP_EncryptUpdate(ctx, cipher, &len, (const unsigned char *)secret.data, (int)secret.len));
	require(EVP_EncryptFinal_ex(ctx, tag, &len)); /* GCM leaves nothing for the end */
	require(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_LEN, tag));
	EVP_CIPHER_CTX_free(ctx);
	sealed->len += room;
}

void vault_warm_up(void) {
	struct vault vault = {0};
	struct buffer sealed = {0};
	vault_seal(&vault, (struct span){"", 0}, (struct span){"", 0}, &sealed);
	buffer_clear(&sealed);
}

static bool unseal(const struct vault *vault, struct span sealed, struct span context,
	unsigned char *plain, size_t plain_len) {
	const unsigned char *in = (const unsigned char *)sealed.data;
	const unsigned char *nonce = in + 1, *cipher = nonce + NONCE_LEN, *tag = cipher + plain_len;
	int len = 0;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	require(ctx != NULL);
	bool ok =
		EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, vault->key, nonce) == 1 &&
		EVP_DecryptUpdate(ctx, NULL, &len, in, 1) == 1 &&
		EVP_DecryptUpdate(ctx, NULL, &len, (const unsigned char *)context.data, (int)context.len) ==
			1 &&
		EVP_DecryptUpdate(ctx, plain, &len, cipher, (int)plain_len) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_LEN, (void *)(uintptr_t)tag) == 1 &&
		EVP_DecryptFinal_ex(ctx, plain + plain_len, &len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

bool vault_open_secret(struct vault *vault, struct span sealed, struct span context,
	struct buffer *secret, struct error *err) {
	size_t around = 1 + NONCE_LEN + TAG_LEN;
	if (sealed.len < around || sealed.len > around + SECRET_MOST || sealed.data[0] != VERSION) {
		return error_set(err, ERROR_CONFIG, "the sealed secret is damaged");
	}
	size_t len = sealed.len - around;
	unsigned char *plain = (unsigned char *)buffer_reserve(secret, len + 1);
	if (!unseal(vault, sealed, context, plain, len)) {
		OPENSSL_cleanse(plain, len);
		return error_set(err, ERROR_CONFIG,
			"sealed with another key file than this one, or changed since: use the key file it was "
			"sealed with, or set the secret again");
	}
	secret->len += len;
	return true;
}
