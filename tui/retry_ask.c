#include "tui/retry_ask.h"

#include <cjson/cJSON.h>

#include "common/json.h"
#include "common/moment.h"

static void begin(struct buffer *out, const char *type) {
	buffer_append_byte(out, '{');
	json_member_text(out, "type", span_text(type));
}

static void begin_of(
	struct buffer *out, const char *type, const struct retry *retry, const char *claim) {
	char id[UUID_TEXT_LEN + 1];
	uuid_format(&retry->event, id);
	begin(out, type);
	json_member_text(out, "event", span_text(id));
	json_member_text(out, "target", retry->target);
	json_member_text(out, "claim", span_text(claim));
}

static client_request ask(
	struct client *client, struct buffer *object, client_answer_fn *answered, void *data) {
	const struct client_upload upload = {.again = true};
	buffer_append_byte(object, '}');
	client_request request = client_ask_with(client, buffer_span(object), &upload, answered, data);
	buffer_clear(object);
	return request;
}

client_request retry_ask_put(struct client *client, const struct retry *retry, const char *claim,
	bool fresh, client_answer_fn *answered, void *data) {
	struct buffer object = {0};
	begin(&object, "retry.put");
	json_member_text(&object, "claim", span_text(claim));
	json_member_bool(&object, "new", fresh);
	json_member_name(&object, "retry");
	retry_append_json(&object, retry);
	return ask(client, &object, answered, data);
}

client_request retry_ask_take(struct client *client, const struct retry *retry, const char *claim,
	int64_t for_ms, client_answer_fn *answered, void *data) {
	struct buffer object = {0};
	begin_of(&object, "retry.take", retry, claim);
	json_member_int(&object, "tries", retry->tries);
	json_member_int(&object, "for_ms", for_ms < RETRY_TAKEN_MAX_MS ? for_ms : RETRY_TAKEN_MAX_MS);
	return ask(client, &object, answered, data);
}

client_request retry_ask_hold(struct client *client, const struct uuid *event, struct span target,
	const char *claim, int64_t for_ms, client_answer_fn *answered, void *data) {
	const struct retry retry = {.event = *event, .target = target};
	struct buffer object = {0};
	begin_of(&object, "retry.hold", &retry, claim);
	json_member_int(&object, "for_ms", for_ms < RETRY_TAKEN_MAX_MS ? for_ms : RETRY_TAKEN_MAX_MS);
	buffer_append_byte(&object, '}');
	client_request request = client_ask(client, buffer_span(&object), answered, data);
	buffer_clear(&object);
	return request;
}

client_request retry_ask_change(struct client *client, const struct retry *retry, int paused,
	int64_t due_ns, client_answer_fn *answered, void *data) {
	struct buffer object = {0};
	begin_of(&object, "retry.change", retry, "");
	if (paused >= 0) {
		json_member_bool(&object, "paused", paused == 1);
	}
	if (due_ns != 0) {
		json_member_name(&object, "due_at");
		buffer_append_byte(&object, '"');
		moment_append(&object, due_ns);
		buffer_append_byte(&object, '"');
	}
	return ask(client, &object, answered, data);
}

client_request retry_ask_remove(struct client *client, const struct retry *retry, const char *claim,
	struct span reason, client_answer_fn *answered, void *data) {
	struct buffer object = {0};
	begin_of(&object, "retry.remove", retry, claim);
	json_member_text(&object, "reason", reason);
	return ask(client, &object, answered, data);
}

client_request retry_ask_list(
	struct client *client, bool watch, client_answer_fn *told, void *data) {
	return client_watch(client,
		span_text(watch ? "{\"type\":\"retry.list\",\"watch\":true}" : "{\"type\":\"retry.list\"}"),
		told, data);
}

bool retry_frame_read(struct retry_frame *frame, const struct cJSON *object, retry_told_fn *told,
	void *data, struct error *err) {
	const struct cJSON *item = NULL;
	*frame = (struct retry_frame){0};
	if (!json_get_bool_opt(object, "begin", &frame->begin, err) ||
		!json_get_bool_opt(object, "complete", &frame->complete, err)) {
		return false;
	}
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(object, "retries")) {
		struct retry retry;
		struct span over = {0};
		if (!retry_from_json(&retry, item, err) || !json_get_text_opt(item, "over", &over, err)) {
			return false;
		}
		told(data, &retry, over);
	}
	return true;
}
