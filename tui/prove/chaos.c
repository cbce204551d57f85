/*
 * hookline prove chaos: many events come in the disorder that networks and retries make of them. When the app does not stand it,
 * the fewest faults are looked for that are enough.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/prove/chaos_plan.h"
#include "tui/prove/chaos_run.h"
#include "tui/prove/prove_parts.h"
#include "tui/prove/shrink.h"

struct chaos {
	client_request looking;
	size_t next_ref; /* of the order: events by name are looked up one after the other */
	struct chaos_event *events;
	struct uuid *ids;
	size_t count;
	struct chaos_plan plan;
	uint64_t seed, seeds_stood; /* of the plan; how many the app stood so far */
	size_t requests, faults_stood;
	bool told_what_is_left;
	bool stood_none; /* a plan without any fault among them: a second one would be the same */
	struct chaos_run *run;
	struct shrink shrink;
	int64_t runs;
	struct buffer why, kept; /* the first problem of the newest run that failed; faults as text */
	const char **names;      /* of the events, for the line to repeat */
};

static void next_run(struct prove *prove);
static void try_seeds(struct prove *prove);

/* --- the end --- */

/* The same events again with exactly these faults. */
static void write_repeat(struct prove *prove) {
	struct chaos *chaos = prove->course;
	struct prove_order order = *prove->order;
	order.faults = buffer_text(&chaos->kept);
	if (chaos->count <= PROVE_EVENTS_NAMED) {
		chaos->names = alloc_zero(chaos->count, sizeof *chaos->names);
		for (size_t i = 0; i < chaos->count; i++) {
			chaos->names[i] = chaos->events[i].ref.data;
		}
		order.refs = chaos->names;
		order.ref_count = chaos->count;
		order.filter = NULL;
	}
	buffer_reset(&prove->repeat);
	prove_order_append(&prove->repeat, &order);
}

static void end_failed(struct prove *prove) {
	struct chaos *chaos = prove->course;
	bool shrunk = chaos->runs > 1;
	size_t left = shrunk ? chaos->shrink.left : chaos->plan.count;
	chaos_plan_append(
		&chaos->kept, &chaos->plan, shrunk ? chaos->shrink.kept : NULL, chaos->events);
	if (left > 0 && prove->order->seeds > 1) {
		buffer_printf(
			&prove->sentence, "seed %" PRIu64 " is the smallest that fails; ", chaos->seed);
	}
	if (left == 0) {
		buffer_append_text(&prove->sentence, "it fails without any fault, too: ");
	} else if (shrunk) {
		buffer_printf(&prove->sentence,
			"%zu of %zu fault%s %s enough (%s), found in %" PRId64 " runs: ", left,
			chaos->plan.count, chaos->plan.count == 1 ? "" : "s", left == 1 ? "is" : "are",
			buffer_text(&chaos->kept), chaos->runs);
	}
	buffer_append_span(&prove->sentence, buffer_span(&chaos->why));
	write_repeat(prove);
	prove_end(prove, false, "fails");
}

static void end_proven(struct prove *prove) {
	struct chaos *chaos = prove->course;
	const struct prove_order *order = prove->order;
	buffer_printf(&prove->sentence, "all %zu events were accepted, in %zu requests with %zu faults",
		chaos->count, chaos->requests, chaos->faults_stood);
	if (order->seeds > 1) {
		buffer_printf(&prove->sentence, " of the seeds %" PRIu64 " to %" PRIu64, order->seed,
			order->seed + order->seeds - 1);
	}
	prove_end(prove, true, "stands");
}

/* --- runs --- */

static void on_tried(struct prove *prove, const struct chaos_result *result) {
	struct chaos *chaos = prove->course;
	bool failed = result->problems > 0;
	chaos->run = NULL;
	chaos->runs++;
	if (failed) {
		buffer_reset(&chaos->why);
		buffer_append_span(&chaos->why, result->first);
	}
	shrink_told(&chaos->shrink, failed);
	prove_find(prove, PROVE_TOLD, "run", "run %" PRId64 " %s; %zu fault%s left", chaos->runs,
		failed ? "fails, too" : "goes well", chaos->shrink.left,
		chaos->shrink.left == 1 ? "" : "s");
	if (result->gone) {
		end_failed(prove);
	} else {
		next_run(prove);
	}
}

static void next_run(struct prove *prove) {
	struct chaos *chaos = prove->course;
	const bool *kept =
		chaos->runs <= prove->order->shrink_runs ? shrink_next(&chaos->shrink) : NULL;
	if (!kept) {
		end_failed(prove);
		return;
	}
	chaos->run = chaos_run_begin(
		prove, &chaos->plan, kept, chaos->events, chaos->ids, chaos->count, false, on_tried);
}

/* Before the second run, whatever it is for. */
static void tell_what_is_left(struct prove *prove) {
	struct chaos *chaos = prove->course;
	if (!prove->order->reset && !chaos->told_what_is_left) {
		chaos->told_what_is_left = true;
		prove_find(prove, PROVE_TOLD, "reset",
			"without --reset each run begins with what the one before left in the app");
	}
}

/* The app did not stand it: with how little would it still fail? */
static void look_for_fewest(struct prove *prove) {
	struct chaos *chaos = prove->course;
	tell_what_is_left(prove);
	shrink_init(&chaos->shrink, chaos->plan.count);
	next_run(prove);
}

