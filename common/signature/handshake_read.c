#include "common/signature/handshake_read.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const char *const places[] = {"", "header", "query", "json", "form", "param", "mac"};

static bool read_text(struct reading *reading, const struct yaml_node *node, const char **text) {
	if (!yaml_text(reading->document, node, text, reading->err)) {
		return false;
	}
	*text = arena_text(reading->arena, *text);
	return true;
}

/* What stands between braces: "query:challenge", "mac". */
static bool read_value(struct reading *reading, const struct yaml_node *node, struct span inside,
	struct handshake_part *part) {
	struct span name = inside, place = span_cut(&name, ':');
	for (size_t i = VALUE_HEADER; i < COUNT_OF(places); i++) {
		bool named = i != VALUE_MAC;
		if (span_is(place, places[i]) && (name.len > 0) == named && name.len <= PROVIDER_PATH_LEN) {
			part->place = (enum handshake_place)i;
			part->text = arena_text_of(reading->arena, name.len > 0 ? name.data : "", name.len);
			return true;
		}
	}
	return yaml_error(reading->document, node, reading->err,
		"expected {header:NAME}, {query:NAME}, {json:PATH}, {form:NAME}, {param:NAME} or {mac}");
}

static bool add_part(struct reading *reading, const struct yaml_node *node,
	struct handshake_part *parts, size_t *count, struct handshake_part part) {
	if (*count == HANDSHAKE_PARTS_MAX) {
		return yaml_error(
			reading->document, node, reading->err, "more than %d parts", HANDSHAKE_PARTS_MAX);
	}
	parts[(*count)++] = part;
	return true;
}

/* Cuts the next literal or the next {value} off `rest`. */
static bool next_part(struct reading *reading, const struct yaml_node *node, struct span *rest,
	struct handshake_part *part) {
	if (rest->data[0] != '{') {
		size_t len = span_find(*rest, '{');
		*part =
			(struct handshake_part){VALUE_LITERAL, arena_text_of(reading->arena, rest->data, len)};
		*rest = span_after(*rest, len);
		return true;
	}
	size_t end = span_find(*rest, '}');
	if (end == rest->len) {
		return yaml_error(reading->document, node, reading->err, "a '{' without its '}'");
	}
	bool ok = read_value(reading, node, (struct span){rest->data + 1, end - 1}, part);
	*rest = span_after(*rest, end + 1);
	return ok;
}

static bool read_parts(
	struct reading *reading, const struct yaml_node *node, struct handshake_text *text) {
	const char *source = NULL;
	if (!yaml_text(reading->document, node, &source, reading->err)) {
		return false;
	}
	struct handshake_part parts[HANDSHAKE_PARTS_MAX], part = {0};
	size_t count = 0;
	struct span rest = span_text(source);
	while (rest.len > 0) {
		if (!next_part(reading, node, &rest, &part) ||
			!add_part(reading, node, parts, &count, part)) {
			return false;
		}
	}
	struct handshake_part *kept = arena_zero(reading->arena, count + 1, sizeof *kept);
	memcpy(kept, parts, count * sizeof *kept);
	*text = (struct handshake_text){kept, count};
	return true;
}

static bool read_parts_of(struct reading *reading, const struct yaml_node *map, const char *key,
	struct handshake_text *text) {
	const struct yaml_node *node = yaml_get(map, key);
	return !node || read_parts(reading, node, text);
}

/* The number of a status; 0 stays where there is none. */
static bool read_status(
	struct reading *reading, const struct yaml_node *map, const char *key, int *status) {
	const struct yaml_node *node = yaml_get(map, key);
	int64_t number = *status;
	if (node && !yaml_int(reading->document, node, 200, 499, &number, reading->err)) {
		return false;
	}
	*status = (int)number;
	return true;
}

static bool is_absent_value(const struct yaml_node *node) {
	return node->kind == YAML_SCALAR && !node->quoted && !node->text[0];
}

