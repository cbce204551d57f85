#include "tests/unit/watcher.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static void on_live(void *data, const struct client_welcome *welcome) {
	struct watcher *watcher = data;
	watcher->lives++;
	assert_true(span_is(welcome->ingest_url, "http://127.0.0.1:8080"));
	assert_true(welcome->version.len > 0);
}

static void on_down(void *data, const struct error *err, int64_t retry_ms) {
	struct watcher *watcher = data;
	watcher->downs++;
	watcher->err = *err;
	watcher->retry_ms = retry_ms;
}

void watcher_keep(char *to, size_t size, struct span from) {
	snprintf(to, size, "%.*s", (int)from.len, from.data ? from.data : "");
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct watcher *watcher = data;
	watcher->events++;
	watcher->seen++;
	watcher->in_order &= event->seq > watcher->last_seq;
	watcher->last_seq = event->seq;
	watcher->last_position = event->position;
	watcher->last_status = event->last_status;
	size_t len = strlen(watcher->order);
	snprintf(watcher->order + len, sizeof watcher->order - len, "%.*s#%d ",
		(int)event->endpoint.len, event->endpoint.data, (int)event->seq);
	watcher->body_bytes += (int64_t)bytes->body.len;
	watcher_keep(watcher->head, sizeof watcher->head, bytes->head);
	watcher_keep(watcher->body, sizeof watcher->body, bytes->body);
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct watcher *watcher = data;
	watcher->attempts++;
	watcher->in_order &= attempt->seq > watcher->last_seq;
	watcher->last_seq = attempt->seq;
	watcher->last_position = attempt->position;
	watcher_keep(watcher->body, sizeof watcher->body, bytes->body);
}

static void on_resumed(void *data, int64_t position, int64_t behind) {
	struct watcher *watcher = data;
	assert_int_equal(watcher->lives, ++watcher->resumed + 1);
	watcher->resumed_from = position;
	watcher->behind = behind;
}

static void on_caught_up(void *data) {
	((struct watcher *)data)->caught_up++;
}

static void on_judged(void *data, struct span endpoint, int64_t changed) {
	struct watcher *watcher = data;
	watcher->judged++;
	watcher->judged_changed = changed;
	assert_true(span_is(endpoint, "shop"));
}

static void on_annotated(
	void *data, const struct uuid *event, const struct annotation *annotation) {
	struct watcher *watcher = data;
	(void)event;
	watcher->annotated++;
	watcher->marked = annotation->marked;
	snprintf(watcher->text, sizeof watcher->text, "%.*s %.*s", (int)annotation->note.len,
		annotation->note.data, (int)annotation->who.len, annotation->who.data);
}

static void on_gap(void *data, struct span endpoint, int64_t from, int64_t to, struct span why) {
	struct watcher *watcher = data;
	(void)why;
	assert_true(span_is(endpoint, "shop"));
	watcher->gaps++;
	watcher->gap_from = from;
	watcher->gap_to = to;
}

static void on_skipped(void *data, int64_t entries) {
	struct watcher *watcher = data;
	watcher->skipped += entries;
	watcher->seen += entries;
}

static void on_done(void *data, const struct error *err) {
	struct watcher *watcher = data;
	watcher->dones++;
	watcher->err = err ? *err : (struct error){0};
}

static const struct client_events link_events = {on_live, on_down, NULL};

struct client_receiver watcher_receiver(struct watcher *watcher) {
	return (struct client_receiver){.event = on_event,
		.attempt = on_attempt,
		.resumed = on_resumed,
		.caught_up = on_caught_up,
		.judged = on_judged,
		.annotated = on_annotated,
		.gap = on_gap,
		.skipped = on_skipped,
		.done = on_done,
		.data = watcher};
}

void watcher_connect_with(
	struct stream_bed *bed, struct watcher *watcher, const char *token_file, bool once) {
	*watcher = (struct watcher){.in_order = true};
	const struct client_options options = {.url = bed->url,
		.token_file = token_file,
		.who = "alice@laptop",
		.once = once,
		.retry_least_ms = 10,
		.retry_most_ms = 50,
		.ping_ms = 5};
	struct error err = {0};
	watcher->client = client_new(&bed->store.loop, &options, &link_events, watcher, &err);
	assert_string_equal(err.text, "");
}

void watcher_connect(struct stream_bed *bed, struct watcher *watcher) {
	watcher_connect_with(bed, watcher, NULL, false);
}

client_request watcher_follow(struct watcher *watcher, const struct client_query *query) {
	struct client_receiver told = watcher_receiver(watcher);
	return client_subscribe(watcher->client, query, &told);
}

void watcher_list(
	struct stream_bed *bed, struct watcher *watcher, const struct client_query *query) {
	struct client_receiver told = watcher_receiver(watcher);
	int64_t before = watcher->dones;
	watcher->order[0] = '\0';
	client_list(watcher->client, query, &told);
	stream_bed_until(bed, &watcher->dones, before + 1);
}

static void on_answer(void *data, const struct cJSON *answer, const struct error *err) {
	struct watcher *watcher = data;
	watcher->answers++;
	watcher->err = err ? *err : (struct error){0};
	char *text = answer ? cJSON_PrintUnformatted(answer) : NULL;
	snprintf(watcher->text, sizeof watcher->text, "%s", text ? text : "");
	cJSON_free(text);
}

void watcher_ask(struct stream_bed *bed, struct watcher *watcher, const char *object) {
	int64_t before = watcher->answers;
	client_ask(watcher->client, span_text(object), on_answer, watcher);
	stream_bed_until(bed, &watcher->answers, before + 1);
}
