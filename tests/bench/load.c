/*
 * Sends POSTs to a webhook receiver on this machine and prints one line of JSON: what was answered, and how fast.
 *
 *   load -p PORT [-u PATH] [-b FILE] [-c CONNECTIONS] [-d SECONDS] [-r RATE] [-k 0|1] [-S SECRET] [-t]
 *
 * Without -r each connection sends its next request when the answer is there; the latency runs from the send (from
 * the connect, with -k 0: a new connection for each request). With -r requests are due at fixed times and the latency
 * runs from then, so that a stall is counted with all it held up. -S signs as GitHub does, -t puts the time into each
 * body for tests/bench/sink. One thread, epoll.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/clock.h"

#define ANSWER_MAX 4096
#define SAMPLES_MAX (4u << 20)

enum state { IDLE, CONNECTING, WRITING, READING };

struct connection {
	char *delivery; /* in `out`: the id of this delivery */
	int fd;
	enum state state;
	char *out;
	size_t out_len, out_sent;
	char in[ANSWER_MAX + 1];
	size_t in_len;
	uint64_t since_ns;
};

struct load {
	const char *path, *secret;
	char *body;
	size_t body_len;
	int port, connections;
	bool keep, tag;
	double seconds, rate;

	int epoll;
	struct connection *all;
	uint64_t started, answered, refused, failed, connects;
	uint64_t begin_ns;
	uint64_t resume_ns; /* after a refused connection: not before */
	uint32_t *samples_us;
	size_t sample_count;
};

static size_t sign(const struct load *load, const char *body, size_t len, char *out) {
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned mac_len;
	HMAC(EVP_sha256(), load->secret, (int)strlen(load->secret), (const unsigned char *)body, len,
		mac, &mac_len);
	size_t used = (size_t)sprintf(out, "X-Hub-Signature-256: sha256=");
	for (unsigned i = 0; i < mac_len; i++) {
		used += (size_t)sprintf(out + used, "%02x", mac[i]);
	}
	return used + (size_t)sprintf(out + used, "\r\n");
}

/* Each delivery has an id of its own: repeated ones are another case, and a screen folds them. */
static void number_delivery(struct connection *connection) {
	char id[17];
	snprintf(id, sizeof id, "%016llx", (unsigned long long)now_ns());
	memcpy(connection->delivery, id, 16);
}

/* Writes the next request of this connection. A body that needs no tag is written once. */
static void write_request(struct load *load, struct connection *connection) {
	connection->out_sent = 0;
	if (connection->out && !load->tag) {
		number_delivery(connection);
		return;
	}
	char *body = malloc(load->body_len + 64);
	size_t len = 0;
	if (load->tag) {
		len = (size_t)sprintf(body, "{\"load\":\"%016llx:%016llx\",",
			(unsigned long long)load->started, (unsigned long long)now_ns());
	}
	size_t skip = load->tag ? 1 : 0;
	memcpy(body + len, load->body + skip, load->body_len - skip);
	len += load->body_len - skip;
	char signature[160] = "";
	if (load->secret) {
		sign(load, body, len, signature);
	}
	if (!connection->out) {
		connection->out = malloc(load->body_len + 2048);
	}
	size_t head = (size_t)sprintf(connection->out,
		"POST %s HTTP/1.1\r\nHost: localhost:%d\r\nUser-Agent: GitHub-Hookshot/0000000\r\nAccept: "
		"*/*\r\n"
		"Content-Type: application/json\r\nX-GitHub-Event: push\r\n"
		"X-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958\r\nContent-Length: %zu\r\n%s\r\n",
		load->path, load->port, len, signature);
	connection->delivery = strstr(connection->out, "Delivery: ") + 10;
	number_delivery(connection);
	memcpy(connection->out + head, body, len);
	connection->out_len = head + len;
	free(body);
}

static void watch(struct load *load, struct connection *connection, uint32_t events, int how) {
	struct epoll_event event = {.events = events, .data.ptr = connection};
	epoll_ctl(load->epoll, how, connection->fd, &event);
}

static void hang_up(struct connection *connection) {
	close(connection->fd);
	connection->fd = -1;
	connection->state = IDLE;
}

static void give_up(struct load *load, struct connection *connection) {
	load->failed++;
	load->resume_ns = now_ns() + 2000000;
	hang_up(connection);
}

