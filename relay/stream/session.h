/*
 * One connected client: what it sends is put together, bounded and answered; what it asked for is written when it can
 * take it, a bundle at a time. There is no queue: a request gives its next message when there is room for one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/frame.h"
#include "relay/stream/stream_parts.h"

struct request;
struct request_kind;

/* Counts in the stream, and greets. */
struct session *session_new(struct stream *stream, struct lws *wsi);
/* Ends its requests; the connection is the caller's. */
void session_free(struct session *session);

/* It answered a ping; NULL is allowed. */
void session_heard(struct session *session);
/* Takes a piece of a message. 0, or the code to close with. */
int session_receive(struct session *session, struct frame_piece *piece);
/* The socket takes something. False: hang up. */
bool session_writable(struct session *session);
/* The connection is being closed: nothing of ours is written any more. */
void session_ends(struct session *session);
/* The end of a turn of the loop: whoever has something to give gives it. */
void session_write_due(struct stream *stream);
/* Says goodbye, then hangs up. */
void session_say_bye(struct session *session);
/* Whether it has taken nothing of what waits since `before_us` (lws_now_usecs). */
bool session_is_stalled(const struct session *session, int64_t before_us);
/* Ends the connection from outside its callbacks. */
void session_cut(struct session *session);
struct session *session_next(const struct session *session);
struct lws *session_socket(const struct session *session);

/* Whether it may only look: by its token, or because it said so. There is no way back. */
bool session_is_readonly(const struct session *session);
void session_make_readonly(struct session *session);

/* For requests. */
struct stream *session_stream(const struct session *session);
/* A request has something to give. */
void session_want(struct session *session);
/* Sends a whole message; copied. For short answers only: a client that does not take them is no longer read. */
void session_reply(struct session *session, struct span message);
/* Takes over a new request. */
void session_add(
	struct session *session, struct request *request, const struct request_kind *kind, uint32_t id);
/* The request whose bytes come now; NULL: none. */
void session_set_upload(struct session *session, struct request *request);
/* Bytes of an upload are missing and another begins: it is refused and dropped. */
void session_abandon_upload(struct session *session);
/* Ends a request whose answer comes from elsewhere. */
void session_drop(struct session *session, struct request *request);
void session_cancel(struct session *session, uint32_t id);
bool session_has_request(const struct session *session, uint32_t id);
/* An open one; NULL: there is none. */
struct request *session_request(const struct session *session, uint32_t id);
size_t session_open_requests(const struct session *session);

/* For jobs: see relay/stream/job.h. */
void session_job_begins(struct session *session, size_t bytes);
void session_job_ends(struct session *session, size_t bytes);
