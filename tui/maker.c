#include "tui/maker.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/message.h"
#include "common/signature/sign_anew.h"
#include "tui/anew.h"

/* One event, from the order until its attempt is kept. */
struct making {
	struct making *next;
	struct maker *maker;
	struct buffer head, body;
	char endpoint[ENDPOINT_NAME_LEN + 1], provider[64], secret[SECRET_LABEL_LEN];
	int64_t path_offset;
	enum origin origin;
	struct uuid parent;
	bool sends;
	struct target target;
	enum cause cause;
	struct buffer how;
	struct event *event;
	struct attempt *attempt;
};

struct maker {
	struct client *client;
	struct deliver *deliver;
	struct maker_events events;
	void *data;
	char *who;
	struct making *first;
};

static void making_free(struct making *making) {
	buffer_clear(&making->head);
	buffer_clear(&making->body);
	buffer_clear(&making->how);
	target_clear(&making->target);
	free(making->event);
	free(making->attempt);
	free(making);
}

static struct made made_of(struct making *making) {
	return (struct made){making->event, buffer_text(&making->how), making->attempt};
}

static void end(struct making *making, const struct error *err) {
	struct maker *maker = making->maker;
	struct made made = made_of(making);
	struct making **at = &maker->first;
	while (*at != making) {
		at = &(*at)->next;
	}
	*at = making->next;
	maker->events.ended(maker->data, &made, err);
	making_free(making);
}

/* --- sent --- */

static void on_stored(void *data, const struct client_stored *stored, const struct error *err) {
	struct making *making = data;
	struct error told = {0};
	making->attempt->seq = stored->seq;
	making->attempt->number = stored->number;
	making->attempt->late = stored->late;
	if (err) {
		told = *err;
		error_prefix(&told, "keep the attempt at the relay");
	}
	end(making, err ? &told : NULL);
}

static void on_delivered(void *data, const struct delivery *delivery) {
	struct making *making = data;
	struct maker *maker = making->maker;
	making->attempt = attempt_copy(&delivery->attempt);
	if (maker->events.delivered) {
		maker->events.delivered(maker->data, delivery);
	}
	client_store_attempt(maker->client, &delivery->attempt, delivery->answer_head,
		delivery->answer_body, on_stored, making);
}

/* --- kept --- */

static bool read_kept(struct making *making, const struct cJSON *answer, struct error *err) {
	struct buffer bytes = {0};
	struct event event;
	const struct cJSON *object = cJSON_GetObjectItemCaseSensitive(answer, "event");
	bool ok = cJSON_IsObject(object)
	              ? event_from_json(&event, object, &bytes, err)
	              : error_set(err, ERROR_REFUSED, "the relay's answer holds no event");
	making->event = ok ? event_copy(&event) : NULL;
	buffer_clear(&bytes);
	return ok;
}

static void on_kept(void *data, const struct cJSON *answer, const struct error *err) {
	struct making *making = data;
	struct maker *maker = making->maker;
	struct error why = {0};
	if (err && err->code == ERROR_USAGE && strstr(err->text, "knows no request")) {
		error_set(&why, ERROR_REFUSED, "this relay is too old to keep events that were made");
	} else if (err) {
		why = *err;
		error_prefix(&why, "keep the event at the relay");
	}
	if (why.code || !read_kept(making, answer, &why)) {
		end(making, &why);
		return;
	}
	if (maker->events.kept) {
		struct made made = made_of(making);
		maker->events.kept(maker->data, &made);
	}
	if (making->sends) {
		deliver_send(maker->deliver, &making->target, making->event, buffer_span(&making->head),
			buffer_span(&making->body), making->cause, on_delivered, making);
	} else {
		end(making, NULL);
	}
}

static void member_id(struct buffer *out, const char *name, const struct uuid *id) {
	char text[UUID_TEXT_LEN + 1];
	uuid_format(id, text);
	json_member_text(out, name, span_text(text));
}

