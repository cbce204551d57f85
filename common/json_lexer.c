#include "common/json_lexer.h"

#include <stdint.h>
#include <string.h>

#include "common/json_run.h"

/* What the grammar allows next. */
enum {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END, /* behind '[' */
	EXPECT_KEY,          /* behind ',' in an object */
	EXPECT_KEY_OR_END,   /* behind '{' */
	EXPECT_COLON,
	EXPECT_COMMA_OR_END,
	EXPECT_NOTHING, /* the document is complete */
	EXPECT_ERROR,   /* and it stays one */
};

/* Which digits of a number are being looked at. */
enum { PART_NONE, PART_INTEGER, PART_FRACTION, PART_EXPONENT };

void json_lexer_init(struct json_lexer *lexer, struct span payload) {
	*lexer = (struct json_lexer){.rest = payload, .expects = EXPECT_VALUE};
	if (span_starts_with(payload, span_text("\xef\xbb\xbf"))) {
		lexer->rest = span_after(payload, 3);
	}
}

static bool inside_object(const struct json_lexer *lexer) {
	size_t level = lexer->depth - 1;
	return lexer->stack[level / 8] >> level % 8 & 1;
}

static void forget_ahead(struct json_lexer *lexer) {
	lexer->ahead = 0;
	lexer->part = PART_NONE;
}

static struct json_token take(struct json_lexer *lexer, enum json_token_kind kind, size_t len) {
	struct json_token token = {kind, {lexer->rest.data, len}};
	lexer->rest = span_after(lexer->rest, len);
	lexer->is_name = kind == JSON_STRING && lexer->expects == EXPECT_COLON;
	forget_ahead(lexer);
	return token;
}

/* The token of an error is the byte at `offset`; nothing moves any more. */
static struct json_token fail(struct json_lexer *lexer, size_t offset) {
	lexer->rest = span_after(lexer->rest, offset);
	lexer->expects = EXPECT_ERROR;
	lexer->is_name = false;
	forget_ahead(lexer);
	return (struct json_token){JSON_ERROR, {lexer->rest.data, lexer->rest.len > 0 ? 1 : 0}};
}

static struct json_token open_level(struct json_lexer *lexer, bool object) {
	if (lexer->depth == JSON_LEXER_DEPTH) {
		return fail(lexer, 0);
	}
	unsigned char bit = (unsigned char)(1U << lexer->depth % 8);
	unsigned char *byte = &lexer->stack[lexer->depth / 8];
	*byte = object ? *byte | bit : *byte & (unsigned char)~bit;
	lexer->depth++;
	lexer->expects = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	return take(lexer, object ? JSON_OBJECT_BEGIN : JSON_ARRAY_BEGIN, 1);
}

