/* Whether what the app answered is what a step expects. Pure. */
#pragma once

#include "common/buffer.h"
#include "common/span.h"
#include "tui/suite/suite.h"

enum suite_outcome {
	SUITE_PASSED,
	SUITE_FAILED,      /* the app answered otherwise, or not at all */
	SUITE_UNREACHABLE, /* the app could not be reached: it has seen nothing */
};

/* What came of one request. */
struct suite_answer {
	bool connected;
	int64_t status;    /* 0: no answer */
	struct span error; /* why there is none, or it broke off; empty: it is whole */
	struct span head, body;
	int64_t body_total; /* larger than the body here: it was cut */
	int64_t took_us;
};

/* One thing that is not as expected. `text` is in words, foreign bytes not yet escaped. */
struct suite_failure {
	struct suite_place place;
	char *text;
};

/* All zero is an empty one. */
struct suite_failures {
	struct suite_failure *items;
	size_t count;
};

/* Adds what is not as expected; the step is where a place is not said. */
enum suite_outcome suite_judge(const struct suite_step *step, const struct suite_answer *answer,
	struct suite_failures *failures);

void suite_failures_clear(struct suite_failures *failures);
