/* What is known of who sent the event, why, and what can be done about it. */
#include <inttypes.h>

#include "common/event_words.h"
#include "common/signature/advice.h"
#include "tui/screen/pane.h"
#include "tui/screen/pane_parts.h"
#include "tui/screen/pane_provider.h"
#include "tui/screen/verdict_style.h"

static void add_verdict(struct document *document, const struct event *event) {
	const struct verdict_style *look = verdict_style(event->verdict);
	if (document_is_ascii(document)) {
		document_add(document, (struct span){&look->ascii, 1}, look->style);
	} else {
		document_add(document, span_text(look->glyph), look->style);
	}
	document_print(document, look->style, " %s", verdict_name(event->verdict));
	document_print(document, STYLE_TEXT, ": %s", look->meaning);
	document_end_line(document, 2);
	document_end_line(document, 0);
}

static bool is_told(const struct detail *detail) {
	const struct told_explanation *told = &detail->explanation;
	return told->state == EXPLAINED_TOLD && told->verdict == detail->event->verdict &&
	       uuid_equal(&told->event, &detail->event->id);
}

/* What follows from why, with the key that does it and the command. */
static void add_advice(
	struct document *document, const struct detail *detail, const struct scheme_facts *facts) {
	static const char *const keys[] = {[ADVICE_SECRET] = " By a, :secret, or ",
		[ADVICE_PROVIDER] = " By ",
		[ADVICE_REPLAY] = " By r, or "};
	const struct event *event = detail->event;
	const struct advice_about about = {.verdict = event->verdict,
		.cause = is_told(detail) ? detail->explanation.cause : EXPLAIN_NONE,
		.secret = span_text(is_told(detail) ? detail->explanation.secret : ""),
		.headers = facts ? buffer_span(&facts->headers) : (struct span){0},
		.endpoint = event->endpoint,
		.seq = event->seq,
		.names_provider = event->provider.len > 0};
	struct buffer text = {0}, command = {0};
	enum advice_step step = advice_append(&text, &about);
	if (text.len > 0) {
		pane_fact_name(document, "to do");
		document_add(document, buffer_span(&text), STYLE_TEXT);
		if (advice_append_command(&command, step, &about)) {
			document_add(document, span_text(keys[step]), STYLE_TEXT);
			document_add(document, buffer_span(&command), STYLE_KEY);
		}
		document_end_line(document, PANE_FACT_COLUMNS);
	}
	buffer_clear(&text);
	buffer_clear(&command);
}

static const char *ordinal_ending(int64_t number) {
	static const char *const endings[] = {"th", "st", "nd", "rd"};
	int64_t ten = number % 100 / 10, one = number % 10;
	return endings[ten != 1 && one < 4 ? one : 0];
}

/* "answered    503 to the sender, by the relay in place of the app: ..." */
static void add_answered(struct document *document, const struct event *event) {
	struct buffer words = {0};
	bool plain = event->answer_by <= ANSWERED_BY_APP || event->answer_by == ANSWERED_BY_HANDSHAKE;
	pane_fact_name(document, "answered");
	if (event->answer_status > 0) {
		document_print(document, verdict_style_of_status(event->answer_status), "%" PRId64,
			event->answer_status);
		buffer_append_byte(&words, ' ');
	}
	event_append_answered(&words, event);
	document_add(document, buffer_span(&words), plain ? STYLE_FAINT : STYLE_WARN);
	document_end_line(document, PANE_FACT_COLUMNS);
	buffer_clear(&words);
}

static void add_annotation(struct document *document, const struct event *event) {
	struct buffer said = {0};
	event_append_annotation(&said, event, true);
	pane_fact(document, "marked", buffer_span(&said), STYLE_INFO);
	buffer_clear(&said);
}

static void add_delivery(struct document *document, const struct event *event) {
	struct buffer made = {0};
	event_append_badge(&made, event);
	if (made.len > 0) {
		pane_fact(document, "made", buffer_span(&made), STYLE_WARN);
	}
	buffer_clear(&made);
	if (event->provider_id.len > 0) {
		pane_fact_name(document, "delivery");
		if (event->repeat > 1) {
			document_print(document, STYLE_WARN, "the %" PRId64 "%s of ", event->repeat,
				ordinal_ending(event->repeat));
		}
		document_add(document, event->provider_id, STYLE_TEXT);
		document_add(document,
			span_text(event->repeat > 1 ? ": the provider sent this event before" : ""),
			STYLE_TEXT);
		document_end_line(document, PANE_FACT_COLUMNS);
	}
	if (event->answer_status > 0 || event->answer_by != ANSWERED_BY_UNKNOWN) {
		add_answered(document, event);
	}
}

/* What the relay did with a handshake, and the very answer. */
static void add_handshake(struct document *document, const struct event *event) {
	struct span rest = event->answer, line;
	pane_fact(document, "handshake", event->handshake, STYLE_TEXT);
	while (pane_take_line(&rest, &line)) {
		pane_fact(document, "", line, STYLE_FAINT);
	}
	pane_fact(document, "", rest, STYLE_TEXT);
}

