/* The mouse in dialogs and panes: what is clicked on is found by what is painted there. */
#include <string.h>

#include "tests/unit/dialog_bed.h"
#include "tests/unit/unit.h"
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

static void opened(struct model *model) {
	view_bed_events(model);
	view_bed_open(model, PANE_PAYLOAD);
}

/* All of the help is seen there. */
static void helped(struct model *model) {
	update(model, &(struct msg){.type = MSG_RESIZE, .columns = 200, .rows = 60});
	dialog_bed_help(model);
}

static void begin(struct model *model, view_bed_setup_fn *setup) {
	view_bed_begin(model, 120, 40);
	setup(model);
}

/* --- what a click does --- */

static const struct {
	const char *name;
	view_bed_setup_fn *setup;
	const char *text; /* that is clicked on, */
	size_t clicks;    /* so many times; 0: instead, outside of the box */
	int effect;       /* that comes of it */
	enum dialog_kind dialog;
	enum prompt_kind prompt;
} cases[] = {
	{"copy", dialog_bed_copy, "its UUID", 1, EFFECT_COPY, DIALOG_NONE, PROMPT_NONE},
	{"its title", dialog_bed_copy, "Copy", 1, NOTHING, DIALOG_COPY, PROMPT_NONE},
	{"beside it", dialog_bed_copy, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"sort", dialog_bed_sort, "newest first", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"beside sort", dialog_bed_sort, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"retry now", dialog_bed_retries, "n now", 1, EFFECT_RETRY, DIALOG_RETRIES, PROMPT_NONE},
	{"retry cancel", dialog_bed_retries, "c cancel", 1, NOTHING, DIALOG_RETRIES, PROMPT_NONE},
	{"retry cancel, again", dialog_bed_retries, "c cancel", 2, EFFECT_RETRY, DIALOG_RETRIES,
		PROMPT_NONE},
	{"narrow retries", dialog_bed_retries, "narrow", 1, NOTHING, DIALOG_NONE, PROMPT_RETRIES},
	{"row of a retry", dialog_bed_retries, "shop#8", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"prove", dialog_bed_prove, "twice", 1, NOTHING, DIALOG_PROVE, PROMPT_NONE},
	{"prove, again", dialog_bed_prove, "twice", 2, EFFECT_PROVE, DIALOG_PROVE, PROMPT_NONE},
	{"proven: the command", dialog_bed_proven, "copy the command", 1, EFFECT_COPY, DIALOG_PROVE,
		PROMPT_NONE},
	{"proven: a letter", dialog_bed_proven, "e c again", 1, EFFECT_PROVE, DIALOG_PROVE,
		PROMPT_NONE},
	{"beside prove", dialog_bed_prove, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"one more secret", dialog_bed_secrets, "one more", 1, NOTHING, DIALOG_NONE, PROMPT_SECRET},
	{"another value", dialog_bed_secrets, "1  live", 1, NOTHING, DIALOG_NONE, PROMPT_SECRET},
	{"beside secrets", dialog_bed_secrets, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"filters", dialog_bed_filters, "bad", 1, EFFECT_PAGE, DIALOG_NONE, PROMPT_NONE},
	{"samples", dialog_bed_samples, "github", 1, NOTHING, DIALOG_SAMPLES, PROMPT_NONE},
	{"where samples go", dialog_bed_samples, "to the relay", 1, NOTHING, DIALOG_SAMPLES,
		PROMPT_NONE},
	{"a sample", dialog_bed_samples_of_one, "push", 1, NOTHING, DIALOG_SAMPLES, PROMPT_NONE},
	{"a sample, again", dialog_bed_samples_of_one, "push", 2, EFFECT_SEND, DIALOG_NONE,
		PROMPT_NONE},
	{"endpoints", dialog_bed_endpoints, "github", 1, EFFECT_PAGE, DIALOG_NONE, PROMPT_NONE},
	{"deliveries", dialog_bed_deliveries, "twilio#77", 1, EFFECT_DETAIL, DIALOG_NONE, PROMPT_NONE},
	{"timeline", dialog_bed_timeline, "twilio#77", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"log", dialog_bed_log, "hookline show stripe#1", 1, EFFECT_COPY, DIALOG_LOG, PROMPT_NONE},
	{"routes", dialog_bed_routes, "type:a", 1, NOTHING, DIALOG_ROUTES, PROMPT_NONE},
	{"routes, again", dialog_bed_routes, "2  on  type:b", 2, NOTHING, DIALOG_NONE, PROMPT_ROUTE},
	{"help", helped, "give the endpoint", 1, NOTHING, DIALOG_HELP, PROMPT_NONE},
	{"help, again", helped, "give the endpoint", 2, EFFECT_SECRETS, DIALOG_SECRET, PROMPT_NONE},
	{"help, harmless", helped, "draw the", 1, EFFECT_REDRAW, DIALOG_NONE, PROMPT_NONE},
	{"missed", dialog_bed_missed, "forward  n", 1, EFFECT_FORWARD_MISSED, DIALOG_NONE, PROMPT_NONE},
	{"not now", dialog_bed_missed, "not now", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"beside missed", dialog_bed_missed, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"quit", dialog_bed_quit, "y quit", 1, EFFECT_QUIT, DIALOG_NONE, PROMPT_NONE},
	{"stay", dialog_bed_quit, "stay", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"beside quit", dialog_bed_quit, NULL, 0, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"plan: order", dialog_bed_planned, "oldest first", 1, EFFECT_BULK_PLAN, DIALOG_BULK,
		PROMPT_NONE},
	{"plan: pace", dialog_bed_planned, "pace", 1, NOTHING, DIALOG_BULK, PROMPT_BULK_PACE},
	{"plan", dialog_bed_planned, "Enter replay", 1, NOTHING, DIALOG_BULK, PROMPT_NONE},
	{"plan, again", dialog_bed_planned, "Enter replay", 2, EFFECT_BULK_RUN, DIALOG_BULK,
		PROMPT_NONE},
	{"leave the plan", dialog_bed_planned, "leave it", 1, EFFECT_BULK_DROP, DIALOG_NONE,
		PROMPT_NONE},
	{"beside the plan", dialog_bed_planned, NULL, 0, EFFECT_BULK_DROP, DIALOG_NONE, PROMPT_NONE},
	{"a code", dialog_bed_code, "http://a", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"hint: copy", view_bed_events, "y copy", 1, NOTHING, DIALOG_COPY, PROMPT_NONE},
	{"hint: filter", view_bed_events, "/ filter", 1, NOTHING, DIALOG_NONE, PROMPT_FILTER},
	{"hint: its word", view_bed_events, "help", 1, NOTHING, DIALOG_HELP, PROMPT_NONE},
	{"hint of an event", opened, "/ find", 1, NOTHING, DIALOG_NONE, PROMPT_FIND},
	{"hint of a dialog", dialog_bed_endpoints, "copy URL", 1, EFFECT_COPY, DIALOG_ENDPOINTS,
		PROMPT_NONE},
	{"hint: close", helped, "Esc close", 1, NOTHING, DIALOG_NONE, PROMPT_NONE},
	{"a hint of two keys", dialog_bed_routes, "K/J move", 1, NOTHING, DIALOG_ROUTES, PROMPT_NONE},
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
		begin(&model, cases[i].setup);
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
	begin(&model, dialog_bed_endpoints);
	click(&model, "github");
	assert_string_equal(buffer_text(&model.filter), "endpoint:github");
	model_clear(&model);
	begin(&model, dialog_bed_filters);
	click(&model, "bad");
	assert_string_equal(buffer_text(&model.filter), "verdict:invalid");
	model_clear(&model);
	begin(&model, dialog_bed_routes);
	click(&model, "type:b");
	assert_int_equal(model.dialog.top, 1);
	model_clear(&model);
	begin(&model, dialog_bed_log);
	click(&model, "hookline show stripe#1");
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "hookline show stripe#1");
	effect_clear(&effect);
	model_clear(&model);
}

