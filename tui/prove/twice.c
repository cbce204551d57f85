/*
 * hookline prove twice: the same event comes again, as providers do, and must change nothing the second time.
 *
 * One after the other: the state of the app is looked at before, between and behind. At the same time (or so close that the first
 * is not answered yet): what one alone does is found out first where --reset can begin anew, else only the answers are compared.
 */
#include <stdlib.h>

#include "common/alloc.h"
#include "common/words.h"
#include "tui/prove/compare.h"
#include "tui/prove/prove_parts.h"
#include "tui/prove/shell_job.h"

enum step {
	STEP_RESET,   /* to begin from nothing */
	STEP_BEFORE,  /* the state */
	STEP_SIGN,    /* both are signed alike */
	STEP_ONE,     /* the first alone */
	STEP_BETWEEN, /* the state behind one */
	STEP_RESET_AGAIN,
	STEP_OTHER, /* the second alone, or both */
	STEP_AFTER, /* the state behind both */
	STEP_END
};

/* What the app said to one of them. */
struct said {
	bool there;
	int64_t status, took_us;
	struct buffer words, body;
};

struct twice {
	enum step step;
	bool overlaps; /* the second does not wait for the first to be answered */
	struct buffer lines, how;
	struct said said[2];
	int sent, answered, awaited; /* of this step */
	struct buffer before, between, after;
	bool has_between, has_after;
};

static void go_on(struct prove *prove);

/* --- the end --- */

static bool is_error(const struct said *said) {
	return !PROVE_IS_SUCCESS(said->status);
}

static bool judge_answers(struct prove *prove, const char **verdict) {
	struct twice *twice = prove->course;
	struct said *first = &twice->said[0], *second = &twice->said[1];
	struct buffer words = {0};
	if (is_error(first) || is_error(second)) {
		*verdict = "error";
		buffer_printf(&prove->sentence, "the %s was answered %s",
			is_error(first) ? "first" : "second",
			buffer_text(is_error(first) ? &first->words : &second->words));
	} else if (first->status != second->status) {
		*verdict = "different";
		buffer_printf(&prove->sentence, "the first was answered %lld, the second %lld",
			(long long)first->status, (long long)second->status);
	} else if (!compare_bodies(&words, buffer_span(&first->body), buffer_span(&second->body),
				   prove->order->ignore)) {
		*verdict = "different";
		buffer_printf(&prove->sentence, "the answers differ, %s", buffer_text(&words));
	}
	buffer_clear(&words);
	return *verdict == NULL;
}

static bool judge_state(struct prove *prove, const char **verdict) {
	struct twice *twice = prove->course;
	struct buffer words = {0};
	bool known = twice->has_between && twice->has_after;
	bool same =
		!known || compare_states(&words, buffer_span(&twice->between), buffer_span(&twice->after));
	if (!same) {
		*verdict = "different";
		buffer_printf(&prove->sentence, "the second changed the state, %s", buffer_text(&words));
		prove_find(
			prove, PROVE_BAD, "state", "behind one, then behind two: %s", buffer_text(&words));
	} else if (known) {
		prove_find(prove, PROVE_GOOD, "state", "the second changed nothing");
	}
	buffer_clear(&words);
	return same;
}

static void tell_slower(struct prove *prove) {
	struct twice *twice = prove->course;
	buffer_append_text(&prove->sentence, "the second took ");
	words_append_took(&prove->sentence, twice->said[1].took_us);
	buffer_append_text(&prove->sentence, ", the first ");
	words_append_took(&prove->sentence, twice->said[0].took_us);
}

static void judge(struct prove *prove) {
	struct twice *twice = prove->course;
	const char *verdict = NULL;
	bool state_same = judge_state(prove, &verdict);
	if (state_same && judge_answers(prove, &verdict) &&
		compare_is_slower(twice->said[0].took_us, twice->said[1].took_us)) {
		verdict = "slower";
		tell_slower(prove);
	}
	if (!verdict) {
		buffer_append_text(&prove->sentence,
			twice->has_after ? "the second was answered like the first and changed nothing"
							 : "the second was answered like the first");
	}
	prove_end(prove, verdict == NULL, verdict ? verdict : "safe");
}

/* --- the state of the app --- */

static void take_state(struct twice *twice, const struct shell_job_result *result) {
	struct buffer *state = twice->step == STEP_BEFORE    ? &twice->before
	                       : twice->step == STEP_BETWEEN ? &twice->between
	                                                     : &twice->after;
	buffer_append_span(state, result->output);
	twice->has_between = twice->has_between || twice->step == STEP_BETWEEN;
	twice->has_after = twice->has_after || twice->step == STEP_AFTER;
}

static void on_run(void *data, const struct shell_job_result *result) {
	struct prove *prove = data;
	struct twice *twice = prove->course;
	bool resets = twice->step == STEP_RESET || twice->step == STEP_RESET_AGAIN;
	if (result->exit_code != 0) {
		struct error err = {0};
		error_set(&err, ERROR_NO, "--%s %s", resets ? "reset" : "probe",
			result->timed_out ? "did not end in time" : "failed: it must end with status 0");
		prove_fail(prove, &err);
		return;
	}
	if (!resets) {
		take_state(twice, result);
	}
	if (twice->step == STEP_BETWEEN && !prove->order->reset &&
		span_equal(buffer_span(&twice->before), buffer_span(&twice->between))) {
		prove_find(prove, PROVE_TOLD, "state",
			"the first changed nothing either: was it handled before? --reset would begin anew");
	}
	twice->step++;
	go_on(prove);
}

