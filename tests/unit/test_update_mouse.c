/* The mouse in dialogs and panes: what is clicked on is found by what is painted there. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"
#include "tui/screen/view.h"

#define NOTHING (-1)

/* --- the mouse --- */

static bool is_at(const struct canvas *canvas, size_t x, size_t y, const char *text) {
	for (; *text; text++, x++) {
		const struct cell *cell = &canvas->cells[y * canvas->columns + x];
		if (x >= canvas->columns || cell->len != 1 || cell->text[0] != *text) {
			return false;
		}
	}
	return true;
}

/* The cell where a text begins that is painted; the last one, for what is beneath stands above it. */
static struct mouse at_text(const struct model *model, const char *text) {
	struct canvas canvas;
	struct mouse found = {MOUSE_CLICK, SIZE_MAX, 0};
	canvas_init(&canvas, 1, 1, model->ascii);
	view(model, &canvas);
	for (size_t i = 0; i < canvas.columns * canvas.rows; i++) {
		if (is_at(&canvas, i % canvas.columns, i / canvas.columns, text)) {
			found.x = i % canvas.columns;
			found.y = i / canvas.columns;
		}
	}
	canvas_clear(&canvas);
	if (found.x == SIZE_MAX) {
		fail_msg("\"%s\" is not painted", text);
	}
	return found;
}

static void point(struct model *model, enum mouse_what what, struct mouse mouse) {
	mouse.what = what;
	update(model, &(struct msg){.type = MSG_MOUSE, .mouse = mouse});
}

static void click(struct model *model, const char *text) {
	point(model, MOUSE_CLICK, at_text(model, text));
}

static void act(struct model *model, enum action action) {
	update(model, &(struct msg){.type = MSG_ACTION, .action = action});
}

/* --- dialogs with something in them --- */

static void listed(struct model *model) {
	view_bed_begin(model, 120, 40);
	view_bed_events(model);
}

static void copying(struct model *model) {
	listed(model);
	act(model, ACTION_COPY);
}

static void sorting(struct model *model) {
	listed(model);
	act(model, ACTION_SORT);
}

static void retrying(struct model *model) {
	listed(model);
	const struct event *event = model_current(model);
	const struct retry due = {.event = event->id,
		.endpoint = event->endpoint,
		.event_seq = event->seq,
		.target = span_text("http://localhost:3000/hooks"),
		.owner = span_text("alice@laptop"),
		.tries = 1,
		.attempts = 4,
		.due_ns = (VIEW_BED_NOW_MS + 252000) * INT64_C(1000000)};
	update(model, &(struct msg){.type = MSG_RETRY, .retry = &due});
	act(model, ACTION_RETRY);
}

static void proving(struct model *model) {
	listed(model);
	view_bed_text(model->replay_target, sizeof model->replay_target, "localhost:3000");
	act(model, ACTION_PROVE);
}

static void proven(struct model *model) {
	proving(model);
	bed_type(model, "t");
	update(model, &(struct msg){.type = MSG_PROVE_OVER,
					  .mine = true,
					  .text = span_text("a repeat changes nothing"),
					  .target = span_text("hookline prove twice stripe#1042")});
}

static void secrets(struct model *model) {
	struct secret_panel panel = {.count = 1};
	listed(model);
	view_bed_open(model, PANE_SIGNATURE);
	bed_type(model, "a");
	memcpy(panel.endpoint, model->secrets.endpoint, sizeof panel.endpoint);
	view_bed_text(panel.list[0].label, sizeof panel.list[0].label, "live");
	update(model, &(struct msg){MSG_SECRETS, .secrets = &panel});
}

static void saved_filters(struct model *model) {
	static struct saved_filter list[] = {
		{.name = "billing", .text = "type:invoice.*"}, {.name = "bad", .text = "verdict:invalid"}};
	struct saved_filters told = {.count = 2};
	listed(model);
	for (size_t i = 0; i < 2; i++) {
		told.list[i] = list[i];
	}
	update(model, &(struct msg){.type = MSG_SAVED_FILTERS, .filters = &told});
	act(model, ACTION_FILTERS);
}

static void samples(struct model *model) {
	listed(model);
	act(model, ACTION_SEND);
}

static void samples_of_one(struct model *model) {
	samples(model);
	click(model, "github");
}

