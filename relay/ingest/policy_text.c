/* Policies as they are set, kept and told. */
#include <cjson/cJSON.h>
#include <string.h>

#include "common/alloc.h"
#include "common/http_chars.h"
#include "common/json.h"
#include "relay/ingest/policy.h"

static const char *const mode_names[] = {"fixed", "app"};

struct policy policy_default(void) {
	return (struct policy){.status = 200};
}

void policy_copy(struct policy *to, const struct policy *from) {
	*to = *from;
	to->headers = to->body = (struct buffer){0};
	buffer_append_span(&to->headers, buffer_span(&from->headers));
	buffer_append_span(&to->body, buffer_span(&from->body));
}

void policy_clear(struct policy *policy) {
	buffer_clear(&policy->headers);
	buffer_clear(&policy->body);
	*policy = policy_default();
}

/* --- one setting after the other --- */

static bool change_mode(struct policy *policy, const char *mode, struct error *err) {
	bool app = strcmp(mode, mode_names[POLICY_APP]) == 0;
	if (!app && strcmp(mode, mode_names[POLICY_FIXED]) != 0) {
		return error_set(err, ERROR_USAGE, "an endpoint answers fixed or app, not \"%s\"", mode);
	}
	policy_clear(policy);
	policy->mode = app ? POLICY_APP : POLICY_FIXED;
	return true;
}

static bool change_status(struct policy *policy, int64_t status, struct error *err) {
	if (status < 200 || status > 599) {
		return error_set(err, ERROR_USAGE, "the status of an answer is 200 to 599");
	}
	policy->status = (int)status;
	return true;
}

/* What the relay says by itself. */
static bool is_ours(struct span name) {
	static const char *const ours[] = {
		"Connection", "Content-Length", "Date", "Keep-Alive", "Transfer-Encoding", "Upgrade"};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
		if (span_equal_nocase(name, span_text(ours[i]))) {
			return true;
		}
	}
	return false;
}

static bool is_header(struct span name, struct span value) {
	return name.len > 0 && http_run(name, HTTP_TOKEN) == name.len &&
	       http_run(value, HTTP_VALUE) == value.len;
}

static bool change_headers(struct policy *policy, struct span lines, struct error *err) {
	if (lines.len > POLICY_HEADERS_MOST) {
		return error_set(err, ERROR_USAGE, "the headers of an answer have at most %d bytes",
			POLICY_HEADERS_MOST);
	}
	struct buffer headers = {0};
	while (lines.len > 0) {
		struct span line = span_cut(&lines, '\n');
		line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
		struct span value = line, name = span_cut(&value, ':');
		value = span_trim(value);
		bool plain = name.len < line.len && is_header(name, value);
		if (!plain || is_ours(name)) {
			buffer_clear(&headers);
			return error_set(err, ERROR_USAGE,
				plain ? "the relay itself says %.*s" : "\"%.*s\" is no header: write Name: value",
				plain ? (int)name.len : (int)line.len, line.data);
		}
		buffer_append_span(&headers, name);
		buffer_append_text(&headers, ": ");
		buffer_append_span(&headers, value);
		buffer_append_text(&headers, "\r\n");
	}
	buffer_clear(&policy->headers);
	policy->headers = headers;
	return true;
}

static bool change_body(struct policy *policy, struct span body, struct error *err) {
	if (body.len > POLICY_BODY_MOST || memchr(body.data, '\0', body.len)) {
		return error_set(err, ERROR_USAGE,
			"the body of an answer has at most %zu bytes, none of "
			"them NUL",
			POLICY_BODY_MOST);
	}
	buffer_reset(&policy->body);
	buffer_append_span(&policy->body, body);
	policy->has_body = true;
	return true;
}

static bool change_times(
	struct policy *policy, const struct policy_change *change, struct error *err) {
	policy->delay_ms = change->delay_ms >= 0 ? change->delay_ms : policy->delay_ms;
	policy->after_ms = change->after_ms >= 0 ? change->after_ms : policy->after_ms;
	if (policy->delay_ms > POLICY_DELAY_MOST_MS || policy->after_ms > POLICY_DELAY_MOST_MS) {
		return error_set(err, ERROR_USAGE, "an answer waits ten minutes at most");
	}
	if (policy->mode == POLICY_FIXED && policy->after_ms > 0) {
		return error_set(err, ERROR_USAGE,
			"only the answer of an app can be waited for: set the answer to app, too");
	}
	return policy->mode == POLICY_FIXED || policy->delay_ms == 0 ||
	       error_set(err, ERROR_USAGE, "a delay is for fixed answers: the app takes its own time");
}

static bool change_script(struct policy *policy, const struct policy_change *change,
	const struct policy *before, int64_t now_ms, struct error *err) {
	if (!script_parse(&policy->script, change->script, err)) {
		return false;
	}
	struct buffer text = {0}, old = {0};
	script_append(&text, &policy->script);
	script_append(&old, &before->script);
	bool goes_on = !change->again && span_equal(buffer_span(&text), buffer_span(&old));
	policy->script_since_ms = goes_on ? before->script_since_ms : now_ms;
	buffer_clear(&text);
	buffer_clear(&old);
	return true;
}

