/* What the panes of an event say, whole, as saved in tests/screens/pane_*.txt. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/saved_screen.h"
#include "tests/unit/unit.h"
#include "tui/screen/pane.h"

#define RECEIVED_NS INT64_C(1767225600000000000)

static const char head[] =
	"POST /e/shop/hooks?v=1 HTTP/1.1\r\n"
	"Host: hooks.example.com\r\n"
	"content-type:application/json; charset=utf-8\r\n"
	"Stripe-Signature: t=1767225599,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e"
	"77a0e56ff536d0ce8e108d8bd\r\n"
	"X-Odd:   two  blanks \r\n"
	"X-Odd: \x1b[31mred\xff\r\n"
	"Empty:\r\n"
	"\r\n";

static const char body[] =
	"{\"id\":\"evt_1042\",\"type\":\"charge.succeeded\",\"amount\":9007199254740993,\"fee\":1.10,"
	"\"data\":{\"tags\":[\"new\",null,true,{}],\"name\":\"caf\\u00e9 \xe2\x80\xae\"},\"id\":2}";

static struct event event;
static struct attempt attempts[3];
static struct told_attempt told[3];
static struct detail detail;

static struct buffer bytes(const char *text) {
	return (struct buffer){.data = (char *)text, .len = strlen(text)};
}

static void begin(void) {
	event = (struct event){.endpoint = span_text("shop"),
		.seq = 1042,
		.received_at_ns = RECEIVED_NS,
		.provider = span_text("stripe"),
		.type = span_text("charge.succeeded"),
		.provider_id = span_text("evt_1042"),
		.repeat = 1,
		.answer_status = 200,
		.verdict = VERDICT_VALID,
		.reason = span_text("signature v1 matches, signed 1 s before it was received"),
		.secret = span_text("live")};
	detail =
		(struct detail){.open = true, .event = &event, .head = bytes(head), .body = bytes(body)};
}

static void fill_attempts(struct document *document, const struct detail *of) {
	struct keymap keymap;
	keymap_init(&keymap);
	pane_attempts(document, of, &keymap, RECEIVED_NS / 1000000 + 65000);
}

/* The whole pane, at 40 and at 80 columns. */
static void looks_like(
	void (*fill)(struct document *, const struct detail *), const char *name, bool ascii) {
	for (size_t columns = 40; columns <= 80; columns += 40) {
		struct document *document = document_new(columns, ascii);
		struct canvas canvas;
		char file[64];
		fill(document, &detail);
		document_layout(document, SIZE_MAX);
		size_t rows = document_lines(document);
		canvas_init(&canvas, columns, rows, ascii);
		document_paint(document, &canvas, (struct area){0, 0, columns, rows}, 0);
		snprintf(file, sizeof file, "pane_%s_%zu", name, columns);
		saved_screen_is(&canvas, file, true);
		canvas_clear(&canvas);
		document_free(document);
	}
}

static void json_is_readable(void **state) {
	(void)state;
	begin();
	looks_like(pane_payload, "payload_json", false);
}

static void the_chosen_form_is_shown(void **state) {
	(void)state;
	begin();
	detail.form_chosen = true;
	detail.form = DOCUMENT_HEX;
	looks_like(pane_payload, "payload_hex", false);
}

static void a_form_is_decoded_below_itself(void **state) {
	(void)state;
	begin();
	detail.head = bytes("POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded; "
						"charset=utf-8\r\n\r\n");
	detail.body = bytes("token=abc&text=caf%C3%A9+au+lait%0a&flag&odd=100%&nul=%00");
	looks_like(pane_payload, "payload_form", false);
}

static void an_empty_body_says_so(void **state) {
	(void)state;
	begin();
	detail.head = bytes("GET / HTTP/1.1\r\n\r\n");
	detail.body = bytes("");
	looks_like(pane_payload, "payload_empty", false);
}

