/* When what failed is tried again: in words, and the menu of it. */
#include <inttypes.h>

#include "common/moment.h"
#include "common/words.h"
#include "tui/screen/retry_words.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

#define MENU_ROWS 7

void retry_words(struct buffer *out, const struct retry *retry, int64_t now_ms) {
	int64_t left_ms = retry->due_ns / MOMENT_NS_PER_MS - now_ms;
	buffer_printf(out, "attempt %" PRId64 " of %" PRId64 " ", retry->tries + 1, retry->attempts);
	if (retry->taken_until_ns / MOMENT_NS_PER_MS > now_ms) {
		buffer_append_text(out, "is under way");
	} else if (retry->paused) {
		buffer_append_text(out, "is paused");
	} else if (left_ms <= 0) {
		buffer_append_text(out, "is due");
	} else {
		buffer_append_text(out, "in ");
		words_append_duration(out, (left_ms + 999) / 1000 * 1000);
	}
}

static void put_key(struct canvas *canvas, struct area row, const char *key, const char *word) {
	touch_key_named(canvas, row, key);
	canvas_put(canvas, row.x, row.y, row.columns, span_text(key), STYLE_KEY);
	if (row.columns > 3) {
		canvas_put(canvas, row.x + 3, row.y, row.columns - 3, span_text(word), STYLE_TEXT);
	}
}

/* What is due of the event under the cursor. */
static void put_state(const struct model *model, struct canvas *canvas, struct area inner) {
	const struct event *event = model_current(model);
	const struct retry *next = event ? dues_next(&model->dues, &event->id) : NULL;
	struct buffer text = {0};
	if (event) {
		event_append_ref(&text, event->endpoint, event->seq);
		buffer_append_text(&text, ": ");
	}
	if (next) {
		retry_words(&text, next, model->now_ms);
		buffer_append_text(&text, " to ");
		struct buffer url = {0};
		buffer_append_span(&url, next->target);
		buffer_append_span(&text, view_short_url(buffer_text(&url)));
		buffer_clear(&url);
	} else {
		buffer_append_text(&text, "nothing is to be tried again");
	}
	struct area area = {inner.x, inner.y + 1, inner.columns, inner.rows > 1 ? 1 : 0};
	view_text(canvas, area, buffer_span(&text), next ? STYLE_TEXT : STYLE_FAINT);
	buffer_clear(&text);
}

static void put_title(const struct model *model, struct canvas *canvas, struct area inner) {
	if (model->selected > 0) {
		canvas_print(canvas, inner.x, inner.y, inner.columns, STYLE_TITLE,
			"Try again: %zu events are selected", model->selected);
	} else {
		canvas_put(canvas, inner.x, inner.y, inner.columns, span_text("Try again"), STYLE_TITLE);
	}
}

void view_retry(const struct model *model, struct canvas *canvas, struct area area) {
	static const struct {
		const char *key, *word;
	} keys[] = {{"n", "now"}, {"p", "pause, or go on"}, {"c", "cancel"}};
	struct area inner = view_box(canvas, area, MENU_ROWS);
	const char *policy = *model->retry_policy ? model->retry_policy : "none";
	if (inner.rows == 0) {
		return;
	}
	put_title(model, canvas, inner);
	put_state(model, canvas, inner);
	size_t first = inner.rows == MENU_ROWS ? 3 : 2;
	for (size_t i = 0; i < 4 && first + i < inner.rows; i++) {
		struct area row = {inner.x, inner.y + first + i, inner.columns, 1};
		if (i < 3) {
			put_key(canvas, row, keys[i].key, keys[i].word);
			if (keys[i].key[0] == 'c') { /* what is cancelled does not come back */
				touch_key_carefully(canvas, row, 'c', model->dialog.touched == 'c');
			}
			continue;
		}
		put_key(canvas, row, "s", "policy: ");
		if (row.columns > 11) {
			canvas_put(canvas, row.x + 11, row.y, row.columns - 11, span_text(policy), STYLE_FAINT);
		}
	}
}
