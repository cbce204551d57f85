#include "tui/commands/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void warn_if_open(int file, const char *path) {
	struct stat info;
	if (fstat(file, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077)) {
		fprintf(stderr, "others can read %s: chmod 600 keeps it to yourself\n", path);
	}
}

/* False on an error of read. Reads one byte more than allowed, to see that there is more. */
static bool read_all(struct buffer *out, int file) {
	/* room is made at once, so that no copy of a secret stays behind in memory that was moved */
	char *room = buffer_reserve(out, SECRET_BYTES_MAX + 2);
	while (out->len <= SECRET_BYTES_MAX) {
		ssize_t len = read(file, room + out->len, SECRET_BYTES_MAX + 1 - out->len);
		if (len < 0 && errno == EINTR) {
			continue;
		}
		if (len <= 0) {
			return len == 0;
		}
		out->len += (size_t)len;
	}
	return true;
}

bool secret_read(struct buffer *out, const char *path, struct error *err) {
	bool is_stdin = strcmp(path, "-") == 0;
	int file = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0) {
		return error_set(err, ERROR_CONFIG, "open %s: %s", path, strerror(errno));
	}
	bool ok = read_all(out, file);
	int code = errno;
	if (!is_stdin) {
		warn_if_open(file, path);
		close(file);
	}
	if (!ok) {
		return error_set(err, ERROR_CONFIG, "read %s: %s", path, strerror(code));
	}
	if (out->len > 0 && out->data[out->len - 1] == '\n') {
		out->len--;
	}
	if (out->len > 0 && out->data[out->len - 1] == '\r') {
		out->len--;
	}
	if (out->len == 0 || out->len > SECRET_BYTES_MAX) {
		return error_set(err, ERROR_CONFIG, "%s is %s", path,
			out->len == 0 ? "empty: it should hold the secret" : "too long for a secret");
	}
	return true;
}

void secret_clear(struct buffer *secret) {
	if (secret->data) {
		OPENSSL_cleanse(secret->data, secret->capacity);
	}
	buffer_clear(secret);
}
