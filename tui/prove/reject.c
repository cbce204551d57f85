/* hookline prove reject: what an app must refuse is sent to it, one after the other. */
#include <stdlib.h>

#include "common/alloc.h"
#include "tui/prove/prove_parts.h"
#include "tui/prove/refusal.h"
#include "tui/prove/shell_job.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)
/* Signatures that are asked for, in this order. */
enum asked_for { SIGN_RIGHT, SIGN_WRONG, SIGN_STALE, SIGN_FUTURE, SIGN_COUNT };

struct reject {
	struct buffer lines[SIGN_COUNT];
	struct buffer id_header, how;
	struct refusal_input input;
	int64_t at_ms; /* of the right signature */
	enum asked_for asking;
	int next; /* enum refusal */
	struct refusal_case sent;
	struct buffer state; /* of the app, behind the event it accepted */
};

static void go_on(struct prove *prove);

/* --- the end --- */

static void finish(struct prove *prove) {
	if (prove->bad == 0) {
		buffer_printf(&prove->sentence, "the app refuses what it must refuse");
	} else {
		buffer_printf(&prove->sentence, "%lld of %lld did not go as they must",
			(long long)prove->bad, (long long)(prove->bad + prove->good));
	}
	prove_end(prove, prove->bad == 0, prove->bad == 0 ? "refused" : "accepted");
}

static void on_last_state(void *data, const struct shell_job_result *result) {
	struct prove *prove = data;
	struct reject *reject = prove->course;
	bool same = result->exit_code == 0 && span_equal(result->output, buffer_span(&reject->state));
	prove_find(prove, same ? PROVE_GOOD : PROVE_BAD, "state",
		same ? "what --probe prints is as it was behind the event that was accepted"
			 : "what --probe prints is another behind the refused requests");
	finish(prove);
}

static void compare_state(struct prove *prove) {
	struct error err = {0};
	if (!prove->order->probe) {
		finish(prove);
	} else if (!lab_run(prove->lab, prove->order->probe, on_last_state, prove, &err)) {
		prove_fail(prove, &err);
	}
}

/* --- the cases --- */

static void on_answer(void *data, const struct delivery *delivery) {
	struct prove *prove = data;
	struct reject *reject = prove->course;
	enum refusal refusal = (enum refusal)reject->next;
	struct buffer words = {0};
	if (!delivery->connected) {
		prove_fail_unreached(prove, delivery);
		return;
	}
	bool good = refusal_judge(refusal, delivery->attempt.status, &words);
	struct buffer answer = {0};
	prove_append_answer(&answer, delivery);
	prove_find_answer(prove, good ? PROVE_GOOD : PROVE_BAD, refusal_name(refusal), delivery,
		"%s: %s", buffer_text(&answer), buffer_text(&words));
	buffer_clear(&answer);
	buffer_clear(&words);
	refusal_case_clear(&reject->sent);
	reject->next++;
	go_on(prove);
}

static bool is_wanted(const struct prove *prove, int refusal) {
	return prove->order->only == 0 || (prove->order->only & (1u << refusal));
}

/* The next case that applies; those that do not are told. */
static void go_on(struct prove *prove) {
	struct reject *reject = prove->course;
	for (; reject->next < REFUSAL_COUNT; reject->next++) {
		if (!is_wanted(prove, reject->next)) {
			continue;
		}
		refusal_make((enum refusal)reject->next, &reject->input, &reject->sent);
		if (reject->sent.applies) {
			struct lab_shot shot = {.specimen = &prove->specimen,
				.head = buffer_span(&reject->sent.head),
				.body = buffer_span(&reject->sent.body),
				.how = buffer_span(&reject->sent.how)};
			lab_send(prove->lab, prove->order->target, &shot, on_answer, prove);
			return;
		}
		prove_find(prove, PROVE_SKIPPED, refusal_name((enum refusal)reject->next), "%s",
			buffer_text(&reject->sent.how));
		refusal_case_clear(&reject->sent);
	}
	compare_state(prove);
}

/* --- the event itself --- */

static void on_state(void *data, const struct shell_job_result *result) {
	struct prove *prove = data;
	struct reject *reject = prove->course;
	buffer_append_span(&reject->state, result->output);
	if (result->exit_code != 0) {
		struct error err = {0};
		error_set(&err, ERROR_NO, "--probe ended with status %d: it cannot tell the state",
			result->exit_code);
		prove_fail(prove, &err);
		return;
	}
	go_on(prove);
}

