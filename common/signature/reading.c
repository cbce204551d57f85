#include "common/signature/reading.h"

#include <stdio.h>
#include <string.h>

bool reading_fail(struct reading *reading, const struct yaml_node *node, const char *text) {
	return yaml_error(reading->document, node, reading->err, "%s", text);
}

bool reading_has_parameter(const struct reading *reading, const char *name) {
	const struct provider_parameter *parameter = reading->parameters;
	while (parameter && parameter->name && strcmp(parameter->name, name) != 0) {
		parameter++;
	}
	return parameter && parameter->name;
}

bool reading_check_header_name(struct reading *reading, const struct yaml_node *node) {
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
								"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	if (node->kind != YAML_SCALAR || node->text[0] == '\0' ||
		node->text[strspn(node->text, token)]) {
		return reading_fail(reading, node, "expected the name of a header");
	}
	return true;
}

bool reading_text(struct reading *reading, const struct yaml_node *node, const char **text) {
	if (!yaml_text(reading->document, node, text, reading->err)) {
		return false;
	}
	if ((*text)[0] == '$' && !reading_has_parameter(reading, *text + 1)) {
		return yaml_error(reading->document, node, reading->err,
			"\"%s\" is none of the parameters of this file", *text + 1);
	}
	*text = arena_text(reading->arena, *text);
	return true;
}

bool reading_text_opt(
	struct reading *reading, const struct yaml_node *map, const char *key, const char **text) {
	const struct yaml_node *node = yaml_get(map, key);
	if (!node) {
		return true;
	}
	if (!yaml_text(reading->document, node, text, reading->err)) {
		return false;
	}
	*text = arena_text(reading->arena, *text);
	return true;
}

bool reading_confidence(struct reading *reading, const struct yaml_node *map, bool *confirmed) {
	static const char *const words[] = {"unconfirmed", "confirmed", NULL};
	size_t index = 0;
	bool ok = reading_choice(reading, map, "confidence", words, &index);
	*confirmed = index == 1;
	return ok;
}

bool reading_header(struct reading *reading, const struct yaml_node *node, const char **name) {
	return reading_text(reading, node, name) &&
	       ((*name)[0] == '$' || reading_check_header_name(reading, node));
}

bool reading_name(struct reading *reading, const struct yaml_node *node, const char *const *names,
	const char **name) {
	if (node->kind == YAML_SCALAR && node->text[0] == '$') {
		return reading_text(reading, node, name);
	}
	size_t index = 0;
	if (!yaml_choice(
			reading->document, node, names, recipe_name_count(names), &index, reading->err)) {
		return false;
	}
	*name = names[index];
	return true;
}

bool reading_choice(struct reading *reading, const struct yaml_node *map, const char *key,
	const char *const *names, size_t *index) {
	const struct yaml_node *node = yaml_get(map, key);
	return !node || yaml_choice(reading->document, node, names, recipe_name_count(names), index,
						reading->err);
}

static bool no_place(struct reading *reading, const struct yaml_node *map, unsigned allowed) {
	char list[128] = "";
	size_t len = 0;
	for (int place = PLACE_HEADER; place <= PLACE_BODY; place++) {
		if (allowed & PLACE_BIT(place)) {
			len += (size_t)snprintf(list + len, sizeof list - len, "%s\"%s\"", len > 0 ? ", " : "",
				recipe_places[place]);
		}
	}
	return yaml_error(reading->document, map, reading->err,
		strchr(list, ',') ? "expected one of %s" : "%s is missing", list);
}

static bool read_place_name(
	struct reading *reading, const struct yaml_node *node, enum place place, const char **name) {
	bool whole = false;
	if (place == PLACE_HEADER) {
		return reading_header(reading, node, name);
	}
	if (place == PLACE_BODY) {
		*name = "";
		return yaml_bool(reading->document, node, &whole, reading->err) &&
		       (whole || reading_fail(reading, node, "expected true"));
	}
	return reading_text(reading, node, name) &&
	       ((*name)[0] || reading_fail(reading, node, "expected a name"));
}

bool reading_place(struct reading *reading, const struct yaml_node *map, unsigned allowed,
	enum place *place, const char **name) {
	const struct yaml_node *found = NULL;
	for (int i = PLACE_HEADER; i <= PLACE_BODY; i++) {
		const struct yaml_node *node =
			allowed & PLACE_BIT(i) ? yaml_get(map, recipe_places[i]) : NULL;
		if (node && found) {
			return no_place(reading, map, allowed);
		}
		if (node) {
			found = node;
			*place = (enum place)i;
		}
	}
	return found ? read_place_name(reading, found, *place, name) : no_place(reading, map, allowed);
}