static void headers_stand_as_received(void **state) {
	(void)state;
	begin();
	detail.trailers = bytes("X-Checksum: 12\r\nStripe-Signature: forged\r\n");
	looks_like(pane_headers, "headers", false);
	looks_like(pane_headers, "headers_ascii", true);
}

static void a_valid_signature_is_explained(void **state) {
	(void)state;
	begin();
	looks_like(pane_signature, "signature_valid", false);
}

static void a_handshake_shows_what_was_answered(void **state) {
	(void)state;
	begin();
	event.handshake = span_text("slack url_verification answered");
	event.answer = span_text("Content-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n"
							 "\r\n{\"challenge\":\"3eZbrw1aBm2rZgRNFdxV2595E9CY\"}");
	looks_like(pane_signature, "signature_handshake", false);
}

static void what_was_found_out_stands_under_the_reason(void **state) {
	(void)state;
	begin();
	event.verdict = VERDICT_INVALID;
	event.reason = span_text("no secret of this endpoint makes this signature (tried: live)");
	event.secret = span_text("");
	detail.explanation = (struct told_explanation){.state = EXPLAINED_TOLD,
		.sentence =
			"the signature is right for JSON.stringify of the body: something on the way wrote "
			"the JSON anew (secret live)",
		.differs = true,
		.at = 34,
		.before = bytes("225599.{\"amount\":"),
		.received = bytes(" "),
		.signed_for = bytes(""),
		.after = bytes("42}\n")};
	detail.explanation.cause = EXPLAIN_BODY_JSON;
	looks_like(pane_signature, "signature_explained", false);
	detail.explanation =
		(struct told_explanation){.state = EXPLAINED_FAILED, .sentence = "the relay is away"};
	looks_like(pane_signature, "signature_not_explained", false);
}

static void what_to_do_follows_from_why(void **state) {
	(void)state;
	static const struct {
		enum explain_cause cause;
		const char *secret, *name, *sentence;
	} whys[] = {
		{EXPLAIN_SECRET_BLANKS, "live", "signature_blanks",
			"the secret that is kept has blanks around it; without them the signature is right"},
		{EXPLAIN_OTHER_SECRET, "try/staging", "signature_other_secret",
			"the signature is made with the secret try/staging, not with live"},
	};
	begin();
	event.verdict = VERDICT_INVALID;
	event.reason = span_text("no secret of this endpoint makes this signature (tried: live)");
	event.secret = span_text("");
	for (size_t i = 0; i < sizeof whys / sizeof *whys; i++) {
		detail.explanation = (struct told_explanation){.state = EXPLAINED_TOLD,
			.verdict = VERDICT_INVALID,
			.event = event.id,
			.cause = whys[i].cause};
		snprintf(detail.explanation.sentence, sizeof detail.explanation.sentence, "%s",
			whys[i].sentence);
		snprintf(detail.explanation.secret, sizeof detail.explanation.secret, "%s", whys[i].secret);
		looks_like(pane_signature, whys[i].name, false);
	}
}

static void an_invalid_signature_says_what_to_do(void **state) {
	(void)state;
	begin();
	event.verdict = VERDICT_INVALID;
	event.reason = span_text("no secret of this endpoint makes signature v1");
	event.secret = span_text("");
	event.repeat = 2;
	event.answer_status = 401;
	looks_like(pane_signature, "signature_invalid", false);
	looks_like(pane_signature, "signature_ascii", true);
}

static void an_unknown_sender_says_how_to_name_it(void **state) {
	(void)state;
	begin();
	event.verdict = VERDICT_UNVERIFIED;
	event.provider = event.provider_id = event.secret = span_text("");
	event.repeat = 0;
	event.reason = span_text("the headers are those of no provider that is known");
	looks_like(pane_signature, "signature_unverified", false);
}

