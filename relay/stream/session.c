#include "relay/stream/session.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/text.h"
#include "relay/stream/handshake.h"
#include "relay/stream/job.h"
#include "relay/stream/request.h"
#include "relay/stream/sender.h"
#include "relay/stream/upload.h"

#define REPLIES_MOST 64          /* unread answers, beyond which the client is not read */
#define JOB_BYTES_MOST (8 << 20) /* bytes being stored, beyond which the client is not read */

struct reply {
	struct reply *next;
	size_t len;
	char bytes[];
};

struct session {
	struct stream *stream;
	struct lws *wsi;
	struct session *next, **link;
	struct session *next_due, **due_link; /* NULL link: not among those the turn writes to */
	struct frame_assembly in;
	bool in_message, in_fragment; /* a message, a fragment of it, has begun */
	struct request *requests, *turn;
	size_t request_count, job_count, job_bytes;
	struct request *upload;
	struct reply *replies, **last_reply;
	size_t reply_count;
	struct sender sender;
	bool wants, deaf, leaving, closed;
	bool readonly;      /* it may only look */
	bool over;          /* libwebsockets ends the connection: it alone writes now */
	int64_t heard_us;   /* when anything came last (lws_now_usecs) */
	int64_t waiting_us; /* since when it has been expected to take something */
};

bool session_is_readonly(const struct session *session) {
	return session->readonly;
}

void session_make_readonly(struct session *session) {
	session->readonly = true;
}

struct stream *session_stream(const struct session *session) {
	return session->stream;
}

struct session *session_next(const struct session *session) {
	return session->next;
}

struct lws *session_socket(const struct session *session) {
	return session->wsi;
}

static void become_due(struct session *session) {
	struct stream *stream = session->stream;
	session->next_due = stream->due;
	session->due_link = &stream->due;
	if (session->next_due) {
		session->next_due->due_link = &session->next_due;
	}
	stream->due = session;
	turn_want(stream->turn);
}

static void leave_due(struct session *session) {
	if (session->due_link) {
		*session->due_link = session->next_due;
		if (session->next_due) {
			session->next_due->due_link = session->due_link;
		}
		session->due_link = NULL;
	}
}

/*
 * What comes up in a turn of the loop is written at its end, at once: to ask the socket first costs more than to find out.
 * Whoever has had a turn asks.
 */
void session_want(struct session *session) {
	if (session->wants || session->over) {
		return;
	}
	session->wants = true;
	session->waiting_us = lws_now_usecs();
	if (session->stream->flushing) {
		lws_callback_on_writable(session->wsi);
	} else {
		become_due(session);
	}
}

/* Reading stops while the client does not take its answers, or sends faster than the disk. */
static void listen_or_not(struct session *session) {
	bool deaf = session->reply_count >= REPLIES_MOST || session->job_bytes > JOB_BYTES_MOST;
	if (deaf != session->deaf && !session->closed) {
		session->deaf = deaf;
		lws_rx_flow_control(session->wsi, !deaf);
	}
}

void session_reply(struct session *session, struct span message) {
	struct reply *reply = alloc_bytes(sizeof *reply + message.len);
	reply->next = NULL;
	reply->len = message.len;
	memcpy(reply->bytes, message.data, message.len);
	*session->last_reply = reply;
	session->last_reply = &reply->next;
	session->reply_count++;
	listen_or_not(session);
	session_want(session);
}

static void greet(struct session *session) {
	struct stream *stream = session->stream;
	struct buffer out = {0};
	buffer_append_text(&out, "{\"type\":\"welcome\"");
	json_member_text(&out, "protocol", span_text(FRAME_PROTOCOL));
	json_member_text(&out, "version", span_text(HOOKLINE_VERSION));
	json_member_text(&out, "store", span_text(store_id(stream->store)));
	json_member_text(&out, "ingest_url", span_text(stream->ingest_url));
	json_member_bool(&out, "ends_with_clients", stream->company.deserted != NULL);
	json_member_bool(&out, "stay", stream->company.stay);
	json_member_bool(&out, "readonly", session->readonly);
	json_member_name(&out, "heads");
	buffer_append_byte(&out, '{');
	for (size_t i = 0; i < endpoints_count(stream->endpoints); i++) {
		struct endpoint *endpoint = endpoints_at(stream->endpoints, i);
		buffer_append_text(&out, i ? ",\"" : "\"");
		buffer_append_span(&out, endpoint_name(endpoint));
		buffer_printf(&out, "\":%lld", (long long)endpoint_head(endpoint));
	}
	buffer_append_text(&out, "}}");
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
}

