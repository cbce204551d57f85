#include "common/retry.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "common/alloc.h"
#include "common/event.h"
#include "common/json.h"
#include "common/moment.h"
#include "common/same_target.h"

static void member_moment(struct buffer *out, const char *name, int64_t ns) {
	json_member_name(out, name);
	if (ns == 0) {
		buffer_append_text(out, "null");
		return;
	}
	buffer_append_byte(out, '"');
	moment_append(out, ns);
	buffer_append_byte(out, '"');
}

void retry_append_json_members(struct buffer *out, const struct retry *retry) {
	char id[UUID_TEXT_LEN + 1];
	struct buffer ref = {0};
	uuid_format(&retry->event, id);
	event_append_ref(&ref, retry->endpoint, retry->event_seq);
	json_member_text(out, "event", span_text(id));
	json_member_text(out, "event_ref", buffer_span(&ref));
	json_member_text(out, "endpoint", retry->endpoint);
	json_member_int(out, "event_seq", retry->event_seq);
	json_member_text(out, "target", retry->target);
	json_member_text(out, "owner", retry->owner);
	json_member_text(out, "policy", retry->policy);
	json_member_int(out, "tries", retry->tries);
	json_member_int(out, "attempts", retry->attempts);
	member_moment(out, "tried_at", retry->tried_at_ns);
	member_moment(out, "due_at", retry->due_ns);
	json_member_bool(out, "paused", retry->paused);
	json_member_text(out, "reason", retry->reason);
	member_moment(out, "taken_until", retry->taken_until_ns);
	buffer_clear(&ref);
}

void retry_append_json(struct buffer *out, const struct retry *retry) {
	buffer_append_byte(out, '{');
	retry_append_json_members(out, retry);
	buffer_append_byte(out, '}');
}

static bool get_text(
	const struct cJSON *object, const char *name, struct span *text, struct error *err) {
	*text = span_text("");
	return json_get_text_opt(object, name, text, err) &&
	       (text->len <= RETRY_TEXT_MAX ||
			   error_set(err, ERROR_USAGE, "more than %d bytes at .%s", RETRY_TEXT_MAX, name));
}

static bool get_moment(
	const struct cJSON *object, const char *name, int64_t *ns, struct error *err) {
	struct span text = {0};
	*ns = 0;
	return json_get_text_opt(object, name, &text, err) &&
	       (!text.data || moment_parse(ns, text) ||
			   error_set(err, ERROR_USAGE, "expected a time at .%s", name));
}

static bool get_numbers(struct retry *retry, const struct cJSON *object, struct error *err) {
	return json_get_int_opt(object, "event_seq", &retry->event_seq, err) &&
	       json_get_int_opt(object, "tries", &retry->tries, err) &&
	       json_get_int_opt(object, "attempts", &retry->attempts, err) &&
	       json_get_bool_opt(object, "paused", &retry->paused, err) &&
	       get_moment(object, "tried_at", &retry->tried_at_ns, err) &&
	       get_moment(object, "due_at", &retry->due_ns, err) &&
	       get_moment(object, "taken_until", &retry->taken_until_ns, err);
}

bool retry_from_json(struct retry *retry, const struct cJSON *object, struct error *err) {
	struct span id;
	*retry = (struct retry){0};
	if (!cJSON_IsObject(object)) {
		return error_set(err, ERROR_USAGE, "expected an object that is a retry");
	}
	if (!json_get_text(object, "event", &id, err) ||
		!get_text(object, "endpoint", &retry->endpoint, err) ||
		!get_text(object, "target", &retry->target, err) ||
		!get_text(object, "owner", &retry->owner, err) ||
		!get_text(object, "policy", &retry->policy, err) ||
		!get_text(object, "reason", &retry->reason, err) || !get_numbers(retry, object, err)) {
		return false;
	}
	if (!uuid_parse(&retry->event, id)) {
		return error_set(err, ERROR_USAGE, "expected the id of an event at .event");
	}
	return (retry->target.len > 0 && retry->tries >= 0 && retry->attempts >= 0) ||
	       error_set(err, ERROR_USAGE, "a retry with impossible numbers, or to nowhere");
}

static void move_span(struct span *span, char **at) {
	if (span->len > 0) {
		memcpy(*at, span->data, span->len);
	}
	span->data = *at;
	*at += span->len;
}

struct retry *retry_copy(const struct retry *retry) {
	struct retry *copy = alloc_bytes(sizeof *copy + retry->endpoint.len + retry->target.len +
									 retry->owner.len + retry->policy.len + retry->reason.len);
	*copy = *retry;
	char *at = (char *)(copy + 1);
	move_span(&copy->endpoint, &at);
	move_span(&copy->target, &at);
	move_span(&copy->owner, &at);
	move_span(&copy->policy, &at);
	move_span(&copy->reason, &at);
	return copy;
}

bool retry_is_same(const struct retry *a, const struct retry *b) {
	return uuid_equal(&a->event, &b->event) && target_same(a->target, b->target);
}