static void another_key_forgets_what_a_click_has_chosen(void **state) {
	struct model model;
	(void)state;
	begin(&model, helped);
	click(&model, "give the endpoint");
	bed_key(&model, KEY_UP_ARROW);
	click(&model, "give the endpoint");
	assert_int_equal(model.dialog.kind, DIALOG_HELP);
	model_clear(&model);
	begin(&model, dialog_bed_retries);
	click(&model, "c cancel");
	bed_key(&model, KEY_ENTER_KEY); /* what is chosen */
	assert_true(bed_has_effect(&model, EFFECT_RETRY));
	model_clear(&model);
}

static void the_second_of_two_clicks_means_what_the_first_one_did(void **state) {
	struct model model;
	(void)state;
	begin(&model, dialog_bed_copy);
	struct mouse mouse = at_text(&model, "its UUID");
	point(&model, MOUSE_CLICK, mouse);
	point(&model, MOUSE_DOUBLE_CLICK, mouse); /* not on the row that is there now */
	assert_false(model.detail.open);
	model_clear(&model);
	begin(&model, view_bed_events);
	view_bed_text(model.replay_target, sizeof model.replay_target, "localhost:3000");
	mouse = at_text(&model, "r replay");
	point(&model, MOUSE_CLICK, mouse);
	assert_true(bed_has_effect(&model, EFFECT_REPLAY));
	point(&model, MOUSE_DOUBLE_CLICK, mouse);
	assert_false(bed_has_effect(&model, EFFECT_REPLAY));
	model_clear(&model);
	begin(&model, view_bed_events);
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
		begin(&model, view_bed_events);
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
	begin(&model, view_bed_events);
	click(&model, "AGE");
	assert_int_equal(model.look.sort, LIST_SORT_AGE);
	assert_true(model.look.reversed);
	click(&model, "EVENT");
	assert_false(model.look.reversed);
	model_clear(&model);
}

