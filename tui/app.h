/*
 * The screen in the world: what comes from the terminal, the relay and the local app becomes messages, and what `update`
 * wants done is carried out. Everything happens on the one loop. Paints at most APP_FRAMES_PER_S times a second but for what
 * is typed, and only when something changed.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/error.h"
#include "tui/client.h"
#include "tui/deliver/deliver.h"
#include "tui/settings.h"

#define APP_FRAMES_PER_S 30
/* What a shell reports for a program whose terminal went away. */
#define APP_EXIT_HANGUP 129

struct app;
struct catalogue;

/* Everything is borrowed as long as the app lives. */
struct app_options {
	const char *who;
	const char *relay_url;
	const char *store; /* where a relay of our own keeps events; NULL: the relay is not ours */
	struct settings
		*settings; /* with the routes to forward by from the beginning, which the screen changes */
	const char *filter;          /* to begin with, or NULL */
	const char *retry;           /* what fails is tried again by this policy; NULL: not */
	struct catalogue *catalogue; /* for app_new alone, which keeps it */
	/* what commands need to reach the same relay, and to deliver as this screen does, quoted for a shell; for app_new alone */
	const char *relay_options, *deliver_options;
	bool readonly; /* nothing is to be changed */
	bool keep;     /* the relay of our own stays when the last screen ends */
	const struct deliver_options *deliver;
	/* The screen wants to end, with this exit code; app_free is then to be called, from outside of any callback. */
	void (*quit)(void *data, int exit_code);
	void *data;
};

/*
 * Takes over the terminal and shows what the relay has; `client` is live, `welcome` what it said. What is written to
 * stderr from now on is lost if that is the terminal, too. NULL and `err` as term_open.
 */
struct app *app_new(uv_loop_t *loop, struct client *client, const struct client_welcome *welcome,
	const struct app_options *options, struct error *err);

/* Gives the terminal back, ends what is under way; to be called before client_free. The loop must run on until all is closed. */
void app_free(struct app *app);

/* What the client says of the link: its callbacks call these. */
void app_live(struct app *app, const struct client_welcome *welcome);
void app_down(struct app *app, const struct error *err, int64_t retry_ms);
void app_bye(struct app *app, struct span why);
