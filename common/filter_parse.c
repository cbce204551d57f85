/* Reads the language of filters: one function a rule of its grammar. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/filter_parts.h"
#include "common/http_chars.h"
#include "common/moment.h"
#include "common/text.h"
#include "common/words.h"

#define NS_PER_MS INT64_C(1000000)

static const char *const key_names[] = {"endpoint", "provider", "method", "type", "path", "verdict",
	"status", "is", "header", "age", "size", "since", "until"};
#define KEY_NAME_COUNT (sizeof key_names / sizeof key_names[0])

static const char *const is_names[] = {"undelivered", "repeat", "received", "edited", "sent"};

/* What is being read. */
struct parser {
	struct span rest;
	const char *place;  /* of what is read: where an error is told */
	struct buffer word; /* the value read last, without its quotes */
	bool quoted;        /* it had some */
	int depth;          /* of parentheses */
	bool needs_bytes;
	struct error *err;
};

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\t';
}

static char peek(const struct parser *parser) {
	return parser->rest.len > 0 ? parser->rest.data[0] : '\0';
}

static void skip(struct parser *parser, size_t count) {
	parser->rest = span_after(parser->rest, count);
}

static bool ends_word(const struct parser *parser, char byte) {
	return is_blank(byte) || (byte == ')' && parser->depth > 0);
}

/* Reads one value into `word`: up to a blank, or a comma where they part values. */
static bool read_word(struct parser *parser, bool comma_ends) {
	bool open = false;
	parser->place = parser->rest.data;
	parser->quoted = false;
	buffer_reset(&parser->word);
	for (; parser->rest.len > 0; skip(parser, 1)) {
		char byte = peek(parser);
		if (byte == '"') {
			open = !open;
			parser->quoted = true;
		} else if (!open && (ends_word(parser, byte) || (byte == ',' && comma_ends))) {
			break;
		} else {
			buffer_append_byte(&parser->word, byte);
		}
	}
	return !open || error_set(parser->err, ERROR_USAGE, "a quotation mark is not closed");
}

/* The name in `names`, or its nearest: "unknown WHAT "x", did you mean "y"?" `hint` follows when none is near. */
static bool choose(struct parser *parser, const char *what, const char *hint,
	const char *const *names, size_t count, size_t *index) {
	const char *word = buffer_text(&parser->word);
	for (*index = 0; *index < count; ++*index) {
		if (strcmp(word, names[*index]) == 0) {
			return true;
		}
	}
	const char *nearest = text_nearest(word, names, count);
	if (nearest) {
		return error_set(parser->err, ERROR_USAGE, "unknown %s \"%s\", did you mean \"%s\"?", what,
			word, nearest);
	}
	struct buffer all = {0};
	for (size_t i = 0; i < count; i++) {
		buffer_printf(&all, "%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ", names[i]);
	}
	error_set(parser->err, ERROR_USAGE, "unknown %s \"%s\", there are %s%s", what, word,
		buffer_text(&all), hint);
	buffer_clear(&all);
	return false;
}

/* --- values --- */

static bool parse_verdict(struct parser *parser, struct filter_value *value) {
	const char *names[VERDICT_COUNT];
	for (int i = 0; i < VERDICT_COUNT; i++) {
		names[i] = verdict_name((enum verdict)i);
	}
	size_t index;
	bool ok = choose(parser, "verdict", "", names, VERDICT_COUNT, &index);
	value->least = value->most = (int64_t)index;
	return ok;
}

static bool parse_is(struct parser *parser, struct filter_value *value) {
	size_t index;
	bool ok =
		choose(parser, "property", "", is_names, sizeof is_names / sizeof is_names[0], &index);
	value->least = value->most = (int64_t)index;
	return ok;
}

static bool is_digit(char byte) {
	return byte >= '0' && byte <= '9';
}

static bool parse_status(struct parser *parser, struct filter_value *value) {
	struct span word = buffer_span(&parser->word);
	if (span_is(word, "none") || span_is(word, "failed")) {
		value->least = value->most = span_is(word, "none") ? 0 : -1;
		return true;
	}
	if (word.len == 3 && word.data[0] >= '1' && word.data[0] <= '5') {
		int64_t hundreds = (word.data[0] - '0') * 100;
		if (word.data[1] == 'x' && word.data[2] == 'x') {
			value->least = hundreds;
			value->most = hundreds + 99;
			return true;
		}
		if (is_digit(word.data[1]) && is_digit(word.data[2])) {
			value->least = value->most =
				hundreds + (word.data[1] - '0') * 10 + (word.data[2] - '0');
			return true;
		}
	}
	return error_set(parser->err, ERROR_USAGE,
		"\"%s\" is no status: expected one like 200 or 5xx, none or failed",
		buffer_text(&parser->word));
}

