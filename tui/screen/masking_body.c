#include "common/alloc.h"
#include "common/json_lexer.h"
#include "common/json_run.h"
#include "tui/screen/masking_parts.h"
#include "tui/screen/multipart.h"
#include "tui/screen/pane_parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct level {
	bool array, name_next;
	int64_t index; /* of the element that comes */
};

/* Where a reading of JSON is. A path has matched so many of its steps as containers around it fit. */
struct walk {
	const struct masking *masking;
	struct json_lexer lexer;
	struct level levels[JSON_LEXER_DEPTH + 1];
	size_t depth; /* containers that are open */
	size_t matched[MASKING_MOST];
	struct buffer name; /* of the member that comes */
	const char *copied; /* so far the body has been appended */
};

static bool fits(const struct walk *walk, const struct masking_field *field, size_t nth) {
	const struct level *level = &walk->levels[walk->depth - 1];
	const struct masking_step *step = &field->steps[nth];
	switch (step->kind) {
	case MASK_ANY_INDEX:
		return level->array;
	case MASK_INDEX:
		return level->array && level->index == step->index;
	case MASK_ANY_NAME:
		return !level->array;
	default:
		return !level->array && span_equal(buffer_span(&walk->name),
									(struct span){field->text + step->from, step->len});
	}
}

/* Whether the value that comes is masked. Where it is not, notes how far each path has come with it. */
static bool is_masked(struct walk *walk, bool container) {
	for (size_t i = 0; walk->depth > 0 && i < walk->masking->field_count; i++) {
		const struct masking_field *field = &walk->masking->fields[i];
		size_t nth = walk->depth - 1;
		if (field->count == 0) {
			if (!walk->levels[nth].array && span_is(buffer_span(&walk->name), field->text)) {
				return true;
			}
		} else if (walk->matched[i] == nth && nth < field->count && fits(walk, field, nth)) {
			if (nth + 1 == field->count) {
				return true;
			}
			walk->matched[i] += container;
		}
	}
	return false;
}

static void enter(struct walk *walk, bool array) {
	walk->levels[walk->depth++] = (struct level){.array = array, .name_next = !array};
}

/* A container at this place has come to its end. */
static void step_back(struct walk *walk) {
	for (size_t i = 0; walk->depth > 0 && i < walk->masking->field_count; i++) {
		walk->matched[i] -= walk->matched[i] == walk->depth;
	}
}

static void leave(struct walk *walk) {
	walk->depth--;
	step_back(walk);
}

/* Up to the end of the container that has just begun; returns where that is. */
static const char *skip(struct walk *walk) {
	size_t open = 1;
	struct json_token token;
	do {
		token = json_lexer_next(&walk->lexer);
		open += token.kind == JSON_OBJECT_BEGIN || token.kind == JSON_ARRAY_BEGIN;
		open -= token.kind == JSON_OBJECT_END || token.kind == JSON_ARRAY_END;
	} while (open > 0 && token.kind != JSON_END && token.kind != JSON_ERROR);
	return token.text.data + (open == 0 ? token.text.len : 0);
}

static void replace(struct walk *walk, struct buffer *out, const char *begin, const char *end) {
	buffer_append(out, walk->copied, (size_t)(begin - walk->copied));
	buffer_append_text(out, "\"" MASKING_TEXT "\"");
	walk->copied = end;
}

/* A value; returns whether it was masked. */
static bool take_value(struct walk *walk, struct buffer *out, const struct json_token *token) {
	bool object = token->kind == JSON_OBJECT_BEGIN, array = token->kind == JSON_ARRAY_BEGIN;
	if (is_masked(walk, object || array)) {
		const char *end = object || array ? skip(walk) : token->text.data + token->text.len;
		replace(walk, out, token->text.data, end);
		step_back(walk);
		return true;
	}
	if (object || array) {
		enter(walk, array);
	}
	return false;
}

static bool take_token(struct walk *walk, struct buffer *out, const struct json_token *token) {
	struct level *level = walk->depth > 0 ? &walk->levels[walk->depth - 1] : NULL;
	switch (token->kind) {
	case JSON_COLON:
		return false;
	case JSON_COMMA:
		level->index++;
		level->name_next = !level->array;
		return false;
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
		leave(walk);
		return false;
	default:
		break;
	}
	if (level && level->name_next) {
		level->name_next = false;
		buffer_reset(&walk->name);
		json_unescape(&walk->name, token->text);
		return false;
	}
	return take_value(walk, out, token);
}