struct session *session_new(struct stream *stream, struct lws *wsi) {
	struct session *session = alloc_zero(1, sizeof *session);
	session->stream = stream;
	session->wsi = wsi;
	session->readonly = handshake_is_readonly(wsi);
	session->last_reply = &session->replies;
	session->next = stream->sessions;
	session->link = &stream->sessions;
	if (session->next) {
		session->next->link = &session->next;
	}
	stream->sessions = session;
	stream->state.sessions++;
	session_heard(session);
	company_joined(stream);
	greet(session);
	return session;
}

static void drop_reply(struct session *session) {
	struct reply *reply = session->replies;
	session->replies = reply->next;
	if (!session->replies) {
		session->last_reply = &session->replies;
	}
	session->reply_count--;
	free(reply);
}

void session_free(struct session *session) {
	if (!session) {
		return;
	}
	session->closed = session->wants = true; /* nothing is written any more */
	leave_due(session);
	while (session->requests) {
		session_drop(session, session->requests);
	}
	jobs_forget(session, 0);
	while (session->replies) {
		drop_reply(session);
	}
	sender_clear(&session->sender);
	frame_assembly_clear(&session->in);
	*session->link = session->next;
	if (session->next) {
		session->next->link = session->link;
	}
	session->stream->state.sessions--;
	company_left(session->stream, lws_now_usecs() - session->heard_us);
	free(session);
}

void session_add(struct session *session, struct request *request, const struct request_kind *kind,
	uint32_t id) {
	request->kind = kind;
	request->session = session;
	request->id = id;
	request->next = session->requests;
	session->requests = request;
	session->request_count++;
	session_want(session);
}

void session_set_upload(struct session *session, struct request *request) {
	session->upload = request;
}

void session_drop(struct session *session, struct request *request) {
	struct request **at = &session->requests;
	while (*at != request) {
		at = &(*at)->next;
	}
	*at = request->next;
	session->request_count--;
	if (session->turn == request) {
		session->turn = request->next;
	}
	if (session->upload == request) {
		session->upload = NULL;
	}
	request->kind->free(request);
}

void session_abandon_upload(struct session *session) {
	struct request *upload = session->upload;
	if (!upload) {
		return;
	}
	struct error err = {0};
	struct buffer out = {0};
	error_set(
		&err, ERROR_USAGE, "the bytes of this request did not come before those of the next one");
	request_error(&out, upload->id, &err);
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
	session_drop(session, upload);
}

static struct request *find(const struct session *session, uint32_t id) {
	struct request *request = session->requests;
	while (request && request->id != id) {
		request = request->next;
	}
	return request;
}

void session_cancel(struct session *session, uint32_t id) {
	struct request *request = find(session, id);
	if (request) {
		sender_forget(&session->sender, id);
		session_drop(session, request);
	} else {
		jobs_forget(session, id);
	}
}

bool session_has_request(const struct session *session, uint32_t id) {
	return find(session, id) != NULL;
}

struct request *session_request(const struct session *session, uint32_t id) {
	return find(session, id);
}

size_t session_open_requests(const struct session *session) {
	return session->request_count + session->job_count;
}

void session_job_begins(struct session *session, size_t bytes) {
	session->job_count++;
	session->job_bytes += bytes;
	listen_or_not(session);
}

void session_job_ends(struct session *session, size_t bytes) {
	session->job_count--;
	session->job_bytes -= bytes;
	listen_or_not(session);
}

static void take_bytes(struct session *session, struct span message) {
	struct frame_header header;
	struct span payload;
	struct error err = {0};
	if (!frame_header_read(&header, &payload, message, &err)) {
		struct buffer out = {0};
		request_error(&out, 0, &err);
		session_reply(session, buffer_span(&out));
		buffer_clear(&out);
	} else if (session->upload && session->upload->id == header.request) {
		upload_bytes(session->upload, &header, payload);
	} /* else: of an upload that was refused or cancelled meanwhile */
}

