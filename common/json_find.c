#include "common/json_find.h"
#include <stdint.h>

/* What a token costs beside its bytes, in bytes; and bytes looked at at once of a long one. */
#define TOKEN_COST 4
#define LOOK_BYTES ((size_t)16 * 1024)

void json_finding_begin(struct json_finding *finding, struct span payload, const char *path) {
	*finding = (struct json_finding){.path = span_text(path), .value = payload};
}

/* Into the value for the next name of the path. */
static void begin_child(struct json_finding *finding) {
	finding->name = span_cut(&finding->path, '.');
	finding->by_index = finding->name.len > 0 && finding->name.len <= 9;
	finding->wanted_index = finding->index = 0;
	for (size_t i = 0; i < finding->name.len && finding->by_index; i++) {
		char byte = finding->name.data[i];
		finding->by_index = byte >= '0' && byte <= '9';
		finding->wanted_index = finding->wanted_index * 10 + (size_t)(byte - '0');
	}
	json_lexer_init(&finding->lexer, finding->value);
	struct json_token token = json_lexer_next(&finding->lexer);
	finding->object = token.kind == JSON_OBJECT_BEGIN;
	finding->wanted =
		token.kind == JSON_ARRAY_BEGIN && finding->by_index && finding->wanted_index == 0;
	finding->found = (struct span){NULL, 0};
	finding->begin = NULL;
	finding->searching = true;
}

static bool begins_value(const struct json_finding *finding, const struct json_token *token) {
	switch (token->kind) {
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
	case JSON_COLON:
	case JSON_COMMA:
		return false;
	default:
		return !json_lexer_is_name(&finding->lexer);
	}
}

/*
 * The last child that is asked for. The whole of the value is read, because a later member of the same name takes the place of an earlier
 * one, and because a document broken further on is none.
 */
static void take_token(
	struct json_finding *finding, const struct json_token *token, size_t depth_before) {
	bool at_child = depth_before == 1;
	if (at_child && begins_value(finding, token)) {
		finding->begin = token->text.data;
	} else if (at_child && json_lexer_is_name(&finding->lexer)) {
		finding->wanted = json_string_is(token->text, finding->name);
	} else if (at_child && token->kind == JSON_COMMA) {
		finding->wanted =
			!finding->object && finding->by_index && ++finding->index == finding->wanted_index;
	}
	if (finding->begin && finding->lexer.depth == 1) {
		if (finding->wanted) {
			const char *end = token->text.data + token->text.len;
			finding->found = (struct span){finding->begin, (size_t)(end - finding->begin)};
		}
		finding->begin = NULL;
	}
}

/* True: the child is found, or not there. */
static bool find_child(struct json_finding *finding, size_t *budget) {
	while (*budget > 0) {
		size_t before = finding->lexer.rest.len, depth = finding->lexer.depth;
		if (!json_lexer_look(&finding->lexer, LOOK_BYTES)) {
			*budget -= *budget < LOOK_BYTES ? *budget : LOOK_BYTES;
			continue;
		}
		struct json_token token = json_lexer_next(&finding->lexer);
		if (token.kind == JSON_END || token.kind == JSON_ERROR) {
			finding->value = token.kind == JSON_END ? finding->found : (struct span){NULL, 0};
			finding->searching = false;
			return true;
		}
		take_token(finding, &token, depth);
		size_t cost = before - finding->lexer.rest.len + TOKEN_COST;
		*budget -= *budget < cost ? *budget : cost;
	}
	return false;
}

bool json_finding_step(struct json_finding *finding, size_t *budget, struct span *value) {
	while (finding->searching || (finding->path.len > 0 && finding->value.data)) {
		if (!finding->searching) {
			begin_child(finding);
		}
		if (!find_child(finding, budget)) {
			return false;
		}
	}
	*value = finding->value;
	return true;
}

struct span json_find(struct span payload, const char *path) {
	struct json_finding finding;
	struct span value = {NULL, 0};
	json_finding_begin(&finding, payload, path);
	for (size_t budget = SIZE_MAX; !json_finding_step(&finding, &budget, &value);) {
		budget = SIZE_MAX;
	}
	return value;
}
