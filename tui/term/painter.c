#define _GNU_SOURCE /* memfd_create; wide characters in curses */
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include "tui/term/painter.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#include "common/alloc.h"
#include "common/text.h"
#include "tui/term/look.h"
#include "tui/term/terminfo.h"

/* Clicks and the wheel, told in the form without a limit of 223 columns; marks around what is pasted. */
/* Clicks, moving with the button held, and places beyond column 223. */
#define MOUSE_ON "\x1b[?1000h\x1b[?1002h\x1b[?1006h"
#define MOUSE_OFF "\x1b[?1006l\x1b[?1002l\x1b[?1000l"
#define PASTE_ON "\x1b[?2004h"
#define PASTE_OFF "\x1b[?2004l"

/* The title of the window is kept by the terminal, and taken back. Those with a mouse know these. */
#define TITLE_KEEP "\x1b[22;2t"
#define TITLE_BACK "\x1b[23;2t"

/* Wide characters of a cell: its base and marks. */
#define CELL_WIDE_MAX (1 + TEXT_MARKS_MAX)

struct painter {
	FILE *file; /* in memory; ncurses writes to its descriptor */
	SCREEN *screen;
	int colours;
	enum theme theme;
	bool ansi, mouse;
	struct canvas shown; /* what the terminal shows */
	bool afresh;         /* it is not known what it shows */
	wchar_t run[CANVAS_COLUMNS_MAX * CELL_WIDE_MAX];
};

static FILE *open_memory(void) {
#ifdef MFD_CLOEXEC
	int fd = memfd_create("hookline-screen", MFD_CLOEXEC);
	if (fd >= 0) {
		return fdopen(fd, "w+");
	}
#endif
	return tmpfile();
}

/* Appends what ncurses has written since the last time. */
static void drain(struct painter *painter, struct buffer *out) {
	int fd = fileno(painter->file);
	off_t len = lseek(fd, 0, SEEK_CUR);
	if (len > 0) {
		ssize_t got = pread(fd, buffer_reserve(out, (size_t)len), (size_t)len, 0);
		out->len += got > 0 ? (size_t)got : 0;
		lseek(fd, 0, SEEK_SET);
	}
}

/* A capability without the marks for padding, which no terminal of today needs; "" when it has none. */
static void append_capability(struct buffer *out, const char *name) {
	const char *text = tigetstr(name);
	if (!text || text == (const char *)-1) {
		return;
	}
	while (*text) {
		const char *end = strncmp(text, "$<", 2) == 0 ? strchr(text, '>') : NULL;
		if (!end) {
			buffer_append_byte(out, *text);
		}
		text = end ? end + 1 : text + 1;
	}
}

static bool has_capability(const char *name) {
	const char *text = tigetstr(name);
	return text && text != (const char *)-1 && *text;
}

/* How many colours are to be used: 0, or what the terminal has. */
static int begin_colours(bool wanted) {
	if (!wanted || start_color() == ERR || COLORS < 8) {
		return 0;
	}
	return COLORS;
}

/* Without a colour for "as it was" it would be white on black, whatever the person chose. */
static void make_pairs(const struct painter *painter) {
	short background = use_default_colors() == OK ? -1 : COLOR_BLACK;
	for (unsigned style = 0; style < STYLE_COUNT; style++) {
		int colour = look_of(style, painter->theme, painter->colours).colour;
		if (colour < 0 && background >= 0) {
			colour = COLOR_WHITE;
		}
		init_pair((short)(style + 1), (short)colour, background);
	}
}

void painter_theme(struct painter *painter, enum theme theme) {
	painter->theme = theme;
	if (painter->colours > 0) {
		make_pairs(painter);
	}
	painter_redraw(painter);
}

/* newterm() without the handlers it would set: they write to a terminal that ncurses does not have here. */
static SCREEN *new_screen(FILE *file) {
	static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
	struct sigaction before[sizeof signals / sizeof signals[0]];
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		sigaction(signals[i], NULL, &before[i]);
	}
	SCREEN *screen = newterm(NULL, file, file);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		sigaction(signals[i], &before[i], NULL);
	}
	return screen;
}

