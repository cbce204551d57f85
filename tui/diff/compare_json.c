/* Differences as JSON for programs: values are the very bytes that were compared, so that no number loses digits on the way. */
#include "common/json.h"
#include "tui/diff/compare.h"

static const char *const marks[DIFF_MARK_COUNT] = {
	[DIFF_CHANGED] = "changed",
	[DIFF_SPELLED] = "spelled",
	[DIFF_ADDED] = "added",
	[DIFF_REMOVED] = "removed",
	[DIFF_MOVED] = "moved",
};

static const char *const kinds[] = {
	[DIFF_JSON] = "structure",
	[DIFF_LINES] = "line",
	[DIFF_BYTES] = "byte",
	[DIFF_HEADERS] = "header",
};

static bool is_difference(enum diff_mark mark) {
	return marks[mark] != NULL;
}

/* `at`: the heading it stands under; of lines, which have no path of their own. */
static void append_row(struct buffer *out, const struct diff_row *row, struct span at) {
	buffer_append_byte(out, '{');
	json_member_text(out, "mark", span_text(marks[row->mark]));
	if (row->place.len > 0) {
		json_member_bytes(out, "path", row->place);
	}
	if (at.len > 0) {
		json_member_bytes(out, "at", at);
	}
	if (row->mark != DIFF_ADDED) {
		json_member_bytes(out, "old", row->old);
	}
	if (row->mark != DIFF_REMOVED) {
		json_member_bytes(out, "new", row->new);
	}
	buffer_append_byte(out, '}');
}

/* False: the rest is too long. */
static bool append_rows(struct buffer *out, const struct diff *diff, size_t most) {
	size_t count;
	const struct diff_row *rows = diff_rows(diff, &count);
	struct span at = {0};
	const char *comma = "";
	bool whole = true;
	json_member_name(out, "differences");
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < count && whole; i++) {
		if (rows[i].mark == DIFF_HEADING) {
			at = rows[i].place;
		} else if (is_difference(rows[i].mark)) {
			whole = out->len < most;
			buffer_append_text(out, whole ? comma : "");
			if (whole) {
				append_row(out, &rows[i], at);
			}
			comma = ",";
		}
	}
	buffer_append_byte(out, ']');
	return whole;
}

static size_t differences(const struct diff *diff) {
	size_t count = 0;
	for (int mark = 0; mark < DIFF_MARK_COUNT; mark++) {
		count += is_difference((enum diff_mark)mark) ? diff_count(diff, (enum diff_mark)mark) : 0;
	}
	return count;
}

static void append_section(struct buffer *out, const struct compare_section *section,
	enum compare_part part, size_t most) {
	const struct diff *diff = section->diff;
	buffer_append_byte(out, '{');
	json_member_text(out, "part", span_text(compare_part_name(part)));
	if (section->title) {
		json_member_text(out, "section", span_text(section->title));
	}
	json_member_text(out, "by", span_text(kinds[diff_kind_of(diff)]));
	json_member_bool(out, "same", diff_is_same(diff));
	json_member_int(out, "count", (int64_t)differences(diff));
	json_member_int(out, "ignored", (int64_t)diff_ignored(diff));
	bool whole = append_rows(out, diff, most);
	if (!whole) {
		json_member_bool(out, "cut", true);
	}
	if (diff_note(diff).len > 0) {
		json_member_text(out, "note", diff_note(diff));
	}
	buffer_append_byte(out, '}');
}

void compare_append_json(
	struct buffer *out, const struct compare *compare, enum compare_part part, size_t most) {
	if (compare->missing) {
		buffer_append_byte(out, '{');
		json_member_text(out, "part", span_text(compare_part_name(part)));
		json_member_bool(out, "same", false);
		json_member_text(out, "missing", span_text(compare->missing));
		buffer_append_byte(out, '}');
	}
	for (size_t i = 0; i < compare->count; i++) {
		buffer_append_text(out, i > 0 || compare->missing ? "," : "");
		append_section(out, &compare->sections[i], part, most);
	}
}
