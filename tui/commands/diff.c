/* hookline diff: what differs between two events, or what apps answered to them. */
#include <string.h>

#include "common/json.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"
#include "tui/diff/compare.h"

/* Bytes shown of a value, and in all. */
#define VALUE_SHOWN 2000
#define ALL_SHOWN (16 << 20)
/* Columns of a line where there is no terminal. */
#define COLUMNS 100

struct diff_command {
	struct session session;
	const struct arguments *arguments;
	struct line_style style;
	struct ignore ignore;
	struct event_ref refs[2];
	struct side sides[2]; /* old, new */
	size_t asked;         /* which of them is under way: first the new one */
	client_request request;
	struct buffer out;
	struct compare compare;
};

/* --- what is printed --- */

static void on_piece(void *data, enum compare_tone tone, struct span text, bool end) {
	static const char colours[] = {
		[TONE_PLAIN] = 0,
		[TONE_SIGN_OLD] = 'r',
		[TONE_SIGN_NEW] = 'g',
		[TONE_SIGN] = 'y',
		[TONE_PLACE] = 'b',
		[TONE_OLD] = 'r',
		[TONE_NEW] = 'g',
		[TONE_FAINT] = 'd',
		[TONE_TITLE] = 'b',
	};
	struct diff_command *command = data;
	struct buffer escaped = {0};
	text_escape(&escaped, text, command->style.flags);
	if (colours[tone]) {
		line_append_coloured(&command->out, &command->style, colours[tone], buffer_span(&escaped));
	} else {
		buffer_append_span(&command->out, buffer_span(&escaped));
	}
	buffer_append_text(&command->out, end ? "\n" : "");
	buffer_clear(&escaped);
}

/* "--- shop#17  2026-..., +++ shop#18": as diff(1) begins. */
static void print_heads(struct diff_command *command) {
	static const char *const signs[] = {"--- ", "+++ "};
	for (size_t i = 0; i < 2; i++) {
		const struct event *event = command->sides[i].event;
		struct buffer ref = {0};
		side_append_ref(&ref, &command->sides[i]);
		buffer_append_text(&ref, "  ");
		buffer_append_span(&ref, event->type);
		buffer_append_text(&ref, event->type.len > 0 ? "  " : "");
		buffer_append_text(&ref, verdict_name(event->verdict));
		on_piece(command, TONE_PLAIN, span_text(signs[i]), false);
		on_piece(command, i ? TONE_NEW : TONE_OLD, buffer_span(&ref), true);
		buffer_clear(&ref);
	}
}

static void tell_part(struct diff_command *command, enum compare_part part, bool heading) {
	struct compare_telling telling = {.raw = arguments_has(command->arguments, "raw"),
		.most = VALUE_SHOWN,
		.room = command->style.width > 0 ? command->style.width : COLUMNS,
		.all = ALL_SHOWN,
		.tell = on_piece,
		.data = command};
	if (heading) {
		on_piece(command, TONE_TITLE, span_text(compare_part_name(part)), false);
		on_piece(command, TONE_PLAIN, span_text(" "), false);
	}
	compare_tell(&command->compare, &telling);
}

static void append_part(struct diff_command *command, enum compare_part part) {
	buffer_append_text(&command->out, command->out.len > 0 ? "," : "");
	compare_append_json(&command->out, &command->compare, part, ALL_SHOWN);
}

/* True: the same. */
static bool print_part(
	struct diff_command *command, enum compare_part part, enum compare_form form, bool heading) {
	compare_begin(
		&command->compare, &command->sides[0], &command->sides[1], part, form, &command->ignore);
	while (!compare_step(&command->compare, SIZE_MAX / 8)) {
		/* nothing else is to be done here */
	}
	if (arguments_has(command->arguments, "json")) {
		append_part(command, part);
	} else {
		tell_part(command, part, heading);
	}
	return !command->compare.missing && compare_is_same(&command->compare);
}

