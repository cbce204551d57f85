/*
 * Reads HTTP/1.1 requests from a stream of bytes, strictly: whatever leaves a doubt about where a request ends is
 * refused, never guessed. Pure: bytes in, messages and refusals out; no socket, no clock. Linear in the bytes fed.
 * The outcome never depends on how the bytes were cut into segments.
 *
 * The rules are those of RFC 9112 with every leniency off:
 *   - lines end in CR LF; a bare CR or LF is refused; one empty line before a request is skipped
 *   - request line: token SP target SP HTTP/1.0 or HTTP/1.1; another major or minor version is 505
 *   - target: no control byte, no blank, no DEL; bytes from 0x80 up and any '%' stay as sent
 *   - CONNECT and TRACE are 405 (a tunnel and an echo have no place here)
 *   - header: token directly followed by ':'; value of tab, 0x20-0x7e, 0x80-0xff; no folding; one Host in 1.1, valid
 *   - Content-Length: once, digits only; with Transfer-Encoding it is refused
 *   - Transfer-Encoding: exactly "chunked", once, only in 1.1; another coding is 501
 *   - chunk sizes: hexadecimal digits only; extensions are skipped, bounded and free of control bytes
 *   - trailers follow the rules of headers; Content-Length and Transfer-Encoding among them are refused
 *   - Expect: 100-continue only, else 417
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/http_lines.h"
#include "common/message.h"

/* Every limit is a setting of the relay; defaults in http_limits_default. */
struct http_limits {
	size_t head_bytes;    /* request line and headers, beyond: 431 (default 65536) */
	size_t header_lines;  /* beyond: 431 (default 256) */
	size_t target_bytes;  /* beyond: 414 (default 8192) */
	size_t body_bytes;    /* without the transfer coding, beyond: 413 (default 10485760) */
	size_t trailer_bytes; /* beyond: 431 (default 8192) */
	size_t
		chunk_overhead; /* bytes of chunk framing beyond the body that are put up with: 64 KiB plus as much as the
	                          body itself; beyond: 413 (this is the 64 KiB) */
};

struct http_limits http_limits_default(void);

/* What http_reader_feed stopped at. */
enum http_event {
	HTTP_MORE, /* all bytes are used up, the request is not complete */
	HTTP_HEAD, /* the head is complete and fine; `message` has everything but body and trailers. Feed on. */
	HTTP_MESSAGE, /* the request is complete: `message` is valid until the next feed or clear */
	HTTP_REFUSED, /* the request is refused: `status` and `reason` say how; nothing more is taken. `message` has the
	                 head when it was complete, else it is empty. */
};

/* Treat as opaque but for the public part. */
struct http_reader {
	/* public, read-only */
	struct message message;
	int status; /* after HTTP_REFUSED: the answer it deserves (400, 405, 408 is not ours, 413, ...) */
	const char
		*reason; /* after HTTP_REFUSED: one sentence for the log and the refusal record; static */
	bool keep_alive; /* after HTTP_HEAD: what version and Connection ask for */
	bool
		expects_continue; /* after HTTP_HEAD: 100 should be sent if the body has not begun to arrive */
	bool started; /* a byte of the current request has arrived (an empty line before it is none) */

	/* private */
	struct http_limits limits;
	/* apart, so that spans into the head stay where they are while the body grows */
	struct buffer head, body, trailers;
	struct http_lines lines; /* place in the head or the trailers */
	size_t remaining;        /* bytes left of the body or of the current chunk */
	size_t overhead;         /* bytes of chunk framing so far */
	int state;
	bool empty_line_seen;
};

void http_reader_init(struct http_reader *reader, const struct http_limits *limits);

/* Frees everything; a cleared reader may be initialised again. */
void http_reader_clear(struct http_reader *reader);

/*
 * Takes bytes until something is worth saying; `*used` says how many were taken. Call again with the rest. After
 * HTTP_MESSAGE the next call begins a new request and invalidates the message. `len` 0 is allowed (it continues
 * after HTTP_HEAD of a request without body; after HTTP_MESSAGE it gives the memory of a large request back).
 */
enum http_event http_reader_feed(
	struct http_reader *reader, const char *data, size_t len, size_t *used);

/* Nothing of a request has arrived: the sender may hang up here without having been cut off. */
bool http_reader_is_idle(const struct http_reader *reader);
