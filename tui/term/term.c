#include "tui/term/term.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "tui/term/clipboard.h"
#include "tui/term/keys.h"
#include "tui/term/painter.h"
#include "tui/term/rescue.h"
#include "tui/term/tty.h"

/* Read at once. */
#define READ_LEN (16 * 1024)

/* How long a terminal that does not read is waited for when it is given back. */
#define LEAVE_MS 200

/* A stop takes effect within this, if anybody is there who could let us go on; else we go on by ourselves. */
#define STOP_MS 50

/* Waiting to be written; beyond it no text is copied. A frame is added only to nothing. */
#define PENDING_MAX (1024 * 1024)

struct term {
	uv_loop_t *loop;
	const struct term_events *events;
	void *data;
	int fd;
	struct termios saved;
	struct painter *painter;
	struct clipboard *clipboard;
	struct keys keys;
	size_t columns, rows;
	bool suspended, gone, closed;
	bool lent;         /* to another program: suspended, but not stopped */
	struct buffer out; /* to be written; */
	size_t written;    /* so much of it has been */
	char title[TERM_TITLE_LEN + 1];
	bool title_shown;
	struct canvas latest; /* shown while the terminal was busy */
	bool has_latest;
	uv_poll_t poll;
	uv_timer_t silence, stopped;
	uv_signal_t resize, stop, go_on, hangup;
	int handles; /* not closed yet */
};

static void on_ready(uv_poll_t *poll, int status, int events);

static void close_terminal(struct term *term) {
	term->gone = true;
	uv_poll_stop(&term->poll);
	uv_timer_stop(&term->silence);
	buffer_reset(&term->out);
	term->written = 0;
	term->has_latest = false;
}

static void hang_up(struct term *term) {
	if (!term->gone) {
		close_terminal(term);
		term->events->gone(term->data);
	}
}

/* Writes what the terminal takes without being waited for; false: it is gone. */
static bool write_some(struct term *term) {
	while (term->written < term->out.len) {
		ssize_t len =
			write(term->fd, term->out.data + term->written, term->out.len - term->written);
		if (len < 0 && errno == EINTR) {
			continue;
		}
		if (len < 0) {
			return errno == EAGAIN || errno == EWOULDBLOCK;
		}
		term->written += (size_t)len;
	}
	buffer_reset(&term->out);
	term->written = 0;
	return true;
}

static void flush(struct term *term) {
	if (!write_some(term)) {
		hang_up(term);
	} else if (!term->gone && !term->suspended) {
		int events = UV_READABLE | (term->out.len > 0 ? UV_WRITABLE : 0);
		uv_poll_start(&term->poll, events, on_ready);
	}
}

static void paint(struct term *term, const struct canvas *canvas) {
	if (!term->title_shown && term->title[0]) {
		painter_title(term->painter, span_text(term->title), &term->out);
		term->title_shown = true;
	}
	painter_paint(term->painter, canvas, &term->out);
	flush(term);
}

static void keep_latest(struct term *term, const struct canvas *canvas) {
	struct canvas *latest = &term->latest;
	canvas_resize(latest, canvas->columns, canvas->rows);
	struct cell *cells = latest->cells;
	memcpy(cells, canvas->cells, canvas->columns * canvas->rows * sizeof *cells);
	*latest = *canvas;
	latest->cells = cells;
	term->has_latest = true;
}

bool term_is_busy(const struct term *term) {
	return term->out.len > 0;
}

void term_show(struct term *term, const struct canvas *canvas) {
	if (term->suspended || term->gone) {
		return;
	}
	if (term_is_busy(term)) {
		keep_latest(term, canvas);
		return;
	}
	term->has_latest = false;
	paint(term, canvas);
}

static void show_latest(struct term *term) {
	if (term->has_latest && !term_is_busy(term)) {
		term->has_latest = false;
		paint(term, &term->latest);
	}
}

void term_redraw(struct term *term) {
	painter_redraw(term->painter);
}

void term_title(struct term *term, struct span text) {
	size_t len = text.len < TERM_TITLE_LEN ? text.len : TERM_TITLE_LEN;
	if (!span_is((struct span){text.data, len}, term->title)) {
		memcpy(term->title, len > 0 ? text.data : "", len);
		term->title[len] = '\0';
		term->title_shown = false;
	}
}

void term_theme(struct term *term, enum theme theme) {
	painter_theme(term->painter, theme);
}

static void deliver(struct term *term, const struct input *input) {
	switch (input->kind) {
	case INPUT_KEY:
		term->events->key(term->data, input->key);
		break;
	case INPUT_MOUSE:
		term->events->mouse(term->data, &input->mouse);
		break;
	case INPUT_PASTE:
		term->events->paste(term->data, input->text);
		break;
	}
}

/* Whether anybody still wants to hear from the terminal; an event may have ended that. */
static bool listens(const struct term *term) {
	return !term->closed && !term->gone && !term->suspended;
}