/* A condition on a name that stands as it is in a list, or with its value in a map. */
static bool add_condition(struct reading *reading, struct handshake *handshake,
	struct handshake_condition *made, const struct yaml_node *name, const struct yaml_node *value) {
	struct handshake_condition *condition = &made[handshake->condition_count];
	if (handshake->condition_count == HANDSHAKE_CONDITIONS_MAX) {
		return yaml_error(reading->document, name, reading->err, "more than %d conditions",
			HANDSHAKE_CONDITIONS_MAX);
	}
	if (condition->place == VALUE_HEADER && !reading_check_header_name(reading, name)) {
		return false;
	}
	if (!read_text(reading, name, &condition->name) ||
		(value && !is_absent_value(value) && !read_text(reading, value, &condition->value))) {
		return false;
	}
	if (!condition->name[0] || strlen(condition->name) > PROVIDER_PATH_LEN) {
		return yaml_error(reading->document, name, reading->err, "a name has 1 to %d characters",
			PROVIDER_PATH_LEN);
	}
	handshake->condition_count++;
	return true;
}

/* `query: [challenge]`, or `query: {hub.mode: subscribe, hub.challenge: }` */
static bool read_conditions(struct reading *reading, const struct yaml_node *node,
	struct handshake_condition kind, struct handshake *handshake,
	struct handshake_condition *made) {
	if (!node) {
		return true;
	}
	if (node->kind == YAML_SCALAR || node->count == 0) {
		return yaml_error(reading->document, node, reading->err,
			"expected a list of names, or names with their values");
	}
	size_t step = node->kind == YAML_MAP ? 2 : 1;
	for (size_t i = 0; i < node->count; i += step) {
		const struct yaml_node *value = step == 2 ? node->items[i + 1] : NULL;
		if (handshake->condition_count < HANDSHAKE_CONDITIONS_MAX) {
			made[handshake->condition_count] = kind;
		}
		if (!add_condition(reading, handshake, made, node->items[i], value)) {
			return false;
		}
	}
	return true;
}

static bool read_methods(
	struct reading *reading, const struct yaml_node *node, struct handshake *handshake) {
	if (!node) {
		return true;
	}
	if (node->kind != YAML_LIST || node->count == 0 || node->count > HANDSHAKES_MAX) {
		return yaml_error(reading->document, node, reading->err, "expected methods, as in [GET]");
	}
	const char **methods = arena_zero(reading->arena, node->count + 1, sizeof *methods);
	for (size_t i = 0; i < node->count; i++) {
		if (!read_text(reading, node->items[i], &methods[i])) {
			return false;
		}
	}
	handshake->methods = methods;
	return true;
}

static bool read_when(
	struct reading *reading, const struct yaml_node *map, struct handshake *handshake) {
	static const char *const keys[] = {"method", "header", "without", "query", "json", "form"};
	struct handshake_condition *made =
		arena_zero(reading->arena, HANDSHAKE_CONDITIONS_MAX, sizeof *made);
	if (!map || !yaml_check_keys(reading->document, map, keys, COUNT_OF(keys), reading->err)) {
		return !map;
	}
	handshake->conditions = made;
	return read_methods(reading, yaml_get(map, "method"), handshake) &&
	       read_conditions(reading, yaml_get(map, "header"),
			   (struct handshake_condition){.place = VALUE_HEADER}, handshake, made) &&
	       read_conditions(reading, yaml_get(map, "without"),
			   (struct handshake_condition){.place = VALUE_HEADER, .absent = true}, handshake,
			   made) &&
	       read_conditions(reading, yaml_get(map, "query"),
			   (struct handshake_condition){.place = VALUE_QUERY}, handshake, made) &&
	       read_conditions(reading, yaml_get(map, "form"),
			   (struct handshake_condition){.place = VALUE_FORM}, handshake, made) &&
	       read_conditions(reading, yaml_get(map, "json"),
			   (struct handshake_condition){.place = VALUE_JSON}, handshake, made);
}

static bool read_compare(
	struct reading *reading, const struct yaml_node *map, struct handshake *handshake) {
	static const char *const keys[] = {"value", "parameter", "wrong"};
	if (!map) {
		return true;
	}
	if (!yaml_check_keys(reading->document, map, keys, COUNT_OF(keys), reading->err)) {
		return false;
	}
	const struct yaml_node *with = yaml_get(map, "parameter");
	if (!with || !yaml_get(map, "value")) {
		return yaml_error(reading->document, map, reading->err,
			"expected {value: \"{query:NAME}\", parameter: NAME, wrong: 403}");
	}
	handshake->wrong = 403;
	return read_parts_of(reading, map, "value", &handshake->compare) &&
	       read_text(reading, with, &handshake->compare_with) &&
	       read_status(reading, map, "wrong", &handshake->wrong);
}

