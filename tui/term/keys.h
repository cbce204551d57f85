/*
 * What a terminal sends, taken apart: bytes in, keys, clicks and pasted text out. Pure: no terminal, no clock. We do this ourselves
 * and leave output alone to ncurses, because its getch() knows no end of a pasted text, takes the rest of a sequence it
 * does not know for keys that were pressed, and waits for bytes where a loop cannot; this can be tested and fuzzed instead.
 *
 * A sequence that is not known means nothing, whatever it holds; it never falls apart into keys. The outcome does not
 * depend on where reads end, only on how long nothing comes (keys_timeout).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"
#include "tui/screen/key.h"

/* Pasted text beyond this is dropped. */
#define KEYS_PASTE_MAX (64 * 1024)

/* How long to wait for what may follow: an escape alone is a key; a sequence or a paste that stops is given up. */
#define KEYS_ESCAPE_MS 25
#define KEYS_SEQUENCE_MS 1000
#define KEYS_PASTE_MS 5000

/* Two clicks on one cell within this are a double click. */
#define KEYS_DOUBLE_CLICK_MS 400

enum input_kind { INPUT_KEY, INPUT_MOUSE, INPUT_PASTE };

struct input {
	enum input_kind kind;
	uint32_t key;
	struct mouse mouse;
	struct span text; /* INPUT_PASTE: valid until the next call; its line ends are \n */
};

/* Treat as opaque. All zero is a terminal that has sent nothing yet. */
struct keys {
	int state;
	char sequence[64]; /* of a control sequence, behind ESC [ */
	size_t len;
	uint32_t point;    /* of a character that is not complete */
	uint32_t smallest; /* point that may need so many bytes */
	int more;          /* bytes it still needs */
	struct buffer paste;
	size_t matched; /* bytes of the mark that ends a paste */
	int64_t since_ms;
	int64_t
		escaped_at_ms; /* when an escape was taken for a key: what follows may yet belong to it */
	int64_t clicked_at_ms;
	size_t clicked_x, clicked_y;
};

void keys_clear(struct keys *keys);

/*
 * Takes bytes off `rest` up to the next input. False: all are taken and there is none (yet). `now_ms` counts from anywhere,
 * but not from 0.
 */
bool keys_next(struct keys *keys, struct span *rest, int64_t now_ms, struct input *input);

/* Milliseconds until keys_timeout is to be called if nothing comes; -1: need not be. */
int64_t keys_wait_ms(const struct keys *keys, int64_t now_ms);

/* Nothing came for so long. True: that makes `input`. */
bool keys_timeout(struct keys *keys, int64_t now_ms, struct input *input);
