#include "tui/commands/print.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/filter.h"
#include "common/json.h"
#include "common/message.h"

static const char *out_name = "standard output";

void print_goes_to(const char *path) {
	out_name = path;
}

void print_out(struct buffer *text) {
	fwrite(text->data ? text->data : "", 1, text->len, stdout);
	buffer_reset(text);
}

/* Of a write that failed long ago stdio keeps only that it did: the pipe itself knows whether it is read. */
static bool is_read(void) {
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
	return poll(&out, 1, 0) <= 0 || !(out.revents & POLLERR);
}

enum print_outcome print_flush(struct error *err) {
	if (fflush(stdout) != 0 && errno != EPIPE) {
		error_set(err, ERROR_IO, "write to %s: %s", out_name, strerror(errno));
		return PRINT_FAILED;
	}
	if (!ferror(stdout)) {
		return PRINT_WRITTEN;
	}
	error_set(err, ERROR_IO, "%s did not take everything: is the disk full?", out_name);
	return is_read() ? PRINT_FAILED : PRINT_UNREAD;
}

bool filter_from_words(
	struct buffer *out, const struct arguments *arguments, const char *option, struct error *err) {
	for (size_t i = 0; !option && i < arguments->word_count; i++) {
		buffer_append_text(out, i > 0 ? " " : "");
		buffer_append_text(out, arguments->words[i]);
	}
	const char *given;
	for (size_t nth = 0; option && (given = arguments_nth(arguments, option, nth)); nth++) {
		buffer_append_text(out, nth > 0 ? " " : "");
		buffer_append_text(out, given);
	}
	struct filter *filter = filter_parse(buffer_span(out), err);
	filter_free(filter);
	return filter != NULL;
}

void json_member_headers(struct buffer *out, struct span head) {
	struct message message = {0};
	json_member_name(out, "headers");
	buffer_append_byte(out, '[');
	if (message_parse(&message, head, (struct span){0}, NULL)) {
		for (size_t i = 0; i < message.header_count; i++) {
			buffer_append_text(out, i > 0 ? ",[" : "[");
			json_append_bytes(out, message.headers[i].name);
			buffer_append_byte(out, ',');
			json_append_bytes(out, message.headers[i].value);
			buffer_append_byte(out, ']');
		}
	}
	buffer_append_byte(out, ']');
	message_clear(&message);
}

static void member_base64(struct buffer *out, const char *name, struct span bytes) {
	json_member_name(out, name);
	buffer_append_byte(out, '"');
	json_append_base64(out, bytes);
	buffer_append_byte(out, '"');
}

void json_member_bytes_of(struct buffer *out, const struct client_bytes *bytes) {
	member_base64(out, "head_b64", bytes->head);
	member_base64(out, "body_b64", bytes->body);
	if (bytes->trailers.len > 0) {
		member_base64(out, "trailers_b64", bytes->trailers);
	}
}

/* Ctrl-C is then a no, at once: nobody looks at the loop while we wait here. */
static bool ask_line(char *line, int size) {
	struct sigaction usual = {.sa_handler = SIG_DFL}, before;
	fflush(stdout);
	fflush(stderr);
	sigaction(SIGINT, &usual, &before);
	bool ok = fgets(line, size, stdin) != NULL;
	sigaction(SIGINT, &before, NULL);
	return ok;
}

bool ask_yes(const char *question, struct error *err) {
	char line[16];
	if (!isatty(STDIN_FILENO)) {
		return error_set(err, ERROR_USAGE, "%s needs --yes where nobody can be asked", question);
	}
	fprintf(stderr, "%s? [y/N] ", question);
	return ask_line(line, sizeof line) && (line[0] == 'y' || line[0] == 'Y');
}

bool ask_host(const char *target, const char *host, struct error *err) {
	char line[300];
	if (!isatty(STDIN_FILENO)) {
		return error_set(err, ERROR_USAGE,
			"%s is not this machine: --yes-to %s says that it is meant", target, host);
	}
	fprintf(stderr, "%s is not this machine. Type its host to go on: ", target);
	if (!ask_line(line, sizeof line) ||
		!span_is(span_trim((struct span){line, strcspn(line, "\n")}), host)) {
		return error_set(err, ERROR_NO, "nothing was sent");
	}
	return true;
}

bool position_parse(struct event_ref *ref, struct span text, struct error *err) {
	size_t hash = span_find(text, '#');
	struct span name = {text.data, hash};
	if (span_is(span_after(text, hash), "#0") && endpoint_name_is_valid(name)) {
		*ref = (struct event_ref){.endpoint = name};
		return true;
	}
	return event_ref_parse(ref, text, err);
}
