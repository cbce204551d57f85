/* One HTTP connection of a listener. Only listener.c and connection.c include this. */
#pragma once

#include "relay/ingest/addresses.h"
#include "relay/ingest/listener.h"

struct lws;

struct listener {
	struct lws_context *context;
	struct lws_vhost *vhost;
	uv_loop_t *loop;
	uv_poll_t accepts;      /* readable when a connection waits */
	uv_timer_t ticks;       /* looks at deadlines; runs while there are connections */
	uv_timer_t pause;       /* after a failed accept, so that a lack of descriptors does not spin */
	uint64_t complained_ms; /* about the lack of descriptors, by the loop's clock */
	int open_handles;
	int socket;
	int port;
	char name[16];
	bool tls, draining, freed;
	char certificate[1024], key[1024];
	struct listener_limits limits;
	struct listener_handler handler;
	void *data;
	struct addresses *addresses;
	struct connection *first;
	struct listener_counts counts;
	int64_t handed_out; /* not answered by the handler yet, also of connections that are gone */
	int64_t
		half_open; /* connections that are gone but for a peer that still listens; they count as connections */
	struct buffer scratch; /* an answer on its way out */
	int64_t date_s;
	char date[32];
};

struct connection {
	struct listener *listener;
	struct lws *wsi; /* NULL once the connection is gone */
	int half_open; /* the socket, when the peer said its last word and still waits for an answer; else -1 */
	struct connection *next, *previous;
	struct http_reader reader;
	struct buffer leftover; /* what came behind the request that is being answered */
	struct buffer out;      /* the rest of a large answer, behind LWS_PRE bytes */
	size_t out_sent;
	int64_t drip_ms; /* the rest goes out evenly over so long; 0: as fast as it is taken */
	enum phase phase;
	uint64_t since_ms; /* when the phase began, by the loop's clock */
	int64_t phase_bytes;
	int64_t buffered; /* what it counts for in buffered_bytes */
	uint64_t begun_ns;
	int depth;        /* calls of ours on the stack: it is not ended under them */
	bool in_callback; /* of libwebsockets, which ends it by a return value */
	bool ends, closes, paused, gone;
	bool counted; /* in addresses */
	struct address address;
	char peer[PEER_TEXT_LEN];
	void *extra;
};

struct connection *connection_new(struct listener *listener);
/* All that was received; 0, or -1 to end the connection (the return value for libwebsockets). */
int connection_receive(struct connection *connection, const char *data, size_t len);
int connection_writable(struct connection *connection);
/* libwebsockets ends the connection; its socket is still open during this call. */
void connection_ending(struct connection *connection);
/* The socket is gone. Frees the connection unless the handler still has its request. */
void connection_gone(struct connection *connection);
/* Looks at its deadline. */
void connection_tick(struct connection *connection, uint64_t now_ms);
/* Ends it if nothing of a request is there; used when draining. */
void connection_end_if_idle(struct connection *connection);
/* Ends it at once. */
void connection_end(struct connection *connection);
/* Takes over a socket that was accepted from `from`: it becomes a connection, or is turned away. */
void listener_welcome(struct listener *listener, int socket, const struct sockaddr *from);
/* Frees listener and what it has, when nothing needs it any more. */
void listener_release(struct listener *listener);
const char *listener_date(struct listener *listener);
