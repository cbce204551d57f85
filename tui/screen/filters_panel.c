#include "tui/screen/filters_panel.h"

#include "tui/screen/model.h"

static size_t typed_count(const struct model *model) {
	return model->prompt.history[PROMPT_FILTER].count;
}

size_t filters_panel_count(const struct model *model) {
	return model->saved_filters.count + typed_count(model);
}

bool filters_panel_row(
	const struct model *model, size_t row, const char **name, const char **text) {
	const struct saved_filters *saved = &model->saved_filters;
	if (row < saved->count) {
		*name = saved->list[row].name;
		*text = saved->list[row].text;
		return true;
	}
	size_t typed = row - saved->count, count = typed_count(model);
	if (typed >= count) {
		return false;
	}
	*name = NULL;
	*text = model->prompt.history[PROMPT_FILTER].lines[count - 1 - typed];
	return true;
}
