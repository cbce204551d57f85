/* The panes of an open event with bodies of every kind, in every size: on each, what has two columns or tries to do harm. */
#include <stdlib.h>
#include <time.h>

#include "tests/unit/dialog_bed.h"
#include "tests/unit/unit.h"

/* Two columns a character, a combining mark, one that turns the direction, and what a terminal would obey. */
#define WIDE "\xe4\xbd\xa0\xe5\xa5\xbd"
#define MARKED "z\xcc\x81"
#define TURNED "\xe2\x80\xaeneves"
#define RED "\x1b[31m"

#define BYTES(literal) ((struct span){literal, sizeof(literal) - 1})

static void act(struct model *model, enum action action, const char *text) {
	update(model, &(struct msg){.type = MSG_ACTION, .action = action, .text = span_text(text)});
}

static void settle(struct model *model) {
	while (update_idle(model, 65536)) {
		/* a slice at a time */
	}
}

/* Opens the newest event with these bytes; `type` is its Content-Type and what follows it in the head. */
static void open_body(struct model *model, const char *type, struct span body) {
	struct buffer head = {0};
	view_bed_events(model);
	struct event *event = model->window.rows[model->cursor].event;
	buffer_printf(&head,
		"POST /e/stripe/hooks?name=" WIDE " HTTP/1.1\r\nHost: hooks.example.com\r\nX-Odd: " RED
		"red" TURNED "\r\nContent-Type: %s\r\n\r\n",
		type);
	const struct msg_bytes bytes = {.head = buffer_span(&head), .body = body};
	event->head_len = (int64_t)head.len;
	event->body_len = (int64_t)body.len;
	act(model, ACTION_OPEN, "");
	update(model, &(struct msg){.type = MSG_DETAIL, .event = event, .bytes = &bytes});
	update(model, &(struct msg){.type = MSG_DETAIL_DONE});
	settle(model);
	buffer_clear(&head);
}

static const char json[] =
	"{\"id\":\"evt_1\",\"" WIDE "\":\"" WIDE WIDE "\",\"" MARKED "\":\"" TURNED
	"\",\"esc\":\"\\u001b[31m\",\"raw\":\"\xc2\x9b"
	"31m\x7f\",\"data\":{\"object\":{\"amount\":4200,"
	"\"big\":9007199254740993,\"lines\":[{\"sku\":\"a\",\"n\":1},{\"sku\":\"b\",\"n\":2}],"
	"\"empty\":"
	"{}}},\"id\":\"twice\",\"list\":[1,2.50,-3e5,true,null,\"a text that is longer than a narrow "
	"screen is wide, so that it goes on in the next line\"]}";

static void tree(struct model *model) {
	open_body(model, "application/json", span_text(json));
}

static void tree_folded(struct model *model) {
	tree(model);
	act(model, ACTION_JUMP, ".data.object");
	act(model, ACTION_FOLD, "");
	settle(model);
}

static void tree_folded_all(struct model *model) {
	tree(model);
	act(model, ACTION_FOLD_ALL, "");
	settle(model);
}

static void tree_found(struct model *model) {
	tree(model);
	act(model, ACTION_FIND, "sku");
	settle(model);
}

static void as_text(struct model *model) {
	tree(model);
	act(model, ACTION_FORM, "text");
	settle(model);
}

static void as_hex(struct model *model) {
	tree(model);
	act(model, ACTION_FORM, "hex");
	settle(model);
}

/* The next form, by the key. */
static void form_switched(struct model *model) {
	tree(model);
	bed_type(model, "b");
	settle(model);
}

static void json_is_a_tree_that_folds(void **state) {
	(void)state;
	view_bed_screens("pane_tree", tree);
	view_bed_screens("pane_tree_folded", tree_folded);
	view_bed_screens("pane_tree_folded_all", tree_folded_all);
	view_bed_screens("pane_tree_found", tree_found);
}

static void another_form_is_a_key_away(void **state) {
	(void)state;
	view_bed_screens("pane_as_text", as_text);
	view_bed_screens("pane_as_hex", as_hex);
	view_bed_screens("pane_form_switched", form_switched);
}

/* --- other kinds --- */

static void xml(struct model *model) {
	open_body(model, "application/xml",
		span_text(
			"<?xml version=\"1.0\"?><!DOCTYPE x><order xmlns:a=\"urn:a\" id='42'><" WIDE
			">" WIDE RED "</" WIDE "><empty a:b=\"" TURNED "\"/><![CDATA[<not> a tag]]><!-- a "
			"comment --><lines><line n=\"1\">a &amp; b</line><line>" MARKED
			"</line></lines><open>"));
}

