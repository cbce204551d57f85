#include "common/event.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#include "common/alloc.h"
#include "common/business_key.h"
#include "common/json.h"
#include "common/moment.h"

static const char *const cause_names[] = {"forward", "retry", "replay", "edit", "test"};
#define CAUSE_COUNT (sizeof cause_names / sizeof *cause_names)

const char *cause_name(enum cause cause) {
	return (size_t)cause < CAUSE_COUNT ? cause_names[cause] : "unknown";
}

int cause_from_name(struct span name) {
	for (size_t i = 0; i < CAUSE_COUNT; i++) {
		if (span_is(name, cause_names[i])) {
			return (int)i;
		}
	}
	return -1;
}

static const char *const answered_by_names[] = {
	"", "fixed", "app", "fallback", "script", "handshake", "reject", "waiting", "nobody"};
#define ANSWERED_BY_COUNT (sizeof answered_by_names / sizeof *answered_by_names)

const char *answered_by_name(enum answered_by by) {
	return (size_t)by < ANSWERED_BY_COUNT ? answered_by_names[by] : "";
}

enum answered_by answered_by_from_name(struct span name) {
	for (size_t i = 1; i < ANSWERED_BY_COUNT; i++) {
		if (span_is(name, answered_by_names[i])) {
			return (enum answered_by)i;
		}
	}
	return ANSWERED_BY_UNKNOWN;
}

static const char *const origin_names[ORIGIN_COUNT] = {"received", "edited", "sent"};

const char *origin_name(enum origin origin) {
	return (size_t)origin < ORIGIN_COUNT ? origin_names[origin] : "unknown";
}

int origin_from_name(struct span name) {
	for (size_t i = 0; i < ORIGIN_COUNT; i++) {
		if (span_is(name, origin_names[i])) {
			return (int)i;
		}
	}
	return -1;
}

const char *event_badge(const struct event *event) {
	if (event->origin == ORIGIN_RECEIVED) {
		return NULL;
	}
	bool is_signed = event->verdict == VERDICT_VALID || event->verdict == VERDICT_PARTIAL ||
	                 event->verdict == VERDICT_RESERIALISED;
	return event->origin == ORIGIN_EDITED && !is_signed ? "unsigned edit"
	                                                    : origin_name(event->origin);
}

void event_append_ref(struct buffer *out, struct span endpoint, int64_t seq) {
	buffer_append_span(out, endpoint);
	buffer_append_byte(out, '#');
	buffer_append_int(out, seq);
}

void event_append_badge(struct buffer *out, const struct event *event) {
	const char *badge = event_badge(event);
	buffer_append_text(out, badge ? badge : "");
	if (badge && event->parent_seq > 0) {
		buffer_append_text(out, ", from ");
		event_append_ref(out, event->endpoint, event->parent_seq);
	}
}

static bool is_letter_or_digit(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool endpoint_name_is_valid(struct span name) {
	if (name.len == 0 || name.len > ENDPOINT_NAME_LEN || !is_letter_or_digit(name.data[0])) {
		return false;
	}
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		if (!is_letter_or_digit(c) && c != '-' && c != '_' && c != '.') {
			return false;
		}
	}
	return true;
}

/* Digits only, at least 1, no leading zero, within int64_t. */
static bool seq_parse(int64_t *seq, struct span text) {
	if (text.len == 0 || text.len > 18 || text.data[0] == '0') {
		return false;
	}
	int64_t value = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9') {
			return false;
		}
		value = value * 10 + (text.data[i] - '0');
	}
	*seq = value;
	return true;
}

bool event_ref_parse(struct event_ref *ref, struct span text, struct error *err) {
	struct event_ref parsed = {0};
	parsed.by_id = uuid_parse(&parsed.id, text);
	struct span rest = text;
	parsed.endpoint = span_cut(&rest, '#');
	bool by_seq = endpoint_name_is_valid(parsed.endpoint) && seq_parse(&parsed.seq, rest);
	if (!parsed.by_id && !by_seq) {
		return error_set(err, ERROR_USAGE,
			"\"%.*s\" is no event: write it like stripe#1042, or give its UUID",
			(int)(text.len < 100 ? text.len : 100), text.data ? text.data : "");
	}
	*ref = parsed;
	return true;
}

static void member_uuid(struct buffer *out, const char *name, const struct uuid *uuid) {
	char text[UUID_TEXT_LEN + 1];
	uuid_format(uuid, text);
	json_member_text(out, name, (struct span){text, UUID_TEXT_LEN});
}

