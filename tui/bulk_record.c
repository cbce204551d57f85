#include "tui/bulk_record.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/moment.h"

/* Longest error text kept in a place. */
#define ERROR_KEPT 300

void bulk_record_clear(struct bulk_record *record) {
	free(record->store);
	free(record->target);
	free(record->filter);
	free(record->endpoint);
	free(record->named);
	*record = (struct bulk_record){0};
}

void bulk_record_make_id(char id[BULK_ID_LEN + 1], int64_t at_ns, unsigned salt) {
	struct tm utc = {0};
	time_t seconds = (time_t)(at_ns / MOMENT_NS_PER_S);
	char text[32];
	gmtime_r(&seconds, &utc);
	strftime(text, sizeof text, "%Y%m%d-%H%M%S", &utc);
	snprintf(id, BULK_ID_LEN + 1, "%.15s-%04x", text, salt & 0xffff);
}

bool bulk_id_is_valid(struct span id) {
	static const char form[] = "dddddddd-dddddd-xxxx";
	bool ok = id.len == BULK_ID_LEN;
	for (size_t i = 0; ok && i < id.len; i++) {
		char c = id.data[i];
		bool digit = c >= '0' && c <= '9';
		ok = form[i] == '-' ? c == '-' : digit || (form[i] == 'x' && c >= 'a' && c <= 'f');
	}
	return ok;
}

static void member_texts(struct buffer *out, const struct bulk_record *record) {
	json_member_text(out, "id", span_text(record->id));
	json_member_text(out, "store", span_text(record->store));
	json_member_bytes(out, "target_url", span_text(record->target));
	json_member_text(out, "filter", span_text(record->filter));
	json_member_text(out, "endpoint", span_text(record->endpoint));
}

void bulk_record_append(struct buffer *out, const struct bulk_record *record) {
	char id[UUID_TEXT_LEN + 1];
	buffer_append_byte(out, '{');
	member_texts(out, record);
	json_member_name(out, "made_at");
	buffer_append_byte(out, '"');
	moment_append(out, record->made_at_ns);
	buffer_append_byte(out, '"');
	json_member_int(out, "since", record->since);
	json_member_bool(out, "elsewhere", record->elsewhere);
	bulk_settings_append_json(out, &record->settings);
	json_member_name(out, "named");
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < record->named_count; i++) {
		uuid_format(&record->named[i], id);
		buffer_printf(out, i > 0 ? ",\"%s\"" : "\"%s\"", id);
	}
	buffer_append_text(out, "]}\n");
}

static bool take_text(
	char **text, const struct cJSON *object, const char *name, struct error *err) {
	struct span value;
	if (!json_get_text(object, name, &value, err)) {
		return false;
	}
	*text = alloc_text(value.data, value.len);
	return true;
}

static bool take_named(struct bulk_record *record, const struct cJSON *object, struct error *err) {
	const struct cJSON *list = cJSON_GetObjectItemCaseSensitive(object, "named"), *item = NULL;
	record->named = alloc_zero((size_t)cJSON_GetArraySize(list), sizeof *record->named);
	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsString(item) ||
			!uuid_parse(&record->named[record->named_count++], span_text(item->valuestring))) {
			return error_set(err, ERROR_USAGE, "expected UUIDs at .named");
		}
	}
	return true;
}

static bool take_record(struct bulk_record *record, const struct cJSON *object, struct error *err) {
	struct span id, made_at;
	if (!json_get_text(object, "id", &id, err) || !bulk_id_is_valid(id)) {
		return error_set(err, ERROR_USAGE, "expected the id of a replay at .id");
	}
	memcpy(record->id, id.data, BULK_ID_LEN);
	return take_text(&record->store, object, "store", err) &&
	       take_text(&record->target, object, "target_url", err) &&
	       take_text(&record->filter, object, "filter", err) &&
	       take_text(&record->endpoint, object, "endpoint", err) &&
	       json_get_text(object, "made_at", &made_at, err) &&
	       (moment_parse(&record->made_at_ns, made_at) ||
			   error_set(err, ERROR_USAGE, "expected a time at .made_at")) &&
	       json_get_int(object, "since", &record->since, err) &&
	       json_get_bool_opt(object, "elsewhere", &record->elsewhere, err) &&
	       bulk_settings_read_json(&record->settings, object, err) &&
	       take_named(record, object, err);
}

