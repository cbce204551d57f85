/* Also the request `relay.stay`, by which clients ask it to stay, or not to. */
#include "relay/stream/company.h"

#include "common/json.h"
#include "relay/stream/request.h"

/* For whoever started the relay and is still on the way. */
#define FIRST_MS 30000
/*
 * A client that was not heard for so long was not quit: it would have hung up. It was suspended (Ctrl-Z), and we hung up.
 * Pings come and go each FRAME_SILENCE_S / 3.
 */
#define SILENT_US (INT64_C(2) * FRAME_SILENCE_S / 3 * LWS_US_PER_SEC)
#define SILENT_WAIT_MS (INT64_C(3600) * 1000)

static void on_alone(lws_sorted_usec_list_t *timer) {
	struct company *company = lws_container_of(timer, struct company, timer);
	company->deserted(company->data);
}

static int64_t patience_ms(const struct company *company) {
	if (!company->joined) {
		return FIRST_MS;
	}
	return company->silent ? SILENT_WAIT_MS : company->alone_ms;
}

/* The time runs while nobody is there and nobody wants the relay to stay. */
static void wait_or_not(struct stream *stream) {
	struct company *company = &stream->company;
	lws_sul_cancel(&company->timer);
	if (company->deserted && !company->stay && stream->state.sessions == 0 && !stream->stopping) {
		lws_sul_schedule(stream->context, 0, &company->timer, on_alone,
			patience_ms(company) * LWS_US_PER_MS + 1);
	}
}

void company_begin(struct stream *stream) {
	wait_or_not(stream);
}

void company_joined(struct stream *stream) {
	stream->company.joined = true;
	wait_or_not(stream);
}

void company_left(struct stream *stream, int64_t silent_us) {
	stream->company.silent = silent_us > SILENT_US;
	wait_or_not(stream);
}

void company_end(struct stream *stream) {
	stream->company.deserted = NULL;
	lws_sul_cancel(&stream->company.timer);
}

bool relay_stay_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct stream *stream = session_stream(session);
	struct company *company = &stream->company;
	bool stay = company->stay;
	if (!json_get_bool_opt(object, "stay", &stay, err)) {
		return false;
	}
	if (!company->deserted) {
		return error_set(err, ERROR_NO,
			"this relay was not started with --end-with-clients: it stays until it is stopped");
	}
	company->stay = stay;
	wait_or_not(stream);
	struct buffer out = {0};
	request_message(&out, "answer", id);
	json_member_bool(&out, "stay", stay);
	json_member_bool(&out, "ends_with_clients", true);
	buffer_append_byte(&out, '}');
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
	return true;
}
