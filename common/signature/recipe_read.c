#include "common/signature/recipe_read.h"

#include <string.h>

#include "common/signature/template.h"

static bool fail(struct reading *reading, const struct yaml_node *node, const char *text) {
	return yaml_error(reading->document, node, reading->err, "%s", text);
}

bool recipe_check_header_name(struct reading *reading, const struct yaml_node *node) {
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
								"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	if (node->kind != YAML_SCALAR || node->text[0] == '\0' ||
		node->text[strspn(node->text, token)]) {
		return fail(reading, node, "expected the name of a header");
	}
	return true;
}

static bool names_parameter(struct reading *reading, const char *name) {
	const struct provider_parameter *parameter = reading->parameters;
	while (parameter && parameter->name && strcmp(parameter->name, name) != 0) {
		parameter++;
	}
	return parameter && parameter->name;
}

/* A text that may be "$parameter". */
static bool read_text(struct reading *reading, const struct yaml_node *node, const char **text) {
	if (!yaml_text(reading->document, node, text, reading->err)) {
		return false;
	}
	if ((*text)[0] == '$' && !names_parameter(reading, *text + 1)) {
		return yaml_error(reading->document, node, reading->err,
			"\"%s\" is none of the parameters of this file", *text + 1);
	}
	*text = arena_text(reading->arena, *text);
	return true;
}

static bool read_header(struct reading *reading, const struct yaml_node *node, const char **name) {
	return read_text(reading, node, name) &&
	       ((*name)[0] == '$' || recipe_check_header_name(reading, node));
}

/* One of a table's names, or "$parameter"; kept as the name. */
static bool read_name(struct reading *reading, const struct yaml_node *node,
	const char *const *names, const char **name) {
	if (node->kind == YAML_SCALAR && node->text[0] == '$') {
		return read_text(reading, node, name);
	}
	size_t index = 0;
	if (!yaml_choice(
			reading->document, node, names, recipe_name_count(names), &index, reading->err)) {
		return false;
	}
	*name = names[index];
	return true;
}

static bool read_choice(struct reading *reading, const struct yaml_node *map, const char *key,
	const char *const *names, size_t *index) {
	const struct yaml_node *node = yaml_get(map, key);
	return !node || yaml_choice(reading->document, node, names, recipe_name_count(names), index,
						reading->err);
}

static bool read_separator(
	struct reading *reading, const struct yaml_node *map, const char *key, char *separator) {
	const struct yaml_node *node = yaml_get(map, key);
	if (!node) {
		return true;
	}
	if (node->kind != YAML_SCALAR || strlen(node->text) != 1 || (node->text[0] & 0x80)) {
		return fail(reading, node, "expected one character in quotes");
	}
	*separator = node->text[0];
	return true;
}

static bool read_key_op(struct reading *reading, const struct yaml_node *node, struct key_op *op) {
	if (node->kind != YAML_SCALAR) {
		return fail(reading, node, "expected a step such as base64 or strip_prefix:whsec_");
	}
	const char *colon = strchr(node->text, ':');
	size_t len = colon ? (size_t)(colon - node->text) : strlen(node->text);
	int kind = recipe_name_index(recipe_key_ops, node->text, len);
	if (kind < 0) {
		const char *word = arena_text_of(reading->arena, node->text, len);
		struct yaml_node named = *node;
		named.text = word;
		size_t index;
		return yaml_choice(reading->document, &named, recipe_key_ops,
			recipe_name_count(recipe_key_ops), &index, reading->err);
	}
	bool takes_text = kind == KEY_STRIP_PREFIX || kind == KEY_NEED_PREFIX || kind == KEY_APPEND;
	if (takes_text != (colon && colon[1])) {
		return fail(reading, node,
			takes_text ? "this step needs a text behind a colon" : "this step takes no text");
	}
	op->kind = (enum key_op_kind)kind;
	op->text = takes_text ? arena_text(reading->arena, colon + 1) : NULL;
	return true;
}

