#include "relay/admin/api.h"

#include <stdio.h>
#include <time.h>

#include "common/filter.h"
#include "common/json.h"
#include "common/moment.h"
#include "relay/admin/query.h"

#define LIMIT_MOST 1000
#define LIMIT_USUAL 100
/* An answer grows to about so much; a search that finds more ends there and says so. */
#define ANSWER_BYTES ((size_t)32 * 1024 * 1024)

static const char json_lines[] = "application/jsonl";

/* Header lines a refusal has to have. */
static struct span headers_of(int status) {
	switch (status) {
	case 401:
		return span_text("WWW-Authenticate: Bearer\r\n");
	case 405:
		return span_text("Allow: GET, HEAD\r\n");
	case 429:
	case 503:
		return span_text("Retry-After: 5\r\n");
	default:
		return (struct span){0};
	}
}

void api_refuse(struct connection *connection, int status, const char *text) {
	struct buffer body = {0};
	buffer_append_byte(&body, '{');
	json_member_text(&body, "error", span_text(text));
	buffer_append_text(&body, "}\n");
	connection_answer(connection, &(struct answer){
									  .status = status,
									  .type = "application/json",
									  .headers = headers_of(status),
									  .body = buffer_span(&body),
								  });
	buffer_clear(&body);
}

/* The answer may be the end of the connection, and with it of the search: nothing of it is used afterwards. */
static void answer_json(struct search *search, const char *type) {
	struct buffer own = search->out;
	search->out = (struct buffer){0};
	connection_answer(
		search->connection, &(struct answer){
								.status = 200,
								.type = type,
								.headers = span_text(search->cut ? "X-Hookline-Cut: true\r\n" : ""),
								.body = buffer_span(&own),
							});
	buffer_clear(&own);
}

/* Whether the answer is full; it is said in a header, as the body is whole lines either way. */
static bool has_room(struct search *search) {
	search->cut = search->out.len >= ANSWER_BYTES;
	return !search->cut;
}

static void leave(struct search *search) {
	search->read = NULL;
	if (search->place) {
		*search->place = search->next;
		if (search->next) {
			search->next->place = search->place;
		}
		search->place = NULL;
	}
}

static void append_base64_member(struct buffer *out, const char *name, struct span bytes) {
	json_member_name(out, name);
	buffer_append_byte(out, '"');
	json_append_base64(out, bytes);
	buffer_append_byte(out, '"');
}

static void append_bytes(struct buffer *out, const struct entry *entry) {
	bool event = entry->kind == ENTRY_EVENT;
	append_base64_member(out, event ? "head_b64" : "answer_head_b64", entry->head);
	append_base64_member(out, event ? "body_b64" : "answer_body_b64", entry->body);
	if (entry->trailers.len > 0) {
		append_base64_member(out, "trailers_b64", entry->trailers);
	}
}

static bool on_event(void *data, const struct entry *entry) {
	struct search *search = data;
	buffer_append_byte(&search->out, '{');
	event_append_json_members(&search->out, entry->event);
	if (search->bytes) {
		append_bytes(&search->out, entry);
	}
	search->found = true;
	search->event = entry->event->id;
	if (!search->single) {
		buffer_append_text(&search->out, "}\n");
	}
	return has_room(search);
}

static bool on_attempt(void *data, const struct entry *entry) {
	struct search *search = data;
	buffer_append_text(&search->out, search->has_attempt ? ",{" : "{");
	attempt_append_json_members(&search->out, entry->attempt);
	append_bytes(&search->out, entry);
	buffer_append_byte(&search->out, '}');
	search->has_attempt = true;
	return has_room(search);
}

static void on_done(void *data, const struct error *err);

static void begin_read(struct search *search, const struct store_query *query) {
	search->read = store_read(search->sources->metrics.store, query,
		search->reads_attempts ? on_attempt : on_event, on_done, search);
}

static void read_attempts(struct search *search) {
	struct store_query query = {
		.attempts = true, .content = true, .by_id = true, .id = search->event};
	json_member_name(&search->out, "attempts_made");
	buffer_append_byte(&search->out, '[');
	search->reads_attempts = true;
	begin_read(search, &query);
}

static void on_done(void *data, const struct error *err) {
	struct search *search = data;
	search->read = NULL;
	if (!err && search->single && search->found && !search->reads_attempts) {
		read_attempts(search);
		return;
	}
	leave(search);
	if (err) {
		api_refuse(search->connection, 503, err->text);
	} else if (search->single && !search->found) {
		api_refuse(search->connection, 404, "there is no such event");
	} else {
		buffer_append_text(&search->out, search->single ? "]}\n" : "");
		answer_json(search, search->single ? "application/json" : json_lines);
	}
}

void api_stop(struct search *search) {
	store_read_stop(search->read);
	leave(search);
	api_refuse(search->connection, 503, "the relay is stopping");
}

void api_forget(struct search *search) {
	buffer_clear(&search->out);
	filter_free(search->filter);
	search->filter = NULL;
}

static void enter(struct search *search, struct search **searches) {
	search->next = *searches;
	search->place = searches;
	if (search->next) {
		search->next->place = &search->next;
	}
	*searches = search;
}

