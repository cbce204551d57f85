/* Bodies that are no JSON: XML indented, multipart in its parts, images by their first bytes. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/screen/body_parts.h"
#include "tui/screen/document.h"
#include "tui/screen/image.h"

/* --- images --- */

static void image_is(const char *bytes, size_t len, const char *expected) {
	struct buffer words = {0};
	assert_int_equal(image_append(&words, (struct span){bytes, len}), expected != NULL);
	assert_string_equal(words.len > 0 ? buffer_text(&words) : "", expected ? expected : "");
	buffer_clear(&words);
}

#define IMAGE(bytes, expected) image_is(bytes, sizeof bytes - 1, expected)

static void images_have_a_type_and_a_size(void **state) {
	(void)state;
	IMAGE("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\2\x80\0\0\1\xe0\x08", "PNG image, 640 x 480");
	IMAGE("GIF89a\x0a\0\x14\0", "GIF image, 10 x 20");
	IMAGE("\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08\0\x10\0\x20\3", "JPEG image, 32 x 16");
	IMAGE("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x1f\0\0\x0f\0\0", "WebP image, 32 x 16");
	IMAGE("RIFF\0\0\0\0WEBPVP8L\x0a\0\0\0\x2f\x1f\xc0\3\0", "WebP image, 32 x 16");
	IMAGE("RIFF\0\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\1\x2a\x20\0\x10\0", "WebP image, 32 x 16");
}