static void begin_curses(struct painter *painter, bool colour) {
	use_env(FALSE); /* the size is told by painter_resize alone */
	typeahead(-1);  /* nobody reads keys through ncurses */
	nonl();
	scrollok(stdscr, FALSE);
	painter->colours = begin_colours(colour);
	painter_theme(painter, THEME_AUTO);
	struct buffer place = {0};
	append_capability(&place, "cup");
	painter->ansi = place.len > 1 && memcmp(place.data, "\x1b[", 2) == 0;
	painter->mouse = painter->ansi && has_capability("kmous");
	buffer_clear(&place);
}

struct painter *painter_new(size_t columns, size_t rows, bool colour, struct error *err) {
	const char *name = getenv("TERM");
	struct painter *painter = alloc_zero(1, sizeof *painter);
	painter->file = open_memory();
	if (!painter->file) {
		error_set(err, ERROR_IO, "memory for the screen: %s", strerror(errno));
		painter_free(painter);
		return NULL;
	}
	painter->screen = terminfo_can_place() ? new_screen(painter->file) : NULL;
	if (!painter->screen) {
		error_set(err, ERROR_USAGE,
			"TERM=%s is not a terminal that a screen can be shown on; use `hookline listen`", name);
		painter_free(painter);
		return NULL;
	}
	begin_curses(painter, colour);
	canvas_init(&painter->shown, columns, rows, false);
	painter_resize(painter, columns, rows);
	return painter;
}

void painter_free(struct painter *painter) {
	if (!painter) {
		return;
	}
	if (painter->screen) {
		endwin();
		delscreen(painter->screen);
	}
	if (painter->file) {
		fclose(painter->file);
	}
	canvas_clear(&painter->shown);
	free(painter);
}

void painter_resize(struct painter *painter, size_t columns, size_t rows) {
	resize_term((int)rows, (int)columns);
	canvas_resize(&painter->shown, columns, rows);
	painter_redraw(painter);
}

void painter_redraw(struct painter *painter) {
	painter->afresh = true;
}

/* The cell in wide characters; 0 when the C library does not know them, or not as wide as we do. */
static size_t widen(const struct cell *cell, wchar_t wide[CELL_WIDE_MAX]) {
	mbstate_t state = {0};
	size_t count = 0;
	for (size_t at = 0; at < cell->len && count < CELL_WIDE_MAX;) {
		size_t len = mbrtowc(&wide[count], cell->text + at, cell->len - at, &state);
		int columns = count == 0 ? cell->width : 0;
		if (len == 0 || len > CELL_BYTES || wcwidth(wide[count]) != columns) {
			return 0;
		}
		at += len;
		count++;
	}
	return count;
}

/*
 * What ncurses takes for another width would shift all that follows it. What it does not know (newer than the C library)
 * gets a stand-in, as visibly as an escape.
 */
static size_t stand_in(const struct cell *cell, bool ascii, wchar_t wide[CELL_WIDE_MAX]) {
	for (size_t i = 0; i < cell->width; i++) {
		wide[i] = ascii ? L'?' : L'\ufffd';
	}
	return cell->width;
}

static attr_t attributes_of(const struct look *look) {
	return (look->bold ? A_BOLD : 0) | (look->dim ? A_DIM : 0) |
	       (look->underline ? A_UNDERLINE : 0) | (look->reverse ? A_REVERSE : 0);
}

static void put_run(struct painter *painter, size_t x, size_t y, size_t len, unsigned style) {
	struct look look = look_of(style, painter->theme, painter->colours);
	unsigned plain = style & STYLE_MASK;
	short pair = painter->colours > 0 && look.colour >= 0 ? (short)(plain + 1) : 0;
	wattr_set(stdscr, attributes_of(&look), pair, NULL);
	mvwaddnwstr(stdscr, (int)y, (int)x, painter->run, (int)len);
}

