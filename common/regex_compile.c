#include "common/regex_parts.h"

/* Work for a pattern of repetitions in each other, some of which repeat nothing. */
#define WORK_MAX 65536

struct compiler {
	struct regex_program *program;
	const struct regex_read *read;
	int work;
};

/* The node's number, or -1: there are too many. */
static int add(struct compiler *compiler, struct regex_node node) {
	struct regex_program *program = compiler->program;
	if (program->count == REGEX_NODES_MAX) {
		return -1;
	}
	program->nodes[program->count] = node;
	return program->count++;
}

static int emit(struct compiler *compiler, int tree, int next);

/* (a(a(a)?)?)?, whose every way out leads to `next` */
static int emit_optional(struct compiler *compiler, int tree, int count, int next) {
	int begin = next;
	for (int i = 0; i < count && begin >= 0; i++) {
		int one = emit(compiler, tree, begin);
		begin = one < 0 ? -1
		                : add(compiler,
							  (struct regex_node){REGEX_SPLIT, (uint16_t)one, (uint16_t)next, 0});
	}
	return begin;
}

/* a*, where `*body` gets the way in that needs one a */
static int emit_loop(struct compiler *compiler, int tree, int next, int *body) {
	int loop = add(compiler, (struct regex_node){REGEX_SPLIT, 0, (uint16_t)next, 0});
	*body = loop < 0 ? -1 : emit(compiler, tree, loop);
	if (*body < 0) {
		return -1;
	}
	compiler->program->nodes[loop].next = (uint16_t)*body;
	return loop;
}

static int emit_repeat(struct compiler *compiler, const struct regex_tree *tree, int next) {
	int least = tree->value, begin = next, body;
	if (tree->most < 0) {
		begin = emit_loop(compiler, tree->one, next, &body);
		if (begin >= 0 && least > 0) {
			begin = body;
			least--;
		}
	} else {
		begin = emit_optional(compiler, tree->one, tree->most - least, next);
	}
	for (; least > 0 && begin >= 0; least--) {
		begin = emit(compiler, tree->one, begin);
	}
	return begin;
}

/* Where what stands in the tree begins, when it goes on at `next`; -1: too much of it. */
static int emit(struct compiler *compiler, int at, int next) {
	const struct regex_tree *tree = &compiler->read->trees[at];
	int one, other;
	if (next < 0 || ++compiler->work > WORK_MAX) {
		return -1;
	}
	switch (tree->kind) {
	case REGEX_TREE_SET:
		return add(
			compiler, (struct regex_node){REGEX_SET, (uint16_t)next, 0, (uint16_t)tree->value});
	case REGEX_TREE_ASSERT:
		return add(
			compiler, (struct regex_node){REGEX_ASSERT, (uint16_t)next, 0, (uint16_t)tree->value});
	case REGEX_TREE_BOTH:
		return emit(compiler, tree->one, emit(compiler, tree->other, next));
	case REGEX_TREE_EITHER:
		one = emit(compiler, tree->one, next);
		other = emit(compiler, tree->other, next);
		return one < 0 || other < 0 ? -1
		                            : add(compiler, (struct regex_node){REGEX_SPLIT, (uint16_t)one,
														(uint16_t)other, 0});
	case REGEX_TREE_REPEAT:
		return emit_repeat(compiler, tree, next);
	default:
		return next;
	}
}

bool regex_compile(struct regex_program *program, const struct regex_read *read) {
	struct compiler compiler = {.program = program, .read = read};
	program->count = 0;
	int found = add(&compiler, (struct regex_node){REGEX_FOUND, 0, 0, 0});
	program->start = emit(&compiler, read->root, found);
	return program->start >= 0;
}
