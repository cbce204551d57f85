/*
 * Where events go: an ordered table of routes, each a filter and a target with options. Pure: texts in, a table out,
 * and which routes an event takes. Nothing is opened, and the moment is given.
 *
 *   FILTER => URL [OPTION=VALUE | FLAG]...
 *
 *   provider:stripe => localhost:3000/stripe path=replaced order=kept
 *   => 3000 name=rest header="X-Env: dev" timeout=5s
 *
 * An empty filter takes everything. Words are parted by blanks; quotes keep them together, and \" and \\ inside stand for
 * a quote and a backslash. A file has the same options, as keys (docs/hookline.5).
 *
 *   name=TEXT            shown instead of its number
 *   path=joined          the target's path, then the event's; kept: the event's alone, for a target without one;
 *                        replaced: the target's alone. Queries are joined.
 *   host=target          the Host header; kept: as it was captured
 *   header="NAME: VALUE" set in the place of those captured, or behind the others; one of each name
 *   timeout=30s connect_timeout=2s
 *   concurrency=16       requests under way at once
 *   order=any            kept: an event is sent when the one before was answered
 *   insecure ca=FILE     https without checking the certificate, or with certificates of one's own
 *   anywhere             the target may be on another machine
 *   retry=POLICY         none, provider, 5s,30s,5m, exponential(1s..5m,8) and more: tui/deliver/schedule.h
 *   disabled             passed over
 *
 * An event is sent once to a target, whatever routes lead there: the first of them has it. Routes to the same target
 * share its connections, so what is said of these (from connect_timeout to anywhere) is said once.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/event.h"
#include "common/filter.h"
#include "common/span.h"
#include "common/yaml.h"
#include "tui/deliver/deliver.h"
#include "tui/deliver/request.h"
#include "tui/deliver/target.h"

#define ROUTES_MAX 64
/* Targets, each with a lease and connections of its own. */
#define ROUTE_TARGETS_MAX 16
#define ROUTE_LINE_MAX 8192
#define ROUTE_HEADERS_MAX 4096

struct route {
	uint32_t id; /* in its table, never used again: says which one an attempt was made for */
	char *name;  /* "" when it has none */
	char *filter_text;
	struct filter *filter;
	char *url; /* as written */
	struct target target;
	enum target_path path;
	bool keep_host;
	struct buffer headers;                     /* lines with CR LF */
	int64_t total_ms, connect_ms, concurrency; /* 0: the default */
	bool ordered, insecure, anywhere;
	char *ca_file; /* NULL: the system's certificates */
	char *retry;   /* text of tui/deliver/schedule.h, "" when nothing is said */
	bool disabled;
	bool of_target; /* something was said of the connections */
};

enum routes_match {
	ROUTES_FIRST, /* an event takes the first route that matches */
	ROUTES_ALL,   /* all that match: several targets at once */
};

/* All zero is an empty table. */
struct routes {
	enum routes_match match;
	struct route *list;
	size_t count;
	uint32_t last_id;
};

/* Leaves an empty table; ids go on. */
void routes_clear(struct routes *routes);

/*
 * Reads one route from a line and puts it at the end; `anywhere`: as if it said so. ERROR_USAGE with "column N: " in
 * front, counted from 1.
 */
bool routes_add(struct routes *routes, struct span line, bool anywhere, struct error *err);
/* The same in the place of the route at `index`; nothing is changed when the line is wrong. */
bool routes_replace(
	struct routes *routes, size_t index, struct span line, bool anywhere, struct error *err);
void routes_remove(struct routes *routes, size_t index);
/* Moves the route at `from` so that it stands at `to`. */
void routes_move(struct routes *routes, size_t from, size_t to);

/*
 * Reads `{match: first|all, routes: [...]}`; files named in it are relative to the folder of the document. ERROR_CONFIG with
 * file:line:column.
 */
bool routes_read(struct routes *routes, const struct yaml_document *document,
	const struct yaml_node *map, struct error *err);
/* Appends the same as YAML, each line behind `indent` blanks. What it writes routes_read reads as it was. */
void routes_append_yaml(struct buffer *out, const struct routes *routes, size_t indent);

/* Appends a route as a line that routes_add reads as it was. */
void route_append_line(struct buffer *out, const struct route *route);
/* Its name, or "route 2" for the one at index 1. */
void route_append_name(struct buffer *out, const struct routes *routes, const struct route *route);

/* NULL: there is none of that id, or to that target (any more). */
const struct route *routes_find(const struct routes *routes, uint32_t id);
const struct route *routes_to(const struct routes *routes, const char *target_url);

/*
 * The routes an event takes, in order, at most one to a target; returns how many. `now_ns` is what `age:` is counted
 * from. Bytes are those of the capture.
 */
size_t routes_pick(const struct routes *routes, const struct event *event, struct span head,
	struct span body, int64_t now_ns, const struct route *picked[ROUTE_TARGETS_MAX]);

/* Whether there is a route that is not disabled. */
bool routes_are_enabled(const struct routes *routes);
/* Refuses a table that would send what comes from the relay's port for webhooks back to it. ERROR_USAGE. */
bool routes_check_loop(const struct routes *routes, struct span ingest_url, struct error *err);

/* A filter for what takes a route to `target_url` (NULL: any), for asking a relay. "": everything. False: nothing does. */
bool routes_append_filter(struct buffer *out, const struct routes *routes, const char *target_url);

/* How to send on this route: for deliver_send_order, valid as long as the route, and for the target's deliver_new. */
struct request_options route_request(const struct route *route);
struct deliver_options route_deliver(
	const struct route *route, const struct deliver_options *defaults);