/* "<", "<=", ">", ">=" or nothing, which is "=": the numbers that compare so with `number`. */
static void take_range(struct filter_value *value, struct span sign, int64_t number) {
	bool below = span_starts_with(sign, span_text("<"));
	bool above = span_starts_with(sign, span_text(">"));
	bool strict = sign.len == 1;
	value->least = below ? INT64_MIN : number + (above && strict);
	value->most = above ? INT64_MAX : number - (below && strict);
}

static struct span take_sign(struct span *word) {
	size_t len = word->len > 0 && (word->data[0] == '<' || word->data[0] == '>');
	len += len > 0 && word->len > 1 && word->data[1] == '=';
	struct span sign = {word->data, len};
	*word = span_after(*word, len);
	return sign;
}

static bool parse_age(struct parser *parser, struct filter_value *value) {
	struct span word = buffer_span(&parser->word), sign = take_sign(&word);
	int64_t ms, ns;
	if (sign.len == 0 || !words_read_time(word, &ms) ||
		__builtin_mul_overflow(ms, NS_PER_MS, &ns)) {
		return error_set(parser->err, ERROR_USAGE,
			"\"%s\" is no age: expected < or > and a time such as 90s, 1h or 7d",
			buffer_text(&parser->word));
	}
	take_range(value, sign, ns);
	return true;
}

static bool parse_size(struct parser *parser, struct filter_value *value) {
	struct span word = buffer_span(&parser->word), sign = take_sign(&word);
	int64_t bytes;
	if (!words_read_size(word, &bytes) || bytes > INT64_MAX / 2) {
		return error_set(parser->err, ERROR_USAGE,
			"\"%s\" is no size: expected < or > and a number such as 512, 10k or 1MiB",
			buffer_text(&parser->word));
	}
	take_range(value, sign, bytes);
	return true;
}

/* Half open, so that spans of time that stand beside each other share no event. */
static bool parse_moment(struct parser *parser, enum filter_key key, struct filter_value *value) {
	int64_t ns;
	if (!moment_parse_any(&ns, buffer_span(&parser->word))) {
		return error_set(parser->err, ERROR_USAGE,
			"\"%s\" is no moment: expected one like 2026-11-21T03:43:41Z, or seconds since 1970",
			buffer_text(&parser->word));
	}
	value->least = key == FILTER_SINCE ? ns : INT64_MIN;
	value->most = key == FILTER_SINCE ? INT64_MAX : ns - (ns > INT64_MIN);
	return true;
}

static bool may_be_empty(const struct parser *parser, enum filter_key key) {
	return parser->quoted && (key == FILTER_HEADER || key == FILTER_JSON ||
								 key == FILTER_PROVIDER || key == FILTER_TYPE);
}

/* The value that is in `word`. */
static bool parse_value(struct parser *parser, enum filter_key key, struct filter_value *value) {
	if (parser->word.len == 0 && !may_be_empty(parser, key)) {
		return error_set(parser->err, ERROR_USAGE, "a value is missing");
	}
	switch (key) {
	case FILTER_VERDICT:
		return parse_verdict(parser, value);
	case FILTER_STATUS:
		return parse_status(parser, value);
	case FILTER_IS:
		return parse_is(parser, value);
	case FILTER_AGE:
		return parse_age(parser, value);
	case FILTER_SIZE:
		return parse_size(parser, value);
	case FILTER_SINCE:
	case FILTER_UNTIL:
		return parse_moment(parser, key, value);
	case FILTER_TEXT:
		value->needle = needle_new(buffer_span(&parser->word), true);
		return true;
	default:
		value->glob = glob_new(buffer_span(&parser->word), key == FILTER_METHOD);
		return true;
	}
}

static bool parse_values(struct parser *parser, struct filter_term *term) {
	bool more = true;
	while (more) {
		if (!read_word(parser, term->key != FILTER_TEXT)) {
			return false;
		}
		term->values = alloc_resize(term->values, (term->count + 1) * sizeof term->values[0]);
		term->values[term->count] = (struct filter_value){0};
		if (!parse_value(parser, term->key, &term->values[term->count++])) {
			return false;
		}
		more = peek(parser) == ',';
		skip(parser, more);
	}
	return true;
}

/* --- terms --- */

/* Behind a name: '=' and values, or nothing. */
static bool parse_equals(struct parser *parser, struct filter_term *term) {
	if (peek(parser) == '=') {
		skip(parser, 1);
		return parse_values(parser, term);
	}
	return true;
}

