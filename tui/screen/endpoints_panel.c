#include "tui/screen/endpoints_panel.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/counts.h"
#include "common/endpoint_url.h"
#include "common/span.h"

struct endpoint_row *endpoints_panel_add(struct endpoints_panel *panel) {
	size_t count = panel->count;
	if (count == ENDPOINTS_SHOWN_MAX) {
		panel->more = true;
		return NULL;
	}
	if ((count & (count - 1)) == 0) { /* full: rooms double */
		panel->rows = alloc_resize(panel->rows, (count > 0 ? 2 * count : 1) * sizeof *panel->rows);
	}
	panel->rows[count] = (struct endpoint_row){0};
	panel->count++;
	return &panel->rows[count];
}

static struct endpoint_row *find(const struct endpoints_panel *panel, struct span name) {
	for (size_t i = 0; i < panel->count; i++) {
		if (span_is(name, panel->rows[i].name)) {
			return &panel->rows[i];
		}
	}
	return NULL;
}

static void keep_counted(struct endpoint_row *row, const struct endpoint_row *before) {
	row->counted = before->counted;
	row->events = before->events;
	row->failed = before->failed;
	row->latest_ns = before->latest_ns;
}

void endpoints_panel_take(struct endpoints_panel *panel, struct endpoints_panel *told) {
	const struct endpoint_row *chosen = endpoints_panel_current(panel);
	struct endpoint_row *same = chosen ? find(told, span_text(chosen->name)) : NULL;
	for (size_t i = 0; i < told->count; i++) {
		const struct endpoint_row *before = find(panel, span_text(told->rows[i].name));
		if (before) {
			keep_counted(&told->rows[i], before);
		}
	}
	if (same) {
		panel->cursor = (size_t)(same - told->rows);
	} else if (panel->cursor >= told->count) {
		panel->cursor = told->count > 0 ? told->count - 1 : 0;
	}
	free(panel->rows);
	panel->rows = told->rows;
	panel->count = told->count;
	panel->more = told->more;
	panel->loaded = true;
	*told = (struct endpoints_panel){0};
}

/* Where the relay counts some of them together, nothing is known of one that is not named. */
static bool has_others(const struct counts *counts) {
	size_t count = counts->row_count[COUNTS_ENDPOINT];
	for (size_t i = 0; i < count; i++) {
		if (counts->rows[COUNTS_ENDPOINT][i].others) {
			return true;
		}
	}
	return count == COUNTS_ROWS_MAX;
}

void endpoints_panel_take_counts(struct endpoints_panel *panel, const struct counts *counts) {
	const struct endpoint_row nothing = {.counted = !has_others(counts)};
	for (size_t i = 0; i < panel->count; i++) {
		keep_counted(&panel->rows[i], &nothing);
	}
	for (size_t i = 0; i < counts->row_count[COUNTS_ENDPOINT]; i++) {
		const struct counts_row *told = &counts->rows[COUNTS_ENDPOINT][i];
		struct endpoint_row *row = told->others ? NULL : find(panel, told->name);
		if (row) {
			row->counted = true;
			row->events = told->events;
			row->failed = told->failed;
			row->latest_ns = told->latest_ns;
		}
	}
}

void endpoints_panel_clear(struct endpoints_panel *panel) {
	free(panel->rows);
	*panel = (struct endpoints_panel){0};
}

const struct endpoint_row *endpoints_panel_current(const struct endpoints_panel *panel) {
	return panel->cursor < panel->count ? &panel->rows[panel->cursor] : NULL;
}

void endpoints_panel_append_url(
	struct buffer *out, const struct endpoint_row *row, const char *ingest_url) {
	endpoint_url_append(out, span_text(ingest_url), span_text(row->name), span_text(row->host));
}

/* A name of the relay's is plain; a foreign one is quoted, and a quotation mark in it cannot be told. */
bool endpoints_panel_filter(struct buffer *out, const struct endpoint_row *row) {
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	bool is_plain = row->name[0] && strspn(row->name, plain) == strlen(row->name);
	if (strchr(row->name, '"')) {
		return false;
	}
	buffer_printf(out, is_plain ? "endpoint:%s" : "endpoint:\"%s\"", row->name);
	return true;
}
