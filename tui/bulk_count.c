/* What a bulk replay is about, before anything is sent: counted, or looked at one by one. */
#include <stdlib.h>

#include "common/alloc.h"
#include "tui/bulk_parts.h"

/* `counted` comes once for so many. */
#define COUNTED_STEP 1000

/* --- counting --- */

static void end_counting(struct bulk *bulk, const struct error *err) {
	if (bulk->state != BULK_COUNTING) {
		return;
	}
	bulk->state = err ? BULK_OVER : BULK_PLANNED;
	bulk->report.planned = bulk_plan_to_send(&bulk->plan, &bulk->record.settings);
	bulk->events.planned(bulk->data, err);
}

static void count_on(struct bulk *bulk) {
	const struct event *event;
	if (bulk->busy) {
		return;
	}
	bulk->busy = true;
	while ((event = bulk_source_next(bulk->source))) {
		const struct bulk_facts facts = {.delivered_at = event->delivered_at,
			.answered_at = event->answered_at,
			.maybe = bulk_is_maybe(bulk, &event->id)};
		bulk_plan_take(&bulk->plan, event, &facts, bulk->record.since);
		bulk_source_pass(bulk->source);
		if (bulk->events.counted && bulk->plan.count % COUNTED_STEP == 0) {
			bulk->events.counted(bulk->data, bulk->plan.count);
		}
	}
	bulk->busy = false;
	if (bulk_source_ended(bulk->source)) {
		end_counting(bulk, NULL);
	}
}

/* --- only looking --- */

static void look_on(struct bulk *bulk) {
	const struct event *event;
	if (bulk->busy || bulk->state != BULK_LOOKING) {
		return;
	}
	bulk->busy = true;
	while ((event = bulk_source_next(bulk->source))) {
		bulk->looked_at = false;
		bulk->look(bulk->data, event, bulk_choice_of(bulk, event), NULL);
		if (!bulk->looked_at) {
			break;
		}
		bulk_source_pass(bulk->source);
	}
	bulk->busy = false;
	if (!event && bulk_source_ended(bulk->source)) {
		bulk->state = BULK_OVER;
		bulk->look(bulk->data, NULL, BULK_SEND, NULL);
	}
}

void bulk_look(struct bulk *bulk, bulk_look_fn *look) {
	bulk->look = look;
	bulk->state = BULK_LOOKING;
	bulk_source_rewind(bulk->source);
	look_on(bulk);
}

void bulk_look_on(struct bulk *bulk) {
	bulk->looked_at = true;
	if (!bulk->busy) {
		bulk_source_pass(bulk->source);
		look_on(bulk);
	}
}

/* --- what the source tells --- */

static void on_ready(void *data) {
	struct bulk *bulk = data;
	if (bulk->state == BULK_COUNTING) {
		count_on(bulk);
	} else if (bulk->state == BULK_LOOKING) {
		look_on(bulk);
	} else {
		bulk_go_on(bulk);
	}
}

static void on_missing(void *data, const struct event_ref *ref, const struct error *err) {
	struct bulk *bulk = data;
	bulk->plan.missing++;
	bulk_take_missing(bulk, ref, err);
}

static void on_source_failed(void *data, const struct error *err) {
	struct bulk *bulk = data;
	if (bulk->state == BULK_COUNTING) {
		end_counting(bulk, err);
	} else if (bulk->state == BULK_LOOKING) {
		bulk->state = BULK_OVER;
		bulk->look(bulk->data, NULL, BULK_SEND, err);
	} else if (err->code == ERROR_UNREACHABLE) {
		bulk_link_down(bulk, err);
	} else {
		bulk_end_with(bulk, BULK_CUT_OFF, err->text);
		bulk_go_on(bulk);
	}
}

const struct bulk_source_events bulk_source_told = {on_ready, on_missing, on_source_failed};

/* --- beginning to count --- */

/* The newest position there is: what is answered behind it is answered since, when it is counted for the first time. */
static void on_newest(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct bulk *bulk = data;
	(void)bytes;
	bulk->newest = event->position;
}

static void on_newest_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct bulk *bulk = data;
	(void)bytes;
	bulk->newest = attempt->position;
}

static void begin_counting(struct bulk *bulk) {
	bulk->record.since = bulk->resumed ? bulk->record.since : bulk->newest;
	bulk_source_limit(bulk->source, bulk->record.since);
	count_on(bulk);
}

static void on_looked(void *data, const struct error *err) {
	struct bulk *bulk = data;
	bulk->looking = 0;
	if (err) {
		end_counting(bulk, err);
	} else {
		begin_counting(bulk);
	}
}

static void look(struct bulk *bulk) {
	const struct client_query query = {.attempts = true, .newest_first = true, .limit = 1};
	const struct client_receiver receiver = {
		.event = on_newest, .attempt = on_newest_attempt, .done = on_looked, .data = bulk};
	bulk->looking = client_list(bulk->client, &query, &receiver);
}

/* --- what a run before left --- */

/* The relay has its attempt now. */
static void let_go_of_place(void *data, const struct bulk_place *place) {
	struct bulk *bulk = data;
	if (place->has_attempt) {
		bulk_files_settled(bulk->files, &place->event, place->attempt.status > 0);
	}
}

static void on_uploaded(void *data, const struct client_stored *stored, const struct error *err) {
	struct bulk *bulk = data;
	(void)stored;
	bulk->uploads--;
	if (err && err->code != ERROR_NO) { /* no: the event is gone, and its answer with it */
		if (bulk->state == BULK_COUNTING) {
			end_counting(bulk, err);
		}
	} else if (bulk->uploads == 0 && bulk->state == BULK_COUNTING) {
		bulk_files_each_place(bulk->files, let_go_of_place, bulk);
		bulk->unanswered = bulk_files_unanswered(bulk->files, &bulk->unanswered_count);
		look(bulk);
	}
}

/* What the app answered goes to the relay now; what it was not heard of is in doubt. */
static void take_place(void *data, const struct bulk_place *place) {
	struct bulk *bulk = data;
	if (place->has_attempt) {
		bulk->uploads++;
		client_store_attempt(
			bulk->client, &place->attempt, (struct span){0}, (struct span){0}, on_uploaded, bulk);
	} else {
		bulk->maybe = alloc_resize(bulk->maybe, (bulk->maybe_count + 1) * sizeof *bulk->maybe);
		bulk->maybe[bulk->maybe_count++] = place->event;
	}
}

void bulk_count(struct bulk *bulk) {
	bulk->state = BULK_COUNTING;
	if (!bulk->resumed) {
		look(bulk);
		return;
	}
	bulk->uploads = 1; /* this one: none of them ends the waiting before all are asked */
	bulk_files_each_place(bulk->files, take_place, bulk);
	on_uploaded(bulk, NULL, NULL);
}
