/* hookline replay: sends captured events to an app again, signed anew where a secret is known. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/text.h"
#include "tui/anew.h"
#include "tui/bulk.h"
#include "tui/commands/commands.h"
#include "tui/commands/deliver_flags.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/report_file.h"
#include "tui/commands/session.h"

/* Failures told at the end; the report has more of them. */
#define FAILURES_TOLD 20

struct replay {
	struct session session;
	const struct arguments *arguments;
	struct line_style style;
	struct bulk *bulk;
	struct bulk_settings settings;
	struct deliver_options deliver;
	struct event_ref *named; /* their endpoints point into argv */
	struct buffer filter, line;
	struct report_file report;
	const char *target;
	bool many; /* a filter, or several events: it is planned, asked for, remembered and reported */
	bool resume, json;
	int signalled; /* the exit code of the signal that stopped it */
};

static bool has(const struct replay *replay, const char *option) {
	return arguments_has(replay->arguments, option);
}

static void fail(struct replay *replay, const struct error *err) {
	session_fail(&replay->session, err);
}

/* --- as it goes --- */

static void on_waits(void *data, const struct event_ref *ref) {
	struct replay *replay = data;
	(void)ref; /* by its id: nobody knows it by that */
	if (!replay->many) {
		fprintf(stderr, "an attempt of it is under way there: waiting for its end\n");
	}
}

static void on_delivered(void *data, const struct delivery *delivery) {
	struct replay *replay = data;
	line_attempt_or_json(
		&replay->line, &delivery->attempt, replay->json, replay->session.who, &replay->style);
	print_out(&replay->line);
	session_flush(&replay->session);
}

static void on_away(void *data, const struct error *why) {
	(void)data;
	if (why) {
		command_fail("replay", why);
	}
	fprintf(stderr, why ? "the replay waits for the relay\n" : "the relay is back\n");
}

static bool on_signal(struct session *session, int number) {
	struct replay *replay = session->data;
	if (bulk_report_of(replay->bulk)->began_at_ns == 0) {
		return false; /* nothing was sent yet */
	}
	replay->signalled = number == SIGINT ? EXIT_INTERRUPTED : EXIT_TERMINATED;
	if (bulk_open(replay->bulk) > 0) {
		fprintf(stderr, "what is under way ends; Ctrl-C again does not wait for it\n");
	}
	bulk_stop(replay->bulk);
	return true;
}

static void on_down(struct session *session, const struct error *err, int64_t retry_ms) {
	struct replay *replay = session->data;
	(void)retry_ms;
	if (replay->bulk && bulk_report_of(replay->bulk)->began_at_ns > 0) {
		bulk_link_down(replay->bulk, err);
	} else {
		session_fail(session, err);
	}
}

static void on_live(struct session *session) {
	struct replay *replay = session->data;
	if (replay->bulk) {
		bulk_link_up(replay->bulk);
	}
}

/* --- the end --- */

static int outcome(const struct replay *replay, const struct bulk_report *report) {
	if (replay->signalled) {
		return replay->signalled;
	}
	if (bulk_report_is_good(report) && report->end == BULK_COMPLETE) {
		return 0;
	}
	bool nobody = report->unreached > 0 && report->unreached == report->failures_in_all;
	return nobody && report->classes[2] == 0 ? 6 : 1;
}

static bool write_report(
	struct replay *replay, const struct bulk_report *report, struct error *err) {
	struct buffer text = {0};
	bulk_report_append(&text, report, bulk_format_of(replay->report.path));
	bool ok = report_file_write(&replay->report, buffer_span(&text), err);
	buffer_clear(&text);
	return ok;
}

static void tell_report(struct replay *replay, const struct bulk_report *report) {
	if (replay->json) {
		buffer_append_text(&replay->line, "{\"report\":");
		bulk_report_append_json(&replay->line, report);
		buffer_append_text(&replay->line, "}\n");
		print_out(&replay->line);
	}
	bulk_report_append_words(&replay->line, report, FAILURES_TOLD);
	fprintf(stderr, "%s", buffer_text(&replay->line));
	buffer_reset(&replay->line);
	if (bulk_folder(replay->bulk)) {
		fprintf(stderr, "report: %s/report.json\n", bulk_folder(replay->bulk));
	}
	if (bulk_folder(replay->bulk) && report->end != BULK_COMPLETE) {
		fprintf(stderr, "hookline replay --resume %s goes on with it\n", report->id);
	}
}

