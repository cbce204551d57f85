/* What a bulk replay would do, counted before anything is sent. Pure; its size does not depend on how many events it is about. */
#pragma once

#include "common/event.h"
#include "tui/bulk_settings.h"

/* Room for "endpoint#1042". */
#define BULK_REF_LEN (ENDPOINT_NAME_LEN + 24)

struct bulk_plan {
	int64_t count; /* events it is about; of them */
	int64_t
		answered; /* were answered since the plan was made: not sent again (another run of it) */
	int64_t delivered;            /* were answered 2xx by the target before: skipped unless asked */
	int64_t maybe;                /* may have been sent by a run that was cut off */
	int64_t missing;              /* named, but not there: not counted in `count` */
	int64_t bytes;                /* head and body of all */
	int64_t oldest_ns, newest_ns; /* received */
	char first[BULK_REF_LEN], last[BULK_REF_LEN]; /* in the order they are sent */
};

/* One more event, in order. `since` as for bulk_choose. */
void bulk_plan_take(struct bulk_plan *plan, const struct event *event,
	const struct bulk_facts *facts, int64_t since);

/* How many would be sent, those that may have been sent already left out. */
int64_t bulk_plan_to_send(const struct bulk_plan *plan, const struct bulk_settings *settings);
/* How long it takes at least, in milliseconds; -1: as long as the app takes. */
int64_t bulk_plan_estimate_ms(const struct bulk_plan *plan, const struct bulk_settings *settings);

/* The plan as lines, each ending in a newline: what is foreign in it is escaped. */
void bulk_plan_append_words(struct buffer *out, const struct bulk_plan *plan,
	const struct bulk_settings *settings, struct span target);
/* The same as a JSON object, and as members of one that is begun. */
void bulk_plan_append_json_members(struct buffer *out, const struct bulk_plan *plan,
	const struct bulk_settings *settings, struct span target);

/* Parts of it, for the screen: "2026-11-20 10:00:00 to 2026-11-21 09:00:00 (23 h)"; "about 10 s", "as long as the app takes" */
void bulk_plan_append_span(struct buffer *out, const struct bulk_plan *plan);
void bulk_plan_append_estimate(
	struct buffer *out, const struct bulk_plan *plan, const struct bulk_settings *settings);
