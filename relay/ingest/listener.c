#define _GNU_SOURCE /* accept4 */
#include "relay/ingest/listener.h"

#include <errno.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/alloc.h"
#include "relay/certificate.h"
#include "relay/ingest/connection.h"
#include "relay/log.h"

#define BACKLOG 4096
#define ACCEPTS_A_TURN 64
#define TICK_MS 250
#define PAUSE_MS 100
#define COMPLAIN_MS 1000
#define YOUNG_MS 500

static int on_event(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
	(void)user;
	switch (reason) {
	case LWS_CALLBACK_RAW_RX:
		return connection_receive(lws_get_opaque_user_data(wsi), in, len);
	case LWS_CALLBACK_RAW_WRITEABLE:
		return connection_writable(lws_get_opaque_user_data(wsi));
	case LWS_CALLBACK_RAW_CLOSE: {
		struct connection *connection = lws_get_opaque_user_data(wsi);
		if (connection) {
			lws_set_opaque_user_data(wsi, NULL);
			connection_ending(connection);
			connection_gone(connection);
		}
		return 0;
	}
	default:
		return 0;
	}
}

/* The first is what a stranger would land on, were there a way to: it has none. */
static const struct lws_protocols protocols[] = {
	{.name = "none", .callback = lws_callback_http_dummy},
	{.name = "http-raw", .callback = on_event, .per_session_data_size = sizeof(void *)},
	{0},
};

const char *listener_date(struct listener *listener) {
	time_t now = time(NULL);
	if (now != listener->date_s) {
		static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
		static const char *const months[] = {
			"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
		struct tm tm;
		gmtime_r(&now, &tm);
		char date[64];
		snprintf(date, sizeof date, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday],
			tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
		snprintf(listener->date, sizeof listener->date, "%.31s", date);
		listener->date_s = now;
	}
	return listener->date;
}

static void on_tick(uv_timer_t *timer) {
	struct listener *listener = timer->data;
	uint64_t now_ms = uv_now(listener->loop);
	struct connection *next;
	for (struct connection *at = listener->first; at; at = next) {
		next = at->next; /* a look may end this one, and no other */
		connection_tick(at, now_ms);
	}
	if (!listener->first) {
		uv_timer_stop(timer);
	}
}

/* Says in one packet why, and hangs up; for connections that get no struct of their own. */
static void turn_away(
	struct listener *listener, int socket, const char *peer, int status, const char *reason) {
	listener->counts.turned_away++;
	if (!listener->tls) {
		struct buffer out = {0};
		answer_append(&out,
			&(struct answer){
				.status = status, .headers = span_text("Retry-After: 5\r\n"), .close = true},
			&(struct answer_form){.date = listener_date(listener)});
		ssize_t sent = send(socket, out.data, out.len, MSG_DONTWAIT | MSG_NOSIGNAL);
		(void)sent;
		buffer_clear(&out);
		shutdown(socket, SHUT_WR);
		char dropped[4096]; /* what is left unread would turn the close into a reset */
		sent = recv(socket, dropped, sizeof dropped, MSG_DONTWAIT);
	}
	close(socket);
	if (listener->handler.refused) {
		struct timespec now;
		clock_gettime(CLOCK_REALTIME, &now);
		struct refusal refusal = {
			.at_ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec,
			.peer = span_text(peer),
			.status = status,
			.reason = span_text(reason),
		};
		listener->handler.refused(listener->data, &refusal);
	}
}

static void adopt(
	struct listener *listener, int socket, const struct address *address, const char *peer) {
	struct connection *connection = connection_new(listener);
	connection->counted = !address_is_loopback(address);
	connection->address = *address;
	memcpy(connection->peer, peer, sizeof connection->peer);
	lws_adopt_desc_t adoption = {
		.vh = listener->vhost,
		.type = LWS_ADOPT_SOCKET | (listener->tls ? LWS_ADOPT_ALLOW_SSL : 0),
		.fd.sockfd = socket,
		.vh_prot_name = "http-raw",
		.opaque = connection,
	};
	connection->depth++; /* not freed while it is being adopted */
	enum phase phase = connection->phase;
	connection->phase = PHASE_BUSY;
	struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&adoption);
	connection->phase = phase;
	connection->depth--;
	if (!wsi) {
		connection->ends = true;
		connection_gone(connection);
		return;
	}
	connection->wsi = wsi;
	listener->counts.accepted++;
	if (!uv_is_active((uv_handle_t *)&listener->ticks)) {
		uv_timer_start(&listener->ticks, on_tick, TICK_MS, TICK_MS);
	}
}

