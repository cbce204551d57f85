#include "tui/screen/effect.h"

#include <stdlib.h>

#include "common/alloc.h"

struct effect *effects_add(struct effects *effects, enum effect_type type) {
	if (effects->taken == effects->count) {
		effects->taken = effects->count = 0;
	}
	if (effects->count == effects->capacity) {
		effects->capacity = effects->capacity ? 2 * effects->capacity : 8;
		effects->list = alloc_resize(effects->list, effects->capacity * sizeof *effects->list);
	}
	struct effect *effect = &effects->list[effects->count++];
	*effect = (struct effect){.type = type};
	return effect;
}

bool effects_take(struct effects *effects, struct effect *effect) {
	if (effects->taken == effects->count) {
		return false;
	}
	*effect = effects->list[effects->taken++];
	return true;
}

void effect_clear(struct effect *effect) {
	buffer_clear(&effect->text);
	buffer_clear(&effect->filter);
	buffer_clear(&effect->body);
}

void effects_clear(struct effects *effects) {
	struct effect effect;
	while (effects_take(effects, &effect)) {
		effect_clear(&effect);
	}
	free(effects->list);
	*effects = (struct effects){0};
}

bool effect_changes(enum effect_type type) {
	switch (type) {
	case EFFECT_REVERIFY:
	case EFFECT_FORWARD_MISSED:
	case EFFECT_REPLAY:
	case EFFECT_BULK_PLAN:
	case EFFECT_BULK_RESUME:
	case EFFECT_BULK_RUN:
	case EFFECT_EDIT:
	case EFFECT_SEND:
	case EFFECT_PROVE:
	case EFFECT_RETRY:
	case EFFECT_RETRY_POLICY:
	case EFFECT_DEMO:
	case EFFECT_KEEP_RELAY:
	case EFFECT_ANNOTATE:
	case EFFECT_SECRET:
		return true;
	default:
		return false;
	}
}