static void keep(struct making *making) {
	static const struct uuid none;
	struct buffer object = {0};
	struct uuid id = deliver_fresh_id();
	buffer_append_text(&object, "{\"type\":\"event.add\",\"event\":{");
	member_id(&object, "id", &id);
	json_member_text(&object, "endpoint", span_text(making->endpoint));
	json_member_text(&object, "origin", span_text(origin_name(making->origin)));
	if (!uuid_equal(&making->parent, &none)) {
		member_id(&object, "parent", &making->parent);
	}
	json_member_int(&object, "path_offset", making->path_offset);
	json_member_text(&object, "who", span_text(making->maker->who));
	json_member_int(&object, "head_len", (int64_t)making->head.len);
	json_member_int(&object, "body_len", (int64_t)making->body.len);
	buffer_append_text(&object, "}}");
	const struct client_upload upload = {
		buffer_span(&making->head), buffer_span(&making->body), true};
	client_ask_with(making->maker->client, buffer_span(&object), &upload, on_kept, making);
	buffer_clear(&object);
}

/* --- signed --- */

static bool take_lines(struct making *making, struct span lines, struct error *err) {
	struct message message = {0};
	struct buffer head = {0};
	bool ok = message_parse(&message, buffer_span(&making->head), buffer_span(&making->body), err);
	if (ok) {
		sign_anew_head(&head, &message, lines);
		buffer_clear(&making->head);
		making->head = head;
	}
	message_clear(&message);
	return ok;
}

static void on_anew(void *data, const struct anew *anew, const struct error *err) {
	struct making *making = data;
	struct error why = {0};
	if (err) {
		end(making, err);
		return;
	}
	buffer_append_span(&making->how, buffer_span(&anew->how));
	if (anew->lines.len > 0 && !take_lines(making, buffer_span(&anew->lines), &why)) {
		end(making, &why);
	} else {
		keep(making);
	}
}

/* --- beginning and end --- */

static void keep_name(char *out, size_t size, struct span text) {
	snprintf(out, size, "%.*s", (int)text.len, text.data ? text.data : "");
}

void maker_make(struct maker *maker, const struct maker_order *order) {
	struct making *making = alloc_zero(1, sizeof *making);
	*making = (struct making){.next = maker->first,
		.maker = maker,
		.path_offset = order->path_offset,
		.origin = order->origin,
		.parent = order->parent,
		.sends = order->target != NULL,
		.cause = order->cause};
	maker->first = making;
	keep_name(making->endpoint, sizeof making->endpoint, order->endpoint);
	keep_name(making->provider, sizeof making->provider, order->provider);
	keep_name(making->secret, sizeof making->secret, order->secret);
	buffer_append_span(&making->head, order->head);
	buffer_append_span(&making->body, order->body);
	if (order->target) {
		target_copy(&making->target, order->target);
	}
	if (order->as_it_is) {
		buffer_append_text(&making->how, "signature kept as it is");
		keep(making);
		return;
	}
	const struct anew_draft draft = {.endpoint = span_text(making->endpoint),
		.provider = span_text(making->provider),
		.secret = span_text(making->secret),
		.head = order->head,
		.body = order->body};
	anew_ask_draft(maker->client, &draft, on_anew, making);
}

struct maker *maker_new(uv_loop_t *loop, struct client *client,
	const struct deliver_options *options, const struct maker_events *events, void *data,
	struct error *err) {
	struct deliver *deliver = deliver_new(loop, options, err);
	if (!deliver) {
		return NULL;
	}
	const char *who = options->who ? options->who : "";
	struct maker *maker = alloc_zero(1, sizeof *maker);
	*maker = (struct maker){.client = client,
		.deliver = deliver,
		.events = *events,
		.data = data,
		.who = alloc_text(who, strlen(who))};
	return maker;
}

void maker_free(struct maker *maker) {
	if (!maker) {
		return;
	}
	deliver_free(maker->deliver);
	while (maker->first) {
		struct making *making = maker->first;
		maker->first = making->next;
		making_free(making);
	}
	free(maker->who);
	free(maker);
}
