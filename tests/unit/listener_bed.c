#include "tests/unit/listener_bed.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"

#define PULSE_MS 5
#define PATIENCE_MS 30000

static void keep(char *to, size_t size, struct span from) {
	snprintf(to, size, "%.*s", (int)from.len, from.len ? from.data : "");
}

static int check(void *data, const struct message *message, const char **reason) {
	struct listener_bed *bed = data;
	(void)message;
	*reason = "as the test wants it";
	return bed->refuse_status;
}

static void answer_with(struct listener_bed *bed, struct connection *connection) {
	char *large = bed->answer_len ? alloc_zero(1, bed->answer_len) : NULL;
	struct span body = large ? (struct span){large, bed->answer_len} : span_text(bed->last_request);
	connection_answer(
		connection, &(struct answer){.status = 200, .type = "text/plain", .body = body});
	free(large);
}

static void on_request(void *data, struct connection *connection, const struct message *message) {
	struct listener_bed *bed = data;
	bed->requests++;
	snprintf(bed->last_request, sizeof bed->last_request, "%.*s %.*s %.*s\n",
		(int)message->method.len, message->method.data, (int)message->target.len,
		message->target.data, (int)(message->body.len < 100 ? message->body.len : 100),
		message->body.len ? message->body.data : "");
	if (!bed->hold) {
		answer_with(bed, connection);
		return;
	}
	assert_true(bed->held_count < BED_HELD);
	bed->held[bed->held_count++] = connection;
}

static void on_refused(void *data, const struct refusal *refusal) {
	struct listener_bed *bed = data;
	bed->refusals++;
	bed->refused_status = (int)refusal->status;
	keep(bed->refused_reason, sizeof bed->refused_reason, refusal->reason);
	keep(bed->refused_line, sizeof bed->refused_line, refusal->line);
}

struct listener_options listener_bed_options(void) {
	struct listener_options options = {
		.name = "ingest",
		.limits =
			{
				.http = http_limits_default(),
				.deadlines = {.idle_ms = 75000,
					.head_ms = 10000,
					.body_ms = 60000,
					.body_rate = 1024,
					.answer_ms = 30000,
					.linger_ms = 1000},
				.connections = 100,
				.connections_per_address = 50,
				.buffered_bytes = 64 << 20,
			},
		.handler = {.extra_bytes = 8, .check = check, .request = on_request, .refused = on_refused},
	};
	struct error err = {0};
	assert_true(listen_address_parse(&options.address, "127.0.0.1:0", &err));
	return options;
}

static void on_pulse(uv_timer_t *timer) {
	(void)timer;
}

void listener_bed_make_with(struct listener_bed *bed, struct listener_options options) {
	struct error err = {0};
	*bed = (struct listener_bed){0};
	bed->since_ms = uv_hrtime() / 1000000;
	uv_loop_init(&bed->loop);
	uv_timer_init(&bed->loop, &bed->pulse);
	uv_timer_start(&bed->pulse, on_pulse, PULSE_MS, PULSE_MS);
	bed->context = context_new(&bed->loop, 1024, true, &err);
	options.data = bed;
	bed->listener = listener_new(bed->context, &bed->loop, &options, &err);
	assert_string_equal(err.text, "");
	assert_non_null(bed->listener);
}

void listener_bed_make(struct listener_bed *bed) {
	listener_bed_make_with(bed, listener_bed_options());
}

void listener_bed_remove(struct listener_bed *bed) {
	listener_free(bed->listener);
	while (bed->held_count > 0) {
		listener_bed_answer(bed);
	}
	uv_close((uv_handle_t *)&bed->pulse, NULL);
	context_free(bed->context);
	uv_run(&bed->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&bed->loop), 0);
}

void listener_bed_turn(struct listener_bed *bed) {
	assert_true(uv_hrtime() / 1000000 - bed->since_ms < PATIENCE_MS);
	uv_run(&bed->loop, UV_RUN_ONCE);
}

