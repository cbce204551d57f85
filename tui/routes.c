#include "tui/routes.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/header_lines.h"
#include "common/same_target.h"
#include "common/text.h"
#include "tui/routes_parts.h"

/* --- one route --- */

void route_clear(struct route *route) {
	free(route->name);
	free(route->filter_text);
	filter_free(route->filter);
	free(route->url);
	target_clear(&route->target);
	buffer_clear(&route->headers);
	free(route->ca_file);
	free(route->retry);
	*route = (struct route){0};
}

bool route_check_text(struct span text, struct error *err) {
	bool plain = text_is_utf8(text);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		plain = plain && byte != 0x7f && (byte >= ' ' || byte == '\t');
	}
	return plain ||
	       error_set(err, ERROR_USAGE, "a route is text in UTF-8 without control characters");
}

bool route_set_filter(struct route *route, struct span text, struct error *err) {
	struct filter *filter = route_check_text(text, err) ? filter_parse(text, err) : NULL;
	if (!filter) {
		return false;
	}
	filter_free(route->filter);
	free(route->filter_text);
	route->filter = filter;
	route->filter_text = alloc_text(text.data, text.len);
	return true;
}

bool route_add_header(struct route *route, struct span name, struct span value, struct error *err) {
	if (!route_check_text(value, err) || !request_check_extra(name, value, err)) {
		return false;
	}
	if (header_lines_find(buffer_span(&route->headers), name).data) {
		return error_set(err, ERROR_USAGE, "header %.*s is set twice", (int)name.len, name.data);
	}
	if (route->headers.len + name.len + value.len + 4 > ROUTE_HEADERS_MAX) {
		return error_set(
			err, ERROR_USAGE, "headers of a route take %d bytes at most", ROUTE_HEADERS_MAX);
	}
	buffer_append_span(&route->headers, name);
	buffer_append_text(&route->headers, ": ");
	buffer_append_span(&route->headers, value);
	buffer_append_text(&route->headers, "\r\n");
	return true;
}

static void default_text(char **text) {
	*text = *text ? *text : alloc_text("", 0);
}

/* Connections belong to the target: what one route says of them holds for the others, too. */
static bool share_target(struct route *route, const struct route *other, struct error *err) {
	bool same =
		route->connect_ms == other->connect_ms && route->concurrency == other->concurrency &&
		route->ordered == other->ordered && route->insecure == other->insecure &&
		route->anywhere == other->anywhere &&
		strcmp(route->ca_file ? route->ca_file : "", other->ca_file ? other->ca_file : "") == 0;
	if (route->of_target && !same) {
		return error_set(err, ERROR_USAGE,
			"another route goes to %s, too, and says otherwise how to connect: say it once",
			route->target.url);
	}
	if (!route->of_target) {
		route->connect_ms = other->connect_ms;
		route->concurrency = other->concurrency;
		route->ordered = other->ordered;
		route->insecure = other->insecure;
		route->anywhere = other->anywhere;
		free(route->ca_file);
		route->ca_file = other->ca_file ? alloc_text(other->ca_file, strlen(other->ca_file)) : NULL;
	}
	return true;
}

static bool has_target(
	const struct routes *routes, size_t before, const struct route *except, const char *url) {
	for (size_t i = 0; i < before; i++) {
		if (&routes->list[i] != except && target_same_text(routes->list[i].target.url, url)) {
			return true;
		}
	}
	return false;
}

static bool has_room(const struct routes *routes, const struct route *except,
	const struct target *target, struct error *err) {
	size_t count = 0;
	for (size_t i = 0; i < routes->count; i++) {
		const struct route *other = &routes->list[i];
		count += other != except && !has_target(routes, i, except, other->target.url);
	}
	return count < ROUTE_TARGETS_MAX || has_target(routes, routes->count, except, target->url) ||
	       error_set(err, ERROR_USAGE, "there are %d targets at most", ROUTE_TARGETS_MAX);
}

