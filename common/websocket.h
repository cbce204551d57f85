/*
 * Frames of RFC 6455 as bytes, many in one run, so that one write carries them all: libwebsockets writes each by itself.
 * What comes in is read by libwebsockets. No sockets.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"

/* Longest payload of a frame made here: its length fits 16 bits. Messages that are longer come in fragments. */
#define WEBSOCKET_FRAME 65535
#define WEBSOCKET_MASK_LEN 4
/* Room websocket_begin leaves for a header; a mask takes its length more. */
#define WEBSOCKET_ROOM 4

enum websocket_opcode { WEBSOCKET_CONTINUATION = 0, WEBSOCKET_TEXT = 1, WEBSOCKET_BINARY = 2 };

struct websocket_frame {
	enum websocket_opcode opcode;
	bool more;        /* another fragment of the message follows */
	const char *mask; /* WEBSOCKET_MASK_LEN random bytes, from a client; NULL from a server */
};

/* Leaves room for a header in `out` and returns where; append the payload, then call websocket_end. */
size_t websocket_begin(struct buffer *out, bool masked);
/* Makes a frame of what was appended since; at most WEBSOCKET_FRAME bytes. A mask as announced. */
void websocket_end(struct buffer *out, size_t begin, const struct websocket_frame *frame);
