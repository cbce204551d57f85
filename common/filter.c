#include "common/filter.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/glob.h"
#include "common/needle.h"
#include "common/text.h"

enum key {
	KEY_ENDPOINT,
	KEY_PROVIDER,
	KEY_METHOD,
	KEY_TYPE,
	KEY_PATH,
	KEY_VERDICT,
	KEY_STATUS,
	KEY_IS,
	KEY_TEXT, /* has no name */
};

static const char *const key_names[] = {
	"endpoint", "provider", "method", "type", "path", "verdict", "status", "is"};
#define KEY_NAME_COUNT (sizeof key_names / sizeof key_names[0])

enum is { IS_UNDELIVERED, IS_REPEAT, IS_RECEIVED, IS_EDITED, IS_SENT };

static const char *const is_names[] = {"undelivered", "repeat", "received", "edited", "sent"};

/* One of the values of a term, any of which may match. */
struct value {
	struct glob *glob;     /* names and paths */
	struct needle *needle; /* text */
	int64_t least, most;   /* verdict, status or enum is */
};

struct term {
	enum key key;
	bool negated;
	struct value *values;
	size_t count;
};

struct filter {
	struct term *terms;
	size_t count;
	bool needs_bytes;
};

void filter_free(struct filter *filter) {
	if (!filter) {
		return;
	}
	for (size_t i = 0; i < filter->count; i++) {
		struct term *term = &filter->terms[i];
		for (size_t j = 0; j < term->count; j++) {
			glob_free(term->values[j].glob);
			needle_free(term->values[j].needle);
		}
		free(term->values);
	}
	free(filter->terms);
	free(filter);
}

/* What is being read. */
struct parser {
	struct span rest;
	struct buffer word; /* the value read last, without its quotes */
	struct error *err;
};

