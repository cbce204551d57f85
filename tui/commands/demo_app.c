#include "tui/commands/demo_app.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/http_reader.h"

#define PEERS_MAX 32
#define READ_BYTES 16384

struct peer {
	uv_tcp_t tcp;
	struct demo_app *app;
	struct http_reader reader;
	char bytes[READ_BYTES];
};

struct demo_app {
	uv_loop_t *loop;
	uv_tcp_t listener;
	const struct demo_sender *senders;
	size_t sender_count;
	int port;
	bool mended;
	struct peer *peers[PEERS_MAX];
	size_t peer_count;
};

static void peer_closed(uv_handle_t *handle) {
	struct peer *peer = handle->data;
	http_reader_clear(&peer->reader);
	free(peer);
}

static void peer_close(struct peer *peer) {
	struct demo_app *app = peer->app;
	if (uv_is_closing((uv_handle_t *)&peer->tcp)) {
		return;
	}
	for (size_t i = 0; i < app->peer_count; i++) {
		if (app->peers[i] == peer) {
			app->peers[i] = app->peers[--app->peer_count];
			break;
		}
	}
	uv_close((uv_handle_t *)&peer->tcp, peer_closed);
}

static const struct demo_sender *find_sender(
	const struct demo_app *app, const struct message *message) {
	for (size_t i = 0; i < app->sender_count; i++) {
		if (span_is(span_after(message->target, 1), app->senders[i].name)) {
			return &app->senders[i];
		}
	}
	return NULL;
}

static bool mentions_refund(struct span body) {
	for (size_t i = 0; i + 6 <= body.len; i++) {
		if (memcmp(body.data + i, "refund", 6) == 0) {
			return true;
		}
	}
	return false;
}

/* What an app does: find out who claims to send, check the signature, then act. */
static const char *handle(const struct demo_app *app, const struct message *message) {
	const struct demo_sender *sender = find_sender(app, message);
	if (!sender) {
		return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
	}
	struct judgement judgement =
		signature_verify(sender->keyring, message, (int64_t)time(NULL) * 1000);
	if (judgement.verdict != VERDICT_VALID && judgement.verdict != VERDICT_RESERIALISED) {
		return "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: "
			   "29\r\n\r\n"
			   "{\"error\":\"invalid signature\"}";
	}
	if (mentions_refund(message->body) && !app->mended) {
		return "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n"
			   "Content-Length: 39\r\n\r\n{\"error\":\"cannot read 'amount' of null\"}";
	}
	return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"
		   "{\"received\":true}";
}

static void answer(struct peer *peer, const char *text) {
	uv_buf_t block = uv_buf_init((char *)(uintptr_t)text, (unsigned)strlen(text));
	/* an answer is smaller than any socket buffer */
	if (uv_try_write((uv_stream_t *)&peer->tcp, &block, 1) != (int)block.len) {
		peer_close(peer);
	}
}

static void take(struct peer *peer, const char *data, size_t len) {
	bool more = true;
	while (more && !uv_is_closing((uv_handle_t *)&peer->tcp)) {
		size_t used = 0;
		enum http_event event = http_reader_feed(&peer->reader, data, len, &used);
		data += used;
		len -= used;
		if (event == HTTP_MESSAGE) {
			answer(peer, handle(peer->app, &peer->reader.message));
		} else if (event == HTTP_REFUSED) {
			peer_close(peer);
		}
		more = event == HTTP_HEAD || (event == HTTP_MESSAGE && len > 0);
	}
}

static void allocate(uv_handle_t *handle_, size_t size, uv_buf_t *block) {
	struct peer *peer = handle_->data;
	(void)size;
	*block = uv_buf_init(peer->bytes, sizeof peer->bytes);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *block) {
	struct peer *peer = stream->data;
	if (len < 0) {
		peer_close(peer);
	} else {
		take(peer, block->base, (size_t)len);
	}
}

static void on_connection(uv_stream_t *listener, int status) {
	struct demo_app *app = listener->data;
	if (status != 0 || app->peer_count == PEERS_MAX) {
		return;
	}
	struct peer *peer = alloc_zero(1, sizeof *peer);
	struct http_limits limits = http_limits_default();
	http_reader_init(&peer->reader, &limits);
	peer->app = app;
	uv_tcp_init(app->loop, &peer->tcp);
	peer->tcp.data = peer;
	app->peers[app->peer_count++] = peer;
	if (uv_accept(listener, (uv_stream_t *)&peer->tcp) != 0) {
		peer_close(peer);
		return;
	}
	uv_read_start((uv_stream_t *)&peer->tcp, allocate, on_read);
}

static void listener_closed(uv_handle_t *handle_) {
	free(handle_->data);
}

struct demo_app *demo_app_start(
	uv_loop_t *loop, const struct demo_sender *senders, size_t count, struct error *err) {
	struct demo_app *app = alloc_zero(1, sizeof *app);
	struct sockaddr_in address;
	int len = sizeof address;
	app->loop = loop;
	app->senders = senders;
	app->sender_count = count;
	uv_tcp_init(loop, &app->listener);
	app->listener.data = app;
	uv_ip4_addr("127.0.0.1", 0, &address);
	int status = uv_tcp_bind(&app->listener, (const struct sockaddr *)&address, 0);
	status = status ? status : uv_listen((uv_stream_t *)&app->listener, PEERS_MAX, on_connection);
	status =
		status ? status : uv_tcp_getsockname(&app->listener, (struct sockaddr *)&address, &len);
	if (status != 0) {
		error_set(err, ERROR_IO, "start the sample app: %s", uv_strerror(status));
		demo_app_free(app);
		return NULL;
	}
	app->port = ntohs(address.sin_port);
	return app;
}

int demo_app_port(const struct demo_app *app) {
	return app->port;
}

void demo_app_mend(struct demo_app *app) {
	app->mended = true;
}

void demo_app_free(struct demo_app *app) {
	if (!app) {
		return;
	}
	while (app->peer_count > 0) {
		peer_close(app->peers[0]);
	}
	uv_close((uv_handle_t *)&app->listener, listener_closed);
}
