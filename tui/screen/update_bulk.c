/* A replay of many: opens its plan, changes it, runs it, and follows how it goes. */
#include <stdio.h>
#include <string.h>

#include "common/same_target.h"
#include "tui/screen/command_log.h"
#include "tui/screen/update_parts.h"

#define CTRL(letter) ((letter) | KEY_CTRL)
/* Failures that are told at the end; the report has more. */
#define FAILURES_TOLD 30

/* --- the plan --- */

/* The panel stays where it is. */
static void ask(struct model *model, enum prompt_kind kind, const char *text) {
	prompt_open(model, kind, span_text(text));
	model->dialog.kind = DIALOG_BULK;
}

static void clear_counted(struct bulk_panel *panel) {
	panel->phase = BULK_PHASE_COUNTING;
	panel->counted = 0;
	panel->error[0] = '\0';
	panel->plan = (struct bulk_plan){0};
	panel->report = (struct bulk_report){0};
	panel->host[0] = '\0';
	panel->confirmed = false;
}

static void count(struct model *model) {
	struct bulk_panel *panel = &model->bulk;
	if (!*panel->target) {
		panel->phase = BULK_PHASE_PLANNED;
		keep_text(panel->error, sizeof panel->error, span_text("where to? t asks"));
		ask(model, PROMPT_BULK_TARGET, "");
		return;
	}
	struct effect *effect = effects_add(&model->effects, EFFECT_BULK_PLAN);
	effect->bulk = panel->settings;
	buffer_append_text(&effect->text, panel->target);
	buffer_append_span(&effect->filter, buffer_span(&panel->filter));
	buffer_append_span(&effect->body, buffer_span(&panel->ids));
	clear_counted(panel);
}

static void take_event(struct bulk_panel *panel, const struct event *event) {
	buffer_append(&panel->ids, event->id.bytes, sizeof event->id.bytes);
	buffer_append_byte(&panel->named, ' ');
	event_append_ref(&panel->named, event->endpoint, event->seq);
}

/* A panel for the next replay, with the settings of the last one. */
static struct bulk_panel *begin(struct model *model, const char *target) {
	struct bulk_settings settings = model->bulk.settings;
	bulk_panel_clear(&model->bulk);
	settings.concurrency = settings.concurrency > 0 ? settings.concurrency : 1;
	settings.as_received = model->as_received;
	settings.again = false;
	settings.order = settings.order == BULK_LISTED ? BULK_OLDEST : settings.order;
	model->bulk.settings = settings;
	keep_text(model->bulk.target, sizeof model->bulk.target, span_text(target));
	model->dialog = (struct dialog){.kind = DIALOG_BULK};
	return &model->bulk;
}

static bool is_busy(struct model *model) {
	if (bulk_panel_is_running(&model->bulk)) {
		model->dialog = (struct dialog){.kind = DIALOG_BULK};
		return true;
	}
	return false;
}

void bulk_open_selected(struct model *model, const char *target) {
	if (is_busy(model)) {
		return;
	}
	struct bulk_panel *panel = begin(model, target);
	for (size_t i = 0; i < model->window.count; i++) {
		if (model->window.rows[i].selected) {
			take_event(panel, model->window.rows[i].event);
		}
	}
	count(model);
}

void bulk_open_one(struct model *model, const struct uuid *id, const char *target) {
	size_t at = window_find(&model->window, id);
	if (is_busy(model) || at == WINDOW_NONE) {
		return;
	}
	struct bulk_panel *panel = begin(model, target);
	panel->settings.again = true; /* one that is named is meant as it is */
	take_event(panel, model->window.rows[at].event);
	count(model);
}

void bulk_open_all(struct model *model, const char *target) {
	if (is_busy(model)) {
		return;
	}
	buffer_append_span(&begin(model, target)->filter, buffer_span(&model->filter));
	count(model);
}

/* --- running it --- */

static void append_pace(struct buffer *line, const struct bulk_settings *settings) {
	if (settings->pace.spacing == BULK_RATE) {
		buffer_append_text(line, " --rate ");
		bulk_pace_append(line, &settings->pace);
	} else if (settings->pace.spacing == BULK_ORIGINAL) {
		buffer_printf(line, " --spacing original --speed %gx", settings->pace.speed);
	}
	if (settings->concurrency > 1) {
		buffer_printf(line, " --concurrency %lld", (long long)settings->concurrency);
	}
}

