#include "tui/screen/update.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/screen/update_parts.h"

void keep_text(char *out, size_t size, struct span text) {
	size_t len = text.len < size ? text.len : size - 1;
	while (len < text.len && len > 0 && (text.data[len] & 0xc0) == 0x80) {
		len--; /* a character is kept whole or not at all */
	}
	memcpy(out, len > 0 ? text.data : "", len);
	out[len] = '\0';
}

void model_note(struct model *model, bool bad, const char *format, ...) {
	va_list args;
	va_start(args, format);
	vsnprintf(model->note.text, sizeof model->note.text, format, args);
	va_end(args);
	model->note.bad = bad;
	model->note.until_ms = model->now_ms + NOTE_MS;
}

bool in_detail(const struct model *model) {
	return model->detail.open && model->detail_focused;
}

void take_key(struct model *model, uint32_t key) {
	if (model->prompt.kind != PROMPT_NONE) {
		prompt_key(model, key);
	} else if (model->dialog.kind != DIALOG_NONE) {
		dialog_key(model, key);
	} else {
		unsigned place = in_detail(model) ? PLACE_DETAIL : PLACE_LIST;
		act(model, keymap_action(&model->keymap, key, place), (struct span){0});
	}
}

static void take_paste(struct model *model, struct span text) {
	if (model->prompt.kind != PROMPT_NONE) {
		prompt_paste(model, text);
	} else {
		model_note(model, true, "what is pasted is not taken as keys");
	}
}

static void resize(struct model *model, size_t columns, size_t rows) {
	model->columns = columns < CANVAS_COLUMNS_MAX ? columns : CANVAS_COLUMNS_MAX;
	model->rows = rows < CANVAS_ROWS_MAX ? rows : CANVAS_ROWS_MAX;
	detail_lay_out(model, true);
	diff_resized(model);
	list_show_cursor(model);
}

static void tick(struct model *model, int64_t now_ms) {
	int64_t before_ms = model->now_ms;
	model->now_ms = now_ms;
	retry_tick(model, before_ms);
	if (model->note.text[0] && now_ms >= model->note.until_ms) {
		model->note.text[0] = '\0';
	}
	list_tick(model);
	deliveries_tick(model);
	overview_tick(model);
	endpoints_tick(model);
}

static void take_attempt(struct model *model, const struct attempt *attempt) {
	list_attempt(model, attempt);
	detail_attempted(model, attempt);
	deliveries_attempted(model);
}

static void take_found(struct model *model, const struct msg *msg) {
	if (msg->error) {
		model_note(model, true, "%s", msg->error->text);
	} else {
		list_go(model, msg->event);
	}
}

static void take_judged(struct model *model, const struct msg *msg) {
	if (msg->text.len > 0) {
		model_note(model, false, "%.*s: %lld verdicts changed", (int)msg->text.len, msg->text.data,
			(long long)msg->number);
	}
	model->detail.stale = true;
	list_judged(model);
}

static void take_kept(struct model *model, const struct msg *msg) {
	if (msg->error) {
		model_note(model, true, "%s", msg->error->text);
		return;
	}
	model->link.keep = msg->number != 0;
	model_note(model, false, "the relay %s when the last screen ends",
		model->link.keep ? "stays" : "ends");
}

static void take_demo(struct model *model, const struct msg *msg) {
	if (msg->error) {
		model_note(model, true, "demo: %s", msg->error->text);
	} else {
		model_note(model, false, "%lld demo events were sent", (long long)msg->number);
	}
}

static void take_note(struct model *model, const struct msg *msg) {
	if (msg->error) {
		model_note(model, true, "%s", msg->error->text);
	} else {
		model_note(model, false, "%.*s", (int)msg->text.len, msg->text.data ? msg->text.data : "");
	}
}

/* What the person does. */
static bool take_input(struct model *model, const struct msg *msg) {
	switch (msg->type) {
	case MSG_KEY:
		take_key(model, msg->key);
		return true;
	case MSG_PASTE:
		take_paste(model, msg->text);
		return true;
	case MSG_MOUSE:
		mouse(model, &msg->mouse);
		return true;
	case MSG_ACTION:
		act(model, msg->action, msg->text);
		return true;
	case MSG_RESIZE:
		resize(model, msg->columns, msg->rows);
		return true;
	case MSG_TICK:
		tick(model, msg->now_ms);
		return true;
	default:
		return false;
	}
}

