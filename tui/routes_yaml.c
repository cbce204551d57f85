/* Routes in a file: {match: first, routes: [{filter: ..., to: ...}, ...]} */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/header_lines.h"
#include "common/json.h"
#include "tui/routes_parts.h"

#define KEYS_MAX 32

static const char *const match_names[] = {"first", "all"};

struct reader {
	const struct yaml_document *document;
	struct error *err;
};

/* What a reader of texts found wrong, with the place in the file. */
static bool blame(
	const struct reader *reader, const struct yaml_node *node, const struct error *why) {
	return yaml_error(reader->document, node, reader->err, "%s", why->text);
}

static bool text_of(const struct reader *reader, const struct yaml_node *node, const char **text) {
	return yaml_text(reader->document, node, text, reader->err);
}

static bool read_filter(
	const struct reader *reader, struct route *route, const struct yaml_node *node) {
	const char *text;
	struct error why = {0};
	return text_of(reader, node, &text) &&
	       (route_set_filter(route, span_text(text), &why) || blame(reader, node, &why));
}

static bool read_header(const struct reader *reader, struct route *route,
	const struct yaml_node *name, const struct yaml_node *value) {
	const char *text;
	struct error why = {0};
	return text_of(reader, value, &text) &&
	       (route_add_header(route, span_text(name->text), span_trim(span_text(text)), &why) ||
			   blame(reader, name, &why));
}

static bool read_headers(
	const struct reader *reader, struct route *route, const struct yaml_node *map) {
	if (map->kind != YAML_MAP) {
		return yaml_error(reader->document, map, reader->err,
			"expected headers and their values, such as X-Env: dev");
	}
	for (size_t i = 0; i + 1 < map->count; i += 2) {
		if (!read_header(reader, route, map->items[i], map->items[i + 1])) {
			return false;
		}
	}
	return true;
}

/* A file named in a file stands beside it. */
static char *beside(const struct reader *reader, const char *path) {
	const char *file = yaml_file(reader->document), *slash = strrchr(file, '/');
	struct buffer out = {0};
	if (path[0] != '/' && slash) {
		buffer_append(&out, file, (size_t)(slash - file) + 1);
	}
	buffer_append_text(&out, path);
	char *text = alloc_text(out.data, out.len);
	buffer_clear(&out);
	return text;
}

static bool read_option(const struct reader *reader, struct route *route,
	const struct route_option *option, const struct yaml_node *node) {
	const char *text;
	struct error why = {0};
	bool flag = false;
	if (option->flag ? !yaml_bool(reader->document, node, &flag, reader->err)
					 : !text_of(reader, node, &text)) {
		return false;
	}
	text = option->flag ? (flag ? "true" : "false") : text;
	char *path = beside(reader, text);
	bool ok = route_option_set(
		option, route, span_text(strcmp(option->name, "ca") == 0 ? path : text), &why);
	free(path);
	return ok || blame(reader, node, &why);
}

static bool check_keys(const struct reader *reader, const struct yaml_node *map) {
	const char *names[KEYS_MAX] = {"filter", "to", "headers"};
	for (size_t i = 0; i < route_option_count; i++) {
		names[3 + i] = route_options[i].name;
	}
	return yaml_check_keys(reader->document, map, names, 3 + route_option_count, reader->err);
}

static bool read_options(
	const struct reader *reader, struct route *route, const struct yaml_node *map) {
	for (size_t i = 0; i < route_option_count; i++) {
		const struct yaml_node *node = yaml_get(map, route_options[i].name);
		if (node && !read_option(reader, route, &route_options[i], node)) {
			return false;
		}
	}
	return true;
}

static bool read_route(
	const struct reader *reader, struct route *route, const struct yaml_node *map) {
	if (map->kind != YAML_MAP) {
		return yaml_error(reader->document, map, reader->err,
			"expected a route with its keys, such as to: localhost:3000");
	}
	const struct yaml_node *filter = yaml_get(map, "filter"), *to = yaml_get(map, "to");
	const struct yaml_node *headers = yaml_get(map, "headers");
	const char *url;
	if (!check_keys(reader, map)) {
		return false;
	}
	if (!to) {
		return yaml_error(
			reader->document, map, reader->err, "this route has no \"to\", its target");
	}
	if (!text_of(reader, to, &url) || (filter && !read_filter(reader, route, filter)) ||
		(headers && !read_headers(reader, route, headers))) {
		return false;
	}
	route->url = alloc_text(url, strlen(url));
	return read_options(reader, route, map);
}

