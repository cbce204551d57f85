/* Models of screens as they occur, at a fixed moment, and their saved screens in several sizes. */
#pragma once

#include "tui/screen/model.h"

/* 2026-01-01 12:00:00 UTC */
#define VIEW_BED_NOW_MS INT64_C(1767268800000)

/* Live, with nothing in it. */
void view_bed_begin(struct model *model, size_t columns, size_t rows);
/* The same with a dozen events of several providers, newest under the cursor. */
void view_bed_events(struct model *model);
/* Events that try to do harm on a terminal. */
void view_bed_hostile(struct model *model);
/* One more event; what is not said is that of an unremarkable one. */
void view_bed_add(struct model *model, const struct event *event);
/* Opens the event under the cursor: its bytes, and two attempts. */
void view_bed_open(struct model *model, enum pane pane);
/* The events, the newest open at that pane. */
void view_bed_headers(struct model *model);
void view_bed_signature(struct model *model);
void view_bed_attempts(struct model *model);
void view_bed_text(char *place, size_t size, const char *text);

typedef void view_bed_setup_fn(struct model *model);
/* Sets up each size (20x5, 40x10, 80x24 with styles, 120x40, 200x60) anew, paints it and compares it with NAME_COLUMNSxROWS. */
void view_bed_screens(const char *name, view_bed_setup_fn *setup);
/* One size alone. */
void view_bed_screen(
	const char *name, view_bed_setup_fn *setup, size_t columns, size_t rows, bool styles);
/* Paints it in a size with a dialog, and looks at nothing: what matters is that nothing breaks. */
void view_bed_paint(view_bed_setup_fn *setup, size_t columns, size_t rows, enum dialog_kind dialog);
