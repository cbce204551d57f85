#include "tui/term/keys.h"

#include <string.h>

#define ESC 0x1b
#define BEL 0x07
#define CAN 0x18
#define SUB 0x1a
#define CSI 0x9b /* as one byte, from terminals of eight bits */
#define SS3 0x8f

/* An escape came alone, and later something that only a terminal sends: a slow line tore them apart. */
#define TORN_MS 1000

static const char paste_end[] = "\x1b[201~";

enum state {
	STATE_GROUND,
	STATE_CHARACTER, /* in UTF-8 */
	STATE_ESCAPE,
	STATE_CSI,    /* ESC [ */
	STATE_SS3,    /* ESC O */
	STATE_ONE,    /* one more byte that means nothing */
	STATE_MOUSE,  /* ESC [ M: three bytes */
	STATE_STRING, /* what a terminal answers, until BEL or ESC \ */
	STATE_STRING_ESCAPE,
	STATE_PASTE,
};

/* What one byte made. */
enum outcome { NOTHING, MADE, AGAIN /* the byte is not taken: it is to be looked at once more */ };

static enum outcome made_key(struct input *input, uint32_t key) {
	*input = (struct input){.kind = INPUT_KEY, .key = key};
	return MADE;
}

static enum outcome go(struct keys *keys, enum state state) {
	keys->state = state;
	keys->len = 0;
	return NOTHING;
}

static enum outcome take_control(struct input *input, unsigned char byte) {
	switch (byte) {
	case '\r':
	case '\n':
		return made_key(input, KEY_ENTER_KEY);
	case '\t':
		return made_key(input, KEY_TAB);
	case '\b':
	case 0x7f:
		return made_key(input, KEY_ERASE);
	case 0:
		return made_key(input, KEY_CTRL | ' ');
	default:
		return made_key(input, KEY_CTRL | (byte <= 26 ? byte + 'a' - 1u : byte + (unsigned)'@'));
	}
}

static enum outcome begin_character(struct keys *keys, unsigned char byte) {
	keys->more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
	keys->point = byte & (0x3fu >> keys->more);
	keys->smallest = keys->more == 1 ? 0x80 : keys->more == 2 ? 0x800 : 0x10000;
	return go(keys, STATE_CHARACTER);
}

static enum outcome in_ground(struct keys *keys, unsigned char byte, struct input *input) {
	if (byte == ESC) {
		return go(keys, STATE_ESCAPE);
	}
	if (byte < 0x20 || byte == 0x7f) {
		return take_control(input, byte);
	}
	if (byte < 0x80) {
		return made_key(input, byte);
	}
	if (byte == CSI || byte == SS3) {
		return go(keys, byte == CSI ? STATE_CSI : STATE_SS3);
	}
	return byte >= 0xc2 && byte <= 0xf4 ? begin_character(keys, byte) : NOTHING;
}

static enum outcome in_character(struct keys *keys, unsigned char byte, struct input *input) {
	if ((byte & 0xc0) != 0x80) {
		go(keys, STATE_GROUND);
		return AGAIN;
	}
	keys->point = keys->point << 6 | (byte & 0x3fu);
	if (--keys->more > 0) {
		return NOTHING;
	}
	go(keys, STATE_GROUND);
	bool is_character = keys->point >= keys->smallest && keys->point <= 0x10ffff &&
	                    keys->point >= 0xa0 && (keys->point < 0xd800 || keys->point > 0xdfff);
	return is_character ? made_key(input, keys->point) : NOTHING;
}

/* Alt and a key has no meaning here; of a character all bytes go. */
static enum outcome skip_alt(struct keys *keys, unsigned char byte) {
	if (byte < 0xc2 || byte > 0xf4) {
		return go(keys, STATE_GROUND);
	}
	begin_character(keys, byte);
	keys->smallest = UINT32_MAX;
	return NOTHING;
}

static enum outcome in_escape(struct keys *keys, unsigned char byte, struct input *input) {
	switch (byte) {
	case ESC: /* the one before was a key */
		return made_key(input, KEY_ESCAPE);
	case '[':
		return go(keys, STATE_CSI);
	case 'O':
		return go(keys, STATE_SS3);
	case 'N':
		return go(keys, STATE_ONE);
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_':
		return go(keys, STATE_STRING);
	default:
		return skip_alt(keys, byte);
	}
}

