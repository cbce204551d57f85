#include "common/message.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/http_lines.h"
#include "common/http_rules.h"

/* Cuts a line off `rest`, which has whole lines ending in CR LF; the line comes without them. */
static struct span cut_line(struct span *rest) {
	struct span line = span_cut(rest, '\n');
	line.len--;
	return line;
}

static void add_header(struct message *message, struct span line) {
	if (message->header_count == message->header_capacity) {
		message->header_capacity = message->header_capacity ? 2 * message->header_capacity : 16;
		message->headers =
			alloc_resize(message->headers, message->header_capacity * sizeof message->headers[0]);
	}
	struct span value = line;
	struct span name = span_cut(&value, ':');
	message->headers[message->header_count++] = (struct header){name, span_trim(value), line};
}

void message_split(struct message *message, struct span head) {
	struct span rest = head;
	struct span version = cut_line(&rest);
	message->head = head;
	message->method = span_cut(&version, ' ');
	message->target = span_cut(&version, ' ');
	message->version = version;
	message->body = message->trailers = (struct span){0};
	message->header_count = 0;
	for (struct span line = cut_line(&rest); line.len > 0; line = cut_line(&rest)) {
		add_header(message, line);
	}
}

/* The limits of the reader were applied when the head was received, and they may have been others then. */
static bool lines_are_fine(struct span head, struct error *err) {
	struct http_lines_limits unlimited = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
	struct http_lines lines;
	http_lines_begin_head(&lines, unlimited);
	switch (http_lines_feed(&lines, &head)) {
	case HTTP_LINES_REFUSED:
		return error_set(err, ERROR_USAGE, "%s", lines.refusal.reason);
	case HTTP_LINES_MORE:
		return error_set(err, ERROR_USAGE, "the head does not end in an empty line");
	case HTTP_LINES_END:
		break;
	}
	return head.len == 0 ||
	       error_set(err, ERROR_USAGE, "there are bytes behind the empty line of the head");
}

bool message_parse(struct message *message, struct span head, struct span body, struct error *err) {
	if (!lines_are_fine(head, err)) {
		return false;
	}
	struct http_framing framing;
	struct http_refusal refusal;
	message_split(message, head);
	message->body = body;
	return http_rules_judge(message, HTTP_BODY_LIMIT_MAX, &framing, &refusal) ||
	       error_set(err, ERROR_USAGE, "%s", refusal.reason);
}

const struct header *message_header(const struct message *message, const char *name, size_t nth) {
	struct span wanted = span_text(name);
	for (size_t i = 0; i < message->header_count; i++) {
		if (span_equal_nocase(message->headers[i].name, wanted) && nth-- == 0) {
			return &message->headers[i];
		}
	}
	return NULL;
}

struct span message_header_value(const struct message *message, const char *name) {
	const struct header *header = message_header(message, name, 0);
	return header ? header->value : (struct span){0};
}

void message_clear(struct message *message) {
	free(message->headers);
	*message = (struct message){0};
}
