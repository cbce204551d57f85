/* The end of the start: endpoints of the configuration, then listeners, then the line that says so. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/json.h"
#include "relay/log.h"
#include "relay/notify.h"
#include "relay/relay_parts.h"

/* Monitoring needs few connections and no large requests. */
#define ADMIN_CONNECTIONS 32
#define ADMIN_BODY_BYTES 4096
#define ADMIN_BUFFERED_BYTES ((int64_t)256 * 1024 * 1024)

static void on_applied(void *data, int64_t events, int64_t changed, const struct error *err) {
	struct relay *relay = data;
	(void)events;
	(void)changed;
	if (err) {
		log_write(LOG_ERROR, "an endpoint of the configuration is not in use why=%s", err->text);
		if (relay->phase == RELAY_STARTING && !relay->failure.code) {
			relay->failure = *err;
			relay->failure.code = err->code == ERROR_USAGE ? ERROR_CONFIG : err->code;
		}
	}
	if (--relay->applying == 0) {
		relay->applied(relay);
	}
}

static void on_judged(void *data, struct span name, int64_t changed) {
	struct relay *relay = data;
	log_write(LOG_INFO, "the history was judged again endpoint=%.*s changed=%lld", (int)name.len,
		name.data, (long long)changed);
	hub_judged(relay->hub, name, changed);
}

void relay_keys_arrived(void *data) {
	struct relay *relay = data;
	endpoints_keys_arrived(relay->endpoints, on_judged, relay);
}

static void apply(struct relay *relay, const struct config_endpoint *settings) {
	struct secret_change *secrets = alloc_zero(settings->secret_count, sizeof *secrets);
	for (size_t i = 0; i < settings->secret_count; i++) {
		const struct config_secret *secret = &settings->secrets[i];
		secrets[i] = (struct secret_change){
			.label = secret->label,
			.provider = secret->provider,
			.value = buffer_span(&secret->value),
		};
	}
	struct endpoint_change change = {
		.name = span_text(settings->name),
		.provider = settings->provider,
		.host = settings->host,
		.reject_invalid = settings->reject_invalid,
		.handshake = settings->handshake,
		.answer = settings->has_answer ? &settings->answer : NULL,
		.parameters = settings->has_parameters ? settings->parameters : NULL,
		.parameter_count = settings->parameter_count,
		.business_keys = settings->business_keys,
		.business_key_count = settings->business_key_count,
		.secrets = secrets,
		.secret_count = settings->secret_count,
		.only_these_secrets = settings->has_secrets,
		.configured = settings->configured,
	};
	relay->applying++;
	endpoints_apply(relay->endpoints, &change, on_applied, on_judged, relay);
	free(secrets);
}

void relay_apply_endpoints(struct relay *relay, void (*applied)(struct relay *relay)) {
	const struct config *config = relay->config;
	relay->applied = applied;
	relay->applying = 1; /* until all are asked for */
	endpoints_forget_configuration(relay->endpoints);
	for (size_t i = 0; i < config->endpoint_count; i++) {
		const struct config_endpoint *settings = &config->endpoints[i];
		struct endpoint *endpoint = endpoints_find(relay->endpoints, span_text(settings->name));
		if (endpoint) {
			endpoint_note_configured(endpoint, settings->has_secrets);
		}
	}
	for (size_t i = 0; i < config->endpoint_count; i++) {
		apply(relay, &config->endpoints[i]);
	}
	if (config->catch_all && !endpoints_find(relay->endpoints, span_text("default"))) {
		apply(relay, &(struct config_endpoint){.name = "default", .reject_invalid = -1});
	}
	on_applied(relay, 0, 0, NULL);
}

struct waiting_limits relay_waiting_limits(const struct relay *relay) {
	const struct config_limits *limits = &relay->config->limits;
	return (struct waiting_limits){.count = limits->waiting, .bytes = limits->waiting_bytes};
}

struct ingest_options relay_ingest_options(struct relay *relay) {
	const struct config *config = relay->config;
	return (struct ingest_options){
		.listener =
			{
				.name = "ingest",
				.address = config->ingest.address,
				.certificate = config->ingest.certificate,
				.key = config->ingest.key,
				.limits = config->limits.ingest,
			},
		.catch_all = config->catch_all,
		.backlog_bytes = config->limits.backlog_bytes,
		.refusals_per_second = config->limits.refusals_per_second,
		.waiting_ms = config->limits.waiting_ms,
		.gave_up = relay_gave_up,
		.data = relay,
	};
}

/* "http://127.0.0.1:8080", with the port really bound. */
static void append_url(
	struct buffer *out, const char *scheme, const struct config_listener *listener, int port) {
	bool v6 = strchr(listener->address.host, ':') != NULL;
	buffer_printf(out, "%s%s://%s%s%s:%d", scheme, listener->certificate ? "s" : "", v6 ? "[" : "",
		listener->address.host, v6 ? "]" : "", port);
}

static void on_deserted(void *data) {
	struct relay *relay = data;
	log_write(LOG_INFO, "stopping why=%s", "no client is left");
	relay_stop(relay, 0);
}

