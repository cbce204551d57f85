/* Policies as people write them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tui/deliver/schedule.h"

/* Largest first, for printing. */
static const struct {
	const char *name;
	int64_t ms;
} units[] = {
	{"d", INT64_C(86400000)}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}, {"", 1000}};
#define UNIT_COUNT (sizeof units / sizeof *units)

/* "5s", "1.5m", "250ms"; a plain number is seconds. */
static bool read_duration(struct span text, int64_t *ms) {
	char copy[32], *end;
	if (text.len == 0 || text.len >= sizeof copy || text.data[0] < '0' || text.data[0] > '9') {
		return false;
	}
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	double number = strtod(copy, &end);
	for (size_t i = 0; i < UNIT_COUNT; i++) {
		double value = number * (double)units[i].ms;
		if (strcmp(end, units[i].name) == 0 && value <= (double)SCHEDULE_DELAY_MAX_MS) {
			*ms = (int64_t)value;
			return true;
		}
	}
	return false;
}

static void append_duration(struct buffer *out, int64_t ms) {
	size_t unit = 0;
	while (ms == 0 ? unit < 3 : ms % units[unit].ms != 0) {
		unit++;
	}
	buffer_append_int(out, ms / units[unit].ms);
	buffer_append_text(out, units[unit].name);
}

static bool read_number(struct span text, int64_t most, int64_t *number) {
	*number = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || *number > most / 10) {
			return false;
		}
		*number = *number * 10 + (text.data[i] - '0');
	}
	return text.len > 0 && *number <= most;
}

/* --- when --- */

/* "5s" or "1h*10" */
static bool read_delay(struct schedule_policy *policy, struct span part) {
	struct span times = part;
	struct span text = span_cut(&times, '*');
	int64_t ms, count = 1;
	if (!read_duration(text, &ms) ||
		(text.len < part.len && !read_number(times, SCHEDULE_DELAYS_MAX, &count)) || count < 1 ||
		policy->delay_count + (size_t)count > SCHEDULE_DELAYS_MAX) {
		return false;
	}
	while (count-- > 0) {
		policy->delay_ms[policy->delay_count++] = ms;
	}
	return true;
}

static bool read_list(struct schedule_policy *policy, struct span text, struct error *err) {
	policy->kind = SCHEDULE_LIST;
	policy->delay_count = 0;
	bool more = true;
	while (more) {
		more = span_find(text, ',') < text.len;
		struct span part = span_cut(&text, ',');
		if (!read_delay(policy, part)) {
			return error_set(err, ERROR_USAGE,
				"expected none, provider, exponential(1s..5m,8) or at most %d delays such as "
				"5s,30s,5m, not \"%.*s\"",
				SCHEDULE_DELAYS_MAX, (int)(part.len < 40 ? part.len : 40), part.data);
		}
	}
	return true;
}

/* "(1s..5m,8)" */
static bool read_exponential(struct schedule_policy *policy, struct span text, struct error *err) {
	policy->kind = SCHEDULE_EXPONENTIAL;
	bool closed = text.len > 2 && text.data[0] == '(' && text.data[text.len - 1] == ')';
	struct span count = closed ? (struct span){text.data + 1, text.len - 2} : text;
	struct span range = span_cut(&count, ',');
	struct span most = range;
	struct span first = span_cut(&most, '.');
	while (most.len > 0 && most.data[0] == '.') {
		most = span_after(most, 1);
	}
	if (!closed || !read_duration(first, &policy->first_ms) ||
		!read_duration(most, &policy->most_ms) ||
		!read_number(count, SCHEDULE_RETRIES_MAX, &policy->retries) || policy->first_ms < 1 ||
		policy->most_ms < policy->first_ms) {
		return error_set(err, ERROR_USAGE,
			"expected exponential(1s..5m,8): first delay, longest delay, and how many (at most %d)",
			SCHEDULE_RETRIES_MAX);
	}
	return true;
}

/* What comes first, and behind `else`. */
static bool read_when(struct schedule_policy *policy, struct span part, struct error *err) {
	static const char exponential[] = "exponential";
	if (span_is(part, "none")) {
		policy->kind = SCHEDULE_NONE;
		return true;
	}
	if (span_starts_with(part, span_text(exponential))) {
		return read_exponential(policy, span_after(part, sizeof exponential - 1), err);
	}
	return read_list(policy, part, err);
}

/* --- the other parts --- */

