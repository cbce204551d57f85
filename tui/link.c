#include "tui/link.h"

#include <errno.h>
#include <libwebsockets.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/alloc.h"
#include "common/frame.h"
#include "common/loop/guest.h"
#include "common/text.h"
#include "common/websocket.h"
#include "tui/link_parts.h"

#define HANDSHAKE_MS 10000
#define RETRY_LEAST_MS 250
#define RETRY_MOST_MS 10000
/* Of what goes out: capacity that is kept. */
#define OUT_KEPT (256 << 10)
/* Bytes of an entry in one frame. */
#define CHUNK (WEBSOCKET_FRAME - FRAME_HEADER_LEN)

/* Half to all of a pause that doubles each time. */
static int64_t next_pause_ms(struct link *link) {
	int64_t pause = link->retry_least_ms;
	for (int i = 0; i < link->failures && pause < link->retry_most_ms; i++) {
		pause *= 2;
	}
	pause = pause < link->retry_most_ms ? pause : link->retry_most_ms;
	link->failures++;
	uint32_t random = 0;
	if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random) {
		random = UINT32_MAX / 2;
	}
	return pause / 2 + (int64_t)((double)random / UINT32_MAX * (double)(pause - pause / 2));
}

static void retry(uv_timer_t *timer) {
	struct link *link = timer->data;
	link_open(link);
}

void link_fail(struct link *link, const struct error *err) {
	if (link->freed || link->over) {
		return;
	}
	buffer_clear(&link->out);
	frame_assembly_clear(&link->in);
	link->in_message = link->in_fragment = false;
	link->up = false;
	link->wsi = NULL;
	link_pulse_end(link);
	link->over = link->once || err->code == ERROR_REFUSED || err->code == ERROR_CONFIG;
	int64_t pause_ms = link->over ? -1 : next_pause_ms(link);
	if (link->over) {
		uv_timer_stop(&link->timer);
	} else {
		uv_timer_start(&link->timer, retry, (uint64_t)pause_ms, 0);
	}
	struct error told = *err;
	link->events.down(link->data, &told, pause_ms);
}

