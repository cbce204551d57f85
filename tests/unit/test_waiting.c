/* Who waits for an answer of the app, and what ends it. */
#include "relay/waiting.h"
#include "tests/unit/unit.h"

struct ended {
	int count;
	enum waited how;
	int64_t status;
};

static uv_loop_t loop;
static struct waiting *waiting;
static bool somebody_forwards;

static bool forwarded(void *data, const struct entry *entry) {
	(void)data;
	return somebody_forwards && span_is(entry->event->endpoint, "shop");
}

static int make(void **state) {
	(void)state;
	uv_loop_init(&loop);
	waiting = waiting_new(&loop, &(struct waiting_limits){.count = 3, .bytes = 1000});
	somebody_forwards = true;
	waiting_ask(waiting, forwarded, NULL);
	uv_run(&loop, UV_RUN_NOWAIT);
	return 0;
}

static int take_away(void **state) {
	(void)state;
	waiting_stop(waiting);
	waiting_free(waiting);
	uv_run(&loop, UV_RUN_DEFAULT);
	return uv_loop_close(&loop);
}

static void on_end(void *data, enum waited how, const struct attempt *attempt, struct span head,
	struct span body) {
	struct ended *ended = data;
	(void)head;
	(void)body;
	ended->count++;
	ended->how = how;
	ended->status = attempt ? attempt->status : 0;
}

static struct uuid event_of(uint8_t number) {
	return (struct uuid){{[0] = 1, [15] = number}};
}

/* Begins with a place that was taken before. */
static void begin_at(
	struct waiter *waiter, uint8_t number, bool for_app, int64_t most_ms, struct ended *ended) {
	static struct event events[8];
	static struct entry entries[8];
	events[number] = (struct event){.id = event_of(number), .endpoint = span_text("shop")};
	entries[number] = (struct entry){.event = &events[number]};
	*ended = (struct ended){0};
	waiter_begin(waiter, &entries[number], for_app, most_ms, on_end, ended);
}

static void begin(uint8_t number, bool for_app, int64_t most_ms, struct ended *ended) {
	begin_at(waiting_take_place(waiting, 10), number, for_app, most_ms, ended);
}

static bool reply(uint8_t number, enum cause cause) {
	const struct attempt attempt = {.event = event_of(number), .cause = cause, .status = 201};
	return waiting_reply(waiting, &attempt, (struct span){0}, (struct span){0});
}

static void the_first_answer_ends_it(void **state) {
	(void)state;
	static struct ended one, other;
	begin(1, true, 60000, &one);
	begin(2, true, 60000, &other);
	assert_false(reply(3, CAUSE_FORWARD));
	assert_true(reply(1, CAUSE_FORWARD));
	assert_false(reply(1, CAUSE_FORWARD));
	assert_int_equal(one.count, 1);
	assert_int_equal(one.how, WAITED_REPLY);
	assert_int_equal(one.status, 201);
	assert_int_equal(other.count, 0);
	assert_true(reply(2, CAUSE_RETRY));
	assert_int_equal(other.count, 1);
}

static void what_a_person_sends_is_nobodys_answer(void **state) {
	(void)state;
	static struct ended ended;
	begin(1, true, 60000, &ended);
	assert_false(reply(1, CAUSE_REPLAY));
	assert_false(reply(1, CAUSE_EDIT));
	assert_false(reply(1, CAUSE_TEST));
	assert_int_equal(ended.count, 0);
}

static void time_ends_it(void **state) {
	(void)state;
	static struct ended ended;
	begin(1, true, 1, &ended);
	while (ended.count == 0) {
		uv_run(&loop, UV_RUN_ONCE);
	}
	assert_int_equal(ended.how, WAITED_TIME);
	assert_false(reply(1, CAUSE_FORWARD));
}

static void nobody_left_to_forward_ends_it(void **state) {
	(void)state;
	static struct ended app, delay, none;
	begin(1, true, 60000, &app);
	begin(2, false, 60000, &delay);
	waiting_look(waiting);
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(app.count, 0);
	somebody_forwards = false;
	waiting_look(waiting);
	uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(app.count, 1);
	assert_int_equal(app.how, WAITED_NOBODY);
	assert_int_equal(delay.count, 0);
	begin(3, true, 60000, &none); /* left while the event was being stored */
	assert_int_equal(none.how, WAITED_NOBODY);
}

static void an_answer_is_not_for_who_waits_for_the_time(void **state) {
	(void)state;
	static struct ended ended;
	begin(1, false, 60000, &ended);
	assert_false(reply(1, CAUSE_FORWARD));
	assert_int_equal(ended.count, 0);
}

static void there_is_room_for_so_many_and_so_much(void **state) {
	(void)state;
	struct waiter *waiters[3];
	assert_false(waiting_has_room(waiting, 1001));
	for (int i = 0; i < 3; i++) {
		assert_true(waiting_has_room(waiting, 300));
		waiters[i] = waiting_take_place(waiting, 300);
	}
	assert_false(waiting_has_room(waiting, 1));
	waiter_leave(waiters[0]);
	assert_true(waiting_has_room(waiting, 400));
	assert_false(waiting_has_room(waiting, 401));
	assert_int_equal(waiting_counts(waiting).now, 2);
	assert_int_equal(waiting_counts(waiting).bytes, 600);
	waiter_leave(waiters[1]);
	waiter_leave(waiters[2]);
	waiter_leave(NULL);
}

static void the_end_of_the_relay_ends_it(void **state) {
	(void)state;
	static struct ended app, delay, late;
	begin(1, true, 60000, &app);
	begin(2, false, 60000, &delay);
	struct waiter *waiter = waiting_take_place(waiting, 1);
	waiting_stop(waiting);
	assert_int_equal(app.how, WAITED_STOPPED);
	assert_int_equal(delay.how, WAITED_STOPPED);
	assert_false(waiting_has_room(waiting, 1));
	begin_at(waiter, 3, true, 60000, &late);
	assert_int_equal(late.count, 1);
	assert_int_equal(late.how, WAITED_STOPPED);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make, take_away)

int main(void) {
	const struct CMUnitTest tests[] = {
		CASE(the_first_answer_ends_it),
		CASE(what_a_person_sends_is_nobodys_answer),
		CASE(time_ends_it),
		CASE(nobody_left_to_forward_ends_it),
		CASE(an_answer_is_not_for_who_waits_for_the_time),
		CASE(there_is_room_for_so_many_and_so_much),
		CASE(the_end_of_the_relay_ends_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
