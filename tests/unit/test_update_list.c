/* Moving, following, paging, filtering, selecting. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

static int64_t current(const struct model *model) {
	const struct event *event = model_current(model);
	return event ? event->seq : 0;
}

static int64_t first_row(const struct model *model) {
	return model->window.rows[0].event->seq;
}

static int64_t last_row(const struct model *model) {
	return model->window.rows[model->window.count - 1].event->seq;
}

static void it_begins_with_the_newest_page_and_follows(void **state) {
	(void)state;
	struct model model;
	model_init(&model, false, "alice@laptop");
	struct effect follow = bed_effect(&model, EFFECT_FOLLOW);
	struct effect page = bed_effect(&model, EFFECT_PAGE);
	assert_int_equal(follow.text.len, 0);
	assert_true(page.flag);
	assert_int_equal(page.limit, WINDOW_PAGE);
	bed_page(&model, 1, 3);
	assert_int_equal(current(&model), 3);
	assert_true(model.following);
	effect_clear(&follow);
	effect_clear(&page);
	model_clear(&model);
}

static void an_event_that_comes_is_followed(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_live_event(&model, 4);
	assert_int_equal(current(&model), 4);
	model_clear(&model);
}

static void moving_up_stops_following(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 'k');
	bed_live_event(&model, 4);
	assert_int_equal(current(&model), 2);
	assert_false(model.following);
	assert_int_equal(model.unseen, 1);
	model_clear(&model);
}

static void moving_to_the_end_resumes_following(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 'k');
	bed_key(&model, 'j');
	bed_live_event(&model, 4);
	assert_int_equal(current(&model), 4);
	assert_int_equal(model.unseen, 0);
	model_clear(&model);
}

static void an_event_told_twice_is_one_row(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_live_event(&model, 3);
	assert_int_equal(model.window.count, 3);
	model_clear(&model);
}

static void an_event_that_comes_during_the_first_page_is_not_lost(void **state) {
	(void)state;
	struct model model;
	model_init(&model, false, "alice@laptop");
	bed_live_event(&model, 4);
	bed_page(&model, 1, 3);
	assert_int_equal(last_row(&model), 4);
	assert_int_equal(current(&model), 4);
	model_clear(&model);
}

static void near_the_first_row_the_page_before_it_is_asked_for(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 300, true);
	bed_key(&model, 'g'); /* there is more before: from the very first */
	bed_has_effect(&model, EFFECT_QUIT);
	bed_page(&model, 1, WINDOW_PAGE);
	assert_int_equal(current(&model), 1);
	assert_true(model.window.newer);
	model_clear(&model);
}

static void paging_up_keeps_the_cursor_on_its_event(void **state) {
	(void)state;
	struct model model;
	model_init(&model, false, "alice@laptop");
	bed_page(&model, 1000 - WINDOW_PAGE + 1, 1000);
	bed_has_effect(&model, EFFECT_QUIT);
	for (int i = 0; i < WINDOW_PAGE; i++) {
		bed_key(&model, 'k');
	}
	int64_t on = current(&model);
	struct effect page = bed_effect(&model, EFFECT_PAGE);
	assert_true(page.flag);
	assert_int_equal(page.beyond, first_row(&model));
	bed_page(&model, page.beyond - WINDOW_PAGE, page.beyond - 1);
	assert_int_equal(current(&model), on);
	assert_int_equal(model.window.count, 2 * WINDOW_PAGE);
	effect_clear(&page);
	model_clear(&model);
}

static void the_window_never_holds_more_than_its_limit(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 200, false);
	for (int64_t seq = 201; seq <= 5000; seq++) {
		bed_live_event(&model, seq);
	}
	assert_int_equal(model.window.count, WINDOW_ROWS_MAX);
	assert_int_equal(current(&model), 5000);
	assert_true(model.window.older);
	model_clear(&model);
}

static void what_one_looks_at_is_not_pushed_out(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 200, false);
	bed_key(&model, 'g');
	for (int64_t seq = 201; seq <= 5000; seq++) {
		bed_live_event(&model, seq);
	}
	assert_int_equal(current(&model), 1);
	assert_true(model.window.newer);
	assert_int_equal(model.unseen, 4800);
	bed_has_effect(&model, EFFECT_QUIT);
	bed_key(&model, 'G');
	bed_page(&model, 5001 - WINDOW_PAGE, 5000);
	assert_int_equal(current(&model), 5000);
	assert_true(model.following);
	assert_int_equal(model.unseen, 0);
	model_clear(&model);
}

