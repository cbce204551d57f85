/*
 * Whatever a terminal sends: keys are characters or have names, what is pasted is bounded, and the outcome does not depend on
 * where reads end.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/term/keys.h"

#define NOW_MS 1000

static bool is_key(uint32_t key) {
	if (key & KEYS_BEGIN) {
		return key > KEYS_BEGIN && key <= KEY_DELETE;
	}
	uint32_t plain = key & ~KEY_CTRL;
	bool is_printable = plain >= 0x20 && plain != 0x7f && (plain < 0x80 || plain >= 0xa0);
	return is_printable && plain <= 0x10ffff && (plain < 0xd800 || plain > 0xdfff);
}

static void check(const struct input *input) {
	switch (input->kind) {
	case INPUT_KEY:
		HOLDS(is_key(input->key));
		break;
	case INPUT_MOUSE:
		HOLDS(input->mouse.what <= MOUSE_WHEEL_DOWN);
		HOLDS(input->mouse.x <= 1000000 && input->mouse.y <= 1000000);
		break;
	case INPUT_PASTE:
		HOLDS(input->text.len <= KEYS_PASTE_MAX);
		break;
	}
}

static void tell(struct buffer *told, const struct input *input) {
	check(input);
	buffer_printf(told, "%d %x %d %zu %zu ", (int)input->kind,
		input->kind == INPUT_KEY ? input->key : 0,
		input->kind == INPUT_MOUSE ? (int)input->mouse.what : 0,
		input->kind == INPUT_MOUSE ? input->mouse.x : 0,
		input->kind == INPUT_MOUSE ? input->mouse.y : 0);
	if (input->kind == INPUT_PASTE) {
		buffer_append_span(told, input->text);
	}
	buffer_append_byte(told, '\n');
}

/* Reads of `part` bytes, and silence at the end. */
static void run(struct buffer *told, struct span text, size_t part) {
	struct keys keys = {0};
	struct input input;
	while (text.len > 0) {
		struct span rest = {text.data, text.len < part ? text.len : part};
		text = span_after(text, rest.len);
		while (keys_next(&keys, &rest, NOW_MS, &input)) {
			tell(told, &input);
		}
		HOLDS(rest.len == 0);
	}
	if (keys_timeout(&keys, NOW_MS + KEYS_PASTE_MS, &input)) {
		tell(told, &input);
	}
	HOLDS(keys_wait_ms(&keys, NOW_MS + KEYS_PASTE_MS) == -1);
	keys_clear(&keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span text = {(const char *)data, len};
	struct buffer whole = {0}, parts = {0};
	run(&whole, text, len + 1);
	for (size_t part = 1; part < 4; part++) {
		buffer_reset(&parts);
		run(&parts, text, part);
		HOLDS(span_equal(buffer_span(&whole), buffer_span(&parts)));
	}
	buffer_clear(&whole);
	buffer_clear(&parts);
	return 0;
}
