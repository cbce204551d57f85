#include "tui/suite/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "common/yaml.h"
#include "tui/suite/suite_event.h"
#include "tui/suite/suite_read.h"

/* A file beside the test file; an absolute name stays. */
static char *beside(const struct suite *suite, const char *name) {
	struct buffer path = {0};
	const char *slash = strrchr(suite->file, '/');
	if (slash && name[0] != '/') {
		buffer_append(&path, suite->file, (size_t)(slash - suite->file) + 1);
	}
	buffer_append_text(&path, name);
	char *copy = alloc_text(path.data, path.len);
	buffer_clear(&path);
	return copy;
}

/* --- how it is signed --- */

static bool read_parameters(struct suite *suite, const struct yaml_node *node,
	struct suite_signing *signing, struct error *err) {
	if (node && node->kind != YAML_MAP) {
		return yaml_error(suite->document, node, err, "expected parameters as NAME: VALUE");
	}
	for (size_t i = 0; node && i < node->count; i += 2) {
		if (signing->parameter_count == SUITE_WANTED_MAX) {
			return yaml_error(
				suite->document, node, err, "more than %d parameters", SUITE_WANTED_MAX);
		}
		size_t at = signing->parameter_count++;
		signing->parameters[at].name = node->items[i]->text;
		if (!yaml_text(suite->document, node->items[i + 1], &signing->parameters[at].value, err)) {
			return false;
		}
	}
	return true;
}

static bool read_signing_map(struct suite *suite, const struct yaml_node *node,
	struct suite_signing **out, struct error *err) {
	static const char *const keys[] = {"provider", "secret_file", "parameters"};
	struct suite_signing *signing = alloc_zero(1, sizeof *signing);
	const char *file = NULL;
	suite->signings =
		alloc_resize(suite->signings, (suite->signing_count + 1) * sizeof *suite->signings);
	suite->signings[suite->signing_count++] = signing;
	signing->place = suite_place_of(node);
	const struct yaml_node *provider = yaml_get(node, "provider");
	const struct yaml_node *secret = yaml_get(node, "secret_file");
	if (!yaml_check_keys(suite->document, node, keys, sizeof keys / sizeof *keys, err)) {
		return false;
	}
	if (!provider || !secret) {
		return yaml_error(suite->document, node, err, "sign needs provider and secret_file");
	}
	if (!yaml_text(suite->document, provider, &signing->provider, err) ||
		!yaml_text(suite->document, secret, &file, err) ||
		!read_parameters(suite, yaml_get(node, "parameters"), signing, err)) {
		return false;
	}
	signing->secret_file = beside(suite, file);
	*out = signing;
	return true;
}

static bool read_signing(struct suite *suite, const struct yaml_node *node,
	struct suite_signing **out, struct error *err) {
	if (!node) {
		return true;
	}
	if (node->kind == YAML_MAP) {
		return read_signing_map(suite, node, out, err);
	}
	if (node->kind == YAML_SCALAR && strcmp(node->text, "as-received") == 0) {
		*out = NULL;
		return true;
	}
	return yaml_error(
		suite->document, node, err, "expected as-received, or {provider: NAME, secret_file: FILE}");
}

/* --- steps --- */

static bool count_event(void *data, const struct suite_event *event) {
	(void)event;
	++*(size_t *)data;
	return true;
}

/* What is wrong with the event is wrong where the test names it. */
static bool check_event(struct suite *suite, const struct suite_step *step,
	const struct yaml_node *node, struct error *err) {
	struct error why = {0};
	size_t count = 0;
	return suite_event_each(step->event, step->ref, count_event, &count, &why) ||
	       yaml_error(suite->document, node, err, "%s", why.text);
}

static bool read_event(
	struct suite *suite, const struct yaml_node *node, struct suite_step *step, struct error *err) {
	const struct yaml_node *event = yaml_get(node, "event"), *ref = yaml_get(node, "ref");
	const char *file = NULL;
	if (!event) {
		return yaml_error(suite->document, node, err, "a step needs event: FILE");
	}
	if (!yaml_text(suite->document, event, &file, err) ||
		(ref && !yaml_text(suite->document, ref, &step->ref, err))) {
		return false;
	}
	step->event_place = suite_place_of(event);
	step->event = beside(suite, file);
	return check_event(suite, step, event, err);
}

