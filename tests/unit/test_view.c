/* The screen as people see it, in every size: each test is a saved screen, or several. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"
#include "tui/screen/layout.h"
#include "tui/screen/update.h"
#include "tui/screen/view.h"

/* --- without events --- */

static void nothing(struct model *model) {
	(void)model;
}

static void an_empty_screen_says_how_to_begin(void **state) {
	(void)state;
	view_bed_screens("empty", nothing);
}

static void elsewhere(struct model *model) {
	model->link.own = false;
	view_bed_text(
		model->link.relay_url, sizeof model->link.relay_url, "wss://relay.example.com:8081");
	view_bed_text(
		model->link.ingest_url, sizeof model->link.ingest_url, "https://hooks.example.com/");
}

static void an_empty_relay_elsewhere_says_where_it_is(void **state) {
	(void)state;
	view_bed_screens("empty_elsewhere", elsewhere);
}

static void filtered(struct model *model) {
	buffer_append_text(&model->filter, "provider:stripe verdict:invalid \"order 42\"");
}

static void an_empty_list_under_a_filter_says_so(void **state) {
	(void)state;
	view_bed_screens("empty_filtered", filtered);
}

static void searching(struct model *model) {
	filtered(model);
	model->page.number = 7;
	model->page.asked_at_ms = model->now_ms - 1000;
	model->page.looked_at = 412000;
	model->page.part = 412;
}

static void searching_with_hits(struct model *model) {
	view_bed_events(model);
	searching(model);
}

static void a_search_under_way_tells_how_far_it_is_and_how_to_stop_it(void **state) {
	(void)state;
	view_bed_screens("list_searching", searching_with_hits);
}

static void a_search_that_found_nothing_yet_says_that_it_searches(void **state) {
	(void)state;
	view_bed_screens("empty_searching", searching);
}

static void filters(struct model *model) {
	static const char *const typed[] = {
		"provider:stripe", "body~\"\\\"id\\\": 42\" -duplicate", "\u5b57 status:5xx"};
	struct saved_filters saved = {0};
	saved_filters_put(&saved, span_text("failing"), span_text("status:5xx,failed"));
	saved_filters_put(&saved, span_text("a-rather-long-name-of-32-letters"),
		span_text("provider:shopify type:orders/* verdict:invalid,expired endpoint:shop age:<24h "
				  "\x1b[31m"));
	update(model, &(struct msg){.type = MSG_SAVED_FILTERS, .filters = &saved});
	saved_filters_clear(&saved);
	for (size_t i = 0; i < 3; i++) {
		update(model,
			&(struct msg){
				.type = MSG_REMEMBERED, .number = PROMPT_FILTER, .text = span_text(typed[i])});
	}
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_FILTERS});
	update(model, &(struct msg){.type = MSG_KEY, .key = 'j'});
}

static void no_filters(struct model *model) {
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_FILTERS});
}

static void saved_filters_stand_above_those_that_were_typed(void **state) {
	(void)state;
	view_bed_screens("filters", filters);
	view_bed_screens("filters_none", no_filters);
}

/* --- the list --- */

static void the_list_tells_first_what_went_wrong(void **state) {
	(void)state;
	view_bed_screens("list", view_bed_events);
	view_bed_screen("list", view_bed_events, 60, 16, false);
	view_bed_screen("list", view_bed_events, 100, 24, false);
	view_bed_screen("list", view_bed_events, 160, 20, false);
}

static void ascii(struct model *model) {
	view_bed_events(model);
	model->ascii = true;
	model->window.rows[11].sending = 1;
	model->window.rows[10].selected = true;
	model->forward.state = FORWARD_ON;
	view_bed_text(model->forward.target, sizeof model->forward.target, "http://localhost:3000");
}

static void a_terminal_without_utf8_has_signs_of_its_own(void **state) {
	(void)state;
	view_bed_screens("list_ascii", ascii);
}

static void handshake(struct model *model) {
	struct event event = *model->window.rows[0].event;
	event.position = event.seq = 123456;
	event.provider = span_text("slack");
	event.type = span_text("url_verification");
	event.handshake = span_text("slack url_verification answered");
	event.repeat = 0;
	view_bed_add(model, &event);
}

static void with_handshake(struct model *model) {
	view_bed_events(model);
	handshake(model);
}

static void ascii_with_handshake(struct model *model) {
	ascii(model);
	handshake(model);
}

static void a_handshake_has_a_sign_of_its_own(void **state) {
	(void)state;
	view_bed_screen("list_handshake", with_handshake, 80, 24, false);
	view_bed_screen("list_handshake_ascii", ascii_with_handshake, 80, 24, false);
}