static void add_headers(
	struct document *document, const struct scheme_facts *facts, struct span head) {
	struct span line;
	size_t count = 0;
	pane_take_line(&head, &line); /* of the request */
	while (pane_take_line(&head, &line)) {
		struct span name = pane_header_name(line);
		if (name.len > 0 && pane_provider_signs_with(facts, name)) {
			if (count++ == 0) {
				pane_heading(document, "signature headers, as received");
			}
			pane_header_line(document, line);
		}
	}
}

/* "received    ...amount": 42}", the bytes that differ marked. */
static void add_side(struct document *document, const char *name,
	const struct told_explanation *told, const struct buffer *bytes, unsigned style) {
	pane_fact_name(document, name);
	document_add(document, buffer_span(&told->before), STYLE_TEXT);
	document_add(document, bytes->len > 0 ? buffer_span(bytes) : span_text("[]"),
		bytes->len > 0 ? style : STYLE_FAINT);
	document_add(document, buffer_span(&told->after), STYLE_TEXT);
	document_end_line(document, PANE_FACT_COLUMNS);
}

static void add_explanation(struct document *document, const struct detail *detail) {
	const struct told_explanation *told = &detail->explanation;
	if (told->state == EXPLAINED_NOT || told->verdict != detail->event->verdict ||
		!uuid_equal(&told->event, &detail->event->id)) {
		return;
	}
	struct span sentence = span_text(told->sentence);
	if (told->state == EXPLAINED_ASKED) {
		pane_fact(document, "why", span_text("the relay computes again ..."), STYLE_FAINT);
	} else if (told->state == EXPLAINED_FAILED) {
		pane_fact_name(document, "why");
		document_add(document, span_text("not known: "), STYLE_FAINT);
		document_add(document, sentence, STYLE_FAINT);
		document_end_line(document, PANE_FACT_COLUMNS);
	} else if (!span_equal(sentence, detail->event->reason)) {
		pane_fact(document, "why", sentence, STYLE_TITLE);
	}
	if (told->state == EXPLAINED_TOLD && told->differs) {
		pane_fact_name(document, "signed text");
		document_print(document, STYLE_TEXT, "differs at byte %" PRId64 "%s", told->at,
			detail->masked_request > 0 ? ", in a request that is masked" : ":");
		document_end_line(document, PANE_FACT_COLUMNS);
	}
	if (told->state == EXPLAINED_TOLD && told->differs && detail->masked_request == 0) {
		add_side(document, "  received", told, &told->received, STYLE_BAD);
		add_side(document, "  signed", told, &told->signed_for, STYLE_GOOD);
	}
}

/* "9c1e07aa, judged with; the relay has 5d2f8e7a now" */
static void add_recipe(
	struct document *document, const struct event *event, const struct scheme_facts *facts) {
	if (event->recipe.len == 0) {
		return;
	}
	pane_fact_name(document, "recipe");
	document_add(document, event->recipe, STYLE_FAINT);
	if (facts && !span_is(event->recipe, facts->version)) {
		document_print(
			document, STYLE_WARN, ", which it was judged with; now it is %s", facts->version);
	}
	document_end_line(document, PANE_FACT_COLUMNS);
}

/* By the relay's recipes where it has told them, else by those that are compiled in; NULL: nobody knows. */
static const struct scheme_facts *facts_of(
	const struct detail *detail, const struct scheme_facts *compiled_in) {
	const struct told_scheme *told = &detail->scheme;
	if (told->state == EXPLAINED_TOLD && uuid_equal(&told->event, &detail->event->id)) {
		return &told->facts;
	}
	return compiled_in->provider.len > 0 ? compiled_in : NULL;
}

/* The relay makes the text of what arrived. Where values of that are masked, it is made here of what is shown, by the same rule or not at all. */
static const struct scheme_facts *text_of(const struct detail *detail,
	const struct scheme_facts *facts, const struct scheme_facts *compiled_in) {
	bool shown = detail->masked_request == 0 || facts == compiled_in ||
	             span_equal(buffer_span(&facts->rule), buffer_span(&compiled_in->rule));
	return !shown ? NULL : detail->masked_request == 0 ? facts : compiled_in;
}

void pane_signature(struct document *document, const struct detail *detail) {
	const struct event *event = detail->event;
	struct scheme_facts compiled_in = {0};
	pane_provider_facts(
		&compiled_in, event->provider, buffer_span(&detail->head), buffer_span(&detail->body));
	const struct scheme_facts *facts = facts_of(detail, &compiled_in);
	add_verdict(document, event);
	pane_fact(document, "reason", event->reason, STYLE_TEXT);
	add_explanation(document, detail);
	pane_fact(document, "secret", event->secret, STYLE_TEXT);
	pane_provider(document, facts, event->provider);
	add_recipe(document, event, facts);
	add_advice(document, detail, facts);
	add_delivery(document, event);
	add_handshake(document, event);
	add_annotation(document, event);
	if (facts) {
		pane_signed_text(document, buffer_span(&facts->rule), text_of(detail, facts, &compiled_in));
	}
	add_headers(document, facts, buffer_span(&detail->head));
	scheme_facts_clear(&compiled_in);
}