static bool read_path(
	struct suite *suite, const struct yaml_node *node, struct suite_step *step, struct error *err) {
	if (!node) {
		return true;
	}
	if (!yaml_text(suite->document, node, &step->path, err)) {
		return false;
	}
	bool ok = step->path[0] == '/';
	for (const char *at = step->path; *at; at++) {
		ok = ok && *at > ' ' && *at < 0x7f && *at != '#';
	}
	return ok || yaml_error(suite->document, node, err,
					 "expected a path that begins with / and is percent-encoded, found \"%s\"",
					 step->path);
}

static bool read_step(
	struct suite *suite, const struct yaml_node *node, struct suite_step *step, struct error *err) {
	static const char *const keys[] = {"event", "ref", "name", "path", "sign", "repeat", "expect"};
	const struct yaml_document *document = suite->document;
	if (node->kind != YAML_MAP) {
		return yaml_error(document, node, err, "expected a step: event, and what is expected");
	}
	const struct yaml_node *name = yaml_get(node, "name"), *repeat = yaml_get(node, "repeat");
	step->place = suite_place_of(node);
	step->repeat = 1;
	return yaml_check_keys(document, node, keys, sizeof keys / sizeof *keys, err) &&
	       (!name || yaml_text(document, name, &step->name, err)) &&
	       read_path(suite, yaml_get(node, "path"), step, err) &&
	       read_signing(suite, yaml_get(node, "sign"), &step->signing, err) &&
	       (!repeat || yaml_int(document, repeat, 1, SUITE_REPEAT_MAX, &step->repeat, err)) &&
	       suite_read_expectation(document, yaml_get(node, "expect"), &step->expect, err) &&
	       read_event(suite, node, step, err);
}

static bool read_steps(struct suite *suite, const struct yaml_node *root,
	struct suite_signing *signing, struct error *err) {
	const struct yaml_node *steps = yaml_get(root, "steps");
	if (!steps || steps->kind != YAML_LIST || steps->count == 0) {
		return yaml_error(suite->document, steps ? steps : root, err, "expected a list of steps");
	}
	if (steps->count > SUITE_STEPS_MAX) {
		return yaml_error(suite->document, steps, err, "more than %d steps", SUITE_STEPS_MAX);
	}
	suite->steps = alloc_zero(steps->count, sizeof *suite->steps);
	for (size_t i = 0; i < steps->count; i++) {
		struct suite_step *step = &suite->steps[suite->step_count++];
		step->signing = signing;
		if (!read_step(suite, steps->items[i], step, err)) {
			return false;
		}
	}
	return true;
}

static bool read_root(struct suite *suite, struct error *err) {
	static const char *const keys[] = {"name", "to", "sign", "steps"};
	const struct yaml_document *document = suite->document;
	const struct yaml_node *root = yaml_root(document);
	struct suite_signing *signing = NULL;
	if (!root || root->kind != YAML_MAP) {
		return error_set(
			err, ERROR_CONFIG, "%s:1:1: expected a test: steps, see hookline-test(5)", suite->file);
	}
	const struct yaml_node *name = yaml_get(root, "name"), *to = yaml_get(root, "to");
	return yaml_check_keys(document, root, keys, sizeof keys / sizeof *keys, err) &&
	       (!name || yaml_text(document, name, &suite->name, err)) &&
	       (!to || yaml_text(document, to, &suite->to, err)) &&
	       read_signing(suite, yaml_get(root, "sign"), &signing, err) &&
	       read_steps(suite, root, signing, err);
}

struct suite *suite_load(const char *file, struct error *err) {
	struct yaml_document *document = yaml_load(file, err);
	if (!document) {
		return NULL;
	}
	struct suite *suite = alloc_zero(1, sizeof *suite);
	suite->document = document;
	suite->file = yaml_file(document);
	if (!read_root(suite, err)) {
		suite_free(suite);
		return NULL;
	}
	return suite;
}

void suite_free(struct suite *suite) {
	if (!suite) {
		return;
	}
	for (size_t i = 0; i < suite->step_count; i++) {
		suite_expectation_clear(&suite->steps[i].expect);
		free(suite->steps[i].event);
	}
	for (size_t i = 0; i < suite->signing_count; i++) {
		free(suite->signings[i]->secret_file);
		free(suite->signings[i]);
	}
	free(suite->signings);
	free(suite->steps);
	yaml_close(suite->document);
	free(suite);
}