static void append_options(struct buffer *line, const struct bulk_panel *panel) {
	const struct bulk_settings *settings = &panel->settings;
	if (panel->named.len > 0 || settings->order != BULK_OLDEST) {
		buffer_printf(line, " --order %s", bulk_order_name(settings->order));
	}
	append_pace(line, settings);
	buffer_append_text(line, settings->as_received ? " --as-received" : "");
	buffer_append_text(line, settings->again && panel->plan.count > 1 ? " --again" : "");
	buffer_append_text(line, settings->stop_on_failure ? " --stop-on-failure" : "");
	if (panel->host[0]) {
		buffer_append_text(line, " --yes-to");
		command_log_word(line, span_text(panel->host));
	}
	buffer_append_text(line, " --yes");
}

static void log_resumed(struct model *model) {
	struct bulk_panel *panel = &model->bulk;
	const struct bulk_settings *settings = &panel->settings;
	struct buffer line = {0};
	buffer_printf(&line, "hookline replay --resume %s", panel->unfinished);
	append_pace(&line, settings);
	buffer_append_text(&line, panel->maybe ? " --again" : "");
	buffer_append_text(&line, settings->stop_on_failure ? " --stop-on-failure" : "");
	command_log_add_delivery(model, buffer_text(&line));
	buffer_clear(&line);
}

static void log_it(struct model *model) {
	struct bulk_panel *panel = &model->bulk;
	struct buffer line = {0};
	buffer_append_text(&line, "hookline replay");
	if (panel->named.len > 0) {
		buffer_append_span(&line, buffer_span(&panel->named));
	} else {
		buffer_append_text(&line, " --filter");
		command_log_word(&line, buffer_span(&panel->filter));
	}
	buffer_append_text(&line, " --to");
	command_log_word(&line, span_text(panel->target));
	append_options(&line, panel);
	command_log_add_delivery(model, buffer_text(&line));
	buffer_clear(&line);
}

static void run(struct model *model) {
	struct bulk_panel *panel = &model->bulk;
	if (panel->error[0]) {
		return;
	}
	if (!panel->resumed && bulk_panel_to_send(panel) <= 0) {
		model_note(model, true, "there is nothing to send");
		return;
	}
	if (panel->host[0] && !panel->confirmed) {
		ask(model, PROMPT_BULK_HOST, "");
		return;
	}
	struct effect *effect = effects_add(&model->effects, EFFECT_BULK_RUN);
	effect->bulk = panel->settings;
	effect->flag = panel->maybe;
	buffer_append_text(&effect->text, panel->host);
	if (panel->resumed) {
		log_resumed(model);
	} else {
		log_it(model);
	}
	keep_text(model->replay_target, sizeof model->replay_target, span_text(panel->target));
	panel->phase = BULK_PHASE_RUNNING;
	panel->began_ms = model->now_ms;
	panel->report.planned = bulk_panel_to_send(panel);
	list_unselect(model);
}

static void leave(struct model *model) {
	model->dialog.kind = DIALOG_NONE;
	if (!bulk_panel_is_running(&model->bulk)) {
		struct bulk_settings settings = model->bulk.settings;
		effects_add(&model->effects, EFFECT_BULK_DROP);
		bulk_panel_clear(&model->bulk);
		model->bulk.settings = settings;
	}
}

/* --- keys --- */

static void ask_pace(struct model *model) {
	struct buffer text = {0};
	const struct bulk_pace *pace = &model->bulk.settings.pace;
	if (pace->spacing == BULK_RATE) {
		bulk_pace_append(&text, pace);
	} else if (pace->spacing == BULK_ORIGINAL) {
		buffer_printf(&text, "%gx", pace->speed);
	}
	ask(model, PROMPT_BULK_PACE, buffer_text(&text));
	buffer_clear(&text);
}

static void turn_concurrency(struct bulk_settings *settings) {
	settings->concurrency = settings->concurrency >= 64 ? 1 : settings->concurrency * 4;
}

/* What was cut off takes the place of the plan; nothing is sent before Enter. */
static void resume(struct model *model) {
	struct bulk_panel *panel = &model->bulk;
	if (!*panel->unfinished || panel->resumed) {
		return;
	}
	panel->resumed = true;
	keep_text(panel->target, sizeof panel->target, span_text(panel->unfinished_target));
	clear_counted(panel);
	buffer_append_text(&effects_add(&model->effects, EFFECT_BULK_RESUME)->text, panel->unfinished);
}

