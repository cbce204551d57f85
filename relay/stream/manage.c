/* `endpoint.*` and `refusals`: what people say of endpoints goes to relay/endpoints; the answer comes when it is durable. */
#include <cjson/cJSON.h>
#include <openssl/crypto.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/moment.h"
#include "relay/stream/job.h"
#include "relay/stream/request.h"

#define SECRETS_MOST 64
#define PARAMETERS_MOST 32
#define REFUSALS_MOST 1000

/* A change under way. */
struct managing {
	struct job job;
	char name[ENDPOINT_NAME_LEN + 1];
};

static void answer_change(const struct managing *managing, int64_t events, int64_t changed) {
	struct buffer out = {0};
	const struct job *job = &managing->job;
	const struct endpoint *endpoint =
		endpoints_find(job->stream->endpoints, span_text(managing->name));
	request_message(&out, "answer", job->request);
	json_member_int(&out, "events", events);
	json_member_int(&out, "changed", changed);
	if (endpoint) {
		json_member_name(&out, "endpoint");
		endpoint_append_json(&out, endpoint);
	}
	buffer_append_byte(&out, '}');
	session_reply(job->session, buffer_span(&out));
	buffer_clear(&out);
}

static void managed(void *data, int64_t events, int64_t changed, const struct error *err) {
	struct managing *managing = data;
	struct job *job = &managing->job;
	if (!err && changed > 0 && job->stream) {
		hub_judged(job->stream->hub, span_text(managing->name), changed);
	}
	if (!err && job->stream) {
		hub_endpoints_changed(job->stream->hub);
		if (!endpoints_find(job->stream->endpoints, span_text(managing->name))) {
			retries_forget_endpoint(job->stream->retries, span_text(managing->name));
		}
	}
	if (job->session && err) {
		struct buffer out = {0};
		request_error(&out, job->request, err);
		session_reply(job->session, buffer_span(&out));
		buffer_clear(&out);
	} else if (job->session) {
		answer_change(managing, events, changed);
	}
	job_end(job);
	free(managing);
}

static bool read_name(struct span *name, const struct cJSON *object, struct error *err) {
	return json_get_text(object, "name", name, err) &&
	       (endpoint_name_is_valid(*name) ||
			   error_set(err, ERROR_USAGE,
				   "an endpoint is named with letters, digits, '-', '_' and '.', at most %d",
				   ENDPOINT_NAME_LEN));
}

static struct managing *managing_new(struct session *session, uint32_t id, struct span name) {
	struct managing *managing = alloc_zero(1, sizeof *managing);
	snprintf(managing->name, sizeof managing->name, "%.*s", (int)name.len, name.data);
	job_begin(&managing->job, session, id, 0);
	return managing;
}

/* A change as it is read; what it points to is in the request, but for the values. */
struct reading {
	struct endpoint_change change;
	struct parameter parameters[PARAMETERS_MOST];
	struct business_key keys[BUSINESS_KEYS_MAX];
	struct secret_change secrets[SECRETS_MOST];
	struct buffer values[SECRETS_MOST];
	struct policy_change answer;
	struct buffer answer_bytes;
};

static bool read_keys(struct reading *reading, const cJSON *object, struct error *err) {
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "keys");
	if (!member) {
		return true;
	}
	if (!cJSON_IsObject(member)) {
		return error_set(err, ERROR_USAGE, "expected an object at .keys");
	}
	reading->change.business_keys = reading->keys;
	return business_key_places_from_json(
		reading->keys, &reading->change.business_key_count, member, err);
}

static bool read_parameters(
	struct reading *reading, const struct cJSON *object, struct error *err) {
	const struct cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "parameters");
	if (!member || cJSON_IsNull(member)) {
		return true;
	}
	size_t count = 0;
	const struct cJSON *parameter = NULL;
	cJSON_ArrayForEach(parameter, member) {
		if (!parameter->string || !cJSON_IsString(parameter) || count == PARAMETERS_MOST) {
			return error_set(err, ERROR_USAGE,
				"expected an object of at most %d texts at .parameters", PARAMETERS_MOST);
		}
		reading->parameters[count++] =
			(struct parameter){.name = parameter->string, .value = parameter->valuestring};
	}
	reading->change.parameters = reading->parameters;
	reading->change.parameter_count = count;
	return true;
}

