#include "tui/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void state_file_path(struct buffer *out, const char *name) {
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (state && *state == '/') {
		buffer_printf(out, "%s/hookline/%s", state, name);
	} else if (home && *home == '/') {
		buffer_printf(out, "%s/.local/state/hookline/%s", home, name);
	}
}

bool state_file_read(const char *name, struct buffer *text, size_t most) {
	struct buffer path = {0};
	state_file_path(&path, name);
	FILE *file = path.len > 0 ? fopen(buffer_text(&path), "re") : NULL;
	buffer_clear(&path);
	if (!file) {
		return false;
	}
	text->len += fread(buffer_reserve(text, most), 1, most, file);
	fclose(file);
	return true;
}

static void make_folders(char *path) {
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

static bool write_all(int fd, struct span text) {
	while (text.len > 0) {
		ssize_t wrote = write(fd, text.data, text.len);
		if (wrote < 0 && errno != EINTR) {
			return false;
		}
		text = span_after(text, wrote > 0 ? (size_t)wrote : 0);
	}
	return true;
}

static bool write_beside(const char *path, char *beside, struct span text) {
	int fd = mkstemp(beside); /* for its owner alone */
	bool ok = fd >= 0 && write_all(fd, text) && rename(beside, path) == 0;
	int why = errno;
	if (fd >= 0) {
		close(fd);
	}
	if (fd >= 0 && !ok) {
		unlink(beside);
	}
	errno = why;
	return ok;
}

bool state_file_write(const char *name, struct span text, struct error *err) {
	struct buffer path = {0}, beside = {0};
	state_file_path(&path, name);
	if (path.len == 0) {
		return error_set(err, ERROR_IO, "neither XDG_STATE_HOME nor HOME says where to keep it");
	}
	buffer_text(&path);
	make_folders(path.data);
	buffer_printf(&beside, "%s.XXXXXX", path.data);
	buffer_text(&beside);
	bool ok = write_beside(path.data, beside.data, text) ||
	          error_set(err, ERROR_IO, "write %s: %s", path.data, strerror(errno));
	buffer_clear(&path);
	buffer_clear(&beside);
	return ok;
}
