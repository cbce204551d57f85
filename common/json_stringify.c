/*
 * JSON.stringify(JSON.parse(payload)) without the tree in between: tokens are written as they come; an object whose
 * keys JavaScript would put in another order (array indexes first, one place a name) is put in order when it closes.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json_lexer.h"

/* A member that was written: where in the output it and its key begin, and where it ends. */
struct member {
	size_t start, key_len, end; /* the key with its quotes */
	bool is_index;
	uint32_t index;
	size_t place; /* among its siblings; that of the first of its name once repeats are dropped */
};

struct stringify {
	struct buffer *out;
	struct buffer scratch;
	struct member *members; /* of all open objects, the innermost last */
	size_t count, capacity;
	size_t base[JSON_LEXER_DEPTH + 1]; /* for each level: where its members begin */
	bool in_object[JSON_LEXER_DEPTH + 1];
};

/*
 * Length of the well-formed UTF-8 character at the front, or 0 with `*bad` the number of bytes that one U+FFFD stands
 * for (the longest beginning of a character, as the WHATWG decoder has it).
 */
static size_t utf8_len(struct span text, size_t *bad) {
	unsigned char first = (unsigned char)text.data[0];
	if (first < 0x80) {
		return 1;
	}
	unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	size_t len = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
	*bad = 1;
	for (size_t i = 1; i < len; i++) {
		unsigned char byte = i < text.len ? (unsigned char)text.data[i] : 0;
		if (byte < low || byte > high) {
			return 0;
		}
		low = 0x80;
		high = 0xbf;
		*bad = i + 1;
	}
	return len;
}

/* One code point as JSON.stringify writes it; a lone surrogate arrives here as such. */
static void write_point(struct buffer *out, uint32_t point) {
	static const char escaped[] = "\"\\\b\t\n\f\r", letters[] = "\"\\btnfr";
	const char *letter = point > 0 && point < 0x80 ? strchr(escaped, (int)point) : NULL;
	if (letter) {
		buffer_append_byte(out, '\\');
		buffer_append_byte(out, letters[letter - escaped]);
	} else if (point < 0x20 || (point >= 0xd800 && point <= 0xdfff)) {
		buffer_printf(out, "\\u%04x", (unsigned)point);
	} else {
		char utf8[4];
		buffer_append(out, utf8, json_encode_utf8(utf8, point));
	}
}

static bool is_plain(char byte) {
	return (byte & 0x80) == 0 && byte != '\\';
}

static void write_string(struct buffer *out, struct span token) {
	buffer_append_byte(out, '"');
	for (struct span rest = {token.data + 1, token.len - 2}; rest.len > 0;) {
		size_t plain = 0, bad = 0;
		while (plain < rest.len && is_plain(rest.data[plain])) {
			plain++;
		}
		buffer_append(out, rest.data, plain);
		rest = span_after(rest, plain);
		if (rest.len == 0) {
			break;
		}
		if (rest.data[0] == '\\') {
			write_point(out, json_take_escape(&rest));
			continue;
		}
		size_t len = utf8_len(rest, &bad);
		buffer_append(out, len > 0 ? rest.data : "\xef\xbf\xbd", len > 0 ? len : 3);
		rest = span_after(rest, len > 0 ? len : bad);
	}
	buffer_append_byte(out, '"');
}

/* Digits that decide a double, and one more that stands for all that follow. */
#define NUMBER_DIGITS 800

/* The exponent a number ends with ("e+05"), or 0 for nothing. */
static long long exponent_value(struct span text) {
	char written[24] = "";
	struct span digits = span_after(text, 1);
	if (digits.len == 0) {
		return 0;
	}
	bool minus = digits.data[0] == '-';
	digits = span_after(digits, minus || digits.data[0] == '+');
	while (digits.len > 1 && digits.data[0] == '0') {
		digits = span_after(digits, 1);
	}
	/* an exponent of more digits outweighs any number of digits a payload can have */
	memcpy(written, digits.data, digits.len < 15 ? digits.len : 15);
	return minus ? -atoll(written) : atoll(written);
}

