/* `leases`: says who forwards what, and says it again when that changes. */
#include <stdlib.h>

#include "common/alloc.h"
#include "common/json.h"
#include "relay/stream/request.h"

/* The message stays below what the other side takes, whatever people call themselves. */
#define ENOUGH_BYTES (FRAME_MESSAGE / 2)

struct leases_request {
	struct request request;
	struct lease_watch *watch;
	bool news;
};

/* The array as it is written. */
struct writing {
	struct buffer *out;
	size_t count, start;
	bool more;
};

static void changed(void *data) {
	struct leases_request *leases = data;
	leases->news = true;
	session_want(leases->request.session);
}

static bool append(void *data, const struct lease *lease) {
	struct writing *writing = data;
	if (writing->count == FRAME_LEASES || writing->out->len - writing->start > ENOUGH_BYTES) {
		writing->more = true;
		return false;
	}
	buffer_append_text(writing->out, writing->count++ ? ",{" : "{");
	json_member_text(writing->out, "endpoint", lease->endpoint);
	json_member_text(writing->out, "target", lease->target);
	json_member_text(writing->out, "holder", lease->holder);
	buffer_append_byte(writing->out, '}');
	return true;
}

static enum given give(struct request *request, struct buffer *out, struct item **content) {
	(void)content;
	struct leases_request *leases = (struct leases_request *)request;
	struct writing writing = {.out = out, .start = out->len};
	if (!leases->news) {
		return GIVEN_NOTHING;
	}
	leases->news = false;
	request_message(out, "leases", request->id);
	json_member_name(out, "leases");
	buffer_append_byte(out, '[');
	leases_each(session_stream(request->session)->leases, append, &writing);
	buffer_append_byte(out, ']');
	if (writing.more) {
		json_member_bool(out, "more", true);
	}
	buffer_append_byte(out, '}');
	return GIVEN_MORE;
}

static void release(struct request *request) {
	struct leases_request *leases = (struct leases_request *)request;
	leases_unwatch(session_stream(request->session)->leases, leases->watch);
	free(leases);
}

static const struct request_kind kind = {give, release};

bool leases_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	(void)object;
	(void)err;
	struct leases_request *leases = alloc_zero(1, sizeof *leases);
	session_add(session, &leases->request, &kind, id);
	leases->watch = leases_watch(session_stream(session)->leases, changed, leases);
	leases->news = true;
	return true;
}
