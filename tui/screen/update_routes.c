/* The table of routes on the screen: what is known of it and of each target, and the keys that change it (`T`). */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/same_target.h"
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

/* --- targets --- */

static struct target_status *targets_add(struct model *model, struct span url) {
	struct routes_status *routes = &model->routes;
	if (routes->target_count == ROUTE_TARGETS_SHOWN_MAX) {
		return NULL;
	}
	struct target_status *target = &routes->targets[routes->target_count++];
	*target = (struct target_status){.state = model->forward.state};
	keep_text(target->url, sizeof target->url, url);
	return target;
}

static struct target_status *find(struct routes_status *routes, struct span url) {
	char cut[sizeof routes->targets[0].url];
	keep_text(cut, sizeof cut, url);
	for (size_t i = 0; i < routes->target_count; i++) {
		if (target_same_text(routes->targets[i].url, cut)) {
			return &routes->targets[i];
		}
	}
	return NULL;
}

struct target_status *targets_find(struct model *model, struct span url) {
	struct routes_status *routes = &model->routes;
	struct target_status *target = find(routes, url);
	if (target || routes->count > 0) {
		return target;
	}
	/* before the table is told there is what was typed */
	return routes->target_count > 0 ? &routes->targets[0]
	                                : targets_add(model, span_text(model->forward.target));
}

/* Those that are routed to, each once, with what was known of them. */
static void list_targets(struct model *model) {
	struct routes_status *routes = &model->routes;
	struct routes_status before = {.target_count = routes->target_count};
	memcpy(before.targets, routes->targets, sizeof before.targets);
	routes->target_count = 0;
	for (size_t i = 0; i < routes->count; i++) {
		const struct route_row *row = &routes->rows[i];
		if (row->enabled && !find(routes, span_text(row->target))) {
			struct target_status *known = find(&before, span_text(row->target));
			struct target_status *target = targets_add(model, span_text(row->target));
			if (target && model->forward.state != FORWARD_OFF) {
				target->state = FORWARD_ASKING;
			}
			if (target && known) {
				*target = *known;
			}
		}
	}
}

void targets_begin(struct model *model) {
	model->routes.target_count = 0;
	list_targets(model);
}

/* The one that needs most to be looked at. */
static const struct target_status *worst_of(const struct routes_status *routes) {
	static const enum forward_state by_weight[] = {
		FORWARD_AWAY, FORWARD_OTHER, FORWARD_ASKING, FORWARD_ON};
	for (size_t weight = 0; weight < sizeof by_weight / sizeof *by_weight; weight++) {
		for (size_t i = 0; i < routes->target_count; i++) {
			if (routes->targets[i].state == by_weight[weight]) {
				return &routes->targets[i];
			}
		}
	}
	return NULL;
}

void targets_sum_up(struct model *model) {
	struct forward_status *forward = &model->forward;
	const struct target_status *worst = worst_of(&model->routes);
	if (worst && forward->state != FORWARD_OFF) {
		forward->state = worst->state;
		keep_text(forward->holder, sizeof forward->holder, span_text(worst->holder));
		keep_text(forward->why, sizeof forward->why, span_text(worst->why));
	}
}

/* --- the table --- */

static void row_clear(struct route_row *row) {
	free(row->line);
	free(row->name);
	free(row->filter);
	free(row->to);
	free(row->target);
}

void routes_forget(struct model *model) {
	struct routes_status *routes = &model->routes;
	for (size_t i = 0; i < routes->count; i++) {
		row_clear(&routes->rows[i]);
	}
	free(routes->rows);
	routes->rows = NULL;
	routes->count = 0;
}

static char *copy(struct span text) {
	return alloc_text(text.data, text.len);
}

static void keep_rows(struct model *model, const struct msg_routes *told) {
	struct routes_status *routes = &model->routes;
	routes_forget(model);
	routes->rows = alloc_zero(told->count + 1, sizeof *routes->rows);
	routes->count = told->count;
	for (size_t i = 0; i < told->count; i++) {
		const struct msg_route *route = &told->list[i];
		routes->rows[i] = (struct route_row){.line = copy(route->line),
			.name = copy(route->name),
			.filter = copy(route->filter),
			.to = copy(route->to),
			.target = copy(route->target),
			.enabled = route->enabled};
	}
	routes->all = told->all;
	routes->changed = told->changed;
	keep_text(routes->file, sizeof routes->file, told->file);
}

static const struct route_row *first_enabled(const struct routes_status *routes) {
	for (size_t i = 0; i < routes->count; i++) {
		if (routes->rows[i].enabled) {
			return &routes->rows[i];
		}
	}
	return NULL;
}

bool routes_enabled(const struct model *model) {
	return first_enabled(&model->routes) != NULL;
}

static void keep_cursor(struct model *model) {
	size_t count = model->routes.count;
	if (model->dialog.kind == DIALOG_ROUTES && model->dialog.top >= count) {
		model->dialog.top = count > 0 ? count - 1 : 0;
	}
}

