/* Who is let into the stream, and who is shown out of it again. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"
#include "tests/unit/watcher.h"

/* A client that shook hands and asked for everything, and reads nothing of it. */
static int open_silent(struct stream_bed *bed) {
	static const char ask[] = "{\"type\":\"subscribe\",\"id\":1,\"bytes\":true}";
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)bed->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char text[512];
	int len = snprintf(text, sizeof text,
		"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
		"Sec-WebSocket-Protocol: hookline.v1\r\n\r\n",
		bed->port);
	int client = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(send(client, text, (size_t)len, MSG_NOSIGNAL), len);
	while (stream_state(bed->stream).sessions == 0) {
		uv_run(&bed->store.loop, UV_RUN_ONCE);
	}
	/* one frame of text, masked with zeros */
	char frame[64] = {(char)0x81, (char)(0x80 | (sizeof ask - 1))};
	memcpy(frame + 6, ask, sizeof ask - 1);
	assert_int_equal(send(client, frame, sizeof ask + 5, MSG_NOSIGNAL), (ssize_t)sizeof ask + 5);
	return client;
}

static void store_much(struct stream_bed *bed) {
	char *large = alloc_zero(1, 1 << 20);
	stream_bed_events(bed, bed->shop, 16, (struct span){large, 1 << 20});
	free(large);
}

static void a_client_that_takes_nothing_is_cut_off(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, &(struct stream_options){.stall_ms = 100});
	store_much(bed);
	int silent = open_silent(bed);
	watcher_connect(bed, &watcher);
	watcher_follow(&watcher, &(struct client_query){.bytes = true});
	stream_bed_until(bed, &watcher.caught_up, 1);
	while (stream_state(bed->stream).cut == 0) {
		uv_run(&bed->store.loop, UV_RUN_ONCE);
	}
	stream_bed_events(bed, bed->shop, 1, span_text("for who is still there"));
	stream_bed_until(bed, &watcher.events, 17);
	assert_int_equal(stream_state(bed->stream).cut, 1);
	assert_int_equal(stream_state(bed->stream).sessions, 1);
	assert_int_equal(watcher.downs, 0);
	client_free(watcher.client);
	close(silent);
}

static void other_tokens_open_from_now_on(void **state) {
	struct stream_bed *bed = *state;
	struct watcher early, late, new;
	char old_file[128], new_file[128];
	snprintf(old_file, sizeof old_file, "%s.old", bed->store.file);
	snprintf(new_file, sizeof new_file, "%s.new", bed->store.file);
	stream_bed_token(old_file, "0123456789abcdef-old\n");
	stream_bed_token(new_file, "0123456789abcdef-new\n");
	stream_bed_start(bed, &(struct stream_options){.token_file = old_file});
	watcher_connect_with(bed, &early, old_file, true);
	stream_bed_until(bed, &early.lives, 1);

	struct error err = {0};
	assert_true(stream_reload_tokens(bed->stream, new_file, &err));
	watcher_connect_with(bed, &late, old_file, true);
	stream_bed_until(bed, &late.downs, 1);
	assert_int_equal(late.err.code, ERROR_REFUSED);
	watcher_connect_with(bed, &new, new_file, true);
	stream_bed_until(bed, &new.lives, 1);
	assert_int_equal(early.downs, 0);

	assert_false(stream_reload_tokens(bed->stream, "/nowhere/token", &err));
	assert_non_null(strstr(err.text, "/nowhere/token"));
	client_free(late.client);
	watcher_connect_with(bed, &late, new_file, true);
	stream_bed_until(bed, &late.lives, 1);
	client_free(early.client);
	client_free(late.client);
	client_free(new.client);
	unlink(old_file);
	unlink(new_file);
}

static void a_relay_stops_with_two_hundred_clients_in_the_middle_of_it(void **state) {
	struct stream_bed *bed = *state;
	enum { COUNT = 200 };
	struct watcher *watchers = alloc_zero(COUNT, sizeof *watchers);
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 100, span_text("history"));
	int silent = open_silent(bed);
	for (int i = 0; i < COUNT; i++) {
		watcher_connect_with(bed, watchers + i, NULL, true);
		watcher_follow(watchers + i, &(struct client_query){.attempts = true, .bytes = true});
	}
	for (int i = 0; i < COUNT; i++) {
		stream_bed_until(bed, &watchers[i].lives, 1);
	}
	stream_bed_events(bed, bed->shop, 1, span_text("on its way"));
	stream_say_bye(bed->stream);
	stream_bed_stop(bed);
	for (int i = 0; i < COUNT; i++) {
		stream_bed_until(bed, &watchers[i].downs, 1);
		assert_true(watchers[i].in_order);
		client_free(watchers[i].client);
	}
	close(silent);
	free(watchers);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_client_that_takes_nothing_is_cut_off),
		TEST(other_tokens_open_from_now_on),
		TEST(a_relay_stops_with_two_hundred_clients_in_the_middle_of_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
