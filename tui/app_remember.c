/* What is remembered from one run of the screen to the next. */
#include "tui/app_parts.h"
#include "tui/remembered.h"

static void on_line(void *data, enum prompt_kind kind, struct span text) {
	app_tell(data, &(struct msg){.type = MSG_REMEMBERED, .number = kind, .text = text});
}

static void tell_filters(struct app *app, const struct saved_filters *filters) {
	app_tell(app, &(struct msg){.type = MSG_SAVED_FILTERS, .filters = filters});
}

void app_remember_begin(struct app *app) {
	struct saved_filters filters = {0};
	struct error err = {0};
	if (!remembered_read(on_line, app, &err) || !remembered_filters(&filters, &err)) {
		app_note_error(app, &err);
	}
	tell_filters(app, &filters);
	saved_filters_clear(&filters);
}

void app_remember(struct app *app, enum prompt_kind kind, struct span text) {
	struct error err = {0};
	if (!remembered_add(kind, text, &err)) {
		app_note_error(app, &err);
	}
}

void app_save_filter(struct app *app, struct span name, struct span text) {
	struct saved_filters filters = {0};
	struct error err = {0};
	if (remembered_save(&filters, name, text, &err)) {
		tell_filters(app, &filters);
	} else {
		app_note_error(app, &err);
	}
	saved_filters_clear(&filters);
}
