/* The table of routes: told to the screen, changed by it, written to the configuration when that is asked for. */
#include <stdlib.h>

#include "common/alloc.h"
#include "tui/app_parts.h"

/* --- telling it --- */

static void describe(struct msg_route *told, struct buffer *line, const struct route *route) {
	route_append_line(line, route);
	*told = (struct msg_route){.line = buffer_span(line),
		.name = span_text(route->name),
		.filter = span_text(route->filter_text),
		.to = span_text(route->url),
		.target = span_text(route->target.url),
		.enabled = !route->disabled};
}

static void tell(struct app *app, const struct error *err, const struct effect *effect) {
	const struct routes *routes = &app->options.settings->routes;
	struct msg_route *list = alloc_zero(routes->count + 1, sizeof *list);
	struct buffer *lines = alloc_zero(routes->count + 1, sizeof *lines);
	for (size_t i = 0; i < routes->count; i++) {
		describe(&list[i], &lines[i], &routes->list[i]);
	}
	const char *file = app->options.settings->file;
	const struct msg_routes told = {.list = list,
		.count = routes->count,
		.all = routes->match == ROUTES_ALL,
		.changed = app->routes_changed,
		.file = span_text(file ? file : "")};
	app_tell(app, &(struct msg){.type = MSG_ROUTES,
					  .routes = &told,
					  .error = err,
					  .text = effect ? buffer_span(&effect->text) : (struct span){0},
					  .number = effect ? effect->number : 0});
	for (size_t i = 0; i < routes->count; i++) {
		buffer_clear(&lines[i]);
	}
	free(lines);
	free(list);
}

void app_tell_routes(struct app *app) {
	tell(app, NULL, NULL);
}

/* --- changing it --- */

static bool put_line(struct app *app, const struct effect *effect, struct error *err) {
	struct routes *routes = &app->options.settings->routes;
	struct span line = buffer_span(&effect->text);
	bool anywhere = app->options.deliver->anywhere;
	size_t at = (size_t)effect->number;
	struct routes checked = {0};
	bool ok = routes_add(&checked, line, anywhere, err) &&
	          routes_check_loop(&checked, span_text(app->ingest_url), err);
	routes_clear(&checked);
	if (!ok) {
		return false;
	}
	return at < routes->count ? routes_replace(routes, at, line, anywhere, err)
	                          : routes_add(routes, line, anywhere, err);
}

static void save(struct app *app) {
	struct error err = {0};
	const struct settings *settings = app->options.settings;
	struct buffer text = {0};
	if (!settings->file) {
		error_set(&err, ERROR_IO, "there is no home directory to keep the routes in");
	} else if (settings_save_routes(settings->file, &settings->routes, &err)) {
		app->routes_changed = false;
		buffer_printf(&text, "the routes are kept in %s", settings->file);
		app_note(app, buffer_text(&text));
	}
	if (err.code != ERROR_NONE) {
		app_note_error(app, &err);
	}
	buffer_clear(&text);
}

static bool carry_out(struct app *app, const struct effect *effect, struct error *err) {
	struct routes *routes = &app->options.settings->routes;
	size_t at = (size_t)effect->number, to = (size_t)effect->limit;
	if (effect->edit == ROUTE_EDIT_LINE) {
		return put_line(app, effect, err);
	}
	if (effect->edit == ROUTE_EDIT_MATCH) {
		routes->match = effect->flag ? ROUTES_ALL : ROUTES_FIRST;
	} else if (at >= routes->count || to >= routes->count) {
		return true; /* of a table that is another one by now */
	} else if (effect->edit == ROUTE_EDIT_REMOVE) {
		routes_remove(routes, at);
	} else if (effect->edit == ROUTE_EDIT_MOVE) {
		routes_move(routes, at, to);
	} else if (effect->edit == ROUTE_EDIT_SWITCH) {
		routes->list[at].disabled = !effect->flag;
	}
	return true;
}

void app_routes(struct app *app, const struct effect *effect) {
	struct error err = {0};
	if (effect->edit == ROUTE_EDIT_SAVE) {
		save(app);
		app_tell_routes(app);
		return;
	}
	bool ok = carry_out(app, effect, &err);
	app->routes_changed = app->routes_changed || ok;
	tell(app, ok ? NULL : &err, effect);
	if (ok) {
		app_forward_changed(app);
	}
}
