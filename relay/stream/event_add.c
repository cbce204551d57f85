/*
 * `event.add`: an event that was not received but made by a client: an edited copy of another one, or a sample it sent. Judged and
 * stored like any other, and told apart from them by its origin.
 */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/json.h"
#include "relay/stream/job.h"
#include "relay/stream/upload.h"

/* Longest name of whoever made it. */
#define WHO_LEN 160

struct made {
	struct uuid id, parent;
	enum origin origin;
	int64_t path_offset;
	struct endpoint *endpoint; /* stays valid, see relay/endpoints.h */
	char who[WHO_LEN];
};

struct event_upload {
	struct upload upload;
	struct made made;
};

/* What is left when it is complete: goes on when the client is gone. */
struct storing {
	struct job job;
	struct made made;
	struct frame_content content;
	struct message message;
	struct description description;
	struct event event;
	struct entry entry;
	struct error refused;
};

/* The client has its answer. */
static void finish(struct storing *storing, const struct event *event, const struct error *err) {
	struct job *job = &storing->job;
	struct buffer out = {0};
	if (job->session && err) {
		request_error(&out, job->request, err);
	} else if (job->session) {
		request_message(&out, "stored", job->request);
		json_member_int(&out, "seq", event->seq);
		json_member_name(&out, "event");
		event_append_json(&out, event);
		buffer_append_byte(&out, '}');
	}
	if (job->session) {
		session_reply(job->session, buffer_span(&out));
	}
	buffer_clear(&out);
	job_end(job);
	description_clear(&storing->description);
	message_clear(&storing->message);
	frame_content_clear(&storing->content);
	free(storing);
}

/* Is it this one that is stored already? */
static bool compare(void *data, const struct entry *entry) {
	struct storing *storing = data;
	const struct event *known = entry->event;
	if (known->origin == storing->event.origin && entry->endpoint == storing->entry.endpoint) {
		storing->event.seq = known->seq;
		storing->event.position = known->position;
		storing->event.parent_seq = known->parent_seq;
		storing->event.received_at_ns = known->received_at_ns;
		storing->event.attempts = known->attempts;
		storing->event.last_status = known->last_status;
	}
	return false;
}

static void compared(void *data, const struct error *err) {
	struct storing *storing = data;
	bool known = !err && storing->event.seq > 0;
	finish(storing, &storing->event, known ? NULL : &storing->refused);
}

/* A client that lost us before the answer sends its event again, and gets the answer it missed. */
static void stored(void *data, struct entry *entry, const struct error *err) {
	struct storing *storing = data;
	struct stream *stream = storing->job.stream;
	if (err && err->code == ERROR_NO && storing->job.session) {
		const struct store_query query = {
			.by_id = true, .id = storing->event.id, .events = true, .limit = 1};
		storing->refused = *err;
		store_read(stream->store, &query, compare, compared, storing);
		return;
	}
	if (!err && stream) {
		hub_publish(stream->hub, entry);
	}
	finish(storing, &storing->event, err);
}

/* Judged as if it had been received just now. */
static void describe(struct storing *storing) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t now_ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
	const struct made *made = &storing->made;
	const struct message *message = &storing->message;
	struct description *description = &storing->description;
	endpoint_describe(made->endpoint, message, now_ns / 1000000, description);
	storing->event = (struct event){
		.id = made->id,
		.endpoint = endpoint_name(made->endpoint),
		.received_at_ns = now_ns,
		.peer = span_text(made->who),
		.method = message->method,
		.target = message->target,
		.path_offset = made->path_offset <= (int64_t)message->target.len ? made->path_offset : 0,
		.head_len = (int64_t)message->head.len,
		.body_len = (int64_t)message->body.len,
		.origin = made->origin,
		.parent = made->parent,
		.provider = span_text(description->provider ? description->provider->name : ""),
		.type = buffer_span(&description->type),
		.provider_id = buffer_span(&description->id),
		.verdict = description->judgement.verdict,
		.reason = span_text(description->judgement.reason),
		.secret = span_text(description->judgement.secret),
		.recipe = span_text(description->recipe),
	};
	storing->entry = (struct entry){
		.kind = ENTRY_EVENT,
		.endpoint = endpoint_id(made->endpoint),
		.event = &storing->event,
		.head = message->head,
		.body = message->body,
	};
}