static void endpoints(struct model *model) {
	struct endpoints_panel told = {0};
	listed(model);
	view_bed_text(endpoints_panel_add(&told)->name, sizeof told.rows->name, "shop");
	view_bed_text(endpoints_panel_add(&told)->name, sizeof told.rows->name, "github");
	act(model, ACTION_ENDPOINTS);
	update(model, &(struct msg){.type = MSG_ENDPOINTS, .endpoints = &told});
}

static void deliveries(struct model *model) {
	listed(model);
	act(model, ACTION_DELIVERIES);
	for (size_t row = model->window.count; row > 9; row--) {
		const struct event *event = model->window.rows[row - 1].event;
		const struct attempt attempt = {.event = event->id,
			.endpoint = event->endpoint,
			.event_seq = event->seq,
			.number = 1,
			.status = 200,
			.target = span_text("http://localhost:3000")};
		update(model, &(struct msg){.type = MSG_DELIVERY,
						  .page = model->deliveries.asked,
						  .attempt = &attempt,
						  .event = event});
	}
	update(model,
		&(struct msg){.type = MSG_DELIVERIES_DONE, .page = model->deliveries.asked, .number = 3});
}

static void timeline(struct model *model) {
	listed(model);
	update(
		model, &(struct msg){
				   .type = MSG_ACTION, .action = ACTION_TIMELINE, .text = span_text("order 42")});
	for (size_t row = model->window.count; row > 9; row--) {
		update(model, &(struct msg){.type = MSG_TIMELINE,
						  .page = model->timeline.asked,
						  .event = model->window.rows[row - 1].event});
	}
	update(model, &(struct msg){.type = MSG_TIMELINE_DONE, .page = model->timeline.asked});
}

static void logged(struct model *model) {
	listed(model);
	command_log_add(model, "hookline show stripe#1");
	command_log_add(model, "hookline show stripe#2");
	act(model, ACTION_LOG);
}

static void routes(struct model *model) {
	const struct msg_route list[] = {{.line = span_text("type:a => 3000"),
										 .filter = span_text("type:a"),
										 .to = span_text("3000"),
										 .target = span_text("http://127.0.0.1:3000"),
										 .enabled = true},
		{.line = span_text("type:b => 4000"),
			.filter = span_text("type:b"),
			.to = span_text("4000"),
			.target = span_text("http://127.0.0.1:4000"),
			.enabled = true}};
	listed(model);
	update(model, &(struct msg){.type = MSG_ROUTES,
					  .routes = &(struct msg_routes){.list = list, .count = 2}});
	act(model, ACTION_ROUTES);
}

static void helped(struct model *model) {
	listed(model);
	view_bed_text(model->replay_target, sizeof model->replay_target, "localhost:3000");
	update(model, &(struct msg){.type = MSG_RESIZE, .columns = 200, .rows = 60}); /* all of it */
	act(model, ACTION_HELP);
}

static void missing(struct model *model) {
	const struct msg_missed missed = {
		.endpoint = span_text("stripe"), .count = 12, .first_seq = 1030, .last_seq = 1041};
	listed(model);
	view_bed_text(model->forward.target, sizeof model->forward.target, "localhost:3000");
	model->forward.state = FORWARD_ON;
	update(model, &(struct msg){.type = MSG_MISSED, .missed = &missed});
}

static void quitting(struct model *model) {
	listed(model);
	view_bed_text(model->forward.target, sizeof model->forward.target, "localhost:3000");
	model->forward.state = FORWARD_ON;
	act(model, ACTION_QUIT);
}

static void planned(struct model *model) {
	const struct bulk_plan plan = {.count = 12, .bytes = 4000, .first = "a#1", .last = "a#12"};
	const struct bulk_settings settings = {.concurrency = 1};
	listed(model);
	view_bed_text(model->replay_target, sizeof model->replay_target, "localhost:3000");
	act(model, ACTION_BULK);
	const struct msg_bulk bulk = {.plan = &plan, .settings = &settings, .target = "localhost:3000"};
	update(model, &(struct msg){.type = MSG_BULK_PLANNED, .bulk = &bulk});
}

static void coded(struct model *model) {
	static const unsigned char modules[21 * 21] = {1};
	const struct msg_qr qr = {.size = 21, .modules = modules};
	listed(model);
	update(model, &(struct msg){.type = MSG_QR, .text = span_text("http://a"), .qr = &qr});
}

static void opened(struct model *model) {
	listed(model);
	view_bed_open(model, PANE_PAYLOAD);
}

/* --- what a click does --- */

