/* What keys do, as commands; and the keys of the log that shows them (`@`). */
#include <string.h>

#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

/* --- what is done --- */

static void append_ref(struct buffer *line, const struct event *event) {
	struct buffer ref = {0};
	event_append_ref(&ref, event->endpoint, event->seq);
	command_log_word(line, buffer_span(&ref));
	buffer_clear(&ref);
}

void log_show(struct model *model, const struct event *event, const char *option) {
	struct buffer line = {0};
	buffer_append_text(&line, "hookline show");
	append_ref(&line, event);
	buffer_append_text(&line, option);
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
}

void log_copy(struct model *model, const struct event *event, char letter) {
	struct buffer option = {0};
	if (letter == 'h' || letter == 'b' || letter == 'w') {
		log_show(model, event, letter == 'h' ? " --head" : letter == 'b' ? " --body" : " --raw");
	} else if (letter == 'c') {
		buffer_append_text(&option, " --curl");
		if (*model->forward.target) {
			buffer_append_text(&option, " --to");
			command_log_word(&option, span_text(model->forward.target));
		}
		log_show(model, event, buffer_text(&option));
	}
	buffer_clear(&option);
}

void log_find(struct model *model, struct span ref) {
	struct buffer line = {0};
	buffer_append_text(&line, "hookline show");
	command_log_word(&line, ref);
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
}

/* "hookline list FILTER" */
static void log_with_filter(struct model *model, const char *command, struct span filter) {
	struct buffer line = {0}, text = {0};
	buffer_append_text(&line, command);
	buffer_append_span(&text, filter);
	if (text.len > 0 && text.data[0] == '-') {
		text.data[0] = '!'; /* means the same, and is no option */
	}
	if (text.len > 0) {
		command_log_word(&line, buffer_span(&text));
	}
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
	buffer_clear(&text);
}

void log_filter(struct model *model, struct span filter) {
	if (filter.len > 0) {
		log_with_filter(model, "hookline list", filter);
	}
}

void log_timeline(struct model *model, struct span name, struct span value) {
	struct buffer line = {0};
	buffer_append_text(&line, "hookline timeline");
	command_log_word(&line, name);
	command_log_word(&line, value);
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
}

void log_deliveries(struct model *model, struct span filter) {
	log_with_filter(model, "hookline deliveries --newest", filter);
}

void log_overview(struct model *model, const char *span) {
	struct buffer line = {0};
	buffer_printf(&line, "hookline stats --span %s", span);
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
}

void log_endpoints(struct model *model) {
	command_log_add(model, "hookline endpoint list");
}

static void end_replay(struct model *model, struct buffer *line, const char *target) {
	buffer_append_text(line, " --to");
	command_log_word(line, span_text(target));
	buffer_append_text(line, model->as_received ? " --as-received" : "");
	command_log_add_delivery(model, buffer_text(line));
}

void log_replay(struct model *model, const struct event *event, const char *target) {
	struct buffer line = {0};
	buffer_append_text(&line, "hookline replay");
	append_ref(&line, event);
	end_replay(model, &line, target);
	buffer_clear(&line);
}

void log_edit(struct model *model, const struct event *event, const char *target) {
	struct buffer line = {0};
	buffer_append_text(&line, "hookline edit");
	append_ref(&line, event);
	buffer_append_text(&line, " --to");
	command_log_word(&line, span_text(target));
	buffer_append_text(&line, model->as_received ? " --keep-signature" : "");
	command_log_add_delivery(model, buffer_text(&line));
	buffer_clear(&line);
}

void log_send(struct model *model, const char *provider, const char *type, const char *to) {
	struct buffer line = {0};
	buffer_append_text(&line, "hookline send");
	command_log_word(&line, span_text(provider));
	command_log_word(&line, span_text(type));
	if (*to) {
		buffer_append_text(&line, " --to");
		command_log_word(&line, span_text(to));
		buffer_append_text(&line, " --keep");
		command_log_add_delivery(model, buffer_text(&line));
	} else {
		command_log_add(model, buffer_text(&line));
	}
	buffer_clear(&line);
}

/* A single route without anything else is what --forward says. */
static bool is_plain(const struct routes_status *routes) {
	return routes->count == 1 && strncmp(routes->rows[0].line, "=> ", 3) == 0 &&
	       strcmp(routes->rows[0].line + 3, routes->rows[0].to) == 0;
}

static void begin_listen(const struct model *model, struct buffer *line) {
	const struct routes_status *routes = &model->routes;
	buffer_append_text(line, "hookline listen");
	if (*model->retry_policy && strcmp(model->retry_policy, "none") != 0) {
		buffer_append_text(line, " --retry");
		command_log_word(line, span_text(model->retry_policy));
	}
	if (routes->count == 0 || is_plain(routes)) {
		buffer_append_text(line, " --forward");
		command_log_word(line, span_text(model->forward.target));
		return;
	}
	for (size_t i = 0; i < routes->count; i++) {
		if (routes->rows[i].enabled) {
			buffer_append_text(line, " --route");
			command_log_word(line, span_text(routes->rows[i].line));
		}
	}
	buffer_append_text(line, routes->all ? " --match all" : "");
}

