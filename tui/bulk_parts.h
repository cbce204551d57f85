/* The inside of a bulk replay, for its parts: counting (bulk_count.c) and carrying out (bulk.c). */
#pragma once

#include "tui/bulk.h"
#include "tui/bulk_files.h"
#include "tui/bulk_flush.h"
#include "tui/bulk_source.h"

enum bulk_state {
	BULK_NEW,
	BULK_COUNTING,
	BULK_PLANNED,
	BULK_LOOKING,
	BULK_RUNNING,
	BULK_STOPPING, /* what is under way ends */
	BULK_OVER,
};

struct bulk {
	uv_loop_t *loop;
	struct client *client;
	struct bulk_events events;
	void *data;
	enum bulk_state state;
	struct deliver_options deliver;
	struct target target;
	struct bulk_record record;
	struct bulk_source *source;
	struct replayer *replayer;
	struct bulk_files *files; /* NULL: not remembered */
	struct bulk_flush *flush; /* of `files`, once it runs */
	bulk_look_fn *look;
	bool looked_at; /* bulk_look_on was called */
	bool keep, resumed, send_maybe, paused, away, busy;

	struct bulk_plan plan;
	struct bulk_report report;
	struct bulk_clock clock; /* of those that were begun: fetched and signed */
	struct bulk_clock sent;  /* of those that went out */
	uint64_t began_us;
	uv_timer_t *pace, *patience;
	client_request looking;

	struct uuid *maybe; /* may have been sent by a run before */
	size_t maybe_count;
	size_t uploads;          /* answers of a run before that are on their way to the relay */
	struct uuid *unanswered; /* tried by a run before, without an answer */
	size_t unanswered_count;
	bool at_unanswered; /* all else is through: now those */
	int64_t newest;     /* position when it was counted */
	struct uuid *again; /* could not be fetched while the relay was away */
	size_t again_count;
};

/* bulk.c */

/* Begins what may begin now, and ends when all is through. */
void bulk_go_on(struct bulk *bulk);
/* Nothing new begins; the first reason counts. `why` may be NULL. */
void bulk_end_with(struct bulk *bulk, enum bulk_end end, const char *why);
bool bulk_is_maybe(const struct bulk *bulk, const struct uuid *id);
/* What becomes of an event, as far as the list tells. */
enum bulk_choice bulk_choice_of(const struct bulk *bulk, const struct event *event);
void bulk_take_missing(struct bulk *bulk, const struct event_ref *ref, const struct error *err);

/* bulk_wake.c */

/* Goes on then, or earlier when something else is due before. */
void bulk_wake_in(struct bulk *bulk, uint64_t ms);
/* Whether its time has come by that clock; else it is waited for. */
bool bulk_is_due(struct bulk *bulk, const struct bulk_clock *clock, int64_t received_at_ns);

/* bulk_count.c: what the source tells, whatever is done with it */
extern const struct bulk_source_events bulk_source_told;
