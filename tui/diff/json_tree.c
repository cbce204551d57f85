#include "tui/diff/json_tree.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/siphash.h"
#include "tui/diff/spelling.h"

/* Bytes of a scalar that its hash is made of: a file in one string is not read for what is compared afterwards all the same. */
#define HASHED_MAX ((size_t)16 * 1024)

struct json_tree {
	struct json_lexer lexer;
	struct span payload;
	struct json_node *nodes;
	size_t count, capacity, most;
	uint32_t open[JSON_LEXER_DEPTH]; /* containers that have not ended */
	size_t depth;
	struct span name; /* of the member whose value comes next */
	struct buffer scratch;
	enum json_tree_state state;
	size_t failed_at;
};

struct json_tree *json_tree_new(struct span payload, size_t most) {
	struct json_tree *tree = alloc_zero(1, sizeof *tree);
	json_lexer_init(&tree->lexer, payload);
	tree->payload = payload;
	tree->most = most;
	return tree;
}

void json_tree_free(struct json_tree *tree) {
	if (tree) {
		buffer_clear(&tree->scratch);
		free(tree->nodes);
		free(tree);
	}
}

size_t json_tree_failed_at(const struct json_tree *tree) {
	return tree->failed_at;
}

const struct json_node *json_tree_nodes(const struct json_tree *tree, size_t *count) {
	*count = tree->count;
	return tree->nodes;
}

/* It only proposes what belongs together, so its key need not be secret. */
static uint64_t hash_of(struct span bytes) {
	static const uint64_t key[2] = {0x6a736f6e, 0x74726565};
	return siphash(key, bytes);
}

