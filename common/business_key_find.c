/* Finds business keys in an event: a JSON body is gone through once, with all places side by side. */
#include <string.h>

#include "common/business_key.h"
#include "common/json_lexer.h"
#include "common/message.h"
#include "common/signature/lookup.h"
#include "common/signature/multipart.h"

/* Both lists of an event, its provider's and its endpoint's: a bit for each place. */
#define PLACES_MAX (2 * BUSINESS_KEYS_MAX)

struct json_place {
	const struct business_key *key;
	struct span names[BUSINESS_KEY_DEPTH_MAX];
	size_t count;
};

struct walk {
	struct json_lexer lexer;
	struct json_place places[PLACES_MAX];
	size_t count;
	/* of the open objects and arrays, the outermost first: which places lead to it, and where in it we are */
	uint64_t leads[BUSINESS_KEY_DEPTH_MAX + 1];
	bool is_array[BUSINESS_KEY_DEPTH_MAX + 1];
	size_t index[BUSINESS_KEY_DEPTH_MAX + 1];
	size_t depth;
	uint64_t child; /* which places lead to the value that comes next */
	struct buffer *out;
	size_t before;
	struct buffer text;
};

static bool type_fits(struct span pattern, struct span type) {
	size_t star = span_find(pattern, '*');
	if (star == pattern.len) {
		return span_equal(pattern, type);
	}
	struct span end = span_after(pattern, star + 1);
	return type.len >= star + end.len && memcmp(type.data, pattern.data, star) == 0 &&
	       span_equal(span_after(type, type.len - end.len), end);
}

static bool is_of_type(const struct business_key *key, struct span type) {
	struct span types = span_text(key->types);
	bool any = types.len == 0;
	while (!any && types.len > 0) {
		any = type_fits(span_cut(&types, ','), type);
	}
	return any;
}

/* --- JSON --- */

static void add_place(struct walk *walk, const struct business_key *key) {
	struct json_place *place = &walk->places[walk->count];
	struct span path = span_text(key->path);
	*place = (struct json_place){.key = key};
	while (path.len > 0 && place->count < BUSINESS_KEY_DEPTH_MAX) {
		place->names[place->count++] = span_cut(&path, '.');
	}
	walk->leads[0] |= (uint64_t)1 << walk->count++;
}

static bool is_index(struct span name, size_t index) {
	size_t number = 0;
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] < '0' || name.data[i] > '9' || i > 8) {
			return false;
		}
		number = number * 10 + (size_t)(name.data[i] - '0');
	}
	return name.len > 0 && number == index;
}

/* Those of the places that lead here which go on with this member, or this element. */
static uint64_t leading_to(const struct walk *walk, struct span member, bool element) {
	uint64_t leads = 0, left = walk->leads[walk->depth - 1];
	for (size_t i = 0; left != 0; i++, left >>= 1) {
		const struct json_place *place = &walk->places[i];
		if (!(left & 1) || place->count < walk->depth) {
			continue;
		}
		struct span name = place->names[walk->depth - 1];
		bool fits = element ? span_is(name, "*") || is_index(name, walk->index[walk->depth - 1])
		                    : span_equal(name, member);
		leads |= (uint64_t)fits << i;
	}
	return leads;
}

static void note_member(struct walk *walk, struct span token) {
	struct span name = {token.data + 1, token.len - 2};
	if (memchr(name.data, '\\', name.len)) {
		buffer_reset(&walk->text);
		json_unescape(&walk->text, token);
		name = buffer_span(&walk->text);
	}
	walk->child = leading_to(walk, name, false);
}

static void take_value(struct walk *walk, struct span token) {
	uint64_t left = walk->child;
	if (left == 0 || token.len > 6 * BUSINESS_KEY_VALUE_LEN + 2) {
		return;
	}
	buffer_reset(&walk->text);
	struct span value = lookup_json_text(token, &walk->text);
	for (size_t i = 0; left != 0; i++, left >>= 1) {
		if ((left & 1) && walk->places[i].count == walk->depth) {
			business_keys_add(walk->out, walk->before, span_text(walk->places[i].key->name), value);
		}
	}
}

/* False: deeper than any place, so nothing in it is looked at. */
static bool open_container(struct walk *walk, bool is_array) {
	uint64_t leads = walk->depth == 0 ? walk->leads[0] : walk->child;
	if (walk->depth == BUSINESS_KEY_DEPTH_MAX || leads == 0) {
		return false;
	}
	walk->leads[walk->depth] = leads;
	walk->is_array[walk->depth] = is_array;
	walk->index[walk->depth] = 0;
	walk->depth++;
	walk->child = is_array ? leading_to(walk, (struct span){0}, true) : 0;
	return true;
}

