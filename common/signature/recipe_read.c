#include "common/signature/recipe_read.h"

#include <string.h>

#include "common/signature/recipe_read_public.h"

static bool takes_text(enum key_op_kind kind) {
	return kind == KEY_STRIP_PREFIX || kind == KEY_NEED_PREFIX || kind == KEY_APPEND ||
	       kind == KEY_PREPEND || kind == KEY_STRIP_TAG;
}

static bool unknown_op(struct reading *reading, const struct yaml_node *node, size_t len) {
	struct yaml_node named = *node;
	size_t index;
	named.text = arena_text_of(reading->arena, node->text, len);
	return yaml_choice(reading->document, &named, recipe_key_ops, recipe_name_count(recipe_key_ops),
		&index, reading->err);
}

/* What stands behind the colon of a step: "$parameter" or text. */
static bool read_op_text(
	struct reading *reading, const struct yaml_node *node, const char *text, struct key_op *op) {
	struct yaml_node argument = *node;
	argument.text = text;
	return op->kind == KEY_PREPEND ? reading_text(reading, &argument, &op->text)
	                               : (op->text = arena_text(reading->arena, text)) != NULL;
}

static bool read_key_op(struct reading *reading, const struct yaml_node *node, struct key_op *op) {
	if (node->kind != YAML_SCALAR) {
		return reading_fail(reading, node, "expected a step such as base64 or strip_prefix:whsec_");
	}
	const char *colon = strchr(node->text, ':');
	size_t len = colon ? (size_t)(colon - node->text) : strlen(node->text);
	int kind = recipe_name_index(recipe_key_ops, node->text, len);
	if (kind < 0) {
		return unknown_op(reading, node, len);
	}
	op->kind = (enum key_op_kind)kind;
	if (takes_text(op->kind) != (colon && colon[1])) {
		return reading_fail(reading, node,
			takes_text(op->kind) ? "this step needs a text behind a colon"
								 : "this step takes no text");
	}
	return !takes_text(op->kind) || read_op_text(reading, node, colon + 1, op);
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

static bool read_basics(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	const struct yaml_node *label = yaml_get(node, "label"), *hash = yaml_get(node, "hash");
	const struct yaml_node *legacy = yaml_get(node, "legacy"), *secret = yaml_get(node, "secret");
	size_t kind = RECIPE_HMAC;
	if (!reading_choice(reading, node, "kind", recipe_kinds, &kind) ||
		(label && !yaml_text(reading->document, label, &recipe->label, reading->err)) ||
		(secret && !yaml_text(reading->document, secret, &recipe->secret, reading->err)) ||
		(hash && !reading_name(reading, hash, recipe_hashes, &recipe->hash)) ||
		(legacy && !yaml_bool(reading->document, legacy, &recipe->legacy, reading->err))) {
		return false;
	}
	recipe->kind = (enum recipe_kind)kind;
	recipe->label = arena_text(reading->arena, recipe->label);
	recipe->secret = arena_text(reading->arena, recipe->secret);
	return true;
}

static bool check_encoding(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	bool mac = recipe_signs_content(recipe);
	if (!recipe->encoding) {
		recipe->encoding = recipe_encodings[mac ? ENCODING_HEX : ENCODING_TEXT];
	}
	bool text = strcmp(recipe->encoding, recipe_encodings[ENCODING_TEXT]) == 0;
	return text != mac || reading_fail(reading, node,
							  mac ? "a MAC is not a text: expected hex, base64 or base64url"
								  : "a secret travels as text");
}

bool recipe_read(struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	static const char *const keys[] = {"label", "kind", "hash", "key", "secret", "signature",
		"timestamp", "id", "content", "alternatives", "require", "when", "covers_body", "legacy",
		RECIPE_PUBLIC_KEYS};
	if (!yaml_check_keys(reading->document, node, keys, sizeof keys / sizeof *keys, reading->err)) {
		return false;
	}
	*recipe = (struct recipe){.label = "default", .hash = recipe_hashes[0], .prefix = ""};
	return read_basics(reading, node, recipe) && read_key(reading, yaml_get(node, "key"), recipe) &&
	       recipe_read_values(reading, node, recipe) && recipe_read_public(reading, node, recipe) &&
	       check_encoding(reading, node, recipe) && recipe_read_contents(reading, node, recipe);
}
