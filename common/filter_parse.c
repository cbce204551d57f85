/* Reads the language of filters: one function a rule of its grammar. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/business_key.h"
#include "common/filter_parts.h"
#include "common/http_chars.h"

static const char *const key_names[] = {"endpoint", "provider", "method", "type", "path", "verdict",
	"status", "is", "header", "age", "size", "since", "until", "body"};
#define KEY_NAME_COUNT (sizeof key_names / sizeof key_names[0])

/* They mean something without a key. */
static const char *const bare_words[] = {"duplicate", "marked"};

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\t';
}

static char peek(const struct filter_parser *parser) {
	return parser->rest.len > 0 ? parser->rest.data[0] : '\0';
}

static void skip(struct filter_parser *parser, size_t count) {
	parser->rest = span_after(parser->rest, count);
}

static bool ends_word(const struct filter_parser *parser, char byte) {
	return is_blank(byte) || (byte == ')' && parser->depth > 0);
}

size_t filter_quoted_len(struct span text) {
	size_t len = 1;
	while (len < text.len && text.data[len] != '"') {
		len += text.data[len] == '\\' ? 2 : 1;
	}
	return len < text.len ? len + 1 : 0;
}

/* What stands in quotes: a backslash in front of a quotation mark is left out, any other is kept. */
static bool read_quoted(struct filter_parser *parser) {
	const char *data = parser->rest.data;
	size_t len = filter_quoted_len(parser->rest);
	if (len == 0) {
		return error_set(parser->err, ERROR_USAGE, "a quotation mark is not closed");
	}
	for (size_t i = 1; i + 1 < len; i++) {
		bool pair = data[i] == '\\';
		if (!pair || data[i + 1] != '"') {
			buffer_append_byte(&parser->word, data[i]);
		}
		i += pair;
		if (pair) {
			buffer_append_byte(&parser->word, data[i]);
		}
	}
	parser->quoted = true;
	skip(parser, len);
	return true;
}

/* Reads one value into `word`: up to a blank, or a comma where they part values. */
static bool read_word(struct filter_parser *parser, bool comma_ends) {
	parser->place = parser->rest.data;
	parser->quoted = false;
	buffer_reset(&parser->word);
	while (parser->rest.len > 0) {
		char byte = peek(parser);
		if (byte == '"') {
			if (!read_quoted(parser)) {
				return false;
			}
		} else if (ends_word(parser, byte) || (byte == ',' && comma_ends)) {
			break;
		} else {
			buffer_append_byte(&parser->word, byte);
			skip(parser, 1);
		}
	}
	return true;
}

static struct filter_value *add_value(struct filter_term *term) {
	term->values = alloc_resize(term->values, (term->count + 1) * sizeof term->values[0]);
	term->values[term->count] = (struct filter_value){0};
	return &term->values[term->count++];
}

static bool parse_values(struct filter_parser *parser, struct filter_term *term) {
	bool more = true;
	while (more) {
		if (!read_word(parser, term->key != FILTER_TEXT) ||
			!filter_read_value(parser, term->key, add_value(term))) {
			return false;
		}
		more = peek(parser) == ',';
		skip(parser, more);
	}
	return true;
}

/* Behind ~: one regular expression. */
static bool parse_pattern(struct filter_parser *parser, struct filter_term *term) {
	if (!read_word(parser, false)) {
		return false;
	}
	if (parser->word.len == 0) {
		return error_set(parser->err, ERROR_USAGE, "a pattern is missing behind the ~");
	}
	if (++parser->patterns > FILTER_PATTERNS_MAX) {
		return error_set(parser->err, ERROR_USAGE, "more than %d patterns", FILTER_PATTERNS_MAX);
	}
	struct filter_value *value = add_value(term);
	value->regex = regex_new(buffer_span(&parser->word), parser->err);
	return value->regex != NULL;
}

/* --- terms --- */

