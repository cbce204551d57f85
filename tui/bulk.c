#include "tui/bulk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "tui/bulk_parts.h"

static int64_t now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t now_us(void) {
	return (int64_t)(uv_hrtime() / 1000);
}

/* --- the end --- */

static void tell_over(struct bulk *bulk) {
	struct bulk_report *report = &bulk->report;
	struct error err = {0};
	if (bulk->files) {
		bulk_files_forget_ahead(bulk->files);
	}
	bulk->state = BULK_OVER;
	uv_timer_stop(bulk->pace);
	uv_timer_stop(bulk->patience);
	report->took_ms = (now_us() - (int64_t)bulk->began_us) / 1000;
	report->end = report->end == BULK_UNDER_WAY ? BULK_COMPLETE : report->end;
	if (bulk->files &&
		!bulk_files_report(bulk->files, report, report->end == BULK_COMPLETE, &err) &&
		!report->why) {
		report->why = alloc_text(err.text, strlen(err.text));
	}
	bulk->events.over(bulk->data);
}

void bulk_end_with(struct bulk *bulk, enum bulk_end end, const char *why) {
	if (bulk->state != BULK_RUNNING && bulk->state != BULK_STOPPING) {
		return;
	}
	if (bulk->state == BULK_RUNNING) {
		bulk->report.end = end;
		bulk->report.why = why ? alloc_text(why, strlen(why)) : NULL;
	}
	bulk->state = BULK_STOPPING;
	uv_timer_stop(bulk->pace);
}

/* Not the relay's doing: the disk, or too much of something. */
static void cut_off_here(struct bulk *bulk, const struct error *err) {
	bulk->report.here = bulk->state == BULK_RUNNING;
	bulk_end_with(bulk, BULK_CUT_OFF, err->text);
}

static void end_if_through(struct bulk *bulk) {
	bool all = bulk->state == BULK_RUNNING && bulk->again_count == 0 &&
	           bulk->unanswered_count == 0 && bulk_source_ended(bulk->source);
	bool open = replayer_open(bulk->replayer) > 0;
	if ((all && !open) || (bulk->state == BULK_STOPPING && (!open || bulk->away))) {
		tell_over(bulk);
	}
}

static void on_patience(uv_timer_t *timer) {
	struct bulk *bulk = timer->data;
	bulk_end_with(bulk, BULK_CUT_OFF, "the relay did not come back");
	end_if_through(bulk);
}

/* --- one event --- */

bool bulk_is_maybe(const struct bulk *bulk, const struct uuid *id) {
	for (size_t i = 0; i < bulk->maybe_count; i++) {
		if (uuid_equal(&bulk->maybe[i], id)) {
			return true;
		}
	}
	return false;
}

/* What becomes of it, as far as the list tells. */
enum bulk_choice bulk_choice_of(const struct bulk *bulk, const struct event *event) {
	const struct bulk_facts facts = {.delivered_at = event->delivered_at,
		.answered_at = event->answered_at,
		.maybe = !bulk->send_maybe && bulk_is_maybe(bulk, &event->id)};
	return bulk_choose(&bulk->record.settings, &facts, bulk->record.since);
}

static void skip(struct bulk *bulk, const struct event *event, enum bulk_choice choice) {
	struct buffer ref = {0};
	event_append_ref(&ref, event->endpoint, event->seq);
	bulk_report_take_skipped(&bulk->report, choice, buffer_span(&ref));
	buffer_clear(&ref);
}

/* Of what was not answered before the run was cut off: once more, unless somebody has tried it meanwhile. */
static bool is_wanted_again(const struct bulk *bulk, const struct replayer_seen *seen) {
	const struct bulk_facts facts = {
		.delivered_at = seen->delivered_at, .answered_at = seen->answered_at};
	return seen->tried_at <= bulk->newest &&
	       bulk_choose(&bulk->record.settings, &facts, bulk->record.since) == BULK_SEND;
}

static bool is_wanted(
	struct bulk *bulk, const struct event *event, const struct replayer_seen *seen) {
	const struct bulk_facts facts = {
		.delivered_at = seen->delivered_at, .answered_at = seen->answered_at};
	enum bulk_choice choice = bulk_choose(&bulk->record.settings, &facts, bulk->record.since);
	if (choice != BULK_SEND) {
		skip(bulk, event, choice);
	}
	return choice == BULK_SEND;
}