static void on_over(void *data) {
	struct replay *replay = data;
	const struct bulk_report *report = bulk_report_of(replay->bulk);
	struct error err = {0};
	if (replay->many) {
		tell_report(replay, report);
	} else if (report->missing > 0) {
		error_set(&err, ERROR_NO, "%s", report->failures[0].reason);
	} else if (report->answered > 0) {
		fprintf(stderr, "not sent: %s has answered it just now\n", bulk_target(replay->bulk));
	}
	if (replay->report.file && !write_report(replay, report, &err)) {
		fail(replay, &err);
	} else if (report->end == BULK_CUT_OFF && !replay->signalled) {
		error_set(&err, report->here ? ERROR_IO : ERROR_UNREACHABLE, "%s",
			report->why ? report->why : "cut off");
		fail(replay, &err);
	} else if (err.code != ERROR_NONE) {
		fail(replay, &err);
	} else {
		session_stop(&replay->session, outcome(replay, report));
	}
}

/* --- the dry run --- */

static void print_look(struct replay *replay, const struct event *event, struct span how) {
	struct buffer ref = {0}, *line = &replay->line;
	event_append_ref(&ref, event->endpoint, event->seq);
	if (replay->json) {
		buffer_append_byte(line, '{');
		json_member_text(line, "ref", buffer_span(&ref));
		json_member_text(line, "how", how);
		buffer_append_text(line, "}\n");
	} else {
		buffer_append_span(line, buffer_span(&ref));
		buffer_append_byte(line, ' ');
		text_escape(line, how, TEXT_LINE);
		buffer_append_byte(line, '\n');
	}
	print_out(line);
	buffer_clear(&ref);
}

/* The event whose signature is asked for: the list has no more of it meanwhile. */
struct looking {
	struct replay *replay;
	struct event *event;
};

static void on_anew(void *data, const struct anew *anew, const struct error *err) {
	struct looking *looking = data;
	struct replay *replay = looking->replay;
	if (err) {
		fail(replay, err);
	} else {
		print_look(replay, looking->event, buffer_span(&anew->how));
		session_flush(&replay->session);
	}
	free(looking->event);
	free(looking);
	if (!err && !replay->session.stopped) {
		bulk_look_on(replay->bulk);
	}
}

/* What would be sent, and how: one after the other, since the relay signs each to see whether it can. */
static void on_look(
	void *data, const struct event *event, enum bulk_choice choice, const struct error *err) {
	static const char *const skipped[] = {[BULK_SEND] = "as received",
		[BULK_SKIP_ANSWERED] = "skipped: answered since the replay began",
		[BULK_SKIP_DELIVERED] = "skipped: delivered before",
		[BULK_ASK] = "skipped: may have been sent before"};
	struct replay *replay = data;
	if (err) {
		fail(replay, err);
	} else if (!event) {
		session_stop(&replay->session, bulk_plan_of(replay->bulk)->missing > 0 ? 1 : 0);
	} else if (choice != BULK_SEND || replay->settings.as_received) {
		print_look(replay, event, span_text(skipped[choice]));
		bulk_look_on(replay->bulk);
	} else {
		struct looking *looking = alloc_zero(1, sizeof *looking);
		const struct event_ref ref = {.by_id = true, .id = event->id};
		*looking = (struct looking){replay, event_copy(event)};
		anew_ask(replay->session.client, &ref, on_anew, looking);
	}
}

/* --- the plan --- */

static void tell_plan(struct replay *replay) {
	const struct bulk_plan *plan = bulk_plan_of(replay->bulk);
	const struct bulk_settings *settings = bulk_settings_of(replay->bulk);
	struct span target = span_text(bulk_target(replay->bulk));
	if (replay->json) {
		buffer_append_text(&replay->line, "{\"plan\":{");
		bulk_plan_append_json_members(&replay->line, plan, settings, target);
		buffer_append_text(&replay->line, "}}\n");
		print_out(&replay->line);
		session_flush(&replay->session);
	}
	bulk_plan_append_words(&replay->line, plan, settings, target);
	fprintf(stderr, "%s", buffer_text(&replay->line));
	buffer_reset(&replay->line);
}

