#include "tui/commands/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "common/text.h"
#include "tui/commands/command.h"
#include "tui/commands/print.h"

#define DEFAULT_STREAM_PORT 8081
/* A relay that was about to end when it was found: so long until one of our own takes its place. */
#define ENDING_MS 5000
#define ENDING_LOOK_MS 50

static void stop_loop(struct session *session) {
	session->stopped = true;
	uv_stop(&session->loop);
}

void session_stop(struct session *session, int exit_code) {
	if (!session->stopped) {
		session->exit_code = exit_code;
		stop_loop(session);
	}
}

void session_fail(struct session *session, const struct error *err) {
	if (!session->stopped) {
		session->err = *err;
		session->exit_code = error_exit_code(err);
		stop_loop(session);
	}
}

void session_flush(struct session *session) {
	struct error err = {0};
	switch (print_flush(&err)) {
	case PRINT_WRITTEN:
		return;
	case PRINT_UNREAD:
		session_stop(session, EXIT_PIPE);
		return;
	case PRINT_FAILED:
		session_fail(session, &err);
		return;
	}
}

/* --- the link --- */

static void keep_text(char *out, size_t size, struct span text) {
	size_t len = text.len < size - 1 ? text.len : size - 1;
	memcpy(out, len > 0 ? text.data : "", len);
	out[len] = '\0';
}

static void on_live(void *data, const struct client_welcome *welcome) {
	struct session *session = data;
	keep_text(session->ingest_url, sizeof session->ingest_url, welcome->ingest_url);
	keep_text(session->version, sizeof session->version, welcome->version);
	keep_text(session->store_id, sizeof session->store_id, welcome->store);
	session->welcome = *welcome;
	session->welcome.store = span_text(session->store_id);
	session->welcome.ingest_url = span_text(session->ingest_url);
	session->welcome.version = span_text(session->version);
	bool first = !session->live;
	session->live = true;
	if (session->on_live) {
		session->on_live(session);
	}
	if (first) {
		uv_stop(&session->loop); /* session_open waits for it */
	}
}

static void on_down(void *data, const struct error *err, int64_t retry_ms) {
	struct session *session = data;
	if (!session->live || retry_ms < 0) {
		session_fail(session, err);
	} else if (session->on_down) {
		session->on_down(session, err, retry_ms);
	}
}

static void on_bye(void *data, struct span why) {
	struct session *session = data;
	if (session->on_bye) {
		session->on_bye(session, why);
	}
}

/* --- a relay of our own --- */

/* Whether something listens on the usual stream port of this machine. */
struct probe {
	uv_tcp_t tcp;
	uv_connect_t request;
	int status;
	bool done, closed;
};

static void on_probe_closed(uv_handle_t *handle) {
	struct probe *probe = handle->data;
	probe->closed = true;
}

static void on_probed(uv_connect_t *request, int status) {
	struct probe *probe = request->data;
	probe->status = status;
	probe->done = true;
}

static bool relay_answers(uv_loop_t *loop) {
	struct probe probe = {0};
	struct sockaddr_in address;
	uv_ip4_addr("127.0.0.1", DEFAULT_STREAM_PORT, &address);
	uv_tcp_init(loop, &probe.tcp);
	probe.request.data = probe.tcp.data = &probe;
	probe.done = uv_tcp_connect(
					 &probe.request, &probe.tcp, (const struct sockaddr *)&address, on_probed) != 0;
	while (!probe.done) {
		uv_run(loop, UV_RUN_ONCE);
	}
	uv_close((uv_handle_t *)&probe.tcp, on_probe_closed);
	while (!probe.closed) {
		uv_run(loop, UV_RUN_ONCE);
	}
	return probe.status == 0;
}

static void on_local_ready(void *data, const struct local_relay_addresses *addresses) {
	struct session *session = data;
	snprintf(session->relay_url, sizeof session->relay_url, "%s", addresses->stream);
	session->local_ready = true;
	uv_stop(&session->loop);
}

static bool restart_local(struct session *session, struct error *err);

static void on_local_ended(void *data, const struct error *err) {
	struct session *session = data;
	struct error why = {0};
	if (!session->stopped && restart_local(session, &why)) {
		return;
	}
	session->local_ended = true;
	if (!session->stopped) {
		struct error told = *err;
		error_prefix(&told, "the relay started here ended");
		session_fail(session, &told);
	}
	uv_stop(&session->loop);
}

/* The usual place, as hookline-relay(1) says. */
static void set_store(struct session *session) {
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	if (data && *data == '/') {
		snprintf(session->store, sizeof session->store, "%s/hookline/hookline.db", data);
	} else {
		snprintf(session->store, sizeof session->store, "%s/.local/share/hookline/hookline.db",
			home ? home : "");
	}
}

static const struct local_relay_events local_events = {on_local_ready, on_local_ended};
static const struct local_relay_options usual_local = {.ends_with_clients = true};

/* One that ran well and was killed is started again: the link comes back by itself. One that ends at once is not. */
static bool restart_local(struct session *session, struct error *err) {
	uint64_t now_ms = uv_now(&session->loop);
	if (!session->live || session->own || now_ms - session->local_since_ms < LOCAL_RAN_WELL_MS) {
		return false;
	}
	local_relay_free(session->local);
	session->local_since_ms = now_ms;
	session->local = local_relay_start(&session->loop, &usual_local, &local_events, session, err);
	return session->local != NULL;
}