static bool read_choice(struct reading *reading, const struct yaml_node *map, const char *key,
	const char *const *names, size_t count, size_t *index) {
	const struct yaml_node *node = yaml_get(map, key);
	return !node || yaml_choice(reading->document, node, names, count, index, reading->err);
}

static bool read_mac(
	struct reading *reading, const struct yaml_node *map, struct handshake *handshake) {
	static const char *const keys[] = {"of", "hash", "encoding", "keyed"};
	if (!map) {
		return true;
	}
	if (!yaml_check_keys(reading->document, map, keys, COUNT_OF(keys), reading->err)) {
		return false;
	}
	if (!yaml_get(map, "of")) {
		return yaml_error(reading->document, map, reading->err, "\"of\" is missing");
	}
	size_t hash = HASH_SHA256, encoding = ENCODING_HEX;
	const struct yaml_node *keyed = yaml_get(map, "keyed");
	handshake->mac_keyed = true;
	bool ok =
		read_parts_of(reading, map, "of", &handshake->mac_of) &&
		read_choice(reading, map, "hash", recipe_hashes, recipe_name_count(recipe_hashes), &hash) &&
		read_choice(reading, map, "encoding", recipe_encodings, ENCODING_TEXT, &encoding) &&
		(!keyed || yaml_bool(reading->document, keyed, &handshake->mac_keyed, reading->err));
	handshake->mac_hash = (enum recipe_hash)hash;
	handshake->mac_encoding = (enum recipe_encoding)encoding;
	return ok;
}

/* A line end in a header would begin another one. */
static bool check_printable(struct reading *reading, const struct yaml_node *node) {
	for (const char *at = node->text; *at; at++) {
		if (*at < 0x20 || *at > 0x7e) {
			return yaml_error(reading->document, node, reading->err,
				"the value of a header is plain printable ASCII");
		}
	}
	return true;
}

static bool read_members(struct reading *reading, const struct yaml_node *map, bool header,
	const struct handshake_member **members, size_t *count) {
	if (map->kind != YAML_MAP || map->count == 0 ||
		map->count > (size_t)2 * HANDSHAKE_MEMBERS_MAX) {
		return yaml_error(reading->document, map, reading->err,
			"expected 1 to %d names with their values", HANDSHAKE_MEMBERS_MAX);
	}
	struct handshake_member *made = arena_zero(reading->arena, map->count / 2, sizeof *made);
	for (size_t i = 0; i < map->count; i += 2) {
		const struct yaml_node *name = map->items[i], *value = map->items[i + 1];
		struct handshake_member *member = &made[i / 2];
		if ((header && !reading_check_header_name(reading, name)) ||
			!read_text(reading, name, &member->name) ||
			!read_parts(reading, value, &member->value) ||
			(header && !check_printable(reading, value))) {
			return false;
		}
		member->bare =
			!value->quoted && value->text[0] && !value->text[strspn(value->text, "0123456789")];
	}
	*members = made;
	*count = map->count / 2;
	return true;
}

static bool read_answer(
	struct reading *reading, const struct yaml_node *map, struct handshake *handshake) {
	static const char *const keys[] = {"status", "text", "json", "header"};
	handshake->status = 200;
	if (!map) {
		return true;
	}
	if (!yaml_check_keys(reading->document, map, keys, COUNT_OF(keys), reading->err) ||
		!read_status(reading, map, "status", &handshake->status)) {
		return false;
	}
	const struct yaml_node *text = yaml_get(map, "text"), *json = yaml_get(map, "json");
	const struct yaml_node *headers = yaml_get(map, "header");
	if (text && json) {
		return yaml_error(reading->document, map, reading->err, "\"text\" or \"json\", not both");
	}
	handshake->body = text ? HANDSHAKE_TEXT : json ? HANDSHAKE_JSON : HANDSHAKE_EMPTY;
	return (!text || read_parts(reading, text, &handshake->text)) &&
	       (!json ||
			   read_members(reading, json, false, &handshake->json, &handshake->json_count)) &&
	       (!headers ||
			   read_members(reading, headers, true, &handshake->headers, &handshake->header_count));
}

