/*
 * Where bulk replays are remembered: a folder each under $XDG_STATE_HOME/hookline/replays, its name the id of the replay.
 *
 *   plan.json    what it is about (bulk_record.h); there until it is complete
 *   journal      the events that are on their way, BULK_PLACE_LEN bytes each, written before they are sent and when they
 *                are answered; it survives the end of the program, however it ends, and once it was flushed (bulk_flush.h) that
 *                of the machine
 *   unanswered   events that were tried and not answered, an id a line: a filter may know them no more when it is resumed
 *   report.json  how it went, or how far it came
 *
 * The newest BULK_KEPT are kept. Only the one who carries a replay out has it open.
 */
#pragma once

#include <stdbool.h>

#include "common/error.h"
#include "tui/bulk_record.h"

#define BULK_KEPT 100
#define BULK_UNANSWERED_MAX 1000000
/*
 * Events that may be on their way at once, with those that runs before left there: many times DELIVER_CONCURRENCY_MAX. What is ahead
 * takes no more than the first half.
 */
#define BULK_PLACES 4096

struct bulk_files;

/* Appends the folder of all, "" when there is no home. */
void bulk_files_folder(struct buffer *out);

/* A new one, with an id for `record->id`. NULL and ERROR_IO when it cannot be written. */
struct bulk_files *bulk_files_make(struct bulk_record *record, struct error *err);
/*
 * One that is not complete; an empty id: the newest. ERROR_NO: there is none (with those that there are), or another hookline is at it.
 */
struct bulk_files *bulk_files_open(struct span id, struct bulk_record *record, struct error *err);
/* Lets go of it, and leaves everything where it is. */
void bulk_files_free(struct bulk_files *files);

/* "/home/alice/.local/state/hookline/replays/ID" */
const char *bulk_files_path(const struct bulk_files *files);

/* The journal: `event` is about to be sent; was answered; is no longer on its way. False and ERROR_IO when it cannot be written. */
bool bulk_files_sending(struct bulk_files *files, const struct uuid *event, struct error *err);
/*
 * Before that: it comes soon, and can be flushed already. False: it is noted already, or not to be. After a power cut what is ahead
 * is in doubt, too; so it is forgotten when it does not come.
 */
#define BULK_AHEAD 64 /* and as many as are under way at once */
bool bulk_files_ahead(struct bulk_files *files, const struct uuid *event);
size_t bulk_files_ahead_count(const struct bulk_files *files);
void bulk_files_not_ahead(struct bulk_files *files, const struct uuid *event);
void bulk_files_forget_ahead(struct bulk_files *files);
bool bulk_files_answered(
	struct bulk_files *files, const struct attempt *attempt, struct error *err);
void bulk_files_settled(struct bulk_files *files, const struct uuid *event, bool answered);
/* It was not sent after all: as if it had never been noted. */
void bulk_files_unsent(struct bulk_files *files, const struct uuid *event);

/* Counts what is written to the journal; at which count `event` was put into its place, 0: it has none. */
uint64_t bulk_files_written(const struct bulk_files *files);
uint64_t bulk_files_written_at(const struct bulk_files *files, const struct uuid *event);
/*
 * Descriptors of what a flush has to bring to the disk: the journal and what was not answered, the first time also the plan and the
 * folders. They are the caller's, to be closed. How many there are.
 */
#define BULK_HANDLES 5
size_t bulk_files_handles(struct bulk_files *files, int handles[BULK_HANDLES]);
/* Those that were not answered when it was opened, each once, at most BULK_UNANSWERED_MAX. Free with free(). */
struct uuid *bulk_files_unanswered(struct bulk_files *files, size_t *count);
/* What was on its way when it was opened, one call each; what was to come next, only when it may have been sent. */
void bulk_files_each_place(
	struct bulk_files *files, void (*each)(void *, const struct bulk_place *), void *data);

/* Writes report.json; `complete`: there is nothing to be resumed any more. */
bool bulk_files_report(
	struct bulk_files *files, const struct bulk_report *report, bool complete, struct error *err);
