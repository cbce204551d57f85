/* hookline mark: what people say of events, for all who look at them. */
#include <stdio.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/event.h"
#include "common/text.h"
#include "tui/annotate_ask.h"
#include "tui/commands/commands.h"
#include "tui/commands/session.h"

struct mark;

/* One event that was named. */
struct asked {
	struct mark *mark;
	const char *ref;
};

struct mark {
	struct session session;
	const struct arguments *arguments;
	struct asked *asked;
	size_t open, done;
};

static void tell_done(const struct mark *mark) {
	bool removed = arguments_has(mark->arguments, "remove");
	fprintf(stderr, "%zu %s\n", mark->done, removed ? "unmarked" : "marked");
}

/* One that is not there keeps nobody from marking the others; what is wrong with all of them ends it. */
static void on_answered(void *data, const struct cJSON *answer, const struct error *err) {
	const struct asked *asked = data;
	struct mark *mark = asked->mark;
	(void)answer;
	if (err && err->code != ERROR_NO) {
		session_fail(&mark->session, err);
		return;
	}
	if (err) {
		struct error told = *err;
		error_prefix(&told, "%s", asked->ref);
		command_fail("mark", &told);
	}
	mark->done += !err;
	if (--mark->open == 0) {
		session_stop(&mark->session, mark->done == mark->arguments->word_count ? 0 : 1);
	}
}

static void ask(struct mark *mark) {
	const struct arguments *arguments = mark->arguments;
	const char *text = arguments_text(arguments, "note", NULL);
	bool removed = arguments_has(arguments, "remove");
	struct span note = text ? span_text(text) : removed ? span_text("") : (struct span){0};
	mark->open = arguments->word_count;
	mark->asked = alloc_zero(arguments->word_count, sizeof *mark->asked);
	for (size_t i = 0; i < arguments->word_count; i++) {
		mark->asked[i] = (struct asked){mark, arguments->words[i]};
		annotate_ask(mark->session.client, span_text(arguments->words[i]), removed ? 0 : 1, note,
			span_text(mark->session.who), on_answered, &mark->asked[i]);
	}
}

static bool read_words(const struct arguments *arguments, struct error *err) {
	const char *note = arguments_text(arguments, "note", "");
	if (arguments->word_count == 0) {
		return error_set(err, ERROR_USAGE, "which events? Name them like stripe#1042");
	}
	if (span_text(note).len > ANNOTATION_NOTE_MAX || !text_is_utf8(span_text(note))) {
		return error_set(
			err, ERROR_USAGE, "a note is text in UTF-8 of at most %d bytes", ANNOTATION_NOTE_MAX);
	}
	for (size_t i = 0; i < arguments->word_count; i++) {
		struct event_ref ref;
		if (!event_ref_parse(&ref, span_text(arguments->words[i]), err)) {
			return false;
		}
	}
	return true;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct mark mark = {.arguments = arguments};
	int code;
	if (!read_words(arguments, err)) {
		return 2;
	}
	if (session_open(&mark.session, arguments, false, false, err)) {
		ask(&mark);
		code = session_run(&mark.session, err);
		if (mark.done > 0 || mark.open == 0) {
			tell_done(&mark);
		}
	} else {
		code = mark.session.exit_code;
	}
	session_close(&mark.session);
	free(mark.asked);
	return code;
}

static const struct option_row options[] = {
	{"note", 0, "TEXT", "a note beside the mark, instead of the one there is"},
	{"remove", 0, NULL, "take the mark away, and the note unless --note has one"},
	{NULL},
};

static const char *const examples[] = {
	"hookline mark stripe#1042 --note 'refunded twice, see #881'",
	"hookline mark stripe#1042 stripe#1043",
	"hookline mark --remove stripe#1042",
	NULL,
};

const struct command command_mark = {
	.name = "mark",
	.summary = "mark events, and write notes to them, for all to see",
	.usage = "REF... [--remove] [--note TEXT]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
