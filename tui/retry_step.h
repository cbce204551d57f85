/* What an attempt makes of a retry. Pure: bytes and moments in, the next due time or the end out. */
#pragma once

#include <stdbool.h>

#include "common/event.h"
#include "common/retry.h"
#include "tui/deliver/schedule.h"

/* The value of Retry-After in the head of an answer; empty when there is none. Points into it. */
struct span retry_after_of(struct span answer_head);

/*
 * Counts `attempt` as one more try of `retry`, whose policy is `policy` (resolved). With SCHEDULE_AGAIN its due time is set;
 * `reason` is for the caller to let it point to, `step.reason`.
 */
struct schedule_step retry_step(struct retry *retry, const struct schedule_policy *policy,
	const struct attempt *attempt, struct span answer_head);

/*
 * Whether this stored attempt is of the event and target of `retry` and came after all it has counted: one whose outcome was
 * lost, or one that somebody else made.
 */
bool retry_has_missed(const struct retry *retry, const struct attempt *attempt);
