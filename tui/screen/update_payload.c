/* The cursor in the payload: moving, folding, going to names, and what is done with the value under it. */
#include <string.h>

#include "common/text.h"
#include "tui/screen/update_parts.h"

/* Longest value that is copied or filtered by. */
#define VALUE_COPIED_MAX ((size_t)1024 * 1024)
#define VALUE_FILTERED_MAX 1000

bool payload_has_cursor(const struct model *model) {
	const struct detail *detail = &model->detail;
	return detail->pane == PANE_PAYLOAD && detail->document && detail->event &&
	       !detail->payload.piped.shown;
}

/* The bytes it is in. */
static struct span shown(const struct model *model) {
	return payload_bytes(&model->detail.payload, buffer_span(&model->detail.body));
}

/* --- where it is --- */

/* Whether the byte is in the value that is known: a long text is not read again for each of its lines. */
static bool is_known(const struct payload *payload, size_t offset) {
	const struct outline_spot *spot = &payload->spot;
	bool holds = spot->kind == JSON_OBJECT_BEGIN || spot->kind == JSON_ARRAY_BEGIN;
	return payload->outline && payload->path.len > 0 && !holds && offset >= spot->from &&
	       offset < spot->end;
}

/* What is under the cursor. */
static void look(struct model *model) {
	struct detail *detail = &model->detail;
	struct payload *payload = &detail->payload;
	struct span bytes;
	size_t offset;
	payload->has_byte = document_byte_of(detail->document, payload->cursor, &bytes, &offset) &&
	                    bytes.data == shown(model).data;
	if (payload->has_byte && is_known(payload, offset)) {
		payload->byte = offset;
		return;
	}
	buffer_reset(&payload->path);
	if (!payload->has_byte) {
		return;
	}
	payload->byte = offset;
	if (payload->outline && !outline_at(payload->outline, offset, &payload->spot, &payload->path)) {
		buffer_reset(&payload->path);
	}
}

static void show_cursor(struct model *model) {
	struct detail *detail = &model->detail;
	size_t rows = detail_rows(model), cursor = detail->payload.cursor;
	if (cursor < detail->top) {
		detail->top = cursor;
	} else if (cursor >= detail->top + rows) {
		detail->top = cursor - rows + 1;
	}
}

static void clamp_cursor(struct model *model) {
	struct detail *detail = &model->detail;
	size_t lines = document_lines(detail->document);
	if (detail->to_end || (lines > 0 && detail->payload.cursor >= lines)) {
		detail->payload.cursor = lines > 0 ? lines - 1 : 0;
	}
}

void payload_go(struct model *model, size_t line) {
	model->detail.payload.seeking = false;
	model->detail.payload.cursor = line;
	model->detail.to_end = false;
	clamp_cursor(model);
	show_cursor(model);
	look(model);
}

/* To the line of a byte; what is not laid out yet is waited for. */
static void go_to_byte(struct model *model, size_t byte) {
	struct detail *detail = &model->detail;
	size_t line, rows = detail_rows(model);
	detail->payload.seek_to = byte;
	detail->payload.seeking = true;
	if (!document_line_of_byte(detail->document, byte, &line)) {
		document_layout(detail->document, STEP_BYTES);
	}
	if (!document_line_of_byte(detail->document, byte, &line)) {
		detail->payload.seeking = !document_is_complete(detail->document);
		return;
	}
	if (line < detail->top || line >= detail->top + rows) {
		detail->top = line > rows / 3 ? line - rows / 3 : 0;
		detail_clamp(model);
	}
	payload_go(model, line);
}

/* Of a tree the cursor begins on its first line, below the facts. */
static void to_beginning(struct model *model) {
	struct payload *payload = &model->detail.payload;
	struct document *document = model->detail.document;
	if (document_lines(document) == 0) {
		document_layout(document, STEP_BYTES);
	}
	if (!document_line_of_byte(document, 0, &payload->cursor)) {
		payload->cursor = 0;
	}
}

void payload_laid(struct model *model, bool keep_place) {
	struct payload *payload = &model->detail.payload;
	if (!payload_has_cursor(model)) {
		return;
	}
	if (!keep_place || !payload->placed) {
		payload->placed = true;
		to_beginning(model);
	} else if ((payload->has_byte || payload->seeking) && payload->outline) {
		go_to_byte(model, payload->seeking ? payload->seek_to : payload->byte);
		return;
	}
	payload->seeking = false;
	clamp_cursor(model);
	show_cursor(model);
	look(model);
}

