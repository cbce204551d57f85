/* What the app said to the event, try by try, the newest first. */
#include <inttypes.h>

#include "common/moment.h"
#include "common/words.h"
#include "tui/screen/action.h"
#include "tui/screen/pane.h"
#include "tui/screen/pane_parts.h"
#include "tui/screen/verdict_style.h"

#define INDENT 4

/* "Service Unavailable" of "HTTP/1.1 503 Service Unavailable". */
static struct span status_words(struct span head) {
	struct span line;
	if (!pane_take_line(&head, &line)) {
		return (struct span){NULL, 0};
	}
	span_cut(&line, ' ');
	span_cut(&line, ' ');
	return span_trim(line);
}

static void add_outcome(struct document *document, const struct told_attempt *told) {
	const struct attempt *attempt = told->attempt;
	enum style style = verdict_style_of_status(attempt->status > 0 ? attempt->status : -1);
	if (attempt->status <= 0) {
		document_add(document, span_text("no answer"), style);
		return;
	}
	document_print(document, style, "%" PRId64, attempt->status);
	struct span words = status_words(buffer_span(&told->head));
	if (words.len > 0) {
		document_add(document, span_text(" "), style);
		document_add(document, words, style);
	}
}

/* "> #3 replay  503 Service Unavailable  12 ms  5s ago" */
static void add_title(
	struct document *document, const struct told_attempt *told, bool shown, int64_t now_ms) {
	const struct attempt *attempt = told->attempt;
	struct buffer text = {0};
	document_print(document, shown ? STYLE_TITLE : STYLE_TEXT, "%s#%" PRId64 " %s  ",
		shown ? "> " : "  ", attempt->number, cause_name(attempt->cause));
	add_outcome(document, told);
	buffer_append_text(&text, "  ");
	words_append_took(&text, attempt->took_us);
	buffer_append_text(&text, "  ");
	int64_t age_ms = now_ms - attempt->started_at_ns / MOMENT_NS_PER_MS;
	words_append_age(&text, age_ms);
	buffer_append_text(&text, age_ms >= 1000 ? " ago" : "");
	document_add(document, buffer_span(&text), STYLE_FAINT);
	document_end_line(document, INDENT);
	buffer_clear(&text);
}

static void add_indented(
	struct document *document, const char *name, struct span text, unsigned style) {
	if (text.len > 0) {
		document_print(document, STYLE_FAINT, "%*s%s", INDENT, "", name);
		document_add(document, text, style);
		document_end_line(document, INDENT + 2);
	}
}

static void add_facts(struct document *document, const struct attempt *attempt) {
	struct buffer when = {0};
	add_indented(document, "to ", attempt->target, STYLE_TEXT);
	words_append_time(&when, attempt->started_at_ns, true);
	if (attempt->who.len > 0) {
		buffer_append_text(&when, " by ");
		buffer_append_span(&when, attempt->who);
	}
	add_indented(document, "at ", buffer_span(&when), STYLE_TEXT);
	buffer_clear(&when);
	add_indented(document, "changed: ", attempt->changes, STYLE_TEXT);
	add_indented(document, "", attempt->error, STYLE_BAD);
}

static void add_cut(struct document *document, const struct attempt *attempt) {
	if (attempt->answer_body_total > attempt->answer_body_len) {
		document_print(document, STYLE_WARN,
			"cut here: %" PRId64 " of %" PRId64 " bytes of the answer were kept",
			attempt->answer_body_len, attempt->answer_body_total);
		document_end_line(document, 0);
	}
}

static void add_answer(
	struct document *document, const struct detail *detail, const struct told_attempt *told) {
	struct span head = buffer_span(&told->head), body = buffer_span(&told->body);
	if (head.len == 0 && body.len == 0) {
		return;
	}
	document_end_line(document, 0);
	pane_head(document, head);
	document_end_line(document, 0);
	pane_body(document, detail->form_chosen ? detail->form : document_form_of(body), head, body);
	add_cut(document, told->attempt);
}

static void add_none(struct document *document) {
	char replay[16], forward[16];
	action_key(replay, ACTION_REPLAY, PLACE_DETAIL);
	action_key(forward, ACTION_FORWARD, PLACE_DETAIL);
	document_add(document, span_text("Not sent to an app yet: "), STYLE_TEXT);
	document_add(document, span_text(replay), STYLE_KEY);
	document_add(document, span_text(" sends this event, "), STYLE_TEXT);
	document_add(document, span_text(forward), STYLE_KEY);
	document_add(document, span_text(" all that come from now on."), STYLE_TEXT);
	document_end_line(document, 0);
}

/* Those in front of the ones that are here. */
static void add_older(struct document *document, const struct detail *detail) {
	int64_t first = detail->attempts[0].attempt->number;
	if (first > 1) {
		document_end_line(document, 0);
		document_print(document, STYLE_FAINT,
			"  %" PRId64 " older are not shown here: hookline show ", first - 1);
		struct buffer ref = {0};
		event_append_ref(&ref, detail->event->endpoint, detail->event->seq);
		document_add(document, buffer_span(&ref), STYLE_FAINT);
		document_end_line(document, 2);
		buffer_clear(&ref);
	}
}

void pane_attempts(struct document *document, const struct detail *detail, int64_t now_ms) {
	if (detail->attempt_count == 0) {
		add_none(document);
		return;
	}
	for (size_t i = detail->attempt_count; i > 0; i--) {
		const struct told_attempt *told = &detail->attempts[i - 1];
		bool shown = i - 1 == detail->attempt_shown;
		if (i < detail->attempt_count) {
			document_end_line(document, 0);
		}
		add_title(document, told, shown, now_ms);
		add_facts(document, told->attempt);
		if (shown) {
			add_answer(document, detail, told);
		}
	}
	add_older(document, detail);
}
