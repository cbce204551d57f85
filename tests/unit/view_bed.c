#include "tests/unit/view_bed.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/saved_screen.h"
#include "tests/unit/unit.h"
#include "tui/screen/layout.h"
#include "tui/screen/update.h"
#include "tui/screen/view.h"

#define MINUTE INT64_C(60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Bytes with NUL in them, too. */
#define BYTES(literal)                                                                             \
	{ literal, sizeof(literal) - 1 }

void view_bed_text(char *place, size_t size, const char *text) {
	snprintf(place, size, "%s", text);
}

static void drop_effects(struct model *model) {
	struct effect effect;
	while (effects_take(&model->effects, &effect)) {
		effect_clear(&effect);
	}
}

void view_bed_begin(struct model *model, size_t columns, size_t rows) {
	struct link_status *link = &model->link;
	model_init(model, false, "alice@laptop");
	model->columns = columns;
	model->rows = rows;
	model->now_ms = VIEW_BED_NOW_MS;
	model->loaded = true;
	model->page.number = 0;
	link->state = LINK_LIVE;
	link->heard_at_ms = VIEW_BED_NOW_MS - 300;
	link->own = true;
	view_bed_text(link->relay_url, sizeof link->relay_url, "ws://127.0.0.1:8081");
	view_bed_text(link->ingest_url, sizeof link->ingest_url, "http://127.0.0.1:8080");
	view_bed_text(link->store, sizeof link->store, "/home/alice/.local/share/hookline/events.db");
	drop_effects(model);
}

void view_bed_add(struct model *model, const struct event *event) {
	struct event added = *event;
	size_t dropped;
	size_t count = model->window.count;
	added.id.bytes[15] = (uint8_t)(count + 1);
	added.seq = added.seq ? added.seq : (int64_t)count + 1;
	added.position = (int64_t)count + 1;
	if (!added.endpoint.data) {
		added.endpoint = span_text("shop");
	}
	if (!added.method.data) {
		added.method = span_text("POST");
	}
	if (!added.target.data) {
		added.target = span_text("/e/shop/hooks");
		added.path_offset = 7;
	}
	added.peer = span_text("203.0.113.7:51034");
	window_put(&model->window, &added, &dropped);
	model->cursor = model->window.count - 1;
}

/* A moment so many seconds ago. */
#define AGO(seconds) ((VIEW_BED_NOW_MS - 1000 * (seconds)) * 1000000)

static const struct event usual[] = {
	{.received_at_ns = AGO(800 * DAY),
		.body_len = 2,
		.target = BYTES("/"),
		.verdict = VERDICT_UNVERIFIED},
	{.received_at_ns = AGO(3 * DAY),
		.body_len = 482113,
		.provider = BYTES("github"),
		.type = BYTES("push"),
		.endpoint = BYTES("github"),
		.seq = 17,
		.verdict = VERDICT_VALID,
		.attempts = 1,
		.last_status = 200},
	{.received_at_ns = AGO(5 * HOUR),
		.body_len = 1098,
		.provider = BYTES("stripe"),
		.type = BYTES("customer.subscription.trial_will_end"),
		.endpoint = BYTES("stripe"),
		.seq = 1038,
		.verdict = VERDICT_VALID,
		.attempts = 1,
		.last_status = 200},
	{.received_at_ns = AGO(4 * HOUR),
		.body_len = 1098,
		.provider = BYTES("stripe"),
		.type = BYTES("charge.failed"),
		.endpoint = BYTES("stripe"),
		.seq = 1039,
		.verdict = VERDICT_EXPIRED,
		.attempts = 1,
		.last_status = 400},
	{.received_at_ns = AGO(47 * MINUTE),
		.body_len = 999499,
		.provider = BYTES("shopify"),
		.type = BYTES("orders/create"),
		.seq = 120,
		.verdict = VERDICT_VALID,
		.attempts = 12,
		.last_status = 502},
	{.received_at_ns = AGO(46 * MINUTE),
		.body_len = 10485760,
		.provider = BYTES("shopify"),
		.type = BYTES("orders/create"),
		.seq = 121,
		.verdict = VERDICT_UNSIGNED},
	{.received_at_ns = AGO(45 * MINUTE),
		.body_len = 700,
		.provider = BYTES("standard-webhooks"),
		.type = BYTES("invoice.paid"),
		.endpoint = BYTES("billing-of-the-north-american-region"),
		.seq = 90071992,
		.verdict = VERDICT_VALID,
		.repeat = 3,
		.attempts = 3,
		.last_status = 200},
	{.received_at_ns = AGO(12 * MINUTE),
		.body_len = 15,
		.method = BYTES("PUT"),
		.target = BYTES("/api/v1/incoming/callback?source=legacy&id=7"),
		.verdict = VERDICT_UNVERIFIED,
		.attempts = 1,
		.last_status = 302},
	{.received_at_ns = AGO(59),
		.body_len = 2210,
		.provider = BYTES("stripe"),
		.type = BYTES("charge.succeeded"),
		.endpoint = BYTES("stripe"),
		.seq = 1041,
		.verdict = VERDICT_INVALID,
		.attempts = 1,
		.last_status = 401},
	{.received_at_ns = AGO(20),
		.body_len = 2210,
		.provider = BYTES("slack"),
		.type = BYTES("event_callback"),
		.endpoint = BYTES("slack"),
		.seq = 3,
		.verdict = VERDICT_RESERIALISED,
		.attempts = 1,
		.last_status = -1},
	{.received_at_ns = AGO(7),
		.body_len = 310,
		.provider = BYTES("twilio"),
		.type = BYTES("message.delivered"),
		.endpoint = BYTES("twilio"),
		.seq = 77,
		.verdict = VERDICT_PARTIAL,
		.attempts = 2,
		.last_status = 200},
	{.received_at_ns = AGO(0),
		.body_len = 2210,
		.provider = BYTES("stripe"),
		.type = BYTES("charge.succeeded"),
		.endpoint = BYTES("stripe"),
		.seq = 1042,
		.verdict = VERDICT_VALID},
};

