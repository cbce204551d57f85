/* The secrets of an endpoint: one more, or another value for one there is. */
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

static void put_row(struct canvas *canvas, struct area inner, size_t row, const char *key,
	const char *word, const char *more) {
	if (row >= inner.rows) {
		return;
	}
	size_t end = inner.x + inner.columns, x = inner.x + 3;
	canvas_put(canvas, inner.x, inner.y + row, 1, span_text(key), STYLE_KEY);
	touch_key_named(canvas, (struct area){inner.x, inner.y + row, inner.columns, 1}, key);
	if (x < end) {
		x += canvas_put(canvas, x, inner.y + row, end - x, span_text(word), STYLE_TEXT) + 2;
	}
	if (x < end) {
		canvas_put(canvas, x, inner.y + row, end - x, span_text(more), STYLE_FAINT);
	}
}

static void put_list(const struct secret_panel *panel, struct canvas *canvas, struct area inner) {
	size_t row = inner.rows > panel->count + 2 ? 2 : 1;
	put_row(canvas, inner, row++, "n", "one more secret", "typed hidden");
	for (size_t i = 0; i < panel->count; i++) {
		const struct secret_label *secret = &panel->list[i];
		struct buffer more = {0};
		char key[2] = {(char)('1' + i), '\0'};
		buffer_printf(&more, "(%s)%s%s  another value", secret->fingerprint,
			secret->provider[0] ? " of " : "", secret->provider);
		put_row(canvas, inner, row++, key, secret->label, buffer_text(&more));
		buffer_clear(&more);
	}
	if (panel->more) {
		put_row(canvas, inner, row, " ", "... and others", "hookline endpoint list");
	}
}

void view_secret(const struct model *model, struct canvas *canvas, struct area area) {
	const struct secret_panel *panel = &model->secrets;
	struct area inner = view_box(canvas, area, panel->count + 3 + panel->more);
	struct buffer title = {0};
	if (inner.rows == 0) {
		return;
	}
	buffer_printf(&title, "Secrets of %s", panel->endpoint);
	canvas_put(canvas, inner.x, inner.y, inner.columns, buffer_span(&title), STYLE_TITLE);
	buffer_clear(&title);
	struct area below = {inner.x, inner.y + 1, inner.columns, inner.rows - 1};
	if (panel->error[0]) {
		view_text(canvas, below, span_text(panel->error), STYLE_BAD);
	} else if (panel->loading) {
		view_text(canvas, below, span_text("asking the relay ..."), STYLE_FAINT);
	} else {
		put_list(panel, canvas, inner);
	}
}
