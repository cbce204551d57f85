/* hookline edit: a changed copy of an event, signed anew, kept beside it and sent to an app. */
#include <stdlib.h>
#include <string.h>

#include "tui/commands/commands.h"
#include "tui/commands/deliver_flags.h"
#include "tui/commands/input.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"
#include "tui/edit/draft.h"
#include "tui/edit/editing.h"
#include "tui/maker.h"

/* Largest body that is read from a file; the relay has a limit of its own. */
#define BODY_MAX ((size_t)64 << 20)

struct edit {
	struct session session;
	const struct arguments *arguments;
	struct line_style style;
	struct target target;
	bool sends, json;
	struct draft draft;
	struct event *event; /* the original; NULL: not there yet */
	struct maker *maker;
	struct editing *editing;
	struct buffer line;
};

static void fail(struct edit *edit, const struct error *err) {
	session_fail(&edit->session, err);
}

/* --- made and sent --- */

static void on_kept(void *data, const struct made *made) {
	struct edit *edit = data;
	if (edit->json) {
		event_append_json(&edit->line, made->event);
		buffer_append_byte(&edit->line, '\n');
	} else {
		line_event(&edit->line, made->event, &edit->style);
		fprintf(stderr, "%s\n", made->how);
	}
	print_out(&edit->line);
	session_flush(&edit->session);
}

static void on_delivered(void *data, const struct delivery *delivery) {
	struct edit *edit = data;
	line_attempt_or_json(
		&edit->line, &delivery->attempt, edit->json, edit->session.who, &edit->style);
	if (!delivery->connected) {
		edit->session.exit_code = 6;
	}
	print_out(&edit->line);
	session_flush(&edit->session);
}

static void on_ended(void *data, const struct made *made, const struct error *err) {
	struct edit *edit = data;
	const struct attempt *attempt = made->attempt;
	if (err) {
		fail(edit, err);
		return;
	}
	bool good =
		!attempt || (attempt->error.len == 0 && attempt->status >= 200 && attempt->status < 300);
	session_stop(&edit->session, good ? 0 : edit->session.exit_code == 6 ? 6 : 1);
}

static void make(struct edit *edit) {
	const struct event *event = edit->event;
	const struct maker_order order = {.endpoint = event->endpoint,
		.provider = event->provider,
		.secret = event->secret,
		.head = buffer_span(&edit->draft.head),
		.body = buffer_span(&edit->draft.body),
		.path_offset = draft_path_offset(&edit->draft, event->target, event->path_offset),
		.origin = ORIGIN_EDITED,
		.parent = event->id,
		.as_it_is = arguments_has(edit->arguments, "keep-signature"),
		.target = edit->sends ? &edit->target : NULL,
		.cause = CAUSE_EDIT};
	maker_make(edit->maker, &order);
}

/* --- changed --- */

static bool change_body(struct edit *edit, struct error *err) {
	const char *file = arguments_text(edit->arguments, "body", NULL);
	struct buffer body = {0};
	if (!file) {
		return true;
	}
	bool ok = input_read(file, BODY_MAX, &body, err);
	if (ok) {
		draft_set_body(&edit->draft, buffer_span(&body));
	}
	buffer_clear(&body);
	return ok;
}

typedef bool change_fn(struct draft *draft, struct span text, struct error *err);

static bool change_all(
	struct edit *edit, const char *option, change_fn *change, struct error *err) {
	const char *given;
	for (size_t n = 0; (given = arguments_nth(edit->arguments, option, n)); n++) {
		if (!change(&edit->draft, span_text(given), err)) {
			return error_prefix(err, "--%s", option);
		}
	}
	return true;
}

static bool change(struct edit *edit, struct error *err) {
	return change_all(edit, "method", draft_set_method, err) &&
	       change_all(edit, "target", draft_set_target, err) &&
	       change_all(edit, "remove-header", draft_remove_header, err) &&
	       change_all(edit, "header", draft_set_header, err) && change_body(edit, err) &&
	       change_all(edit, "set", draft_set_json, err) && draft_finish(&edit->draft, err);
}

static bool has_changes(const struct arguments *arguments) {
	static const char *const names[] = {
		"method", "target", "remove-header", "header", "body", "set"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (arguments_has(arguments, names[i])) {
			return true;
		}
	}
	return false;
}

static void on_edited(void *data, const struct draft *edited, const struct error *err) {
	struct edit *edit = data;
	if (edited) {
		draft_copy(&edit->draft, edited);
	}
	editing_free(edit->editing);
	edit->editing = NULL;
	if (err) {
		fail(edit, err);
	} else {
		make(edit);
	}
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct edit *edit = data;
	edit->event = event_copy(event);
	draft_set(&edit->draft, bytes->head, bytes->body);
}

