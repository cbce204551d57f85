/*
 * A bulk replay: counted first, then carried out in its order and at its pace, remembered in a folder so that it can be resumed
 * after whatever ended it. What the relay has of attempts is the truth of what was answered; the journal in the folder
 * knows what was on its way when nobody could tell the relay.
 *
 *   bulk_new or bulk_resume -> bulk_count -> `planned` -> bulk_run -> `over` -> bulk_free
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/error.h"
#include "common/event.h"
#include "tui/bulk_plan.h"
#include "tui/bulk_report.h"
#include "tui/bulk_settings.h"
#include "tui/client.h"
#include "tui/deliver/deliver.h"
#include "tui/replayer.h"

/* A relay that is away is waited for so long; then the run is cut off, to be resumed. */
#define BULK_AWAY_MS 60000

struct bulk_options {
	struct bulk_settings settings;
	struct deliver_options deliver; /* its concurrency is that of the settings */
	const char *target;             /* as typed; `deliver.anywhere`: also other machines */
	struct span filter, endpoint;   /* which events, or */
	const struct event_ref *named;
	size_t named_count;
	struct span store; /* the relay's: of client_welcome */
	bool keep;         /* remember it: it can be resumed */
};

/* All are called from the loop. All but `planned` and `over` may be NULL. bulk_free is allowed in none of them. */
struct bulk_events {
	void (*counted)(void *data, int64_t count); /* so far, now and then */
	/* `err`: it could not be counted, and is of no more use. */
	void (*planned)(void *data, const struct error *err);
	/* As of the replayer: an attempt of it is under way there already. */
	void (*waits)(void *data, const struct event_ref *ref);
	void (*begun)(void *data, const struct event *event); /* its request goes out */
	void (*delivered)(void *data, const struct delivery *delivery);
	/* As of the replayer: its attempt is kept, or why not. */
	void (*ended)(void *data, const struct replayed *replayed, const struct error *err);
	/* The relay is away; `why` NULL: it is back, and the run goes on. */
	void (*away)(void *data, const struct error *why);
	void (*over)(void *data); /* bulk_report says how it went */
	/* Whether an attempt of the event is made there already: it is waited for. */
	bool (*busy)(void *data, const struct uuid *event, const char *target_url);
};

struct bulk;

/* NULL and `err`: the target cannot be used. All of `options` is copied. */
struct bulk *bulk_new(uv_loop_t *loop, struct client *client, const struct bulk_options *options,
	const struct bulk_events *events, void *data, struct error *err);
/* One that is remembered (bulk_files_open). `options`: `deliver` and `store` alone count; another store is ERROR_NO. */
struct bulk *bulk_resume(uv_loop_t *loop, struct client *client, struct span id,
	const struct bulk_options *options, const struct bulk_events *events, void *data,
	struct error *err);
/* Ends what is under way without callbacks; what is remembered stays. To be called before client_free. */
void bulk_free(struct bulk *bulk);

/* Counts, sending nothing: `planned` comes. */
void bulk_count(struct bulk *bulk);
/* Other settings than those it was made with, before bulk_run; the order stays. */
void bulk_set(struct bulk *bulk, const struct bulk_settings *settings);
/* What may have been sent by a run that was cut off is sent again, too; else it is skipped, and reported. */
void bulk_send_maybe(struct bulk *bulk);
/* Carries it out. False and `err`: it cannot be remembered, and nothing was sent. */
bool bulk_run(struct bulk *bulk, struct error *err);
/*
 * Instead of bulk_run: goes through the events in order and sends nothing. Each is looked at until bulk_look_on; `event` NULL:
 * those were all, or `err` says why no more come.
 */
typedef void bulk_look_fn(
	void *data, const struct event *event, enum bulk_choice choice, const struct error *err);
void bulk_look(struct bulk *bulk, bulk_look_fn *look);
void bulk_look_on(struct bulk *bulk);
/* Nothing new begins until it goes on. */
void bulk_pause(struct bulk *bulk, bool paused);
/* Nothing new begins; what is under way ends, then `over`. A relay that is away is not waited for. */
void bulk_stop(struct bulk *bulk);

/* The link went down, or is up again: whoever has the client tells. */
void bulk_link_down(struct bulk *bulk, const struct error *why);
void bulk_link_up(struct bulk *bulk);

/* What there is to know of it at any time. */
const struct bulk_plan *bulk_plan_of(const struct bulk *bulk);
const struct bulk_settings *bulk_settings_of(const struct bulk *bulk);
const struct bulk_report *bulk_report_of(const struct bulk *bulk);
const char *bulk_target(const struct bulk *bulk); /* normalised */
const char *bulk_folder(const struct bulk *bulk); /* where it is remembered; NULL: it is not */
size_t bulk_open(const struct bulk *bulk);        /* events under way */

/*
 * The host that is to be typed before anything is sent to `target`; empty: it is this machine. False and `err` when the target
 * is none.
 */
bool bulk_host_to_confirm(struct buffer *host, const char *target, struct error *err);