static void complete(struct upload *upload) {
	struct session *session = upload->request.session;
	struct storing *storing = alloc_zero(1, sizeof *storing);
	uint32_t id = upload->request.id;
	struct error err = {0};
	storing->made = ((struct event_upload *)upload)->made;
	storing->content = upload->content;
	upload->content = (struct frame_content){0};
	session_drop(session, &upload->request);
	struct span head = frame_content_part(&storing->content, FRAME_HEAD);
	struct span body = frame_content_part(&storing->content, FRAME_BODY);
	job_begin(&storing->job, session, id, head.len + body.len);
	if (!message_parse(&storing->message, head, body, &err)) {
		err.code = ERROR_USAGE;
		finish(storing, NULL, &err);
		return;
	}
	describe(storing);
	store_append(session_stream(session)->store, &storing->entry, stored, storing);
}

static bool read_ids(struct made *made, const struct cJSON *object, struct error *err) {
	struct span id, parent = {0};
	if (!json_get_text(object, "id", &id, err) ||
		!json_get_text_opt(object, "parent", &parent, err)) {
		return false;
	}
	return (uuid_parse(&made->id, id) && (parent.len == 0 || uuid_parse(&made->parent, parent))) ||
	       error_set(err, ERROR_USAGE, "expected UUIDs at .id and .parent");
}

static bool read_origin(struct made *made, const struct cJSON *object, struct error *err) {
	struct span origin, who = {"", 0};
	if (!json_get_text(object, "origin", &origin, err) ||
		!json_get_text_opt(object, "who", &who, err)) {
		return false;
	}
	int known = origin_from_name(origin);
	if (known <= ORIGIN_RECEIVED) {
		return error_set(err, ERROR_USAGE, "expected edited or sent at .origin");
	}
	made->origin = (enum origin)known;
	if (who.len >= sizeof made->who) {
		return error_set(err, ERROR_USAGE, "expected a shorter text at .who");
	}
	snprintf(made->who, sizeof made->who, "%.*s", (int)who.len, who.data);
	return true;
}

static bool read_made(struct made *made, const struct stream *stream, const struct cJSON *event,
	int64_t lens[FRAME_KINDS], struct error *err) {
	struct span endpoint;
	if (!cJSON_IsObject(event)) {
		return error_set(err, ERROR_USAGE, "expected an object at .event");
	}
	if (!read_ids(made, event, err) || !read_origin(made, event, err) ||
		!json_get_text(event, "endpoint", &endpoint, err) ||
		!json_get_int_opt(event, "path_offset", &made->path_offset, err) ||
		!json_get_int(event, "head_len", &lens[FRAME_HEAD - 1], err) ||
		!json_get_int(event, "body_len", &lens[FRAME_BODY - 1], err)) {
		return false;
	}
	if (made->path_offset < 0) {
		return error_set(err, ERROR_USAGE, "expected a place in the target at .path_offset");
	}
	made->endpoint = endpoints_find(stream->endpoints, endpoint);
	return made->endpoint || error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"",
								 (int)endpoint.len, endpoint.data);
}

bool event_add_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct stream *stream = session_stream(session);
	const struct cJSON *event = cJSON_GetObjectItemCaseSensitive(object, "event");
	struct event_upload *told = alloc_zero(1, sizeof *told);
	int64_t lens[FRAME_KINDS] = {0};
	told->upload.complete = complete;
	if (!read_made(&told->made, stream, event, lens, err) ||
		!upload_begin(&told->upload, session, id, lens, stream->event_bytes, err)) {
		upload_free(&told->upload);
		return false;
	}
	return true;
}
