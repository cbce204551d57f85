/* `retry.list`: what is due, and, where it is asked for, what changes. */
#include <stdlib.h>

#include "common/alloc.h"
#include "common/json.h"
#include "relay/stream/request.h"

/* A message stays well below what the other side takes. */
#define ENOUGH_BYTES 65536

struct retries_request {
	struct request request;
	struct retry_watch *watch;
	bool begun, complete; /* the first message, and all there was at the beginning, were given */
	bool watches;         /* what changes afterwards, too */
	bool news;
};

/* The array as it is written. */
struct writing {
	struct buffer *out;
	size_t count, start;
};

static void changed(void *data) {
	struct retries_request *retries = data;
	retries->news = true;
	session_want(retries->request.session);
}

static bool append(void *data, const struct retry *retry, struct span over) {
	struct writing *writing = data;
	if (writing->out->len - writing->start > ENOUGH_BYTES) {
		return false;
	}
	buffer_append_text(writing->out, writing->count++ ? ",{" : "{");
	retry_append_json_members(writing->out, retry);
	if (over.data) {
		json_member_text(writing->out, "over", over);
	}
	buffer_append_byte(writing->out, '}');
	return true;
}

static enum given give(struct request *request, struct buffer *out, struct item **content) {
	(void)content;
	struct retries_request *retries = (struct retries_request *)request;
	struct writing writing = {.out = out, .start = out->len};
	if (!retries->news) {
		return GIVEN_NOTHING;
	}
	request_message(out, "retries", request->id);
	if (!retries->begun) {
		json_member_bool(out, "begin", true);
	}
	retries->begun = true;
	json_member_name(out, "retries");
	buffer_append_byte(out, '[');
	retries->news = retries_each_new(
		session_stream(request->session)->retries, retries->watch, append, &writing);
	buffer_append_byte(out, ']');
	bool first = !retries->complete && !retries->news;
	if (first) {
		json_member_bool(out, "complete", true);
		retries->complete = true;
	}
	buffer_append_byte(out, '}');
	return first && !retries->watches ? GIVEN_LAST : GIVEN_MORE;
}

static void release(struct request *request) {
	struct retries_request *retries = (struct retries_request *)request;
	retries_unwatch(session_stream(request->session)->retries, retries->watch);
	free(retries);
}

static const struct request_kind kind = {give, release};

bool retry_list_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	bool watches = false;
	if (!json_get_bool_opt(object, "watch", &watches, err)) {
		return false;
	}
	struct retries_request *retries = alloc_zero(1, sizeof *retries);
	retries->watches = watches;
	session_add(session, &retries->request, &kind, id);
	retries->watch = retries_watch(session_stream(session)->retries, changed, retries);
	return true;
}
