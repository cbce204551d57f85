#include "tui/missed.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"

/* One endpoint after the other, each read from its newest event backwards. */
struct missed {
	struct client *client;
	char *only; /* this endpoint; empty: all */
	char *filter;
	missed_fn *told;
	void *data;
	struct {
		char *name;
		int64_t head; /* when we came: what is newer is live */
	} * endpoints;
	size_t count, next;
	struct missed_events found;
	bool seen_delivered;
	client_request request; /* under way */
};

static void ask_next(struct missed *missed);

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct missed *missed = data;
	(void)bytes;
	missed->seen_delivered = missed->seen_delivered || event->attempts > 0;
	if (missed->seen_delivered) {
		return;
	}
	if (missed->found.count == MISSED_MAX) {
		missed->found.more = true;
		return;
	}
	missed->found.last_seq = missed->found.count == 0 ? event->seq : missed->found.last_seq;
	missed->found.first_seq = event->seq;
	missed->found.count++;
}

static void on_done(void *data, const struct error *err) {
	struct missed *missed = data;
	if (!err && missed->found.count > 0) {
		missed->told(missed->data, &missed->found);
	}
	missed->next++;
	ask_next(missed);
}

static void ask_next(struct missed *missed) {
	if (missed->next == missed->count) {
		return;
	}
	const char *name = missed->endpoints[missed->next].name;
	struct client_query query = {.endpoint = span_text(name),
		.filter = span_text(missed->filter),
		.newest_first = true,
		.before = missed->endpoints[missed->next].head + 1,
		.limit = MISSED_MAX + 1};
	struct client_receiver receiver = {.event = on_event, .done = on_done, .data = missed};
	missed->found = (struct missed_events){.endpoint = name};
	missed->seen_delivered = false;
	missed->request = client_list(missed->client, &query, &receiver);
}

static void on_endpoints(void *data, const cJSON *answer, const struct error *err) {
	struct missed *missed = data;
	if (err) {
		return;
	}
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(answer, "endpoints"), *item;
	missed->endpoints = alloc_zero((size_t)cJSON_GetArraySize(list) + 1, sizeof *missed->endpoints);
	cJSON_ArrayForEach(item, list) {
		struct span name = {0};
		int64_t head = 0;
		if (json_get_text(item, "name", &name, NULL) &&
			json_get_int_opt(item, "head", &head, NULL) &&
			(!*missed->only || span_is(name, missed->only))) {
			missed->endpoints[missed->count].name = alloc_text(name.data, name.len);
			missed->endpoints[missed->count++].head = head;
		}
	}
	ask_next(missed);
}

struct missed *missed_ask(
	struct client *client, const char *endpoint, struct span filter, missed_fn *told, void *data) {
	struct missed *missed = alloc_zero(1, sizeof *missed);
	missed->client = client;
	missed->filter = alloc_text(filter.data, filter.len);
	missed->told = told;
	missed->data = data;
	missed->only = alloc_text(endpoint, strlen(endpoint));
	missed->request =
		client_ask(client, span_text("{\"type\":\"endpoint.list\"}"), on_endpoints, missed);
	return missed;
}

void missed_free(struct missed *missed) {
	if (!missed) {
		return;
	}
	client_cancel(missed->client, missed->request);
	for (size_t i = 0; i < missed->count; i++) {
		free(missed->endpoints[i].name);
	}
	free(missed->endpoints);
	free(missed->filter);
	free(missed->only);
	free(missed);
}
