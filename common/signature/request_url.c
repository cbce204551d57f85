#include "common/signature/request_url.h"

#include <string.h>

static const char *const schemes[] = {"https://", "http://"};

/* Cuts path and query; false when `text` has no scheme of ours. */
static bool split(struct span text, struct request_url *url) {
	for (size_t i = 0; i < 2; i++) {
		struct span prefix = span_text(schemes[i]);
		if (text.len < prefix.len ||
			!span_equal_nocase((struct span){text.data, prefix.len}, prefix)) {
			continue;
		}
		url->scheme = (struct span){text.data, prefix.len - 3};
		struct span rest = span_after(text, prefix.len);
		size_t end = span_find(rest, '/'), mark = span_find(rest, '?');
		end = mark < end ? mark : end;
		url->authority = (struct span){rest.data, end};
		rest = span_after(rest, end);
		url->path = span_cut(&rest, '?');
		bool has_query = url->authority.len + url->path.len + prefix.len < text.len;
		url->query = has_query ? rest : (struct span){NULL, 0};
		return url->authority.len > 0;
	}
	return false;
}

bool request_url_check(const char *text) {
	struct request_url url;
	for (const char *at = text; *at; at++) {
		if ((unsigned char)*at <= ' ' || (unsigned char)*at == 0x7f) {
			return false;
		}
	}
	return split(span_text(text), &url);
}

/* Whether `path` is `base` or stands below it. */
static bool is_below(struct span path, struct span base) {
	if (base.len > 0 && base.data[base.len - 1] == '/') {
		base.len--;
	}
	return span_starts_with(path, base) &&
	       (path.len == base.len || path.data[base.len] == '/' || base.len == 0);
}

struct request_url request_url_of(const struct message *message, const char *setting) {
	struct request_url url, given = {.scheme = {NULL, 0}};
	if (split(message->target, &url)) {
		return url;
	}
	struct span rest = message->target;
	struct span path = span_cut(&rest, '?');
	struct span query = path.len < message->target.len ? rest : (struct span){NULL, 0};
	if (!setting || !split(span_text(setting), &given)) {
		return (struct request_url){
			span_text("https"), message_header_value(message, "Host"), path, query};
	}
	if (is_below(path, given.path)) {
		given.path = path;
		given.query = query;
	} else if (query.data) {
		given.query = query;
	}
	return given;
}

/* Where the port begins, or the length when none is written out. */
static size_t port_at(struct span authority) {
	size_t at = authority.len;
	while (at > 0 && authority.data[at - 1] >= '0' && authority.data[at - 1] <= '9') {
		at--;
	}
	return at > 0 && authority.data[at - 1] == ':' ? at - 1 : authority.len;
}

void request_url_append_origin(
	struct buffer *out, const struct request_url *url, enum request_url_port port) {
	size_t at = port_at(url->authority);
	buffer_append_span(out, url->scheme);
	buffer_append_text(out, "://");
	buffer_append(out, url->authority.data, port == URL_PORT_LEFT_OUT ? at : url->authority.len);
	if (port == URL_PORT_WRITTEN && at == url->authority.len) {
		buffer_append_text(out, url->scheme.len == strlen("https") ? ":443" : ":80");
	}
}

void request_url_append(
	struct buffer *out, const struct request_url *url, enum request_url_port port) {
	request_url_append_origin(out, url, port);
	buffer_append_span(out, url->path);
	if (url->query.data) {
		buffer_append_byte(out, '?');
		buffer_append_span(out, url->query);
	}
}