static void member_moment(struct buffer *out, const char *name, int64_t ns) {
	json_member_name(out, name);
	buffer_append_byte(out, '"');
	moment_append(out, ns);
	buffer_append_byte(out, '"');
}

/* The endpoint's name is letters, digits and dots: nothing to escape. */
static void member_ref(struct buffer *out, const char *name, struct span endpoint, int64_t seq) {
	json_member_name(out, name);
	buffer_append_byte(out, '"');
	event_append_ref(out, endpoint, seq);
	buffer_append_byte(out, '"');
}

/* What is not so of most events is left out. */
static void append_answer(struct buffer *out, const struct event *event) {
	json_member_text_opt(out, "answer_by", span_text(answered_by_name(event->answer_by)));
	if (event->answer_why.len > 0) {
		json_member_text(out, "answer_why", event->answer_why);
	}
	if (event->answer_after_us > 0) {
		json_member_int(out, "answer_after_us", event->answer_after_us);
	}
}

void annotation_append_json_members(struct buffer *out, const struct annotation *annotation) {
	json_member_bool(out, "marked", annotation->marked);
	json_member_text(out, "note", annotation->note);
	json_member_text(out, "annotated_by", annotation->who);
	member_moment(out, "annotated_at", annotation->at_ns);
}

static void append_attempted(struct buffer *out, const struct event *event) {
	json_member_int(out, "attempts", event->attempts);
	json_member_int(out, "last_status", event->last_status);
	if (event->late) {
		json_member_bool(out, "late", true);
	}
	if (event->replayed) {
		json_member_bool(out, "replayed", true);
	}
	if (event->delivered_at > 0) {
		json_member_int(out, "delivered_at", event->delivered_at);
	}
	if (event->answered_at > 0) {
		json_member_int(out, "answered_at", event->answered_at);
	}
}

void event_append_json_members(struct buffer *out, const struct event *event) {
	member_ref(out, "ref", event->endpoint, event->seq);
	member_uuid(out, "id", &event->id);
	json_member_text(out, "endpoint", event->endpoint);
	json_member_int(out, "seq", event->seq);
	json_member_int(out, "position", event->position);
	member_moment(out, "received_at", event->received_at_ns);
	json_member_text(out, "peer", event->peer);
	json_member_bytes(out, "method", event->method);
	json_member_bytes(out, "target", event->target);
	json_member_int(out, "path_offset", event->path_offset);
	json_member_int(out, "head_len", event->head_len);
	json_member_int(out, "body_len", event->body_len);
	json_member_int(out, "trailers_len", event->trailers_len);
	json_member_int(out, "answer_status", event->answer_status);
	append_answer(out, event);
	if (event->origin != ORIGIN_RECEIVED) {
		json_member_text(out, "origin", span_text(origin_name(event->origin)));
	}
	if (event->parent_seq > 0) {
		member_uuid(out, "parent", &event->parent);
		member_ref(out, "parent_ref", event->endpoint, event->parent_seq);
	}
	json_member_text_opt(out, "provider", event->provider);
	json_member_text_opt(out, "type", event->type);
	json_member_text_opt(out, "provider_id", event->provider_id);
	json_member_int(out, "repeat", event->repeat);
	json_member_text(out, "verdict", span_text(verdict_name(event->verdict)));
	json_member_text(out, "reason", event->reason);
	json_member_text_opt(out, "secret", event->secret);
	if (event->recipe.len > 0) {
		json_member_text(out, "recipe", event->recipe);
	}
	if (event->handshake.len > 0) {
		json_member_text(out, "handshake", event->handshake);
	}
	if (event->answer.len > 0) {
		json_member_text(out, "answer", event->answer);
	}
	if (event->annotation.marked || event->annotation.note.len > 0) {
		annotation_append_json_members(out, &event->annotation);
	}
	if (event->keys.len > 0) {
		json_member_name(out, "keys");
		business_keys_append_json(out, event->keys);
	}
	append_attempted(out, event);
}

void event_append_json(struct buffer *out, const struct event *event) {
	buffer_append_byte(out, '{');
	event_append_json_members(out, event);
	buffer_append_byte(out, '}');
}

