/* `list` and `get`: entries that are there, read a slice at a time as the client takes them. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/frame_query.h"
#include "common/json.h"
#include "relay/stream/request.h"
#include "relay/stream/slice.h"

struct look {
	struct request request;
	struct slice slice;
	struct store_query query;
	struct filter *filter;
	struct attempt_filter *deliveries;
	char *target;      /* what the query's points to */
	int64_t looked_at; /* of slices before */
	int64_t from;      /* position where it began; 0: not known yet */
	bool begun, limited;
	bool single;  /* get: the event first, then its attempts */
	bool found;   /* get: the event was there */
	bool numbers; /* get: it was not, so the attempt of that number is read; 0 or its event: */
	int64_t attempted;
	char ref[80]; /* get: what was asked for */
};

static void ready(void *data) {
	struct look *look = data;
	session_want(look->request.session);
}

/* Events and attempts are numbered together, so the number may be that of an attempt. */
static void tell_missing(const struct look *look, struct error *err) {
	if (look->attempted > 0) {
		int name_len = (int)strcspn(look->ref, "#");
		error_set(err, ERROR_NO, "%s is an attempt to deliver %.*s#%" PRId64, look->ref, name_len,
			look->ref, look->attempted);
	} else {
		error_set(err, ERROR_NO, "there is no event %s", look->ref);
	}
}

static enum given end(struct look *look, struct buffer *out) {
	struct error err = {0};
	if (look->slice.failed) {
		request_error(out, look->request.id, &look->slice.error);
	} else if (look->single && !look->found) {
		tell_missing(look, &err);
		request_error(out, look->request.id, &err);
	} else {
		request_message(out, "done", look->request.id);
		buffer_append_byte(out, '}');
	}
	return GIVEN_LAST;
}

/* After the event come its attempts. */
static void turn_to_attempts(struct look *look, const struct item *item) {
	look->found = true;
	look->begun = false;
	look->query = (struct store_query){
		.by_id = true, .id = item->event->id, .attempts = true, .content = true};
}

/* It has been looked for by its number, and no attempt has been yet. */
static bool is_missing(const struct look *look) {
	return look->single && !look->found && !look->numbers && !look->query.by_id &&
	       !look->slice.failed;
}

static void turn_to_numbers(struct look *look) {
	look->numbers = true;
	look->begun = false;
	look->query.events = false;
	look->query.attempts = true;
	look->query.content = false;
}

static enum given give_item(
	struct look *look, struct item *item, struct buffer *out, struct item **content) {
	request_item(out, look->request.id, item);
	if (look->limited) {
		look->query.limit--;
	}
	if (look->single && !look->found) {
		turn_to_attempts(look, item);
	}
	if (look->query.content) {
		*content = item;
	} else {
		item_unref(item);
	}
	return GIVEN_MORE;
}

static enum given give_progress(struct look *look, struct buffer *out) {
	const struct store_progress *progress = &look->slice.progress;
	look->slice.progressed = false;
	look->from = look->from > 0 ? look->from : progress->from;
	request_message(out, "progress", look->request.id);
	json_member_int(out, "looked", look->looked_at + progress->looked_at);
	json_member_int(out, "from", look->from);
	json_member_int(out, "at", progress->at);
	json_member_int(out, "until", progress->until);
	buffer_append_byte(out, '}');
	return GIVEN_MORE;
}

/* Behind the last slice: of one endpoint by seq, which needs not be looked up. */
static void go_on(struct look *look) {
	struct store_query *query = &look->query;
	look->looked_at += look->slice.progress.looked_at;
	look->slice.progress.looked_at = 0;
	if (query->endpoint == 0) {
		query->beyond = look->slice.last_position;
	} else {
		query->beyond = 0;
		*(query->newest_first ? &query->before : &query->after) = look->slice.last_seq;
	}
}