static void run(struct prove *prove, const char *command) {
	struct error err = {0};
	if (!lab_run(prove->lab, command, on_run, prove, &err)) {
		prove_fail(prove, &err);
	}
}

/* --- requests --- */

static void on_answer(struct prove *prove, int index, const struct delivery *delivery) {
	static const char *const names[] = {"first", "second"};
	struct twice *twice = prove->course;
	struct said *said = &twice->said[index];
	twice->answered++;
	if (!delivery->connected) {
		prove_fail_unreached(prove, delivery);
		return;
	}
	buffer_reset(&said->words);
	buffer_reset(&said->body);
	prove_append_answer(&said->words, delivery);
	buffer_append_span(&said->body, delivery->answer_body);
	said->status = delivery->attempt.status;
	said->took_us = delivery->attempt.took_us;
	prove_find_answer(prove, is_error(said) ? PROVE_BAD : PROVE_GOOD, names[index], delivery, "%s",
		buffer_text(&said->words));
	if (twice->answered == twice->awaited) {
		twice->step++;
		go_on(prove);
	}
}

static void on_first(void *data, const struct delivery *delivery) {
	on_answer(data, 0, delivery);
}

static void on_second(void *data, const struct delivery *delivery) {
	on_answer(data, 1, delivery);
}

static void send_event(struct prove *prove, int index) {
	struct twice *twice = prove->course;
	struct buffer head = {0}, how = {0};
	sign_anew_head(&head, &prove->specimen.message, buffer_span(&twice->lines));
	buffer_append_text(&how, index == 0 ? "twice, the first: " : "twice, the second: ");
	buffer_append_span(&how, buffer_span(&twice->how));
	struct lab_shot shot = {.specimen = &prove->specimen,
		.head = buffer_span(&head),
		.body = prove->specimen.message.body,
		.how = buffer_span(&how)};
	lab_send(prove->lab, prove->order->target, &shot, index == 0 ? on_first : on_second, prove);
	buffer_clear(&head);
	buffer_clear(&how);
}

static void on_apart(void *data) {
	send_event(data, 1);
}

static void send_both(struct prove *prove) {
	struct twice *twice = prove->course;
	twice->answered = 0;
	twice->awaited = 2;
	send_event(prove, 0);
	if (prove->order->apart_ms > 0) {
		lab_wait(prove->lab, prove->order->apart_ms, on_apart, prove);
	} else {
		send_event(prove, 1);
	}
}

static void send_one(struct prove *prove, int index) {
	struct twice *twice = prove->course;
	twice->answered = 0;
	twice->awaited = 1;
	send_event(prove, index);
}

static void on_signed(void *data, const struct lab_signature *signature, const struct error *err) {
	struct prove *prove = data;
	struct twice *twice = prove->course;
	if (err) {
		prove_fail(prove, err);
		return;
	}
	buffer_append_span(&twice->lines, signature->lines);
	buffer_append_span(&twice->how, signature->how);
	if (!signature->made) {
		prove_find(prove, PROVE_TOLD, "signature", "%s", buffer_text(&twice->how));
	}
	twice->step++;
	go_on(prove);
}

/* --- step by step --- */

/* Whether a step has anything to do. */
static bool is_taken(const struct prove *prove, enum step step) {
	const struct prove_order *order = prove->order;
	const struct twice *twice = prove->course;
	bool reference = !twice->overlaps || (order->probe && order->reset);
	switch (step) {
	case STEP_RESET:
		return order->reset != NULL;
	case STEP_BEFORE:
	case STEP_AFTER:
		return order->probe != NULL;
	case STEP_ONE:
		return reference;
	case STEP_BETWEEN:
		return order->probe && reference;
	case STEP_RESET_AGAIN:
		return order->reset && twice->overlaps && reference;
	default:
		return true;
	}
}

static void go_on(struct prove *prove) {
	struct twice *twice = prove->course;
	while (!is_taken(prove, twice->step)) {
		twice->step++;
	}
	switch (twice->step) {
	case STEP_RESET:
	case STEP_RESET_AGAIN:
		run(prove, prove->order->reset);
		return;
	case STEP_BEFORE:
	case STEP_BETWEEN:
	case STEP_AFTER:
		run(prove, prove->order->probe);
		return;
	case STEP_SIGN:
		lab_sign(prove->lab, &prove->specimen, 0, false, on_signed, prove);
		return;
	case STEP_ONE:
		send_one(prove, 0);
		return;
	case STEP_OTHER:
		if (twice->overlaps) {
			send_both(prove);
		} else {
			send_one(prove, 1);
		}
		return;
	case STEP_END:
		if (twice->overlaps && prove->order->probe && !prove->order->reset) {
			prove_find(prove, PROVE_TOLD, "state",
				"whether both together did what one does cannot be told without --reset");
		}
		judge(prove);
		return;
	}
}

static void begin(struct prove *prove) {
	struct twice *twice = alloc_zero(1, sizeof *twice);
	prove->course = twice;
	twice->overlaps = prove->order->apart_ms >= 0;
	go_on(prove);
}

static void clear(struct prove *prove) {
	struct twice *twice = prove->course;
	if (!twice) {
		return;
	}
	for (int i = 0; i < 2; i++) {
		buffer_clear(&twice->said[i].words);
		buffer_clear(&twice->said[i].body);
	}
	buffer_clear(&twice->lines);
	buffer_clear(&twice->how);
	buffer_clear(&twice->before);
	buffer_clear(&twice->between);
	buffer_clear(&twice->after);
	free(twice);
}

const struct prove_kind_ops prove_twice = {true, begin, clear};
