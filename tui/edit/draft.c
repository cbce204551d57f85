#include "tui/edit/draft.h"

#include <stdio.h>

#include "common/message.h"
#include "tui/deliver/request.h"
#include "tui/edit/json_set.h"

void draft_set(struct draft *draft, struct span head, struct span body) {
	buffer_reset(&draft->head);
	buffer_reset(&draft->body);
	buffer_append_span(&draft->head, head);
	buffer_append_span(&draft->body, body);
}

void draft_copy(struct draft *to, const struct draft *from) {
	draft_set(to, buffer_span(&from->head), buffer_span(&from->body));
}

bool draft_equal(const struct draft *a, const struct draft *b) {
	return span_equal(buffer_span(&a->head), buffer_span(&b->head)) &&
	       span_equal(buffer_span(&a->body), buffer_span(&b->body));
}

void draft_clear(struct draft *draft) {
	buffer_clear(&draft->head);
	buffer_clear(&draft->body);
}

/* --- lines of the head --- */

/* The next line with its end; false at the empty line. */
static bool take_line(struct span *rest, struct span *line) {
	size_t len = span_find(*rest, '\n') + 1;
	*line = (struct span){rest->data, len < rest->len ? len : rest->len};
	*rest = span_after(*rest, line->len);
	return line->len > 2;
}

static struct span without_end(struct span line) {
	while (line.len > 0 && (line.data[line.len - 1] == '\n' || line.data[line.len - 1] == '\r')) {
		line.len--;
	}
	return line;
}

static struct span name_of(struct span line) {
	return span_cut(&line, ':');
}

static void append_line(struct buffer *out, struct span line) {
	buffer_append_span(out, line);
	buffer_append_text(out, "\r\n");
}

static void replace_head(struct draft *draft, struct buffer *head) {
	buffer_clear(&draft->head);
	draft->head = *head;
}

/* The head with `line` (data NULL: nothing) for the headers of that name; how many there were. */
static size_t exchange(struct draft *draft, struct span name, struct span line) {
	struct buffer head = {0};
	struct span rest = buffer_span(&draft->head), old;
	size_t found = 0;
	bool first = true;
	while (take_line(&rest, &old)) {
		if (first || !span_equal_nocase(name_of(old), name)) {
			buffer_append_span(&head, old);
		} else if (found++ == 0 && line.data) {
			append_line(&head, line);
		}
		first = false;
	}
	if (found == 0 && line.data) {
		append_line(&head, line);
	}
	buffer_append_text(&head, "\r\n");
	replace_head(draft, &head);
	return found;
}

bool draft_set_header(struct draft *draft, struct span line, struct error *err) {
	struct span value = line, name = span_cut(&value, ':');
	if (name.len == line.len) {
		return error_set(err, ERROR_USAGE, "a header is written as \"Name: value\", not \"%.*s\"",
			(int)(line.len < 100 ? line.len : 100), line.data);
	}
	if (!request_check_header(name, value, err)) {
		err->code = ERROR_USAGE;
		return false;
	}
	exchange(draft, name, line);
	return true;
}

bool draft_remove_header(struct draft *draft, struct span name, struct error *err) {
	return exchange(draft, name, (struct span){0}) > 0 ||
	       error_set(err, ERROR_NO, "there is no header %.*s", (int)name.len, name.data);
}

/* --- the request line --- */

static void set_request_line(
	struct draft *draft, struct span method, struct span target, struct span version) {
	struct span rest = buffer_span(&draft->head), old;
	struct buffer head = {0};
	take_line(&rest, &old);
	buffer_append_span(&head, method);
	buffer_append_byte(&head, ' ');
	buffer_append_span(&head, target);
	buffer_append_byte(&head, ' ');
	append_line(&head, version);
	buffer_append_span(&head, rest);
	replace_head(draft, &head);
}

static void split_request_line(
	const struct draft *draft, struct span *method, struct span *target, struct span *version) {
	struct span rest = buffer_span(&draft->head), line;
	take_line(&rest, &line);
	line = without_end(line);
	*method = span_cut(&line, ' ');
	*target = span_cut(&line, ' ');
	*version = line;
}

bool draft_set_method(struct draft *draft, struct span method, struct error *err) {
	struct span old, target, version;
	if (!request_check_method(method, err)) {
		err->code = ERROR_USAGE;
		return false;
	}
	split_request_line(draft, &old, &target, &version);
	set_request_line(draft, method, target, version);
	return true;
}

bool draft_set_target(struct draft *draft, struct span target, struct error *err) {
	struct span method, old, version;
	if (!request_check_target(target, err)) {
		err->code = ERROR_USAGE;
		return false;
	}
	split_request_line(draft, &method, &old, &version);
	set_request_line(draft, method, target, version);
	return true;
}

int64_t draft_path_offset(const struct draft *draft, struct span target, int64_t path_offset) {
	struct span method, now, version;
	split_request_line(draft, &method, &now, &version);
	struct span prefix = {target.data, (size_t)path_offset};
	return span_starts_with(now, prefix) ? path_offset : 0;
}

/* --- the body --- */

void draft_set_body(struct draft *draft, struct span body) {
	buffer_reset(&draft->body);
	buffer_append_span(&draft->body, body);
}

bool draft_set_json(struct draft *draft, struct span assignment, struct error *err) {
	struct span value = assignment, path = span_cut(&value, '=');
	struct buffer body = {0};
	if (path.len == assignment.len) {
		return error_set(err, ERROR_USAGE, "--set takes .PATH=VALUE, not \"%.*s\"",
			(int)(assignment.len < 100 ? assignment.len : 100), assignment.data);
	}
	if (!json_set(&body, buffer_span(&draft->body), path, value, err)) {
		buffer_clear(&body);
		return false;
	}
	buffer_clear(&draft->body);
	draft->body = body;
	return true;
}

/* --- the end --- */

static void tell_length(struct draft *draft, const struct message *message) {
	struct span told = message_header_value(message, "Content-Length");
	bool chunked = message_header(message, "Transfer-Encoding", 0) != NULL;
	char length[24], line[48];
	snprintf(length, sizeof length, "%zu", draft->body.len);
	snprintf(line, sizeof line, "Content-Length: %zu", draft->body.len);
	if (chunked || (told.data ? span_is(told, length) : draft->body.len == 0)) {
		return;
	}
	exchange(draft, span_text("Content-Length"), span_text(line));
}

bool draft_finish(struct draft *draft, struct error *err) {
	struct message message = {0};
	bool ok = message_parse(&message, buffer_span(&draft->head), buffer_span(&draft->body), err);
	if (ok) {
		tell_length(draft, &message);
	} else {
		err->code = ERROR_USAGE;
	}
	message_clear(&message);
	return ok;
}
