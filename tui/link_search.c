/*
 * Finds out where the relay takes connections. libwebsockets would look names up while the loop waits, and does not say
 * why it could not connect; so we look, and try, ourselves.
 */
#include <netdb.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/link_parts.h"

#define CONNECT_MS 5000

struct lookup {
	uv_getaddrinfo_t request; /* first */
	struct link *link;        /* NULL: nobody waits */
};

/* Addresses to try, one after the other. */
struct probe {
	uv_tcp_t tcp; /* first */
	uv_connect_t request;
	struct link *link; /* NULL: nobody waits */
	struct addrinfo *all, *at;
	int why; /* the first failure: the one of the address people mean */
};

static void probe_next(struct link *link, struct addrinfo *all, struct addrinfo *at, int why);

static void tell_unreachable(struct link *link, const char *why) {
	struct error err = {0};
	error_set(&err, ERROR_UNREACHABLE,
		"no relay answers at %s: %s; start one with hookline-relay, or name one with --relay",
		link->url_text, why);
	link_fail(link, &err);
}

static void on_closed(uv_handle_t *handle) {
	struct probe *probe = (struct probe *)handle;
	if (probe->all) {
		uv_freeaddrinfo(probe->all);
	}
	free(probe);
}

/* Lets go of the socket, and of the addresses unless they are still to be tried. */
static void probe_close(struct probe *probe) {
	probe->link = NULL;
	if (!uv_is_closing((uv_handle_t *)&probe->tcp)) {
		uv_close((uv_handle_t *)&probe->tcp, on_closed);
	}
}

static void succeed(struct probe *probe) {
	struct link *link = probe->link;
	char address[64] = "";
	uv_ip_name(probe->at->ai_addr, address, sizeof address);
	link->probe = NULL;
	probe_close(probe);
	uv_timer_stop(&link->timer);
	link_shake_hands(link, address);
}

static void fail(struct probe *probe, int why) {
	struct link *link = probe->link;
	struct addrinfo *all = probe->all, *next = probe->at->ai_next;
	why = probe->why ? probe->why : why;
	probe->all = NULL;
	link->probe = NULL;
	probe_close(probe);
	probe_next(link, all, next, why);
}

static void on_connect(uv_connect_t *request, int status) {
	struct probe *probe = request->data;
	if (!probe->link) {
		return;
	}
	if (status < 0) {
		fail(probe, status);
	} else {
		succeed(probe);
	}
}

static void on_late(uv_timer_t *timer) {
	struct link *link = timer->data;
	if (link->probe) {
		fail(link->probe, UV_ETIMEDOUT);
	}
}

static void probe_next(struct link *link, struct addrinfo *all, struct addrinfo *at, int why) {
	if (!at) {
		uv_freeaddrinfo(all);
		tell_unreachable(link, uv_strerror(why));
		return;
	}
	struct probe *probe = alloc_zero(1, sizeof *probe);
	probe->link = link;
	probe->all = all;
	probe->at = at;
	probe->why = why;
	link->probe = probe;
	uv_tcp_init(link->loop, &probe->tcp);
	probe->request.data = probe;
	int failed = uv_tcp_connect(&probe->request, &probe->tcp, at->ai_addr, on_connect);
	if (failed) {
		fail(probe, failed);
	} else {
		uv_timer_start(&link->timer, on_late, CONNECT_MS, 0);
	}
}

static void on_found(uv_getaddrinfo_t *request, int status, struct addrinfo *all) {
	struct lookup *lookup = (struct lookup *)request;
	struct link *link = lookup->link;
	free(lookup);
	if (!link) {
		uv_freeaddrinfo(all);
		return;
	}
	link->lookup = NULL;
	if (status < 0) {
		tell_unreachable(link, uv_strerror(status));
	} else {
		probe_next(link, all, all, 0);
	}
}

void link_open(struct link *link) {
	char port[8];
	snprintf(port, sizeof port, "%d", link->url.port);
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct lookup *lookup = alloc_zero(1, sizeof *lookup);
	lookup->link = link;
	link->lookup = lookup;
	int failed =
		uv_getaddrinfo(link->loop, &lookup->request, on_found, link->url.host, port, &hints);
	if (failed) {
		link->lookup = NULL;
		free(lookup);
		tell_unreachable(link, uv_strerror(failed));
	}
}

void link_stop_search(struct link *link) {
	if (link->lookup) {
		link->lookup->link = NULL;
		uv_cancel((uv_req_t *)&link->lookup->request);
		link->lookup = NULL;
	}
	if (link->probe) {
		probe_close(link->probe);
		link->probe = NULL;
	}
}

void link_forget_token(struct link *link) {
	if (link->token.data) {
		OPENSSL_cleanse(link->token.data, link->token.capacity);
	}
	buffer_clear(&link->token);
}
