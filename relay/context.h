/* libwebsockets as a guest on the relay's libuv loop; every listener is a vhost of this one context. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"

struct lws_context;

/*
 * `descriptors` becomes the limit of open files libwebsockets plans for (each accept looks through the whole table,
 * so it is set by us and small). `tls`: some vhost will have a certificate; without, OpenSSL is left alone, which takes
 * some milliseconds to begin. libwebsockets' own log goes to relay/log.
 */
struct lws_context *context_new(uv_loop_t *loop, int64_t descriptors, bool tls, struct error *err);
/* To be called on the loop; the loop must run on until nothing is left on it. */
void context_free(struct lws_context *context);

/* "127.0.0.1:8080", "[::1]:0", "localhost:8080", "8080" -> host and port for a vhost; refuses anything else. */
struct listen_address {
	char host[64]; /* an address, never a name; "0.0.0.0" and "::" are every address */
	int port;      /* 0: the kernel picks */
	bool loopback;
};
bool listen_address_parse(struct listen_address *address, const char *text, struct error *err);

/*
 * Fills in where a vhost listens: address, port, family, and that it fails when the address is taken. `info` must not
 * outlive `address`. What was really bound is told by lws_get_vhost_listen_port.
 */
struct lws_context_creation_info;
void listen_address_apply(
	const struct listen_address *address, struct lws_context_creation_info *info);
