#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* Commands that are offered above the line at once. */
#define CANDIDATES_MOST 10
/* Columns of a candidate's name with its argument; its help stands behind. */
#define CANDIDATE_COLUMNS 26

/* Narrower rows have the short label. */
#define COLUMNS_WITH_LABEL 30

static const struct {
	const char *label, *brief;
	const char *hint; /* while nothing is typed */
} prompts[] = {
	[PROMPT_FILTER] = {"filter: ", "/",
		"Tab offers what there is: provider:stripe type:charge.* status:5xx words"},
	[PROMPT_FIND] = {"find: ", "/", "text in this pane"},
	[PROMPT_JUMP] = {"jump to: ", "to ",
		"a name such as customer, or a path such as .data.items[3].id"},
	[PROMPT_PIPE] = {"pipe to: ", "| ", "a shell command such as jq .data"},
	[PROMPT_COMMAND] = {":", ":", ""},
	[PROMPT_FORWARD] = {"forward to: ", "to ", "such as localhost:3000"},
	[PROMPT_ROUTE] = {"route: ", "",
		"such as provider:stripe => localhost:3000/stripe path=replaced"},
	[PROMPT_REPLAY] = {"replay to: ", "to ", "such as localhost:3000"},
	[PROMPT_HELP] = {"find in the help: ", "/", "a key, or a word of what it does"},
	[PROMPT_NOTE] = {"note: ", "note ", "what others should know of it"},
	[PROMPT_DELIVERIES] = {"filter: ", "/",
		"such as status:5xx target:*:3000* cause:retry who:bob@* provider:stripe"},
	[PROMPT_RETRIES] = {"narrow to: ", "/", "words such as stripe#42 localhost:3000 503 paused"},
	[PROMPT_SECRET] = {"secret, hidden: ", "secret ",
		"as the provider shows it; Enter adds it, and the history is judged again"},
	[PROMPT_IGNORE] = {"leave out: ", "without ",
		"a name (created_at, Date) or a path (.items[*].id); nothing: all count again"},
	[PROMPT_EDIT] = {"edit, then send to: ", "to ", "such as localhost:3000"},
	[PROMPT_RETRY] = {"try again: ", "again ", "5s,30s,5m, provider, provider @60x, none"},
	[PROMPT_BULK_TARGET] = {"replay to: ", "to ", "such as localhost:3000"},
	[PROMPT_BULK_PACE] = {"pace: ", "pace ", "10/s, 30/m, original, 60x (times as fast), none"},
	[PROMPT_PROVE] = {"prove the app at: ", "at ", "such as localhost:3000/hooks"},
	[PROMPT_BULK_HOST] = {"its host: ", "host ", "type the host of the target to send there"},
};

/* How many bytes of the text stand in its first `columns` columns, whole characters with their marks. */
static size_t bytes_of_columns(const struct canvas *canvas, struct span text, size_t columns) {
	struct text_cursor cursor;
	struct text_piece piece;
	size_t len = 0;
	text_begin(&cursor, text, canvas->ascii ? TEXT_ASCII : TEXT_LINE);
	while (text_next(&cursor, &piece) && (columns > 0 || piece.columns == 0)) {
		bool run = piece.columns == piece.source.len;
		size_t taken = run && columns < piece.columns ? columns : piece.columns;
		len += run ? taken : piece.source.len;
		columns -= taken < columns ? taken : columns;
		if (taken < piece.columns) {
			return len;
		}
	}
	return len;
}

/* From which byte on the text is shown, so that the cursor is seen in `columns`. */
static size_t first_shown(
	const struct canvas *canvas, struct span text, size_t at, size_t columns) {
	struct span before = {text.data, at};
	size_t wide = canvas_measure(canvas, before, SIZE_MAX);
	return wide < columns ? 0 : bytes_of_columns(canvas, before, wide - columns + 1);
}

