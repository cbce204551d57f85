/* `subscribe`: hands out what a subscription pulls. */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/frame_query.h"
#include "common/json.h"
#include "relay/stream/request.h"
#include "relay/stream/subscription.h"

struct follow {
	struct request request;
	struct subscription *subscription;
	bool bytes;
	/* at most so many entries, then a pause; 0: everything, when it comes */
	int64_t at_most, every_us;
	bool live;          /* history is through: from here on there are pauses */
	bool gave;          /* something since the last pause */
	lws_usec_t next_us; /* nothing is given before */
	bool pausing;
	lws_sorted_usec_list_t pause;
};

static void pause_over(lws_sorted_usec_list_t *pause) {
	struct follow *follow = lws_container_of(pause, struct follow, pause);
	follow->pausing = false;
	session_want(follow->request.session);
}

static void wake(void *data) {
	struct follow *follow = data;
	lws_usec_t left = follow->next_us - lws_now_usecs();
	if (follow->pausing) {
		return;
	}
	if (follow->every_us == 0 || left <= 0) {
		session_want(follow->request.session);
		return;
	}
	follow->pausing = true;
	lws_sul_schedule(
		session_stream(follow->request.session)->context, 0, &follow->pause, pause_over, left);
}

static struct span name_of(const struct hub *hub, int64_t endpoint) {
	const struct endpoint *found = endpoints_find_id(hub->endpoints, endpoint);
	return found ? endpoint_name(found) : span_text("");
}

static void put_passed(struct buffer *out, const struct request *request, struct span endpoint,
	const struct pulled *pulled) {
	if (pulled->kind == PULLED_GAP) {
		request_message(out, "gap", request->id);
		json_member_text(out, "endpoint", endpoint);
		json_member_int(out, "from", pulled->from);
		json_member_int(out, "to", pulled->to);
		json_member_text(out, "text", span_text(pulled->text));
	} else if (pulled->kind == PULLED_CURSOR) {
		request_message(out, "cursor", request->id);
		json_member_text(out, "endpoint", endpoint);
		json_member_int(out, "seq", pulled->to);
	} else if (pulled->kind == PULLED_ANSWERED) {
		request_message(out, pulled->text, request->id);
		buffer_append_byte(out, ',');
		buffer_append_span(out, pulled->told);
	} else {
		request_message(out, "judged", request->id);
		json_member_text(out, "endpoint", span_text(pulled->name));
		json_member_int(out, "changed", pulled->changed);
	}
	buffer_append_byte(out, '}');
}

static void put_item(
	struct buffer *out, const struct follow *follow, struct item *item, struct item **content) {
	request_item(out, follow->request.id, item);
	if (follow->bytes) {
		*content = item;
	} else {
		item_unref(item);
	}
}

/* More has come than this client wants to be told one by one. */
static bool give_skipped(struct follow *follow, struct buffer *out) {
	int64_t skipped =
		follow->at_most > 0 ? subscription_skip(follow->subscription, follow->at_most) : 0;
	if (skipped > 0) {
		follow->gave = true;
		request_message(out, "skipped", follow->request.id);
		json_member_int(out, "entries", skipped);
		buffer_append_byte(out, '}');
	}
	return skipped > 0;
}

static enum given give(struct request *request, struct buffer *out, struct item **content) {
	struct follow *follow = (struct follow *)request;
	if (follow->pausing) {
		return GIVEN_NOTHING;
	}
	if (give_skipped(follow, out)) {
		return GIVEN_MORE;
	}
	struct pulled pulled = subscription_next(follow->subscription);
	switch (pulled.kind) {
	case PULLED_NOTHING:
		if (follow->live && follow->gave) {
			follow->next_us = lws_now_usecs() + follow->every_us;
			follow->gave = false;
		}
		return GIVEN_NOTHING;
	case PULLED_ITEM:
		follow->gave = true;
		put_item(out, follow, pulled.item, content);
		return GIVEN_MORE;
	case PULLED_CAUGHT_UP:
		follow->live = true;
		request_message(out, "caught_up", request->id);
		buffer_append_byte(out, '}');
		return GIVEN_MORE;
	case PULLED_FAILED:
		request_error(out, request->id, &pulled.err);
		return GIVEN_LAST;
	case PULLED_CURSOR:
	case PULLED_GAP:
	case PULLED_JUDGED:
	case PULLED_ANSWERED:
		break;
	}
	struct hub *hub = session_stream(request->session)->hub;
	put_passed(out, request, name_of(hub, pulled.endpoint), &pulled);
	return GIVEN_MORE;
}