/* What it is about stays as it was begun. */
static bool is_fixed(const struct bulk_panel *panel, uint32_t key) {
	return panel->resumed && (key == 'o' || key == 't' || key == 'a');
}

static void turn_delivered(struct bulk_panel *panel) {
	if (panel->resumed) {
		panel->maybe = !panel->maybe;
	} else {
		panel->settings.again = !panel->settings.again;
	}
}

static void plan_key(struct model *model, uint32_t key) {
	struct bulk_settings *settings = &model->bulk.settings;
	if (is_fixed(&model->bulk, key)) {
		return;
	}
	switch (key) {
	case 'u':
		resume(model);
		break;
	case 'o':
		settings->order = settings->order == BULK_OLDEST ? BULK_NEWEST : BULK_OLDEST;
		count(model);
		break;
	case 't':
		ask(model, PROMPT_BULK_TARGET, model->bulk.target);
		break;
	case 'a':
		settings->as_received = !settings->as_received;
		break;
	case 'd':
		turn_delivered(&model->bulk);
		break;
	case 'p':
		ask_pace(model);
		break;
	case 'c':
		turn_concurrency(settings);
		break;
	case 's':
		settings->stop_on_failure = !settings->stop_on_failure;
		break;
	case 'y':
	case KEY_ENTER_KEY:
		if (model->bulk.phase == BULK_PHASE_PLANNED) {
			run(model);
		}
		break;
	default:
		break;
	}
}

static void run_key(struct model *model, uint32_t key) {
	struct bulk_panel *panel = &model->bulk;
	if ((key == 'p' || key == ' ') && panel->phase != BULK_PHASE_STOPPING) {
		bool paused = panel->phase != BULK_PHASE_PAUSED;
		panel->phase = paused ? BULK_PHASE_PAUSED : BULK_PHASE_RUNNING;
		effects_add(&model->effects, EFFECT_BULK_PAUSE)->flag = paused;
	} else if (key == 's' && panel->phase != BULK_PHASE_STOPPING) {
		panel->phase = BULK_PHASE_STOPPING;
		effects_add(&model->effects, EFFECT_BULK_STOP);
	}
}

void bulk_key(struct model *model, uint32_t key) {
	enum bulk_phase phase = model->bulk.phase;
	if (key == KEY_ESCAPE || key == 'q' || key == 'n' || key == CTRL('c') ||
		(key == KEY_ENTER_KEY && phase == BULK_PHASE_OVER)) {
		leave(model);
	} else if (bulk_panel_is_running(&model->bulk)) {
		run_key(model, key);
	} else if (phase != BULK_PHASE_OVER) {
		plan_key(model, key);
	}
}

/* --- what is typed --- */

static bool read_pace(struct model *model, struct span text, struct error *err) {
	struct bulk_pace *pace = &model->bulk.settings.pace;
	bool original = span_is(text, "original");
	if (text.len == 0 || span_is(text, "none")) {
		*pace = (struct bulk_pace){.spacing = BULK_AT_ONCE};
		return true;
	}
	return original || text.data[text.len - 1] == 'x'
	           ? bulk_pace_read_speed(pace, original ? span_text("1") : text, err)
	           : bulk_pace_read_rate(pace, text, err);
}

bool bulk_prompt_is_right(struct model *model, enum prompt_kind kind, struct span text) {
	struct error err = {0};
	if (kind == PROMPT_BULK_PACE && !read_pace(model, text, &err)) {
		keep_text(model->prompt.error, sizeof model->prompt.error, span_text(err.text));
	} else if (kind == PROMPT_BULK_HOST && !span_is(text, model->bulk.host)) {
		keep_text(model->prompt.error, sizeof model->prompt.error,
			span_text("that is not the host: nothing is sent"));
	} else {
		return true;
	}
	return false;
}

void bulk_prompt_accept(struct model *model, enum prompt_kind kind, struct span text) {
	if (kind == PROMPT_BULK_TARGET && text.len > 0) {
		keep_text(model->bulk.target, sizeof model->bulk.target, text);
		count(model);
	} else if (kind == PROMPT_BULK_HOST) {
		model->bulk.confirmed = true;
		run(model);
	}
}

/* --- how it goes --- */

static void take_found(struct bulk_panel *panel, const struct msg *msg) {
	if (panel->phase != BULK_PHASE_COUNTING && panel->phase != BULK_PHASE_PLANNED) {
		return;
	}
	keep_text(panel->unfinished, sizeof panel->unfinished, msg->text);
	keep_text(panel->unfinished_target, sizeof panel->unfinished_target, msg->target);
	panel->unfinished_ms = msg->number;
}

