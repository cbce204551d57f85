#include "tests/support/hostile_body.h"

#include <string.h>
#include <zlib.h>

/* As deep as is followed, and not one deeper. */
#define DEPTH 512

/* `front`, as often as it fits `piece`, `end`. */
static void fill(
	struct buffer *out, size_t size, const char *front, const char *piece, const char *end) {
	size_t len = strlen(piece), from = out->len;
	buffer_append_text(out, front);
	while (out->len - from + len + strlen(end) <= size) {
		buffer_append(out, piece, len);
	}
	buffer_append_text(out, end);
}

/* --- JSON --- */

static void make_objects(struct buffer *out, size_t size) {
	size_t from = out->len;
	buffer_append_byte(out, '[');
	for (unsigned i = 0; out->len - from + 100 < size; i++) {
		buffer_printf(out,
			"%s{\"id\":\"evt_%u\",\"amount\":%u.5,\"live\":true,\"of\":{\"sku\":\"a b\"}}",
			i > 0 ? "," : "", i, i);
	}
	buffer_append_byte(out, ']');
}

static void make_arrays(struct buffer *out, size_t size) {
	fill(out, size, "[0", ",[1,2,[3]]", "]");
}

static void make_empty_arrays(struct buffer *out, size_t size) {
	fill(out, size, "[0", ",[]", "]");
}

static void make_empty_objects(struct buffer *out, size_t size) {
	fill(out, size, "{\"a\":{}", ",\"b\":{}", "}");
}

/* Values just too small to be remembered as large ones. */
static void make_middling(struct buffer *out, size_t size) {
	size_t from = out->len;
	buffer_append_byte(out, '[');
	while (out->len - from + 9000 < size) {
		fill(out, 8100, "[0", ",1", "],");
	}
	buffer_append_text(out, "0]");
}

static void make_deep(struct buffer *out, size_t size) {
	size_t from = out->len;
	for (int i = 0; i < DEPTH; i++) {
		buffer_append_byte(out, '[');
	}
	fill(out, size - (out->len - from) - DEPTH, "0", ",0", "");
	for (int i = 0; i < DEPTH; i++) {
		buffer_append_byte(out, ']');
	}
}

static void make_nests(struct buffer *out, size_t size) {
	size_t from = out->len;
	buffer_append_byte(out, '[');
	while (out->len - from + 2 * DEPTH + 2 < size) {
		for (int i = 1; i < DEPTH; i++) {
			buffer_append_byte(out, '[');
		}
		for (int i = 1; i < DEPTH; i++) {
			buffer_append_byte(out, ']');
		}
		buffer_append_byte(out, ',');
	}
	buffer_append_text(out, "0]");
}

static void make_string(struct buffer *out, size_t size) {
	fill(out, size, "{\"a\":\"", "x", "\"}");
}

static void make_escapes(struct buffer *out, size_t size) {
	fill(out, size, "{\"a\":\"", "\\u0041", "\"}");
}

static void make_name(struct buffer *out, size_t size) {
	fill(out, size, "{\"", "\\n", "\":1}");
}

static void make_number(struct buffer *out, size_t size) {
	fill(out, size, "{\"a\":1", "7", "}");
}

static void make_fraction(struct buffer *out, size_t size) {
	fill(out, size, "[0.0", "0", "1e5]");
}

static void make_one_name(struct buffer *out, size_t size) {
	fill(out, size, "{\"a\":1", ",\"a\":1", "}");
}

/* Two names that are the same, each half of the body. */
static void make_two_names(struct buffer *out, size_t size) {
	fill(out, size / 2, "{\"", "a", "\":1,");
	fill(out, size / 2, "\"", "a", "\":2}");
}

static void make_names(struct buffer *out, size_t size) {
	size_t from = out->len;
	buffer_append_byte(out, '{');
	for (unsigned i = 0; out->len - from + 20 < size; i++) {
		buffer_printf(out, "\"%08x\":0,", i * 2654435761u);
	}
	buffer_append_text(out, "\"z\":0}");
}

