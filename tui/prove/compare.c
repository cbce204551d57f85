#include "tui/prove/compare.h"

#include <string.h>

#include "common/json_lexer.h"

/* What is shown of a value. */
#define SHOWN_BYTES 60
/* Deepest nesting that is compared value by value. */
#define DEPTH_MAX 64

bool compare_is_slower(int64_t first_us, int64_t second_us) {
	return second_us > first_us * COMPARE_SLOWER_TIMES &&
	       second_us - first_us > COMPARE_SLOWER_LEAST_US;
}

static void show(struct buffer *words, struct span value) {
	buffer_append_span(
		words, (struct span){value.data, value.len < SHOWN_BYTES ? value.len : SHOWN_BYTES});
	buffer_append_text(words, value.len > SHOWN_BYTES ? "..." : value.len == 0 ? "nothing" : "");
}

static void tell(struct buffer *words, struct span first, struct span second) {
	show(words, first);
	buffer_append_text(words, ", then ");
	show(words, second);
}

/* --- bytes --- */

static bool compare_bytes(struct buffer *words, struct span first, struct span second) {
	size_t at = 0;
	while (at < first.len && at < second.len && first.data[at] == second.data[at]) {
		at++;
	}
	if (at == first.len && at == second.len) {
		return true;
	}
	size_t from = at > 20 ? at - 20 : 0;
	buffer_printf(words, "from byte %zu: ", at);
	tell(words, span_after(first, from), span_after(second, from));
	return false;
}

bool compare_states(struct buffer *words, struct span before, struct span after) {
	for (size_t line = 1; before.len > 0 || after.len > 0; line++) {
		struct span a = span_cut(&before, '\n'), b = span_cut(&after, '\n');
		if (!span_equal(a, b)) {
			buffer_printf(words, "line %zu: ", line);
			tell(words, a, b);
			return false;
		}
	}
	return true;
}

/* --- JSON --- */

/* Where in both texts we are. */
struct place {
	struct {
		bool array;
		size_t index;
		struct span name; /* of the member, without quotes */
	} levels[DEPTH_MAX];
	size_t depth;
};

static void append_path(struct buffer *out, const struct place *place) {
	for (size_t i = 0; i < place->depth; i++) {
		buffer_append_text(out, out->len > 0 ? "." : "");
		if (place->levels[i].array) {
			buffer_printf(out, "%zu", place->levels[i].index);
		} else {
			buffer_append_span(out, place->levels[i].name);
		}
	}
}

static bool is_ignored(const struct place *place, const char *ignore) {
	struct buffer path = {0};
	struct span rest = span_text(ignore), name = {0};
	bool found = false;
	if (place->depth > 0 && !place->levels[place->depth - 1].array) {
		name = place->levels[place->depth - 1].name;
	}
	append_path(&path, place);
	while (rest.len > 0 && !found) {
		struct span item = span_trim(span_cut(&rest, ','));
		found = item.len > 0 && (span_equal(item, buffer_span(&path)) || span_equal(item, name));
	}
	buffer_clear(&path);
	return found;
}

/* Both texts, walked at the same time. */
struct walk {
	struct json_lexer first, second;
	struct json_token a, b;
	struct place place;
};

static void step(struct walk *walk) {
	walk->a = json_lexer_next(&walk->first);
	walk->b = json_lexer_next(&walk->second);
}

/* Goes over the value that begins with `token`. */
static void pass_value(struct json_lexer *lexer, struct json_token token) {
	size_t depth = 0;
	do {
		depth += token.kind == JSON_OBJECT_BEGIN || token.kind == JSON_ARRAY_BEGIN;
		depth -= token.kind == JSON_OBJECT_END || token.kind == JSON_ARRAY_END;
		if (depth > 0) {
			token = json_lexer_next(lexer);
		}
	} while (depth > 0);
}

static bool is_begin(enum json_token_kind kind) {
	return kind == JSON_OBJECT_BEGIN || kind == JSON_ARRAY_BEGIN;
}