/*
 * The double a number token means. It is handed to strtod without its full stop, which in some locales is none, and
 * with no more digits than can matter.
 */
static double number_value(struct span token) {
	char text[NUMBER_DIGITS + 40];
	size_t len = 0;
	long long exponent = 0;
	bool fraction = false, more = false;
	struct span rest = span_after(token, token.data[0] == '-');
	for (; rest.len > 0 && (rest.data[0] | 0x20) != 'e'; rest = span_after(rest, 1)) {
		char byte = rest.data[0];
		if (byte == '.') {
			fraction = true;
			continue;
		}
		exponent -= fraction;
		if (len == 0 && byte == '0') {
			continue;
		}
		if (len < NUMBER_DIGITS) {
			text[len++] = byte;
		} else {
			more = more || byte != '0';
			exponent++;
		}
	}
	if (len == 0) {
		return 0;
	}
	if (more) {
		text[len++] = '1';
		exponent--;
	}
	exponent += exponent_value(rest);
	snprintf(text + len, sizeof text - len, "e%lld", exponent);
	double value = strtod(text, NULL);
	return token.data[0] == '-' ? -value : value;
}

/* A positive decimal: digits without a zero at the end, and where the full stop stands (before the first: 0). */
struct decimal {
	char digits[24];
	int count;
	int point;
};

static struct decimal decimal_of(unsigned long long digits, int exponent) {
	struct decimal decimal;
	while (digits > 0 && digits % 10 == 0) {
		digits /= 10;
		exponent++;
	}
	decimal.count = snprintf(decimal.digits, sizeof decimal.digits, "%llu", digits);
	decimal.point = decimal.count + exponent;
	return decimal;
}

static bool reads_back(double value, unsigned long long digits, int exponent) {
	char text[48];
	snprintf(text, sizeof text, "%llue%d", digits, exponent);
	return strtod(text, NULL) == value;
}

/* The decimal of `precision` digits nearest to `value`, if it or one of its neighbours is read as `value`. */
static bool decimal_with(double value, int precision, struct decimal *decimal) {
	char text[48];
	snprintf(text, sizeof text, "%.*e", precision - 1, value);
	unsigned long long digits = (unsigned long long)(text[0] - '0');
	const char *at = text + (precision > 1 ? 2 : 1); /* behind the full stop of any locale */
	for (; *at >= '0' && *at <= '9'; at++) {
		digits = digits * 10 + (unsigned long long)(*at - '0');
	}
	int exponent = atoi(at + 1) - (precision - 1);
	/* At a power of two the neighbour can be right where the nearest is not: doubles lie closer below than above. */
	static const int steps[] = {0, 1, -1};
	int ignored;
	size_t candidates = frexp(value, &ignored) == 0.5 ? 3 : 1;
	for (size_t i = 0; i < candidates; i++) {
		unsigned long long candidate = digits + (unsigned long long)(long long)steps[i];
		if (reads_back(value, candidate, exponent)) {
			*decimal = decimal_of(candidate, exponent);
			return true;
		}
	}
	return false;
}

/* The shortest decimal that is read as `value`, which is positive and finite. */
static struct decimal shortest(double value) {
	struct decimal decimal = {0};
	/* Fifteen digits survive in any normal double, so a shorter one shows as zeros at their end. */
	int precision = value < 2.3e-308 ? 1 : 15;
	while (precision < 18 && !decimal_with(value, precision, &decimal)) {
		precision++;
	}
	return decimal;
}

static void append_zeros(struct buffer *out, int count) {
	for (int i = 0; i < count; i++) {
		buffer_append_byte(out, '0');
	}
}

