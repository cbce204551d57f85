/*
 * `sign`, `explain` and `scheme`: what can be said of one stored event with the secrets and provider files of this relay. Explaining works for
 * some milliseconds: a thread of libuv's pool does it, and only so many are begun in a second.
 */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/loop/guest.h"
#include "relay/stream/request.h"

/* An explanation on its way; the request may be gone when it is there. */
struct working {
	uv_work_t work;
	struct examination *examination; /* NULL: gone */
	struct explain_case *explained;
};

/* What is done with the event when it is there. */
struct examination;
typedef void examine_fn(
	struct examination *examination, struct endpoint *endpoint, const struct entry *entry);

struct examination {
	struct request request;
	struct store_read *read;
	examine_fn *look;
	struct to_sign wish; /* sign: how */
	struct working *working;
	struct buffer answer; /* not empty: to be given */
	char ref[80];
};

static void answer_error(struct examination *examination, const struct error *err) {
	request_error(&examination->answer, examination->request.id, err);
}

/* --- sign --- */

static void sign(
	struct examination *examination, struct endpoint *endpoint, const struct entry *entry) {
	struct to_sign what = examination->wish;
	what.head = entry->head;
	what.body = entry->body;
	what.secret = entry->event->secret;
	request_signed(&examination->answer, examination->request.id, endpoint, &what);
}

/* --- explain --- */

static void work(uv_work_t *uv) {
	struct working *working = uv->data;
	explain_case_run(working->explained);
}

static void worked(uv_work_t *uv, int status) {
	struct working *working = uv->data;
	struct examination *examination = working->examination;
	if (examination && status == 0) {
		struct buffer *out = &examination->answer;
		request_message(out, "answer", examination->request.id);
		json_member_name(out, "explanation");
		explain_case_append_json(out, working->explained);
		buffer_append_byte(out, '}');
	} else if (examination) {
		struct error err = {0};
		error_set(&err, ERROR_IO, "the relay could not begin to work on it");
		answer_error(examination, &err);
	}
	if (examination) {
		examination->working = NULL;
		session_want(examination->request.session);
	}
	explain_case_free(working->explained);
	free(working);
}

static void explain_event(
	struct examination *examination, struct endpoint *endpoint, const struct entry *entry) {
	struct error err = {0};
	struct explain_case *explained = explain_case_new(
		endpoint, entry->head, entry->body, entry->event->received_at_ns / 1000000, &err);
	if (!explained) {
		answer_error(examination, &err);
		return;
	}
	struct working *working = alloc_zero(1, sizeof *working);
	working->work.data = working;
	working->examination = examination;
	working->explained = explained;
	examination->working = working;
	struct stream *stream = session_stream(examination->request.session);
	uv_loop_t *loop = guest_loop(guest_of(stream->context));
	if (uv_queue_work(loop, &working->work, work, worked) != 0) {
		worked(&working->work, UV_EAGAIN);
	}
}

/* Counts this one. False: enough were begun within this second. */
static bool may_explain(struct stream *stream, struct error *err) {
	int64_t second = (int64_t)(uv_now(guest_loop(guest_of(stream->context))) / 1000);
	if (stream->explained_in_s != second) {
		stream->explained_in_s = second;
		stream->explained = 0;
	}
	if (stream->explained >= stream->explain_rate) {
		return error_set(err, ERROR_FULL,
			"%lld explanations were asked for within this second: try again",
			(long long)stream->explained);
	}
	stream->explained++;
	return true;
}

/* --- scheme --- */

static void tell_scheme(
	struct examination *examination, struct endpoint *endpoint, const struct entry *entry) {
	struct scheme_facts facts = {0};
	struct error err = {0};
	if (endpoint_scheme(endpoint, entry->head, entry->body, &facts, &err)) {
		struct buffer *out = &examination->answer;
		request_message(out, "answer", examination->request.id);
		json_member_name(out, "scheme");
		scheme_facts_append_json(out, &facts);
		buffer_append_byte(out, '}');
	} else {
		answer_error(examination, &err);
	}
	scheme_facts_clear(&facts);
}

/* --- the event --- */

static bool on_event(void *data, const struct entry *entry) {
	struct examination *examination = data;
	struct endpoints *endpoints = session_stream(examination->request.session)->endpoints;
	struct endpoint *endpoint = endpoints_find_id(endpoints, entry->endpoint);
	struct error err = {0};
	if (!endpoint) {
		error_set(&err, ERROR_NO, "the endpoint of %s is gone", examination->ref);
		answer_error(examination, &err);
	} else {
		examination->look(examination, endpoint, entry);
	}
	return false;
}

static void on_read(void *data, const struct error *err) {
	struct examination *examination = data;
	struct error none = {0};
	examination->read = NULL;
	if (!examination->working && examination->answer.len == 0) {
		error_set(&none, ERROR_NO, "there is no event %s", examination->ref);
		answer_error(examination, err ? err : &none);
	}
	session_want(examination->request.session);
}

static enum given give(struct request *request, struct buffer *out, struct item **content) {
	struct examination *examination = (struct examination *)request;
	(void)content;
	if (examination->answer.len == 0 || examination->read) {
		return GIVEN_NOTHING;
	}
	buffer_append_span(out, buffer_span(&examination->answer));
	return GIVEN_LAST;
}

static void release(struct request *request) {
	struct examination *examination = (struct examination *)request;
	if (examination->read) {
		store_read_stop(examination->read);
	}
	if (examination->working) {
		examination->working->examination = NULL;
	}
	buffer_clear(&examination->answer);
	free(examination);
}

static const struct request_kind kind = {give, release};

static bool find(struct store_query *query, struct span text, const struct endpoints *endpoints,
	struct error *err) {
	struct event_ref ref;
	if (!event_ref_parse(&ref, text, err)) {
		return false;
	}
	*query = (struct store_query){
		.events = true, .content = true, .by_id = ref.by_id, .id = ref.id, .limit = 1};
	if (ref.by_id) {
		return true;
	}
	const struct endpoint *endpoint = endpoints_find(endpoints, ref.endpoint);
	if (!endpoint) {
		return error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"", (int)ref.endpoint.len,
			ref.endpoint.data);
	}
	query->endpoint = endpoint_id(endpoint);
	query->after = ref.seq - 1;
	query->before = ref.seq + 1;
	return true;
}

static bool examine(struct session *session, uint32_t id, const struct cJSON *object,
	examine_fn *look, struct error *err) {
	struct stream *stream = session_stream(session);
	struct store_query query;
	struct to_sign wish = {0};
	struct span text;
	if (!json_get_text(object, "ref", &text, err) || !find(&query, text, stream->endpoints, err) ||
		(look == explain_event && !may_explain(stream, err)) ||
		(look == sign && !to_sign_read(&wish, object, err))) {
		return false;
	}
	struct examination *examination = alloc_zero(1, sizeof *examination);
	examination->look = look;
	examination->wish = wish;
	snprintf(examination->ref, sizeof examination->ref, "%.*s", (int)text.len, text.data);
	session_add(session, &examination->request, &kind, id);
	examination->read = store_read(stream->store, &query, on_event, on_read, examination);
	return true;
}

bool sign_stored_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	return examine(session, id, object, sign, err);
}

bool explain_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	return examine(session, id, object, explain_event, err);
}

bool scheme_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	return examine(session, id, object, tell_scheme, err);
}
