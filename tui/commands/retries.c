/* hookline retries: what is to be tried again, and pausing, hurrying and cancelling it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/event.h"
#include "common/json.h"
#include "common/moment.h"
#include "common/same_target.h"
#include "common/text.h"
#include "common/words.h"
#include "tui/commands/commands.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"
#include "tui/retry_ask.h"

enum verb { VERB_LIST, VERB_NOW, VERB_PAUSE, VERB_RESUME, VERB_CANCEL };
static const char *const verbs[] = {"list", "now", "pause", "resume", "cancel"};
#define VERB_COUNT (sizeof verbs / sizeof *verbs)

struct retries_command {
	struct session session;
	const struct arguments *arguments;
	struct line_style style;
	enum verb verb;
	bool json;
	struct retry **list; /* those that were asked for */
	size_t count, capacity;
	size_t open, done; /* changes under way, and made */
	struct buffer line;
};

static int64_t now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec;
}

/* --- which --- */

static bool is_named(const struct retry *retry, const char *word) {
	struct event_ref ref;
	if (!event_ref_parse(&ref, span_text(word), NULL)) {
		return span_is(retry->endpoint, word);
	}
	return ref.by_id ? uuid_equal(&ref.id, &retry->event)
	                 : ref.seq == retry->event_seq && span_equal(ref.endpoint, retry->endpoint);
}

static bool is_asked_for(const struct retries_command *command, const struct retry *retry) {
	const char *target = arguments_text(command->arguments, "to", NULL);
	size_t words = command->arguments->word_count;
	if (target && !target_same(retry->target, span_text(target))) {
		return false;
	}
	bool named = words <= 1;
	for (size_t i = 1; i < words && !named; i++) {
		named = is_named(retry, command->arguments->words[i]);
	}
	return named;
}

/* --- what is shown --- */

static void append_due(struct buffer *out, const struct retry *retry) {
	int64_t left_ms = (retry->due_ns - now_ns()) / MOMENT_NS_PER_MS;
	if (retry->paused) {
		buffer_append_text(out, "paused");
	} else if (retry->taken_until_ns > now_ns()) {
		buffer_append_text(out, "under way");
	} else if (left_ms <= 0) {
		buffer_append_text(out, "due");
	} else {
		buffer_append_text(out, "in ");
		words_append_age(out, left_ms > 1000 ? left_ms : 1000);
	}
}

/* "default#1   in 4m   2 of 4   http://localhost:3000   503; attempt 2 of 4 follows" */
static void show(struct retries_command *command, const struct retry *retry) {
	struct buffer raw = {0}, due = {0}, ref = {0};
	if (command->json) {
		retry_append_json(&command->line, retry);
		buffer_append_byte(&command->line, '\n');
		print_out(&command->line);
		return;
	}
	append_due(&due, retry);
	event_append_ref(&ref, retry->endpoint, retry->event_seq);
	buffer_printf(&raw, "%-16s  %-9s  %" PRId64 " of %" PRId64 "  %.*s  %.*s  %.*s",
		buffer_text(&ref), buffer_text(&due), retry->tries + 1, retry->attempts,
		(int)retry->target.len, retry->target.data, (int)retry->owner.len, retry->owner.data,
		(int)retry->reason.len, retry->reason.data);
	text_escape_column(&command->line, buffer_span(&raw), command->style.flags,
		command->style.width > 0 ? command->style.width : raw.len);
	while (command->line.len > 0 && command->line.data[command->line.len - 1] == ' ') {
		command->line.len--;
	}
	buffer_append_byte(&command->line, '\n');
	print_out(&command->line);
	buffer_clear(&raw);
	buffer_clear(&due);
	buffer_clear(&ref);
}

/* --- what is done --- */

static void finish(struct retries_command *command) {
	static const char *const did[] = {"", "due now", "paused", "resumed", "cancelled"};
	if (command->open > 0) {
		return;
	}
	fprintf(stderr, "%zu %s\n", command->done, did[command->verb]);
	session_stop(&command->session, command->done == command->count ? 0 : 1);
}

static void on_changed(void *data, const struct cJSON *answer, const struct error *err) {
	struct retries_command *command = data;
	(void)answer;
	command->open--;
	command->done += !err;
	if (err && err->code != ERROR_NO) {
		session_fail(&command->session, err);
		return;
	}
	finish(command);
}

