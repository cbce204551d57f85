#include "common/websocket.h"

#include <stdint.h>
#include <string.h>

#define FIN 0x80
#define MASKED 0x80
#define SHORT_LEN 125
/* In the place of a length: it follows, in two bytes. */
#define LEN_FOLLOWS 126
#define HEADER_MOST (WEBSOCKET_ROOM + WEBSOCKET_MASK_LEN)

static size_t room_for_header(bool masked) {
	return masked ? HEADER_MOST : WEBSOCKET_ROOM;
}

size_t websocket_begin(struct buffer *out, bool masked) {
	size_t begin = out->len;
	buffer_reserve(out, HEADER_MOST);
	out->len += room_for_header(masked);
	return begin;
}

/* Eight bytes at a time. */
static void apply(char *bytes, size_t len, const char *mask) {
	uint64_t wide;
	memcpy(&wide, mask, WEBSOCKET_MASK_LEN);
	memcpy((char *)&wide + WEBSOCKET_MASK_LEN, mask, WEBSOCKET_MASK_LEN);
	size_t at = 0;
	for (; at + sizeof wide <= len; at += sizeof wide) {
		uint64_t piece;
		memcpy(&piece, bytes + at, sizeof piece);
		piece ^= wide;
		memcpy(bytes + at, &piece, sizeof piece);
	}
	for (; at < len; at++) {
		bytes[at] = (char)(bytes[at] ^ mask[at % WEBSOCKET_MASK_LEN]);
	}
}

void websocket_end(struct buffer *out, size_t begin, const struct websocket_frame *frame) {
	size_t room = room_for_header(frame->mask != NULL);
	size_t len = out->len - begin - room;
	char *payload = out->data + begin + room;
	char header[HEADER_MOST];
	size_t header_len = 2;
	header[0] = (char)((frame->more ? 0 : FIN) | (int)frame->opcode);
	header[1] = (char)(frame->mask ? MASKED : 0);
	if (len <= SHORT_LEN) {
		header[1] = (char)(header[1] | (int)len);
	} else {
		header[1] = (char)(header[1] | LEN_FOLLOWS);
		header[header_len++] = (char)(len >> 8);
		header[header_len++] = (char)(len & 0xff);
	}
	if (frame->mask) {
		memcpy(header + header_len, frame->mask, WEBSOCKET_MASK_LEN);
		header_len += WEBSOCKET_MASK_LEN;
		apply(payload, len, frame->mask);
	}
	char *at = out->data + begin;
	memcpy(at, header, header_len);
	if (header_len < room) { /* a short one */
		memmove(at + header_len, payload, len);
	}
	out->len = begin + header_len + len;
}
