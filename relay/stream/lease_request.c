/* `lease`: says who forwards, and says it again when that changes. */
#include <stdlib.h>
#include <time.h>

#include "common/alloc.h"
#include "common/event.h"
#include "common/filter.h"
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

/* `lease.tell`: what the client says of a lease it has, or waits for. */
bool lease_tell_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	int64_t lease = 0;
	bool away = false;
	struct span text = {0};
	if (!json_get_int(object, "lease", &lease, err) ||
		!json_get_bool_opt(object, "away", &away, err) ||
		!json_get_text_opt(object, "filter", &text, err)) {
		return false;
	}
	struct request *request = lease > 0 ? session_request(session, (uint32_t)lease) : NULL;
	if (!request || request->kind != &kind) {
		return error_set(err, ERROR_NO, "there is no lease %lld", (long long)lease);
	}
	struct filter *filter = text.len > 0 ? filter_parse(text, err) : NULL;
	if (text.len > 0 && !filter) {
		return false;
	}
	leases_tell(
		session_stream(session)->leases, ((struct lease_request *)request)->claim, away, filter);
	struct buffer out = {0};
	request_message(&out, "answer", id);
	buffer_append_byte(&out, '}');
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
	return true;
}
