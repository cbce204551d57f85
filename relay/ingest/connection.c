#include "relay/ingest/connection.h"

#include <libwebsockets.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/alloc.h"

/* One write of at most so much; what is beyond waits until the socket takes more. */
#define WRITE_BYTES ((size_t)64 * 1024)
/* How much of a refused request's first line is kept. */
#define LINE_BYTES 200
/* A connection this small is never refused for the memory of all. */
#define SMALL_BYTES ((int64_t)16 * 1024)
/* More than one buffer of libwebsockets behind a request cannot be; if it is, the pause was not heeded. */
#define LEFTOVER_BYTES ((size_t)256 * 1024)

static const char continue_line[] = "HTTP/1.1 100 Continue\r\n\r\n";

struct connection *connection_new(struct listener *listener) {
	struct connection *connection = alloc_zero(1, sizeof *connection);
	connection->listener = listener;
	connection->extra = alloc_zero(1, listener->handler.extra_bytes);
	connection->phase = PHASE_HEAD;
	connection->half_open = -1;
	connection->since_ms = uv_now(listener->loop);
	http_reader_init(&connection->reader, &listener->limits.http);
	connection->next = listener->first;
	if (listener->first) {
		listener->first->previous = connection;
	}
	listener->first = connection;
	listener->counts.connections++;
	return connection;
}

static void unlink_connection(struct connection *connection) {
	struct listener *listener = connection->listener;
	if (connection->previous) {
		connection->previous->next = connection->next;
	} else {
		listener->first = connection->next;
	}
	if (connection->next) {
		connection->next->previous = connection->previous;
	}
}

static void leave_address(struct connection *connection) {
	if (connection->counted) {
		connection->counted = false;
		addresses_leave(connection->listener->addresses, &connection->address);
	}
}

static void connection_free(struct connection *connection) {
	struct listener *listener = connection->listener;
	leave_address(connection);
	if (listener->handler.forget) {
		listener->handler.forget(listener->data, connection->extra);
	}
	listener->counts.buffered_bytes -= connection->buffered;
	http_reader_clear(&connection->reader);
	buffer_clear(&connection->leftover);
	buffer_clear(&connection->out);
	free(connection->extra);
	free(connection);
	listener_release(listener);
}

static void enter_phase(struct connection *connection, enum phase phase) {
	connection->phase = phase;
	connection->since_ms = uv_now(connection->listener->loop);
	connection->phase_bytes = 0;
}

static void count_buffered(struct connection *connection) {
	const struct http_reader *reader = &connection->reader;
	int64_t now =
		(int64_t)(reader->head.capacity + reader->body.capacity + reader->trailers.capacity +
				  connection->leftover.capacity + connection->out.capacity);
	connection->listener->counts.buffered_bytes += now - connection->buffered;
	connection->buffered = now;
}

static void let_receive(struct connection *connection, bool receive) {
	if (connection->wsi && connection->paused == receive) {
		connection->paused = !receive;
		lws_rx_flow_control(connection->wsi, receive);
	}
}

/*
 * While an answer is owed nothing more is taken, but stopping the socket costs three system calls a request: so it is
 * stopped when something really comes. Under TLS a last word could not be told from a full end, so it is stopped at once.
 */
static bool may_receive(const struct connection *connection) {
	switch (connection->phase) {
	case PHASE_BUSY:
		return connection->leftover.len == 0 && !connection->listener->tls;
	case PHASE_ANSWER:
		return false;
	case PHASE_IDLE:
	case PHASE_HEAD:
	case PHASE_BODY:
	case PHASE_LINGER:
		return true;
	}
	return true;
}

/* Calls nest; the outermost one ends the connection, so that nobody below it is left with freed memory. */
static void hold(struct connection *connection) {
	connection->depth++;
}

