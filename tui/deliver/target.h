/* Where captured requests are sent to: what may be named, and how its path meets that of an event. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

struct sockaddr;

/* Longest text that is taken for one. */
#define TARGET_LEN_MAX 2048

struct target {
	char *url;  /* as given, normalised: scheme://host:port/path?query */
	char *base; /* scheme://host:port, the port always written */
	char *
		authority; /* for the Host header: host:port, without the port that http or https implies */
	char *path;    /* "" or "/hooks" */
	char *query;   /* "" or "a=b" */
};

/*
 * http and https only, without user:password and fragment; "3000" and "localhost:3000/hooks" are understood as http.
 * Only this machine by its plain names (127.0.0.0/8, [::1], localhost, NAME.localhost), unless `anywhere`; the address
 * really connected to is checked again (address_is_loopback). Addresses written as one number, in octal or in
 * hexadecimal are refused even then: they hide where they lead. ERROR_USAGE says what is wrong.
 */
bool target_parse(struct target *target, const char *text, bool anywhere, struct error *err);
void target_copy(struct target *to, const struct target *from);
void target_clear(struct target *target);

/* How the path of the target meets that of an event. */
enum target_path {
	TARGET_PATH_JOINED,   /* the target's, then the event's */
	TARGET_PATH_KEPT,     /* the event's alone */
	TARGET_PATH_REPLACED, /* the target's alone */
};

/*
 * The request target for an event, joined: the path of the target, then what follows the endpoint in the captured target, byte
 * for byte; one slash where both have one, "/" when both are empty. Queries: the target's, then the event's, joined by
 * '&'. "*" (of OPTIONS) is kept only for a target without a path. Kept: the target has no part in it, nor its query.
 * Replaced: the event's path is left out, and its query is not. Appends to `out`.
 */
void target_join(struct buffer *out, const struct target *target, enum target_path how,
	struct span captured_rest);

/* Whether the address is of this machine alone: 127.0.0.0/8, ::1, or the former mapped into IPv6. */
bool address_is_loopback(const struct sockaddr *address);

/*
 * Whether sending to `target` would come back to a listener at `url` ("http://127.0.0.1:8080"): same port, and both
 * on this machine or of the same name. What the relay takes in must not be forwarded to it.
 */
bool target_leads_to(const struct target *target, struct span url);