/* Number::toString of ECMAScript, with the names it has there: n is `point`, k is `count`. */
static void write_decimal(struct buffer *out, const struct decimal *decimal) {
	const char *digits = decimal->digits;
	int n = decimal->point, k = decimal->count;
	if (k <= n && n <= 21) {
		buffer_append(out, digits, (size_t)k);
		append_zeros(out, n - k);
	} else if (0 < n && n <= 21) {
		buffer_printf(out, "%.*s.%.*s", n, digits, k - n, digits + n);
	} else if (-6 < n && n <= 0) {
		buffer_append_text(out, "0.");
		append_zeros(out, -n);
		buffer_append(out, digits, (size_t)k);
	} else {
		buffer_append_byte(out, digits[0]);
		if (k > 1) {
			buffer_printf(out, ".%.*s", k - 1, digits + 1);
		}
		buffer_printf(out, "e%c%d", n > 0 ? '+' : '-', abs(n - 1));
	}
}

static bool is_small_integer(struct span token) {
	size_t digits = 0;
	while (digits < token.len && token.data[digits] >= '0' && token.data[digits] <= '9') {
		digits++;
	}
	return digits == token.len && digits <= 15;
}

static void write_number(struct buffer *out, struct span token) {
	if (is_small_integer(token)) {
		buffer_append_span(out, token);
		return;
	}
	double value = number_value(token);
	if (isinf(value)) {
		buffer_append_text(out, "null");
		return;
	}
	if (value == 0) { /* -0 too */
		buffer_append_byte(out, '0');
		return;
	}
	if (value < 0) {
		buffer_append_byte(out, '-');
	}
	struct decimal decimal = shortest(fabs(value));
	write_decimal(out, &decimal);
}

/* Whether a written key is an array index (0 to 2^32 - 2 without leading zeros). */
static bool index_of(struct span key, uint32_t *index) {
	uint64_t number = 0;
	if (key.len == 0 || key.len > 10 || (key.data[0] == '0' && key.len > 1)) {
		return false;
	}
	for (size_t i = 0; i < key.len; i++) {
		if (key.data[i] < '0' || key.data[i] > '9') {
			return false;
		}
		number = number * 10 + (uint64_t)(key.data[i] - '0');
	}
	*index = (uint32_t)number;
	return number < UINT32_MAX;
}

static void begin_member(struct stringify *state, size_t level, struct span token) {
	if (state->count == state->capacity) {
		state->capacity = state->capacity ? 2 * state->capacity : 64;
		state->members = alloc_resize(state->members, state->capacity * sizeof *state->members);
	}
	struct member *member = &state->members[state->count];
	*member = (struct member){.start = state->out->len, .place = state->count - state->base[level]};
	write_string(state->out, token);
	member->key_len = state->out->len - member->start;
	struct span key = {state->out->data + member->start + 1, member->key_len - 2};
	member->is_index = index_of(key, &member->index);
	state->count++;
}

/* qsort has no argument for it, so each member to compare carries the output. */
struct named {
	const struct member *member;
	const char *out;
};

static int by_name_then_place(const void *left, const void *right) {
	const struct named *a = left, *b = right;
	size_t a_len = a->member->key_len, b_len = b->member->key_len;
	int order = memcmp(a->out + a->member->start, b->out + b->member->start,
		a_len < b_len ? a_len : b_len); /* equal only with equal lengths: a quote ends both */
	return order != 0
	           ? order
	           : (a->member->place > b->member->place) - (a->member->place < b->member->place);
}

static int in_script_order(const void *left, const void *right) {
	const struct member *a = left, *b = right;
	if (a->is_index != b->is_index) {
		return a->is_index ? -1 : 1;
	}
	if (a->is_index && a->index != b->index) {
		return a->index < b->index ? -1 : 1;
	}
	return (a->place > b->place) - (a->place < b->place);
}

