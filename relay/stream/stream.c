#include "relay/stream/stream.h"

#include <libwebsockets.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/alloc.h"
#include "common/frame.h"
#include "common/loop/guest.h"
#include "relay/log.h"
#include "relay/stream/handshake.h"
#include "relay/stream/job.h"
#include "relay/stream/sender.h"
#include "relay/stream/session.h"
#include "relay/stream/stream_parts.h"

#define MAX_SESSIONS 1000
#define STALL_MS 30000
#define CLIENT_BYTES (128 << 10)
#define ATTEMPT_BYTES (4 << 20)
#define EVENT_BYTES ((int64_t)10 * 1024 * 1024)
#define EXPLAIN_RATE 20
#define TICK_US LWS_US_PER_SEC

/* What libwebsockets keeps for the vhost: callbacks may still come when the stream is gone. */
struct shell {
	struct stream *stream;
};

/* What it keeps for each connection. */
struct connection {
	struct session *session;
};

static struct stream *stream_of(struct lws *wsi) {
	struct shell *shell = lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi));
	return shell ? shell->stream : NULL;
}

/* For whom our subprotocol is not meant: plain HTTP, other upgrades, CONNECT. Everything is refused before it is served. */
static int stranger(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
	(void)wsi;
	(void)user;
	(void)len;
	switch (reason) {
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		return strcasecmp(in ? (const char *)in : "", "websocket") != 0 ? -1 : 0;
	case LWS_CALLBACK_FILTER_HTTP_CONNECTION:
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
	case LWS_CALLBACK_HTTP:
	case LWS_CALLBACK_ESTABLISHED:
	case LWS_CALLBACK_RAW_ADOPT:
	case LWS_CALLBACK_RAW_RX:
		return -1;
	default:
		return 0;
	}
}

static int judge(struct lws *wsi) {
	struct stream *stream = stream_of(wsi);
	int status = stream ? handshake_judge(stream, wsi) : HTTP_STATUS_SERVICE_UNAVAILABLE;
	if (!status) {
		return 0;
	}
	if (stream) {
		stream->state.refused++;
	}
	lws_return_http_status(wsi, (unsigned)status, NULL);
	return -1;
}

/* A client that does not read must not fill megabytes of the system's memory, nor cost the time to do it. */
static void bound_socket(const struct stream *stream, struct lws *wsi) {
	int bytes = (int)stream->client_bytes;
	if (setsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes) != 0) {
		log_write(LOG_DEBUG, "the system does not bound what it keeps for a client");
	}
}

static int establish(struct lws *wsi, struct connection *connection) {
	struct stream *stream = stream_of(wsi);
	if (!stream) {
		return -1;
	}
	bound_socket(stream, wsi);
	connection->session = session_new(stream, wsi);
	return 0;
}

static int receive(struct lws *wsi, struct session *session, const char *data, size_t len) {
	struct frame_piece piece = {.bytes = {data, len},
		.remaining = lws_remaining_packet_payload(wsi),
		.final_fragment = lws_is_final_fragment(wsi),
		.binary = lws_frame_is_binary(wsi)};
	int code = session_receive(session, &piece);
	if (code) {
		lws_close_reason(wsi, (enum lws_close_status)code, NULL, 0);
		session_ends(session);
	}
	return code ? -1 : 0;
}

static int speak(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
	struct connection *connection = user;
	struct session *session = connection ? connection->session : NULL;
	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return judge(wsi);
	case LWS_CALLBACK_ESTABLISHED:
		return establish(wsi, connection);
	case LWS_CALLBACK_RECEIVE_PONG:
		session_heard(session);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return session ? receive(wsi, session, in, len) : -1;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return session && session_writable(session) ? 0 : -1;
	case LWS_CALLBACK_CLOSED:
		session_free(session);
		if (connection) {
			connection->session = NULL;
		}
		return 0;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
	case LWS_CALLBACK_FILTER_HTTP_CONNECTION:
	case LWS_CALLBACK_HTTP:
	case LWS_CALLBACK_RAW_ADOPT:
	case LWS_CALLBACK_RAW_RX:
		return stranger(wsi, reason, user, in, len);
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{"stranger", stranger, 0, 4096, 0, NULL, 0},
	{FRAME_PROTOCOL, speak, sizeof(struct connection), 65536, 0, NULL, SENDER_MOST},
	{0},
};

