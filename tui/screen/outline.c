#include "tui/screen/outline.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/siphash.h"
#include "tui/screen/outline_parts.h"

/* From one place to go on from to the next one; a token that is as long as LONG_BYTES has one in front of it. */
#define MARK_BYTES ((size_t)64 * 1024)
#define LONG_BYTES ((size_t)16 * 1024)

/* What a token costs beside its bytes, in bytes. */
#define TOKEN_COST 4

/* Only to compare names quickly: what has the same hash is compared again. */
static const uint64_t hash_key[2] = {UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd1b54a32d192ed03)};

struct outline *outline_new(struct span json) {
	struct outline *outline = alloc_zero(1, sizeof *outline);
	outline->bytes = json;
	outline_walk_init(&outline->walk, json);
	return outline;
}

void outline_free(struct outline *outline) {
	if (!outline) {
		return;
	}
	for (size_t i = 0; i < outline->mark_count; i++) {
		outline_walk_clear(&outline->marks[i]);
	}
	outline_walk_clear(&outline->walk);
	free(outline->marks);
	free(outline->large);
	free(outline->names);
	free(outline->repeats);
	free(outline);
}

bool outline_is_complete(const struct outline *outline) {
	return outline->complete;
}

size_t outline_values(const struct outline *outline) {
	return outline->walk.values + 1;
}

bool outline_has_repeats(const struct outline *outline) {
	return outline->complete && outline->repeat_count > 0;
}

static void *grow(void *list, size_t count, size_t *capacity, size_t size) {
	if (count < *capacity) {
		return list;
	}
	*capacity = *capacity > 0 ? *capacity * 2 : 16;
	return alloc_resize(list, *capacity * size);
}

/* --- names that are repeated --- */

static void keep_name(struct outline *outline) {
	struct span token = {
		outline->bytes.data + outline->walk.begin, outline->walk.at - outline->walk.begin};
	if (outline->name_count == OUTLINE_NAMES_MAX || token.len > OUTLINE_NAME_LEN_MAX) {
		return;
	}
	struct buffer plain = {0};
	struct span text = outline_name(token, &plain);
	outline->names =
		grow(outline->names, outline->name_count, &outline->name_capacity, sizeof *outline->names);
	outline->names[outline->name_count++] =
		(struct outline_name){siphash(hash_key, text), outline->walk.begin, token.len};
	buffer_clear(&plain);
}

static int compare_names(const void *left, const void *right) {
	const struct outline_name *a = left, *b = right;
	if (a->hash != b->hash) {
		return a->hash < b->hash ? -1 : 1;
	}
	return a->begin < b->begin ? -1 : a->begin > b->begin;
}

static bool is_same(
	const struct outline *outline, const struct outline_name *a, const struct outline_name *b) {
	struct buffer plain_a = {0}, plain_b = {0};
	const char *data = outline->bytes.data;
	bool same = span_equal(outline_name((struct span){data + a->begin, a->len}, &plain_a),
		outline_name((struct span){data + b->begin, b->len}, &plain_b));
	buffer_clear(&plain_a);
	buffer_clear(&plain_b);
	return same;
}

static void keep_repeat(struct outline *outline, size_t name, bool last) {
	if (outline->repeat_count < OUTLINE_REPEATS_MAX) {
		outline->repeats = grow(outline->repeats, outline->repeat_count, &outline->repeat_capacity,
			sizeof *outline->repeats);
		outline->repeats[outline->repeat_count++] = (struct outline_repeated){name, last};
	}
}

/* An object ends: its names are in order of their hashes, and where equal in order of their places. */
static void compare_all(struct outline *outline, size_t from) {
	struct outline_name *names = outline->names + from;
	size_t count = outline->name_count - from;
	if (count > 1) {
		qsort(names, count, sizeof *names, compare_names);
	}
	bool repeats = false;
	for (size_t i = 1; i <= count; i++) {
		bool again = i < count && names[i].hash == names[i - 1].hash &&
		             is_same(outline, &names[i], &names[i - 1]);
		if (again || repeats) {
			keep_repeat(outline, names[i - 1].begin, !again);
		}
		repeats = again;
	}
	outline->name_count = from;
}

/* --- reading --- */

static void keep_large(struct outline *outline) {
	const struct outline_walk *walk = &outline->walk;
	if (walk->at - walk->closed.begin < OUTLINE_LARGE ||
		outline->large_count == OUTLINE_LARGE_MAX) {
		return;
	}
	outline->large = grow(
		outline->large, outline->large_count, &outline->large_capacity, sizeof *outline->large);
	outline->large[outline->large_count++] =
		(struct outline_extent){walk->closed.begin, walk->at, outline_frame_items(&walk->closed)};
}

