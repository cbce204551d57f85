/* The list in other orders than that of time, and repeated deliveries folded into the newest. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

/* "5 3 4": the seqs as they are shown. */
static const char *shown(const struct model *model) {
	static char text[256];
	struct list_order order;
	size_t len = 0;
	text[0] = '\0';
	list_order_make(&order, &model->window, &model->look, model->cursor);
	for (size_t i = 0; i < order.count && len < sizeof text - 8; i++) {
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%lld", i > 0 ? " " : "",
			(long long)model->window.rows[order.rows[i]].event->seq);
	}
	return text;
}

static void live(struct model *model, int64_t seq, const char *id, int64_t repeat, int64_t status) {
	struct event event = *bed_event(seq);
	event.provider_id = span_text(id);
	event.repeat = repeat;
	event.last_status = status;
	update(model, &(struct msg){.type = MSG_EVENT, .event = &event});
}

/* 1 a, 2 b, 3 a again, 4 a again, 5 c */
static void begin_repeats(struct model *model, int64_t status_of_3) {
	bed_begin(model, 0, false);
	live(model, 1, "a", 1, 200);
	live(model, 2, "b", 1, 200);
	live(model, 3, "a", 2, status_of_3);
	live(model, 4, "a", 3, 200);
	live(model, 5, "c", 1, 200);
}

static void repeats_are_folded_into_the_newest(void **state) {
	(void)state;
	struct model model;
	begin_repeats(&model, 200);
	assert_string_equal(shown(&model), "2 4 5");
	bed_key(&model, 'k');
	bed_key(&model, 'k');
	assert_int_equal(model_current(&model)->seq, 2);
	bed_key(&model, 'j');
	bed_key(&model, 'z');
	assert_string_equal(shown(&model), "1 2 3 4 5");
	bed_key(&model, 'z');
	assert_string_equal(shown(&model), "2 4 5");
	bed_key(&model, 'Z');
	assert_string_equal(shown(&model), "1 2 3 4 5");
	bed_key(&model, 'Z');
	assert_string_equal(shown(&model), "2 4 5");
	model_clear(&model);
}

static void a_failure_that_is_folded_away_is_told_by_the_row(void **state) {
	(void)state;
	struct model model;
	struct list_order order;
	begin_repeats(&model, 500);
	list_order_make(&order, &model.window, &model.look, model.cursor);
	assert_int_equal(order.folded[3], 2);
	assert_int_equal(order.failed[3], 1);
	model_clear(&model);
}

static void what_is_looked_at_selected_or_marked_is_never_folded_away(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 0, false);
	live(&model, 1, "a", 1, 200);
	bed_key(&model, ' ');
	live(&model, 2, "a", 2, 200);
	assert_string_equal(shown(&model), "1 2");
	bed_key(&model, KEY_ESCAPE);
	assert_string_equal(shown(&model), "2");
	bed_key(&model, 'f'); /* stay where it is */
	live(&model, 3, "a", 3, 200);
	assert_int_equal(model_current(&model)->seq, 2);
	assert_string_equal(shown(&model), "2 3");
	model_clear(&model);
}

static void another_endpoint_with_the_same_id_is_another_event(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 0, false);
	live(&model, 1, "a", 1, 200);
	struct event other = *bed_event(2);
	other.endpoint = span_text("shop");
	other.provider_id = span_text("a");
	other.repeat = 2;
	update(&model, &(struct msg){.type = MSG_EVENT, .event = &other});
	assert_string_equal(shown(&model), "1 2");
	model_clear(&model);
}

static void a_window_of_nothing_but_repeats_asks_for_more(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 0, false);
	for (int64_t i = 1001; i <= 1300; i++) {
		live(&model, i, "a", i - 1000, 500);
	}
	assert_string_equal(shown(&model), "1300");
	model.window.older = true;
	bed_has_effect(&model, EFFECT_QUIT);
	bed_key(&model, 'k');
	assert_true(bed_has_effect(&model, EFFECT_PAGE));
	model_clear(&model);
}

static void a_flood_of_repeats_is_one_row(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 0, false);
	for (int64_t i = 1; i <= 3 * WINDOW_ROWS_MAX; i++) {
		live(&model, i, "a", i, 200);
	}
	assert_int_equal(model.window.count, WINDOW_ROWS_MAX);
	assert_string_equal(shown(&model), "3072");
	assert_int_equal(model_current(&model)->seq, 3 * WINDOW_ROWS_MAX);
	model_clear(&model);
}

