/*
 * Which keys do what: those of the table in action.c, with what a person has changed in hookline.yaml. A row of the table that has no command has a
 * name of its own here; keys inside of menus and panels are not changed.
 */
#pragma once

#include "common/error.h"
#include "tui/screen/action.h"

/* Limits: rows of the table, keys of one row. */
#define KEYMAP_ROWS 192
#define KEYMAP_KEYS 4

struct keymap {
	uint32_t keys[KEYMAP_ROWS][KEYMAP_KEYS]; /* of each row of `bindings`, ended by 0 */
	bool chosen[KEYMAP_ROWS];                /* by the person */
};

/* The keys of the table. */
void keymap_init(struct keymap *keymap);

/* The keys of a row of `bindings`, KEYMAP_KEYS of them, those behind the last one 0. */
const uint32_t *keymap_keys(const struct keymap *keymap, const struct binding *binding);

/* The action of a key at a place, or ACTION_NONE. */
enum action keymap_action(const struct keymap *keymap, uint32_t key, unsigned place);

/* The first key of an action at a place as text ("r"); "" when it has none. `text` needs 16 bytes. */
void keymap_key(const struct keymap *keymap, char text[16], enum action action, unsigned place);

/* The key itself; 0 when it has none. */
uint32_t keymap_first(const struct keymap *keymap, enum action action, unsigned place);

/* What a row is called in hookline.yaml: its command, or a name; NULL when it can have no keys. */
const char *keymap_name(const struct binding *binding);

/* The row of a name; NULL and `err` (with the nearest name) when there is none. */
const struct binding *keymap_find(const char *name, struct error *err);

/*
 * Gives a row other keys than the table: `count` (at most KEYMAP_KEYS, 0: none). A key that another row has from the table is taken from that one; one
 * that a person has given to it is a conflict, and told. False and `err` (ERROR_CONFIG) then.
 */
bool keymap_bind(struct keymap *keymap, const struct binding *binding, const uint32_t *keys,
	size_t count, struct error *err);

/*
 * Once all is bound: no row may have lost the only key it had to another one without a word, and there must be one to quit and one for commands. False and `err`;
 * `*row` is then the row that took it, or NULL.
 */
bool keymap_check(const struct keymap *keymap, const struct binding **row, struct error *err);