void listener_bed_answer(struct listener_bed *bed) {
	assert_true(bed->held_count > 0);
	struct connection *connection = bed->held[0];
	bed->held_count--;
	memmove(bed->held, bed->held + 1, bed->held_count * sizeof *bed->held);
	answer_with(bed, connection);
}

void listener_bed_pass(struct listener_bed *bed, int64_t ms) {
	struct connection *connection = bed->listener->first;
	assert_non_null(connection);
	connection_tick(connection, connection->since_ms + (uint64_t)ms);
}

static int64_t accepted(const struct listener_bed *bed) {
	struct listener_counts counts = listener_counts(bed->listener);
	return counts.accepted + counts.turned_away;
}

struct caller caller_open(struct listener_bed *bed) {
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)listener_port(bed->listener)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct caller caller = {.bed = bed, .socket = socket(AF_INET, SOCK_STREAM, 0)};
	int64_t before = accepted(bed);
	assert_int_equal(connect(caller.socket, (const struct sockaddr *)&address, sizeof address), 0);
	UNTIL(bed, accepted(bed) > before);
	return caller;
}

/* Two ends of a connection that the listener does not know yet. */
static void make_pair(int ends[2]) {
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr *address = (struct sockaddr *)&any;
	socklen_t len = sizeof any;
	int port = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(port, address, len), 0);
	assert_int_equal(listen(port, 1), 0);
	assert_int_equal(getsockname(port, address, &len), 0);
	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(ends[0], address, len), 0);
	ends[1] = accept(port, NULL, NULL);
	assert_true(ends[1] >= 0);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	close(port);
}

struct caller caller_open_from(struct listener_bed *bed, const char *address) {
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(4711)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(4711)};
	bool is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
	assert_true(is_v4 || inet_pton(AF_INET6, address, &v6.sin6_addr) == 1);
	int ends[2];
	make_pair(ends);
	listener_welcome(bed->listener, ends[1],
		is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6);
	return (struct caller){.bed = bed, .socket = ends[0]};
}

void caller_close(struct caller *caller) {
	if (caller->socket >= 0) {
		close(caller->socket);
	}
	caller->socket = -1;
	buffer_clear(&caller->in);
}

void caller_reset(struct caller *caller) {
	struct linger at_once = {.l_onoff = 1};
	setsockopt(caller->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	caller_close(caller);
}

void caller_send(struct caller *caller, const char *text) {
	size_t len = strlen(text);
	assert_int_equal(send(caller->socket, text, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* What is there by now. */
static void take_in(struct caller *caller) {
	char bytes[65536];
	ssize_t len;
	while ((len = recv(caller->socket, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
		buffer_append(&caller->in, bytes, (size_t)len);
	}
	caller->closed = len == 0;
	caller->reset = len < 0 && errno != EAGAIN;
}

void caller_receives(struct caller *caller, const char *text) {
	for (take_in(caller); caller_count(caller, text) == 0; take_in(caller)) {
		if (caller->closed || caller->reset) {
			fail_msg(
				"the connection ended without '%s' after '%s'", text, buffer_text(&caller->in));
		}
		listener_bed_turn(caller->bed);
	}
}

void caller_takes(struct caller *caller, size_t len) {
	for (take_in(caller); caller->in.len <= len; take_in(caller)) {
		assert_false(caller->closed || caller->reset);
		listener_bed_turn(caller->bed);
	}
}

void caller_is_hung_up_on(struct caller *caller) {
	for (take_in(caller); !caller->closed && !caller->reset; take_in(caller)) {
		listener_bed_turn(caller->bed);
	}
}

size_t caller_count(const struct caller *caller, const char *text) {
	size_t count = 0, len = strlen(text);
	for (size_t at = 0; at + len <= caller->in.len; at++) {
		count += memcmp(caller->in.data + at, text, len) == 0;
	}
	return count;
}
