/* Bodies that are made to keep a screen busy: read, laid out and copied a bounded piece at a time, with the same outcome. */
#include <string.h>

#include "tests/support/hostile_body.h"
#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/document_parts.h"
#include "tui/screen/outline_parts.h"

#define BODY_LEN ((size_t)200 * 1024)

/* Places in it that are asked about. */
#define ASKED 50

static struct document *document_of(struct span bytes, bool sliced, size_t *slices) {
	struct document *document = document_new(100, false);
	document_add_payload(document, document_form_of(bytes), bytes);
	*slices = 1;
	while (!document_layout(document, sliced ? 1 : SIZE_MAX)) {
		(*slices)++;
	}
	return document;
}

static void lines_are_the_same(const struct document *a, const struct document *b) {
	struct span payload;
	assert_int_equal(document_lines(a), document_lines(b));
	for (size_t i = 0; i < ASKED; i++) {
		size_t line = document_lines(a) * i / ASKED, from_a = 0, from_b = 0;
		assert_true(document_byte_of(a, line, &payload, &from_a));
		assert_true(document_byte_of(b, line, &payload, &from_b));
		assert_int_equal(from_a, from_b);
	}
}

/* A slice that asks for one byte lays out one line, or looks through one piece of what is long. */
static void a_slice_of_laying_out_is_bounded(void **state) {
	(void)state;
	for (size_t i = 0; i < hostile_body_count; i++) {
		struct buffer body = {0};
		size_t once, slices;
		hostile_body_make(&body, &hostile_bodies[i], BODY_LEN);
		struct document *whole = document_of(buffer_span(&body), false, &once);
		struct document *sliced = document_of(buffer_span(&body), true, &slices);
		lines_are_the_same(whole, sliced);
		assert_true(slices >= document_lines(whole));
		for (size_t known = 0; known < sliced->long_count; known++) {
			const struct document_long *here = &sliced->longs[known];
			assert_true(
				slices >= document_lines(whole) + (here->end - here->begin) / DOCUMENT_LOOK_BYTES);
		}
		document_free(whole);
		document_free(sliced);
		buffer_clear(&body);
	}
}

/* To come to a line, or to a byte, no more is written again than stands between two marks. */
static void a_line_is_never_far_from_a_mark(void **state) {
	(void)state;
	for (size_t i = 0; i < hostile_body_count; i++) {
		struct buffer body = {0};
		size_t slices;
		hostile_body_make(&body, &hostile_bodies[i], BODY_LEN);
		struct document *document = document_of(buffer_span(&body), false, &slices);
		for (size_t mark = 1; mark < document->mark_count; mark++) {
			assert_true(
				document->marks[mark].line - document->marks[mark - 1].line <= DOCUMENT_MARK_LINES);
		}
		assert_true((document->mark_count + 1) * DOCUMENT_MARK_LINES >= document_lines(document));
		document_free(document);
		buffer_clear(&body);
	}
}

static struct outline *outline_of(struct span bytes, bool sliced, size_t *slices) {
	struct outline *outline = outline_new(bytes);
	*slices = 1;
	while (!outline_read(outline, sliced ? 1 : SIZE_MAX)) {
		(*slices)++;
	}
	return outline;
}

static void answers_are_the_same(const struct outline *a, const struct outline *b, size_t len) {
	struct buffer path_a = {0}, path_b = {0};
	for (size_t i = 0; i < ASKED; i++) {
		struct outline_spot spot_a = {0}, spot_b = {0};
		bool found = outline_at(a, len * i / ASKED, &spot_a, &path_a);
		assert_int_equal(outline_at(b, len * i / ASKED, &spot_b, &path_b), found);
		assert_true(span_equal(buffer_span(&path_a), buffer_span(&path_b)));
		if (found) {
			assert_int_equal(spot_a.begin, spot_b.begin);
			assert_int_equal(spot_a.end, spot_b.end);
			assert_int_equal(spot_a.items, spot_b.items);
		}
	}
	buffer_clear(&path_a);
	buffer_clear(&path_b);
}

static void a_slice_of_reading_is_bounded(void **state) {
	(void)state;
	for (size_t i = 0; i < hostile_body_count; i++) {
		struct buffer body = {0};
		size_t once, slices;
		hostile_body_make(&body, &hostile_bodies[i], BODY_LEN);
		if (document_form_of(buffer_span(&body)) == DOCUMENT_JSON) {
			struct outline *whole = outline_of(buffer_span(&body), false, &once);
			struct outline *sliced = outline_of(buffer_span(&body), true, &slices);
			answers_are_the_same(whole, sliced, body.len);
			assert_true(slices >= sliced->walk.at / OUTLINE_LOOK_BYTES);
			outline_free(whole);
			outline_free(sliced);
		}
		buffer_clear(&body);
	}
}

/* --- copying --- */

static void open_with(struct model *model, struct span body) {
	struct msg_bytes bytes = {
		.head = span_text("POST /e/stripe/hooks HTTP/1.1\r\nHost: a\r\n\r\n"), .body = body};
	bed_begin(model, 3, false);
	bed_key(model, KEY_ENTER_KEY);
	update(model, &(struct msg){.type = MSG_DETAIL, .event = bed_event(3), .bytes = &bytes});
	update(model, &(struct msg){.type = MSG_DETAIL_DONE});
	while (update_idle(model, 100000)) {
	}
	bed_has_effect(model, EFFECT_COPY);
}

static void a_long_body_is_copied_in_slices(void **state) {
	(void)state;
	struct model model;
	char *body = test_calloc(1, 1024 * 1024);
	open_with(&model, (struct span){body, 1024 * 1024});
	bed_type(&model, "yb");
	assert_false(bed_has_effect(&model, EFFECT_COPY));
	assert_non_null(strstr(model.note.text, "copying: body, 12 %"));
	size_t slices = 0;
	while (model.escaping.running) {
		update_idle(&model, 64 * 1024);
		slices++;
	}
	assert_int_equal(slices, 14);
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_int_equal(effect.text.len, 4 * 1024 * 1024);
	effect_clear(&effect);
	model_clear(&model);
	test_free(body);
}

static void escape_ends_a_long_copy(void **state) {
	(void)state;
	struct model model;
	char *body = test_calloc(1, 1024 * 1024);
	open_with(&model, (struct span){body, 1024 * 1024});
	bed_type(&model, "yb");
	bed_key(&model, KEY_ESCAPE);
	assert_true(model.detail.open);
	assert_false(model.escaping.running);
	while (update_idle(&model, 64 * 1024)) {
	}
	assert_false(bed_has_effect(&model, EFFECT_COPY));
	model_clear(&model);
	test_free(body);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slice_of_laying_out_is_bounded),
		cmocka_unit_test(a_line_is_never_far_from_a_mark),
		cmocka_unit_test(a_slice_of_reading_is_bounded),
		cmocka_unit_test(a_long_body_is_copied_in_slices),
		cmocka_unit_test(escape_ends_a_long_copy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
