/*
 * What the list costs with ncurses alone: woken for each of 1,000 events a second, it paints rows as wide as the terminal, in
 * the colours of the screen, 30 times a second until it is ended. No relay, no model: the floor for what hookline may take.
 */
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <locale.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "tests/bench/clock.h"

#define FRAME_NS 33333333u
#define UPDATE_NS 1000000u

/* As bench.py sends them. */
static const char *const targets[] = {"POST /hooks", "POST /shop/orders/created",
	"POST /billing/subscription/updated", "POST /mail/bounced"};

static void put(int y, int x, int width, int pair, attr_t attributes, const char *text) {
	attr_set(attributes, (short)pair, NULL);
	mvaddnstr(y, x, text, width);
}

static void paint_row(int y, uint64_t number, bool selected) {
	char ref[32];
	attr_t attributes = selected ? A_REVERSE : A_NORMAL;
	snprintf(ref, sizeof ref, "bench#%llu", (unsigned long long)number);
	move(y, 0);
	clrtoeol();
	put(y, 0, 2, 0, attributes, selected ? "\u25b8 " : "  ");
	put(y, 2, 2, 1, attributes, "\u2713 ");
	put(y, 5, 14, 0, attributes | A_DIM, "github");
	put(y, 19, 40, 0, attributes, targets[number * 7 / 5 % 4]);
	put(y, 60, 20, 0, attributes, ref);
	put(y, 84, 4, 0, attributes | A_DIM, " now");
	put(y, 90, 8, 0, attributes | A_DIM, "1.1 kB");
	put(y, 110, 40, 0, attributes | A_DIM, targets[number * 7 / 5 % 4]);
}

static void paint(uint64_t newest) {
	erase();
	put(0, 5, 150, 0, A_DIM,
		"PROVIDER      TYPE                     EVENT                AGE     SIZE  TRIES  APP");
	for (int y = 1; y < LINES - 2; y++) {
		paint_row(y, newest + (uint64_t)y, y == LINES - 3);
	}
	put(LINES - 2, 0, COLS, 2, A_NORMAL, " live 0.0 s  not forwarding");
	put(LINES - 1, 0, COLS, 0, A_DIM,
		" Enter open  r replay  F forward  / filter  Space select  y copy");
	refresh();
}

int main(void) {
	setlocale(LC_ALL, "");
	initscr();
	start_color();
	use_default_colors();
	init_pair(1, COLOR_GREEN, -1);
	init_pair(2, COLOR_CYAN, -1);
	curs_set(0);
	uint64_t begun = now_ns(), next_frame = begun;
	for (uint64_t update = 1;; update++) {
		uint64_t due = begun + update * UPDATE_NS;
		struct timespec until = {(time_t)(due / 1000000000), (long)(due % 1000000000)};
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		if (due >= next_frame) {
			paint(100000 + update);
			next_frame += FRAME_NS;
		}
	}
}