static bool read_secret(struct reading *reading, const struct cJSON *object, struct error *err) {
	size_t at = reading->change.secret_count;
	struct span label, provider = span_text(""), value = {0};
	bool remove = false;
	if (at == SECRETS_MOST || !cJSON_IsObject(object)) {
		return error_set(
			err, ERROR_USAGE, "expected a list of at most %d objects at .secrets", SECRETS_MOST);
	}
	if (!json_get_text(object, "label", &label, err) ||
		!json_get_text_opt(object, "provider", &provider, err) ||
		!json_get_text_opt(object, "value", &value, err) ||
		!json_get_bool_opt(object, "remove", &remove, err)) {
		return false;
	}
	if (remove == (value.len > 0)) {
		return error_set(err, ERROR_USAGE, "a secret has a value, or remove: true");
	}
	if (!remove && !json_bytes_from_text(&reading->values[at], value)) {
		return error_set(err, ERROR_USAGE, "expected bytes as Latin-1 at .value");
	}
	reading->secrets[at] = (struct secret_change){.label = label.data,
		.provider = provider.data,
		.value = remove ? (struct span){0} : buffer_span(&reading->values[at])};
	reading->change.secret_count++;
	return true;
}

static bool read_secrets(struct reading *reading, const struct cJSON *object, struct error *err) {
	const struct cJSON *secret = NULL;
	cJSON_ArrayForEach(secret, cJSON_GetObjectItemCaseSensitive(object, "secrets")) {
		if (!read_secret(reading, secret, err)) {
			return false;
		}
	}
	reading->change.secrets = reading->secrets;
	return true;
}

static bool read_answer(struct reading *reading, const struct cJSON *object, struct error *err) {
	const struct cJSON *answer = cJSON_GetObjectItemCaseSensitive(object, "answer");
	if (!answer || cJSON_IsNull(answer)) {
		return true;
	}
	reading->change.answer = &reading->answer;
	return policy_change_from_json(&reading->answer, answer, &reading->answer_bytes, err);
}

static bool read_change(struct reading *reading, const struct cJSON *object, struct error *err) {
	struct span provider = {0}, host = {0}, handshake = {0};
	const struct cJSON *reject = cJSON_GetObjectItemCaseSensitive(object, "reject_invalid");
	bool rejects = false;
	if (!read_name(&reading->change.name, object, err) ||
		!json_get_text_opt(object, "provider", &provider, err) ||
		!json_get_text_opt(object, "host", &host, err) ||
		!json_get_text_opt(object, "handshake", &handshake, err) ||
		!json_get_bool_opt(object, "reject_invalid", &rejects, err)) {
		return false;
	}
	reading->change.provider = provider.data;
	reading->change.host = host.data;
	reading->change.handshake = handshake.data;
	reading->change.reject_invalid = cJSON_IsBool(reject) ? rejects : -1;
	return read_parameters(reading, object, err) && read_keys(reading, object, err) &&
	       read_answer(reading, object, err) && read_secrets(reading, object, err);
}

static bool change(struct session *session, uint32_t id, const struct cJSON *object,
	bool must_be_new, struct error *err) {
	struct endpoints *endpoints = session_stream(session)->endpoints;
	struct reading *reading = alloc_zero(1, sizeof *reading);
	bool ok = read_change(reading, object, err);
	if (ok && !must_be_new && !endpoints_find(endpoints, reading->change.name)) {
		ok = error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"",
			(int)reading->change.name.len, reading->change.name.data);
	}
	if (ok) {
		struct managing *managing = managing_new(session, id, reading->change.name);
		endpoints_change(endpoints, &reading->change, must_be_new, managed, managing);
	}
	for (size_t i = 0; i < SECRETS_MOST; i++) {
		if (reading->values[i].len > 0) {
			OPENSSL_cleanse(reading->values[i].data, reading->values[i].len);
		}
		buffer_clear(&reading->values[i]);
	}
	buffer_clear(&reading->answer_bytes);
	free(reading);
	return ok;
}