static void on_silence(uv_timer_t *timer);

static void wait_for_silence(struct term *term) {
	int64_t wait_ms = listens(term) ? keys_wait_ms(&term->keys, (int64_t)uv_now(term->loop)) : -1;
	if (wait_ms >= 0) {
		uv_timer_start(&term->silence, on_silence, (uint64_t)wait_ms, 0);
	} else if (!term->closed) {
		uv_timer_stop(&term->silence);
	}
}

/* Reads what is there; false: nothing was. */
static bool read_some(struct term *term) {
	char bytes[READ_LEN];
	struct input input;
	ssize_t len = read(term->fd, bytes, sizeof bytes);
	if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
		return false;
	}
	if (len <= 0) {
		hang_up(term);
		return false;
	}
	struct span rest = {bytes, (size_t)len};
	while (listens(term) && keys_next(&term->keys, &rest, (int64_t)uv_now(term->loop), &input)) {
		deliver(term, &input);
	}
	wait_for_silence(term);
	return true;
}

/* What has come in the meantime is no silence: the loop may have been busy elsewhere. */
static void on_silence(uv_timer_t *timer) {
	struct term *term = timer->data;
	struct input input;
	if (read_some(term) || !listens(term)) {
		return;
	}
	if (keys_timeout(&term->keys, (int64_t)uv_now(term->loop), &input)) {
		deliver(term, &input);
	}
	wait_for_silence(term);
}

static void on_ready(uv_poll_t *poll, int status, int events) {
	struct term *term = poll->data;
	if (status < 0) {
		hang_up(term);
		return;
	}
	if (events & UV_WRITABLE) {
		flush(term);
		show_latest(term);
	}
	if (events & UV_READABLE && listens(term)) {
		read_some(term);
	}
}

/* Tells a size that has changed. */
static void measure(struct term *term) {
	size_t columns, rows;
	tty_size(term->fd, &columns, &rows);
	if (columns != term->columns || rows != term->rows) {
		term->columns = columns;
		term->rows = rows;
		term->has_latest = false;
		painter_resize(term->painter, columns, rows);
		term->events->resized(term->data, columns, rows);
	}
}

static void on_resize(uv_signal_t *signal, int signum) {
	(void)signum;
	struct term *term = signal->data;
	if (listens(term)) {
		measure(term);
	}
}

static void take_over(struct term *term) {
	struct buffer rescue = {0};
	painter_rescue(term->painter, &rescue);
	rescue_arm(term->fd, &term->saved, buffer_span(&rescue));
	buffer_clear(&rescue);
	tty_make_raw(term->fd, &term->saved);
	painter_redraw(term->painter);
	painter_ask(term->painter, &term->out);
	term->title_shown = false;
	/* written from the loop: nobody is told that the terminal is gone before term_open returns */
	uv_poll_start(&term->poll, UV_READABLE | UV_WRITABLE, on_ready);
}

static void give_back(struct term *term) {
	painter_leave(term->painter, &term->out);
	struct pollfd ready = {.fd = term->fd, .events = POLLOUT};
	uint64_t until_ns = uv_hrtime() + LEAVE_MS * UINT64_C(1000000);
	while (write_some(term) && term->out.len > 0 && uv_hrtime() < until_ns) {
		poll(&ready, 1, LEAVE_MS / 4);
	}
	buffer_reset(&term->out);
	term->written = 0;
	term->has_latest = false;
	rescue_disarm();
	tty_set(term->fd, &term->saved);
}

static void on_stop(uv_signal_t *signal, int signum) {
	(void)signum;
	term_suspend(signal->data);
}

static void come_back(struct term *term) {
	uv_timer_stop(&term->stopped);
	uv_signal_start(&term->stop, on_stop, SIGTSTP);
	term->suspended = false;
	take_over(term);
	if (listens(term)) {
		measure(term);
	}
	if (listens(term)) {
		term->events->resumed(term->data);
	}
}

static void on_stopped(uv_timer_t *timer) {
	come_back(timer->data);
}

/* Also after a SIGSTOP, which cannot be noticed: whoever had the terminal meanwhile has left it to its taste. */
static void on_go_on(uv_signal_t *signal, int signum) {
	(void)signum;
	struct term *term = signal->data;
	if (!term->gone && !term->lent) {
		come_back(term);
	}
}

/* Without our handler a stop is one, for all of the group. */
void term_lend(struct term *term) {
	if (term->suspended || term->gone) {
		return;
	}
	give_back(term);
	term->suspended = term->lent = true;
	uv_poll_stop(&term->poll);
	uv_timer_stop(&term->silence);
	uv_signal_stop(&term->stop);
}

void term_take_back(struct term *term) {
	if (!term->lent) {
		return;
	}
	term->lent = false;
	if (!term->gone) {
		come_back(term);
	}
}