static uint32_t key_of_final(unsigned char final) {
	switch (final) {
	case 'A':
		return KEY_UP_ARROW;
	case 'B':
		return KEY_DOWN_ARROW;
	case 'C':
		return KEY_RIGHT_ARROW;
	case 'D':
		return KEY_LEFT_ARROW;
	case 'F':
		return KEY_END_KEY;
	case 'H':
		return KEY_HOME_KEY;
	case 'Z':
		return KEY_BACK_TAB;
	default:
		return 0;
	}
}

/* ESC [ NUMBER ~ */
static uint32_t key_of_number(size_t number) {
	switch (number) {
	case 1:
	case 7:
		return KEY_HOME_KEY;
	case 3:
		return KEY_DELETE;
	case 4:
	case 8:
		return KEY_END_KEY;
	case 5:
		return KEY_PAGE_UP;
	case 6:
		return KEY_PAGE_DOWN;
	default:
		return 0;
	}
}

/* The keypad in its application mode: digits and signs. */
static uint32_t key_of_keypad(unsigned char final) {
	if (final == 'M') {
		return KEY_ENTER_KEY;
	}
	return final >= 'j' && final <= 'y' ? final - (uint32_t)('j' - '*') : key_of_final(final);
}

static enum outcome in_ss3(struct keys *keys, unsigned char byte, struct input *input) {
	if (byte >= '0' && byte <= '9') {
		return NOTHING; /* with Shift or Ctrl some put a digit between */
	}
	go(keys, STATE_GROUND);
	if (byte < 0x20 || byte >= 0x7f) {
		return AGAIN;
	}
	uint32_t key = key_of_keypad(byte);
	return key ? made_key(input, key) : NOTHING;
}

/* Takes "12;3" apart; what is missing is 0. Returns how many numbers there were. */
static size_t read_numbers(struct span text, size_t *numbers, size_t most) {
	size_t count = 0;
	while (count < most && text.len > 0) {
		struct span part = span_cut(&text, ';');
		size_t number = 0;
		for (size_t i = 0; i < part.len && part.data[i] >= '0' && part.data[i] <= '9'; i++) {
			number = number < 100000 ? number * 10 + (size_t)(part.data[i] - '0') : number;
		}
		numbers[count++] = number;
	}
	return count;
}

/* Whether this click is the second one on its cell. */
static bool is_double(struct keys *keys, size_t x, size_t y, int64_t now_ms) {
	bool second = keys->clicked_at_ms && now_ms - keys->clicked_at_ms <= KEYS_DOUBLE_CLICK_MS &&
	              keys->clicked_x == x && keys->clicked_y == y;
	keys->clicked_at_ms = second ? 0 : now_ms;
	keys->clicked_x = x;
	keys->clicked_y = y;
	return second;
}

/* `buttons` as xterm numbers them; 4, 8 and 16 are Shift, Alt and Ctrl, 32 moving. `up`: let go. x and y count from 1. */
static enum outcome made_mouse(struct keys *keys, size_t buttons, size_t x, size_t y, bool up,
	int64_t now_ms, struct input *input) {
	size_t button = buttons & ~(size_t)(4 | 8 | 16);
	bool drag = button == 32;
	if (x == 0 || y == 0 || (button != 0 && !drag && !up && button != 64 && button != 65)) {
		return NOTHING;
	}
	input->kind = INPUT_MOUSE;
	input->mouse = (struct mouse){.x = x - 1, .y = y - 1};
	if (up || drag) {
		input->mouse.what = up ? MOUSE_RELEASE : MOUSE_DRAG;
	} else if (button == 64 || button == 65) {
		input->mouse.what = button == 64 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
	} else {
		bool second = is_double(keys, x, y, now_ms);
		input->mouse.what = second ? MOUSE_DOUBLE_CLICK : MOUSE_CLICK;
	}
	return MADE;
}

