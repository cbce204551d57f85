/* One run of chaos: the requests of a plan, one after the other, and what came of them. */
#pragma once

#include "tui/prove/chaos_plan.h"
#include "tui/prove/prove_parts.h"

/* Problems of a run that are told; more are counted. */
#define CHAOS_PROBLEMS_TOLD 10

struct chaos_run;

/* What came of it; valid during the call. */
struct chaos_result {
	size_t requests, problems;
	struct span first; /* the first problem, in words */
	bool gone;         /* the app cannot be reached any more: another run is of no use */
};
typedef void chaos_ran_fn(struct prove *prove, const struct chaos_result *result);

/*
 * Begins. `events` and `ids` belong together and must stay, `kept` (NULL: all faults) only for the call. Problems are told as findings
 * where `tells`. `ran` once, from the loop, also with what --check says; then the run is gone. Where nothing could be sent at all,
 * the proof fails instead.
 */
struct chaos_run *chaos_run_begin(struct prove *prove, const struct chaos_plan *plan,
	const bool *kept, const struct chaos_event *events, const struct uuid *ids, size_t count,
	bool tells, chaos_ran_fn *ran);

/* Ends it without a callback; the lab must be gone already, which would call back. NULL is allowed. */
void chaos_run_free(struct chaos_run *run);
