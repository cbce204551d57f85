/* An address as a code for a camera. */
#include <string.h>

#include "tui/screen/update_parts.h"

/* Without one: where webhooks go, which for an event that is looked at is its endpoint's. */
void qr_open(struct model *model, struct span url) {
	struct span text = url.len > 0 ? url : span_text(model->link.ingest_url);
	if (text.len == 0) {
		model_note(model, true, "the relay has not said yet where webhooks go");
		return;
	}
	buffer_append_span(&effects_add(&model->effects, EFFECT_QR)->text, text);
}

void qr_take(struct model *model, const struct msg *msg) {
	struct qr_panel *panel = &model->qr;
	if (msg->error) {
		model_note(model, true, "%s", msg->error->text);
		return;
	}
	size_t size = msg->qr->size;
	if (size > QR_SIZE_MAX || msg->text.len >= sizeof panel->text) {
		model_note(model, true, "that is too long for a code on a screen");
		return;
	}
	keep_text(panel->text, sizeof panel->text, msg->text);
	panel->size = size;
	for (size_t y = 0; y < size; y++) {
		for (size_t x = 0; x < size; x++) {
			panel->dark[y][x] = msg->qr->modules[y * size + x];
		}
	}
	model->dialog = (struct dialog){.kind = DIALOG_QR};
}