/* header:NAME=VALUE */
static bool parse_header(struct parser *parser, struct filter_term *term) {
	size_t len = http_run(parser->rest, HTTP_TOKEN);
	struct span behind = span_after(parser->rest, len);
	parser->place = parser->rest.data;
	if (len == 0 ||
		(behind.len > 0 && behind.data[0] != '=' && !ends_word(parser, behind.data[0]))) {
		return error_set(parser->err, ERROR_USAGE,
			"expected the name of a header: header:NAME or header:NAME=VALUE");
	}
	term->name = glob_new((struct span){parser->rest.data, len}, true);
	skip(parser, len);
	return parse_equals(parser, term);
}

/* The names between dots; [3] is written .3 */
static bool read_path(struct parser *parser, struct buffer *path) {
	bool named = false, good = true;
	for (; parser->rest.len > 0 && peek(parser) != '='; skip(parser, 1)) {
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
static bool parse_json(struct parser *parser, struct filter_term *term) {
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

/* Letters before a colon are a key; everything else but a path begins a text. */
static bool parse_key(struct parser *parser, enum filter_key *key) {
	size_t len = 0;
	while (len < parser->rest.len && is_letter(parser->rest.data[len])) {
		len++;
	}
	*key = peek(parser) == '.' ? FILTER_JSON : FILTER_TEXT;
	if (len == 0 || len == parser->rest.len || parser->rest.data[len] != ':') {
		return true;
	}
	size_t index;
	buffer_reset(&parser->word);
	buffer_append(&parser->word, parser->rest.data, len);
	if (!choose(parser, "key", "; a text with a colon needs quotes", key_names, KEY_NAME_COUNT,
			&index)) {
		return false;
	}
	*key = (enum filter_key)index;
	skip(parser, len + 1);
	return true;
}

static bool parse_term(struct parser *parser, struct filter_term *term) {
	parser->place = parser->rest.data;
	if (peek(parser) == ')') {
		return error_set(parser->err, ERROR_USAGE,
			"there is no ( for this ); a text with parentheses needs quotes");
	}
	if (!parse_key(parser, &term->key)) {
		return false;
	}
	parser->needs_bytes = parser->needs_bytes || term->key == FILTER_TEXT ||
	                      term->key == FILTER_HEADER || term->key == FILTER_JSON;
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

static struct filter_node *parse_alternatives(struct parser *parser, bool negated);

static struct filter_node *node_new(enum filter_node_kind kind) {
	struct filter_node *node = alloc_zero(1, sizeof *node);
	node->kind = kind;
	return node;
}

/* Whether the word stands here by itself, in small or capital letters. */
static bool at_word(struct parser *parser, const char *word) {
	size_t len = strlen(word);
	struct span start = {parser->rest.data, len};
	return parser->rest.len >= len && span_equal_nocase(start, span_text(word)) &&
	       (parser->rest.len == len || is_blank(parser->rest.data[len]) ||
			   parser->rest.data[len] == '(' || ends_word(parser, parser->rest.data[len]));
}

static void skip_blanks(struct parser *parser) {
	while (is_blank(peek(parser))) {
		skip(parser, 1);
	}
}

static struct filter_node *parse_parenthesis(struct parser *parser, bool negated) {
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

static struct filter_node *parse_item(struct parser *parser, bool negated) {
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
static bool at_end_of_terms(struct parser *parser) {
	skip_blanks(parser);
	while (at_word(parser, "and")) {
		skip(parser, 3);
		skip_blanks(parser);
	}
	return parser->rest.len == 0 || (peek(parser) == ')' && parser->depth > 0) ||
	       at_word(parser, "or");
}

static struct filter_node *parse_terms(struct parser *parser, bool negated) {
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
static bool is_missing(struct parser *parser, const struct filter_node *terms, bool alone) {
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

static struct filter_node *parse_alternatives(struct parser *parser, bool negated) {
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

struct filter *filter_parse(struct span text, struct error *err) {
	if (text.len > FILTER_MAX) {
		error_set(err, ERROR_USAGE, "the filter is longer than %d bytes", FILTER_MAX);
		return NULL;
	}
	struct parser parser = {.rest = text, .place = text.data, .err = err};
	struct filter_node *root = parse_alternatives(&parser, false);
	buffer_clear(&parser.word);
	if (!root) {
		error_prefix(err, "filter column %zu", column_of(text, parser.place));
		return NULL;
	}
	struct filter *filter = alloc_zero(1, sizeof *filter);
	filter->root = root;
	filter->needs_bytes = parser.needs_bytes;
	return filter;
}
