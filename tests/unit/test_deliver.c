/* What is captured arrives as it was captured; whatever the app does then, it becomes an attempt. */
#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/support/raw_app.h"
#include "tests/support/source_file.h"
#include "tests/unit/unit.h"
#include "tui/deliver/deliver.h"
#include "tui/deliver/request.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* An app, something that delivers to it, and the last thing that came of it. */
struct stage {
	uv_loop_t loop;
	struct raw_app app;
	struct deliver *deliver;
	struct target target;
	int delivered;
	int64_t status, total;
	bool connected;
	char error[512];
	char changes[512];
	struct buffer head, body;
	int64_t order[64]; /* seq of what was delivered */
};

static struct stage *open_stage(const char *reply, const struct deliver_options *options) {
	struct stage *stage = alloc_zero(1, sizeof *stage);
	struct error err = {0};
	char url[64];
	uv_loop_init(&stage->loop);
	raw_app_init(&stage->app, &stage->loop, reply);
	stage->deliver = deliver_new(&stage->loop, options, &err);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", stage->app.port);
	assert_true(target_parse(&stage->target, url, false, &err));
	return stage;
}

static void close_stage(struct stage *stage) {
	deliver_free(stage->deliver);
	raw_app_close(&stage->app);
	uv_run(&stage->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&stage->loop), 0);
	target_clear(&stage->target);
	buffer_clear(&stage->head);
	buffer_clear(&stage->body);
	free(stage);
}

static void copy_text(char *out, size_t size, struct span text) {
	snprintf(out, size, "%.*s", (int)text.len, text.data ? text.data : "");
}

static void on_delivered(void *data, const struct delivery *delivery) {
	struct stage *stage = data;
	const struct attempt *attempt = &delivery->attempt;
	stage->status = attempt->status;
	stage->total = attempt->answer_body_total;
	stage->connected = delivery->connected;
	copy_text(stage->error, sizeof stage->error, attempt->error);
	copy_text(stage->changes, sizeof stage->changes, attempt->changes);
	buffer_reset(&stage->head);
	buffer_reset(&stage->body);
	buffer_append_span(&stage->head, delivery->answer_head);
	buffer_append_span(&stage->body, delivery->answer_body);
	assert_int_equal(attempt->answer_body_len, delivery->answer_body.len);
	assert_true(attempt->started_at_ns > 0);
	if (stage->delivered < 64) {
		stage->order[stage->delivered] = attempt->event_seq;
	}
	stage->delivered++;
}

static void deliver_one(struct stage *stage, struct span head, struct span body, int64_t seq) {
	struct event event = {.endpoint = span_text("default"), .seq = seq};
	deliver_send(
		stage->deliver, &stage->target, &event, head, body, CAUSE_FORWARD, on_delivered, stage);
}

static void run_until_delivered(struct stage *stage, int count) {
	while (stage->delivered < count) {
		uv_run(&stage->loop, UV_RUN_ONCE);
	}
}

static void post(struct stage *stage, const char *body) {
	struct buffer head = {0};
	buffer_printf(&head, "POST /hooks HTTP/1.1\r\nHost: relay.test\r\nContent-Length: %zu\r\n\r\n",
		strlen(body));
	deliver_one(stage, buffer_span(&head), span_text(body), 1);
	buffer_clear(&head);
}

static void an_answer_becomes_an_attempt(void **state) {
	(void)state;
	struct stage *stage = open_stage(
		"HTTP/1.1 201 Made\r\nContent-Length: 2\r\nX: y\r\n\r\nok", &(struct deliver_options){0});
	post(stage, "{}");
	run_until_delivered(stage, 1);
	assert_int_equal(stage->status, 201);
	assert_string_equal(stage->error, "");
	assert_string_equal(stage->changes, "Host");
	assert_string_equal(
		buffer_text(&stage->head), "HTTP/1.1 201 Made\r\nContent-Length: 2\r\nX: y\r\n\r\n");
	assert_string_equal(buffer_text(&stage->body), "ok");
	close_stage(stage);
}

static void connections_are_kept(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){0});
	for (int i = 1; i <= 5; i++) {
		post(stage, "{}");
		run_until_delivered(stage, i);
		assert_int_equal(stage->status, 200);
	}
	assert_int_equal(stage->app.connections, 1);
	close_stage(stage);
}