static void on_got(void *data, const struct error *err) {
	struct edit *edit = data;
	struct error why = {0};
	if (err || !edit->event) {
		error_set(&why, ERROR_NO, "the relay has said nothing of the event");
		fail(edit, err ? err : &why);
		return;
	}
	if (!has_changes(edit->arguments)) {
		edit->editing =
			editing_begin(&edit->session.loop, &edit->draft, edit->event, on_edited, edit, &why);
	} else if (change(edit, &why)) {
		make(edit);
	}
	if (why.code) {
		fail(edit, &why);
	}
}

/* --- the command --- */

static bool check(
	struct edit *edit, struct event_ref *ref, struct deliver_options *options, struct error *err) {
	const struct arguments *arguments = edit->arguments;
	const char *to = arguments_text(arguments, "to", NULL);
	edit->sends = !arguments_has(arguments, "no-send");
	options->concurrency = 1;
	if (arguments->word_count != 1) {
		return error_set(err, ERROR_USAGE, "expected one event, such as stripe#1042");
	}
	if (edit->sends != (to != NULL)) {
		return error_set(err, ERROR_USAGE,
			edit->sends ? "--to URL says where the app is, such as --to localhost:3000; --no-send "
						  "only keeps the copy"
						: "--to and --no-send exclude each other");
	}
	return event_ref_parse(ref, span_text(arguments->words[0]), err) &&
	       deliver_options_read(options, arguments, edit->session.who, err) &&
	       (!to || target_parse(&edit->target, to, options->anywhere, err));
}

static bool is_no_loop(const struct edit *edit, struct error *err) {
	return !edit->sends || !target_leads_to(&edit->target, span_text(edit->session.ingest_url)) ||
	       error_set(err, ERROR_USAGE,
			   "%s is the relay's own port for webhooks: that would be a loop", edit->target.url);
}

static int run_session(struct edit *edit, const struct event_ref *ref,
	struct deliver_options *options, struct error *err) {
	static const struct maker_events events = {on_kept, on_delivered, on_ended};
	bool in_editor = !has_changes(edit->arguments);
	int code;
	if (session_open(&edit->session, edit->arguments, in_editor, false, err) &&
		is_no_loop(edit, err) &&
		(edit->maker = maker_new(
			 &edit->session.loop, edit->session.client, options, &events, edit, err))) {
		struct client_receiver receiver = {.event = on_event, .done = on_got, .data = edit};
		client_get(edit->session.client, ref, &receiver);
		code = session_run(&edit->session, err);
	} else {
		code = edit->session.exit_code;
	}
	editing_free(edit->editing);
	maker_free(edit->maker);
	session_close(&edit->session);
	return code;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct edit edit = {.arguments = arguments,
		.style = line_style_of(stdout),
		.json = arguments_has(arguments, "json")};
	struct deliver_options options = {0};
	struct event_ref ref;
	int code = check(&edit, &ref, &options, err) ? run_session(&edit, &ref, &options, err) : 2;
	target_clear(&edit.target);
	draft_clear(&edit.draft);
	buffer_clear(&edit.line);
	free(edit.event);
	return code;
}

static const struct option_row options_table[] = {
	{"to", 0, "URL", "where the app is: localhost:3000/hooks"},
	{"no-send", 0, NULL, "only keep the copy"},
	{"set", 0, ".PATH=VALUE", "change a value of a JSON body, and keep every other byte"},
	{"body", 0, "FILE", "another body (-: standard input)"},
	{"header", 0, "LINE", "\"Name: value\": in the place of that header, or a new one"},
	{"remove-header", 0, "NAME", "without that header"},
	{"method", 0, "METHOD", "another method"},
	{"target", 0, "TARGET", "another path and query"},
	{"keep-signature", 0, NULL, "do not have it signed anew"},
	{"json", 0, NULL, "the copy and the attempt as JSON, one object a line"},
	{NULL},
};

static const char *const examples[] = {
	"hookline edit stripe#1042 --to localhost:3000/hooks",
	"hookline edit stripe#1042 --set .data.object.amount=0 --to localhost:3000",
	"hookline edit stripe#1042 --header 'X-Test: 1' --no-send",
	NULL,
};

const struct command command_edit = {
	.name = "edit",
	.summary = "send a changed copy of an event to the app",
	.usage = "REF --to URL [--set .PATH=VALUE...] [--body FILE] [--header LINE...]\nREF "
			 "--no-send [...]",
	.examples = examples,
	.options = options_table,
	.delivers = true,
	.uses_relay = true,
	.changes = true,
	.run = run,
};