void attempt_append_json_members(struct buffer *out, const struct attempt *attempt) {
	member_uuid(out, "id", &attempt->id);
	member_uuid(out, "event", &attempt->event);
	member_ref(out, "event_ref", attempt->endpoint, attempt->event_seq);
	json_member_text(out, "endpoint", attempt->endpoint);
	json_member_int(out, "seq", attempt->seq);
	json_member_int(out, "position", attempt->position);
	json_member_int(out, "event_seq", attempt->event_seq);
	json_member_int(out, "number", attempt->number);
	json_member_text(out, "cause", span_text(cause_name(attempt->cause)));
	json_member_bytes(out, "target_url", attempt->target);
	json_member_text_opt(out, "changes", attempt->changes);
	json_member_int(out, "status", attempt->status);
	json_member_int(out, "answer_head_len", attempt->answer_head_len);
	json_member_int(out, "answer_body_len", attempt->answer_body_len);
	json_member_int(out, "answer_body_total", attempt->answer_body_total);
	json_member_text_opt(out, "error", attempt->error);
	member_moment(out, "started_at", attempt->started_at_ns);
	json_member_int(out, "took_us", attempt->took_us);
	json_member_text(out, "who", attempt->who);
	if (attempt->late) {
		json_member_bool(out, "late", true);
	}
}

void attempt_append_json(struct buffer *out, const struct attempt *attempt) {
	buffer_append_byte(out, '{');
	attempt_append_json_members(out, attempt);
	buffer_append_byte(out, '}');
}

static bool get_uuid(
	const struct cJSON *object, const char *name, struct uuid *uuid, struct error *err) {
	struct span text;
	return json_get_text(object, name, &text, err) &&
	       (uuid_parse(uuid, text) || error_set(err, ERROR_USAGE, "expected a UUID at .%s", name));
}

static bool get_moment(
	const struct cJSON *object, const char *name, int64_t *ns, struct error *err) {
	struct span text;
	return json_get_text(object, name, &text, err) &&
	       (moment_parse(ns, text) ||
			   error_set(err, ERROR_USAGE, "expected a time as in RFC 3339 at .%s", name));
}

/* Raw bytes, undone into `bytes`; the span is made when nothing moves any more. */
static bool get_bytes(const struct cJSON *object, const char *name, struct buffer *bytes,
	size_t *len, struct error *err) {
	struct span text;
	size_t before = bytes->len;
	if (!json_get_text(object, name, &text, err)) {
		return false;
	}
	if (!json_bytes_from_text(bytes, text)) {
		return error_set(err, ERROR_USAGE, "expected bytes as Latin-1 at .%s", name);
	}
	*len = bytes->len - before;
	return true;
}

bool annotation_from_json(
	struct annotation *annotation, const struct cJSON *object, struct error *err) {
	struct span at = {0};
	*annotation = (struct annotation){.note = span_text(""), .who = span_text("")};
	return json_get_bool_opt(object, "marked", &annotation->marked, err) &&
	       json_get_text_opt(object, "note", &annotation->note, err) &&
	       json_get_text_opt(object, "annotated_by", &annotation->who, err) &&
	       json_get_text_opt(object, "annotated_at", &at, err) &&
	       (!at.data || moment_parse(&annotation->at_ns, at) ||
			   error_set(err, ERROR_USAGE, "expected a time as in RFC 3339 at .annotated_at"));
}

static bool get_endpoint(const struct cJSON *object, struct span *endpoint, struct error *err) {
	return json_get_text(object, "endpoint", endpoint, err) &&
	       (endpoint_name_is_valid(*endpoint) ||
			   error_set(err, ERROR_USAGE, "expected the name of an endpoint at .endpoint"));
}

static bool event_numbers(struct event *event, const struct cJSON *object, struct error *err) {
	return json_get_int(object, "seq", &event->seq, err) &&
	       json_get_int_opt(object, "position", &event->position, err) &&
	       json_get_int(object, "path_offset", &event->path_offset, err) &&
	       json_get_int(object, "head_len", &event->head_len, err) &&
	       json_get_int(object, "body_len", &event->body_len, err) &&
	       json_get_int(object, "trailers_len", &event->trailers_len, err) &&
	       json_get_int(object, "answer_status", &event->answer_status, err) &&
	       json_get_int_opt(object, "answer_after_us", &event->answer_after_us, err) &&
	       json_get_int(object, "repeat", &event->repeat, err) &&
	       json_get_int(object, "attempts", &event->attempts, err) &&
	       json_get_int(object, "last_status", &event->last_status, err) &&
	       json_get_bool_opt(object, "late", &event->late, err) &&
	       json_get_bool_opt(object, "replayed", &event->replayed, err) &&
	       annotation_from_json(&event->annotation, object, err) &&
	       json_get_int_opt(object, "delivered_at", &event->delivered_at, err) &&
	       json_get_int_opt(object, "answered_at", &event->answered_at, err);
}