static const struct {
	const char *name;
	void (*setup)(struct model *model);
	const char *text; /* that is clicked on, */
	size_t clicks;    /* so many times; 0: instead, outside of the box */
	int effect;       /* that comes of it */
	enum dialog_kind dialog;
	enum prompt_kind prompt;
} cases[] = {
	{"copy", copying, "its UUID", 1, EFFECT_COPY, DIALOG_NONE, PROMPT_NONE},
	{"its title", copying, "Copy", 1, NOTHING, DIALOG_COPY, PROMPT_NONE},
	{"beside it", copying, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"sort", sorting, "newest first", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"beside sort", sorting, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"retry now", retrying, "now", 1, EFFECT_RETRY, DIALOG_NONE, PROMPT_NONE},
	{"retry cancel", retrying, "c  cancel", 1, NOTHING, DIALOG_RETRY, PROMPT_NONE},
	{"retry cancel, again", retrying, "c  cancel", 2, EFFECT_RETRY, DIALOG_NONE, PROMPT_NONE},
	{"retry policy", retrying, "policy", 1, NOTHING, DIALOG_NONE, PROMPT_RETRY},
	{"beside retry", retrying, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"prove", proving, "twice", 1, NOTHING, DIALOG_PROVE, PROMPT_NONE},
	{"prove, again", proving, "twice", 2, EFFECT_PROVE, DIALOG_PROVE, PROMPT_NONE},
	{"proven: the command", proven, "copy the command", 1, EFFECT_COPY, DIALOG_PROVE, PROMPT_NONE},
	{"proven: a letter", proven, "e c again", 1, EFFECT_PROVE, DIALOG_PROVE, PROMPT_NONE},
	{"beside prove", proving, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"one more secret", secrets, "one more", 1, NOTHING, DIALOG_NONE, PROMPT_SECRET},
	{"another value", secrets, "1  live", 1, NOTHING, DIALOG_NONE, PROMPT_SECRET},
	{"beside secrets", secrets, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"filters", saved_filters, "bad", 1, EFFECT_PAGE, DIALOG_NONE, PROMPT_NONE},
	{"samples", samples, "github", 1, NOTHING, DIALOG_SAMPLES, PROMPT_NONE},
	{"where samples go", samples, "to the relay", 1, NOTHING, DIALOG_SAMPLES, PROMPT_NONE},
	{"a sample", samples_of_one, "push", 1, NOTHING, DIALOG_SAMPLES, PROMPT_NONE},
	{"a sample, again", samples_of_one, "push", 2, EFFECT_SEND, DIALOG_NONE, PROMPT_NONE},
	{"endpoints", endpoints, "github", 1, EFFECT_PAGE, DIALOG_NONE, PROMPT_NONE},
	{"deliveries", deliveries, "twilio#77", 1, EFFECT_DETAIL, DIALOG_NONE, PROMPT_NONE},
	{"timeline", timeline, "twilio#77", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"log", logged, "hookline show stripe#1", 1, EFFECT_COPY, DIALOG_LOG, PROMPT_NONE},
	{"routes", routes, "type:a", 1, NOTHING, DIALOG_ROUTES, PROMPT_NONE},
	{"routes, again", routes, "2  on  type:b", 2, NOTHING, DIALOG_NONE, PROMPT_ROUTE},
	{"help", helped, "give the endpoint", 1, NOTHING, DIALOG_HELP, PROMPT_NONE},
	{"help, again", helped, "give the endpoint", 2, EFFECT_SECRETS, DIALOG_SECRET, PROMPT_NONE},
	{"help, harmless", helped, "draw the", 1, EFFECT_REDRAW, DIALOG_NONE, PROMPT_NONE},
	{"missed", missing, "forward  n", 1, EFFECT_FORWARD_MISSED, DIALOG_NONE, PROMPT_NONE},
	{"not now", missing, "not now", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"beside missed", missing, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"quit", quitting, "y quit", 1, EFFECT_QUIT, DIALOG_NONE, PROMPT_NONE},
	{"stay", quitting, "stay", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"beside quit", quitting, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"plan: order", planned, "oldest first", 1, EFFECT_BULK_PLAN, DIALOG_BULK, PROMPT_NONE},
	{"plan: pace", planned, "pace", 1, NOTHING, DIALOG_BULK, PROMPT_BULK_PACE},
	{"plan", planned, "Enter replay", 1, NOTHING, DIALOG_BULK, PROMPT_NONE},
	{"plan, again", planned, "Enter replay", 2, EFFECT_BULK_RUN, DIALOG_BULK, PROMPT_NONE},
	{"leave the plan", planned, "leave it", 1, EFFECT_BULK_DROP, DIALOG_NONE, PROMPT_NONE},
	{"beside the plan", planned, NULL, 0, EFFECT_BULK_DROP, DIALOG_NONE, PROMPT_NONE},
	{"a code", coded, "http://a", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"hint: copy", listed, "y copy", 1, NOTHING, DIALOG_COPY, PROMPT_NONE},
	{"hint: filter", listed, "/ filter", 1, NOTHING, DIALOG_NONE, PROMPT_FILTER},
	{"hint: its word", listed, "help", 1, NOTHING, DIALOG_HELP, PROMPT_NONE},
	{"hint of an event", opened, "/ find", 1, NOTHING, DIALOG_NONE, PROMPT_FIND},
	{"hint of a dialog", endpoints, "copy URL", 1, EFFECT_COPY, DIALOG_ENDPOINTS, PROMPT_NONE},
	{"hint: close", helped, "Esc close", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"a hint of two keys", routes, "K/J move", 1, NOTHING, DIALOG_ROUTES, PROMPT_NONE},
};

