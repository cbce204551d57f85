/* What is copied, on its way to the clipboard. */
#include "common/message.h"
#include "tui/app_parts.h"
#include "tui/curl_line.h"
#include "tui/private_file.h"

/* What was copied last and fits no clipboard of a terminal. */
#define COPIED_FILE "copied"

/* A terminal takes no more than so much, and without a desktop nothing else reaches a clipboard. */
static bool keep_in_file(struct buffer *told, struct span text, struct error *err) {
	struct error why = {0};
	if (!private_file_state_replace(COPIED_FILE, text, &why)) {
		*err = why;
		return false;
	}
	buffer_printf(told, "%zu bytes, and a terminal copies %d at most: written to ", text.len,
		TERM_CLIPBOARD_MAX);
	private_file_state(told, COPIED_FILE);
	return true;
}

void app_copy(struct app *app, struct span text) {
	struct error err = {0};
	struct buffer told = {0};
	bool copied = term_copy(app->term, text, &err);
	if (!copied && text.len > TERM_CLIPBOARD_MAX && keep_in_file(&told, text, &err)) {
		app_note(app, buffer_text(&told));
	} else if (copied) {
		buffer_printf(&told, "copied, %zu byte%s", text.len, text.len == 1 ? "" : "s");
		app_note(app, buffer_text(&told));
	} else {
		app_note_error(app, &err);
	}
	buffer_clear(&told);
}

/* To the app, when a target is known; else to the relay, where it comes to the same endpoint. */
static bool append_url(
	const struct app *app, struct buffer *url, const struct message *message, struct error *err) {
	const struct event *event = app->model.detail.event;
	struct target target = {0};
	if (!*app->model.forward.target) {
		return curl_line_url(url, event, message->target, app->ingest_url, err);
	}
	if (!target_parse(&target, app->model.forward.target, true, err)) {
		return false;
	}
	buffer_append_text(url, target.base);
	target_join(
		url, &target, TARGET_PATH_JOINED, span_after(message->target, (size_t)event->path_offset));
	target_clear(&target);
	return true;
}

void app_copy_curl(struct app *app, struct span head, struct span body) {
	struct message message = {0};
	struct buffer line = {0}, url = {0};
	struct error err = {0};
	if (message_parse(&message, head, body, &err) && append_url(app, &url, &message, &err)) {
		curl_line_append(&line, &message, buffer_span(&url));
		app_copy(app, buffer_span(&line));
	} else {
		app_note_error(app, &err);
	}
	message_clear(&message);
	buffer_clear(&line);
	buffer_clear(&url);
}
