#include "common/http_rules.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "common/http_chars.h"

static bool refuse(struct http_refusal *refusal, int status, const char *reason) {
	*refusal = (struct http_refusal){status, reason};
	return false;
}

static bool is_nocase(struct span a, const char *text) {
	return span_equal_nocase(a, span_text(text));
}

static bool starts_with_nocase(struct span a, const char *prefix) {
	struct span want = span_text(prefix);
	return a.len >= want.len && span_equal_nocase((struct span){a.data, want.len}, want);
}

/* ":port", "" or ":"; a number that no socket has is refused. */
static bool port_is_valid(struct span port) {
	if (port.len == 0) {
		return true;
	}
	unsigned number = 0;
	for (size_t i = 1; i < port.len; i++) {
		char digit = port.data[i];
		if (digit < '0' || digit > '9' || number > 65535) {
			return false;
		}
		number = number * 10 + (unsigned)(digit - '0');
	}
	return port.data[0] == ':' && number <= 65535;
}

/* "[2001:db8::1]" and what follows it. */
static bool ipv6_is_valid(struct span host) {
	char text[INET6_ADDRSTRLEN];
	size_t end = span_find(host, ']');
	if (end == host.len || end - 1 >= sizeof text) {
		return false;
	}
	memcpy(text, host.data + 1, end - 1);
	text[end - 1] = '\0';
	struct in6_addr address;
	bool whole = strlen(text) == end - 1;
	return whole && inet_pton(AF_INET6, text, &address) == 1 &&
	       port_is_valid(span_after(host, end + 1));
}

static bool percents_are_valid(struct span name) {
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] == '%' && (i + 2 >= name.len || http_hex_digit(name.data[i + 1]) < 0 ||
									   http_hex_digit(name.data[i + 2]) < 0)) {
			return false;
		}
	}
	return true;
}

/* host [ ":" port ], without user, list or path; the empty host http URIs must not have is refused, too. */
static bool authority_is_valid(struct span authority) {
	if (authority.len > 0 && authority.data[0] == '[') {
		return ipv6_is_valid(authority);
	}
	struct span name = {authority.data, http_run(authority, HTTP_HOST)};
	return name.len > 0 && percents_are_valid(name) &&
	       port_is_valid(span_after(authority, name.len));
}

static bool judge_host(const struct message *message, struct http_refusal *refusal) {
	const struct header *host = message_header(message, "Host", 0);
	if (!host) {
		return span_is(message->version, "HTTP/1.0") ||
		       refuse(refusal, 400, "there is no Host header");
	}
	if (message_header(message, "Host", 1)) {
		return refuse(refusal, 400, "there is more than one Host header");
	}
	return authority_is_valid(host->value) ||
	       refuse(refusal, 400, "the Host header is not one host name or address");
}

/* "http://host/..." as sent to proxies; servers must take it, too (RFC 9112 section 3.2.2). */
static bool absolute_form_is_valid(struct span target) {
	size_t scheme = starts_with_nocase(target, "http://")    ? 7
	                : starts_with_nocase(target, "https://") ? 8
	                                                         : 0;
	struct span rest = span_after(target, scheme);
	size_t slash = span_find(rest, '/'), question = span_find(rest, '?');
	struct span authority = {rest.data, slash < question ? slash : question};
	return scheme > 0 && authority_is_valid(authority);
}

static bool judge_line(const struct message *message, struct http_refusal *refusal) {
	if (span_is(message->method, "CONNECT") || span_is(message->method, "TRACE")) {
		return refuse(refusal, 405, "CONNECT and TRACE are not served here");
	}
	struct span target = message->target;
	if (target.data[0] == '/') {
		return true;
	}
	if (span_is(target, "*")) {
		return span_is(message->method, "OPTIONS") ||
		       refuse(refusal, 400, "the target * belongs to OPTIONS alone");
	}
	return absolute_form_is_valid(target) ||
	       refuse(refusal, 400, "the target is neither a path nor an http URL");
}