static void on_first_run(struct prove *prove, const struct chaos_result *result) {
	struct chaos *chaos = prove->course;
	chaos->run = NULL;
	chaos->runs = 1;
	chaos->requests += result->requests;
	if (result->problems == 0) {
		chaos->seeds_stood++;
		chaos->faults_stood += chaos->plan.count;
		chaos->stood_none = chaos->stood_none || chaos->plan.count == 0;
		if (chaos->seeds_stood < prove->order->seeds) {
			tell_what_is_left(prove);
		}
		try_seeds(prove);
		return;
	}
	buffer_append_span(&chaos->why, result->first);
	if (result->gone || prove->order->shrink_runs == 0 || chaos->plan.count == 0) {
		end_failed(prove);
	} else {
		look_for_fewest(prove);
	}
}

/* --- the plan --- */

static void tell_plan(struct prove *prove) {
	struct chaos *chaos = prove->course;
	size_t counts[MISCHIEF_COUNT] = {0};
	struct buffer words = {0};
	char name[32] = "plan";
	for (size_t i = 0; i < chaos->plan.count; i++) {
		counts[chaos->plan.faults[i].mischief]++;
	}
	for (int i = 0; i < MISCHIEF_COUNT; i++) {
		if (counts[i] > 0) {
			buffer_printf(&words, "%s%zu %s", words.len > 0 ? ", " : "", counts[i],
				mischief_name((enum mischief)i));
		}
	}
	if (prove->order->seeds > 1) {
		snprintf(name, sizeof name, "seed %" PRIu64, chaos->seed);
	}
	prove_find(prove, PROVE_TOLD, name, "%zu events, %zu faults%s%s%s", chaos->count,
		chaos->plan.count, words.len > 0 ? " (" : "", buffer_text(&words),
		words.len > 0 ? ")" : "");
	buffer_clear(&words);
}

static void run_plan(struct prove *prove) {
	struct chaos *chaos = prove->course;
	tell_plan(prove);
	chaos->run = chaos_run_begin(
		prove, &chaos->plan, NULL, chaos->events, chaos->ids, chaos->count, true, on_first_run);
}

/* From the smallest up, until one fails: what it makes is the plan. */
static void try_seeds(struct prove *prove) {
	struct chaos *chaos = prove->course;
	const struct prove_order *order = prove->order;
	for (; chaos->seeds_stood < order->seeds; chaos->seeds_stood++) {
		chaos->seed = order->seed + chaos->seeds_stood;
		chaos_plan_clear(&chaos->plan);
		chaos_plan_roll(&chaos->plan, chaos->events, chaos->count, order->rates, chaos->seed);
		if (chaos->plan.count > 0 || !chaos->stood_none) {
			run_plan(prove);
			return;
		}
	}
	end_proven(prove);
}

static void carry_out(struct prove *prove) {
	struct chaos *chaos = prove->course;
	const struct prove_order *order = prove->order;
	struct error err = {0};
	if (chaos->count == 0) {
		error_set(&err, ERROR_NO, "no event matches");
		prove_fail(prove, &err);
	} else if (!order->faults) {
		try_seeds(prove);
	} else if (!chaos_plan_read(
				   &chaos->plan, chaos->events, chaos->count, span_text(order->faults), &err)) {
		prove_fail(prove, &err);
	} else {
		run_plan(prove);
	}
}

/* --- the events --- */

static void look_up(struct prove *prove);

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct prove *prove = data;
	struct chaos *chaos = prove->course;
	struct buffer ref = {0};
	(void)bytes;
	if (chaos->count == PROVE_EVENTS_MAX) {
		return;
	}
	event_append_ref(&ref, event->endpoint, event->seq);
	chaos->events = alloc_resize(chaos->events, (chaos->count + 1) * sizeof *chaos->events);
	chaos->ids = alloc_resize(chaos->ids, (chaos->count + 1) * sizeof *chaos->ids);
	chaos->events[chaos->count] =
		(struct chaos_event){{alloc_text(ref.data, ref.len), ref.len}, event->body_len};
	chaos->ids[chaos->count++] = event->id;
	buffer_clear(&ref);
}

static void on_looked(void *data, const struct error *err) {
	struct prove *prove = data;
	struct chaos *chaos = prove->course;
	chaos->looking = 0;
	if (err) {
		prove_fail(prove, err);
		return;
	}
	chaos->next_ref++;
	look_up(prove);
}

static void look_up(struct prove *prove) {
	struct chaos *chaos = prove->course;
	struct client_receiver receiver = {.event = on_event, .done = on_looked, .data = prove};
	struct event_ref ref;
	struct error err = {0};
	if (prove->order->filter && chaos->next_ref == 0) {
		struct client_query query = {
			.filter = span_text(prove->order->filter), .limit = prove->order->limit};
		chaos->looking = client_list(prove->client, &query, &receiver);
	} else if (prove->order->filter || chaos->next_ref == prove->order->ref_count) {
		carry_out(prove);
	} else if (!event_ref_parse(&ref, span_text(prove->order->refs[chaos->next_ref]), &err)) {
		prove_fail(prove, &err);
	} else {
		chaos->looking = client_get(prove->client, &ref, &receiver);
	}
}

static void begin(struct prove *prove) {
	prove->course = alloc_zero(1, sizeof(struct chaos));
	look_up(prove);
}

static void clear(struct prove *prove) {
	struct chaos *chaos = prove->course;
	if (!chaos) {
		return;
	}
	if (chaos->looking) {
		client_cancel(prove->client, chaos->looking);
	}
	for (size_t i = 0; i < chaos->count; i++) {
		free((char *)(uintptr_t)chaos->events[i].ref.data);
	}
	free(chaos->events);
	free(chaos->ids);
	free(chaos->names);
	chaos_run_free(chaos->run);
	chaos_plan_clear(&chaos->plan);
	shrink_clear(&chaos->shrink);
	buffer_clear(&chaos->why);
	buffer_clear(&chaos->kept);
	free(chaos);
}

const struct prove_kind_ops prove_chaos = {false, begin, clear};