static bool fit_in(struct route *route, const struct routes *routes, const struct route *except,
	struct error *err) {
	bool shared = false;
	for (size_t i = 0; i < routes->count; i++) {
		const struct route *other = &routes->list[i];
		if (other == except) {
			continue;
		}
		if (*route->name && strcmp(route->name, other->name) == 0) {
			return error_set(err, ERROR_USAGE, "there is a route \"%s\" already", route->name);
		}
		if (!shared && target_same_text(route->target.url, other->target.url)) {
			shared = true;
			if (!share_target(route, other, err)) {
				return false;
			}
		}
	}
	return true;
}

bool route_finish(struct route *route, const struct routes *routes, const struct route *except,
	bool anywhere, struct error *err) {
	default_text(&route->name);
	default_text(&route->retry);
	if (!route->filter && !route_set_filter(route, span_text(""), err)) {
		return false;
	}
	route->anywhere = route->anywhere || anywhere;
	if (!target_parse(&route->target, route->url, route->anywhere, err)) {
		return false;
	}
	if (route->path == TARGET_PATH_KEPT && (*route->target.path || *route->target.query)) {
		return error_set(err, ERROR_USAGE,
			"with path kept the target's own path, \"%s\", would never be sent",
			route->target.path);
	}
	return has_room(routes, except, &route->target, err) && fit_in(route, routes, except, err);
}

/* --- the table --- */

bool routes_append(struct routes *routes, struct route *route, struct error *err) {
	if (routes->count == ROUTES_MAX) {
		return error_set(err, ERROR_USAGE, "there are %d routes at most", ROUTES_MAX);
	}
	route->id = ++routes->last_id;
	routes->list = alloc_resize(routes->list, (routes->count + 1) * sizeof *routes->list);
	routes->list[routes->count++] = *route;
	*route = (struct route){0};
	return true;
}

void routes_clear(struct routes *routes) {
	for (size_t i = 0; i < routes->count; i++) {
		route_clear(&routes->list[i]);
	}
	free(routes->list);
	*routes = (struct routes){.last_id = routes->last_id};
}

void routes_remove(struct routes *routes, size_t index) {
	route_clear(&routes->list[index]);
	routes->count--;
	memmove(&routes->list[index], &routes->list[index + 1],
		(routes->count - index) * sizeof *routes->list);
}

void routes_move(struct routes *routes, size_t from, size_t to) {
	struct route moved = routes->list[from];
	size_t low = from < to ? from : to, high = from < to ? to : from;
	struct route *at = &routes->list[low];
	memmove(from < to ? at : at + 1, from < to ? at + 1 : at, (high - low) * sizeof *at);
	routes->list[to] = moved;
}

void route_append_name(struct buffer *out, const struct routes *routes, const struct route *route) {
	if (*route->name) {
		buffer_append_text(out, route->name);
	} else {
		buffer_printf(out, "route %zu", (size_t)(route - routes->list) + 1);
	}
}

const struct route *routes_find(const struct routes *routes, uint32_t id) {
	for (size_t i = 0; i < routes->count; i++) {
		if (routes->list[i].id == id) {
			return &routes->list[i];
		}
	}
	return NULL;
}

const struct route *routes_to(const struct routes *routes, const char *target_url) {
	for (size_t i = 0; i < routes->count; i++) {
		if (!routes->list[i].disabled && target_same_text(routes->list[i].target.url, target_url)) {
			return &routes->list[i];
		}
	}
	return NULL;
}

bool routes_are_enabled(const struct routes *routes) {
	for (size_t i = 0; i < routes->count; i++) {
		if (!routes->list[i].disabled) {
			return true;
		}
	}
	return false;
}

bool routes_check_loop(const struct routes *routes, struct span ingest_url, struct error *err) {
	for (size_t i = 0; i < routes->count; i++) {
		const struct target *target = &routes->list[i].target;
		if (!routes->list[i].disabled && target_leads_to(target, ingest_url)) {
			return error_set(err, ERROR_USAGE,
				"%s is the relay's own port for webhooks: that would be a loop", target->url);
		}
	}
	return true;
}

