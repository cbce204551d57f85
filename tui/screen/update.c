#include "tui/screen/update.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/screen/copy.h"
#include "tui/screen/layout.h"
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

/* --- what keys and commands ask for --- */

static int64_t page_rows(const struct model *model) {
	size_t rows = in_detail(model) ? detail_rows(model) : layout_of(model).list.rows;
	return rows > 1 ? (int64_t)rows - 1 : 1;
}

static void move_by(struct model *model, int64_t lines) {
	if (in_detail(model)) {
		detail_scroll(model, lines, lines > 1 || lines < -1);
	} else {
		list_move_by(model, lines);
	}
}

static bool act_move(struct model *model, enum action action) {
	int64_t page = page_rows(model);
	switch (action) {
	case ACTION_UP:
		move_by(model, -1);
		return true;
	case ACTION_DOWN:
		move_by(model, 1);
		return true;
	case ACTION_PAGE_UP:
		move_by(model, -page);
		return true;
	case ACTION_PAGE_DOWN:
		move_by(model, page);
		return true;
	case ACTION_HALF_UP:
		move_by(model, -(page + 1) / 2);
		return true;
	case ACTION_HALF_DOWN:
		move_by(model, (page + 1) / 2);
		return true;
	case ACTION_PREVIOUS_EVENT:
		list_move_by(model, -1);
		return true;
	case ACTION_NEXT_EVENT:
		list_move_by(model, 1);
		return true;
	case ACTION_FIRST:
		(in_detail(model) ? detail_first : list_first)(model);
		return true;
	case ACTION_LAST:
		(in_detail(model) ? detail_last : list_last)(model);
		return true;
	default:
		return false;
	}
}

static void turn_pane(struct model *model, int by) {
	int pane = (int)model->detail.pane + by;
	if (pane >= 0 && pane < PANE_COUNT) {
		detail_pane(model, (enum pane)pane);
	}
}

static void focus_list(struct model *model) {
	model->detail_focused = false;
	if (model->detail.maximised) {
		detail_open(model, false);
	}
	list_show_cursor(model);
}

static void next_pane(struct model *model) {
	if (!model->detail.open) {
		detail_open(model, true);
	} else {
		model->detail_focused = !model->detail_focused;
		list_show_cursor(model);
	}
}

static void maximise(struct model *model) {
	if (!model->detail.open) {
		detail_open(model, true);
	}
	model->detail.maximised = model->detail.open && !model->detail.maximised;
	model->detail_focused = model->detail.open;
	detail_lay_out(model, true);
	list_show_cursor(model);
}

static void find_again(struct model *model, struct span text) {
	if (text.len > 0) {
		detail_open(model, true);
		detail_find(model, text);
	} else {
		prompt_open(model, PROMPT_FIND, buffer_span(&model->detail.needle));
	}
}

