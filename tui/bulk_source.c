#include "tui/bulk_source.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/same_target.h"

/* Named events that are looked up at once. */
#define LOOK_UPS 8

/* A named event that is looked up. */
struct look_up {
	struct bulk_source *source;
	size_t at; /* in `named` */
	client_request request;
	bool open;
};

struct bulk_source {
	struct client *client;
	struct bulk_source_events events;
	void *data;
	enum bulk_order order;
	char *target;
	bool by_name, failed;

	/* of a filter: the page at hand */
	char *filter, *endpoint;
	int64_t upto, beyond;
	client_request page;
	bool asked, last_page;
	int64_t page_count;

	struct event **events_held; /* of the page, or all that were named and are there */
	size_t count, capacity, at;

	struct {
		struct event_ref ref;
		char endpoint[ENDPOINT_NAME_LEN + 1];
		struct event *event;
	} * named;
	size_t named_count, named_next, named_known;
	struct look_up look_ups[LOOK_UPS];
	bool sorted;
};

static void hold(struct bulk_source *source, struct event *event) {
	if (source->count == source->capacity) {
		source->capacity = source->capacity ? 2 * source->capacity : BULK_PAGE;
		source->events_held =
			alloc_resize(source->events_held, source->capacity * sizeof *source->events_held);
	}
	source->events_held[source->count++] = event;
}

static void let_go(struct bulk_source *source) {
	for (size_t i = 0; i < source->count; i++) {
		free(source->events_held[i]);
	}
	source->count = source->at = 0;
}

static void fail(struct bulk_source *source, const struct error *err) {
	if (!source->failed) {
		source->failed = true;
		source->events.failed(source->data, err);
	}
}

/* --- of a filter --- */

static void on_page_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct bulk_source *source = data;
	(void)bytes;
	source->page_count++;
	source->beyond = event->position;
	if (event->position > source->upto) {
		source->last_page = source->order != BULK_NEWEST;
		return;
	}
	hold(source, event_copy(event));
	if (source->count - source->at == 1) {
		source->events.ready(source->data);
	}
}

static void on_page_done(void *data, const struct error *err) {
	struct bulk_source *source = data;
	source->asked = false;
	source->page = 0;
	if (err) {
		fail(source, err);
		return;
	}
	source->last_page = source->last_page || source->page_count < BULK_PAGE;
	if (source->at == source->count) {
		source->events.ready(source->data);
	}
}

static void ask_page(struct bulk_source *source) {
	struct client_query query = {.filter = span_text(source->filter),
		.endpoint = span_text(source->endpoint),
		.newest_first = source->order == BULK_NEWEST,
		.beyond = source->beyond,
		.target = span_text(source->target),
		.limit = BULK_PAGE};
	struct client_receiver receiver = {
		.event = on_page_event, .done = on_page_done, .data = source};
	source->asked = true;
	source->page_count = 0;
	source->page = client_list(source->client, &query, &receiver);
}

/* --- by name --- */

static int compare(const void *left, const void *right) {
	const struct event *a = *(struct event *const *)left, *b = *(struct event *const *)right;
	return a->position < b->position ? -1 : a->position > b->position;
}

static int compare_newest(const void *left, const void *right) {
	return compare(right, left);
}

static bool is_held(const struct bulk_source *source, const struct uuid *id) {
	for (size_t i = 0; i < source->count; i++) {
		if (uuid_equal(&source->events_held[i]->id, id)) {
			return true;
		}
	}
	return false;
}

/* All are known: each is taken once, in order. */
static void take_named(struct bulk_source *source) {
	for (size_t i = 0; i < source->named_count; i++) {
		struct event *event = source->named[i].event;
		source->named[i].event = NULL;
		if (event && !is_held(source, &event->id)) {
			hold(source, event);
		} else {
			free(event);
		}
	}
	if (source->order != BULK_LISTED && source->count > 0) {
		qsort(source->events_held, source->count, sizeof *source->events_held,
			source->order == BULK_OLDEST ? compare : compare_newest);
	}
	source->sorted = true;
	source->events.ready(source->data);
}

static void look_up_next(struct bulk_source *source);

static void on_named(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct look_up *look_up = data;
	(void)bytes;
	look_up->source->named[look_up->at].event = event_copy(event);
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct look_up *look_up = data;
	struct event *event = look_up->source->named[look_up->at].event;
	(void)bytes;
	if (!event || !target_same(attempt->target, span_text(look_up->source->target)) ||
		attempt->status <= 0) {
		return;
	}
	event->answered_at = attempt->position;
	if (attempt->status >= 200 && attempt->status < 300 && attempt->error.len == 0) {
		event->delivered_at = attempt->position;
	}
}

