#include "tui/term/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FLAGS (O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)

bool tty_is_there(struct error *err) {
	return (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) ||
	       error_set(err, ERROR_USAGE,
			   "a screen needs a terminal as its standard input and output; use `hookline listen`");
}

int tty_open(struct error *err) {
	if (!tty_is_there(err)) {
		return -1;
	}
	const char *name = ttyname(STDOUT_FILENO);
	int fd = name ? open(name, FLAGS) : -1;
	if (fd < 0) { /* after su it belongs to somebody else */
		fd = open("/dev/tty", FLAGS);
	}
	if (fd < 0) {
		error_set(
			err, ERROR_IO, "open the terminal %s: %s", name ? name : "/dev/tty", strerror(errno));
	}
	return fd;
}

void tty_set(int fd, const struct termios *modes) {
	/* Not after what is still to be shown: a terminal that does not read would be waited for. */
	while (tcsetattr(fd, TCSANOW, modes) < 0 && errno == EINTR) {
	}
}

void tty_make_raw(int fd, const struct termios *saved) {
	struct termios raw = *saved;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tty_set(fd, &raw);
}

void tty_size(int fd, size_t *columns, size_t *rows) {
	struct winsize size = {0};
	bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
	*columns = known ? size.ws_col : 80;
	*rows = known ? size.ws_row : 24;
}