static bool act_pane(struct model *model, enum action action, struct span text) {
	switch (action) {
	case ACTION_OPEN:
		detail_open(model, true);
		return true;
	case ACTION_NEXT_PANE:
		next_pane(model);
		return true;
	case ACTION_LEFT:
		turn_pane(model, -1);
		return true;
	case ACTION_RIGHT:
		turn_pane(model, 1);
		return true;
	case ACTION_PANE_LIST:
		focus_list(model);
		return true;
	case ACTION_PANE_PAYLOAD:
	case ACTION_PANE_HEADERS:
	case ACTION_PANE_SIGNATURE:
	case ACTION_PANE_ATTEMPTS:
	case ACTION_PANE_RAW:
		detail_pane(model, (enum pane)(action - ACTION_PANE_PAYLOAD));
		return true;
	case ACTION_PREVIOUS_ATTEMPT:
	case ACTION_NEXT_ATTEMPT:
		detail_attempt(model, action == ACTION_NEXT_ATTEMPT);
		return true;
	case ACTION_FORM:
		detail_form(model, text);
		return true;
	case ACTION_SECRET:
		secret_open(model, text);
		return true;
	case ACTION_DIFF:
		diff_open(model, text);
		return true;
	case ACTION_MAXIMISE:
		maximise(model);
		return true;
	case ACTION_SPLIT:
		split_turn(model, text);
		return true;
	case ACTION_LIST_LESS:
	case ACTION_LIST_MORE:
		split_size(model, action == ACTION_LIST_MORE);
		return true;
	case ACTION_FOLD:
		payload_fold(model);
		return true;
	case ACTION_FOLD_ALL:
		payload_fold_all(model);
		return true;
	case ACTION_JUMP:
		payload_jump(model, text);
		return true;
	case ACTION_PIPE:
		pipe_to(model, text);
		return true;
	case ACTION_FILTER_VALUE:
		payload_filter(model);
		return true;
	case ACTION_FIND:
		find_again(model, text);
		return true;
	case ACTION_FIND_NEXT:
	case ACTION_FIND_PREVIOUS:
		detail_find_next(model, action == ACTION_FIND_PREVIOUS);
		return true;
	default:
		return false;
	}
}

/* One thing at a time, the innermost first. */
static void back(struct model *model) {
	if (in_detail(model) && pipe_back(model)) {
		return;
	}
	if (in_detail(model) && model->detail.needle.len > 0) {
		detail_find(model, (struct span){0});
	} else if (model->detail.open) {
		detail_open(model, false);
	} else if (model->selected > 0 || model->ranging) {
		list_unselect(model);
	} else if (!list_stop_search(model) && model->filter.len > 0) {
		list_filter(model, (struct span){0});
	}
}

static void close_or_quit(struct model *model) {
	if (model->detail.open) {
		detail_open(model, false);
	} else {
		quit(model);
	}
}

static void filter_command(struct model *model, struct span text) {
	prompt_open(model, PROMPT_FILTER, text.len > 0 ? text : buffer_span(&model->filter));
	if (text.len > 0) {
		prompt_key(model, KEY_ENTER_KEY); /* a mistake in it is told there, and can be mended */
	}
}

static void follow(struct model *model) {
	if (model->following) {
		model->following = false;
		model_note(model, false, "not following: new events do not move the list");
	} else {
		list_follow(model);
	}
}

static void note(struct model *model, struct span text) {
	if (text.len > 0) {
		marks_note(model, text);
	} else {
		marks_ask_note(model);
	}
}

static bool act_list(struct model *model, enum action action, struct span text) {
	switch (action) {
	case ACTION_FOLLOW:
		follow(model);
		return true;
	case ACTION_GO:
		if (text.len == 0) {
			model_note(model, true, "go needs an event, such as stripe#1042");
		} else {
			buffer_append_span(&effects_add(&model->effects, EFFECT_FIND)->text, text);
			log_find(model, text);
		}
		return true;
	case ACTION_FILTER:
		filter_command(model, text);
		return true;
	case ACTION_FILTERS:
		filters_open(model);
		return true;
	case ACTION_SAVE_FILTER:
		filters_save(model, text);
		return true;
	case ACTION_SELECT:
		list_select(model);
		return true;
	case ACTION_SELECT_RANGE:
		list_select_range(model);
		return true;
	case ACTION_SELECT_ALL:
		list_select_all(model);
		return true;
	case ACTION_SORT:
		sort_open(model, text);
		return true;
	case ACTION_FOLD_REPEATS:
		fold_turn(model);
		return true;
	case ACTION_FOLD_ALL_REPEATS:
		fold_turn_all(model);
		return true;
	case ACTION_SELECT_OTHERS:
		list_select_others(model);
		return true;
	case ACTION_UNDO:
		undo_last(model);
		return true;
	case ACTION_MARK:
		marks_toggle(model);
		return true;
	case ACTION_NOTE:
		note(model, text);
		return true;
	default:
		return false;
	}
}