static bool open_stream(struct relay *relay, struct error *err) {
	const struct config *config = relay->config;
	struct buffer url = {0};
	append_url(&url, "http", &config->ingest, listener_port(ingest_listener(relay->ingest)));
	struct stream_options options = {
		.address = config->stream.address,
		.token_file = config->stream.token_file,
		.certificate_file = config->stream.certificate,
		.key_file = config->stream.key,
		.behind_proxy = config->stream.behind_proxy,
		.hosts = config->stream.hosts,
		.host_count = config->stream.host_count,
		.origins = config->stream.origins,
		.origin_count = config->stream.origin_count,
		.ingest_url = config->ingest_url ? config->ingest_url : buffer_text(&url),
		.max_sessions = config->limits.clients,
		.stall_ms = config->limits.client_stall_ms,
		.client_bytes = config->limits.client_bytes,
		.explain_rate = config->limits.explanations_per_second,
		.event_bytes = (int64_t)config->limits.ingest.http.body_bytes,
		.waiting = relay->waiting,
		.deserted = relay->options->end_with_clients_s >= 0 ? on_deserted : NULL,
		.deserted_data = relay,
		.alone_ms = (int64_t)relay->options->end_with_clients_s * 1000,
	};
	relay->stream =
		stream_new(relay->context, &options, relay->hub, relay->store, relay->endpoints, err);
	buffer_clear(&url);
	return relay->stream != NULL;
}

static bool is_stopping(void *data) {
	const struct relay *relay = data;
	return relay->phase >= RELAY_DRAINING;
}

static void keep_certificates(struct relay *relay) {
	const struct config *config = relay->config;
	const char *const names[METRICS_LISTENERS] = {
		config->ingest.certificate, config->stream.certificate, config->admin.certificate};
	for (size_t i = 0; i < METRICS_LISTENERS; i++) {
		relay->certificates[i] = names[i] ? alloc_text(names[i], strlen(names[i])) : NULL;
	}
}

static bool open_admin(struct relay *relay, struct error *err) {
	const struct config *config = relay->config;
	struct admin_options options = {
		.listener =
			{
				.name = "admin",
				.address = config->admin.address,
				.certificate = config->admin.certificate,
				.key = config->admin.key,
				.limits = config->limits.ingest,
			},
		.token_file = config->admin.token_file,
		.hosts = config->admin.hosts,
		.host_count = config->admin.host_count,
	};
	options.listener.limits.connections = ADMIN_CONNECTIONS;
	options.listener.limits.http.body_bytes = ADMIN_BODY_BYTES;
	options.listener.limits.buffered_bytes = ADMIN_BUFFERED_BYTES;
	struct admin_sources sources = {
		.metrics =
			{
				.store = relay->store,
				.endpoints = relay->endpoints,
				.ingest = relay->ingest,
				.waiting = relay->waiting,
				.hub = relay->hub,
				.stream = relay->stream,
				.deliveries = &relay->deliveries,
			},
		.stopping = is_stopping,
		.data = relay,
	};
	for (size_t i = 0; i < METRICS_LISTENERS; i++) {
		sources.metrics.certificates[i] = relay->certificates[i];
	}
	relay->admin = admin_new(relay->context, &relay->loop, &options, &sources, err);
	return relay->admin != NULL;
}

/* One line of JSON for whoever started us; a pipe nobody reads is no reason to stop. */
static void say_ready(struct relay *relay) {
	const struct config *config = relay->config;
	struct buffer ingest = {0}, stream = {0}, admin = {0}, line = {0};
	append_url(&ingest, "http", &config->ingest, listener_port(ingest_listener(relay->ingest)));
	append_url(&stream, "ws", &config->stream, stream_port(relay->stream));
	append_url(&admin, "http", &config->admin, listener_port(admin_listener(relay->admin)));
	log_write(LOG_INFO, "ready ingest=%s stream=%s admin=%s store=%s version=%s",
		buffer_text(&ingest), buffer_text(&stream), buffer_text(&admin), config->store_url,
		HOOKLINE_VERSION);
	if (relay->ready_fd >= 0) {
		buffer_append_byte(&line, '{');
		json_member_text(&line, "ingest", buffer_span(&ingest));
		json_member_text(&line, "stream", buffer_span(&stream));
		json_member_text(&line, "admin", buffer_span(&admin));
		json_member_int(&line, "pid", getpid());
		buffer_append_text(&line, "}\n");
		if (write(relay->ready_fd, line.data, line.len) < 0) {
			log_write(LOG_WARNING, "cannot write to --ready-fd why=%s", strerror(errno));
		}
		close(relay->ready_fd);
		relay->ready_fd = -1;
	}
	buffer_clear(&ingest);
	buffer_clear(&stream);
	buffer_clear(&admin);
	buffer_clear(&line);
	notify_send("READY=1");
}

void relay_open_listeners(struct relay *relay) {
	struct error *err = &relay->failure;
	struct ingest_options options = relay_ingest_options(relay);
	keep_certificates(relay);
	if (err->code == ERROR_NONE) {
		relay->ingest = ingest_new(relay->context, &relay->loop, &options, relay->store,
			relay->endpoints, relay->hub, relay->waiting, err);
	}
	if (!relay->ingest || !open_stream(relay, err) || !open_admin(relay, err)) {
		relay_stop(relay, error_exit_code(err));
		return;
	}
	relay->phase = RELAY_RUNNING;
	say_ready(relay);
}
