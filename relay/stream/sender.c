#include "relay/stream/sender.h"

#include "common/frame.h"
#include "common/websocket.h"

/* Bytes of an entry in one frame. */
#define CHUNK (WEBSOCKET_FRAME - FRAME_HEADER_LEN)

void sender_begin(struct buffer *out) {
	if (out->capacity > 2 * SENDER_MOST) {
		buffer_clear(out);
	}
	buffer_reset(out);
	buffer_reserve(out, LWS_PRE);
	out->len = LWS_PRE;
}

size_t sender_len(const struct buffer *out) {
	return out->len - LWS_PRE;
}

int sender_write(struct lws *wsi, struct buffer *out) {
	size_t len = sender_len(out);
	/* of its kinds of writing this is the one that takes frames as they are */
	int written = lws_write(wsi, (unsigned char *)out->data + LWS_PRE, len, LWS_WRITE_HTTP);
	return written < (int)len ? -1 : written;
}

size_t sender_begin_text(struct buffer *out) {
	return websocket_begin(out, false);
}

static void end_frame(struct buffer *out, size_t begin, enum websocket_opcode opcode, bool more) {
	const struct websocket_frame frame = {.opcode = opcode, .more = more};
	websocket_end(out, begin, &frame);
}

void sender_end_text(struct sender *sender, struct buffer *out, size_t begin) {
	size_t most = begin + WEBSOCKET_ROOM + WEBSOCKET_FRAME;
	bool more = out->len > most;
	if (more) {
		buffer_append(&sender->rest, out->data + most, out->len - most);
		sender->rest_at = 0;
		out->len = most;
	}
	end_frame(out, begin, WEBSOCKET_TEXT, more);
}

static void continue_text(struct sender *sender, struct buffer *out) {
	size_t left = sender->rest.len - sender->rest_at;
	size_t len = left < WEBSOCKET_FRAME ? left : WEBSOCKET_FRAME;
	size_t begin = websocket_begin(out, false);
	buffer_append(out, sender->rest.data + sender->rest_at, len);
	sender->rest_at += len;
	end_frame(out, begin, WEBSOCKET_CONTINUATION, len < left);
	if (len == left) {
		buffer_clear(&sender->rest);
	}
}

/* Moves on to a kind that has bytes left; without one the item is let go. */
static void find_bytes(struct sender *sender) {
	while (
		sender->content && sender->offset >= sender->content->part_len[(size_t)sender->kind - 1]) {
		sender->offset = 0;
		if (sender->kind == FRAME_TRAILERS) {
			item_unref(sender->content);
			sender->content = NULL;
		} else {
			sender->kind++;
		}
	}
}

static void continue_content(struct sender *sender, struct buffer *out) {
	struct span left = span_after(item_part(sender->content, sender->kind), sender->offset);
	size_t len = left.len < CHUNK ? left.len : CHUNK;
	struct frame_header header = {sender->kind, len == left.len, sender->request};
	char bytes[FRAME_HEADER_LEN];
	frame_header_write(bytes, &header);
	size_t begin = websocket_begin(out, false);
	buffer_append(out, bytes, sizeof bytes);
	buffer_append(out, left.data, len);
	end_frame(out, begin, WEBSOCKET_BINARY, false);
	sender->offset += len;
	find_bytes(sender);
}

void sender_set_content(struct sender *sender, uint32_t request, struct item *content) {
	sender->content = content;
	sender->request = request;
	sender->kind = FRAME_HEAD;
	sender->offset = 0;
	find_bytes(sender);
}

bool sender_is_busy(const struct sender *sender) {
	return sender->rest.len > 0 || sender->content;
}

void sender_continue(struct sender *sender, struct buffer *out) {
	if (sender->rest.len > 0) {
		continue_text(sender, out);
	} else {
		continue_content(sender, out);
	}
}

void sender_forget(struct sender *sender, uint32_t request) {
	if (sender->content && sender->request == request) {
		item_unref(sender->content);
		sender->content = NULL;
	}
}

void sender_clear(struct sender *sender) {
	item_unref(sender->content);
	buffer_clear(&sender->rest);
	*sender = (struct sender){0};
}
