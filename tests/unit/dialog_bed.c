#include "tests/unit/dialog_bed.h"

#include <string.h>

#include "common/moment.h"
#include "common/rollup.h"
#include "tui/screen/list_order.h"

static void act(struct model *model, enum action action) {
	update(model, &(struct msg){.type = MSG_ACTION, .action = action});
}

void dialog_bed_copy(struct model *model) {
	view_bed_events(model);
	act(model, ACTION_COPY);
}

void dialog_bed_sort(struct model *model) {
	view_bed_events(model);
	act(model, ACTION_SORT);
}

static void due(struct model *model, size_t row, const char *target, int64_t in_s, bool paused) {
	const struct event *event = model->window.rows[row].event;
	const struct retry retry = {.event = event->id,
		.endpoint = event->endpoint,
		.event_seq = event->seq,
		.target = span_text(target),
		.owner = span_text(paused ? "bob@desk" : "alice@laptop"),
		.policy = span_text("5s,30s,5m"),
		.tries = 1 + (int64_t)row % 2,
		.attempts = 4,
		.tried_at_ns = (VIEW_BED_NOW_MS - 30000) * INT64_C(1000000),
		.due_ns = (VIEW_BED_NOW_MS + in_s * 1000) * INT64_C(1000000),
		.paused = paused,
		.reason = span_text("503; attempt 2 of 4 follows"),
		.taken_until_ns = in_s < -10 ? (VIEW_BED_NOW_MS + 9000) * INT64_C(1000000) : 0};
	update(model, &(struct msg){.type = MSG_RETRY, .retry = &retry});
}

void dialog_bed_retries(struct model *model) {
	view_bed_events(model);
	size_t newest = model->window.count - 1;
	due(model, newest, "http://localhost:3000/hooks", 252, false);
	due(model, newest - 1, "http://localhost:3000/hooks", 7, false);
	due(model, newest - 1, "https://staging.example.com:8443/in", 3600, true);
	due(model, newest - 3, "http://localhost:3000/hooks", -20, false);
	due(model, newest - 4, "http://localhost:4000/", -1, false);
	act(model, ACTION_RETRIES);
}

void dialog_bed_prove(struct model *model) {
	view_bed_events(model);
	view_bed_text(model->replay_target, sizeof model->replay_target, "localhost:3000");
	act(model, ACTION_PROVE);
}

void dialog_bed_proving(struct model *model) {
	dialog_bed_prove(model);
	bed_type(model, "t");
	update(model, &(struct msg){.type = MSG_PROVE_FOUND,
					  .number = PROVE_MARK_OK,
					  .text = span_text("the first one: 200")});
}

void dialog_bed_proven(struct model *model) {
	dialog_bed_proving(model);
	update(model, &(struct msg){.type = MSG_PROVE_OVER,
					  .mine = true,
					  .text = span_text("a repeat changes nothing"),
					  .target = span_text("hookline prove twice stripe#1042")});
}

void dialog_bed_secrets(struct model *model) {
	struct secret_panel panel = {.count = 1};
	view_bed_events(model);
	view_bed_open(model, PANE_SIGNATURE);
	bed_type(model, "a");
	memcpy(panel.endpoint, model->secrets.endpoint, sizeof panel.endpoint);
	view_bed_text(panel.list[0].label, sizeof panel.list[0].label, "live");
	update(model, &(struct msg){MSG_SECRETS, .secrets = &panel});
}

void dialog_bed_filters(struct model *model) {
	static struct saved_filter list[] = {
		{.name = "billing", .text = "type:invoice.*"}, {.name = "bad", .text = "verdict:invalid"}};
	struct saved_filters told = {.count = 2};
	view_bed_events(model);
	for (size_t i = 0; i < 2; i++) {
		told.list[i] = list[i];
	}
	update(model, &(struct msg){.type = MSG_SAVED_FILTERS, .filters = &told});
	act(model, ACTION_FILTERS);
}

void dialog_bed_samples(struct model *model) {
	view_bed_events(model);
	act(model, ACTION_SEND);
}

void dialog_bed_samples_of_one(struct model *model) {
	dialog_bed_samples(model);
	model->dialog.provider = "github";
}

void dialog_bed_endpoints(struct model *model) {
	struct endpoints_panel told = {0};
	view_bed_events(model);
	view_bed_text(endpoints_panel_add(&told)->name, sizeof told.rows->name, "shop");
	view_bed_text(endpoints_panel_add(&told)->name, sizeof told.rows->name, "github");
	act(model, ACTION_ENDPOINTS);
	update(model, &(struct msg){.type = MSG_ENDPOINTS, .endpoints = &told});
}