static void make_blanks(struct buffer *out, size_t size) {
	fill(out, size, "{\"a\"", " ", ":1}");
}

static void make_json_lines(struct buffer *out, size_t size) {
	fill(out, size, "", "{}\n", "");
}

static void make_unclosed(struct buffer *out, size_t size) {
	fill(out, size, "{\"a\":[\"", "x", "");
}

/* --- text --- */

static void make_empty_lines(struct buffer *out, size_t size) {
	fill(out, size, "a\n", "\n", "");
}

static void make_one_line(struct buffer *out, size_t size) {
	fill(out, size, "", "all on one line ", "");
}

static void make_crlf(struct buffer *out, size_t size) {
	fill(out, size, "", "a line\r\n", "");
}

static void make_tabs(struct buffer *out, size_t size) {
	fill(out, size, "a", "\t", "");
}

static void make_wide(struct buffer *out, size_t size) {
	fill(out, size, "", "\xe6\xb1\x89", "");
}

static void make_marks(struct buffer *out, size_t size) {
	fill(out, size, "a", "\xcc\x81", "");
}

static void make_invalid(struct buffer *out, size_t size) {
	fill(out, size, "plain text in front of it, and enough of it", "ab cd efg\xff", "");
}

static void make_nuls(struct buffer *out, size_t size) {
	memset(buffer_reserve(out, size), 0, size);
	out->len += size;
}

static void make_escapes_of_ours(struct buffer *out, size_t size) {
	fill(out, size, "", "\\x1b", "");
}

/* --- forms, parts, XML --- */

static void make_form(struct buffer *out, size_t size) {
	fill(out, size, "a=1", "&b=%41+c", "");
}

static void make_small_form(struct buffer *out, size_t size) {
	fill(out, size < 250000 ? size : 250000, "a=", "%41", "");
}

static void make_parts(struct buffer *out, size_t size) {
	fill(out, size, "",
		"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nsome text of a part in it, 100 "
		"bytes\r\n",
		"--b--\r\n");
}

static void make_empty_parts(struct buffer *out, size_t size) {
	fill(out, size, "", "--b\n\n", "--b--\n");
}

static void make_one_part(struct buffer *out, size_t size) {
	fill(out, size, "--b\r\nX: y\r\n\r\n", "\r\n--a", "");
}

static void make_part_head(struct buffer *out, size_t size) {
	fill(out, size, "--b\r\n", "X: y\r\n", "\r\n\r\n--b--\r\n");
}

static void make_xml_wide(struct buffer *out, size_t size) {
	fill(out, size, "<?xml version=\"1.0\"?><a>", "<b>c</b>", "</a>");
}

static void make_xml_empty(struct buffer *out, size_t size) {
	fill(out, size, "<a>", "<b/>", "</a>");
}

static void make_xml_deep(struct buffer *out, size_t size) {
	fill(out, size / 2, "<a>", "<b>", "");
	fill(out, size / 2, "", "</b>", "</a>");
}

static void make_xml_attribute(struct buffer *out, size_t size) {
	fill(out, size, "<?xml version=\"1.0\"?><a b=\"", "x", "\"/>");
}

static void make_xml_comment(struct buffer *out, size_t size) {
	fill(out, size, "<?xml version=\"1.0\"?><!--", "- ", "--><a/>");
}

static void make_xml_blanks(struct buffer *out, size_t size) {
	fill(out, size, "<a>", "\n", "</a>");
}

static void make_xml_text(struct buffer *out, size_t size) {
	fill(out, size, "<a>", "text ", "</a>");
}

/* --- codings --- */

