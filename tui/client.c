#include "tui/client.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "tui/asking.h"
#include "tui/link.h"

/* Requests at the relay at once, of ours; below what it takes. The rest waits its turn here. */
#define SENT_MOST (FRAME_REQUESTS - 8)

/* With an id that no request of ours ever has: what is answered to it does not matter. */
#define READONLY_MESSAGE "{\"type\":\"readonly\",\"id\":4294967295}"

struct client {
	struct link *link;
	struct client_events events;
	void *data;
	char *who;
	bool readonly;
	bool live, freed, over;
	struct error why; /* when over */
	struct buffer store;
	int busy; /* callbacks under way: nothing is freed meanwhile */
	uint32_t last_id;
	size_t sent;
	struct asking *first, **last;
};

static void reap(struct client *client) {
	if (client->busy > 0) {
		return;
	}
	struct asking **at = &client->first;
	while (*at) {
		struct asking *asking = *at;
		if (asking->gone) {
			client->sent -= asking->sent;
			*at = asking->next;
			asking_free(asking);
		} else {
			at = &asking->next;
		}
	}
	client->last = at;
}

static void send_asking(struct client *client, struct asking *asking) {
	struct buffer message = {0};
	asking_append_message(&message, asking);
	link_send(client->link, buffer_span(&message), false);
	buffer_clear(&message);
	link_send_bytes(client->link, asking->id, FRAME_HEAD, buffer_span(&asking->head));
	link_send_bytes(client->link, asking->id, FRAME_BODY, buffer_span(&asking->body));
	asking->sent = true;
	client->sent++;
}

static void send_waiting(struct client *client) {
	struct asking *asking = client->first;
	for (; asking && client->live && client->sent < SENT_MOST; asking = asking->next) {
		if (!asking->sent && !asking->gone) {
			send_asking(client, asking);
		}
	}
}

/* After callbacks: what is over goes, what waited may be sent. */
static void settle(struct client *client) {
	if (--client->busy == 0 && !client->freed) {
		reap(client);
		send_waiting(client);
	}
}

static struct asking *find(const struct client *client, uint32_t id) {
	struct asking *asking = client->first;
	while (asking && asking->id != id) {
		asking = asking->next;
	}
	return asking;
}

/* Subscriptions that go on learn how far they have to. */
static void tell_resumed(struct client *client, const struct cJSON *welcome) {
	struct asking *asking = client->first;
	for (; asking && !client->freed; asking = asking->next) {
		asking_tell_resumed(asking, welcome);
	}
}

static void meet_store(struct client *client, struct span store) {
	buffer_reset(&client->store);
	buffer_append_span(&client->store, store);
	struct asking *asking = client->first;
	for (; asking && !client->freed; asking = asking->next) {
		asking_meet_store(asking, buffer_span(&client->store));
	}
}

static bool take_welcome(struct client *client, const struct cJSON *object, struct error *err) {
	struct client_welcome welcome = {
		.version = span_text(""), .ingest_url = span_text(""), .store = span_text("")};
	if (!json_get_text_opt(object, "version", &welcome.version, err) ||
		!json_get_text_opt(object, "ingest_url", &welcome.ingest_url, err) ||
		!json_get_text_opt(object, "store", &welcome.store, err) ||
		!json_get_bool_opt(object, "ends_with_clients", &welcome.ends_with_clients, err) ||
		!json_get_bool_opt(object, "readonly", &welcome.readonly, err) ||
		!json_get_bool_opt(object, "stay", &welcome.stay, err)) {
		return false;
	}
	meet_store(client, welcome.store);
	if (client->freed) {
		return true;
	}
	client->live = true;
	if (client->readonly) { /* in front of everything else */
		link_send(client->link, span_text(READONLY_MESSAGE), false);
		welcome.readonly = true;
	}
	link_is_good(client->link);
	send_waiting(client);
	if (client->events.live) {
		client->events.live(client->data, &welcome);
	}
	tell_resumed(client, object);
	return true;
}