/* Whether it is on the disk that it may be sent; else it will be, or `err`. */
static enum replayer_word word_once_noted(
	struct bulk *bulk, const struct uuid *id, struct error *err) {
	bool noted = bulk_files_written_at(bulk->files, id) > 0;
	bool flushed = bulk_flush_has(bulk->flush, id);
	if ((flushed || !noted) && !bulk_files_sending(bulk->files, id, err)) {
		return REPLAYER_LEAVE;
	}
	if (!noted) {
		bulk_flush_ask(bulk->flush);
	}
	return flushed ? REPLAYER_SEND : REPLAYER_HOLD;
}

/* Begun one by one, they may all become ready at once: behind a relay that was busy, say. A rate is one of requests. */
static bool may_go_out(struct bulk *bulk, const struct event *event) {
	const struct bulk_pace *pace = &bulk->record.settings.pace;
	return pace->spacing != BULK_RATE || bulk_is_due(bulk, &bulk->sent, event->received_at_ns);
}

/* The last word, with what the relay knows right now. */
static enum replayer_word on_wanted(
	void *data, const struct event *event, const struct replayer_seen *seen) {
	struct bulk *bulk = data;
	struct error err = {0};
	if (bulk->state != BULK_RUNNING ||
		!(bulk->at_unanswered ? is_wanted_again(bulk, seen) : is_wanted(bulk, event, seen))) {
		return REPLAYER_LEAVE;
	}
	if (!may_go_out(bulk, event)) {
		return REPLAYER_HOLD;
	}
	enum replayer_word word = bulk->files ? word_once_noted(bulk, &event->id, &err) : REPLAYER_SEND;
	if (word == REPLAYER_LEAVE) {
		cut_off_here(bulk, &err);
	} else if (word == REPLAYER_SEND) {
		bulk_clock_started(
			&bulk->sent, &bulk->record.settings.pace, event->received_at_ns, now_us());
	}
	return word;
}

static void on_flushed(void *data, const struct error *err) {
	struct bulk *bulk = data;
	if (err) {
		cut_off_here(bulk, err);
	}
	replayer_ask_again(bulk->replayer);
	end_if_through(bulk);
}

static void on_waits(void *data, const struct event_ref *ref) {
	struct bulk *bulk = data;
	if (bulk->events.waits) {
		bulk->events.waits(bulk->data, ref);
	}
}

static void on_begun(void *data, const struct event *event) {
	struct bulk *bulk = data;
	if (bulk->events.begun) {
		bulk->events.begun(bulk->data, event);
	}
}

static void on_delivered(void *data, const struct delivery *delivery) {
	struct bulk *bulk = data;
	struct error err = {0};
	if (bulk->files && !bulk_files_answered(bulk->files, &delivery->attempt, &err)) {
		cut_off_here(bulk, &err);
	}
	if (bulk->state == BULK_OVER) {
		return;
	}
	bool good = bulk_report_take_attempt(&bulk->report, &delivery->attempt, delivery->connected);
	if (!good && bulk->record.settings.stop_on_failure) {
		bulk_end_with(bulk, BULK_FIRST_FAILURE, NULL);
	}
	if (bulk->events.delivered) {
		bulk->events.delivered(bulk->data, delivery);
	}
}

static void append_ref(struct buffer *out, const struct event_ref *ref) {
	if (ref->by_id) {
		char id[UUID_TEXT_LEN + 1];
		uuid_format(&ref->id, id);
		buffer_append_text(out, id);
	} else {
		event_append_ref(out, ref->endpoint, ref->seq);
	}
}

void bulk_take_missing(struct bulk *bulk, const struct event_ref *ref, const struct error *err) {
	struct buffer text = {0};
	append_ref(&text, ref);
	bulk_report_take_missing(&bulk->report, buffer_span(&text), err->text);
	buffer_clear(&text);
}

/* Nothing of it was sent: once the relay is back it is asked for again. */
static void try_later(struct bulk *bulk, const struct uuid *id, const struct error *err) {
	bulk->again = alloc_resize(bulk->again, (bulk->again_count + 1) * sizeof *bulk->again);
	bulk->again[bulk->again_count++] = *id;
	bulk_link_down(bulk, err);
}

