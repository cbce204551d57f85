/*
 * A relay of our own: started when none is named and none runs, ended with us or with the last who joined it. What it says on stderr before it is
 * ready becomes the error; afterwards it is dropped.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"

struct local_relay_options {
	const char *ingest, *stream, *admin; /* addresses; NULL: the relay's own defaults */
	const char *store;                   /* "sqlite:FILE"; NULL: the usual place of the user */
	const char *key_file;                /* NULL: beside the store */
	const char *config;                  /* NULL: none is named */
	/*
	 * Once it is ready it belongs to all who joined it: it ends by itself when the last one has left, whatever becomes of us, and
	 * local_relay_stop leaves it alone.
	 */
	bool ends_with_clients;
};

/* What the relay said when it was ready; valid as long as the relay. */
struct local_relay_addresses {
	const char *ingest, *stream, *admin;
};

struct local_relay_events {
	void (*ready)(void *data, const struct local_relay_addresses *addresses);
	/* It ended, before or after it was ready: what it said last, or how. Nothing comes after it. */
	void (*ended)(void *data, const struct error *err);
};

struct local_relay;

/*
 * Starts hookline-relay: the one beside our own program, in the build tree, or on PATH. NULL and ERROR_UNREACHABLE
 * when there is none or it does not start.
 */
struct local_relay *local_relay_start(uv_loop_t *loop, const struct local_relay_options *options,
	const struct local_relay_events *events, void *data, struct error *err);

/*
 * Asks it to end (SIGTERM): it answers what is in flight. `ended` comes when it is gone. Returns false, and does nothing, when
 * it ends with its clients.
 */
bool local_relay_stop(struct local_relay *relay);

/* Lets go without a further callback; it is asked to end if it still runs, as by local_relay_stop. */
void local_relay_free(struct local_relay *relay);
