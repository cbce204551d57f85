#include "tui/commands/prove_report.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "common/json.h"
#include "common/shell.h"
#include "common/text.h"
#include "common/words.h"
#include "tui/commands/deliver_flags.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"

/* --- what is printed --- */

#define NAME_COLUMNS 15
#define MARK_COLUMNS 4

static char colour_of(enum prove_result result) {
	static const char colours[] = {'g', 'r', 'd', 'd'};
	return colours[result];
}

static void print_words(const struct prove_finding *finding) {
	struct line_style style = line_style_of(stdout);
	struct buffer out = {0}, cell = {0};
	buffer_printf(&cell, "%-*s", MARK_COLUMNS, prove_result_mark(finding->result));
	line_append_coloured(&out, &style, colour_of(finding->result), buffer_span(&cell));
	buffer_printf(&out, " %-*s ", NAME_COLUMNS, finding->name);
	text_escape(&out, finding->text, TEXT_LINE | style.flags);
	if (finding->took_us >= 0) {
		buffer_append_text(&out, " (");
		words_append_took(&out, finding->took_us);
		buffer_append_byte(&out, ')');
	}
	buffer_append_byte(&out, '\n');
	print_out(&out);
	buffer_clear(&cell);
	buffer_clear(&out);
}

static void print_json(const struct prove_command *command, const struct prove_finding *finding) {
	struct buffer out = {0};
	buffer_append_byte(&out, '{');
	json_member_text(&out, "proof", span_text(prove_kind_name(command->order.kind)));
	json_member_text(&out, "case", span_text(finding->name));
	json_member_text(&out, "result", span_text(prove_result_name(finding->result)));
	json_member_text(&out, "text", finding->text);
	if (finding->took_us >= 0) {
		json_member_int(&out, "status", finding->status);
		json_member_int(&out, "took_us", finding->took_us);
	}
	buffer_append_text(&out, "}\n");
	print_out(&out);
	buffer_clear(&out);
}

static void on_found(void *data, const struct prove_finding *finding) {
	struct prove_command *command = data;
	if (command->json) {
		print_json(command, finding);
	} else {
		print_words(finding);
	}
	session_flush(&command->session);
}

static void print_outcome_json(
	const struct prove_command *command, const struct prove_outcome *outcome) {
	struct buffer out = {0};
	buffer_append_byte(&out, '{');
	json_member_text(&out, "proof", span_text(prove_kind_name(command->order.kind)));
	json_member_bool(&out, "proven", outcome->proven);
	json_member_text(&out, "verdict", span_text(outcome->verdict));
	json_member_text(&out, "text", outcome->sentence);
	json_member_int(&out, "ok", outcome->good);
	json_member_int(&out, "bad", outcome->bad);
	json_member_int(&out, "skipped", outcome->skipped);
	json_member_text(&out, "repeat", outcome->repeat);
	buffer_append_text(&out, "}\n");
	print_out(&out);
	buffer_clear(&out);
}

static void print_outcome(const struct prove_outcome *outcome) {
	struct line_style style = line_style_of(stdout);
	struct buffer out = {0};
	line_append_coloured(&out, &style, outcome->proven ? 'g' : 'r', span_text(outcome->verdict));
	buffer_append_text(&out, ": ");
	text_escape(&out, outcome->sentence, TEXT_LINE | style.flags);
	buffer_append_text(&out, "\nrepeat: ");
	text_escape(&out, outcome->repeat, TEXT_LINE | style.flags);
	buffer_append_byte(&out, '\n');
	print_out(&out);
	buffer_clear(&out);
}

static void on_ended(void *data, const struct prove_outcome *outcome, const struct error *err) {
	struct prove_command *command = data;
	if (err) {
		session_fail(&command->session, err);
		return;
	}
	if (command->json) {
		print_outcome_json(command, outcome);
	} else {
		print_outcome(outcome);
	}
	session_flush(&command->session);
	session_stop(&command->session, outcome->proven ? 0 : 1);
}

/* --- what is asked for --- */

static void add_flag(struct prove_command *command, const char *name) {
	if (arguments_has(command->arguments, name)) {
		buffer_printf(
			&command->line_options, "%s--%s", command->line_options.len > 0 ? " " : "", name);
	}
}

static void add_option(struct buffer *out, const struct arguments *arguments, const char *name) {
	const char *value;
	for (size_t n = 0; (value = arguments_nth(arguments, name, n)); n++) {
		buffer_printf(out, "%s--%s ", out->len > 0 ? " " : "", name);
		shell_append_word(out, span_text(value));
	}
}

