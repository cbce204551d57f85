/* The inside of an app, for its parts: frames and terminal (app.c), link, history, deliveries, demo. */
#pragma once

#include "tui/app.h"
#include "tui/forward.h"
#include "tui/missed.h"
#include "tui/replayer.h"
#include "tui/retrier.h"
#include "tui/screen/model.h"
#include "tui/term/term.h"

/* A page under way. */
struct page_asked;
/* Forwarding as it was begun once; several at once only while earlier ones end. */
struct forwarding;
/* A replay of many. */
struct bulk_run;
/* What is edited and sent by hand. */
struct making_desk;
/* A command that was given a payload. */
struct pipe_run;
/* A pane that is read in $PAGER. */
struct reading;
/* The demo, while it is sent. */
struct demo_run;

/* Two events that are fetched to be compared. */
struct app_diff {
	client_request request;
	size_t side;              /* under way: 0 old, 1 new */
	struct event_ref refs[2]; /* the old one may point into `text` */
	bool known;               /* which the old one is; else: */
	struct buffer text, filter;
	int64_t beyond;
};

struct app {
	uv_loop_t *loop;
	struct client *client;
	struct app_options options;
	char ingest_url[256];
	struct model model;
	bool carrying; /* effects are being carried out */
	bool ended;

	/* frames */
	struct term *term;
	struct canvas canvas, shown;
	bool redraw;
	uint64_t painted_at_us, typed_at_us, frames_from_us; /* of uv_hrtime */
	int64_t ticked_at_ms;
	uv_timer_t *frame, *second;
	uv_idle_t *idle;
	int saved_stderr; /* -1: it is not the terminal */

	/* link and history */
	client_request leases, follow, detail, deliveries, timeline, find, explain, scheme;
	uint32_t timeline_page;
	uint32_t deliveries_page; /* that was asked for last, */
	int64_t deliveries_count; /* and what of it has come */
	struct uuid explained;    /* the event `explain` is about, */
	struct uuid schemed;      /* and `scheme` */
	struct app_diff diff;
	char secrets_of[ENDPOINT_NAME_LEN + 1]; /* the endpoint that was asked about */
	int64_t heard_at_ms;
	struct page_asked *pages;

	/* deliveries */
	struct forwarding *forwardings;
	struct forwarding *forwarding; /* the one in force, of those; or NULL */
	struct replayer *replayers[2]; /* [to other machines], each from its first replay on */
	struct bulk_run *bulks;
	struct bulk_run *bulk;    /* the one that the screen shows, of those; or NULL */
	char confirmed_host[256]; /* typed: this other machine is meant */
	char store_id[64];        /* of the relay's history */
	struct retrier *retrier;
	struct app_proof *proof; /* the last one; NULL: none */
	struct schedule_policy retry;
	struct demo_run *demo;
	struct pipe_run *pipe;    /* the last one, until it has ended; NULL: none */
	struct reading *reading;  /* or NULL */
	struct making_desk *desk; /* from the first edit or sample on */
	bool routes_changed;      /* since they were read or written */
};

/* A message for the screen; carries out what it wants done. */
void app_tell(struct app *app, const struct msg *msg);
/* A sentence at the bottom; `err` makes it a bad one. */
void app_note(struct app *app, const char *text);
void app_note_error(struct app *app, const struct error *err);

/* Milliseconds since 1970. */
int64_t app_now_ms(void);

/* app_link.c */
void app_link_begin(struct app *app, const struct client_welcome *welcome);
/* Asks who forwards what: again when our own lease changed hands, since which of them is ours is known then. */
void app_ask_leases(struct app *app);
void app_link_look(struct app *app); /* each second: when the relay was heard last */
void app_keep_relay(struct app *app, bool keep);

/* app_history.c: what the effects of these names say */
void app_follow(struct app *app, struct span filter);
void app_page(struct app *app, const struct effect *effect);
void app_page_stop(struct app *app, uint32_t number);
void app_detail(struct app *app, const struct uuid *id);
void app_timeline(struct app *app, const struct effect *effect);
void app_deliveries(struct app *app, const struct effect *effect);
void app_find(struct app *app, struct span text);
/* app_mark.c */
void app_annotate(struct app *app, const struct effect *effect);
void app_history_clear(struct app *app);

