#include "tui/bulk_settings.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "common/json.h"

static const char *const order_names[] = {"oldest", "newest", "listed"};
#define ORDERS (sizeof order_names / sizeof *order_names)

const char *bulk_order_name(enum bulk_order order) {
	return order_names[(size_t)order < ORDERS ? order : BULK_OLDEST];
}

bool bulk_order_read(enum bulk_order *order, struct span name, struct error *err) {
	for (size_t i = 0; i < ORDERS; i++) {
		if (span_is(name, order_names[i])) {
			*order = (enum bulk_order)i;
			return true;
		}
	}
	return error_set(err, ERROR_USAGE, "expected oldest, newest or listed, not \"%.*s\"",
		(int)(name.len < 40 ? name.len : 40), name.data ? name.data : "");
}

static void member_number(struct buffer *out, const char *name, double value) {
	json_member_name(out, name);
	buffer_printf(out, "%.9g", value);
}

void bulk_settings_append_json(struct buffer *out, const struct bulk_settings *settings) {
	json_member_text(out, "order", span_text(bulk_order_name(settings->order)));
	if (settings->pace.spacing == BULK_RATE) {
		member_number(out, "rate", settings->pace.per_s);
	} else if (settings->pace.spacing == BULK_ORIGINAL) {
		member_number(out, "speed", settings->pace.speed);
	}
	json_member_int(out, "concurrency", settings->concurrency);
	json_member_bool(out, "as_received", settings->as_received);
	json_member_bool(out, "again", settings->again);
	json_member_bool(out, "stop_on_failure", settings->stop_on_failure);
}

static bool read_pace(struct bulk_pace *pace, const struct cJSON *object, struct error *err) {
	char text[40];
	const struct cJSON *rate = cJSON_GetObjectItemCaseSensitive(object, "rate");
	const struct cJSON *speed = cJSON_GetObjectItemCaseSensitive(object, "speed");
	*pace = (struct bulk_pace){.spacing = BULK_AT_ONCE};
	if (cJSON_IsNumber(rate)) {
		snprintf(text, sizeof text, "%.9g", rate->valuedouble);
		return bulk_pace_read_rate(pace, span_text(text), err);
	}
	if (cJSON_IsNumber(speed)) {
		snprintf(text, sizeof text, "%.9g", speed->valuedouble);
		return bulk_pace_read_speed(pace, span_text(text), err);
	}
	return true;
}

bool bulk_settings_read_json(
	struct bulk_settings *settings, const struct cJSON *object, struct error *err) {
	struct span order;
	return json_get_text(object, "order", &order, err) &&
	       bulk_order_read(&settings->order, order, err) &&
	       read_pace(&settings->pace, object, err) &&
	       json_get_int(object, "concurrency", &settings->concurrency, err) &&
	       json_get_bool_opt(object, "as_received", &settings->as_received, err) &&
	       json_get_bool_opt(object, "again", &settings->again, err) &&
	       json_get_bool_opt(object, "stop_on_failure", &settings->stop_on_failure, err);
}

enum bulk_choice bulk_choose(
	const struct bulk_settings *settings, const struct bulk_facts *facts, int64_t since) {
	if (facts->answered_at > since) {
		return BULK_SKIP_ANSWERED;
	}
	if (facts->delivered_at > 0 && !settings->again) {
		return BULK_SKIP_DELIVERED;
	}
	return facts->maybe ? BULK_ASK : BULK_SEND;
}
