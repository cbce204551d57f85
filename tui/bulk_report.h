/* How a bulk replay went: tallied as it goes, told at the end in words, JSON, CSV or Markdown. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"
#include "common/span.h"
#include "tui/bulk_settings.h"

/* Failures that are kept with their reasons; the rest is counted. */
#define BULK_FAILURES_MAX 1000
/* "20261121-094512-3f2a" */
#define BULK_ID_LEN 20

enum bulk_end {
	BULK_UNDER_WAY,
	BULK_COMPLETE,
	BULK_STOPPED,       /* somebody stopped it */
	BULK_FIRST_FAILURE, /* --stop-on-failure */
	BULK_CUT_OFF,       /* the relay went away, or does not keep attempts: `why` */
};

struct bulk_failure {
	char *ref;      /* "stripe#1042", or the id where no more is known */
	int64_t status; /* 0: no answer */
	char *reason;
};

/* Zero is an empty one. */
struct bulk_report {
	char id[BULK_ID_LEN + 1]; /* empty: it is not kept and cannot be resumed */
	char *target, *why;
	struct bulk_settings settings;
	enum bulk_end end;
	bool here; /* BULK_CUT_OFF: for a reason on this machine, not at the relay */
	int64_t began_at_ns, took_ms;
	int64_t planned;    /* of the plan: to send */
	int64_t sent;       /* tries that were made: */
	int64_t classes[6]; /* [2]: answered 2xx in full, ..., [0]: no answer, or it broke off */
	int64_t unreached;  /* of [0]: there never was a connection */
	int64_t delivered;  /* skipped: answered 2xx before */
	int64_t
		answered;    /* skipped: answered since the plan was made, mostly by an earlier run of it */
	int64_t maybe;   /* skipped: may have been sent by an earlier run */
	int64_t missing; /* not there any more */
	int64_t answer_us, slowest_us; /* of those answered: together, and the slowest */
	struct bulk_failure *failures;
	size_t failure_count;
	int64_t failures_in_all;
};
void bulk_report_clear(struct bulk_report *report);

/* One try; `connected` as in struct delivery. Returns whether it was answered 2xx in full. */
bool bulk_report_take_attempt(
	struct bulk_report *report, const struct attempt *attempt, bool connected);
void bulk_report_take_skipped(struct bulk_report *report, enum bulk_choice choice, struct span ref);
/* An event that could not be sent, and why. */
void bulk_report_take_missing(struct bulk_report *report, struct span ref, const char *why);

/* Everything was answered 2xx, or had been. */
bool bulk_report_is_good(const struct bulk_report *report);

/* "replay 2026...: 100 sent in 10 s: 97 2xx, 2 5xx, 1 no answer; 20 skipped ..." and a line for each of the first `most` failures. */
void bulk_report_append_words(struct buffer *out, const struct bulk_report *report, size_t most);
/* A JSON object, without newline. */
void bulk_report_append_json(struct buffer *out, const struct bulk_report *report);

/* How a report is written; by the ending of the file's name, JSON where that says nothing. */
enum bulk_format { BULK_JSON, BULK_CSV, BULK_MARKDOWN };
enum bulk_format bulk_format_of(const char *path);
/* Whole, with the newline at its end. CSV has the columns section, name and value. */
void bulk_report_append(
	struct buffer *out, const struct bulk_report *report, enum bulk_format format);
