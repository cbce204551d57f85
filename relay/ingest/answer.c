#include "relay/ingest/answer.h"

#include <stddef.h>
#include <stdio.h>

const char *answer_phrase(int status) {
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = {
		{200, "OK"},
		{204, "No Content"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{408, "Request Timeout"},
		{413, "Content Too Large"},
		{414, "URI Too Long"},
		{417, "Expectation Failed"},
		{421, "Misdirected Request"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"},
		{501, "Not Implemented"},
		{503, "Service Unavailable"},
		{505, "HTTP Version Not Supported"},
	};
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
		if (phrases[i].status == status) {
			return phrases[i].phrase;
		}
	}
	return "Refused";
}

static void append_head(
	struct buffer *out, const struct answer *answer, const struct answer_form *form) {
	char line[256];
	int len = snprintf(line, sizeof line, "HTTP/1.1 %d %s\r\nDate: %s\r\n", answer->status,
		answer_phrase(answer->status), form->date);
	buffer_append(out, line, (size_t)len);
	if (answer->type) {
		buffer_append_text(out, "Content-Type: ");
		buffer_append_text(out, answer->type);
		buffer_append_text(out, "\r\n");
	}
	if (answer->status != 204) {
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
	if (!form->head_only && answer->status != 204) {
		buffer_append_span(out, answer->body);
	}
}
