/* What people ask by is a value of the request, too: a key that stands where something is masked is not shown. */
#include <stdlib.h>

#include "common/business_key.h"
#include "common/signature/provider.h"
#include "tui/screen/masking_parts.h"

/* A component of "data.items.*.id" by a step of a masked path. */
static bool fits(const struct masking_field *field, size_t nth, struct span component) {
	const struct masking_step *step = &field->steps[nth];
	bool digits = component.len > 0 && component.data[0] >= '0' && component.data[0] <= '9';
	bool any = span_is(component, "*");
	switch (step->kind) {
	case MASK_ANY_NAME:
		return true;
	case MASK_ANY_INDEX:
		return any || digits;
	case MASK_INDEX:
		return any || (digits && strtol(component.data, NULL, 10) == step->index);
	default:
		return span_equal(component, (struct span){field->text + step->from, step->len});
	}
}

/* Whether the value there, or something around it, is masked. */
static bool is_masked_path(const struct masking_field *field, struct span path) {
	for (size_t nth = 0; path.len > 0; nth++) {
		struct span component = span_cut(&path, '.');
		if (field->count == 0 && span_is(component, field->text)) {
			return true;
		}
		if (field->count > 0 && !fits(field, nth, component)) {
			return false;
		}
		if (field->count > 0 && nth + 1 == field->count) {
			return true;
		}
	}
	return false;
}

static bool is_masked_place(const struct masking *masking, const struct business_key *place) {
	struct span path = span_text(place->path);
	if (place->place == BUSINESS_KEY_HEADER) {
		return masking_has_header(masking, path);
	}
	if (place->place != BUSINESS_KEY_JSON) {
		return masking_has_name(masking, path);
	}
	for (size_t i = 0; i < masking->field_count; i++) {
		if (is_masked_path(&masking->fields[i], path)) {
			return true;
		}
	}
	return false;
}

static bool is_masked_key(const struct masking *masking, struct span provider, struct span name) {
	const struct provider *known = provider_builtin(provider);
	for (size_t i = 0; known && i < known->key_count; i++) {
		if (span_is(name, known->keys[i].name) && is_masked_place(masking, &known->keys[i])) {
			return true;
		}
	}
	return masking_has_name(masking, name);
}

void masking_keys(
	struct buffer *out, const struct masking *masking, struct span provider, struct span keys) {
	struct span name, value;
	const char *from = keys.data;
	while (business_keys_next(&keys, &name, &value)) {
		if (!is_masked_key(masking, provider, name)) {
			buffer_append(out, from, (size_t)(keys.data - from));
		}
		from = keys.data;
	}
}
