/* What can be copied of an event: one table for the menu (`y`), the command (`:copy WORD`) and the manual. */
#pragma once

#include <stddef.h>

#include "common/span.h"

struct copy_item {
	char letter;      /* in the menu */
	const char *word; /* behind :copy */
	const char *help; /* "its reference, stripe#1042" */
};

#define COPY_ITEMS 10
extern const struct copy_item copy_items[COPY_ITEMS];

/* The item of a letter or of a word, or NULL. */
const struct copy_item *copy_item_of_letter(char letter);
const struct copy_item *copy_item_of_word(struct span word);
