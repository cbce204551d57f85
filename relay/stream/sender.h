/*
 * Puts messages of any length, and the bytes of an entry behind them, into a bundle: frames that stand one behind the
 * other and are written to the socket in one go.
 */
#pragma once

#include <libwebsockets.h>
#include <stdbool.h>

#include "common/buffer.h"
#include "relay/stream/item.h"

/* A bundle of so many bytes is written, then others get their turn. */
#define SENDER_ENOUGH 16384
/* No bundle is larger: what was nearly enough, and the largest frame. */
#define SENDER_MOST (2 << 16)

/* All zero is idle. */
struct sender {
	struct buffer rest; /* of a long text */
	size_t rest_at;
	struct item *content; /* whose bytes are being sent */
	uint32_t request;
	enum frame_kind kind;
	size_t offset;
};

/* Empties the bundle `out`. */
void sender_begin(struct buffer *out);
/* Bytes in the bundle. */
size_t sender_len(const struct buffer *out);
/* Writes the bundle. Bytes taken, -1 when the connection is broken. What the socket has no room for is kept for it. */
int sender_write(struct lws *wsi, struct buffer *out);

/* Where a text message begins in the bundle: append it, then call sender_end_text. */
size_t sender_begin_text(struct buffer *out);
/* The message, or the first part of it. */
void sender_end_text(struct sender *sender, struct buffer *out, size_t begin);
/* Takes the reference; its bytes follow the message that is ended next. */
void sender_set_content(struct sender *sender, uint32_t request, struct item *content);
bool sender_is_busy(const struct sender *sender);
/* Another part of what is under way. */
void sender_continue(struct sender *sender, struct buffer *out);
/* No more bytes for this request; a text that has begun is finished. */
void sender_forget(struct sender *sender, uint32_t request);
void sender_clear(struct sender *sender);
