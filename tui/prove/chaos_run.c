#include "tui/prove/chaos_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "tui/prove/shell_job.h"

/* A request under way: which of the plan. */
struct in_flight {
	struct chaos_run *run;
	size_t send;
	bool busy;
};

/* What became of an event so far. */
struct fortune {
	bool accepted;
	int64_t last_status;
};

struct chaos_run {
	struct prove *prove;
	const struct chaos_event *events;
	const struct uuid *ids;
	size_t count;
	bool tells;
	chaos_ran_fn *ran;
	struct chaos_send *sends;
	size_t send_count, next;
	struct specimen specimen; /* of the request that is being prepared */
	bool preparing;
	struct in_flight *flights;
	size_t flight_count, under_way, answered;
	struct fortune *fortunes;
	size_t problems;
	struct buffer first, words;
	bool gone;
};

static void go_on(struct chaos_run *run);

void chaos_run_free(struct chaos_run *run) {
	if (!run) {
		return;
	}
	specimen_clear(&run->specimen);
	buffer_clear(&run->first);
	buffer_clear(&run->words);
	free(run->sends);
	free(run->flights);
	free(run->fortunes);
	free(run);
}

/* What is in run->words is a problem. */
static void note_problem(struct chaos_run *run, const char *name, const struct delivery *delivery) {
	if (run->problems++ == 0) {
		buffer_append_span(&run->first, buffer_span(&run->words));
	}
	if (run->tells && run->problems <= CHAOS_PROBLEMS_TOLD) {
		if (delivery) {
			prove_find_answer(
				run->prove, PROVE_BAD, name, delivery, "%s", buffer_text(&run->words));
		} else {
			prove_find(run->prove, PROVE_BAD, name, "%s", buffer_text(&run->words));
		}
	}
	buffer_reset(&run->words);
}

/* --- the end of a run --- */

static void end(struct chaos_run *run) {
	struct prove *prove = run->prove;
	struct chaos_result result = {
		run->send_count, run->problems, buffer_span(&run->first), run->gone};
	if (run->tells && run->problems > CHAOS_PROBLEMS_TOLD) {
		prove_find(
			prove, PROVE_TOLD, "more", "%zu more problems", run->problems - CHAOS_PROBLEMS_TOLD);
	}
	run->ran(prove, &result);
	chaos_run_free(run);
}

static struct span last_line(struct span text) {
	struct span last = {0};
	while (text.len > 0) {
		struct span line = span_cut(&text, '\n');
		last = line.len > 0 ? line : last;
	}
	return last;
}

static void on_checked(void *data, const struct shell_job_result *result) {
	struct chaos_run *run = data;
	if (result->exit_code != 0) {
		struct span last = last_line(result->output);
		buffer_printf(
			&run->words, "--check %s", result->timed_out ? "did not end in time" : "says no");
		buffer_append_text(&run->words, last.len > 0 ? ": " : "");
		buffer_append_span(&run->words, last);
		note_problem(run, "check", NULL);
	} else if (run->tells) {
		prove_find(run->prove, PROVE_GOOD, "check", "--check says yes");
	}
	end(run);
}

static void check(struct chaos_run *run) {
	struct error err = {0};
	for (size_t i = 0; i < run->count; i++) {
		if (run->fortunes[i].accepted) {
			continue;
		}
		buffer_append_span(&run->words, run->events[i].ref);
		buffer_printf(&run->words, " was never accepted: its last answer was %" PRId64,
			run->fortunes[i].last_status);
		note_problem(run, "lost", NULL);
	}
	if (!run->prove->order->check || run->gone) {
		end(run);
	} else if (!lab_run(run->prove->lab, run->prove->order->check, on_checked, run, &err)) {
		prove_fail(run->prove, &err);
	}
}

/* --- answers --- */

static void take_answer(
	struct chaos_run *run, const struct chaos_send *send, const struct delivery *delivery) {
	struct fortune *fortune = &run->fortunes[send->event];
	int64_t status = delivery->attempt.status;
	if (send->fault.cut) {
		return; /* nothing was to come of it */
	}
	fortune->last_status = status;
	fortune->accepted = fortune->accepted || PROVE_IS_SUCCESS(status);
	if (status >= 500 || status == 0) {
		buffer_append_span(&run->words, run->events[send->event].ref);
		buffer_printf(&run->words, "%s: ", send->again ? " once more" : "");
		prove_append_answer(&run->words, delivery);
		note_problem(run, "answer", delivery);
	}
}

