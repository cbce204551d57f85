#include <stdlib.h>
#include <string.h>

#include "common/text.h"

/* Longer words are not mistyped names. */
#define WORD_MAX 64

/* Three rows of the table of distances between the fronts of two words. */
struct rows {
	size_t before_last[WORD_MAX + 1], last[WORD_MAX + 1], current[WORD_MAX + 1];
};

static char lower(char byte) {
	return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

static size_t least(size_t a, size_t b) {
	return a < b ? a : b;
}

static bool are_swapped(const char *word, const char *name, size_t i, size_t j) {
	return i > 1 && j > 1 && lower(word[i - 1]) == lower(name[j - 2]) &&
	       lower(word[i - 2]) == lower(name[j - 1]);
}

/* Letters to add, drop, change or swap with their neighbour. Both words are at most WORD_MAX long. */
static size_t distance(const char *word, const char *name) {
	struct rows rows;
	size_t word_len = strlen(word), name_len = strlen(name);
	for (size_t j = 0; j <= name_len; j++) {
		rows.last[j] = j;
	}
	for (size_t i = 1; i <= word_len; i++) {
		rows.current[0] = i;
		for (size_t j = 1; j <= name_len; j++) {
			size_t changed = rows.last[j - 1] + (lower(word[i - 1]) != lower(name[j - 1]));
			size_t moved = least(rows.last[j], rows.current[j - 1]) + 1;
			rows.current[j] = least(changed, moved);
			if (are_swapped(word, name, i, j)) {
				rows.current[j] = least(rows.current[j], rows.before_last[j - 2] + 1);
			}
		}
		memcpy(rows.before_last, rows.last, sizeof rows.last);
		memcpy(rows.last, rows.current, sizeof rows.last);
	}
	return rows.last[name_len];
}

const char *text_nearest(const char *word, const char *const *names, size_t count) {
	size_t len = strlen(word);
	const char *nearest = NULL;
	size_t best = len < 3 ? 0 : (len + 2) / 3; /* more mistakes than this were another word */
	for (size_t i = 0; i < count && len <= WORD_MAX; i++) {
		if (strlen(names[i]) > WORD_MAX) {
			continue;
		}
		size_t mistakes = distance(word, names[i]);
		if (mistakes < best || (mistakes == best && !nearest)) {
			nearest = names[i];
			best = mistakes;
		}
	}
	return nearest;
}
