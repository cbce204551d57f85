#include "relay/relay.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/json.h"
#include "relay/admin/admin.h"
#include "relay/confirm.h"
#include "relay/ingest/ingest.h"
#include "relay/log.h"
#include "relay/notify.h"
#include "relay/relay_parts.h"
#include "relay/stream/hub.h"
#include "relay/stream/stream.h"
#include "relay/vault.h"

#define DRAIN_MS 10000
#define DRAIN_LOOK_MS 20
/* After that the disk is stuck, and waiting for it helps nobody. */
#define CLOSE_MS 5000
#define CLOSE_CODE 1

static void on_signal(uv_signal_t *handle, int number);

static void close_handle(uv_handle_t *handle) {
	if (handle->data && !uv_is_closing(handle)) {
		uv_close(handle, NULL);
	}
}

/* The store is closed: nothing calls back any more. */
static void on_store_closed(void *data) {
	struct relay *relay = data;
	relay->store = NULL;
	hub_free(relay->hub);
	key_index_free(relay->key_index);
	ingest_free(relay->ingest);
	waiting_free(relay->waiting);
	endpoints_free(relay->endpoints);
	keys_free(relay->keys);
	vault_free(relay->vault);
	for (size_t i = 0; i < RELAY_SIGNALS; i++) {
		close_handle((uv_handle_t *)&relay->signals[i]);
	}
	close_handle((uv_handle_t *)&relay->drain);
	close_handle((uv_handle_t *)&relay->watchdog);
	context_free(relay->context);
}

static void on_closing_too_long(uv_timer_t *timer) {
	const struct relay *relay = timer->data;
	log_write(LOG_ERROR, "the store does not close, ending without it");
	_exit(relay->exit_code ? relay->exit_code : CLOSE_CODE);
}

/* Takes down what was built, from the top; parts that were never built are NULL. */
static void close_parts(struct relay *relay) {
	relay->phase = RELAY_CLOSING;
	confirm_free(relay->confirm);
	relay->confirm = NULL;
	admin_free(relay->admin);
	stream_free(relay->stream);
	if (relay->ingest) {
		ingest_stop(relay->ingest);
	}
	if (relay->endpoints) {
		endpoints_stop(relay->endpoints);
	}
	key_index_stop(relay->key_index);
	if (!relay->store) {
		on_store_closed(relay);
		return;
	}
	uv_timer_start(&relay->drain, on_closing_too_long, CLOSE_MS, 0);
	uv_unref((uv_handle_t *)&relay->drain);
	store_close(relay->store, on_store_closed, relay);
}

static void on_drain_look(uv_timer_t *timer) {
	struct relay *relay = timer->data;
	bool is_idle = listener_in_flight(ingest_listener(relay->ingest)) == 0 &&
	               store_backlog(relay->store).entries == 0;
	if (!is_idle && uv_now(&relay->loop) - relay->draining_since_ms < DRAIN_MS) {
		return;
	}
	if (!is_idle) {
		log_write(LOG_WARNING, "some requests were not answered in time in_flight=%lld",
			(long long)listener_in_flight(ingest_listener(relay->ingest)));
	}
	uv_timer_stop(timer);
	close_parts(relay);
}

void relay_stop(struct relay *relay, int exit_code) {
	relay->exit_code = exit_code ? exit_code : relay->exit_code;
	if (relay->phase >= RELAY_DRAINING) {
		return;
	}
	enum relay_phase before = relay->phase;
	relay->phase = RELAY_DRAINING;
	notify_send("STOPPING=1");
	if (before == RELAY_STARTING) {
		close_parts(relay);
		return;
	}
	ingest_drain(relay->ingest);
	stream_say_bye(relay->stream);
	relay->draining_since_ms = uv_now(&relay->loop);
	uv_timer_start(&relay->drain, on_drain_look, DRAIN_LOOK_MS, DRAIN_LOOK_MS);
}

static void on_signal(uv_signal_t *handle, int number) {
	struct relay *relay = handle->data;
	if (number == SIGHUP) {
		if (relay->phase == RELAY_RUNNING) {
			relay_reload(relay);
		}
		return;
	}
	if (relay->signalled) {
		_exit(128 + number);
	}
	relay->signalled = true;
	log_write(LOG_INFO, "stopping signal=%s", strsignal(number));
	relay_stop(relay, 0);
}

void relay_gave_up(void *data, const char *why) {
	struct relay *relay = data;
	log_write(LOG_ERROR, "the disk fails again and again, ending why=%s", why);
	relay_stop(relay, 1);
}

