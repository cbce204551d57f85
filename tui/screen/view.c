#include "tui/screen/view.h"

#include "tui/screen/view_parts.h"

static void paint_divider(struct canvas *canvas, struct area divider) {
	if (divider.rows == 1) {
		canvas_line_across(canvas, divider.x, divider.y, divider.columns);
	} else if (divider.rows > 1) {
		canvas_line_down(canvas, divider.x + divider.columns / 2, divider.y, divider.rows);
	}
}

void view(const struct model *model, struct canvas *canvas) {
	struct layout layout = layout_of(model);
	if (canvas->columns != model->columns || canvas->rows != model->rows) {
		canvas_resize(canvas, model->columns, model->rows);
	}
	canvas_blank(canvas);
	canvas->ascii = model->ascii;
	if (model->dialog.kind == DIALOG_HELP) {
		view_help(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_ROUTES) {
		view_routes(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_FILTERS) {
		view_filters(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_OVERVIEW) {
		view_overview(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_ENDPOINTS) {
		view_endpoints(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_DELIVERIES) {
		view_deliveries(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_RETRIES) {
		view_retries(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_TIMELINE) {
		view_timeline(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_DIFF) {
		view_diff(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_SAMPLES) {
		view_samples(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_QR) {
		view_qr(model, canvas, layout_above_bar(model));
	} else if (model->dialog.kind == DIALOG_LOG) {
		view_log(model, canvas, layout_above_bar(model));
	} else {
		view_list(model, canvas, &layout);
		paint_divider(canvas, layout.divider);
		view_detail(model, canvas, &layout);
		view_dialog(model, canvas, layout_above_bar(model));
	}
	view_status(model, canvas, layout.bar);
	view_prompt(model, canvas, &layout);
}
