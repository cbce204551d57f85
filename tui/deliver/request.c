#include "tui/deliver/request.h"

#include <inttypes.h>
#include <string.h>

#include "common/header_lines.h"
#include "common/http_chars.h"

static bool is_token(struct span text) {
	return text.len > 0 && http_run(text, HTTP_TOKEN) == text.len;
}

bool request_check_method(struct span method, struct error *err) {
	if (!is_token(method)) {
		return error_set(err, ERROR_NO, "not sent: the method is not a token");
	}
	return true;
}

bool request_check_target(struct span target, struct error *err) {
	if (target.len == 0) {
		return error_set(err, ERROR_NO, "not sent: the request target is empty");
	}
	if (http_run(target, HTTP_TARGET) < target.len) {
		return error_set(err, ERROR_NO, "not sent: a blank or control byte in the request target");
	}
	return true;
}

bool request_check_header(struct span name, struct span value, struct error *err) {
	if (!is_token(name)) {
		return error_set(err, ERROR_NO, "not sent: header name \"%.*s\" is not a token",
			(int)(name.len < 100 ? name.len : 100), name.data ? name.data : "");
	}
	size_t good = http_run(value, HTTP_VALUE);
	if (good < value.len) {
		return error_set(err, ERROR_NO,
			"not sent: a control byte (0x%02x) in the value of header %.*s",
			(unsigned)(unsigned char)value.data[good], (int)name.len, name.data);
	}
	return true;
}

static bool is_name(struct span name, const char *text) {
	return span_equal_nocase(name, span_text(text));
}

/* Connection: X-A, close */
static bool connection_names(const struct message *message, struct span name) {
	const struct header *header;
	for (size_t nth = 0; (header = message_header(message, "Connection", nth)); nth++) {
		struct span rest = header->value;
		while (rest.len > 0) {
			if (span_equal_nocase(span_trim(span_cut(&rest, ',')), name)) {
				return true;
			}
		}
	}
	return false;
}

bool request_is_hop_by_hop(const struct message *message, struct span name) {
	static const char *const names[] = {
		"Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (is_name(name, names[i])) {
			return true;
		}
	}
	struct span start = {name.data, name.len < 6 ? name.len : 6};
	return is_name(start, "Proxy-") || connection_names(message, name);
}

bool request_check_extra(struct span name, struct span value, struct error *err) {
	static const struct message none;
	int len = (int)(name.len < 100 ? name.len : 100);
	if (!request_check_header(name, value, NULL)) {
		return error_set(err, ERROR_USAGE, "\"%.*s\" with that value cannot be a header", len,
			name.data ? name.data : "");
	}
	if (is_name(name, "Host")) {
		return error_set(err, ERROR_USAGE, "Host is the target's, or kept; it cannot be set");
	}
	if (is_name(name, "Content-Length") || request_is_hop_by_hop(&none, name)) {
		return error_set(err, ERROR_USAGE, "%.*s belongs to the connection and is made by hookline",
			len, name.data);
	}
	return true;
}

/* One request being written. */
struct writer {
	struct buffer *out, *changes;
	const struct target *target;
	const struct message *message;
	const struct request_options *options;
	const struct resign *resign;
	struct resign extra; /* the options' headers, in the same form */
	bool host_written, length_written;
};

static void note(struct writer *writer, struct span what, const char *how) {
	buffer_append_text(writer->changes, writer->changes->len > 0 ? ", " : "");
	buffer_append_span(writer->changes, what);
	buffer_append_text(writer->changes, how);
}

static void write_line(struct writer *writer, struct span line) {
	buffer_append_span(writer->out, line);
	buffer_append(writer->out, "\r\n", 2);
}

static void write_host(struct writer *writer, struct span name) {
	buffer_append_span(writer->out, name);
	buffer_printf(writer->out, ": %s\r\n", writer->target->authority);
	writer->host_written = true;
	note(writer, name, "");
}

static void write_length(struct writer *writer, struct span name) {
	buffer_append_span(writer->out, name);
	buffer_printf(writer->out, ": %zu\r\n", writer->message->body.len);
	writer->length_written = true;
	note(writer, name, "");
}

static bool says_length(struct span value, size_t len) {
	uint64_t number = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9' || number > UINT64_MAX / 10 - 10) {
			return false;
		}
		number = number * 10 + (uint64_t)(value.data[i] - '0');
	}
	return value.len > 0 && number == len;
}

/* The first header of that name, which needs no end as a C string has one. */
static const struct header *first_header(const struct message *message, struct span name) {
	for (size_t i = 0; i < message->header_count; i++) {
		if (span_equal_nocase(message->headers[i].name, name)) {
			return &message->headers[i];
		}
	}
	return NULL;
}

static void note_anew(struct writer *writer, struct span name, const struct resign *anew) {
	struct buffer how = {0};
	buffer_append_byte(&how, ' ');
	buffer_append_span(&how, anew->how);
	note(writer, name, buffer_text(&how));
	buffer_clear(&how);
}