static void on_ended(void *data, const struct replayed *replayed, const struct error *err) {
	struct bulk *bulk = data;
	/* no: the event was removed meanwhile, and nobody will ask for its attempt */
	bool done = replayed->attempt && (!err || err->code == ERROR_NO);
	if (done && bulk->files) {
		bulk_files_settled(bulk->files, &replayed->ref->id, err || replayed->attempt->status > 0);
	} else if (!replayed->attempt && bulk->files &&
			   bulk_files_written_at(bulk->files, &replayed->ref->id) > 0) {
		bulk_files_unsent(bulk->files, &replayed->ref->id);
	}
	if (bulk->state == BULK_OVER) {
		return; /* the relay came back after all */
	}
	if (err && replayed->attempt && !done) {
		bulk_end_with(bulk, BULK_CUT_OFF, err->text);
	} else if (err && err->code == ERROR_UNREACHABLE) {
		try_later(bulk, &replayed->ref->id, err);
	} else if (err) {
		bulk_take_missing(bulk, replayed->ref, err);
	}
	if (bulk->events.ended) {
		bulk->events.ended(bulk->data, replayed, err);
	}
	bulk_go_on(bulk);
}

/* --- carrying out --- */

/* Those that come next are written down many at a time: no turn waits for the disk, and few flushes slow it down. */
static void note_ahead(struct bulk *bulk) {
	const struct event *event;
	size_t most = BULK_AHEAD + (size_t)bulk->record.settings.concurrency, noted = 0;
	if (!bulk->files || bulk_files_ahead_count(bulk->files) > most / 2) {
		return;
	}
	for (size_t i = 0; i < most && (event = bulk_source_peek(bulk->source, i)); i++) {
		noted +=
			bulk_choice_of(bulk, event) == BULK_SEND && bulk_files_ahead(bulk->files, &event->id);
	}
	if (noted > 0) {
		bulk_flush_ask(bulk->flush);
	}
}

static bool add(struct bulk *bulk, const struct uuid *id, int64_t received_at_ns) {
	const struct event_ref ref = {.by_id = true, .id = *id};
	struct error err = {0};
	bulk_clock_started(&bulk->clock, &bulk->record.settings.pace, received_at_ns, now_us());
	if (bulk->files && bulk_files_ahead(bulk->files, id)) {
		bulk_flush_ask(bulk->flush); /* it is on the disk by the time it is fetched and signed */
	}
	if (!replayer_add(
			bulk->replayer, &ref, &bulk->target, bulk->record.settings.as_received, &err)) {
		cut_off_here(bulk, &err);
		return false;
	}
	return true;
}

static bool start_again(struct bulk *bulk) {
	if (!bulk_is_due(bulk, &bulk->clock, bulk->clock.last_ns)) {
		return false;
	}
	struct uuid id = bulk->again[--bulk->again_count];
	return add(bulk, &id, bulk->clock.last_ns);
}

/* At the end, when nothing else is under way: what a run before did not get answered, whatever the filter says of it now. */
static bool start_unanswered(struct bulk *bulk) {
	if (bulk->unanswered_count == 0 || !bulk_source_ended(bulk->source) ||
		(!bulk->at_unanswered && replayer_open(bulk->replayer) > 0) ||
		!bulk_is_due(bulk, &bulk->clock, bulk->clock.last_ns)) {
		return false;
	}
	bulk->at_unanswered = true;
	return add(bulk, &bulk->unanswered[--bulk->unanswered_count], bulk->clock.last_ns);
}

/* False: there is nothing to be begun now. */
static bool start_next(struct bulk *bulk) {
	if (bulk->again_count > 0) {
		return start_again(bulk);
	}
	const struct event *event = bulk_source_next(bulk->source);
	if (!event) {
		return start_unanswered(bulk);
	}
	enum bulk_choice choice = bulk_choice_of(bulk, event);
	if (choice != BULK_SEND) {
		if (bulk->files) {
			bulk_files_not_ahead(bulk->files, &event->id);
		}
		skip(bulk, event, choice);
	} else if (!bulk_is_due(bulk, &bulk->clock, event->received_at_ns) ||
			   !add(bulk, &event->id, event->received_at_ns)) {
		return false;
	}
	bulk_source_pass(bulk->source);
	return true;
}

void bulk_go_on(struct bulk *bulk) {
	if (bulk->busy || (bulk->state != BULK_RUNNING && bulk->state != BULK_STOPPING)) {
		return; /* whoever does it already goes on */
	}
	bulk->busy = true;
	if (bulk->state == BULK_RUNNING && !bulk->away) {
		note_ahead(bulk);
	}
	while (bulk->state == BULK_RUNNING && !bulk->paused && !bulk->away &&
		   replayer_open(bulk->replayer) < (size_t)bulk->record.settings.concurrency &&
		   start_next(bulk)) {
	}
	bulk->busy = false;
	end_if_through(bulk);
}

/* --- for whoever has it --- */

