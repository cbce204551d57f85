#include "tui/deliver/connection.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "tui/deliver/target.h"

#define READ_BYTES 65536
/* Reads in a row before others get their turn. */
#define READS_MAX 16
/* libcurl watches at most two sockets of one connect: IPv6 and IPv4. */
#define WATCHES_MAX 4

/* A descriptor libcurl wants watched while it connects. Freed when uv has closed it. */
struct watch {
	uv_poll_t poll;
	curl_socket_t socket;
	struct connection *connection;
};

/*
 * Each has a multi handle of its own: a shared one looks through its connections on every new connect and closes
 * those that have bytes waiting, taking them for dead; ours wait for us.
 */
struct connection {
	uv_loop_t *loop;
	CURLM *multi;
	CURL *easy;
	char *base;
	struct connection_options options;
	struct connection_events events;
	void *data;

	uv_timer_t *timer;                  /* libcurl's */
	struct watch *watches[WATCHES_MAX]; /* while connecting */
	struct watch *io;                   /* once connected */
	int io_events;

	struct span unsent;
	bool plain; /* no TLS */
	bool connected, over;
	bool freed_in_callback, in_callback;
	char refused
		[INET6_ADDRSTRLEN];  /* the address that was not connected to, because it is not loopback */
	bool refused_connection; /* the kernel said: nothing listens there */
	char message[CURL_ERROR_SIZE];
	char *room; /* READ_BYTES */
};

static void closed(uv_handle_t *handle) {
	free(handle->data);
}

static struct watch *watch_new(struct connection *connection, curl_socket_t socket) {
	struct watch *watch = alloc_zero(1, sizeof *watch);
	if (uv_poll_init_socket(connection->loop, &watch->poll, socket) != 0) {
		free(watch);
		return NULL;
	}
	watch->poll.data = watch;
	watch->socket = socket;
	watch->connection = connection;
	return watch;
}

static void watch_close(struct watch *watch) {
	if (watch) {
		watch->connection = NULL;
		uv_close((uv_handle_t *)&watch->poll, closed);
	}
}

static void release(struct connection *connection) {
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		watch_close(connection->watches[i]);
	}
	watch_close(connection->io);
	connection->io = NULL;
	if (connection->easy) {
		/* Callbacks of libcurl during clean-up must not find watches that are gone. */
		curl_multi_setopt(connection->multi, CURLMOPT_SOCKETFUNCTION, NULL);
		curl_multi_setopt(connection->multi, CURLMOPT_TIMERFUNCTION, NULL);
		curl_multi_remove_handle(connection->multi, connection->easy);
		curl_easy_cleanup(connection->easy);
	}
	curl_multi_cleanup(connection->multi);
	uv_timer_stop(connection->timer);
	uv_close((uv_handle_t *)connection->timer, closed);
	free(connection->room);
	free(connection->base);
	free(connection);
}

void connection_free(struct connection *connection) {
	if (!connection) {
		return;
	}
	if (connection->in_callback) {
		connection->freed_in_callback = true;
		return;
	}
	release(connection);
}

void connection_set_data(struct connection *connection, void *data) {
	connection->data = data;
}

bool connection_is_sent(const struct connection *connection) {
	return connection->unsent.len == 0;
}

/* Calls back; returns false when the callback freed the connection. */
static bool tell_received(struct connection *connection, const char *bytes, size_t len) {
	connection->in_callback = true;
	connection->events.received(connection->data, bytes, len);
	connection->in_callback = false;
	if (connection->freed_in_callback) {
		release(connection);
		return false;
	}
	return true;
}

static void tell_ended(struct connection *connection, const struct error *err) {
	connection->over = true;
	if (connection->io) {
		uv_poll_stop(&connection->io->poll);
	}
	connection->in_callback = true;
	connection->events.ended(connection->data, connection->connected, err);
	connection->in_callback = false;
	if (connection->freed_in_callback) {
		release(connection);
	}
}

static void on_io(uv_poll_t *poll, int status, int events);

static void watch_io(struct connection *connection) {
	int events = UV_READABLE | (connection->unsent.len > 0 ? UV_WRITABLE : 0);
	if (connection->io && !connection->over && events != connection->io_events) {
		connection->io_events = events;
		uv_poll_start(&connection->io->poll, events, on_io);
	}
}

/* A failed write is not told: the app may have answered before it closed, and reading finds that out. */
static void send_some(struct connection *connection) {
	while (connection->unsent.len > 0) {
		size_t sent = 0;
		CURLcode code = curl_easy_send(
			connection->easy, connection->unsent.data, connection->unsent.len, &sent);
		if (code == CURLE_AGAIN) {
			break;
		}
		if (code != CURLE_OK) {
			connection->unsent = (struct span){0};
			break;
		}
		connection->unsent = span_after(connection->unsent, sent);
	}
}

