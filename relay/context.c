#include "relay/context.h"

#include <errno.h>
#include <libwebsockets.h>
#include <string.h>
#include <sys/resource.h>

#include "common/loop/guest.h"
#include "relay/log.h"

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

struct lws_context *context_new(uv_loop_t *loop, int64_t descriptors, bool tls, struct error *err) {
	if (!limit_descriptors(descriptors, err)) {
		return NULL;
	}
	lws_set_log_level(LLL_ERR | LLL_WARN, emit);
	struct lws_context_creation_info info = {
		.options = tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0,
		.pt_serv_buf_size = 65536,
		.max_http_header_data2 = 16384,
		.timeout_secs = 5};
	struct guest *guest = guest_new(loop, &info);
	if (!guest) {
		error_set(err, ERROR_IO,
			"start libwebsockets on libuv (is the package libwebsockets-evlib-uv installed?)");
		return NULL;
	}
	return guest_context(guest);
}

void context_free(struct lws_context *context) {
	if (context) {
		guest_free(guest_of(context), NULL, NULL);
	}
}