static bool take_history(struct model *model, const struct msg *msg) {
	switch (msg->type) {
	case MSG_EVENT:
		list_event(model, msg->event);
		return true;
	case MSG_ATTEMPT:
		take_attempt(model, msg->attempt);
		return true;
	case MSG_SKIPPED:
		list_skipped(model);
		return true;
	case MSG_ANSWERED:
		detail_answered(model, msg->id);
		return true;
	case MSG_ANNOTATED:
		marks_take(model, msg->id, msg->annotation);
		return true;
	case MSG_JUDGED:
		take_judged(model, msg);
		return true;
	case MSG_FOUND:
		take_found(model, msg);
		return true;
	case MSG_PAGE_ROW:
		list_page_row(model, msg->page, msg->event);
		return true;
	case MSG_PAGE_PROGRESS:
		list_page_progress(model, msg);
		return true;
	case MSG_PAGE_DONE:
		list_page_done(model, msg);
		return true;
	default:
		return false;
	}
}

/* What was asked for the detail and its dialogs. */
static bool take_detail(struct model *model, const struct msg *msg) {
	switch (msg->type) {
	case MSG_DETAIL:
		detail_take(model, msg);
		return true;
	case MSG_DETAIL_ATTEMPT:
		detail_take_attempt(model, msg);
		return true;
	case MSG_DETAIL_DONE:
		detail_done(model, msg->error);
		return true;
	case MSG_SECRETS:
		secret_take(model, msg);
		return true;
	case MSG_DIFF_EVENT:
	case MSG_DIFF_ATTEMPT:
		diff_take(model, msg);
		return true;
	case MSG_DIFF_DONE:
		diff_done(model, msg->error);
		return true;
	case MSG_SCHEME:
		scheme_take(model, msg);
		return true;
	case MSG_EXPLAINED:
		explanation_take(model, msg);
		return true;
	default:
		return false;
	}
}

/* What was asked for the panels over the whole screen. */
static bool take_panel(struct model *model, const struct msg *msg) {
	switch (msg->type) {
	case MSG_STATS:
		overview_take(model, msg);
		return true;
	case MSG_ENDPOINTS:
		endpoints_take(model, msg);
		return true;
	case MSG_ENDPOINT_COUNTS:
		endpoints_take_counts(model, msg);
		return true;
	case MSG_TIMELINE:
		timeline_take(model, msg);
		return true;
	case MSG_TIMELINE_DONE:
		timeline_done(model, msg);
		return true;
	case MSG_DELIVERY:
		deliveries_take(model, msg);
		return true;
	case MSG_DELIVERIES_DONE:
		deliveries_done(model, msg);
		return true;
	default:
		return false;
	}
}

static void take_other(struct model *model, const struct msg *msg) {
	switch (msg->type) {
	case MSG_ROUTES:
		routes_take(model, msg);
		break;
	case MSG_FORWARD_LEASE:
	case MSG_FORWARD_OFF:
	case MSG_FORWARD_AWAY:
	case MSG_FORWARD_SENT:
		forward_message(model, msg);
		break;
	case MSG_MISSED:
		missed_take(model, msg->missed);
		break;
	case MSG_REPLAY_WAITS:
		replay_waits(model, msg->id);
		break;
	case MSG_REPLAY_BEGUN:
		replay_begun(model, msg->id);
		break;
	case MSG_REPLAYED:
		replay_ended(model, msg);
		break;
	case MSG_KEPT:
		take_kept(model, msg);
		break;
	case MSG_DEMO:
		take_demo(model, msg);
		break;
	case MSG_REMEMBERED:
		prompt_remember(model, (enum prompt_kind)msg->number, msg->text);
		break;
	case MSG_SAVED_FILTERS:
		saved_filters_copy(&model->saved_filters, msg->filters);
		break;
	case MSG_QR:
		qr_take(model, msg);
		break;
	case MSG_NOTE:
		take_note(model, msg);
		break;
	default:
		if (pipe_message(model, msg) || bulk_message(model, msg) || prove_message(model, msg) ||
			retry_message(model, msg)) {
			break;
		}
		link_message(model, msg);
	}
}

void update(struct model *model, const struct msg *came) {
	struct masked_message masked = {0};
	const struct msg *msg = masked_message(&masked, model, came);
	if (!take_input(model, msg) && !take_history(model, msg) && !take_detail(model, msg) &&
		!take_panel(model, msg)) {
		take_other(model, msg);
	}
	masked_message_clear(&masked);
	masking_follow(model);
	detail_follow(model);
}
