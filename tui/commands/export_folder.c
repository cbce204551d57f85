#include "tui/commands/export_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/json.h"
#include "common/text.h"

static const char heading[] =
	"# Written by hookline export; hookline-test(5) tells what can stand here. To run it:\n"
	"#   hookline test FOLDER --to 3000\n"
	"#\n"
	"# Requests are sent as received. For an app that looks at timestamps, sign them anew:\n"
	"# sign: {provider: stripe, secret_file: stripe.key}\n"
	"steps:\n";

static bool fail(const char *what, const struct buffer *path, struct error *err) {
	return error_set(
		err, ERROR_IO, "%s %.*s: %s", what, (int)path->len, path->data, strerror(errno));
}

static void append_path(struct buffer *path, const char *folder, const char *name) {
	buffer_printf(path, "%s/%s", folder, name);
}

bool export_folder_open(const char *folder, bool tests, struct error *err) {
	struct buffer path = {0};
	bool ok = true;
	append_path(&path, folder, EXPORT_TEST_FILE);
	if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
		ok = error_set(err, ERROR_IO, "make the folder %s: %s", folder, strerror(errno));
	} else if (tests && access(buffer_text(&path), F_OK) == 0) {
		ok = error_set(err, ERROR_USAGE,
			"%s is there already and may have been changed: name another folder, or remove it",
			buffer_text(&path));
	}
	buffer_clear(&path);
	return ok;
}

static bool write_file(
	struct buffer *path, struct span first, struct span second, struct error *err) {
	int fd = open(buffer_text(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!file) {
		return fail("open", path, err);
	}
	fwrite(first.len > 0 ? first.data : "", 1, first.len, file);
	fwrite(second.len > 0 ? second.data : "", 1, second.len, file);
	bool ok = !ferror(file);
	ok = fclose(file) == 0 && ok;
	return ok || fail("write", path, err);
}

/* Names of endpoints are letters, digits and what is harmless in the name of a file. */
static void append_name(struct buffer *out, const struct event *event) {
	buffer_printf(
		out, "%.*s-%" PRId64 ".http", (int)event->endpoint.len, event->endpoint.data, event->seq);
}

bool export_folder_put(const char *folder, const struct event *event,
	const struct client_bytes *bytes, struct error *err) {
	struct buffer name = {0}, path = {0};
	append_name(&name, event);
	append_path(&path, folder, buffer_text(&name));
	bool ok = write_file(&path, bytes->head, bytes->body, err);
	buffer_clear(&name);
	buffer_clear(&path);
	return ok;
}

void export_folder_step(struct buffer *out, const struct event *event) {
	struct buffer name = {0}, printable = {0};
	event_append_ref(&name, event->endpoint, event->seq);
	if (event->type.len > 0) {
		buffer_append_byte(&name, ' ');
		buffer_append_span(&name, event->type);
	}
	text_escape(&printable, buffer_span(&name), TEXT_ASCII); /* what YAML and people can read */
	buffer_append_text(out, "  - name: ");
	json_append_text(out, buffer_span(&printable));
	buffer_append_text(out, "\n    event: ");
	append_name(out, event);
	buffer_append_text(out, "\n    expect: {status: 2xx}\n");
	buffer_clear(&name);
	buffer_clear(&printable);
}

bool export_folder_close(const char *folder, struct span steps, struct error *err) {
	struct buffer path = {0};
	append_path(&path, folder, EXPORT_TEST_FILE);
	bool ok = write_file(&path, span_text(heading), steps, err);
	buffer_clear(&path);
	return ok;
}