static void on_looked_up(void *data, const struct error *err) {
	struct look_up *look_up = data;
	struct bulk_source *source = look_up->source;
	look_up->open = false;
	if (err && err->code != ERROR_NO) {
		fail(source, err);
		return;
	}
	source->named_known++;
	if (err) {
		source->events.missing(source->data, &source->named[look_up->at].ref, err);
	}
	if (source->named_known == source->named_count) {
		take_named(source);
	} else {
		look_up_next(source);
	}
}

static void look_up_next(struct bulk_source *source) {
	for (size_t i = 0; i < LOOK_UPS && source->named_next < source->named_count; i++) {
		struct look_up *look_up = &source->look_ups[i];
		if (!look_up->open) {
			struct client_receiver receiver = {
				.event = on_named, .attempt = on_attempt, .done = on_looked_up, .data = look_up};
			*look_up = (struct look_up){.source = source, .at = source->named_next++, .open = true};
			look_up->request =
				client_get(source->client, &source->named[look_up->at].ref, &receiver);
		}
	}
}

/* --- both --- */

const struct event *bulk_source_next(struct bulk_source *source) {
	if (source->at < source->count && (!source->by_name || source->sorted)) {
		return source->events_held[source->at];
	}
	if (source->failed || source->asked || bulk_source_ended(source)) {
		return NULL;
	}
	source->asked = true;
	if (source->by_name) {
		look_up_next(source);
	} else {
		ask_page(source);
	}
	return NULL;
}

const struct event *bulk_source_peek(const struct bulk_source *source, size_t far) {
	bool there = far < source->count - source->at && (!source->by_name || source->sorted);
	return there ? source->events_held[source->at + far] : NULL;
}

void bulk_source_pass(struct bulk_source *source) {
	source->at++;
	if (!source->by_name && source->at == source->count) {
		let_go(source);
	}
}

bool bulk_source_ended(const struct bulk_source *source) {
	if (source->at < source->count) {
		return false;
	}
	return source->by_name ? source->sorted : source->last_page && !source->asked;
}

void bulk_source_limit(struct bulk_source *source, int64_t upto) {
	source->upto = upto;
	bulk_source_rewind(source);
}

void bulk_source_rewind(struct bulk_source *source) {
	source->at = 0;
	source->failed = false;
	if (source->by_name) {
		return;
	}
	client_cancel(source->client, source->page);
	let_go(source);
	source->asked = source->last_page = false;
	source->beyond = source->order == BULK_NEWEST ? source->upto + 1 : 0;
}

void bulk_source_again(struct bulk_source *source) {
	source->failed = false;
	if (!source->by_name) {
		bulk_source_next(source);
	}
}

const struct event *const *bulk_source_named(const struct bulk_source *source, size_t *count) {
	*count = source->by_name ? source->count : 0;
	return (const struct event *const *)source->events_held;
}

static void copy_named(struct bulk_source *source, const struct bulk_source_options *options) {
	source->by_name = true;
	source->named_count = options->named_count;
	source->named = alloc_zero(options->named_count, sizeof *source->named);
	for (size_t i = 0; i < options->named_count; i++) {
		struct event_ref *ref = &source->named[i].ref;
		*ref = options->named[i];
		if (!ref->by_id) {
			memcpy(source->named[i].endpoint, ref->endpoint.data, ref->endpoint.len);
			ref->endpoint.data = source->named[i].endpoint;
		}
	}
}

struct bulk_source *bulk_source_new(struct client *client,
	const struct bulk_source_options *options, const struct bulk_source_events *events,
	void *data) {
	struct bulk_source *source = alloc_zero(1, sizeof *source);
	source->client = client;
	source->events = *events;
	source->data = data;
	source->order = options->order;
	source->upto = INT64_MAX - 1;
	source->filter = alloc_text(options->filter.data, options->filter.len);
	source->endpoint = alloc_text(options->endpoint.data, options->endpoint.len);
	source->target = alloc_text(options->target, strlen(options->target));
	if (options->named_count > 0) {
		copy_named(source, options);
	}
	bulk_source_rewind(source);
	return source;
}

void bulk_source_free(struct bulk_source *source) {
	if (!source) {
		return;
	}
	client_cancel(source->client, source->page);
	for (size_t i = 0; i < LOOK_UPS; i++) {
		if (source->look_ups[i].open) {
			client_cancel(source->client, source->look_ups[i].request);
		}
	}
	let_go(source);
	for (size_t i = 0; i < source->named_count; i++) {
		free(source->named[i].event);
	}
	free(source->named);
	free(source->events_held);
	free(source->filter);
	free(source->endpoint);
	free(source->target);
	free(source);
}