static void receive_some(struct connection *connection) {
	char *bytes = connection->room;
	for (int i = 0; i < READS_MAX; i++) {
		size_t len = 0;
		CURLcode code = curl_easy_recv(connection->easy, bytes, READ_BYTES, &len);
		if (code == CURLE_AGAIN) {
			break;
		}
		if (code != CURLE_OK) {
			struct error err = {0};
			error_set(&err, ERROR_APP, "the connection was reset");
			tell_ended(connection, &err);
			return;
		}
		if (len == 0) {
			tell_ended(connection, NULL);
			return;
		}
		if (!tell_received(connection, bytes, len)) {
			return;
		}
		if (len < READ_BYTES && connection->plain) {
			break; /* that was all; TLS may keep more of it to itself */
		}
	}
	watch_io(connection);
}

static void on_io(uv_poll_t *poll, int status, int events) {
	struct watch *watch = poll->data;
	struct connection *connection = watch->connection;
	(void)status; /* an error shows in reading */
	if (!connection || connection->over) {
		return;
	}
	if (events & UV_WRITABLE) {
		send_some(connection);
	}
	receive_some(connection);
}

void connection_send(struct connection *connection, struct span bytes) {
	connection->unsent = bytes;
	if (connection->connected) {
		send_some(connection);
		watch_io(connection);
	}
}

bool connection_is_usable(struct connection *connection) {
	char byte;
	size_t len = 0;
	return connection->connected && !connection->over &&
	       curl_easy_recv(connection->easy, &byte, 1, &len) == CURLE_AGAIN;
}

void connection_expect_more(struct connection *connection) {
#ifdef TCP_QUICKACK
	int at_once = 1;
	if (connection->io) {
		setsockopt(connection->io->socket, IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof at_once);
	}
#else
	(void)connection;
#endif
}

/* --- connecting --- */

static const char *host_of(const struct connection *connection) {
	return strstr(connection->base, "://") + 3;
}

static bool is_tls_code(CURLcode code) {
	return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
	       code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CIPHER ||
	       code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR;
}

static const char *hint_of_localhost(const char *host) {
	if (strncmp(host, "127.0.0.1:", 10) == 0) {
		return " (an app that listens on IPv6 alone is at [::1] or localhost)";
	}
	if (strncmp(host, "[::1]:", 6) == 0) {
		return " (an app that listens on IPv4 alone is at 127.0.0.1 or localhost)";
	}
	return "";
}

/* How OpenSSL tells of plain HTTP: as a TLS of a version there is not, or as a handshake that just ends. */
static bool is_no_tls(const char *message) {
	return strstr(message, "wrong version number") || strstr(message, "SSL_ERROR_SYSCALL") ||
	       strstr(message, "unexpected eof");
}

static const char *hint_of_tls(const struct connection *connection, CURLcode code) {
	if (code == CURLE_PEER_FAILED_VERIFICATION) {
		return " (trust its own with ca=FILE of a route, or any with --insecure)";
	}
	return is_no_tls(connection->message) ? " (nothing there seems to speak TLS: is http:// meant?)"
	                                      : "";
}

/* Says in a sentence why there is no connection. */
static void explain(const struct connection *connection, CURLcode code, struct error *err) {
	const char *host = host_of(connection);
	long os_errno = 0;
	curl_easy_getinfo(connection->easy, CURLINFO_OS_ERRNO, &os_errno);
	if (connection->refused[0]) {
		error_set(err, ERROR_APP, "%s leads to %s, which is not this machine; --anywhere allows it",
			host, connection->refused);
	} else if (code == CURLE_OPERATION_TIMEDOUT) {
		error_set(err, ERROR_APP, "no connection to %s within %" PRId64 " ms", host,
			connection->options.connect_ms);
	} else if (code == CURLE_COULDNT_RESOLVE_HOST) {
		error_set(err, ERROR_APP, "no address is known for %s", host);
	} else if (is_tls_code(code)) {
		error_set(err, ERROR_APP, "TLS with %s failed: %s%s", host,
			connection->message[0] ? connection->message : curl_easy_strerror(code),
			hint_of_tls(connection, code));
	} else if (code == CURLE_COULDNT_CONNECT && os_errno == ECONNREFUSED) {
		error_set(err, ERROR_APP, "connection refused: nothing listens on %s%s", host,
			hint_of_localhost(host));
	} else {
		error_set(err, ERROR_APP, "no connection to %s: %s", host,
			os_errno ? strerror((int)os_errno) : curl_easy_strerror(code));
	}
}

static void on_connected(struct connection *connection) {
	curl_socket_t socket = CURL_SOCKET_BAD;
	curl_easy_getinfo(connection->easy, CURLINFO_ACTIVESOCKET, &socket);
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		watch_close(connection->watches[i]);
		connection->watches[i] = NULL;
	}
	connection->io = socket == CURL_SOCKET_BAD ? NULL : watch_new(connection, socket);
	connection->connected = connection->io != NULL;
	if (!connection->connected) {
		struct error err = {0};
		error_set(&err, ERROR_APP, "no connection to %s", host_of(connection));
		tell_ended(connection, &err);
		return;
	}
	send_some(connection);
	watch_io(connection);
}