static void an_attempt_shows_on_its_row_once(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	for (int i = 0; i < 2; i++) {
		update(&model, &(struct msg){.type = MSG_ATTEMPT, .attempt = bed_attempt(2, 1, 503)});
	}
	assert_int_equal(model.window.rows[1].event->attempts, 1);
	assert_int_equal(model.window.rows[1].event->last_status, 503);
	update(&model, &(struct msg){.type = MSG_ATTEMPT, .attempt = bed_attempt(2, 2, 0)});
	assert_int_equal(model.window.rows[1].event->last_status, -1);
	model_clear(&model);
}

static void a_page_read_before_an_attempt_does_not_take_it_back(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	update(&model, &(struct msg){.type = MSG_ATTEMPT, .attempt = bed_attempt(2, 1, 200)});
	update(&model, &(struct msg){.type = MSG_JUDGED, .text = span_text("stripe"), .number = 1});
	bed_page(&model, 1, 3);
	assert_int_equal(model.window.rows[1].event->last_status, 200);
	model_clear(&model);
}

static void a_filter_is_evaluated_at_the_relay(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/verdict:invalid");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect follow = bed_effect(&model, EFFECT_FOLLOW);
	struct effect page = bed_effect(&model, EFFECT_PAGE);
	assert_string_equal(buffer_text(&follow.text), "verdict:invalid");
	assert_string_equal(buffer_text(&page.text), "verdict:invalid");
	assert_int_equal(model.window.count, 0);
	effect_clear(&follow);
	effect_clear(&page);
	model_clear(&model);
}

static void a_wrong_filter_is_told_and_can_be_mended(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/verdict:fine");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.prompt.kind, PROMPT_FILTER);
	assert_non_null(strstr(model.prompt.error, "fine"));
	assert_int_equal(model.window.count, 3);
	assert_false(bed_has_effect(&model, EFFECT_FOLLOW));
	model_clear(&model);
}

static void escape_lets_go_one_thing_after_the_other(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/stripe");
	bed_key(&model, KEY_ENTER_KEY);
	bed_page(&model, 1, 3);
	bed_key(&model, ' ');
	bed_key(&model, KEY_ENTER_KEY);
	assert_true(model.detail.open);
	bed_key(&model, KEY_ESCAPE);
	assert_false(model.detail.open);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.selected, 0);
	bed_has_effect(&model, EFFECT_QUIT);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.filter.len, 0);
	bed_key(&model, KEY_ESCAPE);
	assert_false(model.quitting);
	model_clear(&model);
}

static void rows_that_an_attempt_may_have_made_match_are_asked_for_again(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/status:5xx");
	bed_key(&model, KEY_ENTER_KEY);
	bed_page(&model, 1, 0);
	bed_has_effect(&model, EFFECT_QUIT);
	update(&model, &(struct msg){.type = MSG_ATTEMPT, .attempt = bed_attempt(9, 1, 503)});
	bed_tick(&model, model.now_ms + 3000);
	assert_true(bed_has_effect(&model, EFFECT_PAGE));
	model_clear(&model);
}

static void a_range_selects_what_it_passes(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 5, false);
	bed_type(&model, "vkkv");
	assert_int_equal(model.selected, 3);
	bed_type(&model, "k ");
	assert_int_equal(model.selected, 4);
	bed_key(&model, '*');
	assert_int_equal(model.selected, 5);
	bed_key(&model, '*');
	assert_int_equal(model.selected, 0);
	model_clear(&model);
}

static void a_click_moves_and_a_wheel_scrolls(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 200, false);
	update(&model, &(struct msg){.type = MSG_MOUSE, .mouse = {MOUSE_WHEEL_UP, 5, 5}});
	assert_int_equal(current(&model), 197);
	size_t top = model.top;
	update(&model, &(struct msg){.type = MSG_MOUSE, .mouse = {MOUSE_CLICK, 5, 5}});
	assert_in_range(current(&model), (int64_t)top + 1, (int64_t)top + 10);
	assert_int_equal(model.top, top);
	model_clear(&model);
}