/* The line with its cursor; returns where it ends. */
static size_t paint_typed(const struct prompt *prompt, struct canvas *canvas, struct area row) {
	struct span text = buffer_span(&prompt->text);
	const char *label = row.columns < COLUMNS_WITH_LABEL ? prompts[prompt->kind].brief
	                                                     : prompts[prompt->kind].label;
	size_t used = canvas_put(canvas, row.x, row.y, row.columns, span_text(label), STYLE_KEY);
	size_t x = row.x + used, room = row.columns - used;
	size_t first = first_shown(canvas, text, prompt->at, room);
	struct span before = {text.data + first, prompt->at - first};
	if (first > 0) {
		canvas_glyph(canvas, x - 1, row.y, "\u2026", '~', STYLE_FAINT);
	}
	canvas->cursor = true;
	canvas->cursor_y = row.y;
	canvas->cursor_x = x + canvas_measure(canvas, before, room);
	canvas_put_piece(canvas, x, row.y, room, span_after(text, first), STYLE_TEXT, &used);
	return x + used;
}

/* Of a secret no byte is painted, only how many there are. */
static size_t paint_line(const struct prompt *prompt, struct canvas *canvas, struct area row) {
	if (prompt->kind != PROMPT_SECRET) {
		return paint_typed(prompt, canvas, row);
	}
	struct prompt hidden = {.kind = prompt->kind, .at = prompt->at};
	for (size_t i = 0; i < prompt->text.len; i++) {
		buffer_append_byte(&hidden.text, '*');
	}
	size_t end = paint_typed(&hidden, canvas, row);
	buffer_clear(&hidden.text);
	return end;
}

/* What is wrong: behind the line where there is room for all of it, else above it. */
static void paint_error(
	const struct prompt *prompt, struct canvas *canvas, const struct layout *layout, size_t end) {
	struct area row = layout->prompt, bar = layout->bar;
	struct span text = span_text(prompt->error);
	size_t room = row.columns > end + 3 ? row.columns - end - 3 : 0;
	if (canvas_measure(canvas, text, room) <= room) {
		canvas_put(canvas, end + 3, row.y, room, text, STYLE_BAD);
		return;
	}
	size_t most = row.y < 4 ? row.y : 4;
	size_t rows = view_text_rows(canvas, row.columns, most, text);
	struct area above = {row.x, row.y - rows, row.columns, rows};
	canvas_fill(canvas, above, bar.rows > 0 ? STYLE_BAR : STYLE_TEXT);
	view_text(canvas, above, text, STYLE_BAR_BAD);
}

/* One line of the list above the prompt: ":filter [FILTER]  show only events that match". */
static void paint_candidate(struct canvas *canvas, struct area row, const struct binding *binding) {
	char name[64];
	snprintf(
		name, sizeof name, ":%s %s", binding->command, binding->argument ? binding->argument : "");
	size_t used = canvas_put(canvas, row.x, row.y, row.columns, span_text(name), STYLE_KEY);
	size_t x = used + 2 > CANDIDATE_COLUMNS ? used + 2 : CANDIDATE_COLUMNS;
	if (x + 12 < row.columns) {
		canvas_put(canvas, row.x + x, row.y, row.columns - x, span_text(binding->help), STYLE_TEXT);
	}
}

/* Commands that begin with what is typed; when an argument is typed, the one it is for. */
static void paint_candidates(
	const struct prompt *prompt, struct canvas *canvas, struct area row, size_t rows_above) {
	const struct binding *found[ACTION_COUNT];
	struct span rest = buffer_span(&prompt->text);
	struct span name = span_cut(&rest, ' ');
	size_t count = action_complete(name, found, ACTION_COUNT);
	size_t shown = count < CANDIDATES_MOST ? count : CANDIDATES_MOST;
	shown = shown < rows_above ? shown : rows_above;
	size_t y = row.y - shown;
	canvas_fill(canvas, (struct area){row.x, y, row.columns, shown}, STYLE_TEXT);
	for (size_t i = 0; i < shown; i++) {
		struct area line = {row.x, y + i, row.columns, 1};
		if (i + 1 == shown && count > shown) {
			canvas_print(
				canvas, line.x, line.y, line.columns, STYLE_FAINT, "... and %zu others", count - i);
		} else {
			paint_candidate(canvas, line, found[i]);
		}
	}
}