void bulk_set(struct bulk *bulk, const struct bulk_settings *settings) {
	enum bulk_order order = bulk->record.settings.order;
	bulk->record.settings = *settings;
	bulk->record.settings.order = order;
	bulk->report.planned = bulk_plan_to_send(&bulk->plan, settings);
}

void bulk_send_maybe(struct bulk *bulk) {
	bulk->send_maybe = true;
	bulk->report.planned += bulk->plan.maybe;
}

/* What was named is remembered by its ids. */
static bool remember(struct bulk *bulk, struct error *err) {
	size_t count;
	const struct event *const *named = bulk_source_named(bulk->source, &count);
	free(bulk->record.named);
	bulk->record.named = alloc_zero(count, sizeof *bulk->record.named);
	bulk->record.named_count = count;
	for (size_t i = 0; i < count; i++) {
		bulk->record.named[i] = named[i]->id;
	}
	bulk->record.made_at_ns = now_ns();
	bulk->files = bulk_files_make(&bulk->record, err);
	return bulk->files || error_prefix(err, "remember the replay");
}

bool bulk_run(struct bulk *bulk, struct error *err) {
	static const struct replayer_events events = {
		.waits = on_waits, .begun = on_begun, .delivered = on_delivered, .ended = on_ended};
	if (bulk->keep && !bulk->files && !remember(bulk, err)) {
		return false;
	}
	bulk->deliver.concurrency = bulk->record.settings.concurrency;
	bulk->replayer = replayer_new(bulk->loop, bulk->client, &bulk->deliver, &events, bulk, err);
	if (!bulk->replayer) {
		return false;
	}
	replayer_ask_first(bulk->replayer, on_wanted);
	replayer_wait_while(bulk->replayer, bulk->events.busy, bulk->data);
	if (bulk->files) {
		bulk->flush = bulk_flush_new(bulk->loop, bulk->files, on_flushed, bulk);
	}
	snprintf(bulk->report.id, sizeof bulk->report.id, "%s", bulk->record.id);
	bulk->report.settings = bulk->record.settings;
	bulk->report.target = alloc_text(bulk->target.url, strlen(bulk->target.url));
	bulk->report.began_at_ns = now_ns();
	bulk->began_us = (uint64_t)now_us();
	bulk->state = BULK_RUNNING;
	bulk_source_rewind(bulk->source);
	bulk_wake_in(bulk, 0);
	return true;
}

void bulk_pause(struct bulk *bulk, bool paused) {
	bulk->paused = paused;
	bulk_go_on(bulk);
}

void bulk_stop(struct bulk *bulk) {
	bulk_end_with(bulk, BULK_STOPPED, NULL);
	bulk_go_on(bulk);
}

void bulk_link_down(struct bulk *bulk, const struct error *why) {
	if ((bulk->state != BULK_RUNNING && bulk->state != BULK_STOPPING) || bulk->away) {
		return;
	}
	bulk->away = true;
	uv_timer_start(bulk->patience, on_patience, BULK_AWAY_MS, 0);
	if (bulk->events.away) {
		bulk->events.away(bulk->data, why);
	}
}

void bulk_link_up(struct bulk *bulk) {
	if (!bulk->away || bulk->state == BULK_OVER) {
		return;
	}
	bulk->away = false;
	uv_timer_stop(bulk->patience);
	if (bulk->events.away) {
		bulk->events.away(bulk->data, NULL);
	}
	bulk_source_again(bulk->source);
	bulk_go_on(bulk);
}

const struct bulk_plan *bulk_plan_of(const struct bulk *bulk) {
	return &bulk->plan;
}

const struct bulk_settings *bulk_settings_of(const struct bulk *bulk) {
	return &bulk->record.settings;
}

const struct bulk_report *bulk_report_of(const struct bulk *bulk) {
	return &bulk->report;
}

const char *bulk_target(const struct bulk *bulk) {
	return bulk->target.url;
}

const char *bulk_folder(const struct bulk *bulk) {
	return bulk->files ? bulk_files_path(bulk->files) : NULL;
}

size_t bulk_open(const struct bulk *bulk) {
	return bulk->replayer ? replayer_open(bulk->replayer) : 0;
}

bool bulk_host_to_confirm(struct buffer *host, const char *text, struct error *err) {
	struct target target = {0};
	if (target_parse(&target, text, false, NULL)) {
		target_clear(&target);
		return true;
	}
	if (!target_parse(&target, text, true, err)) {
		return false;
	}
	/* an address of IPv6 has colons of its own, in brackets */
	size_t from = target.authority[0] == '[' ? span_find(span_text(target.authority), ']') : 0;
	struct span rest = span_after(span_text(target.authority), from);
	buffer_append(host, target.authority, from + span_find(rest, ':'));
	target_clear(&target);
	return true;
}

