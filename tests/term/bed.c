/* A program on the terminal that tells what it hears, for the tests beside it. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"
#include "tui/screen/canvas.h"
#include "tui/term/term.h"

#define HEARD_MAX 12

struct bed {
	uv_loop_t loop;
	uv_timer_t frames;
	struct term *term;
	struct canvas canvas;
	char heard[HEARD_MAX][64]; /* newest last */
	size_t count;
	bool cursor;
	int frame; /* counts while `m` moves everything */
};

static void show(struct bed *bed) {
	size_t columns, rows;
	term_size(bed->term, &columns, &rows);
	canvas_resize(&bed->canvas, columns, rows);
	canvas_print(&bed->canvas, 0, 0, columns, STYLE_BAR, "size %zux%zu %s frame %d", columns, rows,
		bed->canvas.ascii ? "ascii" : "utf-8", bed->frame);
	for (size_t i = 0; i < bed->count; i++) {
		canvas_print(&bed->canvas, 0, 1 + i, columns, STYLE_TEXT, "%s", bed->heard[i]);
	}
	for (unsigned style = 0; style < STYLE_COUNT && columns > 50; style++) {
		canvas_print(
			&bed->canvas, columns - 12, 1 + style, 12, style, "style %c", style_letter(style));
	}
	for (size_t y = 1; bed->frame > 0 && y < rows; y++) {
		canvas_print(&bed->canvas, 0, y, columns, STYLE_GOOD, "%*d %d", (int)columns / 2,
			bed->frame + (int)y * 7919, bed->frame * (int)y);
	}
	canvas_put(
		&bed->canvas, 0, rows - 1, columns, span_text("\u4f60\u597d e\u0301 end"), STYLE_FAINT);
	canvas_add_style(&bed->canvas, (struct area){0, 1, columns, 1}, STYLE_CURSOR);
	bed->canvas.cursor = bed->cursor;
	bed->canvas.cursor_x = 3;
	bed->canvas.cursor_y = 2;
	term_show(bed->term, &bed->canvas);
}

static void hear(struct bed *bed, const char *what) {
	if (bed->count == HEARD_MAX) {
		memmove(bed->heard[0], bed->heard[1], sizeof bed->heard - sizeof bed->heard[0]);
		bed->count--;
	}
	snprintf(bed->heard[bed->count++], sizeof bed->heard[0], "%s", what);
	show(bed);
}

static void quit(struct bed *bed) {
	term_close(bed->term);
	bed->term = NULL;
	uv_close((uv_handle_t *)&bed->frames, NULL);
}

static void on_frame(uv_timer_t *timer) {
	struct bed *bed = timer->data;
	bed->frame++;
	show(bed);
}

static void copy(struct bed *bed, size_t len) {
	static char text[200000];
	struct error err = {0};
	memset(text, 'c', sizeof text);
	bool ok = term_copy(bed->term, (struct span){text, len}, &err);
	hear(bed, ok ? "copied" : err.text);
}

static void crash(uint32_t key) {
	volatile int *nowhere = NULL;
	if (key == 'S') {
		*nowhere = 1;
	} else if (key == 'A') {
		abort();
	} else if (key == 'X') {
		exit(3);
	}
}

static void on_key(void *data, uint32_t key) {
	struct bed *bed = data;
	char name[16], line[32];
	key_name(name, key);
	snprintf(line, sizeof line, "key %s", name);
	crash(key);
	switch (key) {
	case 'q':
		quit(bed);
		return;
	case KEY_CTRL | 'z':
		term_suspend(bed->term);
		return;
	case 'c':
		copy(bed, 3);
		return;
	case 'C':
		copy(bed, 200000);
		return;
	case 'm':
		uv_timer_start(&bed->frames, on_frame, 0, 33);
		return;
	case '|':
		bed->cursor = !bed->cursor;
		break;
	}
	hear(bed, line);
}

static void on_mouse(void *data, const struct mouse *mouse) {
	static const char *const names[] = {
		"click", "double click", "wheel up", "wheel down", "drag", "release"};
	char line[64];
	snprintf(line, sizeof line, "%s %zu,%zu", names[mouse->what], mouse->x, mouse->y);
	hear(data, line);
}

static void on_paste(void *data, struct span text) {
	char line[64];
	snprintf(line, sizeof line, "pasted %zu: %.*s", text.len, (int)(text.len < 20 ? text.len : 20),
		text.data ? text.data : "");
	hear(data, line);
}

static void on_resized(void *data, size_t columns, size_t rows) {
	char line[64];
	snprintf(line, sizeof line, "resized %zux%zu", columns, rows);
	hear(data, line);
}

static void on_resumed(void *data) {
	hear(data, "resumed");
}

static void on_gone(void *data) {
	quit(data);
}

int main(void) {
	static struct bed bed;
	static const struct term_events events = {
		on_key, on_mouse, on_paste, on_resized, on_resumed, on_gone};
	struct error err = {0};
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	uv_loop_init(&bed.loop);
	uv_timer_init(&bed.loop, &bed.frames);
	bed.frames.data = &bed;
	bed.term = term_open(&bed.loop, &events, &bed, &err);
	if (bed.term) {
		canvas_init(&bed.canvas, 1, 1, term_is_ascii(bed.term));
		hear(&bed, "ready");
	} else {
		fprintf(stderr, "%s\n", err.text);
		uv_close((uv_handle_t *)&bed.frames, NULL);
	}
	uv_run(&bed.loop, UV_RUN_DEFAULT);
	canvas_clear(&bed.canvas);
	return uv_loop_close(&bed.loop) == 0 ? error_exit_code(&err) * (err.code != ERROR_NONE) : 70;
}
