/* The inside of a regular expression: what regex_parse.c reads, regex_compile.c makes of it, and regex.c runs. For them alone. */
#pragma once

#include <stdint.h>

#include "common/regex.h"

/* One bit for each byte. */
struct regex_set {
	uint64_t bits[4];
};

static inline bool regex_set_has(const struct regex_set *set, unsigned byte) {
	return set->bits[byte / 64] >> (byte % 64) & 1;
}

static inline void regex_set_add(struct regex_set *set, unsigned byte) {
	set->bits[byte / 64] |= UINT64_C(1) << (byte % 64);
}

/* What may be asked about a place between two bytes. */
enum regex_assert {
	REGEX_TEXT_BEGIN,
	REGEX_TEXT_END,
	REGEX_LINE_BEGIN,
	REGEX_LINE_END,
	REGEX_WORD_EDGE,
	REGEX_NO_WORD_EDGE,
};

/* As it was read: a tree, in an array. */
enum regex_tree_kind {
	REGEX_TREE_EMPTY,
	REGEX_TREE_SET,    /* value: its set */
	REGEX_TREE_ASSERT, /* value: enum regex_assert */
	REGEX_TREE_BOTH,   /* one, then other */
	REGEX_TREE_EITHER, /* one or other */
	REGEX_TREE_REPEAT, /* one; value times at least, `most` at most, or -1: any number */
};
struct regex_tree {
	enum regex_tree_kind kind;
	int one, other;
	int value, most;
};

#define REGEX_TREES_MAX 4096
#define REGEX_SETS_MAX 1024
struct regex_read {
	struct regex_tree trees[REGEX_TREES_MAX];
	struct regex_set sets[REGEX_SETS_MAX];
	int tree_count, set_count, root;
	bool has_asserts;
};

/* What is carried out: SPLIT goes on in two places, SET eats a byte. */
enum regex_step { REGEX_SET, REGEX_SPLIT, REGEX_ASSERT, REGEX_FOUND };
struct regex_node {
	enum regex_step step;
	uint16_t next, other; /* nodes */
	uint16_t value;       /* REGEX_SET: a set; REGEX_ASSERT: enum regex_assert */
};
struct regex_program {
	struct regex_node nodes[REGEX_NODES_MAX];
	int count, start;
};

/* False: `err` says what is wrong with the pattern. */
bool regex_parse(struct regex_read *read, struct span pattern, struct error *err);
/* False: it is too long. */
bool regex_compile(struct regex_program *program, const struct regex_read *read);