static void change(struct retries_command *command, const struct retry *retry) {
	struct client *client = command->session.client;
	struct buffer reason = {0};
	switch (command->verb) {
	case VERB_NOW:
		retry_ask_change(client, retry, 0, now_ns(), on_changed, command);
		break;
	case VERB_PAUSE:
	case VERB_RESUME:
		retry_ask_change(client, retry, command->verb == VERB_PAUSE, 0, on_changed, command);
		break;
	default:
		buffer_printf(&reason, "cancelled by %s", command->session.who);
		retry_ask_remove(client, retry, "", buffer_span(&reason), on_changed, command);
		break;
	}
	buffer_clear(&reason);
}

static int by_due(const void *a, const void *b) {
	const struct retry *first = *(struct retry *const *)a, *second = *(struct retry *const *)b;
	return (first->due_ns > second->due_ns) - (first->due_ns < second->due_ns);
}

/* All that is there is known. */
static void act(struct retries_command *command) {
	if (command->count > 0) {
		qsort(command->list, command->count, sizeof *command->list, by_due);
	}
	if (command->verb == VERB_LIST) {
		for (size_t i = 0; i < command->count; i++) {
			show(command, command->list[i]);
		}
		session_stop(&command->session, 0);
		return;
	}
	if (command->count == 0) {
		struct error err = {0};
		error_set(
			&err, ERROR_NO, "nothing of that is to be tried again; hookline retries tells what is");
		session_fail(&command->session, &err);
		return;
	}
	command->open = command->count;
	for (size_t i = 0; i < command->count; i++) {
		change(command, command->list[i]);
	}
}

static void on_one(void *data, const struct retry *retry, struct span over) {
	struct retries_command *command = data;
	if (over.data || !is_asked_for(command, retry)) {
		return;
	}
	if (command->count == command->capacity) {
		command->capacity = command->capacity ? 2 * command->capacity : 64;
		command->list = alloc_resize(command->list, command->capacity * sizeof *command->list);
	}
	command->list[command->count++] = retry_copy(retry);
}

static void on_told(void *data, const struct cJSON *object, const struct error *err) {
	struct retries_command *command = data;
	struct retry_frame frame = {0};
	struct error wrong = {0};
	if (err || !retry_frame_read(&frame, object, on_one, command, &wrong)) {
		session_fail(&command->session, err ? err : &wrong);
	} else if (frame.complete) {
		act(command);
	}
}

/* --- the command --- */

static bool read_verb(struct retries_command *command, struct error *err) {
	const struct arguments *arguments = command->arguments;
	const char *word = arguments->word_count > 0 ? arguments->words[0] : "list";
	size_t verb = 0;
	while (verb < VERB_COUNT && strcmp(word, verbs[verb]) != 0) {
		verb++;
	}
	if (verb == VERB_COUNT) {
		return error_set(err, ERROR_USAGE,
			"unknown word \"%s\": expected list, now, pause, resume or cancel", word);
	}
	command->verb = (enum verb)verb;
	return command->verb == VERB_LIST || arguments->word_count > 1 ||
	       arguments_has(arguments, "all") || arguments_has(arguments, "to") ||
	       error_set(err, ERROR_USAGE,
			   "which? Name events (stripe#1042), an endpoint, a target (--to URL), or --all");
}

static int run_session(struct retries_command *command, struct error *err) {
	struct session *session = &command->session;
	int code;
	session->data = command;
	if (session_open(session, command->arguments, false, false, err)) {
		retry_ask_list(session->client, false, on_told, command);
		code = session_run(session, err);
	} else {
		code = session->exit_code;
	}
	session_close(session);
	return code;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct retries_command command = {.arguments = arguments,
		.style = line_style_of(stdout),
		.json = arguments_has(arguments, "json")};
	int code = read_verb(&command, err) ? run_session(&command, err) : 2;
	while (command.count > 0) {
		free(command.list[--command.count]);
	}
	free(command.list);
	buffer_clear(&command.line);
	return code;
}

static const struct option_row options[] = {
	{"to", 0, "URL", "only to this target"},
	{"all", 0, NULL, "change all there are"},
	{"json", 0, NULL, "list: one JSON object a line"},
	{NULL},
};

static const char *const examples[] = {
	"hookline retries",
	"hookline retries now stripe#1042",
	"hookline retries cancel --all",
	NULL,
};

const struct command command_retries = {
	.name = "retries",
	.summary = "what is to be tried again: list, hurry, pause, cancel",
	.usage = "[list [REF|ENDPOINT]... [--to URL] [--json]]\n"
			 "now|pause|resume|cancel REF|ENDPOINT... | --to URL | --all",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