static void take_bye(struct client *client, const struct cJSON *object) {
	struct span why = span_text("");
	json_get_text_opt(object, "text", &why, NULL);
	link_expect_end(client->link);
	if (client->events.bye) {
		client->events.bye(client->data, why);
	}
}

static bool take_text(struct client *client, struct cJSON **object, struct error *err) {
	struct span type;
	int64_t re = 0;
	if (!json_get_text(*object, "type", &type, err) || !json_get_int_opt(*object, "re", &re, err)) {
		return false;
	}
	if (re > 0) {
		struct asking *asking = find(client, (uint32_t)re);
		if (asking && asking_take_frame(asking, type, object, err)) {
			asking->gone = true;
		}
		return err->code == ERROR_NONE;
	}
	if (span_is(type, "welcome")) {
		return take_welcome(client, *object, err);
	}
	if (span_is(type, "bye")) {
		take_bye(client, *object);
	}
	return true; /* types of newer relays are passed over */
}

static bool take_message(
	struct client *client, struct span message, bool binary, struct error *err) {
	if (!binary) {
		struct cJSON *object = json_parse(message, err);
		bool ok = object && take_text(client, &object, err);
		cJSON_Delete(object);
		return ok;
	}
	struct frame_header header;
	struct span payload;
	if (!frame_header_read(&header, &payload, message, err)) {
		return false;
	}
	struct asking *asking = find(client, header.request);
	return !asking || asking_take_bytes(asking, &header, payload, err) || err->code == ERROR_NONE;
}

static void on_message(void *data, struct span message, bool binary) {
	struct client *client = data;
	struct error err = {0};
	client->busy++;
	if (!take_message(client, message, binary, &err) && !client->freed) {
		error_prefix(&err, "the relay says what this hookline does not understand");
		err.code = ERROR_UNREACHABLE;
		link_break(client->link, &err);
	}
	settle(client);
}

static void on_down(void *data, const struct error *err, int64_t retry_ms) {
	struct client *client = data;
	client->busy++;
	client->live = false;
	client->sent = 0;
	if (retry_ms < 0) {
		client->over = true;
		client->why = *err;
	}
	for (struct asking *asking = client->first; asking && !client->freed; asking = asking->next) {
		if (!asking_survives(asking) || client->over) {
			asking_fail(asking, err);
		}
	}
	if (!client->freed && client->events.down) {
		client->events.down(client->data, err, retry_ms);
	}
	settle(client);
}

static void on_freed(void *data) {
	struct client *client = data;
	while (client->first) {
		struct asking *asking = client->first;
		client->first = asking->next;
		asking_free(asking);
	}
	free(client->who);
	buffer_clear(&client->store);
	free(client);
}

struct client *client_new(uv_loop_t *loop, const struct client_options *options,
	const struct client_events *events, void *data, struct error *err) {
	const struct link_options link = {.url = options->url,
		.token_file = options->token_file,
		.ca_file = options->ca_file,
		.once = options->once,
		.retry_least_ms = options->retry_least_ms,
		.retry_most_ms = options->retry_most_ms,
		.ping_ms = options->ping_ms};
	static const struct link_events link_events = {on_message, on_down, on_freed};
	const char *who = options->who ? options->who : "";
	struct client *client = alloc_zero(1, sizeof *client);
	client->events = *events;
	client->data = data;
	client->last = &client->first;
	client->readonly = options->readonly;
	client->who = alloc_text(who, strlen(who));
	client->link = link_new(loop, &link, &link_events, client, err);
	if (!client->link) {
		free(client->who);
		free(client);
		return NULL;
	}
	return client;
}

void client_free(struct client *client) {
	if (!client || client->freed) {
		return;
	}
	client->freed = true;
	for (struct asking *asking = client->first; asking; asking = asking->next) {
		asking->gone = true;
	}
	link_free(client->link);
}

struct span client_store(const struct client *client) {
	return buffer_span(&client->store);
}

int64_t client_heard_ms(const struct client *client) {
	return link_heard_ms(client->link);
}