static bool event_origin(struct event *event, const struct cJSON *object, struct error *err) {
	struct span origin = {0}, parent = {0}, ref = {0};
	if (!json_get_text_opt(object, "origin", &origin, err) ||
		!json_get_text_opt(object, "parent", &parent, err) ||
		!json_get_text_opt(object, "parent_ref", &ref, err)) {
		return false;
	}
	int known = origin.len > 0 ? origin_from_name(origin) : ORIGIN_RECEIVED;
	if (known < 0) {
		return error_set(err, ERROR_USAGE, "expected an origin at .origin");
	}
	event->origin = (enum origin)known;
	struct event_ref parsed;
	if (parent.len > 0 &&
		(!uuid_parse(&event->parent, parent) || !event_ref_parse(&parsed, ref, err))) {
		return error_set(err, ERROR_USAGE, "expected an event at .parent and .parent_ref");
	}
	event->parent_seq = parent.len > 0 ? parsed.seq : 0;
	return true;
}

static bool event_texts(struct event *event, const struct cJSON *object, struct error *err) {
	struct span verdict, by = {0};
	if (!get_endpoint(object, &event->endpoint, err) ||
		!json_get_text(object, "peer", &event->peer, err) ||
		!json_get_text_opt(object, "provider", &event->provider, err) ||
		!json_get_text_opt(object, "type", &event->type, err) ||
		!json_get_text_opt(object, "provider_id", &event->provider_id, err) ||
		!json_get_text(object, "verdict", &verdict, err) ||
		!json_get_text(object, "reason", &event->reason, err) ||
		!json_get_text_opt(object, "secret", &event->secret, err) ||
		!json_get_text_opt(object, "recipe", &event->recipe, err) ||
		!json_get_text_opt(object, "handshake", &event->handshake, err) ||
		!json_get_text_opt(object, "answer", &event->answer, err) ||
		!json_get_text_opt(object, "answer_by", &by, err) ||
		!json_get_text_opt(object, "answer_why", &event->answer_why, err)) {
		return false;
	}
	event->answer_by = answered_by_from_name(by);
	int known = verdict_from_name(verdict);
	if (known < 0) {
		return error_set(err, ERROR_USAGE, "expected a verdict at .verdict");
	}
	event->verdict = (enum verdict)known;
	return true;
}

/* Missing where the relay has not looked for them, or found none. */
static bool get_keys(
	const struct cJSON *object, struct buffer *bytes, size_t *len, struct error *err) {
	const struct cJSON *keys = cJSON_GetObjectItemCaseSensitive(object, "keys");
	size_t before = bytes->len;
	if (keys && !business_keys_from_json(bytes, keys)) {
		return error_set(err, ERROR_USAGE, "expected names with lists of texts at .keys");
	}
	*len = bytes->len - before;
	return true;
}

bool event_from_json(
	struct event *event, const struct cJSON *object, struct buffer *bytes, struct error *err) {
	*event = (struct event){0};
	size_t start = bytes->len;
	if (!get_uuid(object, "id", &event->id, err) ||
		!get_moment(object, "received_at", &event->received_at_ns, err) ||
		!event_numbers(event, object, err) || !event_origin(event, object, err) ||
		!event_texts(event, object, err) ||
		!get_bytes(object, "method", bytes, &event->method.len, err) ||
		!get_bytes(object, "target", bytes, &event->target.len, err) ||
		!get_keys(object, bytes, &event->keys.len, err)) {
		return false;
	}
	if (event->path_offset < 0 || (size_t)event->path_offset > event->target.len ||
		event->head_len < 0 || event->body_len < 0 || event->trailers_len < 0) {
		return error_set(err, ERROR_USAGE, "an event with impossible lengths");
	}
	event->method.data = bytes->data + start;
	event->target.data = event->method.data + event->method.len;
	event->keys.data = event->keys.len > 0 ? event->target.data + event->target.len : NULL;
	return true;
}

