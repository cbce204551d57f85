#include "tests/support/raw_app.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

struct raw_app_peer {
	uv_tcp_t tcp;
	struct raw_app *app;
	struct http_reader reader;
	char bytes[65536];
	size_t waiting; /* requests not answered yet */
};

struct write {
	uv_write_t request;
	uv_buf_t block;
	struct raw_app_peer *peer;
	bool then_close, again;
};

static void peer_closed(uv_handle_t *handle) {
	struct raw_app_peer *peer = handle->data;
	http_reader_clear(&peer->reader);
	free(peer);
}

static void peer_close(struct raw_app_peer *peer) {
	struct raw_app *app = peer->app;
	if (uv_is_closing((uv_handle_t *)&peer->tcp)) {
		return;
	}
	for (size_t i = 0; i < app->peer_count; i++) {
		if (app->peers[i] == peer) {
			app->peers[i] = app->peers[--app->peer_count];
		}
	}
	uv_close((uv_handle_t *)&peer->tcp, peer_closed);
}

static void written(uv_write_t *request, int status) {
	struct write *write = request->data;
	if (status == 0 && write->again) {
		uv_write(request, (uv_stream_t *)&write->peer->tcp, &write->block, 1, written);
		return;
	}
	if (status == 0 && write->then_close) {
		peer_close(write->peer);
	}
	free(write);
}

static void send_block(
	struct raw_app_peer *peer, const char *data, size_t len, bool then_close, bool again) {
	struct write *write = alloc_zero(1, sizeof *write);
	write->request.data = write;
	write->peer = peer;
	write->then_close = then_close;
	write->again = again;
	write->block = uv_buf_init((char *)(uintptr_t)data, (unsigned)len);
	if (uv_write(&write->request, (uv_stream_t *)&peer->tcp, &write->block, 1, written) != 0) {
		free(write);
	}
}

static void answer(struct raw_app_peer *peer) {
	static char block[65536];
	struct raw_app *app = peer->app;
	peer->waiting--;
	if (app->reply_len > 0) {
		send_block(peer, app->reply, app->reply_len, app->close_after && !app->endless, false);
	} else if (app->close_after) {
		peer_close(peer);
	}
	if (app->endless) {
		memset(block, 'x', sizeof block);
		send_block(peer, block, sizeof block, false, true);
	}
}

static size_t held(const struct raw_app *app) {
	size_t count = 0;
	for (size_t i = 0; i < app->peer_count; i++) {
		count += app->peers[i]->waiting;
	}
	return count;
}

static void take(struct raw_app_peer *peer, const char *data, size_t len) {
	struct raw_app *app = peer->app;
	buffer_append(&app->received, data, len);
	while (len > 0 && !uv_is_closing((uv_handle_t *)&peer->tcp)) {
		size_t used = 0;
		enum http_event event = http_reader_feed(&peer->reader, data, len, &used);
		if (event == HTTP_HEAD && used == len) {
			event = http_reader_feed(&peer->reader, data + used, 0, &(size_t){0});
		}
		data += used;
		len -= used;
		if (event == HTTP_MESSAGE) {
			app->requests++;
			peer->waiting++;
			app->most_open = held(app) > app->most_open ? held(app) : app->most_open;
			if (!app->hold) {
				answer(peer);
			}
		} else if (event == HTTP_REFUSED) {
			peer_close(peer);
		}
	}
}

static void allocate(uv_handle_t *handle, size_t size, uv_buf_t *block) {
	struct raw_app_peer *peer = handle->data;
	(void)size;
	*block = uv_buf_init(peer->bytes, sizeof peer->bytes);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *block) {
	struct raw_app_peer *peer = stream->data;
	if (len < 0) {
		peer_close(peer);
		return;
	}
	take(peer, block->base, (size_t)len);
}

static void on_connection(uv_stream_t *listener, int status) {
	struct raw_app *app = listener->data;
	if (status != 0 || app->peer_count == RAW_APP_CONNECTIONS) {
		return;
	}
	struct raw_app_peer *peer = alloc_zero(1, sizeof *peer);
	struct http_limits limits = http_limits_default();
	limits.body_bytes = 64 * 1024 * 1024;
	limits.target_bytes = limits.head_bytes;
	http_reader_init(&peer->reader, &limits);
	peer->app = app;
	uv_tcp_init(app->loop, &peer->tcp);
	peer->tcp.data = peer;
	app->peers[app->peer_count++] = peer;
	app->connections++;
	uv_accept(listener, (uv_stream_t *)&peer->tcp);
	uv_read_start((uv_stream_t *)&peer->tcp, allocate, on_read);
}

void raw_app_init(struct raw_app *app, uv_loop_t *loop, const char *reply) {
	struct sockaddr_in address;
	int len = sizeof address;
	*app = (struct raw_app){.loop = loop, .reply = reply, .reply_len = strlen(reply)};
	uv_ip4_addr("127.0.0.1", 0, &address);
	uv_tcp_init(loop, &app->listener);
	app->listener.data = app;
	uv_tcp_bind(&app->listener, (const struct sockaddr *)&address, 0);
	if (uv_listen((uv_stream_t *)&app->listener, 128, on_connection) != 0) {
		abort();
	}
	uv_tcp_getsockname(&app->listener, (struct sockaddr *)&address, &len);
	app->port = ntohs(address.sin_port);
}

void raw_app_release(struct raw_app *app) {
	app->hold = false;
	for (size_t i = app->peer_count; i > 0; i--) {
		while (i <= app->peer_count && app->peers[i - 1]->waiting > 0) {
			answer(app->peers[i - 1]);
		}
	}
}

void raw_app_close(struct raw_app *app) {
	while (app->peer_count > 0) {
		peer_close(app->peers[0]);
	}
	uv_close((uv_handle_t *)&app->listener, NULL);
	buffer_clear(&app->received);
}
