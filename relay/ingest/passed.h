/*
 * The app's answer as it goes back to the sender: what the app said, byte for byte, but for what belongs to the connection it
 * came over (Connection and what that names, Keep-Alive, Proxy-*, TE, Trailer, Transfer-Encoding, Upgrade) and the length,
 * which is said anew. Pure.
 */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "relay/ingest/answer.h"

/*
 * Fills in `answer` out of head and body of an app's answer; its spans point to them and to `headers`, which is filled. `to_head`:
 * the request was HEAD. False: this cannot be passed back (no final status, a line that is no header): `answer` is not to be used.
 */
bool passed_make(struct answer *answer, struct buffer *headers, struct span head, struct span body,
	bool to_head);
