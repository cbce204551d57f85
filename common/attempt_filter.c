#include "common/attempt_filter.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/glob.h"
#include "common/text.h"
#include "common/words.h"

#define TERMS_MAX 64
#define VALUES_MAX 32

enum key { KEY_TARGET, KEY_CAUSE, KEY_STATUS, KEY_WHO, KEY_TOOK, KEY_COUNT };

static const char *const key_names[KEY_COUNT] = {"target:", "cause:", "status:", "who:", "took:"};

struct value {
	struct glob *glob;   /* target, who */
	int64_t least, most; /* cause, status; took, in us */
};

struct term {
	enum key key;
	bool negated;
	struct value values[VALUES_MAX];
	size_t count;
};

struct attempt_filter {
	struct term *terms;
	size_t count;
	struct filter *event;
};

void attempt_filter_free(struct attempt_filter *filter) {
	if (!filter) {
		return;
	}
	for (size_t i = 0; i < filter->count; i++) {
		for (size_t j = 0; j < filter->terms[i].count; j++) {
			glob_free(filter->terms[i].values[j].glob);
		}
	}
	free(filter->terms);
	filter_free(filter->event);
	free(filter);
}

/* --- values --- */

static bool parse_cause(struct span word, struct value *value, struct error *err) {
	const char *names[CAUSE_TEST + 1];
	char text[64];
	int cause = cause_from_name(word);
	value->least = value->most = cause;
	if (cause >= 0) {
		return true;
	}
	for (int i = 0; i <= CAUSE_TEST; i++) {
		names[i] = cause_name((enum cause)i);
	}
	snprintf(text, sizeof text, "%.*s", (int)word.len, word.data);
	const char *nearest = text_nearest(text, names, CAUSE_TEST + 1);
	return nearest
	           ? error_set(
					 err, ERROR_USAGE, "unknown cause \"%s\", did you mean \"%s\"?", text, nearest)
	           : error_set(err, ERROR_USAGE,
					 "unknown cause \"%s\", there are forward, retry, replay, edit and test", text);
}

static bool is_digit(char byte) {
	return byte >= '0' && byte <= '9';
}

static bool parse_status(struct span word, struct value *value, struct error *err) {
	if (span_is(word, "failed")) {
		value->least = value->most = 0;
		return true;
	}
	if (word.len == 3 && word.data[0] >= '1' && word.data[0] <= '9') {
		int64_t hundreds = (word.data[0] - '0') * INT64_C(100);
		bool any = word.data[1] == 'x' && word.data[2] == 'x';
		if (any || (is_digit(word.data[1]) && is_digit(word.data[2]))) {
			int64_t code = any ? 0 : (word.data[1] - '0') * INT64_C(10) + (word.data[2] - '0');
			value->least = hundreds + code;
			value->most = any ? hundreds + 99 : hundreds + code;
			return true;
		}
	}
	return error_set(err, ERROR_USAGE,
		"\"%.*s\" is no status of an attempt: expected one like 200 or 5xx, or failed",
		(int)(word.len < 40 ? word.len : 40), word.data);
}

/* "<1s", ">=700ms" */
static bool parse_took(struct span word, struct value *value, struct error *err) {
	bool below = span_starts_with(word, span_text("<"));
	bool equal = span_starts_with(span_after(word, 1), span_text("="));
	int64_t ms, us;
	if ((!below && !span_starts_with(word, span_text(">"))) ||
		!words_read_time(span_after(word, 1 + equal), &ms) ||
		__builtin_mul_overflow(ms, INT64_C(1000), &us)) {
		return error_set(err, ERROR_USAGE,
			"\"%.*s\" is no time it took: expected < or > and one such as 250ms, 2s or 1m",
			(int)(word.len < 40 ? word.len : 40), word.data);
	}
	value->least = below ? INT64_MIN : us + !equal;
	value->most = below ? us - !equal : INT64_MAX;
	return true;
}

static bool parse_value(struct term *term, struct span word, struct error *err) {
	if (word.len == 0) {
		return error_set(err, ERROR_USAGE, "a value is missing");
	}
	if (term->count == VALUES_MAX) {
		return error_set(err, ERROR_USAGE, "more than %d values", VALUES_MAX);
	}
	struct value *value = &term->values[term->count++];
	*value = (struct value){0};
	switch (term->key) {
	case KEY_CAUSE:
		return parse_cause(word, value, err);
	case KEY_STATUS:
		return parse_status(word, value, err);
	case KEY_TOOK:
		return parse_took(word, value, err);
	default:
		value->glob = glob_new(word, false);
		return true;
	}
}

/* The values between commas, quotes taken off. */
static bool parse_values(struct term *term, struct span text, struct error *err) {
	struct buffer word = {0};
	bool quoted = false, ok = true;
	for (size_t i = 0; ok && i <= text.len; i++) {
		if (i < text.len && text.data[i] == '"') {
			quoted = !quoted;
		} else if (i < text.len && (quoted || text.data[i] != ',')) {
			buffer_append_byte(&word, text.data[i]);
		} else {
			ok = parse_value(term, buffer_span(&word), err);
			buffer_reset(&word);
		}
	}
	buffer_clear(&word);
	return ok;
}