/* {"old":"shop#17","new":"shop#18","same":false,"parts":[...]} around the parts. */
static void wrap_json(struct diff_command *command, bool same) {
	struct buffer parts = command->out, ref = {0};
	command->out = (struct buffer){0};
	buffer_append_byte(&command->out, '{');
	for (size_t i = 0; i < 2; i++) {
		buffer_reset(&ref);
		side_append_ref(&ref, &command->sides[i]);
		json_member_text(&command->out, i ? "new" : "old", buffer_span(&ref));
	}
	json_member_bool(&command->out, "same", same);
	json_member_name(&command->out, "parts");
	buffer_append_byte(&command->out, '[');
	buffer_append_span(&command->out, buffer_span(&parts));
	buffer_append_text(&command->out, "]}\n");
	buffer_clear(&parts);
	buffer_clear(&ref);
}

static void compare(struct diff_command *command) {
	const struct arguments *arguments = command->arguments;
	enum compare_form form = arguments_has(arguments, "lines")   ? COMPARE_LINES
	                         : arguments_has(arguments, "bytes") ? COMPARE_BYTES
	                                                             : COMPARE_AUTO;
	bool same;
	if (arguments_has(arguments, "answers")) {
		same = print_part(command, COMPARE_ANSWERS, form, false);
	} else if (arguments_has(arguments, "requests")) {
		same = print_part(command, COMPARE_REQUESTS, form, false);
	} else if (arguments_has(arguments, "headers")) {
		same = print_part(command, COMPARE_HEADERS, form, false);
	} else if (form != COMPARE_AUTO || arguments_has(arguments, "body")) {
		same = print_part(command, COMPARE_BODY, form, false);
	} else {
		same = print_part(command, COMPARE_HEADERS, form, true);
		buffer_append_text(&command->out, arguments_has(arguments, "json") ? "" : "\n");
		same = print_part(command, COMPARE_BODY, form, true) && same;
	}
	if (arguments_has(arguments, "json")) {
		wrap_json(command, same);
	} else if (!same || !arguments_has(arguments, "quiet")) {
		struct buffer body = command->out;
		command->out = (struct buffer){0};
		print_heads(command);
		buffer_append_span(&command->out, buffer_span(&body));
		buffer_clear(&body);
	}
	if (!arguments_has(arguments, "quiet")) {
		print_out(&command->out);
	}
	session_stop(&command->session, same ? 0 : 1);
}

/* --- what is asked for --- */

static void ask_next(struct diff_command *command);

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct diff_command *command = data;
	side_take_event(&command->sides[command->asked], event, bytes->head, bytes->body);
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct diff_command *command = data;
	side_take_attempt(&command->sides[command->asked], attempt, bytes->head, bytes->body);
}

static bool has_its_attempt(const struct side *side, struct error *err) {
	return side->number == 0 || side_attempt(side) ||
	       error_set(err, ERROR_NO, "attempt %lld of this event is not there (its newest %d are)",
			   (long long)side->number, SIDE_ATTEMPTS_MAX);
}

static void on_done(void *data, const struct error *err) {
	struct diff_command *command = data;
	struct error wrong = {0};
	if (!err && !has_its_attempt(&command->sides[command->asked], &wrong)) {
		err = &wrong;
	}
	if (err) {
		/* 1 says that they differ, so that it is no answer to a mistake */
		struct error told = *err;
		told.code = err->code == ERROR_NO ? ERROR_USAGE : err->code;
		session_fail(&command->session, &told);
	} else if (command->asked == 1) {
		command->asked = 0;
		ask_next(command);
	} else {
		compare(command);
	}
}

static void get(struct diff_command *command) {
	struct client_receiver receiver = {
		.event = on_event, .attempt = on_attempt, .done = on_done, .data = command};
	client_get(command->session.client, &command->refs[command->asked], &receiver);
}

static void on_good(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct diff_command *command = data;
	(void)bytes;
	command->refs[0] = (struct event_ref){.by_id = true, .id = event->id};
}

static void on_good_done(void *data, const struct error *err) {
	struct diff_command *command = data;
	struct error none = {0};
	if (!err && !command->refs[0].by_id) {
		error_set(&none, ERROR_USAGE,
			"no event like it went well before it (rightly signed, and answered 2xx by the app): "
			"name a second one");
		err = &none;
	}
	if (err) {
		session_fail(&command->session, err);
	} else {
		get(command);
	}
}