bool bulk_record_read(struct bulk_record *record, struct span text, struct error *err) {
	*record = (struct bulk_record){0};
	struct cJSON *object = json_parse(text, err);
	bool ok = object && take_record(record, object, err);
	cJSON_Delete(object);
	if (!ok) {
		bulk_record_clear(record);
	}
	return ok;
}

/* --- places of the journal --- */

static void append_place(
	struct buffer *out, const struct uuid *event, bool answered, const struct attempt *attempt) {
	char id[UUID_TEXT_LEN + 1];
	uuid_format(event, id);
	buffer_append_byte(out, '{');
	json_member_text(out, "event", span_text(id));
	if (answered) {
		json_member_bool(out, "answered", true);
	}
	if (attempt) {
		json_member_name(out, "attempt");
		attempt_append_json(out, attempt);
	}
	buffer_append_text(out, "}\n");
}

void bulk_place_append(
	struct buffer *out, const struct uuid *event, const struct attempt *attempt) {
	if (!attempt) {
		append_place(out, event, false, NULL);
		return;
	}
	/* its bytes are not here: the relay will say that they are cut */
	struct attempt kept = *attempt;
	kept.answer_head_len = kept.answer_body_len = 0;
	kept.error.len = kept.error.len < ERROR_KEPT ? kept.error.len : ERROR_KEPT;
	size_t start = out->len;
	append_place(out, event, true, &kept);
	if (out->len - start > BULK_PLACE_LEN) {
		out->len = start;
		kept.changes = (struct span){0};
		append_place(out, event, true, &kept);
	}
	if (out->len - start > BULK_PLACE_LEN) {
		out->len = start;
		append_place(out, event, true, NULL);
	}
}

void bulk_place_append_ahead(struct buffer *out, const struct uuid *event, const char *boot) {
	char id[UUID_TEXT_LEN + 1];
	uuid_format(event, id);
	buffer_append_byte(out, '{');
	json_member_text(out, "event", span_text(id));
	json_member_text(out, "ahead", span_text(boot));
	buffer_append_text(out, "}\n");
}

static void take_ahead(struct bulk_place *place) {
	struct span boot;
	if (!cJSON_GetObjectItemCaseSensitive(place->object, "ahead") ||
		!json_get_text(place->object, "ahead", &boot, NULL)) {
		return;
	}
	place->ahead = true;
	snprintf(
		place->boot, sizeof place->boot, "%.*s", (int)(boot.len < 99 ? boot.len : 99), boot.data);
}

static bool read_place(struct bulk_place *place, struct span bytes) {
	size_t end = span_find(bytes, '\n');
	struct span id;
	place->object = json_parse((struct span){bytes.data, end}, NULL);
	const struct cJSON *attempt = cJSON_GetObjectItemCaseSensitive(place->object, "attempt");
	if (end == bytes.len || !place->object || !json_get_text(place->object, "event", &id, NULL) ||
		!uuid_parse(&place->event, id) ||
		!json_get_bool_opt(place->object, "answered", &place->answered, NULL)) {
		bulk_place_clear(place);
		return false;
	}
	take_ahead(place);
	place->has_attempt =
		attempt && attempt_from_json(&place->attempt, attempt, &place->texts, NULL);
	return true;
}

bool bulk_place_read(struct bulk_place *place, struct span bytes) {
	static const char lead[] = "{\"event\":\"";
	const size_t lead_len = sizeof lead - 1;
	*place = (struct bulk_place){0};
	if (!span_starts_with(bytes, span_text(lead)) || bytes.len < lead_len + UUID_TEXT_LEN) {
		return false;
	}
	return read_place(place, bytes) ||
	       uuid_parse(&place->event, (struct span){bytes.data + lead_len, UUID_TEXT_LEN});
}

void bulk_place_clear(struct bulk_place *place) {
	cJSON_Delete(place->object);
	buffer_clear(&place->texts);
	*place = (struct bulk_place){0};
}