static void go_on_writing(struct load *load, struct connection *connection) {
	while (connection->out_sent < connection->out_len) {
		ssize_t sent = send(connection->fd, connection->out + connection->out_sent,
			connection->out_len - connection->out_sent, MSG_NOSIGNAL);
		if (sent < 0 && errno == EAGAIN) {
			watch(load, connection, EPOLLOUT, EPOLL_CTL_MOD);
			return;
		}
		if (sent < 0) {
			give_up(load, connection);
			return;
		}
		connection->out_sent += (size_t)sent;
	}
	connection->state = READING;
	watch(load, connection, EPOLLIN, EPOLL_CTL_MOD);
}

static void connect_to(struct load *load, struct connection *connection) {
	int one = 1;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)load->port)};
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	load->connects++;
	if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) < 0 &&
		errno != EINPROGRESS) {
		give_up(load, connection);
		return;
	}
	connection->state = CONNECTING;
	watch(load, connection, EPOLLOUT, EPOLL_CTL_ADD);
}

static void start_request(struct load *load, struct connection *connection, uint64_t since_ns) {
	connection->since_ns = since_ns;
	connection->in_len = 0;
	write_request(load, connection);
	load->started++;
	if (connection->fd < 0) {
		connect_to(load, connection);
	} else {
		connection->state = WRITING;
		go_on_writing(load, connection);
	}
}

/* Whether the answer in `in` is complete; its status. */
static bool answer_is_complete(struct connection *connection, int *status) {
	connection->in[connection->in_len] = '\0';
	char *end = strstr(connection->in, "\r\n\r\n");
	if (!end) {
		return false;
	}
	size_t body_at = (size_t)(end + 4 - connection->in);
	*status = atoi(connection->in + 9);
	for (char *line = connection->in; line < end; line = strstr(line, "\r\n") + 2) {
		if (strncasecmp(line, "content-length:", 15) == 0) {
			return connection->in_len - body_at >= (size_t)atol(line + 15);
		}
	}
	char *last = connection->in + connection->in_len - 5;
	return *status == 204 ||
	       (connection->in_len >= body_at + 5 && memcmp(last, "0\r\n\r\n", 5) == 0);
}

static void take_answer(struct load *load, struct connection *connection, int status) {
	if (load->sample_count < SAMPLES_MAX) {
		load->samples_us[load->sample_count++] =
			(uint32_t)((now_ns() - connection->since_ns) / 1000);
	}
	if (status >= 200 && status < 300) {
		load->answered++;
	} else {
		load->refused++;
	}
	connection->state = IDLE;
	if (!load->keep || status >= 400) {
		hang_up(connection);
	}
}

static void on_readable(struct load *load, struct connection *connection) {
	ssize_t got = recv(
		connection->fd, connection->in + connection->in_len, ANSWER_MAX - connection->in_len, 0);
	if (got < 0 && errno == EAGAIN) {
		return;
	}
	if (got <= 0) {
		if (connection->state == IDLE) {
			hang_up(connection);
		} else {
			give_up(load, connection);
		}
		return;
	}
	connection->in_len += (size_t)got;
	int status = 0;
	if (answer_is_complete(connection, &status)) {
		take_answer(load, connection, status);
	}
}

static void on_event(struct load *load, struct connection *connection, uint32_t events) {
	if (connection->fd < 0) {
		return;
	}
	if (connection->state == CONNECTING) {
		int error = 0;
		socklen_t len = sizeof error;
		getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &len);
		if (error) {
			give_up(load, connection);
			return;
		}
		connection->state = WRITING;
	}
	if (connection->state == WRITING) {
		go_on_writing(load, connection);
	} else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
		on_readable(load, connection);
	}
}

/* With a rate: when the next request has to start. */
static uint64_t next_due_ns(const struct load *load) {
	return load->begin_ns + (uint64_t)((double)load->started * 1e9 / load->rate);
}

/* Starts what is due on connections that are free; how many are busy then. */
static int start_due(struct load *load, bool open) {
	int busy = 0;
	for (int i = 0; i < load->connections; i++) {
		struct connection *connection = &load->all[i];
		uint64_t now = now_ns();
		uint64_t due = load->rate > 0 ? next_due_ns(load) : now;
		if (connection->state == IDLE && open && now >= load->resume_ns && now >= due) {
			start_request(load, connection, due);
		}
		busy += connection->state != IDLE;
	}
	return busy;
}

