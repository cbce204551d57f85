/* Places of business keys as settings are kept and travel. */
#include <cjson/cJSON.h>
#include <string.h>

#include "common/business_key.h"
#include "common/json.h"

static bool is_first(const struct business_key *keys, size_t index) {
	for (size_t i = 0; i < index; i++) {
		if (strcmp(keys[i].name, keys[index].name) == 0) {
			return false;
		}
	}
	return true;
}

static void append_places(
	struct buffer *out, const struct business_key *keys, size_t first, size_t count) {
	struct buffer text = {0};
	for (size_t i = first; i < count; i++) {
		if (strcmp(keys[i].name, keys[first].name) == 0) {
			buffer_reset(&text);
			business_key_append(&text, &keys[i]);
			buffer_append_text(out, i == first ? "[" : ",");
			json_append_bytes(out, buffer_span(&text));
		}
	}
	buffer_append_byte(out, ']');
	buffer_clear(&text);
}

void business_key_places_append_json(
	struct buffer *out, const struct business_key *keys, size_t count) {
	buffer_append_byte(out, '{');
	for (size_t i = 0; i < count; i++) {
		if (is_first(keys, i)) {
			buffer_append_text(out, i > 0 ? "," : "");
			json_append_text(out, span_text(keys[i].name));
			buffer_append_byte(out, ':');
			append_places(out, keys, i, count);
		}
	}
	buffer_append_byte(out, '}');
}

static bool read_place(struct business_key keys[BUSINESS_KEYS_MAX], size_t *count, const char *name,
	const struct cJSON *place, struct error *err) {
	struct buffer text = {0};
	bool ok = cJSON_IsString(place) && json_bytes_from_text(&text, span_text(place->valuestring));
	if (!ok) {
		error_set(err, ERROR_USAGE, "expected names with texts, or lists of them, at .keys");
	} else if (*count == BUSINESS_KEYS_MAX) {
		ok = error_set(err, ERROR_USAGE, "more than %d places of keys", BUSINESS_KEYS_MAX);
	} else {
		ok = business_key_read(&keys[(*count)++], span_text(name), buffer_span(&text), err);
	}
	buffer_clear(&text);
	return ok;
}

bool business_key_places_from_json(struct business_key keys[BUSINESS_KEYS_MAX], size_t *count,
	const struct cJSON *object, struct error *err) {
	const struct cJSON *member, *place;
	bool ok = true;
	*count = 0;
	cJSON_ArrayForEach(member, object) {
		const char *name = member->string ? member->string : "";
		if (!cJSON_IsArray(member)) {
			ok = ok && read_place(keys, count, name, member, err);
			continue;
		}
		cJSON_ArrayForEach(place, member) {
			ok = ok && read_place(keys, count, name, place, err);
		}
	}
	return ok;
}
