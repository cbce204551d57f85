/* A proof of the app on the screen: what is found, while it is found, and the verdict. Part of the model. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/span.h"

/* Lines that are kept; the oldest go first. */
#define PROVE_PANEL_LINES 64
#define PROVE_PANEL_TEXT 300

/* What a line says; as enum prove_result of the proof. */
enum prove_mark { PROVE_MARK_OK, PROVE_MARK_BAD, PROVE_MARK_SKIPPED, PROVE_MARK_TOLD };

struct prove_panel_line {
	enum prove_mark mark;
	char text[PROVE_PANEL_TEXT];
};

struct prove_panel {
	bool running, over; /* neither: there was none yet */
	bool proven;        /* over */
	size_t wanted;      /* of prove_items: what is to begin once the target is typed */
	char title[120];    /* "reject shop#17" */
	struct prove_panel_line lines[PROVE_PANEL_LINES]; /* oldest first */
	size_t count;
	char verdict[PROVE_PANEL_TEXT]; /* "refused: the app refuses what it must refuse" */
	struct buffer
		repeat; /* the command line that does it again; of bad ones with seed and faults */
};

/* Forgets what was; a new one begins. */
void prove_panel_begin(struct prove_panel *panel, const char *title);
void prove_panel_add(struct prove_panel *panel, enum prove_mark mark, struct span text);
void prove_panel_clear(struct prove_panel *panel);

/* What can be proven, in the order of the menu. */
struct prove_item {
	char letter;
	const char *word; /* of the command: "twice" */
	const char *help;
	bool many; /* of the events selected, or of those the filter shows */
};
#define PROVE_ITEMS 4
extern const struct prove_item prove_items[PROVE_ITEMS];