static void every_other_verdict_has_its_words(void **state) {
	(void)state;
	static const enum verdict verdicts[] = {
		VERDICT_EXPIRED, VERDICT_UNSIGNED, VERDICT_PARTIAL, VERDICT_RESERIALISED};
	begin();
	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		char name[64];
		event.verdict = verdicts[i];
		snprintf(name, sizeof name, "signature_%s", verdict_name(verdicts[i]));
		looks_like(pane_signature, name, false);
	}
}

static void nothing_was_sent_yet(void **state) {
	(void)state;
	begin();
	looks_like(fill_attempts, "attempts_none", false);
}

static void add_attempts(void) {
	static const struct attempt common = {.endpoint = {"shop", 4},
		.event_seq = 1042,
		.target = {"http://localhost:3000/hooks?v=1", 31},
		.changes = {"Host, Content-Length", 20},
		.who = {"alice@laptop", 12}};
	for (int i = 0; i < 3; i++) {
		attempts[i] = common;
		attempts[i].number = i + 5;
		attempts[i].started_at_ns = RECEIVED_NS + i * INT64_C(30000000000);
		told[i] = (struct told_attempt){.attempt = &attempts[i]};
	}
	attempts[0].error = span_text("connection refused: nothing listens on 127.0.0.1:3000");
	attempts[0].took_us = 380;
	attempts[1].cause = CAUSE_RETRY;
	attempts[1].status = 503;
	attempts[1].took_us = 12345;
	attempts[1].answer_body_len = 35;
	attempts[1].answer_body_total = 5000;
	told[1].head = bytes("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
						 "Retry-After: 1\r\n\r\n");
	told[1].body = bytes("{\"error\":\"database is \x1b[31maway\",\"n");
	attempts[2].cause = CAUSE_REPLAY;
	attempts[2].status = 200;
	attempts[2].took_us = 3210000;
	told[2].head = bytes("HTTP/1.1 200 OK\r\n\r\n");
	detail.attempts = told;
	detail.attempt_count = 3;
}

static void each_try_is_told_and_one_answer_shown(void **state) {
	(void)state;
	begin();
	add_attempts();
	detail.attempt_shown = 1;
	looks_like(fill_attempts, "attempts", false);
	detail.attempt_shown = 2;
	attempts[0].started_at_ns -= INT64_C(86400) * 1000000000;
	looks_like(fill_attempts, "attempts_newest", false);
}

static void a_fallback_and_the_answer_behind_it_are_told(void **state) {
	(void)state;
	begin();
	event.answer_by = ANSWERED_BY_FALLBACK;
	event.answer_after_us = 10003000;
	event.answer_why = span_text("no answer of the app in time");
	looks_like(pane_signature, "signature_fallback", false);
	add_attempts();
	attempts[2].late = true;
	detail.attempt_shown = 2;
	looks_like(fill_attempts, "attempts_late", false);
	event = (struct event){.endpoint = span_text("shop"), .answer_by = ANSWERED_BY_WAITING};
	looks_like(pane_signature, "signature_waiting", false);
}

int main(void) {
	setenv("TZ", "UTC", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_readable),
		cmocka_unit_test(the_chosen_form_is_shown),
		cmocka_unit_test(a_form_is_decoded_below_itself),
		cmocka_unit_test(an_empty_body_says_so),
		cmocka_unit_test(headers_stand_as_received),
		cmocka_unit_test(a_valid_signature_is_explained),
		cmocka_unit_test(a_handshake_shows_what_was_answered),
		cmocka_unit_test(what_was_found_out_stands_under_the_reason),
		cmocka_unit_test(what_to_do_follows_from_why),
		cmocka_unit_test(an_invalid_signature_says_what_to_do),
		cmocka_unit_test(an_unknown_sender_says_how_to_name_it),
		cmocka_unit_test(every_other_verdict_has_its_words),
		cmocka_unit_test(nothing_was_sent_yet),
		cmocka_unit_test(each_try_is_told_and_one_answer_shown),
		cmocka_unit_test(a_fallback_and_the_answer_behind_it_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
