/* What can be said of a route, one row of a table each: on lines and in files alike. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/text.h"
#include "common/words.h"
#include "tui/deliver/schedule.h"
#include "tui/routes_parts.h"

#define TIME_MAX_MS (INT64_C(24) * 3600 * 1000)
#define NAME_MAX_LEN 64
#define OPTIONS_MAX 32

static void set_text(char **text, struct span value) {
	free(*text);
	*text = alloc_text(value.data, value.len);
}

/* One of `names`; `*index` says which. */
static bool choose(
	struct span value, const char *const *names, size_t count, size_t *index, struct error *err) {
	char word[80];
	snprintf(word, sizeof word, "%.*s", (int)value.len, value.data ? value.data : "");
	for (*index = 0; *index < count; ++*index) {
		if (strcmp(word, names[*index]) == 0) {
			return true;
		}
	}
	struct buffer all = {0};
	for (size_t i = 0; i < count; i++) {
		buffer_printf(&all, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", names[i]);
	}
	error_set(err, ERROR_USAGE, "expected %s, not \"%s\"", buffer_text(&all), word);
	buffer_clear(&all);
	return false;
}

static bool set_bool(bool *flag, struct span value, struct error *err) {
	static const char *const names[] = {"false", "true"};
	size_t index;
	if (value.len > 0 && !choose(value, names, 2, &index, err)) {
		return false;
	}
	*flag = value.len == 0 || index == 1;
	return true;
}

static bool set_time(int64_t *ms, struct span value, struct error *err) {
	int64_t read;
	if (!words_read_time(value, &read) || read < 1 || read > TIME_MAX_MS) {
		return error_set(err, ERROR_USAGE,
			"expected a time from 1ms to 1d such as 250ms, 10s or 5m, not \"%.*s\"", (int)value.len,
			value.data ? value.data : "");
	}
	*ms = read;
	return true;
}

static void append_time(struct buffer *out, int64_t ms) {
	if (ms > 0) {
		buffer_printf(out, ms % 1000 == 0 ? "%" PRId64 "s" : "%" PRId64 "ms",
			ms % 1000 == 0 ? ms / 1000 : ms);
	}
}

static void append_flag(struct buffer *out, bool flag) {
	buffer_append_text(out, flag ? "true" : "");
}

/* --- each of them --- */

static bool set_name(struct route *route, struct span value, struct error *err) {
	if (value.len > NAME_MAX_LEN || !text_is_utf8(value)) {
		return error_set(err, ERROR_USAGE, "a name is a text of %d bytes at most", NAME_MAX_LEN);
	}
	set_text(&route->name, value);
	return true;
}

static void append_name(struct buffer *out, const struct route *route) {
	buffer_append_text(out, route->name);
}

static const char *const path_names[] = {"joined", "kept", "replaced"};
static const char *const host_names[] = {"target", "kept"};
static const char *const order_names[] = {"any", "kept"};

static bool set_path(struct route *route, struct span value, struct error *err) {
	size_t index;
	if (!choose(value, path_names, 3, &index, err)) {
		return false;
	}
	route->path = (enum target_path)index;
	return true;
}

static void append_path(struct buffer *out, const struct route *route) {
	buffer_append_text(out, route->path == TARGET_PATH_JOINED ? "" : path_names[route->path]);
}

static bool set_host(struct route *route, struct span value, struct error *err) {
	size_t index = 0;
	bool ok = choose(value, host_names, 2, &index, err);
	route->keep_host = index == 1;
	return ok;
}

static void append_host(struct buffer *out, const struct route *route) {
	buffer_append_text(out, route->keep_host ? "kept" : "");
}

static bool set_timeout(struct route *route, struct span value, struct error *err) {
	return set_time(&route->total_ms, value, err);
}

static void append_timeout(struct buffer *out, const struct route *route) {
	append_time(out, route->total_ms);
}

static bool set_connect_timeout(struct route *route, struct span value, struct error *err) {
	return set_time(&route->connect_ms, value, err);
}

static void append_connect_timeout(struct buffer *out, const struct route *route) {
	append_time(out, route->connect_ms);
}

static bool set_concurrency(struct route *route, struct span value, struct error *err) {
	int64_t number;
	if (!words_read_size(value, &number) || number < 1 || number > DELIVER_CONCURRENCY_MAX) {
		return error_set(err, ERROR_USAGE, "expected a number from 1 to %d, not \"%.*s\"",
			DELIVER_CONCURRENCY_MAX, (int)value.len, value.data ? value.data : "");
	}
	route->concurrency = number;
	return true;
}

static void append_concurrency(struct buffer *out, const struct route *route) {
	if (route->concurrency > 0) {
		buffer_append_int(out, route->concurrency);
	}
}

static bool set_order(struct route *route, struct span value, struct error *err) {
	size_t index = 0;
	bool ok = choose(value, order_names, 2, &index, err);
	route->ordered = index == 1;
	return ok;
}

static void append_order(struct buffer *out, const struct route *route) {
	buffer_append_text(out, route->ordered ? "kept" : "");
}

static bool set_insecure(struct route *route, struct span value, struct error *err) {
	return set_bool(&route->insecure, value, err);
}

static void append_insecure(struct buffer *out, const struct route *route) {
	append_flag(out, route->insecure);
}

static bool set_anywhere(struct route *route, struct span value, struct error *err) {
	return set_bool(&route->anywhere, value, err);
}

static void append_anywhere(struct buffer *out, const struct route *route) {
	append_flag(out, route->anywhere);
}

static bool set_ca(struct route *route, struct span value, struct error *err) {
	set_text(&route->ca_file, value);
	if (access(route->ca_file, R_OK) != 0) {
		return error_set(err, ERROR_USAGE, "the certificates in %s cannot be read", route->ca_file);
	}
	return true;
}

static void append_ca(struct buffer *out, const struct route *route) {
	buffer_append_text(out, route->ca_file ? route->ca_file : "");
}

static bool set_retry(struct route *route, struct span value, struct error *err) {
	struct schedule_policy policy;
	set_text(&route->retry, value);
	return schedule_policy_parse(&policy, value, err);
}

static void append_retry(struct buffer *out, const struct route *route) {
	buffer_append_text(out, route->retry);
}

static bool set_disabled(struct route *route, struct span value, struct error *err) {
	return set_bool(&route->disabled, value, err);
}

static void append_disabled(struct buffer *out, const struct route *route) {
	append_flag(out, route->disabled);
}

const struct route_option route_options[] = {
	{"name", false, false, set_name, append_name},
	{"path", false, false, set_path, append_path},
	{"host", false, false, set_host, append_host},
	{"timeout", false, false, set_timeout, append_timeout},
	{"connect_timeout", false, true, set_connect_timeout, append_connect_timeout},
	{"concurrency", false, true, set_concurrency, append_concurrency},
	{"order", false, true, set_order, append_order},
	{"insecure", true, true, set_insecure, append_insecure},
	{"ca", false, true, set_ca, append_ca},
	{"anywhere", true, true, set_anywhere, append_anywhere},
	{"retry", false, false, set_retry, append_retry},
	{"disabled", true, false, set_disabled, append_disabled},
};
const size_t route_option_count = sizeof route_options / sizeof *route_options;

const struct route_option *route_option_find(struct span name, struct error *err) {
	const char *names[OPTIONS_MAX];
	char word[80];
	for (size_t i = 0; i < route_option_count; i++) {
		if (span_is(name, route_options[i].name)) {
			return &route_options[i];
		}
		names[i] = route_options[i].name;
	}
	names[route_option_count] = "header";
	snprintf(word, sizeof word, "%.*s", (int)name.len, name.data ? name.data : "");
	const char *nearest = text_nearest(word, names, route_option_count + 1);
	if (nearest) {
		error_set(err, ERROR_USAGE, "unknown option \"%s\", did you mean \"%s\"?", word, nearest);
	} else {
		error_set(err, ERROR_USAGE,
			"unknown option \"%s\"; there are name, path, host, header, timeout, connect_timeout, "
			"concurrency, order, insecure, ca, anywhere, retry and disabled",
			word);
	}
	return NULL;
}

bool route_option_set(
	const struct route_option *option, struct route *route, struct span value, struct error *err) {
	if (value.len == 0 && !option->flag) {
		return error_set(err, ERROR_USAGE, "%s wants a value: %s=...", option->name, option->name);
	}
	if (!route_check_text(value, err)) {
		return false;
	}
	route->of_target = route->of_target || option->of_target;
	return option->set(route, value, err) || error_prefix(err, "%s", option->name);
}
