#include "tui/term/rescue.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* How long a terminal that does not read is waited for. */
#define WAIT_MS 200

/* Enough for write and tcsetattr, when the ordinary stack is what is broken. */
#define STACK_LEN (64 * 1024)

/* A crash, and being told to end: the latter only where nobody else listens to it. */
static const int signals[] = {
	SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT, SIGQUIT, SIGHUP};
#define CRASHES 5

/* The one global of the program: a signal handler and exit() are told nothing else. */
static struct {
	volatile sig_atomic_t armed;
	bool at_exit; /* registered */
	int fd;
	struct termios saved;
	char text[RESCUE_TEXT_MAX];
	size_t len;
	struct sigaction before[COUNT(signals)];
	bool taken[COUNT(signals)];
	char stack[STACK_LEN];
} rescue;

/* Calls only what a signal handler may call. */
static void give_back(void) {
	if (!rescue.armed) {
		return;
	}
	rescue.armed = 0;
	struct pollfd ready = {.fd = rescue.fd, .events = POLLOUT};
	for (size_t at = 0; at < rescue.len && poll(&ready, 1, WAIT_MS) == 1;) {
		ssize_t wrote = write(rescue.fd, rescue.text + at, rescue.len - at);
		if (wrote < 0 && errno != EAGAIN && errno != EINTR) {
			break;
		}
		at += wrote > 0 ? (size_t)wrote : 0;
	}
	tcsetattr(rescue.fd, TCSANOW, &rescue.saved);
}

static void on_signal(int signum) {
	int before = errno;
	give_back();
	for (size_t i = 0; i < COUNT(signals); i++) {
		if (signals[i] == signum) {
			sigaction(signum, &rescue.before[i], NULL);
		}
	}
	raise(signum); /* arrives when this handler returns */
	errno = before;
}

static void take_signal(size_t i) {
	struct sigaction ours = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
	sigemptyset(&ours.sa_mask);
	sigaction(signals[i], NULL, &rescue.before[i]);
	rescue.taken[i] = i < CRASHES || rescue.before[i].sa_handler == SIG_DFL;
	if (rescue.taken[i]) {
		sigaction(signals[i], &ours, NULL);
	}
}

void rescue_arm(int fd, const struct termios *saved, struct span text) {
	stack_t stack = {.ss_sp = rescue.stack, .ss_size = sizeof rescue.stack}, other;
	rescue_disarm(); /* or our own handlers would be taken for those of before */
	rescue.fd = fd;
	rescue.saved = *saved;
	rescue.len = text.len < sizeof rescue.text ? text.len : sizeof rescue.text;
	memcpy(rescue.text, text.data, rescue.len);
	if (sigaltstack(NULL, &other) == 0 && (other.ss_flags & SS_DISABLE)) {
		sigaltstack(&stack, NULL); /* sanitizers have one already */
	}
	if (!rescue.at_exit) {
		rescue.at_exit = atexit(give_back) == 0;
	}
	for (size_t i = 0; i < COUNT(signals); i++) {
		take_signal(i);
	}
	rescue.armed = 1;
}

void rescue_disarm(void) {
	rescue.armed = 0;
	for (size_t i = 0; i < COUNT(signals); i++) {
		struct sigaction now;
		if (rescue.taken[i] && sigaction(signals[i], NULL, &now) == 0 &&
			now.sa_handler == on_signal) {
			sigaction(signals[i], &rescue.before[i], NULL);
		}
		rescue.taken[i] = false;
	}
}