/* Nobody knows whether these arrived. */
static void decide_maybe(struct replay *replay) {
	if (bulk_plan_of(replay->bulk)->maybe == 0) {
		return;
	}
	bool asked = isatty(STDIN_FILENO) && !has(replay, "again");
	if (has(replay, "again") ||
		(asked && ask_yes("send those that may have been sent again", NULL))) {
		bulk_send_maybe(replay->bulk);
	} else if (!asked) {
		fprintf(stderr, "what may have been sent is skipped; --again sends it, too\n");
	}
}

static bool may_run(struct replay *replay, struct error *err) {
	if (replay->resume) {
		decide_maybe(replay);
		return true;
	}
	int64_t count = bulk_plan_to_send(bulk_plan_of(replay->bulk), &replay->settings);
	if (!replay->many || count == 0 || has(replay, "yes") || ask_yes("replay them", err)) {
		return true;
	}
	return err->code != ERROR_NONE ? false : error_set(err, ERROR_NO, "nothing was sent");
}

static bool is_empty(const struct replay *replay, struct error *err) {
	const struct bulk_plan *plan = bulk_plan_of(replay->bulk);
	const struct bulk_report *report = bulk_report_of(replay->bulk);
	if (plan->count > 0 || replay->resume) {
		return false;
	}
	error_set(err, ERROR_NO, "%s",
		report->failure_count > 0 ? report->failures[0].reason : "no event matches");
	return true;
}

static void on_planned(void *data, const struct error *why) {
	struct replay *replay = data;
	struct error err = {0};
	if (why || is_empty(replay, &err)) {
		fail(replay, why ? why : &err);
		return;
	}
	if (replay->many || has(replay, "dry-run")) {
		tell_plan(replay);
	}
	if (has(replay, "dry-run")) {
		bulk_look(replay->bulk, on_look);
	} else if (!may_run(replay, &err) || !bulk_run(replay->bulk, &err)) {
		fail(replay, &err);
	}
}

/* --- the command --- */

static bool read_pace(
	struct bulk_settings *settings, const struct arguments *arguments, struct error *err) {
	const char *rate = arguments_text(arguments, "rate", NULL);
	const char *spacing = arguments_text(arguments, "spacing", NULL);
	const char *speed = arguments_text(arguments, "speed", NULL);
	if (spacing && strcmp(spacing, "original") != 0) {
		return error_set(err, ERROR_USAGE, "--spacing: expected original, not \"%s\"", spacing);
	}
	if ((rate && spacing) || (speed && !spacing)) {
		return error_set(err, ERROR_USAGE,
			speed && !spacing ? "--speed goes with --spacing original"
							  : "--rate and --spacing exclude each other");
	}
	if (spacing) {
		return bulk_pace_read_speed(&settings->pace, span_text(speed ? speed : "1"), err) ||
		       error_prefix(err, "--speed");
	}
	return !rate || bulk_pace_read_rate(&settings->pace, span_text(rate), err) ||
	       error_prefix(err, "--rate");
}

static bool read_order(struct replay *replay, struct error *err) {
	const char *order = arguments_text(replay->arguments, "order", NULL);
	bool by_filter = has(replay, "filter");
	replay->settings.order = by_filter ? BULK_OLDEST : BULK_LISTED;
	if (order && !bulk_order_read(&replay->settings.order, span_text(order), err)) {
		return error_prefix(err, "--order");
	}
	return !by_filter || replay->settings.order != BULK_LISTED ||
	       error_set(err, ERROR_USAGE, "--order listed is for events that are named");
}

static bool read_named(struct replay *replay, struct error *err) {
	const struct arguments *arguments = replay->arguments;
	replay->named = alloc_zero(arguments->word_count, sizeof *replay->named);
	for (size_t i = 0; i < arguments->word_count; i++) {
		if (!event_ref_parse(&replay->named[i], span_text(arguments->words[i]), err)) {
			return false;
		}
	}
	return true;
}