static void images_that_break_off_are_told_without_a_size(void **state) {
	(void)state;
	IMAGE("\x89PNG\r\n\x1a\n", "PNG image");
	IMAGE("GIF87a", "GIF image");
	IMAGE("\xff\xd8\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "JPEG image");
	IMAGE("RIFF\0\0\0\0WEBP", "WebP image");
	IMAGE("GIF90a", NULL);
	IMAGE("", NULL);
}

/* --- multipart --- */

static void boundary_is(const char *type, const char *expected) {
	assert_true(span_is(multipart_boundary(span_text(type)), expected));
}

static void a_boundary_is_a_parameter_of_the_type(void **state) {
	(void)state;
	boundary_is("multipart/form-data; boundary=abc", "abc");
	boundary_is("Multipart/Mixed; charset=x; Boundary=\"a b\"; x=y", "a b");
	boundary_is("multipart/mixed", "");
	boundary_is("text/plain; boundary=abc", "");
	boundary_is("", "");
}

/* The parts as "head|body" with ; between, looked through so many bytes at a time. */
static void parts_in_slices_are(const char *body, size_t slice, const char *expected) {
	struct body_parts *parts = body_parts_new(span_text(body), span_text("B"));
	struct buffer told = {0};
	size_t slices = 1;
	while (!body_parts_read(parts, slice)) {
		slices++;
	}
	assert_true(slices <= 1 + strlen(body) / slice + 2 * BODY_PARTS_MAX);
	for (size_t i = 0; i < parts->count; i++) {
		buffer_append_span(&told, parts->list[i].head);
		buffer_append_text(&told, "|");
		buffer_append_span(&told, parts->list[i].body);
		buffer_append_text(&told, ";");
	}
	body_parts_free(parts);
	assert_string_equal(told.len > 0 ? buffer_text(&told) : "", expected);
	buffer_clear(&told);
}

static void parts_are(const char *body, const char *expected) {
	for (size_t slice = 1; slice < 10; slice++) {
		parts_in_slices_are(body, slice, expected);
	}
	parts_in_slices_are(body, SIZE_MAX, expected);
}

static void parts_are_taken_apart(void **state) {
	(void)state;
	parts_are("--B\r\nA: 1\r\n\r\none\r\n--B\r\nC: 2\r\nD: 3\r\n\r\ntwo\r\nlines\r\n--B--\r\n",
		"A: 1|one;C: 2\r\nD: 3|two\r\nlines;");
	parts_are("preamble\r\n--B\n\nunix\n--B--", "|unix;");
	parts_are("--B\r\n\r\n--B\r\n\r\n\r\n--B--", "|;|;");
	parts_are("--B\r\nA: 1\r\n\r\nbreaks off", "A: 1|breaks off;");
	parts_are("--B--", "");
	parts_are("--B", "");
}

static void a_body_without_its_boundary_has_no_parts(void **state) {
	(void)state;
	parts_are("nothing", "");
	parts_are("--A\n\n--C--", "");
	assert_null(body_parts_new(span_text("--"), span_text("")));
}

/* Whoever sends ten MiB of header lines is not waited for. */
static void a_head_without_an_end_is_cut(void **state) {
	(void)state;
	struct buffer body = {0};
	buffer_append_text(&body, "--B\n");
	while (body.len < 2 * MULTIPART_HEAD_MAX) {
		buffer_append_text(&body, "A: 1\n");
	}
	struct body_parts *parts = body_parts_new(buffer_span(&body), span_text("B"));
	assert_true(body_parts_read(parts, SIZE_MAX));
	assert_int_equal(parts->count, 1);
	assert_true(parts->list[0].head.len <= MULTIPART_HEAD_MAX);
	assert_true(parts->list[0].body.len >= MULTIPART_HEAD_MAX - 4);
	body_parts_free(parts);
	buffer_clear(&body);
}

/* --- XML --- */

static void xml_is(size_t columns, const char *xml, const char *expected) {
	struct document *document = document_new(columns, false);
	struct canvas canvas;
	struct buffer dump = {0};
	document_add_payload(document, DOCUMENT_XML, span_text(xml));
	assert_true(document_layout(document, SIZE_MAX));
	canvas_init(&canvas, columns, document_lines(document), false);
	document_paint(document, &canvas, (struct area){0, 0, columns, canvas.rows}, 0);
	canvas_dump(&dump, &canvas, false);
	assert_string_equal(buffer_text(&dump), expected);
	buffer_clear(&dump);
	canvas_clear(&canvas);
	document_free(document);
}

static void xml_is_indented(void **state) {
	(void)state;
	xml_is(60,
		"<?xml version=\"1.0\"?><a x=\"1>2\"><b>text &amp; 1</b><c/><d></d>\n<e><f>1</f></e></a>",
		"<?xml version=\"1.0\"?>\n<a x=\"1>2\">\n  <b>text &amp; 1</b>\n  <c/>\n  <d></d>\n"
		"  <e>\n    <f>1</f>\n  </e>\n</a>\n");
}

static void comments_and_texts_of_several_lines_stay_whole(void **state) {
	(void)state;
	xml_is(60, "<a><!-- <b> -->one\n   two<![CDATA[<x>]]></a>",
		"<a>\n  <!-- <b> -->\n  one\n    two\n  <![CDATA[<x>]]>\n</a>\n");
}

static void long_xml_is_wrapped(void **state) {
	(void)state;
	xml_is(20, "<a><bb>01234567890123456789012345678</bb></a>",
		"<a>\n  <bb>01234567890123\n      45678901234567\n      8</bb>\n</a>\n");
}

static void broken_xml_is_shown_all_the_same(void **state) {
	(void)state;
	xml_is(40, "</x></y><a", "</x>\n</y>\n<a\n");
	xml_is(40, "<a b='>", "<a b='>\n");
	xml_is(40, "<!-- no end", "<!-- no end\n");
}

static void xml_is_recognised(void **state) {
	(void)state;
	assert_int_equal(document_form_of(span_text("<?xml version=\"1.0\"?><a/>")), DOCUMENT_XML);
	assert_int_equal(document_form_of(span_text(" \n<order>1</order>")), DOCUMENT_XML);
	assert_int_equal(document_form_of(span_text("<!doctype html><p>x")), DOCUMENT_TEXT);
	assert_int_equal(document_form_of(span_text("<html><p>x")), DOCUMENT_TEXT);
	assert_int_equal(document_form_of(span_text("< 5 and > 3")), DOCUMENT_TEXT);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_have_a_type_and_a_size),
		cmocka_unit_test(images_that_break_off_are_told_without_a_size),
		cmocka_unit_test(a_boundary_is_a_parameter_of_the_type),
		cmocka_unit_test(parts_are_taken_apart),
		cmocka_unit_test(a_body_without_its_boundary_has_no_parts),
		cmocka_unit_test(a_head_without_an_end_is_cut),
		cmocka_unit_test(xml_is_indented),
		cmocka_unit_test(comments_and_texts_of_several_lines_stay_whole),
		cmocka_unit_test(long_xml_is_wrapped),
		cmocka_unit_test(broken_xml_is_shown_all_the_same),
		cmocka_unit_test(xml_is_recognised),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