/* Once a second: who takes nothing is cut off, and who could not read from the store tries again. */
static void tick(lws_sorted_usec_list_t *sul) {
	struct stream *stream = lws_container_of(sul, struct stream, tick);
	int64_t before_us = lws_now_usecs() - stream->stall_ms * 1000;
	bool starved = stream->hub->starved;
	stream->hub->starved = false;
	for (struct session *session = stream->sessions; session; session = session_next(session)) {
		if (session_is_stalled(session, before_us)) {
			stream->state.cut++;
			session_cut(session);
		} else if (starved) {
			session_want(session);
		}
	}
	lws_sul_schedule(stream->context, 0, &stream->tick, tick, TICK_US);
}

static const lws_retry_bo_t liveness = {
	.secs_since_valid_ping = FRAME_SILENCE_S / 3,
	.secs_since_valid_hangup = FRAME_SILENCE_S,
};

static bool listen_on(
	struct stream *stream, const struct stream_options *options, struct error *err) {
	struct lws_context_creation_info info = {
		.vhost_name = "stream",
		.protocols = protocols,
		.ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION |
	                       SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET,
		.retry_and_idle_policy = &liveness,
		.timeout_secs = 5,
		.alpn = "http/1.1",
		.ssl_cert_filepath = options->certificate_file,
		.ssl_private_key_filepath = options->key_file,
	};
	if (options->certificate_file) {
		/* Without the first, certificate and key are ignored; without the second, every start reads all CAs. */
		info.options |=
			LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	}
	listen_address_apply(&options->address, &info);
	stream->vhost = lws_create_vhost(stream->context, &info);
	if (!stream->vhost) {
		return error_set(err, ERROR_IO,
			"stream: cannot listen on %s port %d: is another relay running there%s?",
			options->address.host, options->address.port,
			options->certificate_file ? ", and are certificate and key readable" : "");
	}
	struct shell *shell = lws_protocol_vh_priv_zalloc(stream->vhost, &protocols[1], sizeof *shell);
	if (!shell) {
		return error_set(err, ERROR_IO, "stream: libwebsockets has no memory left");
	}
	shell->stream = stream;
	return true;
}

/* Any address but loopback needs a token, and TLS: ours, or that of a proxy in front. */
static bool check(const struct stream_options *options, struct error *err) {
	bool tls = options->certificate_file && options->key_file;
	if (!options->certificate_file != !options->key_file) {
		return error_set(
			err, ERROR_CONFIG, "stream: a certificate and its key come together, one is missing");
	}
	if (options->address.loopback) {
		return true;
	}
	if (!options->token_file) {
		return error_set(err, ERROR_CONFIG,
			"stream: %s can be reached by others, so it needs a token file (or listen on "
			"127.0.0.1)",
			options->address.host);
	}
	return tls || options->behind_proxy ||
	       error_set(err, ERROR_CONFIG,
			   "stream: %s can be reached by others, so it needs a certificate and key, or to be "
			   "told "
			   "that a proxy in front does TLS",
			   options->address.host);
}

static struct texts copy_texts(const char *const *items, size_t count) {
	struct texts texts = {alloc_zero(count + 1, sizeof *texts.items), count};
	for (size_t i = 0; i < count; i++) {
		texts.items[i] = alloc_text(items[i], strlen(items[i]));
	}
	return texts;
}

static void texts_clear(struct texts *texts) {
	for (size_t i = 0; i < texts->count; i++) {
		free(texts->items[i]);
	}
	free(texts->items);
}

static int64_t or_default(int64_t value, int64_t fallback) {
	return value > 0 ? value : fallback;
}

static void on_turn_end(void *data) {
	session_write_due(data);
}

static bool is_forwarded(void *data, const struct entry *entry) {
	const struct stream *stream = data;
	return leases_cover(stream->leases, entry);
}

