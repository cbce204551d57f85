/* How an endpoint answers: what was set, what a script has left, a request and the moment in; what to do out. */
#include <cjson/cJSON.h>

#include "common/json.h"
#include "relay/ingest/policy.h"
#include "tests/unit/unit.h"

#define APP_MOST_MS 120000
#define NOW_MS INT64_C(1795233821000)

static const struct policy_change nothing = {.status = -1, .delay_ms = -1, .after_ms = -1};

/* `answer` as a client sends it. */
static struct policy policy_of(const char *answer) {
	struct policy policy = policy_default();
	struct policy_change change;
	struct buffer bytes = {0};
	struct error err = {0};
	struct cJSON *object = json_parse(span_text(answer), &err);
	assert_true(policy_change_from_json(&change, object, &bytes, &err));
	assert_true(policy_change(&policy, &change, NOW_MS, &err));
	buffer_clear(&bytes);
	cJSON_Delete(object);
	return policy;
}

static const struct policy_request usual = {.forwarded = true, .room = true};

struct decided {
	const char *what;
	const char *answer;
	struct policy_request request;
	enum policy_action action;
	enum answered_by by;
	int status;
	int64_t delay_ms;
	const char *why;
};

static void a_request_is_answered_in_the_order_of_the_rules(void **state) {
	(void)state;
	static const struct decided all[] = {
		{"nothing was set", "{}", {.forwarded = true, .room = true}, POLICY_ANSWER,
			ANSWERED_BY_FIXED, 200, 0, ""},
		{"a status was set", "{\"status\":202}", {.room = true}, POLICY_ANSWER, ANSWERED_BY_FIXED,
			202, 0, ""},
		{"a delay was set", "{\"delay_ms\":1500}", {.room = true}, POLICY_ANSWER, ANSWERED_BY_FIXED,
			200, 1500, ""},
		{"a delay without room", "{\"delay_ms\":1500}", {.room = false}, POLICY_ANSWER,
			ANSWERED_BY_FIXED, 200, 0, "not delayed: too many wait already"},
		{"a delay at the end", "{\"delay_ms\":1500}", {.room = true, .stopping = true},
			POLICY_ANSWER, ANSWERED_BY_FIXED, 200, 0, ""},
		{"the app answers", "{\"mode\":\"app\"}", {.forwarded = true, .room = true}, POLICY_WAIT,
			ANSWERED_BY_APP, 200, APP_MOST_MS, ""},
		{"the app has ten seconds", "{\"mode\":\"app\",\"after_ms\":10000}",
			{.forwarded = true, .room = true}, POLICY_WAIT, ANSWERED_BY_APP, 200, 10000, ""},
		{"the app has no more than the relay lets it", "{\"mode\":\"app\",\"after_ms\":600000}",
			{.forwarded = true, .room = true}, POLICY_WAIT, ANSWERED_BY_APP, 200, APP_MOST_MS, ""},
		{"nobody forwards", "{\"mode\":\"app\",\"status\":503}", {.room = true}, POLICY_ANSWER,
			ANSWERED_BY_FALLBACK, 503, 0,
			"no app is there: nobody forwards this event, or its app is away"},
		{"too many wait", "{\"mode\":\"app\"}", {.forwarded = true}, POLICY_ANSWER,
			ANSWERED_BY_FALLBACK, 200, 0, "too many wait for an app already"},
		{"the relay ends", "{\"mode\":\"app\"}",
			{.forwarded = true, .room = true, .stopping = true}, POLICY_ANSWER,
			ANSWERED_BY_FALLBACK, 200, 0, "the relay is stopping"},
		{"a strict endpoint comes before the script", "{\"script\":\"next 1: 500\"}",
			{.rejected = true, .room = true}, POLICY_ANSWER, ANSWERED_BY_REJECT, 401, 0, ""},
		{"a handshake comes before everything", "{\"mode\":\"app\",\"script\":\"next 1: 500\"}",
			{.handshake_status = 204, .rejected = true, .room = true}, POLICY_ANSWER,
			ANSWERED_BY_HANDSHAKE, 204, 0, ""},
		{"a script comes before the app", "{\"mode\":\"app\",\"script\":\"next 1: 500\"}",
			{.forwarded = true, .room = true}, POLICY_ANSWER, ANSWERED_BY_SCRIPT, 500, 0, ""},
		{"a script hangs up", "{\"script\":\"next 1: hang-up\"}", {.room = true}, POLICY_HANG_UP,
			ANSWERED_BY_SCRIPT, 0, 0, "hung up"},
		{"a script drips", "{\"script\":\"next 1: drip 20s 201\"}", {.room = true}, POLICY_DRIP,
			ANSWERED_BY_SCRIPT, 201, 20000, "drop by drop"},
		{"a script that drips at the end", "{\"script\":\"next 1: drip 20s\"}",
			{.room = true, .stopping = true}, POLICY_ANSWER, ANSWERED_BY_SCRIPT, 200, 0, ""},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const struct decided *wanted = &all[i];
		struct policy policy = policy_of(wanted->answer);
		struct script_state left = {.since_ms = policy.script_since_ms};
		struct policy_decision got =
			policy_decide(&policy, &left, &wanted->request, APP_MOST_MS, NOW_MS);
		if (got.action != wanted->action || got.by != wanted->by || got.status != wanted->status ||
			got.delay_ms != wanted->delay_ms) {
			fail_msg("%s: action %d by %d, %d after %lld ms", wanted->what, got.action, got.by,
				got.status, (long long)got.delay_ms);
		}
		assert_string_equal(got.why, wanted->why);
		policy_clear(&policy);
	}
}