/* After every call into libcurl: has the connect come to its end? May free the connection. */
static void check_done(struct connection *connection) {
	int left;
	CURLMsg *message = curl_multi_info_read(connection->multi, &left);
	if (!message || message->msg != CURLMSG_DONE || connection->over) {
		return;
	}
	CURLcode code = message->data.result;
	uv_timer_stop(connection->timer);
	if (code == CURLE_OK) {
		on_connected(connection);
		return;
	}
	struct error err = {0};
	explain(connection, code, &err);
	tell_ended(connection, &err);
}

static void on_timer(uv_timer_t *timer) {
	struct connection *connection = *(struct connection **)timer->data;
	int running;
	curl_multi_socket_action(connection->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	check_done(connection);
}

static void on_ready(uv_poll_t *poll, int status, int events) {
	struct watch *watch = poll->data;
	struct connection *connection = watch->connection;
	if (!connection) {
		return;
	}
	int flags = status < 0 ? CURL_CSELECT_ERR : 0;
	flags |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
	flags |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
	int running;
	curl_multi_socket_action(connection->multi, watch->socket, flags, &running);
	check_done(connection);
}

static struct watch **find_watch(struct connection *connection, curl_socket_t socket) {
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		if (connection->watches[i] && connection->watches[i]->socket == socket) {
			return &connection->watches[i];
		}
	}
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		if (!connection->watches[i]) {
			return &connection->watches[i];
		}
	}
	return NULL;
}

/* CURLMOPT_SOCKETFUNCTION */
static int on_socket(CURL *easy, curl_socket_t socket, int what, void *data, void *unused) {
	struct connection *connection = data;
	(void)easy;
	(void)unused;
	struct watch **watch = find_watch(connection, socket);
	if (!watch) {
		return -1;
	}
	if (what == CURL_POLL_REMOVE) {
		watch_close(*watch);
		*watch = NULL;
		return 0;
	}
	if (!*watch && !(*watch = watch_new(connection, socket))) {
		return -1;
	}
	int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
	uv_poll_start(&(*watch)->poll, events, on_ready);
	return 0;
}

/* CURLMOPT_TIMERFUNCTION */
static int on_timeout(CURLM *multi, long timeout_ms, void *data) {
	struct connection *connection = data;
	(void)multi;
	if (timeout_ms < 0) {
		uv_timer_stop(connection->timer);
	} else {
		uv_timer_start(connection->timer, on_timer, (uint64_t)timeout_ms, 0);
	}
	return 0;
}

/* CURLOPT_OPENSOCKETFUNCTION: names may lead anywhere; what counts is the address. */
static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address) {
	struct connection *connection = data;
	(void)purpose;
	if (!connection->options.anywhere && !address_is_loopback(&address->addr)) {
		const void *ip = address->family == AF_INET6
		                     ? (const void *)&((struct sockaddr_in6 *)&address->addr)->sin6_addr
		                     : (const void *)&((struct sockaddr_in *)&address->addr)->sin_addr;
		inet_ntop(address->family, ip, connection->refused, sizeof connection->refused);
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool set_trust(struct connection *connection) {
	const char *file = connection->options.ca_file;
	return !file || (curl_easy_setopt(connection->easy, CURLOPT_CAINFO, file) == CURLE_OK &&
						curl_easy_setopt(connection->easy, CURLOPT_CAPATH, NULL) == CURLE_OK);
}

static bool set_options(struct connection *connection) {
	CURL *easy = connection->easy;
	long verify = connection->options.insecure ? 0 : 1;
	return curl_easy_setopt(easy, CURLOPT_URL, connection->base) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify * 2) == CURLE_OK &&
	       set_trust(connection) &&
	       curl_easy_setopt(
			   easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connection->options.connect_ms) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, connection) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, connection->message) == CURLE_OK;
}

static bool start(struct connection *connection) {
	CURLM *multi = connection->multi;
	return set_options(connection) &&
	       curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, connection) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timeout) == CURLM_OK &&
	       curl_multi_setopt(multi, CURLMOPT_TIMERDATA, connection) == CURLM_OK &&
	       curl_multi_add_handle(multi, connection->easy) == CURLM_OK;
}

/* The timer carries the way back to the connection; both go when uv has closed it. */
static uv_timer_t *timer_new(struct connection *connection) {
	struct {
		struct connection *connection;
		uv_timer_t timer;
	} *owned = alloc_zero(1, sizeof *owned);
	owned->connection = connection;
	uv_timer_init(connection->loop, &owned->timer);
	owned->timer.data = owned;
	return &owned->timer;
}

struct connection *connection_new(uv_loop_t *loop, const char *base,
	const struct connection_options *options, const struct connection_events *events, void *data,
	struct error *err) {
	struct connection *connection = alloc_zero(1, sizeof *connection);
	connection->loop = loop;
	connection->base = alloc_text(base, strlen(base));
	connection->options = *options;
	connection->events = *events;
	connection->data = data;
	connection->timer = timer_new(connection);
	connection->room = alloc_bytes(READ_BYTES);
	connection->plain = strncmp(base, "http:", 5) == 0;
	connection->multi = curl_multi_init();
	connection->easy = curl_easy_init();
	if (!connection->multi || !connection->easy || !start(connection)) {
		error_set(err, ERROR_APP, "libcurl does not connect to %s", base);
		release(connection);
		return NULL;
	}
	return connection;
}