static bool read_key(struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	if (!node) {
		return true;
	}
	if (node->kind != YAML_LIST || node->count > RECIPE_KEY_OPS_MAX) {
		return yaml_error(reading->document, node, reading->err,
			"expected a list of at most %d steps", RECIPE_KEY_OPS_MAX);
	}
	struct key_op *ops = arena_zero(reading->arena, node->count + 1, sizeof *ops);
	for (size_t i = 0; i < node->count; i++) {
		if (!read_key_op(reading, node->items[i], &ops[i])) {
			return false;
		}
	}
	recipe->key_ops = ops;
	recipe->key_op_count = node->count;
	return true;
}

static bool read_signature_form(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	const struct yaml_node *trim = yaml_get(node, "trim"), *field = yaml_get(node, "field");
	const struct yaml_node *prefix = yaml_get(node, "prefix");
	const struct yaml_node *encoding = yaml_get(node, "encoding");
	if (!read_separator(reading, node, "list", &recipe->list) ||
		!read_separator(reading, node, "pair", &recipe->pair) ||
		(trim && !yaml_bool(reading->document, trim, &recipe->list_trim, reading->err)) ||
		(field && !read_text(reading, field, &recipe->field)) ||
		(prefix && !read_text(reading, prefix, &recipe->prefix)) ||
		(encoding && !read_name(reading, encoding, recipe_encodings, &recipe->encoding))) {
		return false;
	}
	if ((recipe->pair != 0) != (field != NULL)) {
		return fail(reading, node, "\"pair\" and \"field\" need each other");
	}
	return !recipe->list || recipe->list != recipe->pair ||
	       fail(reading, node, "\"list\" and \"pair\" must not be the same");
}

static bool read_signature(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	static const char *const keys[] = {
		"header", "list", "trim", "pair", "field", "prefix", "encoding"};
	if (!yaml_check_keys(reading->document, node, keys, 7, reading->err)) {
		return false;
	}
	const struct yaml_node *header = yaml_get(node, "header");
	if (!header) {
		return fail(reading, node, "\"header\" is missing");
	}
	return read_header(reading, header, &recipe->header) &&
	       read_signature_form(reading, node, recipe);
}

static bool read_timestamp_place(struct reading *reading, const struct yaml_node *node,
	const struct recipe *recipe, struct recipe_timestamp *timestamp) {
	const struct yaml_node *header = yaml_get(node, "header");
	const struct yaml_node *field = yaml_get(node, "signature");
	if (!header == !field) {
		return fail(reading, node, "expected one of \"header\" and \"signature\"");
	}
	if (header) {
		timestamp->place = TIMESTAMP_HEADER;
		return read_header(reading, header, &timestamp->name);
	}
	if (!recipe->list || !recipe->pair) {
		return fail(reading, field, "needs \"list\" and \"pair\" in the signature's header");
	}
	timestamp->place = TIMESTAMP_SIGNATURE;
	return read_text(reading, field, &timestamp->name);
}

static bool read_timestamp(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	static const char *const keys[] = {"header", "signature", "unit", "tolerance_s", "future"};
	struct recipe_timestamp *timestamp = &recipe->timestamp;
	timestamp->tolerance_s = -1;
	if (!node) {
		return true;
	}
	if (!yaml_check_keys(reading->document, node, keys, 5, reading->err) ||
		!read_timestamp_place(reading, node, recipe, timestamp)) {
		return false;
	}
	size_t unit = UNIT_S, future = FUTURE_SAME;
	int64_t tolerance_s = -1;
	const struct yaml_node *tolerance = yaml_get(node, "tolerance_s");
	if (!read_choice(reading, node, "unit", recipe_units, &unit) ||
		!read_choice(reading, node, "future", recipe_futures, &future) ||
		(tolerance &&
			!yaml_int(reading->document, tolerance, 0, 86400, &tolerance_s, reading->err))) {
		return false;
	}
	timestamp->unit = (enum timestamp_unit)unit;
	timestamp->future = (enum timestamp_future)future;
	timestamp->tolerance_s = (int)tolerance_s;
	return true;
}

