/*
 * A local app that writes down every byte it gets and answers as it was told, on the loop of the test. It reads
 * requests only to know where they end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "common/buffer.h"
#include "common/http_reader.h"

#define RAW_APP_CONNECTIONS 64

struct raw_app {
	/* how it answers; set before or between requests */
	const char *reply; /* sent for every complete request; NULL: nothing */
	size_t reply_len;
	bool close_after; /* and then closes */
	bool endless; /* goes on sending blocks of 'x' behind the reply until the other side closes */
	bool hold;    /* answers nothing until raw_app_release */

	/* what it saw */
	struct buffer received; /* all bytes, in the order they came */
	size_t requests;
	size_t connections;
	size_t most_open; /* requests held at once */

	/* private */
	uv_loop_t *loop;
	uv_tcp_t listener;
	int port;
	struct raw_app_peer *peers[RAW_APP_CONNECTIONS];
	size_t peer_count;
};

/* Listens on 127.0.0.1 at a port the kernel picks (`port`). Keeps `reply` borrowed; its length is strlen. */
void raw_app_init(struct raw_app *app, uv_loop_t *loop, const char *reply);

/* Answers everything that is held. */
void raw_app_release(struct raw_app *app);

/* Closes everything; the loop must run on until it is done. */
void raw_app_close(struct raw_app *app);