void link_break(struct link *link, const struct error *err) {
	if (link->wsi) {
		lws_set_wsi_user(link->wsi, NULL);
		lws_set_timeout(link->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	}
	link_fail(link, err);
}

static const char *next_mask(struct link *link) {
	if (link->random_left == 0) {
		if (getrandom(link->random, sizeof link->random, 0) != sizeof link->random) {
			abort(); /* the kernel has no random bytes: nothing of ours can be trusted */
		}
		link->random_left = sizeof link->random;
	}
	link->random_left -= WEBSOCKET_MASK_LEN;
	return link->random + link->random_left;
}

/* Everything that came up in this turn of the loop in one go. What the socket has no room for is kept for it. */
static void write_out(void *data) {
	struct link *link = data;
	if (!link->up || link->out.len <= LWS_PRE || lws_partial_buffered(link->wsi)) {
		return; /* the socket says when */
	}
	size_t len = link->out.len - LWS_PRE;
	unsigned char *bytes = (unsigned char *)link->out.data + LWS_PRE;
	/* of its kinds of writing this is the one that takes frames as they are */
	if (lws_write(link->wsi, bytes, len, LWS_WRITE_HTTP) < (int)len) {
		lws_set_timeout(link->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	}
	buffer_reset(&link->out);
	if (link->out.capacity > OUT_KEPT) {
		buffer_clear(&link->out);
	}
}

/* A frame of `header` and `bytes`. */
static void put_frame(
	struct link *link, struct span header, struct span bytes, struct websocket_frame frame) {
	if (link->out.len == 0) {
		buffer_reserve(&link->out, LWS_PRE);
		link->out.len = LWS_PRE;
	}
	size_t begin = websocket_begin(&link->out, true);
	buffer_append_span(&link->out, header);
	buffer_append_span(&link->out, bytes);
	frame.mask = next_mask(link);
	websocket_end(&link->out, begin, &frame);
	turn_want(link->turn);
}

void link_send(struct link *link, struct span message, bool binary) {
	struct websocket_frame frame = {.opcode = binary ? WEBSOCKET_BINARY : WEBSOCKET_TEXT};
	const struct span none = {0};
	while (link->up && message.len > 0) {
		struct span piece = {
			message.data, message.len < WEBSOCKET_FRAME ? message.len : WEBSOCKET_FRAME};
		message = span_after(message, piece.len);
		frame.more = message.len > 0;
		put_frame(link, none, piece, frame);
		frame.opcode = WEBSOCKET_CONTINUATION;
	}
}

void link_send_bytes(struct link *link, uint32_t request, int kind, struct span bytes) {
	while (link->up && bytes.len > 0) {
		struct span piece = {bytes.data, bytes.len < CHUNK ? bytes.len : CHUNK};
		struct frame_header header = {(enum frame_kind)kind, piece.len == bytes.len, request};
		char text[FRAME_HEADER_LEN];
		frame_header_write(text, &header);
		put_frame(link, (struct span){text, sizeof text}, piece,
			(struct websocket_frame){.opcode = WEBSOCKET_BINARY});
		bytes = span_after(bytes, piece.len);
	}
}

/* 0, or -1 to hang up. */
static int receive(struct link *link, struct lws *wsi, const char *data, size_t len) {
	struct frame_piece piece = {.bytes = {data, len},
		.remaining = lws_remaining_packet_payload(wsi),
		.first = !link->in_message,
		.fragment_begin = !link->in_fragment,
		.final_fragment = lws_is_final_fragment(wsi),
		.binary = lws_frame_is_binary(wsi)};
	link->in_message = true;
	link->in_fragment = piece.remaining > 0;
	switch (frame_assembly_add(&link->in, &piece)) {
	case FRAME_MORE:
		return 0;
	case FRAME_TOO_LARGE:
		return -1;
	case FRAME_WHOLE:
		break;
	}
	link->in_message = false;
	if (!link->in.binary && !text_is_utf8(buffer_span(&link->in.bytes))) {
		return -1;
	}
	/* the message may end the link, which clears what it stands in */
	struct frame_assembly whole = link->in;
	link->in = (struct frame_assembly){0};
	link->events.message(link->data, buffer_span(&whole.bytes), whole.binary);
	if (link->freed || link->in.bytes.data) {
		frame_assembly_clear(&whole);
	} else {
		frame_assembly_next(&whole);
		link->in = whole;
	}
	return link->freed || !link->up ? -1 : 0;
}

/* Why the websocket could not be opened, or was closed, in words a person can act on. */
static void explain(const struct link *link, struct lws *wsi, const char *what, struct error *err) {
	int status = wsi ? (int)lws_http_client_http_response(wsi) : 0;
	if (status == 401) {
		error_set(err, ERROR_REFUSED, "the relay at %s does not take %s", link->url_text,
			link->token.len ? "this token: ask for another one and name its file with --token-file"
							: "clients without a token: name the file of yours with --token-file");
	} else if (status == 403) {
		error_set(err, ERROR_REFUSED,
			"the relay at %s does not know itself by the name %s: list it under its stream's "
			"hosts, "
			"or use an address it listens on",
			link->url_text, link->url.host);
	} else if (status == 429 || status == 503) {
		error_set(err, ERROR_UNREACHABLE, "the relay at %s has no room for another client now",
			link->url_text);
	} else if (strstr(what, "cert") || strstr(what, "X509")) {
		error_set(err, ERROR_UNREACHABLE,
			"the certificate of the relay at %s is not trusted: name its CA with --ca-file",
			link->url_text);
	} else if (strstr(what, "SSL err")) {
		error_set(err, ERROR_UNREACHABLE,
			"no TLS with the relay at %s: its certificate is not trusted (name its CA with "
			"--ca-file), or it speaks none",
			link->url_text);
	} else {
		error_set(err, ERROR_UNREACHABLE, "what answers at %s is no relay of hookline%s%s",
			link->url_text, *what ? ": " : "", what);
	}
}

static void on_error(struct link *link, struct lws *wsi, const char *what, size_t len) {
	struct error err = {0};
	char text[160];
	snprintf(text, sizeof text, "%.*s", (int)(what ? len : 0), what ? what : "");
	explain(link, wsi, text, &err);
	link_fail(link, &err);
}

static void on_closed(struct link *link) {
	struct error err = {0};
	error_set(&err, ERROR_UNREACHABLE, "the relay at %s hung up%s", link->url_text,
		link->end_expected ? ", it is stopping" : "");
	link_fail(link, &err);
}

static void on_handshake_late(uv_timer_t *timer) {
	struct link *link = timer->data;
	struct error err = {0};
	error_set(&err, ERROR_UNREACHABLE, "what answers at %s did not finish the handshake in %d s",
		link->url_text, HANDSHAKE_MS / 1000);
	link_break(link, &err);
}

static int add_token(struct link *link, struct lws *wsi, unsigned char **at, size_t len) {
	if (link->token.len == 0) {
		return 0;
	}
	struct buffer value = {0};
	buffer_append_text(&value, "Bearer ");
	buffer_append_span(&value, buffer_span(&link->token));
	int failed = lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_AUTHORIZATION,
		(const unsigned char *)value.data, (int)value.len, at, *at + len);
	buffer_clear(&value);
	return failed ? -1 : 0;
}

static int on_event(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len) {
	struct link *link = lws_wsi_user(wsi);
	(void)user;
	/* What a connection has to say that was given up before is not about this one. */
	if (!link || link->freed || wsi != link->wsi) {
		return reason == LWS_CALLBACK_CLIENT_RECEIVE || reason == LWS_CALLBACK_CLIENT_ESTABLISHED
		           ? -1
		           : 0;
	}
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return add_token(link, wsi, in, len);
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
		return -1; /* the token is for this address alone */
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		uv_timer_stop(&link->timer);
		link->up = true;
		link_pulse_begin(link);
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		link_pulse_heard(link, (struct span){in, len});
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		link_pulse_heard(link, (struct span){0});
		return receive(link, wsi, in, len);
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		write_out(link);
		return link_pulse_write(link);
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		on_error(link, wsi, in, len);
		return 0;
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_WSI_DESTROY: /* a relay that dies during the handshake is told by nothing else */
		on_closed(link);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{FRAME_PROTOCOL, on_event, 0, 65536, 0, NULL, OUT_KEPT},
	{0},
};

static const lws_retry_bo_t liveness = {
	.secs_since_valid_ping = FRAME_SILENCE_S / 3,
	.secs_since_valid_hangup = FRAME_SILENCE_S,
};

void link_shake_hands(struct link *link, const char *address) {
	struct buffer host = {0};
	relay_url_append_host(&host, &link->url);
	struct lws_client_connect_info info = {
		.context = guest_context(link->guest),
		.vhost = link->vhost,
		.address = address,
		.port = link->url.port,
		.ssl_connection = link->url.tls ? LCCSCF_USE_SSL : 0,
		.path = link->url.path,
		.host = buffer_text(&host),
		.protocol = FRAME_PROTOCOL,
		.local_protocol_name = FRAME_PROTOCOL,
		.ietf_version_or_minus_one = -1,
		.userdata = link,
		.pwsi = &link->wsi,
		.alpn = "http/1.1",
		.retry_and_idle_policy = &liveness,
	};
	int failures = link->failures;
	bool over = link->over;
	link->end_expected = false;
	uv_timer_start(&link->timer, on_handshake_late, HANDSHAKE_MS, 0);
	if (!lws_client_connect_via_info(&info) && failures == link->failures && over == link->over) {
		on_error(link, NULL, "", 0);
	}
	buffer_clear(&host);
}

static bool start(struct link *link, uv_loop_t *loop, const char *ca_file, struct error *err) {
	uint64_t tls = link->url.tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0;
	struct lws_context_creation_info info = {
		.options = tls,
		.fd_limit_per_thread = 64,
		.pt_serv_buf_size = 65536,
		.timeout_secs = 10,
		.connect_timeout_secs = 10,
	};
	lws_set_log_level(0, NULL); /* the terminal is ours */
	link->guest = guest_new(loop, &info);
	if (!link->guest) {
		return error_set(err, ERROR_IO,
			"start libwebsockets on libuv (is the package libwebsockets-evlib-uv installed?)");
	}
	struct lws_context_creation_info vhost = {
		.vhost_name = "client",
		/* else it has no TLS at all; where none is wanted, 50 ms of reading CAs are saved */
		.options = tls,
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = protocols,
		.client_ssl_ca_filepath = ca_file,
		.timeout_secs = 10,
	};
	link->vhost = lws_create_vhost(guest_context(link->guest), &vhost);
	return link->vhost || error_set(err, ERROR_CONFIG, "%s cannot be read as certificates",
							  ca_file ? ca_file : "the system's CA file");
}

static void on_freed(void *data) {
	struct link *link = data;
	struct link_events events = link->events;
	void *user = link->data;
	buffer_clear(&link->out);
	frame_assembly_clear(&link->in);
	link_forget_token(link);
	free(link->url_text);
	free(link);
	if (events.freed) {
		events.freed(user);
	}
}

static void on_pulse_closed(uv_handle_t *handle) {
	struct link *link = handle->data;
	if (link->guest) {
		guest_free(link->guest, on_freed, link);
	} else {
		on_freed(link);
	}
}

static void on_timer_closed(uv_handle_t *handle) {
	struct link *link = handle->data;
	uv_close((uv_handle_t *)&link->pulse, on_pulse_closed);
}

void link_free(struct link *link) {
	if (!link) {
		return;
	}
	link->freed = true;
	link->up = false;
	link_stop_search(link);
	turn_free(link->turn);
	uv_close((uv_handle_t *)&link->timer, on_timer_closed);
}

static void begin(uv_timer_t *timer) {
	link_open(timer->data);
}

struct link *link_new(uv_loop_t *loop, const struct link_options *options,
	const struct link_events *events, void *data, struct error *err) {
	struct link *link = alloc_zero(1, sizeof *link);
	link->loop = loop;
	link->events = *events;
	link->data = data;
	link->once = options->once;
	link->retry_least_ms = options->retry_least_ms > 0 ? options->retry_least_ms : RETRY_LEAST_MS;
	link->retry_most_ms = options->retry_most_ms > 0 ? options->retry_most_ms : RETRY_MOST_MS;
	link->turn = turn_new(loop, write_out, link);
	link->url_text = alloc_text(options->url, strlen(options->url));
	uv_timer_init(loop, &link->timer);
	link->timer.data = link;
	uv_timer_init(loop, &link->pulse);
	link->pulse.data = link;
	link->ping_ms = options->ping_ms;
	link->round_trip_us = -1;
	if (!relay_url_parse(&link->url, options->url, err) ||
		(options->token_file && !token_file_read(&link->token, options->token_file, err)) ||
		!start(link, loop, options->ca_file, err)) {
		link->events.freed = NULL;
		link_free(link);
		return NULL;
	}
	uv_timer_start(&link->timer, begin, 0, 0);
	return link;
}

void link_is_good(struct link *link) {
	link->failures = 0;
}

int64_t link_heard_ms(const struct link *link) {
	return (int64_t)link->heard_ms;
}

int64_t link_round_trip_us(const struct link *link) {
	return link->round_trip_us;
}

void link_expect_end(struct link *link) {
	link->end_expected = true;
}

void link_pause(struct link *link, bool paused) {
	if (link->up) {
		lws_rx_flow_control(link->wsi, !paused);
	}
}