static void a_connection_the_app_closed_is_not_used_again(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){0});
	stage->app.close_after = true;
	for (int i = 1; i <= 5; i++) {
		post(stage, "{}");
		run_until_delivered(stage, i);
		assert_int_equal(stage->status, 200);
		while (stage->app.peer_count > 0) {
			uv_run(&stage->loop, UV_RUN_ONCE);
		}
	}
	assert_int_equal(stage->app.connections, 5);
	close_stage(stage);
}

static void many_go_at_once_but_no_more_than_told(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){.concurrency = 4});
	stage->app.hold = true;
	for (int64_t seq = 1; seq <= 20; seq++) {
		deliver_one(stage, span_text("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), (struct span){0}, seq);
	}
	assert_int_equal(deliver_pending(stage->deliver), 20);
	while (stage->app.requests < 4) {
		uv_run(&stage->loop, UV_RUN_ONCE);
	}
	raw_app_release(&stage->app);
	run_until_delivered(stage, 20);
	assert_int_equal(stage->app.most_open, 4);
	assert_int_equal(stage->app.connections, 4);
	assert_int_equal(deliver_pending(stage->deliver), 0);
	assert_int_equal(deliver_pending_bytes(stage->deliver), 0);
	close_stage(stage);
}

static void one_at_a_time_keeps_the_order(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){.concurrency = 1});
	for (int64_t seq = 1; seq <= 20; seq++) {
		deliver_one(stage, span_text("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), (struct span){0}, seq);
	}
	run_until_delivered(stage, 20);
	for (int64_t seq = 1; seq <= 20; seq++) {
		assert_int_equal(stage->order[seq - 1], seq);
	}
	close_stage(stage);
}

static void what_cannot_be_sent_does_not_hold_up_the_rest(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){.concurrency = 1});
	post(stage, "{}");
	deliver_one(stage, span_text("GET / HTTP/1.1\r\n"), (struct span){0}, 2);
	assert_int_equal(stage->delivered, 0);
	post(stage, "{}");
	run_until_delivered(stage, 3);
	assert_int_equal(stage->app.requests, 2);
	close_stage(stage);
}

static void a_body_of_ten_mebibytes_arrives_whole(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){0});
	size_t len = 10 * 1024 * 1024;
	char *body = alloc_bytes(len);
	for (size_t i = 0; i < len; i++) {
		body[i] = (char)(i * 2654435761u >> 13);
	}
	memcpy(body, "\0\r\n\r\nGET / HTTP/1.1\r\n\r\n\xff\xfe", 26);
	deliver_one(stage,
		span_text("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
		(struct span){body, len}, 1);
	run_until_delivered(stage, 1);
	assert_int_equal(stage->status, 200);
	assert_memory_equal(stage->app.received.data + stage->app.received.len - len, body, len);
	assert_non_null(
		strstr(buffer_text(&stage->app.received), "\r\nContent-Length: 10485760\r\n\r\n"));
	free(body);
	close_stage(stage);
}

/* --- every request the reader takes --- */

static struct span file_bytes(struct buffer *out, const char *folder, const char *name) {
	char path[512];
	snprintf(path, sizeof path, "tests/torture/%s/%s", folder, name);
	source_file(out, path);
	return buffer_span(out);
}

/* The first complete request in the bytes, if there is one. */
static bool read_first(struct http_reader *reader, struct span bytes) {
	struct http_limits limits = http_limits_default();
	http_reader_init(reader, &limits);
	for (;;) {
		size_t used = 0;
		enum http_event event = http_reader_feed(reader, bytes.data, bytes.len, &used);
		bytes = span_after(bytes, used);
		if (event == HTTP_MESSAGE) {
			return true;
		}
		if (event != HTTP_HEAD) {
			return false;
		}
	}
}

static bool is_ours(const struct message *message, struct span name) {
	return span_equal_nocase(name, span_text("Host")) ||
	       span_equal_nocase(name, span_text("Content-Length")) ||
	       request_is_hop_by_hop(message, name);
}

/* The next header from `*i` on that must arrive as it was captured. */
static const struct header *next_kept(
	const struct message *captured, const struct message *in, size_t *i) {
	while (*i < in->header_count && is_ours(captured, in->headers[*i].name)) {
		(*i)++;
	}
	return *i < in->header_count ? &in->headers[(*i)++] : NULL;
}

