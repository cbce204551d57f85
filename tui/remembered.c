#include "tui/remembered.h"

#include "common/text.h"
#include "tui/private_file.h"

/* Longest file of filters with names. */
#define FILTERS_BYTES ((size_t)SAVED_FILTERS_MAX * (SAVED_FILTER_NAME_MAX + PROMPT_LEN_MAX + 2))

/* Prompts whose lines hold neither URLs nor secrets. */
static const struct {
	const char *name;
	enum prompt_kind kind;
} kinds[] = {
	{"filter", PROMPT_FILTER},
	{"deliveries", PROMPT_DELIVERIES},
	{"find", PROMPT_FIND},
};
#define KIND_COUNT (sizeof kinds / sizeof *kinds)

/* One line, in UTF-8, of a length that can be typed. */
static bool is_line(struct span text) {
	return text.len > 0 && text.len <= PROMPT_LEN_MAX && span_find(text, '\n') == text.len &&
	       text_is_utf8(text);
}

/* --- history --- */

static void tell_line(remembered_line_fn *tell, void *data, struct span line) {
	struct span rest = line, name = span_cut(&rest, ' ');
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (span_is(name, kinds[i].name) && is_line(rest)) {
			tell(data, kinds[i].kind, rest);
		}
	}
}

/* `cut`: its first line is not whole. */
static struct span whole_lines(const struct buffer *text, bool cut) {
	struct span rest = buffer_span(text);
	if (cut) {
		span_cut(&rest, '\n');
	}
	return rest;
}

bool remembered_read(remembered_line_fn *line, void *data, struct error *err) {
	struct buffer path = {0}, text = {0};
	bool cut;
	private_file_state(&path, "history");
	bool ok = path.len == 0 || private_file_read_end(&text, buffer_text(&path),
								   (size_t)2 * REMEMBERED_HISTORY_BYTES, &cut, err);
	if (ok && path.len > 0) {
		struct span rest = whole_lines(&text, cut), all = rest;
		if (cut) {
			struct span last = span_after(
				all, all.len > REMEMBERED_HISTORY_BYTES ? all.len - REMEMBERED_HISTORY_BYTES : 0);
			span_cut(&last, '\n');
			ok = private_file_replace(buffer_text(&path), last, err);
		}
		while (rest.len > 0) {
			tell_line(line, data, span_cut(&rest, '\n'));
		}
	}
	buffer_clear(&path);
	buffer_clear(&text);
	return ok;
}

bool remembered_add(enum prompt_kind kind, struct span text, struct error *err) {
	struct buffer path = {0}, line = {0};
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (kinds[i].kind == kind && is_line(text)) {
			buffer_printf(&line, "%s %.*s\n", kinds[i].name, (int)text.len, text.data);
		}
	}
	private_file_state(&path, "history");
	bool ok = true;
	if (path.len > 0 && line.len > 0) {
		ok = private_file_append(buffer_text(&path), buffer_span(&line), err);
	}
	buffer_clear(&path);
	buffer_clear(&line);
	return ok;
}

/* --- filters that have a name --- */

static bool read_filters(struct saved_filters *filters, const char *path, struct error *err) {
	struct buffer text = {0};
	bool cut;
	bool ok = private_file_read_end(&text, path, FILTERS_BYTES, &cut, err);
	struct span rest = buffer_span(&text);
	saved_filters_clear(filters);
	while (ok && rest.len > 0) {
		struct span line = span_cut(&rest, '\n'), name = span_cut(&line, ' ');
		if (saved_filter_name_is_valid(name) && is_line(line)) {
			saved_filters_put(filters, name, line);
		}
	}
	buffer_clear(&text);
	return ok;
}

bool remembered_filters(struct saved_filters *filters, struct error *err) {
	struct buffer path = {0};
	private_file_state(&path, "filters");
	bool ok = path.len == 0 || read_filters(filters, buffer_text(&path), err);
	buffer_clear(&path);
	return ok;
}

static bool write_filters(
	const struct saved_filters *filters, const char *path, struct error *err) {
	struct buffer text = {0};
	for (size_t i = 0; i < filters->count; i++) {
		buffer_printf(&text, "%s %s\n", filters->list[i].name, filters->list[i].text);
	}
	bool ok = private_file_replace(path, buffer_span(&text), err);
	buffer_clear(&text);
	return ok;
}

bool remembered_save(
	struct saved_filters *filters, struct span name, struct span text, struct error *err) {
	struct buffer path = {0};
	private_file_state(&path, "filters");
	if (path.len == 0) {
		return error_set(
			err, ERROR_IO, "neither XDG_STATE_HOME nor HOME says where to keep a filter");
	}
	bool ok = read_filters(filters, buffer_text(&path), err);
	if (ok && text.len == 0) {
		saved_filters_remove(filters, name);
	} else if (ok && !saved_filters_put(filters, name, text)) {
		ok = error_set(err, ERROR_FULL, "no more than %d filters can be saved", SAVED_FILTERS_MAX);
	}
	ok = ok && write_filters(filters, buffer_text(&path), err);
	buffer_clear(&path);
	return ok;
}
