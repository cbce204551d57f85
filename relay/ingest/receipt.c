/*
 * How a request is answered once it is stored: at once, later, drop by drop, not at all, or with what the app says. What is
 * known only after the event was stored is written to it behind that.
 */
#include "relay/ingest/receipt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/ingest/passed.h"
#include "relay/log.h"
#include "relay/stream/hub.h"

/* Groups the disk may fail in a row before nothing is acknowledged any more. */
#define FAILED_GROUPS 3
#define WHY_MOST 256

/* --- before it is stored --- */

/* What the sender gets is not known before it gets it. */
static bool is_settled_later(const struct policy_decision *decision) {
	return decision->action != POLICY_ANSWER || decision->delay_ms > 0;
}

void receipt_decide(struct receipt *receipt) {
	struct ingest *ingest = receipt->ingest;
	const struct description *description = &receipt->description;
	struct event *event = &receipt->event;
	int64_t bytes = event->head_len + event->body_len + event->trailers_len;
	const struct policy_request request = {
		.handshake_status = receipt->is_handshake ? description->handshake.status : 0,
		.rejected = !description->is_for_app &&
	                endpoint_rejects(receipt->endpoint, description->judgement.verdict),
		.forwarded = waiting_is_forwarded(ingest->waiting, &receipt->entry),
		.room = waiting_has_room(ingest->waiting, bytes),
		.stopping = ingest->stopping,
	};
	struct policy_decision decision = endpoint_decide(
		receipt->endpoint, &request, ingest->options.waiting_ms, event->received_at_ns / 1000000);
	receipt->decision = decision;
	receipt->complete_ns = uv_hrtime();
	if (decision.action == POLICY_WAIT ||
		(decision.action == POLICY_ANSWER && decision.delay_ms > 0)) {
		receipt->waiter = waiting_take_place(ingest->waiting, bytes);
	}
	bool later = is_settled_later(&decision);
	event->answer_status = later ? 0 : decision.status;
	event->answer_by = later ? ANSWERED_BY_WAITING : decision.by;
	event->answer_why = later ? (struct span){0} : span_text(decision.why);
}

/* --- what the sender got, where that is known only now --- */

/* Told to those who follow once it is durable. */
struct settling {
	struct hub *hub;
	int64_t endpoint, seq;
	struct answer_record record;
	char why[WHY_MOST];
};

static void on_settled(void *data, const struct error *err) {
	struct settling *settling = data;
	if (err) {
		log_write(LOG_WARNING, "what a sender was answered could not be kept why=%s", err->text);
	} else {
		hub_answered(settling->hub, settling->endpoint, settling->seq, &settling->record);
	}
	free(settling);
}

/* Before the answer goes out, as the receipt is gone behind it; nobody waits for the disk. */
static void settle(
	const struct receipt *receipt, int64_t status, enum answered_by by, const char *why) {
	struct ingest *ingest = receipt->ingest;
	struct settling *settling = alloc_zero(1, sizeof *settling);
	bool left = connection_is_deserted(receipt->connection);
	settling->hub = ingest->hub;
	settling->endpoint = receipt->entry.endpoint;
	settling->seq = receipt->event.seq;
	snprintf(settling->why, sizeof settling->why, "%s",
		left ? "the sender hung up before it was answered" : why);
	settling->record = (struct answer_record){
		.event = receipt->event.id,
		.status = left ? 0 : status,
		.by = left ? ANSWERED_BY_NOBODY : by,
		.after_us = (int64_t)(uv_hrtime() - receipt->complete_ns) / 1000,
		.why = span_text(settling->why),
	};
	store_set_answer(ingest->store, &settling->record, on_settled, settling);
}

/* --- answers of the relay --- */

static void append_reference(struct ingest *ingest, const struct event *event) {
	char id[UUID_TEXT_LEN + 1];
	uuid_format(&event->id, id);
	buffer_reset(&ingest->body);
	event_append_ref(&ingest->body, event->endpoint, event->seq);
	buffer_reset(&ingest->headers);
	buffer_append_text(&ingest->headers, "X-Hookline-Event: ");
	buffer_append_span(&ingest->headers, buffer_span(&ingest->body));
	buffer_append_text(&ingest->headers, "\r\nX-Hookline-Id: ");
	buffer_append(&ingest->headers, id, UUID_TEXT_LEN);
	buffer_append_text(&ingest->headers, "\r\n");
	buffer_append_byte(&ingest->body, '\n');
}

static bool has_type(struct span lines) {
	while (lines.len > 0) {
		struct span line = span_cut(&lines, '\n');
		if (span_equal_nocase(span_cut(&line, ':'), span_text("Content-Type"))) {
			return true;
		}
	}
	return false;
}

/* The answer that was set for the endpoint. */
static void append_as_set(
	struct ingest *ingest, const struct policy *policy, struct answer *answer) {
	struct span headers = buffer_span(&policy->headers);
	buffer_append_span(&ingest->headers, headers);
	if (has_type(headers) || (policy->has_body && policy->body.len == 0)) {
		answer->type = NULL;
	}
	if (policy->has_body) {
		buffer_reset(&ingest->body);
		buffer_append_span(&ingest->body, buffer_span(&policy->body));
	}
}

