#include "common/loop/guest.h"

#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/buffer.h"

struct guest {
	uv_timer_t timer; /* first; wakes the loop while the context is freed */
	uv_check_t check; /* begun when it is to be freed */
	struct lws_context *context;
	const uv_handle_t *idle, *clock; /* the two handles that stand as long as the context */
	bool begun;
	int open_handles;
	guest_freed_fn *freed;
	void *data;
};

/* The timer and the idle handle that came with the context: those that were not there before. */
struct search {
	struct buffer known;
	struct guest *guest;
};

static void remember_known(uv_handle_t *handle, void *data) {
	struct search *search = data;
	buffer_append(&search->known, &handle, sizeof handle);
}

static bool is_known(const struct search *search, const uv_handle_t *handle) {
	for (size_t at = 0; at < search->known.len; at += sizeof handle) {
		if (!memcmp(search->known.data + at, &handle, sizeof handle)) {
			return true;
		}
	}
	return false;
}

static void find_new(uv_handle_t *handle, void *data) {
	struct search *search = data;
	if (is_known(search, handle)) {
		return;
	}
	if (handle->type == UV_IDLE) {
		search->guest->idle = handle;
	} else if (handle->type == UV_TIMER) {
		search->guest->clock = handle;
	}
}

struct guest *guest_new(uv_loop_t *loop, struct lws_context_creation_info *info) {
	struct guest *guest = alloc_zero(1, sizeof *guest);
	struct search search = {.guest = guest};
	void *loops[] = {loop};
	info->options |= LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	info->foreign_loops = loops;
	info->port = CONTEXT_PORT_NO_LISTEN;
	info->gid = (gid_t)-1;
	info->uid = (uid_t)-1;
	info->user = guest;
	uv_timer_init(loop, &guest->timer);
	guest->timer.data = guest->check.data = guest;
	uv_unref((uv_handle_t *)&guest->timer);
	uv_walk(loop, remember_known, &search);
	guest->context = lws_create_context(info);
	if (!guest->context) {
		buffer_clear(&search.known);
		uv_close((uv_handle_t *)&guest->timer, (uv_close_cb)free);
		return NULL;
	}
	uv_walk(loop, find_new, &search);
	buffer_clear(&search.known);
	return guest;
}

struct lws_context *guest_context(const struct guest *guest) {
	return guest->context;
}

struct guest *guest_of(struct lws_context *context) {
	return lws_context_user(context);
}

uv_loop_t *guest_loop(const struct guest *guest) {
	return guest->timer.loop;
}

struct presence {
	const struct guest *guest;
	bool any;
};

static void find_standing(uv_handle_t *handle, void *data) {
	struct presence *presence = data;
	presence->any |= handle == presence->guest->idle || handle == presence->guest->clock;
}

/*
 * A walk meets a handle until its closing has ended, so this is true as long as libuv may still touch the two, which
 * libwebsockets closes last. To count turns would not do: UV_RUN_ONCE runs timers once more after the closings, so that
 * two looks can come between the same two of them.
 */
static bool handles_stand(struct guest *guest) {
	struct presence presence = {.guest = guest};
	uv_walk(guest->timer.loop, find_standing, &presence);
	return presence.any;
}

static void finish(uv_handle_t *handle) {
	struct guest *guest = handle->data;
	if (--guest->open_handles > 0) {
		return;
	}
	if (guest->freed) {
		guest->freed(guest->data);
	}
	free(guest);
}

/*
 * Of its event pipe libwebsockets closes the descriptor twice: here, and again when libuv has closed the handle. Whoever
 * opened a socket in between would lose it. So this stands behind the polling of a turn: the closings come next.
 */
static void free_step(uv_check_t *check) {
	struct guest *guest = check->data;
	if (!guest->begun) {
		guest->begun = true;
		lws_context_destroy(guest->context);
		return;
	}
	if (handles_stand(guest)) {
		return;
	}
	lws_context_destroy(guest->context);
	guest->open_handles = 2;
	uv_close((uv_handle_t *)&guest->timer, finish);
	uv_close((uv_handle_t *)check, finish);
}

static void wake(uv_timer_t *timer) {
	(void)timer;
}

void guest_free(struct guest *guest, guest_freed_fn *freed, void *data) {
	guest->freed = freed;
	guest->data = data;
	uv_ref((uv_handle_t *)&guest->timer);
	/* not at once: the caller may stand in a callback of libwebsockets */
	uv_timer_start(&guest->timer, wake, 0, 1);
	uv_check_init(guest->timer.loop, &guest->check);
	uv_check_start(&guest->check, free_step);
}