static void multipart(struct model *model) {
	open_body(model, "multipart/form-data; boundary=B",
		BYTES("--B\r\nContent-Disposition: form-data; name=\"" WIDE "\"\r\n\r\nplain " RED
			  "text\r\n--B\r\nContent-Disposition: form-data; name=\"data\"\r\n"
			  "Content-Type: application/json\r\n\r\n{\"" WIDE "\":[1,2]}\r\n--B\r\n"
			  "Content-Disposition: form-data; name=\"file\"; filename=\"" TURNED
			  ".png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0"
			  "\1\xe0\x08\r\n--B--\r\n"));
}

static void image(struct model *model) {
	open_body(model, "image/png",
		BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0\1\xe0\x08\6\0\0\0\x1b[2J" WIDE
			  "and so on, as bytes, until the end of the picture is reached"));
}

static void form(struct model *model) {
	open_body(model, "application/x-www-form-urlencoded",
		span_text("token=abc&name=%E4%BD%A0%E5%A5%BD&" WIDE "=1&esc=%1B%5B31m&flag&odd=100%&text=a+"
				  "text+that+is+longer+than+a+narrow+screen+is+wide"));
}

static void text(struct model *model) {
	open_body(model, "text/plain",
		BYTES("first line\r\n" WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE WIDE
			  "\n\ttab " RED "red\x07" TURNED "\n" MARKED "\0nul\nlast, without an end"));
}

/* {"order":{"id":42,"\xe5\x90\x8d\xe5\x89\x8d":"\xe4\xbd\xa0\xe5\xa5\xbd","note":"a\\u0001b"}} */
#define GZIPPED                                                                                    \
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xca\x2f\x4a\x49"                             \
	"\x2d\x52\xb2\xaa\x56\xca\x4c\x51\xb2\x32\x31\xd2\x51\x7a\x3a\xa1"                             \
	"\xf7\x69\x67\xaf\x92\x95\xd2\x93\xbd\x0b\x9e\x2e\xdd\xab\xa4\xa3"                             \
	"\x94\x97\x5f\x92\x0a\xe4\x27\xc6\x94\x1a\x18\x18\x18\x26\x29\xd5"                             \
	"\xd6\x02\x00\xac\x1f\x9a\x44\x37\x00\x00\x00"

static void encoded(struct model *model) {
	open_body(model, "application/json\r\nContent-Encoding: gzip", BYTES(GZIPPED));
}

static void not_what_it_says(struct model *model) {
	open_body(
		model, "application/json\r\nContent-Encoding: gzip", span_text("{\"plain\":\"" WIDE "\"}"));
}

static void empty(struct model *model) {
	open_body(model, "application/json", (struct span){0});
}

static void bodies_of_other_kinds_are_told_by_their_kind(void **state) {
	(void)state;
	view_bed_screens("pane_xml", xml);
	view_bed_screens("pane_multipart", multipart);
	view_bed_screens("pane_image", image);
	view_bed_screens("pane_form", form);
	view_bed_screens("pane_text", text);
	view_bed_screens("pane_encoded", encoded);
	view_bed_screens("pane_not_what_it_says", not_what_it_says);
	view_bed_screens("pane_empty", empty);
}

static void raw(struct model *model) {
	form(model);
	act(model, ACTION_PANE_RAW, "");
	settle(model);
}

static void the_request_as_it_came_is_a_pane_of_its_own(void **state) {
	(void)state;
	view_bed_screens("pane_raw", raw);
}

/* --- through a command --- */

static void piping(struct model *model) {
	tree(model);
	act(model, ACTION_PIPE, "jq '.data.object | keys' --sort-keys");
	update(model, &(struct msg){.type = MSG_PIPE_OUTPUT,
					  .page = model->last_pipe,
					  .text = span_text("[\n  \"amount\",\n  \"" WIDE RED "\"\n")});
	settle(model);
}

static void piped(struct model *model) {
	piping(model);
	update(model,
		&(struct msg){
			.type = MSG_PIPE_OVER, .page = model->last_pipe, .text = span_text("exit code 5")});
	settle(model);
}

static void what_a_command_writes_stands_in_the_pane(void **state) {
	(void)state;
	view_bed_screens("pane_piping", piping);
	view_bed_screens("pane_piped", piped);
}

/* --- masked --- */

