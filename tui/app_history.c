/* Live events, pages of history, one event in full. */
#include <stdlib.h>

#include "common/alloc.h"
#include "tui/app_parts.h"

/*
 * As often as the screen is painted, and more rows than it has: of a flood of 3,000 a second and more the newest page says
 * the same for less.
 */
#define LIVE_AT_MOST 100
#define LIVE_EVERY_MS 33

/* --- live --- */

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	(void)bytes;
	app_tell(data, &(struct msg){.type = MSG_EVENT, .event = event});
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	(void)bytes;
	app_tell(data, &(struct msg){.type = MSG_ATTEMPT, .attempt = attempt});
}

static void on_resumed(void *data, int64_t position, int64_t behind) {
	(void)position;
	app_tell(data, &(struct msg){.type = MSG_BEHIND, .number = behind});
}

static void on_caught_up(void *data) {
	app_tell(data, &(struct msg){.type = MSG_BEHIND, .number = 0});
}

static void on_judged(void *data, struct span endpoint, int64_t changed) {
	app_tell(data, &(struct msg){.type = MSG_JUDGED, .text = endpoint, .number = changed});
}

static void on_answered(void *data, const struct uuid *event) {
	app_tell(data, &(struct msg){.type = MSG_ANSWERED, .id = event});
}

static void on_annotated(
	void *data, const struct uuid *event, const struct annotation *annotation) {
	app_tell(data, &(struct msg){.type = MSG_ANNOTATED, .id = event, .annotation = annotation});
}

static void on_gap(void *data, struct span endpoint, int64_t from, int64_t to, struct span why) {
	const struct msg_gap gap = {.endpoint = endpoint, .why = why, .from = from, .to = to};
	app_tell(data, &(struct msg){.type = MSG_GAP, .gap = &gap});
}

static void on_skipped(void *data, int64_t entries) {
	(void)entries;
	app_tell(data, &(struct msg){.type = MSG_SKIPPED});
}

static void on_follow_done(void *data, const struct error *err) {
	struct app *app = data;
	app->follow = 0;
	if (err) {
		app_note_error(app, err);
	}
}

void app_follow(struct app *app, struct span filter) {
	struct client_query query = {.filter = filter,
		.attempts = true,
		.live_only = true,
		.at_most = LIVE_AT_MOST,
		.every_ms = LIVE_EVERY_MS};
	struct client_receiver receiver = {.event = on_event,
		.attempt = on_attempt,
		.resumed = on_resumed,
		.caught_up = on_caught_up,
		.judged = on_judged,
		.answered = on_answered,
		.annotated = on_annotated,
		.gap = on_gap,
		.skipped = on_skipped,
		.done = on_follow_done,
		.data = app};
	client_cancel(app->client, app->follow);
	app->follow = client_subscribe(app->client, &query, &receiver);
}

/* --- pages --- */

struct page_asked {
	struct page_asked *next;
	struct app *app;
	uint32_t number;
	client_request request;
	int64_t count;
};

static void page_free(struct page_asked *page) {
	struct page_asked **at = &page->app->pages;
	while (*at != page) {
		at = &(*at)->next;
	}
	*at = page->next;
	free(page);
}

static void on_page_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct page_asked *page = data;
	(void)bytes;
	page->count++;
	app_tell(page->app, &(struct msg){.type = MSG_PAGE_ROW, .page = page->number, .event = event});
}

/* In thousandths of the way. */
static size_t part_done(const struct client_progress *progress) {
	int64_t all = llabs(progress->until - progress->from);
	int64_t done = llabs(progress->at - progress->from);
	return all <= 0 || done < 0 ? 0
	       : done >= all        ? 1000
	                            : (size_t)((double)done * 1000 / (double)all);
}

static void on_page_progress(void *data, const struct client_progress *progress) {
	struct page_asked *page = data;
	app_tell(page->app, &(struct msg){.type = MSG_PAGE_PROGRESS,
							.page = page->number,
							.number = progress->looked,
							.count = part_done(progress)});
}

static void on_page_done(void *data, const struct error *err) {
	struct page_asked *page = data;
	struct app *app = page->app;
	struct msg msg = {
		.type = MSG_PAGE_DONE, .page = page->number, .number = page->count, .error = err};
	page_free(page);
	app_tell(app, &msg);
}

void app_page(struct app *app, const struct effect *effect) {
	struct page_asked *page = alloc_zero(1, sizeof *page);
	struct client_query query = {.filter = buffer_span(&effect->text),
		.newest_first = effect->flag,
		.beyond = effect->beyond,
		.limit = effect->limit};
	struct client_receiver receiver = {.event = on_page_event,
		.progress = effect->text.len > 0 ? on_page_progress : NULL,
		.done = on_page_done,
		.data = page};
	*page = (struct page_asked){.next = app->pages, .app = app, .number = effect->page};
	app->pages = page;
	client_request request = client_list(app->client, &query, &receiver);
	if (app->pages == page) { /* a client that is over says so at once, and it is gone */
		page->request = request;
	}
}

