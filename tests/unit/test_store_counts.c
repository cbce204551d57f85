/* What relay/store/store.h promises of counts, for every kind of store: they are kept up with what is stored, and found again at the next start. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/moment.h"
#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

/* The moment store_bed gives to events and attempts, and a second later. */
#define NOW INT64_C(1700000001123456789)

static struct store_bed bed;
static int64_t now_ns = NOW;

static struct counts count(void) {
	struct counts counts = {.span = COUNTS_HOUR};
	store_count(bed.store, now_ns, &counts);
	return counts;
}

static void on_timer(uv_timer_t *timer) {
	*(bool *)timer->data = true;
}

static void turn_a_while(void) {
	uv_timer_t timer;
	bool over = false;
	uv_timer_init(&bed.loop, &timer);
	timer.data = &over;
	/* or it may be over before the turn, which then waits for ever */
	uv_update_time(&bed.loop);
	uv_timer_start(&timer, on_timer, 10, 0);
	store_bed_wait(&bed, &over);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&bed.loop, UV_RUN_NOWAIT);
}

/* "3 events, 1 failed, 0 rejected: none 1 2xx 1 5xx 1; answers 3" */
static const char *told(void) {
	static char text[256];
	struct counts counts = count();
	int64_t answers = 0;
	int used = snprintf(text, sizeof text,
		"%lld events, %lld failed, %lld rejected:", (long long)counts.total.events,
		(long long)counts.total.failed, (long long)counts.total.rejected);
	for (int i = 0; i < COUNTS_STATUSES; i++) {
		if (counts.statuses[i] > 0) {
			used += snprintf(text + used, sizeof text - (size_t)used, " %s %lld",
				counts_status_name((enum counts_status)i), (long long)counts.statuses[i]);
		}
	}
	for (int i = 0; i < COUNTS_LATENCIES; i++) {
		answers += counts.latency[i];
	}
	snprintf(text + used, sizeof text - (size_t)used, "; answers %lld%s", (long long)answers,
		counts.complete_from_ns <= counts.from_ns ? "" : "; counting");
	counts_clear(&counts);
	return text;
}

/* The counts follow within a moment. */
static void assert_told(const char *text) {
	for (int i = 0; i < 1000 && strcmp(told(), text) != 0; i++) {
		turn_a_while();
	}
	assert_string_equal(told(), text);
}

static void two_events_and_three_attempts(int64_t shop) {
	struct store_bed_entry first, second, attempt;
	store_bed_event(&first, shop, "{}");
	first.event.provider = span_text("stripe");
	store_bed_append(&bed, &first);
	store_bed_event(&second, shop, "{}");
	second.event.verdict = VERDICT_INVALID;
	store_bed_append(&bed, &second);
	int64_t statuses[] = {500, 0, 200};
	for (size_t i = 0; i < 3; i++) {
		store_bed_attempt(&attempt, &first, statuses[i]);
		store_bed_append(&bed, &attempt);
	}
}

static void counts_follow_what_is_stored(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	assert_string_equal(told(), "0 events, 0 failed, 0 rejected:; answers 0");
	struct store_bed_entry event, attempt;
	store_bed_event(&event, shop, "{}");
	store_bed_append(&bed, &event);
	assert_told("1 events, 0 failed, 0 rejected: none 1; answers 0");
	store_bed_attempt(&attempt, &event, 503);
	store_bed_append(&bed, &attempt);
	assert_told("1 events, 1 failed, 0 rejected: 5xx 1; answers 1");
	store_bed_attempt(&attempt, &event, 0);
	store_bed_append(&bed, &attempt);
	assert_told("1 events, 1 failed, 0 rejected: failed 1; answers 1");
	store_bed_attempt(&attempt, &event, 204);
	store_bed_append(&bed, &attempt);
	assert_told("1 events, 0 failed, 0 rejected: 2xx 1; answers 2");
	struct counts counts = count();
	assert_int_equal(counts.row_count[COUNTS_ENDPOINT], 1);
	assert_true(span_is(counts.rows[COUNTS_ENDPOINT][0].name, "shop"));
	counts_clear(&counts);
}

static void another_verdict_and_an_endpoint_that_goes_are_counted_anew(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop"), blog = store_bed_endpoint(&bed, "blog");
	struct store_bed_entry event, other;
	store_bed_event(&event, shop, "{}");
	store_bed_append(&bed, &event);
	store_bed_event(&other, blog, "{}");
	store_bed_append(&bed, &other);
	assert_told("2 events, 0 failed, 0 rejected: none 2; answers 0");
	struct verdict_change change = {
		.event = event.event.id, .judgement = {.verdict = VERDICT_EXPIRED}};
	struct store_bed_done done = {0};
	store_set_verdicts(bed.store, &change, 1, store_bed_on_done, &done);
	store_bed_wait(&bed, &done.done);
	assert_told("2 events, 0 failed, 1 rejected: none 2; answers 0");
	done = (struct store_bed_done){0};
	store_remove_endpoint(bed.store, shop, store_bed_on_done, &done);
	store_bed_wait(&bed, &done.done);
	assert_told("1 events, 0 failed, 0 rejected: none 1; answers 0");
}

static void a_store_that_is_opened_again_counts_what_it_has(void **state) {
	(void)state;
	store_bed_make(&bed, false);
	store_bed_open(&bed, NULL);
	two_events_and_three_attempts(store_bed_endpoint(&bed, "shop"));
	assert_told("2 events, 0 failed, 1 rejected: none 1 2xx 1; answers 2");
	store_bed_close(&bed);
	store_bed_open(&bed, NULL);
	assert_told("2 events, 0 failed, 1 rejected: none 1 2xx 1; answers 2");
	two_events_and_three_attempts(store_bed_endpoint(&bed, "shop"));
	assert_told("4 events, 0 failed, 2 rejected: none 2 2xx 2; answers 4");
	store_bed_close(&bed);
	store_bed_remove(&bed);
}

/* What comes while the past is still being counted is neither missed nor counted twice. */
static void attempts_made_while_the_past_is_counted_are_counted_once(void **state) {
	(void)state;
	store_bed_make(&bed, false);
	store_bed_open(&bed, NULL);
	int64_t shop = store_bed_endpoint(&bed, "shop");
	static struct store_bed_entry events[2000];
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now); /* what is older than a week is not looked for */
	now_ns = now.tv_sec * MOMENT_NS_PER_S;
	for (size_t i = 0; i < 2000; i++) {
		store_bed_event(&events[i], shop, "{}");
		events[i].event.received_at_ns = now_ns;
		store_bed_queue(&bed, &events[i]);
	}
	store_bed_wait(&bed, &events[1999].done);
	store_bed_close(&bed);
	store_bed_open(&bed, NULL);
	struct store_bed_entry attempts[3];
	for (size_t i = 0; i < 3; i++) {
		store_bed_attempt(&attempts[i], &events[i * 900], i == 2 ? 200 : 500);
		attempts[i].attempt.started_at_ns = now_ns;
		store_bed_queue(&bed, &attempts[i]);
	}
	store_bed_wait(&bed, &attempts[2].done);
	assert_told("2000 events, 2 failed, 0 rejected: none 1997 2xx 1 5xx 2; answers 3");
	store_bed_close(&bed);
	store_bed_remove(&bed);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		STORE_BED_CASES(&bed, counts_follow_what_is_stored),
		STORE_BED_CASES(&bed, another_verdict_and_an_endpoint_that_goes_are_counted_anew),
		cmocka_unit_test(a_store_that_is_opened_again_counts_what_it_has),
		cmocka_unit_test(attempts_made_while_the_past_is_counted_are_counted_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
