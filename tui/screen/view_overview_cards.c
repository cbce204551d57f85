/* The cards of the overview: the bars of one kind below their title. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/words.h"
#include "tui/screen/touch.h"
#include "tui/screen/verdict_style.h"
#include "tui/screen/view_overview_parts.h"

/* From so many columns on cards stand in two columns, and in four. */
#define TWO_FROM 72
#define FOUR_FROM 150

void overview_glyph(
	struct canvas *canvas, size_t x, size_t y, struct chart_glyph glyph, unsigned style) {
	char text[sizeof glyph.utf8 + 1] = "";
	memcpy(text, glyph.utf8, sizeof glyph.utf8);
	canvas_glyph(canvas, x, y, text, glyph.ascii, style);
}

/* A click there chooses the bar, or (SIZE_MAX) the group. */
void overview_touch_bar(
	struct canvas *canvas, struct area area, enum overview_group group, size_t bar) {
	touch_note(
		canvas, &(struct touch){.area = area, .kind = TOUCH_BAR, .group = group, .number = bar});
}

bool overview_has_focus(const struct model *model, enum overview_group group) {
	return model->overview.group == group;
}

static const char *const titles[OVERVIEW_GROUPS] = {[OVERVIEW_PROVIDERS] = "Providers",
	[OVERVIEW_STATUSES] = "Answers of the app",
	[OVERVIEW_VERDICTS] = "Signatures",
	[OVERVIEW_TYPES] = "Types, worst first",
	[OVERVIEW_KEYS] = "Busiest keys",
	[OVERVIEW_LATENCY] = "Time to answer"};

static enum style style_of(enum overview_group group, const struct overview_bar *bar) {
	static const int64_t statuses[COUNTS_STATUSES] = {0, 200, 300, 400, 500, -1};
	switch (group) {
	case OVERVIEW_STATUSES:
		return verdict_style_of_status(statuses[bar->status]);
	case OVERVIEW_VERDICTS:
		return verdict_style(bar->verdict)->style;
	case OVERVIEW_TYPES:
		return bar->failed + bar->rejected > 0 ? STYLE_BAD : STYLE_INFO;
	default:
		return STYLE_INFO;
	}
}

/* What is wrong, shortest where there is little room: "3!" */
static size_t paint_bad(struct canvas *canvas, struct area row, const struct overview_bar *bar) {
	char text[48];
	int64_t bad = bar->failed + bar->rejected;
	if (bad == 0 || row.columns < 30) {
		return 0;
	}
	snprintf(text, sizeof text, "%" PRId64 "!", bad);
	canvas_put_right(canvas, row.x + row.columns - 7, row.y, 7, span_text(text), STYLE_BAD);
	return 8;
}

/* In front of a bar: where the chosen one has its arrow. */
#define BEFORE_BAR 2

static struct area behind_arrow(struct area row) {
	size_t taken = row.columns > BEFORE_BAR ? BEFORE_BAR : 0;
	return (struct area){row.x + taken, row.y, row.columns - taken, row.rows};
}

/* "stripe        █████▍        1,234   3!" */
static void paint_bar(const struct model *model, struct canvas *canvas, struct area row,
	enum overview_group group, size_t index, int64_t most) {
	struct overview_bar bar = overview_panel_bar(&model->overview, group, index);
	enum style style = style_of(group, &bar);
	size_t name = row.columns / 3 < 26 ? row.columns / 3 : 26, number = 8;
	size_t bad = row.columns >= 30 ? 8 : 0;
	char text[24];
	paint_bad(canvas, row, &bar);
	size_t used = canvas_put(canvas, row.x, row.y, name, bar.name, STYLE_TEXT);
	if (bar.key.len > 0 && used + 1 < name) {
		canvas_put(canvas, row.x + used + 1, row.y, name - used - 1, bar.key, STYLE_TEXT);
	}
	if (row.columns <= name + number + bad + 2) {
		number = row.columns > name + 1 ? row.columns - name - 1 : 0;
		bad = 0;
	}
	snprintf(text, sizeof text, "%" PRId64, bar.value);
	size_t x = row.x + name + 1, end = row.x + row.columns - bad - number;
	canvas_put_right(canvas, end, row.y, number, span_text(text), STYLE_TEXT);
	for (size_t i = 0; x + i < end; i++) {
		overview_glyph(canvas, x + i, row.y, chart_bar(bar.value, most, end - x, i), style);
	}
}

int64_t overview_most(const struct overview_panel *panel, enum overview_group group) {
	int64_t most = 0;
	for (size_t i = 0; i < overview_panel_count(panel, group); i++) {
		int64_t value = overview_panel_bar(panel, group, i).value;
		most = value > most ? value : most;
	}
	return most;
}

