#include "tui/screen/keymap.h"

#include <string.h>

#include "common/text.h"
#include "tui/screen/key.h"

/* Of rows without a command. A row for an open event alone comes with its place. */
static const struct {
	enum action action;
	unsigned place;
	const char *name;
} names[] = {
	{ACTION_UP, PLACE_LIST, "up"},
	{ACTION_DOWN, PLACE_LIST, "down"},
	{ACTION_UP, PLACE_DETAIL, "scroll-up"},
	{ACTION_DOWN, PLACE_DETAIL, "scroll-down"},
	{ACTION_PREVIOUS_EVENT, PLACE_DETAIL, "previous-event"},
	{ACTION_NEXT_EVENT, PLACE_DETAIL, "next-event"},
	{ACTION_PAGE_UP, PLACE_BOTH, "page-up"},
	{ACTION_PAGE_DOWN, PLACE_BOTH, "page-down"},
	{ACTION_HALF_UP, PLACE_BOTH, "half-page-up"},
	{ACTION_HALF_DOWN, PLACE_BOTH, "half-page-down"},
	{ACTION_FIRST, PLACE_BOTH, "first"},
	{ACTION_LAST, PLACE_BOTH, "last"},
	{ACTION_BACK, PLACE_BOTH, "back"},
	{ACTION_NEXT_PANE, PLACE_BOTH, "next-pane"},
	{ACTION_LEFT, PLACE_DETAIL, "tab-left"},
	{ACTION_RIGHT, PLACE_DETAIL, "tab-right"},
	{ACTION_PREVIOUS_ATTEMPT, PLACE_DETAIL, "previous-attempt"},
	{ACTION_NEXT_ATTEMPT, PLACE_DETAIL, "next-attempt"},
	{ACTION_FIND_NEXT, PLACE_DETAIL, "find-next"},
	{ACTION_FIND_PREVIOUS, PLACE_DETAIL, "find-previous"},
	{ACTION_SELECT, PLACE_LIST, "select"},
	{ACTION_SELECT_RANGE, PLACE_LIST, "select-range"},
	{ACTION_SELECT_ALL, PLACE_LIST, "select-all"},
	{ACTION_SELECT_OTHERS, PLACE_LIST, "select-others"},
	{ACTION_LIST_LESS, PLACE_BOTH, "list-less"},
	{ACTION_LIST_MORE, PLACE_BOTH, "list-more"},
	{ACTION_REPLAY_TO, PLACE_BOTH, "replay-to"},
	{ACTION_COMMAND, PLACE_BOTH, "command"},
	{ACTION_FOLD_REPEATS, PLACE_LIST, "fold-repeats"},
	{ACTION_FOLD_ALL_REPEATS, PLACE_LIST, "fold-all-repeats"},
	{ACTION_FOLD, PLACE_DETAIL, "fold-here"},
	{ACTION_FILTER_VALUE, PLACE_DETAIL, "filter-value"},
};
#define NAME_COUNT (sizeof names / sizeof *names)

static size_t row_count(void) {
	return binding_count < KEYMAP_ROWS ? binding_count : KEYMAP_ROWS;
}

void keymap_init(struct keymap *keymap) {
	*keymap = (struct keymap){0};
	for (size_t i = 0; i < row_count(); i++) {
		memcpy(keymap->keys[i], bindings[i].keys, sizeof keymap->keys[i]);
	}
}

const uint32_t *keymap_keys(const struct keymap *keymap, const struct binding *binding) {
	return keymap->keys[binding - bindings];
}

static bool has_key(const struct keymap *keymap, size_t row, uint32_t key) {
	for (size_t k = 0; k < KEYMAP_KEYS && keymap->keys[row][k]; k++) {
		if (keymap->keys[row][k] == key) {
			return true;
		}
	}
	return false;
}

enum action keymap_action(const struct keymap *keymap, uint32_t key, unsigned place) {
	for (size_t i = 0; i < row_count(); i++) {
		if ((bindings[i].places & place) && has_key(keymap, i, key)) {
			return bindings[i].action;
		}
	}
	return ACTION_NONE;
}

uint32_t keymap_first(const struct keymap *keymap, enum action action, unsigned place) {
	for (size_t i = 0; i < row_count(); i++) {
		if (bindings[i].action == action && (bindings[i].places & place) && keymap->keys[i][0]) {
			return keymap->keys[i][0];
		}
	}
	return 0;
}