/* app_diff.c */
void app_diff(struct app *app, const struct effect *effect);
void app_diff_clear(struct app *app);

/* app_secret.c: `effect` is wiped */
void app_secrets(struct app *app, const char *endpoint);
void app_secret(struct app *app, struct effect *effect);

/* app_overview.c */
void app_stats(struct app *app, struct span span);
/* The relay's answer to `stats`, or its refusal, as a message of that type. */
void app_tell_counts(
	struct app *app, enum msg_type type, const struct cJSON *answer, const struct error *err);

/* app_endpoints.c */
void app_endpoints(struct app *app);

/* app_routes.c */
void app_tell_routes(struct app *app);
void app_routes(struct app *app, const struct effect *effect);

/* app_forward.c */
/* To `target` alone, or by the routes there are, or, with neither, not any more. */
void app_forward(struct app *app, const char *target, bool by_routes);
/* The table is another one. */
void app_forward_changed(struct app *app);
void app_forward_missed(struct app *app, struct span endpoint, int64_t first_seq, int64_t last_seq);
/* Whether a lease is that of our forwarder. */
bool app_holds(const struct app *app, struct span endpoint, struct span target);
/* NULL: nothing is forwarded. */
/* Whether an attempt of the event is made there by forwarding just now. */
bool app_is_forwarding(const struct app *app, const struct uuid *event, const char *target_url);
struct forward *app_forward_in_force(const struct app *app);
void app_forward_clear(struct app *app);

/* app_replay.c */
void app_replay(struct app *app, const struct uuid *id, const char *target, bool as_received);
/* A target that may be sent to: well formed, on this machine or --anywhere, and not the relay's own port. */
bool app_target(const struct app *app, struct target *target, const char *text, struct error *err);

/* What the effects of these names say; `app_bulk_link`: the link went down (why), or is up again (NULL). */
void app_bulk_plan(struct app *app, struct effect *effect);
void app_bulk_find(struct app *app);
void app_bulk_resume(struct app *app, struct effect *effect);
void app_bulk_run(struct app *app, struct effect *effect);
void app_bulk_pause(struct app *app, bool paused);
void app_bulk_stop(struct app *app);
void app_bulk_drop(struct app *app);
void app_bulk_link(struct app *app, const struct error *down);
void app_replay_clear(struct app *app);

/* app_make.c */
void app_edit(struct app *app, const struct uuid *id, const char *target, bool as_it_is);
void app_send(struct app *app, const char *provider, const char *type, const char *to);
void app_make_clear(struct app *app);

/* app_prove.c: one at a time; a new one ends the last */
void app_prove(struct app *app, struct effect *effect);
void app_prove_stop(struct app *app);

/* app_retry.c: `catalogue` is kept */
void app_retry_begin(struct app *app, struct catalogue *catalogue);
/* By the routes of this forward from now on; NULL: none. */
void app_retry_use(struct app *app, struct forward *forward);
void app_retry_policy(struct app *app, struct span text);
void app_retry(struct app *app, const struct uuid *event, struct span target, enum retry_verb verb);

/* app_explain.c */
void app_explain(struct app *app, const struct uuid *id);
void app_scheme(struct app *app, const struct uuid *id);
void app_reverify(struct app *app, struct span endpoint, struct span filter);

/* app_remember.c: lines that were typed in earlier runs, and filters that have a name */
void app_remember_begin(struct app *app);
void app_remember(struct app *app, enum prompt_kind kind, struct span text);
void app_save_filter(struct app *app, struct span name, struct span text);

/* app_copy.c */
void app_copy(struct app *app, struct span text);
void app_copy_curl(struct app *app, struct span head, struct span body);

/* app_pipe.c: one at a time; a new one ends the last */
void app_pipe(struct app *app, struct effect *effect);
void app_pipe_stop(struct app *app);
void app_pipe_clear(struct app *app);

/* app_qr.c */
void app_qr(struct app *app, struct span text);

/* app_pager.c */
void app_pager(struct app *app, struct span text);
void app_pager_clear(struct app *app);

/* app_demo.c */
void app_demo(struct app *app);
void app_demo_clear(struct app *app);