int64_t client_round_trip_us(const struct client *client) {
	return link_round_trip_us(client->link);
}

void client_pause(struct client *client, bool paused) {
	link_pause(client->link, paused);
}

static struct asking *ask(struct client *client, enum asking_kind kind, void *data) {
	struct asking *asking = asking_new(kind, ++client->last_id);
	asking->data = data;
	return asking;
}

/* `{"type":"<type>","id":<id>` */
static void begin_message(struct buffer *out, const char *type, uint32_t id) {
	buffer_append_byte(out, '{');
	json_member_text(out, "type", span_text(type));
	json_member_int(out, "id", id);
}

static client_request submit(struct client *client, struct asking *asking) {
	uint32_t id = asking->id;
	*client->last = asking;
	client->last = &asking->next;
	if (client->over) {
		client->busy++;
		asking_fail(asking, &client->why);
		settle(client);
	} else if (client->busy == 0) {
		send_waiting(client);
	}
	return id;
}

static struct frame_query frame_of(const struct client_query *query) {
	return (struct frame_query){.endpoint = query->endpoint,
		.filter = query->filter,
		.attempts = query->attempts,
		.bytes = query->bytes};
}

client_request client_subscribe(struct client *client, const struct client_query *query,
	const struct client_receiver *receiver) {
	struct asking *asking = ask(client, ASKING_FOLLOW, NULL);
	struct frame_query all = frame_of(query);
	all.at_most = query->at_most;
	all.every_ms = query->every_ms;
	struct frame_query start = {.after = query->after, .live_only = query->live_only};
	asking->receiver = *receiver;
	asking->bytes = query->bytes;
	asking->all = query->endpoint.len == 0;
	begin_message(&asking->message, "subscribe", asking->id);
	frame_query_append(&asking->message, &all);
	if (start.after || start.live_only) {
		buffer_append_byte(&asking->start, ',');
		if (start.after) {
			buffer_printf(&asking->start, "\"after\":%lld", (long long)start.after);
		} else {
			buffer_append_text(&asking->start, "\"live_only\":true");
		}
	}
	return submit(client, asking);
}

client_request client_list(struct client *client, const struct client_query *query,
	const struct client_receiver *receiver) {
	struct asking *asking = ask(client, ASKING_LIST, NULL);
	struct frame_query frame = frame_of(query);
	frame.newest_first = query->newest_first;
	frame.progress = receiver->progress != NULL;
	frame.deliveries = query->deliveries;
	frame.after = query->after;
	frame.before = query->before;
	frame.beyond = query->beyond;
	frame.limit = query->limit;
	frame.target = query->target;
	asking->receiver = *receiver;
	asking->bytes = query->bytes;
	begin_message(&asking->message, "list", asking->id);
	frame_query_append(&asking->message, &frame);
	buffer_append_byte(&asking->message, '}');
	return submit(client, asking);
}

client_request client_get(
	struct client *client, const struct event_ref *ref, const struct client_receiver *receiver) {
	struct asking *asking = ask(client, ASKING_GET, NULL);
	struct buffer text = {0};
	asking->receiver = *receiver;
	asking->bytes = true;
	if (ref->by_id) {
		uuid_format(&ref->id, buffer_reserve(&text, UUID_TEXT_LEN + 1));
		text.len = UUID_TEXT_LEN;
	} else {
		event_append_ref(&text, ref->endpoint, ref->seq);
	}
	begin_message(&asking->message, "get", asking->id);
	json_member_text(&asking->message, "ref", buffer_span(&text));
	buffer_append_byte(&asking->message, '}');
	buffer_clear(&text);
	return submit(client, asking);
}

void client_cancel(struct client *client, client_request request) {
	struct asking *asking = find(client, request);
	if (!asking || asking->gone) {
		return;
	}
	asking->gone = true;
	if (asking->sent) {
		struct buffer message = {0};
		begin_message(&message, "cancel", request);
		buffer_append_byte(&message, '}');
		link_send(client->link, buffer_span(&message), false);
		buffer_clear(&message);
	}
	client->busy++;
	settle(client);
}