static bool read_settings(struct replay *replay, struct error *err) {
	struct bulk_settings *settings = &replay->settings;
	settings->as_received = has(replay, "as-received");
	settings->stop_on_failure = has(replay, "stop-on-failure");
	/* one event that is named is meant as it is */
	settings->again = has(replay, "again") || !replay->many;
	replay->deliver.concurrency = 1;
	if (!deliver_options_read(&replay->deliver, replay->arguments, replay->session.who, err) ||
		!read_pace(settings, replay->arguments, err) || !read_order(replay, err) ||
		!filter_from_words(&replay->filter, replay->arguments, "filter", err)) {
		return false;
	}
	settings->concurrency = replay->deliver.concurrency;
	return true;
}

/* What is not this machine has to be said twice. */
static bool confirm_host(struct replay *replay, struct error *err) {
	struct buffer host = {0};
	const char *said = arguments_text(replay->arguments, "yes-to", NULL);
	bool ok = bulk_host_to_confirm(&host, replay->target, err);
	if (ok && host.len > 0) {
		replay->deliver.anywhere = true;
		ok = has(replay, "dry-run") ||
		     (said && span_equal_nocase(span_text(said), buffer_span(&host))) ||
		     ask_host(replay->target, buffer_text(&host), err);
	} else {
		replay->deliver.anywhere = false;
	}
	buffer_clear(&host);
	return ok;
}

/* What it is about stays; how fast it goes may change (take_up). */
static bool check_resume(struct replay *replay, struct error *err) {
	static const char *const fixed[] = {
		"to", "filter", "endpoint", "order", "as-received", "yes-to"};
	replay->many = true;
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
		if (has(replay, fixed[i])) {
			return error_set(err, ERROR_USAGE,
				"--resume goes on with what was begun: --%s stays as it was", fixed[i]);
		}
	}
	struct bulk_settings unused = {0};
	return (replay->arguments->word_count <= 1 ||
			   error_set(err, ERROR_USAGE, "--resume takes the id of one replay at most")) &&
	       read_pace(&unused, replay->arguments, err) &&
	       deliver_options_read(&replay->deliver, replay->arguments, replay->session.who, err);
}

/* Before anything is sent: a replay that nobody can read about later is not what was asked for. */
static bool open_report(struct replay *replay, struct error *err) {
	const char *path = arguments_text(replay->arguments, "report", NULL);
	return !path || has(replay, "dry-run") || report_file_open(&replay->report, path, err) ||
	       error_prefix(err, "--report");
}

static bool check(struct replay *replay, struct error *err) {
	const struct arguments *arguments = replay->arguments;
	bool by_filter = has(replay, "filter");
	replay->target = arguments_text(arguments, "to", NULL);
	if (replay->resume) {
		return check_resume(replay, err);
	}
	if (!replay->target) {
		return error_set(
			err, ERROR_USAGE, "--to URL says where the app is, such as --to localhost:3000");
	}
	if (by_filter == (arguments->word_count > 0)) {
		return error_set(err, ERROR_USAGE, "name events, such as stripe#1042, or give --filter");
	}
	replay->many = by_filter || arguments->word_count > 1;
	return read_named(replay, err) && read_settings(replay, err) && confirm_host(replay, err);
}

static void clear(struct replay *replay) {
	buffer_clear(&replay->filter);
	buffer_clear(&replay->line);
	free(replay->named);
	report_file_close(&replay->report);
}

static bool make_bulk(struct replay *replay, struct error *err) {
	static const struct bulk_events events = {.planned = on_planned,
		.waits = on_waits,
		.delivered = on_delivered,
		.away = on_away,
		.over = on_over};
	struct session *session = &replay->session;
	const struct bulk_options options = {.settings = replay->settings,
		.deliver = replay->deliver,
		.target = replay->target,
		.filter = buffer_span(&replay->filter),
		.endpoint = span_text(arguments_text(replay->arguments, "endpoint", "")),
		.named = replay->named,
		.named_count = replay->resume ? 0 : replay->arguments->word_count,
		.store = span_text(session->store_id),
		.keep = replay->many};
	struct span id = span_text(
		replay->resume && replay->arguments->word_count > 0 ? replay->arguments->words[0] : "");
	replay->bulk =
		replay->resume
			? bulk_resume(&session->loop, session->client, id, &options, &events, replay, err)
			: bulk_new(&session->loop, session->client, &options, &events, replay, err);
	return replay->bulk != NULL;
}

