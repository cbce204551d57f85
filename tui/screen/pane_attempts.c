/* What the app said to the event: one try with its answer, then the others, the newest first. */
#include <inttypes.h>
#include <string.h>

#include "common/moment.h"
#include "common/words.h"
#include "tui/screen/action.h"
#include "tui/screen/pane.h"
#include "tui/screen/pane_parts.h"
#include "tui/screen/retry_words.h"
#include "tui/screen/verdict_style.h"

#define INDENT 2

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

/* With its day, but on that day itself. */
static void append_when(struct buffer *out, int64_t ns, int64_t now_ms) {
	static const size_t day_len = sizeof "2026-11-21" - 1;
	struct buffer then = {0}, now = {0};
	words_append_time(&then, ns, true);
	words_append_time(&now, now_ms * MOMENT_NS_PER_MS, true);
	bool today =
		then.len > day_len && now.len == then.len && memcmp(then.data, now.data, day_len) == 0;
	words_append_time(out, ns, !today);
	buffer_clear(&then);
	buffer_clear(&now);
}

/* "3 of 5 replay  503 Service Unavailable  12 ms  03:43:41" */
static void add_title(struct document *document, const struct told_attempt *told, int64_t of,
	enum style style, int64_t now_ms) {
	const struct attempt *attempt = told->attempt;
	struct buffer text = {0};
	document_print(document, style, "%" PRId64 " of %" PRId64 " %s  ", attempt->number, of,
		cause_name(attempt->cause));
	add_outcome(document, told);
	document_add(document, span_text(attempt->late ? "  late" : ""), STYLE_WARN);
	buffer_append_text(&text, "  ");
	words_append_took(&text, attempt->took_us);
	buffer_append_text(&text, "  ");
	append_when(&text, attempt->started_at_ns, now_ms);
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
	add_indented(document, "to ", attempt->target, STYLE_TEXT);
	add_indented(document, "by ", attempt->who, STYLE_TEXT);
	add_indented(document, "changed: ", attempt->changes, STYLE_TEXT);
	add_indented(document, "", attempt->error, STYLE_BAD);
	add_indented(document, "",
		span_text(attempt->late ? "too late for the sender, who had the fallback by then" : ""),
		STYLE_WARN);
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

/* "attempt 2 of 4 in 4 min 12 s to http://localhost:3000, 503; ..." */
static void add_due(struct document *document, const struct retry *retry, int64_t now_ms) {
	struct buffer text = {0};
	retry_words(&text, retry, now_ms);
	document_add(document, buffer_span(&text), STYLE_WARN);
	document_end_line(document, INDENT);
	add_indented(document, "to ", retry->target, STYLE_TEXT);
	add_indented(document, "by ", retry->owner, STYLE_TEXT);
	add_indented(document, "after ", retry->reason, STYLE_TEXT);
	add_indented(document, "policy ", retry->policy, STYLE_FAINT);
	document_end_line(document, 0);
	buffer_clear(&text);
}

void pane_due(
	struct document *document, const struct dues *dues, const struct uuid *event, int64_t now_ms) {
	for (size_t i = dues_find(dues, event);
		 i < dues->count && uuid_equal(&dues->list[i]->event, event); i++) {
		add_due(document, dues->list[i], now_ms);
	}
}

static void add_none(struct document *document, const struct keymap *keymap) {
	char replay[16], forward[16];
	keymap_key(keymap, replay, ACTION_REPLAY, PLACE_DETAIL);
	keymap_key(keymap, forward, ACTION_FORWARD, PLACE_DETAIL);
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
			"%" PRId64 " older are not shown here: hookline show ", first - 1);
		struct buffer ref = {0};
		event_append_ref(&ref, detail->event->endpoint, detail->event->seq);
		document_add(document, buffer_span(&ref), STYLE_FAINT);
		document_end_line(document, 0);
		buffer_clear(&ref);
	}
}

/* "other tries: [ and ] show their answers" */
static void add_others_heading(struct document *document, const struct keymap *keymap) {
	char before[16], after[16];
	keymap_key(keymap, before, ACTION_PREVIOUS_ATTEMPT, PLACE_DETAIL);
	keymap_key(keymap, after, ACTION_NEXT_ATTEMPT, PLACE_DETAIL);
	document_end_line(document, 0);
	document_add(document, span_text("other tries"), STYLE_TITLE);
	document_add(document, span_text(": "), STYLE_FAINT);
	document_add(document, span_text(before), STYLE_KEY);
	document_add(document, span_text(" and "), STYLE_FAINT);
	document_add(document, span_text(after), STYLE_KEY);
	document_add(document, span_text(" show their answers"), STYLE_FAINT);
	document_end_line(document, 0);
}

/* Of all that were made, also of those that are not here. */
static int64_t count_of(const struct detail *detail) {
	int64_t newest = detail->attempts[detail->attempt_count - 1].attempt->number;
	return detail->event && detail->event->attempts > newest ? detail->event->attempts : newest;
}

static void add_others(struct document *document, const struct detail *detail, int64_t now_ms) {
	for (size_t i = detail->attempt_count; i > 0; i--) {
		if (i - 1 != detail->attempt_shown) {
			document_end_line(document, 0);
			add_title(document, &detail->attempts[i - 1], count_of(detail), STYLE_TEXT, now_ms);
			add_facts(document, detail->attempts[i - 1].attempt);
		}
	}
}

void pane_attempts(struct document *document, const struct detail *detail,
	const struct keymap *keymap, int64_t now_ms) {
	if (detail->attempt_count == 0) {
		add_none(document, keymap);
		return;
	}
	const struct told_attempt *shown = &detail->attempts[detail->attempt_shown];
	add_title(document, shown, count_of(detail), STYLE_TITLE, now_ms);
	add_facts(document, shown->attempt);
	add_answer(document, detail, shown);
	if (detail->attempt_count > 1) {
		add_others_heading(document, keymap);
		add_others(document, detail, now_ms);
	}
	add_older(document, detail);
}
