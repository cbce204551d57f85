/* Replays: of one event at once, of many by a plan. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/app_parts.h"
#include "tui/bulk.h"
#include "tui/bulk_files.h"

/* A replay of many. One that is over may still wait for the relay to keep its last attempts. */
struct bulk_run {
	struct bulk_run *next;
	struct app *app;
	struct bulk *bulk;
	char host[256]; /* to be typed before it runs */
};

static bool parse_target(const struct app *app, struct target *target, const char *text,
	bool anywhere, struct error *err) {
	if (!target_parse(target, text, anywhere, err)) {
		return false;
	}
	if (target_leads_to(target, span_text(app->ingest_url))) {
		error_set(err, ERROR_USAGE, "%s is the relay's own port for webhooks: that would be a loop",
			target->url);
		target_clear(target);
		return false;
	}
	return true;
}

bool app_target(const struct app *app, struct target *target, const char *text, struct error *err) {
	return parse_target(app, target, text, app->options.deliver->anywhere, err);
}

/* --- of one event --- */

static void on_waits(void *data, const struct event_ref *ref) {
	app_tell(data, &(struct msg){.type = MSG_REPLAY_WAITS, .id = &ref->id});
}

static void on_begun(void *data, const struct event *event) {
	app_tell(data, &(struct msg){.type = MSG_REPLAY_BEGUN, .id = &event->id});
}

static void on_ended(void *data, const struct replayed *replayed, const struct error *err) {
	app_tell(data, &(struct msg){.type = MSG_REPLAYED,
					   .id = &replayed->ref->id,
					   .attempt = replayed->attempt,
					   .error = err});
}

static bool is_forwarded(void *data, const struct uuid *event, const char *target_url) {
	return app_is_forwarding(data, event, target_url);
}

/* Those to other machines have one of their own: only it connects there. */
static struct replayer *replayer_for(struct app *app, bool elsewhere, struct error *err) {
	static const struct replayer_events events = {
		.waits = on_waits, .begun = on_begun, .ended = on_ended};
	struct deliver_options options = *app->options.deliver;
	options.anywhere = elsewhere;
	if (!app->replayers[elsewhere]) {
		app->replayers[elsewhere] =
			replayer_new(app->loop, app->client, &options, &events, app, err);
		if (app->replayers[elsewhere]) {
			replayer_wait_while(app->replayers[elsewhere], is_forwarded, app);
		}
	}
	return app->replayers[elsewhere];
}

static bool start(struct app *app, const struct uuid *id, const char *text, bool as_received,
	bool elsewhere, struct error *err) {
	struct target target = {0};
	struct event_ref ref = {.by_id = true, .id = *id};
	struct replayer *replayer = replayer_for(app, elsewhere, err);
	if (!replayer || !parse_target(app, &target, text, elsewhere, err)) {
		return false;
	}
	bool ok = replayer_add(replayer, &ref, &target, as_received, err);
	target_clear(&target);
	return ok;
}

void app_replay(struct app *app, const struct uuid *id, const char *target, bool as_received) {
	struct error err = {0};
	struct buffer host = {0};
	bool ok = bulk_host_to_confirm(&host, target, &err);
	bool elsewhere = host.len > 0;
	if (ok && elsewhere && !span_is(buffer_span(&host), app->confirmed_host)) {
		app_tell(app, &(struct msg){.type = MSG_REPLAY_ELSEWHERE, .id = id});
	} else if (!ok || !start(app, id, target, as_received, elsewhere, &err)) {
		app_tell(app, &(struct msg){.type = MSG_REPLAYED, .id = id, .error = &err});
	}
	buffer_clear(&host);
}

/* --- of many --- */

static bool in_force(const struct bulk_run *run) {
	return run->app->bulk == run;
}

static void tell(struct bulk_run *run, enum msg_type type, const struct error *err) {
	const char *folder = bulk_folder(run->bulk);
	const struct msg_bulk told = {.plan = bulk_plan_of(run->bulk),
		.report = bulk_report_of(run->bulk),
		.settings = bulk_settings_of(run->bulk),
		.target = bulk_target(run->bulk),
		.open = bulk_open(run->bulk)};
	struct span text = span_text(type == MSG_BULK_PLANNED ? run->host : folder ? folder : "");
	if (in_force(run)) {
		app_tell(run->app, &(struct msg){.type = type, .bulk = &told, .text = text, .error = err});
	}
}

static void on_counted(void *data, int64_t count) {
	struct bulk_run *run = data;
	if (in_force(run)) {
		app_tell(run->app, &(struct msg){.type = MSG_BULK_COUNTED, .number = count});
	}
}

static void on_planned(void *data, const struct error *err) {
	tell(data, MSG_BULK_PLANNED, err);
}

static void on_bulk_waits(void *data, const struct event_ref *ref) {
	const struct bulk_run *run = data;
	if (in_force(run)) {
		app_tell(run->app, &(struct msg){.type = MSG_REPLAY_WAITS, .id = &ref->id});
	}
}

static void on_bulk_begun(void *data, const struct event *event) {
	(void)event;
	tell(data, MSG_BULK_PROGRESS, NULL);
}

static void on_bulk_ended(void *data, const struct replayed *replayed, const struct error *err) {
	(void)replayed;
	(void)err;
	tell(data, MSG_BULK_PROGRESS, NULL);
}

static void on_away(void *data, const struct error *why) {
	tell(data, MSG_BULK_AWAY, why);
}

static bool is_busy(void *data, const struct uuid *event, const char *target_url) {
	struct bulk_run *run = data;
	return app_is_forwarding(run->app, event, target_url);
}

static void on_over(void *data) {
	tell(data, MSG_BULK_OVER, NULL);
}

