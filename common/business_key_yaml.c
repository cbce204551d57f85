#include "common/business_key_yaml.h"

static bool read_one(struct business_key keys[BUSINESS_KEYS_MAX], size_t *count,
	const struct yaml_document *document, const struct yaml_node *name,
	const struct yaml_node *place, struct error *err) {
	const char *text;
	struct error why = {0};
	if (!yaml_text(document, place, &text, err)) {
		return false;
	}
	if (*count == BUSINESS_KEYS_MAX) {
		return yaml_error(document, place, err, "more than %d places", BUSINESS_KEYS_MAX);
	}
	return business_key_read(&keys[(*count)++], span_text(name->text), span_text(text), &why) ||
	       yaml_error(document, place, err, "%s", why.text);
}

bool business_keys_read_yaml(struct business_key keys[BUSINESS_KEYS_MAX], size_t *count,
	const struct yaml_document *document, const struct yaml_node *node, struct error *err) {
	*count = 0;
	if (node->kind != YAML_MAP) {
		return yaml_error(
			document, node, err, "expected names with their places, such as order: .data.order.id");
	}
	for (size_t i = 0; i < node->count; i += 2) {
		const struct yaml_node *name = node->items[i], *places = node->items[i + 1];
		bool is_list = places->kind == YAML_LIST;
		for (size_t k = 0; k < (is_list ? places->count : 1); k++) {
			const struct yaml_node *place = is_list ? places->items[k] : places;
			if (!read_one(keys, count, document, name, place, err)) {
				return false;
			}
		}
	}
	return true;
}
