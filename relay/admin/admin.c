#include "relay/admin/admin.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "relay/admin/api.h"
#include "relay/admin/query.h"
#include "relay/log.h"
#include "relay/stream/tokens.h"

struct admin {
	struct listener *listener;
	struct admin_sources sources;
	struct tokens *tokens; /* NULL: none needed */
	uv_loop_t *loop;
	char **hosts;
	size_t host_count;
	struct search *searches; /* under way */
};

static bool is_loopback_name(struct span host) {
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (span_equal_nocase(host, span_text(names[i]))) {
			return true;
		}
	}
	return false;
}

/* A page of a stranger that was pointed at us by its own name carries that name here. */
static bool host_is_ours(const struct admin *admin, const struct message *message) {
	struct span full = message_header_value(message, "Host"), host = full;
	if (host.len > 0 && host.data[0] == '[') {
		size_t end = span_find(host, ']');
		host.len = end < host.len ? end + 1 : host.len;
	} else {
		host.len = span_find(host, ':');
	}
	if (is_loopback_name(host)) {
		return true;
	}
	for (size_t i = 0; i < admin->host_count; i++) {
		struct span listed = span_text(admin->hosts[i]);
		if (span_equal_nocase(listed, host) || span_equal_nocase(listed, full)) {
			return true;
		}
	}
	return false;
}

static int judge_token(
	struct admin *admin, const struct message *message, struct connection *connection) {
	if (!admin->tokens) {
		return 0;
	}
	struct span peer = connection_peer(connection);
	for (size_t i = peer.len; i > 0; i--) {
		if (peer.data[i - 1] == ':') {
			peer.len = i - 1;
			break;
		}
	}
	switch (tokens_judge(admin->tokens, message_header_value(message, "Authorization"), peer,
		(int64_t)uv_now(admin->loop))) {
	case TOKEN_RIGHT:
	case TOKEN_READONLY: /* nothing is changed here */
		return 0;
	case TOKEN_WRONG:
		return 401;
	case TOKEN_TOO_OFTEN:
		return 429;
	}
	return 401;
}

/* 0, or the status to refuse the request with. */
static int judge(struct admin *admin, const struct message *message, struct connection *connection,
	const char **reason) {
	if (!host_is_ours(admin, message)) {
		*reason = "this Host is not ours: admin.hosts lists those that are";
		return 421;
	}
	if (message_header(message, "Origin", 0)) {
		*reason = "pages in a browser have no place here";
		return 403;
	}
	if (!span_is(message->method, "GET") && !span_is(message->method, "HEAD")) {
		*reason = "only GET: nothing is changed here";
		return 405;
	}
	int status = judge_token(admin, message, connection);
	*reason = status == 429 ? "too many wrong tokens" : "a token is needed: Authorization: Bearer";
	return status;
}

static void answer_text(
	struct connection *connection, int status, const char *type, const struct buffer *body) {
	connection_answer(
		connection, &(struct answer){.status = status, .type = type, .body = buffer_span(body)});
}

static void answer_health(struct connection *connection) {
	struct buffer body = {0};
	buffer_append_text(&body, "{\"alive\":true}\n");
	answer_text(connection, 200, "application/json", &body);
	buffer_clear(&body);
}

static void answer_ready(const struct admin *admin, struct connection *connection) {
	struct store_state store = store_state(admin->sources.metrics.store);
	bool stopping = admin->sources.stopping(admin->sources.data);
	bool ready = store.ready && !stopping;
	const char *reason = stopping ? "the relay is stopping" : store.trouble;
	struct buffer body = {0};
	buffer_append_byte(&body, '{');
	json_member_bool(&body, "ready", ready);
	json_member_text(&body, "reason", span_text(ready ? "" : reason));
	buffer_append_text(&body, "}\n");
	answer_text(connection, ready ? 200 : 503, "application/json", &body);
	buffer_clear(&body);
}

static void answer_metrics(const struct admin *admin, struct connection *connection) {
	struct buffer body = {0};
	metrics_append(&body, &admin->sources.metrics);
	answer_text(connection, 200, "text/plain; version=0.0.4", &body);
	buffer_clear(&body);
}

