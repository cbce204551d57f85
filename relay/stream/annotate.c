/* `annotate`: marks an event or writes a note to it, and tells all who follow. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <time.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/moment.h"
#include "relay/stream/answered.h"
#include "relay/stream/hub.h"
#include "relay/stream/job.h"
#include "relay/stream/request.h"

/* Those who follow are told even when the client that asked for it is gone. */
static void written(void *data, const struct annotated *told, const struct error *err) {
	struct job *job = data;
	struct buffer out = {0};
	if (!err && job->stream) {
		hub_annotated(job->stream->hub, told);
	}
	if (job->session && err) {
		request_error(&out, job->request, err);
		session_reply(job->session, buffer_span(&out));
	} else if (job->session) {
		const struct endpoint *endpoint = endpoints_find_id(job->stream->endpoints, told->endpoint);
		request_message(&out, "answer", job->request);
		answered_append_annotated(&out, endpoint ? endpoint_name(endpoint) : span_text(""), told);
		buffer_append_byte(&out, '}');
		session_reply(job->session, buffer_span(&out));
	}
	buffer_clear(&out);
	job_end(job);
	free(job);
}

static bool read_event(struct annotation_change *change, const struct stream *stream,
	const struct cJSON *object, struct error *err) {
	struct span text;
	struct event_ref ref;
	if (!json_get_text(object, "ref", &text, err) || !event_ref_parse(&ref, text, err)) {
		return false;
	}
	change->by_id = ref.by_id;
	change->id = ref.id;
	change->seq = ref.seq;
	if (ref.by_id) {
		return true;
	}
	const struct endpoint *endpoint = endpoints_find(stream->endpoints, ref.endpoint);
	if (!endpoint) {
		return error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"", (int)ref.endpoint.len,
			ref.endpoint.data);
	}
	change->endpoint = endpoint_id(endpoint);
	return true;
}

static bool read_said(
	struct annotation_change *change, const struct cJSON *object, struct error *err) {
	const struct cJSON *marked = cJSON_GetObjectItemCaseSensitive(object, "marked");
	change->marked = cJSON_IsBool(marked) ? cJSON_IsTrue(marked) : -1;
	change->who = span_text("");
	if (!json_get_text_opt(object, "note", &change->note, err) ||
		!json_get_text_opt(object, "who", &change->who, err)) {
		return false;
	}
	if (change->note.len > ANNOTATION_NOTE_MAX || change->who.len > ANNOTATION_WHO_MAX) {
		return error_set(err, ERROR_USAGE, "a note has at most %d bytes, and .who %d",
			ANNOTATION_NOTE_MAX, ANNOTATION_WHO_MAX);
	}
	return change->marked >= 0 || change->note.data ||
	       error_set(err, ERROR_USAGE, "expected .marked, .note or both");
}

bool annotate_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct stream *stream = session_stream(session);
	struct annotation_change change = {0};
	struct timespec now;
	if (!read_event(&change, stream, object, err) || !read_said(&change, object, err)) {
		return false;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	change.at_ns = now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec;
	struct job *job = alloc_zero(1, sizeof *job);
	job_begin(job, session, id, change.note.len);
	store_annotate(stream->store, &change, written, job);
	return true;
}