static void hostile_texts_are_seen_and_do_nothing(void **state) {
	(void)state;
	view_bed_screens("list_hostile", view_bed_hostile);
}

static void hostile_ascii(struct model *model) {
	view_bed_hostile(model);
	model->ascii = true;
}

static void hostile_texts_are_seen_in_ascii_too(void **state) {
	(void)state;
	view_bed_screen("list_hostile_ascii", hostile_ascii, 80, 24, false);
}

static void selected(struct model *model) {
	view_bed_events(model);
	for (size_t i = 3; i < 9; i++) {
		model->window.rows[i].selected = true;
	}
	model->cursor = 8;
	model->selected = 6;
	model->ranging = true;
	model->following = false;
	model->unseen = 14;
}

static void selected_rows_are_marked_and_counted(void **state) {
	(void)state;
	view_bed_screens("selection", selected);
}

static void replaying(struct model *model) {
	view_bed_events(model);
	model->window.rows[11].sending = 1;
	model->window.rows[9].sending = 1;
	model->window.rows[8].sending = 2;
	model->replays_under_way = 3;
	model->following = false;
}

static void a_replay_under_way_is_seen_on_its_row(void **state) {
	(void)state;
	view_bed_screens("replaying", replaying);
}

/* --- the event --- */

static void payload(struct model *model) {
	view_bed_events(model);
	view_bed_open(model, PANE_PAYLOAD);
}

static void an_open_event_stands_beside_or_below_the_list(void **state) {
	(void)state;
	view_bed_screens("payload", payload);
	view_bed_screens("headers", view_bed_headers);
	view_bed_screens("signature", view_bed_signature);
	view_bed_screens("attempts", view_bed_attempts);
}

static void list_focused(struct model *model) {
	payload(model);
	model->detail_focused = false;
}

static void the_pane_that_has_the_keys_stands_out(void **state) {
	(void)state;
	view_bed_screens("payload_list_focused", list_focused);
}

static void maximised(struct model *model) {
	payload(model);
	model->detail.maximised = true;
}

static void a_maximised_event_has_the_screen(void **state) {
	(void)state;
	view_bed_screens("payload_maximised", maximised);
	view_bed_screen("payload_maximised", maximised, 300, 100, false);
}

static void loading(struct model *model) {
	payload(model);
	model->detail.loading = true;
	model->detail.asked_at_ms = model->now_ms - 2000;
}

static void failed(struct model *model) {
	payload(model);
	view_bed_text(model->detail.error, sizeof model->detail.error,
		"stripe#1042 is not kept any more: the relay keeps events for 30 days");
}

static void an_event_that_does_not_come_says_so(void **state) {
	(void)state;
	view_bed_screens("detail_loading", loading);
	view_bed_screens("detail_failed", failed);
}

static void logged(struct model *model) {
	view_bed_events(model);
	command_log_add(model, "hookline show stripe#1042");
	model->now_ms += 61000;
	command_log_add(model,
		"hookline list 'provider:stripe verdict:invalid order 42' --relay wss://relay.example.com");
	command_log_add_delivery(model,
		"hookline replay slack#3 twilio#77 stripe#1039 stripe#1041 stripe#1042 "
		"--to http://localhost:3000/hooks/stripe --yes");
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_LOG});
}

static void log_empty(struct model *model) {
	view_bed_events(model);
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_LOG});
}

static void what_was_done_stands_there_as_commands(void **state) {
	(void)state;
	view_bed_screens("log", logged);
	view_bed_screens("log_empty", log_empty);
}

/* Every badge there is, alone and together, and what is marked, selected or both. */
static void badges(struct model *model) {
	const struct annotation marked = {.marked = true}, noted = {.note = span_text("x")};
	const struct annotation both = {
		.marked = true, .note = span_text("r\u00e9funded \033[31mtwice\u4e16\u754c")};
	const struct event events[] = {
		{.type = span_text("repeated"), .repeat = 3},
		{.type = span_text("often"), .repeat = 1000},
		{.type = span_text("late"), .late = true, .last_status = 200, .attempts = 1},
		{.type = span_text("replayed.by.hand"), .replayed = true, .attempts = 2},
		{.type = span_text("marked"), .annotation = marked},
		{.type = span_text("noted"), .annotation = noted},
		{.type = span_text("edited"), .origin = ORIGIN_EDITED},
		{.type = span_text("sent"), .origin = ORIGIN_SENT, .verdict = VERDICT_VALID},
		{.type = span_text("a.type.that.is.rather.long.and.has.all"),
			.repeat = 2,
			.handshake = span_text("slack answered"),
			.late = true,
			.replayed = true,
			.annotation = both},
	};
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		struct event event = events[i];
		event.received_at_ns = (VIEW_BED_NOW_MS - 5000) * 1000000;
		view_bed_add(model, &event);
	}
	model->window.rows[3].selected = model->window.rows[4].selected = true;
	model->selected = 2;
}