static enum given give(struct request *request, struct buffer *out, struct item **content) {
	struct look *look = (struct look *)request;
	struct item *item = slice_take(&look->slice);
	if (item && look->numbers) {
		look->attempted = item->attempt ? item->attempt->event_seq : 0;
		item_unref(item);
		return end(look, out);
	}
	if (item) {
		return give_item(look, item, out, content);
	}
	if (look->slice.reading) {
		return look->slice.progressed ? give_progress(look, out) : GIVEN_NOTHING;
	}
	if (look->begun && is_missing(look)) {
		turn_to_numbers(look);
	}
	bool enough = look->limited && look->query.limit == 0;
	if (look->begun && (look->slice.failed || look->slice.complete || enough)) {
		return end(look, out);
	}
	if (look->begun) {
		go_on(look);
	}
	look->begun = slice_read(&look->slice, &look->query, NULL) || look->begun;
	return GIVEN_NOTHING;
}

static void release(struct request *request) {
	struct look *look = (struct look *)request;
	slice_stop(&look->slice);
	filter_free(look->filter);
	attempt_filter_free(look->deliveries);
	free(look->target);
	free(look);
}

static const struct request_kind kind = {give, release};

static struct look *look_new(struct session *session, bool content) {
	struct look *look = alloc_zero(1, sizeof *look);
	look->slice = (struct slice){.hub = session_stream(session)->hub,
		.keep_content = content,
		.early = true, /* a search may take long from one hit to the next */
		.ready = ready,
		.data = look};
	look->query.content = content;
	return look;
}

static bool find_endpoint(
	int64_t *id, struct session *session, struct span name, struct error *err) {
	const struct endpoint *endpoint = endpoints_find(session_stream(session)->endpoints, name);
	if (!endpoint) {
		return error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"", (int)name.len, name.data);
	}
	*id = endpoint_id(endpoint);
	return true;
}

/* Of deliveries it asks about attempts, too. */
static bool read_filter(const struct frame_query *query, struct filter **filter,
	struct attempt_filter **deliveries, struct error *err) {
	return query->deliveries ? request_deliveries(deliveries, query->filter, err)
	                         : request_filter(filter, query->filter, err);
}

bool list_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct frame_query query;
	int64_t endpoint = 0;
	struct filter *filter = NULL;
	struct attempt_filter *deliveries = NULL;
	if (!frame_query_read(&query, object, err) ||
		(query.endpoint.len > 0 && !find_endpoint(&endpoint, session, query.endpoint, err)) ||
		!read_filter(&query, &filter, &deliveries, err)) {
		return false;
	}
	struct look *look = look_new(session, query.bytes && !query.deliveries);
	look->filter = filter;
	look->deliveries = deliveries;
	look->limited = query.limit > 0;
	look->slice.tells = query.progress;
	look->target = alloc_text(query.target.data, query.target.len);
	look->query = (struct store_query){.endpoint = endpoint,
		.events = !query.deliveries,
		.attempts = query.attempts || query.deliveries,
		.content = query.bytes && !query.deliveries,
		.newest_first = query.newest_first,
		.after = query.after,
		.before = query.before,
		.beyond = query.beyond,
		.limit = query.limit,
		.filter = filter,
		.deliveries = deliveries,
		.target = span_text(look->target)};
	session_add(session, &look->request, &kind, id);
	return true;
}

bool get_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct span text;
	struct event_ref ref;
	if (!json_get_text(object, "ref", &text, err) || !event_ref_parse(&ref, text, err)) {
		return false;
	}
	struct store_query query = {
		.events = true, .content = true, .by_id = ref.by_id, .id = ref.id, .limit = 1};
	if (!ref.by_id) {
		if (!find_endpoint(&query.endpoint, session, ref.endpoint, err)) {
			return false;
		}
		query.after = ref.seq - 1;
		query.before = ref.seq + 1;
	}
	struct look *look = look_new(session, true);
	look->query = query;
	look->single = true;
	snprintf(look->ref, sizeof look->ref, "%.*s", (int)text.len, text.data);
	session_add(session, &look->request, &kind, id);
	return true;
}
