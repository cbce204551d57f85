/* A YAML file becomes a tree within its bounds, or an error that says where. */
#include <string.h>

#include "common/yaml.h"
#include "tests/fuzz/fuzz.h"

static void check_node(const struct yaml_node *node, int depth) {
	HOLDS(depth <= YAML_MAX_DEPTH);
	HOLDS(node->line > 0 && node->column > 0);
	if (node->kind == YAML_SCALAR) {
		HOLDS(node->text != NULL);
		return;
	}
	HOLDS(node->kind != YAML_MAP || node->count % 2 == 0);
	for (size_t i = 0; i < node->count; i++) {
		check_node(node->items[i], depth + 1);
	}
	for (size_t i = 0; node->kind == YAML_MAP && i < node->count; i += 2) {
		HOLDS(node->items[i]->kind == YAML_SCALAR);
		/* found under its key means: no other node has the same key */
		HOLDS(yaml_get(node, node->items[i]->text) == node->items[i + 1]);
	}
}

/* Typed readers say what is wrong with a value, or give one within its bounds. */
static void check_scalar(const struct yaml_document *document, const struct yaml_node *node) {
	struct error err = {0};
	int64_t value = 0;
	bool on;
	HOLDS(!yaml_int(document, node, 1, 100, &value, &err) || (value >= 1 && value <= 100));
	HOLDS(
		!yaml_bytes(document, node, 1, 1 << 20, &value, &err) || (value >= 1 && value <= 1 << 20));
	HOLDS(
		!yaml_duration_ms(document, node, 1, 5000, &value, &err) || (value >= 1 && value <= 5000));
	yaml_bool(document, node, &on, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct error err = {0};
	struct span text = {(const char *)data, len};
	struct yaml_document *document = yaml_parse("f.yaml", text, &err);
	if (!document) {
		HOLDS(err.code == ERROR_CONFIG);
		HOLDS(strncmp(err.text, "f.yaml:", strlen("f.yaml:")) == 0);
		return 0;
	}
	const struct yaml_node *root = yaml_root(document);
	if (root) {
		check_node(root, 1);
		check_scalar(document, root->count > 0 ? root->items[root->count - 1] : root);
	}
	yaml_close(document);
	return 0;
}
