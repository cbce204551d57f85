#include "common/signature/provider_read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/business_key_yaml.h"
#include "common/signature/delivery_read.h"
#include "common/signature/handshake_read.h"
#include "common/signature/recipe.h"
#include "common/signature/recipe_read.h"

#define HEADERS_MAX 8
#define TYPES_MAX 64

/* A list of texts, NULL-terminated. `check` may be NULL. */
static bool read_texts(struct reading *reading, const struct yaml_node *node, size_t most,
	bool (*check)(struct reading *, const struct yaml_node *), const char *const **texts) {
	if (node->kind != YAML_LIST || node->count == 0 || node->count > most) {
		return yaml_error(
			reading->document, node, reading->err, "expected a list of 1 to %zu texts", most);
	}
	const char **made = arena_zero(reading->arena, node->count + 1, sizeof *made);
	for (size_t i = 0; i < node->count; i++) {
		const char *text = NULL;
		if (!yaml_text(reading->document, node->items[i], &text, reading->err) ||
			(check && !check(reading, node->items[i]))) {
			return false;
		}
		made[i] = arena_text(reading->arena, text);
	}
	*texts = made;
	return true;
}

static bool read_recognise(
	struct reading *reading, const struct yaml_node *node, struct provider *provider) {
	static const char *const keys[] = {"headers", "types", "generic"};
	if (!node) {
		return true;
	}
	if (!yaml_check_keys(reading->document, node, keys, 3, reading->err)) {
		return false;
	}
	const struct yaml_node *headers = yaml_get(node, "headers"), *types = yaml_get(node, "types");
	const struct yaml_node *generic = yaml_get(node, "generic");
	if (!headers) {
		return yaml_error(reading->document, node, reading->err, "\"headers\" is missing");
	}
	return read_texts(reading, headers, HEADERS_MAX, reading_check_header_name,
			   &provider->recognise_headers) &&
	       (!types || read_texts(reading, types, TYPES_MAX, NULL, &provider->recognise_types)) &&
	       (!generic || yaml_bool(reading->document, generic, &provider->generic, reading->err));
}

static bool read_field(
	struct reading *reading, const struct yaml_node *node, struct provider_field *field) {
	static const char *const keys[] = {"header", "json", "form", "multipart_json", "token"};
	size_t index = 0;
	if (!node) {
		return true;
	}
	if (!yaml_check_keys(reading->document, node, keys, 5, reading->err)) {
		return false;
	}
	if (node->count != 2) {
		return yaml_error(reading->document, node, reading->err,
			"expected one of \"header\", \"json\", \"form\", \"multipart_json\" and \"token\"");
	}
	while (strcmp(keys[index], node->items[0]->text) != 0) {
		index++;
	}
	field->place = (enum field_place)(FIELD_HEADER + index);
	const struct yaml_node *path = node->items[1];
	if (field->place == FIELD_HEADER && !reading_check_header_name(reading, path)) {
		return false;
	}
	if (path->kind == YAML_SCALAR && strlen(path->text) > PROVIDER_PATH_LEN) {
		return yaml_error(
			reading->document, path, reading->err, "longer than %d characters", PROVIDER_PATH_LEN);
	}
	return reading_text_opt(reading, node, node->items[0]->text, &field->path);
}

/* name: fallback, or a name with nothing behind it for one that must be given */
static bool read_parameters(
	struct reading *reading, const struct yaml_node *node, struct provider *provider) {
	if (!node) {
		return true;
	}
	if (node->kind != YAML_MAP || node->count == 0 ||
		node->count > (size_t)2 * RECIPE_PARAMETERS_MAX) {
		return yaml_error(reading->document, node, reading->err,
			"expected 1 to %d names with their defaults", RECIPE_PARAMETERS_MAX);
	}
	size_t count = node->count / 2;
	struct provider_parameter *parameters =
		arena_zero(reading->arena, count + 1, sizeof *parameters);
	for (size_t i = 0; i < count; i++) {
		const struct yaml_node *value = node->items[2 * i + 1];
		if (value->kind != YAML_SCALAR) {
			return yaml_error(reading->document, value, reading->err, "expected a default");
		}
		bool given = value->quoted || value->text[0];
		parameters[i].name = arena_text(reading->arena, node->items[2 * i]->text);
		parameters[i].fallback = given ? arena_text(reading->arena, value->text) : NULL;
	}
	provider->parameters = parameters;
	return true;
}

/* What people ask by. */
static bool read_keys(
	struct reading *reading, const struct yaml_node *node, struct provider *provider) {
	struct business_key *keys = NULL;
	if (!node) {
		return true;
	}
	keys = arena_zero(reading->arena, BUSINESS_KEYS_MAX, sizeof *keys);
	provider->keys = keys;
	return business_keys_read_yaml(
		keys, &provider->key_count, reading->document, node, reading->err);
}

