/* Routes as lines: FILTER => URL [OPTION=VALUE | FLAG]... */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/header_lines.h"
#include "tui/routes_parts.h"

/* What is being read. */
struct line {
	struct span whole, rest;
	const char *place;  /* where an error is told */
	struct buffer word; /* the one read last, without its quotes */
	struct error *err;
};

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\t';
}

/* Up to a blank; quotes keep blanks, and in them a backslash stands in front of a quote or a backslash. */
static bool read_word(struct line *line) {
	bool quoted = false;
	line->rest = span_trim(line->rest);
	line->place = line->rest.data;
	buffer_reset(&line->word);
	for (; line->rest.len > 0; line->rest = span_after(line->rest, 1)) {
		char byte = line->rest.data[0];
		char next = line->rest.len > 1 ? line->rest.data[1] : '\0';
		if (byte == '"') {
			quoted = !quoted;
		} else if (!quoted && is_blank(byte)) {
			break;
		} else if (quoted && byte == '\\' && (next == '"' || next == '\\')) {
			buffer_append_byte(&line->word, next);
			line->rest = span_after(line->rest, 1);
		} else {
			buffer_append_byte(&line->word, byte);
		}
	}
	return !quoted || error_set(line->err, ERROR_USAGE, "a quotation mark is not closed");
}

/* What stands before "=>", which may not be in quotes. */
static bool read_filter(struct line *line, struct route *route) {
	struct span text = line->whole;
	for (size_t i = 0, step = 1; i + 1 < text.len && step > 0; i += step) {
		step = text.data[i] == '"' ? filter_quoted_len(span_after(text, i)) : 1;
		if (text.data[i] == '=' && text.data[i + 1] == '>') {
			line->rest = span_after(text, i + 2);
			return route_set_filter(route, span_trim((struct span){text.data, i}), line->err);
		}
	}
	return error_set(line->err, ERROR_USAGE,
		"expected FILTER => URL, such as provider:stripe => localhost:3000/hooks");
}

static bool read_url(struct line *line, struct route *route) {
	if (!read_word(line)) {
		return false;
	}
	if (line->word.len == 0) {
		return error_set(line->err, ERROR_USAGE, "expected a URL behind =>");
	}
	route->url = alloc_text(line->word.data, line->word.len);
	return true;
}

static bool read_header(struct line *line, struct route *route, struct span value) {
	size_t colon = span_find(value, ':');
	if (colon == value.len) {
		return error_set(line->err, ERROR_USAGE, "expected header=\"NAME: VALUE\"");
	}
	return route_add_header(route, (struct span){value.data, colon},
		span_trim(span_after(value, colon + 1)), line->err);
}

static bool read_option(struct line *line, struct route *route) {
	if (!read_word(line)) {
		return false;
	}
	struct span value = buffer_span(&line->word), name = span_cut(&value, '=');
	if (span_is(name, "header")) {
		return read_header(line, route, value);
	}
	const struct route_option *option = route_option_find(name, line->err);
	return option && route_option_set(option, route, value, line->err);
}

/* In characters, from 1. */
static size_t column_of(const struct line *line) {
	size_t column = 1;
	for (const char *at = line->whole.data; at < line->place; at++) {
		column += ((unsigned char)*at & 0xc0) != 0x80;
	}
	return column;
}

static bool read_route(struct line *line, struct route *route) {
	if (line->whole.len > ROUTE_LINE_MAX) {
		return error_set(line->err, ERROR_USAGE, "a route is longer than %d bytes", ROUTE_LINE_MAX);
	}
	bool ok = read_filter(line, route) && read_url(line, route);
	const char *url = line->place;
	while (ok && span_trim(line->rest).len > 0) {
		ok = read_option(line, route);
	}
	line->place = ok ? url : line->place;
	return ok;
}

static bool parse(const struct routes *routes, const struct route *except, struct span text,
	bool anywhere, struct route *route, struct error *err) {
	struct error why = {0};
	struct line line = {.whole = text, .rest = text, .place = text.data, .err = &why};
	bool ok = read_route(&line, route) && route_finish(route, routes, except, anywhere, &why);
	buffer_clear(&line.word);
	if (!ok) {
		error_set(err, why.code, "%s", why.text);
		if (line.place != text.data ||
			!span_starts_with(span_text(why.text), span_text("filter"))) {
			error_prefix(err, "column %zu", column_of(&line));
		}
		route_clear(route);
	}
	return ok;
}

bool routes_add(struct routes *routes, struct span line, bool anywhere, struct error *err) {
	struct route route = {0};
	bool ok =
		parse(routes, NULL, line, anywhere, &route, err) && routes_append(routes, &route, err);
	route_clear(&route);
	return ok;
}

bool routes_replace(
	struct routes *routes, size_t index, struct span line, bool anywhere, struct error *err) {
	struct route route = {0};
	if (!parse(routes, &routes->list[index], line, anywhere, &route, err)) {
		return false;
	}
	uint32_t id = routes->list[index].id;
	route_clear(&routes->list[index]);
	routes->list[index] = route;
	routes->list[index].id = id;
	return true;
}

/* --- writing --- */

/* In quotes where it would be read otherwise without. */
static void append_value(struct buffer *out, struct span value) {
	bool plain = value.len > 0;
	for (size_t i = 0; i < value.len; i++) {
		plain = plain && !is_blank(value.data[i]) && value.data[i] != '"';
	}
	buffer_append_text(out, plain ? "" : "\"");
	for (size_t i = 0; i < value.len; i++) {
		bool escaped = !plain && (value.data[i] == '"' || value.data[i] == '\\');
		buffer_append_text(out, escaped ? "\\" : "");
		buffer_append_byte(out, value.data[i]);
	}
	buffer_append_text(out, plain ? "" : "\"");
}

static void append_headers(struct buffer *out, const struct route *route) {
	struct span rest = buffer_span(&route->headers), line;
	while (header_lines_take(&rest, &line)) {
		buffer_append_text(out, " header=");
		append_value(out, line);
	}
}

void route_append_line(struct buffer *out, const struct route *route) {
	struct buffer value = {0};
	buffer_printf(out, "%s%s=> ", route->filter_text, *route->filter_text ? " " : "");
	append_value(out, span_text(route->url));
	for (size_t i = 0; i < route_option_count; i++) {
		const struct route_option *option = &route_options[i];
		buffer_reset(&value);
		option->append(&value, route);
		if (value.len > 0) {
			buffer_printf(out, option->flag ? " %s" : " %s=", option->name);
		}
		if (value.len > 0 && !option->flag) {
			append_value(out, buffer_span(&value));
		}
	}
	buffer_clear(&value);
	append_headers(out, route);
}
