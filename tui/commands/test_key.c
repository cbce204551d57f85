#include "tui/commands/test_key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"

#define PEM_MAX ((size_t)16 * 1024)

static void wipe(struct buffer *buffer) {
	if (buffer->data) {
		OPENSSL_cleanse(buffer->data, buffer->capacity);
	}
	buffer_clear(buffer);
}

static bool append_folder(struct buffer *path, struct error *err) {
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	if (data && *data == '/') {
		buffer_printf(path, "%s/hookline/test-keys", data);
	} else if (home && *home == '/') {
		buffer_printf(path, "%s/.local/share/hookline/test-keys", home);
	} else {
		return error_set(err, ERROR_USAGE, "no place for test keys: set HOME or XDG_DATA_HOME");
	}
	return true;
}

/* Makes the folder of a file, and those above it; that they are there already is fine. */
static void make_folders(const struct buffer *path) {
	for (size_t i = 1; i < path->len; i++) {
		if (path->data[i] == '/') {
			char *folder = alloc_text(path->data, i);
			mkdir(folder, 0700);
			free(folder);
		}
	}
}

/* Bytes become that file all at once, readable for its owner alone; an old one is replaced. */
static bool write_file(struct buffer *path, struct span bytes, bool only_new, struct error *err) {
	struct buffer draft = {0};
	buffer_printf(&draft, "%s.%ld.new", buffer_text(path), (long)getpid());
	const char *name = buffer_text(&draft);
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok = fd >= 0 && write(fd, bytes.data, bytes.len) == (ssize_t)bytes.len && fsync(fd) == 0;
	int why = errno;
	ok = fd >= 0 && close(fd) == 0 && ok;
	if (ok) {
		/* of two that make the first key at once, one wins */
		ok = (only_new ? link(name, buffer_text(path)) : rename(name, buffer_text(path))) == 0;
		why = errno;
	}
	unlink(name);
	buffer_clear(&draft);
	return ok || (only_new && why == EEXIST) ||
	       error_set(err, ERROR_IO, "write %s: %s", buffer_text(path), strerror(why));
}

static struct private_key *read_descriptor(int fd, const char *path, struct error *err) {
	struct buffer pem = {0};
	struct stat info;
	struct private_key *key = NULL;
	ssize_t got = 0;
	buffer_reserve(&pem, PEM_MAX + 1); /* so that growing leaves no copy behind */
	do {
		pem.len += (size_t)got;
		got = read(fd, pem.data + pem.len, PEM_MAX + 1 - pem.len);
	} while (got > 0 && pem.len <= PEM_MAX);
	if (got < 0) {
		error_set(err, ERROR_IO, "read %s: %s", path, strerror(errno));
	} else if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_mode & 077) {
		error_set(err, ERROR_USAGE, "others can open the private key in %s: chmod 600 it", path);
	} else {
		key = private_key_read(buffer_span(&pem), err);
		if (!key) {
			error_prefix(err, "%s", path);
		}
	}
	wipe(&pem);
	return key;
}

static struct private_key *read_file(const char *path, struct error *err) {
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		error_set(err, ERROR_USAGE, "open %s: %s", path, strerror(errno));
		return NULL;
	}
	struct private_key *key = read_descriptor(fd, path, err);
	close(fd);
	return key;
}

/* "rsa", "p-256", "ed25519": one key of a kind serves all providers. */
static const char *name_of(const struct key_kind *kind) {
	switch (kind->algorithm) {
	case ALGORITHM_ED25519:
		return "ed25519";
	case ALGORITHM_ECDSA:
	case ALGORITHM_ECDSA_RAW:
		return *kind->curve ? kind->curve : "P-256";
	case ALGORITHM_RSA:
	case ALGORITHM_RSA_PSS:
		break;
	}
	return "rsa";
}

static bool make_kept(const struct key_kind *kind, struct buffer *path, struct error *err) {
	struct private_key *key = private_key_make(kind, err);
	struct buffer pem = {0};
	make_folders(path);
	bool ok = key && private_key_append_pem(key, &pem, err) &&
	          write_file(path, buffer_span(&pem), true, err);
	wipe(&pem);
	private_key_free(key);
	return ok;
}

static struct private_key *open_kept(const struct key_kind *kind, struct error *err) {
	struct buffer path = {0};
	if (!append_folder(&path, err)) {
		return NULL;
	}
	buffer_printf(&path, "/%s.pem", name_of(kind));
	bool there = access(buffer_text(&path), F_OK) == 0 || make_kept(kind, &path, err);
	struct private_key *key = there ? read_file(buffer_text(&path), err) : NULL;
	buffer_clear(&path);
	return key;
}

struct private_key *test_key_open(
	const struct keyring *keyring, const char *file, struct error *err) {
	struct key_kind kind;
	if (!signature_key_kind(keyring, &kind, err)) {
		return NULL;
	}
	return file ? read_file(file, err) : open_kept(&kind, err);
}

bool test_key_write_public(const struct keyring *keyring, const struct private_key *key,
	struct buffer *path, struct error *err) {
	struct buffer text = {0};
	if (!append_folder(path, err)) {
		return false;
	}
	buffer_printf(path, "/%s.pub", keyring_provider(keyring)->name);
	make_folders(path);
	bool ok = signature_append_public(keyring, key, &text, err);
	if (ok && text.data[text.len - 1] != '\n') {
		buffer_append_byte(&text, '\n');
	}
	ok = ok && write_file(path, buffer_span(&text), false, err);
	buffer_clear(&text);
	return ok;
}
