/*
 * What a complete head means, judged strictly: where its body ends, what the sender expects, and whether target and
 * Host can be what they have to be. Pure; the message comes from message_split.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/http_lines.h"
#include "common/message.h"

/* How the request goes on behind its head. */
struct http_framing {
	bool chunked;
	uint64_t content_length; /* 0 when there is none or when it is chunked */
	bool keep_alive;         /* what version and Connection ask for */
	bool expects_continue;   /* there is a body, and the sender waits for 100 before sending it */
};

/* As large as a body limit may be. */
#define HTTP_BODY_LIMIT_MAX (UINT64_MAX / 16)

/*
 * Fills `framing`, or says in `refusal` why the head is refused (then false). `body_limit` is in bytes, at most
 * HTTP_BODY_LIMIT_MAX; a Content-Length beyond it: 413.
 */
bool http_rules_judge(const struct message *message, uint64_t body_limit,
	struct http_framing *framing, struct http_refusal *refusal);

/*
 * Trailers may say what they like but for where the body ends, which is known by then: Content-Length and
 * Transfer-Encoding among them are refused (RFC 9110 section 6.5.1).
 */
bool http_rules_judge_trailers(struct span trailers, struct http_refusal *refusal);