/* Whether the word stands here by itself, in small or capital letters. */
static bool at_word(struct filter_parser *parser, const char *word) {
	size_t len = strlen(word);
	struct span start = {parser->rest.data, len};
	return parser->rest.len >= len && span_equal_nocase(start, span_text(word)) &&
	       (parser->rest.len == len || is_blank(parser->rest.data[len]) ||
			   parser->rest.data[len] == '(' || ends_word(parser, parser->rest.data[len]));
}

static bool is_sign(char byte) {
	return byte == '=' || byte == '~';
}

/* Behind a name: '=' and values, ~ and a pattern, or nothing. */
static bool parse_equals(struct filter_parser *parser, struct filter_term *term) {
	char sign = peek(parser);
	if (!is_sign(sign)) {
		return true;
	}
	skip(parser, 1);
	return sign == '=' ? parse_values(parser, term) : parse_pattern(parser, term);
}

/* header:NAME=VALUE; ~ may stand in names, but means a pattern here */
static bool parse_header(struct filter_parser *parser, struct filter_term *term) {
	size_t len = http_run(parser->rest, HTTP_TOKEN);
	size_t tilde = span_find(parser->rest, '~');
	len = tilde < len ? tilde : len;
	struct span behind = span_after(parser->rest, len);
	parser->place = parser->rest.data;
	if (len == 0 ||
		(behind.len > 0 && !is_sign(behind.data[0]) && !ends_word(parser, behind.data[0]))) {
		return error_set(parser->err, ERROR_USAGE,
			"expected the name of a header: header:NAME or header:NAME=VALUE");
	}
	term->name = glob_new((struct span){parser->rest.data, len}, true);
	skip(parser, len);
	return parse_equals(parser, term);
}

/* The names between dots; [3] is written .3 */
static bool read_path(struct filter_parser *parser, struct buffer *path) {
	bool named = false, good = true;
	for (; parser->rest.len > 0 && !is_sign(peek(parser)); skip(parser, 1)) {
		char byte = peek(parser);
		if (ends_word(parser, byte)) {
			break;
		}
		bool parts = byte == '.' || byte == '[';
		good = good && (!parts || named) && byte != '"';
		if (parts) {
			buffer_append_byte(path, '.');
		} else if (byte != ']') {
			buffer_append_byte(path, byte);
		}
		named = !parts;
	}
	return good && named;
}

/* .data.items[0].id=VALUE */
static bool parse_json(struct filter_parser *parser, struct filter_term *term) {
	struct buffer path = {0};
	skip(parser, 1);
	bool ok = read_path(parser, &path);
	term->path = alloc_text(path.data, path.len);
	buffer_clear(&path);
	if (!ok) {
		return error_set(parser->err, ERROR_USAGE,
			"expected names between dots such as .data.items[0].id=42; a text with a dot in front "
			"needs quotes");
	}
	return parse_equals(parser, term);
}