static bool read_percent(struct schedule_policy *policy, struct span value, struct error *err) {
	bool sign = value.len > 0 && value.data[value.len - 1] == '%';
	struct span number = sign ? (struct span){value.data, value.len - 1} : value;
	return read_number(number, 100, &policy->jitter_percent) ||
	       error_set(err, ERROR_USAGE, "expected jitter=0%% to jitter=100%%");
}

static bool read_speed(struct schedule_policy *policy, struct span value, struct error *err) {
	bool times = value.len > 0 && value.data[value.len - 1] == 'x';
	struct span number = times ? (struct span){value.data, value.len - 1} : value;
	return (read_number(number, SCHEDULE_SPEED_MAX, &policy->speed) && policy->speed > 0) ||
	       error_set(err, ERROR_USAGE, "expected a speed from @1x to @%dx", SCHEDULE_SPEED_MAX);
}

static bool read_time(struct span value, const char *name, int64_t *ms, struct error *err) {
	return (read_duration(value, ms) && *ms > 0) ||
	       error_set(err, ERROR_USAGE, "expected %s= and a time such as 250ms, 10s or 5m", name);
}

static bool read_seed(struct schedule_policy *policy, struct span value, struct error *err) {
	int64_t seed;
	bool ok = read_number(value, INT64_MAX, &seed) ||
	          error_set(err, ERROR_USAGE, "expected seed= and a whole number");
	policy->seed = ok ? (uint64_t)seed : 0;
	return ok;
}

static bool read_as(struct schedule_policy *policy, struct span value, struct error *err) {
	if (value.len >= sizeof policy->as) {
		return error_set(err, ERROR_USAGE, "as=: longer than a provider's name");
	}
	memcpy(policy->as, value.data, value.len);
	policy->as[value.len] = '\0';
	return true;
}

static bool read_stop_header(struct schedule_policy *policy, struct span value, struct error *err) {
	size_t colon = span_find(value, ':');
	if (colon == 0 || colon == value.len || value.len >= sizeof policy->stop_header) {
		return error_set(err, ERROR_USAGE,
			"expected stop-header= and a header with its value, such as X-Slack-No-Retry:1");
	}
	memcpy(policy->stop_header, value.data, value.len);
	policy->stop_header[value.len] = '\0';
	return true;
}

/* A word by itself. False without an error: it is none of ours. */
static bool read_word(struct schedule_policy *policy, struct span part) {
	if (span_is(part, "retry-after")) {
		policy->retry_after_ms = SCHEDULE_RETRY_AFTER_MS;
		return true;
	}
	if (span_is(part, "assumed")) {
		policy->assumed = true;
		return true;
	}
	return false;
}

static bool read_option(struct schedule_policy *policy, struct span part, struct error *err) {
	struct span value = part;
	struct span name = span_cut(&value, '=');
	if (read_word(policy, part)) {
		return true;
	}
	if (name.len == part.len) {
		return error_set(err, ERROR_USAGE,
			"\"%.*s\" is no part of a retry policy: expected on=, stop=, stop-header=, success=, "
			"timeout=, jitter=, seed=, retry-after or a speed such as @60x",
			(int)(part.len < 40 ? part.len : 40), part.data);
	}
	if (span_is(name, "on") || span_is(name, "stop") || span_is(name, "success")) {
		struct statuses *set = span_is(name, "on")     ? &policy->on
		                       : span_is(name, "stop") ? &policy->stop
		                                               : &policy->success;
		return statuses_parse(set, value, err) ||
		       error_prefix(err, "%.*s=", (int)name.len, name.data);
	}
	if (span_is(name, "timeout")) {
		return read_time(value, "timeout", &policy->timeout_ms, err);
	}
	if (span_is(name, "retry-after")) {
		return read_time(value, "retry-after", &policy->retry_after_ms, err);
	}
	if (span_is(name, "jitter")) {
		return read_percent(policy, value, err);
	}
	if (span_is(name, "seed")) {
		return read_seed(policy, value, err);
	}
	if (span_is(name, "stop-header")) {
		return read_stop_header(policy, value, err);
	}
	if (span_is(name, "as")) {
		return read_as(policy, value, err);
	}
	return read_option(policy, name, err); /* says what is allowed */
}

/* Parts end at a blank, or where a speed begins. */
static struct span next_part(struct span *rest) {
	size_t end = 0;
	*rest = span_trim(*rest);
	while (end < rest->len && rest->data[end] != ' ' && (end == 0 || rest->data[end] != '@')) {
		end++;
	}
	struct span part = {rest->data, end};
	*rest = span_after(*rest, end);
	return part;
}

