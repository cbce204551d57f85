/*
 * The frames of hookline.v1 (docs/protocol.md) as bytes: what relay and client must agree on. No sockets.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

#define FRAME_PROTOCOL "hookline.v1"
#define FRAME_HEADER_LEN 8
#define FRAME_CHUNK 65536        /* most bytes behind a binary header */
#define FRAME_MESSAGE (1 << 20)  /* longest message, either way */
#define FRAME_FRAGMENTS 64       /* most fragments of a message */
#define FRAME_REQUESTS 64        /* most open requests of a client */
#define FRAME_LEASES 1000        /* most leases in an answer to `leases` */
#define FRAME_SILENCE_S 30       /* a side that hears nothing for so long hangs up */
#define FRAME_HEAD_MAX (1 << 20) /* longest head or trailers that are taken */

/* Which bytes of an entry. */
enum frame_kind { FRAME_HEAD = 1, FRAME_BODY = 2, FRAME_TRAILERS = 3 };
#define FRAME_KINDS 3

/* The 8 bytes in front of every binary message. */
struct frame_header {
	enum frame_kind kind;
	bool last; /* the last piece of its kind */
	uint32_t request;
};

void frame_header_write(char out[FRAME_HEADER_LEN], const struct frame_header *header);
/* Splits a binary message; `payload` points into it. ERROR_USAGE for one that is no frame of ours. */
bool frame_header_read(
	struct frame_header *header, struct span *payload, struct span message, struct error *err);

/* Puts a message together from the pieces and fragments a socket gives. All zero is ready for the first. */
struct frame_assembly {
	struct buffer bytes; /* the message, after FRAME_WHOLE */
	size_t fragments;
	bool binary;
};

enum frame_progress {
	FRAME_MORE,      /* not complete yet */
	FRAME_WHOLE,     /* `bytes` is the message; call frame_assembly_next before the next piece */
	FRAME_TOO_LARGE, /* beyond FRAME_MESSAGE bytes or FRAME_FRAGMENTS fragments */
};

/* One piece, with what the websocket layer knows of it. */
struct frame_piece {
	struct span bytes;
	size_t
		remaining; /* of the current fragment, still to come: looked at before any of it is kept */
	bool first;    /* of the message */
	bool final_fragment; /* no fragment follows this one */
	bool fragment_begin; /* the first piece of a fragment */
	bool binary;
};

enum frame_progress frame_assembly_add(
	struct frame_assembly *assembly, const struct frame_piece *piece);
/* Forgets the message. A large buffer is given back. */
void frame_assembly_next(struct frame_assembly *assembly);
void frame_assembly_clear(struct frame_assembly *assembly);

/* The bytes of one entry, collected from binary messages. All zero expects nothing. */
struct frame_content {
	bool open; /* bytes are missing */
	uint32_t request;
	int64_t expected[FRAME_KINDS]; /* by kind - 1 */
	struct buffer parts[FRAME_KINDS];
};

/*
 * Expects the bytes an entry's JSON frame announced. ERROR_USAGE for lengths that are negative or beyond `most`. When
 * all are zero it is complete at once (`open` false). Memory grows with what arrives, not with what was announced.
 */
bool frame_content_begin(struct frame_content *content, uint32_t request,
	const int64_t lens[FRAME_KINDS], int64_t most, struct error *err);
/* Takes a piece. ERROR_USAGE for one out of order or too long; the content is then forgotten. */
bool frame_content_add(struct frame_content *content, const struct frame_header *header,
	struct span payload, struct error *err);
/* What was collected; data is never NULL. */
struct span frame_content_part(const struct frame_content *content, enum frame_kind kind);
void frame_content_clear(struct frame_content *content);

/* "usage", "no", ...: error codes as they travel, and back (unknown ones are ERROR_REFUSED). */
const char *frame_error_name(enum error_code code);
enum error_code frame_error_code(struct span name);
