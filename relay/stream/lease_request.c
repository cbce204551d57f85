/* `lease`: says who forwards, and says it again when that changes. */
#include <stdlib.h>
#include <time.h>

#include "common/alloc.h"
#include "common/event.h"
#include "common/json.h"
#include "relay/stream/request.h"

#define TEXT_MOST 2048

struct lease_request {
	struct request request;
	struct claim *claim;
	struct buffer holder;
	bool mine, news;
};

static int64_t now_s(void) {
	return (int64_t)time(NULL);
}

static void changed(void *data, bool mine, struct span holder) {
	struct lease_request *lease = data;
	buffer_reset(&lease->holder);
	buffer_append_span(&lease->holder, holder);
	lease->mine = mine;
	lease->news = true;
	session_want(lease->request.session);
}

static enum given give(struct request *request, struct buffer *out, struct item **content) {
	(void)content;
	struct lease_request *lease = (struct lease_request *)request;
	if (!lease->news) {
		return GIVEN_NOTHING;
	}
	lease->news = false;
	request_message(out, "lease", request->id);
	json_member_bool(out, "mine", lease->mine);
	json_member_text(out, "holder", buffer_span(&lease->holder));
	buffer_append_byte(out, '}');
	return GIVEN_MORE;
}

static void release(struct request *request) {
	struct lease_request *lease = (struct lease_request *)request;
	leases_release(session_stream(request->session)->leases, lease->claim, now_s());
	buffer_clear(&lease->holder);
	free(lease);
}

static const struct request_kind kind = {give, release};

bool lease_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct span endpoint = {0}, target, who = span_text("somebody");
	if (!json_get_text_opt(object, "endpoint", &endpoint, err) ||
		!json_get_text(object, "target", &target, err) ||
		!json_get_text_opt(object, "who", &who, err)) {
		return false;
	}
	if (endpoint.len > ENDPOINT_NAME_LEN || target.len > TEXT_MOST || who.len > TEXT_MOST) {
		return error_set(err, ERROR_USAGE, "a lease with texts longer than %d bytes", TEXT_MOST);
	}
	struct lease_request *lease = alloc_zero(1, sizeof *lease);
	session_add(session, &lease->request, &kind, id);
	lease->claim = leases_claim(
		session_stream(session)->leases, endpoint, target, who, now_s(), changed, lease);
	return true;
}
