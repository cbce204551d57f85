/*
 * What is known of a payload is the same however it is read in slices, a token is the same however far it was looked at before, the path of a
 * byte leads to a place of that path, and what is folded ends where it ends. The first byte of the input says how large the slices are.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/screen/document.h"
#include "tui/screen/folds.h"
#include "tui/screen/outline.h"

#define PAYLOAD_MAX 4096

/* Places that are asked about. */
#define PLACES 40

static void looking_ahead_changes_nothing(struct span bytes, size_t budget) {
	struct json_lexer plain, ahead;
	struct json_token a, b;
	json_lexer_init(&plain, bytes);
	json_lexer_init(&ahead, bytes);
	do {
		for (size_t looks = 0; !json_lexer_look(&ahead, budget); looks++) {
			HOLDS(looks <= bytes.len);
		}
		a = json_lexer_next(&plain);
		b = json_lexer_next(&ahead);
		HOLDS(a.kind == b.kind && a.text.data == b.text.data && a.text.len == b.text.len);
		HOLDS(json_lexer_is_name(&plain) == json_lexer_is_name(&ahead));
	} while (a.kind != JSON_END && a.kind != JSON_ERROR);
}

static struct outline *outline_of(struct span bytes, size_t budget) {
	struct outline *outline = outline_new(bytes);
	for (size_t slices = 0; !outline_read(outline, budget); slices++) {
		HOLDS(slices <= 2 * bytes.len);
	}
	return outline;
}

static void path_leads_back(const struct outline *outline, struct span path) {
	struct outline_seek *seek = outline_seek_new(outline, path, 0);
	enum outline_found found = OUTLINE_GO_ON;
	struct outline_spot spot;
	struct buffer again = {0};
	size_t at;
	while (seek && found == OUTLINE_GO_ON) {
		found = outline_seek(seek, 7, &at);
	}
	if (seek && found == OUTLINE_FOUND && outline_at(outline, at, &spot, &again)) {
		HOLDS(span_find(path, '\\') < path.len || span_equal(buffer_span(&again), path));
	}
	outline_seek_free(seek);
	buffer_clear(&again);
}

static void extent_is_sane(const struct outline *outline, struct span bytes, size_t at) {
	struct outline_extent extent;
	size_t around[JSON_LEXER_DEPTH];
	size_t depth = outline_around(outline, at, around, JSON_LEXER_DEPTH);
	for (size_t i = 0; i < depth; i++) {
		HOLDS(around[i] < bytes.len && memchr("[{", bytes.data[around[i]], 2));
		HOLDS(i == 0 || around[i] > around[i - 1]);
		if (outline_extent(outline, around[i], &extent)) {
			HOLDS(extent.begin == around[i] && extent.end > at && extent.end <= bytes.len);
			HOLDS(memchr("]}", bytes.data[extent.end - 1], 2));
		}
	}
}

static void answers_are_the_same(
	const struct outline *a, const struct outline *b, struct span bytes) {
	struct buffer path_a = {0}, path_b = {0};
	HOLDS(outline_values(a) == outline_values(b));
	HOLDS(outline_has_repeats(a) == outline_has_repeats(b));
	for (size_t at = 0; at < bytes.len; at += 1 + bytes.len / PLACES) {
		struct outline_spot spot_a, spot_b;
		bool found = outline_at(a, at, &spot_a, &path_a);
		HOLDS(outline_at(b, at, &spot_b, &path_b) == found);
		HOLDS(outline_repeat(a, at) == outline_repeat(b, at));
		if (!found) {
			continue;
		}
		HOLDS(span_equal(buffer_span(&path_a), buffer_span(&path_b)));
		HOLDS(spot_a.begin == spot_b.begin && spot_a.end == spot_b.end);
		HOLDS(spot_a.items == spot_b.items && spot_a.kind == spot_b.kind);
		HOLDS(spot_a.from <= spot_a.begin && spot_a.end <= bytes.len);
		HOLDS(spot_a.end == 0 || spot_a.end > spot_a.begin);
		extent_is_sane(a, bytes, at);
		if (spot_a.values == 0) {
			path_leads_back(a, buffer_span(&path_a));
		}
	}
	buffer_clear(&path_a);
	buffer_clear(&path_b);
}

/* Folding all and unfolding it again gives the lines there were. */
static void folds_come_back(const struct outline *outline, struct span bytes, size_t budget) {
	struct folds folds = {0};
	struct document *document = document_new(60, false);
	document_add_tree(document, bytes, outline, &folds);
	document_layout(document, SIZE_MAX);
	size_t lines = document_lines(document);
	folds_reset(&folds, 1 + budget % 3);
	document_tree_changed(document, 0);
	while (!document_layout(document, budget)) {
	}
	HOLDS(document_lines(document) <= lines + 2 * (bytes.len > 0));
	folds_reset(&folds, 0);
	document_tree_changed(document, 0);
	while (!document_layout(document, budget)) {
	}
	HOLDS(document_lines(document) == lines);
	document_free(document);
	folds_clear(&folds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	if (len < 2) {
		return 0;
	}
	size_t budget = 1 + data[0] % 64;
	struct span bytes = {(const char *)data + 1, len - 1 < PAYLOAD_MAX ? len - 1 : PAYLOAD_MAX};
	looking_ahead_changes_nothing(bytes, budget);
	struct outline *whole = outline_of(bytes, SIZE_MAX), *sliced = outline_of(bytes, budget);
	answers_are_the_same(whole, sliced, bytes);
	folds_come_back(whole, bytes, budget);
	outline_free(whole);
	outline_free(sliced);
	return 0;
}