bool endpoint_add_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	return change(session, id, object, true, err);
}

bool endpoint_set_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	return change(session, id, object, false, err);
}

typedef void by_name_fn(
	struct endpoints *endpoints, struct span name, endpoints_changed_fn *done, void *data);

static bool by_name(struct session *session, uint32_t id, const struct cJSON *object,
	by_name_fn *act, struct error *err) {
	struct endpoints *endpoints = session_stream(session)->endpoints;
	struct span name;
	if (!read_name(&name, object, err)) {
		return false;
	}
	if (!endpoints_find(endpoints, name)) {
		return error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"", (int)name.len, name.data);
	}
	struct managing *managing = managing_new(session, id, name);
	act(endpoints, span_text(managing->name), managed, managing);
	return true;
}

bool endpoint_remove_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	return by_name(session, id, object, endpoints_remove, err);
}

static void tell_progress(void *data, int64_t events, int64_t changed, int64_t at, int64_t until) {
	struct managing *managing = data;
	const struct job *job = &managing->job;
	struct buffer out = {0};
	if (!job->session) {
		return;
	}
	request_message(&out, "progress", job->request);
	json_member_int(&out, "events", events);
	json_member_int(&out, "changed", changed);
	json_member_int(&out, "at", at);
	json_member_int(&out, "until", until);
	buffer_append_byte(&out, '}');
	session_reply(job->session, buffer_span(&out));
	buffer_clear(&out);
}

bool endpoint_reverify_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct endpoints *endpoints = session_stream(session)->endpoints;
	struct reverification what = {0};
	struct span name, filter = {0};
	bool progress = false;
	if (!read_name(&name, object, err) || !json_get_text_opt(object, "filter", &filter, err) ||
		!json_get_bool_opt(object, "progress", &progress, err)) {
		return false;
	}
	if (!endpoints_find(endpoints, name)) {
		return error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"", (int)name.len, name.data);
	}
	if (!request_filter(&what.filter, filter, err)) {
		return false;
	}
	what.progress = progress ? tell_progress : NULL;
	struct managing *managing = managing_new(session, id, name);
	endpoints_reverify(endpoints, span_text(managing->name), &what, managed, managing);
	return true;
}

bool endpoint_list_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	(void)object;
	(void)err;
	struct endpoints *endpoints = session_stream(session)->endpoints;
	struct buffer out = {0};
	request_message(&out, "answer", id);
	json_member_name(&out, "endpoints");
	buffer_append_byte(&out, '[');
	for (size_t i = 0; i < endpoints_count(endpoints); i++) {
		if (i > 0) {
			buffer_append_byte(&out, ',');
		}
		endpoint_append_json(&out, endpoints_at(endpoints, i));
	}
	buffer_append_text(&out, "]}");
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
	return true;
}

static bool append_refusal(void *data, const struct refusal *refusal) {
	struct buffer *out = data;
	if (out->len > FRAME_MESSAGE / 2) {
		return false;
	}
	buffer_append_text(out, out->data[out->len - 1] == '[' ? "{\"at\":\"" : ",{\"at\":\"");
	moment_append(out, refusal->at_ns);
	buffer_append_byte(out, '"');
	json_member_text(out, "peer", refusal->peer);
	json_member_int(out, "status", refusal->status);
	json_member_text(out, "reason", refusal->reason);
	json_member_bytes(out, "line", refusal->line);
	buffer_append_byte(out, '}');
	return true;
}

bool refusals_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	int64_t limit = 100;
	if (!json_get_int_opt(object, "limit", &limit, err)) {
		return false;
	}
	limit = limit < 1 || limit > REFUSALS_MOST ? REFUSALS_MOST : limit;
	struct buffer out = {0};
	request_message(&out, "answer", id);
	json_member_name(&out, "refusals");
	buffer_append_byte(&out, '[');
	bool ok = store_each_refusal(session_stream(session)->store, limit, append_refusal, &out, err);
	if (ok) {
		buffer_append_text(&out, "]}");
		session_reply(session, buffer_span(&out));
	}
	buffer_clear(&out);
	return ok;
}
