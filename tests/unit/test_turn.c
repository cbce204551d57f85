/* What comes up in a turn of the loop is done once, before the loop waits. */
#include <stdbool.h>

#include "common/loop/turn.h"
#include "tests/unit/unit.h"

struct bed {
	uv_loop_t loop;
	uv_timer_t timer;
	struct turn *turn;
	int begun, ended;
	bool again;
};

static void on_end(void *data) {
	struct bed *bed = data;
	bed->ended++;
	if (bed->again) {
		bed->again = false;
		turn_want(bed->turn);
	}
}

static void on_timer(uv_timer_t *timer) {
	struct bed *bed = timer->data;
	assert_int_equal(bed->ended, bed->begun);
	bed->begun++;
	turn_want(bed->turn);
	turn_want(bed->turn);
	if (bed->begun == 3) {
		uv_close((uv_handle_t *)timer, NULL);
	}
}

static void make(struct bed *bed) {
	uv_loop_init(&bed->loop);
	bed->turn = turn_new(&bed->loop, on_end, bed);
}

static void remove_bed(struct bed *bed) {
	turn_free(bed->turn);
	uv_run(&bed->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bed->loop), 0);
}

static void wanted_twice_it_comes_once_each_turn(void **state) {
	(void)state;
	struct bed bed = {0};
	make(&bed);
	uv_timer_init(&bed.loop, &bed.timer);
	bed.timer.data = &bed;
	uv_timer_start(&bed.timer, on_timer, 1, 1);
	uv_run(&bed.loop, UV_RUN_DEFAULT);
	assert_int_equal(bed.begun, 3);
	assert_int_equal(bed.ended, 3);
	remove_bed(&bed);
}

static void wanted_at_its_end_it_comes_in_the_next_turn(void **state) {
	(void)state;
	struct bed bed = {.again = true};
	make(&bed);
	turn_want(bed.turn);
	uv_run(&bed.loop, UV_RUN_NOWAIT);
	assert_int_equal(bed.ended, 1);
	uv_run(&bed.loop, UV_RUN_NOWAIT);
	assert_int_equal(bed.ended, 2);
	uv_run(&bed.loop, UV_RUN_NOWAIT);
	assert_int_equal(bed.ended, 2);
	remove_bed(&bed);
}

static void what_is_freed_does_not_come_any_more(void **state) {
	(void)state;
	struct bed bed = {0};
	make(&bed);
	turn_want(bed.turn);
	remove_bed(&bed);
	assert_int_equal(bed.ended, 0);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wanted_twice_it_comes_once_each_turn),
		cmocka_unit_test(wanted_at_its_end_it_comes_in_the_next_turn),
		cmocka_unit_test(what_is_freed_does_not_come_any_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
