#include "tui/screen_settings.h"

#include <string.h>

#include "tui/screen/key.h"

struct reader {
	const struct yaml_document *document;
	struct keymap *keymap;
	struct error *err;
};

void screen_settings_init(struct screen_settings *settings) {
	*settings = (struct screen_settings){0};
	keymap_init(&settings->keymap);
	masking_init(&settings->mask);
}

/* --- keys --- */

static bool blame(
	const struct reader *reader, const struct yaml_node *node, const struct error *why) {
	return yaml_error(reader->document, node, reader->err, "%s", why->text);
}

static bool read_key(const struct reader *reader, const struct yaml_node *node, uint32_t *key) {
	const char *text;
	if (!yaml_text(reader->document, node, &text, reader->err)) {
		return false;
	}
	return key_parse(span_text(text), key) ||
	       yaml_error(reader->document, node, reader->err,
			   "\"%s\" is no key: one character, such as r, or Ctrl-R, Up, PgDn, Enter, Space, "
			   "Esc, Tab; not Ctrl-H, I, J or M, which are others",
			   text);
}

/* One key, a list of them, or `none`. */
static bool read_binding(
	const struct reader *reader, const struct yaml_node *name, const struct yaml_node *value) {
	struct error why = {0};
	uint32_t keys[KEYMAP_KEYS];
	bool list = value->kind == YAML_LIST;
	size_t count = list ? value->count : 1;
	const struct binding *binding = keymap_find(name->text, &why);
	if (!binding) {
		return blame(reader, name, &why);
	}
	if (count > KEYMAP_KEYS) {
		return yaml_error(
			reader->document, value, reader->err, "expected at most %d keys", KEYMAP_KEYS);
	}
	if (value->kind == YAML_SCALAR && !value->quoted && strcmp(value->text, "none") == 0) {
		count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		if (!read_key(reader, list ? value->items[i] : value, &keys[i])) {
			return false;
		}
	}
	return keymap_bind(reader->keymap, binding, keys, count, &why) || blame(reader, value, &why);
}

/* The line of the file that gave a row its keys; else all of them. */
static const struct yaml_node *node_of(const struct yaml_node *map, const struct binding *binding) {
	const char *name = binding ? keymap_name(binding) : NULL;
	const struct yaml_node *value = name ? yaml_get(map, name) : NULL;
	return value ? value : map;
}

static bool read_keys(const struct reader *reader, const struct yaml_node *map) {
	struct error why = {0};
	const struct binding *binding;
	if (map->kind != YAML_MAP) {
		return yaml_error(reader->document, map, reader->err,
			"expected what is done and its keys, such as replay: [r, Ctrl-R]");
	}
	for (size_t i = 0; i + 1 < map->count; i += 2) {
		if (!read_binding(reader, map->items[i], map->items[i + 1])) {
			return false;
		}
	}
	return keymap_check(reader->keymap, &binding, &why) ||
	       blame(reader, node_of(map, binding), &why);
}

/* --- what is masked --- */

typedef bool add_fn(struct masking *masking, const char *text, struct error *err);

static bool read_list(struct masking *masking, const struct yaml_document *document,
	const struct yaml_node *list, add_fn *add, struct error *err) {
	if (list->kind != YAML_LIST) {
		return yaml_error(document, list, err, "expected a list, such as [X-Api-Key]");
	}
	for (size_t i = 0; i < list->count; i++) {
		const char *text;
		struct error why = {0};
		if (!yaml_text(document, list->items[i], &text, err)) {
			return false;
		}
		if (!add(masking, text, &why)) {
			return yaml_error(document, list->items[i], err, "%s", why.text);
		}
	}
	return true;
}

static bool read_mask(struct masking *masking, const struct yaml_document *document,
	const struct yaml_node *map, struct error *err) {
	static const char *const names[] = {"headers", "fields"};
	if (map->kind != YAML_MAP) {
		return yaml_error(document, map, err, "expected headers and fields");
	}
	const struct yaml_node *headers = yaml_get(map, "headers"), *fields = yaml_get(map, "fields");
	return yaml_check_keys(document, map, names, 2, err) &&
	       (!headers || read_list(masking, document, headers, masking_add_header, err)) &&
	       (!fields || read_list(masking, document, fields, masking_add_field, err));
}

bool screen_settings_read(struct screen_settings *settings, const struct yaml_document *document,
	const struct yaml_node *root, struct error *err) {
	const struct reader reader = {document, &settings->keymap, err};
	const struct yaml_node *keys = yaml_get(root, "keys"), *theme = yaml_get(root, "theme");
	const struct yaml_node *mask = yaml_get(root, "mask"), *readonly = yaml_get(root, "readonly");
	size_t chosen = 0;
	if (theme && !yaml_choice(document, theme, theme_names, THEME_COUNT, &chosen, err)) {
		return false;
	}
	settings->theme = (enum theme)chosen;
	return (!keys || read_keys(&reader, keys)) &&
	       (!readonly || yaml_bool(document, readonly, &settings->readonly, err)) &&
	       (!mask || read_mask(&settings->mask, document, mask, err));
}
