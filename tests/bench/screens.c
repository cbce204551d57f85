/*
 * Many screens at once: websockets that follow everything, or one endpoint, and count what comes.
 *
 *   screens PORT COUNT [-e ENDPOINT] [-n] [-s]
 *
 * Prints "ready" when all are subscribed; on SIGTERM one line of JSON. -n: they look at the newest, as hookline's screen does.
 * -s: they never read again after that.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/clock.h"

#define FRAME_MAX (128u << 10)

struct screen {
	int fd;
	size_t len;
	char in[FRAME_MAX];
};

struct tally {
	uint64_t events, bytes, cut_off;
};

static bool send_all(int fd, const char *data, size_t len) {
	return send(fd, data, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static bool shake_hands(struct screen *screen, int port) {
	char request[512];
	int len = snprintf(request, sizeof request,
		"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Protocol: hookline.v1\r\n\r\n",
		port);
	if (!send_all(screen->fd, request, (size_t)len)) {
		return false;
	}
	for (;;) {
		ssize_t got = recv(screen->fd, screen->in + screen->len, 4096, 0);
		if (got <= 0 || screen->len > 16384) {
			return false;
		}
		screen->len += (size_t)got;
		screen->in[screen->len] = '\0';
		char *end = strstr(screen->in, "\r\n\r\n");
		if (end) {
			screen->len -= (size_t)(end + 4 - screen->in);
			memmove(screen->in, end + 4, screen->len);
			return true;
		}
	}
}

/* A text frame of less than 64 KiB, masked with zeros. */
static bool send_text(int fd, const char *text) {
	size_t len = strlen(text);
	char frame[512] = {(char)0x81, (char)(0x80 | 126), (char)(len >> 8), (char)(len & 255)};
	memcpy(frame + 8, text, len);
	return len + 8 <= sizeof frame && send_all(fd, frame, len + 8);
}

/* Members of the subscription: one endpoint only; the newest only. */
#define NEWEST ",\"at_most\":100,\"every_ms\":33"

struct wish {
	const char *endpoint; /* NULL: all */
	bool newest;
};

static bool open_screen(struct screen *screen, int port, const struct wish *wish) {
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	screen->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[256];
	const char *endpoint = wish->endpoint;
	snprintf(text, sizeof text, "{\"type\":\"subscribe\",\"id\":1,\"live_only\":true%s%s%s%s}",
		endpoint ? ",\"endpoint\":\"" : "", endpoint ? endpoint : "", endpoint ? "\"" : "",
		wish->newest ? NEWEST : "");
	return connect(screen->fd, (struct sockaddr *)&address, sizeof address) == 0 &&
	       shake_hands(screen, port) && send_text(screen->fd, text);
}

/* The payload of the frame at `at`; its whole length, 0 when it is not complete. */
static size_t frame_at(const struct screen *screen, size_t at, size_t *header_len) {
	const unsigned char *in = (const unsigned char *)screen->in + at;
	size_t have = screen->len - at;
	if (have < 4) {
		return 0;
	}
	size_t len = in[1] & 127;
	*header_len = 2;
	if (len == 126) {
		len = (size_t)in[2] << 8 | in[3];
		*header_len = 4;
	} else if (len == 127) {
		if (have < 10) {
			return 0;
		}
		len = (size_t)in[6] << 24 | (size_t)in[7] << 16 | (size_t)in[8] << 8 | in[9];
		*header_len = 10;
	}
	return have >= *header_len + len ? *header_len + len : 0;
}

/* Counts complete frames and keeps the rest; whether one was the answer to the subscription. */
static bool count_frames(struct screen *screen, struct tally *tally) {
	static const char event[] = "{\"type\":\"event\"";
	static const char subscribed[] = "{\"type\":\"subscribed\"";
	bool is_subscribed = false;
	size_t at = 0;
	size_t header_len;
	size_t len;
	while ((len = frame_at(screen, at, &header_len)) > 0) {
		const char *payload = screen->in + at + header_len;
		tally->events += len > sizeof event && memcmp(payload, event, sizeof event - 1) == 0;
		tally->bytes += len;
		is_subscribed |=
			len > sizeof subscribed && memcmp(payload, subscribed, sizeof subscribed - 1) == 0;
		at += len;
	}
	screen->len -= at;
	memmove(screen->in, screen->in + at, screen->len);
	return is_subscribed;
}

/* False: it was cut off. */
static bool read_some(struct screen *screen) {
	ssize_t got = recv(screen->fd, screen->in + screen->len, sizeof screen->in - screen->len, 0);
	if (got <= 0) {
		return got < 0 && (errno == EAGAIN || errno == EINTR);
	}
	screen->len += (size_t)got;
	return true;
}

static bool subscribe(struct screen *screen, int port, const struct wish *wish) {
	struct tally ignored = {0};
	if (!open_screen(screen, port, wish)) {
		return false;
	}
	while (!count_frames(screen, &ignored)) {
		if (!read_some(screen)) {
			return false;
		}
	}
	return true;
}

static void follow(int epoll, int signals, struct tally *tally) {
	for (;;) {
		struct epoll_event events[64];
		int count = epoll_wait(epoll, events, 64, -1);
		for (int i = 0; i < count; i++) {
			struct screen *screen = events[i].data.ptr;
			if (!screen) {
				struct signalfd_siginfo info;
				if (read(signals, &info, sizeof info) == sizeof info) {
					return;
				}
			} else if (read_some(screen)) {
				count_frames(screen, tally);
			} else {
				tally->cut_off++;
				close(screen->fd);
			}
		}
	}
}

static int watch_signals(void) {
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC);
}

static void watch(int epoll, int fd, void *data) {
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = data};
	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int main(int argc, char **argv) {
	struct wish wish = {0};
	bool stopped = false;
	int option;
	while ((option = getopt(argc, argv, "e:ns")) != -1) {
		wish.endpoint = option == 'e' ? optarg : wish.endpoint;
		wish.newest |= option == 'n';
		stopped |= option == 's';
	}
	if (argc - optind != 2) {
		fprintf(stderr, "usage: screens [-e ENDPOINT] [-n] [-s] PORT COUNT\n");
		return 2;
	}
	size_t count = (size_t)atoi(argv[optind + 1]);
	struct screen *screens = calloc(count, sizeof *screens);
	int signals = watch_signals();
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	watch(epoll, signals, NULL);
	for (size_t i = 0; i < count; i++) {
		if (!subscribe(&screens[i], atoi(argv[optind]), &wish)) {
			fprintf(stderr, "screens: number %zu was refused\n", i + 1);
			return 1;
		}
		if (!stopped) {
			watch(epoll, screens[i].fd, &screens[i]);
		}
	}
	printf("ready\n");
	fflush(stdout);
	struct tally tally = {0};
	follow(epoll, signals, &tally);
	printf("{\"screens\":%zu,\"events\":%llu,\"bytes\":%llu,\"cut_off\":%llu}\n", count,
		(unsigned long long)tally.events, (unsigned long long)tally.bytes,
		(unsigned long long)tally.cut_off);
	free(screens);
	return 0;
}
