#include "tui/deliver/target.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* A target taken apart; spans point into the text. */
struct parts {
	struct span scheme, host, path, query;
	int port;
	bool bracketed; /* an IPv6 address */
};

static bool is_digit(char c) {
	return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool all_digits(struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		if (!is_digit(text.data[i])) {
			return false;
		}
	}
	return text.len > 0;
}

/* Visible ASCII: what may stand in a URL without hiding something. */
static bool is_plain(struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] <= ' ' || text.data[i] >= 0x7f) {
			return false;
		}
	}
	return true;
}

static size_t find_text(struct span text, const char *what) {
	size_t len = strlen(what);
	for (size_t i = 0; i + len <= text.len; i++) {
		if (memcmp(text.data + i, what, len) == 0) {
			return i;
		}
	}
	return text.len;
}

static bool take_scheme(struct parts *parts, struct span *rest, struct error *err) {
	size_t at = find_text(*rest, "://");
	if (at == rest->len) {
		parts->scheme = span_text("http");
		return true;
	}
	struct span scheme = {rest->data, at};
	if (span_equal_nocase(scheme, span_text("http"))) {
		parts->scheme = span_text("http");
	} else if (span_equal_nocase(scheme, span_text("https"))) {
		parts->scheme = span_text("https");
	} else {
		return error_set(err, ERROR_USAGE, "only http:// and https:// can be sent to, not %.*s://",
			(int)at, scheme.data);
	}
	*rest = span_after(*rest, at + 3);
	return true;
}

static bool take_port(struct parts *parts, struct span port, struct error *err) {
	bool fits = all_digits(port) && port.len <= 5;
	long number = 0;
	for (size_t i = 0; fits && i < port.len; i++) {
		number = number * 10 + (port.data[i] - '0');
	}
	if (number < 1 || number > 65535) {
		return error_set(err, ERROR_USAGE, "\"%.*s\" is no port", (int)port.len, port.data);
	}
	parts->port = (int)number;
	return true;
}

/* "[::1]:3000": the part in brackets, then what is left of the authority. */
static bool take_bracketed(struct parts *parts, struct span *authority, struct error *err) {
	size_t end = span_find(*authority, ']');
	struct in6_addr address;
	char text[INET6_ADDRSTRLEN];
	struct span inside = span_after((struct span){authority->data, end}, 1);
	snprintf(text, sizeof text, "%.*s", (int)inside.len, inside.data ? inside.data : "");
	if (end == authority->len || inside.len >= sizeof text ||
		inet_pton(AF_INET6, text, &address) != 1) {
		return error_set(err, ERROR_USAGE, "that is no IPv6 address in brackets");
	}
	parts->host = (struct span){authority->data, end + 1};
	parts->bracketed = true;
	*authority = span_after(*authority, end + 1);
	return true;
}

/* Letters, digits, '-', '_' and dots between them. */
static bool is_host_name(struct span host) {
	for (size_t i = 0; i < host.len; i++) {
		char c = host.data[i];
		bool edge = i == 0 || i + 1 == host.len;
		if (!is_letter(c) && !is_digit(c) && (edge || (c != '-' && c != '_' && c != '.'))) {
			return false;
		}
	}
	return host.len > 0 && host.len <= 253 && find_text(host, "..") == host.len;
}

/* The last label is a number: an address, so it must be one in its usual form. */
static bool ends_in_number(struct span host) {
	size_t start = host.len;
	while (start > 0 && host.data[start - 1] != '.') {
		start--;
	}
	struct span last = span_after(host, start);
	return all_digits(last) || (last.len > 1 && last.data[0] == '0' && (last.data[1] | 32) == 'x');
}

static bool is_ipv4(struct span host, struct in_addr *address) {
	char text[INET_ADDRSTRLEN];
	if (host.len >= sizeof text) {
		return false;
	}
	snprintf(text, sizeof text, "%.*s", (int)host.len, host.data);
	return inet_pton(AF_INET, text, address) == 1;
}

