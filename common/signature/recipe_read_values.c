#include <string.h>

#include "common/signature/recipe_read.h"

/* More numbered headers would only cost time. */
#define NUMBERED_MAX 100

static bool read_separator(
	struct reading *reading, const struct yaml_node *map, const char *key, char *separator) {
	const struct yaml_node *node = yaml_get(map, key);
	if (!node) {
		return true;
	}
	if (node->kind != YAML_SCALAR || strlen(node->text) != 1 || (node->text[0] & 0x80)) {
		return reading_fail(reading, node, "expected one character in quotes");
	}
	*separator = node->text[0];
	return true;
}

/* "," or ", ": the blank is written, and blanks are removed when reading. */
static bool read_list(struct reading *reading, const struct yaml_node *map, struct recipe *recipe) {
	const struct yaml_node *node = yaml_get(map, "list");
	recipe->list_blank = node && node->kind == YAML_SCALAR && strlen(node->text) == 2 &&
	                     node->text[0] != ' ' && node->text[1] == ' ';
	if (!recipe->list_blank) {
		return read_separator(reading, map, "list", &recipe->list);
	}
	recipe->list_trim = true;
	recipe->list = node->text[0];
	return true;
}

static bool check_form(
	struct reading *reading, const struct yaml_node *node, const struct recipe *recipe) {
	if ((recipe->pair != 0) != (recipe->field != NULL)) {
		return reading_fail(reading, node, "\"pair\" and \"field\" need each other");
	}
	if (recipe->list && recipe->list == recipe->pair) {
		return reading_fail(reading, node, "\"list\" and \"pair\" must not be the same");
	}
	return !recipe->first || (recipe->list && !recipe->pair) ||
	       reading_fail(reading, node, "\"first\" needs a \"list\" without \"pair\"");
}

static bool read_form(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	const struct yaml_node *trim = yaml_get(node, "trim"), *field = yaml_get(node, "field");
	const struct yaml_node *prefix = yaml_get(node, "prefix"), *first = yaml_get(node, "first");
	const struct yaml_node *encoding = yaml_get(node, "encoding"), *exact = yaml_get(node, "exact");
	if (!read_list(reading, node, recipe) ||
		!read_separator(reading, node, "pair", &recipe->pair) ||
		(trim && !yaml_bool(reading->document, trim, &recipe->list_trim, reading->err)) ||
		(exact && !yaml_bool(reading->document, exact, &recipe->exact, reading->err)) ||
		(field && !reading_text(reading, field, &recipe->field)) ||
		(first && !reading_text(reading, first, &recipe->first)) ||
		(prefix && !reading_text(reading, prefix, &recipe->prefix)) ||
		(encoding && !reading_name(reading, encoding, recipe_encodings, &recipe->encoding))) {
		return false;
	}
	return check_form(reading, node, recipe);
}

/* Several values: numbered headers, or one in each element of a list. */
static bool read_repetition(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	const struct yaml_node *numbered = yaml_get(node, "numbered"), *every = yaml_get(node, "every");
	int64_t most = 0;
	if (numbered && !yaml_int(reading->document, numbered, 1, NUMBERED_MAX, &most, reading->err)) {
		return false;
	}
	recipe->numbered = (int)most;
	if (numbered && recipe->place != PLACE_HEADER) {
		return reading_fail(reading, numbered, "only headers are numbered");
	}
	if (every && (recipe->place != PLACE_JSON || recipe->kind != RECIPE_TOKEN)) {
		return reading_fail(reading, every, "needs a token in \"json\"");
	}
	return !every || reading_text(reading, every, &recipe->every);
}

static bool read_signature(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	static const char *const keys[] = {"header", "query", "form", "json", "multipart_json", "body",
		"numbered", "every", "list", "trim", "pair", "field", "first", "exact", "prefix",
		"encoding"};
	return yaml_check_keys(
			   reading->document, node, keys, sizeof keys / sizeof *keys, reading->err) &&
	       reading_place(reading, node,
			   PLACE_BIT(PLACE_HEADER) | PLACE_BIT(PLACE_QUERY) | PLACE_BIT(PLACE_FORM) |
				   PLACE_BIT(PLACE_JSON) | PLACE_BIT(PLACE_MULTIPART_JSON) | PLACE_BIT(PLACE_BODY),
			   &recipe->place, &recipe->header) &&
	       read_repetition(reading, node, recipe) && read_form(reading, node, recipe);
}