static void assert_arrived(const struct message *captured, const struct message *arrived) {
	assert_true(span_equal(captured->method, arrived->method));
	assert_true(span_equal(captured->target, arrived->target));
	assert_true(span_equal(captured->body, arrived->body));
	size_t i = 0, k = 0;
	for (;;) {
		const struct header *sent = next_kept(captured, captured, &i);
		const struct header *got = next_kept(captured, arrived, &k);
		assert_int_equal(sent == NULL, got == NULL);
		if (!sent) {
			return;
		}
		assert_true(span_equal(sent->line, got->line));
	}
}

static void deliver_request(struct stage *stage, struct span bytes) {
	struct http_reader captured, arrived;
	if (read_first(&captured, bytes) && !span_is(captured.message.target, "*") &&
		captured.message.target.data[0] == '/') {
		int before = stage->delivered;
		buffer_reset(&stage->app.received);
		deliver_one(stage, captured.message.head, captured.message.body, 1);
		run_until_delivered(stage, before + 1);
		assert_string_equal(stage->error, "");
		assert_true(read_first(&arrived, buffer_span(&stage->app.received)));
		assert_arrived(&captured.message, &arrived.message);
		http_reader_clear(&arrived);
	}
	http_reader_clear(&captured);
}

static void every_request_the_relay_takes_arrives_as_it_came(void **state) {
	(void)state;
	struct stage *stage = open_stage("HTTP/1.1 204 x\r\n\r\n", &(struct deliver_options){0});
	char folder[1024];
	const char *source = getenv("HOOKLINE_SOURCE");
	snprintf(folder, sizeof folder, "%s/tests/torture/http/requests", source ? source : ".");
	DIR *files = opendir(folder);
	assert_non_null(files);
	for (struct dirent *file; (file = readdir(files));) {
		if (file->d_name[0] != '.') {
			struct buffer bytes = {0};
			deliver_request(stage, file_bytes(&bytes, "http/requests", file->d_name));
			buffer_clear(&bytes);
		}
	}
	closedir(files);
	assert_true(stage->delivered > 40);
	close_stage(stage);
}

/* --- apps that misbehave --- */

static void fails_saying(struct stage *stage, const char *text) {
	post(stage, "{}");
	run_until_delivered(stage, 1);
	if (!strstr(stage->error, text)) {
		fail_msg("\"%s\" does not say \"%s\"", stage->error, text);
	}
	close_stage(stage);
}

static void nothing_listens(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){0});
	uv_close((uv_handle_t *)&stage->app.listener, NULL);
	uv_run(&stage->loop, UV_RUN_NOWAIT);
	uv_tcp_init(&stage->loop, &stage->app.listener); /* for close_stage */
	char expected[128];
	snprintf(expected, sizeof expected,
		"connection refused: nothing listens on 127.0.0.1:%d (an app", stage->app.port);
	post(stage, "{}");
	run_until_delivered(stage, 1);
	assert_false(stage->connected);
	assert_int_equal(stage->status, 0);
	fails_saying(stage, expected);
}

static void localhost_is_found_at_either_address(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){0});
	char url[64];
	snprintf(url, sizeof url, "http://localhost:%d", stage->app.port);
	target_clear(&stage->target);
	assert_true(target_parse(&stage->target, url, false, NULL));
	post(stage, "{}");
	run_until_delivered(stage, 1);
	assert_int_equal(stage->status, 200);
	close_stage(stage);
}

static void an_address_elsewhere_is_not_connected_to(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){0});
	target_clear(&stage->target);
	/* as a name that leads there would: the text was let through, the address is not */
	assert_true(target_parse(&stage->target, "http://192.0.2.1:81/", true, NULL));
	post(stage, "{}");
	run_until_delivered(stage, 1);
	assert_false(stage->connected);
	fails_saying(
		stage, "192.0.2.1:81 leads to 192.0.2.1, which is not this machine; --anywhere allows it");
}

static void an_app_that_never_answers_is_left(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){.total_ms = 120});
	stage->app.hold = true;
	fails_saying(stage, "no answer within 120 ms");
}

static void an_answer_without_an_end_is_left(void **state) {
	(void)state;
	struct stage *stage = open_stage("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
		&(struct deliver_options){.total_ms = 120});
	post(stage, "{}");
	run_until_delivered(stage, 1);
	assert_int_equal(stage->status, 200);
	assert_string_equal(buffer_text(&stage->body), "hi");
	fails_saying(stage, "the answer had no end within 120 ms");
}

static void tls_towards_a_plain_app_says_so(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){.total_ms = 5000});
	char url[64];
	snprintf(url, sizeof url, "https://127.0.0.1:%d", stage->app.port);
	target_clear(&stage->target);
	assert_true(target_parse(&stage->target, url, false, NULL));
	fails_saying(stage, "(nothing there seems to speak TLS: is http:// meant?)");
}