static void on_leases_changed(void *data) {
	const struct stream *stream = data;
	waiting_look(stream->waiting);
}

static void begin_forwarding(struct stream *stream, struct waiting *waiting) {
	stream->waiting = waiting;
	if (waiting) {
		stream->forwarders = leases_watch(stream->leases, on_leases_changed, stream);
		waiting_ask(waiting, is_forwarded, stream);
	}
}

static void end_forwarding(struct stream *stream) {
	if (stream->waiting) {
		leases_unwatch(stream->leases, stream->forwarders);
		waiting_ask(stream->waiting, NULL, NULL);
	}
}

static void release(struct stream *stream) {
	turn_free(stream->turn);
	leases_free(stream->leases);
	retries_free(stream->retries);
	tokens_free(stream->tokens);
	texts_clear(&stream->hosts);
	texts_clear(&stream->origins);
	buffer_clear(&stream->out);
	free(stream->ingest_url);
	free(stream);
}

struct stream *stream_new(struct lws_context *context, const struct stream_options *options,
	struct hub *hub, struct store *store, struct endpoints *endpoints, struct error *err) {
	if (!check(options, err)) {
		return NULL;
	}
	const char *ingest_url = options->ingest_url ? options->ingest_url : "";
	struct stream *stream = alloc_zero(1, sizeof *stream);
	stream->context = context;
	stream->hub = hub;
	stream->store = store;
	stream->endpoints = endpoints;
	stream->leases = leases_new();
	stream->turn = turn_new(guest_loop(guest_of(context)), on_turn_end, stream);
	stream->hosts = copy_texts(options->hosts, options->host_count);
	stream->origins = copy_texts(options->origins, options->origin_count);
	stream->ingest_url = alloc_text(ingest_url, strlen(ingest_url));
	memcpy(stream->bound_host, options->address.host, sizeof stream->bound_host);
	stream->max_sessions = or_default(options->max_sessions, MAX_SESSIONS);
	stream->stall_ms = or_default(options->stall_ms, STALL_MS);
	stream->client_bytes = or_default(options->client_bytes, CLIENT_BYTES);
	stream->attempt_bytes = or_default(options->attempt_bytes, ATTEMPT_BYTES);
	stream->event_bytes = or_default(options->event_bytes, EVENT_BYTES);
	stream->explain_rate = or_default(options->explain_rate, EXPLAIN_RATE);
	stream->company = (struct company){.deserted = options->deserted,
		.data = options->deserted_data,
		.alone_ms = options->alone_ms};
	hub->held.limit = or_default(options->held_bytes, hub->held.limit);
	if (!(stream->retries = retries_new(store, err)) ||
		(options->token_file && !(stream->tokens = tokens_load(options->token_file, err))) ||
		!listen_on(stream, options, err)) {
		release(stream);
		return NULL;
	}
	begin_forwarding(stream, options->waiting);
	lws_sul_schedule(context, 0, &stream->tick, tick, TICK_US);
	company_begin(stream);
	return stream;
}

int stream_port(const struct stream *stream) {
	return lws_get_vhost_listen_port(stream->vhost);
}

struct stream_state stream_state(const struct stream *stream) {
	return stream->state;
}

const struct retries *stream_retries(const struct stream *stream) {
	return stream->retries;
}

void stream_say_bye(struct stream *stream) {
	stream->stopping = true;
	for (struct session *session = stream->sessions; session; session = session_next(session)) {
		session_say_bye(session);
	}
}

static void hang_up(struct stream *stream) {
	while (stream->sessions) {
		struct session *session = stream->sessions;
		struct connection *connection = lws_wsi_user(session_socket(session));
		connection->session = NULL;
		session_cut(session);
		session_free(session);
	}
}

void stream_free(struct stream *stream) {
	if (!stream) {
		return;
	}
	struct shell *shell = lws_protocol_vh_priv_get(stream->vhost, &protocols[1]);
	shell->stream = NULL;
	lws_sul_cancel(&stream->tick);
	company_end(stream);
	end_forwarding(stream);
	hang_up(stream);
	jobs_leave(stream);
	release(stream);
}
