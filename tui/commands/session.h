/*
 * What every command that talks to a relay stands on: the loop, the client, signals, the end. A command opens a
 * session, asks the client, runs, and closes.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/error.h"
#include "common/span.h"
#include "tui/client.h"
#include "tui/commands/arguments.h"
#include "tui/local_relay.h"

/* A relay of our own that ran so long is started again when it ends by itself. */
#define LOCAL_RAN_WELL_MS 2000

/* The relay when none is named. */
#define SESSION_DEFAULT_RELAY "ws://127.0.0.1:8081"

#define EXIT_INTERRUPTED 130
#define EXIT_TERMINATED 143

struct session {
	/* filled by session_open */
	uv_loop_t loop;
	struct client *client;
	struct local_relay *local; /* NULL: we did not start the relay */
	bool live;                 /* the link was up at least once */
	bool stopped;
	int exit_code;
	struct error err;              /* why it ended, when it was an error */
	char who[128];                 /* "alice@laptop" */
	char ingest_url[256];          /* where webhooks go, from the relay's welcome */
	char relay_url[256];           /* the relay's stream */
	char version[64];              /* of the relay */
	char store_id[64];             /* of the relay's history */
	struct client_welcome welcome; /* all it said; points into the above */
	char store[512];               /* of the relay of our own: where it keeps events */

	/* set before session_open; any may be NULL */
	void (*on_live)(struct session *session);
	void (*on_down)(struct session *session, const struct error *err, int64_t retry_ms);
	void (*on_bye)(struct session *session, struct span why);
	/* Ctrl-C and the like, the first time: true when the command ends in good order by itself. The second time ends at once. */
	bool (*on_signal)(struct session *session, int number);
	void *data;                            /* the command's */
	const struct local_relay_options *own; /* start exactly this relay and talk to it */
	const char *relay;                     /* named otherwise than by --relay; NULL: it is not */
	bool readonly;   /* nothing is to be changed; session_open sets it by --readonly, too */
	int64_t ping_ms; /* as in struct client_options */

	/* private */
	uv_signal_t interrupted, terminated;
	bool local_ready, local_ended;
	bool signalled;          /* on_signal was called */
	uint64_t local_since_ms; /* of the loop's clock */
	bool found;              /* the relay was not named, but answered */
};

/*
 * `stays`: the link is kept up across restarts of the relay once it was up; otherwise a lost relay is an error.
 * `may_start`: a relay of our own is started when none is named and none answers, and told on stderr.
 * False and `err` when that cannot be; session_close is then still to be called.
 */
bool session_open(struct session *session, const struct arguments *arguments, bool stays,
	bool may_start, struct error *err);

/* The same without a relay: only the loop, signals and `who`. */
bool session_open_alone(struct session *session);

/* Runs until session_stop or session_fail; returns the exit code; `err` is set after session_fail. */
int session_run(struct session *session, struct error *err);

void session_stop(struct session *session, int exit_code);
void session_fail(struct session *session, const struct error *err);

/* Writes out what was printed. A reader that went away ends the session (141). */
void session_flush(struct session *session);

/* Ends a relay of our own that does not end with its clients, and frees everything. */
void session_close(struct session *session);
