/* A payload as values in a row, each with its members or elements behind it. Built a slice at a time; bounded; nothing is copied. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/json_lexer.h"
#include "common/span.h"

struct json_node {
	struct span text; /* the value as it was written, of containers all of it */
	struct span name; /* of a member: its token, with quotes; else empty */
	uint64_t
		hash; /* the same for values that mean the same, whatever their spelling and order of members */
	uint32_t
		next; /* the node behind it and all below it: its next sibling, if the parent has more */
	uint32_t children;         /* the first is the node behind this one */
	enum json_token_kind kind; /* that of its first token */
};

enum json_tree_state {
	JSON_TREE_MORE,
	JSON_TREE_DONE,
	JSON_TREE_NO_JSON,  /* json_tree_failed_at says from which byte on */
	JSON_TREE_TOO_MANY, /* values */
};

struct json_tree;

/* `payload` is borrowed until json_tree_free; at most `most` values are taken. */
struct json_tree *json_tree_new(struct span payload, size_t most);
void json_tree_free(struct json_tree *tree);
/* Reads on through about `budget` bytes. */
enum json_tree_state json_tree_step(struct json_tree *tree, size_t budget);
size_t json_tree_failed_at(const struct json_tree *tree);
/* Done: the values in the order they stand; the first is the whole. */
const struct json_node *json_tree_nodes(const struct json_tree *tree, size_t *count);

/* Whether two values mean the same, as hash says; strings and numbers are compared in full, containers by what is written alone. */
bool json_node_means_same(const struct json_node *a, const struct json_node *b);