static bool attempt_numbers(
	struct attempt *attempt, const struct cJSON *object, struct error *err) {
	return json_get_int_opt(object, "seq", &attempt->seq, err) &&
	       json_get_int_opt(object, "position", &attempt->position, err) &&
	       json_get_int_opt(object, "event_seq", &attempt->event_seq, err) &&
	       json_get_int_opt(object, "number", &attempt->number, err) &&
	       json_get_int(object, "status", &attempt->status, err) &&
	       json_get_int(object, "answer_head_len", &attempt->answer_head_len, err) &&
	       json_get_int(object, "answer_body_len", &attempt->answer_body_len, err) &&
	       json_get_int(object, "answer_body_total", &attempt->answer_body_total, err) &&
	       json_get_int(object, "took_us", &attempt->took_us, err);
}

static bool attempt_texts(struct attempt *attempt, const struct cJSON *object, struct error *err) {
	struct span cause;
	if (!get_endpoint(object, &attempt->endpoint, err) ||
		!json_get_text(object, "cause", &cause, err) ||
		!json_get_text_opt(object, "changes", &attempt->changes, err) ||
		!json_get_text_opt(object, "error", &attempt->error, err) ||
		!json_get_text_opt(object, "who", &attempt->who, err) ||
		!json_get_bool_opt(object, "late", &attempt->late, err)) {
		return false;
	}
	int known = cause_from_name(cause);
	if (known < 0) {
		return error_set(err, ERROR_USAGE, "expected a cause at .cause");
	}
	attempt->cause = (enum cause)known;
	return true;
}

bool attempt_from_json(
	struct attempt *attempt, const struct cJSON *object, struct buffer *bytes, struct error *err) {
	*attempt = (struct attempt){0};
	size_t start = bytes->len;
	if (!get_uuid(object, "id", &attempt->id, err) ||
		!get_uuid(object, "event", &attempt->event, err) ||
		!get_moment(object, "started_at", &attempt->started_at_ns, err) ||
		!attempt_numbers(attempt, object, err) || !attempt_texts(attempt, object, err) ||
		!get_bytes(object, "target_url", bytes, &attempt->target.len, err)) {
		return false;
	}
	if (attempt->answer_head_len < 0 || attempt->answer_body_len < 0) {
		return error_set(err, ERROR_USAGE, "an attempt with impossible lengths");
	}
	attempt->target.data = bytes->data + start;
	return true;
}

/* Copies the bytes of `span` to `*at` and lets it point there. */
static void move_span(struct span *span, char **at) {
	if (span->len > 0) {
		memcpy(*at, span->data, span->len);
	}
	span->data = *at;
	*at += span->len;
}

size_t event_copy_size(const struct event *event) {
	return sizeof *event + event->endpoint.len + event->peer.len + event->method.len +
	       event->target.len + event->provider.len + event->type.len + event->provider_id.len +
	       event->reason.len + event->secret.len + event->recipe.len + event->handshake.len +
	       event->answer.len + event->answer_why.len + event->annotation.note.len +
	       event->annotation.who.len + event->keys.len;
}

size_t attempt_copy_size(const struct attempt *attempt) {
	return sizeof *attempt + attempt->endpoint.len + attempt->target.len + attempt->changes.len +
	       attempt->error.len + attempt->who.len;
}

struct event *event_copy(const struct event *event) {
	struct event *copy = alloc_bytes(event_copy_size(event));
	*copy = *event;
	char *at = (char *)(copy + 1);
	move_span(&copy->endpoint, &at);
	move_span(&copy->peer, &at);
	move_span(&copy->method, &at);
	move_span(&copy->target, &at);
	move_span(&copy->provider, &at);
	move_span(&copy->type, &at);
	move_span(&copy->provider_id, &at);
	move_span(&copy->reason, &at);
	move_span(&copy->secret, &at);
	move_span(&copy->recipe, &at);
	move_span(&copy->handshake, &at);
	move_span(&copy->answer, &at);
	move_span(&copy->answer_why, &at);
	move_span(&copy->annotation.note, &at);
	move_span(&copy->annotation.who, &at);
	if (copy->keys.data) {
		move_span(&copy->keys, &at);
	}
	return copy;
}

struct attempt *attempt_copy(const struct attempt *attempt) {
	struct attempt *copy = alloc_bytes(attempt_copy_size(attempt));
	*copy = *attempt;
	char *at = (char *)(copy + 1);
	move_span(&copy->endpoint, &at);
	move_span(&copy->target, &at);
	move_span(&copy->changes, &at);
	move_span(&copy->error, &at);
	move_span(&copy->who, &at);
	return copy;
}
