#include "common/glob.h"
#include <stdint.h>

#include <stdlib.h>

#include "common/alloc.h"
#include "common/needle.h"

/* The pieces between the stars: the first and the last are anchored, each other stands anywhere behind the one before. */
struct glob {
	size_t count;
	bool any_case;
	char *pattern;
	struct span first, last; /* point into `pattern`; without a star `first` is all of it */
	struct needle **pieces;  /* `count` of them, between first and last */
	bool has_star;
};

static size_t count_stars(struct span pattern) {
	size_t stars = 0;
	for (size_t i = 0; i < pattern.len; i++) {
		stars += pattern.data[i] == '*';
	}
	return stars;
}

struct glob *glob_new(struct span pattern, bool any_case) {
	struct glob *glob = alloc_zero(1, sizeof *glob);
	size_t stars = count_stars(pattern);
	glob->any_case = any_case;
	glob->has_star = stars > 0;
	glob->pattern = alloc_text(pattern.data, pattern.len);
	glob->pieces = alloc_zero(stars, sizeof(struct needle *));
	struct span rest = {glob->pattern, pattern.len};
	glob->first = span_cut(&rest, '*');
	for (size_t i = 1; i < stars; i++) {
		glob->pieces[glob->count++] = needle_new(span_cut(&rest, '*'), any_case);
	}
	glob->last = rest;
	return glob;
}

void glob_free(struct glob *glob) {
	if (glob) {
		for (size_t i = 0; i < glob->count; i++) {
			needle_free(glob->pieces[i]);
		}
		free(glob->pieces);
		free(glob->pattern);
		free(glob);
	}
}

struct span glob_prefix(const struct glob *glob) {
	return glob->first;
}

static bool is_same(const struct glob *glob, struct span a, struct span b) {
	return glob->any_case ? span_equal_nocase(a, b) : span_equal(a, b);
}

/* What stands in front of the first star and behind the last. */
static bool ends_match(const struct glob *glob, struct span text) {
	if (!glob->has_star) {
		return is_same(glob, text, glob->first);
	}
	if (text.len < glob->first.len + glob->last.len) {
		return false;
	}
	struct span front = {text.data, glob->first.len};
	struct span back = span_after(text, text.len - glob->last.len);
	return is_same(glob, front, glob->first) && is_same(glob, back, glob->last);
}

bool glob_run(const struct glob *glob, struct glob_run *run, struct span text, size_t *budget,
	bool *matches) {
	*matches = run->piece > 0 || run->needle.at > 0 || ends_match(glob, text);
	if (!*matches) {
		return true;
	}
	struct span middle = span_after(text, glob->first.len);
	middle.len -= glob->count > 0 ? glob->last.len : middle.len;
	while (run->piece < glob->count) {
		struct span rest = span_after(middle, run->from);
		if (!needle_run(glob->pieces[run->piece], &run->needle, rest, budget)) {
			return false;
		}
		if (!run->needle.found) {
			*matches = false;
			return true;
		}
		run->from += run->needle.at;
		run->needle = (struct needle_run){0};
		run->piece++;
	}
	return true;
}

bool glob_matches(const struct glob *glob, struct span text) {
	struct glob_run run = {0};
	size_t budget = SIZE_MAX;
	bool matches;
	glob_run(glob, &run, text, &budget, &matches);
	return matches;
}
