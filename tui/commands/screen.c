/* hookline without a command: the screen. */
#include <string.h>

#include "common/shell.h"
#include "tui/app.h"
#include "tui/commands/command.h"
#include "tui/commands/commands.h"
#include "tui/commands/deliver_flags.h"
#include "tui/commands/print.h"
#include "tui/commands/route_flags.h"
#include "tui/commands/session.h"
#include "tui/commands/signing.h"
#include "tui/deliver/schedule.h"
#include "tui/term/term.h"

/* The relay is asked for a sign of life so often: the status bar says how old the last one is. */
#define PING_MS 1000

struct screen {
	struct session session;
	const struct arguments *arguments;
	struct deliver_options deliver;
	struct settings settings;
	struct buffer filter;
	struct app *app; /* once the link was up */
};

static void on_live(struct session *session) {
	struct screen *screen = session->data;
	if (screen->app) {
		app_live(screen->app, &session->welcome);
	}
}

static void on_down(struct session *session, const struct error *err, int64_t retry_ms) {
	struct screen *screen = session->data;
	if (screen->app) {
		app_down(screen->app, err, retry_ms);
	}
}

static void on_bye(struct session *session, struct span why) {
	struct screen *screen = session->data;
	if (screen->app) {
		app_bye(screen->app, why);
	}
}

static void on_quit(void *data, int exit_code) {
	struct screen *screen = data;
	session_stop(&screen->session, exit_code);
}

/* What a command needs that is to do the same: see command_log.h. */
static void tell_options(
	const struct screen *screen, struct buffer *relay_options, struct buffer *deliver_options) {
	const char *url = screen->session.relay_url;
	if (strcmp(url, SESSION_DEFAULT_RELAY) != 0) {
		buffer_append_text(relay_options, "--relay ");
		shell_append_word(relay_options, span_text(url));
	}
	arguments_append_given(relay_options, screen->arguments, command_relay_options, "relay");
	arguments_append_given(deliver_options, screen->arguments, deliver_option_rows, NULL);
}

static int show(struct screen *screen, struct error *err) {
	struct session *session = &screen->session;
	const struct arguments *arguments = screen->arguments;
	struct buffer relay_options = {0}, deliver_options = {0};
	tell_options(screen, &relay_options, &deliver_options);
	const struct app_options options = {.who = session->who,
		.relay_url = session->relay_url,
		.store = session->local ? session->store : NULL,
		.settings = &screen->settings,
		.filter = buffer_text(&screen->filter),
		.retry = arguments_text(arguments, "retry", NULL),
		.catalogue = signing_catalogue(),
		.relay_options = buffer_text(&relay_options),
		.deliver_options = buffer_text(&deliver_options),
		.keep = arguments_has(arguments, "keep"),
		.readonly = session->readonly,
		.deliver = &screen->deliver,
		.quit = on_quit,
		.data = screen};
	screen->app = app_new(&session->loop, session->client, &session->welcome, &options, err);
	buffer_clear(&relay_options);
	buffer_clear(&deliver_options);
	if (!screen->app) {
		return error_exit_code(err);
	}
	int code = session_run(session, err);
	app_free(screen->app);
	screen->app = NULL;
	return code;
}

static bool check(struct screen *screen, struct error *err) {
	const struct arguments *arguments = screen->arguments;
	if (arguments->word_count > 1) {
		return error_set(err, ERROR_USAGE, "\"%s\" is not expected here: one relay is followed",
			arguments->words[1]);
	}
	screen->session.relay = arguments->word_count > 0 ? arguments->words[0] : NULL;
	screen->deliver.concurrency = 16;
	struct schedule_policy policy;
	const char *retry = arguments_text(arguments, "retry", "none");
	if (!schedule_policy_parse(&policy, span_text(retry), err)) {
		return error_prefix(err, "--retry");
	}
	bool ok = deliver_options_read(&screen->deliver, arguments, screen->session.who, err) &&
	          routes_from_arguments(&screen->settings, arguments, screen->deliver.anywhere, err) &&
	          filter_from_words(&screen->filter, arguments, "filter", err) && term_is_there(err);
	screen->session.readonly = screen->settings.screen.readonly;
	return ok;
}

static int run_session(struct screen *screen, struct error *err) {
	struct session *session = &screen->session;
	session->data = screen;
	session->on_live = on_live;
	session->on_down = on_down;
	session->on_bye = on_bye;
	session->ping_ms = PING_MS;
	bool open = session_open(session, screen->arguments, true, true, err);
	int code = open ? show(screen, err) : session->exit_code;
	session_close(session);
	return code;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct screen screen = {.arguments = arguments};
	int code = check(&screen, err) ? run_session(&screen, err) : 2;
	settings_clear(&screen.settings);
	buffer_clear(&screen.filter);
	return code;
}

static const struct option_row options[] = {
	{"filter", 0, "FILTER", "only events that match, as in hookline list"},
	{"retry", 0, "POLICY", "try again what failed: 5s,30s,5m; provider; @60x and more"},
	{"keep", 0, NULL, "a relay started here stays when the last screen ends"},
	{NULL},
};

static const char *const examples[] = {
	"hookline",
	"hookline --forward 3000",
	"hookline wss://relay.example.com --token-file token",
	NULL,
};

const struct command command_screen = {
	.name = "",
	.summary = "the screen",
	.usage = "[URL] [--forward URL | --route ROUTE...] [--filter FILTER] [--keep]",
	.examples = examples,
	.options = options,
	.forwards = true,
	.delivers = true,
	.uses_relay = true,
	.run = run,
};
