/* Bodies: what was signed before something on the way changed it. */
#include <string.h>
#include <zlib.h>

#include "common/json_lexer.h"
#include "common/signature/content.h"
#include "common/signature/encoding.h"
#include "common/signature/explain_json.h"
#include "common/signature/explain_search.h"
#include "common/signature/recipe_public.h"

#define MARK "\xef\xbb\xbf"

/* Appends the changed body to `out`; false: it does not apply. `choice` is that of the row. */
typedef bool alter_fn(struct buffer *out, struct span body, int choice);

static size_t line_end_len(struct span body) {
	if (body.len == 0 || body.data[body.len - 1] != '\n') {
		return 0;
	}
	return body.len > 1 && body.data[body.len - 2] == '\r' ? 2 : 1;
}

static bool without_line_end(struct buffer *out, struct span body, int choice) {
	(void)choice;
	size_t end = line_end_len(body);
	buffer_append(out, body.data, body.len - end);
	return end > 0;
}

static bool with_line_end(struct buffer *out, struct span body, int choice) {
	buffer_append_span(out, body);
	buffer_append_text(out, choice == 2 ? "\r\n" : "\n");
	return true;
}

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool without_blanks(struct buffer *out, struct span body, int choice) {
	(void)choice;
	size_t from = 0, to = body.len;
	while (from < to && is_blank(body.data[from])) {
		from++;
	}
	while (to > from && is_blank(body.data[to - 1])) {
		to--;
	}
	buffer_append_span(out, (struct span){body.data + from, to - from});
	return to - from < body.len;
}

static bool to_lf(struct buffer *out, struct span body, int choice) {
	(void)choice;
	for (size_t i = 0; i < body.len; i++) {
		bool crlf = body.data[i] == '\r' && i + 1 < body.len && body.data[i + 1] == '\n';
		if (!crlf) {
			buffer_append_byte(out, body.data[i]);
		}
	}
	return out->len < body.len;
}

static bool to_crlf(struct buffer *out, struct span body, int choice) {
	(void)choice;
	for (size_t i = 0; i < body.len; i++) {
		if (body.data[i] == '\n' && (i == 0 || body.data[i - 1] != '\r')) {
			buffer_append_byte(out, '\r');
		}
		buffer_append_byte(out, body.data[i]);
	}
	return out->len > body.len;
}

static bool without_mark(struct buffer *out, struct span body, int choice) {
	(void)choice;
	buffer_append_span(out, span_after(body, 3));
	return span_starts_with(body, span_text(MARK));
}

static bool with_mark(struct buffer *out, struct span body, int choice) {
	(void)choice;
	buffer_append_text(out, MARK);
	buffer_append_span(out, body);
	return true;
}

static const struct json_style styles[] = {
	{.indent = -1},
	{.indent = 2, .normalised = true},
	{.indent = 4, .normalised = true},
	{.indent = -2, .normalised = true},
	{.indent = -1, .spaced = true, .ascii = true},
	{.indent = -1, .spaced = true},
	{.indent = -1, .ascii = true},
	{.indent = -1, .ascii = true, .slashes = true},
	{.indent = 2},
	{.indent = 4},
};
enum {
	COMPACT,
	SCRIPT_2,
	SCRIPT_4,
	SCRIPT_TAB,
	PYTHON,
	PYTHON_UTF8,
	ASCII,
	PHP,
	PRETTY_2,
	PRETTY_4
};

static bool in_style(struct buffer *out, struct span body, int choice) {
	return body.len <= RESERIALISE_MAX_BYTES &&
	       explain_json(out, body, &styles[choice], EXPLAIN_BODY_MAX);
}

static bool stringified(struct buffer *out, struct span body, int choice) {
	(void)choice;
	return body.len <= RESERIALISE_MAX_BYTES && json_stringify(out, body);
}

/* gzip, zlib, or deflate without either's frame. */
static bool unpack(struct buffer *out, struct span body, int window) {
	z_stream stream = {0};
	if (inflateInit2(&stream, window) != Z_OK) {
		return false;
	}
	stream.next_in = (Bytef *)body.data;
	stream.avail_in = (uInt)body.len;
	int state = Z_OK;
	while (state == Z_OK && out->len <= EXPLAIN_BODY_MAX) {
		stream.next_out = (Bytef *)buffer_reserve(out, 65536);
		stream.avail_out = 65536;
		state = inflate(&stream, Z_NO_FLUSH);
		out->len += 65536 - stream.avail_out;
	}
	inflateEnd(&stream);
	return state == Z_STREAM_END;
}

static bool unpacked(struct buffer *out, struct span body, int choice) {
	return body.len > 2 && body.len <= EXPLAIN_BODY_MAX && unpack(out, body, choice);
}

