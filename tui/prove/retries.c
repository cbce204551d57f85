/*
 * hookline prove retries: what the app gets when it was down for a while, in the order and at the distances its provider documents.
 * While it is down its answers do not count, as if they were lost on the way: an app that did the work all the same gets the
 * event again. --unseen keeps those attempts from it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/words.h"
#include "tui/deliver/schedule.h"
#include "tui/prove/prove_parts.h"

struct retries {
	struct schedule_policy policy; /* resolved, at its own speed */
	struct buffer as;              /* "stripe": whose schedule it is */
	const struct provider *provider;
	int64_t number; /* of the attempt, from 1 */
	int64_t at_ms;  /* of it, from the first, as the provider's clock has it */
	int64_t last_status;
	int64_t lost; /* answers that were not heard */
};

static void attempt(struct prove *prove);

static bool is_down(const struct prove *prove) {
	const struct retries *retries = prove->course;
	return retries->at_ms < prove->order->down_ms;
}

/* "3h 5m", "35m", "5s" */
static void append_time(struct buffer *out, int64_t ms) {
	int64_t s = ms / 1000;
	if (s >= 86400) {
		buffer_printf(out, "%" PRId64 "d ", s / 86400);
	}
	if (s % 86400 >= 3600) {
		buffer_printf(out, "%" PRId64 "h ", s % 86400 / 3600);
	}
	if (s % 3600 >= 60) {
		buffer_printf(out, "%" PRId64 "m ", s % 3600 / 60);
	}
	if (s % 60 > 0 || s == 0) {
		buffer_printf(out, "%" PRId64 "s ", s % 60);
	}
	out->len--;
}

/* --- the end --- */

static void give_up(struct prove *prove) {
	struct retries *retries = prove->course;
	struct buffer *sentence = &prove->sentence;
	buffer_append_span(sentence, buffer_span(&retries->as));
	buffer_printf(sentence, " gives up after %" PRId64 " attempt%s, ", retries->number,
		retries->number == 1 ? "" : "s");
	append_time(sentence, retries->at_ms);
	buffer_append_text(sentence, " after the first: ");
	if (is_down(prove)) {
		buffer_append_text(sentence, "an app that is down for ");
		append_time(sentence, prove->order->down_ms);
		buffer_append_text(sentence, " never gets the event unless somebody sends it again");
	} else {
		buffer_append_text(sentence, "the app has taken none of them");
	}
	prove_end(prove, false, "lost");
}

static void delivered(struct prove *prove) {
	struct retries *retries = prove->course;
	struct buffer *sentence = &prove->sentence;
	buffer_printf(sentence, "taken at attempt %" PRId64 " of %" PRId64 ", ", retries->number,
		schedule_attempts(&retries->policy));
	append_time(sentence, retries->at_ms);
	buffer_append_text(sentence, " after the first");
	if (prove->bad > 0) {
		buffer_printf(sentence, ", but %" PRId64 " before did not go well", prove->bad);
	}
	prove_end(prove, prove->bad == 0, prove->bad == 0 ? "delivered" : "error");
}

/* --- from one attempt to the next --- */

static void on_due(void *data) {
	attempt(data);
}

static void next(struct prove *prove) {
	struct retries *retries = prove->course;
	int64_t delay_ms = schedule_delay_ms(&retries->policy, retries->number + 1, 0);
	if (delay_ms < 0) {
		give_up(prove);
		return;
	}
	retries->number++;
	retries->at_ms += delay_ms;
	lab_wait(prove->lab, (int64_t)((double)delay_ms / prove->order->speed), on_due, prove);
}

static void append_number(struct buffer *out, const struct retries *retries) {
	buffer_printf(out, "attempt %" PRId64 " after ", retries->number);
	append_time(out, retries->at_ms);
}

static void on_answer(void *data, const struct delivery *delivery) {
	struct prove *prove = data;
	struct retries *retries = prove->course;
	struct buffer words = {0};
	bool down = is_down(prove);
	if (!delivery->connected) {
		prove_fail_unreached(prove, delivery);
		return;
	}
	bool success = schedule_is_success(&retries->policy, delivery->attempt.status) &&
	               delivery->attempt.error.len == 0;
	append_number(&words, retries);
	buffer_append_text(&words, ": ");
	prove_append_answer(&words, delivery);
	buffer_append_text(&words, down ? ", which the provider does not hear" : "");
	prove_find_answer(
		prove, success ? PROVE_GOOD : PROVE_BAD, "attempt", delivery, "%s", buffer_text(&words));
	buffer_clear(&words);
	retries->last_status = delivery->attempt.status;
	if (success && !down) {
		delivered(prove);
	} else {
		next(prove);
	}
}

