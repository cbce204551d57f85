#include "tui/edit/editing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/text.h"
#include "tui/edit/draft_file.h"
#include "tui/edit/editor.h"

struct editing {
	uv_loop_t *loop;
	struct draft before;
	struct buffer folder, file, apart; /* paths; `apart` empty: the body is in the file */
	struct buffer apart_name;
	struct buffer text; /* last read */
	struct editor *editor;
	editing_done_fn *done;
	void *data;
};

/* --- the folder and its files --- */

static const char *place(void) {
	const char *runtime = getenv("XDG_RUNTIME_DIR"), *temporary = getenv("TMPDIR");
	if (runtime && runtime[0] == '/' && access(runtime, W_OK) == 0) {
		return runtime;
	}
	return temporary && temporary[0] == '/' ? temporary : "/tmp";
}

static bool make_folder(struct editing *editing, struct error *err) {
	buffer_printf(&editing->folder, "%s/hookline-edit-XXXXXX", place());
	buffer_text(&editing->folder);
	if (mkdtemp(editing->folder.data)) {
		return true;
	}
	error_set(err, ERROR_IO, "make a folder in %s: %s", place(), strerror(errno));
	buffer_clear(&editing->folder);
	return false;
}

static bool write_file(const char *path, struct span bytes, struct error *err) {
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;
	if (!file) {
		return error_set(err, ERROR_IO, "write %s: %s", path, strerror(errno));
	}
	bool ok = bytes.len == 0 || fwrite(bytes.data, 1, bytes.len, file) == bytes.len;
	ok = fclose(file) == 0 && ok;
	return ok || error_set(err, ERROR_IO, "write %s: %s", path, strerror(errno));
}

static bool read_file(const char *path, struct buffer *out, struct error *err) {
	FILE *file = fopen(path, "rbe");
	size_t got = 0;
	buffer_reset(out);
	if (!file) {
		return error_set(err, ERROR_IO, "read %s: %s", path, strerror(errno));
	}
	do {
		got = fread(buffer_reserve(out, 65536), 1, 65536, file);
		out->len += got;
	} while (got > 0 && out->len <= EDITING_FILE_MAX);
	bool ok = !ferror(file);
	fclose(file);
	if (!ok) {
		return error_set(err, ERROR_IO, "read %s: %s", path, strerror(errno));
	}
	return out->len <= EDITING_FILE_MAX ||
	       error_set(
			   err, ERROR_USAGE, "line 1: the file is larger than %zu bytes", EDITING_FILE_MAX);
}

static bool write_files(struct editing *editing, const char *name, struct error *err) {
	const char *folder = buffer_text(&editing->folder);
	struct buffer text = {0};
	buffer_printf(&editing->file, "%s/%s.http", folder, name);
	if (draft_file_is_apart(&editing->before)) {
		buffer_printf(&editing->apart_name, "./%s.body", name);
		buffer_printf(&editing->apart, "%s/%s.body", folder, name);
	}
	draft_file_write(&text, &editing->before, buffer_text(&editing->apart_name));
	bool ok = write_file(buffer_text(&editing->file), buffer_span(&text), err) &&
	          (editing->apart.len == 0 || write_file(buffer_text(&editing->apart),
											  buffer_span(&editing->before.body), err));
	buffer_clear(&text);
	return ok;
}

/* With whatever the editor left beside them. */
static void remove_folder(const char *folder) {
	DIR *dir = opendir(folder);
	struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir) {
		closedir(dir);
	}
	rmdir(folder);
}

/* --- what the editor left --- */

static bool read_back(struct editing *editing, struct draft *edited, struct error *err) {
	struct buffer apart = {0};
	bool ok = read_file(buffer_text(&editing->file), &editing->text, err) &&
	          (editing->apart.len == 0 || read_file(buffer_text(&editing->apart), &apart, err));
	struct draft_file file = {.text = buffer_span(&editing->text),
		.name = editing->apart.len > 0 ? buffer_text(&editing->apart_name) : NULL,
		.apart = buffer_span(&apart),
		.before = buffer_span(&editing->before.body)};
	ok = ok && draft_file_read(edited, &file, err) && draft_finish(edited, err);
	buffer_clear(&apart);
	return ok;
}

static void on_edited(void *data, const struct error *err);

static bool open_editor(struct editing *editing, const char *complaint, struct error *err) {
	const struct editor_options options = {
		.file = buffer_text(&editing->file), .complaint = complaint};
	editing->editor = editor_run(editing->loop, &options, on_edited, editing, err);
	return editing->editor != NULL;
}

/* What is wrong is told, and the editor opened again with what it left. */
static void try_again(struct editing *editing, const struct error *wrong) {
	struct buffer complaint = {0};
	struct error err = {0};
	text_escape(&complaint, span_text(wrong->text), TEXT_LINE);
	if (!open_editor(editing, buffer_text(&complaint), &err)) {
		editing->done(editing->data, NULL, &err);
	}
	buffer_clear(&complaint);
}

static void judge(struct editing *editing, const struct draft *edited) {
	struct draft before = {0};
	struct error err = {0};
	draft_copy(&before, &editing->before);
	draft_finish(&before, &err); /* a length that was wrong before is no change */
	err = (struct error){0};
	bool same = draft_equal(edited, &editing->before) || draft_equal(edited, &before);
	draft_clear(&before);
	if (same) {
		error_set(&err, ERROR_NO, "nothing was changed, so nothing is sent");
		editing->done(editing->data, NULL, &err);
	} else {
		editing->done(editing->data, edited, NULL);
	}
}

static void on_edited(void *data, const struct error *err) {
	struct editing *editing = data;
	struct draft edited = {0};
	struct error wrong = {0};
	editor_free(editing->editor);
	editing->editor = NULL;
	if (err) {
		editing->done(editing->data, NULL, err);
	} else if (read_back(editing, &edited, &wrong)) {
		judge(editing, &edited);
	} else if (wrong.code == ERROR_USAGE) {
		try_again(editing, &wrong);
	} else {
		editing->done(editing->data, NULL, &wrong);
	}
	draft_clear(&edited);
}

struct editing *editing_begin(uv_loop_t *loop, const struct draft *draft, const struct event *event,
	editing_done_fn *done, void *data, struct error *err) {
	struct editing *editing = alloc_zero(1, sizeof *editing);
	struct buffer name = {0};
	buffer_append_span(&name, event->endpoint);
	buffer_printf(&name, "-%" PRId64, event->seq);
	*editing = (struct editing){.loop = loop, .done = done, .data = data};
	draft_copy(&editing->before, draft);
	bool ok = make_folder(editing, err) && write_files(editing, buffer_text(&name), err) &&
	          open_editor(editing, NULL, err);
	if (!ok) {
		editing_free(editing);
		editing = NULL;
	}
	buffer_clear(&name);
	return editing;
}

void editing_free(struct editing *editing) {
	if (!editing) {
		return;
	}
	editor_free(editing->editor);
	if (editing->folder.len > 0) {
		remove_folder(buffer_text(&editing->folder));
	}
	draft_clear(&editing->before);
	buffer_clear(&editing->folder);
	buffer_clear(&editing->file);
	buffer_clear(&editing->apart);
	buffer_clear(&editing->apart_name);
	buffer_clear(&editing->text);
	free(editing);
}
