/* Reads regular expressions: one function a rule of their grammar. */
#include <string.h>

#include "common/http_chars.h"
#include "common/json_lexer.h"
#include "common/regex_parts.h"
#include "common/text.h"

struct parser {
	struct regex_read *read;
	struct span all, rest;
	int depth;
	bool any_case, dot_is_all;
	struct error *err;
};

static bool is_digit(char byte) {
	return byte >= '0' && byte <= '9';
}

static char peek(const struct parser *parser, size_t ahead) {
	return ahead < parser->rest.len ? parser->rest.data[ahead] : '\0';
}

static bool at(const struct parser *parser, char byte) {
	return parser->rest.len > 0 && parser->rest.data[0] == byte;
}

static void skip(struct parser *parser, size_t count) {
	parser->rest = span_after(parser->rest, count);
}

static bool take(struct parser *parser, const char *text) {
	bool there = span_starts_with(parser->rest, span_text(text));
	skip(parser, there ? strlen(text) : 0);
	return there;
}

/* -1, with the character that is read now. */
static int fail(struct parser *parser, const char *why) {
	size_t character = 1;
	for (const char *p = parser->all.data; p < parser->rest.data; p++) {
		character += ((unsigned char)*p & 0xc0) != 0x80;
	}
	error_set(parser->err, ERROR_USAGE, "pattern character %zu: %s", character, why);
	return -1;
}

/* --- trees --- */

static int add_tree(struct parser *parser, struct regex_tree tree) {
	struct regex_read *read = parser->read;
	if (read->tree_count == REGEX_TREES_MAX) {
		return fail(parser, "the pattern is too long");
	}
	read->trees[read->tree_count] = tree;
	return read->tree_count++;
}

static int add_pair(struct parser *parser, enum regex_tree_kind kind, int one, int other) {
	return one < 0 || other < 0
	           ? -1
	           : add_tree(parser, (struct regex_tree){.kind = kind, .one = one, .other = other});
}

static int add_assert(struct parser *parser, enum regex_assert what) {
	parser->read->has_asserts = true;
	return add_tree(parser, (struct regex_tree){.kind = REGEX_TREE_ASSERT, .value = (int)what});
}

static int add_set(struct parser *parser, struct regex_set set) {
	struct regex_read *read = parser->read;
	if (read->set_count == REGEX_SETS_MAX) {
		return fail(parser, "the pattern is too long");
	}
	read->sets[read->set_count] = set;
	return add_tree(
		parser, (struct regex_tree){.kind = REGEX_TREE_SET, .value = read->set_count++});
}

static int add_byte(struct parser *parser, unsigned byte) {
	struct regex_set set = {0};
	regex_set_add(&set, byte);
	return add_set(parser, set);
}

/* --- sets --- */

static void add_range(struct regex_set *set, unsigned from, unsigned to) {
	for (unsigned byte = from; byte <= to; byte++) {
		regex_set_add(set, byte);
	}
}

/* 'd', 'w', 's': false for any other letter. */
static bool add_kind(struct regex_set *set, char letter) {
	if (letter == 'd' || letter == 'w') {
		add_range(set, '0', '9');
	}
	if (letter == 'w') {
		add_range(set, 'a', 'z');
		add_range(set, 'A', 'Z');
		regex_set_add(set, '_');
	}
	if (letter == 's') {
		add_range(set, '\t', '\r');
		regex_set_add(set, ' ');
	}
	return letter == 'd' || letter == 'w' || letter == 's';
}

static void turn_around(struct regex_set *set) {
	for (int i = 0; i < 4; i++) {
		set->bits[i] = ~set->bits[i];
	}
}

static void fold(const struct parser *parser, struct regex_set *set) {
	for (unsigned low = 'a'; parser->any_case && low <= 'z'; low++) {
		if (regex_set_has(set, low) || regex_set_has(set, low ^ 0x20)) {
			regex_set_add(set, low);
			regex_set_add(set, low ^ 0x20);
		}
	}
}