static void on_valid(void *data, const struct delivery *delivery) {
	struct prove *prove = data;
	struct error err = {0};
	struct buffer answer = {0};
	if (!delivery->connected) {
		prove_fail_unreached(prove, delivery);
		return;
	}
	prove_append_answer(&answer, delivery);
	bool accepted = PROVE_IS_SUCCESS(delivery->attempt.status);
	prove_find_answer(prove, accepted ? PROVE_GOOD : PROVE_BAD, "valid", delivery, "%s: %s",
		buffer_text(&answer),
		accepted ? "accepted, as it must be"
				 : "the event itself is not accepted: that others are refused would prove nothing");
	buffer_clear(&answer);
	if (!accepted) {
		buffer_append_text(&prove->sentence, "the app does not accept the event itself");
		prove_end(prove, false, "nothing proven");
	} else if (!prove->order->probe) {
		go_on(prove);
	} else if (!lab_run(prove->lab, prove->order->probe, on_state, prove, &err)) {
		prove_fail(prove, &err);
	}
}

static void send_valid(struct prove *prove) {
	struct reject *reject = prove->course;
	struct buffer head = {0}, how = {0};
	sign_anew_head(&head, &prove->specimen.message, reject->input.right.lines);
	buffer_append_text(&how, "valid: ");
	buffer_append_span(&how, buffer_span(&reject->how));
	struct lab_shot shot = {.specimen = &prove->specimen,
		.head = buffer_span(&head),
		.body = prove->specimen.message.body,
		.how = buffer_span(&how)};
	lab_send(prove->lab, prove->order->target, &shot, on_valid, prove);
	buffer_clear(&head);
	buffer_clear(&how);
}

/* --- signatures --- */

static struct refusal_signature *signature_at(struct reject *reject, enum asked_for which) {
	struct refusal_signature *const all[SIGN_COUNT] = {
		&reject->input.right, &reject->input.wrong, &reject->input.stale, &reject->input.future};
	return all[which];
}

static void ask_next(struct prove *prove);

static void on_signed(void *data, const struct lab_signature *signature, const struct error *err) {
	struct prove *prove = data;
	struct reject *reject = prove->course;
	if (err) {
		prove_fail(prove, err);
		return;
	}
	enum asked_for which = reject->asking++;
	buffer_append_span(&reject->lines[which], signature->lines);
	*signature_at(reject, which) = (struct refusal_signature){
		signature->made, buffer_span(&reject->lines[which]), signature->verdict};
	if (which == SIGN_RIGHT) {
		reject->at_ms = signature->at_ms;
		buffer_append_span(&reject->how, signature->how);
		buffer_append_text(&reject->id_header, signature->id_header);
		reject->input.id_header = buffer_text(&reject->id_header);
		if (!signature->made) {
			prove_find(prove, PROVE_TOLD, "signature", "%s", buffer_text(&reject->how));
			reject->asking = SIGN_COUNT; /* the others cannot be made either */
		}
	}
	ask_next(prove);
}

static void ask_next(struct prove *prove) {
	static const int64_t shifts_ms[SIGN_COUNT] = {0, 0, -DAY_MS, DAY_MS};
	struct reject *reject = prove->course;
	enum asked_for which = reject->asking;
	if (which == SIGN_COUNT) {
		send_valid(prove);
		return;
	}
	int64_t at_ms = which == SIGN_RIGHT ? 0 : reject->at_ms + shifts_ms[which];
	lab_sign(prove->lab, &prove->specimen, at_ms, which == SIGN_WRONG, on_signed, prove);
}

static void begin(struct prove *prove) {
	struct reject *reject = alloc_zero(1, sizeof *reject);
	prove->course = reject;
	reject->input.message = &prove->specimen.message;
	reject->input.id_header = "";
	reject->input.oversize = (size_t)prove->order->oversize;
	ask_next(prove);
}

static void clear(struct prove *prove) {
	struct reject *reject = prove->course;
	if (!reject) {
		return;
	}
	for (int i = 0; i < SIGN_COUNT; i++) {
		buffer_clear(&reject->lines[i]);
	}
	buffer_clear(&reject->id_header);
	buffer_clear(&reject->how);
	buffer_clear(&reject->state);
	refusal_case_clear(&reject->sent);
	free(reject);
}

const struct prove_kind_ops prove_reject = {true, begin, clear};
