#include "relay/stream/request.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <string.h>
#include <time.h>

#include "common/json.h"
#include "common/moment.h"
#include "relay/stream/job.h"

static int64_t now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec;
}

bool request_filter(struct filter **filter, struct span text, struct error *err) {
	*filter = NULL;
	if (text.len == 0) {
		return true;
	}
	*filter = filter_parse(text, err);
	if (*filter) {
		filter_set_now(*filter, now_ns());
	}
	return *filter != NULL;
}

bool request_deliveries(struct attempt_filter **filter, struct span text, struct error *err) {
	*filter = attempt_filter_parse(text, err);
	if (*filter) {
		attempt_filter_set_now(*filter, now_ns());
	}
	return *filter != NULL;
}

void request_message(struct buffer *out, const char *type, uint32_t id) {
	buffer_append_text(out, "{\"type\":\"");
	buffer_append_text(out, type);
	buffer_append_text(out, "\",\"re\":");
	buffer_append_int(out, id);
}

void request_error(struct buffer *out, uint32_t id, const struct error *err) {
	buffer_append_text(out, "{\"type\":\"error\"");
	if (id) {
		json_member_int(out, "re", id);
	}
	json_member_text(out, "code", span_text(frame_error_name(err->code)));
	json_member_text(out, "text", span_text(err->text));
	buffer_append_byte(out, '}');
}

void request_item(struct buffer *out, uint32_t id, struct item *item) {
	const char *type = item->kind == ENTRY_EVENT ? "event" : "attempt";
	request_message(out, type, id);
	json_member_name(out, type);
	buffer_append_span(out, item_json(item));
	buffer_append_byte(out, '}');
}

/* `looks`: who only looks may ask for it; anything else is taken for a change. */
static const struct {
	const char *type;
	request_begin_fn *begin;
	bool looks;
} types[] = {
	{"subscribe", subscribe_begin, .looks = true},
	{"list", list_begin, .looks = true},
	{"get", get_begin, .looks = true},
	{"annotate", annotate_begin},
	{"attempt", attempt_begin},
	{"event.add", event_add_begin},
	{"lease", lease_begin},
	{"lease.tell", lease_tell_begin},
	{"leases", leases_begin, .looks = true},
	{"endpoint.list", endpoint_list_begin, .looks = true},
	{"endpoint.add", endpoint_add_begin},
	{"endpoint.set", endpoint_set_begin},
	{"endpoint.remove", endpoint_remove_begin},
	{"endpoint.reverify", endpoint_reverify_begin},
	{"explain", explain_begin, .looks = true},
	{"scheme", scheme_begin, .looks = true},
	{"sign", sign_begin},
	{"refusals", refusals_begin, .looks = true},
	{"relay.stay", relay_stay_begin},
	{"stats", stats_begin, .looks = true},
	{"retry.put", retry_put_begin},
	{"retry.take", retry_take_begin},
	{"retry.hold", retry_hold_begin},
	{"retry.change", retry_change_begin},
	{"retry.remove", retry_remove_begin},
	{"retry.list", retry_list_begin, .looks = true},
	{"readonly", readonly_begin, .looks = true},
};
#define TYPE_COUNT (sizeof types / sizeof *types)

const char *request_type(size_t index) {
	return index < TYPE_COUNT ? types[index].type : NULL;
}

static bool may(const struct session *session, size_t type, struct error *err) {
	return types[type].looks || !session_is_readonly(session) ||
	       error_set(err, ERROR_REFUSED,
			   "this connection is readonly: it may look, but %s changes things", types[type].type);
}

static bool begin(struct session *session, uint32_t id, struct span type,
	const struct cJSON *object, struct error *err) {
	if (session_has_request(session, id)) {
		return error_set(err, ERROR_USAGE, "request %" PRIu32 " is still open", id);
	}
	if (session_open_requests(session) >= FRAME_REQUESTS) {
		return error_set(
			err, ERROR_FULL, "%d requests are open, wait for one to end", FRAME_REQUESTS);
	}
	for (size_t i = 0; i < TYPE_COUNT; i++) {
		if (span_is(type, types[i].type)) {
			return may(session, i, err) && types[i].begin(session, id, object, err);
		}
	}
	return error_set(err, ERROR_USAGE, "this relay knows no request of type \"%.*s\"",
		(int)(type.len < 40 ? type.len : 40), type.data);
}

/* `*id` stays 0 when the request has none that can be answered. */
static bool read_and_begin(
	struct session *session, const struct cJSON *object, uint32_t *id, struct error *err) {
	struct span type;
	int64_t number = 0;
	if (!cJSON_IsObject(object)) {
		return error_set(err, ERROR_USAGE, "expected a JSON object");
	}
	if (!json_get_int_opt(object, "id", &number, err) ||
		!json_get_text(object, "type", &type, err)) {
		return false;
	}
	if (number < 1 || number > UINT32_MAX) {
		return error_set(err, ERROR_USAGE, "expected a number from 1 to %u at .id", UINT32_MAX);
	}
	if (span_is(type, "cancel")) {
		session_cancel(session, (uint32_t)number);
		return true;
	}
	*id = (uint32_t)number;
	return begin(session, *id, type, object, err);
}

/* Values of secrets do not stay in freed memory. */
static void wipe(struct cJSON *item) {
	for (; item; item = item->next) {
		if (cJSON_IsString(item) && item->string) {
			OPENSSL_cleanse(item->valuestring, span_text(item->valuestring).len);
		}
		wipe(item->child);
	}
}

void request_dispatch(struct session *session, struct span message) {
	struct error err = {0};
	uint32_t id = 0;
	struct cJSON *object = json_parse(message, &err);
	if (!object || !read_and_begin(session, object, &id, &err)) {
		struct buffer out = {0};
		request_error(&out, id, &err);
		session_reply(session, buffer_span(&out));
		buffer_clear(&out);
	}
	wipe(object);
	cJSON_Delete(object);
}