static void paint_prompt(
	const struct model *model, struct canvas *canvas, const struct layout *layout) {
	const struct prompt *prompt = &model->prompt;
	struct area row = layout->prompt;
	size_t end = paint_line(prompt, canvas, row);
	if (prompt->error[0]) {
		paint_error(prompt, canvas, layout, end);
	} else if (prompt->kind == PROMPT_COMMAND) {
		paint_candidates(prompt, canvas, row, row.y < 8 ? row.y : row.y / 2);
	} else if (!view_offers(model, canvas, row, row.y < 8 ? row.y : row.y / 2) &&
			   prompt->text.len == 0 && row.columns > end + 1) {
		canvas_put(canvas, end + 1, row.y, row.columns - end - 1,
			span_text(prompts[prompt->kind].hint), STYLE_FAINT);
	}
}

struct hint {
	enum action action;
	const char *word;
	const char *key; /* of a dialog that has its own; NULL: that of the action */
	bool careful;    /* what it does does not come back: a first click only chooses it */
};

/* In the order of their weight; help stands at the right and is the last to go. */
static const struct hint list_hints[] = {{ACTION_OPEN, "open"}, {ACTION_REPLAY, "replay"},
	{ACTION_FORWARD, "forward"}, {ACTION_FILTER, "filter"}, {ACTION_SELECT, "select"},
	{ACTION_COPY, "copy"}, {ACTION_FOLLOW, "follow"}, {ACTION_COMMAND, "command"}};
static const struct hint detail_hints[] = {{ACTION_CLOSE, "close"},
	{ACTION_NEXT_EVENT, "next event"}, {ACTION_REPLAY, "replay"}, {ACTION_RIGHT, "next tab"},
	{ACTION_FIND, "find"}, {ACTION_FORM, "form"}, {ACTION_COPY, "copy"},
	{ACTION_MAXIMISE, "maximise"}};
static const struct hint empty_hints[] = {{ACTION_DEMO, "demo"}, {ACTION_FORWARD, "forward"},
	{ACTION_COMMAND, "command"}, {ACTION_QUIT, "quit"}};
static const struct hint no_match_hints[] = {
	{ACTION_BACK, "all events"}, {ACTION_FILTER, "filter"}, {ACTION_QUIT, "quit"}};
static const struct hint help_hints[] = {{ACTION_NONE, "do it", "Enter"},
	{ACTION_NONE, "find", "/"}, {ACTION_PAGE_DOWN, "on"}, {ACTION_PAGE_UP, "back"},
	{ACTION_BACK, "close"}};
static const struct hint overview_hints[] = {{ACTION_NONE, "events", "Enter"},
	{ACTION_NONE, "next chart", "Tab"}, {ACTION_NONE, "time", "Space"}, {ACTION_BACK, "close"}};
static const struct hint endpoints_hints[] = {{ACTION_OPEN, "events"}, {ACTION_COPY, "copy URL"},
	{ACTION_DOWN, "down"}, {ACTION_UP, "up"}, {ACTION_BACK, "close"}};
static const struct hint deliveries_hints[] = {{ACTION_OPEN, "event"}, {ACTION_FILTER, "filter"},
	{ACTION_DOWN, "older"}, {ACTION_UP, "newer"}, {ACTION_BACK, "close"}};
static const struct hint retries_hints[] = {{ACTION_OPEN, "event"}, {ACTION_NONE, "now", "n"},
	{ACTION_NONE, "pause", "p"}, {ACTION_NONE, "cancel", "c", true}, {ACTION_SELECT, "choose"},
	{ACTION_FILTER, "narrow"}, {ACTION_NONE, "same app", "="}, {ACTION_NONE, "policy", "s"},
	{ACTION_BACK, "close"}};
static const struct hint timeline_hints[] = {{ACTION_OPEN, "event"},
	{ACTION_NONE, "next key", "Tab"}, {ACTION_DOWN, "later"}, {ACTION_UP, "earlier"},
	{ACTION_BACK, "close"}};
static const struct hint diff_hints[] = {{ACTION_NONE, "next", "Tab"},
	{ACTION_NONE, "without ids, times", "i"}, {ACTION_NONE, "leave out", "I"},
	{ACTION_NONE, "form", "b"}, {ACTION_NONE, "as written", "w"},
	{ACTION_NONE, "copy command", "y"}, {ACTION_BACK, "close"}};
static const struct hint log_hints[] = {
	{ACTION_COPY, "copy"}, {ACTION_DOWN, "older"}, {ACTION_UP, "newer"}, {ACTION_BACK, "close"}};
