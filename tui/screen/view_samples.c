#include "tui/screen/samples.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

static void paint_row(
	struct canvas *canvas, struct area row, const struct model *model, size_t at) {
	const struct sample *sample = samples_row(model->dialog.provider, at);
	struct buffer count = {0};
	size_t types;
	if (!sample) {
		return;
	}
	const char *text = model->dialog.provider ? sample->type : sample->provider;
	size_t used = canvas_put(canvas, row.x, row.y, row.columns, span_text(text), STYLE_TEXT);
	if (!model->dialog.provider) {
		sample_first(sample->provider, &types);
		buffer_printf(&count, " %zu", types);
		canvas_put(
			canvas, row.x + used, row.y, row.columns - used, buffer_span(&count), STYLE_FAINT);
	}
	buffer_clear(&count);
	touch_row(canvas, row, at);
	if (at == model->dialog.top) {
		canvas_add_style(canvas, row, STYLE_CURSOR);
	}
}

static void paint_title(struct canvas *canvas, struct area row, const struct model *model) {
	const char *provider = model->dialog.provider;
	struct buffer text = {0};
	buffer_printf(&text, provider ? "Send a sample of %s" : "Send a sample webhook of", provider);
	canvas_put(canvas, row.x, row.y, row.columns, buffer_span(&text), STYLE_TITLE);
	buffer_clear(&text);
}

/* Where it goes, and the key that changes that. */
static void paint_way(struct canvas *canvas, struct area row, const struct model *model) {
	struct buffer text = {0};
	const char *to = *model->replay_target ? model->replay_target : model->forward.target;
	struct span target = view_short_url(to);
	if (model->samples_to_app) {
		buffer_printf(&text, " to the app %.*s", (int)target.len, target.data);
	} else {
		buffer_append_text(&text, " to the relay");
	}
	touch_key(canvas, (struct area){row.x, row.y, row.columns, 1}, 'a');
	size_t used = canvas_put(canvas, row.x, row.y, row.columns, span_text("a"), STYLE_KEY);
	canvas_put(canvas, row.x + used, row.y, row.columns - used, buffer_span(&text), STYLE_TEXT);
	buffer_clear(&text);
}

void view_samples(const struct model *model, struct canvas *canvas, struct area area) {
	size_t at = model->dialog.top;
	if (area.rows < 2 || area.columns < 4) {
		return;
	}
	area = layout_inset(area);
	paint_title(canvas, area, model);
	area.y++;
	area.rows--;
	if (area.rows > 1) {
		paint_way(canvas, area, model);
		area.y++;
		area.rows--;
	}
	size_t first = at >= area.rows ? at - area.rows + 1 : 0;
	for (size_t i = 0; i < area.rows; i++) {
		paint_row(canvas, (struct area){area.x, area.y + i, area.columns, 1}, model, first + i);
	}
}