static int wait_ms(const struct load *load, int busy) {
	if (busy == load->connections) {
		return 100;
	}
	uint64_t now = now_ns();
	if (load->rate == 0) {
		return 1;
	}
	/* The last 2 ms are spent spinning: a wait is too coarse for them. */
	uint64_t due = next_due_ns(load);
	return due > now + 2000000 ? (int)((due - now) / 1000000) - 1 : 0;
}

static double run(struct load *load) {
	load->begin_ns = now_ns();
	uint64_t end = load->begin_ns + (uint64_t)(load->seconds * 1e9);
	struct epoll_event events[256];
	for (;;) {
		uint64_t now = now_ns();
		bool open = now < end;
		int busy = start_due(load, open);
		if (!open && (busy == 0 || now > end + 5000000000u)) {
			return (double)(now_ns() - load->begin_ns) / 1e9;
		}
		int count = epoll_wait(load->epoll, events, 256, wait_ms(load, busy));
		for (int i = 0; i < count; i++) {
			on_event(load, events[i].data.ptr, events[i].events);
		}
	}
}

static uint32_t quantile(const struct load *load, double q) {
	return load->sample_count ? load->samples_us[(size_t)((double)(load->sample_count - 1) * q)]
	                          : 0;
}

static void report(struct load *load, double took) {
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	qsort(load->samples_us, load->sample_count, sizeof *load->samples_us, compare_u32);
	printf("{\"secs\":%.3f,\"ok\":%llu,\"refused\":%llu,\"failed\":%llu,\"connects\":%llu,\"rps\":%"
		   ".1f,"
		   "\"p50_us\":%u,\"p90_us\":%u,\"p99_us\":%u,\"max_us\":%u}\n",
		took, (unsigned long long)load->answered, (unsigned long long)load->refused,
		(unsigned long long)load->failed, (unsigned long long)load->connects,
		(double)load->answered / took, quantile(load, .5), quantile(load, .9), quantile(load, .99),
		quantile(load, 1));
}

static bool read_body(struct load *load, const char *path) {
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return false;
	}
	load->body = malloc(1 << 20);
	load->body_len = fread(load->body, 1, 1 << 20, file);
	fclose(file);
	return load->body_len > 0;
}

static bool read_options(struct load *load, int argc, char **argv) {
	int option;
	while ((option = getopt(argc, argv, "p:u:b:c:d:r:k:S:t")) != -1) {
		switch (option) {
		case 'p':
			load->port = atoi(optarg);
			break;
		case 'u':
			load->path = optarg;
			break;
		case 'b':
			if (!read_body(load, optarg)) {
				return false;
			}
			break;
		case 'c':
			load->connections = atoi(optarg);
			break;
		case 'd':
			load->seconds = atof(optarg);
			break;
		case 'r':
			load->rate = atof(optarg);
			break;
		case 'k':
			load->keep = atoi(optarg) != 0;
			break;
		case 'S':
			load->secret = optarg;
			break;
		case 't':
			load->tag = true;
			break;
		default:
			return false;
		}
	}
	return load->port > 0 && load->connections > 0;
}

int main(int argc, char **argv) {
	struct load load = {.path = "/", .connections = 1, .keep = true, .seconds = 1};
	if (!read_options(&load, argc, argv)) {
		fprintf(stderr, "usage: load -p PORT [-u PATH] [-b FILE] [-c CONNECTIONS] [-d SECONDS] "
						"[-r RATE] [-k 0|1] [-S SECRET] [-t]\n");
		return 2;
	}
	if (!load.body) {
		load.body = strdup("{\"a\":1}");
		load.body_len = strlen(load.body);
	}
	load.epoll = epoll_create1(EPOLL_CLOEXEC);
	load.samples_us = malloc(SAMPLES_MAX * sizeof *load.samples_us);
	load.all = calloc((size_t)load.connections, sizeof *load.all);
	for (int i = 0; i < load.connections; i++) {
		load.all[i].fd = -1;
	}
	report(&load, run(&load));
	for (int i = 0; i < load.connections; i++) {
		free(load.all[i].out);
	}
	free(load.all);
	free(load.samples_us);
	free(load.body);
	return 0;
}
