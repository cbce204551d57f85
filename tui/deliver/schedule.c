#include "tui/deliver/schedule.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/moment.h"
#include "common/siphash.h"

#define MS_PER_S INT64_C(1000)
#define EXPONENTIAL_JITTER_PERCENT 20

/* --- the policy of a provider --- */

static int64_t doubled(int64_t first_ms, int64_t most_ms, int64_t times) {
	int64_t ms = first_ms;
	while (times-- > 0 && ms < most_ms) {
		ms *= 2;
	}
	return ms < most_ms ? ms : most_ms;
}

/* As many doubling delays as go into the time a provider keeps trying. */
static int64_t retries_within(int64_t within_ms) {
	int64_t count = 0, sum = 0;
	while (count < SCHEDULE_RETRIES_MAX) {
		sum += doubled(SCHEDULE_ASSUMED_FIRST_MS, SCHEDULE_ASSUMED_MOST_MS, count);
		if (sum > within_ms) {
			break;
		}
		count++;
	}
	return count;
}

static void take_delays(struct schedule_policy *to, const struct provider *provider) {
	to->kind = provider->retry_count > 0 ? SCHEDULE_LIST : SCHEDULE_NONE;
	to->delay_count = provider->retry_count;
	for (size_t i = 0; i < provider->retry_count; i++) {
		to->delay_ms[i] = provider->retry_s[i] * MS_PER_S;
	}
}

static void assume_delays(struct schedule_policy *to, const struct provider *provider) {
	to->kind = SCHEDULE_EXPONENTIAL;
	to->first_ms = SCHEDULE_ASSUMED_FIRST_MS;
	to->most_ms = SCHEDULE_ASSUMED_MOST_MS;
	to->retries = provider->attempts > 0 ? provider->attempts - 1
	                                     : retries_within(provider->within_s * MS_PER_S);
	to->assumed = true;
}

/* False: what is known of the provider is no schedule. */
static bool take_schedule(struct schedule_policy *to, const struct provider *provider) {
	bool counted = provider->attempts > 0 || provider->within_s > 0;
	if (provider->retry_s) {
		take_delays(to, provider);
	} else if (counted) {
		assume_delays(to, provider);
	} else {
		return false;
	}
	/* a schedule is met to the second, so nothing is shortened that the provider does not shorten */
	to->jitter_percent = to->jitter_percent < 0 ? provider->jitter_percent : to->jitter_percent;
	snprintf(to->as, sizeof to->as, "%s", provider->name);
	return true;
}

static void take_statuses(struct statuses *set, const char *text) {
	if (text && statuses_is_empty(set)) {
		statuses_parse(set, span_text(text), NULL);
	}
}

void schedule_resolve(struct schedule_policy *to, const struct schedule_policy *policy,
	const struct provider *provider) {
	*to = *policy;
	to->provider = false;
	if (!policy->provider || !provider) {
		return;
	}
	take_statuses(&to->success, provider->success);
	if (to->timeout_ms == 0) {
		to->timeout_ms = provider->timeout_ms;
	}
	if (take_schedule(to, provider)) {
		take_statuses(&to->on, provider->retry_on ? provider->retry_on : "any");
		take_statuses(&to->stop, provider->stop_on);
		if (!to->stop_header[0] && provider->stop_header) {
			snprintf(to->stop_header, sizeof to->stop_header, "%s", provider->stop_header);
		}
	}
}

/* --- delays --- */

static int64_t retries_of(const struct schedule_policy *policy) {
	switch (policy->kind) {
	case SCHEDULE_NONE:
		return 0;
	case SCHEDULE_LIST:
		return (int64_t)policy->delay_count;
	case SCHEDULE_EXPONENTIAL:
		return policy->retries;
	}
	return 0;
}

int64_t schedule_attempts(const struct schedule_policy *policy) {
	return retries_of(policy) + 1;
}

/* From 0 to 65535, the same for the same attempt of the same event. */
static int64_t chance(const struct schedule_policy *policy, int64_t number, uint64_t salt) {
	const uint64_t key[2] = {policy->seed, salt};
	return (int64_t)(siphash(key, (struct span){(const char *)&number, sizeof number}) & 0xffff);
}

static int64_t jittered(
	const struct schedule_policy *policy, int64_t ms, int64_t number, uint64_t salt) {
	int64_t percent = policy->jitter_percent;
	if (percent < 0) {
		percent = policy->kind == SCHEDULE_EXPONENTIAL && !policy->assumed
		              ? EXPONENTIAL_JITTER_PERCENT
		              : 0;
	}
	return ms - (int64_t)((double)ms * (double)percent / 100 *
						  (double)chance(policy, number, salt) / 0xffff);
}

static int64_t sped_up(const struct schedule_policy *policy, int64_t ms) {
	return policy->speed > 1 ? ms / policy->speed : ms;
}

int64_t schedule_delay_ms(const struct schedule_policy *policy, int64_t number, uint64_t salt) {
	int64_t nth = number - 2;
	if (nth < 0 || nth >= retries_of(policy)) {
		return -1;
	}
	int64_t ms = policy->kind == SCHEDULE_LIST ? policy->delay_ms[nth]
	                                           : doubled(policy->first_ms, policy->most_ms, nth);
	return sped_up(policy, jittered(policy, ms, number, salt));
}