/* --- tests/torture/replay/cases.json --- */

static const char *text_of(const cJSON *object, const char *name) {
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static bool is_case(const cJSON *item, const char *id) {
	return strcmp(text_of(item, "id"), id) == 0;
}

/* cJSON ends texts at NUL; the one case with a NUL in it is written out here. */
static struct span value_of(const cJSON *item, const cJSON *header) {
	return is_case(item, "nul-value")
	           ? (struct span){"a\0b", 3}
	           : span_text(cJSON_GetStringValue(cJSON_GetArrayItem(header, 1)));
}

static void header_case(const cJSON *item, const cJSON *header) {
	struct span name = span_text(cJSON_GetStringValue(cJSON_GetArrayItem(header, 0)));
	struct span value = value_of(item, header);
	struct error err = {0};
	if (strcmp(text_of(item, "expect"), "refused") == 0) {
		assert_false(request_check_header(name, value, &err));
		return;
	}
	struct buffer head = {0}, out = {0}, changes = {0};
	struct message message = {0};
	struct target target = {0};
	assert_true(target_parse(&target, "3000", false, &err));
	bool is_host = span_is(name, "Host"), is_length = span_is(name, "Content-Length");
	buffer_printf(&head, "POST / HTTP/1.1\r\n%s%.*s: %.*s\r\nX-A: 1\r\n%s\r\n",
		is_host ? "" : "Host: a\r\n", (int)name.len, name.data, (int)value.len, value.data,
		is_length ? "" : "Content-Length: 6\r\n");
	assert_true(message_parse(&message, buffer_span(&head), span_text("edited"), &err));
	assert_true(request_build(&out, &changes, &target, &message, 0, NULL, NULL, &err));
	const char *sent = buffer_text(&out);
	assert_non_null(strstr(sent, "Host: 127.0.0.1:3000\r\n"));
	assert_non_null(strstr(sent, "Content-Length: 6\r\n"));
	assert_null(strstr(sent, "Connection"));
	assert_int_equal(strstr(sent, "X-A") == NULL, is_case(item, "hop-headers"));
	message_clear(&message);
	target_clear(&target);
	buffer_clear(&head);
	buffer_clear(&out);
	buffer_clear(&changes);
}

static void destination_case(const char *destination) {
	struct target target = {0};
	struct error err = {0};
	if (strcmp(destination, "@RELAY@") == 0) {
		assert_true(target_parse(&target, "localhost:8080/e/x", false, &err));
		assert_true(target_leads_to(&target, span_text("http://127.0.0.1:8080")));
		target_clear(&target);
	} else if (target_parse(&target, destination, false, &err)) {
		fail_msg("%s was taken", destination);
	}
}

static void reply_case(const cJSON *item, const char *reply) {
	struct stage *stage = open_stage(reply, &(struct deliver_options){.answer_bytes = 1000});
	stage->app.close_after = true;
	if (is_case(item, "reply-garbage")) {
		stage->app.reply = "\0\1\2";
		stage->app.reply_len = 3;
	}
	const char *endless = strstr(reply, "@ENDLESS@");
	if (endless) {
		stage->app.reply_len = (size_t)(endless - reply);
		stage->app.endless = true;
	}
	post(stage, "{}");
	run_until_delivered(stage, 1);
	assert_int_equal(stage->app.requests, 1);
	if (endless) {
		assert_int_equal(stage->status, 200);
		assert_int_equal(stage->body.len, 1000);
		assert_true(stage->total > 1000);
	} else if (strstr(reply, "302")) {
		assert_int_equal(stage->status, 302);
		assert_string_equal(stage->error, "");
	} else {
		assert_int_equal(stage->status, 0);
		assert_non_null(
			strstr(stage->error, stage->app.reply_len ? "answered with something that is not HTTP"
													  : "closed without an answer"));
	}
	close_stage(stage);
}

static void every_hostile_replay_ends_as_it_should(void **state) {
	(void)state;
	struct buffer bytes = {0};
	struct span text = file_bytes(&bytes, "replay", "cases.json");
	cJSON *file = cJSON_ParseWithLength(text.data, text.len);
	const cJSON *item;
	struct error err = {0};
	int count = 0;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(file, "cases")) {
		const cJSON *header = cJSON_GetObjectItemCaseSensitive(item, "header");
		if (header) {
			header_case(item, header);
		} else if (text_of(item, "method")) {
			assert_false(request_check_method(span_text(text_of(item, "method")), &err));
		} else if (text_of(item, "target")) {
			assert_false(request_check_target(span_text(text_of(item, "target")), &err));
		} else if (text_of(item, "destination")) {
			destination_case(text_of(item, "destination"));
		} else if (text_of(item, "reply")) {
			reply_case(item, text_of(item, "reply"));
		} else {
			fail_msg("case %s is of a kind this test does not know", text_of(item, "id"));
		}
		count++;
	}
	assert_int_equal(count, 24);
	cJSON_Delete(file);
	buffer_clear(&bytes);
}

