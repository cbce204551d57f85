#include <string.h>

#include "common/signature/recipe_public.h"
#include "common/signature/recipe_read.h"
#include "common/signature/template.h"

/* A term may only use what the scheme has. */
static bool check_term(struct reading *reading, const struct yaml_node *node,
	const struct recipe *recipe, const struct term *term) {
	if (term->kind == TERM_TIMESTAMP && recipe->timestamp.place == PLACE_NONE) {
		return reading_fail(reading, node, "{timestamp} is used, but \"timestamp\" is missing");
	}
	if (term->kind == TERM_ID && !recipe->id_header) {
		return reading_fail(reading, node, "{id} is used, but \"id\" is missing");
	}
	if (term->kind == TERM_SIGNATURE && !(recipe->list && recipe->pair)) {
		return reading_fail(
			reading, node, "{signature:...} needs \"list\" and \"pair\" in the signature's header");
	}
	if (term->kind == TERM_SECRET && term->step_count > 0) {
		return reading_fail(reading, node, "{secret} takes no steps");
	}
	if (term->kind == TERM_PARAM && !reading_has_parameter(reading, term->text)) {
		return yaml_error(reading->document, node, reading->err,
			"\"%s\" is none of the parameters of this file", term->text);
	}
	return true;
}

static bool read_template(struct reading *reading, const struct yaml_node *node,
	const struct recipe *recipe, struct recipe_content *content) {
	const char *text = NULL;
	if (!yaml_text(reading->document, node, &text, reading->err)) {
		return false;
	}
	struct term *terms = arena_zero(reading->arena, RECIPE_TERMS_MAX, sizeof *terms);
	struct error err = {0};
	if (!template_parse(reading->arena, text, terms, &content->term_count, &err)) {
		return reading_fail(reading, node, err.text);
	}
	content->terms = terms;
	for (size_t i = 0; i < content->term_count; i++) {
		if (!check_term(reading, node, recipe, &terms[i])) {
			return false;
		}
	}
	return true;
}

/* A digest without the secret in it could be made by anybody. */
static bool check_secret(struct reading *reading, const struct yaml_node *node,
	const struct recipe *recipe, const struct recipe_content *content) {
	bool found = recipe->kind != RECIPE_DIGEST;
	for (size_t i = 0; i < content->term_count && !found; i++) {
		found = content->terms[i].kind == TERM_SECRET && content->terms[i].group == 0;
	}
	return found || reading_fail(reading, node, "a digest needs {secret} in its content");
}

static bool read_signed(struct reading *reading, const struct yaml_node *node,
	const struct recipe *recipe, struct recipe_content *content) {
	return read_template(reading, node, recipe, content) &&
	       check_secret(reading, node, recipe, content);
}

static bool read_content(
	struct reading *reading, const struct yaml_node *map, struct recipe *recipe) {
	const struct yaml_node *node = yaml_get(map, "content");
	struct recipe_content content = {0};
	bool detached = recipe->publics && recipe->publics->detached;
	if (!recipe_signs_content(recipe) && !detached) {
		return !node || reading_fail(reading, node,
							"only a scheme of kind hmac, digest or signature signs a content");
	}
	if (!node) {
		return reading_fail(reading, map, "\"content\" is missing");
	}
	if (!read_signed(reading, node, recipe, &content)) {
		return false;
	}
	recipe->terms = content.terms;
	recipe->term_count = content.term_count;
	return true;
}

static bool read_alternatives(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	if (!node) {
		return true;
	}
	if (node->kind != YAML_LIST || node->count == 0 || node->count > RECIPE_ALTERNATIVES_MAX ||
		recipe->term_count == 0) {
		return yaml_error(reading->document, node, reading->err,
			"expected a list of 1 to %d contents beside \"content\"", RECIPE_ALTERNATIVES_MAX);
	}
	struct recipe_content *contents = arena_zero(reading->arena, node->count, sizeof *contents);
	for (size_t i = 0; i < node->count; i++) {
		if (!read_signed(reading, node->items[i], recipe, &contents[i])) {
			return false;
		}
	}
	recipe->alternatives = contents;
	recipe->alternative_count = node->count;
	return true;
}

static bool read_need(
	struct reading *reading, const struct yaml_node *node, struct recipe_need *need) {
	static const char *const keys[] = {"header", "equals"};
	if (!yaml_check_keys(reading->document, node, keys, 2, reading->err)) {
		return false;
	}
	const struct yaml_node *header = yaml_get(node, "header"), *equals = yaml_get(node, "equals");
	if (!header) {
		return reading_fail(reading, node, "\"header\" is missing");
	}
	return reading_header(reading, header, &need->header) &&
	       (!equals || reading_text(reading, equals, &need->equals));
}

static bool read_needs(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	if (!node) {
		return true;
	}
	if (node->kind != YAML_LIST || node->count == 0 || node->count > RECIPE_NEEDS_MAX) {
		return yaml_error(reading->document, node, reading->err,
			"expected a list of 1 to %d headers", RECIPE_NEEDS_MAX);
	}
	struct recipe_need *needs = arena_zero(reading->arena, node->count, sizeof *needs);
	for (size_t i = 0; i < node->count; i++) {
		if (!read_need(reading, node->items[i], &needs[i])) {
			return false;
		}
	}
	recipe->needs = needs;
	recipe->need_count = node->count;
	return true;
}

/* {query: NAME, equals: TEMPLATE} or {query: NAME, absent: true} */
static bool read_when(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	static const char *const keys[] = {"header", "query", "form", "json", "equals", "absent"};
	bool absent = false;
	if (!node) {
		return true;
	}
	if (!yaml_check_keys(reading->document, node, keys, sizeof keys / sizeof *keys, reading->err) ||
		!reading_place(reading, node,
			PLACE_BIT(PLACE_HEADER) | PLACE_BIT(PLACE_QUERY) | PLACE_BIT(PLACE_FORM) |
				PLACE_BIT(PLACE_JSON),
			&recipe->when.place, &recipe->when.name)) {
		return false;
	}
	const struct yaml_node *equals = yaml_get(node, "equals"), *none = yaml_get(node, "absent");
	if (!equals == !none) {
		return reading_fail(reading, node, "expected one of \"equals\" and \"absent\"");
	}
	if (none) {
		return yaml_bool(reading->document, none, &absent, reading->err) &&
		       (absent || reading_fail(reading, none, "expected true"));
	}
	return read_template(reading, equals, recipe, &recipe->when.equals);
}

bool recipe_read_contents(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	const struct yaml_node *covers = yaml_get(node, "covers_body");
	return read_content(reading, node, recipe) &&
	       read_alternatives(reading, yaml_get(node, "alternatives"), recipe) &&
	       read_needs(reading, yaml_get(node, "require"), recipe) &&
	       read_when(reading, yaml_get(node, "when"), recipe) &&
	       (!covers || yaml_bool(reading->document, covers, &recipe->covers_body, reading->err));
}