static bool start_local(struct session *session, struct error *err) {
	const struct local_relay_options *options = session->own ? session->own : &usual_local;
	set_store(session);
	session->local = local_relay_start(&session->loop, options, &local_events, session, err);
	session->local_since_ms = uv_now(&session->loop);
	while (session->local && !session->local_ready && !session->stopped) {
		uv_run(&session->loop, UV_RUN_DEFAULT);
	}
	if (session->local && !session->local_ready && session->err.code != ERROR_NONE) {
		*err = session->err;
	}
	return session->local_ready;
}

/* --- opening and closing --- */

static void on_signal(uv_signal_t *handle, int number) {
	struct session *session = handle->data;
	if (session->stopped || session->signalled) {
		_Exit(number == SIGINT ? EXIT_INTERRUPTED : EXIT_TERMINATED); /* twice: at once */
	}
	session->signalled = session->on_signal && session->on_signal(session, number);
	if (!session->signalled) {
		session_stop(session, number == SIGINT ? EXIT_INTERRUPTED : EXIT_TERMINATED);
	}
}

static void watch_signals(struct session *session) {
	uv_signal_init(&session->loop, &session->interrupted);
	uv_signal_init(&session->loop, &session->terminated);
	session->interrupted.data = session->terminated.data = session;
	uv_signal_start(&session->interrupted, on_signal, SIGINT);
	uv_signal_start(&session->terminated, on_signal, SIGTERM);
}

static void set_who(struct session *session) {
	const char *user = getenv("USER");
	char host[64] = "localhost";
	size_t len = sizeof host;
	uv_os_gethostname(host, &len);
	snprintf(
		session->who, sizeof session->who, "%.60s@%.60s", user && *user ? user : "someone", host);
}

static bool choose_relay(
	struct session *session, const struct arguments *arguments, bool may_start, struct error *err) {
	if (session->own) {
		return start_local(session, err);
	}
	const char *named = arguments_text(arguments, "relay", getenv("HOOKLINE_RELAY"));
	named = session->relay ? session->relay : named;
	if (named && *named) {
		snprintf(session->relay_url, sizeof session->relay_url, "%s", named);
		return true;
	}
	snprintf(session->relay_url, sizeof session->relay_url, "%s", SESSION_DEFAULT_RELAY);
	session->found = may_start && relay_answers(&session->loop);
	return !may_start || session->found || start_local(session, err);
}

static bool connect_client(
	struct session *session, const struct arguments *arguments, bool stays, struct error *err) {
	static const struct client_events events = {on_live, on_down, on_bye};
	struct client_options options = {.url = session->relay_url,
		.token_file = arguments_text(arguments, "token-file", NULL),
		.ca_file = arguments_text(arguments, "ca-file", NULL),
		.who = session->who,
		.readonly = session->readonly,
		.once = !stays,
		.ping_ms = session->ping_ms};
	session->client = client_new(&session->loop, &options, &events, session, err);
	while (session->client && !session->live && !session->stopped) {
		uv_run(&session->loop, UV_RUN_DEFAULT);
	}
	if (session->stopped && session->err.code != ERROR_NONE) {
		*err = session->err;
	}
	return session->client && session->live && !session->stopped;
}

static void on_look(uv_timer_t *timer) {
	uv_stop(timer->loop);
}

/* The relay that was found hung up before it was of use: the one that took its port once the last client went. */
static bool start_after_it(struct session *session, struct error *err) {
	uint64_t until = uv_now(&session->loop) + ENDING_MS;
	uv_timer_t look;
	client_free(session->client);
	session->client = NULL;
	session->stopped = false;
	session->err = *err = (struct error){0};
	uv_timer_init(&session->loop, &look);
	do {
		uv_timer_start(&look, on_look, ENDING_LOOK_MS, 0);
		uv_run(&session->loop, UV_RUN_DEFAULT);
	} while (!session->stopped && uv_now(&session->loop) < until && relay_answers(&session->loop));
	uv_close((uv_handle_t *)&look, NULL);
	uv_run(&session->loop, UV_RUN_NOWAIT);
	return !session->stopped && start_local(session, err);
}

bool session_open(struct session *session, const struct arguments *arguments, bool stays,
	bool may_start, struct error *err) {
	session->readonly = session->readonly || command_is_readonly(arguments);
	uv_loop_init(&session->loop);
	watch_signals(session);
	set_who(session);
	if (!choose_relay(session, arguments, may_start, err)) {
		return false;
	}
	if (connect_client(session, arguments, stays, err)) {
		return true;
	}
	return session->found && err->code == ERROR_UNREACHABLE && start_after_it(session, err) &&
	       connect_client(session, arguments, stays, err);
}

bool session_open_alone(struct session *session) {
	uv_loop_init(&session->loop);
	watch_signals(session);
	set_who(session);
	return true;
}

int session_run(struct session *session, struct error *err) {
	while (!session->stopped) {
		uv_run(&session->loop, UV_RUN_DEFAULT);
	}
	/* what the last of it meets counts, unless there was an error before */
	session->stopped = session->err.code != ERROR_NONE;
	session_flush(session);
	session->stopped = true;
	if (session->err.code != ERROR_NONE) {
		*err = session->err;
	}
	return session->exit_code;
}

void session_close(struct session *session) {
	session->stopped = true;
	client_free(session->client);
	session->client = NULL;
	if (session->local) {
		bool ends = local_relay_stop(session->local);
		while (ends && !session->local_ended) {
			uv_run(&session->loop, UV_RUN_DEFAULT);
		}
		local_relay_free(session->local);
	}
	uv_close((uv_handle_t *)&session->interrupted, NULL);
	uv_close((uv_handle_t *)&session->terminated, NULL);
	while (uv_run(&session->loop, UV_RUN_DEFAULT) != 0) {
		/* an uv_stop from before makes the first run return early */
	}
	uv_loop_close(&session->loop);
}