static void badges_in_ascii(struct model *model) {
	badges(model);
	model->ascii = true;
}

static void marked_open(struct model *model) {
	badges(model);
	model->window.rows[model->cursor].event->annotation.who = span_text("bob@desk");
	view_bed_open(model, PANE_SIGNATURE);
}

static void what_is_said_of_events_is_seen(void **state) {
	(void)state;
	view_bed_screens("badges", badges);
	view_bed_screen("badges_ascii", badges_in_ascii, 40, 10, true);
	view_bed_screen("badges_ascii", badges_in_ascii, 120, 40, false);
	view_bed_screens("marked_open", marked_open);
}

/* With hostile bytes in their midst, and repeats. */
static void timeline(struct model *model) {
	view_bed_events(model);
	view_bed_hostile(model);
	model->dialog.kind = DIALOG_TIMELINE;
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_TIMELINE});
	struct event first = *model->window.rows[0].event;
	first.keys = (struct span){"order\0"
							   "4\xe2\x80\xae"
							   "2\0"
							   "user\0"
							   "u\0",
		15};
	update(
		model, &(struct msg){.type = MSG_TIMELINE, .page = model->timeline.asked, .event = &first});
	update(model, &(struct msg){.type = MSG_TIMELINE_DONE, .page = model->timeline.asked});
	for (size_t row = model->window.count; row > 0; row--) {
		struct event event = *model->window.rows[row - 1].event;
		event.repeat = row % 5 == 0 ? 2 : 1;
		event.attempts = (int64_t)row % 3;
		event.last_status = row % 3 == 1 ? 200 : row % 3 ? 503 : 0;
		update(model,
			&(struct msg){.type = MSG_TIMELINE, .page = model->timeline.asked, .event = &event});
	}
	update(model, &(struct msg){.type = MSG_TIMELINE_DONE, .page = model->timeline.asked});
}

static void no_timeline(struct model *model) {
	view_bed_events(model);
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_TIMELINE});
	update(model, &(struct msg){.type = MSG_TIMELINE_DONE, .page = model->timeline.asked});
}

static void a_time_line_tells_gaps_repeats_and_outcomes(void **state) {
	(void)state;
	view_bed_screens("timeline", timeline);
	view_bed_screens("timeline_none", no_timeline);
}

/* Deliveries of one event, of which some went wrong, folded; and the same by size. */
static void folded(struct model *model) {
	for (int i = 0; i < 9; i++) {
		struct event event = {.type = span_text(i % 3 ? "order.paid" : "invoice.sent\033[2J"),
			.provider_id = span_text(i % 3    ? "evt_1"
									 : i == 3 ? "evt_2"
											  : "\u4e16\u754c"),
			.repeat = i + 1,
			.body_len = 100 * i,
			.last_status = i == 1 ? 503 : 200,
			.attempts = 1};
		event.received_at_ns = (VIEW_BED_NOW_MS - 5000) * 1000000;
		view_bed_add(model, &event);
	}
}

static void folded_in_ascii(struct model *model) {
	folded(model);
	model->ascii = true;
}

static void sorted(struct model *model) {
	folded(model);
	model->look = (struct list_look){
		.sort = LIST_SORT_SIZE, .looked_at = LIST_SORT_SCAN, .all_unfolded = true};
	model->following = false;
	model->unseen = 14;
}

static void sort_menu(struct model *model) {
	sorted(model);
	model->dialog.kind = DIALOG_SORT;
}

static void repeats_and_orders_say_what_they_leave_out(void **state) {
	(void)state;
	view_bed_screens("folded", folded);
	view_bed_screen("folded_ascii", folded_in_ascii, 40, 10, true);
	view_bed_screens("sorted", sorted);
	view_bed_screens("dialog_sort", sort_menu);
}

static void put_delivery(struct model *model, size_t row, int64_t status, const char *error) {
	struct attempt attempt = {.cause = status ? CAUSE_RETRY : CAUSE_FORWARD,
		.target = span_text("http://localhost:3000/hooks/stripe?from=hookline"),
		.status = status,
		.error = span_text(error),
		.number = (int64_t)row % 3 + 1,
		.took_us = 1234 * (int64_t)row,
		.who = span_text("alice@laptop")};
	struct event event = *model->window.rows[row].event;
	attempt.endpoint = event.endpoint;
	attempt.event_seq = event.seq;
	attempt.event = event.id;
	attempt.started_at_ns = event.received_at_ns;
	event.attempts = 3;
	update(model, &(struct msg){.type = MSG_DELIVERY,
					  .page = model->deliveries.asked,
					  .attempt = &attempt,
					  .event = &event});
}