/* Those that decide where and how it is sent: without them the same line would do something else. */
static void add_line_options(struct prove_command *command) {
	static const char *const names[] = {
		"timeout", "connect-timeout", "relay", "token-file", "ca-file"};
	add_flag(command, "anywhere");
	add_flag(command, "insecure");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		add_option(&command->line_options, command->arguments, names[i]);
	}
	command->order.options = buffer_text(&command->line_options);
}

bool prove_command_read(struct prove_command *command, enum prove_kind kind,
	const struct arguments *arguments, struct error *err) {
	const char *to = arguments_text(arguments, "to", NULL);
	command->arguments = arguments;
	command->json = arguments_has(arguments, "json");
	prove_order_init(&command->order, kind);
	if (!to) {
		return error_set(
			err, ERROR_USAGE, "--to URL says where the app is, such as --to localhost:3000");
	}
	if (!deliver_options_read(&command->options, arguments, NULL, err) ||
		!target_parse(&command->target, to, command->options.anywhere, err)) {
		return false;
	}
	add_line_options(command);
	command->order.target = &command->target;
	command->order.probe = arguments_text(arguments, "probe", NULL);
	command->order.check = arguments_text(arguments, "check", NULL);
	command->order.reset = arguments_text(arguments, "reset", NULL);
	return true;
}

static bool read_file(struct prove_command *command, struct error *err) {
	static const char *const names[] = {"provider", "secret-file", "param", "url"};
	const struct arguments *arguments = command->arguments;
	struct signing_input *input = &command->input;
	bool signs = arguments_has(arguments, "secret-file");
	if (!(signs ? signing_read(input, arguments, err)
				: signing_read_plain(input, arguments->words[0], err))) {
		return false;
	}
	shell_append_word(&command->words, span_text(arguments->words[0]));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		add_option(&command->words, arguments, names[i]);
	}
	command->file = (struct prove_file){.head = input->message.head,
		.body = input->message.body,
		.keyring = input->keyring,
		.words = buffer_text(&command->words)};
	if (signs) {
		command->secret =
			(struct plain_secret){input->secrets.items[0].label, input->secrets.items[0].value};
		command->file.secret = &command->secret;
		command->file.provider = keyring_provider(input->keyring);
	}
	if (!signs) {
		struct buffer several = {0};
		command->file.provider = catalogue_recognise(input->catalogue, &input->message, &several);
		buffer_clear(&several);
	}
	command->order.file = &command->file;
	return true;
}

bool prove_command_event(struct prove_command *command, struct error *err) {
	const struct arguments *arguments = command->arguments;
	struct event_ref ref;
	if (arguments->word_count != 1) {
		return error_set(
			err, ERROR_USAGE, "name one event, such as stripe#1042, or a file with a raw request");
	}
	command->ref = arguments->words[0];
	if (event_ref_parse(&ref, span_text(command->ref), NULL)) {
		command->order.refs = &command->ref;
		command->order.ref_count = 1;
		return true;
	}
	if (access(command->ref, R_OK) == 0) {
		return read_file(command, err);
	}
	return error_set(err, ERROR_USAGE,
		"%s is no event (those are named stripe#1042) and no file that can be read", command->ref);
}

/* --- carrying it out --- */

static bool open_session(struct prove_command *command, struct error *err) {
	if (command->order.file) {
		return session_open_alone(&command->session);
	}
	if (!session_open(&command->session, command->arguments, false, false, err)) {
		return false;
	}
	return !target_leads_to(&command->target, span_text(command->session.ingest_url)) ||
	       error_set(err, ERROR_USAGE,
			   "%s is the relay's own port for webhooks: that would be a loop",
			   command->target.url);
}

static int run(struct prove_command *command, struct error *err) {
	static const struct prove_events events = {on_found, on_ended};
	struct prove *prove = NULL;
	int code = 1;
	if (open_session(command, err)) {
		command->options.who = command->session.who;
		prove = prove_begin(&command->session.loop, command->session.client, &command->options,
			&command->order, &events, command, err);
		code = prove ? session_run(&command->session, err) : 1;
	} else if (command->session.exit_code) {
		code = command->session.exit_code;
	}
	prove_free(prove);
	session_close(&command->session);
	return code;
}

int prove_command_run(struct prove_command *command, struct error *err) {
	int code = run(command, err);
	prove_command_clear(command);
	return code;
}

void prove_command_clear(struct prove_command *command) {
	target_clear(&command->target);
	buffer_clear(&command->words);
	buffer_clear(&command->line_options);
	signing_clear(&command->input);
	catalogue_free(command->catalogue);
}