/* --- which ones --- */

static bool takes(const struct route *route, const struct event *event, struct span head,
	struct span body, int64_t now_ns) {
	struct filter *filter = route->filter;
	filter_set_now(filter, now_ns);
	return !route->disabled && filter_matches_event(filter, event) &&
	       (!filter_needs_bytes(filter) || filter_matches_bytes(filter, event, head, body));
}

static bool is_picked(const struct route *const *picked, size_t count, const struct route *route) {
	for (size_t i = 0; i < count; i++) {
		if (target_same_text(picked[i]->target.url, route->target.url)) {
			return true;
		}
	}
	return false;
}

size_t routes_pick(const struct routes *routes, const struct event *event, struct span head,
	struct span body, int64_t now_ns, const struct route *picked[ROUTE_TARGETS_MAX]) {
	size_t count = 0, most = routes->match == ROUTES_FIRST ? 1 : ROUTE_TARGETS_MAX;
	for (size_t i = 0; i < routes->count && count < most; i++) {
		const struct route *route = &routes->list[i];
		if (!is_picked(picked, count, route) && takes(route, event, head, body, now_ns)) {
			picked[count++] = route;
		}
	}
	return count;
}

static bool is_to(const struct route *route, const char *target_url) {
	return !target_url || target_same_text(route->target.url, target_url);
}

static bool takes_all(const struct route *route) {
	return span_trim(span_text(route->filter_text)).len == 0;
}

/* What routes to elsewhere take before it, where the first that matches does: " -((a) or (b))". False: everything. */
static bool append_taken(
	struct buffer *out, const struct routes *routes, size_t before, const char *target_url) {
	const char *word = " -(";
	for (size_t i = 0; routes->match == ROUTES_FIRST && i < before; i++) {
		const struct route *route = &routes->list[i];
		if (route->disabled || is_to(route, target_url)) {
			continue;
		}
		if (takes_all(route)) {
			return false;
		}
		buffer_printf(out, "%s(%s)", word, route->filter_text);
		word = " or ";
	}
	buffer_append_text(out, out->len > 0 ? ")" : "");
	return true;
}

/* One route's part of the filter. False: it takes everything. */
static bool append_part(
	struct buffer *out, const struct route *route, struct span taken, bool first) {
	if (takes_all(route) && taken.len == 0) {
		return false;
	}
	buffer_append_text(out, first ? "(" : " or ");
	if (!takes_all(route)) {
		buffer_printf(out, "(%s)", route->filter_text);
	}
	buffer_append_span(out, taken);
	return true;
}

bool routes_append_filter(struct buffer *out, const struct routes *routes, const char *target_url) {
	size_t start = out->len;
	bool any = false, all = false;
	for (size_t i = 0; i < routes->count && !all; i++) {
		const struct route *route = &routes->list[i];
		struct buffer taken = {0};
		if (!route->disabled && is_to(route, target_url) &&
			append_taken(&taken, routes, i, target_url)) {
			all = !append_part(out, route, buffer_span(&taken), out->len == start);
			any = true;
		}
		buffer_clear(&taken);
	}
	out->len = all ? start : out->len;
	buffer_append_text(out, out->len > start ? ")" : "");
	return any;
}

/* --- how to send --- */

struct request_options route_request(const struct route *route) {
	return (struct request_options){.path = route->path,
		.keep_host = route->keep_host,
		.headers = buffer_span(&route->headers)};
}

struct deliver_options route_deliver(
	const struct route *route, const struct deliver_options *defaults) {
	struct deliver_options options = *defaults;
	options.connect_ms = route->connect_ms > 0 ? route->connect_ms : options.connect_ms;
	options.concurrency = route->concurrency > 0 ? route->concurrency : options.concurrency;
	options.concurrency = route->ordered ? 1 : options.concurrency;
	options.anywhere = options.anywhere || route->anywhere;
	options.insecure = options.insecure || route->insecure;
	options.ca_file = route->ca_file ? route->ca_file : options.ca_file;
	return options;
}