/* The template may only use what the scheme has. */
static bool check_terms(
	struct reading *reading, const struct yaml_node *node, const struct recipe *recipe) {
	for (size_t i = 0; i < recipe->term_count; i++) {
		const struct term *term = &recipe->terms[i];
		if (term->kind == TERM_TIMESTAMP && recipe->timestamp.place == TIMESTAMP_NONE) {
			return fail(reading, node, "{timestamp} is used, but \"timestamp\" is missing");
		}
		if (term->kind == TERM_ID && !recipe->id_header) {
			return fail(reading, node, "{id} is used, but \"id\" is missing");
		}
		if (term->kind == TERM_PARAM && !names_parameter(reading, term->text)) {
			return yaml_error(reading->document, node, reading->err,
				"\"%s\" is none of the parameters of this file", term->text);
		}
	}
	return true;
}

static bool read_content(
	struct reading *reading, const struct yaml_node *map, struct recipe *recipe) {
	const struct yaml_node *node = yaml_get(map, "content");
	if (recipe->kind != RECIPE_HMAC) {
		return !node || fail(reading, node, "only a scheme of kind hmac signs a content");
	}
	if (!node) {
		return fail(reading, map, "\"content\" is missing");
	}
	const char *text = NULL;
	if (!yaml_text(reading->document, node, &text, reading->err)) {
		return false;
	}
	struct term *terms = arena_zero(reading->arena, RECIPE_TERMS_MAX, sizeof *terms);
	struct error err = {0};
	if (!template_parse(reading->arena, text, terms, &recipe->term_count, &err)) {
		return fail(reading, node, err.text);
	}
	recipe->terms = terms;
	return check_terms(reading, node, recipe);
}

static bool read_id(struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	static const char *const keys[] = {"header"};
	if (!node) {
		return true;
	}
	const struct yaml_node *header = yaml_get(node, "header");
	if (!yaml_check_keys(reading->document, node, keys, 1, reading->err)) {
		return false;
	}
	return header ? read_header(reading, header, &recipe->id_header)
	              : fail(reading, node, "\"header\" is missing");
}

static bool read_basics(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	const struct yaml_node *label = yaml_get(node, "label"), *hash = yaml_get(node, "hash");
	const struct yaml_node *legacy = yaml_get(node, "legacy");
	size_t kind = RECIPE_HMAC;
	if (!read_choice(reading, node, "kind", recipe_kinds, &kind) ||
		(label && !yaml_text(reading->document, label, &recipe->label, reading->err)) ||
		(hash && !read_name(reading, hash, recipe_hashes, &recipe->hash)) ||
		(legacy && !yaml_bool(reading->document, legacy, &recipe->legacy, reading->err))) {
		return false;
	}
	recipe->kind = (enum recipe_kind)kind;
	recipe->label = arena_text(reading->arena, recipe->label);
	return true;
}

static bool check_encoding(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	bool mac = recipe->kind == RECIPE_HMAC;
	if (!recipe->encoding) {
		recipe->encoding = recipe_encodings[mac ? ENCODING_HEX : ENCODING_TEXT];
	}
	bool text = strcmp(recipe->encoding, recipe_encodings[ENCODING_TEXT]) == 0;
	return text != mac || fail(reading, node,
							  mac ? "a MAC is not a text: expected hex, base64 or base64url"
								  : "a secret travels as text");
}

bool recipe_read(struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	static const char *const keys[] = {
		"label", "kind", "hash", "key", "signature", "timestamp", "id", "content", "legacy"};
	if (!yaml_check_keys(reading->document, node, keys, sizeof keys / sizeof *keys, reading->err)) {
		return false;
	}
	*recipe = (struct recipe){.label = "default", .hash = recipe_hashes[0], .prefix = ""};
	const struct yaml_node *signature = yaml_get(node, "signature");
	if (!signature) {
		return fail(reading, node, "\"signature\" is missing");
	}
	return read_basics(reading, node, recipe) && read_key(reading, yaml_get(node, "key"), recipe) &&
	       read_signature(reading, signature, recipe) && check_encoding(reading, node, recipe) &&
	       read_timestamp(reading, yaml_get(node, "timestamp"), recipe) &&
	       read_id(reading, yaml_get(node, "id"), recipe) && read_content(reading, node, recipe);
}