/* What stands behind the URL in the line of a route. */
static struct span options_of(const struct route_row *row) {
	size_t filter = strlen(row->filter);
	struct span rest = span_text(row->line);
	rest = span_after(rest, filter > 0 ? filter + sizeof " => " - 1 : sizeof "=> " - 1);
	span_cut(&rest, ' ');
	return rest;
}

static void find_route_options(struct model *model, const char *target) {
	struct bulk_panel *panel = &model->bulk;
	panel->route_options[0] = '\0';
	for (size_t i = 0; target && i < model->routes.count; i++) {
		const struct route_row *row = &model->routes.rows[i];
		struct span options = options_of(row);
		if (row->enabled && options.len > 0 && target_same_text(row->target, target)) {
			keep_text(panel->route_options, sizeof panel->route_options, options);
			return;
		}
	}
}

static void take_planned(struct model *model, const struct msg *msg) {
	struct bulk_panel *panel = &model->bulk;
	panel->phase = BULK_PHASE_PLANNED;
	if (msg->error) {
		keep_text(panel->error, sizeof panel->error, span_text(msg->error->text));
		return;
	}
	panel->plan = *msg->bulk->plan;
	keep_text(panel->host, sizeof panel->host, msg->text);
	find_route_options(model, msg->bulk->target);
	if (panel->resumed) {
		panel->settings = *msg->bulk->settings;
	} else if (panel->plan.count == 0) {
		keep_text(panel->error, sizeof panel->error, span_text("no event matches"));
	}
}

/* The numbers; the texts stay whose they are. */
static void take_numbers(struct bulk_panel *panel, const struct msg_bulk *told) {
	panel->report = *told->report;
	panel->report.target = panel->report.why = NULL;
	panel->report.failures = NULL;
	panel->report.failure_count = 0;
	panel->open = told->open;
}

static void take_over(struct model *model, const struct msg *msg) {
	struct bulk_panel *panel = &model->bulk;
	buffer_reset(&panel->told);
	if (msg->error) { /* it was not begun */
		panel->phase = BULK_PHASE_PLANNED;
		keep_text(panel->error, sizeof panel->error, span_text(msg->error->text));
		return;
	}
	panel->phase = BULK_PHASE_OVER;
	take_numbers(panel, msg->bulk);
	bulk_report_append_words(&panel->told, msg->bulk->report, FAILURES_TOLD);
	if (msg->text.len > 0) {
		buffer_append_text(&panel->told, "report: ");
		buffer_append_span(&panel->told, msg->text);
		buffer_append_text(&panel->told, "/report.json\n");
	}
	if (model->dialog.kind != DIALOG_BULK) {
		char key[16];
		keymap_key(&model->keymap, key, ACTION_BULK, PLACE_LIST);
		struct span rest = buffer_span(&panel->told);
		struct span line = span_cut(&rest, '\n');
		model_note(model, !bulk_report_is_good(msg->bulk->report), "replay %.*s; %s shows it",
			(int)line.len, line.data, key);
	}
}

bool bulk_message(struct model *model, const struct msg *msg) {
	struct bulk_panel *panel = &model->bulk;
	switch (msg->type) {
	case MSG_REPLAY_ELSEWHERE:
		bulk_open_one(model, msg->id, replay_target(model));
		return true;
	case MSG_BULK_FOUND:
		take_found(panel, msg);
		return true;
	case MSG_BULK_COUNTED:
		panel->counted = msg->number;
		return true;
	case MSG_BULK_PLANNED:
		take_planned(model, msg);
		return true;
	case MSG_BULK_PROGRESS:
		take_numbers(panel, msg->bulk);
		return true;
	case MSG_BULK_AWAY:
		panel->away = msg->error != NULL;
		return true;
	case MSG_BULK_OVER:
		take_over(model, msg);
		return true;
	default:
		return false;
	}
}

void bulk_show(struct model *model, struct span target) {
	if (model->bulk.phase != BULK_PHASE_NONE) {
		model->dialog = (struct dialog){.kind = DIALOG_BULK};
		return;
	}
	if (target.len > 0) {
		keep_text(model->replay_target, sizeof model->replay_target, target);
	}
	if (model->selected > 0) {
		bulk_open_selected(model, replay_target(model));
	} else {
		bulk_open_all(model, replay_target(model));
	}
	effects_add(&model->effects, EFFECT_BULK_FIND);
}
