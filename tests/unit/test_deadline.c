/* No sender can stay by dripping. */
#include "relay/ingest/deadline.h"
#include "tests/unit/unit.h"

static const struct deadlines deadlines = {
	.idle_ms = 75000,
	.head_ms = 10000,
	.body_ms = 60000,
	.body_rate = 1024,
	.answer_ms = 30000,
	.linger_ms = 1000,
};

static void each_phase_ends_at_its_own_deadline(void **state) {
	(void)state;
	const struct {
		enum phase phase;
		int64_t ms;
	} cases[] = {
		{PHASE_IDLE, 75000},
		{PHASE_HEAD, 10000},
		{PHASE_ANSWER, 30000},
		{PHASE_LINGER, 1000},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_false(deadline_passed(&deadlines, cases[i].phase, cases[i].ms - 1, 0));
		assert_true(deadline_passed(&deadlines, cases[i].phase, cases[i].ms, 0));
	}
}

static void bytes_do_not_move_the_deadline_of_a_head(void **state) {
	(void)state;
	assert_true(deadline_passed(&deadlines, PHASE_HEAD, 10000, 60000));
}

static void a_body_at_one_byte_a_second_is_cut(void **state) {
	(void)state;
	assert_false(deadline_passed(&deadlines, PHASE_BODY, 9999, 9));
	assert_true(deadline_passed(&deadlines, PHASE_BODY, 10000, 10));
}

static void a_body_that_keeps_the_least_rate_may_go_on(void **state) {
	(void)state;
	assert_false(deadline_passed(&deadlines, PHASE_BODY, 30000, 30 * 1024));
	assert_true(deadline_passed(&deadlines, PHASE_BODY, 30000, 30 * 1024 - 1));
}

static void no_body_takes_longer_than_the_whole_time(void **state) {
	(void)state;
	assert_true(deadline_passed(&deadlines, PHASE_BODY, 60000, INT64_C(1) << 40));
}

static void a_request_that_waits_for_its_commit_is_never_ended(void **state) {
	(void)state;
	assert_false(deadline_passed(&deadlines, PHASE_BUSY, INT64_C(1) << 40, 0));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_phase_ends_at_its_own_deadline),
		cmocka_unit_test(bytes_do_not_move_the_deadline_of_a_head),
		cmocka_unit_test(a_body_at_one_byte_a_second_is_cut),
		cmocka_unit_test(a_body_that_keeps_the_least_rate_may_go_on),
		cmocka_unit_test(no_body_takes_longer_than_the_whole_time),
		cmocka_unit_test(a_request_that_waits_for_its_commit_is_never_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