static void route(
	struct admin *admin, struct connection *connection, const struct message *message) {
	struct span query, path = query_split(message->target, &query);
	if (span_is(path, "/healthz")) {
		answer_health(connection);
	} else if (span_is(path, "/readyz")) {
		answer_ready(admin, connection);
	} else if (span_is(path, "/metrics")) {
		answer_metrics(admin, connection);
	} else if (span_starts_with(path, span_text(API_PATH))) {
		struct search *search = connection_extra(connection);
		api_forget(search);
		*search = (struct search){.sources = &admin->sources, .connection = connection};
		api_request(search, &admin->searches, message);
	} else {
		api_refuse(connection, 404, "there are /healthz, /readyz, /metrics and /api");
	}
}

static void request(void *data, struct connection *connection, const struct message *message) {
	struct admin *admin = data;
	const char *reason = NULL;
	int status = judge(admin, message, connection, &reason);
	if (status) {
		api_refuse(connection, status, reason);
	} else {
		route(admin, connection, message);
	}
}

static void forget(void *data, void *extra) {
	(void)data;
	api_forget(extra);
}

static void refused(void *data, const struct refusal *refusal) {
	(void)data;
	log_write(LOG_INFO, "refused on admin status=%d peer=%.*s reason=%.*s", (int)refusal->status,
		(int)refusal->peer.len, refusal->peer.data, (int)refusal->reason.len, refusal->reason.data);
}

static void copy_hosts(struct admin *admin, const struct admin_options *options) {
	const struct listen_address *address = &options->listener.address;
	admin->hosts = alloc_zero(options->host_count + 1, sizeof *admin->hosts);
	for (size_t i = 0; i < options->host_count; i++) {
		admin->hosts[admin->host_count++] =
			alloc_text(options->hosts[i], strlen(options->hosts[i]));
	}
	struct buffer own = {0};
	bool v6 = strchr(address->host, ':') != NULL;
	buffer_printf(&own, "%s%s%s", v6 ? "[" : "", address->host, v6 ? "]" : "");
	buffer_text(&own);
	admin->hosts[admin->host_count++] = own.data;
}

static void free_hosts(struct admin *admin) {
	for (size_t i = 0; i < admin->host_count; i++) {
		free(admin->hosts[i]);
	}
	free(admin->hosts);
	admin->host_count = 0;
}

bool admin_reload(struct admin *admin, const struct admin_options *options, struct error *err) {
	if (options->token_file) {
		struct tokens *tokens = tokens_load(options->token_file, err);
		if (!tokens) {
			return error_prefix(err, "admin");
		}
		tokens_free(admin->tokens);
		admin->tokens = tokens;
	}
	free_hosts(admin);
	copy_hosts(admin, options);
	return true;
}

struct admin *admin_new(struct lws_context *context, uv_loop_t *loop,
	const struct admin_options *options, const struct admin_sources *sources, struct error *err) {
	struct admin *admin = alloc_zero(1, sizeof *admin);
	admin->sources = *sources;
	admin->loop = loop;
	copy_hosts(admin, options);
	struct listener_options listener = options->listener;
	listener.data = admin;
	listener.handler = (struct listener_handler){
		.extra_bytes = sizeof(struct search),
		.forget = forget,
		.request = request,
		.refused = refused,
	};
	bool ok = true;
	if (options->token_file) {
		admin->tokens = tokens_load(options->token_file, err);
		ok = admin->tokens || error_prefix(err, "admin");
	}
	admin->listener = ok ? listener_new(context, loop, &listener, err) : NULL;
	if (!admin->listener) {
		admin_free(admin);
		return NULL;
	}
	return admin;
}

struct listener *admin_listener(struct admin *admin) {
	return admin->listener;
}

void admin_free(struct admin *admin) {
	if (!admin) {
		return;
	}
	while (admin->searches) {
		api_stop(admin->searches);
	}
	listener_free(admin->listener);
	tokens_free(admin->tokens);
	free_hosts(admin);
	free(admin);
}
