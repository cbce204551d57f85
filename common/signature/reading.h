/* What the readers of a provider's file share: texts, names, places and parameters, refused where they are wrong. */
#pragma once

#include "common/arena.h"
#include "common/signature/provider.h"
#include "common/signature/recipe.h"
#include "common/yaml.h"

struct reading {
	struct arena *arena;
	const struct yaml_document *document;
	const struct provider_parameter *parameters; /* those a '$' may name; may be NULL */
	struct error *err;
};

/* Sets the error to file:line:column and the text; false. */
bool reading_fail(struct reading *reading, const struct yaml_node *node, const char *text);

/* Whether the provider has such a parameter. */
bool reading_has_parameter(const struct reading *reading, const char *name);

/* Whether the node is a token of RFC 9110; the error says so. */
bool reading_check_header_name(struct reading *reading, const struct yaml_node *node);

/* A text that may be "$parameter", copied into the arena. */
bool reading_text(struct reading *reading, const struct yaml_node *node, const char **text);

/* The text of `key`, copied into the arena; left as it is when the key is not there. */
bool reading_text_opt(
	struct reading *reading, const struct yaml_node *map, const char *key, const char **text);

/* `confidence` of a map: false unless it says "confirmed". */
bool reading_confidence(struct reading *reading, const struct yaml_node *map, bool *confirmed);

/* The name of a header, which may be "$parameter". */
bool reading_header(struct reading *reading, const struct yaml_node *node, const char **name);

/* One of a table's names, or "$parameter"; kept as the name. */
bool reading_name(struct reading *reading, const struct yaml_node *node, const char *const *names,
	const char **name);

/* The value of `key` as an index into a table of names; left as it is when the key is not there. */
bool reading_choice(struct reading *reading, const struct yaml_node *map, const char *key,
	const char *const *names, size_t *index);

/* A set of places, for reading_place. */
#define PLACE_BIT(place) (1U << (place))

/*
 * The one key of `map` that is a place of the set ("header: X-Signature", "json: data.signature"), with its name; `body: true`
 * has the name "".
 */
bool reading_place(struct reading *reading, const struct yaml_node *map, unsigned allowed,
	enum place *place, const char **name);
