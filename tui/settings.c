#include "tui/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/yaml.h"
#include "tui/private_file.h"

static char *usual_file(void) {
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buffer path = {0};
	if (config && config[0] == '/') {
		buffer_printf(&path, "%s/hookline/hookline.yaml", config);
	} else if (home && *home) {
		buffer_printf(&path, "%s/.config/hookline/hookline.yaml", home);
	} else {
		return NULL;
	}
	char *text = alloc_text(path.data, path.len);
	buffer_clear(&path);
	return text;
}

static bool read_all(
	struct settings *settings, const struct yaml_document *document, struct error *err) {
	static const char *const names[] = {"forward", "keys", "mask", "readonly", "theme"};
	const struct yaml_node *root = yaml_root(document);
	if (!root) {
		return true;
	}
	if (root->kind != YAML_MAP) {
		return yaml_error(document, root, err, "expected settings, such as forward:");
	}
	const struct yaml_node *forward = yaml_get(root, "forward");
	return yaml_check_keys(document, root, names, sizeof names / sizeof *names, err) &&
	       screen_settings_read(&settings->screen, document, root, err) &&
	       (!forward || routes_read(&settings->routes, document, forward, err));
}

bool settings_load(struct settings *settings, const char *named, struct error *err) {
	*settings = (struct settings){.file = named ? alloc_text(named, strlen(named)) : usual_file()};
	screen_settings_init(&settings->screen);
	if (!settings->file || (!named && access(settings->file, F_OK) != 0)) {
		return true;
	}
	struct yaml_document *document = yaml_load(settings->file, err);
	settings->found = document != NULL;
	bool ok = document && read_all(settings, document, err);
	yaml_close(document);
	return ok;
}

void settings_clear(struct settings *settings) {
	routes_clear(&settings->routes);
	free(settings->file);
	*settings = (struct settings){0};
}

/* --- writing --- */

static bool read_file(const char *file, struct buffer *text, struct error *err) {
	FILE *in = fopen(file, "rbe");
	if (!in) {
		return errno == ENOENT || error_set(err, ERROR_IO, "open %s: %s", file, strerror(errno));
	}
	size_t got;
	do {
		got = fread(buffer_reserve(text, YAML_MAX_BYTES + 1), 1, YAML_MAX_BYTES + 1, in);
		text->len += got;
	} while (got > 0 && text->len <= YAML_MAX_BYTES);
	bool ok = !ferror(in);
	fclose(in);
	return ok || error_set(err, ERROR_IO, "read %s: %s", file, strerror(errno));
}

static size_t start_of_line(struct span text, int line) {
	size_t at = 0;
	for (; line > 1 && at < text.len; line--) {
		at += span_find(span_after(text, at), '\n') + 1;
	}
	return at < text.len ? at : text.len;
}

static bool is_remark(struct span line) {
	line = span_trim(line);
	line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
	return line.len == 0 || line.data[0] == '#';
}

/* Remarks and empty lines in front of what follows belong to that. */
static size_t without_remarks(struct span text, size_t start, size_t end) {
	while (end > start) {
		size_t line = end - 1;
		while (line > start && text.data[line - 1] != '\n') {
			line--;
		}
		if (!is_remark(
				(struct span){text.data + line, end - line - (text.data[end - 1] == '\n')})) {
			break;
		}
		end = line;
	}
	return end;
}

/* Where `forward:` stands, from the line of its key to the next key of the file; nowhere: at the end. */
static void find_section(
	struct span text, const struct yaml_node *root, size_t *start, size_t *end) {
	*start = *end = text.len;
	for (size_t i = 0; root && i + 1 < root->count; i += 2) {
		if (strcmp(root->items[i]->text, "forward") == 0) {
			bool last = i + 3 >= root->count;
			*start = start_of_line(text, root->items[i]->line);
			*end = last ? text.len : start_of_line(text, root->items[i + 2]->line);
			*end = without_remarks(text, *start, *end);
		}
	}
}

static bool make_text(struct buffer *out, const char *file, struct span text,
	const struct routes *routes, struct error *err) {
	struct yaml_document *document = yaml_parse(file, text, err);
	if (!document) {
		return false;
	}
	size_t start, end;
	const struct yaml_node *root = yaml_root(document);
	if (root && (root->kind != YAML_MAP || (text.len > 0 && text.data[0] == '{'))) {
		yaml_close(document);
		return error_set(err, ERROR_CONFIG, "%s is not in a form that can be added to", file);
	}
	find_section(text, root, &start, &end);
	buffer_append(out, text.data, start);
	buffer_append_text(out, out->len > 0 && out->data[out->len - 1] != '\n' ? "\n" : "");
	buffer_append_text(out, "forward:\n");
	routes_append_yaml(out, routes, 2);
	buffer_append_span(out, span_after(text, end));
	yaml_close(document);
	return true;
}

bool settings_save_routes(const char *file, const struct routes *routes, struct error *err) {
	struct buffer old = {0}, made = {0};
	bool ok = read_file(file, &old, err) &&
	          make_text(&made, file, buffer_span(&old), routes, err) &&
	          private_file_replace(file, buffer_span(&made), err);
	buffer_clear(&old);
	buffer_clear(&made);
	return ok;
}