/* One of the ASCII characters in `set`, or any beyond ASCII: its first byte, then those that belong to it. */
static int add_wide(struct parser *parser, struct regex_set set) {
	struct regex_set more = {{0, 0, UINT64_MAX, 0}};
	set.bits[2] = 0;
	set.bits[3] = UINT64_MAX;
	int first = add_set(parser, set), rest = add_set(parser, more);
	if (first < 0 || rest < 0) {
		return -1;
	}
	int repeat = add_tree(parser,
		(struct regex_tree){.kind = REGEX_TREE_REPEAT, .one = rest, .value = 0, .most = -1});
	return add_pair(parser, REGEX_TREE_BOTH, first, repeat);
}

/* The characters from `from` to `to`, beyond ASCII, that differ in the last byte alone. */
static int add_wide_run(struct parser *parser, uint32_t from, uint32_t to) {
	char bytes[4];
	size_t len = json_encode_utf8(bytes, from);
	struct regex_set last = {0};
	add_range(&last, 0x80 | (from & 0x3f), 0x80 | (to & 0x3f));
	int tree = add_byte(parser, (unsigned char)bytes[0]);
	for (size_t i = 1; i + 1 < len; i++) {
		tree = add_pair(parser, REGEX_TREE_BOTH, tree, add_byte(parser, (unsigned char)bytes[i]));
	}
	return add_pair(parser, REGEX_TREE_BOTH, tree, add_set(parser, last));
}

/* `tree` (0: none yet) or one of these characters */
static int add_wide_range(struct parser *parser, int tree, uint32_t from, uint32_t to) {
	while (from <= to && tree >= 0) {
		uint32_t end = (from | 0x3f) < to ? from | 0x3f : to;
		int run = add_wide_run(parser, from, end);
		tree = tree == 0 ? run : add_pair(parser, REGEX_TREE_EITHER, tree, run);
		from = end + 1;
	}
	return tree;
}

/* --- characters --- */

