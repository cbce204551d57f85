/*
 * The sample app of `hookline demo`: a small HTTP server that checks signatures itself, as an app should, and answers
 * 200, 401 to what is not rightly signed, or 500 where it has a bug.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/error.h"
#include "common/signature/signature.h"

/* What it knows of one sender: webhooks for it come at /NAME. */
struct demo_sender {
	const char *name;
	struct keyring *keyring;
};

struct demo_app;

/* Listens on 127.0.0.1 at a port the kernel picks. `senders` are borrowed. */
struct demo_app *demo_app_start(
	uv_loop_t *loop, const struct demo_sender *senders, size_t count, struct error *err);
int demo_app_port(const struct demo_app *app);

/* The bug: until it is mended, events whose body holds "refund" are answered with 500. */
void demo_app_mend(struct demo_app *app);

/* Closes everything; the loop must run on until it is done. */
void demo_app_free(struct demo_app *app);