static void compress_into(struct buffer *out, struct span bytes) {
	z_stream zlib = {0};
	deflateInit2(&zlib, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	zlib.next_in = (Bytef *)(uintptr_t)bytes.data;
	zlib.avail_in = (uInt)bytes.len;
	size_t room = deflateBound(&zlib, bytes.len);
	zlib.next_out = (Bytef *)buffer_reserve(out, room);
	zlib.avail_out = (uInt)room;
	deflate(&zlib, Z_FINISH);
	out->len += room - zlib.avail_out;
	deflateEnd(&zlib);
}

static void make_bomb(struct buffer *out, size_t size) {
	struct buffer plain = {0};
	make_nuls(&plain, size * 4);
	compress_into(out, buffer_span(&plain));
	buffer_clear(&plain);
}

static void make_packed_objects(struct buffer *out, size_t size) {
	struct buffer plain = {0};
	make_objects(&plain, size);
	compress_into(out, buffer_span(&plain));
	buffer_clear(&plain);
}

#define JSON "application/json"
#define TEXT "text/plain"
#define XML "application/xml"
#define PARTS "multipart/form-data; boundary=b"

const struct hostile_body hostile_bodies[] = {
	{"objects", JSON, NULL, make_objects},
	{"arrays", JSON, NULL, make_arrays},
	{"empty arrays", JSON, NULL, make_empty_arrays},
	{"empty objects", JSON, NULL, make_empty_objects},
	{"arrays of 8 kB", JSON, NULL, make_middling},
	{"deep as it goes", JSON, NULL, make_deep},
	{"deep again and again", JSON, NULL, make_nests},
	{"one string", JSON, NULL, make_string},
	{"one string of escapes", JSON, NULL, make_escapes},
	{"one long name", JSON, NULL, make_name},
	{"one number of digits", JSON, NULL, make_number},
	{"one fraction of zeros", JSON, NULL, make_fraction},
	{"one repeated name", JSON, NULL, make_one_name},
	{"two long names", JSON, NULL, make_two_names},
	{"a million names", JSON, NULL, make_names},
	{"blanks in JSON", JSON, NULL, make_blanks},
	{"JSON lines", JSON, NULL, make_json_lines},
	{"an unclosed string", JSON, NULL, make_unclosed},
	{"empty lines", TEXT, NULL, make_empty_lines},
	{"one line", TEXT, NULL, make_one_line},
	{"CRLF lines", TEXT, NULL, make_crlf},
	{"tabs", TEXT, NULL, make_tabs},
	{"wide characters", TEXT, NULL, make_wide},
	{"combining marks", TEXT, NULL, make_marks},
	{"invalid UTF-8", TEXT, NULL, make_invalid},
	{"NULs", TEXT, NULL, make_nuls},
	{"written escapes", TEXT, NULL, make_escapes_of_ours},
	{"a form", "application/x-www-form-urlencoded", NULL, make_form},
	{"a form that is decoded", "application/x-www-form-urlencoded", NULL, make_small_form},
	{"100,000 parts", PARTS, NULL, make_parts},
	{"empty parts", PARTS, NULL, make_empty_parts},
	{"one part without an end", PARTS, NULL, make_one_part},
	{"one head of a part", PARTS, NULL, make_part_head},
	{"XML, wide", XML, NULL, make_xml_wide},
	{"XML, empty elements", XML, NULL, make_xml_empty},
	{"XML, deep", XML, NULL, make_xml_deep},
	{"XML, one attribute", XML, NULL, make_xml_attribute},
	{"XML, one comment", XML, NULL, make_xml_comment},
	{"XML, blanks", XML, NULL, make_xml_blanks},
	{"XML, one text", XML, NULL, make_xml_text},
	{"a gzip bomb", TEXT, "gzip", make_bomb},
	{"objects in gzip", JSON, "gzip", make_packed_objects},
};
const size_t hostile_body_count = sizeof hostile_bodies / sizeof *hostile_bodies;

void hostile_body_make(struct buffer *out, const struct hostile_body *body, size_t size) {
	body->make(out, size);
}

void hostile_body_head(struct buffer *out, const struct hostile_body *body) {
	buffer_printf(
		out, "POST /e/stripe/hooks HTTP/1.1\r\nHost: a\r\nContent-Type: %s\r\n", body->type);
	if (body->coding) {
		buffer_printf(out, "Content-Encoding: %s\r\n", body->coding);
	}
	buffer_append_text(out, "\r\n");
}
