#include "tui/screen/json_number.h"

#include <string.h>

#include "common/json_lexer.h"

/* Every number of so many digits is kept by a double. */
#define DIGITS_KEPT 15

/* A number as its digits, without zeros around them, and where the point stands. */
struct decimal {
	bool negative;
	char digits[JSON_NUMBER_LEN_MAX];
	size_t count;
	long point; /* digits in front of it */
};

/* Behind "e": an exponent that is far out is as good as any other that is. */
static long read_exponent(struct span text) {
	long exponent = 0;
	bool negative = text.len > 0 && text.data[0] == '-';
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.data[i];
		if (byte >= '0' && byte <= '9' && exponent < 1000000) {
			exponent = exponent * 10 + (byte - '0');
		}
	}
	return negative ? -exponent : exponent;
}

/* `text` is at most JSON_NUMBER_LEN_MAX long. */
static void read_decimal(struct decimal *decimal, struct span text) {
	bool fraction = false;
	*decimal = (struct decimal){.negative = text.len > 0 && text.data[0] == '-'};
	for (size_t i = decimal->negative; i < text.len; i++) {
		char byte = text.data[i];
		if (byte == 'e' || byte == 'E') {
			decimal->point += read_exponent(span_after(text, i + 1));
			break;
		}
		if (byte == '.') {
			fraction = true;
			continue;
		}
		bool leading = decimal->count == 0 && byte == '0';
		decimal->point += fraction ? -(long)leading : !leading;
		if (!leading) {
			decimal->digits[decimal->count++] = byte;
		}
	}
	while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '0') {
		decimal->count--;
	}
}

static bool is_same(const struct decimal *a, const struct decimal *b) {
	return a->count == b->count && memcmp(a->digits, b->digits, a->count) == 0 &&
	       (a->count == 0 || (a->point == b->point && a->negative == b->negative));
}

/* Plain and short: most are. */
static bool is_kept(struct span number) {
	size_t i = 0;
	while (i < number.len && number.data[i] != 'e' && number.data[i] != 'E') {
		i++;
	}
	return i == number.len && number.len <= DIGITS_KEPT;
}

bool json_number_is_changed(struct span number, struct buffer *words) {
	struct buffer made = {0};
	struct decimal before, after;
	if (number.len > JSON_NUMBER_LEN_MAX) { /* most of all: it may be all of a payload */
		buffer_printf(words, "a number of %zu bytes: more than a double keeps", number.len);
		return true;
	}
	if (is_kept(number)) {
		return false;
	}
	bool written = json_stringify(&made, number);
	bool is_number = written && !span_is(buffer_span(&made), "null");
	read_decimal(&before, number);
	read_decimal(&after, is_number ? buffer_span(&made) : (struct span){"0", 1});
	bool changed = !is_number || !is_same(&before, &after);
	if (changed && is_number) {
		buffer_append_span(words, buffer_span(&made));
		buffer_append_text(words, " as a double");
	} else if (changed) {
		buffer_append_text(words, "too large for a double");
	}
	buffer_clear(&made);
	return changed;
}