/* --- terms --- */

/* The next word with its quotes; blanks in quotes or parentheses belong to it. */
static struct span next_word(struct span *rest) {
	size_t len = 0, depth = 0;
	while (len < rest->len && (depth > 0 || rest->data[len] != ' ')) {
		char byte = rest->data[len];
		size_t quoted = byte == '"' ? filter_quoted_len(span_after(*rest, len)) : 1;
		len = quoted > 0 ? len + quoted : rest->len;
		depth += byte == '(';
		depth -= byte == ')' && depth > 0;
	}
	struct span word = {rest->data, len};
	*rest = span_trim(span_after(*rest, len));
	return word;
}

/* Whether the word is a term of ours: then `values` is what stands behind the colon. */
static bool is_ours(struct span word, enum key *key, bool *negated, struct span *values) {
	*negated = word.len > 0 && (word.data[0] == '!' || word.data[0] == '-');
	word = span_after(word, *negated);
	for (int i = 0; i < KEY_COUNT; i++) {
		if (span_starts_with(word, span_text(key_names[i]))) {
			*key = (enum key)i;
			*values = span_after(word, strlen(key_names[i]));
			return true;
		}
	}
	return false;
}

static bool add_term(struct attempt_filter *filter, enum key key, bool negated, struct span values,
	struct error *err) {
	if (filter->count == TERMS_MAX) {
		return error_set(err, ERROR_USAGE, "more than %d terms about attempts", TERMS_MAX);
	}
	struct term *term = &filter->terms[filter->count++];
	*term = (struct term){.key = key, .negated = negated};
	return parse_values(term, values, err);
}

/* Our terms are blotted out of `others`, a copy of the text: what is left is for the filter of events, every column as it was. */
static bool take_words(
	struct attempt_filter *filter, struct span text, struct buffer *others, struct error *err) {
	struct span rest = span_trim(text);
	while (rest.len > 0) {
		struct span word = next_word(&rest), values;
		enum key key;
		bool negated;
		if (!is_ours(word, &key, &negated, &values)) {
			continue;
		}
		if (!add_term(filter, key, negated, values, err)) {
			return error_prefix(
				err, "filter term %.*s", (int)(word.len < 100 ? word.len : 100), word.data);
		}
		memset(others->data + (word.data - text.data), ' ', word.len);
	}
	return true;
}

struct attempt_filter *attempt_filter_parse(struct span text, struct error *err) {
	struct buffer others = {0};
	if (text.len > FILTER_MAX) {
		error_set(err, ERROR_USAGE, "the filter is longer than %d bytes", FILTER_MAX);
		return NULL;
	}
	struct attempt_filter *filter = alloc_zero(1, sizeof *filter);
	filter->terms = alloc_zero(TERMS_MAX, sizeof *filter->terms);
	buffer_append_span(&others, text);
	bool ok = take_words(filter, text, &others, err);
	if (ok && span_trim(buffer_span(&others)).len > 0) {
		filter->event = filter_parse(buffer_span(&others), err);
		ok = filter->event != NULL;
	}
	buffer_clear(&others);
	if (!ok) {
		attempt_filter_free(filter);
		return NULL;
	}
	return filter;
}

void attempt_filter_set_now(struct attempt_filter *filter, int64_t now_ns) {
	if (filter->event) {
		filter_set_now(filter->event, now_ns);
	}
}

/* --- matching --- */

static bool url_matches(const struct glob *glob, struct span url) {
	size_t scheme = span_starts_with(url, span_text("http://"))    ? 7
	                : span_starts_with(url, span_text("https://")) ? 8
	                                                               : 0;
	return glob_matches(glob, url) || glob_matches(glob, span_after(url, scheme));
}

static bool value_matches(enum key key, const struct value *value, const struct attempt *attempt) {
	switch (key) {
	case KEY_TARGET:
		return url_matches(value->glob, attempt->target);
	case KEY_WHO:
		return glob_matches(value->glob, attempt->who);
	case KEY_TOOK:
		return attempt->took_us >= value->least && attempt->took_us <= value->most;
	case KEY_CAUSE:
		return (int64_t)attempt->cause == value->least;
	default:
		return attempt->status >= value->least && attempt->status <= value->most;
	}
}

static bool term_matches(const struct term *term, const struct attempt *attempt) {
	for (size_t i = 0; i < term->count; i++) {
		if (value_matches(term->key, &term->values[i], attempt)) {
			return !term->negated;
		}
	}
	return term->negated;
}

bool attempt_filter_matches(const struct attempt_filter *filter, const struct attempt *attempt) {
	for (size_t i = 0; i < filter->count; i++) {
		if (!term_matches(&filter->terms[i], attempt)) {
			return false;
		}
	}
	return true;
}

const struct filter *attempt_filter_event(const struct attempt_filter *filter) {
	return filter->event;
}