static void going_to_an_event_far_away_shows_its_part_of_the_history(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, true);
	bed_type(&model, ":go stripe#70");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect find = bed_effect(&model, EFFECT_FIND);
	assert_string_equal(buffer_text(&find.text), "stripe#70");
	update(&model, &(struct msg){.type = MSG_FOUND, .event = bed_event(70)});
	bed_page(&model, 70, 70 + WINDOW_PAGE - 1);
	assert_int_equal(current(&model), 70);
	assert_false(model.following);
	effect_clear(&find);
	model_clear(&model);
}

static void in_a_flood_the_newest_page_is_asked_for_now_and_then(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_has_effect(&model, EFFECT_QUIT);
	update(&model, &(struct msg){.type = MSG_SKIPPED});
	struct effect page = bed_effect(&model, EFFECT_PAGE);
	assert_true(page.flag);
	assert_in_range(page.limit, 20, WINDOW_PAGE - 1);
	bed_live_event(&model, 91);
	bed_page(&model, 91, 90 + page.limit);
	assert_int_equal(current(&model), 90 + page.limit);
	assert_int_equal(first_row(&model), 91);
	assert_true(model.window.older && model.following);
	update(&model, &(struct msg){.type = MSG_SKIPPED});
	assert_false(bed_has_effect(&model, EFFECT_PAGE));
	bed_live_event(&model, 5000);
	assert_int_equal(last_row(&model), 90 + page.limit);
	bed_tick(&model, model.now_ms + 300);
	assert_true(bed_has_effect(&model, EFFECT_PAGE));
	effect_clear(&page);
	model_clear(&model);
}

static void a_flood_leaves_alone_what_one_looks_at(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 30, false);
	bed_key(&model, 'k');
	bed_has_effect(&model, EFFECT_QUIT);
	update(&model, &(struct msg){.type = MSG_SKIPPED});
	assert_true(model.unseen_more);
	struct effect again = bed_effect(&model, EFFECT_PAGE);
	assert_false(again.flag);
	assert_int_equal(again.limit, 30);
	bed_page(&model, 1, 30);
	assert_int_equal(current(&model), 29);
	assert_true(model.window.newer);
	bed_key(&model, 'G');
	assert_true(model.following);
	assert_false(model.unseen_more);
	effect_clear(&again);
	model_clear(&model);
}

static void what_is_selected_survives_a_flood(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, " G");
	bed_has_effect(&model, EFFECT_QUIT);
	update(&model, &(struct msg){.type = MSG_SKIPPED});
	assert_false(bed_has_effect(&model, EFFECT_PAGE));
	assert_int_equal(model.selected, 1);
	bed_key(&model, KEY_ESCAPE);
	bed_tick(&model, model.now_ms + 300);
	assert_true(bed_has_effect(&model, EFFECT_PAGE));
	model_clear(&model);
}

/* A search that has found one event, and takes its time. */
static void search_for_long(struct model *model) {
	bed_begin(model, 3, false);
	bed_type(model, "/body~x");
	bed_key(model, KEY_ENTER_KEY);
	update(model,
		&(struct msg){.type = MSG_PAGE_ROW, .page = model->page.number, .event = bed_event(3)});
	bed_tick(model, model->now_ms + SEARCH_TOLD_AFTER_MS);
	update(model,
		&(struct msg){
			.type = MSG_PAGE_PROGRESS, .page = model->page.number, .number = 4000, .count = 412});
	bed_has_effect(model, EFFECT_QUIT);
}

static void escape_stops_a_long_search_and_keeps_what_it_found(void **state) {
	(void)state;
	struct model model;
	search_for_long(&model);
	uint32_t page = model.page.number;
	assert_int_equal(model.page.part, 412);
	bed_key(&model, KEY_ESCAPE);
	struct effect stop = bed_effect(&model, EFFECT_PAGE_STOP);
	assert_int_equal(stop.page, page);
	effect_clear(&stop);
	assert_int_equal(model.page.number, 0);
	assert_int_equal(model.window.count, 1);
	assert_string_equal(
		model.note.text, "stopped after 4000 events: moving on up goes on searching");
	bed_tick(&model, model.now_ms + 5000);
	bed_live_event(&model, 9);
	assert_false(bed_has_effect(&model, EFFECT_PAGE));
	assert_int_equal(model.filter.len, 6);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.filter.len, 0);
	model_clear(&model);
}

/* Also before it is told that it takes its time. */
static void escape_stops_a_search_from_its_first_moment_on(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/body~x");
	bed_key(&model, KEY_ENTER_KEY);
	bed_has_effect(&model, EFFECT_QUIT);
	bed_key(&model, KEY_ESCAPE);
	assert_true(bed_has_effect(&model, EFFECT_PAGE_STOP));
	assert_int_equal(model.filter.len, 6);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.filter.len, 0);
	model_clear(&model);
}

