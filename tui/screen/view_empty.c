#include "common/text.h"
#include "tui/screen/view_parts.h"

/* Narrower: what is to be typed stands below what it does. */
#define COLUMNS_WITH_LABELS 64
#define LABEL_COLUMNS 12
/* Narrower: an address instead of a command, that would be cut. */
#define COLUMNS_WITH_CURL 30

/* Where the next line goes. */
struct page_at {
	struct canvas *canvas;
	struct area rest;
};

static void skip(struct page_at *at, size_t rows) {
	rows = rows < at->rest.rows ? rows : at->rest.rows;
	at->rest.y += rows;
	at->rest.rows -= rows;
}

static void say(struct page_at *at, unsigned style, struct span text) {
	skip(at, view_text(at->canvas, at->rest, text, style));
}

/* "send one    curl ..." where there is room for labels, else one below the other. */
static void offer(struct page_at *at, const char *label, const char *key, struct span text) {
	struct area line = at->rest;
	size_t x = line.x, indent = line.columns >= COLUMNS_WITH_LABELS ? LABEL_COLUMNS : 0;
	if (line.rows == 0) {
		return;
	}
	if (indent > 0) {
		canvas_put(at->canvas, x, line.y, indent, span_text(label), STYLE_FAINT);
	}
	size_t used =
		canvas_put(at->canvas, x + indent, line.y, line.columns, span_text(key), STYLE_KEY);
	indent += used > 0 ? used + 2 : 0;
	line.x += indent;
	line.columns -= indent < line.columns ? indent : line.columns;
	skip(at, view_text(at->canvas, line, text, STYLE_TEXT));
}

static void offer_curl(struct page_at *at, const struct link_status *link) {
	struct buffer text = {0};
	const char *url = link->ingest_url;
	if (*url == '\0') {
		buffer_append_text(&text, "to the ingest address of the relay");
	} else if (at->rest.columns < COLUMNS_WITH_CURL) {
		struct span address = view_short_url(url);
		buffer_printf(&text, "POST %.*s", (int)address.len, address.data);
	} else {
		bool slash = url[span_text(url).len - 1] == '/';
		buffer_printf(&text, "curl -d '{\"hello\":1}' %s%s", url, slash ? "" : "/");
	}
	offer(at, "send one", "", buffer_span(&text));
	buffer_clear(&text);
}

/* Where events are kept, and until when: of a relay that was started here. */
static void say_store(struct page_at *at, const struct link_status *link) {
	struct buffer text = {0};
	if (link->own && link->store[0]) {
		buffer_printf(&text, "Events are kept in %s, by a relay of this screen's own that %s.",
			link->store, link->keep ? "stays when it is closed" : "ends with the last screen");
	} else if (link->relay_url[0]) {
		buffer_printf(&text, "Events are kept by the relay at %s.", link->relay_url);
	}
	say(at, STYLE_FAINT, buffer_span(&text));
	buffer_clear(&text);
}

static void paint_welcome(struct page_at *at, const struct model *model) {
	char demo[16], forward[16];
	bool roomy = at->rest.rows >= 6, wide = at->rest.columns >= COLUMNS_WITH_LABELS;
	keymap_key(&model->keymap, demo, ACTION_DEMO, PLACE_LIST);
	keymap_key(&model->keymap, forward, ACTION_FORWARD, PLACE_LIST);
	if (roomy) {
		say(at, STYLE_TITLE, span_text("No webhooks yet."));
		skip(at, 1);
	}
	offer_curl(at, &model->link);
	offer(at, "try it", demo,
		span_text(wide ? "sends demo events, signed, some of them wrong on purpose"
					   : "sends demo events"));
	offer(at, "forward", forward,
		span_text(wide ? "sends what comes on to your app, such as localhost:3000"
					   : "sends to your app"));
	if (roomy) {
		skip(at, 1);
		say_store(at, &model->link);
	}
}

static void paint_no_match(struct page_at *at, const struct model *model) {
	char change[16], back[16];
	struct buffer text = {0};
	keymap_key(&model->keymap, change, ACTION_FILTER, PLACE_LIST);
	keymap_key(&model->keymap, back, ACTION_BACK, PLACE_LIST);
	bool searching = model->page.number != 0 || !model->loaded;
	buffer_append_text(&text, searching               ? "Searching for "
							  : model->search_stopped ? "Stopped searching for "
													  : "Nothing matches ");
	buffer_append_span(&text, buffer_span(&model->filter));
	say(at, STYLE_TITLE, buffer_span(&text));
	if (searching && model->page.looked_at > 0) {
		buffer_reset(&text);
		buffer_printf(&text, "%lld events looked at, %zu %%", (long long)model->page.looked_at,
			model->page.part / 10);
		say(at, STYLE_FAINT, buffer_span(&text));
	}
	skip(at, 1);
	bool stops = searching && model->page.looked_at > 0;
	offer(at, stops ? "enough" : "all events", back,
		span_text(stops ? "stops the search" : "clears the filter"));
	offer(at, "others", change, span_text("changes it"));
	buffer_clear(&text);
}

/* Nothing has come yet of which one could say that it is empty. */
static void paint_waiting(struct page_at *at, const struct link_status *link) {
	struct buffer text = {0};
	if (link->state == LINK_CONNECTING) {
		buffer_printf(&text, "Connecting to %s ...", link->relay_url);
	} else if (link->state == LINK_GONE) {
		buffer_printf(&text, "No relay: %s", link->why);
	} else {
		buffer_append_text(&text, "Reading the history ...");
	}
	say(at, link->state == LINK_GONE ? STYLE_BAD : STYLE_FAINT, buffer_span(&text));
	buffer_clear(&text);
}

void view_empty(const struct model *model, struct canvas *canvas, struct area area) {
	size_t margin = area.columns >= 60 ? 3 : area.columns >= 30 ? 1 : 0;
	size_t above = area.rows >= 16 ? 2 : area.rows >= 8 ? 1 : 0;
	struct page_at at = {
		canvas, {area.x + margin, area.y + above, area.columns - 2 * margin, area.rows - above}};
	if (area.rows == 0) {
		return;
	}
	if (model->filter.len > 0) {
		paint_no_match(&at, model);
	} else if (model->loaded) {
		paint_welcome(&at, model);
	} else {
		paint_waiting(&at, &model->link);
	}
}