static bool judge_transfer_encoding(
	const struct message *message, struct http_framing *framing, struct http_refusal *refusal) {
	const struct header *coding = message_header(message, "Transfer-Encoding", 0);
	if (!coding) {
		return true;
	}
	if (span_is(message->version, "HTTP/1.0")) {
		return refuse(refusal, 400, "HTTP/1.0 has no Transfer-Encoding");
	}
	if (message_header(message, "Content-Length", 0)) {
		return refuse(refusal, 400, "there are both Content-Length and Transfer-Encoding");
	}
	if (message_header(message, "Transfer-Encoding", 1)) {
		return refuse(refusal, 400, "there is more than one Transfer-Encoding header");
	}
	framing->chunked = is_nocase(coding->value, "chunked");
	return framing->chunked || refuse(refusal, 501, "the only transfer coding here is chunked");
}

static bool judge_length(const struct message *message, uint64_t body_limit,
	struct http_framing *framing, struct http_refusal *refusal) {
	const struct header *length = message_header(message, "Content-Length", 0);
	if (!length) {
		return true;
	}
	if (message_header(message, "Content-Length", 1)) {
		return refuse(refusal, 400, "there is more than one Content-Length header");
	}
	struct span digits = length->value;
	uint64_t value = 0;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.data[i] < '0' || digits.data[i] > '9') {
			return refuse(refusal, 400, "Content-Length is not one number");
		}
		if (value <= body_limit) { /* beyond it the number itself no longer matters */
			value = value * 10 + (uint64_t)(digits.data[i] - '0');
		}
	}
	if (digits.len == 0) {
		return refuse(refusal, 400, "Content-Length is empty");
	}
	framing->content_length = value;
	return value <= body_limit || refuse(refusal, 413, "the body is longer than allowed");
}

static bool judge_expect(
	const struct message *message, struct http_framing *framing, struct http_refusal *refusal) {
	const struct header *expect = message_header(message, "Expect", 0);
	if (!expect) {
		return true;
	}
	if (!is_nocase(expect->value, "100-continue") || message_header(message, "Expect", 1)) {
		return refuse(refusal, 417, "the only expectation met here is 100-continue");
	}
	/* HTTP/1.0 knows no 1xx answers: RFC 9110 section 10.1.1 has it ignored there. */
	framing->expects_continue =
		span_is(message->version, "HTTP/1.1") && (framing->chunked || framing->content_length > 0);
	return true;
}

static bool asks_to_keep_alive(const struct message *message) {
	bool keep = span_is(message->version, "HTTP/1.1");
	const struct header *connection;
	for (size_t n = 0; (connection = message_header(message, "Connection", n)); n++) {
		struct span rest = connection->value;
		while (rest.len > 0) {
			struct span option = span_trim(span_cut(&rest, ','));
			if (is_nocase(option, "close")) {
				return false;
			}
			keep = keep || is_nocase(option, "keep-alive");
		}
	}
	return keep;
}

bool http_rules_judge(const struct message *message, uint64_t body_limit,
	struct http_framing *framing, struct http_refusal *refusal) {
	*framing = (struct http_framing){.keep_alive = asks_to_keep_alive(message)};
	return judge_line(message, refusal) && judge_host(message, refusal) &&
	       judge_transfer_encoding(message, framing, refusal) &&
	       judge_length(message, body_limit, framing, refusal) &&
	       judge_expect(message, framing, refusal);
}

bool http_rules_judge_trailers(struct span trailers, struct http_refusal *refusal) {
	while (trailers.len > 0) {
		struct span line = span_cut(&trailers, '\n');
		struct span name = span_cut(&line, ':');
		if (is_nocase(name, "Content-Length") || is_nocase(name, "Transfer-Encoding")) {
			return refuse(refusal, 400, "a trailer says where the body ends");
		}
	}
	return true;
}
