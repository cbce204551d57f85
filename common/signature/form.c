#include "common/signature/form.h"

#include <stdlib.h>
#include <string.h>

static int hex_value(char digit) {
	if (digit >= '0' && digit <= '9') {
		return digit - '0';
	}
	char small = (char)(digit | 32);
	return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

void form_decode(struct buffer *out, struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		int high = -1, low = -1;
		if (text.data[i] == '%' && i + 2 < text.len) {
			high = hex_value(text.data[i + 1]);
			low = hex_value(text.data[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			buffer_append_byte(out, (char)(high << 4 | low));
			i += 2;
		} else {
			buffer_append_byte(out, text.data[i] == '+' ? ' ' : text.data[i]);
		}
	}
}

bool form_next(struct span *rest, struct span *name, struct span *value) {
	while (rest->len > 0) {
		struct span field = span_cut(rest, '&');
		if (field.len > 0) {
			*name = span_cut(&field, '=');
			*value = field;
			return true;
		}
	}
	return false;
}

struct span form_find(struct span form, const char *name, struct buffer *out) {
	struct span key, value;
	size_t before = out->len;
	while (form_next(&form, &key, &value)) {
		form_decode(out, key);
		bool found = span_is((struct span){out->data + before, out->len - before}, name);
		out->len = before;
		if (found) {
			form_decode(out, value);
			return out->len > before ? (struct span){out->data + before, out->len - before}
			                         : span_text("");
		}
	}
	return (struct span){NULL, 0};
}

static int compare(struct span a, struct span b) {
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.data, b.data, len) : 0;
	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_fields(const void *left, const void *right) {
	const struct form_field *a = left, *b = right;
	int order = compare(a->name, b->name);
	return order != 0 ? order : compare(a->value, b->value);
}

static struct span decode_into(struct buffer *out, struct span text) {
	size_t before = out->len;
	form_decode(out, text);
	return (struct span){out->data + before, out->len - before};
}

bool form_fields_read(struct form_fields *fields, struct span form) {
	struct span name, value;
	fields->count = 0;
	buffer_reset(&fields->bytes);
	buffer_reserve(&fields->bytes, form.len + 1); /* decoding never grows, so the spans stay */
	while (form_next(&form, &name, &value)) {
		if (fields->count == FORM_FIELDS_MAX) {
			return false;
		}
		struct form_field *field = &fields->fields[fields->count++];
		field->name = decode_into(&fields->bytes, name);
		field->value = decode_into(&fields->bytes, value);
	}
	qsort(fields->fields, fields->count, sizeof *fields->fields, compare_fields);
	return true;
}

void form_fields_clear(struct form_fields *fields) {
	buffer_clear(&fields->bytes);
	fields->count = 0;
}

bool form_fields_repeats(const struct form_fields *fields, size_t index) {
	return index > 0 && compare_fields(&fields->fields[index - 1], &fields->fields[index]) == 0;
}
