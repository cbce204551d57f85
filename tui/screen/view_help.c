#include <stdio.h>

#include "tui/screen/help.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

#define KEYS_COLUMNS 14
#define LABEL_COLUMNS 15

static void paint_binding(struct canvas *canvas, struct area at, const struct keymap *keymap,
	const struct binding *binding) {
	char keys[80], command[80];
	help_keys(keys, keymap, binding);
	size_t used = canvas_put(canvas, at.x, at.y, at.columns, span_text(keys), STYLE_KEY) + 1;
	used = used < KEYS_COLUMNS ? KEYS_COLUMNS : used;
	if (used >= at.columns) {
		return;
	}
	used += canvas_put(
		canvas, at.x + used, at.y, at.columns - used, span_text(binding->help), STYLE_TEXT);
	if (!binding->command || keys[0] == ':') {
		return;
	}
	snprintf(command, sizeof command, "  :%s", binding->command);
	if (used + span_text(command).len < at.columns) {
		canvas_put(canvas, at.x + used, at.y, at.columns - used, span_text(command), STYLE_FAINT);
	}
}

static void paint_text(struct canvas *canvas, struct area at, const struct help_line *line) {
	size_t used = 0;
	if (line->sign) {
		canvas_glyph(canvas, at.x, at.y, line->sign->glyph, line->sign->ascii, line->sign->style);
		used = 2;
	} else if (line->badge) {
		struct span sign = span_text(canvas->ascii ? line->badge->ascii : line->badge->glyph);
		used = 1 + canvas_put(canvas, at.x, at.y, at.columns, sign, STYLE_INFO);
		used = used < 3 ? 3 : used;
	}
	canvas_put(canvas, at.x + used, at.y, at.columns - used, span_text(line->label), STYLE_TEXT);
	if (at.columns > LABEL_COLUMNS) {
		canvas_put(canvas, at.x + LABEL_COLUMNS, at.y, at.columns - LABEL_COLUMNS,
			span_text(line->text), line->sign || line->badge ? STYLE_FAINT : STYLE_TEXT);
	}
}

static void paint_line(struct canvas *canvas, struct area at, const struct keymap *keymap,
	const struct help_line *line) {
	if (line->heading) {
		canvas_put(canvas, at.x, at.y, at.columns, span_text(line->heading), STYLE_TITLE);
	} else if (line->binding) {
		paint_binding(canvas, at, keymap, line->binding);
	} else if (line->text) {
		paint_text(canvas, at, line);
	}
}

/* The first line says where one is, and that there is more. */
static void paint_title(
	struct canvas *canvas, struct area row, unsigned place, size_t seen, size_t all) {
	const char *title = place == PLACE_LIST ? "Keys in the list" : "Keys in an open event";
	char more[64] = "";
	size_t used = canvas_put(canvas, row.x, row.y, row.columns, span_text(title), STYLE_TITLE);
	if (seen < all) {
		snprintf(more, sizeof more, "%zu more below", all - seen);
	}
	size_t room = row.columns - used;
	if (span_text(more).len + 2 <= room) {
		canvas_put_right(canvas, row.x + used, row.y, room, span_text(more), STYLE_FAINT);
	}
}

static void paint_none(const struct model *model, struct canvas *canvas, struct area area) {
	struct buffer text = {0};
	buffer_append_text(&text, "Nothing here has \"");
	buffer_append_span(&text, buffer_span(&model->help.needle));
	buffer_append_text(&text, "\" in it: Enter on an empty line shows all again.");
	view_text(canvas, area, buffer_span(&text), STYLE_TEXT);
	buffer_clear(&text);
}

void view_help(const struct model *model, struct canvas *canvas, struct area area) {
	struct help help;
	help_make(&help, model, area);
	size_t width = help.area.columns / help.across, choice = 0;
	for (size_t i = 0; i < help.count && help.area.rows > 0; i++) {
		bool can = help_can_choose(&help.lines[i]);
		size_t column = i / help.high, row = i % help.high;
		if (row >= help.top && row < help.top + help.area.rows) {
			struct area at = {help.area.x + column * width, help.area.y + row - help.top,
				help.across > 1 ? width - 2 : width, 1};
			paint_line(canvas, at, &model->keymap, &help.lines[i]);
			canvas_add_style(canvas, at, i == help.chosen ? STYLE_CURSOR : 0);
			if (can) {
				touch_row(canvas, at, choice);
			}
		}
		choice += can;
	}
	if (help.area.rows > 0) {
		struct area title = {help.area.x, area.y, help.area.columns, 1};
		paint_title(canvas, title, help.place, help.top + help.area.rows, help.high);
	}
	if (help.count == 0) {
		paint_none(model, canvas, help.area);
	}
}
