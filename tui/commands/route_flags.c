#include "tui/commands/route_flags.h"

#include <string.h>

const struct option_row route_option_rows[] = {
	{"forward", 'f', "URL", "send each event to the app: 3000, localhost:3000/hooks"},
	{"route", 0, "ROUTE", "send what matches: 'FILTER => URL [option=value ...]'; repeated"},
	{"match", 0, "first|all", "which of several routes that match takes an event (first)"},
	{"no-forward", 0, NULL, "forward nothing, whatever the configuration says"},
	{"config", 0, "FILE", "settings, instead of the usual hookline.yaml"},
	{NULL},
};

/* --forward URL is a route without filter and options. */
static bool add_forward(struct routes *routes, const char *url, bool anywhere, struct error *err) {
	struct buffer line = {0};
	struct target target = {0};
	bool ok =
		target_parse(&target, url, anywhere, err); /* without the column of a line nobody wrote */
	target_clear(&target);
	buffer_printf(&line, "=> %s", url);
	ok = ok && routes_add(routes, buffer_span(&line), anywhere, err);
	buffer_clear(&line);
	return ok;
}

static bool add_given(
	struct routes *routes, const struct arguments *arguments, bool anywhere, struct error *err) {
	const char *text = arguments_text(arguments, "forward", NULL);
	if (text && !add_forward(routes, text, anywhere, err)) {
		return false;
	}
	for (size_t i = 0; (text = arguments_nth(arguments, "route", i)); i++) {
		if (!routes_add(routes, span_text(text), anywhere, err)) {
			return error_prefix(err, "--route %s", text);
		}
	}
	return true;
}

static bool read_match(
	struct routes *routes, const struct arguments *arguments, struct error *err) {
	const char *text = arguments_text(arguments, "match", NULL);
	if (text && strcmp(text, "first") != 0 && strcmp(text, "all") != 0) {
		return error_set(err, ERROR_USAGE, "--match: expected first or all, not \"%s\"", text);
	}
	if (text) {
		routes->match = strcmp(text, "all") == 0 ? ROUTES_ALL : ROUTES_FIRST;
	}
	return true;
}

bool routes_from_arguments(struct settings *settings, const struct arguments *arguments,
	bool anywhere, struct error *err) {
	bool given = arguments_has(arguments, "forward") || arguments_has(arguments, "route");
	bool none = arguments_has(arguments, "no-forward");
	if (!settings_load(settings, arguments_text(arguments, "config", NULL), err)) {
		return false;
	}
	if (given && none) {
		return error_set(err, ERROR_USAGE, "--no-forward stands against --forward and --route");
	}
	if (given || none) {
		routes_clear(&settings->routes);
	}
	return add_given(&settings->routes, arguments, anywhere, err) &&
	       read_match(&settings->routes, arguments, err);
}
