/*
 * Any line is a route or refused with a sentence, and so is any file; what a route is written as, as a line or in a file, reads as
 * the same route. The input is a line, or, behind a '#', a file.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/routes.h"

static void append_all(struct buffer *out, const struct routes *routes) {
	for (size_t i = 0; i < routes->count; i++) {
		route_append_line(out, &routes->list[i]);
		buffer_append_byte(out, '\n');
	}
}

static void reads_the_same(const struct routes *routes) {
	struct buffer line = {0}, again = {0}, yaml = {0};
	struct routes read = {0};
	struct error err = {0};
	append_all(&line, routes);
	for (size_t i = 0; i < routes->count; i++) {
		struct buffer one = {0};
		route_append_line(&one, &routes->list[i]);
		HOLDS(routes_add(&read, buffer_span(&one), false, &err));
		buffer_clear(&one);
	}
	append_all(&again, &read);
	HOLDS(span_equal(buffer_span(&line), buffer_span(&again)));
	routes_append_yaml(&yaml, routes, 0);
	struct yaml_document *document = yaml_parse("a", buffer_span(&yaml), &err);
	if (document) { /* a name may hold what no YAML file may, such as U+FFFE */
		routes_clear(&read);
		buffer_reset(&again);
		HOLDS(routes_read(&read, document, yaml_root(document), &err));
		append_all(&again, &read);
		HOLDS(span_equal(buffer_span(&line), buffer_span(&again)));
	}
	yaml_close(document);
	routes_clear(&read);
	buffer_clear(&line);
	buffer_clear(&again);
	buffer_clear(&yaml);
}

static void check_line(struct span text) {
	struct routes routes = {0};
	struct error err = {0};
	if (routes_add(&routes, text, false, &err)) {
		const struct event event = {.endpoint = {"default", 7}};
		const struct route *picked[ROUTE_TARGETS_MAX];
		HOLDS(routes.count == 1);
		HOLDS(routes_pick(&routes, &event, text, text, 0, picked) <= 1);
		reads_the_same(&routes);
	} else {
		HOLDS(err.code == ERROR_USAGE && err.text[0] != '\0');
	}
	routes_clear(&routes);
}

static void check_file(struct span text) {
	struct routes routes = {0};
	struct error err = {0};
	struct yaml_document *document = yaml_parse("a", text, &err);
	const struct yaml_node *root = document ? yaml_root(document) : NULL;
	if (root && !routes_read(&routes, document, root, &err)) {
		HOLDS(err.code == ERROR_CONFIG && strncmp(err.text, "a:", 2) == 0);
	} else if (root) {
		reads_the_same(&routes);
	}
	yaml_close(document);
	routes_clear(&routes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span text = {(const char *)data, len};
	if (len > 0 && text.data[0] == '#') {
		check_file(text);
	} else {
		check_line(text);
	}
	return 0;
}
