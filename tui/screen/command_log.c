#include "tui/screen/command_log.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/shell.h"
#include "tui/screen/model.h"

static void drop_oldest(struct command_log *log) {
	log->bytes -= strlen(log->lines[0].text);
	free(log->lines[0].text);
	log->count--;
	memmove(log->lines, log->lines + 1, log->count * sizeof *log->lines);
}

static void put(struct command_log *log, struct span text, int64_t now_ms) {
	const struct command_line *newest = command_log_newest(log, 0);
	if (newest && span_is(text, newest->text)) {
		log->lines[log->count - 1].at_ms = now_ms;
		return;
	}
	if (text.len > COMMAND_LOG_BYTES_MAX) {
		return;
	}
	while (log->count == COMMAND_LOG_LINES_MAX || log->bytes + text.len > COMMAND_LOG_BYTES_MAX) {
		drop_oldest(log);
	}
	log->lines[log->count++] = (struct command_line){alloc_text(text.data, text.len), now_ms};
	log->bytes += text.len;
}

static void append_options(struct buffer *line, const char *options) {
	if (*options) {
		buffer_append_byte(line, ' ');
		buffer_append_text(line, options);
	}
}

static void add(struct model *model, const char *text, const char *deliver_options) {
	struct buffer line = {0};
	buffer_append_text(&line, text);
	append_options(&line, deliver_options);
	append_options(&line, model->command_log.relay_options);
	put(&model->command_log, buffer_span(&line), model->now_ms);
	buffer_clear(&line);
}

void command_log_add(struct model *model, const char *line) {
	add(model, line, "");
}

void command_log_add_delivery(struct model *model, const char *line) {
	add(model, line, model->command_log.deliver_options);
}

void command_log_word(struct buffer *line, struct span word) {
	buffer_append_byte(line, ' ');
	shell_append_word(line, word);
}

const struct command_line *command_log_newest(const struct command_log *log, size_t nth) {
	return nth < log->count ? &log->lines[log->count - 1 - nth] : NULL;
}

void command_log_clear(struct command_log *log) {
	while (log->count > 0) {
		free(log->lines[--log->count].text);
	}
	log->bytes = 0;
}
