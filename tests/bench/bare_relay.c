/*
 * What the relay is measured against on the same disk: the least that can call an event durable. It reads a POST, checks
 * its signature as GitHub makes it, inserts head and body into two tables without an index, commits all that has queued
 * with one flush, and answers. No strict reader, no endpoints, no verdicts, no counts, no history to look things up in.
 *
 *   bare_relay FILE SECRET      prints "PORT\n" when it listens on 127.0.0.1
 *
 * FILE is a new SQLite store with a write-ahead log and synchronous=FULL. One thread with epoll, one that writes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX (1u << 16)
/* As tests/bench/load writes them. */
#define SIGNATURE "X-Hub-Signature-256: sha256="
#define LENGTH "Content-Length: "

struct connection {
	struct connection *next; /* in a queue */
	int fd;
	size_t len, head, body;
	sqlite3_int64 seq; /* of the event that was stored */
	char in[REQUEST_MAX + 1];
};

struct queue {
	struct connection *first, **end;
};

struct server {
	int epoll, listener, wake;
	const char *secret;
	pthread_mutex_t mutex;
	pthread_cond_t work;
	struct queue waiting, stored;
	/* the writer's own */
	sqlite3 *db;
	sqlite3_stmt *begin, *head, *body, *commit;
	sqlite3_int64 seq;
};

static _Noreturn void give_up(const char *why) {
	fprintf(stderr, "bare_relay: %s\n", why);
	exit(1);
}

/* --- queues --- */

static void push(struct queue *queue, struct connection *connection) {
	connection->next = NULL;
	*queue->end = connection;
	queue->end = &connection->next;
}

static struct connection *take_all(struct queue *queue) {
	struct connection *first = queue->first;
	queue->first = NULL;
	queue->end = &queue->first;
	return first;
}

/* --- the store --- */

static void step(struct server *server, sqlite3_stmt *stmt) {
	if (sqlite3_step(stmt) != SQLITE_DONE) {
		give_up(sqlite3_errmsg(server->db));
	}
	sqlite3_reset(stmt);
}

