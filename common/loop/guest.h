/*
 * A libwebsockets context on a libuv loop that belongs to somebody else. For both programs.
 *
 * On such a loop libwebsockets 4.1.6 closes its handles when it is destroyed, and then forgets to free the rest: it waits
 * to be called a second time, and does not say when. So its two standing handles are remembered and watched.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

struct guest;
struct lws_context;
struct lws_context_creation_info;

/*
 * `info` has what the context needs beside the loop, LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT among its options when a vhost will
 * speak TLS; no vhost is made. NULL when libwebsockets does not start.
 */
struct guest *guest_new(uv_loop_t *loop, struct lws_context_creation_info *info);
struct lws_context *guest_context(const struct guest *guest);
struct guest *guest_of(struct lws_context *context);
uv_loop_t *guest_loop(const struct guest *guest);

/* Closes all connections; `freed` (may be NULL) comes on the loop when nothing is left, so it has to run on. */
typedef void guest_freed_fn(void *data);
void guest_free(struct guest *guest, guest_freed_fn *freed, void *data);