/* Cells first to last of a row, in runs of one style. */
static void put_cells(
	struct painter *painter, const struct canvas *canvas, size_t y, size_t first, size_t last) {
	const struct cell *row = &canvas->cells[y * canvas->columns];
	size_t begin = first, len = 0;
	unsigned run_style = row[first].style;
	for (size_t x = first; x <= last; x++) {
		if (row[x].width == 0) {
			continue;
		}
		wchar_t wide[CELL_WIDE_MAX];
		size_t count = widen(&row[x], wide);
		unsigned style = row[x].style;
		if (count == 0) {
			count = stand_in(&row[x], canvas->ascii, wide);
			style = STYLE_ESCAPE | (style & ~STYLE_MASK);
		}
		if (style != run_style) {
			put_run(painter, begin, y, len, run_style);
			begin = x;
			len = 0;
			run_style = style;
		}
		memcpy(painter->run + len, wide, count * sizeof *wide);
		len += count;
	}
	put_run(painter, begin, y, len, run_style);
}

static bool same_cell(const struct cell *a, const struct cell *b) {
	return memcmp(a, b, sizeof *a) == 0;
}

/* Gives ncurses what changed in a row; it compares again, but what it never sees costs nothing. */
static void put_row(struct painter *painter, const struct canvas *canvas, size_t y) {
	size_t columns = canvas->columns, first = 0, last = columns - 1;
	const struct cell *row = &canvas->cells[y * columns];
	const struct cell *shown = &painter->shown.cells[y * columns];
	while (!painter->afresh && first < columns && same_cell(&row[first], &shown[first])) {
		first++;
	}
	if (first == columns) {
		return;
	}
	while (!painter->afresh && same_cell(&row[last], &shown[last])) {
		last--;
	}
	first -= row[first].width == 0;
	last += row[last].width == 2;
	put_cells(painter, canvas, y, first, last);
}

static void put_cursor(const struct canvas *canvas) {
	leaveok(stdscr, !canvas->cursor);
	if (canvas->cursor) {
		wmove(stdscr, (int)canvas->cursor_y, (int)canvas->cursor_x);
	}
	curs_set(canvas->cursor);
}

void painter_paint(struct painter *painter, const struct canvas *canvas, struct buffer *out) {
	struct canvas *shown = &painter->shown;
	if (canvas->columns != shown->columns || canvas->rows != shown->rows) {
		canvas_resize(shown, canvas->columns, canvas->rows);
		painter->afresh = true;
	}
	if (painter->afresh) {
		werase(stdscr);
		clearok(curscr, TRUE);
	}
	for (size_t y = 0; y < canvas->rows && canvas->columns > 0; y++) {
		put_row(painter, canvas, y);
	}
	memcpy(shown->cells, canvas->cells, canvas->rows * canvas->columns * sizeof *canvas->cells);
	painter->afresh = false;
	put_cursor(canvas);
	wrefresh(stdscr);
	drain(painter, out);
}

void painter_ask(const struct painter *painter, struct buffer *out) {
	buffer_append_text(out, painter->mouse ? TITLE_KEEP MOUSE_ON : "");
	buffer_append_text(out, painter->ansi ? PASTE_ON : "");
}

static void append_thanks(const struct painter *painter, struct buffer *out) {
	buffer_append_text(out, painter->ansi ? PASTE_OFF : "");
	buffer_append_text(out, painter->mouse ? MOUSE_OFF TITLE_BACK : "");
}

void painter_leave(struct painter *painter, struct buffer *out) {
	append_thanks(painter, out);
	endwin();
	drain(painter, out);
	painter->afresh = true;
}

void painter_rescue(const struct painter *painter, struct buffer *out) {
	append_thanks(painter, out);
	append_capability(out, "sgr0");
	append_capability(out, "op");
	append_capability(out, "cnorm");
	append_capability(out, "rmcup");
	buffer_append_text(out, has_capability("rmcup") ? "" : "\r\n");
}

void painter_title(const struct painter *painter, struct span text, struct buffer *out) {
	if (painter->mouse) {
		buffer_append_text(out, "\x1b]2;");
		buffer_append_span(out, text);
		buffer_append_text(out, "\x07");
	}
}

bool painter_is_ansi(const struct painter *painter) {
	return painter->ansi;
}