void payload_scroll(struct model *model, int64_t lines, bool view) {
	struct detail *detail = &model->detail;
	int64_t cursor = (int64_t)detail->payload.cursor + lines;
	int64_t top = (int64_t)detail->top + lines;
	detail->to_end = detail->to_end && lines == 0;
	detail->payload.cursor = cursor > 0 ? (size_t)cursor : 0;
	if (view) {
		detail->top = top > 0 ? (size_t)top : 0;
	}
	detail->payload.seeking = false;
	detail_clamp(model);
	if (!view && detail->payload.cursor >= document_lines(detail->document) && !detail->to_end) {
		document_layout(detail->document, STEP_BYTES);
	}
	clamp_cursor(model);
	show_cursor(model);
	look(model);
}

void payload_first(struct model *model) {
	if (payload_has_cursor(model)) {
		to_beginning(model);
		payload_go(model, model->detail.payload.cursor);
	}
}

/* --- folding --- */

/* What is above or below the cursor has changed. */
static void changed(struct model *model, size_t from, size_t byte) {
	document_tree_changed(model->detail.document, from);
	go_to_byte(model, byte);
}

/* A tree is there, and something of it under the cursor; else that is told. */
static bool has_spot(struct model *model) {
	const struct payload *payload = &model->detail.payload;
	if (payload_has_cursor(model) && payload->path.len > 0) {
		return true;
	}
	model_note(model, true, "%s",
		model->detail.pane != PANE_PAYLOAD ? "that is for the payload: 2 shows it"
		: payload->outline                 ? "there is no JSON under the cursor"
										   : "that is for payloads in JSON");
	return false;
}

/* Of a value that holds none, what it is in. */
static bool foldable(struct model *model, size_t *begin) {
	struct payload *payload = &model->detail.payload;
	size_t around[JSON_LEXER_DEPTH];
	struct outline_extent extent;
	*begin = payload->spot.begin;
	bool holds = payload->spot.kind == JSON_OBJECT_BEGIN || payload->spot.kind == JSON_ARRAY_BEGIN;
	if (!holds || (payload->spot.end > 0 && payload->spot.items == 0)) {
		size_t depth = outline_around(payload->outline, *begin, around, JSON_LEXER_DEPTH);
		if (depth == 0) {
			return false;
		}
		*begin = around[depth - 1];
	}
	return outline_extent(payload->outline, *begin, &extent);
}

void payload_fold(struct model *model) {
	struct payload *payload = &model->detail.payload;
	size_t begin;
	if (!has_spot(model)) {
		return;
	}
	if (!foldable(model, &begin)) {
		model_note(model, true, "%s",
			outline_is_complete(payload->outline) ? "there is nothing to fold here"
												  : "it is still being read: again in a moment");
		return;
	}
	folds_turn(&payload->folds, begin);
	changed(model, begin, begin);
}

void payload_fold_all(struct model *model) {
	struct payload *payload = &model->detail.payload;
	if (!has_spot(model)) {
		return;
	}
	bool several = outline_values(payload->outline) > 1;
	folds_reset(&payload->folds, folds_any(&payload->folds) ? 0 : several ? 1 : 2);
	changed(model, 0, payload->byte);
}

/* Unfolds all that a byte is in. */
static void reveal(struct model *model, size_t byte) {
	struct payload *payload = &model->detail.payload;
	size_t around[JSON_LEXER_DEPTH], first = byte;
	size_t depth = outline_around(payload->outline, byte, around, JSON_LEXER_DEPTH);
	for (size_t i = depth; i > 0; i--) {
		if (folds_has(&payload->folds, around[i - 1], i - 1)) {
			folds_turn(&payload->folds, around[i - 1]);
			first = around[i - 1];
		}
	}
	if (first < byte) {
		document_tree_changed(model->detail.document, first);
	}
	go_to_byte(model, byte);
}

void payload_go_to_hit(struct model *model, size_t line) {
	struct payload *payload = &model->detail.payload;
	size_t byte, rows = detail_rows(model);
	if (payload->outline && folds_any(&payload->folds) &&
		document_byte_found(model->detail.document, &byte)) {
		reveal(model, byte);
		return;
	}
	if (line < model->detail.top || line >= model->detail.top + rows) {
		model->detail.top = line > rows / 3 ? line - rows / 3 : 0;
		detail_clamp(model);
	}
	payload_go(model, line);
}

/* --- going to a name --- */

static bool jump_step(struct model *model, size_t budget) {
	struct payload *payload = &model->detail.payload;
	size_t byte;
	enum outline_found found = outline_seek(payload->jump, budget, &byte);
	if (found == OUTLINE_GO_ON) {
		return true;
	}
	outline_seek_free(payload->jump);
	payload->jump = NULL;
	if (found == OUTLINE_FOUND) {
		reveal(model, byte);
	} else {
		model_note(model, true, "there is no such name or path in the payload");
	}
	return payload->seeking;
}

bool payload_stop_jump(struct model *model) {
	struct payload *payload = &model->detail.payload;
	bool running = payload->jump != NULL;
	outline_seek_free(payload->jump);
	payload->jump = NULL;
	return running;
}

