/* `retry.put`, `retry.take`, `retry.hold`, `retry.change`, `retry.remove`: answered when what they change is durable. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <time.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/moment.h"
#include "relay/stream/job.h"
#include "relay/stream/request.h"

static int64_t now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec;
}

static void written(void *data, const struct error *err) {
	struct job *job = data;
	struct buffer out = {0};
	if (err) {
		request_error(&out, job->request, err);
	} else {
		request_message(&out, "answer", job->request);
		buffer_append_byte(&out, '}');
	}
	if (job->session) {
		session_reply(job->session, buffer_span(&out));
	}
	buffer_clear(&out);
	job_end(job);
	free(job);
}

static struct job *job_new(struct session *session, uint32_t id) {
	struct job *job = alloc_zero(1, sizeof *job);
	job_begin(job, session, id, 0);
	return job;
}

/* A change that was not allowed is answered by the caller. */
static bool ended(struct job *job, bool ok) {
	if (!ok) {
		job_end(job);
		free(job);
	}
	return ok;
}

static bool read_claim(struct span *claim, const struct cJSON *object, struct error *err) {
	*claim = span_text("");
	return json_get_text_opt(object, "claim", claim, err) &&
	       (claim->len <= RETRIES_CLAIM_MAX ||
			   error_set(err, ERROR_USAGE, "more than %d bytes at .claim", RETRIES_CLAIM_MAX));
}

static bool read_key(struct retry_key *key, const struct cJSON *object, struct error *err) {
	struct span event;
	return json_get_text(object, "event", &event, err) &&
	       json_get_text(object, "target", &key->target, err) &&
	       read_claim(&key->claim, object, err) &&
	       (uuid_parse(&key->event, event) ||
			   error_set(err, ERROR_USAGE, "expected the id of an event at .event"));
}

bool retry_put_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct stream *stream = session_stream(session);
	struct retry retry;
	struct span claim;
	bool fresh = false;
	if (!retry_from_json(&retry, cJSON_GetObjectItemCaseSensitive(object, "retry"), err) ||
		!read_claim(&claim, object, err) || !json_get_bool_opt(object, "new", &fresh, err)) {
		return false;
	}
	const struct endpoint *endpoint = endpoints_find(stream->endpoints, retry.endpoint);
	if (!endpoint) {
		return error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"", (int)retry.endpoint.len,
			retry.endpoint.data);
	}
	struct job *job = job_new(session, id);
	return ended(job, retries_put(stream->retries, &retry, endpoint_id(endpoint), claim, fresh,
						  now_ns(), written, job, err));
}

bool retry_take_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct retry_key key;
	int64_t tries = 0, for_ms = 0;
	if (!read_key(&key, object, err) || !json_get_int(object, "tries", &tries, err) ||
		!json_get_int(object, "for_ms", &for_ms, err)) {
		return false;
	}
	if (key.claim.len == 0 || for_ms < 1 || for_ms > RETRY_TAKEN_MAX_MS) {
		return error_set(err, ERROR_USAGE, "expected a name at .claim, and 1 to %lld at .for_ms",
			(long long)RETRY_TAKEN_MAX_MS);
	}
	struct job *job = job_new(session, id);
	int64_t now = now_ns();
	return ended(job, retries_take(session_stream(session)->retries, &key, tries,
						  now + for_ms * MOMENT_NS_PER_MS, now, written, job, err));
}

/* There is nothing to be held: nothing to be written either. */
static void tell_free(struct session *session, uint32_t id) {
	struct buffer out = {0};
	request_message(&out, "answer", id);
	json_member_bool(&out, "held", false);
	buffer_append_byte(&out, '}');
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
}

bool retry_hold_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct retry_key key;
	int64_t for_ms = 0, now = now_ns();
	bool held = false;
	if (!read_key(&key, object, err) || !json_get_int(object, "for_ms", &for_ms, err)) {
		return false;
	}
	if (key.claim.len == 0 || for_ms < 0 || for_ms > RETRY_TAKEN_MAX_MS) {
		return error_set(err, ERROR_USAGE, "expected a name at .claim, and 0 to %lld at .for_ms",
			(long long)RETRY_TAKEN_MAX_MS);
	}
	struct job *job = job_new(session, id);
	bool ok = retries_hold(session_stream(session)->retries, &key, now + for_ms * MOMENT_NS_PER_MS,
		now, &held, written, job, err);
	if (ok && !held) {
		tell_free(session, id);
	}
	ended(job, ok && held);
	return ok;
}

bool retry_change_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	const struct cJSON *paused = cJSON_GetObjectItemCaseSensitive(object, "paused");
	struct retry_change change = {.paused = cJSON_IsBool(paused) ? cJSON_IsTrue(paused) : -1};
	struct retry_key key;
	struct span due = {0};
	if (!read_key(&key, object, err) || !json_get_text_opt(object, "due_at", &due, err)) {
		return false;
	}
	if (due.data && !moment_parse(&change.due_ns, due)) {
		return error_set(err, ERROR_USAGE, "expected a time at .due_at");
	}
	struct job *job = job_new(session, id);
	return ended(
		job, retries_change(session_stream(session)->retries, &key, &change, written, job, err));
}

bool retry_remove_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct retry_key key;
	struct span reason = span_text("");
	if (!read_key(&key, object, err) || !json_get_text_opt(object, "reason", &reason, err)) {
		return false;
	}
	reason.len = reason.len < RETRY_TEXT_MAX ? reason.len : RETRY_TEXT_MAX;
	struct job *job = job_new(session, id);
	return ended(
		job, retries_remove(session_stream(session)->retries, &key, reason, written, job, err));
}