static const struct hint filters_hints[] = {{ACTION_NONE, "filter", "Enter"},
	{ACTION_NONE, "edit", "e"}, {ACTION_NONE, "save the one in force", "s"},
	{ACTION_NONE, "take away", "x"}, {ACTION_BACK, "close"}};
static const struct hint routes_hints[] = {{ACTION_NONE, "add", "a"},
	{ACTION_NONE, "edit", "Enter"}, {ACTION_NONE, "on/off", "Space"}, {ACTION_NONE, "move", "K/J"},
	{ACTION_NONE, "remove", "x"}, {ACTION_NONE, "write", "w"}, {ACTION_BACK, "close"},
	{ACTION_NONE, "match", "m"}};
static const struct hint samples_hints[] = {{ACTION_NONE, "send", "Enter"}, {ACTION_DOWN, "down"},
	{ACTION_UP, "up"}, {ACTION_BACK, "back"}};
static const struct hint qr_hints[] = {{ACTION_BACK, "close"}};
static const struct hint copy_hints[] = {{ACTION_BACK, "cancel"}};

/* "r replay"; returns its columns with the gap behind it, 0 when it does not fit. */
static size_t paint_hint(
	struct canvas *canvas, size_t x, size_t y, size_t columns, const char *key, const char *word) {
	size_t width = span_text(key).len + 1 + span_text(word).len;
	if (*key == '\0' || width > columns) {
		return 0;
	}
	size_t used = canvas_put(canvas, x, y, columns, span_text(key), STYLE_KEY) + 1;
	canvas_put(canvas, x + used, y, columns - used, span_text(word), STYLE_FAINT);
	touch_key_named(canvas, (struct area){x, y, width, 1}, key);
	return width + 2;
}

struct hints {
	const struct hint *list;
	size_t count;
	bool help; /* the help is a key away */
};

#define HINTS(list, help) ((struct hints){list, sizeof list / sizeof *list, help})

static struct hints hints_of_panes(const struct model *model, bool in_detail) {
	if (in_detail) {
		return HINTS(detail_hints, true);
	}
	if (model->window.count > 0) {
		return HINTS(list_hints, true);
	}
	return model->filter.len > 0 ? HINTS(no_match_hints, true) : HINTS(empty_hints, true);
}

/* Of a question the keys stand in its box. */
static struct hints hints_of(const struct model *model, bool in_detail) {
	switch (model->dialog.kind) {
	case DIALOG_NONE:
		return hints_of_panes(model, in_detail);
	case DIALOG_HELP:
		return HINTS(help_hints, false);
	case DIALOG_OVERVIEW:
		return HINTS(overview_hints, false);
	case DIALOG_ENDPOINTS:
		return HINTS(endpoints_hints, false);
	case DIALOG_TIMELINE:
		return HINTS(timeline_hints, false);
	case DIALOG_DELIVERIES:
		return HINTS(deliveries_hints, false);
	case DIALOG_RETRIES:
		return HINTS(retries_hints, false);
	case DIALOG_DIFF:
		return HINTS(diff_hints, false);
	case DIALOG_FILTERS:
		return HINTS(filters_hints, false);
	case DIALOG_LOG:
		return HINTS(log_hints, false);
	case DIALOG_ROUTES:
		return HINTS(routes_hints, false);
	case DIALOG_SAMPLES:
		return HINTS(samples_hints, false);
	case DIALOG_QR:
		return HINTS(qr_hints, false);
	case DIALOG_COPY:
	case DIALOG_SORT:
	case DIALOG_SECRET:
		return HINTS(copy_hints, false);
	default:
		return (struct hints){0};
	}
}

/* The key as it is told: of the action, or the dialog's own. */
static const char *key_of(
	const struct model *model, const struct hint *hint, unsigned place, char text[16]) {
	keymap_key(&model->keymap, text, hint->action, place);
	return hint->key ? hint->key : text;
}

static size_t hint_width(const char *key, const char *word) {
	return *key ? span_text(key).len + 1 + span_text(word).len : 0;
}