/* Whether what carries the signature has other fields beside it. */
static bool has_fields(
	struct reading *reading, const struct yaml_node *node, const struct recipe *recipe) {
	return recipe->first || (recipe->list && recipe->pair) ||
	       reading_fail(reading, node, "needs \"list\" and \"pair\" in the signature's header");
}

static bool read_timestamp_rules(
	struct reading *reading, const struct yaml_node *node, struct recipe_timestamp *timestamp) {
	size_t unit = UNIT_S, future = FUTURE_SAME, repeated = REPEATED_REFUSE;
	int64_t tolerance_s = -1;
	const struct yaml_node *tolerance = yaml_get(node, "tolerance_s");
	const struct yaml_node *optional = yaml_get(node, "optional");
	const struct yaml_node *unread = yaml_get(node, "unread");
	if (!reading_choice(reading, node, "unit", recipe_units, &unit) ||
		!reading_choice(reading, node, "future", recipe_futures, &future) ||
		!reading_choice(reading, node, "repeated", recipe_repeated, &repeated) ||
		(unread && !yaml_bool(reading->document, unread, &timestamp->unread, reading->err)) ||
		(optional && !yaml_bool(reading->document, optional, &timestamp->optional, reading->err)) ||
		(tolerance &&
			!yaml_int(reading->document, tolerance, 0, 86400, &tolerance_s, reading->err))) {
		return false;
	}
	timestamp->unit = (enum timestamp_unit)unit;
	timestamp->future = (enum timestamp_future)future;
	timestamp->repeated = (enum timestamp_repeated)repeated;
	timestamp->tolerance_s = (int)tolerance_s;
	return !timestamp->unread || !tolerance ||
	       reading_fail(reading, unread, "what is not read has no tolerance");
}

static bool read_timestamp(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	static const char *const keys[] = {"header", "signature", "json", "unit", "tolerance_s",
		"future", "optional", "unread", "repeated"};
	struct recipe_timestamp *timestamp = &recipe->timestamp;
	timestamp->tolerance_s = -1;
	if (!node) {
		return true;
	}
	return yaml_check_keys(
			   reading->document, node, keys, sizeof keys / sizeof *keys, reading->err) &&
	       reading_place(reading, node,
			   PLACE_BIT(PLACE_HEADER) | PLACE_BIT(PLACE_SIGNATURE) | PLACE_BIT(PLACE_JSON),
			   &timestamp->place, &timestamp->name) &&
	       (timestamp->place != PLACE_SIGNATURE ||
			   has_fields(reading, yaml_get(node, "signature"), recipe)) &&
	       read_timestamp_rules(reading, node, timestamp);
}

static bool read_id(struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	static const char *const keys[] = {"header", "signature"};
	if (!node) {
		return true;
	}
	return yaml_check_keys(reading->document, node, keys, 2, reading->err) &&
	       reading_place(reading, node, PLACE_BIT(PLACE_HEADER) | PLACE_BIT(PLACE_SIGNATURE),
			   &recipe->id_place, &recipe->id_header) &&
	       (recipe->id_place != PLACE_SIGNATURE ||
			   has_fields(reading, yaml_get(node, "signature"), recipe));
}

bool recipe_read_values(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	const struct yaml_node *signature = yaml_get(node, "signature");
	if (!signature) {
		return reading_fail(reading, node, "\"signature\" is missing");
	}
	if (!read_signature(reading, signature, recipe) ||
		!read_timestamp(reading, yaml_get(node, "timestamp"), recipe) ||
		!read_id(reading, yaml_get(node, "id"), recipe)) {
		return false;
	}
	bool both = recipe->pair && recipe->timestamp.place == PLACE_SIGNATURE;
	return !recipe->exact || both ||
	       reading_fail(reading, signature, "\"exact\" needs a timestamp beside the signature");
}
