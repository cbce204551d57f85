/* Facts of events and attempts are masked before the screen keeps them: what it does not have it cannot show. */
#include "tui/screen/update_parts.h"

/* Those that are shown beside their bytes, and revealed with them. */
static bool is_looked_at(const struct model *model, enum msg_type type, const struct uuid *event) {
	bool shown = type == MSG_DETAIL || type == MSG_DETAIL_ATTEMPT || type == MSG_DIFF_EVENT ||
	             type == MSG_DIFF_ATTEMPT;
	return shown && uuid_equal(event, &model->revealed);
}

static void mask_event(struct masked_message *masked, const struct masking *masking) {
	masked->event = *masked->msg.event;
	masking_target(&masked->target, masking, masked->event.target);
	masking_text(&masked->answer, masking, masked->event.answer);
	masking_keys(&masked->keys, masking, masked->event.provider, masked->event.keys);
	masked->event.keys = buffer_span(&masked->keys);
	masked->event.target = buffer_span(&masked->target);
	masked->event.answer = buffer_span(&masked->answer);
	masked->msg.event = &masked->event;
}

/* The address it was sent to has the query of the event in it. */
static void mask_attempt(struct masked_message *masked, const struct masking *masking) {
	masked->attempt = *masked->msg.attempt;
	masking_target(&masked->url, masking, masked->attempt.target);
	masked->attempt.target = buffer_span(&masked->url);
	masked->msg.attempt = &masked->attempt;
}

/* Of an attempt that has just been made the address says which target is counted; it is not kept. */
static bool keeps_attempt(enum msg_type type) {
	return type == MSG_DETAIL_ATTEMPT || type == MSG_DIFF_ATTEMPT || type == MSG_DELIVERY;
}

const struct msg *masked_message(
	struct masked_message *masked, const struct model *model, const struct msg *msg) {
	masked->msg = *msg;
	if (msg->event && !is_looked_at(model, msg->type, &msg->event->id)) {
		mask_event(masked, &model->masking);
	}
	if (msg->attempt && keeps_attempt(msg->type) &&
		!is_looked_at(model, msg->type, &msg->attempt->event)) {
		mask_attempt(masked, &model->masking);
	}
	return &masked->msg;
}

void masked_message_clear(struct masked_message *masked) {
	buffer_clear(&masked->target);
	buffer_clear(&masked->url);
	buffer_clear(&masked->answer);
	buffer_clear(&masked->keys);
}
