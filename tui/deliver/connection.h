/*
 * One connection to the local app. libcurl finds the address, connects and does TLS (CURLOPT_CONNECT_ONLY: both
 * addresses of "localhost" are tried, certificates checked); the bytes are ours, so that what is sent is exactly what
 * was captured (libcurl's own requests put Host first and cannot send a header of blanks).
 *
 * The address really connected to must be of this machine, unless `anywhere`. No proxy, no netrc, no cookies, no
 * redirects: there is nothing in between that could do them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/span.h"

struct connection_options {
	int64_t connect_ms;
	bool anywhere; /* other addresses than loopback */
	bool insecure; /* https without checking the certificate */
	const char *
		ca_file; /* certificates to trust instead of the system's; NULL: those. Looked at by connection_new alone */
};

/* All are called from the loop, never from within a call into this module. */
struct connection_events {
	/* Bytes of the app, valid during the call. connection_free is allowed in it. */
	void (*received)(void *data, const char *bytes, size_t len);
	/*
	 * It is over: `err` NULL when the app closed in order. `connected` is false when there never was a connection
	 * (ERROR_APP, with a hint): then nothing was sent. Nothing comes after it; free it.
	 */
	void (*ended)(void *data, bool connected, const struct error *err);
};

struct connection;

/* `base` is scheme://host:port as in struct target; copied. NULL and `err` when libcurl refuses it. */
struct connection *connection_new(uv_loop_t *loop, const char *base,
	const struct connection_options *options, const struct connection_events *events, void *data,
	struct error *err);

/* Closes; no callback comes any more. */
void connection_free(struct connection *connection);

/* Who gets the callbacks from now on: a kept connection passes from one request to the next. */
void connection_set_data(struct connection *connection, void *data);

/* Sends `bytes` as soon as it is connected; borrowed until all is sent or the connection is freed. */
void connection_send(struct connection *connection, struct span bytes);

/* Whether everything given to connection_send is on its way. */
bool connection_is_sent(const struct connection *connection);

/*
 * More of the answer is to come: what has come is acknowledged at once. An app that writes head and body apart would else
 * have to wait for that, 40 ms with each answer but the first. Does nothing where the system does not know of it.
 */
void connection_expect_more(struct connection *connection);

/* Looks, without waiting, whether a connection that was kept can still be used: the app has neither closed nor spoken. */
bool connection_is_usable(struct connection *connection);