client_request client_store_attempt(struct client *client, const struct attempt *attempt,
	struct span answer_head, struct span answer_body, client_stored_fn *stored, void *data) {
	struct asking *asking = ask(client, ASKING_STORE, data);
	struct attempt told = *attempt;
	told.answer_head_len = (int64_t)answer_head.len;
	told.answer_body_len = (int64_t)answer_body.len;
	if (told.who.len == 0) {
		told.who = span_text(client->who);
	}
	asking->stored = stored;
	buffer_append_span(&asking->head, answer_head);
	buffer_append_span(&asking->body, answer_body);
	begin_message(&asking->message, "attempt", asking->id);
	json_member_name(&asking->message, "attempt");
	attempt_append_json(&asking->message, &told);
	buffer_append_byte(&asking->message, '}');
	return submit(client, asking);
}

client_request client_lease(struct client *client, struct span endpoint, struct span target,
	client_lease_fn *changed, void *data) {
	struct asking *asking = ask(client, ASKING_LEASE, data);
	asking->leased = changed;
	begin_message(&asking->message, "lease", asking->id);
	json_member_text(&asking->message, "endpoint", endpoint);
	json_member_text(&asking->message, "target", target);
	json_member_text(&asking->message, "who", span_text(client->who));
	buffer_append_byte(&asking->message, '}');
	return submit(client, asking);
}

/* An older relay knows nothing of it: senders then wait for their time. */
static void on_lease_told(void *data, const struct cJSON *answer, const struct error *err) {
	(void)data;
	(void)answer;
	(void)err;
}

void client_lease_tell(struct client *client, client_request lease, bool away, struct span filter) {
	struct buffer out = {0};
	buffer_append_byte(&out, '{');
	json_member_text(&out, "type", span_text("lease.tell"));
	json_member_int(&out, "lease", lease);
	json_member_bool(&out, "away", away);
	json_member_text(&out, "filter", filter);
	buffer_append_byte(&out, '}');
	client_ask(client, buffer_span(&out), on_lease_told, NULL);
	buffer_clear(&out);
}

client_request client_leases(struct client *client, client_leases_fn *told, void *data) {
	struct asking *asking = ask(client, ASKING_LEASES, data);
	asking->leases_told = told;
	begin_message(&asking->message, "leases", asking->id);
	buffer_append_byte(&asking->message, '}');
	return submit(client, asking);
}

client_request client_ask(
	struct client *client, struct span object, client_answer_fn *answer, void *data) {
	return client_ask_long(client, object, NULL, answer, data);
}

/* An object with an id of ours in front. */
static struct asking *ask_object(
	struct client *client, enum asking_kind kind, struct span object, void *data) {
	struct asking *asking = ask(client, kind, data);
	buffer_printf(&asking->message, "{\"id\":%u,", asking->id);
	buffer_append_span(&asking->message, span_after(span_trim(object), 1));
	return asking;
}

static struct asking *ask_other(
	struct client *client, struct span object, client_answer_fn *answer, void *data) {
	struct asking *asking = ask_object(client, ASKING_OTHER, object, data);
	asking->answered = answer;
	return asking;
}

client_request client_ask_with(struct client *client, struct span object,
	const struct client_upload *upload, client_answer_fn *answer, void *data) {
	struct asking *asking = ask_other(client, object, answer, data);
	asking->again = upload->again;
	buffer_append_span(&asking->head, upload->head);
	buffer_append_span(&asking->body, upload->body);
	return submit(client, asking);
}

client_request client_ask_long(struct client *client, struct span object,
	client_progress_fn *progress, client_answer_fn *answer, void *data) {
	struct asking *asking = ask_other(client, object, answer, data);
	asking->progress = progress;
	return submit(client, asking);
}

client_request client_watch(
	struct client *client, struct span object, client_answer_fn *told, void *data) {
	struct asking *asking = ask_object(client, ASKING_STANDING, object, data);
	asking->told = told;
	return submit(client, asking);
}
