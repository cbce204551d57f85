/*
 * A test of a webhook handler as a file: recorded events to be sent, and what the app is expected to answer. hookline-test(5) describes
 * the format; it is read here, strictly, and every mistake is told with file:line:column before anything is sent.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/span.h"

struct glob;
struct needle;
struct yaml_document;

/* Limits of a file. */
#define SUITE_STEPS_MAX 1000
#define SUITE_REPEAT_MAX 10000
#define SUITE_WANTED_MAX 64 /* status codes, headers or values of one step */

/* Where something stands in the file, from 1. */
struct suite_place {
	int line, column;
};

/* Codes `least` to `most`. */
struct suite_status {
	int64_t least, most;
};

struct suite_header {
	struct suite_place place;
	const char *name;
	const char *text;  /* the pattern as written */
	struct glob *glob; /* NULL: there must be no such header */
};

/* A value of the answer's JSON. */
struct suite_value {
	struct suite_place place;
	const char *path; /* ".order.id" */
	const char *text; /* as written */
	bool is_string;   /* else a number, true, false or null */
};

/* What the answer must be. */
struct suite_expectation {
	struct suite_place status_place, body_place, within_place;
	struct suite_status status[SUITE_WANTED_MAX];
	size_t status_count; /* at least 1 */
	struct suite_header headers[SUITE_WANTED_MAX];
	size_t header_count;
	struct suite_value values[SUITE_WANTED_MAX];
	size_t value_count;
	const char *body_text; /* NULL: not asked for */
	struct needle *body;
	int64_t within_ms; /* 0: not asked for */
};

/* How a request is signed. */
struct suite_signing {
	struct suite_place place;
	const char *provider;
	char *secret_file; /* found from the folder of the test file */
	struct {
		const char *name, *value;
	} parameters[SUITE_WANTED_MAX];
	size_t parameter_count;
};

struct suite_step {
	struct suite_place place, event_place;
	const char *name;              /* NULL: that of the event */
	char *event;                   /* file, found from the folder of the test file */
	const char *ref;               /* of a file with several events: this one; NULL: all of them */
	const char *path;              /* instead of the captured one; NULL: as captured */
	int64_t repeat;                /* times, one after the other; from 1 */
	struct suite_signing *signing; /* NULL: as received; owned by the suite */
	struct suite_expectation expect;
};

struct suite {
	struct yaml_document *document; /* texts point into it */
	const char *file;               /* as it was named */
	const char *name;               /* NULL: that of the file */
	const char *to;                 /* NULL: not said */
	struct suite_step *steps;
	size_t step_count;
	struct suite_signing **signings;
	size_t signing_count;
};

/* NULL and ERROR_CONFIG with file:line:column, also for an event that is not there or is none. */
struct suite *suite_load(const char *file, struct error *err);
void suite_free(struct suite *suite);