void term_suspend(struct term *term) {
	if (term->suspended || term->gone) {
		return;
	}
	give_back(term);
	term->suspended = true;
	uv_poll_stop(&term->poll);
	uv_timer_stop(&term->silence);
	uv_signal_stop(&term->stop);
	uv_timer_start(&term->stopped, on_stopped, STOP_MS, 0);
	/* As the terminal does it for Ctrl-Z: everybody in the group, or a shell that waits for us would not notice. */
	kill(0, SIGTSTP);
}

static void on_hangup(uv_signal_t *signal, int signum) {
	(void)signum;
	hang_up(signal->data);
}

bool term_copy(struct term *term, struct span text, struct error *err) {
	bool fits = text.len <= TERM_CLIPBOARD_MAX && painter_is_ansi(term->painter);
	if (fits && term->out.len > PENDING_MAX) {
		return error_set(err, ERROR_FULL, "the terminal takes nothing at the moment");
	}
	if (fits && !term->suspended && !term->gone) {
		const char *tmux = getenv("TMUX");
		clipboard_sequence(&term->out, text, tmux && *tmux);
		flush(term);
	}
	if (term->closed) {
		return error_set(err, ERROR_IO, "the terminal is gone");
	}
	/* Many terminals ignore the sequence without a word, so a desktop is told as well. */
	if (fits && !clipboard_has_desktop()) {
		return true;
	}
	return clipboard_start(term->clipboard, text, fits ? NULL : err) || fits;
}

void term_size(const struct term *term, size_t *columns, size_t *rows) {
	*columns = term->columns;
	*rows = term->rows;
}

bool term_is_ascii(const struct term *term) {
	(void)term;
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static void on_closed(uv_handle_t *handle) {
	struct term *term = handle->data;
	if (--term->handles == 0) {
		free(term);
	}
}

static void close_handle(struct term *term, uv_handle_t *handle) {
	term->handles++;
	uv_close(handle, on_closed);
}

void term_close(struct term *term) {
	if (!term) {
		return;
	}
	if (!term->suspended && term->painter) {
		give_back(
			term); /* also after a hangup: one that was sent by hand leaves the terminal there */
	}
	rescue_disarm();
	term->closed = true;
	close_handle(term, (uv_handle_t *)&term->poll);
	close_handle(term, (uv_handle_t *)&term->silence);
	close_handle(term, (uv_handle_t *)&term->stopped);
	close_handle(term, (uv_handle_t *)&term->resize);
	close_handle(term, (uv_handle_t *)&term->stop);
	close_handle(term, (uv_handle_t *)&term->go_on);
	close_handle(term, (uv_handle_t *)&term->hangup);
	close(term->fd);
	painter_free(term->painter);
	clipboard_free(term->clipboard);
	canvas_clear(&term->latest);
	buffer_clear(&term->out);
	keys_clear(&term->keys);
}

static void start_signal(struct term *term, uv_signal_t *signal, uv_signal_cb call, int signum) {
	signal->data = term;
	uv_signal_init(term->loop, signal);
	uv_signal_start(signal, call, signum);
}

static void join_loop(struct term *term) {
	uv_poll_init(term->loop, &term->poll, term->fd);
	uv_timer_init(term->loop, &term->silence);
	uv_timer_init(term->loop, &term->stopped);
	term->poll.data = term->silence.data = term->stopped.data = term;
	start_signal(term, &term->resize, on_resize, SIGWINCH);
	start_signal(term, &term->stop, on_stop, SIGTSTP);
	start_signal(term, &term->go_on, on_go_on, SIGCONT);
	start_signal(term, &term->hangup, on_hangup, SIGHUP);
}

static bool is_wanted(const char *name, struct error *err) {
	if (!name || !*name || strcmp(name, "dumb") == 0 || strcmp(name, "unknown") == 0) {
		return error_set(err, ERROR_USAGE,
			"a screen cannot be shown on this terminal (TERM is %s); use `hookline listen`",
			name && *name ? name : "not set");
	}
	return true;
}

bool term_is_there(struct error *err) {
	return tty_is_there(err) && is_wanted(getenv("TERM"), err);
}

struct term *term_open(
	uv_loop_t *loop, const struct term_events *events, void *data, struct error *err) {
	int fd = is_wanted(getenv("TERM"), err) ? tty_open(err) : -1;
	if (fd < 0) {
		return NULL;
	}
	const char *no_color = getenv("NO_COLOR");
	struct term *term = alloc_zero(1, sizeof *term);
	*term = (struct term){.loop = loop, .events = events, .data = data, .fd = fd};
	tty_size(fd, &term->columns, &term->rows);
	tcgetattr(fd, &term->saved);
	join_loop(
		term); /* before ncurses and rescue: they leave signals alone that somebody listens to */
	term->painter = painter_new(term->columns, term->rows, !no_color || !*no_color, err);
	term->clipboard = clipboard_new(loop);
	if (!term->painter) {
		term->gone = true;
		term_close(term);
		return NULL;
	}
	take_over(term);
	return term;
}
