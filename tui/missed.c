#include "tui/missed.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/same_target.h"

/* One endpoint after the other, each read from its newest event backwards, for one target after the other. */
struct missed {
	struct client *client;
	char *only; /* this endpoint; empty: all */
	struct {
		char *url, *filter;
	} * targets;
	size_t target_count, target;
	missed_fn *told;
	void *data;
	struct {
		char *name;
		int64_t head; /* when we came: what is newer is live */
	} * endpoints;
	size_t count, next;
	struct missed_events found;           /* of all targets */
	struct missed_events untried, unsent; /* of this one: nobody has tried; not sent to it */
	int64_t newest_sent; /* the newest event that was sent to it; 0: none was seen */
	bool seen_tried, seen_sent;
	client_request request; /* under way */
};

static void ask_next(struct missed *missed);

static void count(struct missed_events *events, const struct event *event) {
	if (events->count == MISSED_MAX) {
		events->more = true;
		return;
	}
	events->last_seq = events->count == 0 ? event->seq : events->last_seq;
	events->first_seq = event->seq;
	events->count++;
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct missed *missed = data;
	(void)bytes;
	missed->seen_tried = missed->seen_tried || event->attempts > 0;
	missed->seen_sent = missed->seen_sent || event->seq <= missed->newest_sent;
	if (!missed->seen_tried) {
		count(&missed->untried, event);
	}
	if (!missed->seen_sent) {
		count(&missed->unsent, event);
	}
}

/* Attempts stand behind their event, so here they come before it. */
static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct missed *missed = data;
	(void)bytes;
	bool answered = attempt->status > 0;
	if (answered && target_same(attempt->target, span_text(missed->targets[missed->target].url)) &&
		attempt->event_seq > missed->newest_sent) {
		missed->newest_sent = attempt->event_seq;
	}
}

static void add_found(struct missed *missed) {
	const struct missed_events *of = missed->newest_sent > 0 ? &missed->unsent : &missed->untried;
	struct missed_events *found = &missed->found;
	if (of->count == 0) {
		return;
	}
	bool first = found->count == 0;
	found->first_seq = first || of->first_seq < found->first_seq ? of->first_seq : found->first_seq;
	found->last_seq = of->last_seq > found->last_seq ? of->last_seq : found->last_seq;
	found->count = of->count > found->count ? of->count : found->count;
	found->more = found->more || of->more;
}

static void on_done(void *data, const struct error *err) {
	struct missed *missed = data;
	if (!err) {
		add_found(missed);
	}
	missed->target++;
	if (missed->target == missed->target_count) {
		if (missed->found.count > 0) {
			missed->told(missed->data, &missed->found);
		}
		missed->next++;
		missed->target = 0;
	}
	ask_next(missed);
}

static void ask_next(struct missed *missed) {
	if (missed->next == missed->count || missed->target_count == 0) {
		return;
	}
	const char *name = missed->endpoints[missed->next].name;
	bool by_target = *missed->targets[missed->target].url;
	struct client_query query = {.endpoint = span_text(name),
		.filter = span_text(missed->targets[missed->target].filter),
		.attempts = by_target,
		.newest_first = true,
		.before = missed->endpoints[missed->next].head + 1,
		.limit = MISSED_MAX + 1};
	struct client_receiver receiver = {
		.event = on_event, .attempt = on_attempt, .done = on_done, .data = missed};
	if (missed->target == 0) {
		missed->found = (struct missed_events){.endpoint = name};
	}
	missed->untried = missed->unsent = (struct missed_events){0};
	missed->newest_sent = 0;
	missed->seen_tried = missed->seen_sent = false;
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

struct missed *missed_ask(struct client *client, const char *endpoint,
	const struct missed_target *targets, size_t count, missed_fn *told, void *data) {
	struct missed *missed = alloc_zero(1, sizeof *missed);
	missed->client = client;
	missed->targets = alloc_zero(count + 1, sizeof *missed->targets);
	missed->target_count = count;
	for (size_t i = 0; i < count; i++) {
		missed->targets[i].url = alloc_text(targets[i].url.data, targets[i].url.len);
		missed->targets[i].filter = alloc_text(targets[i].filter.data, targets[i].filter.len);
	}
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
	for (size_t i = 0; i < missed->target_count; i++) {
		free(missed->targets[i].url);
		free(missed->targets[i].filter);
	}
	free(missed->targets);
	free(missed->only);
	free(missed);
}
