/* Writes one message of any length to a socket, at most 64 KiB at a time, and the bytes of an entry behind it. */
#pragma once

#include <libwebsockets.h>
#include <stdbool.h>

#include "common/buffer.h"
#include "relay/stream/item.h"

/* Written in one go, then others get their turn. */
#define SENDER_ENOUGH 16384

/* All zero is idle. */
struct sender {
	struct buffer rest; /* of a long text */
	size_t rest_at;
	struct item *content; /* whose bytes are being sent */
	uint32_t request;
	enum frame_kind kind;
	size_t offset;
};

/* Empties `out` and leaves the room libwebsockets needs in front of a message; append the message then. */
void sender_begin(struct buffer *out);
/* The message in `out`, or the first part of it. Bytes written, -1 when the connection is broken. */
int sender_text(struct sender *sender, struct lws *wsi, struct buffer *out);
/* Takes the reference; its bytes follow the message that is given next to sender_text. */
void sender_set_content(struct sender *sender, uint32_t request, struct item *content);
bool sender_is_busy(const struct sender *sender);
/* Another part of what is under way. `out` is overwritten. */
int sender_continue(struct sender *sender, struct lws *wsi, struct buffer *out);
/* No more bytes for this request; a text that has begun is finished. */
void sender_forget(struct sender *sender, uint32_t request);
void sender_clear(struct sender *sender);
