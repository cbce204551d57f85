/* Events of one's own on the screen: an edit in the person's editor, and samples of providers. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/sample.h"
#include "common/signature/sign_anew.h"
#include "tui/anew.h"
#include "tui/app_parts.h"
#include "tui/edit/editing.h"
#include "tui/maker.h"
#include "tui/send_endpoint.h"

/* The edit under way; one at a time, since there is one terminal. */
struct edit_run {
	struct app *app;
	client_request asked;
	struct event *event;
	struct draft draft;
	struct target target;
	bool as_it_is;
	struct editing *editing;
};

/* A sample on its way: to the relay's port for webhooks, or to an app, as an event the relay keeps. */
struct sample_run {
	struct sample_run *next;
	struct app *app;
	const struct sample *sample;
	bool to_app;
	struct sample_request request;
	char endpoint[ENDPOINT_NAME_LEN + 1];
	struct target target;
};

/* What is made and sent; there from the first time on. */
struct making_desk {
	struct edit_run *edit;
	struct sample_run *samples;
	struct maker *maker;
	struct deliver *to_relay;
};

static void note_answer(struct buffer *text, const struct attempt *attempt) {
	if (attempt->status > 0) {
		buffer_printf(
			text, "%" PRId64 " in %.1f ms", attempt->status, (double)attempt->took_us / 1000);
	} else {
		buffer_append_span(text, attempt->error);
	}
}

/* --- an edit --- */

static void edit_free(struct edit_run *edit) {
	if (edit->app->desk->edit == edit) {
		edit->app->desk->edit = NULL;
	}
	client_cancel(edit->app->client, edit->asked);
	editing_free(edit->editing);
	draft_clear(&edit->draft);
	target_clear(&edit->target);
	free(edit->event);
	free(edit);
}

static void on_made(void *data, const struct made *made, const struct error *err) {
	struct app *app = data;
	struct buffer text = {0};
	if (err) {
		app_note_error(app, err);
		return;
	}
	event_append_ref(&text, made->event->endpoint, made->event->seq);
	buffer_append_byte(&text, ' ');
	event_append_badge(&text, made->event);
	buffer_append_text(&text, ": ");
	if (made->attempt) {
		note_answer(&text, made->attempt);
	}
	app_note(app, buffer_text(&text));
	buffer_clear(&text);
}

static bool open_maker(struct app *app, struct error *err) {
	static const struct maker_events events = {NULL, NULL, on_made};
	if (!app->desk->maker) {
		app->desk->maker =
			maker_new(app->loop, app->client, app->options.deliver, &events, app, err);
	}
	return app->desk->maker != NULL;
}

static void make(struct edit_run *edit) {
	const struct event *event = edit->event;
	const struct maker_order order = {.endpoint = event->endpoint,
		.provider = event->provider,
		.secret = event->secret,
		.head = buffer_span(&edit->draft.head),
		.body = buffer_span(&edit->draft.body),
		.path_offset = draft_path_offset(&edit->draft, event->target, event->path_offset),
		.origin = ORIGIN_EDITED,
		.parent = event->id,
		.as_it_is = edit->as_it_is,
		.target = &edit->target,
		.cause = CAUSE_EDIT};
	maker_make(edit->app->desk->maker, &order);
}

static void on_edited(void *data, const struct draft *edited, const struct error *err) {
	struct edit_run *edit = data;
	struct app *app = edit->app;
	struct error why = err ? *err : (struct error){0};
	term_take_back(app->term);
	if (edited) {
		draft_copy(&edit->draft, edited);
		make(edit);
	}
	edit_free(edit);
	if (why.code == ERROR_NO) {
		app_note(app, why.text);
	} else if (why.code) {
		app_note_error(app, &why);
	}
}

static void open_editor(struct edit_run *edit, struct error *err) {
	struct app *app = edit->app;
	term_lend(app->term);
	edit->editing = editing_begin(app->loop, &edit->draft, edit->event, on_edited, edit, err);
	if (!edit->editing) {
		term_take_back(app->term);
	}
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct edit_run *edit = data;
	edit->event = event_copy(event);
	draft_set(&edit->draft, bytes->head, bytes->body);
}

