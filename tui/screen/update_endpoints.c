/* The endpoints (`E`): asked for while they are looked at, moved in, and left for the events of one. */
#include "common/counts.h"
#include "common/text.h"
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

/* How often they are asked for again. */
#define AGAIN_MS 2000

static void ask(struct model *model) {
	effects_add(&model->effects, EFFECT_ENDPOINTS);
	model->endpoints.asked = true;
	model->endpoints.asked_at_ms = model->now_ms;
}

void endpoints_take(struct model *model, const struct msg *msg) {
	struct endpoints_panel *panel = &model->endpoints;
	panel->error[0] = '\0';
	if (msg->error) {
		keep_text(panel->error, sizeof panel->error, span_text(msg->error->text));
	} else {
		endpoints_panel_take(panel, msg->endpoints);
	}
}

/* The last of what was asked for. Where the endpoints themselves were refused, that is what is told. */
void endpoints_take_counts(struct model *model, const struct msg *msg) {
	struct endpoints_panel *panel = &model->endpoints;
	panel->asked = false;
	if (!msg->error) {
		endpoints_panel_take_counts(panel, msg->counts);
	} else if (!panel->error[0]) {
		keep_text(panel->error, sizeof panel->error, span_text(msg->error->text));
	}
}

void endpoints_tick(struct model *model) {
	const struct endpoints_panel *panel = &model->endpoints;
	bool due = model->now_ms < panel->asked_at_ms || model->now_ms - panel->asked_at_ms >= AGAIN_MS;
	if (model->dialog.kind == DIALOG_ENDPOINTS && due && !panel->asked &&
		model->link.state == LINK_LIVE) {
		ask(model);
	}
}

void endpoints_open(struct model *model) {
	model->dialog = (struct dialog){.kind = DIALOG_ENDPOINTS};
	ask(model);
	log_endpoints(model);
}

/* --- keys --- */

static int64_t page_of(const struct model *model) {
	size_t rows = layout_above_bar(model).rows;
	return rows > 12 ? (int64_t)rows - 10 : 1;
}

/* To the events of the chosen one. */
static void go(struct model *model) {
	const struct endpoint_row *row = endpoints_panel_current(&model->endpoints);
	struct buffer filter = {0};
	if (row && endpoints_panel_filter(&filter, row)) {
		model->dialog.kind = DIALOG_NONE;
		list_filter(model, buffer_span(&filter));
		log_filter(model, buffer_span(&filter));
	} else if (row) {
		model_note(model, true, "no filter can say this name");
	}
	buffer_clear(&filter);
}

static void copy_url(struct model *model) {
	const struct endpoint_row *row = endpoints_panel_current(&model->endpoints);
	struct buffer url = {0};
	if (row) {
		endpoints_panel_append_url(&url, row, model->link.ingest_url);
		text_escape(&effects_add(&model->effects, EFFECT_COPY)->text, buffer_span(&url), TEXT_LINE);
		model_note(model, false, "copied: the URL");
	}
	buffer_clear(&url);
}

/* Keys that move choose a row, Enter goes to its events, y copies its URL; any other one closes the panel and does what it does. */
void endpoints_key(struct model *model, uint32_t key) {
	struct endpoints_panel *panel = &model->endpoints;
	enum action action = keymap_action(&model->keymap, key, PLACE_LIST);
	int64_t page = page_of(model);
	int64_t by = rows_of_action(action, page, page, ENDPOINTS_SHOWN_MAX);
	if (by != 0) {
		panel->cursor = rows_move(panel->cursor, by, panel->count);
	} else if (action == ACTION_OPEN) {
		go(model);
	} else if (action == ACTION_COPY) {
		copy_url(model);
	} else {
		dialog_leave(model, action, ACTION_ENDPOINTS);
	}
}