/* What the provider says of an attempt that is not the first. */
static void append_attempt_headers(struct buffer *lines, const struct retries *retries) {
	const struct provider *provider = retries->provider;
	if (retries->number > 1 && provider && provider->number_header) {
		buffer_printf(lines, "%s: %" PRId64 "\r\n", provider->number_header, retries->number - 1);
	}
	if (retries->number > 1 && provider && provider->reason_header) {
		buffer_printf(lines, "%s: http_timeout\r\n", provider->reason_header);
	}
}

static void send_attempt(struct prove *prove, const struct lab_signature *signature) {
	struct retries *retries = prove->course;
	struct buffer head = {0}, how = {0}, lines = {0};
	buffer_append_span(&lines, signature->lines);
	append_attempt_headers(&lines, retries);
	sign_anew_head(&head, &prove->specimen.message, buffer_span(&lines));
	append_number(&how, retries);
	buffer_append_text(&how, ": ");
	buffer_append_span(&how, signature->how);
	struct lab_shot shot = {.specimen = &prove->specimen,
		.head = buffer_span(&head),
		.body = prove->specimen.message.body,
		.how = buffer_span(&how)};
	lab_send(prove->lab, prove->order->target, &shot, on_answer, prove);
	buffer_clear(&head);
	buffer_clear(&how);
	buffer_clear(&lines);
}

static void on_signed(void *data, const struct lab_signature *signature, const struct error *err) {
	struct prove *prove = data;
	if (err) {
		prove_fail(prove, err);
		return;
	}
	send_attempt(prove, signature);
}

static void attempt(struct prove *prove) {
	struct retries *retries = prove->course;
	if (is_down(prove) && prove->order->unseen) {
		struct buffer words = {0};
		append_number(&words, retries);
		prove_find(prove, PROVE_TOLD, "attempt", "%s: the app is down", buffer_text(&words));
		buffer_clear(&words);
		next(prove);
		return;
	}
	lab_sign(prove->lab, &prove->specimen, 0, false, on_signed, prove);
}

/* --- the schedule --- */

static const struct provider *find_provider(const struct prove *prove) {
	const struct prove_order *order = prove->order;
	char name[64];
	if (order->file) {
		return order->file->provider;
	}
	struct span text = prove->specimen.event->provider;
	snprintf(name, sizeof name, "%.*s", (int)text.len, text.data ? text.data : "");
	return *name ? catalogue_find(order->catalogue, name, NULL) : NULL;
}

static bool resolve(struct prove *prove, struct error *err) {
	struct retries *retries = prove->course;
	struct schedule_policy asked;
	const char *text = prove->order->schedule ? prove->order->schedule : "provider";
	retries->provider = find_provider(prove);
	if (!schedule_policy_parse(&asked, span_text(text), err)) {
		return false;
	}
	schedule_resolve(&retries->policy, &asked, retries->provider);
	retries->policy.speed = 1;
	if (asked.provider && !retries->policy.as[0]) {
		return error_set(err, ERROR_NO,
			"how %s tries again is not known: --schedule 5s,30s,5m says it",
			retries->provider ? retries->provider->title : "the sender of this event");
	}
	buffer_append_text(
		&retries->as, asked.provider ? retries->provider->title : "a sender with this schedule");
	return true;
}

static void begin(struct prove *prove) {
	struct retries *retries = alloc_zero(1, sizeof *retries);
	struct error err = {0};
	struct buffer policy = {0};
	prove->course = retries;
	retries->number = 1;
	if (!resolve(prove, &err)) {
		prove_fail(prove, &err);
		return;
	}
	schedule_policy_append(&policy, &retries->policy);
	prove_find(prove, PROVE_TOLD, "schedule", "%s: %" PRId64 " attempts, %s%s",
		buffer_text(&retries->as), schedule_attempts(&retries->policy), buffer_text(&policy),
		retries->policy.assumed ? " (the delays are not published)" : "");
	buffer_clear(&policy);
	attempt(prove);
}

static void clear(struct prove *prove) {
	struct retries *retries = prove->course;
	if (retries) {
		buffer_clear(&retries->as);
		free(retries);
	}
}

const struct prove_kind_ops prove_retries = {true, begin, clear};
