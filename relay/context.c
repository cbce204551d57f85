#include "relay/context.h"

#include <errno.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "relay/log.h"

/*
 * libwebsockets 4.1.6 on a loop that is not its own closes its handles there, and then forgets to free the rest: it
 * waits to be called a second time, and does not say when. So we remember its two standing handles and look whether
 * they are gone.
 */
struct guest {
	uv_timer_t timer; /* first, so that the handle is the guest */
	struct lws_context *context;
	const uv_handle_t *idle, *clock;
	int closed_ticks; /* looks since both handles were closing */
	bool begun;
};

static void emit(int level, const char *line) {
	size_t len = strlen(line);
	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == ' ')) {
		len--;
	}
	log_write(
		level == LLL_ERR ? LOG_WARNING : LOG_DEBUG, "libwebsockets text=%.*s", (int)len, line);
}

/* Each accept of libwebsockets walks over as many entries as files may be open: so few, and the hard limit stays. */
static bool limit_descriptors(int64_t descriptors, struct error *err) {
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit)) {
		return error_set(err, ERROR_IO, "read the limit of open files: %s", strerror(errno));
	}
	if (limit.rlim_max != RLIM_INFINITY && (rlim_t)descriptors > limit.rlim_max) {
		return error_set(err, ERROR_CONFIG,
			"%lld open files are asked for, the system allows %llu: ulimit -Hn shows and raises it",
			(long long)descriptors, (unsigned long long)limit.rlim_max);
	}
	limit.rlim_cur = (rlim_t)descriptors;
	if (setrlimit(RLIMIT_NOFILE, &limit)) {
		return error_set(
			err, ERROR_IO, "limit open files to %lld: %s", (long long)descriptors, strerror(errno));
	}
	return true;
}

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

static struct lws_context *create(uv_loop_t *loop, struct guest *guest) {
	void *loops[] = {loop};
	struct lws_context_creation_info info = {
		.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
	               LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_VALIDATE_UTF8,
		.foreign_loops = loops,
		.port = CONTEXT_PORT_NO_LISTEN,
		.gid = (gid_t)-1,
		.uid = (uid_t)-1,
		.pt_serv_buf_size = 65536,
		.max_http_header_data2 = 16384,
		.timeout_secs = 5,
		.user = guest,
	};
	return lws_create_context(&info);
}

struct lws_context *context_new(uv_loop_t *loop, int64_t descriptors, struct error *err) {
	if (!limit_descriptors(descriptors, err)) {
		return NULL;
	}
	lws_set_log_level(LLL_ERR | LLL_WARN, emit);

	struct guest *guest = alloc_zero(1, sizeof *guest);
	struct search search = {.guest = guest};
	uv_timer_init(loop, &guest->timer);
	uv_unref((uv_handle_t *)&guest->timer);
	uv_walk(loop, remember_known, &search);
	guest->context = create(loop, guest);
	if (!guest->context) {
		buffer_clear(&search.known);
		uv_close((uv_handle_t *)&guest->timer, (uv_close_cb)free);
		error_set(err, ERROR_IO,
			"start libwebsockets on libuv (is the package libwebsockets-evlib-uv installed?)");
		return NULL;
	}
	uv_walk(loop, find_new, &search);
	buffer_clear(&search.known);
	return guest->context;
}

static bool handles_are_closing(const struct guest *guest) {
	return (!guest->idle || uv_is_closing(guest->idle)) &&
	       (!guest->clock || uv_is_closing(guest->clock));
}

/* A handle seen closing is closed at the end of that turn of the loop, so by the next look it is gone for good. */
static void free_step(uv_timer_t *timer) {
	struct guest *guest = (struct guest *)timer;
	if (!guest->begun) {
		guest->begun = true;
		lws_context_destroy(guest->context);
		return;
	}
	if (!handles_are_closing(guest) || ++guest->closed_ticks < 2) {
		return;
	}
	lws_context_destroy(guest->context);
	uv_close((uv_handle_t *)timer, (uv_close_cb)free);
}

void context_free(struct lws_context *context) {
	if (!context) {
		return;
	}
	struct guest *guest = lws_context_user(context);
	uv_ref((uv_handle_t *)&guest->timer);
	/* not at once: the caller may stand in a callback of libwebsockets */
	uv_timer_start(&guest->timer, free_step, 0, 1);
}