/* The one that stands at the right end, whatever else has room: how to get help, or out of a dialog. Returns the columns that are left. */
static size_t paint_last_hint(const struct model *model, struct canvas *canvas, struct area row,
	const struct hints *hints, unsigned place) {
	static const struct hint help = {ACTION_HELP, "help", NULL};
	const struct hint *last = hints->help ? &help : NULL;
	size_t all = 1;
	char text[16];
	for (size_t i = 0; i < hints->count; i++) {
		const struct hint *hint = &hints->list[i];
		all += hint_width(key_of(model, hint, place, text), hint->word) + 2;
		last = !hints->help && hint->action == ACTION_BACK ? hint : last;
	}
	const char *key = last ? key_of(model, last, place, text) : "";
	size_t width = last ? hint_width(key, last->word) : 0;
	if (width == 0 || width + 1 >= row.columns || (last != &help && all <= row.columns + 2)) {
		return row.columns;
	}
	size_t x = row.columns - width - 1;
	return x - (paint_hint(canvas, row.x + x, row.y, width, key, last->word) == 0);
}

static void paint_hints(const struct model *model, struct canvas *canvas, struct area row) {
	bool in_detail = model->detail.open && model->detail_focused;
	bool as_list = !in_detail || model->dialog.kind == DIALOG_DELIVERIES ||
	               model->dialog.kind == DIALOG_RETRIES || model->dialog.kind == DIALOG_TIMELINE;
	unsigned place = as_list ? PLACE_LIST : PLACE_DETAIL;
	struct hints hints = hints_of(model, in_detail);
	char text[16];
	size_t left = paint_last_hint(model, canvas, row, &hints, place);
	size_t x = row.x + 1, end = row.x + left;
	for (size_t i = 0; i < hints.count && x < end; i++) {
		const struct hint *hint = &hints.list[i];
		const char *key = key_of(model, hint, place, text);
		if (*key == '\0' || (left < row.columns && hint->action == ACTION_BACK && !hints.help)) {
			continue; /* whoever took its key away does not need it; or it stands at the end */
		}
		size_t from = x;
		size_t used = paint_hint(canvas, x, row.y, end - x, key, hint->word);
		if (used == 0) {
			return;
		}
		x += used;
		if (hint->careful) {
			struct area area = {from, row.y, used - 2, 1};
			touch_key_carefully(
				canvas, area, (uint32_t)*key, model->dialog.touched == (size_t)*key);
		}
	}
}

/* "New here? Enter opens the event under the cursor   :tips off": instead of the hints, where all of it has room. False: not. */
static bool paint_tip(const struct model *model, struct canvas *canvas, struct area row) {
	static const char lead[] = "New here? ", off[] = ":tips off";
	const struct tip *tip = model->dialog.kind == DIALOG_NONE ? tips_now(model) : NULL;
	char key[16] = "";
	if (tip) {
		bool detail = model->detail.open && model->detail_focused;
		keymap_key(&model->keymap, key, tip->action, detail ? PLACE_DETAIL : PLACE_LIST);
	}
	size_t needed = key[0] ? strlen(lead) + strlen(key) + strlen(tip->text) + sizeof off + 4 : 0;
	if (needed == 0 || needed > row.columns) {
		return false;
	}
	size_t x = row.x + 1, end = row.x + row.columns;
	x += canvas_put(canvas, x, row.y, end - x, span_text(lead), STYLE_TITLE);
	touch_key_named(canvas, (struct area){x, row.y, span_text(key).len, 1}, key);
	x += canvas_put(canvas, x, row.y, end - x, span_text(key), STYLE_KEY) + 1;
	canvas_put(canvas, x, row.y, end - x, span_text(tip->text), STYLE_TEXT);
	canvas_put_right(canvas, row.x, row.y, row.columns - 1, span_text(off), STYLE_FAINT);
	return true;
}

void view_prompt(const struct model *model, struct canvas *canvas, const struct layout *layout) {
	struct area row = layout->prompt;
	if (row.rows == 0) {
		return;
	}
	if (model->prompt.kind != PROMPT_NONE) {
		paint_prompt(model, canvas, layout);
	} else if (model->note.text[0] && model->now_ms < model->note.until_ms) {
		canvas_put(canvas, row.x + 1, row.y, row.columns - 1, span_text(model->note.text),
			model->note.bad ? STYLE_BAD : STYLE_TEXT);
	} else if (!paint_tip(model, canvas, row)) {
		paint_hints(model, canvas, row);
	}
}
