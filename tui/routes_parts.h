/* The inside of a table of routes, for the files that read it: routes.c, routes_line.c, routes_yaml.c. */
#pragma once

#include "tui/routes.h"

/* An option, by the name it has on lines and in files. */
struct route_option {
	const char *name;
	bool flag;      /* alone it means true */
	bool of_target; /* it is about the connections, which routes to the same target share */
	bool (*set)(struct route *route, struct span value, struct error *err);
	/* Appends the value as `set` takes it; nothing when it is the default. */
	void (*append)(struct buffer *out, const struct route *route);
};

extern const struct route_option route_options[];
extern const size_t route_option_count;

/* NULL when there is none; `err` names the nearest. */
const struct route_option *route_option_find(struct span name, struct error *err);
bool route_option_set(
	const struct route_option *option, struct route *route, struct span value, struct error *err);

/* What is said of a route is text that can be shown and written again: UTF-8 without control characters. */
bool route_check_text(struct span text, struct error *err);
bool route_set_filter(struct route *route, struct span text, struct error *err);
bool route_add_header(struct route *route, struct span name, struct span value, struct error *err);
void route_clear(struct route *route);

/*
 * Once all is said of it: the target is understood, and what the route has in common with others is compared. `anywhere` as in
 * routes_add; `except`: the route that it is to replace, or NULL.
 */
bool route_finish(struct route *route, const struct routes *routes, const struct route *except,
	bool anywhere, struct error *err);
/* Puts a route that was finished at the end; it is moved. */
bool routes_append(struct routes *routes, struct route *route, struct error *err);
