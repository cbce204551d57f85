/* `attempt`: collects what a client tells of a delivery, and answers when it is durable. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "relay/stream/job.h"
#include "relay/stream/upload.h"

struct attempt_upload {
	struct upload upload;
	struct attempt *attempt;
	int64_t endpoint;
};

/* What is left when it is complete: goes on when the client is gone. */
struct storing {
	struct job job;
	struct attempt *attempt;
	struct frame_content content;
	struct entry entry;
	struct error refused;
};

static void release(struct upload *upload) {
	free(((struct attempt_upload *)upload)->attempt);
}

static void answer(
	struct session *session, uint32_t id, const struct attempt *attempt, const struct error *err) {
	struct buffer out = {0};
	if (err) {
		request_error(&out, id, err);
	} else {
		request_message(&out, "stored", id);
		json_member_int(&out, "seq", attempt->seq);
		json_member_int(&out, "number", attempt->number);
		if (attempt->late) {
			json_member_bool(&out, "late", true);
		}
		buffer_append_byte(&out, '}');
	}
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
}

/* The client has its answer. */
static void finish(struct storing *storing, const struct error *err) {
	struct job *job = &storing->job;
	if (job->session) {
		answer(job->session, job->request, storing->attempt, err);
	}
	job_end(job);
	frame_content_clear(&storing->content);
	free(storing->attempt);
	free(storing);
}

/* Is it this one that is stored already? */
static bool compare(void *data, const struct entry *entry) {
	struct storing *storing = data;
	const struct attempt *known = entry->attempt;
	if (memcmp(&known->id, &storing->attempt->id, sizeof known->id) != 0) {
		return true;
	}
	storing->attempt->seq = known->seq;
	storing->attempt->number = known->number;
	return false;
}

static void compared(void *data, const struct error *err) {
	struct storing *storing = data;
	bool known = !err && storing->attempt->number > 0;
	finish(storing, known ? NULL : &storing->refused);
}

/*
 * A client that lost us before the answer sends its attempt again: the store refuses what it has, and the answer is
 * the one the client missed.
 */
static void stored(void *data, struct entry *entry, const struct error *err) {
	struct storing *storing = data;
	struct stream *stream = storing->job.stream;
	if (err && err->code == ERROR_NO && storing->job.session) {
		const struct store_query query = {
			.by_id = true, .id = storing->attempt->event, .attempts = true};
		storing->refused = *err;
		store_read(stream->store, &query, compare, compared, storing);
		return;
	}
	if (!err && stream) {
		hub_publish(stream->hub, entry);
	}
	finish(storing, err);
}

static void store_it(struct upload *upload) {
	struct attempt_upload *told = (struct attempt_upload *)upload;
	struct session *session = upload->request.session;
	uint32_t id = upload->request.id;
	struct storing *storing = alloc_zero(1, sizeof *storing);
	storing->attempt = told->attempt;
	storing->content = upload->content;
	storing->entry = (struct entry){.kind = ENTRY_ATTEMPT,
		.endpoint = told->endpoint,
		.attempt = storing->attempt,
		.head = frame_content_part(&storing->content, FRAME_HEAD),
		.body = frame_content_part(&storing->content, FRAME_BODY)};
	struct waiting *waiting = session_stream(session)->waiting;
	if (waiting) { /* before it is durable: somebody waits for it */
		waiting_reply(waiting, storing->attempt, storing->entry.head, storing->entry.body);
	}
	told->attempt = NULL;
	upload->content = (struct frame_content){0};
	session_drop(session, &upload->request);
	size_t bytes = storing->entry.head.len + storing->entry.body.len;
	job_begin(&storing->job, session, id, bytes);
	store_append(session_stream(session)->store, &storing->entry, stored, storing);
}

static bool read_attempt(struct attempt_upload *upload, const struct stream *stream,
	const struct cJSON *object, struct error *err) {
	const struct cJSON *member = cJSON_GetObjectItemCaseSensitive(object, "attempt");
	struct buffer bytes = {0};
	struct attempt attempt;
	if (!cJSON_IsObject(member)) {
		return error_set(err, ERROR_USAGE, "expected an object at .attempt");
	}
	if (!attempt_from_json(&attempt, member, &bytes, err)) {
		buffer_clear(&bytes);
		return false;
	}
	attempt.seq = attempt.event_seq = attempt.number = 0;
	upload->attempt = attempt_copy(&attempt);
	buffer_clear(&bytes);
	const struct endpoint *endpoint = endpoints_find(stream->endpoints, upload->attempt->endpoint);
	if (!endpoint) {
		return error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"",
			(int)upload->attempt->endpoint.len, upload->attempt->endpoint.data);
	}
	upload->endpoint = endpoint_id(endpoint);
	return true;
}

bool attempt_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct stream *stream = session_stream(session);
	struct attempt_upload *told = alloc_zero(1, sizeof *told);
	told->upload.complete = store_it;
	told->upload.release = release;
	bool ok = read_attempt(told, stream, object, err);
	if (ok) {
		const struct attempt *attempt = told->attempt;
		const int64_t lens[FRAME_KINDS] = {attempt->answer_head_len, attempt->answer_body_len, 0};
		ok = upload_begin(&told->upload, session, id, lens, stream->attempt_bytes, err);
	}
	if (!ok) {
		upload_free(&told->upload);
	}
	return ok;
}
