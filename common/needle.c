#include "common/needle.h"
#include <stdint.h>

#include <stdlib.h>

#include "common/alloc.h"

struct needle {
	size_t len;
	bool any_case;
	char *text; /* in lower case with any_case */
	size_t *
		fallback; /* [i]: how much of the front the first i + 1 bytes end in, themselves not counted */
};

static char fold(const struct needle *needle, char byte) {
	return needle->any_case && byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

/* How many bytes match when `byte` follows `matched` of them. */
static size_t follow(const struct needle *needle, size_t matched, char byte) {
	while (matched > 0 && needle->text[matched] != byte) {
		matched = needle->fallback[matched - 1];
	}
	return matched + (needle->text[matched] == byte);
}

struct needle *needle_new(struct span text, bool any_case) {
	struct needle *needle = alloc_zero(1, sizeof *needle);
	needle->len = text.len;
	needle->any_case = any_case;
	needle->text = alloc_text(text.data, text.len);
	needle->fallback = alloc_zero(text.len, sizeof needle->fallback[0]);
	for (size_t i = 0; i < text.len; i++) {
		needle->text[i] = fold(needle, needle->text[i]);
	}
	for (size_t i = 1; i < text.len; i++) {
		needle->fallback[i] = follow(needle, needle->fallback[i - 1], needle->text[i]);
	}
	return needle;
}

void needle_free(struct needle *needle) {
	if (needle) {
		free(needle->text);
		free(needle->fallback);
		free(needle);
	}
}

size_t needle_len(const struct needle *needle) {
	return needle->len;
}

bool needle_run(
	const struct needle *needle, struct needle_run *run, struct span hay, size_t *budget) {
	size_t left = hay.len - run->at, at = run->at, matched = run->matched;
	size_t end = left < *budget ? hay.len : at + *budget;
	for (; at < end && matched < needle->len; at++) {
		matched = follow(needle, matched, fold(needle, hay.data[at]));
	}
	*budget -= at - run->at;
	*run = (struct needle_run){at, matched, matched == needle->len};
	return run->found || at == hay.len;
}

bool needle_find(const struct needle *needle, struct span hay, size_t *at) {
	struct needle_run run = {0};
	size_t budget = SIZE_MAX;
	needle_run(needle, &run, hay, &budget);
	*at = run.at - run.matched;
	return run.found;
}
