#include "common/same_target.h"

static const char *const names[TARGET_SPELLINGS] = {"localhost", "127.0.0.1", "[::1]"};

struct parts {
	struct span scheme; /* with "://" */
	struct span host;
	struct span port; /* with its colon, or empty */
	struct span rest;
};

static size_t find_any(struct span text, const char *ends) {
	size_t first = text.len;
	for (; *ends; ends++) {
		size_t at = span_find(text, *ends);
		first = at < first ? at : first;
	}
	return first;
}

static struct span take(struct span *rest, size_t len) {
	struct span taken = {rest->data, len};
	*rest = span_after(*rest, len);
	return taken;
}

static bool is_this_machine(struct span host) {
	for (size_t i = 0; i < TARGET_SPELLINGS; i++) {
		if (span_equal_nocase(host, span_text(names[i]))) {
			return true;
		}
	}
	return false;
}

/* False: not this machine, or no URL. */
static bool split(struct parts *parts, struct span url) {
	static const char *const schemes[] = {"http://", "https://"};
	parts->scheme = (struct span){0};
	for (size_t i = 0; i < 2 && parts->scheme.len == 0; i++) {
		if (span_starts_with(url, span_text(schemes[i]))) {
			parts->scheme = take(&url, span_text(schemes[i]).len);
		}
	}
	if (parts->scheme.len == 0 || url.len == 0) {
		return false;
	}
	bool bracket = url.data[0] == '[';
	size_t end = bracket ? span_find(url, ']') : find_any(url, ":/?");
	parts->host = take(&url, bracket && end < url.len ? end + 1 : end);
	parts->port = take(&url, find_any(url, "/?"));
	parts->rest = url;
	return is_this_machine(parts->host);
}

static struct span port_of(const struct parts *parts) {
	static const char *const usual[] = {":80", ":443"};
	return parts->port.len > 0 ? parts->port : span_text(usual[parts->scheme.len == 8]);
}

bool target_same(struct span a, struct span b) {
	struct parts one, other;
	if (span_equal(a, b)) {
		return true;
	}
	return split(&one, a) && split(&other, b) && span_equal(one.scheme, other.scheme) &&
	       span_equal(port_of(&one), port_of(&other)) && span_equal(one.rest, other.rest);
}

bool target_same_text(const char *a, const char *b) {
	return target_same(span_text(a), span_text(b));
}

size_t target_spellings(struct buffer out[TARGET_SPELLINGS], struct span url) {
	struct parts parts;
	size_t count = 1;
	buffer_append_span(&out[0], url);
	for (size_t i = 0; split(&parts, url) && i < TARGET_SPELLINGS; i++) {
		if (span_equal_nocase(parts.host, span_text(names[i]))) {
			continue;
		}
		buffer_append_span(&out[count], parts.scheme);
		buffer_append_text(&out[count], names[i]);
		buffer_append_span(&out[count], parts.port);
		buffer_append_span(&out[count++], parts.rest);
	}
	return count;
}
