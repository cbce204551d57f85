/*
 * A request whose bytes follow it in binary messages: collects them, then hands itself on. A client has one at a time; the next one
 * ends one whose bytes are missing.
 */
#pragma once

#include <stdint.h>

#include "relay/stream/request.h"

/* The first member of every upload. */
struct upload {
	struct request request;
	struct frame_content content;
	/* All bytes are there: takes what it wants of the upload and drops the request. */
	void (*complete)(struct upload *upload);
	/* Frees what is behind this member, and the whole; may be NULL: only the whole. */
	void (*release)(struct upload *upload);
};

/*
 * Begins to collect; `lens` are those of head and body. ERROR_USAGE for lengths beyond `most`: nothing was begun then, and the
 * caller still owns the upload. It may be complete, and gone, when this returns.
 */
bool upload_begin(struct upload *upload, struct session *session, uint32_t id,
	const int64_t lens[FRAME_KINDS], int64_t most, struct error *err);

/* Frees an upload that was not begun. */
void upload_free(struct upload *upload);

/* Bytes of the session's upload came. */
void upload_bytes(struct request *request, const struct frame_header *header, struct span payload);
