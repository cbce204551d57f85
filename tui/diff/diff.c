#include "tui/diff/diff.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json_lexer.h"
#include "common/siphash.h"
#include "common/text.h"
#include "tui/diff/diff_parts.h"

/* So much of a text tells what it is. */
#define LOOKED_AT 65536

struct diff *diff_new(
	enum diff_kind kind, struct span old, struct span new, const struct ignore *ignore) {
	static const struct ignore nothing;
	struct diff *diff = alloc_zero(1, sizeof *diff);
	diff->kind = kind;
	diff->old = old;
	diff->new = new;
	diff->ignore = ignore ? ignore : &nothing;
	return diff;
}

void diff_free(struct diff *diff) {
	if (!diff) {
		return;
	}
	diff_json_clear(diff);
	diff_lines_clear(diff);
	arena_clear(&diff->arena);
	buffer_clear(&diff->note);
	free(diff->rows);
	free(diff);
}

static bool begins_like_json(struct span text) {
	struct json_lexer lexer;
	json_lexer_init(&lexer, text);
	struct json_token token = json_lexer_next(&lexer);
	return token.kind == JSON_OBJECT_BEGIN || token.kind == JSON_ARRAY_BEGIN;
}

static bool is_text(struct span text) {
	text.len = text.len < LOOKED_AT ? text.len : LOOKED_AT;
	size_t cut = text.len;
	/* a character that is cut at the end says nothing */
	while (cut > 0 && text.len - cut < 4 && (text.data[cut - 1] & 0x80)) {
		cut--;
	}
	struct span begin = {text.data, text.len == LOOKED_AT ? cut : text.len};
	return (text.len == 0 || !memchr(text.data, '\0', text.len)) && text_is_utf8(begin);
}

enum diff_kind diff_kind_for(struct span old, struct span new) {
	if (begins_like_json(old) && begins_like_json(new)) {
		return DIFF_JSON;
	}
	return is_text(old) && is_text(new) ? DIFF_LINES : DIFF_BYTES;
}

bool diff_step(struct diff *diff, size_t budget) {
	static bool (*const steps[])(struct diff *, size_t) = {
		[DIFF_JSON] = diff_json_step,
		[DIFF_LINES] = diff_lines_step,
		[DIFF_BYTES] = diff_bytes_step,
		[DIFF_HEADERS] = diff_headers_step,
	};
	if (diff->done) {
		return true;
	}
	/* a kind that hands over to another one goes on with the next slice */
	diff->done = steps[diff->kind](diff, budget);
	if (diff->done && diff->full) {
		diff_say(diff, "Only the first %d rows are listed.", DIFF_ROWS_MAX);
	}
	return diff->done;
}

void diff_add(struct diff *diff, const struct diff_row *row, bool copy) {
	diff->counts[row->mark]++;
	if (diff->row_count == DIFF_ROWS_MAX) {
		diff->full = true;
		return;
	}
	if (diff->row_count == diff->row_capacity) {
		diff->row_capacity = diff->row_capacity ? 2 * diff->row_capacity : 32;
		diff->rows = alloc_resize(diff->rows, diff->row_capacity * sizeof *diff->rows);
	}
	struct diff_row *kept = &diff->rows[diff->row_count++];
	*kept = *row;
	if (copy) {
		kept->place.data = arena_text_of(&diff->arena, row->place.data, row->place.len);
	}
}

void diff_say(struct diff *diff, const char *format, ...) {
	char text[300];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	buffer_append_text(&diff->note, diff->note.len > 0 ? " " : "");
	buffer_append_text(&diff->note, text);
}

/* It only proposes: whatever it finds the same is compared byte by byte. So the key need not be secret. */
uint64_t diff_hash(struct span bytes) {
	static const uint64_t key[2] = {0x686f6f6b6c696e65, 0x64696666};
	return siphash(key, bytes);
}

enum diff_kind diff_kind_of(const struct diff *diff) {
	return diff->kind;
}

const char *diff_kind_name(enum diff_kind kind) {
	static const char *const names[] = {"by structure", "by line", "by byte", "by header"};
	return names[kind];
}

const struct diff_row *diff_rows(const struct diff *diff, size_t *count) {
	*count = diff->row_count;
	return diff->rows;
}

size_t diff_count(const struct diff *diff, enum diff_mark mark) {
	return diff->counts[mark];
}

size_t diff_ignored(const struct diff *diff) {
	return diff->ignored;
}

bool diff_is_same(const struct diff *diff) {
	return diff->counts[DIFF_CHANGED] + diff->counts[DIFF_SPELLED] + diff->counts[DIFF_ADDED] +
	           diff->counts[DIFF_REMOVED] + diff->counts[DIFF_MOVED] ==
	       0;
}

struct span diff_note(const struct diff *diff) {
	return buffer_span(&diff->note);
}

void diff_append_summary(struct buffer *out, const struct diff *diff) {
	static const struct {
		enum diff_mark mark;
		const char *word;
	} words[] = {{DIFF_CHANGED, "changed"}, {DIFF_SPELLED, "spelled differently"},
		{DIFF_ADDED, "added"}, {DIFF_REMOVED, "removed"}, {DIFF_MOVED, "moved"}};
	const char *between = "";
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t count = diff->counts[words[i].mark];
		if (count > 0) {
			buffer_printf(out, "%s%zu %s", between, count, words[i].word);
			between = ", ";
		}
	}
	if (!*between) {
		buffer_append_text(out, diff->ignored > 0 ? "the same but for " : "the same");
	}
	if (diff->ignored > 0) {
		buffer_printf(out, "%s%zu left out", between, diff->ignored);
	}
}