static bool check_host(const struct parts *parts, struct error *err) {
	struct in_addr address;
	if (parts->bracketed) {
		return true;
	}
	if (!is_host_name(parts->host)) {
		return error_set(err, ERROR_USAGE, "\"%.*s\" is no host name", (int)parts->host.len,
			parts->host.data ? parts->host.data : "");
	}
	if (ends_in_number(parts->host) && !is_ipv4(parts->host, &address)) {
		return error_set(err, ERROR_USAGE,
			"%.*s is no address in its usual form; write it like 127.0.0.1", (int)parts->host.len,
			parts->host.data);
	}
	return true;
}

static bool take_authority(struct parts *parts, struct span authority, struct error *err) {
	if (span_find(authority, '@') < authority.len) {
		return error_set(err, ERROR_USAGE,
			"a user name in the URL hides the host; leave out what is before '@'");
	}
	if (all_digits(authority) && authority.len <= 5) {
		parts->host = span_text("127.0.0.1");
		return take_port(parts, authority, err);
	}
	if (authority.len > 0 && authority.data[0] == '[') {
		if (!take_bracketed(parts, &authority, err)) {
			return false;
		}
	} else {
		parts->host = (struct span){authority.data, span_find(authority, ':')};
		authority = span_after(authority, parts->host.len);
	}
	parts->port = span_is(parts->scheme, "https") ? 443 : 80;
	if (authority.len > 0 && authority.data[0] != ':') {
		return error_set(err, ERROR_USAGE, "after ']' only a port can follow");
	}
	return check_host(parts, err) &&
	       (authority.len == 0 || take_port(parts, span_after(authority, 1), err));
}

static bool is_localhost(struct span host) {
	struct span tail = {host.data, host.len};
	if (host.len > 10) {
		tail = span_after(host, host.len - 10);
		return span_equal_nocase(tail, span_text(".localhost"));
	}
	return span_equal_nocase(host, span_text("localhost"));
}

static bool is_here(const struct parts *parts) {
	if (parts->bracketed) {
		struct sockaddr_in6 six = {.sin6_family = AF_INET6};
		char text[INET6_ADDRSTRLEN];
		snprintf(text, sizeof text, "%.*s", (int)parts->host.len - 2, parts->host.data + 1);
		return inet_pton(AF_INET6, text, &six.sin6_addr) == 1 &&
		       address_is_loopback((const struct sockaddr *)&six);
	}
	struct sockaddr_in four = {.sin_family = AF_INET};
	if (is_ipv4(parts->host, &four.sin_addr)) {
		return address_is_loopback((const struct sockaddr *)&four);
	}
	return is_localhost(parts->host);
}

static bool check_here(const struct parts *parts, struct error *err) {
	if (is_here(parts)) {
		return true;
	}
	if (span_is(parts->host, "0.0.0.0") || span_is(parts->host, "[::]")) {
		return error_set(err, ERROR_USAGE,
			"%.*s is an address to listen on, not one to send to; use 127.0.0.1",
			(int)parts->host.len, parts->host.data);
	}
	return error_set(err, ERROR_USAGE, "%.*s is not this machine; --anywhere allows it",
		(int)parts->host.len, parts->host.data);
}

static bool split(struct parts *parts, struct span text, struct error *err) {
	struct span rest = text;
	if (text.len == 0 || text.len > TARGET_LEN_MAX || !is_plain(text)) {
		return error_set(err, ERROR_USAGE,
			text.len == 0 ? "it is empty" : "a URL is at most 2048 visible ASCII characters");
	}
	if (span_find(text, '#') < text.len) {
		return error_set(err, ERROR_USAGE, "a fragment ('#') is never sent; leave it out");
	}
	if (!take_scheme(parts, &rest, err)) {
		return false;
	}
	size_t end = 0;
	while (end < rest.len && rest.data[end] != '/' && rest.data[end] != '?') {
		end++;
	}
	struct span authority = {rest.data, end};
	rest = span_after(rest, end);
	parts->path = span_cut(&rest, '?');
	parts->query = rest;
	return take_authority(parts, authority, err);
}

static char *make_base(const struct parts *parts) {
	struct buffer out = {0};
	buffer_printf(&out, "%.*s://%.*s:%d", (int)parts->scheme.len, parts->scheme.data,
		(int)parts->host.len, parts->host.data, parts->port);
	char *text = alloc_text(out.data, out.len);
	buffer_clear(&out);
	return text;
}

