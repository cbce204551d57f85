/* What a client makes of deliveries that failed, with a relay over real sockets: what it puts there, hears of, and leaves alone. */
#include <stdio.h>
#include <time.h>

#include "common/moment.h"
#include "common/signature/provider.h"
#include "tests/unit/unit.h"
#include "tests/unit/watcher.h"
#include "tui/retrier.h"

#define APP "http://localhost:3000/hooks"

/* A retrier, and what it told. */
struct trying {
	struct stream_bed *bed;
	struct watcher watcher;
	struct retrier *retrier;
	int64_t told, over, known, attempts, troubles, tries, due_ns;
	char reason[200], owner[64], target[128];
};

static void on_changed(void *data, const struct retry *retry, struct span over) {
	struct trying *trying = data;
	trying->told++;
	trying->over += over.data != NULL;
	trying->tries = retry->tries;
	trying->due_ns = retry->due_ns;
	watcher_keep(trying->reason, sizeof trying->reason, over.data ? over : retry->reason);
	watcher_keep(trying->owner, sizeof trying->owner, retry->owner);
	watcher_keep(trying->target, sizeof trying->target, retry->target);
}

static void on_attempted(void *data, const struct attempt *attempt, const struct error *err) {
	struct trying *trying = data;
	(void)attempt;
	(void)err;
	trying->attempts++;
}

static void on_known(void *data, size_t count) {
	struct trying *trying = data;
	trying->known += (int64_t)count + 1;
}

static void on_trouble(void *data, const struct error *err) {
	struct trying *trying = data;
	(void)err;
	trying->troubles++;
}

static void begin(struct trying *trying, struct stream_bed *bed, const char *text) {
	static const struct retrier_events events = {on_changed, on_attempted, on_known, on_trouble};
	const struct deliver_options options = {
		.who = "alice@laptop", .concurrency = 4, .total_ms = 30000};
	struct schedule_policy policy;
	*trying = (struct trying){.bed = bed};
	if (!bed->stream) {
		stream_bed_start(bed, NULL);
		stream_bed_events(bed, bed->shop, 1, span_text("x"));
	}
	watcher_connect(bed, &trying->watcher);
	trying->retrier = retrier_new(
		&bed->store.loop, trying->watcher.client, &options, catalogue_new(), &events, trying);
	assert_true(schedule_policy_parse(&policy, span_text(text), NULL));
	retrier_use(trying->retrier, NULL, &policy);
	stream_bed_until(bed, &trying->known, 1);
}

static void end(struct trying *trying) {
	retrier_free(trying->retrier);
	client_free(trying->watcher.client);
}

/* The first attempt of a forward, which was answered so. */
static bool tried(struct trying *trying, int64_t status, int64_t ago_s, struct uuid *event) {
	const struct store_query query = {.endpoint = trying->bed->shop, .events = true};
	struct store_bed_hits hits = store_bed_read(&trying->bed->store, &query);
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	struct delivery delivery = {.attempt = {.id = {{1, 2, 3}},
									.event = hits.all[0].event->id,
									.endpoint = span_text("shop"),
									.event_seq = 1,
									.target = span_text(APP),
									.status = status,
									.started_at_ns = (now.tv_sec - ago_s) * MOMENT_NS_PER_S}};
	*event = hits.all[0].event->id;
	bool again = retrier_tried(trying->retrier, &(struct forward_tried){.delivery = &delivery});
	store_bed_free(&hits);
	return again;
}

static void a_failure_is_put_at_the_relay_with_its_owner(void **state) {
	struct trying trying;
	struct uuid event;
	begin(&trying, *state, "1h,2h");
	assert_int_equal(trying.known, 1); /* nothing was due before */
	assert_true(tried(&trying, 503, 0, &event));
	stream_bed_until(*state, &trying.told, 1);
	assert_int_equal(trying.tries, 1);
	assert_string_equal(trying.owner, "alice@laptop");
	assert_string_equal(trying.target, APP);
	assert_string_equal(trying.reason, "503; attempt 2 of 3 follows");
	assert_int_equal(trying.troubles, 0);
	end(&trying);
}