static bool is_letter(char byte) {
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Letters before a colon or a ~ are a key; everything else but a path begins a text. */
static bool parse_key(struct filter_parser *parser, enum filter_key *key, char *sign) {
	size_t len = 0;
	while (len < parser->rest.len && is_letter(parser->rest.data[len])) {
		len++;
	}
	*key = peek(parser) == '.' ? FILTER_JSON : FILTER_TEXT;
	*sign = len < parser->rest.len ? parser->rest.data[len] : '\0';
	if (len == 0 || (*sign != ':' && *sign != '~')) {
		return true;
	}
	size_t index;
	const char *hint =
		*sign == ':' ? "; a text with a colon needs quotes" : "; a text with a ~ needs quotes";
	buffer_reset(&parser->word);
	buffer_append(&parser->word, parser->rest.data, len);
	if (!filter_choose(parser, "key", hint, key_names, KEY_NAME_COUNT, &index)) {
		return false;
	}
	*key = (enum filter_key)index;
	skip(parser, len + 1);
	return true;
}

static bool takes_pattern(enum filter_key key) {
	return key <= FILTER_PATH || key == FILTER_BODY || key == FILTER_BUSINESS;
}

/* "duplicate" or "marked" without a key */
static bool parse_bare_word(struct filter_parser *parser, struct filter_term *term) {
	for (size_t i = 0; i < sizeof bare_words / sizeof *bare_words; i++) {
		if (at_word(parser, bare_words[i])) {
			term->key = FILTER_IS;
			return read_word(parser, false) &&
			       filter_read_value(parser, FILTER_IS, add_value(term));
		}
	}
	return false;
}

/* order: and key.NAME: and key:, the name without what is around it; false: it is none of them. */
static bool parse_business_name(struct filter_parser *parser, struct filter_term *term) {
	size_t len = 0;
	while (len < parser->rest.len && len <= BUSINESS_KEY_NAME_LEN + 4 &&
		   !strchr(":~ \t\"()", parser->rest.data[len])) {
		len++;
	}
	struct span word = {parser->rest.data, len};
	bool any = span_is(word, "key"), named = span_starts_with(word, span_text("key."));
	struct span name = any ? span_text("") : named ? span_after(word, 4) : word;
	bool good =
		any || (named ? business_key_name_is_valid(name) : business_key_known(name) != NULL);
	if (!good || len == parser->rest.len || !strchr(":~", parser->rest.data[len])) {
		return false;
	}
	const char *known = named || any ? NULL : business_key_known(name);
	term->key = FILTER_BUSINESS;
	term->path = known ? alloc_text(known, strlen(known)) : alloc_text(name.data, name.len);
	skip(parser, len);
	return true;
}

static bool parse_business(struct filter_parser *parser, struct filter_term *term) {
	char sign = peek(parser);
	skip(parser, 1);
	parser->needs_keys = true;
	return sign == '~' ? parse_pattern(parser, term) : parse_values(parser, term);
}

static bool parse_term(struct filter_parser *parser, struct filter_term *term) {
	parser->place = parser->rest.data;
	if (peek(parser) == ')') {
		return error_set(parser->err, ERROR_USAGE,
			"there is no ( for this ); a text with parentheses needs quotes");
	}
	if (parse_bare_word(parser, term)) {
		return true;
	}
	if (parse_business_name(parser, term)) {
		return parse_business(parser, term);
	}
	char sign;
	if (!parse_key(parser, &term->key, &sign)) {
		return false;
	}
	parser->needs_bytes = parser->needs_bytes || term->key == FILTER_TEXT ||
	                      term->key == FILTER_HEADER || term->key == FILTER_JSON ||
	                      term->key == FILTER_BODY;
	if (sign == '~' && term->key < FILTER_JSON) {
		return takes_pattern(term->key)
		           ? parse_pattern(parser, term)
		           : error_set(parser->err, ERROR_USAGE,
						 "no pattern can stand behind this key; body~, path~ and type~ take one");
	}
	switch (term->key) {
	case FILTER_HEADER:
		return parse_header(parser, term);
	case FILTER_JSON:
		return parse_json(parser, term);
	default:
		return parse_values(parser, term);
	}
}

/* --- and, or, not --- */

static struct filter_node *parse_alternatives(struct filter_parser *parser, bool negated);

static struct filter_node *node_new(enum filter_node_kind kind) {
	struct filter_node *node = alloc_zero(1, sizeof *node);
	node->kind = kind;
	return node;
}

static void skip_blanks(struct filter_parser *parser) {
	while (is_blank(peek(parser))) {
		skip(parser, 1);
	}
}

static struct filter_node *parse_parenthesis(struct filter_parser *parser, bool negated) {
	const char *place = parser->place = parser->rest.data;
	if (parser->depth == FILTER_DEPTH_MAX) {
		error_set(
			parser->err, ERROR_USAGE, "more than %d parentheses in each other", FILTER_DEPTH_MAX);
		return NULL;
	}
	skip(parser, 1);
	parser->depth++;
	struct filter_node *node = parse_alternatives(parser, negated);
	parser->depth--;
	if (node && peek(parser) != ')') {
		parser->place = place;
		error_set(parser->err, ERROR_USAGE, "a parenthesis is not closed");
		filter_node_free(node);
		return NULL;
	}
	skip(parser, 1);
	return node;
}

static struct filter_node *parse_item(struct filter_parser *parser, bool negated) {
	bool turned = peek(parser) == '!' || peek(parser) == '-';
	skip(parser, turned);
	if (peek(parser) == '(') {
		return parse_parenthesis(parser, negated != turned);
	}
	struct filter_node *node = node_new(FILTER_TERM);
	node->term.negated = negated != turned;
	if (!parse_term(parser, &node->term)) {
		filter_node_free(node);
		return NULL;
	}
	return node;
}

/* Up to the end, `or`, or the ) of the parenthesis. */
static bool at_end_of_terms(struct filter_parser *parser) {
	skip_blanks(parser);
	while (at_word(parser, "and")) {
		skip(parser, 3);
		skip_blanks(parser);
	}
	return parser->rest.len == 0 || (peek(parser) == ')' && parser->depth > 0) ||
	       at_word(parser, "or");
}

static struct filter_node *parse_terms(struct filter_parser *parser, bool negated) {
	struct filter_node *node = node_new(negated ? FILTER_ANY : FILTER_ALL);
	struct filter_node **end = &node->first;
	while (!at_end_of_terms(parser)) {
		*end = parse_item(parser, negated);
		if (!*end) {
			filter_node_free(node);
			return NULL;
		}
		end = &(*end)->next;
	}
	return node;
}

/* Nothing at all is a filter, too; nothing beside `or`, or in parentheses, is a mistake. */
static bool is_missing(struct filter_parser *parser, const struct filter_node *terms, bool alone) {
	bool at_or = at_word(parser, "or");
	parser->place = parser->rest.data;
	if (terms->first || (alone && !at_or && parser->depth == 0)) {
		return false;
	}
	error_set(parser->err, ERROR_USAGE,
		at_or || !alone ? "something is missing beside \"or\"; to search for the word, put it in "
						  "quotes"
						: "nothing stands between the parentheses");
	return true;
}

static struct filter_node *parse_alternatives(struct filter_parser *parser, bool negated) {
	struct filter_node *node = node_new(negated ? FILTER_ALL : FILTER_ANY);
	struct filter_node **end = &node->first;
	for (bool alone = true;; alone = false) {
		*end = parse_terms(parser, negated);
		if (!*end || is_missing(parser, *end, alone)) {
			filter_node_free(node);
			return NULL;
		}
		if (!at_word(parser, "or")) {
			return node;
		}
		skip(parser, 2);
		end = &(*end)->next;
	}
}

/* In characters, from 1. */
static size_t column_of(struct span text, const char *place) {
	size_t column = 1;
	for (const char *at = text.data; at < place; at++) {
		column += ((unsigned char)*at & 0xc0) != 0x80;
	}
	return column;
}

/* Numbers the terms of head and body. */
static void number_terms(struct filter_node *node, size_t *count) {
	if (node->kind == FILTER_TERM && filter_is_of_bytes(&node->term)) {
		node->term.nth = (*count)++;
	}
	for (struct filter_node *child = node->first; child; child = child->next) {
		number_terms(child, count);
	}
}

struct filter *filter_parse(struct span text, struct error *err) {
	if (text.len > FILTER_MAX) {
		error_set(err, ERROR_USAGE, "the filter is longer than %d bytes", FILTER_MAX);
		return NULL;
	}
	struct filter_parser parser = {.rest = text, .place = text.data, .err = err};
	struct filter_node *root = parse_alternatives(&parser, false);
	buffer_clear(&parser.word);
	if (!root) {
		error_prefix(err, "filter column %zu", column_of(text, parser.place));
		return NULL;
	}
	struct filter *filter = alloc_zero(1, sizeof *filter);
	filter->root = root;
	filter->needs_bytes = parser.needs_bytes;
	filter->needs_keys = parser.needs_keys;
	number_terms(root, &filter->byte_terms);
	return filter;
}