static void newest_first_is_the_same_history_the_other_way_round(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 4, false);
	bed_type(&model, "On");
	assert_string_equal(shown(&model), "4 3 2 1");
	assert_false(bed_has_effect(&model, EFFECT_PAGE));
	bed_live_event(&model, 5);
	assert_int_equal(model_current(&model)->seq, 5);
	bed_key(&model, 'j');
	assert_int_equal(model_current(&model)->seq, 4);
	assert_false(model.following);
	bed_key(&model, 'G');
	assert_int_equal(model_current(&model)->seq, 1);
	bed_key(&model, 'g');
	assert_int_equal(model_current(&model)->seq, 5);
	assert_true(model.following);
	bed_type(&model, "Oo");
	assert_string_equal(shown(&model), "1 2 3 4 5");
	model_clear(&model);
}

static void row(struct model *model, uint32_t page, int64_t seq, int64_t size) {
	struct event event = *bed_event(seq);
	event.body_len = size;
	update(model, &(struct msg){.type = MSG_PAGE_ROW, .page = page, .event = &event});
}

static void done(struct model *model, uint32_t page, int64_t count) {
	update(model, &(struct msg){.type = MSG_PAGE_DONE, .page = page, .number = count});
}

static void another_order_holds_over_the_newest_that_match(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 4, false);
	bed_type(&model, "Os");
	struct effect page = bed_effect(&model, EFFECT_PAGE);
	assert_true(page.flag);
	assert_int_equal(page.limit, LIST_SORT_SCAN);
	for (int64_t seq = 5000; seq > 1000; seq--) {
		row(&model, page.page, seq, seq % 1000);
	}
	done(&model, page.page, 4000);
	assert_int_equal(model.window.count, WINDOW_ROWS_MAX);
	assert_true(model.look.of_all);
	assert_int_equal(model.look.looked_at, 4000);
	assert_int_equal(model_current(&model)->seq, 4999); /* of 999 bytes, and the newest of those */
	bed_key(&model, 'j');
	assert_int_equal(model_current(&model)->seq, 3999);
	bed_key(&model, 'G');
	assert_int_equal(model_current(&model)->body_len, 744);
	assert_false(bed_has_effect(&model, EFFECT_PAGE)); /* it has no pages */
	bed_live_event(&model, 6000);
	assert_int_equal(model.unseen, 1);
	assert_int_equal(model.window.count, WINDOW_ROWS_MAX);
	bed_key(&model, 'f');
	struct effect again = bed_effect(&model, EFFECT_PAGE);
	assert_int_equal(again.limit, LIST_SORT_SCAN);
	effect_clear(&again);
	effect_clear(&page);
	model_clear(&model);
}

static void chosen_again_an_order_is_turned_round(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 4, false);
	for (int i = 0; i < 2; i++) {
		bed_type(&model, "Os");
		struct effect page = bed_effect(&model, EFFECT_PAGE);
		row(&model, page.page, 3, 30);
		row(&model, page.page, 2, 10);
		row(&model, page.page, 1, 20);
		done(&model, page.page, 3);
		effect_clear(&page);
		assert_string_equal(shown(&model), i == 0 ? "3 1 2" : "2 1 3");
	}
	bed_type(&model, ":sort oldest");
	bed_key(&model, KEY_ENTER_KEY);
	bed_page(&model, 1, 4);
	assert_string_equal(shown(&model), "1 2 3 4");
	assert_true(model.following);
	model_clear(&model);
}

static void every_column_has_its_order(void **state) {
	(void)state;
	struct event a = *bed_event(1), b;
	struct list_look look = {0};
	a.provider = a.type = span_text("a");
	b = a;
	b.position = 2;
	b.provider = b.type = span_text("b");
	b.body_len = a.body_len + 1;
	b.verdict = VERDICT_INVALID;
	a.verdict = VERDICT_VALID;
	b.attempts = 3;
	b.last_status = -1;
	a.last_status = 503;
	for (int sort = LIST_SORT_AGE; sort < LIST_SORT_COUNT; sort++) {
		bool by_name = sort == LIST_SORT_PROVIDER || sort == LIST_SORT_TYPE;
		look.sort = (enum list_sort)sort;
		look.reversed = false;
		int order = list_order_compare(&look, &a, &b);
		assert_int_equal(order < 0, by_name || sort == LIST_SORT_AGE);
		look.reversed = true;
		assert_int_equal(list_order_compare(&look, &a, &b) < 0, order > 0);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeats_are_folded_into_the_newest),
		cmocka_unit_test(a_failure_that_is_folded_away_is_told_by_the_row),
		cmocka_unit_test(what_is_looked_at_selected_or_marked_is_never_folded_away),
		cmocka_unit_test(another_endpoint_with_the_same_id_is_another_event),
		cmocka_unit_test(a_window_of_nothing_but_repeats_asks_for_more),
		cmocka_unit_test(a_flood_of_repeats_is_one_row),
		cmocka_unit_test(newest_first_is_the_same_history_the_other_way_round),
		cmocka_unit_test(another_order_holds_over_the_newest_that_match),
		cmocka_unit_test(chosen_again_an_order_is_turned_round),
		cmocka_unit_test(every_column_has_its_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