/* Rows that are only asked for again are no search. */
static void escape_clears_the_filter_while_rows_are_asked_for_again(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/body~x");
	bed_key(&model, KEY_ENTER_KEY);
	bed_page(&model, 1, 3);
	update(&model, &(struct msg){.type = MSG_JUDGED, .number = 1});
	bed_tick(&model, model.now_ms + 5000);
	assert_true(model.page.number == 0 || model.page.refresh);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.filter.len, 0);
	model_clear(&model);
}

static void moving_up_goes_on_with_a_search_that_was_stopped(void **state) {
	(void)state;
	struct model model;
	search_for_long(&model);
	bed_key(&model, KEY_ESCAPE);
	bed_has_effect(&model, EFFECT_QUIT);
	bed_type(&model, "j");
	assert_false(bed_has_effect(&model, EFFECT_PAGE));
	bed_type(&model, "k");
	struct effect page = bed_effect(&model, EFFECT_PAGE);
	assert_true(page.flag);
	assert_int_equal(page.beyond, 3);
	effect_clear(&page);
	model_clear(&model);
}

static void escape_clears_a_filter_that_is_answered_at_once(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/body~x");
	bed_key(&model, KEY_ENTER_KEY);
	bed_page(&model, 1, 3);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.filter.len, 0);
	model_clear(&model);
}

static void a_page_that_fails_is_asked_for_again_with_the_next_link(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	struct msg_live live = {.ingest_url = span_text("http://127.0.0.1:8080")};
	model_init(&model, false, "alice@laptop");
	error_set(&err, ERROR_UNREACHABLE, "the relay is gone");
	update(&model, &(struct msg){.type = MSG_PAGE_DONE, .page = model.page.number, .error = &err});
	bed_has_effect(&model, EFFECT_QUIT);
	update(&model, &(struct msg){.type = MSG_LIVE, .live = &live});
	assert_true(bed_has_effect(&model, EFFECT_PAGE));
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_begins_with_the_newest_page_and_follows),
		cmocka_unit_test(an_event_that_comes_is_followed),
		cmocka_unit_test(moving_up_stops_following),
		cmocka_unit_test(moving_to_the_end_resumes_following),
		cmocka_unit_test(an_event_told_twice_is_one_row),
		cmocka_unit_test(an_event_that_comes_during_the_first_page_is_not_lost),
		cmocka_unit_test(near_the_first_row_the_page_before_it_is_asked_for),
		cmocka_unit_test(paging_up_keeps_the_cursor_on_its_event),
		cmocka_unit_test(the_window_never_holds_more_than_its_limit),
		cmocka_unit_test(what_one_looks_at_is_not_pushed_out),
		cmocka_unit_test(an_attempt_shows_on_its_row_once),
		cmocka_unit_test(a_page_read_before_an_attempt_does_not_take_it_back),
		cmocka_unit_test(a_filter_is_evaluated_at_the_relay),
		cmocka_unit_test(a_wrong_filter_is_told_and_can_be_mended),
		cmocka_unit_test(escape_lets_go_one_thing_after_the_other),
		cmocka_unit_test(rows_that_an_attempt_may_have_made_match_are_asked_for_again),
		cmocka_unit_test(a_range_selects_what_it_passes),
		cmocka_unit_test(a_click_moves_and_a_wheel_scrolls),
		cmocka_unit_test(going_to_an_event_far_away_shows_its_part_of_the_history),
		cmocka_unit_test(in_a_flood_the_newest_page_is_asked_for_now_and_then),
		cmocka_unit_test(a_flood_leaves_alone_what_one_looks_at),
		cmocka_unit_test(what_is_selected_survives_a_flood),
		cmocka_unit_test(escape_stops_a_long_search_and_keeps_what_it_found),
		cmocka_unit_test(escape_stops_a_search_from_its_first_moment_on),
		cmocka_unit_test(escape_clears_the_filter_while_rows_are_asked_for_again),
		cmocka_unit_test(moving_up_goes_on_with_a_search_that_was_stopped),
		cmocka_unit_test(escape_clears_a_filter_that_is_answered_at_once),
		cmocka_unit_test(a_page_that_fails_is_asked_for_again_with_the_next_link),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