void listener_welcome(struct listener *listener, int socket, const struct sockaddr *from) {
	char peer[PEER_TEXT_LEN];
	struct address address = address_of(from, peer);
	const struct listener_limits *limits = &listener->limits;
	if (listener->counts.connections + listener->half_open >= limits->connections) {
		turn_away(listener, socket, peer, 503, "more connections than the limit");
		return;
	}
	if (!address_is_loopback(&address)) {
		size_t count = addresses_enter(listener->addresses, &address);
		if (count == 0 || (int64_t)count > limits->connections_per_address) {
			if (count > 0) {
				addresses_leave(listener->addresses, &address);
			}
			turn_away(listener, socket, peer, 429, "more connections than one address may have");
			return;
		}
	}
	adopt(listener, socket, &address, peer);
}

static void on_pause_over(uv_timer_t *timer);
static void on_accept(uv_poll_t *handle, int status, int events);

static void take_a_pause(struct listener *listener) {
	uint64_t now_ms = uv_now(listener->loop);
	if (listener->complained_ms == 0 || now_ms - listener->complained_ms >= COMPLAIN_MS) {
		listener->complained_ms = now_ms;
		log_write(LOG_WARNING, "cannot accept connections for a moment listener=%s why=%s",
			listener->name, strerror(errno));
	}
	uv_poll_stop(&listener->accepts);
	uv_timer_start(&listener->pause, on_pause_over, PAUSE_MS, 0);
}

static void on_accept(uv_poll_t *handle, int status, int events) {
	(void)status;
	(void)events;
	struct listener *listener = handle->data;
	for (int i = 0; i < ACCEPTS_A_TURN && !listener->draining; i++) {
		struct sockaddr_storage from = {0};
		socklen_t len = sizeof from;
		int socket =
			accept4(listener->socket, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (socket >= 0) {
			listener_welcome(listener, socket, (struct sockaddr *)&from);
		} else if (errno == EAGAIN) {
			return;
		} else if (errno != EINTR && errno != ECONNABORTED) {
			take_a_pause(listener);
			return;
		}
	}
}

static void on_pause_over(uv_timer_t *timer) {
	struct listener *listener = timer->data;
	if (!listener->draining) {
		uv_poll_start(&listener->accepts, UV_READABLE, on_accept);
	}
}

static bool resolve(const struct listen_address *address, struct sockaddr_storage *found,
	socklen_t *len, struct error *err) {
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	char port[16];
	snprintf(port, sizeof port, "%d", address->port);
	bool local = strcmp(address->host, "localhost") == 0;
	int failed = getaddrinfo(local ? "127.0.0.1" : address->host, port, &hints, &list);
	if (failed) {
		return error_set(err, ERROR_CONFIG, "address %s: %s", address->host, gai_strerror(failed));
	}
	memcpy(found, list->ai_addr, list->ai_addrlen);
	*len = list->ai_addrlen;
	freeaddrinfo(list);
	return true;
}

static bool bind_error(const struct listener_options *options, struct error *err) {
	int why = errno;
	const char *name = options->name;
	if (why == EADDRINUSE) {
		return error_set(err, ERROR_IO,
			"%s: port %d on %s is in use by another program: end it, or choose another address "
			"with "
			"--%s or %s.listen",
			name, options->address.port, options->address.host, name, name);
	}
	if (why == EACCES) {
		return error_set(err, ERROR_IO,
			"%s: port %d needs rights this user does not have: choose one from 1024 up with --%s "
			"or "
			"%s.listen",
			name, options->address.port, name, name);
	}
	return error_set(err, ERROR_IO,
		"%s: listen on %s port %d: %s (--%s or %s.listen chooses another)", name,
		options->address.host, options->address.port, strerror(why), name, name);
}

static int bound_port(int socket) {
	struct sockaddr_storage own;
	socklen_t len = sizeof own;
	if (getsockname(socket, (struct sockaddr *)&own, &len)) {
		return 0;
	}
	return ntohs(own.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&own)->sin6_port
										   : ((struct sockaddr_in *)&own)->sin_port);
}

