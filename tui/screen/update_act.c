/* What keys and commands ask for: each action, and who carries it out. */
#include "tui/screen/copy.h"
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

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
	default:
		return false;
	}
}

/* In the text of the pane. */
static bool act_text(struct model *model, enum action action, struct span text) {
	switch (action) {
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
	if (copy_stop(model)) {
		model_note(model, false, "copying was ended");
		return;
	}
	if (in_detail(model) && (pipe_back(model) || payload_stop_jump(model))) {
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
	case ACTION_RETRIES:
		retries_open(model, text);
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
	case ACTION_ENDPOINTS:
		endpoints_open(model);
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
	if (act_move(model, action) || act_pane(model, action, text) || act_text(model, action, text) ||
		act_list(model, action, text) || act_deliver(model, action, text) ||
		act_comfort(model, action, text)) {
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