void app_page_stop(struct app *app, uint32_t number) {
	struct page_asked *page = app->pages;
	while (page && page->number != number) {
		page = page->next;
	}
	if (page) {
		client_cancel(app->client, page->request);
		page_free(page);
	}
}

/* --- one event --- */

static struct msg_bytes bytes_of(const struct client_bytes *bytes) {
	return (struct msg_bytes){
		.head = bytes->head, .body = bytes->body, .trailers = bytes->trailers};
}

static void on_detail(void *data, const struct event *event, const struct client_bytes *bytes) {
	const struct msg_bytes told = bytes_of(bytes);
	app_tell(data, &(struct msg){.type = MSG_DETAIL, .event = event, .bytes = &told});
}

static void on_detail_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	const struct msg_bytes told = bytes_of(bytes);
	app_tell(data, &(struct msg){.type = MSG_DETAIL_ATTEMPT, .attempt = attempt, .bytes = &told});
}

static void on_detail_done(void *data, const struct error *err) {
	struct app *app = data;
	app->detail = 0;
	app_tell(app, &(struct msg){.type = MSG_DETAIL_DONE, .error = err});
}

void app_detail(struct app *app, const struct uuid *id) {
	struct event_ref ref = {.by_id = true, .id = *id};
	struct client_receiver receiver = {
		.event = on_detail, .attempt = on_detail_attempt, .done = on_detail_done, .data = app};
	client_cancel(app->client, app->detail);
	app->detail = client_get(app->client, &ref, &receiver);
}

/* --- deliveries --- */

static void on_delivery(void *data, const struct attempt *attempt, const struct event *event) {
	struct app *app = data;
	app->deliveries_count++;
	app_tell(app, &(struct msg){.type = MSG_DELIVERY,
					  .page = app->deliveries_page,
					  .attempt = attempt,
					  .event = event});
}

static void on_deliveries_done(void *data, const struct error *err) {
	struct app *app = data;
	app->deliveries = 0;
	app_tell(app, &(struct msg){.type = MSG_DELIVERIES_DONE,
					  .page = app->deliveries_page,
					  .number = app->deliveries_count,
					  .error = err});
}

void app_deliveries(struct app *app, const struct effect *effect) {
	struct client_query query = {.deliveries = true,
		.filter = buffer_span(&effect->text),
		.newest_first = true,
		.beyond = effect->beyond,
		.limit = effect->limit};
	struct client_receiver receiver = {
		.delivery = on_delivery, .done = on_deliveries_done, .data = app};
	client_cancel(app->client, app->deliveries);
	app->deliveries_page = effect->page;
	app->deliveries_count = 0;
	app->deliveries = client_list(app->client, &query, &receiver);
}

/* --- time lines --- */

static void on_timeline(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct app *app = data;
	(void)bytes;
	app_tell(app, &(struct msg){.type = MSG_TIMELINE, .page = app->timeline_page, .event = event});
}

static void on_timeline_done(void *data, const struct error *err) {
	struct app *app = data;
	app->timeline = 0;
	app_tell(
		app, &(struct msg){.type = MSG_TIMELINE_DONE, .page = app->timeline_page, .error = err});
}

void app_timeline(struct app *app, const struct effect *effect) {
	struct client_query query = {.newest_first = true, .limit = effect->limit};
	struct client_receiver receiver = {.event = on_timeline, .done = on_timeline_done, .data = app};
	if (effect->number > 0) {
		query.endpoint = buffer_span(&effect->text);
		query.after = effect->number - 1;
		query.before = effect->number + 1;
	} else {
		query.filter = buffer_span(&effect->text);
	}
	client_cancel(app->client, app->timeline);
	app->timeline_page = effect->page;
	app->timeline = client_list(app->client, &query, &receiver);
}

/* --- one by its name --- */

static void on_found(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct app *app = data;
	(void)bytes;
	client_cancel(app->client, app->find); /* its attempts are not wanted */
	app->find = 0;
	app_tell(app, &(struct msg){.type = MSG_FOUND, .event = event});
}

static void on_find_done(void *data, const struct error *err) {
	struct app *app = data;
	app->find = 0;
	if (err) {
		app_tell(app, &(struct msg){.type = MSG_FOUND, .error = err});
	}
}

void app_find(struct app *app, struct span text) {
	struct event_ref ref;
	struct error err = {0};
	if (!event_ref_parse(&ref, text, &err)) {
		app_tell(app, &(struct msg){.type = MSG_FOUND, .error = &err});
		return;
	}
	struct client_receiver receiver = {
		.event = on_found, .attempt = NULL, .done = on_find_done, .data = app};
	client_cancel(app->client, app->find);
	app->find = client_get(app->client, &ref, &receiver);
}

void app_history_clear(struct app *app) {
	client_cancel(app->client, app->follow);
	client_cancel(app->client, app->detail);
	client_cancel(app->client, app->find);
	while (app->pages) {
		app_page_stop(app, app->pages->number);
	}
}
