#include <stdio.h>

#include "tui/screen/verdict_style.h"
#include "tui/screen/view.h"
#include "tui/screen/view_parts.h"

/* Enough for most of the table's sentences; a screen gets as many columns as there is room for. */
#define HELP_COLUMN 59
#define KEYS_COLUMNS 14
#define LABEL_COLUMNS 15
#define LINES_MAX 160

/* A heading, a key, a sign of the list, a fact, or nothing. */
struct help_line {
	const char *heading;
	const struct binding *binding;
	const struct verdict_style *sign;
	const char *label, *text; /* of a sign or fact */
};

struct help {
	struct help_line lines[LINES_MAX];
	size_t count;
};

static void add_line(struct help *help, const char *heading, const struct binding *binding) {
	if (help->count < LINES_MAX) {
		help->lines[help->count++] = (struct help_line){.heading = heading, .binding = binding};
	}
}

static void add_text(
	struct help *help, const struct verdict_style *sign, const char *label, const char *text) {
	if (help->count < LINES_MAX && text[0]) {
		help->lines[help->count++] = (struct help_line){.sign = sign, .label = label, .text = text};
	}
}

static bool has_key(const struct binding *binding) {
	return binding->keys[0] != 0;
}

/* The keys that work here, a heading for each group. */
static void add_keys_here(struct help *help, unsigned place) {
	const char *group = NULL;
	for (size_t i = 0; i < binding_count; i++) {
		if (!has_key(&bindings[i]) || !(bindings[i].places & place)) {
			continue;
		}
		if (group != bindings[i].group) {
			add_line(help, NULL, NULL);
			add_line(help, bindings[i].group, NULL);
			group = bindings[i].group;
		}
		add_line(help, NULL, &bindings[i]);
	}
}

static void add_others(struct help *help, const char *heading, unsigned place, bool keyless) {
	add_line(help, NULL, NULL);
	add_line(help, heading, NULL);
	for (size_t i = 0; i < binding_count; i++) {
		bool other = keyless ? !has_key(&bindings[i])
		                     : has_key(&bindings[i]) && !(bindings[i].places & place);
		if (other) {
			add_line(help, NULL, &bindings[i]);
		}
	}
}

/* Most of a list is understood without; what the signs in front of a row say is told here. */
static void add_signs(struct help *help) {
	add_line(help, NULL, NULL);
	add_line(help, "Signs of signatures", NULL);
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		const struct verdict_style *sign = verdict_style((enum verdict)i);
		add_text(help, sign, verdict_name((enum verdict)i), sign->brief);
	}
}

static void add_places(struct help *help, const struct link_status *link) {
	add_line(help, NULL, NULL);
	add_line(help, "Where", NULL);
	add_text(help, NULL, "webhooks to", link->ingest_url);
	add_text(help, NULL, "the relay", link->relay_url);
	add_text(help, NULL, "events in", link->store);
}

static struct help help_of(const struct link_status *link, unsigned place) {
	struct help help = {.count = 0};
	add_keys_here(&help, place);
	add_others(&help, place == PLACE_LIST ? "In an open event" : "In the list", place, false);
	add_others(&help, "By name alone", place, true);
	add_signs(&help);
	add_places(&help, link);
	return help;
}

/* "PgDn Ctrl-F", or ":go REF" where there is no key. */
static void keys_text(char text[80], const struct binding *binding) {
	char key[16];
	size_t len = 0;
	text[0] = '\0';
	if (!has_key(binding)) {
		snprintf(text, 80, ":%s %s", binding->command, binding->argument ? binding->argument : "");
	}
	for (size_t k = 0; k < 4 && binding->keys[k]; k++) {
		key_name(key, binding->keys[k]);
		len += (size_t)snprintf(text + len, 80 - len, "%s%s", k > 0 ? " " : "", key);
	}
}

static void paint_binding(struct canvas *canvas, struct area at, const struct binding *binding) {
	char keys[80], command[80];
	keys_text(keys, binding);
	size_t used = canvas_put(canvas, at.x, at.y, at.columns, span_text(keys), STYLE_KEY) + 1;
	used = used < KEYS_COLUMNS ? KEYS_COLUMNS : used;
	if (used >= at.columns) {
		return;
	}
	used += canvas_put(
		canvas, at.x + used, at.y, at.columns - used, span_text(binding->help), STYLE_TEXT);
	if (!binding->command || !has_key(binding)) {
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
	}
	canvas_put(canvas, at.x + used, at.y, at.columns - used, span_text(line->label), STYLE_TEXT);
	if (at.columns > LABEL_COLUMNS) {
		canvas_put(canvas, at.x + LABEL_COLUMNS, at.y, at.columns - LABEL_COLUMNS,
			span_text(line->text), line->sign ? STYLE_FAINT : STYLE_TEXT);
	}
}

static void paint_line(struct canvas *canvas, struct area at, const struct help_line *line) {
	if (line->heading) {
		canvas_put(canvas, at.x, at.y, at.columns, span_text(line->heading), STYLE_TITLE);
	} else if (line->binding) {
		paint_binding(canvas, at, line->binding);
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

/* How the lines stand on a screen of a size. */
struct help_page {
	struct area area;
	size_t across, high, top_most;
};

static struct help_page page_of(const struct help *help, struct area area) {
	struct help_page page = {.across = 1};
	if (area.rows >= 2 && area.columns >= 4) {
		size_t margin = area.columns > 60 ? 1 : 0;
		page.area =
			(struct area){area.x + margin, area.y + 1, area.columns - 2 * margin, area.rows - 1};
	}
	page.across = page.area.columns > HELP_COLUMN ? page.area.columns / HELP_COLUMN : 1;
	page.high = (help->count + page.across - 1) / page.across;
	page.top_most = page.high > page.area.rows ? page.high - page.area.rows : 0;
	return page;
}

static unsigned place_of(const struct model *model) {
	return model->detail.open && model->detail_focused ? PLACE_DETAIL : PLACE_LIST;
}

size_t help_top_most(const struct model *model) {
	struct help help = help_of(&model->link, place_of(model));
	return page_of(&help, layout_above_bar(model)).top_most;
}

void view_help(const struct model *model, struct canvas *canvas, struct area area) {
	struct help help = help_of(&model->link, place_of(model));
	struct help_page page = page_of(&help, area);
	size_t top = model->dialog.top < page.top_most ? model->dialog.top : page.top_most;
	size_t width = page.area.columns / page.across;
	for (size_t i = 0; i < help.count && page.area.rows > 0; i++) {
		size_t column = i / page.high, row = i % page.high;
		if (row >= top && row < top + page.area.rows) {
			struct area at = {page.area.x + column * width, page.area.y + row - top,
				page.across > 1 ? width - 2 : width, 1};
			paint_line(canvas, at, &help.lines[i]);
		}
	}
	if (page.area.rows > 0) {
		struct area title = {page.area.x, area.y, page.area.columns, 1};
		paint_title(canvas, title, place_of(model), top + page.area.rows, page.high);
	}
}