static void write_anew(struct writer *writer, struct span name, struct span line) {
	buffer_append_span(writer->out, name);
	buffer_append_text(writer->out, ": ");
	write_line(writer, header_line_value(line));
}

/* In place of a captured one. The second of a name would be what was there before. */
static void replace_header(struct writer *writer, const struct header *header,
	const struct resign *anew, struct span line) {
	if (header != first_header(writer->message, header->name)) {
		note(writer, header->name, " left out");
		return;
	}
	write_anew(writer, header->name, line);
	if (!span_equal(header->value, header_line_value(line))) {
		note_anew(writer, header->name, anew);
	}
}

/* What stands in the place of a header: the options' line, or the one signed anew. NULL: neither. */
static const struct resign *find_anew(
	const struct writer *writer, struct span name, struct span *line) {
	*line = header_lines_find(writer->extra.lines, name);
	if (line->data) {
		return &writer->extra;
	}
	*line = header_lines_find(writer->resign->lines, name);
	return line->data ? writer->resign : NULL;
}

/* Those that were not captured stand behind all others. */
static void add_anew(struct writer *writer, const struct resign *anew) {
	struct span rest = anew->lines, line, found;
	while (header_lines_take(&rest, &line)) {
		struct span name = header_line_name(line);
		if (!first_header(writer->message, name) && find_anew(writer, name, &found) == anew &&
			found.data == line.data) {
			write_anew(writer, name, line);
			note_anew(writer, name, anew);
		}
	}
	if (anew->lines.len == 0 && anew->how.len > 0) {
		note(writer, anew->how, "");
	}
}

static void write_captured_host(struct writer *writer, const struct header *header) {
	if (writer->options->keep_host) {
		write_line(writer, header->line);
	} else if (!writer->host_written) {
		write_host(writer, header->name);
	}
}

/* Content-Length or Transfer-Encoding: how long the body is, said once. */
static void write_framing(struct writer *writer, const struct header *header) {
	bool is_length = is_name(header->name, "Content-Length");
	if (!is_length) {
		note(writer, header->name, " left out");
	}
	if (writer->length_written) {
		return;
	}
	if (is_length && says_length(header->value, writer->message->body.len)) {
		write_line(writer, header->line);
		writer->length_written = true;
	} else {
		write_length(writer, is_length ? header->name : span_text("Content-Length"));
	}
}

static void write_header(struct writer *writer, const struct header *header) {
	struct span line;
	const struct resign *anew = find_anew(writer, header->name, &line);
	if (anew) {
		replace_header(writer, header, anew, line);
	} else if (is_name(header->name, "Host")) {
		write_captured_host(writer, header);
	} else if (is_name(header->name, "Content-Length") ||
			   is_name(header->name, "Transfer-Encoding")) {
		write_framing(writer, header);
	} else if (request_is_hop_by_hop(writer->message, header->name)) {
		note(writer, header->name, " left out");
	} else {
		write_line(writer, header->line);
	}
}

static void write_request_line(struct writer *writer, struct span rest) {
	const struct message *message = writer->message;
	buffer_append_span(writer->out, message->method);
	buffer_append_byte(writer->out, ' ');
	size_t start = writer->out->len;
	target_join(writer->out, writer->target, writer->options->path, rest);
	struct span sent = {writer->out->data + start, writer->out->len - start};
	if (!span_equal(sent, message->target)) {
		note(writer, span_text("target"), "");
	}
	if (!span_is(message->version, "HTTP/1.1")) {
		note(writer, span_text("version"), "");
	}
	buffer_append_text(writer->out, " HTTP/1.1\r\n");
}

static bool check(const struct message *message, struct error *err) {
	if (!request_check_method(message->method, err) ||
		!request_check_target(message->target, err)) {
		return false;
	}
	for (size_t i = 0; i < message->header_count; i++) {
		const struct header *header = &message->headers[i];
		if (!request_check_header(header->name, header->value, err)) {
			return false;
		}
	}
	return true;
}

bool request_build(struct buffer *out, struct buffer *changes, const struct target *target,
	const struct message *message, size_t path_offset, const struct request_options *options,
	const struct resign *resign, struct error *err) {
	static const struct request_options none;
	static const struct resign as_received;
	if (!check(message, err)) {
		return false;
	}
	struct writer writer = {.out = out,
		.changes = changes,
		.target = target,
		.message = message,
		.options = options ? options : &none,
		.resign = resign ? resign : &as_received};
	writer.extra.lines = writer.options->headers;
	writer.extra.how = span_text(writer.extra.lines.len > 0 ? "set" : "");
	write_request_line(&writer, span_after(message->target, path_offset));
	if (!message_header(message, "Host", 0)) {
		write_host(&writer, span_text("Host"));
	}
	for (size_t i = 0; i < message->header_count; i++) {
		write_header(&writer, &message->headers[i]);
	}
	if (!writer.length_written && message->body.len > 0) {
		write_length(&writer, span_text("Content-Length"));
	}
	add_anew(&writer, writer.resign);
	add_anew(&writer, &writer.extra);
	buffer_append(out, "\r\n", 2);
	buffer_append_span(out, message->body);
	return true;
}
