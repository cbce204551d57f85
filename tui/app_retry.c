/* What failed is tried again: the policy, and what is asked for on the screen. */
#include <string.h>

#include "common/moment.h"
#include "common/signature/provider.h"
#include "tui/app_parts.h"
#include "tui/retry_ask.h"

static void on_changed(void *data, const struct retry *retry, struct span over) {
	app_tell(data, &(struct msg){.type = MSG_RETRY, .retry = retry, .text = over});
}

/* Attempts that are kept come with all others. */
static void on_attempted(void *data, const struct attempt *attempt, const struct error *err) {
	struct app *app = data;
	if (err) {
		struct error told = *err;
		error_prefix(&told, "the attempt at %.*s#%lld is not kept", (int)attempt->endpoint.len,
			attempt->endpoint.data, (long long)attempt->event_seq);
		app_note_error(app, &told);
	}
}

static void on_trouble(void *data, const struct error *err) {
	app_note_error(data, err);
}

void app_retry_begin(struct app *app, struct catalogue *catalogue) {
	static const struct retrier_events events = {
		.changed = on_changed, .attempted = on_attempted, .trouble = on_trouble};
	app->retrier =
		retrier_new(app->loop, app->client, app->options.deliver, catalogue, &events, app);
	schedule_policy_parse(&app->retry, span_text("none"), NULL);
}

void app_retry_use(struct app *app, struct forward *forward) {
	retrier_use(app->retrier, forward, &app->retry);
}

void app_retry_policy(struct app *app, struct span text) {
	struct schedule_policy policy;
	struct error err = {0};
	if (!schedule_policy_parse(&policy, text, &err)) {
		app_tell(app, &(struct msg){.type = MSG_RETRY_POLICY, .error = &err});
		return;
	}
	struct buffer canonical = {0};
	app->retry = policy;
	app_retry_use(app, app_forward_in_force(app));
	schedule_policy_append(&canonical, &policy);
	app_tell(app, &(struct msg){.type = MSG_RETRY_POLICY, .text = buffer_span(&canonical)});
	buffer_clear(&canonical);
}

static void on_asked(void *data, const struct cJSON *answer, const struct error *err) {
	(void)answer;
	if (err) {
		app_note_error(data, err);
	}
}

static void cancel(struct app *app, const struct retry *retry) {
	struct buffer reason = {0};
	buffer_printf(&reason, "cancelled by %s", app->options.who);
	retry_ask_remove(app->client, retry, "", buffer_span(&reason), on_asked, app);
	buffer_clear(&reason);
}

void app_retry(
	struct app *app, const struct uuid *event, struct span target, enum retry_verb verb) {
	const struct retry retry = {.event = *event, .target = target};
	int64_t now_ns = app_now_ms() * MOMENT_NS_PER_MS;
	switch (verb) {
	case RETRY_NOW:
		retry_ask_change(app->client, &retry, 0, now_ns, on_asked, app);
		break;
	case RETRY_PAUSE:
	case RETRY_RESUME:
		retry_ask_change(app->client, &retry, verb == RETRY_PAUSE, 0, on_asked, app);
		break;
	case RETRY_CANCEL:
		cancel(app, &retry);
		break;
	}
}