static void run_free(struct bulk_run *run) {
	struct bulk_run **at = &run->app->bulks;
	while (*at != run) {
		at = &(*at)->next;
	}
	*at = run->next;
	bulk_free(run->bulk);
	free(run);
}

/* What is still under way of it ends; only then, or with the screen, it goes. */
void app_bulk_drop(struct app *app) {
	struct bulk_run *run = app->bulk;
	app->bulk = NULL;
	if (run && bulk_open(run->bulk) == 0) {
		run_free(run);
	}
}

static const struct bulk_events bulk_told = {.counted = on_counted,
	.planned = on_planned,
	.waits = on_bulk_waits,
	.begun = on_bulk_begun,
	.ended = on_bulk_ended,
	.away = on_away,
	.over = on_over,
	.busy = is_busy};

static bool make(
	struct bulk_run *run, const struct effect *effect, const char *target, struct error *err) {
	struct app *app = run->app;
	size_t count = effect->body.len / sizeof(struct uuid);
	struct event_ref *named = alloc_zero(count, sizeof *named);
	for (size_t i = 0; i < count; i++) {
		named[i].by_id = true;
		memcpy(&named[i].id, effect->body.data + i * sizeof(struct uuid), sizeof(struct uuid));
	}
	struct bulk_options options = {.settings = effect->bulk,
		.deliver = *app->options.deliver,
		.target = target,
		.filter = buffer_span(&effect->filter),
		.named = named,
		.named_count = count,
		.store = span_text(app->store_id),
		.keep = true};
	options.deliver.anywhere = run->host[0] != '\0';
	run->bulk = bulk_new(app->loop, app->client, &options, &bulk_told, run, err);
	free(named);
	return run->bulk != NULL;
}

/* Whether it may be a target at all, and what has to be typed for it. */
static bool check_target(struct bulk_run *run, const char *text, struct error *err) {
	struct buffer host = {0};
	struct target target = {0};
	bool ok =
		bulk_host_to_confirm(&host, text, err) && parse_target(run->app, &target, text, true, err);
	snprintf(run->host, sizeof run->host, "%s", buffer_text(&host));
	buffer_clear(&host);
	target_clear(&target);
	return ok;
}

/* Instead of the one before. */
static struct bulk_run *run_new(struct app *app) {
	app_bulk_drop(app);
	struct bulk_run *run = alloc_zero(1, sizeof *run);
	run->app = app;
	run->next = app->bulks;
	app->bulks = app->bulk = run;
	return run;
}

static void count_it(struct bulk_run *run, bool ok, const struct error *err) {
	struct app *app = run->app;
	if (ok) {
		bulk_count(run->bulk);
		return;
	}
	app->bulk = NULL;
	run_free(run);
	app_tell(app, &(struct msg){.type = MSG_BULK_PLANNED, .error = err});
}

void app_bulk_plan(struct app *app, struct effect *effect) {
	struct error err = {0};
	const char *target = buffer_text(&effect->text);
	struct bulk_run *run = run_new(app);
	bool ok = check_target(run, target, &err) && make(run, effect, target, &err);
	count_it(run, ok, &err);
}

/* The one that `hookline replay --resume` would go on with, when it is of this relay and nobody is at it. */
void app_bulk_find(struct app *app) {
	struct bulk_record record = {0};
	struct error err = {0};
	struct bulk_files *files = bulk_files_open((struct span){0}, &record, &err);
	if (files && span_is(span_text(app->store_id), record.store)) {
		app_tell(app, &(struct msg){.type = MSG_BULK_FOUND,
						  .text = span_text(record.id),
						  .target = span_text(record.target),
						  .number = record.made_at_ns / 1000000});
	}
	bulk_files_free(files);
	bulk_record_clear(&record);
}

/* The host of another machine was typed when it was begun. */
void app_bulk_resume(struct app *app, struct effect *effect) {
	struct error err = {0};
	struct target target = {0};
	struct bulk_run *run = run_new(app);
	const struct bulk_options options = {
		.deliver = *app->options.deliver, .store = span_text(app->store_id), .keep = true};
	run->bulk = bulk_resume(
		app->loop, app->client, buffer_span(&effect->text), &options, &bulk_told, run, &err);
	bool ok = run->bulk && parse_target(app, &target, bulk_target(run->bulk), true, &err);
	target_clear(&target);
	count_it(run, ok, &err);
}

void app_bulk_run(struct app *app, struct effect *effect) {
	struct error err = {0};
	if (!app->bulk) {
		return;
	}
	if (effect->text.len > 0) {
		snprintf(app->confirmed_host, sizeof app->confirmed_host, "%s", buffer_text(&effect->text));
	}
	bulk_set(app->bulk->bulk, &effect->bulk);
	if (effect->flag) {
		bulk_send_maybe(app->bulk->bulk);
	}
	if (!bulk_run(app->bulk->bulk, &err)) {
		tell(app->bulk, MSG_BULK_OVER, &err);
	}
}

void app_bulk_pause(struct app *app, bool paused) {
	if (app->bulk) {
		bulk_pause(app->bulk->bulk, paused);
	}
}

void app_bulk_stop(struct app *app) {
	if (app->bulk) {
		bulk_stop(app->bulk->bulk);
	}
}

void app_bulk_link(struct app *app, const struct error *down) {
	for (struct bulk_run *run = app->bulks; run; run = run->next) {
		if (down) {
			bulk_link_down(run->bulk, down);
		} else {
			bulk_link_up(run->bulk);
		}
	}
}

void app_replay_clear(struct app *app) {
	app->bulk = NULL;
	while (app->bulks) {
		run_free(app->bulks);
	}
	replayer_free(app->replayers[0]);
	replayer_free(app->replayers[1]);
}
