/*
 * A captured request as a shell command with curl that sends it again, signature included, byte for byte. Tested by
 * running it.
 */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/event.h"
#include "common/message.h"
#include "common/span.h"

/*
 * Appends the command and a newline. `url` is where to send it: scheme, host and path, as they are. Host,
 * Content-Length and the headers of one connection are curl's; a body that is plain text of at most 32 KiB, as it is
 * quoted, stands in the line, any other goes through base64 and standard input. What curl itself cannot do is said in
 * a comment line in front.
 */
void curl_line_append(struct buffer *out, const struct message *message, struct span url);

/*
 * Appends the URL at which the relay that takes webhooks at `ingest_url` gives the same bytes to the endpoint of the event again: /e/NAME and
 * what follows the endpoint in `request_target`, as it came, also where the event came by a host name or by the catch-all. ERROR_USAGE for an
 * `ingest_url` that is none.
 */
bool curl_line_url(struct buffer *out, const struct event *event, struct span request_target,
	const char *ingest_url, struct error *err);
