/* Relay and client over real sockets: events that a client made, and messages it has signed. */
#include <cjson/cJSON.h>
#include <string.h>

#include "common/json.h"
#include "tests/unit/unit.h"
#include "tests/unit/watcher.h"

#define HEAD "POST /e/shop/hooks HTTP/1.1\r\nHost: localhost\r\n\r\n"

static void on_answer(void *data, const struct cJSON *answer, const struct error *err) {
	struct watcher *watcher = data;
	watcher->answers++;
	watcher->err = err ? *err : (struct error){0};
	watcher->text[0] = '\0';
	if (answer) {
		char *text = cJSON_PrintUnformatted(answer);
		watcher_keep(watcher->text, sizeof watcher->text, span_text(text));
		const struct cJSON *event = cJSON_GetObjectItemCaseSensitive(answer, "event");
		struct span badge = {0};
		json_get_int_opt(answer, "seq", &watcher->last_seq, NULL);
		if (event && json_get_text_opt(event, "origin", &badge, NULL)) {
			watcher_keep(watcher->holder, sizeof watcher->holder, badge);
		}
		cJSON_free(text);
	}
}

/* Asks with bytes, and waits for the answer. */
static void ask_with(struct stream_bed *bed, struct watcher *watcher, const char *object,
	const char *head, const char *body) {
	const struct client_upload upload = {span_text(head), span_text(body), true};
	int64_t before = watcher->answers;
	client_ask_with(watcher->client, span_text(object), &upload, on_answer, watcher);
	stream_bed_until(bed, &watcher->answers, before + 1);
}

/* `event.add` with those members and the right lengths. */
static void add(struct stream_bed *bed, struct watcher *watcher, const char *members,
	const char *head, const char *body) {
	struct buffer object = {0};
	buffer_printf(&object,
		"{\"type\":\"event.add\",\"event\":{%s,\"head_len\":%zu,\"body_len\":%zu}}", members,
		strlen(head), strlen(body));
	ask_with(bed, watcher, buffer_text(&object), head, body);
	buffer_clear(&object);
}

#define ID "019aa0c5-6a3d-7e21-9b0c-5d2f8e7a6b41"
#define MADE(origin, endpoint) "\"id\":\"" ID "\",\"origin\":" origin ",\"endpoint\":" endpoint
#define SENT MADE("\"sent\"", "\"shop\"")

static void an_event_that_was_made_is_kept_and_streamed(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher, other;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &other);
	watcher_follow(&other, &(struct client_query){.bytes = true});
	stream_bed_until(bed, &other.caught_up, 1);
	watcher_connect(bed, &watcher);
	add(bed, &watcher, SENT ",\"path_offset\":7,\"who\":\"alice@laptop\"", HEAD, "good");
	assert_string_equal(watcher.err.text, "");
	assert_int_equal(watcher.last_seq, 1);
	assert_string_equal(watcher.holder, "sent");
	stream_bed_until(bed, &other.events, 1);
	assert_string_equal(other.head, HEAD);
	assert_string_equal(other.body, "good");

	const struct store_query query = {.endpoint = bed->shop, .events = true};
	struct store_bed_hits hits = store_bed_read(&bed->store, &query);
	const struct event *event = hits.all[0].event;
	assert_int_equal(event->verdict, VERDICT_VALID);
	assert_int_equal(event->path_offset, 7);
	assert_int_equal(event->answer_status, 0);
	assert_int_equal(event->repeat, 0);
	assert_true(span_is(event->peer, "alice@laptop"));
	assert_true(span_is(event->type, "fake.made"));
	store_bed_free(&hits);
	client_free(watcher.client);
	client_free(other.client);
}

static void an_event_added_twice_is_kept_once(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &watcher);
	for (int i = 0; i < 2; i++) {
		add(bed, &watcher, SENT, HEAD, "good");
		assert_string_equal(watcher.err.text, "");
		assert_int_equal(watcher.last_seq, 1);
	}
	const struct store_query query = {.endpoint = bed->shop, .events = true};
	struct store_bed_hits hits = store_bed_read(&bed->store, &query);
	assert_int_equal(hits.count, 1);
	store_bed_free(&hits);
	client_free(watcher.client);
}

static void what_is_no_event_is_refused(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, &(struct stream_options){.event_bytes = 8});
	watcher_connect(bed, &watcher);
	static const struct {
		const char *members, *head, *body, *text;
		enum error_code code;
	} cases[] = {
		{SENT, "nonsense\r\n\r\n", "", "", ERROR_USAGE},
		{SENT, HEAD, "longer than allowed", "at most 8 bytes", ERROR_USAGE},
		{SENT ",\"parent\":\"019aa0c5-6a3d-7e21-9b0c-5d2f8e7a6b42\"", HEAD, "x", "a copy of",
			ERROR_NO},
		{MADE("\"received\"", "\"shop\""), HEAD, "x", "edited or sent", ERROR_USAGE},
		{MADE("\"sent\"", "\"none\""), HEAD, "x", "no endpoint", ERROR_NO},
		{"\"id\":\"x\",\"origin\":\"sent\",\"endpoint\":\"shop\"", HEAD, "x", "UUID", ERROR_USAGE},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		add(bed, &watcher, cases[i].members, cases[i].head, cases[i].body);
		assert_int_equal(watcher.err.code, cases[i].code);
		assert_non_null(strstr(watcher.err.text, cases[i].text));
	}
	add(bed, &watcher, SENT, HEAD, "good");
	assert_int_equal(watcher.last_seq, 1);
	client_free(watcher.client);
}

static void a_message_is_signed_before_it_is_an_event(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_endpoint(bed, "mute");
	watcher_connect(bed, &watcher);
	struct buffer object = {0};
	buffer_printf(&object,
		"{\"type\":\"sign\",\"endpoint\":\"shop\",\"head_len\":%zu,\"body_len\":1}", strlen(HEAD));
	ask_with(bed, &watcher, buffer_text(&object), HEAD, "x");
	assert_non_null(strstr(watcher.text, "\"headers\":\"X-Fake: now\\r\\n\""));
	buffer_reset(&object);
	buffer_printf(&object,
		"{\"type\":\"sign\",\"endpoint\":\"mute\",\"head_len\":%zu,\"body_len\":0}", strlen(HEAD));
	ask_with(bed, &watcher, buffer_text(&object), HEAD, "");
	assert_string_equal(watcher.err.text, "no secret for Fake yet");
	buffer_clear(&object);
	client_free(watcher.client);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(an_event_that_was_made_is_kept_and_streamed),
		TEST(an_event_added_twice_is_kept_once),
		TEST(what_is_no_event_is_refused),
		TEST(a_message_is_signed_before_it_is_an_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