static bool read_schemes(
	struct reading *reading, const struct yaml_node *node, struct provider *provider) {
	if (node->kind != YAML_LIST || node->count == 0 || node->count > RECIPE_SCHEMES_MAX) {
		return yaml_error(reading->document, node, reading->err,
			"expected a list of 1 to %d schemes", RECIPE_SCHEMES_MAX);
	}
	struct recipe *recipes = arena_zero(reading->arena, node->count, sizeof *recipes);
	for (size_t i = 0; i < node->count; i++) {
		if (!recipe_read(reading, node->items[i], &recipes[i])) {
			return false;
		}
	}
	provider->recipes = recipes;
	provider->recipe_count = node->count;
	return true;
}

static bool read_facts(
	struct reading *reading, const struct yaml_node *root, struct provider *provider) {
	if (!reading_confidence(reading, root, &provider->confirmed)) {
		return false;
	}
	return reading_text_opt(reading, root, "title", &provider->title) &&
	       reading_text_opt(reading, root, "documentation", &provider->documentation) &&
	       reading_text_opt(reading, root, "source", &provider->source) &&
	       reading_text_opt(reading, root, "notes", &provider->notes);
}

/* A file says how its provider signs, or that it does not, or only how it shakes hands. */
static bool check_schemes(struct reading *reading, const struct yaml_node *root) {
	const struct yaml_node *schemes = yaml_get(root, "schemes");
	const struct yaml_node *node = yaml_get(root, "unsigned");
	bool nothing = false;
	if (node && !yaml_bool(reading->document, node, &nothing, reading->err)) {
		return false;
	}
	if (schemes && nothing) {
		return reading_fail(reading, node, "\"unsigned\" and \"schemes\" contradict each other");
	}
	return schemes || nothing || yaml_get(root, "handshake") ||
	       reading_fail(reading, root, "\"schemes\" is missing");
}

static bool read_root(
	struct reading *reading, const struct yaml_node *root, struct provider *provider) {
	static const char *const keys[] = {"title", "documentation", "source", "confidence",
		"recognise", "event_type", "event_id", "delivery", "parameters", "schemes", "handshake",
		"notes", "unsigned", "keys"};
	if (!yaml_check_keys(reading->document, root, keys, sizeof keys / sizeof *keys, reading->err)) {
		return false;
	}
	const struct yaml_node *schemes = yaml_get(root, "schemes");
	const struct yaml_node *handshake = yaml_get(root, "handshake");
	if (!check_schemes(reading, root)) {
		return false;
	}
	if (!read_facts(reading, root, provider) ||
		!read_parameters(reading, yaml_get(root, "parameters"), provider)) {
		return false;
	}
	reading->parameters = provider->parameters;
	return read_recognise(reading, yaml_get(root, "recognise"), provider) &&
	       read_field(reading, yaml_get(root, "event_type"), &provider->type) &&
	       read_field(reading, yaml_get(root, "event_id"), &provider->id) &&
	       delivery_read(reading, yaml_get(root, "delivery"), provider) &&
	       read_keys(reading, yaml_get(root, "keys"), provider) &&
	       (!schemes || read_schemes(reading, schemes, provider)) &&
	       (!handshake || handshake_read(reading, handshake, provider));
}

/* "folder/stripe.yaml" -> "stripe", or NULL when that is no name. */
static const char *name_of_file(struct arena *arena, const char *file) {
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;
	size_t len = strlen(name);
	if (len > 5 && strcmp(name + len - 5, ".yaml") == 0) {
		len -= 5;
	}
	bool good = len > 0 && len <= PROVIDER_NAME_LEN && isalnum((unsigned char)name[0]);
	for (size_t i = 0; i < len && good; i++) {
		good = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') ||
		       name[i] == '-' || name[i] == '.';
	}
	return good ? arena_text_of(arena, name, len) : NULL;
}

const struct provider *provider_read(
	struct arena *arena, const struct yaml_document *document, struct error *err) {
	struct reading reading = {.arena = arena, .document = document, .err = err};
	struct provider *provider = arena_zero(arena, 1, sizeof *provider);
	const char *file = yaml_file(document);
	provider->name = name_of_file(arena, file);
	if (!provider->name) {
		error_set(err, ERROR_CONFIG,
			"%s:1:1: the name of the file names the provider: small letters, digits, '-' and '.', "
			"then .yaml",
			file);
		return NULL;
	}
	provider->title = provider->name;
	const struct yaml_node *root = yaml_root(document);
	if (!root) {
		error_set(err, ERROR_CONFIG, "%s:1:1: the file is empty", file);
		return NULL;
	}
	return read_root(&reading, root, provider) ? provider : NULL;
}