static bool read_one(
	const struct reader *reader, struct routes *routes, const struct yaml_node *map) {
	struct route route = {0};
	struct error why = {0};
	bool ok = read_route(reader, &route, map);
	if (ok &&
		!(route_finish(&route, routes, NULL, false, &why) && routes_append(routes, &route, &why))) {
		ok = blame(reader, yaml_get(map, "to"), &why);
	}
	route_clear(&route);
	return ok;
}

bool routes_read(struct routes *routes, const struct yaml_document *document,
	const struct yaml_node *map, struct error *err) {
	static const char *const names[] = {"match", "routes"};
	const struct reader reader = {document, err};
	if (map->kind != YAML_MAP) {
		return yaml_error(document, map, err, "expected match and routes");
	}
	if (!yaml_check_keys(document, map, names, 2, err)) {
		return false;
	}
	const struct yaml_node *match = yaml_get(map, "match"), *list = yaml_get(map, "routes");
	size_t index = 0;
	if (match && !yaml_choice(document, match, match_names, 2, &index, err)) {
		return false;
	}
	routes->match = (enum routes_match)index;
	if (list && list->kind != YAML_LIST) {
		return yaml_error(document, list, err, "expected a list of routes");
	}
	for (size_t i = 0; list && i < list->count; i++) {
		if (!read_one(&reader, routes, list->items[i])) {
			return false;
		}
	}
	return true;
}

/* --- writing --- */

static void begin_line(struct buffer *out, size_t indent) {
	for (size_t i = 0; i < indent; i++) {
		buffer_append_byte(out, ' ');
	}
}

/* JSON's texts are YAML's, too. */
static void append_text(struct buffer *out, size_t indent, const char *key, struct span value) {
	begin_line(out, indent);
	buffer_printf(out, "%s: ", key);
	json_append_text(out, value);
	buffer_append_byte(out, '\n');
}

static void append_headers(struct buffer *out, size_t indent, const struct route *route) {
	struct span rest = buffer_span(&route->headers), line;
	if (rest.len > 0) {
		begin_line(out, indent);
		buffer_append_text(out, "headers:\n");
	}
	while (header_lines_take(&rest, &line)) {
		begin_line(out, indent + 2);
		json_append_text(out, header_line_name(line));
		buffer_append_text(out, ": ");
		json_append_text(out, header_line_value(line));
		buffer_append_byte(out, '\n');
	}
}

static void append_option(struct buffer *out, size_t indent, const struct route_option *option,
	const struct route *route) {
	struct buffer value = {0};
	option->append(&value, route);
	if (value.len > 0 && option->flag) {
		begin_line(out, indent);
		buffer_printf(out, "%s: true\n", option->name);
	} else if (value.len > 0) {
		append_text(out, indent, option->name, buffer_span(&value));
	}
	buffer_clear(&value);
}

void routes_append_yaml(struct buffer *out, const struct routes *routes, size_t indent) {
	begin_line(out, indent);
	buffer_printf(out, "match: %s\n", match_names[routes->match]);
	begin_line(out, indent);
	buffer_append_text(out, routes->count > 0 ? "routes:\n" : "routes: []\n");
	for (size_t i = 0; i < routes->count; i++) {
		const struct route *route = &routes->list[i];
		size_t start = out->len;
		append_text(out, indent + 4, "filter", span_text(route->filter_text));
		out->data[start + indent + 2] = '-';
		append_text(out, indent + 4, "to", span_text(route->url));
		for (size_t j = 0; j < route_option_count; j++) {
			append_option(out, indent + 4, &route_options[j], route);
		}
		append_headers(out, indent + 4, route);
	}
}
