/* What came of the tests: lines for people, JSON Lines, JUnit XML. Pure. */
#pragma once

#include "common/buffer.h"
#include "tui/suite/suite_judge.h"

/* What is kept of an answer that was not as expected, to be looked at. */
#define SUITE_EXCERPT_BYTES 400

/* One request, and what came of it. */
struct suite_result {
	const struct suite *suite;
	const struct suite_step *step;
	char *event;       /* "stripe#1042", or its file */
	bool several;      /* the step has other events, too */
	int64_t run, runs; /* of the repeats, from 1 */
	enum suite_outcome outcome;
	int64_t status, took_us;
	struct suite_failures failures;
	struct buffer excerpt; /* beginning of the answer's body, when it did not pass */
};

struct suite_results {
	struct suite_result *items;
	size_t count, passed, failed, unreachable;
};

/* A new one at the end, zeroed; valid until the next. Count it with suite_results_count once its outcome is known. */
struct suite_result *suite_results_add(struct suite_results *results);
void suite_results_count(struct suite_results *results, enum suite_outcome outcome);
void suite_results_clear(struct suite_results *results);

/* "  ok    a paid order is taken (2 of 3)  200  12 ms", and below it what is not as expected, each with file:line:column. */
void suite_report_line(struct buffer *out, const struct suite_result *result, unsigned text_flags);
/* "3 passed, 1 failed" and a newline. */
void suite_report_end(struct buffer *out, const struct suite_results *results);
/* The same as an object with its newline. */
void suite_report_json(struct buffer *out, const struct suite_result *result);

/*
 * The whole as JUnit XML: a testsuite a file, a testcase a request; what was not as expected is a failure, an app that could not be reached
 * an error. Well-formed whatever the app answered: what XML cannot hold is written as text_escape does.
 */
void suite_report_junit(struct buffer *out, const struct suite_results *results);