/* From the first token on that is none: what of it is good so far may be the beginning of what is masked. */
static void mask_rest(struct walk *walk, struct buffer *out, const char *behind, const char *end) {
	behind += json_run_blanks((struct span){behind, (size_t)(end - behind)});
	replace(walk, out, behind > walk->copied ? behind : walk->copied, end);
}

static size_t walk_all(struct walk *walk, struct buffer *out, struct span body) {
	size_t count = 0;
	const char *behind = NULL, *end = body.data + body.len; /* the last token that is one */
	for (;;) {
		struct json_token token = json_lexer_next(&walk->lexer);
		if (token.kind == JSON_END || token.kind == JSON_ERROR) {
			bool broken = token.kind == JSON_ERROR && behind;
			if (broken) {
				mask_rest(walk, out, behind, end);
			}
			buffer_append(out, walk->copied, (size_t)(end - walk->copied));
			return count + broken;
		}
		behind = token.text.data + token.text.len;
		count += take_token(walk, out, &token);
	}
}

/* Some put it in front of JSON. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

bool masking_is_json(struct span text) {
	if (span_starts_with(text, span_text(BYTE_ORDER_MARK))) {
		text = span_after(text, sizeof BYTE_ORDER_MARK - 1);
	}
	while (text.len > 0 && strchr(" \t\r\n", text.data[0])) {
		text = span_after(text, 1);
	}
	return text.len > 0 && (text.data[0] == '{' || text.data[0] == '[');
}

size_t masking_json(struct buffer *out, const struct masking *masking, struct span body) {
	struct walk *walk = alloc_zero(1, sizeof *walk);
	if (span_starts_with(body, span_text(BYTE_ORDER_MARK))) {
		buffer_append_text(out, BYTE_ORDER_MARK);
		body = span_after(body, sizeof BYTE_ORDER_MARK - 1);
	}
	walk->masking = masking;
	walk->copied = body.data;
	json_lexer_init(&walk->lexer, body);
	size_t count = walk_all(walk, out, body);
	buffer_clear(&walk->name);
	free(walk);
	return count;
}

size_t masking_fields(
	struct buffer *out, const struct masking *masking, struct span body, bool form) {
	/* whatever it is called: what is JSON is read as JSON by somebody */
	return form && !masking_is_json(body) ? masking_form(out, masking, body)
	                                      : masking_json(out, masking, body);
}

/* name="email" of a Content-Disposition; others have none. */
static bool is_masked_part(const struct masking *masking, struct span head) {
	struct span rest = pane_header_value(head, "Content-Disposition");
	while (rest.len > 0) {
		struct span value = span_cut(&rest, ';'), name = span_trim(span_cut(&value, '='));
		value = span_trim(value);
		if (value.len > 1 && value.data[0] == '"') {
			value = span_after(value, 1);
			value.len = span_find(value, '"');
		}
		if (span_equal_nocase(name, span_text("name"))) {
			return masking_has_name(masking, value);
		}
	}
	return false;
}

static size_t mask_part(
	struct buffer *out, const struct masking *masking, struct span head, struct span body) {
	/* of a head without an end the name may stand behind what is looked at */
	bool cut = (size_t)(body.data - head.data) >= MULTIPART_HEAD_MAX;
	if (cut || is_masked_part(masking, head)) {
		buffer_append_text(out, MASKING_TEXT);
		return 1;
	}
	struct span type = pane_header_value(head, "Content-Type");
	type = span_trim(span_cut(&type, ';'));
	return masking_fields(out, masking, body,
		span_equal_nocase(type, span_text("application/x-www-form-urlencoded")));
}

static bool take_part(struct multipart *multipart, struct span *head, struct span *body) {
	enum multipart_found found;
	do {
		size_t budget = SIZE_MAX;
		found = multipart_next(multipart, &budget, head, body);
	} while (found == MULTIPART_GO_ON);
	return found == MULTIPART_PART;
}

size_t masking_multipart(
	struct buffer *out, const struct masking *masking, struct span body, struct span boundary) {
	struct multipart multipart;
	struct span head, content;
	const char *copied = body.data;
	size_t count = 0;
	if (boundary.len == 0) {
		return masking_json(out, masking, body);
	}
	multipart_begin(&multipart, body, boundary);
	while (take_part(&multipart, &head, &content)) {
		buffer_append(out, copied, (size_t)(content.data - copied));
		count += mask_part(out, masking, head, content);
		copied = content.data + content.len;
	}
	bool none = !multipart.begun;
	multipart_clear(&multipart);
	if (none) {
		return masking_json(out, masking, body);
	}
	buffer_append(out, copied, (size_t)(body.data + body.len - copied));
	return count;
}
