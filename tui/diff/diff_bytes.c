/* By byte: where they begin to differ, and rows of 16 bytes that do. */
#include <string.h>

#include "tui/diff/diff_parts.h"

#define ROW_BYTES 16
/* Rows shown where lengths differ: everything behind the first difference stands elsewhere. */
#define ROWS_OF_SHIFTED 8
#define BLOCK 4096

static size_t same_at_front(struct span a, struct span b) {
	size_t most = a.len < b.len ? a.len : b.len, at = 0;
	while (most - at > BLOCK && memcmp(a.data + at, b.data + at, BLOCK) == 0) {
		at += BLOCK;
	}
	while (at < most && a.data[at] == b.data[at]) {
		at++;
	}
	return at;
}

static size_t same_at_end(struct span a, struct span b, size_t front) {
	size_t most = (a.len < b.len ? a.len : b.len) - front, count = 0;
	while (count < most && a.data[a.len - 1 - count] == b.data[b.len - 1 - count]) {
		count++;
	}
	return count;
}

static struct span row_at(struct span bytes, size_t at) {
	struct span rest = span_after(bytes, at);
	rest.len = rest.len < ROW_BYTES ? rest.len : ROW_BYTES;
	return rest;
}

static void add_row(struct diff *diff, size_t at) {
	struct diff_row row = {.old = row_at(diff->old, at), .new = row_at(diff->new, at)};
	struct buffer place = {0};
	buffer_printf(&place, "%08zx", at);
	row.place = buffer_span(&place);
	row.mark = span_equal(row.old, row.new) ? DIFF_SAME
	           : row.old.len == 0           ? DIFF_ADDED
	           : row.new.len == 0           ? DIFF_REMOVED
	                                        : DIFF_CHANGED;
	diff_add(diff, &row, true);
	buffer_clear(&place);
}

/* Rows that differ, one on either side of each. */
static void add_all(struct diff *diff, size_t first) {
	size_t shown = first - first % ROW_BYTES, len = diff->old.len;
	for (size_t at = shown; at < len; at += ROW_BYTES) {
		if (span_equal(row_at(diff->old, at), row_at(diff->new, at))) {
			continue;
		}
		if (at >= shown + ROW_BYTES || (at == shown && at >= ROW_BYTES)) {
			add_row(diff, at - ROW_BYTES);
		}
		add_row(diff, at);
		bool next = at + ROW_BYTES < len && !span_equal(row_at(diff->old, at + ROW_BYTES),
												row_at(diff->new, at + ROW_BYTES));
		if (at + ROW_BYTES < len && !next) {
			add_row(diff, at + ROW_BYTES);
			at += ROW_BYTES;
		}
		shown = at + ROW_BYTES;
	}
}

static void add_shifted(struct diff *diff, size_t first) {
	size_t longest = diff->old.len > diff->new.len ? diff->old.len : diff->new.len;
	size_t begin = first - first % ROW_BYTES, end = same_at_end(diff->old, diff->new, first);
	begin -= begin >= ROW_BYTES ? ROW_BYTES : 0;
	for (size_t i = 0; i < ROWS_OF_SHIFTED && begin + i * ROW_BYTES < longest; i++) {
		add_row(diff, begin + i * ROW_BYTES);
	}
	diff_say(diff, "%zu and %zu bytes: behind the first difference bytes stand elsewhere.",
		diff->old.len, diff->new.len);
	if (end > 0) {
		diff_say(diff, "The last %zu bytes are the same.", end);
	}
}

bool diff_bytes_step(struct diff *diff, size_t budget) {
	(void)budget; /* 10 MiB take a few milliseconds */
	if (span_equal(diff->old, diff->new)) {
		return true;
	}
	size_t first = same_at_front(diff->old, diff->new);
	struct buffer place = {0};
	buffer_printf(&place, "first difference at byte %zu", first);
	diff_add(diff, &(struct diff_row){DIFF_HEADING, buffer_span(&place), {0}, {0}}, true);
	buffer_clear(&place);
	if (diff->old.len == diff->new.len) {
		add_all(diff, first);
	} else {
		add_shifted(diff, first);
	}
	return true;
}

void diff_append_hex(struct buffer *out, struct span bytes) {
	for (size_t i = 0; i < ROW_BYTES; i++) {
		if (i < bytes.len) {
			buffer_printf(out, "%02x ", (unsigned char)bytes.data[i]);
		} else {
			buffer_append_text(out, "   ");
		}
	}
	buffer_append_text(out, " |");
	for (size_t i = 0; i < bytes.len && i < ROW_BYTES; i++) {
		buffer_append_byte(out, bytes.data[i] >= ' ' && bytes.data[i] <= '~' ? bytes.data[i] : '.');
	}
	buffer_append_byte(out, '|');
}
