#include "tui/screen/prompt_tab.h"
#include "tui/screen/view_parts.h"

/* Offers that are shown above the line at once, and columns of one, behind which its help stands. */
#define OFFERS_MOST 10
#define OFFER_COLUMNS 26

static void paint_offer(
	struct canvas *canvas, struct area row, const struct filter_offer *offer, bool chosen) {
	size_t used = canvas_put(canvas, row.x, row.y, row.columns, span_text(chosen ? "> " : "  "),
		chosen ? STYLE_KEY | STYLE_CURSOR : STYLE_KEY);
	used += canvas_put(canvas, row.x + used, row.y, row.columns - used, span_text(offer->text),
		chosen ? STYLE_KEY | STYLE_CURSOR : STYLE_KEY);
	size_t x = used + 2 > OFFER_COLUMNS ? used + 2 : OFFER_COLUMNS;
	if (x + 12 < row.columns) {
		canvas_put(canvas, row.x + x, row.y, row.columns - x, span_text(offer->help), STYLE_TEXT);
	}
}

/* The first that is shown, so that the chosen one is seen. */
static size_t first_offer(const struct filter_offers *offers, size_t chosen, size_t shown) {
	size_t first = chosen > shown ? chosen - shown : 0;
	return first + shown > offers->count ? offers->count - shown : first;
}

bool view_offers(
	const struct model *model, struct canvas *canvas, struct area row, size_t rows_above) {
	struct filter_offers offers;
	size_t chosen = model->prompt.tab.chosen;
	if (!prompt_tab_offers(model, &offers) || rows_above == 0) {
		return false;
	}
	size_t shown = offers.count < OFFERS_MOST ? offers.count : OFFERS_MOST;
	shown = shown < rows_above ? shown : rows_above;
	bool more = offers.count > shown && shown > 1;
	size_t rows = shown, first = first_offer(&offers, chosen, shown -= more);
	canvas_fill(canvas, (struct area){row.x, row.y - rows, row.columns, rows}, STYLE_TEXT);
	for (size_t i = 0; i < shown; i++) {
		struct area line = {row.x, row.y - rows + i, row.columns, 1};
		paint_offer(canvas, line, &offers.list[first + i], first + i + 1 == chosen);
	}
	if (more) {
		canvas_print(canvas, row.x + 2, row.y - 1, row.columns - 2, STYLE_FAINT,
			"... %zu in all, Tab takes one after the other", offers.count);
	}
	return true;
}