static const struct event hostile[] = {
	{.provider = BYTES("stripe\x1b[2J"), .type = BYTES("\x1b]0;owned\a\x1b[31mred")},
	{.provider = BYTES("\xe2\x80\xae"
					   "evil"),
		.type = BYTES("right\xe2\x80\xaeto\xe2\x80\xacleft")},
	{.type = BYTES("\0\x01\x7f\xff\xfe"), .endpoint = BYTES("nul")},
	{.type = BYTES("z\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
				   "algo")},
	{.type = BYTES("\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd"
				   "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0\xe5\xa5\xbd"),
		.provider = BYTES("\xf0\x9f\x92\xb3")},
	{.type = BYTES("two\nlines\tand\ta tab")},
	{.type = BYTES("zero\xe2\x80\x8bwidth and a typed \\x1b"),
		.seq = INT64_MAX,
		.repeat = INT64_MAX,
		.attempts = INT64_MAX,
		.last_status = 999},
	{.method = BYTES("\x9b"), .target = BYTES("/\x1b[5m?a=\xc2\x85")},
};

static void show_cursor(struct model *model) {
	size_t rows = layout_of(model).list.rows, count = model->window.count;
	model->top = model->cursor >= rows && rows > 0 ? model->cursor - rows + 1 : 0;
	model->top = model->top > count ? 0 : model->top;
}

void view_bed_events(struct model *model) {
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		view_bed_add(model, &usual[i]);
	}
	show_cursor(model);
}

void view_bed_hostile(struct model *model) {
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		struct event event = hostile[i];
		event.received_at_ns = AGO(60);
		event.body_len = 64;
		event.verdict = (enum verdict)(i % VERDICT_COUNT);
		view_bed_add(model, &event);
	}
	show_cursor(model);
}

static void take_attempt(
	struct model *model, struct attempt *attempt, struct span head, struct span body) {
	const struct event *event = model_current(model);
	struct msg_bytes bytes = {.head = head, .body = body};
	attempt->event = event->id;
	attempt->endpoint = event->endpoint;
	attempt->event_seq = event->seq;
	attempt->answer_head_len = (int64_t)head.len;
	attempt->answer_body_len = attempt->answer_body_total = (int64_t)body.len;
	update(model, &(struct msg){.type = MSG_DETAIL_ATTEMPT, .attempt = attempt, .bytes = &bytes});
}