void log_forward(struct model *model) {
	struct buffer line = {0};
	begin_listen(model, &line);
	command_log_add_delivery(model, buffer_text(&line));
	buffer_clear(&line);
}

void log_mark(struct model *model, const struct event *event, bool marked, struct span note) {
	struct buffer line = {0};
	buffer_append_text(&line, "hookline mark");
	append_ref(&line, event);
	note = note.data ? note : event->annotation.note;
	buffer_append_text(&line, marked ? "" : " --remove");
	if (note.len > 0) {
		buffer_append_text(&line, " --note");
		command_log_word(&line, note);
	}
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
}

void log_missed(struct model *model, const struct msg_missed *missed) {
	struct buffer line = {0}, ref = {0};
	begin_listen(model, &line);
	event_append_ref(&ref, missed->endpoint, missed->first_seq);
	buffer_append_text(&line, " --endpoint");
	command_log_word(&line, missed->endpoint);
	buffer_append_text(&line, " --since");
	command_log_word(&line, buffer_span(&ref));
	command_log_add_delivery(model, buffer_text(&line));
	buffer_clear(&line);
	buffer_clear(&ref);
}

void log_diff(struct model *model) {
	static const char *const parts[] = {" --body", " --headers", " --requests", " --answers"};
	static const char *const forms[] = {"", "", " --lines", " --bytes"};
	const struct diff_panel *panel = &model->diff;
	struct buffer line = {0};
	buffer_append_text(&line, "hookline diff");
	for (size_t i = 0; i < 2; i++) {
		struct buffer ref = {0};
		side_append_ref(&ref, &panel->sides[i]);
		command_log_word(&line, buffer_span(&ref));
		buffer_clear(&ref);
	}
	buffer_append_text(&line, parts[panel->part]);
	buffer_append_text(&line, forms[panel->form]);
	buffer_append_text(&line, panel->ignore.usual ? " --ignore-usual" : "");
	for (size_t i = 0; i < panel->ignore.count; i++) {
		buffer_append_text(&line, " --ignore");
		command_log_word(&line, span_text(panel->ignore.patterns[i].text));
	}
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
}

void log_secret(struct model *model) {
	struct buffer line = {0};
	buffer_append_text(&line, "hookline endpoint set");
	command_log_word(&line, span_text(model->secrets.endpoint));
	buffer_append_text(&line, " --label");
	command_log_word(&line, span_text(model->secrets.chosen));
	buffer_append_text(&line, " --secret-file FILE");
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
}

void log_reverify(struct model *model, struct span endpoint, struct span filter) {
	struct buffer line = {0};
	buffer_append_text(&line, "hookline endpoint reverify");
	command_log_word(&line, endpoint);
	if (filter.len > 0) {
		buffer_append_text(&line, " --filter");
		command_log_word(&line, filter);
	}
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
}

/* --- the log on the screen --- */

void log_open(struct model *model) {
	model->dialog = (struct dialog){.kind = DIALOG_LOG};
}

static void copy_nth(struct model *model, size_t nth) {
	const struct command_line *line = command_log_newest(&model->command_log, nth);
	if (!line) {
		model_note(model, true, "there is no command to copy yet");
		return;
	}
	buffer_append_text(&effects_add(&model->effects, EFFECT_COPY)->text, line->text);
	model_note(model, false, "copied: the command");
}

static void copy_line(struct model *model) {
	copy_nth(model, model->dialog.top);
}

void log_copy_newest(struct model *model) {
	copy_nth(model, 0);
}

static int64_t page_of(const struct model *model) {
	size_t rows = layout_above_bar(model).rows;
	return rows > 10 ? (int64_t)rows - 9 : 1;
}

static int64_t lines_of(const struct model *model, enum action action) {
	int64_t page = page_of(model);
	return rows_of_action(action, page, page, COMMAND_LOG_LINES_MAX);
}

/* Keys that move choose a line, those that copy or open copy it; any other one closes the log and does what it does. */
void log_key(struct model *model, uint32_t key) {
	enum action action =
		keymap_action(&model->keymap, key, in_detail(model) ? PLACE_DETAIL : PLACE_LIST);
	int64_t by = lines_of(model, action);
	if (by != 0) {
		model->dialog.top = rows_move(model->dialog.top, by, model->command_log.count);
	} else if (action == ACTION_COPY || key == KEY_ENTER_KEY) {
		copy_line(model);
	} else {
		dialog_leave(model, action, ACTION_LOG);
	}
}
