#include "relay/ingest/passed.h"

#include <string.h>

#include "common/http_chars.h"

static struct span take_line(struct span *rest) {
	struct span line = span_cut(rest, '\n');
	line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
	return line;
}

/* "HTTP/1.1 200 OK" */
static bool read_status(struct answer *answer, struct span line) {
	int status = 0;
	if (line.len < 12 || memcmp(line.data, "HTTP/1.", 7) != 0 || line.data[8] != ' ') {
		return false;
	}
	for (size_t i = 9; i < 12; i++) {
		if (line.data[i] < '0' || line.data[i] > '9') {
			return false;
		}
		status = status * 10 + (line.data[i] - '0');
	}
	struct span phrase = span_after(line, 12);
	bool ok =
		phrase.len == 0 || (phrase.data[0] == ' ' && http_run(phrase, HTTP_VALUE) == phrase.len);
	answer->status = status;
	answer->phrase = span_after(phrase, 1);
	answer->has_phrase = true;
	return ok && status >= 200;
}

static bool list_has(struct span list, struct span name) {
	while (list.len > 0) {
		if (span_equal_nocase(span_trim(span_cut(&list, ',')), name)) {
			return true;
		}
	}
	return false;
}

/* Whether a Connection line of the head names this header. */
static bool is_named_by_connection(struct span lines, struct span name) {
	while (lines.len > 0) {
		struct span value = take_line(&lines), header = span_cut(&value, ':');
		if (span_equal_nocase(header, span_text("Connection")) && list_has(value, name)) {
			return true;
		}
	}
	return false;
}

static bool is_of_connection(struct span lines, struct span name) {
	static const char *const names[] = {"Connection", "Keep-Alive", "Proxy-Authenticate",
		"Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (span_equal_nocase(name, span_text(names[i]))) {
			return true;
		}
	}
	return is_named_by_connection(lines, name);
}

/* 204 and 304 have no body, nor has what answers HEAD: a length there is the app's to say. */
static bool is_bodiless(const struct answer *answer, bool to_head) {
	return to_head || answer->status == 204 || answer->status == 304;
}

static bool is_header(struct span name, struct span value) {
	return name.len > 0 && http_run(name, HTTP_TOKEN) == name.len &&
	       http_run(value, HTTP_VALUE) == value.len;
}

static bool add_line(struct answer *answer, struct buffer *headers, struct span lines,
	struct span line, bool bodiless) {
	struct span value = line, name = span_cut(&value, ':');
	if (name.len == line.len || !is_header(name, value)) {
		return false;
	}
	bool length = span_equal_nocase(name, span_text("Content-Length"));
	if (length ? !bodiless || answer->status == 204 : is_of_connection(lines, name)) {
		return true;
	}
	answer->has_date |= span_equal_nocase(name, span_text("Date"));
	buffer_append_span(headers, line);
	buffer_append_text(headers, "\r\n");
	return true;
}

bool passed_make(struct answer *answer, struct buffer *headers, struct span head, struct span body,
	bool to_head) {
	struct span rest = head;
	*answer = (struct answer){0};
	buffer_reset(headers);
	if (!read_status(answer, take_line(&rest))) {
		return false;
	}
	bool bodiless = is_bodiless(answer, to_head);
	struct span lines = rest;
	while (rest.len > 0) {
		struct span line = take_line(&rest);
		if (line.len == 0) {
			break;
		}
		if (!add_line(answer, headers, lines, line, bodiless)) {
			return false;
		}
	}
	answer->has_length = bodiless;
	answer->headers = buffer_span(headers);
	answer->body = bodiless ? (struct span){0} : body;
	return true;
}