static void take_attempts(struct model *model) {
	struct attempt failed = {.number = 1,
		.cause = CAUSE_FORWARD,
		.target = BYTES("http://localhost:3000/hooks"),
		.changes = BYTES("Host, Content-Length"),
		.started_at_ns = AGO(0),
		.took_us = 480,
		.error = BYTES("connection refused: nothing listens on 127.0.0.1:3000"),
		.who = BYTES("alice@laptop")};
	struct attempt answered = {.number = 2,
		.cause = CAUSE_REPLAY,
		.target = BYTES("http://localhost:3000/hooks"),
		.status = 500,
		.started_at_ns = AGO(0),
		.took_us = 12345,
		.who = BYTES("alice@laptop")};
	take_attempt(model, &failed, (struct span){0}, (struct span){0});
	take_attempt(model, &answered,
		span_text("HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\n\r\n"),
		span_text("{\"error\":\"no such order\"}"));
}

void view_bed_open(struct model *model, enum pane pane) {
	static const char head[] =
		"POST /e/stripe/hooks HTTP/1.1\r\nHost: hooks.example.com\r\nUser-Agent: Stripe/1.0 "
		"(+https://stripe.com/docs/webhooks)\r\nContent-Type: application/json; "
		"charset=utf-8\r\nStripe-Signature: "
		"t=1767268799,v1="
		"5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd\r\nContent-Length: "
		"143\r\n\r\n";
	static const char body[] =
		"{\"id\":\"evt_1\",\"object\":\"event\",\"created\":1767268799,\"livemode\":false,\"type\":"
		"\"charge.succeeded\",\"data\":{\"object\":{\"amount\":4200,\"currency\":\"eur\",\"note\":"
		"\"\\u00fc\",\"big\":9007199254740993,\"lines\":[1,2,3],\"empty\":{}}}}";
	static const enum action actions[] = {
		ACTION_PANE_PAYLOAD, ACTION_PANE_HEADERS, ACTION_PANE_SIGNATURE, ACTION_PANE_ATTEMPTS};
	struct event *event = model->window.rows[model->cursor].event;
	struct msg_bytes bytes = {.head = span_text(head), .body = span_text(body)};
	event->head_len = (int64_t)bytes.head.len;
	event->body_len = (int64_t)bytes.body.len;
	event->attempts = 2;
	event->last_status = 500;
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_OPEN});
	update(model, &(struct msg){.type = MSG_ACTION, .action = actions[pane]});
	update(
		model, &(struct msg){.type = MSG_DETAIL, .event = model_current(model), .bytes = &bytes});
	take_attempts(model);
	update(model, &(struct msg){.type = MSG_DETAIL_DONE});
	drop_effects(model);
}

void view_bed_headers(struct model *model) {
	view_bed_events(model);
	view_bed_open(model, PANE_HEADERS);
}

void view_bed_signature(struct model *model) {
	view_bed_events(model);
	view_bed_open(model, PANE_SIGNATURE);
}

void view_bed_attempts(struct model *model) {
	view_bed_events(model);
	view_bed_open(model, PANE_ATTEMPTS);
}

void view_bed_screen(
	const char *name, view_bed_setup_fn *setup, size_t columns, size_t rows, bool styles) {
	struct model model;
	struct canvas canvas;
	char full[128];
	view_bed_begin(&model, columns, rows);
	setup(&model);
	canvas_init(&canvas, 1, 1, model.ascii);
	view(&model, &canvas);
	snprintf(full, sizeof full, "%s_%zux%zu", name, columns, rows);
	saved_screen_is(&canvas, full, styles);
	canvas_clear(&canvas);
	model_clear(&model);
}

void view_bed_screens(const char *name, view_bed_setup_fn *setup) {
	view_bed_screen(name, setup, 20, 5, false);
	view_bed_screen(name, setup, 40, 10, false);
	view_bed_screen(name, setup, 80, 24, true);
	view_bed_screen(name, setup, 120, 40, false);
	view_bed_screen(name, setup, 200, 60, false);
}

void view_bed_paint(
	view_bed_setup_fn *setup, size_t columns, size_t rows, enum dialog_kind dialog) {
	struct model model;
	struct canvas canvas;
	view_bed_begin(&model, columns, rows);
	setup(&model);
	model.dialog.kind = dialog;
	canvas_init(&canvas, 1, 1, false);
	view(&model, &canvas);
	model.prompt.kind = PROMPT_COMMAND;
	view(&model, &canvas);
	canvas_clear(&canvas);
	model_clear(&model);
}
