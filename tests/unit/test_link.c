/* Whatever the other side does with a connection, the link says so and tries again. */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tui/client.h"

#define TRIES 20
#define PATIENCE_MS 20000

/* A relay that dies in the middle of each handshake, and how often the client was told. */
struct stage {
	uv_loop_t loop;
	uv_tcp_t server;
	uv_timer_t patience;
	bool reads_first; /* dies once the request is there, else at once */
	bool resets;      /* with a reset, as a killed process does with bytes unread */
	int accepted, downs;
	bool late;
	struct client *client;
};

static void on_peer_closed(uv_handle_t *handle) {
	free(handle);
}

static void die(uv_tcp_t *peer) {
	struct stage *stage = peer->data;
	if (uv_is_closing((uv_handle_t *)peer)) {
		return;
	}
	if (stage->resets) {
		uv_tcp_close_reset(peer, on_peer_closed);
	} else {
		uv_close((uv_handle_t *)peer, on_peer_closed);
	}
}

static void give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *out) {
	static char room[4096];
	(void)handle;
	(void)wanted;
	*out = uv_buf_init(room, sizeof room);
}

static void on_request(uv_stream_t *stream, ssize_t len, const uv_buf_t *bytes) {
	(void)len;
	(void)bytes;
	die((uv_tcp_t *)stream);
}

static void on_connection(uv_stream_t *server, int status) {
	struct stage *stage = server->data;
	uv_tcp_t *peer = malloc(sizeof *peer);
	assert_int_equal(status, 0);
	uv_tcp_init(&stage->loop, peer);
	peer->data = stage;
	assert_int_equal(uv_accept(server, (uv_stream_t *)peer), 0);
	stage->accepted++;
	if (stage->reads_first) {
		uv_read_start((uv_stream_t *)peer, give_room, on_request);
	} else {
		die(peer);
	}
}

static void on_down(void *data, const struct error *err, int64_t retry_ms) {
	struct stage *stage = data;
	assert_int_equal(err->code, ERROR_UNREACHABLE);
	assert_true(retry_ms >= 0);
	stage->downs++;
}

static void on_late(uv_timer_t *timer) {
	((struct stage *)timer->data)->late = true;
}

static void open_stage(struct stage *stage) {
	struct sockaddr_in address;
	int len = sizeof address;
	uv_loop_init(&stage->loop);
	uv_tcp_init(&stage->loop, &stage->server);
	stage->server.data = stage;
	uv_ip4_addr("127.0.0.1", 0, &address);
	uv_tcp_bind(&stage->server, (struct sockaddr *)&address, 0);
	assert_int_equal(uv_listen((uv_stream_t *)&stage->server, 16, on_connection), 0);
	uv_tcp_getsockname(&stage->server, (struct sockaddr *)&address, &len);
	uv_timer_init(&stage->loop, &stage->patience);
	stage->patience.data = stage;
	uv_timer_start(&stage->patience, on_late, PATIENCE_MS, 1000);

	static const struct client_events events = {.down = on_down};
	char url[64];
	struct error err = {0};
	snprintf(url, sizeof url, "ws://127.0.0.1:%d", ntohs(address.sin_port));
	struct client_options options = {.url = url, .retry_least_ms = 1, .retry_most_ms = 2};
	stage->client = client_new(&stage->loop, &options, &events, stage, &err);
	assert_non_null(stage->client);
}

static void close_stage(struct stage *stage) {
	client_free(stage->client);
	uv_close((uv_handle_t *)&stage->server, NULL);
	uv_close((uv_handle_t *)&stage->patience, NULL);
	uv_run(&stage->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&stage->loop), 0);
}

static void is_tried_again(struct stage *stage) {
	open_stage(stage);
	while (stage->downs < TRIES && !stage->late) {
		uv_run(&stage->loop, UV_RUN_ONCE);
	}
	assert_int_equal(stage->downs, TRIES);
	close_stage(stage);
}

static void a_relay_that_hangs_up_at_once_is_tried_again(void **state) {
	(void)state;
	is_tried_again(&(struct stage){0});
}

static void a_relay_that_dies_at_once_is_tried_again(void **state) {
	(void)state;
	is_tried_again(&(struct stage){.resets = true});
}

static void a_relay_that_hangs_up_on_the_handshake_is_tried_again(void **state) {
	(void)state;
	is_tried_again(&(struct stage){.reads_first = true});
}

static void a_relay_that_dies_in_the_handshake_is_tried_again(void **state) {
	(void)state;
	is_tried_again(&(struct stage){.reads_first = true, .resets = true});
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_relay_that_hangs_up_at_once_is_tried_again),
		cmocka_unit_test(a_relay_that_dies_at_once_is_tried_again),
		cmocka_unit_test(a_relay_that_hangs_up_on_the_handshake_is_tried_again),
		cmocka_unit_test(a_relay_that_dies_in_the_handshake_is_tried_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
