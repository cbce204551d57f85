/* A pane in the person's $PAGER. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "tui/app_parts.h"
#include "tui/edit/editor.h"

struct reading {
	struct app *app;
	struct editor *pager;
	char *file;
};

static void reading_free(struct reading *reading) {
	reading->app->reading = NULL;
	editor_free(reading->pager);
	unlink(reading->file);
	free(reading->file);
	free(reading);
}

/* However it ended: there is nothing to be done about it. */
static void on_read(void *data, const struct error *err) {
	struct reading *reading = data;
	struct app *app = reading->app;
	(void)err;
	term_take_back(app->term);
	reading_free(reading);
}

static bool write_whole(int fd, struct span text) {
	while (text.len > 0) {
		ssize_t wrote = write(fd, text.data, text.len);
		if (wrote < 0 && errno != EINTR) {
			return false;
		}
		text = span_after(text, wrote > 0 ? (size_t)wrote : 0);
	}
	return true;
}

/* In a file for its owner alone. */
static char *write_file(struct span text, struct error *err) {
	const char *folder = getenv("TMPDIR");
	struct buffer path = {0};
	buffer_printf(&path, "%s/hookline-pane.XXXXXX", folder && *folder == '/' ? folder : "/tmp");
	buffer_text(&path);
	int fd = mkstemp(path.data);
	bool ok = fd >= 0 && write_whole(fd, text);
	if (!ok) {
		error_set(err, ERROR_IO, "write %s: %s", path.data, strerror(errno));
	}
	if (fd >= 0) {
		close(fd);
	}
	if (fd >= 0 && !ok) {
		unlink(path.data);
	}
	char *file = ok ? alloc_text(path.data, path.len) : NULL;
	buffer_clear(&path);
	return file;
}

void app_pager(struct app *app, struct span text) {
	struct error err = {0};
	const char *command = getenv("PAGER");
	char *file = app->reading ? NULL : write_file(text, &err);
	if (!file) {
		if (err.code) {
			app_note_error(app, &err);
		}
		return;
	}
	struct reading *reading = alloc_zero(1, sizeof *reading);
	*reading = (struct reading){.app = app, .file = file};
	app->reading = reading;
	term_lend(app->term);
	reading->pager = editor_run(app->loop,
		&(struct editor_options){.file = file, .command = command && *command ? command : "less"},
		on_read, reading, &err);
	if (!reading->pager) {
		term_take_back(app->term);
		reading_free(reading);
		app_note_error(app, &err);
	}
}

void app_pager_clear(struct app *app) {
	if (app->reading) {
		reading_free(app->reading);
	}
}