static void enter(struct walk *walk) {
	struct place *place = &walk->place;
	place->levels[place->depth].array = walk->a.kind == JSON_ARRAY_BEGIN;
	place->levels[place->depth].index = 0;
	place->levels[place->depth].name = (struct span){0};
	place->depth++;
}

/* Keeps the place; false: it differs here in a way that is no value. */
static bool follow_mark(struct walk *walk) {
	struct place *place = &walk->place;
	switch (walk->a.kind) {
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
		place->depth--;
		return true;
	case JSON_COMMA:
		if (place->levels[place->depth - 1].array) {
			place->levels[place->depth - 1].index++;
		} else {
			place->levels[place->depth - 1].name = (struct span){0};
		}
		return true;
	default:
		return true;
	}
}

static bool is_mark(enum json_token_kind kind) {
	return kind == JSON_COMMA || kind == JSON_COLON || kind == JSON_OBJECT_END ||
	       kind == JSON_ARRAY_END;
}

/* Whether the token is the name of a member: the first of an object, or behind a comma. */
static bool is_name(const struct walk *walk) {
	const struct place *place = &walk->place;
	return place->depth > 0 && !place->levels[place->depth - 1].array &&
	       !place->levels[place->depth - 1].name.data && walk->a.kind == JSON_STRING;
}

static bool tell_difference(struct buffer *words, struct walk *walk) {
	buffer_append_text(words, "$");
	struct buffer path = {0};
	append_path(&path, &walk->place);
	buffer_append_text(words, path.len > 0 ? "." : "");
	buffer_append_span(words, buffer_span(&path));
	buffer_append_text(words, ": ");
	tell(words, walk->a.text, walk->b.text);
	buffer_clear(&path);
	return false;
}

/* One token of each. False: they differ. */
static bool compare_token(struct buffer *words, struct walk *walk, const char *ignore) {
	bool same = walk->a.kind == walk->b.kind && span_equal(walk->a.text, walk->b.text);
	if (is_mark(walk->a.kind) || is_mark(walk->b.kind)) {
		return same ? follow_mark(walk) : tell_difference(words, walk);
	}
	if (is_name(walk)) {
		struct span quoted = walk->a.text;
		walk->place.levels[walk->place.depth - 1].name =
			(struct span){quoted.data + 1, quoted.len - 2};
		return same || tell_difference(words, walk);
	}
	if (is_ignored(&walk->place, ignore)) {
		pass_value(&walk->first, walk->a);
		pass_value(&walk->second, walk->b);
		return true;
	}
	if (same && is_begin(walk->a.kind) && walk->place.depth < DEPTH_MAX) {
		enter(walk);
	}
	return same || tell_difference(words, walk);
}

static bool is_deep(struct span body) {
	struct json_lexer lexer;
	size_t depth = 0, most = 0;
	json_lexer_init(&lexer, body);
	struct json_token token = json_lexer_next(&lexer);
	for (; token.kind > JSON_ERROR; token = json_lexer_next(&lexer)) {
		depth += is_begin(token.kind);
		depth -= token.kind == JSON_OBJECT_END || token.kind == JSON_ARRAY_END;
		most = depth > most ? depth : most;
	}
	return most >= DEPTH_MAX;
}

static bool compare_json(
	struct buffer *words, struct span first, struct span second, const char *ignore) {
	struct walk walk = {0};
	json_lexer_init(&walk.first, first);
	json_lexer_init(&walk.second, second);
	step(&walk);
	while (walk.a.kind != JSON_END && walk.b.kind != JSON_END) {
		if (!compare_token(words, &walk, ignore)) {
			return false;
		}
		step(&walk);
	}
	return true;
}

bool compare_bodies(
	struct buffer *words, struct span first, struct span second, const char *ignore) {
	bool json =
		json_is_whole(first) && json_is_whole(second) && !is_deep(first) && !is_deep(second);
	if (span_equal(first, second)) {
		return true;
	}
	return json ? compare_json(words, first, second, ignore ? ignore : "")
	            : compare_bytes(words, first, second);
}