static bool read_open(
	struct reading *reading, const struct yaml_node *map, struct handshake *handshake) {
	static const char *const keys[] = {"url", "host"};
	if (!map) {
		return true;
	}
	if (!yaml_check_keys(reading->document, map, keys, COUNT_OF(keys), reading->err)) {
		return false;
	}
	const struct yaml_node *host = yaml_get(map, "host");
	if (!host || !yaml_get(map, "url")) {
		return yaml_error(
			reading->document, map, reading->err, "expected {url: \"{json:PATH}\", host: HOST}");
	}
	return read_parts_of(reading, map, "url", &handshake->open) &&
	       read_text(reading, host, &handshake->open_host);
}

static bool uses(const struct handshake_text *text, enum handshake_place place) {
	for (size_t i = 0; i < text->count; i++) {
		if (text->parts[i].place == place) {
			return true;
		}
	}
	return false;
}

/* A digest of itself, or one that is used and not described. */
static bool check_mac(
	struct reading *reading, const struct yaml_node *map, const struct handshake *handshake) {
	bool used = uses(&handshake->text, VALUE_MAC);
	for (size_t i = 0; i < handshake->json_count; i++) {
		used |= uses(&handshake->json[i].value, VALUE_MAC);
	}
	for (size_t i = 0; i < handshake->header_count; i++) {
		used |= uses(&handshake->headers[i].value, VALUE_MAC);
	}
	bool wrong = uses(&handshake->mac_of, VALUE_MAC) || uses(&handshake->compare, VALUE_MAC) ||
	             uses(&handshake->keep, VALUE_MAC) || uses(&handshake->open, VALUE_MAC);
	if (wrong || used != (handshake->mac_of.count > 0)) {
		return yaml_error(reading->document, map, reading->err,
			"{mac} belongs into the answer, and \"mac\" says what it is made of");
	}
	return true;
}

static bool read_one(
	struct reading *reading, const struct yaml_node *map, struct handshake *handshake) {
	static const char *const keys[] = {"name", "confidence", "when", "signed", "compare", "mac",
		"answer", "keep", "open", "tells", "quiet"};
	static const char *const signs[] = {"never", "known", "always"};
	if (!yaml_check_keys(reading->document, map, keys, COUNT_OF(keys), reading->err)) {
		return false;
	}
	const struct yaml_node *name = yaml_get(map, "name"), *quiet = yaml_get(map, "quiet"),
						   *tells = yaml_get(map, "tells");
	static const char *const confidences[] = {"confirmed", "unconfirmed"};
	size_t is_signed = SIGNED_NEVER, confidence = 0;
	handshake->name = "handshake";
	if ((name && !read_text(reading, name, &handshake->name)) ||
		!read_choice(reading, map, "confidence", confidences, 2, &confidence) ||
		!read_choice(reading, map, "signed", signs, COUNT_OF(signs), &is_signed) ||
		(tells && !yaml_bool(reading->document, tells, &handshake->tells, reading->err)) ||
		(quiet && !yaml_bool(reading->document, quiet, &handshake->quiet, reading->err))) {
		return false;
	}
	handshake->unconfirmed = confidence == 1;
	handshake->is_signed = (enum handshake_signed)is_signed;
	return read_when(reading, yaml_get(map, "when"), handshake) &&
	       read_compare(reading, yaml_get(map, "compare"), handshake) &&
	       read_mac(reading, yaml_get(map, "mac"), handshake) &&
	       read_answer(reading, yaml_get(map, "answer"), handshake) &&
	       read_parts_of(reading, map, "keep", &handshake->keep) &&
	       read_open(reading, yaml_get(map, "open"), handshake) &&
	       check_mac(reading, map, handshake) &&
	       (!handshake->tells || handshake->condition_count > 0 ||
			   yaml_error(reading->document, map, reading->err,
				   "a handshake that tells its provider needs more than a method"));
}

bool handshake_read(
	struct reading *reading, const struct yaml_node *node, struct provider *provider) {
	bool list = node->kind == YAML_LIST;
	size_t count = list ? node->count : 1;
	if (node->kind == YAML_SCALAR || count == 0 || count > HANDSHAKES_MAX) {
		return yaml_error(reading->document, node, reading->err,
			"expected a handshake, or a list of 1 to %d", HANDSHAKES_MAX);
	}
	struct handshake *made = arena_zero(reading->arena, count, sizeof *made);
	for (size_t i = 0; i < count; i++) {
		if (!read_one(reading, list ? node->items[i] : node, &made[i])) {
			return false;
		}
	}
	provider->handshakes = made;
	provider->handshake_count = count;
	return true;
}
