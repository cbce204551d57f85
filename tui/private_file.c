#include "tui/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"

void private_file_state(struct buffer *out, const char *name) {
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (state && *state == '/') {
		buffer_printf(out, "%s/hookline/%s", state, name);
	} else if (home && *home == '/') {
		buffer_printf(out, "%s/.local/state/hookline/%s", home, name);
	}
}

/* The folders above it, as far as that is possible. */
static void make_folders(const char *file) {
	char *path = alloc_text(file, strlen(file));
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	free(path);
}

static bool write_whole(int descriptor, struct span text) {
	while (text.len > 0) {
		ssize_t written = write(descriptor, text.data, text.len);
		if (written < 0 && errno != EINTR) {
			return false;
		}
		text = span_after(text, written > 0 ? (size_t)written : 0);
	}
	return fsync(descriptor) == 0;
}

bool private_file_replace(const char *file, struct span text, struct error *err) {
	struct buffer path = {0};
	struct stat old;
	buffer_printf(&path, "%s.XXXXXX", file);
	buffer_text(&path);
	make_folders(file);
	int descriptor = mkstemp(path.data);
	bool ok = descriptor >= 0 &&
	          fchmod(descriptor, stat(file, &old) == 0 ? old.st_mode & 0777 : 0600) == 0 &&
	          write_whole(descriptor, text) && rename(path.data, file) == 0;
	if (!ok) {
		error_set(err, ERROR_IO, "write %s: %s", file, strerror(errno));
	}
	if (descriptor >= 0) {
		close(descriptor);
	}
	if (!ok && descriptor >= 0) {
		unlink(path.data);
	}
	buffer_clear(&path);
	return ok;
}

bool private_file_append(const char *file, struct span text, struct error *err) {
	make_folders(file);
	int descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = descriptor >= 0 && write(descriptor, text.data, text.len) == (ssize_t)text.len;
	if (!ok) {
		error_set(err, ERROR_IO, "write %s: %s", file, strerror(errno));
	}
	if (descriptor >= 0) {
		close(descriptor);
	}
	return ok;
}

static bool read_rest(struct buffer *out, int descriptor, size_t most) {
	size_t left = most;
	ssize_t got = 1;
	while (got > 0 && left > 0) {
		got = read(descriptor, buffer_reserve(out, left), left);
		out->len += got > 0 ? (size_t)got : 0;
		left -= got > 0 ? (size_t)got : 0;
	}
	return got >= 0;
}

bool private_file_read_end(
	struct buffer *out, const char *file, size_t most, bool *cut, struct error *err) {
	struct stat status;
	int descriptor = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	*cut = false;
	if (descriptor < 0 && errno == ENOENT) {
		return true;
	}
	bool ok = descriptor >= 0 && fstat(descriptor, &status) == 0;
	*cut = ok && status.st_size > (off_t)most;
	ok = ok && (!*cut || lseek(descriptor, status.st_size - (off_t)most, SEEK_SET) >= 0) &&
	     read_rest(out, descriptor, most);
	if (!ok) {
		error_set(err, ERROR_IO, "read %s: %s", file, strerror(errno));
	}
	if (descriptor >= 0) {
		close(descriptor);
	}
	return ok;
}

bool private_file_state_read(struct buffer *out, const char *name, size_t most) {
	struct buffer path = {0};
	bool cut;
	private_file_state(&path, name);
	size_t before = out->len;
	bool ok = path.len > 0 &&
	          private_file_read_end(out, buffer_text(&path), most, &cut, &(struct error){0});
	buffer_clear(&path);
	return ok && out->len > before;
}

bool private_file_state_replace(const char *name, struct span text, struct error *err) {
	struct buffer path = {0};
	private_file_state(&path, name);
	bool ok = path.len > 0 ? private_file_replace(buffer_text(&path), text, err)
	                       : error_set(err, ERROR_IO,
								 "neither XDG_STATE_HOME nor HOME says where to keep %s", name);
	buffer_clear(&path);
	return ok;
}