static void on_answer(void *data, const struct delivery *delivery) {
	struct in_flight *flight = data;
	struct chaos_run *run = flight->run;
	const struct chaos_send *send = &run->sends[flight->send];
	flight->busy = false;
	run->under_way--;
	if (!delivery->connected && run->answered == 0) {
		prove_fail_unreached(run->prove, delivery);
		return;
	}
	run->answered++;
	if (!delivery->connected && !run->gone) {
		run->gone = true;
		run->next = run->send_count;
		buffer_printf(&run->words, "the app is gone: ");
		buffer_append_span(&run->words, delivery->attempt.error);
		note_problem(run, "gone", delivery);
	} else if (delivery->connected) {
		take_answer(run, send, delivery);
	}
	go_on(run);
}

/* --- requests --- */

static void describe(struct buffer *how, const struct chaos_send *send) {
	buffer_printf(how, "chaos%s", send->again ? ", once more" : "");
	if (send->fault.cut) {
		buffer_printf(how, ", cut off after %zu bytes of the body", send->fault.cut_body);
	}
	if (send->fault.drip_ms > 0) {
		buffer_printf(how, ", its body over %" PRId64 " ms", send->fault.drip_ms);
	}
	buffer_append_text(how, ": ");
}

static struct in_flight *free_flight(struct chaos_run *run) {
	size_t i = 0;
	while (run->flights[i].busy) {
		i++;
	}
	return &run->flights[i];
}

static void send_it(struct chaos_run *run, const struct lab_signature *signature) {
	struct in_flight *flight = free_flight(run);
	const struct chaos_send *send = &run->sends[run->next];
	struct buffer head = {0}, how = {0};
	*flight = (struct in_flight){run, run->next++, true};
	run->under_way++;
	sign_anew_head(&head, &run->specimen.message, signature->lines);
	describe(&how, send);
	buffer_append_span(&how, signature->how);
	struct lab_shot shot = {.specimen = &run->specimen,
		.head = buffer_span(&head),
		.body = run->specimen.message.body,
		.how = buffer_span(&how),
		.fault = &send->fault};
	lab_send(run->prove->lab, run->prove->order->target, &shot, on_answer, flight);
	buffer_clear(&head);
	buffer_clear(&how);
	specimen_clear(&run->specimen);
	run->preparing = false;
	go_on(run);
}

static void on_signed(void *data, const struct lab_signature *signature, const struct error *err) {
	struct chaos_run *run = data;
	if (err) {
		prove_fail(run->prove, err);
		return;
	}
	send_it(run, signature);
}

static void on_fetched(void *data, const struct error *err) {
	struct chaos_run *run = data;
	if (err) {
		prove_fail(run->prove, err);
		return;
	}
	lab_sign(run->prove->lab, &run->specimen, 0, false, on_signed, run);
}

static void go_on(struct chaos_run *run) {
	if (run->preparing) {
		return;
	}
	if (run->next < run->send_count && run->under_way < run->flight_count) {
		struct event_ref ref = {.by_id = true, .id = run->ids[run->sends[run->next].event]};
		run->preparing = true;
		lab_fetch(run->prove->lab, &ref, &run->specimen, on_fetched, run);
	} else if (run->next >= run->send_count && run->under_way == 0) {
		check(run);
	}
}

static void on_reset(void *data, const struct shell_job_result *result) {
	struct chaos_run *run = data;
	if (result->exit_code != 0) {
		struct error err = {0};
		error_set(&err, ERROR_NO, "--reset %s",
			result->timed_out ? "did not end in time" : "failed: it must end with status 0");
		prove_fail(run->prove, &err);
		return;
	}
	go_on(run);
}

struct chaos_run *chaos_run_begin(struct prove *prove, const struct chaos_plan *plan,
	const bool *kept, const struct chaos_event *events, const struct uuid *ids, size_t count,
	bool tells, chaos_ran_fn *ran) {
	struct chaos_run *run = alloc_zero(1, sizeof *run);
	struct error err = {0};
	*run = (struct chaos_run){.prove = prove,
		.events = events,
		.ids = ids,
		.count = count,
		.tells = tells,
		.ran = ran,
		.flight_count = prove->order->at_once};
	run->sends = chaos_plan_sends(plan, kept, count, &run->send_count);
	run->flights = alloc_zero(run->flight_count, sizeof *run->flights);
	run->fortunes = alloc_zero(count, sizeof *run->fortunes);
	if (!prove->order->reset) {
		go_on(run);
	} else if (!lab_run(prove->lab, prove->order->reset, on_reset, run, &err)) {
		prove_fail(prove, &err);
	}
	return run;
}