static char *make_authority(const struct parts *parts) {
	struct buffer out = {0};
	buffer_append_span(&out, parts->host);
	if (parts->port != (span_is(parts->scheme, "https") ? 443 : 80)) {
		buffer_printf(&out, ":%d", parts->port);
	}
	char *text = alloc_text(out.data, out.len);
	buffer_clear(&out);
	return text;
}

bool target_parse(struct target *target, const char *text, bool anywhere, struct error *err) {
	struct parts parts = {0};
	if (!split(&parts, span_text(text), err) || (!anywhere && !check_here(&parts, err))) {
		return error_prefix(err, "target \"%s\"", text);
	}
	target->base = make_base(&parts);
	target->authority = make_authority(&parts);
	target->path = alloc_text(parts.path.data, parts.path.len);
	target->query = alloc_text(parts.query.data, parts.query.len);
	struct buffer url = {0};
	buffer_printf(&url, "%s%s%s%s", target->base, target->path, parts.query.len > 0 ? "?" : "",
		target->query);
	target->url = alloc_text(url.data, url.len);
	buffer_clear(&url);
	return true;
}

bool target_leads_to(const struct target *target, struct span url) {
	struct parts here = {0}, there = {0};
	if (!split(&here, span_text(target->url), NULL) || !split(&there, url, NULL) ||
		here.port != there.port) {
		return false;
	}
	bool listens_here =
		is_here(&there) || span_is(there.host, "0.0.0.0") || span_is(there.host, "[::]");
	return span_equal_nocase(here.host, there.host) || (is_here(&here) && listens_here);
}

void target_copy(struct target *to, const struct target *from) {
	to->url = alloc_text(from->url, strlen(from->url));
	to->base = alloc_text(from->base, strlen(from->base));
	to->authority = alloc_text(from->authority, strlen(from->authority));
	to->path = alloc_text(from->path, strlen(from->path));
	to->query = alloc_text(from->query, strlen(from->query));
}

void target_clear(struct target *target) {
	free(target->url);
	free(target->base);
	free(target->authority);
	free(target->path);
	free(target->query);
	*target = (struct target){0};
}

static void join_paths(struct buffer *out, struct span left, struct span right) {
	bool ends = left.len > 0 && left.data[left.len - 1] == '/';
	bool begins = right.len > 0 && right.data[0] == '/';
	buffer_append_span(out, left);
	if (ends && begins) {
		right = span_after(right, 1);
	} else if ((right.len > 0 && !ends && !begins) || (left.len == 0 && right.len == 0)) {
		buffer_append_byte(out, '/');
	}
	buffer_append_span(out, right);
}

void target_join(struct buffer *out, const struct target *target, enum target_path how,
	struct span captured_rest) {
	bool kept = how == TARGET_PATH_KEPT;
	struct span path = span_text(kept ? "" : target->path);
	struct span query = span_text(kept ? "" : target->query);
	if (span_is(captured_rest, "*") && path.len == 0 && query.len == 0) {
		buffer_append_byte(out, '*');
		return;
	}
	size_t mark = span_find(captured_rest, '?');
	bool has_query = mark < captured_rest.len;
	struct span captured_query = span_after(captured_rest, mark + 1);
	struct span captured_path = {captured_rest.data, mark};
	join_paths(out, path, how == TARGET_PATH_REPLACED ? (struct span){0} : captured_path);
	if (query.len > 0 || has_query) {
		buffer_append_byte(out, '?');
	}
	buffer_append_span(out, query);
	if (query.len > 0 && captured_query.len > 0) {
		buffer_append_byte(out, '&');
	}
	buffer_append_span(out, captured_query);
}

bool address_is_loopback(const struct sockaddr *address) {
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *four = (const struct sockaddr_in *)address;
		return (ntohl(four->sin_addr.s_addr) >> 24) == 127;
	}
	if (address->sa_family != AF_INET6) {
		return false;
	}
	const struct in6_addr *six = &((const struct sockaddr_in6 *)address)->sin6_addr;
	return IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127);
}