/* Passes over an object or array whose first token was read. */
static enum json_token_kind skip_container(struct walk *walk) {
	size_t until = walk->lexer.depth - 1;
	enum json_token_kind kind;
	do {
		kind = json_lexer_next(&walk->lexer).kind;
	} while (walk->lexer.depth > until && kind != JSON_END && kind != JSON_ERROR);
	return kind;
}

static void pass_comma(struct walk *walk) {
	size_t at = walk->depth - 1;
	walk->index[at]++;
	walk->child = walk->is_array[at] ? leading_to(walk, (struct span){0}, true) : 0;
}

/* What is at hand is a member's name and not a value. */
static bool is_name(const struct walk *walk, enum json_token_kind before) {
	return walk->depth > 0 && !walk->is_array[walk->depth - 1] &&
	       (before == JSON_OBJECT_BEGIN || before == JSON_COMMA);
}

static enum json_token_kind step(
	struct walk *walk, struct json_token token, enum json_token_kind before) {
	switch (token.kind) {
	case JSON_OBJECT_BEGIN:
	case JSON_ARRAY_BEGIN:
		return open_container(walk, token.kind == JSON_ARRAY_BEGIN) ? token.kind
		                                                            : skip_container(walk);
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
		walk->depth--;
		break;
	case JSON_COMMA:
		pass_comma(walk);
		break;
	case JSON_STRING:
		if (is_name(walk, before)) {
			note_member(walk, token.text);
			break;
		}
		take_value(walk, token.text);
		break;
	case JSON_NUMBER:
		take_value(walk, token.text);
		break;
	default:
		break;
	}
	return token.kind;
}

/* A body that turns out to be no JSON has no keys. */
static void walk_json(struct walk *walk, struct span body) {
	enum json_token_kind kind = JSON_END;
	json_lexer_init(&walk->lexer, body);
	do {
		kind = step(walk, json_lexer_next(&walk->lexer), kind);
	} while (kind != JSON_END && kind != JSON_ERROR);
	if (kind == JSON_ERROR) {
		walk->out->len = walk->before;
	}
}

static void find_in_json(struct buffer *out, size_t before,
	const struct business_key *const *places, size_t count,
	const struct business_key_source *source) {
	struct walk walk = {.out = out, .before = before};
	for (size_t i = 0; i < count && walk.count < PLACES_MAX; i++) {
		if (places[i]->place == BUSINESS_KEY_JSON && is_of_type(places[i], source->type)) {
			add_place(&walk, places[i]);
		}
	}
	if (walk.count > 0 && source->body.len > 0) {
		walk_json(&walk, source->body);
	}
	buffer_clear(&walk.text);
}

/* --- fields --- */

static const enum place lookup_places[] = {
	[BUSINESS_KEY_FORM] = PLACE_FORM,
	[BUSINESS_KEY_QUERY] = PLACE_QUERY,
	[BUSINESS_KEY_HEADER] = PLACE_HEADER,
};

static void find_field(struct buffer *out, size_t before, const struct message *message,
	const struct business_key *key) {
	struct buffer text = {0};
	struct span value = {0};
	if (key->place == BUSINESS_KEY_FORM && span_starts_with(message->body, span_text("--"))) {
		value = multipart_find(message, span_text(key->path));
	} else {
		value = lookup_value(message, lookup_places[key->place], key->path, &text);
	}
	business_keys_add(out, before, span_text(key->name), value);
	buffer_clear(&text);
}

static void find_in_fields(struct buffer *out, size_t before,
	const struct business_key *const *places, size_t count,
	const struct business_key_source *source) {
	struct message message = {0};
	struct error err = {0};
	bool parsed = false;
	for (size_t i = 0; i < count; i++) {
		if (places[i]->place == BUSINESS_KEY_JSON || !is_of_type(places[i], source->type)) {
			continue;
		}
		if (!parsed && !message_parse(&message, source->head, source->body, &err)) {
			break;
		}
		parsed = true;
		find_field(out, before, &message, places[i]);
	}
	message_clear(&message);
}

void business_keys_find(struct buffer *out, const struct business_key *const *places, size_t count,
	const struct business_key_source *source) {
	size_t before = out->len;
	struct business_key_source looked_at = *source;
	if (looked_at.body.len > BUSINESS_KEY_BODY_MAX) {
		looked_at.body = (struct span){0};
	}
	if (count > 0) {
		find_in_json(out, before, places, count, &looked_at);
		find_in_fields(out, before, places, count, &looked_at);
	}
}
