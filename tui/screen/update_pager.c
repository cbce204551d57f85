/* All of a pane as text, for $PAGER. */
#include "tui/screen/canvas.h"
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

/* Lines written at once: about a millisecond. */
#define STEP_LINES 200

static void stop(struct paging *paging) {
	buffer_clear(&paging->text);
	*paging = (struct paging){0};
}

void pager_stop(struct model *model) {
	if (model->paging.running) {
		stop(&model->paging);
	}
}

void pager_open(struct model *model) {
	struct paging *paging = &model->paging;
	struct detail *detail = &model->detail;
	if (!detail->document || !detail->event) {
		model_note(model, true, "there is nothing here yet to be read");
		return;
	}
	stop(paging);
	*paging = (struct paging){.running = true,
		.document = detail->document,
		.event = detail->event->id,
		.columns = layout_of(model).detail.columns};
}

/* Lines from `line` on; false: these were the last. */
static bool write_lines(struct model *model) {
	struct paging *paging = &model->paging;
	struct canvas canvas;
	size_t all = document_lines(paging->document);
	size_t rows = all - paging->line < STEP_LINES ? all - paging->line : STEP_LINES;
	canvas_init(&canvas, paging->columns, rows, model->ascii);
	struct area area = {0, 0, canvas.columns, canvas.rows};
	document_paint(model->detail.document, &canvas, area, paging->line);
	canvas_dump(&paging->text, &canvas, false);
	canvas_clear(&canvas);
	paging->line += rows;
	if (paging->text.len > PAGING_BYTES_MAX) {
		buffer_append_text(&paging->text, "... and more: hookline show has all of it\n");
		return false;
	}
	return paging->line < all;
}

bool pager_step(struct model *model) {
	struct paging *paging = &model->paging;
	const struct detail *detail = &model->detail;
	if (!paging->running) {
		return false;
	}
	if (detail->document != paging->document || !detail->event ||
		!uuid_equal(&detail->event->id, &paging->event)) {
		stop(paging); /* another pane is looked at */
		return false;
	}
	if (!document_is_complete(detail->document)) {
		return true; /* being laid out */
	}
	if (write_lines(model)) {
		return true;
	}
	effects_add(&model->effects, EFFECT_PAGER)->text = paging->text;
	paging->text = (struct buffer){0};
	stop(paging);
	return false;
}
