/* The keys of one event, as a run of bytes and as JSON. */
#include <cjson/cJSON.h>

#include "common/business_key.h"
#include "common/json.h"

bool business_keys_next(struct span *keys, struct span *name, struct span *value) {
	if (keys->len == 0) {
		return false;
	}
	*name = span_cut(keys, '\0');
	*value = span_cut(keys, '\0');
	return true;
}

bool business_keys_have(struct span keys, struct span name, struct span value) {
	struct span one, what;
	while (business_keys_next(&keys, &one, &what)) {
		if (span_equal(what, value) && (name.len == 0 || span_equal(one, name))) {
			return true;
		}
	}
	return false;
}

static size_t count_of(struct span keys) {
	struct span name, value;
	size_t count = 0;
	while (business_keys_next(&keys, &name, &value)) {
		count++;
	}
	return count;
}

/* Whether people could type it: no control bytes, not too long. */
static bool is_value(struct span value) {
	bool good = value.len > 0 && value.len <= BUSINESS_KEY_VALUE_LEN;
	for (size_t i = 0; good && i < value.len; i++) {
		good = (unsigned char)value.data[i] >= ' ' && value.data[i] != 0x7f;
	}
	return good;
}

bool business_keys_add(struct buffer *out, size_t before, struct span name, struct span value) {
	struct span run = span_after(buffer_span(out), before);
	if (!is_value(value) || business_keys_have(run, name, value) ||
		count_of(run) >= BUSINESS_KEYS_MAX) {
		return false;
	}
	buffer_append_span(out, name);
	buffer_append_byte(out, '\0');
	buffer_append_span(out, value);
	buffer_append_byte(out, '\0');
	return true;
}

/* Whether a key of this name stood before `place` in the run. */
static bool came_before(struct span keys, const char *place, struct span name) {
	struct span one, value;
	while (keys.data < place && business_keys_next(&keys, &one, &value)) {
		if (one.data < place && span_equal(one, name)) {
			return true;
		}
	}
	return false;
}

static void append_values(struct buffer *out, struct span keys, struct span name) {
	struct span one, value;
	const char *comma = "[";
	while (business_keys_next(&keys, &one, &value)) {
		if (span_equal(one, name)) {
			buffer_append_text(out, comma);
			json_append_bytes(out, value);
			comma = ",";
		}
	}
	buffer_append_byte(out, ']');
}

void business_keys_append_json(struct buffer *out, struct span keys) {
	struct span rest = keys, name, value;
	const char *comma = "";
	buffer_append_byte(out, '{');
	while (business_keys_next(&rest, &name, &value)) {
		if (!came_before(keys, name.data, name)) {
			buffer_append_text(out, comma);
			json_append_text(out, name);
			buffer_append_byte(out, ':');
			append_values(out, keys, name);
			comma = ",";
		}
	}
	buffer_append_byte(out, '}');
}

bool business_keys_from_json(struct buffer *out, const struct cJSON *object) {
	const struct cJSON *list, *item;
	size_t before = out->len;
	struct buffer bytes = {0};
	bool ok = cJSON_IsObject(object);
	const struct cJSON *all = ok ? object : NULL;
	cJSON_ArrayForEach(list, all) {
		struct span name = span_text(list->string);
		ok = ok && cJSON_IsArray(list) && business_key_name_is_valid(name);
		const struct cJSON *values = ok ? list : NULL;
		cJSON_ArrayForEach(item, values) {
			buffer_reset(&bytes);
			ok = ok && cJSON_IsString(item) &&
			     json_bytes_from_text(&bytes, span_text(item->valuestring));
			if (ok) {
				business_keys_add(out, before, name, buffer_span(&bytes));
			}
		}
	}
	buffer_clear(&bytes);
	return ok;
}

void business_keys_append_words(struct buffer *out, struct span keys) {
	struct span name, value;
	const char *comma = "";
	while (business_keys_next(&keys, &name, &value)) {
		buffer_append_text(out, comma);
		buffer_append_span(out, name);
		buffer_append_byte(out, ' ');
		buffer_append_span(out, value);
		comma = ", ";
	}
}