/* Options of the listening socket pass on to those it accepts. */
static bool open_socket(
	struct listener *listener, const struct listener_options *options, struct error *err) {
	struct sockaddr_storage address;
	socklen_t len;
	if (!resolve(&options->address, &address, &len, err)) {
		return error_prefix(err, "%s", options->name);
	}
	int one = 1;
	listener->socket = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (listener->socket < 0 ||
		setsockopt(listener->socket, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
		setsockopt(listener->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) ||
		bind(listener->socket, (struct sockaddr *)&address, len) ||
		listen(listener->socket, BACKLOG)) {
		return bind_error(options, err);
	}
	listener->port = bound_port(listener->socket);
	return true;
}

static bool make_vhost(
	struct listener *listener, const struct listener_options *options, struct error *err) {
	struct lws_context_creation_info info = {
		.vhost_name = listener->name,
		.port = CONTEXT_PORT_NO_LISTEN_SERVER,
		.protocols = protocols,
		.alpn = "http/1.1",
		.user = listener,
	};
	if (options->certificate) {
		if (!certificate_check(options->certificate, options->key, err)) {
			return error_prefix(err, "%s", options->name);
		}
		listener->tls = true;
		snprintf(listener->certificate, sizeof listener->certificate, "%s", options->certificate);
		snprintf(listener->key, sizeof listener->key, "%s", options->key);
		info.ssl_cert_filepath = listener->certificate;
		info.ssl_private_key_filepath = listener->key;
		info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
		info.ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION |
		                       SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET;
	}
	listener->vhost = lws_create_vhost(listener->context, &info);
	return listener->vhost || error_set(err, ERROR_IO, "%s: cannot be set up", options->name);
}

static void start_handles(struct listener *listener) {
	uv_poll_init(listener->loop, &listener->accepts, listener->socket);
	uv_timer_init(listener->loop, &listener->ticks);
	uv_timer_init(listener->loop, &listener->pause);
	listener->accepts.data = listener->ticks.data = listener->pause.data = listener;
	listener->open_handles = 3;
	uv_poll_start(&listener->accepts, UV_READABLE, on_accept);
}

static uint64_t random_seed(void) {
	uint64_t seed = 0;
	if (uv_random(NULL, NULL, &seed, sizeof seed, 0, NULL) != 0) {
		abort();
	}
	return seed;
}

struct listener *listener_new(struct lws_context *context, uv_loop_t *loop,
	const struct listener_options *options, struct error *err) {
	struct listener *listener = alloc_zero(1, sizeof *listener);
	listener->context = context;
	listener->loop = loop;
	listener->socket = -1;
	listener->limits = options->limits;
	listener->handler = options->handler;
	listener->data = options->data;
	listener->addresses = addresses_new((size_t)options->limits.connections, random_seed());
	snprintf(listener->name, sizeof listener->name, "%s", options->name);
	if (!open_socket(listener, options, err) || !make_vhost(listener, options, err)) {
		listener_free(listener);
		return NULL;
	}
	start_handles(listener);
	return listener;
}

void listener_set_limits(struct listener *listener, const struct listener_limits *limits) {
	int64_t connections = listener->limits.connections;
	listener->limits = *limits;
	listener->limits.connections = connections;
}

bool listener_reload_tls(struct listener *listener, struct error *err) {
	if (!listener->tls) {
		return true;
	}
	if (!certificate_check(listener->certificate, listener->key, err)) {
		return error_prefix(err, "%s", listener->name);
	}
	lws_tls_cert_updated(listener->context, listener->certificate, listener->key, NULL, 0, NULL, 0);
	return true;
}

int listener_port(const struct listener *listener) {
	return listener->port;
}

struct listener_counts listener_counts(const struct listener *listener) {
	return listener->counts;
}

void listener_drain(struct listener *listener) {
	if (listener->draining) {
		return;
	}
	if (listener->open_handles > 0) {
		on_accept(
			&listener->accepts, 0, UV_READABLE); /* who waits already was promised a connection */
		uv_poll_stop(&listener->accepts);
	}
	listener->draining = true;
	if (listener->socket >= 0) {
		close(listener->socket);
		listener->socket = -1;
	}
	struct connection *next;
	for (struct connection *at = listener->first; at; at = next) {
		next = at->next;
		connection_end_if_idle(at);
	}
}

/* A connection this young has its request on the way. */
static bool may_begin(const struct connection *connection, uint64_t now_ms) {
	return connection->phase == PHASE_HEAD &&
	       (connection->reader.started || now_ms - connection->since_ms < YOUNG_MS);
}

int64_t listener_in_flight(const struct listener *listener) {
	int64_t count = listener->handed_out;
	uint64_t now_ms = uv_now(listener->loop);
	for (const struct connection *at = listener->first; at; at = at->next) {
		count += at->phase == PHASE_BODY || at->phase == PHASE_ANSWER || may_begin(at, now_ms);
	}
	return count;
}

static void on_handle_closed(uv_handle_t *handle) {
	struct listener *listener = handle->data;
	listener->open_handles--;
	listener_release(listener);
}

void listener_release(struct listener *listener) {
	if (!listener->freed || listener->first || listener->handed_out > 0 ||
		listener->open_handles > 0) {
		return;
	}
	addresses_free(listener->addresses);
	buffer_clear(&listener->scratch);
	free(listener);
}

void listener_free(struct listener *listener) {
	if (!listener) {
		return;
	}
	listener_drain(listener);
	if (listener->open_handles > 0) {
		uv_close((uv_handle_t *)&listener->accepts, on_handle_closed);
		uv_close((uv_handle_t *)&listener->ticks, on_handle_closed);
		uv_close((uv_handle_t *)&listener->pause, on_handle_closed);
	}
	while (listener->first) {
		connection_end(listener->first);
	}
	listener->freed = true;
	listener_release(listener);
}
