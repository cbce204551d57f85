#include "common/signature/json_object.h"

#include <string.h>

#include "common/json_lexer.h"

/* More digits are no moment, and would not fit. */
#define DIGITS_MAX 15

/* The value that begins with `first`, through its last token; data NULL when it is broken or nests too deep. */
static struct span take_value(struct json_lexer *lexer, struct json_token first) {
	size_t depth = 0;
	struct json_token token = first;
	for (;;) {
		switch (token.kind) {
		case JSON_OBJECT_BEGIN:
		case JSON_ARRAY_BEGIN:
			depth++;
			break;
		case JSON_OBJECT_END:
		case JSON_ARRAY_END:
			depth--;
			break;
		case JSON_END:
		case JSON_ERROR:
			return (struct span){NULL, 0};
		default:
			break;
		}
		if (depth == 0) {
			const char *end = token.text.data + token.text.len;
			return (struct span){first.text.data, (size_t)(end - first.text.data)};
		}
		if (depth > JSON_OBJECT_DEPTH) {
			return (struct span){NULL, 0};
		}
		token = json_lexer_next(lexer);
	}
}

static struct span name_of(const struct json_object *object, const struct json_member *member) {
	return (struct span){object->bytes.data + member->name_at, member->name_len};
}

static const char *add_member(
	struct json_object *object, struct json_lexer *lexer, struct json_token name) {
	if (object->count == JSON_OBJECT_MEMBERS) {
		return "has too many members";
	}
	struct json_member *member = &object->members[object->count];
	member->name_at = object->bytes.len;
	json_unescape(&object->bytes, name.text);
	buffer_reserve(&object->bytes, 1); /* a name may be empty: it still has an address */
	member->name_len = object->bytes.len - member->name_at;
	for (size_t i = 0; i < object->count; i++) {
		if (span_equal(name_of(object, &object->members[i]), name_of(object, member))) {
			return "has a member twice";
		}
	}
	json_lexer_next(lexer); /* the colon: anything else is an error the lexer stays at */
	member->value = take_value(lexer, json_lexer_next(lexer));
	object->count++;
	return member->value.data ? NULL : "is no JSON, or nests too deep";
}

bool json_object_read(struct json_object *object, struct span text, const char **why) {
	struct json_lexer lexer;
	object->count = 0;
	buffer_reset(&object->bytes);
	json_lexer_init(&lexer, text);
	*why = json_lexer_next(&lexer).kind == JSON_OBJECT_BEGIN ? NULL : "is no JSON object";
	while (!*why) {
		struct json_token token = json_lexer_next(&lexer);
		if (token.kind == JSON_OBJECT_END) {
			*why = json_lexer_next(&lexer).kind == JSON_END ? NULL : "has something behind it";
			break;
		}
		if (token.kind == JSON_STRING) {
			*why = add_member(object, &lexer, token);
		} else if (token.kind != JSON_COMMA) {
			*why = "is no JSON";
		}
	}
	return !*why;
}

void json_object_clear(struct json_object *object) {
	buffer_clear(&object->bytes);
	object->count = 0;
}

struct span json_object_get(const struct json_object *object, const char *name) {
	for (size_t i = 0; i < object->count; i++) {
		if (span_is(name_of(object, &object->members[i]), name)) {
			return object->members[i].value;
		}
	}
	return (struct span){NULL, 0};
}

bool json_is_text(struct span value) {
	return value.len >= 2 && value.data[0] == '"';
}

bool json_object_text(const struct json_object *object, const char *name, struct buffer *out) {
	struct span value = json_object_get(object, name);
	if (!json_is_text(value)) {
		return false;
	}
	json_unescape(out, value);
	return true;
}

bool json_whole_number(struct span value, int64_t *number) {
	bool negative = value.len > 0 && value.data[0] == '-';
	value = negative ? span_after(value, 1) : value;
	size_t digits = 0;
	*number = 0;
	while (digits < value.len && value.data[digits] >= '0' && value.data[digits] <= '9') {
		if (digits == DIGITS_MAX) {
			return false;
		}
		*number = *number * 10 + (value.data[digits++] - '0');
	}
	*number = negative ? -*number : *number;
	return digits > 0 && (digits == value.len ||
							 (value.data[digits] == '.' && span_find(value, 'e') == value.len &&
								 span_find(value, 'E') == value.len));
}

bool json_array_next(struct span *rest, struct span *element) {
	struct json_lexer lexer;
	bool first = rest->len > 0 && rest->data[0] == '[';
	if (!first && (rest->len == 0 || rest->data[0] != ',')) {
		return false;
	}
	/* each element is lexed as a document of its own, behind a bracket or a comma */
	json_lexer_init(&lexer, span_after(*rest, 1));
	*element = take_value(&lexer, json_lexer_next(&lexer));
	if (!element->data) {
		return false;
	}
	const char *end = rest->data + rest->len, *at = element->data + element->len;
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
		at++;
	}
	*rest = (struct span){at, (size_t)(end - at)};
	return true;
}
