/* Which objects and arrays of a payload are folded: all from a depth on, or none, but for those that were turned by hand. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Turned by hand at most; more are not taken. */
#define FOLDS_TURNED_MAX 10000

/* All zero: nothing is folded. */
struct folds {
	size_t from;    /* 0: none is folded; 1: all are; 2: all in others are; and so on */
	size_t *turned; /* where those begin that are not as `from` says, in order */
	size_t turned_count, turned_capacity;
};

/* Forgets what was turned. */
void folds_reset(struct folds *folds, size_t from);
void folds_clear(struct folds *folds);

/* Whether the one that begins at `begin`, in so many others, is folded. */
bool folds_has(const struct folds *folds, size_t begin, size_t depth);
/* Folds it when it is not, and the other way round. */
void folds_turn(struct folds *folds, size_t begin);
/* Whether anything may be folded. */
bool folds_any(const struct folds *folds);
