/* Where things stand on a screen of a size: the one place that decides, for painting, for clicks and for page keys. */
#pragma once

#include "tui/screen/canvas.h"
#include "tui/screen/model.h"

/*
 * From so many columns on the detail stands beside the list, else below it; with fewer rows than LAYOUT_ROWS_SPLIT, or
 * maximised, there is room for one of them: the one that has the keys (model->detail_focused).
 */
#define LAYOUT_COLUMNS_BESIDE 110
#define LAYOUT_ROWS_SPLIT 16
/* Chosen to stand beside it, the detail does from so many columns on. */
#define LAYOUT_COLUMNS_BESIDE_CHOSEN 60

/* A line with a blank on either side. */
#define LAYOUT_DIVIDER_COLUMNS 3

struct layout {
	struct area list;        /* rows of events, without its heading; no rows: not shown */
	struct area list_head;   /* headings of its columns */
	struct area detail;      /* lines of the document; no rows: not shown */
	struct area detail_head; /* one line about the event, one of tabs */
	struct area detail_path; /* below the payload: where its cursor is; one row or none */
	struct area divider;     /* between them: LAYOUT_DIVIDER_COLUMNS or one row; empty: none */
	struct area bar;         /* status bar: one row, two where it is narrow and there is room */
	struct area prompt;      /* the last row: prompt, note, or hints of keys */
};

/* Areas never overlap and lie in columns x rows, whatever their size. */
struct layout layout_of(const struct model *model);

/* Whether the detail stands beside the list, and not below it. */
bool layout_is_beside(const struct layout *layout);

/* Everything above the status bar: where help and dialogs stand. */
struct area layout_above_bar(const struct model *model);
/* Without the margin at its sides, for which a narrow one has no room. */
struct area layout_inset(struct area area);
