/*
 * The listener for scripts and monitoring: /healthz, /readyz, /metrics and /api, on the same reader as ingest. Only GET,
 * nothing here changes anything. A Host that is not ours and any Origin are refused (DNS rebinding, pages in a browser).
 *
 *   /api/events?filter=&endpoint=&limit=&bytes=true   newest first, a JSON object a line (limit 100, at most 1000)
 *   /api/events/REF                                   one event with head, body and attempts; # is written %23
 *                                                     X-Hookline-Cut: true when there was more than 32 MiB
 *   /api/refusals?limit=                              newest first, a JSON object a line
 *   /api/endpoints                                    a JSON object a line
 */
#pragma once

#include "common/error.h"
#include "relay/admin/metrics.h"
#include "relay/ingest/listener.h"

struct admin;

struct admin_options {
	struct listener_options listener; /* handler and data are filled in here */
	const char *token_file;           /* as the stream's; NULL: none */
	const char *const *hosts;         /* beside the loopback names */
	size_t host_count;
};

/* What is told; all of it outlives the listener. */
struct admin_sources {
	struct metrics_sources metrics;
	bool (*stopping)(void *data); /* then it is not ready */
	void *data;
};

struct admin *admin_new(struct lws_context *context, uv_loop_t *loop,
	const struct admin_options *options, const struct admin_sources *sources, struct error *err);
/* Takes other hosts and, where `token_file` is set, other tokens; on an error nothing changes. */
bool admin_reload(struct admin *admin, const struct admin_options *options, struct error *err);
struct listener *admin_listener(struct admin *admin);

/* Ends every connection and every search. Before store_close. */
void admin_free(struct admin *admin);
