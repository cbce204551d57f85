/* SIGHUP: the whole new configuration is read and checked before anything of the old one changes. */
#include <libwebsockets.h>
#include <string.h>

#include "relay/certificate.h"
#include "relay/log.h"
#include "relay/notify.h"
#include "relay/relay_parts.h"

static bool same_text(const char *a, const char *b) {
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void tell_restart(const char *setting) {
	log_write(LOG_WARNING, "this setting changes with a restart only setting=%s", setting);
}

static bool same_texts(const char *const *a, size_t a_count, const char *const *b, size_t b_count) {
	bool same = a_count == b_count;
	for (size_t i = 0; same && i < a_count; i++) {
		same = strcmp(a[i], b[i]) == 0;
	}
	return same;
}

static void compare_listeners(
	const char *name, const struct config_listener *old, const struct config_listener *new) {
	char setting[64];
	if (old->address.port != new->address.port ||
		strcmp(old->address.host, new->address.host) != 0) {
		tell_restart(strcat(strcpy(setting, name), ".listen"));
	}
	if (!same_text(old->certificate, new->certificate) || !same_text(old->key, new->key)) {
		tell_restart(strcat(strcpy(setting, name), ".tls"));
	}
	if (!old->token_file != !new->token_file) { /* never less guarded while running */
		tell_restart(strcat(strcpy(setting, name), ".token_file"));
	}
	if (old->behind_proxy != new->behind_proxy) {
		tell_restart(strcat(strcpy(setting, name), ".behind_proxy"));
	}
}

static void compare_store(const struct config *old, const struct config *new) {
	if (!same_text(old->store_url, new->store_url)) {
		tell_restart("store.url");
	}
	if (!same_text(old->key_file, new->key_file)) {
		tell_restart("store.key_file");
	}
	if (memcmp(&old->store, &new->store, sizeof old->store) != 0) {
		tell_restart("store");
	}
}

/* What cannot change while running keeps its old value, and that is said. */
static void compare(const struct config *old, const struct config *new) {
	compare_listeners("ingest", &old->ingest, &new->ingest);
	compare_listeners("stream", &old->stream, &new->stream);
	compare_listeners("admin", &old->admin, &new->admin);
	const struct config_listener *was = &old->stream, *is = &new->stream;
	if (!same_texts(was->hosts, was->host_count, is->hosts, is->host_count)) {
		tell_restart("stream.hosts");
	}
	if (!same_texts(was->origins, was->origin_count, is->origins, is->origin_count)) {
		tell_restart("stream.origins");
	}
	if (!same_text(old->ingest_url, new->ingest_url)) {
		tell_restart("ingest.url");
	}
	compare_store(old, new);
	if (old->limits.ingest.connections != new->limits.ingest.connections) {
		tell_restart("limits.connections");
	}
	if (old->limits.clients != new->limits.clients) {
		tell_restart("limits.clients");
	}
	if (old->limits.client_stall_ms != new->limits.client_stall_ms) {
		tell_restart("limits.client_stall_time");
	}
	if (old->limits.client_bytes != new->limits.client_bytes) {
		tell_restart("limits.client_bytes");
	}
	if (old->limits.explanations_per_second != new->limits.explanations_per_second) {
		tell_restart("limits.explanations_per_second");
	}
}

static void tell(bool taken, const char *what, const struct error *err) {
	if (!taken) {
		log_write(LOG_ERROR, "the old ones stay what=%s why=%s", what, err->text);
	}
}

/* Of the stream's own listener; those of the others know their files. */
static bool reload_stream_tls(struct relay *relay, struct error *err) {
	const struct config_listener *stream = &relay->config->stream;
	if (!relay->certificates[METRICS_STREAM] || !stream->certificate) {
		return true;
	}
	if (strcmp(relay->certificates[METRICS_STREAM], stream->certificate) != 0) {
		return true; /* another file: with a restart, and that was said */
	}
	if (!certificate_check(stream->certificate, stream->key, err)) {
		return error_prefix(err, "stream");
	}
	lws_tls_cert_updated(relay->context, stream->certificate, stream->key, NULL, 0, NULL, 0);
	return true;
}

static void reload_tls(struct relay *relay) {
	struct error err = {0};
	tell(listener_reload_tls(ingest_listener(relay->ingest), &err), "ingest.tls", &err);
	tell(listener_reload_tls(admin_listener(relay->admin), &err), "admin.tls", &err);
	tell(reload_stream_tls(relay, &err), "stream.tls", &err);
}

/* Where no token was asked for, none is from now on either, and the other way round: that was said. */
static void reload_guards(struct relay *relay, bool stream_had, bool admin_had) {
	const struct config *config = relay->config;
	struct admin_options admin = {
		.listener.address = config->admin.address,
		.token_file = admin_had ? config->admin.token_file : NULL,
		.hosts = config->admin.hosts,
		.host_count = config->admin.host_count,
	};
	struct error err = {0};
	tell(admin_reload(relay->admin, &admin, &err), "admin.token_file", &err);
	if (stream_had && config->stream.token_file) {
		tell(stream_reload_tokens(relay->stream, config->stream.token_file, &err),
			"stream.token_file", &err);
	}
}

static void on_reloaded(struct relay *relay) {
	hub_endpoints_changed(relay->hub);
	log_write(LOG_INFO, "the configuration was read again taken=%s",
		"log limits catch_all endpoints secrets tokens certificates admin.hosts");
	notify_send("READY=1");
}

void relay_reload(struct relay *relay) {
	struct error err = {0};
	if (relay->applying > 0) {
		log_write(LOG_WARNING, "still at the last reload, try again in a moment");
		return;
	}
	notify_reloading();
	struct config *old = relay->config, *new = config_load(relay->options, &err);
	if (!new) {
		log_write(LOG_ERROR, "the old configuration stays why=%s", err.text);
		notify_send("READY=1");
		return;
	}
	compare(old, new);
	/* providers are pointed to by endpoints and events under way: those of the start stay */
	struct catalogue *unused = new->catalogue;
	new->catalogue = old->catalogue;
	old->catalogue = unused;
	relay->config = new;
	new->ingest.address = old->ingest.address;
	new->admin.address = old->admin.address;
	bool stream_had = old->stream.token_file != NULL, admin_had = old->admin.token_file != NULL;
	config_free(old);

	log_setup(new->log_level, new->log_json);
	struct ingest_options options = relay_ingest_options(relay);
	ingest_configure(relay->ingest, &options);
	struct waiting_limits waiting = relay_waiting_limits(relay);
	waiting_set_limits(relay->waiting, &waiting);
	reload_tls(relay);
	reload_guards(relay, stream_had, admin_had);
	relay_apply_endpoints(relay, on_reloaded);
}
