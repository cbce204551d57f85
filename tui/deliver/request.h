/*
 * The bytes that are sent for a captured request. Pure. Everything is as it was captured, byte for byte, spacing, case,
 * order and repeats included, but for what this rule names:
 *
 *   - the request line has the target of target_join and always says HTTP/1.1 (the version belongs to the connection)
 *   - Host: the authority of the target, in its captured place (first when the capture had none); as it was captured
 *     with `keep_host`
 *   - Content-Length: in its captured place and, when it already says the length of the body, as captured; in the
 *     place of Transfer-Encoding when the body came in chunks; nothing is added for a request without a body
 *   - headers that were signed anew, and those of `headers`, which win over them: in the place of the first captured one
 *     of their name, or behind all others
 *   - headers of one connection are left out: Connection and every header it names, Keep-Alive, Proxy-* , TE, Trailer,
 *     Transfer-Encoding, Upgrade
 *
 * Nothing else is added: no Accept, no User-Agent, no Expect, no Content-Type.
 */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/message.h"
#include "common/span.h"
#include "tui/deliver/resign.h"
#include "tui/deliver/target.h"

/* How the request differs from the capture because somebody wants it to. All zero: not at all. */
struct request_options {
	enum target_path path;
	bool keep_host;
	struct span
		headers; /* lines with CR LF, each allowed by request_check_extra, one of each name */
};

/*
 * Appends head and body to `out`, and to `changes` what differs from the capture, in words ("target, Host, Connection
 * left out"). `path_offset`: where in the captured target the path handed on begins. `options` and `resign` may be NULL:
 * as it was received. ERROR_NO and nothing appended when a part cannot be sent as it is.
 */
bool request_build(struct buffer *out, struct buffer *changes, const struct target *target,
	const struct message *message, size_t path_offset, const struct request_options *options,
	const struct resign *resign, struct error *err);

/* What may be sent; the rules of http_reader. Each says what is wrong with it. */
bool request_check_method(struct span method, struct error *err);
bool request_check_target(struct span target, struct error *err);
bool request_check_header(struct span name, struct span value, struct error *err);
/* The same for one that somebody adds: not Host, nor what frames the body or belongs to one connection. ERROR_USAGE. */
bool request_check_extra(struct span name, struct span value, struct error *err);

/* Whether a header of that name belongs to one connection only; `message` is asked what its Connection names. */
bool request_is_hop_by_hop(const struct message *message, struct span name);