static uint64_t mix(uint64_t a, uint64_t b) {
	uint64_t both = (a ^ (b + UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xff51afd7ed558ccd);
	return both ^ (both >> 32);
}

/* As much of the text of a string as its hash is made of, or more. */
static void append_beginning(struct buffer *out, struct span token) {
	struct span rest = {token.data + 1, token.len - 2};
	while (out->len < HASHED_MAX && !json_unescape_some(out, &rest, HASHED_MAX)) {
	}
}

static uint64_t hash_of_beginning(struct span text) {
	text.len = text.len < HASHED_MAX ? text.len : HASHED_MAX;
	return hash_of(text);
}

/* The same for all spellings of a scalar: of a string its beginning at least, of a number that no one types what is written. */
static void append_meaning(struct buffer *out, const struct json_node *node) {
	if (node->kind == JSON_STRING) {
		append_beginning(out, node->text);
	} else if (node->kind == JSON_NUMBER && node->text.len <= HASHED_MAX) {
		spelling_of_number(out, node->text);
	} else {
		buffer_append_span(out, node->text);
	}
}

static uint64_t hash_of_string(struct json_tree *tree, struct span token) {
	if (token.len <= HASHED_MAX && !memchr(token.data, '\\', token.len)) {
		return hash_of((struct span){token.data + 1, token.len - 2});
	}
	buffer_reset(&tree->scratch);
	append_beginning(&tree->scratch, token);
	return hash_of_beginning(buffer_span(&tree->scratch));
}

static void hash_scalar(struct json_tree *tree, struct json_node *node) {
	if (node->kind == JSON_STRING) {
		node->hash = mix(JSON_STRING, hash_of_string(tree, node->text));
		return;
	}
	buffer_reset(&tree->scratch);
	append_meaning(&tree->scratch, node);
	node->hash = mix(node->kind, hash_of_beginning(buffer_span(&tree->scratch)));
}

/* Piece by piece, up to the first difference. */
static bool means_same_text(struct span a, struct span b) {
	struct buffer one = {0}, other = {0};
	struct span rest = {a.data + 1, a.len - 2}, rest_of_other = {b.data + 1, b.len - 2};
	bool same = true, more = true;
	while (same && more) {
		bool ended = one.len > 0 || json_unescape_some(&one, &rest, HASHED_MAX);
		bool other_ended = other.len > 0 || json_unescape_some(&other, &rest_of_other, HASHED_MAX);
		size_t len = one.len < other.len ? one.len : other.len;
		same = len == 0 || memcmp(one.data, other.data, len) == 0;
		more = len > 0 || !ended || !other_ended;
		buffer_drop_front(&one, len);
		buffer_drop_front(&other, len);
	}
	same = same && one.len == other.len && rest.len == rest_of_other.len;
	buffer_clear(&one);
	buffer_clear(&other);
	return same;
}

bool json_node_means_same(const struct json_node *a, const struct json_node *b) {
	if (a->kind != b->kind || (a->kind != JSON_STRING && a->kind != JSON_NUMBER)) {
		return span_equal(a->text, b->text);
	}
	if (a->kind == JSON_STRING) {
		return span_equal(a->text, b->text) || means_same_text(a->text, b->text);
	}
	struct buffer one = {0}, other = {0};
	append_meaning(&one, a);
	append_meaning(&other, b);
	bool same = span_equal(buffer_span(&one), buffer_span(&other));
	buffer_clear(&one);
	buffer_clear(&other);
	return same;
}

/* The value that ended last belongs to the innermost container. */
static void add_to_parent(struct json_tree *tree, const struct json_node *node) {
	if (tree->depth == 0) {
		return;
	}
	struct json_node *parent = &tree->nodes[tree->open[tree->depth - 1]];
	parent->children++;
	/* members count in whatever order they stand */
	parent->hash = parent->kind == JSON_ARRAY_BEGIN
	                   ? mix(parent->hash, node->hash)
	                   : parent->hash + mix(hash_of_string(tree, node->name), node->hash);
}

static struct json_node *add_node(struct json_tree *tree, const struct json_token *token) {
	if (tree->count == tree->capacity) {
		tree->capacity = tree->capacity ? 2 * tree->capacity : 64;
		tree->nodes = alloc_resize(tree->nodes, tree->capacity * sizeof *tree->nodes);
	}
	struct json_node *node = &tree->nodes[tree->count++];
	*node = (struct json_node){.text = token->text,
		.name = tree->name,
		.hash = token->kind,
		.next = (uint32_t)tree->count,
		.kind = token->kind};
	tree->name = (struct span){0};
	return node;
}

static void end_container(struct json_tree *tree, const struct json_token *token) {
	struct json_node *node = &tree->nodes[tree->open[--tree->depth]];
	node->text.len = (size_t)(token->text.data + token->text.len - node->text.data);
	node->next = (uint32_t)tree->count;
	add_to_parent(tree, node);
}

/* A string behind which a colon comes is a name: only then is no value awaited. */
static bool is_name(const struct json_tree *tree, const struct json_token *token) {
	if (token->kind != JSON_STRING || tree->depth == 0 || tree->name.len > 0) {
		return false;
	}
	return tree->nodes[tree->open[tree->depth - 1]].kind == JSON_OBJECT_BEGIN;
}

static void take(struct json_tree *tree, const struct json_token *token) {
	switch (token->kind) {
	case JSON_COLON:
	case JSON_COMMA:
		return;
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
		end_container(tree, token);
		return;
	case JSON_OBJECT_BEGIN:
	case JSON_ARRAY_BEGIN:
		add_node(tree, token);
		tree->open[tree->depth++] = (uint32_t)tree->count - 1;
		return;
	default:
		break;
	}
	if (is_name(tree, token)) {
		tree->name = token->text;
		return;
	}
	struct json_node *node = add_node(tree, token);
	hash_scalar(tree, node);
	add_to_parent(tree, node);
}

enum json_tree_state json_tree_step(struct json_tree *tree, size_t budget) {
	size_t until = tree->lexer.rest.len > budget ? tree->lexer.rest.len - budget : 0;
	while (tree->state == JSON_TREE_MORE && json_lexer_look(&tree->lexer, budget)) {
		struct json_token token = json_lexer_next(&tree->lexer);
		if (token.kind == JSON_END) {
			tree->state = tree->count > 0 ? JSON_TREE_DONE : JSON_TREE_NO_JSON;
		} else if (token.kind == JSON_ERROR) {
			tree->failed_at = token.text.data ? (size_t)(token.text.data - tree->payload.data)
			                                  : tree->payload.len;
			tree->state = JSON_TREE_NO_JSON;
		} else if (tree->count == tree->most) {
			tree->state = JSON_TREE_TOO_MANY;
		} else {
			take(tree, &token);
		}
		if (tree->lexer.rest.len < until) {
			break;
		}
	}
	return tree->state;
}