static bool find_endpoint(
	const struct search *search, struct span name, int64_t *id, struct error *err) {
	struct endpoint *endpoint = endpoints_find(search->sources->metrics.endpoints, name);
	*id = endpoint ? endpoint_id(endpoint) : 0;
	return endpoint || error_set(err, ERROR_NO, "there is no endpoint of that name");
}

static bool read_filter(struct search *search, struct span query, struct error *err) {
	struct buffer text = {0};
	struct error why = {0};
	if (query_get(query, "filter", &text, &why)) {
		search->filter = filter_parse(buffer_span(&text), &why);
	}
	if (search->filter) {
		struct timespec now;
		clock_gettime(CLOCK_REALTIME, &now);
		filter_set_now(search->filter, now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec);
	}
	buffer_clear(&text);
	if (why.code) {
		*err = why;
	}
	return why.code == ERROR_NONE;
}

static bool read_endpoint(
	struct search *search, struct span query, int64_t *id, struct error *err) {
	struct buffer name = {0};
	bool ok = true;
	if (query_get(query, "endpoint", &name, err)) {
		ok = find_endpoint(search, buffer_span(&name), id, err);
	}
	buffer_clear(&name);
	return ok && err->code == ERROR_NONE;
}

static bool wants_bytes(struct span query) {
	struct buffer text = {0};
	bool wants = query_get(query, "bytes", &text, NULL) && span_is(buffer_span(&text), "true");
	buffer_clear(&text);
	return wants;
}

static int list_events(
	struct search *search, struct search **searches, struct span query, struct error *err) {
	struct store_query wanted = {.events = true, .newest_first = true};
	if (!query_get_int(query, "limit", 1, LIMIT_MOST, LIMIT_USUAL, &wanted.limit, err) ||
		!read_endpoint(search, query, &wanted.endpoint, err) || !read_filter(search, query, err)) {
		return err->code == ERROR_NO ? 404 : 400;
	}
	search->bytes = wanted.content = wants_bytes(query);
	wanted.filter = search->filter;
	enter(search, searches);
	begin_read(search, &wanted);
	return 0;
}

static int get_event(
	struct search *search, struct search **searches, struct span text, struct error *err) {
	struct buffer decoded = {0};
	struct event_ref ref;
	struct store_query wanted = {.events = true, .content = true, .limit = 1};
	bool ok = query_decode(&decoded, text, false)
	              ? event_ref_parse(&ref, buffer_span(&decoded), err)
	              : error_set(err, ERROR_USAGE, "a lone percent sign; # is written %%23");
	if (ok && !ref.by_id && !find_endpoint(search, ref.endpoint, &wanted.endpoint, err)) {
		ok = false;
	}
	if (ok) {
		wanted.by_id = ref.by_id;
		wanted.id = ref.id;
		wanted.after = ref.by_id ? 0 : ref.seq - 1;
		wanted.before = ref.by_id ? 0 : ref.seq + 1;
		search->single = search->bytes = true;
		enter(search, searches);
		begin_read(search, &wanted);
	}
	buffer_clear(&decoded);
	return ok ? 0 : err->code == ERROR_NO ? 404 : 400;
}

static bool on_refusal(void *data, const struct refusal *refusal) {
	struct buffer *out = data;
	struct buffer at = {0};
	moment_append(&at, refusal->at_ns);
	buffer_append_byte(out, '{');
	json_member_text(out, "at", buffer_span(&at));
	json_member_text(out, "peer", refusal->peer);
	json_member_int(out, "status", refusal->status);
	json_member_text(out, "reason", refusal->reason);
	json_member_bytes(out, "line", refusal->line);
	buffer_append_text(out, "}\n");
	buffer_clear(&at);
	return true;
}

static int list_refusals(struct search *search, struct span query, struct error *err) {
	int64_t limit;
	if (!query_get_int(query, "limit", 1, LIMIT_MOST, LIMIT_USUAL, &limit, err)) {
		return 400;
	}
	if (!store_each_refusal(search->sources->metrics.store, limit, on_refusal, &search->out, err)) {
		return 503;
	}
	answer_json(search, json_lines);
	return 0;
}

static int list_endpoints(struct search *search) {
	const struct endpoints *endpoints = search->sources->metrics.endpoints;
	for (size_t i = 0; i < endpoints_count(endpoints); i++) {
		endpoint_append_json(&search->out, endpoints_at(endpoints, i));
		buffer_append_byte(&search->out, '\n');
	}
	answer_json(search, json_lines);
	return 0;
}

void api_request(struct search *search, struct search **searches, const struct message *message) {
	struct span query, path = query_split(message->target, &query);
	struct error err = {0};
	int status = 404;
	error_set(
		&err, ERROR_NO, "there are /api/events, /api/events/REF, /api/refusals and /api/endpoints");
	struct span events = span_text("/api/events/");
	if (span_is(path, "/api/events")) {
		err = (struct error){0};
		status = list_events(search, searches, query, &err);
	} else if (span_starts_with(path, events)) {
		status = get_event(search, searches, span_after(path, events.len), &err);
	} else if (span_is(path, "/api/refusals")) {
		status = list_refusals(search, query, &err);
	} else if (span_is(path, "/api/endpoints")) {
		status = list_endpoints(search);
	}
	if (status) {
		api_refuse(search->connection, status, err.text);
	}
}