/* Reads one value into `word`: up to a blank, or a comma where they part values. */
static bool read_word(struct parser *parser, bool comma_ends) {
	bool quoted = false;
	struct span *rest = &parser->rest;
	buffer_reset(&parser->word);
	for (; rest->len > 0; *rest = span_after(*rest, 1)) {
		char byte = rest->data[0];
		if (byte == '"') {
			quoted = !quoted;
		} else if (!quoted && (byte == ' ' || byte == '\t' || (byte == ',' && comma_ends))) {
			break;
		} else {
			buffer_append_byte(&parser->word, byte);
		}
	}
	return !quoted || error_set(parser->err, ERROR_USAGE, "a quotation mark is not closed");
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

static bool parse_verdict(struct parser *parser, struct value *value) {
	const char *names[VERDICT_COUNT];
	for (int i = 0; i < VERDICT_COUNT; i++) {
		names[i] = verdict_name((enum verdict)i);
	}
	size_t index;
	bool ok = choose(parser, "verdict", "", names, VERDICT_COUNT, &index);
	value->least = value->most = (int64_t)index;
	return ok;
}

static bool parse_is(struct parser *parser, struct value *value) {
	size_t index;
	bool ok =
		choose(parser, "property", "", is_names, sizeof is_names / sizeof is_names[0], &index);
	value->least = value->most = (int64_t)index;
	return ok;
}

static bool is_digit(char byte) {
	return byte >= '0' && byte <= '9';
}

static bool parse_status(struct parser *parser, struct value *value) {
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

/* The value that is in `word`. */
static bool parse_value(struct parser *parser, enum key key, struct value *value) {
	if (parser->word.len == 0) {
		return error_set(parser->err, ERROR_USAGE, "a value is missing");
	}
	switch (key) {
	case KEY_VERDICT:
		return parse_verdict(parser, value);
	case KEY_STATUS:
		return parse_status(parser, value);
	case KEY_IS:
		return parse_is(parser, value);
	case KEY_TEXT:
		value->needle = needle_new(buffer_span(&parser->word), true);
		return true;
	default:
		value->glob = glob_new(buffer_span(&parser->word), key == KEY_METHOD);
		return true;
	}
}

static bool parse_values(struct parser *parser, struct term *term) {
	bool more = true;
	while (more) {
		if (!read_word(parser, term->key != KEY_TEXT)) {
			return false;
		}
		term->values = alloc_resize(term->values, (term->count + 1) * sizeof term->values[0]);
		term->values[term->count] = (struct value){0};
		if (!parse_value(parser, term->key, &term->values[term->count++])) {
			return false;
		}
		more = parser->rest.len > 0 && parser->rest.data[0] == ',';
		parser->rest = span_after(parser->rest, more);
	}
	return true;
}

static bool is_letter(char byte) {
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Letters before a colon are a key; everything else begins a text. */
static bool parse_key(struct parser *parser, enum key *key) {
	size_t len = 0;
	while (len < parser->rest.len && is_letter(parser->rest.data[len])) {
		len++;
	}
	*key = KEY_TEXT;
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
	*key = (enum key)index;
	parser->rest = span_after(parser->rest, len + 1);
	return true;
}

static bool parse_term(struct parser *parser, struct filter *filter) {
	filter->terms = alloc_resize(filter->terms, (filter->count + 1) * sizeof filter->terms[0]);
	struct term *term = &filter->terms[filter->count++];
	*term = (struct term){0};
	term->negated = parser->rest.data[0] == '!' || parser->rest.data[0] == '-';
	parser->rest = span_after(parser->rest, term->negated);
	if (!parse_key(parser, &term->key) || !parse_values(parser, term)) {
		return false;
	}
	filter->needs_bytes = filter->needs_bytes || term->key == KEY_TEXT;
	return true;
}

/* Which term it was: from where it begins to the blank behind it. */
static void blame(struct error *err, struct span begin) {
	size_t len = span_find(begin, ' ');
	error_prefix(err, "filter term %.*s", (int)(len < 100 ? len : 100), begin.data);
}

struct filter *filter_parse(struct span text, struct error *err) {
	if (text.len > FILTER_MAX) {
		error_set(err, ERROR_USAGE, "the filter is longer than %d bytes", FILTER_MAX);
		return NULL;
	}
	struct parser parser = {.rest = text, .err = err};
	struct filter *filter = alloc_zero(1, sizeof *filter);
	bool ok = true;
	while (ok) {
		parser.rest = span_trim(parser.rest);
		if (parser.rest.len == 0) {
			break;
		}
		struct span begin = parser.rest;
		ok = parse_term(&parser, filter);
		if (!ok) {
			blame(err, begin);
		}
	}
	buffer_clear(&parser.word);
	if (!ok) {
		filter_free(filter);
		return NULL;
	}
	return filter;
}

/* The path handed on, without its query. */
static struct span path_of(const struct event *event) {
	struct span path = span_after(event->target, (size_t)event->path_offset);
	return (struct span){path.data, span_find(path, '?')};
}

static bool is_what(const struct event *event, enum is is) {
	switch (is) {
	case IS_UNDELIVERED:
		return event->last_status < 200 || event->last_status > 299;
	case IS_REPEAT:
		return event->repeat > 1;
	case IS_RECEIVED:
		return event->origin == ORIGIN_RECEIVED;
	case IS_EDITED:
		return event->origin == ORIGIN_EDITED;
	case IS_SENT:
		return event->origin == ORIGIN_SENT;
	}
	return false;
}

static bool is_between(const struct value *value, int64_t number) {
	return number >= value->least && number <= value->most;
}

static bool value_matches(enum key key, const struct value *value, const struct event *event) {
	switch (key) {
	case KEY_ENDPOINT:
		return glob_matches(value->glob, event->endpoint);
	case KEY_PROVIDER:
		return glob_matches(value->glob, event->provider);
	case KEY_METHOD:
		return glob_matches(value->glob, event->method);
	case KEY_TYPE:
		return glob_matches(value->glob, event->type);
	case KEY_PATH:
		return glob_matches(value->glob, path_of(event));
	case KEY_VERDICT:
		return is_between(value, (int64_t)event->verdict);
	case KEY_STATUS:
		return is_between(value, event->last_status);
	case KEY_IS:
		return is_what(event, (enum is)value->least);
	case KEY_TEXT:
		break;
	}
	return false;
}

static bool term_matches_event(const struct term *term, const struct event *event) {
	bool matches = false;
	for (size_t i = 0; i < term->count && !matches; i++) {
		matches = value_matches(term->key, &term->values[i], event);
	}
	return matches != term->negated;
}

bool filter_matches_event(const struct filter *filter, const struct event *event) {
	for (size_t i = 0; i < filter->count; i++) {
		const struct term *term = &filter->terms[i];
		if (term->key != KEY_TEXT && !term_matches_event(term, event)) {
			return false;
		}
	}
	return true;
}

static bool is_of_group(const struct term *term) {
	switch (term->key) {
	case KEY_ENDPOINT:
	case KEY_PROVIDER:
	case KEY_VERDICT:
	case KEY_STATUS:
		return true;
	case KEY_IS:
		return term->count == 1 && term->values[0].least == IS_UNDELIVERED;
	default:
		return false;
	}
}

bool filter_narrows(const struct filter *filter) {
	for (size_t i = 0; i < filter->count; i++) {
		if (is_of_group(&filter->terms[i])) {
			return true;
		}
	}
	return false;
}

bool filter_may_match(const struct filter *filter, const struct event *group) {
	for (size_t i = 0; i < filter->count; i++) {
		const struct term *term = &filter->terms[i];
		if (is_of_group(term) && !term_matches_event(term, group)) {
			return false;
		}
	}
	return true;
}

bool filter_needs_bytes(const struct filter *filter) {
	return filter->needs_bytes;
}

bool filter_matches_bytes(const struct filter *filter, struct span head, struct span body) {
	for (size_t i = 0; i < filter->count; i++) {
		const struct term *term = &filter->terms[i];
		size_t at;
		if (term->key == KEY_TEXT &&
			(needle_find(term->values[0].needle, head, &at) ||
				needle_find(term->values[0].needle, body, &at)) == term->negated) {
			return false;
		}
	}
	return true;
}