/* Another pace than it was begun with, if one is named. */
static void take_up(struct replay *replay) {
	struct bulk_settings *settings = &replay->settings;
	*settings = *bulk_settings_of(replay->bulk);
	if (replay->resume) {
		read_pace(settings, replay->arguments, NULL); /* it was read before */
		settings->concurrency =
			replay->deliver.concurrency > 0 ? replay->deliver.concurrency : settings->concurrency;
		settings->stop_on_failure = settings->stop_on_failure || has(replay, "stop-on-failure");
		bulk_set(replay->bulk, settings);
	}
}

static void begin(struct replay *replay) {
	struct error err = {0};
	struct target target = {0};
	struct span ingest = span_text(replay->session.ingest_url);
	if (!target_parse(&target, bulk_target(replay->bulk), true, &err)) {
		fail(replay, &err);
		return;
	}
	if (target_leads_to(&target, ingest)) {
		error_set(&err, ERROR_USAGE,
			"%s is the relay's own port for webhooks: that would be a loop", target.url);
		fail(replay, &err);
	} else {
		take_up(replay);
		bulk_count(replay->bulk);
	}
	target_clear(&target);
}

static int run_session(struct replay *replay, struct error *err) {
	struct session *session = &replay->session;
	int code = 0;
	session->data = replay;
	session->on_down = on_down;
	session->on_live = on_live;
	if (!session_open(session, replay->arguments, replay->many, false, err)) {
		code = session->exit_code;
	} else if (make_bulk(replay, err)) {
		session->on_signal = on_signal;
		begin(replay);
		code = session_run(session, err);
	}
	bulk_free(replay->bulk);
	session_close(session);
	return code;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct replay replay = {.arguments = arguments,
		.style = line_style_of(stdout),
		.json = arguments_has(arguments, "json"),
		.resume = arguments_has(arguments, "resume")};
	int code = check(&replay, err) && open_report(&replay, err) ? run_session(&replay, err) : 2;
	clear(&replay);
	return code;
}

static const struct option_row options_table[] = {
	{"to", 0, "URL", "where the app is: localhost:3000/hooks"},
	{"filter", 0, "FILTER", "all events that match, instead of named ones"},
	{"endpoint", 0, "NAME", "with --filter: of this endpoint alone"},
	{"order", 0, "ORDER", "oldest (of a filter), newest, or listed (as named)"},
	{"as-received", 0, NULL, "send exactly what was captured, not signed anew"},
	{"again", 0, NULL, "also what was answered 2xx before; with --resume: what may have arrived"},
	{"rate", 0, "RATE", "at most so many: 10/s, 30/m, 100/h"},
	{"spacing", 0, "original", "as far apart as they were received"},
	{"speed", 0, "N", "with --spacing: so many times as fast, such as 60x"},
	{"stop-on-failure", 0, NULL, "stop at the first that is not answered 2xx"},
	{"dry-run", 0, NULL, "only tell the plan, and how each event would be signed"},
	{"yes", 'y', NULL, "more than one without asking"},
	{"yes-to", 0, "HOST", "this host is meant, though it is not this machine"},
	{"resume", 0, NULL, "go on with a replay that was cut off: the last, or that of this id"},
	{"report", 0, "FILE", "how it went, as JSON, .csv or .md"},
	{"json", 0, NULL, "one JSON object a line: plan, attempts, report"},
	{NULL},
};

static const char *const examples[] = {
	"hookline replay --filter 'provider:stripe status:5xx' --to localhost:3000 --dry-run",
	"hookline replay --filter is:undelivered --to localhost:3000 --rate 10/s --yes",
	NULL,
};

const struct command command_replay = {
	.name = "replay",
	.summary = "send captured events to the app again",
	.usage = "REF... | --filter FILTER --to URL [OPTION...]\n--resume [ID]",
	.examples = examples,
	.options = options_table,
	.delivers = true,
	.uses_relay = true,
	.changes = true,
	.run = run,
};