void payload_jump(struct model *model, struct span wanted) {
	struct payload *payload = &model->detail.payload;
	if (!payload_has_cursor(model) || !payload->outline) {
		model_note(model, true, "names and paths are for payloads in JSON");
		return;
	}
	if (wanted.len == 0) {
		prompt_open(model, PROMPT_JUMP, wanted);
		return;
	}
	outline_seek_free(payload->jump);
	payload->jump =
		outline_seek_new(payload->outline, wanted, payload->has_byte ? payload->byte : 0);
	if (!payload->jump) {
		model_note(model, true, "a path is such as .data.items[3].id");
		return;
	}
	jump_step(model, STEP_BYTES);
}

/* --- the value under the cursor --- */

bool payload_path(struct model *model, struct buffer *out) {
	if (!has_spot(model)) {
		return false;
	}
	buffer_append_span(out, buffer_span(&model->detail.payload.path));
	return true;
}

bool payload_value(struct model *model, struct buffer *out) {
	if (!has_spot(model)) {
		return false;
	}
	const struct outline_spot *spot = &model->detail.payload.spot;
	if (spot->end == 0 || spot->end - spot->begin > VALUE_COPIED_MAX) {
		model_note(
			model, true, "%s", spot->end == 0 ? "its end is not known" : "it is longer than 1 MiB");
		return false;
	}
	struct span token = {shown(model).data + spot->begin, spot->end - spot->begin};
	if (spot->kind == JSON_STRING) {
		json_unescape(out, token);
	} else {
		buffer_append_span(out, token);
	}
	return true;
}

/* "=VALUE" of a value that holds no others, in quotation marks where a filter needs them. False: it cannot be said in one. */
static bool append_value(struct model *model, struct buffer *out) {
	const struct outline_spot *spot = &model->detail.payload.spot;
	if (spot->kind == JSON_OBJECT_BEGIN || spot->kind == JSON_ARRAY_BEGIN) {
		return true; /* that there is one */
	}
	struct buffer value = {0};
	bool good = spot->end - spot->begin <= VALUE_FILTERED_MAX && payload_value(model, &value);
	for (size_t i = 0; i < value.len && good; i++) {
		unsigned char byte = (unsigned char)value.data[i];
		good = byte >= ' ' && byte != '"' && byte != 0x7f;
	}
	good = good && text_is_utf8(buffer_span(&value));
	bool plain = value.len > 0;
	for (size_t i = 0; i < value.len; i++) {
		plain = plain && !strchr(" ,:()", value.data[i]);
	}
	buffer_append_text(out, plain ? "=" : "=\"");
	buffer_append_span(out, buffer_span(&value));
	buffer_append_text(out, plain ? "" : "\"");
	buffer_clear(&value);
	return good;
}

/* The path as a filter has it: an element at the front is ".3". */
static bool append_path(struct buffer *out, struct span path) {
	for (size_t i = 0; i < path.len; i++) {
		char byte = path.data[i];
		if (byte == '"') {
			return false;
		}
		if (byte != ']' && !(byte == '[' && i == 1)) {
			buffer_append_byte(out, byte == '[' ? '.' : byte);
		}
	}
	return path.len > 1;
}

void payload_filter(struct model *model) {
	struct buffer text = {0};
	if (!has_spot(model)) {
		return;
	}
	const struct payload *payload = &model->detail.payload;
	buffer_append_span(&text, buffer_span(&model->filter));
	buffer_append_text(&text, text.len > 0 ? " " : "");
	if (payload->spot.values == 0 && append_path(&text, buffer_span(&payload->path)) &&
		append_value(model, &text)) {
		prompt_open(model, PROMPT_FILTER, buffer_span(&text));
	} else {
		model_note(model, true, "a filter cannot say this: it takes plain names and short texts");
	}
	buffer_clear(&text);
}

/* --- what is left for later --- */

/* True: not all is read. */
static bool read_further(struct model *model, size_t budget) {
	struct payload *payload = &model->detail.payload;
	if (!payload->outline || outline_is_complete(payload->outline)) {
		return false;
	}
	if (!outline_read(payload->outline, budget)) {
		return true;
	}
	if (payload_has_cursor(model) &&
		(folds_any(&payload->folds) || outline_has_repeats(payload->outline))) {
		changed(model, 0, payload->byte);
	} else if (payload_has_cursor(model)) {
		look(model);
	}
	return false;
}

bool payload_idle(struct model *model, size_t budget) {
	struct payload *payload = &model->detail.payload;
	bool more = read_further(model, budget);
	if (!payload_has_cursor(model)) {
		return more;
	}
	if (payload->jump) {
		more = jump_step(model, budget) || more;
	} else if (payload->seeking) {
		go_to_byte(model, payload->seek_to);
		more = payload->seeking || more;
	} else if (model->detail.to_end) {
		payload_scroll(model, 0, false);
	}
	return more || !document_is_complete(model->detail.document);
}