static void release(struct request *request) {
	struct follow *follow = (struct follow *)request;
	lws_sul_cancel(&follow->pause);
	subscription_free(follow->subscription);
	free(follow);
}

static const struct request_kind kind = {give, release};

static bool read_options(struct subscription_options *options, const struct stream *stream,
	const struct frame_query *query, struct error *err) {
	*options = (struct subscription_options){
		.attempts = query->attempts, .bytes = query->bytes, .live_only = query->live_only};
	if (query->endpoint.len > 0) {
		const struct endpoint *endpoint = endpoints_find(stream->endpoints, query->endpoint);
		if (!endpoint) {
			return error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"",
				(int)query->endpoint.len, query->endpoint.data);
		}
		options->endpoint = endpoint_id(endpoint);
	}
	return request_filter(&options->filter, query->filter, err);
}

/* Cursors of endpoints that are gone are passed over; what was made since begins at its first entry. */
static void begin_at(struct subscription *subscription, const struct stream *stream,
	const struct frame_query *query) {
	bool ours = query->store.len == 0 || span_is(query->store, store_id(stream->store));
	const struct cJSON *cursor = NULL;
	cJSON_ArrayForEach(cursor, query->cursors) {
		struct endpoint *endpoint = endpoints_find(stream->endpoints, span_text(cursor->string));
		int64_t seq = 0;
		if (!endpoint || !frame_cursor_read(&seq, cursor)) {
			continue;
		}
		if (ours) {
			subscription_begin(subscription, endpoint_id(endpoint), seq);
		} else {
			subscription_begin_anew(subscription, endpoint_id(endpoint), seq);
		}
	}
	if (query->after > 0) {
		struct endpoint *endpoint = endpoints_find(stream->endpoints, query->endpoint);
		subscription_begin(subscription, endpoint_id(endpoint), query->after);
	}
}

struct told {
	struct buffer out;
	const struct hub *hub;
	bool any;
};

static void tell_cursor(void *data, int64_t endpoint, int64_t seq) {
	struct told *told = data;
	buffer_append_text(&told->out, told->any ? ",\"" : "\"");
	buffer_append_span(&told->out, name_of(told->hub, endpoint));
	buffer_printf(&told->out, "\":%lld", (long long)seq);
	told->any = true;
}

static void answer(const struct follow *follow) {
	struct session *session = follow->request.session;
	struct stream *stream = session_stream(session);
	struct told told = {.hub = stream->hub};
	request_message(&told.out, "subscribed", follow->request.id);
	json_member_text(&told.out, "store", span_text(store_id(stream->store)));
	json_member_name(&told.out, "cursors");
	buffer_append_byte(&told.out, '{');
	subscription_each_cursor(follow->subscription, tell_cursor, &told);
	buffer_append_text(&told.out, "}}");
	session_reply(session, buffer_span(&told.out));
	buffer_clear(&told.out);
}

bool subscribe_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct stream *stream = session_stream(session);
	struct frame_query query;
	struct subscription_options options;
	if (!frame_query_read(&query, object, err) || !read_options(&options, stream, &query, err)) {
		return false;
	}
	struct follow *follow = alloc_zero(1, sizeof *follow);
	follow->bytes = options.bytes;
	follow->at_most = query.at_most;
	follow->every_us = query.every_ms * 1000;
	follow->subscription = subscription_new(stream->hub, &options, wake, follow);
	session_add(session, &follow->request, &kind, id);
	begin_at(follow->subscription, stream, &query);
	answer(follow);
	return true;
}