static void on_got(void *data, const struct error *err) {
	struct edit_run *edit = data;
	struct app *app = edit->app;
	struct error why = {0};
	edit->asked = 0;
	if (err) {
		why = *err;
	} else if (!edit->event) {
		error_set(&why, ERROR_NO, "the relay has said nothing of the event");
	} else if (open_maker(app, &why)) {
		open_editor(edit, &why);
	}
	if (why.code) {
		edit_free(edit);
		app_note_error(app, &why);
	}
}

static struct making_desk *desk_of(struct app *app) {
	if (!app->desk) {
		app->desk = alloc_zero(1, sizeof *app->desk);
	}
	return app->desk;
}

void app_edit(struct app *app, const struct uuid *id, const char *text, bool as_it_is) {
	struct error err = {0};
	struct target target = {0};
	if (desk_of(app)->edit) {
		app_note(app, "an event is being edited already");
		return;
	}
	if (!app_target(app, &target, text, &err)) {
		app_note_error(app, &err);
		return;
	}
	struct edit_run *edit = alloc_zero(1, sizeof *edit);
	*edit = (struct edit_run){.app = app, .target = target, .as_it_is = as_it_is};
	app->desk->edit = edit;
	const struct event_ref ref = {.by_id = true, .id = *id};
	struct client_receiver receiver = {.event = on_event, .done = on_got, .data = edit};
	client_request asked = client_get(app->client, &ref, &receiver);
	if (app->desk->edit == edit) { /* a client that is over says so at once, and it is gone */
		edit->asked = asked;
	}
}

/* --- a sample --- */

static void sample_free(struct sample_run *run) {
	struct sample_run **at = &run->app->desk->samples;
	while (*at != run) {
		at = &(*at)->next;
	}
	*at = run->next;
	sample_request_clear(&run->request);
	target_clear(&run->target);
	free(run);
}

static void sample_failed(struct sample_run *run, const struct error *err) {
	struct app *app = run->app;
	struct error told = *err;
	sample_free(run);
	app_note_error(app, &told);
}

static void on_sent(void *data, const struct delivery *delivery) {
	struct sample_run *run = data;
	struct app *app = run->app;
	struct buffer text = {0};
	buffer_printf(&text, "%s %s sent to the endpoint %s: ", run->sample->provider,
		run->sample->type, run->endpoint);
	note_answer(&text, &delivery->attempt);
	sample_free(run);
	app_note(app, buffer_text(&text));
	buffer_clear(&text);
}

/* The request says where it goes; nothing is joined to that. */
static int64_t path_len(const struct sample_run *run) {
	struct span head = buffer_span(&run->request.head);
	span_cut(&head, ' ');
	return (int64_t)span_cut(&head, ' ').len;
}

static void send_sample(struct sample_run *run) {
	const struct event event = {.path_offset = path_len(run)};
	deliver_send(run->app->desk->to_relay, &run->target, &event, buffer_span(&run->request.head),
		buffer_span(&run->request.body), CAUSE_TEST, on_sent, run);
}

static void on_signed(void *data, const struct anew *anew, const struct error *err) {
	struct sample_run *run = data;
	struct message message = {0};
	struct buffer head = {0};
	struct error why = {0};
	if (err) {
		sample_failed(run, err);
		return;
	}
	if (anew->lines.len == 0) {
		error_set(&why, ERROR_NO, "%.*s", (int)anew->how.len, anew->how.data);
	} else if (message_parse(&message, buffer_span(&run->request.head), (struct span){0}, &why)) {
		sign_anew_head(&head, &message, buffer_span(&anew->lines));
		buffer_clear(&run->request.head);
		run->request.head = head;
	}
	message_clear(&message);
	if (why.code) {
		sample_failed(run, &why);
	} else {
		send_sample(run);
	}
}