static void on_watchdog(uv_timer_t *timer) {
	(void)timer;
	notify_send("WATCHDOG=1");
}

static void start_handles(struct relay *relay) {
	static const int numbers[RELAY_SIGNALS] = {SIGTERM, SIGINT, SIGHUP};
	for (size_t i = 0; i < RELAY_SIGNALS; i++) {
		uv_signal_init(&relay->loop, &relay->signals[i]);
		relay->signals[i].data = relay;
		uv_signal_start(&relay->signals[i], on_signal, numbers[i]);
	}
	uv_timer_init(&relay->loop, &relay->drain);
	uv_timer_init(&relay->loop, &relay->watchdog);
	relay->drain.data = relay->watchdog.data = relay;
	int64_t watchdog_ms = notify_watchdog_ms();
	if (watchdog_ms > 0) {
		uv_timer_start(&relay->watchdog, on_watchdog, (uint64_t)watchdog_ms, (uint64_t)watchdog_ms);
	}
}

/* Fewer connections rather than none, where the system allows only few open files. */
static void fit_connections(struct config *config) {
	struct rlimit limit;
	int64_t needed = config_descriptors(config);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max == RLIM_INFINITY ||
		needed <= (int64_t)limit.rlim_max) {
		return;
	}
	int64_t *connections = &config->limits.ingest.connections;
	int64_t fewer = *connections - (needed - (int64_t)limit.rlim_max);
	if (fewer >= 1) {
		log_write(LOG_WARNING,
			"fewer connections than set: the system allows few open files (ulimit -Hn) "
			"connections=%lld instead_of=%lld",
			(long long)fewer, (long long)*connections);
		*connections = fewer;
	}
}

static void warm_up(void *data) {
	(void)data;
	vault_warm_up();
}

static bool build_base(struct relay *relay, struct error *err) {
	struct config *config = relay->config;
	fit_connections(config);
	relay->store = store_open(&relay->loop, config->store_url, &config->store, err);
	if (!relay->store) {
		return false;
	}
	relay->context =
		context_new(&relay->loop, config_descriptors(config), config_has_tls(config), err);
	if (!relay->context) {
		return false;
	}
	store_observe(relay->store, deliveries_observe, &relay->deliveries);
	relay->vault = vault_open(config->key_file, err);
	if (!relay->vault) {
		return false;
	}
	relay->endpoints = endpoints_new(relay->store, relay->vault, config->catalogue, err);
	if (!relay->endpoints) {
		return false;
	}
	relay->fetcher = fetcher_new();
	relay->keys = keys_new(&relay->loop, relay->fetcher, &config->keys, relay_keys_arrived, relay);
	struct fetch_options how = {relay->fetcher, config->keys.authorities, config->keys.at};
	relay->confirm = confirm_new(&relay->loop, relay->store, &how);
	endpoints_use_keys(relay->endpoints, relay->keys, relay->confirm);
	endpoints_use_url(relay->endpoints, config->ingest_url);
	relay->hub = hub_new(relay->store, relay->endpoints);
	relay->key_index = key_index_new(&relay->loop, relay->store, relay->endpoints);
	struct waiting_limits waiting = relay_waiting_limits(relay);
	relay->waiting = waiting_new(&relay->loop, &waiting);
	return true;
}

int relay_run(struct config *config, const struct options *options, struct error *err) {
	struct relay *relay = alloc_zero(1, sizeof *relay);
	relay->config = config;
	relay->options = options;
	relay->ready_fd = options->ready_fd;
	log_setup(config->log_level, config->log_json);
	uv_loop_init(&relay->loop);
	deliveries_init(&relay->deliveries);
	relay->warming_up = uv_thread_create(&relay->warm_up, warm_up, NULL) == 0;
	start_handles(relay);
	if (build_base(relay, err)) {
		relay_apply_endpoints(relay, relay_open_listeners);
	} else {
		relay->exit_code = error_exit_code(err);
		close_parts(relay);
	}
	uv_run(&relay->loop, UV_RUN_DEFAULT);
	if (relay->warming_up) {
		uv_thread_join(&relay->warm_up);
	}
	uv_loop_close(&relay->loop);
	fetcher_free(relay->fetcher);
	int code = relay->exit_code;
	if (relay->failure.code) {
		*err = relay->failure;
	}
	config_free(relay->config);
	if (code == 0 && relay->phase == RELAY_CLOSING) {
		log_write(LOG_INFO, "stopped");
	}
	deliveries_clear(&relay->deliveries);
	for (size_t i = 0; i < METRICS_LISTENERS; i++) {
		free(relay->certificates[i]);
	}
	free(relay);
	return code;
}
