#include "relay/ingest/answer.h"

#include <stddef.h>
#include <stdio.h>

const char *answer_phrase(int status) {
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{200, "OK"},
		{201, "Created"},
		{202, "Accepted"},
		{204, "No Content"},
		{301, "Moved Permanently"},
		{302, "Found"},
		{304, "Not Modified"},
		{307, "Temporary Redirect"},
		{308, "Permanent Redirect"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{408, "Request Timeout"},
		{409, "Conflict"},
		{410, "Gone"},
		{413, "Content Too Large"},
		{414, "URI Too Long"},
		{417, "Expectation Failed"},
		{421, "Misdirected Request"},
		{422, "Unprocessable Content"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"},
		{501, "Not Implemented"},
		{502, "Bad Gateway"},
		{503, "Service Unavailable"},
		{504, "Gateway Timeout"},
		{505, "HTTP Version Not Supported"},
	};
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
		if (phrases[i].status == status) {
			return phrases[i].phrase;
		}
	}
	return "Status"; /* one that a person has set */
}

static void append_head(
	struct buffer *out, const struct answer *answer, const struct answer_form *form) {
	char line[64];
	int len = snprintf(line, sizeof line, "HTTP/1.1 %d ", answer->status);
	buffer_append(out, line, (size_t)len);
	buffer_append_span(
		out, answer->has_phrase ? answer->phrase : span_text(answer_phrase(answer->status)));
	buffer_append_text(out, "\r\n");
	if (!answer->has_date) {
		buffer_append_text(out, "Date: ");
		buffer_append_text(out, form->date);
		buffer_append_text(out, "\r\n");
	}
	if (answer->type) {
		buffer_append_text(out, "Content-Type: ");
		buffer_append_text(out, answer->type);
		buffer_append_text(out, "\r\n");
	}
	if (answer->status != 204 && answer->status != 304 && !answer->has_length) {
		len = snprintf(line, sizeof line, "Content-Length: %zu\r\n", answer->body.len);
		buffer_append(out, line, (size_t)len);
	}
	if (answer->close) {
		buffer_append_text(out, "Connection: close\r\n");
	} else if (form->says_keep_alive) {
		buffer_append_text(out, "Connection: keep-alive\r\n");
	}
	buffer_append_span(out, answer->headers);
	buffer_append_text(out, "\r\n");
}

void answer_append(
	struct buffer *out, const struct answer *answer, const struct answer_form *form) {
	append_head(out, answer, form);
	if (!form->head_only && answer->status != 204 && answer->status != 304) {
		buffer_append_span(out, answer->body);
	}
}
