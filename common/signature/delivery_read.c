#include "common/signature/delivery_read.h"

#include <stdlib.h>

#include "common/statuses.h"

#define MS_PER_S 1000

static bool read_delays(
	struct reading *reading, const struct yaml_node *node, struct provider *provider) {
	if (node->kind != YAML_LIST || node->count > DELIVERY_DELAYS_MAX) {
		return yaml_error(reading->document, node, reading->err,
			"expected a list of at most %d delays in seconds", DELIVERY_DELAYS_MAX);
	}
	int *delays = arena_zero(reading->arena, node->count + 1, sizeof *delays);
	for (size_t i = 0; i < node->count; i++) {
		int64_t seconds = 0;
		if (!yaml_int(reading->document, node->items[i], 0, DELIVERY_SECONDS_MAX, &seconds,
				reading->err)) {
			return false;
		}
		delays[i] = (int)seconds;
	}
	provider->retry_s = delays;
	provider->retry_count = node->count;
	return true;
}

static bool read_statuses(
	struct reading *reading, const struct yaml_node *map, const char *key, const char **text) {
	const struct yaml_node *node = yaml_get(map, key);
	struct statuses set;
	struct error err = {0};
	if (!node) {
		return true;
	}
	return reading_text_opt(reading, map, key, text) &&
	       (statuses_parse(&set, span_text(*text), &err) ||
			   yaml_error(reading->document, node, reading->err, "%s", err.text));
}

static bool read_count(struct reading *reading, const struct yaml_node *map, const char *key,
	int64_t most, int *count) {
	const struct yaml_node *node = yaml_get(map, key);
	int64_t number = *count;
	bool ok = !node || yaml_int(reading->document, node, 1, most, &number, reading->err);
	*count = (int)number;
	return ok;
}

/* Seconds, of which some providers name fractions: 1.25 */
static bool read_timeout(struct reading *reading, const struct yaml_node *node, int *ms) {
	const char *text = NULL;
	char *end;
	if (!node) {
		return true;
	}
	if (!yaml_text(reading->document, node, &text, reading->err)) {
		return false;
	}
	double seconds = strtod(text, &end);
	if (end == text || *end || !(seconds >= 0.001 && seconds <= DELIVERY_SECONDS_MAX)) {
		return yaml_error(reading->document, node, reading->err,
			"expected seconds from 0.001 to %d, found \"%s\"", DELIVERY_SECONDS_MAX, text);
	}
	double whole = seconds * MS_PER_S;
	*ms = whole < INT32_MAX ? (int)whole : INT32_MAX;
	return true;
}

static bool read_schedule(
	struct reading *reading, const struct yaml_node *node, struct provider *provider) {
	const struct yaml_node *delays = yaml_get(node, "schedule_s");
	const struct yaml_node *attempts = yaml_get(node, "attempts");
	const struct yaml_node *within = yaml_get(node, "within_s");
	if ((delays != NULL) + (attempts != NULL) + (within != NULL) > 1) {
		return reading_fail(reading, node,
			"\"schedule_s\", \"attempts\" and \"within_s\" exclude each other: the last two are "
			"for "
			"delays that are not known");
	}
	return (!delays || read_delays(reading, delays, provider)) &&
	       read_count(reading, node, "attempts", DELIVERY_ATTEMPTS_MAX, &provider->attempts) &&
	       read_count(reading, node, "within_s", DELIVERY_SECONDS_MAX, &provider->within_s);
}

bool delivery_read(
	struct reading *reading, const struct yaml_node *node, struct provider *provider) {
	static const char *const keys[] = {"timeout_s", "success", "schedule_s", "attempts", "within_s",
		"jitter_percent", "retry_on", "stop_on", "stop_header", "number_header", "reason_header",
		"retries", "confidence"};
	if (!node) {
		return true;
	}
	return yaml_check_keys(
			   reading->document, node, keys, sizeof keys / sizeof *keys, reading->err) &&
	       read_timeout(reading, yaml_get(node, "timeout_s"), &provider->timeout_ms) &&
	       read_statuses(reading, node, "success", &provider->success) &&
	       read_statuses(reading, node, "retry_on", &provider->retry_on) &&
	       read_statuses(reading, node, "stop_on", &provider->stop_on) &&
	       read_schedule(reading, node, provider) &&
	       read_count(reading, node, "jitter_percent", 100, &provider->jitter_percent) &&
	       reading_text_opt(reading, node, "stop_header", &provider->stop_header) &&
	       reading_text_opt(reading, node, "number_header", &provider->number_header) &&
	       reading_text_opt(reading, node, "reason_header", &provider->reason_header) &&
	       reading_text_opt(reading, node, "retries", &provider->retries) &&
	       reading_confidence(reading, node, &provider->delivery_confirmed);
}