/* --- beginning and end --- */

static void timer_closed(uv_handle_t *handle) {
	free(handle);
}

static uv_timer_t *timer_new(struct bulk *bulk) {
	uv_timer_t *timer = alloc_zero(1, sizeof *timer);
	uv_timer_init(bulk->loop, timer);
	timer->data = bulk;
	return timer;
}

static struct bulk *make(uv_loop_t *loop, struct client *client, const struct bulk_options *options,
	const struct bulk_events *events, void *data) {
	struct bulk *bulk = alloc_zero(1, sizeof *bulk);
	bulk->loop = loop;
	bulk->client = client;
	bulk->events = *events;
	bulk->data = data;
	bulk->deliver = options->deliver;
	bulk->keep = options->keep;
	bulk->pace = timer_new(bulk);
	bulk->patience = timer_new(bulk);
	return bulk;
}

static void make_source(struct bulk *bulk, const struct event_ref *named, size_t named_count) {
	const struct bulk_source_options options = {.filter = span_text(bulk->record.filter),
		.endpoint = span_text(bulk->record.endpoint),
		.named = named,
		.named_count = named_count,
		.order = bulk->record.settings.order,
		.target = bulk->target.url};
	bulk->source = bulk_source_new(bulk->client, &options, &bulk_source_told, bulk);
}

struct bulk *bulk_new(uv_loop_t *loop, struct client *client, const struct bulk_options *options,
	const struct bulk_events *events, void *data, struct error *err) {
	struct target target = {0};
	if (!target_parse(&target, options->target, options->deliver.anywhere, err)) {
		return NULL;
	}
	struct bulk *bulk = make(loop, client, options, events, data);
	struct bulk_record *record = &bulk->record;
	bulk->target = target;
	record->settings = options->settings;
	record->store = alloc_text(options->store.data, options->store.len);
	record->target = alloc_text(target.url, strlen(target.url));
	record->filter = alloc_text(options->filter.data, options->filter.len);
	record->endpoint = alloc_text(options->endpoint.data, options->endpoint.len);
	record->elsewhere = options->deliver.anywhere;
	make_source(bulk, options->named, options->named_count);
	return bulk;
}

static bool take_up(struct bulk *bulk, struct span store, struct error *err) {
	struct bulk_record *record = &bulk->record;
	if (!span_is(store, record->store)) {
		return error_set(err, ERROR_NO,
			"replay %s was begun at a relay with another store: its events are not here",
			record->id);
	}
	bulk->deliver.anywhere = record->elsewhere;
	if (!target_parse(&bulk->target, record->target, record->elsewhere, err)) {
		return false;
	}
	struct event_ref *named = alloc_zero(record->named_count, sizeof *named);
	for (size_t i = 0; i < record->named_count; i++) {
		named[i] = (struct event_ref){.by_id = true, .id = record->named[i]};
	}
	make_source(bulk, named, record->named_count);
	free(named);
	return true;
}

struct bulk *bulk_resume(uv_loop_t *loop, struct client *client, struct span id,
	const struct bulk_options *options, const struct bulk_events *events, void *data,
	struct error *err) {
	struct bulk_record record = {0};
	struct bulk_files *files = bulk_files_open(id, &record, err);
	if (!files) {
		return NULL;
	}
	struct bulk *bulk = make(loop, client, options, events, data);
	bulk->record = record;
	bulk->files = files;
	bulk->resumed = true;
	if (!take_up(bulk, options->store, err)) {
		bulk_free(bulk);
		return NULL;
	}
	return bulk;
}

void bulk_free(struct bulk *bulk) {
	if (!bulk) {
		return;
	}
	client_cancel(bulk->client, bulk->looking);
	replayer_free(bulk->replayer);
	bulk_source_free(bulk->source);
	bulk_flush_free(bulk->flush);
	bulk_files_free(bulk->files);
	uv_close((uv_handle_t *)bulk->pace, timer_closed);
	uv_close((uv_handle_t *)bulk->patience, timer_closed);
	target_clear(&bulk->target);
	bulk_record_clear(&bulk->record);
	bulk_report_clear(&bulk->report);
	free(bulk->maybe);
	free(bulk->unanswered);
	free(bulk->again);
	free(bulk);
}