/* The newest before it that went well. */
static void ask_good(struct diff_command *command) {
	const struct event *event = command->sides[1].event;
	struct buffer filter = {0};
	side_append_good_filter(&filter, event);
	struct client_query query = {.filter = buffer_span(&filter),
		.newest_first = true,
		.beyond = event->position,
		.limit = 1};
	struct client_receiver receiver = {.event = on_good, .done = on_good_done, .data = command};
	client_list(command->session.client, &query, &receiver);
	buffer_clear(&filter);
}

static void ask_next(struct diff_command *command) {
	if (command->asked == 0 && command->arguments->word_count == 1) {
		ask_good(command);
	} else {
		get(command);
	}
}

/* --- the command --- */

static bool read_words(struct diff_command *command, struct error *err) {
	const struct arguments *arguments = command->arguments;
	size_t count = arguments->word_count;
	if (count != 1 && count != 2) {
		return error_set(err, ERROR_USAGE, "expected one or two events, such as stripe#1042");
	}
	for (size_t i = 0; i < count; i++) {
		size_t side = count == 1 ? 1 : i;
		if (!side_ref_parse(&command->refs[side], &command->sides[side].number,
				span_text(arguments->words[i]), err)) {
			return false;
		}
	}
	static const char *const parts[] = {"answers", "requests", "headers", "body"};
	static const char *const forms[] = {"lines", "bytes"};
	int named = 0, formed = 0;
	for (size_t i = 0; i < 4; i++) {
		named += arguments_has(arguments, parts[i]);
	}
	for (size_t i = 0; i < 2; i++) {
		formed += arguments_has(arguments, forms[i]);
	}
	if (named > 1 || formed > 1) {
		return error_set(err, ERROR_USAGE,
			"only one of --headers, --body, --requests, --answers, and of --lines, --bytes");
	}
	const char *pattern;
	for (size_t nth = 0; (pattern = arguments_nth(arguments, "ignore", nth)); nth++) {
		if (!ignore_add(&command->ignore, span_text(pattern), err)) {
			return false;
		}
	}
	command->ignore.usual = arguments_has(arguments, "ignore-usual");
	return true;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct diff_command command = {
		.arguments = arguments, .style = line_style_of(stdout), .asked = 1};
	int code = 2;
	if (read_words(&command, err)) {
		if (session_open(&command.session, arguments, false, false, err)) {
			ask_next(&command);
			code = session_run(&command.session, err);
		} else {
			code = command.session.exit_code;
		}
		session_close(&command.session);
	}
	compare_clear(&command.compare);
	side_empty(&command.sides[0]);
	side_empty(&command.sides[1]);
	ignore_clear(&command.ignore);
	buffer_clear(&command.out);
	return code;
}

static const struct option_row options[] = {
	{"headers", 0, NULL, "the heads alone: headers by name, and their order"},
	{"body", 0, NULL, "the bodies alone"},
	{"requests", 0, NULL, "what was sent to the app"},
	{"answers", 0, NULL, "what the app answered"},
	{"lines", 0, NULL, "bodies by line, also where they are JSON"},
	{"bytes", 0, NULL, "bodies by byte: the first difference, and hex"},
	{"ignore", 0, "PATH", "left out: created_at, .items[*].id, a header; repeatable"},
	{"ignore-usual", 0, NULL, "ids, times and signatures are left out"},
	{"raw", 0, NULL, "values of JSON as they were written"},
	{"json", 0, NULL, "one JSON object: path, old and new of each difference"},
	{"quiet", 'q', NULL, "only the exit code"},
	{NULL},
};

static const char *const examples[] = {
	"hookline diff stripe#1041 stripe#1042",
	"hookline diff stripe#1042 --ignore-usual      with the last one that went well",
	"hookline diff shop#17@1 shop#17@2 --answers   two attempts of one event",
	NULL,
};

const struct command command_diff = {
	.name = "diff",
	.summary = "what differs between two events, or between an app's answers",
	.usage = "REF[@ATTEMPT] [REF[@ATTEMPT]] [--headers|--body|--requests|--answers]\n"
			 "[--lines|--bytes] [--ignore PATH]... [--ignore-usual] [--raw] [--json]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
