/* Whether a stranger may open a websocket: everything is looked at before libwebsockets answers. */
#pragma once

#include <libwebsockets.h>

#include "relay/stream/stream_parts.h"

/*
 * 0: welcome; else the HTTP status it deserves: 400 not exactly a handshake of version 13, 401 no token or a wrong one,
 * 403 a Host or Origin that is not listed, 429 too many wrong tokens, 503 too many clients.
 */
int handshake_judge(const struct stream *stream, struct lws *wsi);

/* Whether `host` may be the Host of a request to `port`: a loopback name, the address listened on, or a listed one. */
bool handshake_host_is_ours(
	const struct texts *hosts, struct span bound, int port, struct span host);
/* Whether it is in the list; no Origin at all is fine. */
bool handshake_origin_is_ours(const struct texts *origins, struct span origin);

/* Whether the token it came with may only look. */
bool handshake_is_readonly(struct lws *wsi);