static void mask(struct model *model, enum pane pane) {
	struct error err = {0};
	static const enum action actions[] = {ACTION_PANE_PAYLOAD, ACTION_PANE_HEADERS};
	assert_true(masking_add_field(&model->masking, "email", &err));
	assert_true(masking_add_field(&model->masking, ".cards[*].number", &err));
	open_body(model,
		"application/json\r\nAuthorization: Bearer very-secret\r\nCookie: session=very-secret",
		span_text("{\"email\":\"" WIDE "@example.com\",\"cards\":[{\"number\":\"4242\",\"brand\":\""
				  "visa\"},{\"number\":4000}],\"note\":\"" TURNED "\"}"));
	act(model, actions[pane], "");
	settle(model);
}

static void masked_payload(struct model *model) {
	mask(model, PANE_PAYLOAD);
}

static void masked_headers(struct model *model) {
	mask(model, PANE_HEADERS);
}

static void what_is_masked_is_not_seen(void **state) {
	(void)state;
	view_bed_screens("pane_masked_payload", masked_payload);
	view_bed_screens("pane_masked_headers", masked_headers);
}

/* --- differences and time --- */

static void come(struct model *model, int64_t side, const char *body) {
	const struct msg_bytes bytes = {
		.head = span_text("POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n"),
		.body = span_text(body)};
	struct event event = *model_current(model);
	event.seq -= !side;
	update(model, &(struct msg){MSG_DIFF_EVENT, .number = side, .event = &event, .bytes = &bytes});
}

static void compared(struct model *model) {
	view_bed_events(model);
	act(model, ACTION_DIFF, "");
	come(model, 1,
		"first\n" WIDE " new " RED "\nthe same\n" TURNED "\nthe same again\nand one more\n" MARKED
		"\nthe last one, which is a line that is longer than a narrow screen is wide\n");
	come(model, 0,
		"first\n" WIDE " old\nthe same\nthe same again\n" MARKED "\ngone\nthe last one\n");
	update(model, &(struct msg){MSG_DIFF_DONE});
}

static void form_of_diff(struct model *model, enum compare_form form) {
	compared(model);
	while (model->diff.form != form) {
		bed_type(model, "b");
	}
	settle(model);
}

static void diff_lines(struct model *model) {
	form_of_diff(model, COMPARE_LINES);
}

static void diff_bytes(struct model *model) {
	form_of_diff(model, COMPARE_BYTES);
}

static void differences_stand_by_line_and_by_byte(void **state) {
	(void)state;
	view_bed_screens("diff_lines", diff_lines);
	view_bed_screens("diff_bytes", diff_bytes);
}

/* An order over three weeks: seconds, minutes, days between its events, two of them sent again. */
static void timeline_gaps(struct model *model) {
	static const struct {
		int64_t ago_s, repeat, status, attempts;
		const char *provider, *type;
	} events[] = {{0, 1, 0, 0, "dropspace", "parcel.delivered"},
		{4, 3, 503, 4, "stripe", "charge." WIDE}, {95, 1, 200, 1, "stripe", "charge" RED},
		{5400, 1, -1, 2, "shopify", "orders/" TURNED},
		{266400, 2, 200, 1, "shopify", "orders/paid"}, {1814400, 1, 200, 1, "", ""}};
	view_bed_events(model);
	act(model, ACTION_TIMELINE, "order " WIDE "42");
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		struct event event = *model->window.rows[i].event;
		event.received_at_ns = (VIEW_BED_NOW_MS - 1000 * events[i].ago_s) * 1000000;
		event.repeat = events[i].repeat;
		event.last_status = events[i].status;
		event.attempts = events[i].attempts;
		event.provider = span_text(events[i].provider);
		event.type = span_text(events[i].type);
		update(model,
			&(struct msg){.type = MSG_TIMELINE, .page = model->timeline.asked, .event = &event});
	}
	update(model, &(struct msg){.type = MSG_TIMELINE_DONE, .page = model->timeline.asked});
}

static void a_time_line_tells_gaps_and_repeats(void **state) {
	(void)state;
	view_bed_screens("timeline_gaps", timeline_gaps);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_a_tree_that_folds),
		cmocka_unit_test(another_form_is_a_key_away),
		cmocka_unit_test(bodies_of_other_kinds_are_told_by_their_kind),
		cmocka_unit_test(the_request_as_it_came_is_a_pane_of_its_own),
		cmocka_unit_test(what_a_command_writes_stands_in_the_pane),
		cmocka_unit_test(what_is_masked_is_not_seen),
		cmocka_unit_test(differences_stand_by_line_and_by_byte),
		cmocka_unit_test(a_time_line_tells_gaps_and_repeats),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
