#include "tui/diff/ignore.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "common/glob.h"

const char *const ignore_usual_members[] = {"id", "*_id", "*Id", "uuid", "*_uuid", "guid",
	"created", "updated", "modified", "*_at", "*At", "timestamp", "*_timestamp", "*Timestamp", "ts",
	"time", "*_time", "*Time", "date", "*_date", "*Date", "nonce", "idempotency_key", "signature",
	NULL};

const char *const ignore_usual_headers[] = {"Date", "*-Id", "*-Delivery", "*-Timestamp",
	"*Signature*", "*-Hmac-*", "Authorization", "Traceparent", "Tracestate", "X-Forwarded-For",
	"Idempotency-Key", "Content-Length", "Etag", "Age", "X-Runtime", NULL};

bool ignore_add(struct ignore *ignore, struct span pattern, struct error *err) {
	pattern = span_trim(pattern);
	if (pattern.len == 0 || pattern.len > IGNORE_LEN_MAX) {
		return error_set(err, ERROR_USAGE,
			"what is left out is a name such as created_at, or a path such as .data.items[*].id");
	}
	if (ignore->count == IGNORE_MAX) {
		return error_set(err, ERROR_USAGE, "more than %d paths to leave out", IGNORE_MAX);
	}
	size_t at = ignore->count++;
	ignore->patterns[at].path = pattern.data[0] == '.' || pattern.data[0] == '[';
	ignore->patterns[at].text = alloc_text(pattern.data, pattern.len);
	ignore->patterns[at].exact = glob_new(pattern, false);
	ignore->patterns[at].any_case = glob_new(pattern, true);
	return true;
}

void ignore_clear(struct ignore *ignore) {
	for (size_t i = 0; i < ignore->count; i++) {
		free(ignore->patterns[i].text);
		glob_free(ignore->patterns[i].exact);
		glob_free(ignore->patterns[i].any_case);
	}
	*ignore = (struct ignore){0};
}

static bool same(struct span a, struct span b, bool any_case) {
	return any_case ? span_equal_nocase(a, b) : span_equal(a, b);
}

/* Of the usual ones, which have a * at their beginning, at both ends, or none: looked at for every difference, so no glob is made. */
static bool fits(const char *pattern, struct span name, bool any_case) {
	struct span rest = span_text(pattern);
	bool open_begin = rest.data[0] == '*', open_end = rest.data[rest.len - 1] == '*';
	rest = span_after(rest, open_begin);
	rest.len -= open_end;
	if (rest.len > name.len) {
		return false;
	}
	size_t first = open_begin && !open_end ? name.len - rest.len : 0;
	size_t last = open_begin ? name.len - rest.len : 0;
	for (size_t at = first; at <= last; at++) {
		struct span piece = {name.data + at, open_end || open_begin ? rest.len : name.len};
		if (same(piece, rest, any_case)) {
			return true;
		}
	}
	return false;
}

static bool is_usual(const char *const *patterns, struct span name, bool any_case) {
	for (size_t i = 0; patterns[i]; i++) {
		if (fits(patterns[i], name, any_case)) {
			return true;
		}
	}
	return false;
}

bool ignore_has_path(const struct ignore *ignore, struct span path) {
	for (size_t i = 0; i < ignore->count; i++) {
		if (ignore->patterns[i].path && glob_matches(ignore->patterns[i].exact, path)) {
			return true;
		}
	}
	return false;
}

bool ignore_has_member(const struct ignore *ignore, struct span name, struct span path) {
	for (size_t i = 0; i < ignore->count; i++) {
		if (!ignore->patterns[i].path && glob_matches(ignore->patterns[i].exact, name)) {
			return true;
		}
	}
	return (ignore->usual && is_usual(ignore_usual_members, name, false)) ||
	       ignore_has_path(ignore, path);
}

bool ignore_has_header(const struct ignore *ignore, struct span name) {
	for (size_t i = 0; i < ignore->count; i++) {
		if (!ignore->patterns[i].path && glob_matches(ignore->patterns[i].any_case, name)) {
			return true;
		}
	}
	return ignore->usual && is_usual(ignore_usual_headers, name, true);
}
