#include "tui/screen/touch.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/screen/key.h"

void touches_clear(struct touches *touches) {
	free(touches->list);
	*touches = (struct touches){0};
}

static bool is_in(struct area area, size_t x, size_t y) {
	return x >= area.x && x - area.x < area.columns && y >= area.y && y - area.y < area.rows;
}

const struct touch *touches_find(const struct touches *touches, size_t x, size_t y) {
	for (size_t i = touches->count; i > 0; i--) {
		if (is_in(touches->list[i - 1].area, x, y)) {
			return &touches->list[i - 1];
		}
	}
	return NULL;
}

void touch_note(struct canvas *canvas, const struct touch *touch) {
	struct touches *touches = canvas->touches;
	if (!touches || touch->area.columns == 0 || touch->area.rows == 0) {
		return;
	}
	if (touches->count == touches->capacity) {
		touches->capacity = touches->capacity > 0 ? 2 * touches->capacity : 64;
		touches->list = alloc_resize(touches->list, touches->capacity * sizeof *touches->list);
	}
	touches->list[touches->count++] = *touch;
}

void touch_forget(struct canvas *canvas) {
	if (canvas->touches) {
		canvas->touches->count = 0;
	}
}

void touch_key(struct canvas *canvas, struct area area, uint32_t key) {
	touch_note(canvas, &(struct touch){.area = area, .kind = TOUCH_KEY, .number = key});
}

void touch_key_named(struct canvas *canvas, struct area area, const char *name) {
	uint32_t key;
	if (key_parse(span_text(name), &key)) {
		touch_key(canvas, area, key);
		return;
	}
	for (size_t i = 0; name[i] && i < area.columns; i++) {
		if (strchr(" /", name[i]) == NULL) {
			touch_key(canvas, (struct area){area.x + i, area.y, 1, 1}, (unsigned char)name[i]);
		}
	}
}

void touch_key_carefully(struct canvas *canvas, struct area area, uint32_t key, bool chosen) {
	touch_note(
		canvas, &(struct touch){.area = area, .kind = TOUCH_KEY, .number = key, .careful = true});
	canvas_add_style(canvas, area, chosen ? STYLE_CURSOR : 0);
}

void touch_row(struct canvas *canvas, struct area area, size_t row) {
	touch_note(canvas, &(struct touch){.area = area, .kind = TOUCH_ROW, .number = row});
}