static bool is_letter(char byte) {
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Behind a backslash that stands for one character; false: it does not. */
static bool take_escape(struct parser *parser, uint32_t *character) {
	static const char letters[] = "tnrfv", bytes[] = "\t\n\r\f\v";
	char byte = peek(parser, 0);
	const char *letter = byte ? strchr(letters, byte) : NULL;
	int high = http_hex_digit(peek(parser, 1)), low = http_hex_digit(peek(parser, 2));
	if (byte == 'x' && high >= 0 && low >= 0) {
		*character = (uint32_t)(high * 16 + low);
		skip(parser, 3);
		return true;
	}
	*character = letter ? (unsigned char)bytes[letter - letters] : (unsigned char)byte;
	skip(parser, 1);
	return letter || (byte && !is_letter(byte) && !is_digit(byte));
}

static uint32_t take_character(struct parser *parser) {
	unsigned char first = (unsigned char)peek(parser, 0);
	size_t len = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t character = len == 1 ? first : first & (0xffU >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		character = character << 6 | ((unsigned char)peek(parser, i) & 0x3f);
	}
	skip(parser, len);
	return character;
}

/* --- [classes] --- */

struct class {
	struct regex_set set;
	int wide; /* the characters beyond ASCII in it, as a tree; 0: none */
};

/* One end of a range; -1: wrong. `*kind`: it was a \d or the like instead, and is in the class. */
static int64_t take_class_character(struct parser *parser, struct class *class, bool *kind) {
	uint32_t character;
	*kind = false;
	if (!take(parser, "\\")) {
		return at(parser, '[') && peek(parser, 1) == ':'
		           ? fail(parser, "write [[:digit:]] and the like as \\d, \\w or \\s")
		           : (int64_t)take_character(parser);
	}
	if (add_kind(&class->set, peek(parser, 0))) {
		skip(parser, 1);
		*kind = true;
		return 0;
	}
	return take_escape(parser, &character) ? (int64_t)character
	                                       : fail(parser, "this cannot stand in []");
}

static bool take_class_item(struct parser *parser, struct class *class) {
	bool kind;
	int64_t from = take_class_character(parser, class, &kind), to = from;
	if (from < 0 || kind) {
		return kind;
	}
	if (at(parser, '-') && peek(parser, 1) != ']' && parser->rest.len > 1) {
		skip(parser, 1);
		to = take_class_character(parser, class, &kind);
		if (to >= 0 && (kind || to < from)) {
			fail(parser, "a range begins behind its end");
		}
		if (kind || to < from) {
			return false;
		}
	}
	if (from < 0x80) {
		add_range(&class->set, (unsigned)from, to < 0x80 ? (unsigned)to : 0x7f);
	}
	uint32_t wide = from < 0x80 ? 0x80 : (uint32_t)from;
	class->wide = add_wide_range(parser, class->wide, wide, (uint32_t)to);
	return class->wide >= 0;
}

/* Behind the [ */
static int parse_class(struct parser *parser) {
	struct class class = {0};
	bool none_of = take(parser, "^");
	bool first = true;
	for (; parser->rest.len > 0 && (first || !at(parser, ']')); first = false) {
		if (!take_class_item(parser, &class)) {
			return -1;
		}
	}
	if (!take(parser, "]")) {
		return fail(parser, "a [ is not closed; to search for one, write \\[");
	}
	fold(parser, &class.set);
	if (none_of) {
		turn_around(&class.set);
		return class.wide == 0 ? add_wide(parser, class.set)
		                       : fail(parser, "[^] excludes characters of ASCII alone");
	}
	int set = add_set(parser, class.set);
	return class.wide == 0 ? set : add_pair(parser, REGEX_TREE_EITHER, set, class.wide);
}

/* --- one thing --- */

static int add_character(struct parser *parser, uint32_t character) {
	struct regex_set set = {0};
	if (character >= 0x80) {
		return add_wide_run(parser, character, character);
	}
	regex_set_add(&set, character);
	fold(parser, &set);
	return add_set(parser, set);
}

/* Behind a backslash. */
static int parse_escape(struct parser *parser) {
	char letter = peek(parser, 0);
	struct regex_set set = {0};
	uint32_t character;
	if (add_kind(&set, letter)) {
		skip(parser, 1);
		return add_set(parser, set);
	}
	if (add_kind(&set, (char)(letter | 0x20)) && is_letter(letter)) {
		skip(parser, 1);
		turn_around(&set);
		return add_wide(parser, set);
	}
	if (take(parser, "A") || take(parser, "z")) {
		return add_assert(parser, letter == 'A' ? REGEX_TEXT_BEGIN : REGEX_TEXT_END);
	}
	if (take(parser, "b") || take(parser, "B")) {
		return add_assert(parser, letter == 'b' ? REGEX_WORD_EDGE : REGEX_NO_WORD_EDGE);
	}
	if (letter == '\0') {
		return fail(parser, "something is missing behind the \\");
	}
	bool is_byte = letter == 'x';
	if (!take_escape(parser, &character)) {
		return fail(
			parser, is_digit(letter) ? "there is no way back: no \\1" : "there is no such \\");
	}
	return is_byte ? add_byte(parser, character) : add_character(parser, character);
}

static int parse_dot(struct parser *parser) {
	struct regex_set set = {0};
	if (!parser->dot_is_all) {
		regex_set_add(&set, '\n');
	}
	turn_around(&set);
	return add_wide(parser, set);
}

static int parse_either(struct parser *parser);

/* Behind the ( */
static int parse_group(struct parser *parser) {
	if (parser->depth == REGEX_DEPTH_MAX) {
		return fail(parser, "too many parentheses in each other");
	}
	if (!take(parser, "?:") && at(parser, '?')) {
		return fail(parser, "(?i) and (?s) stand in front, and there is no looking around: (?:a) "
							"is all that begins so");
	}
	parser->depth++;
	int tree = parse_either(parser);
	parser->depth--;
	if (tree >= 0 && !take(parser, ")")) {
		return fail(parser, "a ( is not closed; to search for one, write \\(");
	}
	return tree;
}

static int parse_one(struct parser *parser) {
	char byte = peek(parser, 0);
	switch (byte) {
	case '*':
	case '+':
	case '?':
		return fail(
			parser, "there is nothing to repeat; to search for this sign, put a \\ in front");
	case '(':
		skip(parser, 1);
		return parse_group(parser);
	case '[':
		skip(parser, 1);
		return parse_class(parser);
	case '\\':
		skip(parser, 1);
		return parse_escape(parser);
	case '.':
		skip(parser, 1);
		return parse_dot(parser);
	case '^':
	case '$':
		skip(parser, 1);
		return add_assert(parser, byte == '^' ? REGEX_LINE_BEGIN : REGEX_LINE_END);
	default:
		return add_character(parser, take_character(parser));
	}
}

/* --- repeated --- */

/* Digits; -1: none, and more than REGEX_REPEAT_MAX for any such number. */
static int take_number(struct parser *parser) {
	int number = is_digit(peek(parser, 0)) ? 0 : -1;
	for (; is_digit(peek(parser, 0)); skip(parser, 1)) {
		number = number > REGEX_REPEAT_MAX ? number : number * 10 + (peek(parser, 0) - '0');
	}
	return number;
}

/* {3} {3,} {3,5}; false: it is none of them, and stands for itself. */
static bool take_braces(struct parser *parser, int *least, int *most) {
	struct span before = parser->rest;
	skip(parser, 1);
	*least = *most = take_number(parser);
	if (*least >= 0 && take(parser, ",")) {
		*most = take_number(parser);
	}
	if (*least >= 0 && take(parser, "}")) {
		return true;
	}
	parser->rest = before;
	return false;
}

static bool take_repeat(struct parser *parser, int *least, int *most) {
	char byte = peek(parser, 0);
	if (byte == '{') {
		return take_braces(parser, least, most);
	}
	*least = byte == '+';
	*most = byte == '?' ? 1 : -1;
	return take(parser, "*") || take(parser, "+") || take(parser, "?");
}

static int parse_repeated(struct parser *parser) {
	int least, most, tree = parse_one(parser);
	if (tree < 0 || !take_repeat(parser, &least, &most)) {
		return tree;
	}
	if (least > REGEX_REPEAT_MAX || most > REGEX_REPEAT_MAX || (most >= 0 && most < least)) {
		return fail(parser, "expected numbers up to 255 in {}, the smaller one first");
	}
	take(parser, "?");
	if (at(parser, '*') || at(parser, '+') || at(parser, '?')) {
		return fail(parser, "it is repeated already; parentheses repeat repetitions");
	}
	return add_tree(parser,
		(struct regex_tree){.kind = REGEX_TREE_REPEAT, .one = tree, .value = least, .most = most});
}

/* --- the whole --- */

static int parse_sequence(struct parser *parser) {
	int tree = -1;
	while (parser->rest.len > 0 && !at(parser, '|') && !(at(parser, ')') && parser->depth > 0)) {
		int next = parse_repeated(parser);
		if (next < 0) {
			return -1;
		}
		tree = tree < 0 ? next : add_pair(parser, REGEX_TREE_BOTH, tree, next);
		if (tree < 0) {
			return -1;
		}
	}
	return tree >= 0 ? tree : add_tree(parser, (struct regex_tree){.kind = REGEX_TREE_EMPTY});
}

static int parse_either(struct parser *parser) {
	int tree = parse_sequence(parser);
	while (tree >= 0 && take(parser, "|")) {
		tree = add_pair(parser, REGEX_TREE_EITHER, tree, parse_sequence(parser));
	}
	return tree;
}

/* (?i), (?s), (?is) in front */
static void take_flags(struct parser *parser) {
	size_t len = 2;
	while (peek(parser, len) == 'i' || peek(parser, len) == 's') {
		len++;
	}
	if (peek(parser, 0) == '(' && peek(parser, 1) == '?' && len > 2 && peek(parser, len) == ')') {
		parser->any_case = memchr(parser->rest.data, 'i', len) != NULL;
		parser->dot_is_all = memchr(parser->rest.data, 's', len) != NULL;
		skip(parser, len + 1);
	}
}

bool regex_parse(struct regex_read *read, struct span pattern, struct error *err) {
	struct parser parser = {.read = read, .all = pattern, .rest = pattern, .err = err};
	read->tree_count = read->set_count = 0;
	read->has_asserts = false;
	/* the first one is never meant: a tree of 0 is none */
	add_tree(&parser, (struct regex_tree){.kind = REGEX_TREE_EMPTY});
	if (!text_is_utf8(pattern)) {
		return error_set(err, ERROR_USAGE, "the pattern is no UTF-8");
	}
	take_flags(&parser);
	read->root = parse_either(&parser);
	return read->root >= 0;
}
