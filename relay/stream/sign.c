/* `sign`: what can be done with secrets that never leave the relay, for a stored event or for one a client is making. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <time.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/moment.h"
#include "relay/stream/upload.h"

/* How far from now a moment may be that is signed. */
#define SIGN_REACH_MS (INT64_C(366) * 24 * 3600 * 1000)

/* A message on its way to us, to be signed. */
struct signing {
	struct upload upload;
	struct endpoint *endpoint; /* stays valid, see relay/endpoints.h */
	struct to_sign wish;
	char provider[64], secret[SECRET_LABEL_LEN];
};

static int64_t now_ms(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool to_sign_read(struct to_sign *what, const struct cJSON *object, struct error *err) {
	struct span at = {0};
	int64_t at_ns = 0, now = now_ms();
	if (!json_get_text_opt(object, "at", &at, err) ||
		!json_get_bool_opt(object, "wrong_secret", &what->wrong_secret, err)) {
		return false;
	}
	if (!at.data) {
		return true;
	}
	if (!moment_parse(&at_ns, at)) {
		return error_set(err, ERROR_USAGE, "expected a moment as RFC 3339 at .at");
	}
	what->at_ms = at_ns / MOMENT_NS_PER_MS;
	if (what->at_ms < now - SIGN_REACH_MS || what->at_ms > now + SIGN_REACH_MS) {
		return error_set(err, ERROR_USAGE, "a moment more than a year away is not signed");
	}
	return true;
}

static void append_signed(struct buffer *out, const struct signed_anew *anew, int64_t at_ms) {
	json_member_text(out, "provider", span_text(anew->provider));
	json_member_text(out, "secret", span_text(anew->secret));
	json_member_bytes(out, "headers", buffer_span(&anew->made.lines));
	json_member_text(out, "verdict", span_text(verdict_name(anew->made.judgement.verdict)));
	json_member_text(out, "reason", span_text(anew->made.judgement.reason));
	json_member_text_opt(out, "id_header", span_text(anew->made.id_header));
	json_member_name(out, "signed_at");
	buffer_append_byte(out, '"');
	moment_append(out, at_ms * MOMENT_NS_PER_MS);
	buffer_append_text(out, "\"}");
}

void request_signed(
	struct buffer *out, uint32_t id, struct endpoint *endpoint, const struct to_sign *what) {
	struct message message = {0};
	struct signed_anew anew = {0};
	struct error err = {0};
	struct endpoint_sign_order order = {.now_ms = now_ms(),
		.at_ms = what->at_ms,
		.secret = what->secret,
		.provider = what->provider,
		.wrong_secret = what->wrong_secret};
	order.at_ms = order.at_ms ? order.at_ms : order.now_ms;
	if (message_parse(&message, what->head, what->body, &err) &&
		endpoint_sign(endpoint, &message, &order, &anew, &err)) {
		request_message(out, "answer", id);
		append_signed(out, &anew, order.at_ms);
	} else {
		request_error(out, id, &err);
	}
	signed_anew_clear(&anew);
	message_clear(&message);
}

static void complete(struct upload *upload) {
	struct signing *signing = (struct signing *)upload;
	struct session *session = upload->request.session;
	struct to_sign what = signing->wish;
	what.head = frame_content_part(&upload->content, FRAME_HEAD);
	what.body = frame_content_part(&upload->content, FRAME_BODY);
	what.provider = span_text(signing->provider);
	what.secret = span_text(signing->secret);
	struct buffer out = {0};
	request_signed(&out, upload->request.id, signing->endpoint, &what);
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
	session_drop(session, &upload->request);
}

static bool keep_name(
	char *out, size_t size, const char *name, struct span text, struct error *err) {
	return (text.len < size && snprintf(out, size, "%.*s", (int)text.len, text.data) >= 0) ||
	       error_set(err, ERROR_USAGE, "expected a shorter text at .%s", name);
}

static bool read_signing(struct signing *signing, const struct stream *stream,
	const struct cJSON *object, int64_t lens[FRAME_KINDS], struct error *err) {
	struct span endpoint, provider = {"", 0}, secret = {"", 0};
	if (!json_get_text(object, "endpoint", &endpoint, err) ||
		!to_sign_read(&signing->wish, object, err) ||
		!json_get_text_opt(object, "provider", &provider, err) ||
		!json_get_text_opt(object, "secret", &secret, err) ||
		!json_get_int(object, "head_len", &lens[FRAME_HEAD - 1], err) ||
		!json_get_int(object, "body_len", &lens[FRAME_BODY - 1], err) ||
		!keep_name(signing->provider, sizeof signing->provider, "provider", provider, err) ||
		!keep_name(signing->secret, sizeof signing->secret, "secret", secret, err)) {
		return false;
	}
	signing->endpoint = endpoints_find(stream->endpoints, endpoint);
	return signing->endpoint || error_set(err, ERROR_NO, "there is no endpoint \"%.*s\"",
									(int)endpoint.len, endpoint.data);
}

bool sign_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	if (cJSON_HasObjectItem(object, "ref")) {
		return sign_stored_begin(session, id, object, err);
	}
	struct stream *stream = session_stream(session);
	struct signing *signing = alloc_zero(1, sizeof *signing);
	int64_t lens[FRAME_KINDS] = {0};
	signing->upload.complete = complete;
	if (!read_signing(signing, stream, object, lens, err) ||
		!upload_begin(&signing->upload, session, id, lens, stream->event_bytes, err)) {
		upload_free(&signing->upload);
		return false;
	}
	return true;
}
