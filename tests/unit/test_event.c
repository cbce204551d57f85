/* Events and attempts: their names, their JSON, their copies. */
#include "common/event.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "tests/unit/unit.h"

static struct event an_event(void) {
	return (struct event){
		.id = uuid_make(1767225600123, (const uint8_t[10]){1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
		.endpoint = span_text("stripe"),
		.seq = 1042,
		.position = 8123,
		.received_at_ns = INT64_C(1767225600123456789),
		.peer = span_text("[::1]:51034"),
		.method = span_text("POST"),
		.target = span_text("/e/stripe/a%2F\xff?q=\"1\""),
		.path_offset = 9,
		.head_len = 120,
		.body_len = 10485760,
		.answer_status = 200,
		.provider = span_text("stripe"),
		.type = span_text("r\xc3\xa9glement"),
		.repeat = 2,
		.verdict = VERDICT_EXPIRED,
		.reason = span_text("the signature is right but 412 s old"),
		.secret = span_text("prod"),
		.attempts = 3,
		.last_status = -1,
	};
}

static struct attempt an_attempt(void) {
	return (struct attempt){
		.id = uuid_make(1, (const uint8_t[10]){9}),
		.event = uuid_make(2, (const uint8_t[10]){8}),
		.endpoint = span_text("stripe"),
		.seq = 1043,
		.position = 8124,
		.event_seq = 1042,
		.number = 3,
		.cause = CAUSE_REPLAY,
		.target = span_text("http://127.0.0.1:3000/hooks"),
		.changes = span_text("Host"),
		.error = span_text("connection refused: nothing listens on 127.0.0.1:3000"),
		.started_at_ns = 5,
		.took_us = 812,
		.who = span_text("alice@laptop"),
	};
}

static void an_event_reads_back_as_it_was(void **state) {
	(void)state;
	struct event event = an_event(), back;
	event.recipe = span_text("9c1e07aa");
	event.handshake = span_text("slack url_verification answered");
	event.answer = span_text("Content-Type: text/plain\r\n\r\nabc");
	event.late = event.replayed = true;
	event.annotation = (struct annotation){true,
		span_text("r\xc3\xa9"
				  "funded \"twice\""),
		span_text("alice@laptop"), 5};
	struct buffer out = {0}, again = {0}, bytes = {0};
	event_append_json(&out, &event);
	struct cJSON *object = json_parse(buffer_span(&out), NULL);
	struct error err = {0};
	assert_true(event_from_json(&back, object, &bytes, &err));
	assert_true(span_equal(back.target, event.target));
	assert_true(span_equal(back.annotation.note, event.annotation.note));
	event_append_json(&again, &back);
	assert_string_equal(buffer_text(&out), buffer_text(&again));
	cJSON_Delete(object);
	buffer_clear(&out);
	buffer_clear(&again);
	buffer_clear(&bytes);
}

static void a_copy_says_so_and_of_what(void **state) {
	(void)state;
	struct event event = an_event(), back;
	struct buffer out = {0}, bytes = {0};
	event_append_json(&out, &event);
	assert_null(strstr(buffer_text(&out), "origin"));
	assert_null(event_badge(&event));
	event.origin = ORIGIN_EDITED;
	event.parent = uuid_make(7, (const uint8_t[10]){7});
	event.parent_seq = 1041;
	buffer_reset(&out);
	event_append_json(&out, &event);
	assert_non_null(strstr(buffer_text(&out), "\"origin\":\"edited\",\"parent\":\"00000000-0007"));
	assert_non_null(strstr(buffer_text(&out), "\"parent_ref\":\"stripe#1041\""));
	struct cJSON *object = json_parse(buffer_span(&out), NULL);
	assert_true(event_from_json(&back, object, &bytes, NULL));
	assert_int_equal(back.origin, ORIGIN_EDITED);
	assert_int_equal(back.parent_seq, 1041);
	assert_true(uuid_equal(&back.parent, &event.parent));
	assert_string_equal(event_badge(&back), "unsigned edit");
	back.verdict = VERDICT_VALID;
	assert_string_equal(event_badge(&back), "edited");
	back.verdict = VERDICT_UNVERIFIED;
	back.origin = ORIGIN_SENT;
	assert_string_equal(event_badge(&back), "sent");
	cJSON_Delete(object);
	buffer_clear(&out);
	buffer_clear(&bytes);
}

static void an_attempt_reads_back_as_it_was(void **state) {
	(void)state;
	struct attempt attempt = an_attempt(), back;
	struct buffer out = {0}, again = {0}, bytes = {0};
	attempt_append_json(&out, &attempt);
	struct cJSON *object = json_parse(buffer_span(&out), NULL);
	assert_true(attempt_from_json(&back, object, &bytes, NULL));
	attempt_append_json(&again, &back);
	assert_string_equal(buffer_text(&out), buffer_text(&again));
	cJSON_Delete(object);
	buffer_clear(&out);
	buffer_clear(&again);
	buffer_clear(&bytes);
}

static void a_damaged_event_is_refused(void **state) {
	(void)state;
	static const char *const names[] = {"id", "endpoint", "seq", "received_at", "method", "target",
		"path_offset", "verdict", "reason", "last_status"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct event event = an_event();
		struct buffer out = {0}, bytes = {0};
		struct error err = {0};
		event_append_json(&out, &event);
		struct cJSON *object = json_parse(buffer_span(&out), NULL);
		cJSON_ReplaceItemInObjectCaseSensitive(object, names[i], cJSON_CreateArray());
		assert_false(event_from_json(&event, object, &bytes, &err));
		assert_non_null(strstr(err.text, names[i]));
		cJSON_Delete(object);
		buffer_clear(&out);
		buffer_clear(&bytes);
	}
}

static void a_copy_stands_alone(void **state) {
	(void)state;
	struct event event = an_event();
	struct event *copy = event_copy(&event);
	assert_ptr_not_equal(copy->target.data, event.target.data);
	assert_true(span_equal(copy->target, event.target));
	assert_true(span_equal(copy->secret, event.secret));
	free(copy);
	struct attempt attempt = an_attempt();
	struct attempt *other = attempt_copy(&attempt);
	assert_true(span_equal(other->who, attempt.who));
	free(other);
}

static void people_and_scripts_name_events_in_two_ways(void **state) {
	(void)state;
	struct event_ref ref;
	assert_true(event_ref_parse(&ref, span_text("stripe#1042"), NULL));
	assert_true(span_is(ref.endpoint, "stripe"));
	assert_int_equal(ref.seq, 1042);
	assert_true(event_ref_parse(&ref, span_text("019B7712-1A7B-7102-8304-05060708090A"), NULL));
	assert_true(ref.by_id);
	static const char *const bad[] = {"", "stripe", "#1", "stripe#", "stripe#0", "stripe#01",
		"stripe#-1", "stripe#9999999999999999999", "a b#1", "019b7712-1a7b-7102-8304-05060708090"};
	struct error err = {0};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(event_ref_parse(&ref, span_text(bad[i]), &err));
	}
	assert_string_equal(err.text, "\"019b7712-1a7b-7102-8304-05060708090\" is no event: write it "
								  "like stripe#1042, or give its UUID");
}

static void ids_sort_by_time_and_say_it(void **state) {
	(void)state;
	uint8_t random[10] = {0xff, 0xff, 0xff};
	struct uuid early = uuid_make(1767225600123, random), late = uuid_make(1767225600124, random);
	assert_true(memcmp(early.bytes, late.bytes, 16) < 0);
	assert_true(uuid_time_ms(&early) == 1767225600123);
	assert_int_equal(early.bytes[6] >> 4, 7);
	assert_int_equal(early.bytes[8] >> 6, 2);
	char text[UUID_TEXT_LEN + 1];
	struct uuid back;
	uuid_format(&early, text);
	assert_true(uuid_parse(&back, span_text(text)));
	assert_memory_equal(&back, &early, sizeof back);
}

static void endpoint_names_are_plain(void **state) {
	(void)state;
	assert_true(endpoint_name_is_valid(span_text("a")));
	assert_true(endpoint_name_is_valid(span_text("Order-hooks_2.eu")));
	assert_false(endpoint_name_is_valid(span_text("")));
	assert_false(endpoint_name_is_valid(span_text(".hidden")));
	assert_false(endpoint_name_is_valid(span_text("a/b")));
	assert_false(endpoint_name_is_valid(span_text("a#b")));
	assert_false(endpoint_name_is_valid(
		span_text("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_reads_back_as_it_was),
		cmocka_unit_test(a_copy_says_so_and_of_what),
		cmocka_unit_test(an_attempt_reads_back_as_it_was),
		cmocka_unit_test(a_damaged_event_is_refused),
		cmocka_unit_test(a_copy_stands_alone),
		cmocka_unit_test(people_and_scripts_name_events_in_two_ways),
		cmocka_unit_test(ids_sort_by_time_and_say_it),
		cmocka_unit_test(endpoint_names_are_plain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