void session_heard(struct session *session) {
	if (session) {
		session->heard_us = lws_now_usecs();
	}
}

int session_receive(struct session *session, struct frame_piece *piece) {
	session_heard(session);
	piece->first = !session->in_message;
	piece->fragment_begin = !session->in_fragment;
	session->in_message = true;
	session->in_fragment = piece->remaining > 0;
	switch (frame_assembly_add(&session->in, piece)) {
	case FRAME_MORE:
		return 0;
	case FRAME_TOO_LARGE:
		return LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE;
	case FRAME_WHOLE:
		break;
	}
	session->in_message = false;
	if (session->in.binary) {
		take_bytes(session, buffer_span(&session->in.bytes));
	} else if (!text_is_utf8(buffer_span(&session->in.bytes))) {
		return LWS_CLOSE_STATUS_INVALID_PAYLOAD;
	} else {
		request_dispatch(session, buffer_span(&session->in.bytes));
	}
	frame_assembly_next(&session->in);
	return 0;
}

/* The next message of a request, each in its turn. */
static bool give(struct session *session, struct buffer *out) {
	for (size_t i = 0; i < session->request_count; i++) {
		struct request *request = session->turn ? session->turn : session->requests;
		struct item *content = NULL;
		session->turn = request->next;
		enum given given = request->kind->give(request, out, &content);
		if (content) {
			sender_set_content(&session->sender, request->id, content);
		}
		if (given == GIVEN_LAST) {
			session_drop(session, request);
		}
		if (given != GIVEN_NOTHING) {
			return true;
		}
	}
	return false;
}

/* What is to be written next, into `out`; false when there is nothing. */
static bool next_message(struct session *session, struct buffer *out) {
	if (session->replies) {
		buffer_append(out, session->replies->bytes, session->replies->len);
		drop_reply(session);
		listen_or_not(session);
		return true;
	}
	return !session->leaving && give(session, out);
}

/* False: there is nothing. */
static bool put_next(struct session *session, struct buffer *out) {
	if (sender_is_busy(&session->sender)) {
		sender_continue(&session->sender, out);
		return true;
	}
	size_t begin = sender_begin_text(out);
	if (!next_message(session, out)) {
		out->len = begin;
		return false;
	}
	sender_end_text(&session->sender, out, begin);
	return true;
}

/* Puts a bundle together and writes it. False: the connection is broken. */
static bool write_bundle(struct session *session) {
	struct buffer *out = &session->stream->out;
	bool more = true;
	session->wants = false;
	sender_begin(out);
	while (more && sender_len(out) < SENDER_ENOUGH) {
		more = put_next(session, out);
	}
	if (sender_len(out) > 0) {
		int written = sender_write(session->wsi, out);
		if (written < 0) {
			return false;
		}
		session->stream->state.sent += written;
	}
	if (more || lws_partial_buffered(session->wsi)) {
		session->wants = true;
		session->waiting_us = lws_now_usecs();
		lws_callback_on_writable(session->wsi);
	}
	return true;
}

bool session_writable(struct session *session) {
	leave_due(session);
	session->over = session->over || !write_bundle(session);
	if (!session->over && session->leaving && !session->wants) {
		lws_close_reason(session->wsi, LWS_CLOSE_STATUS_GOINGAWAY, NULL, 0);
		session->over = true;
	}
	return !session->over;
}

void session_write_due(struct stream *stream) {
	stream->flushing = true;
	while (stream->due) {
		struct session *session = stream->due;
		leave_due(session);
		if (session->over || lws_partial_buffered(session->wsi)) {
			continue; /* the socket says when */
		}
		if (session->leaving) {
			lws_callback_on_writable(session->wsi);
		} else if (!write_bundle(session)) {
			session_cut(session);
		}
	}
	stream->flushing = false;
}

void session_say_bye(struct session *session) {
	static const char bye[] = "{\"type\":\"bye\",\"text\":\"hookline-relay is stopping\"}";
	session->leaving = true;
	session_reply(session, (struct span){bye, sizeof bye - 1});
}

bool session_is_stalled(const struct session *session, int64_t before_us) {
	return session->wants && session->waiting_us < before_us;
}

void session_ends(struct session *session) {
	session->over = true;
}

void session_cut(struct session *session) {
	session->over = true;
	lws_set_timeout(session->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}