/* --- what came of it --- */

bool schedule_is_success(const struct schedule_policy *policy, int64_t status) {
	if (status <= 0) {
		return false;
	}
	return statuses_is_empty(&policy->success) ? status >= 200 && status <= 299
	                                           : statuses_has(&policy->success, status);
}

static bool is_retried(const struct schedule_policy *policy, int64_t status) {
	if (statuses_has(&policy->stop, status)) {
		return false;
	}
	if (!statuses_is_empty(&policy->on)) {
		return statuses_has(&policy->on, status);
	}
	return status <= 0 || status == 408 || status == 425 || status == 429 || status >= 500;
}

/* When the app does not want to be asked before; 0: it does not say, or nobody listens. */
static int64_t not_before(const struct schedule_policy *policy, const struct schedule_try *tried) {
	int64_t ms = policy->retry_after_ms > 0 && tried->retry_after.len > 0
	                 ? schedule_retry_after_ms(tried->retry_after, tried->ended_ms)
	                 : -1;
	if (ms < 0) {
		return 0;
	}
	ms = ms < policy->retry_after_ms ? ms : policy->retry_after_ms;
	return tried->ended_ms + sped_up(policy, ms);
}

static const char *said(char text[40], int64_t status) {
	snprintf(text, 40, status > 0 ? "%" PRId64 : "no answer", status);
	return text;
}

static struct schedule_step again(
	const struct schedule_policy *policy, const struct schedule_try *tried, const char *answer) {
	struct schedule_step step = {.outcome = SCHEDULE_AGAIN};
	int64_t asked_ms = not_before(policy, tried);
	step.due_ms = tried->began_ms + schedule_delay_ms(policy, tried->tries + 1, tried->salt);
	step.due_ms = step.due_ms > tried->ended_ms ? step.due_ms : tried->ended_ms;
	bool later = asked_ms > step.due_ms;
	step.due_ms = later ? asked_ms : step.due_ms;
	snprintf(step.reason, sizeof step.reason, "%s; attempt %" PRId64 " of %" PRId64 " follows%s",
		answer, tried->tries + 1, schedule_attempts(policy),
		later ? ", when the app's Retry-After allows" : "");
	return step;
}

struct schedule_step schedule_next(
	const struct schedule_policy *policy, const struct schedule_try *tried) {
	struct schedule_step step = {0};
	char answer[40];
	said(answer, tried->status);
	if (schedule_is_success(policy, tried->status)) {
		step.outcome = SCHEDULE_DELIVERED;
		snprintf(step.reason, sizeof step.reason, "delivered: %s", answer);
	} else if (tried->stopped) {
		step.outcome = SCHEDULE_FINAL;
		snprintf(step.reason, sizeof step.reason, "not retried: %s, and %s in the answer", answer,
			policy->stop_header);
	} else if (!is_retried(policy, tried->status)) {
		step.outcome = SCHEDULE_FINAL;
		snprintf(step.reason, sizeof step.reason, "not retried: %s ends the matter", answer);
	} else if (tried->tries < schedule_attempts(policy)) {
		step = again(policy, tried, answer);
	} else {
		step.outcome = SCHEDULE_GIVEN_UP;
		snprintf(step.reason, sizeof step.reason, "given up after %" PRId64 " attempt%s: %s",
			tried->tries, tried->tries == 1 ? "" : "s", answer);
	}
	return step;
}

/* --- Retry-After --- */

static bool read_seconds(struct span value, int64_t *ms) {
	int64_t seconds = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9') {
			return false;
		}
		seconds = seconds * 10 + (value.data[i] - '0');
		seconds = seconds < SCHEDULE_DELAY_MAX_MS ? seconds : SCHEDULE_DELAY_MAX_MS;
	}
	*ms = seconds * MS_PER_S;
	return value.len > 0;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", the one form that is still sent (RFC 9110, 5.6.7). */
static bool read_date(struct span value, int64_t *ms) {
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[32], month[4];
	int day, year, hour, minute, second, end = 0;
	int64_t ns;
	if (value.len != 29) {
		return false;
	}
	memcpy(text, value.data, value.len);
	text[value.len] = '\0';
	if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT%n", &day, month, &year, &hour, &minute,
			&second, &end) != 6 ||
		end != 29) {
		return false;
	}
	const char *found = strstr(months, month);
	if (!found || (found - months) % 3 != 0) {
		return false;
	}
	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year % 10000,
		(int)(found - months) / 3 + 1, day % 100, hour % 100, minute % 100, second % 100);
	if (!moment_parse(&ns, span_text(text))) {
		return false;
	}
	*ms = ns / MOMENT_NS_PER_MS;
	return true;
}

int64_t schedule_retry_after_ms(struct span value, int64_t now_ms) {
	struct span text = span_trim(value);
	int64_t ms;
	if (read_seconds(text, &ms)) {
		return ms;
	}
	if (!read_date(text, &ms)) {
		return -1;
	}
	return ms > now_ms ? ms - now_ms : 0;
}
