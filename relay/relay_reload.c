/* SIGHUP: the whole new configuration is read and checked before anything of the old one changes. */
#include <string.h>

#include "relay/log.h"
#include "relay/notify.h"
#include "relay/relay_parts.h"

static bool same_text(const char *a, const char *b) {
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void tell_restart(const char *setting) {
	log_write(LOG_WARNING, "this setting changes with a restart only setting=%s", setting);
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
	if (!same_text(old->token_file, new->token_file)) {
		tell_restart(strcat(strcpy(setting, name), ".token_file"));
	}
}

/* What cannot change while running keeps its old value, and that is said. */
static void compare(const struct config *old, const struct config *new) {
	compare_listeners("ingest", &old->ingest, &new->ingest);
	compare_listeners("stream", &old->stream, &new->stream);
	compare_listeners("admin", &old->admin, &new->admin);
	if (!same_text(old->store_url, new->store_url)) {
		tell_restart("store.url");
	}
	if (!same_text(old->key_file, new->key_file)) {
		tell_restart("store.key_file");
	}
	if (old->limits.ingest.connections != new->limits.ingest.connections) {
		tell_restart("limits.connections");
	}
}

static void reload_tls(struct listener *listener) {
	struct error err = {0};
	if (!listener_reload_tls(listener, &err)) {
		log_write(LOG_ERROR, "the old certificate stays why=%s", err.text);
	}
}

static void on_reloaded(struct relay *relay) {
	(void)relay;
	log_write(LOG_INFO, "the configuration was read again");
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
	config_free(old);

	log_setup(new->log_level, new->log_json);
	struct ingest_options options = relay_ingest_options(relay);
	ingest_configure(relay->ingest, &options);
	reload_tls(ingest_listener(relay->ingest));
	reload_tls(admin_listener(relay->admin));
	relay_apply_endpoints(relay, on_reloaded);
}