/* As gzip writes it without name and time; `choice` is GZIP(level, the number of the system in its head). */
static bool packed(struct buffer *out, struct span body, int choice) {
	z_stream stream = {0};
	if (body.len > RESERIALISE_MAX_BYTES ||
		deflateInit2(&stream, choice / 1000, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
		return false;
	}
	size_t most = deflateBound(&stream, body.len) + 32;
	stream.next_in = (Bytef *)body.data;
	stream.avail_in = (uInt)body.len;
	stream.next_out = (Bytef *)buffer_reserve(out, most);
	stream.avail_out = (uInt)most;
	bool ok = deflate(&stream, Z_FINISH) == Z_STREAM_END;
	out->len = ok ? most - stream.avail_out : 0;
	deflateEnd(&stream);
	if (ok && out->len > 9) {
		out->data[9] = (char)(choice % 1000);
	}
	return ok;
}

static bool has_beyond_ascii(struct span body) {
	for (size_t i = 0; i < body.len; i++) {
		if ((unsigned char)body.data[i] >= 0x80) {
			return true;
		}
	}
	return false;
}

static bool latin_to_utf8(struct buffer *out, struct span body, int choice) {
	(void)choice;
	for (size_t i = 0; i < body.len; i++) {
		char bytes[4];
		buffer_append(out, bytes, json_encode_utf8(bytes, (unsigned char)body.data[i]));
	}
	return has_beyond_ascii(body);
}

static bool utf8_to_latin(struct buffer *out, struct span body, int choice) {
	(void)choice;
	for (size_t i = 0; i < body.len; i++) {
		unsigned char byte = (unsigned char)body.data[i];
		if (byte >= 0x80) {
			bool pair = (byte == 0xc2 || byte == 0xc3) && i + 1 < body.len &&
			            ((unsigned char)body.data[i + 1] & 0xc0) == 0x80;
			if (!pair) {
				return false;
			}
			byte = (unsigned char)((byte & 3) << 6 | ((unsigned char)body.data[++i] & 0x3f));
		}
		buffer_append_byte(out, (char)byte);
	}
	return out->len < body.len;
}

static bool from_base64(struct buffer *out, struct span body, int choice) {
	(void)choice;
	return body.len > 3 && encoding_decode(out, ENCODING_BASE64, span_trim(body));
}

static bool to_base64(struct buffer *out, struct span body, int choice) {
	(void)choice;
	encoding_append(out, ENCODING_BASE64, body);
	return body.len > 0;
}

static bool lost(struct buffer *out, struct span body, int choice) {
	buffer_append_text(out, choice == 1 ? "[object Object]" : choice == 2 ? "{}" : "");
	return body.len > 0;
}

#define GZIP(level, system) ((level)*1000 + (system))
#define UNIX 3
#define UNKNOWN 255

/* The first ones are those that are seen the most. */
static const struct alteration {
	enum explain_cause cause;
	bool likely; /* also tried together with a wrong secret */
	alter_fn *alter;
	int choice;
	const char *words; /* behind "the signature is right for " */
} alterations[] = {
	{EXPLAIN_BODY_LINE_END, true, without_line_end, 0, "the body without its last line end"},
	{EXPLAIN_BODY_LINE_END, true, with_line_end, 1, "the body with a line feed behind it"},
	{EXPLAIN_BODY_LINE_END, false, with_line_end, 2, "the body with CR LF behind it"},
	{EXPLAIN_BODY_JSON, true, stringified, 0,
		"JSON.stringify of the body: something on the way wrote the JSON anew"},
	{EXPLAIN_BODY_JSON, false, in_style, COMPACT,
		"the body as compact JSON: something on the way wrote the JSON anew"},
	{EXPLAIN_BODY_JSON, false, in_style, SCRIPT_2,
		"the body as JSON indented by 2 blanks: something on the way wrote the JSON anew"},
	{EXPLAIN_BODY_JSON, false, in_style, SCRIPT_4,
		"the body as JSON indented by 4 blanks: something on the way wrote the JSON anew"},
	{EXPLAIN_BODY_JSON, false, in_style, PYTHON,
		"the body as Python's json.dumps writes it: something on the way wrote the JSON anew"},
	{EXPLAIN_BODY_LINE_BREAKS, true, to_lf, 0,
		"the body with LF for CR LF: something on the way changed the ends of the lines"},
	{EXPLAIN_BODY_LINE_BREAKS, true, to_crlf, 0,
		"the body with CR LF for LF: something on the way changed the ends of the lines"},
	{EXPLAIN_BODY_BLANKS, false, without_blanks, 0, "the body without the blanks around it"},
	{EXPLAIN_BODY_MARK, false, without_mark, 0, "the body without its byte order mark"},
	{EXPLAIN_BODY_MARK, false, with_mark, 0, "the body with a byte order mark before it"},
	{EXPLAIN_BODY_JSON, false, in_style, PYTHON_UTF8,
		"the body as JSON with a blank behind commas and colons: something on the way wrote the "
		"JSON anew"},
	{EXPLAIN_BODY_JSON, false, in_style, ASCII,
		"the body as compact JSON with \\u for what is not ASCII: something on the way wrote the "
		"JSON anew"},
	{EXPLAIN_BODY_JSON, false, in_style, PHP,
		"the body as PHP's json_encode writes it: something on the way wrote the JSON anew"},
	{EXPLAIN_BODY_JSON, false, in_style, PRETTY_2,
		"the body as JSON indented by 2 blanks: something on the way wrote the JSON anew"},
	{EXPLAIN_BODY_JSON, false, in_style, PRETTY_4,
		"the body as JSON indented by 4 blanks: something on the way wrote the JSON anew"},
	{EXPLAIN_BODY_JSON, false, in_style, SCRIPT_TAB,
		"the body as JSON indented by tabs: something on the way wrote the JSON anew"},
	{EXPLAIN_BODY_COMPRESSED, false, unpacked, 47,
		"the body unpacked: the sender signs before it compresses, or something on the way "
		"compressed it"},
	{EXPLAIN_BODY_COMPRESSED, false, unpacked, -15,
		"the body unpacked: the sender signs before it compresses, or something on the way "
		"compressed it"},
	{EXPLAIN_BODY_COMPRESSED, false, packed, GZIP(6, UNIX),
		"the body packed with gzip: a proxy undid the compression"},
	{EXPLAIN_BODY_COMPRESSED, false, packed, GZIP(6, UNKNOWN),
		"the body packed with gzip: a proxy undid the compression"},
	{EXPLAIN_BODY_COMPRESSED, false, packed, GZIP(9, UNKNOWN),
		"the body packed with gzip: a proxy undid the compression"},
	{EXPLAIN_BODY_COMPRESSED, false, packed, GZIP(9, UNIX),
		"the body packed with gzip: a proxy undid the compression"},
	{EXPLAIN_BODY_COMPRESSED, false, packed, GZIP(1, UNIX),
		"the body packed with gzip: a proxy undid the compression"},
	{EXPLAIN_BODY_CHARSET, false, latin_to_utf8, 0, "the body as UTF-8: it came as Latin-1"},
	{EXPLAIN_BODY_CHARSET, false, utf8_to_latin, 0, "the body as Latin-1: it came as UTF-8"},
	{EXPLAIN_BODY_BASE64, false, from_base64, 0,
		"the body decoded: something on the way wrote it as base64"},
	{EXPLAIN_BODY_BASE64, false, to_base64, 0, "the base64 of the body"},
	{EXPLAIN_BODY_LOST, false, lost, 0, "an empty body: the sender signs before it has one"},
	{EXPLAIN_BODY_LOST, false, lost, 1,
		"the text \"[object Object]\": the sender signs the object, not its JSON"},
	{EXPLAIN_BODY_LOST, false, lost, 2, "the text \"{}\": the sender signs before it has a body"},
};
#define ALTERATIONS (sizeof alterations / sizeof *alterations)

/* Of a token, the claims may hold the body, or all it stands for stands elsewhere. */
static bool claims_body(const struct recipe *recipe) {
	bool covers = recipe->kind == RECIPE_HTTP_SIGNATURE;
	for (size_t i = 0; recipe->publics && i < recipe->publics->claims.bind_count; i++) {
		const struct recipe_content *value = &recipe->publics->claims.binds[i].value;
		for (size_t n = 0; n < value->term_count; n++) {
			covers |= term_covers_body(value->terms[n].kind);
		}
	}
	return covers;
}

static bool is_covered(const struct search *search) {
	const struct provider *provider = search->input->provider;
	for (size_t i = 0; i < provider->recipe_count; i++) {
		if (content_covers_body(&provider->recipes[i]) || claims_body(&provider->recipes[i])) {
			return true;
		}
	}
	return false;
}

bool explain_bodies(
	struct search *search, struct keyring *keyring, const char *and_secret, bool likely) {
	struct span body = search->input->message->body;
	bool has_keys =
		keyring_count(keyring) > 0 || (keyring == search->keyring && search_has_keys(search));
	if (!has_keys || !is_covered(search)) {
		return false;
	}
	search_note(search, likely ? "the likeliest of them" : "the body changed on its way");
	for (size_t i = 0; i < ALTERATIONS; i++) {
		const struct alteration *row = &alterations[i];
		buffer_reset(&search->body);
		if ((likely && !row->likely) || body.len > EXPLAIN_BODY_MAX ||
			!row->alter(&search->body, body, row->choice) ||
			span_equal(buffer_span(&search->body), body)) {
			continue;
		}
		struct change change = {
			row->cause, keyring, search_with_body(search, buffer_span(&search->body))};
		if (search_try(
				search, &change, "%sthe signature is right for %s", and_secret, row->words)) {
			return true;
		}
	}
	return false;
}