static bool has_effect(struct model *model, int type) {
	struct effect effect;
	bool found = false;
	while (effects_take(&model->effects, &effect)) {
		bool reads = effect.type == EFFECT_PAGE || effect.type == EFFECT_DETAIL;
		found = found || (int)effect.type == type || (type == NOTHING && !reads);
		effect_clear(&effect);
	}
	return found;
}

static void a_click_does_what_is_painted_there(void **state) {
	size_t failed = 0;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct model model;
		cases[i].setup(&model);
		bed_has_effect(&model, EFFECT_QUIT);
		for (size_t n = 0; n < cases[i].clicks; n++) {
			click(&model, cases[i].text);
		}
		if (cases[i].clicks == 0) {
			point(&model, MOUSE_CLICK, (struct mouse){.x = 2, .y = 3});
		}
		bool found = has_effect(&model, cases[i].effect);
		if (found != (cases[i].effect != NOTHING) || model.dialog.kind != cases[i].dialog ||
			model.prompt.kind != cases[i].prompt) {
			failed++;
			print_error("%s: effect %d, dialog %d, prompt %d\n", cases[i].name, (int)found,
				(int)model.dialog.kind, (int)model.prompt.kind);
		}
		model_clear(&model);
	}
	assert_int_equal(failed, 0);
}

static void a_click_on_a_row_chooses_that_one(void **state) {
	struct model model;
	(void)state;
	endpoints(&model);
	click(&model, "github");
	assert_string_equal(buffer_text(&model.filter), "endpoint:github");
	model_clear(&model);
	saved_filters(&model);
	click(&model, "bad");
	assert_string_equal(buffer_text(&model.filter), "verdict:invalid");
	model_clear(&model);
	routes(&model);
	click(&model, "type:b");
	assert_int_equal(model.dialog.top, 1);
	model_clear(&model);
	logged(&model);
	click(&model, "hookline show stripe#1");
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "hookline show stripe#1");
	effect_clear(&effect);
	model_clear(&model);
}

static void another_key_forgets_what_a_click_has_chosen(void **state) {
	struct model model;
	(void)state;
	helped(&model);
	click(&model, "give the endpoint");
	bed_key(&model, KEY_UP_ARROW);
	click(&model, "give the endpoint");
	assert_int_equal(model.dialog.kind, DIALOG_HELP);
	model_clear(&model);
	retrying(&model);
	click(&model, "c  cancel");
	bed_key(&model, KEY_ENTER_KEY); /* what is chosen */
	assert_true(bed_has_effect(&model, EFFECT_RETRY));
	model_clear(&model);
}

static void the_second_of_two_clicks_means_what_the_first_one_did(void **state) {
	struct model model;
	(void)state;
	copying(&model);
	struct mouse mouse = at_text(&model, "its UUID");
	point(&model, MOUSE_CLICK, mouse);
	point(&model, MOUSE_DOUBLE_CLICK, mouse); /* not on the row that is there now */
	assert_false(model.detail.open);
	model_clear(&model);
	listed(&model);
	view_bed_text(model.replay_target, sizeof model.replay_target, "localhost:3000");
	mouse = at_text(&model, "r replay");
	point(&model, MOUSE_CLICK, mouse);
	assert_true(bed_has_effect(&model, EFFECT_REPLAY));
	point(&model, MOUSE_DOUBLE_CLICK, mouse);
	assert_false(bed_has_effect(&model, EFFECT_REPLAY));
	model_clear(&model);
	listed(&model);
	mouse = at_text(&model, "orders/create");
	point(&model, MOUSE_CLICK, mouse);
	point(&model, MOUSE_DOUBLE_CLICK, mouse);
	assert_true(model.detail.open);
	model_clear(&model);
}

