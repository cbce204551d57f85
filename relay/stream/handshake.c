#include "relay/stream/handshake.h"

#include <stdio.h>
#include <string.h>

#include "relay/log.h"

#define VALUE_MOST 512

/* What a connection is marked with from its handshake on, when its token may only look. */
static const char readonly_mark[] = "readonly";

/* A header's value, copied; `len` is -1 when there is none, -2 when it is too long. */
struct value {
	int len;
	char text[VALUE_MOST];
};

static struct value header(struct lws *wsi, enum lws_token_indexes token) {
	struct value value = {.len = -1};
	int len = lws_hdr_total_length(wsi, token);
	if (len > 0) {
		value.len = lws_hdr_copy(wsi, value.text, sizeof value.text, token);
		value.len = value.len < 0 ? -2 : value.len;
	}
	return value;
}

static struct span span_of(const struct value *value) {
	return (struct span){value->text, value->len > 0 ? (size_t)value->len : 0};
}

static bool has_port(struct span host, struct span name, int port) {
	char with_port[320];
	int len = snprintf(with_port, sizeof with_port, "%.*s:%d", (int)name.len, name.data, port);
	if (len <= 0 || (size_t)len >= sizeof with_port) {
		return false;
	}
	return span_equal_nocase(host, (struct span){with_port, (size_t)len}) ||
	       ((port == 80 || port == 443) && span_equal_nocase(host, name));
}

/* A name alone is taken with any port. */
static bool is_listed(const struct texts *hosts, struct span host) {
	struct span name = host;
	while (name.len > 0 && name.data[name.len - 1] >= '0' && name.data[name.len - 1] <= '9') {
		name.len--;
	}
	bool port = name.len > 1 && name.len < host.len && name.data[name.len - 1] == ':';
	name.len = port ? name.len - 1 : host.len;
	for (size_t i = 0; i < hosts->count; i++) {
		struct span listed = span_text(hosts->items[i]);
		if (span_equal_nocase(listed, host) || span_equal_nocase(listed, name)) {
			return true;
		}
	}
	return false;
}

bool handshake_host_is_ours(
	const struct texts *hosts, struct span bound, int port, struct span host) {
	const char *loopback[] = {"127.0.0.1", "localhost", "[::1]"};
	for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++) {
		if (has_port(host, span_text(loopback[i]), port)) {
			return true;
		}
	}
	char bracketed[80];
	snprintf(bracketed, sizeof bracketed, "[%.*s]", (int)bound.len, bound.data);
	return has_port(host, bound, port) || has_port(host, span_text(bracketed), port) ||
	       is_listed(hosts, host);
}

bool handshake_origin_is_ours(const struct texts *origins, struct span origin) {
	for (size_t i = 0; i < origins->count; i++) {
		if (span_equal_nocase(span_text(origins->items[i]), origin)) {
			return true;
		}
	}
	return false;
}

static bool is_base64_key(struct span key) {
	if (key.len != 24 || key.data[22] != '=' || key.data[23] != '=') {
		return false;
	}
	for (size_t i = 0; i < 22; i++) {
		if (!strchr(
				"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", key.data[i])) {
			return false;
		}
	}
	return true;
}

static bool has_word(struct span list, const char *word) {
	while (list.len > 0) {
		if (span_equal_nocase(span_trim(span_cut(&list, ',')), span_text(word))) {
			return true;
		}
	}
	return false;
}

/* libwebsockets takes versions 0 to 13, and no key at all. */
static bool is_exact(struct lws *wsi) {
	struct value version = header(wsi, WSI_TOKEN_VERSION), key = header(wsi, WSI_TOKEN_KEY);
	struct value upgrade = header(wsi, WSI_TOKEN_UPGRADE);
	struct value connection = header(wsi, WSI_TOKEN_CONNECTION);
	struct value http = header(wsi, WSI_TOKEN_HTTP);
	return lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0 &&
	       span_is(span_of(&http), "HTTP/1.1") && span_is(span_of(&version), "13") &&
	       is_base64_key(span_of(&key)) &&
	       span_equal_nocase(span_of(&upgrade), span_text("websocket")) &&
	       has_word(span_of(&connection), "upgrade");
}

static int judge_token(const struct stream *stream, struct lws *wsi) {
	if (!stream->tokens) {
		return 0;
	}
	char address[64] = "";
	lws_get_peer_simple(wsi, address, sizeof address);
	struct value authorization = header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION);
	switch (tokens_judge(
		stream->tokens, span_of(&authorization), span_text(address), lws_now_usecs() / 1000)) {
	case TOKEN_READONLY:
		lws_set_opaque_user_data(wsi, (void *)(uintptr_t)readonly_mark);
		return 0;
	case TOKEN_RIGHT:
		return 0;
	case TOKEN_WRONG:
		log_write(LOG_WARNING, "stream refused why=token peer=%s", address);
		return HTTP_STATUS_UNAUTHORIZED;
	case TOKEN_TOO_OFTEN:
		break;
	}
	return 429;
}

int handshake_judge(const struct stream *stream, struct lws *wsi) {
	struct value host = header(wsi, WSI_TOKEN_HOST), origin = header(wsi, WSI_TOKEN_ORIGIN);
	if (!is_exact(wsi) || host.len <= 0) {
		return HTTP_STATUS_BAD_REQUEST;
	}
	if (!handshake_host_is_ours(
			&stream->hosts, span_text(stream->bound_host), stream_port(stream), span_of(&host))) {
		return HTTP_STATUS_FORBIDDEN;
	}
	if (origin.len != -1 && !handshake_origin_is_ours(&stream->origins, span_of(&origin))) {
		return HTTP_STATUS_FORBIDDEN;
	}
	int status = judge_token(stream, wsi);
	if (!status && (stream->stopping || stream->state.sessions >= stream->max_sessions)) {
		status = HTTP_STATUS_SERVICE_UNAVAILABLE;
	}
	return status;
}

bool handshake_is_readonly(struct lws *wsi) {
	return lws_get_opaque_user_data(wsi) == (const void *)readonly_mark;
}
