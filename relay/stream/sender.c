#include "relay/stream/sender.h"

#include "common/frame.h"

void sender_begin(struct buffer *out) {
	if (out->capacity > 4 * FRAME_CHUNK) {
		buffer_clear(out);
	}
	buffer_reset(out);
	buffer_reserve(out, LWS_PRE);
	out->len = LWS_PRE;
}

static int put(struct lws *wsi, struct buffer *out, size_t len, int how) {
	int written =
		lws_write(wsi, (unsigned char *)out->data + LWS_PRE, len, (enum lws_write_protocol)how);
	return written < (int)len ? -1 : written;
}

int sender_text(struct sender *sender, struct lws *wsi, struct buffer *out) {
	size_t len = out->len - LWS_PRE;
	if (len <= FRAME_CHUNK) {
		return put(wsi, out, len, LWS_WRITE_TEXT);
	}
	buffer_append(&sender->rest, out->data + LWS_PRE + FRAME_CHUNK, len - FRAME_CHUNK);
	sender->rest_at = 0;
	return put(wsi, out, FRAME_CHUNK, LWS_WRITE_TEXT | LWS_WRITE_NO_FIN);
}

static int continue_text(struct sender *sender, struct lws *wsi, struct buffer *out) {
	size_t left = sender->rest.len - sender->rest_at;
	size_t len = left < FRAME_CHUNK ? left : FRAME_CHUNK;
	buffer_append(out, sender->rest.data + sender->rest_at, len);
	sender->rest_at += len;
	if (len < left) {
		return put(wsi, out, len, LWS_WRITE_CONTINUATION | LWS_WRITE_NO_FIN);
	}
	buffer_clear(&sender->rest);
	return put(wsi, out, len, LWS_WRITE_CONTINUATION);
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

static int continue_content(struct sender *sender, struct lws *wsi, struct buffer *out) {
	struct span left = span_after(item_part(sender->content, sender->kind), sender->offset);
	size_t len = left.len < FRAME_CHUNK ? left.len : FRAME_CHUNK;
	struct frame_header header = {sender->kind, len == left.len, sender->request};
	char bytes[FRAME_HEADER_LEN];
	frame_header_write(bytes, &header);
	buffer_append(out, bytes, sizeof bytes);
	buffer_append(out, left.data, len);
	sender->offset += len;
	find_bytes(sender);
	return put(wsi, out, FRAME_HEADER_LEN + len, LWS_WRITE_BINARY);
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

int sender_continue(struct sender *sender, struct lws *wsi, struct buffer *out) {
	sender_begin(out);
	return sender->rest.len > 0 ? continue_text(sender, wsi, out)
	                            : continue_content(sender, wsi, out);
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