static bool read_first(struct schedule_policy *policy, struct span *rest, struct error *err) {
	struct span part = next_part(rest);
	if (part.len == 0) {
		return error_set(err, ERROR_USAGE,
			"expected a retry policy: none, 5s,30s,5m, exponential(1s..5m,8) or provider");
	}
	if (!span_is(part, "provider")) {
		return read_when(policy, part, err);
	}
	policy->provider = true;
	struct span after = *rest;
	if (!span_is(next_part(&after), "else")) {
		return true;
	}
	part = next_part(&after);
	*rest = after;
	return read_when(policy, part, err);
}

bool schedule_policy_parse(struct schedule_policy *policy, struct span text, struct error *err) {
	struct span rest = text;
	*policy = (struct schedule_policy){.speed = 1, .jitter_percent = -1};
	if (text.len > SCHEDULE_TEXT_MAX) {
		return error_set(
			err, ERROR_USAGE, "a retry policy longer than %d bytes", SCHEDULE_TEXT_MAX);
	}
	if (!read_first(policy, &rest, err)) {
		return false;
	}
	while (span_trim(rest).len > 0) {
		struct span part = next_part(&rest);
		bool ok = part.data[0] == '@' ? read_speed(policy, span_after(part, 1), err)
		                              : read_option(policy, part, err);
		if (!ok) {
			return false;
		}
	}
	return true;
}

/* --- the way back --- */

/* Three and more of the same are told as "1h*10". */
static void append_list(struct buffer *out, const struct schedule_policy *policy) {
	size_t run;
	for (size_t i = 0; i < policy->delay_count; i += run) {
		run = 1;
		while (i + run < policy->delay_count && policy->delay_ms[i + run] == policy->delay_ms[i]) {
			run++;
		}
		run = run > 2 ? run : 1;
		buffer_append_text(out, i > 0 ? "," : "");
		append_duration(out, policy->delay_ms[i]);
		if (run > 1) {
			buffer_printf(out, "*%zu", run);
		}
	}
}

static void append_when(struct buffer *out, const struct schedule_policy *policy) {
	if (policy->kind == SCHEDULE_NONE) {
		buffer_append_text(out, "none");
	} else if (policy->kind == SCHEDULE_LIST) {
		append_list(out, policy);
	} else {
		buffer_append_text(out, "exponential(");
		append_duration(out, policy->first_ms);
		buffer_append_text(out, "..");
		append_duration(out, policy->most_ms);
		buffer_printf(out, ",%" PRId64 ")", policy->retries);
	}
}

static void append_set(struct buffer *out, const char *name, const struct statuses *set) {
	if (!statuses_is_empty(set)) {
		buffer_printf(out, " %s=", name);
		statuses_append(out, set);
	}
}

static void append_time(struct buffer *out, const char *name, int64_t ms) {
	if (ms > 0) {
		buffer_printf(out, " %s=", name);
		append_duration(out, ms);
	}
}

void schedule_policy_append(struct buffer *out, const struct schedule_policy *policy) {
	if (policy->provider) {
		buffer_append_text(out, "provider");
		buffer_append_text(out, policy->kind != SCHEDULE_NONE ? " else " : "");
	}
	if (!policy->provider || policy->kind != SCHEDULE_NONE) {
		append_when(out, policy);
	}
	append_set(out, "on", &policy->on);
	append_set(out, "stop", &policy->stop);
	if (policy->stop_header[0]) {
		buffer_printf(out, " stop-header=%s", policy->stop_header);
	}
	append_set(out, "success", &policy->success);
	append_time(out, "timeout", policy->timeout_ms);
	if (policy->jitter_percent >= 0) {
		buffer_printf(out, " jitter=%" PRId64 "%%", policy->jitter_percent);
	}
	if (policy->seed > 0) {
		buffer_printf(out, " seed=%" PRIu64, policy->seed);
	}
	append_time(out, "retry-after", policy->retry_after_ms);
	if (policy->as[0]) {
		buffer_printf(out, " as=%s", policy->as);
	}
	buffer_append_text(out, policy->assumed ? " assumed" : "");
	if (policy->speed > 1) {
		buffer_printf(out, " @%" PRId64 "x", policy->speed);
	}
}

bool schedule_policy_is_none(const struct schedule_policy *policy) {
	return !policy->provider && policy->kind == SCHEDULE_NONE;
}