/* What was wrong with a line is told where it can be mended. */
static void mend(struct model *model, const struct msg *msg) {
	if (msg->text.len == 0) {
		model_note(model, true, "%s", msg->error->text);
		return;
	}
	prompt_open(model, PROMPT_ROUTE, msg->text);
	model->routes.editing = (size_t)msg->number;
	keep_text(model->prompt.error, sizeof model->prompt.error, span_text(msg->error->text));
}

void routes_take(struct model *model, const struct msg *msg) {
	keep_rows(model, msg->routes);
	list_targets(model);
	keep_cursor(model);
	const struct route_row *first = first_enabled(&model->routes);
	if (first) {
		keep_text(model->forward.target, sizeof model->forward.target, span_text(first->to));
		targets_sum_up(model);
	} else if (model->forward.state != FORWARD_OFF && !msg->error) {
		forward(model, span_text("off"));
	}
	if (msg->error) {
		mend(model, msg);
	}
}

/* --- keys --- */

static struct effect *change(struct model *model, enum route_edit edit, size_t at) {
	struct effect *effect = effects_add(&model->effects, EFFECT_ROUTES);
	effect->edit = edit;
	effect->number = (int64_t)at;
	return effect;
}

void routes_open(struct model *model) {
	size_t at = model->routes.editing < model->routes.count ? model->routes.editing : 0;
	model->dialog = (struct dialog){.kind = DIALOG_ROUTES, .top = at};
}

void routes_typed(struct model *model, struct span line) {
	size_t at = model->routes.editing;
	buffer_append_span(&change(model, ROUTE_EDIT_LINE, at)->text, line);
	model->dialog = (struct dialog){.kind = DIALOG_ROUTES, .top = at};
}

static void ask_line(struct model *model, size_t at, const char *text) {
	prompt_open(model, PROMPT_ROUTE, span_text(text));
	model->routes.editing = at;
}

void routes_add_line(struct model *model, struct span line) {
	model->routes.editing = model->routes.count;
	if (line.len > 0) {
		routes_typed(model, line);
	} else {
		ask_line(model, model->routes.count, "");
	}
}

static void move_to(struct model *model, int64_t by) {
	int64_t to = (int64_t)model->dialog.top + by;
	if (to >= 0 && to < (int64_t)model->routes.count) {
		change(model, ROUTE_EDIT_MOVE, model->dialog.top)->limit = to;
		model->dialog.top = (size_t)to;
	}
}

/* Keys about the chosen route. False: it is none of these. */
static bool change_chosen(struct model *model, uint32_t key) {
	size_t at = model->dialog.top;
	const struct route_row *row = at < model->routes.count ? &model->routes.rows[at] : NULL;
	if (key == KEY_ENTER_KEY || key == 'e') {
		ask_line(model, row ? at : 0, row ? row->line : "");
	} else if (key == ' ' && row) {
		change(model, ROUTE_EDIT_SWITCH, at)->flag = !row->enabled;
	} else if ((key == 'x' || key == KEY_DELETE) && row) {
		model_note(model, false, "removed: %s", row->line);
		change(model, ROUTE_EDIT_REMOVE, at);
	} else if (key == 'K' || key == 'J') {
		move_to(model, key == 'K' ? -1 : 1);
	} else {
		return false;
	}
	return true;
}

static bool change_table(struct model *model, uint32_t key) {
	if (key == 'a') {
		ask_line(model, model->routes.count, "");
	} else if (key == 'm') {
		change(model, ROUTE_EDIT_MATCH, 0)->flag = !model->routes.all;
	} else if (key == 'w') {
		change(model, ROUTE_EDIT_SAVE, 0);
	} else if (key == 'F') {
		forward(model, (struct span){0});
	} else {
		return false;
	}
	return true;
}

static bool choose(struct model *model, enum action action) {
	size_t *at = &model->dialog.top, last = model->routes.count > 0 ? model->routes.count - 1 : 0;
	switch (action) {
	case ACTION_UP:
	case ACTION_PREVIOUS_EVENT:
		*at -= *at > 0;
		return true;
	case ACTION_DOWN:
	case ACTION_NEXT_EVENT:
		*at += *at < last;
		return true;
	case ACTION_FIRST:
	case ACTION_PAGE_UP:
	case ACTION_HALF_UP:
		*at = 0;
		return true;
	case ACTION_LAST:
	case ACTION_PAGE_DOWN:
	case ACTION_HALF_DOWN:
		*at = last;
		return true;
	default:
		return false;
	}
}

/* Its own keys and those that move; any other one closes the table and does what it does. */
void routes_key(struct model *model, uint32_t key) {
	if (change_chosen(model, key) || change_table(model, key)) {
		return;
	}
	enum action action =
		keymap_action(&model->keymap, key, in_detail(model) ? PLACE_DETAIL : PLACE_LIST);
	if (choose(model, action)) {
		return;
	}
	dialog_leave(model, action, ACTION_ROUTES);
}
