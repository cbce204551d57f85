#include "common/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "common/text.h"

struct yaml_document {
	char *file;
	bool has_root;
	struct yaml_node root;
};

/* One reading: libyaml's parser gives events, `node` and its helpers make the tree of them. */
struct reading {
	struct yaml_document *document;
	struct span text;
	yaml_parser_t parser;
	yaml_event_t event;
	size_t nodes;
	struct error *err;
};

static bool fail_at(const struct yaml_document *document, size_t line, size_t column,
	struct error *err, const char *text) {
	return error_set(err, ERROR_CONFIG, "%s:%zu:%zu: %s", document->file, line, column, text);
}

static bool fail_at_event(struct reading *reading, const char *text) {
	const yaml_mark_t *mark = &reading->event.start_mark;
	return fail_at(reading->document, mark->line + 1, mark->column + 1, reading->err, text);
}

/* libyaml gives no line for bytes that are no text, only how many came before them. */
static bool fail_at_byte(struct reading *reading, size_t offset, const char *text) {
	size_t line = 1, start = 0;
	for (size_t i = 0; i < offset && i < reading->text.len; i++) {
		if (reading->text.data[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	return fail_at(reading->document, line, offset - start + 1, reading->err, text);
}

/* Whether the parser gave up at a tab; its marks count characters, not bytes. */
static bool is_at_tab(const struct reading *reading) {
	size_t characters = 0;
	for (size_t i = 0; i < reading->text.len; i++) {
		bool begins = ((unsigned char)reading->text.data[i] & 0xc0) != 0x80;
		if (begins && characters++ == reading->parser.problem_mark.index) {
			return reading->text.data[i] == '\t';
		}
	}
	return false;
}

static bool fail_in_parser(struct reading *reading) {
	const yaml_parser_t *parser = &reading->parser;
	const char *problem = parser->problem ? parser->problem : "not YAML";
	if (parser->error == YAML_MEMORY_ERROR) {
		return error_set(reading->err, ERROR_CONFIG, "%s: not enough memory to read it",
			reading->document->file);
	}
	if (parser->error == YAML_READER_ERROR) {
		return fail_at_byte(reading, parser->problem_offset, problem);
	}
	if (is_at_tab(reading)) {
		problem = "a tab cannot stand here: YAML is indented with blanks alone";
	} else if (strcmp(problem, "found character that cannot start any token") == 0) {
		problem = "found a character that cannot begin a value (quotes make it text)";
	}
	const yaml_mark_t *mark = &parser->problem_mark;
	return fail_at(reading->document, mark->line + 1, mark->column + 1, reading->err, problem);
}

static bool next_event(struct reading *reading) {
	yaml_event_delete(&reading->event);
	return yaml_parser_parse(&reading->parser, &reading->event) || fail_in_parser(reading);
}

static bool plain_event(struct reading *reading) {
	const yaml_event_t *event = &reading->event;
	const yaml_char_t *anchor = NULL, *tag = NULL;
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		break;
	default:
		return fail_at_event(reading, "aliases (*name) are not supported");
	}
	if (anchor) {
		return fail_at_event(reading, "anchors (&name) are not supported");
	}
	return !tag || fail_at_event(reading, "tags (!name) are not supported");
}

static void clear_node(struct yaml_node *node) {
	for (size_t i = 0; i < node->count; i++) {
		clear_node(node->items[i]); /* at most YAML_MAX_DEPTH deep */
		free(node->items[i]);
	}
	free(node->items);
	free((char *)node->text);
}

static bool read_node(struct reading *reading, struct yaml_node *node, int depth);

/* Reads elements up to the end event; the node that is read is the last of `items`, so that a failure frees it. */
static bool read_items(struct reading *reading, struct yaml_node *node, int depth) {
	size_t capacity = 0;
	yaml_event_type_t end =
		node->kind == YAML_LIST ? YAML_SEQUENCE_END_EVENT : YAML_MAPPING_END_EVENT;
	while (next_event(reading)) {
		if (reading->event.type == end) {
			return true;
		}
		if (node->kind == YAML_MAP && node->count % 2 == 0 &&
			reading->event.type != YAML_SCALAR_EVENT) {
			return fail_at_event(reading, "a key must be a plain text");
		}
		if (node->count == capacity) {
			capacity = capacity ? 2 * capacity : 8;
			node->items = alloc_resize(node->items, capacity * sizeof *node->items);
		}
		node->items[node->count] = alloc_zero(1, sizeof **node->items);
		if (!read_node(reading, node->items[node->count++], depth + 1)) {
			return false;
		}
	}
	return false;
}

static bool is_before(const struct yaml_node *a, const struct yaml_node *b) {
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

static int by_text_then_place(const void *left, const void *right) {
	const struct yaml_node *a = *(const struct yaml_node *const *)left;
	const struct yaml_node *b = *(const struct yaml_node *const *)right;
	int order = strcmp(a->text, b->text);
	return order != 0 ? order : (is_before(a, b) ? -1 : 1);
}

/* The first key that repeats an earlier one, or NULL; sorted, because a hostile file may hold very many keys. */
static const struct yaml_node *repeated_key(const struct yaml_node *map) {
	size_t count = map->count / 2;
	const struct yaml_node **keys = alloc_zero(count, sizeof *keys);
	for (size_t i = 0; i < count; i++) {
		keys[i] = map->items[2 * i];
	}
	qsort(keys, count, sizeof *keys, by_text_then_place);
	const struct yaml_node *first = NULL;
	for (size_t i = 1; i < count; i++) {
		if (strcmp(keys[i - 1]->text, keys[i]->text) == 0 &&
			(!first || is_before(keys[i], first))) {
			first = keys[i];
		}
	}
	free(keys);
	return first;
}

static bool check_map(struct reading *reading, const struct yaml_node *map) {
	for (size_t i = 0; i < map->count; i += 2) {
		if (strcmp(map->items[i]->text, "<<") == 0 && !map->items[i]->quoted) {
			return yaml_error(reading->document, map->items[i], reading->err,
				"merge keys (<<) are not supported");
		}
	}
	const struct yaml_node *again = repeated_key(map);
	return !again || yaml_error(reading->document, again, reading->err,
						 "the key \"%s\" stands here a second time", again->text);
}

static bool read_scalar(struct reading *reading, struct yaml_node *node) {
	const char *value = (const char *)reading->event.data.scalar.value;
	size_t len = reading->event.data.scalar.length;
	if (memchr(value, '\0', len)) {
		return fail_at_event(reading, "a NUL byte is not allowed in a text");
	}
	node->text = alloc_text(value, len);
	node->quoted = reading->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return true;
}

/* Makes a node of the current event and those that belong to it. */
static bool read_node(struct reading *reading, struct yaml_node *node, int depth) {
	if (!plain_event(reading)) {
		return false;
	}
	if (depth > YAML_MAX_DEPTH) {
		return fail_at_event(reading, "nested too deep");
	}
	if (++reading->nodes > YAML_MAX_NODES) {
		return fail_at_event(reading, "too many values in one file");
	}
	node->line = (int)reading->event.start_mark.line + 1;
	node->column = (int)reading->event.start_mark.column + 1;
	if (reading->event.type == YAML_SCALAR_EVENT) {
		node->kind = YAML_SCALAR;
		return read_scalar(reading, node);
	}
	node->kind = reading->event.type == YAML_SEQUENCE_START_EVENT ? YAML_LIST : YAML_MAP;
	return read_items(reading, node, depth) &&
	       (node->kind == YAML_LIST || check_map(reading, node));
}

static bool read_document(struct reading *reading) {
	if (!next_event(reading) || !next_event(reading)) { /* the start of stream and document */
		return false;
	}
	if (reading->event.type == YAML_STREAM_END_EVENT) {
		return true;
	}
	if (!next_event(reading)) {
		return false;
	}
	reading->document->has_root = true;
	if (!read_node(reading, &reading->document->root, 1) || !next_event(reading) ||
		!next_event(reading)) {
		return false;
	}
	return reading->event.type == YAML_STREAM_END_EVENT ||
	       fail_at_event(reading, "a second document begins here; one file holds one");
}

struct yaml_document *yaml_parse(const char *file, struct span text, struct error *err) {
	if (text.len > YAML_MAX_BYTES) {
		error_set(err, ERROR_CONFIG, "%s:1:1: larger than %d KiB", file, YAML_MAX_BYTES / 1024);
		return NULL;
	}
	struct yaml_document *document = alloc_zero(1, sizeof *document);
	document->file = alloc_text(file, strlen(file));
	struct reading reading = {.document = document, .text = text, .err = err};
	if (!yaml_parser_initialize(&reading.parser)) {
		error_set(err, ERROR_CONFIG, "%s: not enough memory to read it", file);
		yaml_close(document);
		return NULL;
	}
	yaml_parser_set_encoding(&reading.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&reading.parser, (const unsigned char *)(text.data ? text.data : ""), text.len);
	bool ok = read_document(&reading);
	yaml_event_delete(&reading.event);
	yaml_parser_delete(&reading.parser);
	if (!ok) {
		yaml_close(document);
		return NULL;
	}
	return document;
}

/* Reads at most one byte more than is allowed, so that yaml_parse sees that it is too much. */
static bool read_file(int fd, struct buffer *text) {
	while (text->len <= YAML_MAX_BYTES) {
		ssize_t got = read(fd, buffer_reserve(text, 65536), 65536);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got <= 0) {
			return got == 0;
		}
		text->len += (size_t)got;
	}
	return true;
}

struct yaml_document *yaml_load(const char *file, struct error *err) {
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct buffer text = {0};
	struct yaml_document *document = NULL;
	if (fd < 0 || !read_file(fd, &text)) {
		error_set(err, ERROR_CONFIG, "%s:1:1: cannot be read: %s", file, strerror(errno));
	} else {
		document = yaml_parse(file, buffer_span(&text), err);
	}
	if (fd >= 0) {
		close(fd);
	}
	buffer_clear(&text);
	return document;
}

void yaml_close(struct yaml_document *document) {
	if (!document) {
		return;
	}
	clear_node(&document->root);
	free(document->file);
	free(document);
}

const struct yaml_node *yaml_root(const struct yaml_document *document) {
	return document->has_root ? &document->root : NULL;
}

const char *yaml_file(const struct yaml_document *document) {
	return document->file;
}

bool yaml_error(const struct yaml_document *document, const struct yaml_node *node,
	struct error *err, const char *format, ...) {
	char text[sizeof err->text];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return fail_at(document, (size_t)node->line, (size_t)node->column, err, text);
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key) {
	if (!map || map->kind != YAML_MAP) {
		return NULL;
	}
	for (size_t i = 0; i + 1 < map->count; i += 2) {
		if (strcmp(map->items[i]->text, key) == 0) {
			return map->items[i + 1];
		}
	}
	return NULL;
}

/* "a, b, c" */
static const char *listed(struct buffer *out, const char *const *names, size_t count) {
	for (size_t i = 0; i < count; i++) {
		buffer_printf(out, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	return buffer_text(out);
}

static bool is_one_of(const char *word, const char *const *names, size_t count, size_t *index) {
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, names[i]) == 0) {
			*index = i;
			return true;
		}
	}
	return false;
}

static bool unknown(const struct yaml_document *document, const struct yaml_node *node,
	const char *what, const char *const *names, size_t count, struct error *err) {
	const char *nearest = text_nearest(node->text, names, count);
	if (nearest) {
		return yaml_error(document, node, err, "unknown %s \"%s\", did you mean \"%s\"?", what,
			node->text, nearest);
	}
	struct buffer known = {0};
	yaml_error(document, node, err, "unknown %s \"%s\" (known: %s)", what, node->text,
		listed(&known, names, count));
	buffer_clear(&known);
	return false;
}

bool yaml_check_keys(const struct yaml_document *document, const struct yaml_node *map,
	const char *const *names, size_t count, struct error *err) {
	if (map->kind != YAML_MAP) {
		return yaml_error(document, map, err, "expected keys and values, found %s",
			map->kind == YAML_LIST ? "a list" : "a single value");
	}
	for (size_t i = 0; i < map->count; i += 2) {
		size_t index;
		if (!is_one_of(map->items[i]->text, names, count, &index)) {
			return unknown(document, map->items[i], "key", names, count, err);
		}
	}
	return true;
}

/* What stood there, in words: `found "x"`. */
static bool expected(const struct yaml_document *document, const struct yaml_node *node,
	const char *what, struct error *err) {
	if (node->kind != YAML_SCALAR) {
		return yaml_error(document, node, err, "expected %s, found %s", what,
			node->kind == YAML_LIST ? "a list" : "keys and values");
	}
	if (node->text[0] == '\0' && !node->quoted) {
		return yaml_error(document, node, err, "expected %s, found nothing", what);
	}
	return yaml_error(document, node, err, "expected %s, found \"%s\"", what, node->text);
}

bool yaml_text(const struct yaml_document *document, const struct yaml_node *node,
	const char **value, struct error *err) {
	if (node->kind != YAML_SCALAR || (node->text[0] == '\0' && !node->quoted)) {
		return expected(document, node, "a text", err);
	}
	*value = node->text;
	return true;
}

/* Digits with an optional sign and nothing behind them but what `end` then points at. */
static bool read_digits(const char *text, int64_t *value, const char **end) {
	const char *digits = text + (*text == '-');
	if (*digits < '0' || *digits > '9') {
		return false;
	}
	char *behind;
	errno = 0;
	*value = strtoll(text, &behind, 10);
	*end = behind;
	return errno == 0;
}

bool yaml_int(const struct yaml_document *document, const struct yaml_node *node, int64_t least,
	int64_t most, int64_t *value, struct error *err) {
	char what[96];
	snprintf(what, sizeof what, "a number from %" PRId64 " to %" PRId64, least, most);
	int64_t number = 0;
	const char *end = "";
	if (node->kind != YAML_SCALAR || node->quoted || !read_digits(node->text, &number, &end) ||
		*end || number < least || number > most) {
		return expected(document, node, what, err);
	}
	*value = number;
	return true;
}

bool yaml_bool(const struct yaml_document *document, const struct yaml_node *node, bool *value,
	struct error *err) {
	static const char *const words[] = {"false", "no", "off", "true", "yes", "on"};
	size_t index;
	if (node->kind != YAML_SCALAR || node->quoted || !is_one_of(node->text, words, 6, &index)) {
		return expected(document, node, "true or false", err);
	}
	*value = index >= 3;
	return true;
}

/* A number's unit; the lists below end with the largest. */
struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit byte_units[] = {
	{"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}};
static const struct unit time_units[] = {
	{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

/* Writes `value` with the largest unit that divides it. */
static void print_with_unit(
	char *out, size_t size, int64_t value, const struct unit *units, size_t count) {
	size_t at = count - 1;
	while (at > 0 && (value == 0 || value % units[at].factor != 0)) {
		at--;
	}
	snprintf(out, size, "%" PRId64 " %s", value / units[at].factor, units[at].name);
}

static bool read_with_unit(
	const char *text, const struct unit *units, size_t count, bool unit_needed, int64_t *value) {
	int64_t number;
	const char *unit;
	if (!read_digits(text, &number, &unit) || number < 0) {
		return false;
	}
	unit += strspn(unit, " ");
	if (*unit == '\0' && !unit_needed) {
		*value = number;
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		if (strcmp(unit, units[i].name) == 0) {
			return !__builtin_mul_overflow(number, units[i].factor, value);
		}
	}
	return false;
}

bool yaml_bytes(const struct yaml_document *document, const struct yaml_node *node, int64_t least,
	int64_t most, int64_t *value, struct error *err) {
	int64_t bytes;
	if (node->kind != YAML_SCALAR || !read_with_unit(node->text, byte_units, 4, false, &bytes)) {
		return expected(document, node, "a size such as 10 MiB (B, KiB, MiB, GiB)", err);
	}
	if (bytes < least || bytes > most) {
		char from[40], to[40], what[120];
		print_with_unit(from, sizeof from, least, byte_units, 4);
		print_with_unit(to, sizeof to, most, byte_units, 4);
		snprintf(what, sizeof what, "a size from %s to %s", from, to);
		return expected(document, node, what, err);
	}
	*value = bytes;
	return true;
}

bool yaml_duration_ms(const struct yaml_document *document, const struct yaml_node *node,
	int64_t least, int64_t most, int64_t *value, struct error *err) {
	int64_t ms;
	if (node->kind != YAML_SCALAR || !read_with_unit(node->text, time_units, 5, true, &ms)) {
		return expected(document, node, "a time with its unit such as 10s (ms, s, m, h, d)", err);
	}
	if (ms < least || ms > most) {
		char from[40], to[40], what[120];
		print_with_unit(from, sizeof from, least, time_units, 5);
		print_with_unit(to, sizeof to, most, time_units, 5);
		snprintf(what, sizeof what, "a time from %s to %s", from, to);
		return expected(document, node, what, err);
	}
	*value = ms;
	return true;
}

bool yaml_choice(const struct yaml_document *document, const struct yaml_node *node,
	const char *const *names, size_t count, size_t *index, struct error *err) {
	if (node->kind == YAML_SCALAR && is_one_of(node->text, names, count, index)) {
		return true;
	}
	if (node->kind != YAML_SCALAR || node->text[0] == '\0') {
		struct buffer what = {0};
		buffer_append_text(&what, "one of ");
		expected(document, node, listed(&what, names, count), err);
		buffer_clear(&what);
		return false;
	}
	return unknown(document, node, "value", names, count, err);
}
