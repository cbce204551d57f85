/*
 * The local app at the end of the line: answers 200 and measures how long each event of tests/bench/load -t took from
 * its POST to here, complete.
 *
 *   sink            prints "PORT\n" when it listens on 127.0.0.1
 *
 * SIGUSR1: one line of JSON over all since the last SIGUSR2, which starts anew. SIGTERM ends it. One thread, epoll.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/clock.h"

#define REQUEST_MAX (1u << 20)
#define SAMPLES_MAX (4u << 20)

struct connection {
	int fd;
	size_t len;
	char in[REQUEST_MAX + 1];
};

struct sink {
	int epoll, listener, signals;
	uint32_t *samples_us;
	size_t count;
	uint64_t first_ns, last_ns, untagged;
};

static void take(struct sink *sink, const char *body) {
	uint64_t now = now_ns();
	sink->first_ns = sink->count ? sink->first_ns : now;
	sink->last_ns = now;
	unsigned long long number;
	unsigned long long sent;
	if (sscanf(body, "{\"load\":\"%16llx:%16llx", &number, &sent) != 2) {
		sink->untagged++;
		return;
	}
	if (sink->count < SAMPLES_MAX) {
		sink->samples_us[sink->count++] = (uint32_t)((now - sent) / 1000);
	}
}

static uint32_t quantile(const struct sink *sink, double q) {
	return sink->count ? sink->samples_us[(size_t)((double)(sink->count - 1) * q)] : 0;
}

static void report(struct sink *sink) {
	qsort(sink->samples_us, sink->count, sizeof *sink->samples_us, compare_u32);
	double span = (double)(sink->last_ns - sink->first_ns) / 1e9;
	printf("{\"got\":%zu,\"untagged\":%llu,\"rps\":%.1f,\"p50_us\":%u,\"p90_us\":%u,\"p99_us\":%u,"
		   "\"max_us\":%u}\n",
		sink->count, (unsigned long long)sink->untagged,
		sink->count > 1 && span > 0 ? (double)(sink->count - 1) / span : 0, quantile(sink, .5),
		quantile(sink, .9), quantile(sink, .99), quantile(sink, 1));
	fflush(stdout);
}

/* Bytes of the first request in `in`; 0: not complete. */
static size_t request_len(struct connection *connection, size_t *head_len) {
	connection->in[connection->len] = '\0';
	char *end = strstr(connection->in, "\r\n\r\n");
	if (!end) {
		return 0;
	}
	*head_len = (size_t)(end + 4 - connection->in);
	size_t body_len = 0;
	for (char *line = connection->in; line < end; line = strstr(line, "\r\n") + 2) {
		if (strncasecmp(line, "content-length:", 15) == 0) {
			body_len = (size_t)atol(line + 15);
		}
	}
	return connection->len >= *head_len + body_len ? *head_len + body_len : 0;
}

/* False: the connection is over. */
static bool serve(struct sink *sink, struct connection *connection) {
	static const char answer[] =
		"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";
	ssize_t got =
		recv(connection->fd, connection->in + connection->len, REQUEST_MAX - connection->len, 0);
	if (got <= 0) {
		return got < 0 && errno == EAGAIN;
	}
	connection->len += (size_t)got;
	size_t head_len = 0;
	size_t len;
	while ((len = request_len(connection, &head_len)) > 0) {
		take(sink, connection->in + head_len);
		if (send(connection->fd, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0) {
			return false;
		}
		memmove(connection->in, connection->in + len, connection->len - len);
		connection->len -= len;
	}
	return connection->len < REQUEST_MAX;
}

static void watch(struct sink *sink, int fd, void *data) {
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = data};
	epoll_ctl(sink->epoll, EPOLL_CTL_ADD, fd, &event);
}

static void accept_one(struct sink *sink) {
	int one = 1;
	int fd = accept(sink->listener, NULL, NULL);
	if (fd < 0) {
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	struct connection *connection = malloc(sizeof *connection);
	connection->fd = fd;
	connection->len = 0;
	watch(sink, fd, connection);
}

static bool listen_somewhere(struct sink *sink) {
	struct sockaddr_in address = {.sin_family = AF_INET};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	socklen_t len = sizeof address;
	sink->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(sink->listener, (struct sockaddr *)&address, len) < 0 ||
		listen(sink->listener, 1024) < 0 ||
		getsockname(sink->listener, (struct sockaddr *)&address, &len) < 0) {
		perror("sink");
		return false;
	}
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return true;
}

/* False: the end. */
static bool on_signal(struct sink *sink) {
	struct signalfd_siginfo info;
	if (read(sink->signals, &info, sizeof info) != sizeof info) {
		return true;
	}
	if (info.ssi_signo == SIGUSR1) {
		report(sink);
	} else if (info.ssi_signo == SIGUSR2) {
		sink->count = 0;
		sink->untagged = 0;
	}
	return info.ssi_signo != SIGTERM;
}

int main(void) {
	struct sink sink = {.epoll = epoll_create1(0)};
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGUSR2);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	sink.signals = signalfd(-1, &signals, 0);
	sink.samples_us = malloc(SAMPLES_MAX * sizeof *sink.samples_us);
	if (!listen_somewhere(&sink)) {
		return 1;
	}
	watch(&sink, sink.listener, &sink.listener);
	watch(&sink, sink.signals, &sink.signals);
	for (;;) {
		struct epoll_event event;
		if (epoll_wait(sink.epoll, &event, 1, -1) < 1) {
			continue;
		}
		if (event.data.ptr == &sink.listener) {
			accept_one(&sink);
		} else if (event.data.ptr == &sink.signals) {
			if (!on_signal(&sink)) {
				break;
			}
		} else if (!serve(&sink, event.data.ptr)) {
			struct connection *connection = event.data.ptr;
			close(connection->fd);
			free(connection);
		}
	}
	free(sink.samples_us);
	return 0;
}