void keymap_key(const struct keymap *keymap, char text[16], enum action action, unsigned place) {
	uint32_t key = keymap_first(keymap, action, place);
	text[0] = '\0';
	if (key != 0) {
		key_name(text, key);
	}
}

const char *keymap_name(const struct binding *binding) {
	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (names[i].action == binding->action && names[i].place == binding->places) {
			return names[i].name;
		}
	}
	return binding->places ? binding->command : NULL;
}

const struct binding *keymap_find(const char *name, struct error *err) {
	const char *known[KEYMAP_ROWS];
	size_t count = 0;
	for (size_t i = 0; i < row_count(); i++) {
		const char *own = keymap_name(&bindings[i]);
		if (own && strcmp(own, name) == 0) {
			return &bindings[i];
		}
		if (own) {
			known[count++] = own;
		}
	}
	const char *nearest = text_nearest(name, known, count);
	error_set(err, ERROR_CONFIG, "nothing that has a key is called \"%s\"%s%s%s", name,
		nearest ? ", did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
	return NULL;
}

/* --- changing --- */

static void take_away(struct keymap *keymap, size_t row, uint32_t key) {
	uint32_t *keys = keymap->keys[row];
	size_t kept = 0;
	for (size_t k = 0; k < KEYMAP_KEYS && keys[k]; k++) {
		if (keys[k] != key) {
			keys[kept++] = keys[k];
		}
	}
	memset(keys + kept, 0, (KEYMAP_KEYS - kept) * sizeof *keys);
}

static bool is_same_place(const struct binding *a, const struct binding *b) {
	return a != b && (a->places & b->places) != 0;
}

/* Two that a person has chosen, at one place: which of them is meant cannot be known. */
static bool check_conflict(
	const struct keymap *keymap, const struct binding *binding, uint32_t key, struct error *err) {
	char name[16];
	for (size_t i = 0; i < row_count(); i++) {
		if (keymap->chosen[i] && is_same_place(&bindings[i], binding) && has_key(keymap, i, key)) {
			key_name(name, key);
			return error_set(err, ERROR_CONFIG,
				"%s is the key of \"%s\" already, at the same place", name,
				keymap_name(&bindings[i]));
		}
	}
	return true;
}

bool keymap_bind(struct keymap *keymap, const struct binding *binding, const uint32_t *keys,
	size_t count, struct error *err) {
	size_t row = (size_t)(binding - bindings);
	if (count > KEYMAP_KEYS) {
		return error_set(err, ERROR_CONFIG, "at most %d keys", KEYMAP_KEYS);
	}
	for (size_t k = 0; k < count; k++) {
		if (!check_conflict(keymap, binding, keys[k], err)) {
			return false;
		}
	}
	memset(keymap->keys[row], 0, sizeof keymap->keys[row]);
	keymap->chosen[row] = true;
	for (size_t k = 0; k < count; k++) {
		for (size_t i = 0; i < row_count(); i++) {
			if (is_same_place(&bindings[i], binding)) {
				take_away(keymap, i, keys[k]);
			}
		}
		keymap->keys[row][k] = keys[k];
	}
	return true;
}

/* The row that was given the first of the table's keys of another one. */
static const struct binding *taker_of(const struct keymap *keymap, size_t row) {
	for (size_t i = 0; i < row_count(); i++) {
		if (is_same_place(&bindings[i], &bindings[row]) &&
			has_key(keymap, i, bindings[row].keys[0])) {
			return &bindings[i];
		}
	}
	return NULL;
}

static bool has_any(const struct keymap *keymap, enum action action, unsigned place) {
	char text[16];
	keymap_key(keymap, text, action, place);
	return text[0] != '\0';
}

bool keymap_check(const struct keymap *keymap, const struct binding **row, struct error *err) {
	*row = NULL;
	for (size_t i = 0; i < row_count(); i++) {
		if (bindings[i].keys[0] && !keymap->keys[i][0] && !keymap->chosen[i]) {
			*row = taker_of(keymap, i);
			const char *name = keymap_name(&bindings[i]);
			return error_set(err, ERROR_CONFIG,
				"this was the only key of \"%s\" (%s): give it another one, or none",
				name ? name : bindings[i].help, bindings[i].help);
		}
	}
	for (unsigned place = PLACE_LIST; place <= PLACE_DETAIL; place <<= 1) {
		if (!has_any(keymap, ACTION_QUIT, place) && !has_any(keymap, ACTION_COMMAND, place)) {
			return error_set(err, ERROR_CONFIG, "no key is left to quit, or to type a command");
		}
	}
	return true;
}
