#include "relay/confirm.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/log.h"

/* One URL being opened. Its fields are the loop's, but for `err` meanwhile. */
struct opening {
	struct confirm *confirm;
	uv_work_t work;
	struct answer_record record;
	char *url;
	const char *what;
	bool opened;
	struct error err;
};

struct confirm {
	uv_loop_t *loop;
	struct store *store;
	struct fetch_options options;
	struct opening *openings[CONFIRM_AT_ONCE];
	size_t count;
	atomic_bool ending;
};

struct confirm *confirm_new(
	uv_loop_t *loop, struct store *store, const struct fetch_options *options) {
	struct confirm *confirm = alloc_zero(1, sizeof *confirm);
	confirm->loop = loop;
	confirm->store = store;
	confirm->options = *options;
	return confirm;
}

static void free_if_done(struct confirm *confirm) {
	if (atomic_load(&confirm->ending) && confirm->count == 0) {
		free(confirm);
	}
}

void confirm_free(struct confirm *confirm) {
	if (confirm && !atomic_load(&confirm->ending)) {
		atomic_store(&confirm->ending, true);
		free_if_done(confirm);
	}
}

/* In a thread: knows nothing but its own URL. */
static void open_url(uv_work_t *work) {
	struct opening *opening = work->data;
	struct buffer body = {0};
	opening->opened = fetch_https(opening->url, &opening->confirm->options, CONFIRM_ANSWER_BYTES,
		&opening->confirm->ending, &body, &opening->err);
	buffer_clear(&body);
}

static void on_told(void *data, const struct error *err) {
	(void)data;
	if (err) {
		log_write(LOG_WARNING, "what came of a confirmation is not kept why=%s", err->text);
	}
}

static void tell(struct opening *opening) {
	struct buffer why = {0};
	if (opening->opened) {
		buffer_printf(&why, "%s opened by the relay: confirmed", opening->what);
		log_write(LOG_INFO, "a subscription was confirmed url=%s", opening->url);
	} else {
		buffer_printf(&why, "%s could not be opened: %s", opening->what, opening->err.text);
		log_write(LOG_WARNING, "a subscription could not be confirmed url=%s why=%s", opening->url,
			opening->err.text);
	}
	opening->record.why = buffer_span(&why);
	store_set_answer(opening->confirm->store, &opening->record, on_told, NULL);
	buffer_clear(&why);
}

/* Back on the loop. */
static void on_opened(uv_work_t *work, int status) {
	struct opening *opening = work->data;
	struct confirm *confirm = opening->confirm;
	(void)status;
	for (size_t i = 0; i < confirm->count; i++) {
		if (confirm->openings[i] == opening) {
			confirm->openings[i] = confirm->openings[--confirm->count];
			break;
		}
	}
	if (!atomic_load(&confirm->ending)) {
		tell(opening);
	}
	free(opening->url);
	free(opening);
	free_if_done(confirm);
}

static bool is_under_way(const struct confirm *confirm, const struct event *event) {
	for (size_t i = 0; i < confirm->count; i++) {
		if (uuid_equal(&confirm->openings[i]->record.event, &event->id)) {
			return true;
		}
	}
	return false;
}

void confirm_open(
	struct confirm *confirm, const struct event *event, struct span url, const char *what) {
	if (event->answer_why.len > 0 || is_under_way(confirm, event)) {
		return;
	}
	if (confirm->count == CONFIRM_AT_ONCE || atomic_load(&confirm->ending)) {
		log_write(
			LOG_WARNING, "too many subscriptions to confirm at once: one is left to its owner");
		return;
	}
	struct opening *opening = alloc_zero(1, sizeof *opening);
	opening->confirm = confirm;
	opening->url = alloc_text(url.data, url.len);
	opening->what = what;
	opening->record = (struct answer_record){.event = event->id,
		.status = event->answer_status,
		.by = event->answer_by,
		.after_us = event->answer_after_us};
	opening->work.data = opening;
	if (uv_queue_work(confirm->loop, &opening->work, open_url, on_opened) == 0) {
		confirm->openings[confirm->count++] = opening;
	} else {
		free(opening->url);
		free(opening);
	}
}
