/* Differences as lines for people. */
#include "tui/diff/compare.h"
#include "tui/diff/spelling.h"

struct teller {
	const struct compare_telling *telling;
	enum diff_kind kind;
	size_t told;
};

static void put(struct teller *teller, enum compare_tone tone, struct span text, bool end) {
	teller->told += text.len + 1;
	teller->telling->tell(teller->telling->data, tone, text, end);
}

static void put_text(struct teller *teller, enum compare_tone tone, const char *text, bool end) {
	put(teller, tone, span_text(text), end);
}

/* A value as it is shown; `raw` as it was written. */
static void append_value(
	struct buffer *out, const struct teller *teller, struct span value, bool raw) {
	size_t most = teller->telling->most;
	if (teller->kind == DIFF_JSON) {
		spelling_append_value(out, value, raw, most);
	} else if (teller->kind == DIFF_BYTES) {
		diff_append_hex(out, value);
	} else {
		buffer_append(out, value.data, value.len < most ? value.len : most);
		buffer_append_text(out, value.len > most ? "..." : "");
	}
}

static const char *const signs[] = {
	[DIFF_SAME] = "  ",
	[DIFF_CHANGED] = "~ ",
	[DIFF_SPELLED] = "= ",
	[DIFF_ADDED] = "+ ",
	[DIFF_REMOVED] = "- ",
	[DIFF_MOVED] = "> ",
	[DIFF_HEADING] = "@ ",
};

static enum compare_tone sign_tone(enum diff_mark mark) {
	return mark == DIFF_ADDED     ? TONE_SIGN_NEW
	       : mark == DIFF_REMOVED ? TONE_SIGN_OLD
	       : mark == DIFF_SAME    ? TONE_FAINT
	                              : TONE_SIGN;
}

/* "~ .amount  1 -> 2", or below each other where that does not fit. */
static void tell_pair(struct teller *teller, const struct diff_row *row) {
	struct buffer old = {0}, new = {0};
	bool raw = teller->telling->raw || row->mark == DIFF_SPELLED;
	append_value(&old, teller, row->old, raw);
	append_value(&new, teller, row->new, raw);
	put_text(teller, sign_tone(row->mark), signs[row->mark], false);
	put(teller, TONE_PLACE, row->place, false);
	const char *word = row->mark == DIFF_SPELLED ? "  (only spelled differently)"
	                   : row->mark == DIFF_MOVED ? "  (moved)"
	                                             : "";
	if (row->place.len + old.len + new.len + span_text(word).len + 10 <= teller->telling->room) {
		put_text(teller, TONE_PLAIN, "  ", false);
		put(teller, TONE_OLD, buffer_span(&old), false);
		put_text(teller, TONE_FAINT, " -> ", false);
		put(teller, TONE_NEW, buffer_span(&new), *word == '\0');
		if (*word) {
			put_text(teller, TONE_FAINT, word, true);
		}
	} else {
		put_text(teller, TONE_FAINT, word, true);
		put_text(teller, TONE_SIGN_OLD, "    - ", false);
		put(teller, TONE_OLD, buffer_span(&old), true);
		put_text(teller, TONE_SIGN_NEW, "    + ", false);
		put(teller, TONE_NEW, buffer_span(&new), true);
	}
	buffer_clear(&old);
	buffer_clear(&new);
}

static void tell_one(struct teller *teller, const struct diff_row *row) {
	struct buffer value = {0};
	append_value(
		&value, teller, row->mark == DIFF_ADDED ? row->new : row->old, teller->telling->raw);
	put_text(teller, sign_tone(row->mark), signs[row->mark], false);
	if (row->place.len > 0) {
		put(teller, TONE_PLACE, row->place, false);
		put_text(teller, TONE_PLAIN, "  ", false);
	}
	put(teller,
		row->mark == DIFF_ADDED     ? TONE_NEW
		: row->mark == DIFF_REMOVED ? TONE_OLD
									: TONE_FAINT,
		buffer_span(&value), true);
	buffer_clear(&value);
}

static void tell_row(struct teller *teller, const struct diff_row *row) {
	switch (row->mark) {
	case DIFF_HEADING:
		put_text(teller, TONE_FAINT, signs[row->mark], false);
		put(teller, TONE_FAINT, row->place, true);
		break;
	case DIFF_CHANGED:
	case DIFF_SPELLED:
	case DIFF_MOVED:
		tell_pair(teller, row);
		break;
	default:
		tell_one(teller, row);
	}
}

static void tell_section(struct teller *teller, const struct compare_section *section) {
	struct buffer summary = {0};
	size_t count;
	teller->kind = diff_kind_of(section->diff);
	if (section->title) {
		buffer_printf(&summary, "%s, ", section->title);
	}
	buffer_printf(&summary, "%s: ", diff_kind_name(teller->kind));
	diff_append_summary(&summary, section->diff);
	put(teller, TONE_TITLE, buffer_span(&summary), true);
	buffer_clear(&summary);
	if (diff_note(section->diff).len > 0) {
		put(teller, TONE_FAINT, diff_note(section->diff), true);
	}
	const struct diff_row *rows = diff_rows(section->diff, &count);
	for (size_t i = 0; i < count; i++) {
		if (teller->told > teller->telling->all) {
			put_text(teller, TONE_FAINT, "... the rest is too long to be shown", true);
			return;
		}
		tell_row(teller, &rows[i]);
	}
}

void compare_tell(const struct compare *compare, const struct compare_telling *telling) {
	struct teller teller = {.telling = telling};
	if (compare->missing) {
		put_text(&teller, TONE_FAINT, compare->missing, true);
	}
	for (size_t i = 0; i < compare->count; i++) {
		if (i > 0) {
			put_text(&teller, TONE_PLAIN, "", true);
		}
		tell_section(&teller, &compare->sections[i]);
	}
}