static void what_was_delivered_or_is_final_is_left_alone(void **state) {
	struct trying trying;
	struct uuid event;
	begin(&trying, *state, "1h stop=410");
	assert_false(tried(&trying, 200, 0, &event));
	assert_false(tried(&trying, 404, 0, &event));
	assert_false(tried(&trying, 410, 0, &event));
	stream_bed_turn(*state, 50);
	assert_int_equal(trying.told, 0);
	end(&trying);
}

static void what_is_due_is_known_to_the_next_one(void **state) {
	struct trying trying;
	struct uuid event;
	struct target target = {0}, same = {0}, other = {0};
	begin(&trying, *state, "1h");
	assert_true(tried(&trying, 500, 0, &event));
	stream_bed_until(*state, &trying.told, 1);
	end(&trying);
	begin(&trying, *state, "1h");
	assert_int_equal(trying.known, 2);
	assert_int_equal(trying.told, 1);
	target_parse(&target, APP, false, NULL);
	target_parse(&same, "127.0.0.1:3000/hooks", false, NULL);
	target_parse(&other, "localhost:3001/hooks", false, NULL);
	assert_true(retrier_tries_again(trying.retrier, &event, &target));
	assert_true(retrier_tries_again(trying.retrier, &event, &same));
	assert_false(retrier_tries_again(trying.retrier, &event, &other));
	target_clear(&target);
	target_clear(&same);
	target_clear(&other);
	end(&trying);
}

static void without_a_forward_nothing_is_attempted(void **state) {
	struct trying trying;
	struct uuid event;
	begin(&trying, *state, "1s");
	assert_true(tried(&trying, 500, 10, &event)); /* due since 9 seconds */
	stream_bed_until(*state, &trying.told, 1);
	retrier_look(trying.retrier);
	stream_bed_turn(*state, 50);
	assert_int_equal(trying.attempts, 0);
	assert_int_equal(trying.told, 1);
	end(&trying);
}

static void what_is_cancelled_is_over_for_all(void **state) {
	struct trying trying;
	struct uuid event;
	char id[UUID_TEXT_LEN + 1], ask[256];
	struct target target = {0};
	begin(&trying, *state, "1h");
	assert_true(tried(&trying, 500, 0, &event));
	stream_bed_until(*state, &trying.told, 1);
	uuid_format(&event, id);
	snprintf(ask, sizeof ask,
		"{\"type\":\"retry.remove\",\"event\":\"%s\",\"target\":\"" APP
		"\",\"reason\":\"cancelled by bob\"}",
		id);
	watcher_ask(*state, &trying.watcher, ask);
	stream_bed_until(*state, &trying.over, 1);
	assert_string_equal(trying.reason, "cancelled by bob");
	target_parse(&target, APP, false, NULL);
	assert_false(retrier_tries_again(trying.retrier, &event, &target));
	target_clear(&target);
	end(&trying);
}

static void the_policy_says_how_long_the_app_may_take(void **state) {
	struct trying trying;
	const struct event event = {.provider = span_text("slack")}, unknown = {{{0}}};
	begin(&trying, *state, "provider else 1s timeout=7s");
	assert_int_equal(retrier_total_ms(trying.retrier, NULL, &unknown), 7000);
	end(&trying);
	begin(&trying, *state, "provider");
	assert_int_equal(retrier_total_ms(trying.retrier, NULL, &event), 3000);
	assert_int_equal(retrier_total_ms(trying.retrier, NULL, &unknown), 0);
	end(&trying);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		CASE(a_failure_is_put_at_the_relay_with_its_owner),
		CASE(what_was_delivered_or_is_final_is_left_alone),
		CASE(what_is_due_is_known_to_the_next_one),
		CASE(without_a_forward_nothing_is_attempted),
		CASE(what_is_cancelled_is_over_for_all),
		CASE(the_policy_says_how_long_the_app_may_take),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