static void keep_mark(struct outline *outline) {
	size_t last = outline->mark_count > 0 ? outline->marks[outline->mark_count - 1].at : 0;
	if (outline->mark_count > 0 && outline->walk.at - last < MARK_BYTES &&
		json_lexer_looked(&outline->walk.lexer) < LONG_BYTES) {
		return;
	}
	outline->marks =
		grow(outline->marks, outline->mark_count, &outline->mark_capacity, sizeof *outline->marks);
	outline->marks[outline->mark_count++] = outline_walk_copy(&outline->walk);
}

static void take_token(struct outline *outline) {
	struct outline_walk *walk = &outline->walk;
	if (walk->is_name) {
		keep_name(outline);
	} else if (walk->kind == JSON_OBJECT_BEGIN) {
		walk->frames[walk->depth - 1].names_from = outline->name_count;
	} else if (outline_closes(walk->kind)) {
		keep_large(outline);
		if (walk->kind == JSON_OBJECT_END) {
			compare_all(outline, walk->closed.names_from);
		}
	}
}

static int compare_large(const void *left, const void *right) {
	const struct outline_extent *a = left, *b = right;
	return a->begin < b->begin ? -1 : a->begin > b->begin;
}

static int compare_repeats(const void *left, const void *right) {
	const struct outline_repeated *a = left, *b = right;
	return a->name < b->name ? -1 : a->name > b->name;
}

static void finish(struct outline *outline) {
	if (outline->large_count > 1) {
		qsort(outline->large, outline->large_count, sizeof *outline->large, compare_large);
	}
	if (outline->repeat_count > 1) {
		qsort(outline->repeats, outline->repeat_count, sizeof *outline->repeats, compare_repeats);
	}
	free(outline->names);
	outline->names = NULL;
	outline->name_count = outline->name_capacity = 0;
	outline->complete = true;
}

bool outline_read(struct outline *outline, size_t budget) {
	size_t spent = 0;
	while (!outline->complete && spent < budget) {
		size_t from = outline->walk.at;
		if (!outline_walk_look(&outline->walk, OUTLINE_LOOK_BYTES)) {
			spent += OUTLINE_LOOK_BYTES;
			continue;
		}
		keep_mark(outline);
		if (outline_walk_next(&outline->walk)) {
			take_token(outline);
			spent += outline->walk.at - from + TOKEN_COST;
		} else {
			finish(outline);
		}
	}
	return outline->complete;
}

/* --- questions --- */

static const struct outline_extent *find_large(const struct outline *outline, size_t begin) {
	struct outline_extent key = {.begin = begin};
	return outline->complete && outline->large_count > 0
	           ? bsearch(&key, outline->large, outline->large_count, sizeof key, compare_large)
	           : NULL;
}

/* Reads a value that is not large; of one that is, no more than would fit. */
static bool read_extent(
	const struct outline *outline, size_t begin, struct outline_extent *extent) {
	struct outline_walk walk;
	struct span rest = span_after(outline->bytes, begin);
	bool more = true;
	rest.len = rest.len < OUTLINE_LARGE ? rest.len : OUTLINE_LARGE;
	outline_walk_init(&walk, rest);
	do {
		more = outline_walk_next(&walk) && walk.at < OUTLINE_LARGE;
	} while (more && walk.depth > 0);
	bool found = outline_closes(walk.kind) && walk.depth == 0 && walk.closed.begin == 0;
	*extent = (struct outline_extent){begin, begin + walk.at, outline_frame_items(&walk.closed)};
	outline_walk_clear(&walk);
	return found;
}

bool outline_extent(const struct outline *outline, size_t begin, struct outline_extent *extent) {
	const struct outline_extent *large = find_large(outline, begin);
	if (large) {
		*extent = *large;
		return true;
	}
	return read_extent(outline, begin, extent);
}

enum outline_repeat outline_repeat(const struct outline *outline, size_t name) {
	struct outline_repeated key = {.name = name};
	const struct outline_repeated *found =
		outline_has_repeats(outline)
			? bsearch(&key, outline->repeats, outline->repeat_count, sizeof key, compare_repeats)
			: NULL;
	return !found ? OUTLINE_ONCE : found->last ? OUTLINE_LAST_OF_SEVERAL : OUTLINE_REPEATED_BELOW;
}
