#include "common/frame_query.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>

#include "common/event.h"
#include "common/json.h"

static void append_text(struct buffer *out, const char *name, struct span value) {
	if (value.len > 0) {
		json_member_text(out, name, value);
	}
}

static void append_int(struct buffer *out, const char *name, int64_t value) {
	if (value != 0) {
		json_member_int(out, name, value);
	}
}

static void append_flag(struct buffer *out, const char *name, bool value) {
	if (value) {
		json_member_bool(out, name, true);
	}
}

void frame_query_append(struct buffer *out, const struct frame_query *query) {
	append_text(out, "endpoint", query->endpoint);
	append_text(out, "filter", query->filter);
	append_text(out, "store", query->store);
	append_text(out, "target", query->target);
	append_flag(out, "attempts", query->attempts);
	append_flag(out, "bytes", query->bytes);
	append_flag(out, "deliveries", query->deliveries);
	append_flag(out, "newest_first", query->newest_first);
	append_flag(out, "live_only", query->live_only);
	append_flag(out, "progress", query->progress);
	append_int(out, "after", query->after);
	append_int(out, "before", query->before);
	append_int(out, "beyond", query->beyond);
	append_int(out, "limit", query->limit);
	append_int(out, "at_most", query->at_most);
	append_int(out, "every_ms", query->every_ms);
}

static bool read_numbers(
	struct frame_query *query, const struct cJSON *request, struct error *err) {
	return json_get_int_opt(request, "after", &query->after, err) &&
	       json_get_int_opt(request, "before", &query->before, err) &&
	       json_get_int_opt(request, "beyond", &query->beyond, err) &&
	       json_get_int_opt(request, "limit", &query->limit, err) &&
	       json_get_int_opt(request, "at_most", &query->at_most, err) &&
	       json_get_int_opt(request, "every_ms", &query->every_ms, err);
}

static bool read_flags(struct frame_query *query, const struct cJSON *request, struct error *err) {
	return json_get_bool_opt(request, "attempts", &query->attempts, err) &&
	       json_get_bool_opt(request, "bytes", &query->bytes, err) &&
	       json_get_bool_opt(request, "deliveries", &query->deliveries, err) &&
	       json_get_bool_opt(request, "newest_first", &query->newest_first, err) &&
	       json_get_bool_opt(request, "live_only", &query->live_only, err) &&
	       json_get_bool_opt(request, "progress", &query->progress, err);
}

static bool read_texts(struct frame_query *query, const struct cJSON *request, struct error *err) {
	return json_get_text_opt(request, "endpoint", &query->endpoint, err) &&
	       json_get_text_opt(request, "filter", &query->filter, err) &&
	       json_get_text_opt(request, "store", &query->store, err) &&
	       json_get_text_opt(request, "target", &query->target, err);
}

bool frame_cursor_read(int64_t *seq, const struct cJSON *cursor) {
	if (cJSON_IsString(cursor)) {
		char *end;
		errno = 0;
		long long value = strtoll(cursor->valuestring, &end, 10);
		*seq = value;
		return !errno && end != cursor->valuestring && !*end && value >= 0;
	}
	const double most = 9007199254740992.0; /* 2^53 */
	if (!cJSON_IsNumber(cursor) || !(cursor->valuedouble >= 0 && cursor->valuedouble <= most)) {
		return false;
	}
	*seq = (int64_t)cursor->valuedouble;
	return cursor->valuedouble == (double)*seq;
}

static bool read_cursors(
	struct frame_query *query, const struct cJSON *request, struct error *err) {
	const struct cJSON *cursors = cJSON_GetObjectItemCaseSensitive(request, "cursors");
	if (!cursors || cJSON_IsNull(cursors)) {
		return true;
	}
	if (!cJSON_IsObject(cursors)) {
		return error_set(err, ERROR_USAGE, "expected an object at .cursors");
	}
	int count = 0;
	const struct cJSON *cursor = NULL;
	cJSON_ArrayForEach(cursor, cursors) {
		int64_t seq;
		if (!frame_cursor_read(&seq, cursor)) {
			return error_set(err, ERROR_USAGE, "expected a seq for each endpoint in .cursors");
		}
		if (++count > FRAME_CURSORS) {
			return error_set(err, ERROR_USAGE, "more than %d cursors", FRAME_CURSORS);
		}
	}
	query->cursors = cursors;
	return true;
}

bool frame_query_read(struct frame_query *query, const struct cJSON *request, struct error *err) {
	*query = (struct frame_query){0};
	if (!read_texts(query, request, err) || !read_flags(query, request, err) ||
		!read_numbers(query, request, err) || !read_cursors(query, request, err)) {
		return false;
	}
	if (query->after < 0 || query->before < 0 || query->beyond < 0 || query->limit < 0) {
		return error_set(err, ERROR_USAGE,
			"after, before, beyond and limit are numbers from 0: nothing stands below 1");
	}
	if (query->at_most < 0 || query->every_ms < 0 || query->every_ms > FRAME_EVERY_MS) {
		return error_set(err, ERROR_USAGE, "at_most is a number from 0, every_ms one of 0 to %d",
			FRAME_EVERY_MS);
	}
	if (query->endpoint.len > 0 && !endpoint_name_is_valid(query->endpoint)) {
		return error_set(err, ERROR_USAGE,
			"\"%.*s\" cannot be an endpoint: letters, digits, '-', '_', '.', at most %d",
			(int)(query->endpoint.len < 200 ? query->endpoint.len : 200), query->endpoint.data,
			ENDPOINT_NAME_LEN);
	}
	if (query->endpoint.len == 0 && (query->after || query->before)) {
		return error_set(
			err, ERROR_USAGE, "after and before count within one endpoint: name it with .endpoint");
	}
	return true;
}