void dialog_bed_deliveries(struct model *model) {
	view_bed_events(model);
	act(model, ACTION_DELIVERIES);
	for (size_t row = model->window.count; row > 9; row--) {
		const struct event *event = model->window.rows[row - 1].event;
		const struct attempt attempt = {.event = event->id,
			.endpoint = event->endpoint,
			.event_seq = event->seq,
			.number = 1,
			.status = 200,
			.target = span_text("http://localhost:3000")};
		update(model, &(struct msg){.type = MSG_DELIVERY,
						  .page = model->deliveries.asked,
						  .attempt = &attempt,
						  .event = event});
	}
	update(model,
		&(struct msg){.type = MSG_DELIVERIES_DONE, .page = model->deliveries.asked, .number = 3});
}

void dialog_bed_timeline(struct model *model) {
	view_bed_events(model);
	update(
		model, &(struct msg){
				   .type = MSG_ACTION, .action = ACTION_TIMELINE, .text = span_text("order 42")});
	for (size_t row = model->window.count; row > 9; row--) {
		update(model, &(struct msg){.type = MSG_TIMELINE,
						  .page = model->timeline.asked,
						  .event = model->window.rows[row - 1].event});
	}
	update(model, &(struct msg){.type = MSG_TIMELINE_DONE, .page = model->timeline.asked});
}

void dialog_bed_log(struct model *model) {
	view_bed_events(model);
	command_log_add(model, "hookline show stripe#1");
	command_log_add(model, "hookline show stripe#2");
	act(model, ACTION_LOG);
}

void dialog_bed_routes(struct model *model) {
	const struct msg_route list[] = {{.line = span_text("type:a => 3000"),
										 .filter = span_text("type:a"),
										 .to = span_text("3000"),
										 .target = span_text("http://127.0.0.1:3000"),
										 .enabled = true},
		{.line = span_text("type:b => 4000"),
			.filter = span_text("type:b"),
			.to = span_text("4000"),
			.target = span_text("http://127.0.0.1:4000"),
			.enabled = true}};
	view_bed_events(model);
	update(model, &(struct msg){.type = MSG_ROUTES,
					  .routes = &(struct msg_routes){.list = list, .count = 2}});
	act(model, ACTION_ROUTES);
}

void dialog_bed_help(struct model *model) {
	view_bed_events(model);
	view_bed_text(model->replay_target, sizeof model->replay_target, "localhost:3000");
	act(model, ACTION_HELP);
}

void dialog_bed_missed(struct model *model) {
	const struct msg_missed missed = {
		.endpoint = span_text("stripe"), .count = 12, .first_seq = 1030, .last_seq = 1041};
	view_bed_events(model);
	view_bed_text(model->forward.target, sizeof model->forward.target, "localhost:3000");
	model->forward.state = FORWARD_ON;
	update(model, &(struct msg){.type = MSG_MISSED, .missed = &missed});
}

void dialog_bed_quit(struct model *model) {
	view_bed_events(model);
	view_bed_text(model->forward.target, sizeof model->forward.target, "localhost:3000");
	model->forward.state = FORWARD_ON;
	act(model, ACTION_QUIT);
}

void dialog_bed_planned(struct model *model) {
	const struct bulk_plan plan = {.count = 12, .bytes = 4000, .first = "a#1", .last = "a#12"};
	const struct bulk_settings settings = {.concurrency = 1};
	view_bed_events(model);
	view_bed_text(model->replay_target, sizeof model->replay_target, "localhost:3000");
	act(model, ACTION_BULK);
	const struct msg_bulk bulk = {.plan = &plan, .settings = &settings, .target = "localhost:3000"};
	update(model, &(struct msg){.type = MSG_BULK_PLANNED, .bulk = &bulk});
}

void dialog_bed_code(struct model *model) {
	static const unsigned char modules[21 * 21] = {1};
	const struct msg_qr qr = {.size = 21, .modules = modules};
	view_bed_events(model);
	update(model, &(struct msg){.type = MSG_QR, .text = span_text("http://a"), .qr = &qr});
}

void dialog_bed_running(struct model *model) {
	dialog_bed_planned(model);
	bed_key(model, KEY_ENTER_KEY);
	const struct bulk_report report = {.planned = 12, .sent = 3, .classes = {0, 0, 3}};
	const struct msg_bulk bulk = {.report = &report, .open = 1};
	update(model, &(struct msg){.type = MSG_BULK_PROGRESS, .bulk = &bulk});
}