static void deliveries(struct model *model) {
	view_bed_events(model);
	buffer_append_text(&model->deliveries.filter, "target:localhost:* -status:4xx");
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_DELIVERIES});
	for (size_t row = model->window.count; row > 0; row--) {
		bool failed = row % 4 == 0;
		put_delivery(model, row - 1,
			failed    ? 0
			: row % 3 ? 200
					  : 503,
			failed ? "connection refused: nothing listens on 127.0.0.1:3000" : "");
	}
	update(model,
		&(struct msg){.type = MSG_DELIVERIES_DONE, .page = model->deliveries.asked, .number = 12});
}

static void no_deliveries(struct model *model) {
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_DELIVERIES});
	update(model, &(struct msg){.type = MSG_DELIVERIES_DONE, .page = model->deliveries.asked});
}

static void deliveries_stand_in_a_table(void **state) {
	(void)state;
	view_bed_screens("deliveries", deliveries);
	view_bed_screens("deliveries_none", no_deliveries);
}

static void a_click_on_a_tab_opens_its_pane(void **state) {
	struct model model;
	(void)state;
	view_bed_begin(&model, 80, 24);
	view_bed_events(&model);
	view_bed_open(&model, PANE_PAYLOAD);
	struct area head = layout_of(&model).detail_head;
	struct msg click = {.type = MSG_MOUSE, .mouse = {MOUSE_CLICK, head.x + 24, head.y + 1}};
	update(&model, &click);
	assert_int_equal(model.detail.pane, PANE_HEADERS);
	click.mouse.y = head.y;
	click.mouse.x = head.x + 35;
	update(&model, &click);
	assert_int_equal(model.detail.pane, PANE_HEADERS);
	click.mouse = (struct mouse){MOUSE_CLICK, head.x + 3, head.y + 1};
	update(&model, &click);
	assert_false(model.detail_focused);
	model_clear(&model);
}

static void sizes_no_one_has_are_painted_without_harm(void **state) {
	static view_bed_setup_fn *const setups[] = {
		nothing, filtered, view_bed_events, view_bed_hostile, payload, logged, deliveries};
	(void)state;
	for (size_t i = 0; i < sizeof setups / sizeof *setups; i++) {
		for (size_t columns = 0; columns < 60; columns += 1 + columns / 12) {
			for (size_t rows = 0; rows < 24; rows += 1 + rows / 6) {
				for (unsigned dialog = DIALOG_NONE; dialog <= DIALOG_QUIT; dialog++) {
					view_bed_paint(setups[i], columns, rows, (enum dialog_kind)dialog);
				}
			}
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_screen_says_how_to_begin),
		cmocka_unit_test(an_empty_relay_elsewhere_says_where_it_is),
		cmocka_unit_test(an_empty_list_under_a_filter_says_so),
		cmocka_unit_test(saved_filters_stand_above_those_that_were_typed),
		cmocka_unit_test(a_search_under_way_tells_how_far_it_is_and_how_to_stop_it),
		cmocka_unit_test(a_search_that_found_nothing_yet_says_that_it_searches),
		cmocka_unit_test(the_list_tells_first_what_went_wrong),
		cmocka_unit_test(a_terminal_without_utf8_has_signs_of_its_own),
		cmocka_unit_test(a_handshake_has_a_sign_of_its_own),
		cmocka_unit_test(hostile_texts_are_seen_and_do_nothing),
		cmocka_unit_test(hostile_texts_are_seen_in_ascii_too),
		cmocka_unit_test(selected_rows_are_marked_and_counted),
		cmocka_unit_test(a_replay_under_way_is_seen_on_its_row),
		cmocka_unit_test(an_open_event_stands_beside_or_below_the_list),
		cmocka_unit_test(the_pane_that_has_the_keys_stands_out),
		cmocka_unit_test(a_maximised_event_has_the_screen),
		cmocka_unit_test(an_event_that_does_not_come_says_so),
		cmocka_unit_test(what_was_done_stands_there_as_commands),
		cmocka_unit_test(what_is_said_of_events_is_seen),
		cmocka_unit_test(repeats_and_orders_say_what_they_leave_out),
		cmocka_unit_test(deliveries_stand_in_a_table),
		cmocka_unit_test(a_time_line_tells_gaps_repeats_and_outcomes),
		cmocka_unit_test(a_click_on_a_tab_opens_its_pane),
		cmocka_unit_test(sizes_no_one_has_are_painted_without_harm),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
