/* What the files of view share: one file a part of the screen. For them alone. */
#pragma once

#include "tui/screen/canvas.h"
#include "tui/screen/layout.h"
#include "tui/screen/model.h"

/* view_list.c: the rows of events and the headings of their columns */
void view_list(const struct model *model, struct canvas *canvas, const struct layout *layout);

/* view_empty.c: instead of rows where there are none: why, and what to do */
void view_empty(const struct model *model, struct canvas *canvas, struct area area);

/* view_detail.c: the event, its tabs, and the document of the pane */
void view_detail(const struct model *model, struct canvas *canvas, const struct layout *layout);

/* view_payload.c: the row of the payload's cursor, and below what is under it */
void view_payload(const struct model *model, struct canvas *canvas, const struct layout *layout);

/* view_status.c: the status bar */
void view_status(const struct model *model, struct canvas *canvas, struct area bar);

/* view_prompt.c: the last row; what is wrong with a line that is typed, and what it may become, stand above it */
void view_prompt(const struct model *model, struct canvas *canvas, const struct layout *layout);

/* view_offers.c: above the prompt at `row` what may come next in its filter; false: nothing is offered */
bool view_offers(
	const struct model *model, struct canvas *canvas, struct area row, size_t rows_above);

/* view_help.c: all keys, on the whole area */
void view_help(const struct model *model, struct canvas *canvas, struct area area);

/* view_overview.c: how many there were, in charts, on the whole area */
void view_overview(const struct model *model, struct canvas *canvas, struct area area);

/* view_endpoints.c: what the relay has, and what came to each, on the whole area */
void view_endpoints(const struct model *model, struct canvas *canvas, struct area area);

/* view_timeline.c: every event of a business key, on the whole area */
void view_timeline(const struct model *model, struct canvas *canvas, struct area area);

/* view_deliveries.c: every attempt, on the whole area */
void view_deliveries(const struct model *model, struct canvas *canvas, struct area area);

/* view_secret.c: the secrets of an endpoint */
void view_secret(const struct model *model, struct canvas *canvas, struct area area);

/* view_diff.c: two events side by side, on the whole area */
void view_diff(const struct model *model, struct canvas *canvas, struct area area);
/* Where its lines stand. */
struct area diff_area(const struct model *model);

/* view_filters.c: filters that have a name, and those that were typed last, on the whole area */
void view_filters(const struct model *model, struct canvas *canvas, struct area area);

/* view_samples.c: the menu of samples, on the whole area */
void view_samples(const struct model *model, struct canvas *canvas, struct area area);
/* view_log.c: what was done, as commands, on the whole area */
void view_log(const struct model *model, struct canvas *canvas, struct area area);

/* view_routes.c: the table of routes with the health of each target, on the whole area */
void view_routes(const struct model *model, struct canvas *canvas, struct area area);

/* view_qr.c: a code for a camera, on the whole area */
void view_qr(const struct model *model, struct canvas *canvas, struct area area);

/* view_dialog.c: boxes in the middle of the area */
void view_dialog(const struct model *model, struct canvas *canvas, struct area area);

/* Widest box. */
#define VIEW_BOX_COLUMNS 58
/*
 * A box for `rows` lines in the middle of `area`, which it fills where that is small: without a frame when the frame would take the
 * lines' room. Returns what is inside.
 */
struct area view_box(struct canvas *canvas, struct area area, size_t rows);

/* What can be chosen by its letter. */
struct view_menu_item {
	char letter;
	const char *word;
};
/* A menu where there is no room for a row each: as many on one as it has room for. */
void view_menu_tight(
	struct canvas *canvas, struct area area, const struct view_menu_item *items, size_t count);

/* view_prove.c: what is proven of the app */
void view_prove(const struct model *model, struct canvas *canvas, struct area area);
/* view_sort.c: the menu of orders */
void view_sort(const struct model *model, struct canvas *canvas, struct area area);
/* view_retries.c: all that is to be tried again */
void view_retries(const struct model *model, struct canvas *canvas, struct area area);

/* view_bulk.c: the panel of a bulk replay */
void view_bulk(const struct model *model, struct canvas *canvas, struct area area);

/*
 * view_text.c: words of ours and of others, wrapped between words. Returns the rows used, at most area.rows; where there are more, the
 * last one ends in an ellipsis.
 */
size_t view_text(struct canvas *canvas, struct area area, struct span text, unsigned style);
/* The rows view_text would use, at most `most`. */
size_t view_text_rows(const struct canvas *canvas, size_t columns, size_t most, struct span text);
/* "localhost:3000" of "http://localhost:3000/": how targets are told where room is scarce. */
struct span view_short_url(const char *url);
/* A reference that keeps its number whole: of a long one the endpoint is cut ("my-long-e...#1042"). Returns the columns used. */
size_t view_ref(struct canvas *canvas, size_t x, size_t y, size_t columns,
	const struct event *event, unsigned style);

/* view_table.c: tables on the whole area */

/* A column in its order; a screen narrower than `from` leaves it out. 0 columns: the last one takes what is left. */
struct view_column {
	const char *head;
	size_t columns, from;
	bool right;
};
struct view_table {
	const struct view_column *columns;
	size_t count;
};
/* Appends what stands in a column; or sets `*event`, whose reference stands there, its number whole. Returns the style. */
typedef unsigned view_cell_fn(
	struct buffer *out, const struct event **event, size_t column, const void *data);
/* A row of it, or with `cell` NULL the headings. */
void view_table_row(struct canvas *canvas, struct area row, const struct view_table *table,
	view_cell_fn *cell, const void *data);
/* The row on top, so that the one of the cursor is in sight. */
size_t view_table_first(size_t cursor, size_t rows);
/* What is under the cursor in words, below a line at the end of the area, in at most `most` rows. Returns the rows left above it. */
size_t view_whole(struct canvas *canvas, struct area area, size_t most, struct span text);
/* The row above: what it is ("Deliveries  "), of what, and (where there is room) how many. */
void view_title(struct canvas *canvas, struct area row, const char *title, struct span subject,
	struct span right);
