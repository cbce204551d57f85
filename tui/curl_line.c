#include "tui/curl_line.h"

#include <string.h>

#include "common/json.h"
#include "common/shell.h"
#include "common/text.h"
#include "tui/deliver/request.h"
#include "tui/deliver/target.h"

#define BASE64_LINE 76
/* Linux takes no longer argument than 128 KiB, other systems less for all of them together. */
#define BODY_ARGUMENT_MAX ((size_t)32 * 1024)

static bool has_header(const struct message *message, const char *name) {
	return message_header(message, name, 0) != NULL;
}

static bool is_left_out(const struct message *message, struct span name) {
	return span_equal_nocase(name, span_text("Host")) ||
	       span_equal_nocase(name, span_text("Content-Length")) ||
	       request_is_hop_by_hop(message, name);
}

/* What curl adds by itself is switched off where the capture has no such header. */
static void append_switches(struct buffer *out, const struct message *message) {
	static const char *const names[] = {"Accept", "User-Agent", "Expect", "Content-Type"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!has_header(message, names[i])) {
			buffer_printf(out, " -H '%s:'", names[i]);
		}
	}
}

static void append_headers(struct buffer *out, const struct message *message) {
	for (size_t i = 0; i < message->header_count; i++) {
		const struct header *header = &message->headers[i];
		if (is_left_out(message, header->name)) {
			continue;
		}
		struct buffer line = {0};
		buffer_append_span(&line, header->name);
		buffer_append_text(&line, header->value.len > 0 ? ": " : ";");
		buffer_append_span(&line, header->value);
		buffer_append_text(out, " \\\n  -H ");
		shell_append_quoted(out, buffer_span(&line));
		buffer_clear(&line);
	}
}

static bool fits_argument(struct span body) {
	struct buffer quoted = {0};
	if (body.len <= BODY_ARGUMENT_MAX) {
		shell_append_quoted(&quoted, body);
	}
	bool fits = quoted.len > 0 && quoted.len <= BODY_ARGUMENT_MAX;
	buffer_clear(&quoted);
	return fits;
}

/* Visible UTF-8 on one line, and not too much of it: it can stand in quotes and be read. */
static bool is_plain(struct span body) {
	if (!fits_argument(body) || !text_is_utf8(body) || (body.len > 0 && body.data[0] == '@')) {
		return false;
	}
	struct buffer escaped = {0};
	text_escape(&escaped, body, TEXT_LINE);
	bool same = span_equal(buffer_span(&escaped), body);
	buffer_clear(&escaped);
	return same;
}

static void append_base64_lines(struct buffer *out, struct span body) {
	struct buffer text = {0};
	json_append_base64(&text, body);
	struct span rest = buffer_span(&text);
	while (rest.len > 0) {
		struct span line = {rest.data, rest.len < BASE64_LINE ? rest.len : BASE64_LINE};
		buffer_append_span(out, line);
		buffer_append_byte(out, '\n');
		rest = span_after(rest, line.len);
	}
	buffer_clear(&text);
}

/* Of a URL curl sends nothing from the first '#' on; of a request target it sends all. */
static void append_target(struct buffer *out, struct span url) {
	struct span rest = span_after(url, span_find(url, ':') + strlen("://"));
	rest = span_after(rest, span_find(rest, '/'));
	if (span_find(rest, '#') < rest.len) {
		buffer_append_text(out, "--request-target ");
		shell_append_quoted(out, rest);
		buffer_append_byte(out, ' ');
	}
}

void curl_line_append(struct buffer *out, const struct message *message, struct span url) {
	bool has_body = message->body.len > 0, plain = is_plain(message->body);
	bool to_head = span_is(message->method, "HEAD") && !has_body;
	buffer_append_text(out, has_body && !plain ? "base64 -d <<'EOF' | " : "");
	buffer_append_text(out, "curl -sS --http1.1 --path-as-is -g ");
	buffer_append_text(out, to_head ? "--head" : "-X ");
	if (!to_head) {
		shell_append_quoted(out, message->method);
	}
	append_switches(out, message);
	append_headers(out, message);
	buffer_append_text(out, " \\\n  ");
	if (has_body) {
		buffer_append_text(out, plain ? "--data-raw " : "--data-binary @- ");
		if (plain) {
			shell_append_quoted(out, message->body);
		}
		buffer_append_text(out, plain ? " " : "");
	}
	if (!has_body && has_header(message, "Content-Length") && !to_head) {
		buffer_append_text(out, "--data-raw '' "); /* says Content-Length: 0 */
	}
	append_target(out, url);
	shell_append_quoted(out, url);
	buffer_append_byte(out, '\n');
	if (has_body && !plain) {
		append_base64_lines(out, message->body);
		buffer_append_text(out, "EOF\n");
	}
}

bool curl_line_url(struct buffer *out, const struct event *event, struct span request_target,
	const char *ingest_url, struct error *err) {
	struct buffer endpoint = {0};
	struct target target = {0};
	buffer_printf(
		&endpoint, "%s/e/%.*s", ingest_url, (int)event->endpoint.len, event->endpoint.data);
	bool ok = target_parse(&target, buffer_text(&endpoint), true, err);
	if (ok) {
		buffer_append_text(out, target.base);
		target_join(out, &target, TARGET_PATH_JOINED,
			span_after(request_target, (size_t)event->path_offset));
	}
	target_clear(&target);
	buffer_clear(&endpoint);
	return ok;
}