static sqlite3_stmt *prepare(struct server *server, const char *sql) {
	sqlite3_stmt *stmt;
	if (sqlite3_prepare_v2(server->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		give_up(sqlite3_errmsg(server->db));
	}
	return stmt;
}

static void open_store(struct server *server, const char *path) {
	if (sqlite3_open(path, &server->db) != SQLITE_OK ||
		sqlite3_exec(server->db,
			"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
			"CREATE TABLE event(seq INTEGER PRIMARY KEY, head BLOB);"
			"CREATE TABLE content(seq INTEGER PRIMARY KEY, body BLOB)",
			NULL, NULL, NULL) != SQLITE_OK) {
		give_up(sqlite3_errmsg(server->db));
	}
	server->begin = prepare(server, "BEGIN IMMEDIATE");
	server->head = prepare(server, "INSERT INTO event(seq, head) VALUES (?, ?)");
	server->body = prepare(server, "INSERT INTO content(seq, body) VALUES (?, ?)");
	server->commit = prepare(server, "COMMIT");
}

static void insert(struct server *server, sqlite3_stmt *stmt, const char *data, size_t len) {
	sqlite3_bind_int64(stmt, 1, server->seq);
	sqlite3_bind_blob(stmt, 2, data, (int)len, SQLITE_STATIC);
	step(server, stmt);
}

static void store(struct server *server, struct connection *group) {
	step(server, server->begin);
	for (struct connection *connection = group; connection; connection = connection->next) {
		connection->seq = ++server->seq;
		insert(server, server->head, connection->in, connection->head);
		insert(server, server->body, connection->in + connection->head, connection->body);
	}
	step(server, server->commit);
}

static void *write_on(void *data) {
	struct server *server = data;
	for (;;) {
		pthread_mutex_lock(&server->mutex);
		while (!server->waiting.first) {
			pthread_cond_wait(&server->work, &server->mutex);
		}
		struct connection *group = take_all(&server->waiting);
		pthread_mutex_unlock(&server->mutex);
		store(server, group);
		pthread_mutex_lock(&server->mutex);
		while (group) {
			struct connection *next = group->next;
			push(&server->stored, group);
			group = next;
		}
		pthread_mutex_unlock(&server->mutex);
		eventfd_write(server->wake, 1);
	}
	return NULL;
}

/* --- the network --- */

static bool is_signed(const struct server *server, const struct connection *connection) {
	const char *sent = strstr(connection->in, SIGNATURE);
	unsigned char mac[32];
	char hex[2 * sizeof mac + 1];
	HMAC(EVP_sha256(), server->secret, (int)strlen(server->secret),
		(const unsigned char *)connection->in + connection->head, connection->body, mac, NULL);
	for (size_t i = 0; i < sizeof mac; i++) {
		snprintf(hex + 2 * i, 3, "%02x", mac[i]);
	}
	return sent && strncmp(sent + strlen(SIGNATURE), hex, 2 * sizeof mac) == 0;
}

static void hang_up(struct connection *connection) {
	close(connection->fd);
	free(connection);
}

static void answer(struct connection *connection) {
	char out[160];
	int len = snprintf(out, sizeof out,
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Event: %lld\r\n\r\nok", connection->seq);
	connection->len = 0;
	if (send(connection->fd, out, (size_t)len, MSG_NOSIGNAL) != len) {
		hang_up(connection);
	}
}

static void answer_stored(struct server *server) {
	eventfd_t count;
	eventfd_read(server->wake, &count);
	pthread_mutex_lock(&server->mutex);
	struct connection *connection = take_all(&server->stored);
	pthread_mutex_unlock(&server->mutex);
	while (connection) {
		struct connection *next = connection->next;
		answer(connection);
		connection = next;
	}
}

static void take(struct server *server, struct connection *connection) {
	const char *end = strstr(connection->in, "\r\n\r\n");
	const char *length = strstr(connection->in, LENGTH);
	if (!end || !length) {
		return;
	}
	connection->head = (size_t)(end + 4 - connection->in);
	connection->body = strtoul(length + strlen(LENGTH), NULL, 10);
	if (connection->len < connection->head + connection->body) {
		return;
	}
	if (!is_signed(server, connection)) {
		give_up("a signature is wrong: is SECRET the one of tests/bench/load -S?");
	}
	pthread_mutex_lock(&server->mutex);
	bool first = !server->waiting.first;
	push(&server->waiting, connection);
	pthread_mutex_unlock(&server->mutex);
	if (first) {
		pthread_cond_signal(&server->work);
	}
}

static void receive(struct server *server, struct connection *connection) {
	ssize_t len =
		recv(connection->fd, connection->in + connection->len, REQUEST_MAX - connection->len, 0);
	if (len <= 0) {
		hang_up(connection);
		return;
	}
	connection->len += (size_t)len;
	connection->in[connection->len] = '\0';
	take(server, connection);
}

static void watch(struct server *server, int fd, void *who) {
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
	epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event);
}

static void accept_all(struct server *server) {
	int on = 1;
	for (int fd; (fd = accept(server->listener, NULL, NULL)) >= 0;) {
		struct connection *connection = calloc(1, sizeof *connection);
		if (!connection) {
			give_up("no memory");
		}
		connection->fd = fd;
		fcntl(fd, F_SETFL, O_NONBLOCK);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		watch(server, fd, connection);
	}
}

static void open_door(struct server *server) {
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof address;
	server->epoll = epoll_create1(0);
	server->wake = eventfd(0, EFD_NONBLOCK);
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (bind(server->listener, (struct sockaddr *)&address, len) != 0 ||
		listen(server->listener, 1024) != 0 ||
		getsockname(server->listener, (struct sockaddr *)&address, &len) != 0) {
		give_up(strerror(errno));
	}
	watch(server, server->listener, &server->listener);
	watch(server, server->wake, &server->wake);
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
}

int main(int argc, char **argv) {
	static struct server server;
	if (argc != 3) {
		give_up("usage: bare_relay FILE SECRET");
	}
	server.secret = argv[2];
	server.waiting.end = &server.waiting.first;
	server.stored.end = &server.stored.first;
	pthread_mutex_init(&server.mutex, NULL);
	pthread_cond_init(&server.work, NULL);
	open_store(&server, argv[1]);
	open_door(&server);
	pthread_t writer;
	if (pthread_create(&writer, NULL, write_on, &server) != 0) {
		give_up("no thread");
	}
	struct epoll_event events[64];
	for (;;) {
		int count = epoll_wait(server.epoll, events, 64, -1);
		for (int i = 0; i < count; i++) {
			void *who = events[i].data.ptr;
			if (who == &server.listener) {
				accept_all(&server);
			} else if (who == &server.wake) {
				answer_stored(&server);
			} else {
				receive(&server, who);
			}
		}
	}
}