static void a_bar_of_the_overview_is_chosen_and_then_gone_to(void **state) {
	struct model model;
	(void)state;
	begin(&model, dialog_bed_overview);
	click(&model, "postpress  ");
	assert_int_equal(model.dialog.kind, DIALOG_OVERVIEW);
	assert_int_equal(model.overview.group, OVERVIEW_PROVIDERS);
	size_t at = model.overview.at[OVERVIEW_PROVIDERS];
	assert_true(
		span_is(overview_panel_bar(&model.overview, OVERVIEW_PROVIDERS, at).name, "postpress"));
	click(&model, "Signatures"); /* a title chooses the chart, and no bar of it */
	assert_int_equal(model.overview.group, OVERVIEW_VERDICTS);
	click(&model, "postpress  "); /* the cursor was elsewhere */
	assert_int_equal(model.dialog.kind, DIALOG_OVERVIEW);
	click(&model, "postpress  ");
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_true(span_starts_with(buffer_span(&model.filter), span_text("provider:\"postpress\"")));
	model_clear(&model);
	begin(&model, dialog_bed_overview);
	click(&model, "24h");
	assert_int_equal(model.overview.span, COUNTS_DAY);
	model_clear(&model);
}

static void a_part_of_a_comparison_is_a_tab(void **state) {
	struct model model;
	(void)state;
	begin(&model, dialog_bed_diff);
	click(&model, " headers ");
	assert_int_equal(model.diff.part, COMPARE_HEADERS);
	click(&model, " answers ");
	assert_int_equal(model.diff.part, COMPARE_ANSWERS);
	model_clear(&model);
}

static void beneath_a_dialog_nothing_is_clicked(void **state) {
	struct model model;
	(void)state;
	begin(&model, dialog_bed_copy);
	click(&model, "SIZE");
	assert_int_equal(model.look.sort, LIST_SORT_AGE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE); /* it is outside of the box */
	model_clear(&model);
}

static void the_wheel_moves_in_what_is_a_list(void **state) {
	struct model model;
	(void)state;
	begin(&model, dialog_bed_deliveries);
	point(&model, MOUSE_WHEEL_DOWN, (struct mouse){.x = 5, .y = 5});
	assert_int_equal(model.deliveries.cursor, 2);
	point(&model, MOUSE_WHEEL_UP, (struct mouse){.x = 5, .y = 5});
	assert_int_equal(model.deliveries.cursor, 0);
	model_clear(&model);
	begin(&model, dialog_bed_quit);
	point(&model, MOUSE_WHEEL_DOWN, (struct mouse){.x = 60, .y = 20});
	assert_int_equal(model.dialog.kind, DIALOG_QUIT);
	model_clear(&model);
}

static void no_cell_of_any_size_does_harm(void **state) {
	static const size_t sizes[][2] = {{20, 5}, {40, 10}, {80, 24}};
	(void)state;
	for (size_t i = 0; i <= dialog_bed_count; i++) {
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
			struct model model;
			begin(&model, i < dialog_bed_count ? dialog_beds[i].setup : opened);
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
		cmocka_unit_test(a_bar_of_the_overview_is_chosen_and_then_gone_to),
		cmocka_unit_test(a_part_of_a_comparison_is_a_tab),
		cmocka_unit_test(beneath_a_dialog_nothing_is_clicked),
		cmocka_unit_test(the_wheel_moves_in_what_is_a_list),
		cmocka_unit_test(no_cell_of_any_size_does_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
