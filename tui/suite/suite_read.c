#include "tui/suite/suite_read.h"

#include <string.h>

#include "common/glob.h"
#include "common/json_lexer.h"
#include "common/needle.h"

#define WITHIN_MAX_MS (24 * 3600 * 1000)

struct suite_place suite_place_of(const struct yaml_node *node) {
	return (struct suite_place){node->line, node->column};
}

static bool too_many(
	const struct yaml_document *document, const struct yaml_node *node, struct error *err) {
	return yaml_error(document, node, err, "more than %d of them", SUITE_WANTED_MAX);
}

/* --- status --- */

static bool read_code(const struct yaml_document *document, const struct yaml_node *node,
	struct suite_expectation *expect, struct error *err) {
	const char *text = node->kind == YAML_SCALAR ? node->text : "";
	struct suite_status *status = &expect->status[expect->status_count];
	if (strlen(text) == 3 && text[0] >= '1' && text[0] <= '9') {
		int64_t hundreds = (text[0] - '0') * INT64_C(100);
		if (strcmp(text + 1, "xx") == 0) {
			*status = (struct suite_status){hundreds, hundreds + 99};
			expect->status_count++;
			return true;
		}
		if (strspn(text + 1, "0123456789") == 2) {
			int64_t code = hundreds + (text[1] - '0') * 10 + (text[2] - '0');
			*status = (struct suite_status){code, code};
			expect->status_count++;
			return true;
		}
	}
	return yaml_error(document, node, err,
		"expected a status such as 200, 2xx or [200, 202], found \"%s\"", text);
}

static bool read_status(const struct yaml_document *document, const struct yaml_node *node,
	struct suite_expectation *expect, struct error *err) {
	if (!node) {
		expect->status[expect->status_count++] = (struct suite_status){200, 299};
		return true;
	}
	expect->status_place = suite_place_of(node);
	if (node->kind != YAML_LIST) {
		return read_code(document, node, expect, err);
	}
	for (size_t i = 0; i < node->count; i++) {
		if (expect->status_count == SUITE_WANTED_MAX) {
			return too_many(document, node, err);
		}
		if (!read_code(document, node->items[i], expect, err)) {
			return false;
		}
	}
	return node->count > 0 || yaml_error(document, node, err, "expected at least one status");
}

/* --- headers --- */

static bool is_null(const struct yaml_node *node) {
	return !node->quoted && (strcmp(node->text, "null") == 0 || strcmp(node->text, "~") == 0);
}

static bool read_header(const struct yaml_document *document, const struct yaml_node *name,
	const struct yaml_node *value, struct suite_expectation *expect, struct error *err) {
	struct suite_header *header = &expect->headers[expect->header_count];
	if (value->kind != YAML_SCALAR || (!value->text[0] && !value->quoted)) {
		return yaml_error(document, value, err,
			"expected a header's value (* stands for any run of characters), or null");
	}
	*header = (struct suite_header){suite_place_of(name), name->text, value->text, NULL};
	if (!is_null(value)) {
		header->glob = glob_new(span_text(value->text), false);
	}
	expect->header_count++;
	return true;
}

static bool read_headers(const struct yaml_document *document, const struct yaml_node *node,
	struct suite_expectation *expect, struct error *err) {
	if (node && node->kind != YAML_MAP) {
		return yaml_error(document, node, err, "expected headers as Name: value");
	}
	for (size_t i = 0; node && i < node->count; i += 2) {
		if (expect->header_count == SUITE_WANTED_MAX) {
			return too_many(document, node, err);
		}
		if (!read_header(document, node->items[i], node->items[i + 1], expect, err)) {
			return false;
		}
	}
	return true;
}

/* --- values of the JSON --- */

static bool is_json_literal(const struct yaml_node *node) {
	struct span text = span_text(node->text);
	return !node->quoted && text.len > 0 && text.data[0] != '"' && json_is_whole(text);
}

static bool read_value(const struct yaml_document *document, const struct yaml_node *path,
	const struct yaml_node *value, struct suite_expectation *expect, struct error *err) {
	if (path->text[0] != '.' || !path->text[1] || strstr(path->text, "..")) {
		return yaml_error(document, path, err,
			"expected a path such as .order.items.0.id, found \"%s\"", path->text);
	}
	if (value->kind != YAML_SCALAR || (!value->text[0] && !value->quoted)) {
		return yaml_error(
			document, value, err, "expected one value: a text, a number, true, false or null");
	}
	expect->values[expect->value_count++] = (struct suite_value){
		suite_place_of(path), path->text, value->text, !is_json_literal(value)};
	return true;
}

static bool read_values(const struct yaml_document *document, const struct yaml_node *node,
	struct suite_expectation *expect, struct error *err) {
	if (node && node->kind != YAML_MAP) {
		return yaml_error(document, node, err, "expected values as .path: value");
	}
	for (size_t i = 0; node && i < node->count; i += 2) {
		if (expect->value_count == SUITE_WANTED_MAX) {
			return too_many(document, node, err);
		}
		if (!read_value(document, node->items[i], node->items[i + 1], expect, err)) {
			return false;
		}
	}
	return true;
}

/* --- all of it --- */

static bool read_body(const struct yaml_document *document, const struct yaml_node *node,
	struct suite_expectation *expect, struct error *err) {
	if (!node) {
		return true;
	}
	if (!yaml_text(document, node, &expect->body_text, err)) {
		return false;
	}
	expect->body_place = suite_place_of(node);
	expect->body = needle_new(span_text(expect->body_text), false);
	return true;
}

static bool read_within(const struct yaml_document *document, const struct yaml_node *node,
	struct suite_expectation *expect, struct error *err) {
	if (!node) {
		return true;
	}
	expect->within_place = suite_place_of(node);
	return yaml_duration_ms(document, node, 1, WITHIN_MAX_MS, &expect->within_ms, err);
}

bool suite_read_expectation(const struct yaml_document *document, const struct yaml_node *node,
	struct suite_expectation *expect, struct error *err) {
	static const char *const keys[] = {"status", "headers", "json", "body", "within"};
	if (node && node->kind != YAML_MAP) {
		return yaml_error(
			document, node, err, "expected a map of status, headers, json, body and within");
	}
	if (node && !yaml_check_keys(document, node, keys, sizeof keys / sizeof *keys, err)) {
		return false;
	}
	return read_status(document, node ? yaml_get(node, "status") : NULL, expect, err) &&
	       read_headers(document, node ? yaml_get(node, "headers") : NULL, expect, err) &&
	       read_values(document, node ? yaml_get(node, "json") : NULL, expect, err) &&
	       read_body(document, node ? yaml_get(node, "body") : NULL, expect, err) &&
	       read_within(document, node ? yaml_get(node, "within") : NULL, expect, err);
}

void suite_expectation_clear(struct suite_expectation *expect) {
	for (size_t i = 0; i < expect->header_count; i++) {
		glob_free(expect->headers[i].glob);
	}
	needle_free(expect->body);
}