/* Leaves one member of each name: the last of them, at the place of the first. Returns how many are left. */
static size_t drop_repeats(struct member *members, size_t count, const char *out) {
	struct named *names = alloc_zero(count, sizeof *names);
	struct member *kept = alloc_zero(count, sizeof *kept);
	for (size_t i = 0; i < count; i++) {
		names[i] = (struct named){&members[i], out};
	}
	qsort(names, count, sizeof *names, by_name_then_place);
	size_t left = 0, place = 0;
	for (size_t i = 0; i < count; i++) {
		const struct member *member = names[i].member;
		const struct member *previous = i > 0 ? names[i - 1].member : NULL;
		bool again = previous && previous->key_len == member->key_len &&
		             memcmp(out + previous->start, out + member->start, member->key_len) == 0;
		if (!again) {
			place = member->place;
			left++;
		}
		kept[left - 1] = *member;
		kept[left - 1].place = place;
	}
	memcpy(members, kept, left * sizeof *kept);
	free(names);
	free(kept);
	return left;
}

static bool is_ordered(const struct member *members, size_t count) {
	for (size_t i = 1; i < count; i++) {
		if (in_script_order(&members[i - 1], &members[i]) > 0) {
			return false;
		}
	}
	return true;
}

/* Writes the members of the object that closes once more, in JavaScript's order, when they stand in another. */
static void order_members(struct stringify *state, size_t level) {
	struct member *members = state->members + state->base[level];
	size_t count = state->count - state->base[level];
	state->count = state->base[level];
	if (count < 2) {
		return;
	}
	size_t start = members[0].start;
	bool ordered = is_ordered(members, count);
	size_t left = drop_repeats(members, count, state->out->data);
	if (ordered && left == count) {
		return;
	}
	qsort(members, left, sizeof *members, in_script_order);
	buffer_reset(&state->scratch);
	for (size_t i = 0; i < left; i++) {
		if (i > 0) {
			buffer_append_byte(&state->scratch, ',');
		}
		buffer_append(&state->scratch, state->out->data + members[i].start,
			members[i].end - members[i].start);
	}
	state->out->len = start;
	buffer_append_span(state->out, buffer_span(&state->scratch));
}

static void value_written(struct stringify *state, size_t level) {
	if (level > 0 && state->in_object[level]) {
		state->members[state->count - 1].end = state->out->len;
	}
}

/* Writes one token; `level` is the depth behind it. */
static void write_token(
	struct stringify *state, const struct json_token *token, size_t level, bool key) {
	struct buffer *out = state->out;
	switch (token->kind) {
	case JSON_OBJECT_BEGIN:
	case JSON_ARRAY_BEGIN:
		state->in_object[level] = token->kind == JSON_OBJECT_BEGIN;
		state->base[level] = state->count;
		buffer_append_span(out, token->text);
		return;
	case JSON_OBJECT_END:
		order_members(state, level + 1);
		buffer_append_span(out, token->text);
		break;
	case JSON_STRING:
		if (key) {
			begin_member(state, level, token->text);
			return;
		}
		write_string(out, token->text);
		break;
	case JSON_NUMBER:
		write_number(out, token->text);
		break;
	case JSON_COLON:
	case JSON_COMMA:
		buffer_append_span(out, token->text);
		return;
	default:
		buffer_append_span(out, token->text);
		break;
	}
	value_written(state, level);
}

bool json_stringify(struct buffer *out, struct span payload) {
	struct stringify *state = alloc_zero(1, sizeof *state);
	size_t before = out->len;
	state->out = out;
	struct json_lexer lexer;
	json_lexer_init(&lexer, payload);
	struct json_token token = {JSON_COMMA, {NULL, 0}};
	bool key = false;
	while ((token = json_lexer_next(&lexer)).kind != JSON_END && token.kind != JSON_ERROR) {
		size_t level = lexer.depth;
		write_token(state, &token, level, key);
		bool opens = token.kind == JSON_OBJECT_BEGIN || token.kind == JSON_COMMA;
		key = opens && level > 0 && state->in_object[level];
	}
	if (token.kind == JSON_ERROR) {
		out->len = before;
	}
	buffer_clear(&state->scratch);
	free(state->members);
	free(state);
	return token.kind == JSON_END;
}
