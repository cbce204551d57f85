#include "tui/screen/outline_walk.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json_run.h"

static const char byte_order_mark[] = "\xef\xbb\xbf";

bool outline_opens(enum json_token_kind kind) {
	return kind == JSON_OBJECT_BEGIN || kind == JSON_ARRAY_BEGIN;
}

bool outline_closes(enum json_token_kind kind) {
	return kind == JSON_OBJECT_END || kind == JSON_ARRAY_END;
}

void outline_walk_init(struct outline_walk *walk, struct span bytes) {
	*walk = (struct outline_walk){.bytes = bytes, .kind = JSON_END};
	json_lexer_init(&walk->lexer, bytes);
}

struct outline_walk outline_walk_copy(const struct outline_walk *walk) {
	struct outline_walk copy = *walk;
	copy.capacity = copy.depth;
	copy.frames = alloc_zero(copy.depth, sizeof *copy.frames);
	if (copy.depth > 0) {
		memcpy(copy.frames, walk->frames, copy.depth * sizeof *copy.frames);
	}
	return copy;
}

void outline_walk_clear(struct outline_walk *walk) {
	free(walk->frames);
	*walk = (struct outline_walk){0};
}

static size_t skip_blanks(struct span bytes, size_t at) {
	return at + json_run_blanks(span_after(bytes, at));
}

/* Behind a whole value: the next one, if there is one. A byte order mark is welcome in front of all alone. */
static bool begin_value(struct outline_walk *walk) {
	walk->at = skip_blanks(walk->bytes, walk->at);
	struct span rest = span_after(walk->bytes, walk->at);
	if (rest.len == 0 || span_starts_with(rest, span_text(byte_order_mark))) {
		return false;
	}
	json_lexer_init(&walk->lexer, rest);
	walk->between = false;
	walk->values++;
	return true;
}

static void open_frame(struct outline_walk *walk) {
	if (walk->depth == walk->capacity) {
		walk->capacity = walk->capacity > 0 ? walk->capacity * 2 : 8;
		walk->frames = alloc_resize(walk->frames, walk->capacity * sizeof *walk->frames);
	}
	bool is_object = walk->kind == JSON_OBJECT_BEGIN;
	walk->frames[walk->depth++] = (struct outline_frame){
		.begin = walk->begin, .is_object = is_object, .wants_name = is_object};
}

static void take_token(struct outline_walk *walk) {
	struct outline_frame *top = walk->depth > 0 ? &walk->frames[walk->depth - 1] : NULL;
	walk->is_name = false;
	if (outline_closes(walk->kind)) {
		walk->closed = walk->frames[--walk->depth];
		return;
	}
	if (walk->kind == JSON_COMMA) {
		top->index++;
		top->wants_name = top->is_object;
	} else if (top && top->wants_name) {
		top->name_begin = walk->begin;
		top->name_end = walk->at;
		top->wants_name = false;
		walk->is_name = true;
	}
	if (top) {
		top->filled = true;
	}
	if (outline_opens(walk->kind)) {
		open_frame(walk);
	}
}

/* False: there is no value any more. */
static bool is_in_value(struct outline_walk *walk) {
	walk->ended = walk->ended || (walk->between && !begin_value(walk));
	return !walk->ended;
}

bool outline_walk_look(struct outline_walk *walk, size_t budget) {
	return !is_in_value(walk) || json_lexer_look(&walk->lexer, budget);
}

bool outline_walk_next(struct outline_walk *walk) {
	if (!is_in_value(walk)) {
		return false;
	}
	struct json_token token = json_lexer_next(&walk->lexer);
	if (token.kind == JSON_ERROR || token.kind == JSON_END) {
		walk->ended = true;
		return false;
	}
	walk->kind = token.kind;
	walk->begin = (size_t)(token.text.data - walk->bytes.data);
	walk->at = walk->begin + token.text.len;
	take_token(walk);
	walk->between = walk->depth == 0;
	return true;
}

size_t outline_walk_level(const struct outline_walk *walk) {
	return walk->depth - outline_opens(walk->kind);
}

size_t outline_frame_items(const struct outline_frame *frame) {
	return frame->filled ? frame->index + 1 : 0;
}