static void release(struct connection *connection) {
	if (--connection->depth > 0 || !connection->wsi) {
		return;
	}
	if (connection->ends) {
		if (!connection->in_callback) {
			lws_set_timeout(connection->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
		}
		return;
	}
	count_buffered(connection);
	let_receive(connection, may_receive(connection));
}

void connection_end(struct connection *connection) {
	hold(connection);
	connection->ends = true;
	release(connection);
}

/* The peer gets the end of the stream, and a second to say what it still has to say: see PHASE_LINGER. */
static void linger(struct connection *connection) {
	if (!connection->listener->tls) {
		shutdown(lws_get_socket_fd(connection->wsi), SHUT_WR);
	}
	buffer_clear(&connection->leftover);
	http_reader_clear(&connection->reader);
	enter_phase(connection, PHASE_LINGER);
}

static void end_answer(struct connection *connection) {
	buffer_clear(&connection->out);
	connection->drip_ms = 0;
	if (connection->closes) {
		linger(connection);
		return;
	}
	size_t used;
	http_reader_feed(&connection->reader, NULL, 0, &used); /* gives the memory back */
	enter_phase(connection, PHASE_IDLE);
}

static bool write_now(struct connection *connection, char *data, size_t len) {
	if (lws_write(connection->wsi, (unsigned char *)data, len, LWS_WRITE_RAW) < (int)len) {
		connection->ends = true;
		return false;
	}
	return true;
}

/* How much of `out` may have been sent by now: the first byte at once, and one more each tick at least. */
static size_t drops_due(const struct connection *connection) {
	const struct listener *listener = connection->listener;
	size_t len = connection->out.len - LWS_PRE;
	uint64_t elapsed_ms = uv_now(listener->loop) - connection->since_ms;
	if (listener->draining || elapsed_ms >= (uint64_t)connection->drip_ms) {
		return connection->out.len;
	}
	return LWS_PRE + 1 +
	       (size_t)((double)(len - 1) * (double)elapsed_ms / (double)connection->drip_ms);
}

/* Writes what of `out` is due and the socket takes. */
static void write_out(struct connection *connection) {
	struct buffer *out = &connection->out;
	size_t until = connection->drip_ms > 0 ? drops_due(connection) : out->len;
	if (!lws_partial_buffered(connection->wsi) && connection->out_sent < until) {
		size_t len = until - connection->out_sent;
		len = len < WRITE_BYTES ? len : WRITE_BYTES;
		if (!write_now(connection, out->data + connection->out_sent, len)) {
			return;
		}
		connection->out_sent += len;
	}
	if (connection->out_sent < until || lws_partial_buffered(connection->wsi)) {
		lws_callback_on_writable(connection->wsi);
	} else if (until == out->len) {
		end_answer(connection);
	}
}

/* Small answers go out at once: a turn of the loop less for each request. */
static void send_answer(struct connection *connection) {
	struct buffer *scratch = &connection->listener->scratch;
	size_t len = scratch->len - LWS_PRE;
	enter_phase(connection, PHASE_ANSWER);
	if (len <= WRITE_BYTES && connection->drip_ms == 0 && !lws_partial_buffered(connection->wsi)) {
		if (!write_now(connection, scratch->data + LWS_PRE, len)) {
			return;
		}
		if (!lws_partial_buffered(connection->wsi)) {
			end_answer(connection);
			return;
		}
		lws_callback_on_writable(connection->wsi);
		return;
	}
	buffer_clear(&connection->out);
	connection->out = *scratch;
	*scratch = (struct buffer){0};
	connection->out_sent = LWS_PRE;
	write_out(connection);
}

/* Puts the answer into the scratch buffer, behind LWS_PRE bytes. */
static void make_answer(struct connection *connection, const struct answer *answer) {
	struct listener *listener = connection->listener;
	const struct message *message = &connection->reader.message;
	struct answer_form form = {
		.head_only = span_is(message->method, "HEAD"),
		.says_keep_alive = span_is(message->version, "HTTP/1.0"),
		.date = listener_date(listener),
	};
	buffer_reset(&listener->scratch);
	buffer_reserve(&listener->scratch, LWS_PRE);
	listener->scratch.len = LWS_PRE;
	answer_append(&listener->scratch, answer, &form);
}

static void answer(struct connection *connection, const struct answer *given) {
	struct answer answer = *given;
	answer.close |= connection->listener->draining || !connection->reader.keep_alive;
	connection->closes = answer.close;
	make_answer(connection, &answer);
	send_answer(connection);
}

/* The beginning of the request, up to the end of its first line. */
static struct span first_line(const struct connection *connection) {
	struct span line = buffer_span(&connection->reader.head);
	line.len = line.len < LINE_BYTES ? line.len : LINE_BYTES;
	line.len = span_find(line, '\n');
	line.len = span_find(line, '\r');
	return line;
}

static void tell_refusal(struct connection *connection, int status, const char *reason) {
	struct listener *listener = connection->listener;
	if (!listener->handler.refused) {
		return;
	}
	uv_timeval64_t now;
	uv_gettimeofday(&now);
	struct refusal refusal = {
		.at_ns = now.tv_sec * INT64_C(1000000000) + now.tv_usec * INT64_C(1000),
		.peer = connection_peer(connection),
		.status = status,
		.reason = span_text(reason),
		.line = first_line(connection),
	};
	listener->handler.refused(listener->data, &refusal);
}

/* Header lines a status asks for. */
static struct span headers_of_status(int status) {
	switch (status) {
	case 405:
		return span_text("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n");
	case 429:
	case 503:
		return span_text("Retry-After: 5\r\n");
	default:
		return (struct span){0};
	}
}

/* Answers and closes: after a refusal nothing more of the connection is believed. */
static void refuse(struct connection *connection, int status, const char *reason) {
	tell_refusal(connection, status, reason);
	struct buffer body = {0};
	buffer_printf(&body, "%s\n", reason);
	answer(connection, &(struct answer){
						   .status = status,
						   .type = "text/plain",
						   .headers = headers_of_status(status),
						   .body = buffer_span(&body),
						   .close = true,
					   });
	buffer_clear(&body);
}

static void on_head(struct connection *connection, bool body_has_begun) {
	struct listener *listener = connection->listener;
	const char *reason = "";
	int status = listener->handler.check
	                 ? listener->handler.check(listener->data, &connection->reader.message, &reason)
	                 : 0;
	if (status) {
		refuse(connection, status, reason);
		return;
	}
	enter_phase(connection, PHASE_BODY);
	if (connection->reader.expects_continue && !body_has_begun) {
		char line[LWS_PRE + sizeof continue_line];
		memcpy(line + LWS_PRE, continue_line, sizeof continue_line);
		write_now(connection, line + LWS_PRE, sizeof continue_line - 1);
	}
}

static void on_message(struct connection *connection) {
	struct listener *listener = connection->listener;
	enter_phase(connection, PHASE_BUSY);
	listener->handed_out++;
	listener->handler.request(listener->data, connection, &connection->reader.message);
}

static bool too_much_is_buffered(const struct connection *connection) {
	const struct listener *listener = connection->listener;
	return connection->buffered > SMALL_BYTES &&
	       listener->counts.buffered_bytes > listener->limits.buffered_bytes;
}

/* True: feed on. */
static bool step(struct connection *connection, enum http_event event, bool bytes_left) {
	switch (event) {
	case HTTP_MORE:
		count_buffered(connection);
		if (too_much_is_buffered(connection)) {
			refuse(connection, 503, "too much is being received at once, try again later");
		}
		return false;
	case HTTP_HEAD:
		on_head(connection, bytes_left);
		return true;
	case HTTP_MESSAGE:
		on_message(connection);
		return true;
	case HTTP_REFUSED:
		refuse(connection, connection->reader.status, connection->reader.reason);
		return false;
	}
	return false;
}

static bool reads(const struct connection *connection) {
	return connection->phase <= PHASE_BODY && !connection->ends && connection->wsi;
}

/* Feeds what is there until an answer has to be waited for; returns how much was used. */
static size_t run(struct connection *connection, struct span input) {
	size_t total = 0;
	bool on = true;
	while (on && reads(connection) && (total < input.len || connection->phase == PHASE_BODY)) {
		size_t used = 0;
		enum http_event event =
			http_reader_feed(&connection->reader, input.data + total, input.len - total, &used);
		total += used;
		connection->phase_bytes += (int64_t)used;
		if (connection->phase == PHASE_IDLE && !http_reader_is_idle(&connection->reader)) {
			enter_phase(connection, PHASE_HEAD);
		}
		if (connection->begun_ns == 0 && connection->reader.started) {
			connection->begun_ns = uv_hrtime();
		}
		on = step(connection, event, total < input.len);
	}
	return total;
}

/* After an answer: what came meanwhile. */
static void run_leftover(struct connection *connection) {
	if (connection->leftover.len > 0) {
		struct buffer input = connection->leftover;
		connection->leftover = (struct buffer){0};
		size_t used = run(connection, buffer_span(&input));
		if (reads(connection) || connection->phase >= PHASE_LINGER || used == input.len) {
			buffer_clear(&input);
		} else {
			buffer_drop_front(&input, used);
			connection->leftover = input;
		}
	}
}

int connection_receive(struct connection *connection, const char *data, size_t len) {
	hold(connection);
	connection->in_callback = true;
	struct span input = {data, len};
	if (reads(connection)) {
		input = span_after(input, run(connection, input));
	}
	/* What comes while an answer is owed waits; libwebsockets hands over at most one buffer before it heeds the pause. */
	if (connection->phase == PHASE_BUSY || connection->phase == PHASE_ANSWER) {
		buffer_append_span(&connection->leftover, input);
		connection->ends |= connection->leftover.len > LEFTOVER_BYTES;
	}
	release(connection);
	connection->in_callback = false;
	return connection->ends ? -1 : 0;
}

int connection_writable(struct connection *connection) {
	hold(connection);
	connection->in_callback = true;
	if (connection->phase == PHASE_ANSWER) {
		write_out(connection);
		run_leftover(connection);
	}
	release(connection);
	connection->in_callback = false;
	return connection->ends ? -1 : 0;
}

/* The last answer, to a peer that only listens any more: what the socket does not take at once is lost. */
static void answer_half_open(struct connection *connection, const struct answer *given) {
	struct answer last = *given;
	last.close = true;
	make_answer(connection, &last);
	const struct buffer *scratch = &connection->listener->scratch;
	ssize_t sent = send(connection->half_open, scratch->data + LWS_PRE, scratch->len - LWS_PRE,
		MSG_DONTWAIT | MSG_NOSIGNAL);
	(void)sent;
	shutdown(connection->half_open, SHUT_WR);
	close(connection->half_open);
	connection->half_open = -1;
	connection->listener->half_open--;
}

void connection_ending(struct connection *connection) {
	struct listener *listener = connection->listener;
	if (connection->phase == PHASE_BUSY && !connection->ends && !listener->tls) {
		connection->half_open = dup(lws_get_socket_fd(connection->wsi));
		listener->half_open += connection->half_open >= 0;
	}
}

bool connection_is_deserted(const struct connection *connection) {
	struct pollfd last = {.fd = connection->half_open};
	bool reset = last.fd >= 0 && poll(&last, 1, 0) > 0 && (last.revents & (POLLERR | POLLHUP));
	return !connection->wsi && (last.fd < 0 || reset);
}

void connection_drip(struct connection *connection, const struct answer *answer, int64_t over_ms) {
	connection->drip_ms = over_ms;
	connection_answer(connection, answer);
}

void connection_hang_up(struct connection *connection) {
	struct listener *listener = connection->listener;
	listener->handed_out--;
	if (connection->half_open >= 0) {
		close(connection->half_open);
		connection->half_open = -1;
		listener->half_open--;
	}
	if (!connection->wsi) {
		connection_free(connection);
		return;
	}
	hold(connection);
	connection->ends = true;
	enter_phase(connection, PHASE_LINGER);
	release(connection);
}

void connection_answer(struct connection *connection, const struct answer *given) {
	connection->listener->handed_out--;
	if (connection->half_open >= 0) {
		answer_half_open(connection, given);
	}
	if (!connection->wsi) {
		connection_free(connection);
		return;
	}
	bool nested = connection->depth > 0;
	hold(connection);
	answer(connection, given);
	connection->begun_ns = 0;
	if (!nested) {
		run_leftover(connection);
	}
	release(connection);
}

static const char *cut_off_in(enum phase phase) {
	switch (phase) {
	case PHASE_HEAD:
		return "the connection ended in the middle of a head";
	case PHASE_BODY:
		return "the connection ended in the middle of a body";
	case PHASE_ANSWER:
		return "the connection ended before the answer was taken";
	case PHASE_IDLE:
	case PHASE_BUSY:
	case PHASE_LINGER:
		return NULL;
	}
	return NULL;
}

void connection_gone(struct connection *connection) {
	struct listener *listener = connection->listener;
	const char *cut_off = cut_off_in(connection->phase);
	if (cut_off && !connection->ends && connection->reader.started) {
		tell_refusal(connection, 0, cut_off);
	}
	if (!connection->gone) {
		connection->gone = true;
		connection->wsi = NULL;
		unlink_connection(connection);
		listener->counts.connections--;
		if (connection->half_open < 0) {
			leave_address(connection);
		}
	}
	if (connection->phase != PHASE_BUSY) {
		connection_free(connection);
	}
}

static void on_deadline(struct connection *connection) {
	switch (connection->phase) {
	case PHASE_HEAD:
		if (connection->reader.started) {
			refuse(connection, 408, "the head did not arrive in time");
		} else {
			connection->ends = true;
		}
		return;
	case PHASE_BODY:
		refuse(connection, 408, "the body did not arrive in time");
		return;
	case PHASE_ANSWER:
		tell_refusal(connection, 0, "the client did not take its answer in time");
		connection->ends = true;
		return;
	case PHASE_IDLE:
	case PHASE_BUSY:
	case PHASE_LINGER:
		connection->ends = true;
		return;
	}
}

void connection_tick(struct connection *connection, uint64_t now_ms) {
	const struct deadlines *deadlines = &connection->listener->limits.deadlines;
	int64_t elapsed_ms = (int64_t)(now_ms - connection->since_ms);
	if (connection->phase == PHASE_ANSWER &&
		elapsed_ms < connection->drip_ms + deadlines->answer_ms && connection->drip_ms > 0) {
		hold(connection);
		write_out(connection);
		run_leftover(connection);
		release(connection);
		return;
	}
	if (deadline_passed(deadlines, connection->phase, elapsed_ms, connection->phase_bytes)) {
		hold(connection);
		on_deadline(connection);
		release(connection);
	}
}

/* What the system has received and we have not read yet is a request, too. */
static bool has_unread(const struct connection *connection) {
	char byte;
	return recv(lws_get_socket_fd(connection->wsi), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void connection_end_if_idle(struct connection *connection) {
	if (connection->phase == PHASE_IDLE && !connection->reader.started && !has_unread(connection)) {
		connection_end(connection);
	}
}

void *connection_extra(struct connection *connection) {
	return connection->extra;
}

struct span connection_peer(const struct connection *connection) {
	return span_text(connection->peer);
}

uint64_t connection_begun_ns(const struct connection *connection) {
	return connection->begun_ns;
}