/* What the busiest keys leave out: "from 03:43 on", "up to 2 short". */
static void append_keys_note(struct buffer *out, const struct counts *counts) {
	if (counts->keys_from_ns > counts->from_ns) {
		buffer_append_text(out, " from ");
		words_append_time(out, counts->keys_from_ns, counts->span != COUNTS_HOUR);
		buffer_append_text(out, " on");
	}
	if (counts->keys_short_by > 0) {
		buffer_printf(out, " up to %" PRId64 " short", counts->keys_short_by);
	}
}

/* The title with the number of bars that are not seen. */
void overview_card_title(const struct model *model, struct canvas *canvas, struct area row,
	enum overview_group group, size_t hidden) {
	bool focus = overview_has_focus(model, group);
	size_t used = canvas_put(canvas, row.x, row.y, row.columns, span_text(titles[group]),
		focus ? STYLE_TITLE : STYLE_NAME);
	if (hidden > 0 && row.columns > used + 12) {
		used += canvas_print(canvas, row.x + used + 1, row.y, row.columns - used - 1, STYLE_FAINT,
					"+%zu", hidden) +
		        1;
	}
	if (group == OVERVIEW_KEYS && row.columns > used) {
		struct buffer note = {0};
		append_keys_note(&note, &model->overview.counts);
		canvas_put(
			canvas, row.x + used, row.y, row.columns - used, buffer_span(&note), STYLE_FAINT);
		buffer_clear(&note);
	}
}

static void paint_card(
	const struct model *model, struct canvas *canvas, struct area area, enum overview_group group) {
	const struct overview_panel *panel = &model->overview;
	size_t count = overview_panel_count(panel, group), at = panel->at[group];
	if (area.rows == 0) {
		return;
	}
	size_t rows = area.rows - 1;
	size_t first = at >= rows && rows > 0 ? at - rows + 1 : 0;
	overview_card_title(model, canvas, area, group, count > rows ? count - rows : 0);
	overview_touch_bar(canvas, (struct area){area.x, area.y, area.columns, 1}, group, SIZE_MAX);
	int64_t most = overview_most(panel, group);
	for (size_t i = 0; i < rows && first + i < count; i++) {
		struct area row = {area.x, area.y + 1 + i, area.columns, 1};
		paint_bar(model, canvas, behind_arrow(row), group, first + i, most);
		overview_touch_bar(canvas, row, group, first + i);
		if (overview_has_focus(model, group) && first + i == at) {
			canvas_add_style(canvas, row, STYLE_SELECTED);
			canvas_glyph(canvas, row.x, row.y, "\u25b8", '>', STYLE_TITLE);
		}
	}
}

/* Those there are room for: business keys only where there are some, in the place of the signatures' neighbour. */
static size_t cards_of(const struct model *model, enum overview_group cards[OVERVIEW_GROUPS]) {
	size_t count = 0;
	cards[count++] = OVERVIEW_PROVIDERS;
	cards[count++] = OVERVIEW_STATUSES;
	cards[count++] = OVERVIEW_VERDICTS;
	cards[count++] = OVERVIEW_TYPES;
	if (overview_panel_count(&model->overview, OVERVIEW_KEYS) > 0) {
		cards[count++] = OVERVIEW_KEYS;
	}
	return count;
}

static void paint_one_card(const struct model *model, struct canvas *canvas, struct area area) {
	enum overview_group group = model->overview.group;
	bool card = group != OVERVIEW_TIME && group != OVERVIEW_LATENCY;
	paint_card(model, canvas, area, card ? group : OVERVIEW_PROVIDERS);
}

void overview_cards(const struct model *model, struct canvas *canvas, struct area area) {
	enum overview_group cards[OVERVIEW_GROUPS];
	size_t count = cards_of(model, cards);
	size_t across = area.columns >= FOUR_FROM ? count : area.columns >= TWO_FROM ? 2 : 1;
	size_t down = (count + across - 1) / across;
	if (across == 1 || area.rows < down * 3) {
		paint_one_card(model, canvas, area);
		return;
	}
	size_t wide = (area.columns + 3) / across, high = area.rows / down;
	for (size_t i = 0; i < count; i++) {
		struct area card = {area.x + i % across * wide, area.y + i / across * high, wide - 3, high};
		card.rows -= card.rows > 4; /* a blank row below it */
		if (i + 1 == count) {       /* and none beside it */
			card.columns = area.columns - i % across * wide;
		}
		paint_card(model, canvas, card, cards[i]);
	}
}