static void deliver_faulty(struct stage *stage, const struct deliver_fault *fault) {
	struct event event = {.endpoint = span_text("shop"), .seq = 1, .method = span_text("POST")};
	struct deliver_order order = {.target = &stage->target,
		.event = &event,
		.head = span_text("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"),
		.body = span_text("0123456789"),
		.cause = CAUSE_TEST,
		.fault = fault};
	int before = stage->delivered;
	deliver_send_order(stage->deliver, &order, on_delivered, stage);
	while (stage->delivered == before) {
		uv_run(&stage->loop, UV_RUN_ONCE);
	}
}

static void a_request_is_cut_off_on_purpose(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){0});
	deliver_faulty(stage, &(struct deliver_fault){.cut = true, .cut_body = 4});
	assert_int_equal(stage->status, 0);
	assert_true(stage->connected);
	assert_non_null(strstr(stage->error, "cut off on purpose"));
	while (stage->app.received.len < 4 ||
		   memcmp(stage->app.received.data + stage->app.received.len - 4, "0123", 4) != 0) {
		uv_run(&stage->loop, UV_RUN_ONCE);
	}
	assert_int_equal(stage->app.requests, 0);
	deliver_faulty(stage, NULL); /* and the next one is whole */
	assert_int_equal(stage->status, 200);
	close_stage(stage);
}

static void a_body_can_come_slowly(void **state) {
	(void)state;
	struct stage *stage = open_stage(OK, &(struct deliver_options){0});
	uint64_t began = uv_hrtime();
	deliver_faulty(stage, &(struct deliver_fault){.drip_ms = 200});
	assert_int_equal(stage->status, 200);
	assert_int_equal(stage->app.requests, 1);
	assert_true(uv_hrtime() - began >= 200000000);
	close_stage(stage);
}

static void faults_say_how_much_may_be_sent(void **state) {
	(void)state;
	struct deliver_fault none = {0}, cut = {.cut = true, .cut_body = 4}, drip = {.drip_ms = 100};
	assert_int_equal(fault_allows(&none, 50, 10, 0), 50);
	assert_int_equal(fault_end(&cut, 50, 10), 44);
	assert_int_equal(fault_end(&cut, 50, 3), 49);
	assert_int_equal(fault_end(&cut, 50, 0), 48);
	assert_int_equal(fault_allows(&drip, 50, 10, 0), 40);
	assert_int_equal(fault_allows(&drip, 50, 10, 50), 45);
	assert_int_equal(fault_allows(&drip, 50, 10, 100), 50);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_cut_off_on_purpose),
		cmocka_unit_test(a_body_can_come_slowly),
		cmocka_unit_test(faults_say_how_much_may_be_sent),
		cmocka_unit_test(an_answer_becomes_an_attempt),
		cmocka_unit_test(connections_are_kept),
		cmocka_unit_test(a_connection_the_app_closed_is_not_used_again),
		cmocka_unit_test(many_go_at_once_but_no_more_than_told),
		cmocka_unit_test(one_at_a_time_keeps_the_order),
		cmocka_unit_test(what_cannot_be_sent_does_not_hold_up_the_rest),
		cmocka_unit_test(a_body_of_ten_mebibytes_arrives_whole),
		cmocka_unit_test(every_request_the_relay_takes_arrives_as_it_came),
		cmocka_unit_test(nothing_listens),
		cmocka_unit_test(localhost_is_found_at_either_address),
		cmocka_unit_test(an_address_elsewhere_is_not_connected_to),
		cmocka_unit_test(an_app_that_never_answers_is_left),
		cmocka_unit_test(an_answer_without_an_end_is_left),
		cmocka_unit_test(tls_towards_a_plain_app_says_so),
		cmocka_unit_test(every_hostile_replay_ends_as_it_should),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