static void a_click_on_a_title_sorts_by_it(void **state) {
	static const struct {
		const char *title;
		enum list_sort sort;
	} titles[] = {{"PROVIDER", LIST_SORT_PROVIDER}, {"TYPE", LIST_SORT_TYPE},
		{"SIZE", LIST_SORT_SIZE}, {"TRIES", LIST_SORT_TRIES}, {"APP", LIST_SORT_STATUS}};
	(void)state;
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		struct model model;
		listed(&model);
		struct mouse mouse = at_text(&model, titles[i].title);
		point(&model, MOUSE_CLICK, mouse);
		assert_int_equal(model.look.sort, titles[i].sort);
		assert_false(model.look.reversed);
		point(&model, MOUSE_CLICK, mouse);
		assert_true(model.look.reversed);
		model_clear(&model);
	}
}

static void the_title_of_time_turns_the_list_round(void **state) {
	struct model model;
	(void)state;
	listed(&model);
	click(&model, "AGE");
	assert_int_equal(model.look.sort, LIST_SORT_AGE);
	assert_true(model.look.reversed);
	click(&model, "EVENT");
	assert_false(model.look.reversed);
	model_clear(&model);
}

static void beneath_a_dialog_nothing_is_clicked(void **state) {
	struct model model;
	(void)state;
	copying(&model);
	click(&model, "SIZE");
	assert_int_equal(model.look.sort, LIST_SORT_AGE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE); /* it is outside of the box */
	model_clear(&model);
}

static void the_wheel_moves_in_what_is_a_list(void **state) {
	struct model model;
	(void)state;
	deliveries(&model);
	point(&model, MOUSE_WHEEL_DOWN, (struct mouse){.x = 5, .y = 5});
	assert_int_equal(model.deliveries.cursor, 2);
	point(&model, MOUSE_WHEEL_UP, (struct mouse){.x = 5, .y = 5});
	assert_int_equal(model.deliveries.cursor, 0);
	model_clear(&model);
	quitting(&model);
	point(&model, MOUSE_WHEEL_DOWN, (struct mouse){.x = 60, .y = 20});
	assert_int_equal(model.dialog.kind, DIALOG_QUIT);
	model_clear(&model);
}

static void no_cell_of_any_size_does_harm(void **state) {
	static void (*const setups[])(struct model *) = {copying, sorting, retrying, proven, secrets,
		saved_filters, samples, endpoints, deliveries, timeline, logged, routes, helped, missing,
		planned, coded, opened};
	static const size_t sizes[][2] = {{20, 5}, {40, 10}, {80, 24}};
	(void)state;
	for (size_t i = 0; i < sizeof setups / sizeof *setups; i++) {
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
			struct model model;
			setups[i](&model);
			update(&model,
				&(struct msg){.type = MSG_RESIZE, .columns = sizes[s][0], .rows = sizes[s][1]});
			for (size_t cell = 0; cell < sizes[s][0] * sizes[s][1]; cell += 7) {
				struct mouse mouse = {.x = cell % sizes[s][0], .y = cell / sizes[s][0]};
				point(&model, cell % 2 ? MOUSE_CLICK : MOUSE_DOUBLE_CLICK, mouse);
				bed_has_effect(&model, EFFECT_QUIT);
			}
			point(&model, MOUSE_CLICK, (struct mouse){.x = 5000, .y = 5000});
			model_clear(&model);
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_click_does_what_is_painted_there),
		cmocka_unit_test(a_click_on_a_row_chooses_that_one),
		cmocka_unit_test(another_key_forgets_what_a_click_has_chosen),
		cmocka_unit_test(the_second_of_two_clicks_means_what_the_first_one_did),
		cmocka_unit_test(a_click_on_a_title_sorts_by_it),
		cmocka_unit_test(the_title_of_time_turns_the_list_round),
		cmocka_unit_test(beneath_a_dialog_nothing_is_clicked),
		cmocka_unit_test(the_wheel_moves_in_what_is_a_list),
		cmocka_unit_test(no_cell_of_any_size_does_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
