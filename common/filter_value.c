/* What stands behind the keys of a filter. */
#include <string.h>

#include "common/alloc.h"
#include "common/filter_parts.h"
#include "common/moment.h"
#include "common/text.h"
#include "common/words.h"

#define NS_PER_MS INT64_C(1000000)

static const char *const is_names[] = {
	"undelivered", "repeat", "received", "edited", "sent", "duplicate", "marked"};

bool filter_choose(struct filter_parser *parser, const char *what, const char *hint,
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

static bool parse_verdict(struct filter_parser *parser, struct filter_value *value) {
	const char *names[VERDICT_COUNT];
	for (int i = 0; i < VERDICT_COUNT; i++) {
		names[i] = verdict_name((enum verdict)i);
	}
	size_t index;
	bool ok = filter_choose(parser, "verdict", "", names, VERDICT_COUNT, &index);
	value->least = value->most = (int64_t)index;
	return ok;
}

static bool parse_is(struct filter_parser *parser, struct filter_value *value) {
	size_t index;
	bool ok = filter_choose(
		parser, "property", "", is_names, sizeof is_names / sizeof is_names[0], &index);
	value->least = value->most = (int64_t)index;
	return ok;
}

static bool is_digit(char byte) {
	return byte >= '0' && byte <= '9';
}

static bool parse_status(struct filter_parser *parser, struct filter_value *value) {
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

static bool parse_age(struct filter_parser *parser, struct filter_value *value) {
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

static bool parse_size(struct filter_parser *parser, struct filter_value *value) {
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
static bool parse_moment(
	struct filter_parser *parser, enum filter_key key, struct filter_value *value) {
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

static bool may_be_empty(const struct filter_parser *parser, enum filter_key key) {
	return parser->quoted && (key == FILTER_HEADER || key == FILTER_JSON ||
								 key == FILTER_PROVIDER || key == FILTER_TYPE);
}

bool filter_read_value(
	struct filter_parser *parser, enum filter_key key, struct filter_value *value) {
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
	case FILTER_BODY:
	case FILTER_TEXT:
		value->needle = needle_new(buffer_span(&parser->word), true);
		return true;
	case FILTER_BUSINESS:
		if (!strpbrk(buffer_text(&parser->word), "*")) {
			value->exact = alloc_text(parser->word.data, parser->word.len);
		}
		value->glob = glob_new(buffer_span(&parser->word), false);
		return true;
	default:
		value->glob = glob_new(buffer_span(&parser->word), key == FILTER_METHOD);
		return true;
	}
}