static void build_sample(struct sample_run *run) {
	struct sample_fill fill = {.now_ms = app_now_ms()};
	struct buffer headers = {0}, body = {0}, path = {0};
	uv_random(NULL, NULL, &fill.seed, sizeof fill.seed, 0, NULL);
	sample_make(run->sample, &fill, &headers, &body);
	target_join(&path, &run->target, TARGET_PATH_JOINED, (struct span){"", 0});
	sample_request_set(&run->request, buffer_text(&path), run->target.authority,
		buffer_span(&headers), buffer_span(&body));
	buffer_clear(&headers);
	buffer_clear(&body);
	buffer_clear(&path);
}

static bool aim(struct sample_run *run, const struct cJSON *answer, struct error *err) {
	struct buffer url = {0};
	bool ok = send_endpoint_choose(run->endpoint, answer, run->sample->provider, NULL, err);
	buffer_printf(&url, "%s/e/%s", run->app->ingest_url, run->endpoint);
	ok = ok && (run->to_app || target_parse(&run->target, buffer_text(&url), true, err));
	buffer_clear(&url);
	return ok;
}

/* Signed and kept by the relay, then sent; on_made tells. */
static void make_sample(struct sample_run *run) {
	const struct maker_order order = {.endpoint = span_text(run->endpoint),
		.provider = span_text(run->sample->provider),
		.head = buffer_span(&run->request.head),
		.body = buffer_span(&run->request.body),
		.path_offset = path_len(run),
		.origin = ORIGIN_SENT,
		.target = &run->target,
		.cause = CAUSE_TEST};
	maker_make(run->app->desk->maker, &order);
	sample_free(run);
}

static void on_endpoints(void *data, const struct cJSON *answer, const struct error *err) {
	struct sample_run *run = data;
	struct error why = {0};
	if (err || !aim(run, answer, &why)) {
		sample_failed(run, err ? err : &why);
		return;
	}
	build_sample(run);
	if (run->to_app) {
		make_sample(run);
		return;
	}
	const struct anew_draft draft = {.endpoint = span_text(run->endpoint),
		.provider = span_text(run->sample->provider),
		.head = buffer_span(&run->request.head),
		.body = buffer_span(&run->request.body)};
	anew_ask_draft(run->app->client, &draft, on_signed, run);
}

static bool open_way_to_relay(struct app *app, struct error *err) {
	/* wherever it is: it is the relay of this screen, and its own port */
	static const struct deliver_options options = {.concurrency = 1, .anywhere = true};
	struct making_desk *desk = desk_of(app);
	if (!desk->to_relay) {
		desk->to_relay = deliver_new(app->loop, &options, err);
	}
	return desk->to_relay != NULL;
}

/* Where it goes, and what takes it there; the relay's port is known once an endpoint is. */
static bool open_way(struct app *app, const char *to, struct target *target, struct error *err) {
	desk_of(app);
	return *to ? app_target(app, target, to, err) && open_maker(app, err)
	           : open_way_to_relay(app, err);
}

void app_send(struct app *app, const char *provider, const char *type, const char *to) {
	struct error err = {0};
	struct target target = {0};
	const struct sample *sample = sample_find(provider, type, &err);
	if (!sample || !open_way(app, to, &target, &err)) {
		target_clear(&target);
		app_note_error(app, &err);
		return;
	}
	struct sample_run *run = alloc_zero(1, sizeof *run);
	*run = (struct sample_run){.next = app->desk->samples,
		.app = app,
		.sample = sample,
		.to_app = *to != '\0',
		.target = target};
	app->desk->samples = run;
	client_ask(app->client, span_text("{\"type\":\"endpoint.list\"}"), on_endpoints, run);
}

/* The client is freed behind it, and calls nobody back any more. */
void app_make_clear(struct app *app) {
	struct making_desk *desk = app->desk;
	if (!desk) {
		return;
	}
	deliver_free(desk->to_relay);
	maker_free(desk->maker);
	if (desk->edit) {
		edit_free(desk->edit);
	}
	while (desk->samples) {
		sample_free(desk->samples);
	}
	free(desk);
	app->desk = NULL;
}