static void value_ended(struct json_lexer *lexer) {
	lexer->expects = lexer->depth > 0 ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

static struct json_token close_level(struct json_lexer *lexer) {
	enum json_token_kind kind = inside_object(lexer) ? JSON_OBJECT_END : JSON_ARRAY_END;
	lexer->depth--;
	value_ended(lexer);
	return take(lexer, kind, 1);
}

static bool is_digit(char byte) {
	return byte >= '0' && byte <= '9';
}

static int hex_digit(char byte) {
	if (is_digit(byte)) {
		return byte - '0';
	}
	if (byte >= 'a' && byte <= 'f') {
		return byte - 'a' + 10;
	}
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* The length of the escape that begins `text`, or 0 with `*bad` at the byte that is wrong. */
static size_t escape_len(struct span text, size_t *bad) {
	*bad = 1;
	if (text.len < 2 || !memchr("\"\\/bfnrtu", text.data[1], 9)) {
		return 0;
	}
	if (text.data[1] != 'u') {
		return 2;
	}
	for (size_t i = 2; i < 6; i++) {
		if (i >= text.len || hex_digit(text.data[i]) < 0) {
			*bad = i;
			return 0;
		}
	}
	return 6;
}

static bool byte_is(struct span text, size_t at, char byte) {
	return at < text.len && text.data[at] == byte;
}

/* Looks at the string at the front up to its quote, what is wrong in it, or `to`: `ahead` is where. */
static void look_at_string(struct json_lexer *lexer, size_t to) {
	struct span text = lexer->rest;
	size_t at = lexer->ahead > 0 ? lexer->ahead : 1, bad;
	while (at < to) {
		size_t end = text.len < to ? text.len : to;
		at += json_run_plain((struct span){text.data + at, end > at ? end - at : 0});
		size_t len = byte_is(text, at, '\\') ? escape_len(span_after(text, at), &bad) : 0;
		if (len == 0) {
			break;
		}
		at += len;
	}
	lexer->ahead = at;
}

static struct json_token lex_string(struct json_lexer *lexer, unsigned then) {
	look_at_string(lexer, SIZE_MAX);
	struct span text = lexer->rest;
	size_t at = lexer->ahead, bad = 0;
	if (byte_is(text, at, '"')) {
		lexer->expects = then;
		if (then == EXPECT_COMMA_OR_END) {
			value_ended(lexer);
		}
		return take(lexer, JSON_STRING, at + 1);
	}
	if (byte_is(text, at, '\\')) {
		escape_len(span_after(text, at), &bad);
	}
	return fail(lexer, at + bad);
}

/* Where the digits that begin at `at` end, or `to`. */
static size_t skip_digits(struct span text, size_t at, size_t to) {
	while (at < text.len && at < to && is_digit(text.data[at])) {
		at++;
	}
	return at;
}

static void begin_part(struct json_lexer *lexer, unsigned char part, size_t from) {
	lexer->part = part;
	lexer->part_from = lexer->ahead = from;
}

/* Begins what follows the digits that end at `ahead`; false: nothing does. */
static bool next_part(struct json_lexer *lexer) {
	struct span text = lexer->rest;
	size_t at = lexer->ahead;
	if (lexer->part == PART_INTEGER && byte_is(text, at, '.')) {
		begin_part(lexer, PART_FRACTION, at + 1);
		return true;
	}
	if (lexer->part != PART_EXPONENT && (byte_is(text, at, 'e') || byte_is(text, at, 'E'))) {
		bool sign = byte_is(text, at + 1, '+') || byte_is(text, at + 1, '-');
		begin_part(lexer, PART_EXPONENT, at + 1 + sign);
		return true;
	}
	return false;
}

/* The same for a number. Where it is none, digits are missing at `part_from`. False: there is more of it behind `to`. */
static bool look_at_number(struct json_lexer *lexer, size_t to) {
	struct span text = lexer->rest;
	if (lexer->part == PART_NONE) {
		begin_part(lexer, PART_INTEGER, byte_is(text, 0, '-'));
	}
	do {
		bool zero = lexer->part == PART_INTEGER && byte_is(text, lexer->part_from, '0');
		lexer->ahead = zero ? lexer->part_from + 1 : skip_digits(text, lexer->ahead, to);
		if (lexer->ahead >= to) {
			return false;
		}
	} while (lexer->ahead > lexer->part_from && next_part(lexer));
	return true;
}

static struct json_token lex_number(struct json_lexer *lexer) {
	look_at_number(lexer, SIZE_MAX);
	if (lexer->ahead == lexer->part_from) {
		return fail(lexer, lexer->part_from);
	}
	value_ended(lexer);
	return take(lexer, JSON_NUMBER, lexer->ahead);
}

static struct json_token lex_word(
	struct json_lexer *lexer, const char *word, enum json_token_kind kind) {
	size_t len = strlen(word), same = 0;
	while (same < len && byte_is(lexer->rest, same, word[same])) {
		same++;
	}
	if (same < len) {
		return fail(lexer, same);
	}
	value_ended(lexer);
	return take(lexer, kind, len);
}

static struct json_token lex_value(struct json_lexer *lexer) {
	switch (lexer->rest.data[0]) {
	case '{':
		return open_level(lexer, true);
	case '[':
		return open_level(lexer, false);
	case '"':
		return lex_string(lexer, EXPECT_COMMA_OR_END);
	case 't':
		return lex_word(lexer, "true", JSON_TRUE);
	case 'f':
		return lex_word(lexer, "false", JSON_FALSE);
	case 'n':
		return lex_word(lexer, "null", JSON_NULL);
	default:
		return lex_number(lexer);
	}
}

static struct json_token lex_separator(struct json_lexer *lexer) {
	char byte = lexer->rest.data[0];
	bool object = inside_object(lexer);
	if (byte == ',') {
		lexer->expects = object ? EXPECT_KEY : EXPECT_VALUE;
		return take(lexer, JSON_COMMA, 1);
	}
	return byte == (object ? '}' : ']') ? close_level(lexer) : fail(lexer, 0);
}

static void skip_blanks(struct json_lexer *lexer) {
	size_t len = json_run_blanks(lexer->rest);
	lexer->rest = span_after(lexer->rest, len);
}

struct json_token json_lexer_next(struct json_lexer *lexer) {
	if (lexer->expects != EXPECT_ERROR) {
		skip_blanks(lexer);
	}
	if (lexer->rest.len == 0 && lexer->expects == EXPECT_NOTHING) {
		return (struct json_token){JSON_END, lexer->rest};
	}
	if (lexer->rest.len == 0 || lexer->expects == EXPECT_ERROR) {
		return fail(lexer, 0);
	}
	char byte = lexer->rest.data[0];
	switch (lexer->expects) {
	case EXPECT_VALUE_OR_END:
		return byte == ']' ? close_level(lexer) : lex_value(lexer);
	case EXPECT_VALUE:
		return lex_value(lexer);
	case EXPECT_KEY_OR_END:
		if (byte == '}') {
			return close_level(lexer);
		}
		return byte == '"' ? lex_string(lexer, EXPECT_COLON) : fail(lexer, 0);
	case EXPECT_KEY:
		return byte == '"' ? lex_string(lexer, EXPECT_COLON) : fail(lexer, 0);
	case EXPECT_COLON:
		lexer->expects = EXPECT_VALUE;
		return byte == ':' ? take(lexer, JSON_COLON, 1) : fail(lexer, 0);
	case EXPECT_COMMA_OR_END:
		return lex_separator(lexer);
	default:
		return fail(lexer, 0);
	}
}

bool json_lexer_look(struct json_lexer *lexer, size_t budget) {
	if (lexer->expects >= EXPECT_NOTHING || lexer->expects == EXPECT_COLON ||
		lexer->expects == EXPECT_COMMA_OR_END) {
		return true; /* nothing that could be long, but blanks */
	}
	skip_blanks(lexer);
	if (lexer->rest.len == 0) {
		return true;
	}
	char byte = lexer->rest.data[0];
	bool value = lexer->expects <= EXPECT_VALUE_OR_END;
	size_t to = lexer->ahead + (budget < lexer->rest.len ? budget : lexer->rest.len) + 1;
	if (byte == '"') {
		look_at_string(lexer, to);
		return lexer->ahead < to;
	}
	return !value || (byte != '-' && !is_digit(byte)) || look_at_number(lexer, to);
}

size_t json_lexer_looked(const struct json_lexer *lexer) {
	return lexer->ahead;
}

bool json_lexer_is_name(const struct json_lexer *lexer) {
	return lexer->is_name;
}

void json_lexer_leave(struct json_lexer *lexer, struct span rest) {
	forget_ahead(lexer);
	lexer->is_name = false;
	lexer->depth--;
	lexer->rest = rest;
	value_ended(lexer);
}

static uint32_t four_hex(const char *text) {
	uint32_t unit = 0;
	for (int i = 0; i < 4; i++) {
		unit = unit << 4 | (uint32_t)(hex_digit(text[i]) & 15);
	}
	return unit;
}

uint32_t json_take_escape(struct span *rest) {
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	char letter = rest->data[1];
	if (letter != 'u') {
		*rest = span_after(*rest, 2);
		return (uint32_t)meant[strchr(letters, letter) - letters];
	}
	uint32_t unit = four_hex(rest->data + 2);
	*rest = span_after(*rest, 6);
	bool high = unit >= 0xd800 && unit <= 0xdbff;
	if (!high || rest->len < 6 || rest->data[0] != '\\' || rest->data[1] != 'u') {
		return unit;
	}
	uint32_t low = four_hex(rest->data + 2);
	if (low < 0xdc00 || low > 0xdfff) {
		return unit;
	}
	*rest = span_after(*rest, 6);
	return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

size_t json_encode_utf8(char out[4], uint32_t point) {
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	size_t len = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (point & 0x3f));
		point >>= 6;
	}
	out[0] = (char)((0xf00U >> len & 0xf0U) | point);
	return len;
}

/* The text between the quotes of a string token. */
static struct span inner(struct span string_token) {
	return string_token.len < 2 ? (struct span){NULL, 0}
	                            : (struct span){string_token.data + 1, string_token.len - 2};
}

/* Takes the next run of at most `most` bytes that stand for themselves, or one escape written into `made`. */
static struct span take_piece(struct span *rest, char made[4], size_t most) {
	if (rest->data[0] == '\\') {
		return (struct span){made, json_encode_utf8(made, json_take_escape(rest))};
	}
	struct span front = {rest->data, rest->len < most ? rest->len : most};
	struct span plain = {rest->data, span_find(front, '\\')};
	*rest = span_after(*rest, plain.len);
	return plain;
}

bool json_unescape_some(struct buffer *out, struct span *rest, size_t budget) {
	char made[4];
	size_t until = rest->len > budget ? rest->len - budget : 0;
	while (rest->len > until) {
		buffer_append_span(out, take_piece(rest, made, rest->len - until));
	}
	return rest->len == 0;
}

void json_unescape(struct buffer *out, struct span string_token) {
	struct span rest = inner(string_token);
	json_unescape_some(out, &rest, SIZE_MAX);
}

bool json_string_is(struct span string_token, struct span text) {
	char made[4];
	for (struct span rest = inner(string_token); rest.len > 0;) {
		struct span piece = take_piece(&rest, made, rest.len);
		if (!span_starts_with(text, piece)) {
			return false;
		}
		text = span_after(text, piece.len);
	}
	return text.len == 0;
}

bool json_is_whole(struct span payload) {
	struct json_lexer lexer;
	struct json_token token, last = {JSON_END, {NULL, 0}};
	json_lexer_init(&lexer, payload);
	while ((token = json_lexer_next(&lexer)).kind != JSON_END && token.kind != JSON_ERROR) {
		last = token;
	}
	return token.kind == JSON_END && last.kind != JSON_END;
}
