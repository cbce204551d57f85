#include "tui/prove/shrink.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* All are left out first: what fails then is nobody's fault. */
void shrink_init(struct shrink *shrink, size_t count) {
	*shrink = (struct shrink){.count = count, .left = count, .chunk = count};
	shrink->kept = alloc_zero(count + 1, sizeof *shrink->kept);
	shrink->tried = alloc_zero(count + 1, sizeof *shrink->tried);
	memset(shrink->kept, true, count);
}

void shrink_clear(struct shrink *shrink) {
	free(shrink->kept);
	free(shrink->tried);
	*shrink = (struct shrink){0};
}

/* A pass is through: the next leaves out less at a time, or once more one by one while that helps. */
static bool begin_pass(struct shrink *shrink) {
	if (shrink->chunk <= 1 && !shrink->removed) {
		return false;
	}
	shrink->chunk = shrink->chunk > 1 ? (shrink->chunk + 1) / 2 : 1;
	shrink->at = 0;
	shrink->removed = false;
	return true;
}

const bool *shrink_next(struct shrink *shrink) {
	while (shrink->left > 0 && shrink->at >= shrink->left) {
		if (!begin_pass(shrink)) {
			return NULL;
		}
	}
	if (shrink->left == 0) {
		return NULL;
	}
	size_t nth = 0;
	for (size_t i = 0; i < shrink->count; i++) {
		bool out = shrink->kept[i] && nth >= shrink->at && nth < shrink->at + shrink->chunk;
		shrink->tried[i] = shrink->kept[i] && !out;
		nth += shrink->kept[i];
	}
	return shrink->tried;
}

void shrink_told(struct shrink *shrink, bool failed) {
	if (!failed) {
		shrink->at += shrink->chunk;
		return;
	}
	memcpy(shrink->kept, shrink->tried, shrink->count * sizeof *shrink->kept);
	shrink->left = 0;
	for (size_t i = 0; i < shrink->count; i++) {
		shrink->left += shrink->kept[i];
	}
	shrink->removed = true;
}
