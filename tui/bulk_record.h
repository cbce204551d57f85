/* What a bulk replay has to remember to be resumed: written before its first event is sent. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/event.h"
#include "common/span.h"
#include "tui/bulk_report.h"
#include "tui/bulk_settings.h"

/* All texts are its own. */
struct bulk_record {
	char id[BULK_ID_LEN + 1];
	char *store;  /* the relay's: positions of another one mean nothing */
	char *target; /* URL, normalised */
	char *filter, *endpoint;
	struct uuid *named; /* instead of a filter, in order */
	size_t named_count;
	struct bulk_settings settings;
	int64_t since; /* newest position when it was planned: what was answered behind it is done */
	int64_t made_at_ns;
	bool elsewhere; /* the target is not this machine, which was confirmed */
};
void bulk_record_clear(struct bulk_record *record);

/* An id that sorts by time: "20261121-094512-3f2a", in UTC; `salt` tells those of one second apart. */
void bulk_record_make_id(char id[BULK_ID_LEN + 1], int64_t at_ns, unsigned salt);
bool bulk_id_is_valid(struct span id);

/* One JSON object and a newline; and back. */
void bulk_record_append(struct buffer *out, const struct bulk_record *record);
bool bulk_record_read(struct bulk_record *record, struct span text, struct error *err);

/*
 * One place of the journal: an event that is on its way. First without, then with what the app answered; a line of at most
 * BULK_PLACE_LEN bytes with its newline (what is long in the attempt is left out).
 */
#define BULK_PLACE_LEN 4096
void bulk_place_append(struct buffer *out, const struct uuid *event, const struct attempt *attempt);

/*
 * The same of the event that comes next, so that it is on the disk by its time. `boot` names the run of the machine: whoever reads the
 * place in the same one has before him all that was written, and the event was not sent; in another one the last word may be lost.
 */
#define BULK_BOOT_LEN 36
void bulk_place_append_ahead(struct buffer *out, const struct uuid *event, const char *boot);

/* `texts` holds what the attempt points to. */
struct bulk_place {
	struct uuid event;
	bool
		ahead; /* it was to come next, in the run of the machine that `boot` names; "": nobody knows */
	char boot[BULK_BOOT_LEN + 1];
	bool answered; /* the app was heard of it: `attempt` is set, or it was too long to be written */
	bool has_attempt;
	struct attempt attempt;
	struct cJSON *object;
	struct buffer texts;
};
/*
 * False: the place is empty. One that was not written to its end (a power cut while the answer was written over the event) is an
 * event without an answer: it may have been sent.
 */
bool bulk_place_read(struct bulk_place *place, struct span bytes);
void bulk_place_clear(struct bulk_place *place);