/* ESC [ < BUTTONS ; X ; Y M, and the same with m when the button is let go. */
static enum outcome end_sgr_mouse(
	struct keys *keys, struct span sequence, bool up, int64_t now_ms, struct input *input) {
	size_t numbers[3] = {0};
	read_numbers(span_after(sequence, 1), numbers, 3);
	return made_mouse(keys, numbers[0], numbers[1], numbers[2], up, now_ms, input);
}

static enum outcome end_number(struct keys *keys, size_t number, struct input *input) {
	if (number == 200) {
		buffer_reset(&keys->paste);
		keys->matched = 0;
		return go(keys, STATE_PASTE);
	}
	uint32_t key = key_of_number(number);
	return key ? made_key(input, key) : NOTHING;
}

static enum outcome end_csi(
	struct keys *keys, unsigned char final, int64_t now_ms, struct input *input) {
	struct span sequence = {keys->sequence, keys->len};
	size_t number = 0;
	bool is_plain = keys->len == 0 || (keys->sequence[0] >= '0' && keys->sequence[0] <= ';');
	bool is_whole = keys->len < sizeof keys->sequence;
	go(keys, STATE_GROUND);
	if (!is_whole) {
		return NOTHING;
	}
	if (final == 'M' && sequence.len == 0) {
		return go(keys, STATE_MOUSE);
	}
	if ((final == 'M' || final == 'm') && sequence.len > 0 && sequence.data[0] == '<') {
		return end_sgr_mouse(keys, sequence, final == 'm', now_ms, input);
	}
	if (final == '~' && is_plain) {
		read_numbers(sequence, &number, 1);
		return end_number(keys, number, input);
	}
	uint32_t key = is_plain ? key_of_final(final) : 0;
	return key ? made_key(input, key) : NOTHING;
}

static enum outcome in_csi(
	struct keys *keys, unsigned char byte, int64_t now_ms, struct input *input) {
	if (byte == ESC) {
		return go(keys, STATE_ESCAPE);
	}
	if (byte < 0x20 || byte >= 0x7f) {
		go(keys, STATE_GROUND); /* no sequence goes on like this */
		return AGAIN;
	}
	if (byte == '[' && keys->len == 0) {
		return go(keys, STATE_ONE); /* function keys of the Linux console */
	}
	if (byte >= 0x40) {
		return end_csi(keys, byte, now_ms, input);
	}
	if (keys->len < sizeof keys->sequence) {
		keys->sequence[keys->len++] = (char)byte;
	}
	return NOTHING;
}

/* The mouse of terminals that know no better: each byte is 32 more than it means. */
static enum outcome in_mouse(
	struct keys *keys, unsigned char byte, int64_t now_ms, struct input *input) {
	keys->sequence[keys->len++] = (char)byte;
	if (keys->len < 3) {
		return NOTHING;
	}
	const unsigned char *bytes = (const unsigned char *)keys->sequence;
	go(keys, STATE_GROUND);
	if (bytes[0] < 32 || bytes[1] < 33 || bytes[2] < 33) {
		return NOTHING;
	}
	size_t button = bytes[0] - 32u;
	return made_mouse(
		keys, button, bytes[1] - 32u, bytes[2] - 32u, (button & 3) == 3, now_ms, input);
}

static enum outcome in_string(struct keys *keys, unsigned char byte) {
	if (byte == BEL || byte == CAN || byte == SUB) {
		return go(keys, STATE_GROUND);
	}
	return byte == ESC ? go(keys, STATE_STRING_ESCAPE) : NOTHING;
}

static enum outcome in_string_escape(struct keys *keys, unsigned char byte) {
	if (byte == '\\') {
		return go(keys, STATE_GROUND);
	}
	go(keys, STATE_ESCAPE); /* the string was broken off by another sequence */
	return AGAIN;
}

static void paste_bytes(struct keys *keys, const char *bytes, size_t len) {
	size_t room = KEYS_PASTE_MAX - keys->paste.len;
	buffer_append(&keys->paste, bytes, len < room ? len : room);
}

static enum outcome end_paste(struct keys *keys, struct input *input) {
	go(keys, STATE_GROUND);
	*input = (struct input){.kind = INPUT_PASTE, .text = buffer_span(&keys->paste)};
	return MADE;
}

