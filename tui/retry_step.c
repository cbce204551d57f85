#include "tui/retry_step.h"

#include <string.h>

#include "common/moment.h"
#include "common/same_target.h"

#define NS_PER_US 1000

/* The value of the first header of that name; empty: there is none. */
static struct span header_of(struct span answer_head, struct span wanted) {
	struct span rest = answer_head, value = {0};
	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');
		struct span name = span_cut(&line, ':');
		if (span_equal_nocase(name, wanted)) {
			value = line;
			break;
		}
	}
	while (
		value.len > 0 && (value.data[value.len - 1] == '\r' || value.data[value.len - 1] == ' ')) {
		value.len--;
	}
	return span_trim(value);
}

struct span retry_after_of(struct span answer_head) {
	return header_of(answer_head, span_text("Retry-After"));
}

static bool is_stopped(const struct schedule_policy *policy, struct span answer_head) {
	struct span value = span_text(policy->stop_header);
	struct span name = span_cut(&value, ':');
	return name.len > 0 && span_equal(header_of(answer_head, name), span_trim(value));
}

/* The end of an id is random: it spreads the jitter. */
static uint64_t salt_of(const struct uuid *event) {
	uint64_t salt;
	memcpy(&salt, event->bytes + sizeof event->bytes - sizeof salt, sizeof salt);
	return salt;
}

struct schedule_step retry_step(struct retry *retry, const struct schedule_policy *policy,
	const struct attempt *attempt, struct span answer_head) {
	int64_t ended_ns = attempt->started_at_ns + attempt->took_us * NS_PER_US;
	retry->tries++;
	retry->attempts = schedule_attempts(policy);
	retry->tried_at_ns = attempt->started_at_ns;
	const struct schedule_try tried = {.tries = retry->tries,
		.began_ms = attempt->started_at_ns / MOMENT_NS_PER_MS,
		.ended_ms = ended_ns / MOMENT_NS_PER_MS,
		/* an answer that broke off is none */
		.status = attempt->error.len > 0 ? 0 : attempt->status,
		.retry_after = retry_after_of(answer_head),
		.stopped = is_stopped(policy, answer_head),
		.salt = salt_of(&retry->event)};
	struct schedule_step step = schedule_next(policy, &tried);
	if (step.outcome == SCHEDULE_AGAIN) {
		retry->due_ns = step.due_ms * MOMENT_NS_PER_MS;
	}
	return step;
}

bool retry_has_missed(const struct retry *retry, const struct attempt *attempt) {
	return uuid_equal(&retry->event, &attempt->event) &&
	       target_same(retry->target, attempt->target) &&
	       attempt->started_at_ns > retry->tried_at_ns;
}