static void what_is_rejected_is_not_counted_by_the_script(void **state) {
	(void)state;
	struct policy policy = policy_of("{\"script\":\"next 1: 500\"}");
	struct script_state left = {.since_ms = NOW_MS};
	const struct policy_request rejected = {.rejected = true, .room = true};
	assert_int_equal(policy_decide(&policy, &left, &rejected, APP_MOST_MS, NOW_MS).status, 401);
	assert_int_equal(policy_decide(&policy, &left, &usual, APP_MOST_MS, NOW_MS).status, 500);
	assert_int_equal(policy_decide(&policy, &left, &usual, APP_MOST_MS, NOW_MS).status, 200);
	policy_clear(&policy);
}

static void only_a_whole_answer_of_the_app_is_passed_back(void **state) {
	(void)state;
	static const struct {
		struct policy_reply reply;
		const char *refused;
	} all[] = {
		{{.status = 500, .kept = 3, .sent = 3, .usable = true}, NULL},
		{{.status = 200, .kept = 3, .sent = 0, .usable = true}, NULL},
		{{.status = 0, .error = {"refused", 7}}, "the app gave no answer"},
		{{.status = 200, .error = {"closed", 6}, .usable = true}, "the app's answer broke off"},
		{{.status = 200, .kept = 3, .sent = 4, .usable = true},
			"the app's answer is longer than what comes back whole"},
		{{.status = 200, .kept = 3, .sent = 3},
			"the app's answer is no HTTP that could be passed back"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const char *refused = policy_refuse_reply(&all[i].reply);
		if (all[i].refused) {
			assert_non_null(refused);
			assert_string_equal(refused, all[i].refused);
		} else {
			assert_null(refused);
		}
	}
}

static void a_policy_that_cannot_be_is_refused_with_a_sentence(void **state) {
	(void)state;
	static const struct {
		struct policy_change change;
		const char *sentence;
	} all[] = {
		{{.mode = "proxy", .status = -1, .delay_ms = -1, .after_ms = -1},
			"an endpoint answers fixed or app, not \"proxy\""},
		{{.status = 100, .delay_ms = -1, .after_ms = -1}, "the status of an answer is 200 to 599"},
		{{.status = -1, .delay_ms = -1, .after_ms = 1000},
			"only the answer of an app can be waited for: set the answer to app, too"},
		{{.mode = "app", .status = -1, .delay_ms = 1000, .after_ms = -1},
			"a delay is for fixed answers: the app takes its own time"},
		{{.status = -1, .delay_ms = 600001, .after_ms = -1}, "an answer waits ten minutes at most"},
		{{.status = -1, .delay_ms = -1, .after_ms = -1, .headers = {"nothing", 7}},
			"\"nothing\" is no header: write Name: value"},
		{{.status = -1, .delay_ms = -1, .after_ms = -1, .headers = {"A: b\r\nX Y: z", 12}},
			"\"X Y: z\" is no header: write Name: value"},
		{{.status = -1, .delay_ms = -1, .after_ms = -1, .headers = {"connection: close", 17}},
			"the relay itself says connection"},
		{{.status = -1, .delay_ms = -1, .after_ms = -1, .body = {"a\0b", 3}},
			"the body of an answer has at most 65536 bytes, none of them NUL"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct policy policy = policy_default();
		struct error err = {0};
		assert_false(policy_change(&policy, &all[i].change, NOW_MS, &err));
		assert_int_equal(err.code, ERROR_USAGE);
		assert_string_equal(err.text, all[i].sentence);
		assert_int_equal(policy.status, 200);
		policy_clear(&policy);
	}
}

static void a_mode_begins_anew_and_the_rest_stays(void **state) {
	(void)state;
	struct policy policy =
		policy_of("{\"mode\":\"app\",\"status\":503,\"after_ms\":500,\"headers\":\"X-A: b\"}");
	struct policy_change change = nothing;
	struct error err = {0};
	change.status = 504;
	assert_true(policy_change(&policy, &change, NOW_MS, &err));
	assert_int_equal(policy.mode, POLICY_APP);
	assert_int_equal(policy.after_ms, 500);
	assert_string_equal(buffer_text(&policy.headers), "X-A: b\r\n");
	change = nothing;
	change.mode = "fixed";
	assert_true(policy_change(&policy, &change, NOW_MS, &err));
	assert_int_equal(policy.status, 200);
	assert_int_equal(policy.after_ms, 0);
	assert_int_equal(policy.headers.len, 0);
	policy_clear(&policy);
}

static void a_policy_comes_back_from_where_it_is_kept(void **state) {
	(void)state;
	static const char *const all[] = {
		"{}",
		"{\"mode\":\"app\",\"after_ms\":10000,\"script\":\"next 3: 500, for 90s: hang-up\"}",
		"{\"status\":204,\"body\":\"\"}",
		"{\"headers\":\"X-A: \\u00ff\",\"body\":\"\\u00e9 \\\"\\n\",\"delay_ms\":20}",
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct policy policy = policy_of(all[i]), again;
		struct buffer kept = {0}, second = {0};
		struct error err = {0};
		policy_append_json(&kept, &policy);
		struct cJSON *object = json_parse(buffer_span(&kept), &err);
		assert_true(policy_from_json(&again, object, &err));
		policy_append_json(&second, &again);
		assert_string_equal(buffer_text(&kept), buffer_text(&second));
		assert_int_equal(again.script_since_ms, policy.script_since_ms);
		cJSON_Delete(object);
		buffer_clear(&kept);
		buffer_clear(&second);
		policy_clear(&policy);
		policy_clear(&again);
	}
}

static void the_same_script_goes_on_unless_it_is_set_again(void **state) {
	(void)state;
	struct policy policy = policy_of("{\"script\":\"next 3: 500\"}");
	struct policy_change change = nothing;
	struct error err = {0};
	change.mode = "fixed";
	change.script = span_text("next  3:500");
	assert_true(policy_change(&policy, &change, NOW_MS + 5, &err));
	assert_int_equal(policy.script_since_ms, NOW_MS);
	change.again = true;
	assert_true(policy_change(&policy, &change, NOW_MS + 5, &err));
	assert_int_equal(policy.script_since_ms, NOW_MS + 5);
	policy_clear(&policy);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_answered_in_the_order_of_the_rules),
		cmocka_unit_test(what_is_rejected_is_not_counted_by_the_script),
		cmocka_unit_test(only_a_whole_answer_of_the_app_is_passed_back),
		cmocka_unit_test(a_policy_that_cannot_be_is_refused_with_a_sentence),
		cmocka_unit_test(a_mode_begins_anew_and_the_rest_stays),
		cmocka_unit_test(a_policy_comes_back_from_where_it_is_kept),
		cmocka_unit_test(the_same_script_goes_on_unless_it_is_set_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