/* Out of buffers of ingest, which the next answer takes again. */
static struct answer make_answer(const struct receipt *receipt, int status) {
	struct ingest *ingest = receipt->ingest;
	const struct policy_decision *decision = &receipt->decision;
	struct answer answer = {.status = status, .type = "text/plain"};
	append_reference(ingest, &receipt->event);
	if (decision->as_set) {
		append_as_set(ingest, endpoint_policy(receipt->endpoint), &answer);
	}
	if (decision->by == ANSWERED_BY_HANDSHAKE) {
		const struct handshake_answer *handshake = &receipt->description.handshake;
		answer.type = handshake->type;
		buffer_append_span(&ingest->headers, buffer_span(&handshake->headers));
		buffer_reset(&ingest->body);
		buffer_append_span(&ingest->body, buffer_span(&handshake->body));
	}
	if (decision->by == ANSWERED_BY_REJECT) {
		buffer_append_text(&ingest->headers, "WWW-Authenticate: Webhook-Signature\r\n");
	}
	if (decision->retry_after_ms >= 0) {
		buffer_printf(&ingest->headers, "Retry-After: %lld\r\n",
			(long long)((decision->retry_after_ms + 999) / 1000));
	}
	answer.headers = buffer_span(&ingest->headers);
	answer.body = buffer_span(&ingest->body);
	return answer;
}

static void answer_now(struct receipt *receipt, int status) {
	struct answer answer = make_answer(receipt, status);
	connection_answer(receipt->connection, &answer);
}

/* --- those who wait --- */

static void fall_back(struct receipt *receipt, const char *why) {
	int status = endpoint_policy(receipt->endpoint)->status; /* as it is set by now */
	settle(receipt, status, ANSWERED_BY_FALLBACK, why);
	answer_now(receipt, status);
}

static void pass_back(
	struct receipt *receipt, const struct attempt *attempt, struct span head, struct span body) {
	struct ingest *ingest = receipt->ingest;
	struct answer answer;
	const struct policy_reply reply = {
		.status = attempt->status,
		.error = attempt->error,
		.kept = (int64_t)body.len,
		.sent = attempt->answer_body_total,
		.usable = passed_make(
			&answer, &ingest->headers, head, body, span_is(receipt->event.method, "HEAD")),
	};
	const char *refused = policy_refuse_reply(&reply);
	if (!refused) {
		settle(receipt, answer.status, ANSWERED_BY_APP, "");
		connection_answer(receipt->connection, &answer);
		return;
	}
	char why[WHY_MOST];
	snprintf(why, sizeof why, "%s%s%.*s", refused, attempt->error.len > 0 ? ": " : "",
		(int)attempt->error.len, attempt->error.len > 0 ? attempt->error.data : "");
	fall_back(receipt, why);
}

static const char *why_no_longer(enum waited how) {
	switch (how) {
	case WAITED_REPLY:
		return "";
	case WAITED_TIME:
		return "no answer of the app in time";
	case WAITED_NOBODY:
		return "whoever forwarded it left, or cannot reach the app any more";
	case WAITED_STOPPED:
		return "the relay is stopping";
	}
	return "";
}

static void on_waited(void *data, enum waited how, const struct attempt *attempt, struct span head,
	struct span body) {
	struct receipt *receipt = data;
	if (receipt->decision.action != POLICY_WAIT) {
		settle(receipt, receipt->decision.status, receipt->decision.by,
			how == WAITED_STOPPED ? "not delayed: the relay is stopping" : "delayed");
		answer_now(receipt, receipt->decision.status);
	} else if (how == WAITED_REPLY) {
		pass_back(receipt, attempt, head, body);
	} else {
		fall_back(receipt, why_no_longer(how));
	}
}

/* The time runs since the request was there, not since the disk had it. */
static void begin_to_wait(struct receipt *receipt) {
	const struct policy_decision *decision = &receipt->decision;
	int64_t elapsed_ms = (int64_t)((uv_hrtime() - receipt->complete_ns) / 1000000);
	struct waiter *waiter = receipt->waiter;
	receipt->waiter = NULL;
	waiter_begin(waiter, &receipt->entry, decision->action == POLICY_WAIT,
		decision->delay_ms - elapsed_ms, on_waited, receipt);
}

/* --- once it is known whether it is stored --- */

void receipt_stored(struct receipt *receipt) {
	const struct policy_decision *decision = &receipt->decision;
	if (receipt->waiter) {
		begin_to_wait(receipt);
	} else if (decision->action == POLICY_HANG_UP) {
		settle(receipt, 0, decision->by, decision->why);
		connection_hang_up(receipt->connection);
	} else if (decision->action == POLICY_DRIP) {
		settle(receipt, decision->status, decision->by, decision->why);
		struct answer answer = make_answer(receipt, decision->status);
		connection_drip(receipt->connection, &answer, decision->delay_ms);
	} else {
		answer_now(receipt, decision->status);
	}
}

void receipt_not_stored(struct receipt *receipt, const struct error *err) {
	struct ingest *ingest = receipt->ingest;
	waiter_leave(receipt->waiter);
	receipt->waiter = NULL;
	ingest->counts.not_stored++;
	log_write(LOG_ERROR, "an event could not be stored endpoint=%.*s why=%s",
		(int)receipt->event.endpoint.len, receipt->event.endpoint.data, err->text);
	if (err->code == ERROR_IO && !ingest->gave_up &&
		store_state(ingest->store).failed_in_row >= FAILED_GROUPS) {
		ingest->gave_up = true;
		ingest->options.gave_up(ingest->options.data, err->text);
	}
	connection_answer(receipt->connection, &(struct answer){
											   .status = 503,
											   .type = "text/plain",
											   .headers = span_text("Retry-After: 5\r\n"),
											   .body = span_text("not stored, try again later\n"),
										   });
}