void dialog_bed_overview(struct model *model) {
	static const char *const providers[] = {"stripe", "github", "stripe", "postpress"};
	struct rollup *rollup = rollup_new();
	int64_t now_ns = VIEW_BED_NOW_MS * MOMENT_NS_PER_MS;
	struct counts counts = {.span = COUNTS_HOUR};
	view_bed_events(model);
	for (int64_t i = 0; i < 40; i++) {
		struct rollup_event event = {.received_at_ns = now_ns - i * i * MOMENT_NS_PER_S,
			.endpoint = span_text("shop"),
			.provider = span_text(providers[i % 4]),
			.type = span_text(i % 3 ? "invoice.paid" : "push"),
			.verdict = i % 9 ? VERDICT_VALID : VERDICT_INVALID};
		rollup_add(rollup, &event, i % 5 ? COUNTS_2XX : COUNTS_5XX);
		rollup_took(rollup, event.provider, event.received_at_ns, 800 * i * i);
	}
	act(model, ACTION_OVERVIEW);
	rollup_read(rollup, now_ns, NULL, NULL, &counts);
	update(model, &(struct msg){.type = MSG_STATS, .counts = &counts});
	counts_clear(&counts);
	rollup_free(rollup);
}

static void compared(struct model *model, int64_t side, const char *body) {
	struct msg_bytes bytes = {.head = span_text(side ? "POST /a HTTP/1.1\r\nHost: x\r\n\r\n"
													 : "POST /b HTTP/1.1\r\nHost: y\r\n\r\n"),
		.body = span_text(body)};
	struct event event = *model_current(model);
	event.seq -= !side;
	update(model, &(struct msg){MSG_DIFF_EVENT, .number = side, .event = &event, .bytes = &bytes});
}

void dialog_bed_diff(struct model *model) {
	view_bed_events(model);
	act(model, ACTION_DIFF);
	compared(model, 1, "{\"id\":\"evt_2\",\"amount\":2000,\"rate\":1.50,\"at\":20}");
	compared(model, 0, "{\"id\":\"evt_1\",\"amount\":1099,\"rate\":1.5,\"gone\":true}");
	update(model, &(struct msg){MSG_DIFF_DONE});
}

const struct dialog_bed dialog_beds[] = {
	{"help", DIALOG_HELP, dialog_bed_help, "j k Down Up PgDn PgUp G g Left Right Enter / Esc q ?"},
	{"log", DIALOG_LOG, dialog_bed_log, "j k G g y Enter Esc q @"},
	{"overview", DIALOG_OVERVIEW, dialog_bed_overview,
		"1 2 7 Space Tab Shift-Tab Left Right h l j k G g PgUp PgDn Enter Esc o"},
	{"endpoints", DIALOG_ENDPOINTS, dialog_bed_endpoints, "j k G g Enter Right l y Esc E"},
	{"deliveries", DIALOG_DELIVERIES, dialog_bed_deliveries, "j k G g Enter / Esc D"},
	{"secrets", DIALOG_SECRET, dialog_bed_secrets, "n a 1 2 x Esc q"},
	{"timeline", DIALOG_TIMELINE, dialog_bed_timeline, "j k G g Enter Tab Esc t"},
	{"diff", DIALOG_DIFF, dialog_bed_diff, "Tab Shift-Tab Left Right h l b i I w y j k G g Esc d"},
	{"routes", DIALOG_ROUTES, dialog_bed_routes, "j k G g Enter e Space x K J a m w F Esc T"},
	{"filters", DIALOG_FILTERS, dialog_bed_filters, "j k G g Enter e s x Esc L"},
	{"copy", DIALOG_COPY, dialog_bed_copy, "r i u h b w c a v p z Esc"},
	{"missed", DIALOG_MISSED, dialog_bed_missed, "y n x Enter Esc"},
	{"plan", DIALOG_BULK, dialog_bed_planned, "o t a d p c s u x y Enter Esc"},
	{"bulk", DIALOG_BULK, dialog_bed_running, "p Space s x Esc"},
	{"prove", DIALOG_PROVE, dialog_bed_prove, "t r e c x Esc"},
	{"proving", DIALOG_PROVE, dialog_bed_proving, "s Esc"},
	{"proven", DIALOG_PROVE, dialog_bed_proven, "y t r e c x Esc"},
	{"retries", DIALOG_RETRIES, dialog_bed_retries,
		"j k G g n p c s Space * = / Enter Right l x Esc w"},
	{"sort", DIALOG_SORT, dialog_bed_sort, "o n s a p t v r x Esc"},
	{"samples", DIALOG_SAMPLES, dialog_bed_samples, "j k G g Enter Right l a Esc"},
	{"sample", DIALOG_SAMPLES, dialog_bed_samples_of_one, "j G Enter a Esc"},
	{"code", DIALOG_QR, dialog_bed_code, "x Esc"},
	{"quit", DIALOG_QUIT, dialog_bed_quit, "y n q Q x Enter Esc"},
};
const size_t dialog_bed_count = sizeof dialog_beds / sizeof *dialog_beds;
