#include "relay/ingest/route.h"

/* "http://host:port/path" names the host itself, and that one counts (RFC 9112 3.2.2). */
static size_t authority_start(struct span target) {
	for (size_t i = 0; i + 3 <= target.len; i++) {
		char byte = target.data[i];
		if (byte == ':') {
			return target.data[i + 1] == '/' && target.data[i + 2] == '/' ? i + 3 : 0;
		}
		if (byte == '/' || byte == '?' || byte == '#') {
			return 0;
		}
	}
	return 0;
}

static size_t find_first(struct span text, size_t from, const char *bytes) {
	for (size_t i = from; i < text.len; i++) {
		for (const char *byte = bytes; *byte; byte++) {
			if (text.data[i] == *byte) {
				return i;
			}
		}
	}
	return text.len;
}

static struct span without_port(struct span host) {
	if (host.len > 0 && host.data[0] == '[') {
		size_t end = span_find(host, ']');
		host.len = end < host.len ? end + 1 : host.len;
		return host;
	}
	host.len = span_find(host, ':');
	return host;
}

static struct span slice(struct span text, size_t from, size_t to) {
	return (struct span){text.data + from, to - from};
}

struct route route_find(const struct message *message) {
	struct span target = message->target;
	struct route route = {.host = message_header_value(message, "Host")};
	size_t authority = authority_start(target);
	if (authority > 0) {
		route.path_start = find_first(target, authority, "/?");
		route.host = slice(target, authority, route.path_start);
	}
	route.host = without_port(route.host);
	route.behind_name = route.path_start;
	struct span path = span_after(target, route.path_start);
	if (span_starts_with(path, span_text("/e/"))) {
		size_t begin = route.path_start + 3;
		route.behind_name = find_first(target, begin, "/?");
		route.name = slice(target, begin, route.behind_name);
	}
	return route;
}