static bool apply(struct policy *policy, const struct policy_change *change,
	const struct policy *before, int64_t now_ms, struct error *err) {
	return (!change->mode || change_mode(policy, change->mode, err)) &&
	       (change->status < 0 || change_status(policy, change->status, err)) &&
	       (!change->headers.data || change_headers(policy, change->headers, err)) &&
	       (!change->body.data || change_body(policy, change->body, err)) &&
	       (!change->script.data || change_script(policy, change, before, now_ms, err)) &&
	       change_times(policy, change, err);
}

bool policy_change(
	struct policy *policy, const struct policy_change *change, int64_t now_ms, struct error *err) {
	struct policy draft;
	policy_copy(&draft, policy);
	if (!apply(&draft, change, policy, now_ms, err)) {
		policy_clear(&draft);
		return false;
	}
	policy_clear(policy);
	*policy = draft;
	return true;
}

/* Copies to `*at`, with a NUL behind it; what was not said stays so. */
static struct span put(char **at, struct span text) {
	struct span copy = {text.data ? *at : NULL, text.len};
	if (text.data) {
		memcpy(*at, text.data, text.len);
		(*at)[text.len] = '\0';
		*at += text.len + 1;
	}
	return copy;
}

struct policy_change *policy_change_copy(const struct policy_change *change) {
	struct span mode = change->mode ? span_text(change->mode) : (struct span){0};
	struct policy_change *copy = alloc_zero(1,
		sizeof *copy + mode.len + change->headers.len + change->body.len + change->script.len + 4);
	char *at = (char *)(copy + 1);
	*copy = *change;
	copy->mode = put(&at, mode).data;
	copy->headers = put(&at, change->headers);
	copy->body = put(&at, change->body);
	copy->script = put(&at, change->script);
	return copy;
}

/* --- as JSON --- */

static void append_common(struct buffer *out, const struct policy *policy) {
	struct buffer script = {0};
	script_append(&script, &policy->script);
	json_member_text(out, "mode", span_text(mode_names[policy->mode]));
	json_member_int(out, "status", policy->status);
	json_member_bytes(out, "headers", buffer_span(&policy->headers));
	json_member_int(out, "delay_ms", policy->delay_ms);
	json_member_int(out, "after_ms", policy->after_ms);
	json_member_text(out, "script", buffer_span(&script));
	buffer_clear(&script);
}

void policy_append_json(struct buffer *out, const struct policy *policy) {
	buffer_append_byte(out, '{');
	append_common(out, policy);
	if (policy->has_body) {
		json_member_bytes(out, "body", buffer_span(&policy->body));
	}
	json_member_int(out, "script_since_ms", policy->script_since_ms);
	buffer_append_byte(out, '}');
}

void policy_append_told(struct buffer *out, const struct policy *policy,
	const struct script_state *state, int64_t now_ms) {
	struct buffer left = {0};
	script_append_left(&left, &policy->script, state, now_ms);
	buffer_append_byte(out, '{');
	append_common(out, policy);
	if (policy->has_body) {
		json_member_int(out, "body_len", (int64_t)policy->body.len);
	}
	json_member_text(out, "left", buffer_span(&left));
	buffer_append_byte(out, '}');
	buffer_clear(&left);
}

static bool decode(const struct cJSON *object, const char *name, struct buffer *bytes,
	struct span *value, struct error *err) {
	struct span text = {0};
	if (!json_get_text_opt(object, name, &text, err)) {
		return false;
	}
	if (!text.data) {
		return true;
	}
	size_t before = bytes->len;
	if (before + text.len > bytes->capacity) { /* it must not move */
		return error_set(err, ERROR_USAGE, "too much text at .%s", name);
	}
	if (!json_bytes_from_text(bytes, text)) {
		return error_set(err, ERROR_USAGE, "expected bytes as Latin-1 at .%s", name);
	}
	*value = (struct span){bytes->data + before, bytes->len - before};
	return true;
}

bool policy_change_from_json(struct policy_change *change, const struct cJSON *object,
	struct buffer *bytes, struct error *err) {
	struct span mode = {0};
	*change = (struct policy_change){.status = -1, .delay_ms = -1, .after_ms = -1, .again = true};
	if (!cJSON_IsObject(object)) {
		return error_set(err, ERROR_USAGE, "expected an object at .answer");
	}
	buffer_reserve(bytes, 3 * (POLICY_HEADERS_MOST + POLICY_BODY_MOST));
	bool ok = json_get_text_opt(object, "mode", &mode, err) &&
	          json_get_int_opt(object, "status", &change->status, err) &&
	          decode(object, "headers", bytes, &change->headers, err) &&
	          decode(object, "body", bytes, &change->body, err) &&
	          json_get_int_opt(object, "delay_ms", &change->delay_ms, err) &&
	          json_get_int_opt(object, "after_ms", &change->after_ms, err) &&
	          json_get_text_opt(object, "script", &change->script, err);
	change->mode = mode.data;
	return ok;
}

bool policy_from_json(struct policy *policy, const struct cJSON *object, struct error *err) {
	struct policy_change change;
	struct buffer bytes = {0};
	*policy = policy_default();
	if (!object) {
		return true;
	}
	int64_t since_ms = 0;
	bool ok = policy_change_from_json(&change, object, &bytes, err) &&
	          json_get_int_opt(object, "script_since_ms", &since_ms, err) &&
	          policy_change(policy, &change, since_ms, err);
	buffer_clear(&bytes);
	return ok;
}