static enum outcome in_paste(
	struct keys *keys, unsigned char byte, int64_t now_ms, struct input *input) {
	keys->since_ms = now_ms;
	if (byte == (unsigned char)paste_end[keys->matched]) {
		keys->matched++;
		return keys->matched == sizeof paste_end - 1 ? end_paste(keys, input) : NOTHING;
	}
	paste_bytes(keys, paste_end, keys->matched); /* it only began like the mark */
	keys->matched = byte == ESC;
	if (byte != ESC) {
		paste_bytes(keys, byte == '\r' ? "\n" : (const char *)&byte, 1);
	}
	return NOTHING;
}

static enum outcome take(
	struct keys *keys, unsigned char byte, int64_t now_ms, struct input *input) {
	if (byte == ESC || keys->state == STATE_GROUND) {
		keys->since_ms = now_ms;
	}
	switch ((enum state)keys->state) {
	case STATE_GROUND:
		return in_ground(keys, byte, input);
	case STATE_CHARACTER:
		return in_character(keys, byte, input);
	case STATE_ESCAPE:
		return in_escape(keys, byte, input);
	case STATE_CSI:
		return in_csi(keys, byte, now_ms, input);
	case STATE_SS3:
		return in_ss3(keys, byte, input);
	case STATE_ONE:
		return go(keys, STATE_GROUND);
	case STATE_MOUSE:
		return in_mouse(keys, byte, now_ms, input);
	case STATE_STRING:
		return in_string(keys, byte);
	case STATE_STRING_ESCAPE:
		return in_string_escape(keys, byte);
	case STATE_PASTE:
		return in_paste(keys, byte, now_ms, input);
	}
	return NOTHING;
}

/*
 * A slow line may deliver ESC, and what belongs to it a moment after it was taken for a key. A hand does not press [ and the rest
 * of a sequence at once.
 */
static void join_torn(struct keys *keys, struct span rest, int64_t now_ms) {
	bool lately = keys->escaped_at_ms && now_ms - keys->escaped_at_ms < TORN_MS;
	keys->escaped_at_ms = 0;
	if (lately && keys->state == STATE_GROUND && rest.len > 1 &&
		(rest.data[0] == '[' || rest.data[0] == 'O')) {
		keys->since_ms = now_ms;
		keys->state = STATE_ESCAPE;
	}
}

bool keys_next(struct keys *keys, struct span *rest, int64_t now_ms, struct input *input) {
	if (rest->len > 0) {
		join_torn(keys, *rest, now_ms);
	}
	while (rest->len > 0) {
		enum outcome outcome = take(keys, (unsigned char)rest->data[0], now_ms, input);
		if (outcome != AGAIN) {
			*rest = span_after(*rest, 1);
		}
		if (outcome == MADE) {
			return true;
		}
	}
	return false;
}

static int64_t limit_ms(const struct keys *keys) {
	return keys->state == STATE_ESCAPE  ? KEYS_ESCAPE_MS
	       : keys->state == STATE_PASTE ? KEYS_PASTE_MS
	                                    : KEYS_SEQUENCE_MS;
}

int64_t keys_wait_ms(const struct keys *keys, int64_t now_ms) {
	if (keys->state == STATE_GROUND) {
		return -1;
	}
	int64_t left_ms = keys->since_ms + limit_ms(keys) - now_ms;
	return left_ms > 0 ? left_ms : 0;
}

bool keys_timeout(struct keys *keys, int64_t now_ms, struct input *input) {
	if (keys_wait_ms(keys, now_ms) != 0) {
		return false;
	}
	enum state state = (enum state)keys->state;
	go(keys, STATE_GROUND);
	if (state == STATE_ESCAPE) {
		keys->escaped_at_ms = now_ms;
		return made_key(input, KEY_ESCAPE) == MADE;
	}
	return state == STATE_PASTE && end_paste(keys, input) == MADE;
}

void keys_clear(struct keys *keys) {
	buffer_clear(&keys->paste);
	*keys = (struct keys){0};
}
