/* Both of the events that are to be compared, one after the other: first the new one. */
#include "tui/app_parts.h"
#include "tui/diff/side.h"

static void get(struct app *app);

static struct msg_bytes bytes_of(const struct client_bytes *bytes) {
	return (struct msg_bytes){
		.head = bytes->head, .body = bytes->body, .trailers = bytes->trailers};
}

static void finish(struct app *app, const struct error *err) {
	app->diff.request = 0;
	app_tell(app, &(struct msg){.type = MSG_DIFF_DONE, .error = err});
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct app *app = data;
	const struct msg_bytes told = bytes_of(bytes);
	app_tell(
		app, &(struct msg){
				 .type = MSG_DIFF_EVENT, .number = app->diff.side, .event = event, .bytes = &told});
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct app *app = data;
	const struct msg_bytes told = bytes_of(bytes);
	app_tell(app, &(struct msg){.type = MSG_DIFF_ATTEMPT,
					  .number = app->diff.side,
					  .attempt = attempt,
					  .bytes = &told});
}

static void on_good(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct app *app = data;
	(void)bytes;
	app->diff.refs[0] = (struct event_ref){.by_id = true, .id = event->id};
	app->diff.known = true;
}

static void on_good_done(void *data, const struct error *err) {
	struct app *app = data;
	struct error none = {0};
	if (!err && !app->diff.known) {
		error_set(&none, ERROR_NO,
			"No event like it went well before it: of its endpoint and type, rightly signed, and "
			"answered 2xx by the app. Select one with Space, and press d on the other.");
		err = &none;
	}
	if (err) {
		finish(app, err);
	} else {
		get(app);
	}
}

static void on_done(void *data, const struct error *err) {
	struct app *app = data;
	if (err || app->diff.side == 0) {
		finish(app, err);
		return;
	}
	app->diff.side = 0;
	if (app->diff.known) {
		get(app);
		return;
	}
	struct client_query query = {.filter = buffer_span(&app->diff.filter),
		.newest_first = true,
		.beyond = app->diff.beyond,
		.limit = 1};
	struct client_receiver receiver = {.event = on_good, .done = on_good_done, .data = app};
	app->diff.request = client_list(app->client, &query, &receiver);
}

static void get(struct app *app) {
	struct client_receiver receiver = {
		.event = on_event, .attempt = on_attempt, .done = on_done, .data = app};
	app->diff.request = client_get(app->client, &app->diff.refs[app->diff.side], &receiver);
}

void app_diff(struct app *app, const struct effect *effect) {
	struct app_diff *diff = &app->diff;
	struct error err = {0};
	app_diff_clear(app);
	buffer_append_span(&diff->text, buffer_span(&effect->text));
	buffer_append_span(&diff->filter, buffer_span(&effect->filter));
	diff->known = diff->text.len > 0;
	diff->beyond = effect->beyond;
	diff->side = 1;
	diff->refs[1] = (struct event_ref){.by_id = true, .id = effect->id};
	if (diff->known && !event_ref_parse(&diff->refs[0], buffer_span(&diff->text), &err)) {
		finish(app, &err);
	} else {
		get(app);
	}
}

void app_diff_clear(struct app *app) {
	client_cancel(app->client, app->diff.request);
	buffer_clear(&app->diff.text);
	buffer_clear(&app->diff.filter);
	app->diff = (struct app_diff){0};
}