static void copy(struct model *model, struct span text) {
	const struct copy_item *item = copy_item_of_word(text);
	if (text.len == 0) {
		model->dialog = (struct dialog){.kind = DIALOG_COPY};
	} else if (!item) {
		model_note(model, true,
			"ref, id, url, body, head, curl, answer, raw, value or path can be copied");
	} else {
		copy_what(model, item->letter);
	}
}

static void keep_relay(struct model *model, struct span text) {
	if (text.len > 0 && !span_is(text, "on") && !span_is(text, "off")) {
		model_note(model, true, "keep on, or keep off");
		return;
	}
	effects_add(&model->effects, EFFECT_KEEP_RELAY)->flag =
		text.len > 0 ? span_is(text, "on") : !model->link.keep;
}

/* What has to do with sending. */
static bool act_deliver(struct model *model, enum action action, struct span text) {
	switch (action) {
	case ACTION_REPLAY:
		replay(model, text);
		return true;
	case ACTION_REPLAY_TO:
		replay_ask(model);
		return true;
	case ACTION_EDIT:
		edit_event(model, text);
		return true;
	case ACTION_SEND:
		samples_open(model, text);
		return true;
	case ACTION_BULK:
		bulk_show(model, text);
		return true;
	case ACTION_FORWARD:
		forward(model, text);
		return true;
	case ACTION_ROUTES:
		routes_open(model);
		return true;
	case ACTION_ROUTE:
		routes_add_line(model, text);
		return true;
	case ACTION_PROVE:
		prove_open(model, text);
		return true;
	case ACTION_RETRY:
		retry(model, text);
		return true;
	case ACTION_MISSED:
		missed_offer(model);
		return true;
	case ACTION_AS_RECEIVED:
		replay_as_received(model, text);
		return true;
	case ACTION_DEMO:
		effects_add(&model->effects, EFFECT_DEMO);
		return true;
	case ACTION_OVERVIEW:
		overview_open(model, text);
		return true;
	case ACTION_TIMELINE:
		timeline_open(model, text);
		return true;
	case ACTION_DELIVERIES:
		deliveries_open(model, text);
		return true;
	default:
		return false;
	}
}

void act(struct model *model, enum action action, struct span text) {
	if (is_refused(model, action)) {
		return;
	}
	pager_stop(model);
	tips_follow(model, action);
	if (act_move(model, action) || act_pane(model, action, text) || act_list(model, action, text) ||
		act_deliver(model, action, text) || act_comfort(model, action, text)) {
		return;
	}
	switch (action) {
	case ACTION_BACK:
		back(model);
		break;
	case ACTION_CLOSE:
		close_or_quit(model);
		break;
	case ACTION_COPY:
		copy(model, text);
		break;
	case ACTION_REVERIFY:
		reverify(model, text);
		break;
	case ACTION_KEEP_RELAY:
		keep_relay(model, text);
		break;
	case ACTION_LOG:
		log_open(model);
		break;
	case ACTION_COMMAND:
		prompt_open(model, PROMPT_COMMAND, (struct span){0});
		break;
	case ACTION_HELP:
		help_open(model);
		break;
	case ACTION_REDRAW:
		effects_add(&model->effects, EFFECT_REDRAW);
		break;
	case ACTION_SUSPEND:
		effects_add(&model->effects, EFFECT_SUSPEND);
		break;
	case ACTION_QUIT:
		quit(model);
		break;
	default:
		break;
	}
}

/* --- messages --- */

static void take_key(struct model *model, uint32_t key) {
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
	case MSG_STATS:
		overview_take(model, msg);
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
	case MSG_EXPLAINED:
		explanation_take(model, msg);
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

void update(struct model *model, const struct msg *msg) {
	if (!take_input(model, msg) && !take_history(model, msg)) {
		take_other(model, msg);
	}
	masking_follow(model);
	detail_follow(model);
}
