/* Replays, many at once. */
#include "tui/app_parts.h"

bool app_target(const struct app *app, struct target *target, const char *text, struct error *err) {
	if (!target_parse(target, text, app->options.deliver->anywhere, err)) {
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

static void on_begun(void *data, const struct event *event) {
	app_tell(data, &(struct msg){.type = MSG_REPLAY_BEGUN, .id = &event->id});
}

static void on_ended(void *data, const struct replayed *replayed, const struct error *err) {
	app_tell(data, &(struct msg){.type = MSG_REPLAYED,
					   .id = &replayed->ref->id,
					   .attempt = replayed->attempt,
					   .error = err});
}

static bool start(
	struct app *app, const struct uuid *id, const char *text, bool as_received, struct error *err) {
	static const struct replayer_events events = {on_begun, NULL, on_ended};
	struct target target = {0};
	struct event_ref ref = {.by_id = true, .id = *id};
	if (!app->replayer) {
		app->replayer =
			replayer_new(app->loop, app->client, app->options.deliver, &events, app, err);
	}
	if (!app->replayer || !app_target(app, &target, text, err)) {
		return false;
	}
	bool ok = replayer_add(app->replayer, &ref, &target, as_received, err);
	target_clear(&target);
	return ok;
}

void app_replay(struct app *app, const struct uuid *id, const char *target, bool as_received) {
	struct error err = {0};
	if (!start(app, id, target, as_received, &err)) {
		app_tell(app, &(struct msg){.type = MSG_REPLAYED, .id = id, .error = &err});
	}
}
