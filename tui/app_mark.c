/* Marks and notes that are made on the screen. */
#include "tui/annotate_ask.h"
#include "tui/app_parts.h"

static void on_asked(void *data, const struct cJSON *answer, const struct error *err) {
	(void)answer;
	if (err) {
		app_note_error(data, err);
	}
}

void app_annotate(struct app *app, const struct effect *effect) {
	char id[UUID_TEXT_LEN + 1];
	struct span note = {0};
	uuid_format(&effect->id, id);
	if (effect->flag) {
		note = effect->text.len > 0 ? buffer_span(&effect->text) : span_text("");
	}
	annotate_ask(app->client, span_text(id), (int)effect->number, note, span_text(app->options.who),
		on_asked, app);
}
