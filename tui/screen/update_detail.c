/* The event beside the list: fetched when it is looked at, shown as a document. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/screen/layout.h"
#include "tui/screen/pane.h"
#include "tui/screen/update.h"
#include "tui/screen/update_parts.h"

/* Answers of one event that are kept; older ones are told in a line. */
#define ATTEMPTS_MAX 100

static void drop_attempts(struct detail *detail) {
	for (size_t i = 0; i < detail->attempt_count; i++) {
		free(detail->attempts[i].attempt);
		buffer_clear(&detail->attempts[i].head);
		buffer_clear(&detail->attempts[i].body);
	}
	free(detail->attempts);
	detail->attempts = NULL;
	detail->attempt_count = detail->attempt_shown = 0;
}

void detail_drop(struct detail *detail) {
	document_free(detail->document);
	detail->document = NULL;
	free(detail->event);
	detail->event = NULL;
	buffer_clear(&detail->head);
	buffer_clear(&detail->body);
	buffer_clear(&detail->trailers);
	drop_attempts(detail);
	payload_drop(&detail->payload);
	detail->finding = false;
}

size_t detail_rows(const struct model *model) {
	size_t rows = layout_of(model).detail.rows;
	return rows > 0 ? rows : 1;
}

/* --- which event --- */

static bool is_wanted(const struct detail *detail, const struct uuid *id) {
	return uuid_equal(&detail->wanted, id);
}

static void ask(struct model *model, const struct uuid *id) {
	struct detail *detail = &model->detail;
	detail->wanted = *id;
	detail->loading = true;
	detail->stale = false;
	detail->error[0] = '\0';
	detail->asked_at_ms = model->now_ms;
	effects_add(&model->effects, EFFECT_DETAIL)->id = *id;
}

void detail_follow(struct model *model) {
	struct detail *detail = &model->detail;
	const struct event *event = model_current(model);
	if (!event || (!detail->open && !model->copying)) {
		return;
	}
	bool other = !is_wanted(detail, &event->id);
	bool again = !other && detail->stale && !detail->loading;
	bool soon = model->now_ms - detail->asked_at_ms < DETAIL_PAUSE_MS;
	if ((other && !(model->following && soon)) || (again && !soon)) {
		ask(model, &event->id);
	}
}

/* Whether the bytes that come are those that are here: then what is folded in them stays so, and the cursor where it is. */
static bool is_the_same(const struct detail *detail, const struct msg_bytes *bytes) {
	return detail->event && is_wanted(detail, &detail->event->id) &&
	       span_equal(buffer_span(&detail->head), bytes->head) &&
	       span_equal(buffer_span(&detail->body), bytes->body) &&
	       span_equal(buffer_span(&detail->trailers), bytes->trailers);
}

void detail_mask(const struct model *model, const struct uuid *id, const struct msg_bytes *bytes,
	struct masked *masked) {
	*masked = (struct masked){.shown = *bytes};
	if (!uuid_equal(id, &model->revealed)) {
		masking_apply(&model->masking, bytes, masked);
	}
}

static void take_bytes(
	struct detail *detail, const struct event *event, const struct msg_bytes *bytes) {
	if (is_the_same(detail, bytes)) {
		document_free(detail->document);
		detail->document = NULL;
		free(detail->event);
		detail->event = event_copy(event);
		drop_attempts(detail);
		return;
	}
	detail_drop(detail);
	detail->event = event_copy(event);
	buffer_append_span(&detail->head, bytes->head);
	buffer_append_span(&detail->body, bytes->body);
	buffer_append_span(&detail->trailers, bytes->trailers);
	if (payload_begin(&detail->payload, buffer_span(&detail->head), buffer_span(&detail->body))) {
		payload_decode(&detail->payload, STEP_BYTES);
	}
	detail->top = 0;
	detail->to_end = false;
}

/* What was decoded has fields of its own that are masked. */
static void mask_decoded(struct model *model) {
	struct detail *detail = &model->detail;
	struct payload *payload = &detail->payload;
	struct msg_bytes bytes = {.head = buffer_span(&detail->head),
		.body = payload_bytes(payload, buffer_span(&detail->body))};
	struct masked masked;
	if (payload->is_masked || bytes.body.len == 0 || bytes.body.data == detail->body.data) {
		return;
	}
	detail_mask(model, &detail->event->id, &bytes, &masked);
	if (masked.shown.body.data != bytes.body.data) {
		buffer_append_span(&payload->masked, masked.shown.body);
		payload->is_masked = true;
		detail->masked += masked.count;
		detail->masked_request += masked.count;
	}
	masked_clear(&masked);
}

void detail_take(struct model *model, const struct msg *msg) {
	struct detail *detail = &model->detail;
	if (!is_wanted(detail, &msg->event->id)) {
		return;
	}
	struct masked masked;
	detail_mask(model, &msg->event->id, msg->bytes, &masked);
	detail->masked = detail->masked_request = masked.count;
	if (!is_the_same(detail, &masked.shown)) {
		pipe_leave(model);
	}
	take_bytes(detail, msg->event, &masked.shown);
	masked_clear(&masked);
	mask_decoded(model);
}

void detail_take_attempt(struct model *model, const struct msg *msg) {
	struct detail *detail = &model->detail;
	if (!detail->event || !is_wanted(detail, &msg->attempt->event) ||
		detail->attempt_count == ATTEMPTS_MAX) {
		return;
	}
	detail->attempts =
		alloc_resize(detail->attempts, (detail->attempt_count + 1) * sizeof *detail->attempts);
	struct told_attempt *told = &detail->attempts[detail->attempt_count++];
	*told = (struct told_attempt){.attempt = attempt_copy(msg->attempt)};
	struct masked masked;
	detail_mask(model, &msg->attempt->event, msg->bytes, &masked);
	buffer_append_span(&told->head, masked.shown.head);
	buffer_append_span(&told->body, masked.shown.body);
	detail->masked += masked.count;
	masked_clear(&masked);
	detail->attempt_shown = detail->attempt_count - 1;
}

/* The attempt that was asked for is shown, if it is among those that are here. */
static void find_wanted(struct detail *detail) {
	for (size_t i = 0; i < detail->attempt_count && detail->attempt_wanted > 0; i++) {
		if (detail->attempts[i].attempt->position == detail->attempt_wanted) {
			detail->attempt_shown = i;
		}
	}
	detail->attempt_wanted = 0;
}

void detail_done(struct model *model, const struct error *err) {
	struct detail *detail = &model->detail;
	detail->loading = false;
	if (err) {
		detail_drop(detail);
		keep_text(detail->error, sizeof detail->error, span_text(err->text));
		model->copying = 0;
		return;
	}
	find_wanted(detail);
	explanation_follow(model, false);
	detail_lay_out(model, true);
	copy_pending(model);
}

void detail_show_attempt(struct model *model, const struct attempt *attempt) {
	struct detail *detail = &model->detail;
	detail->pane = PANE_ATTEMPTS;
	detail->open = model->detail_focused = true;
	detail->attempt_wanted = attempt->position;
	if (is_wanted(detail, &attempt->event) && !detail->loading) {
		find_wanted(detail);
	}
	detail_lay_out(model, false);
}

void detail_attempted(struct model *model, const struct attempt *attempt) {
	struct detail *detail = &model->detail;
	if (is_wanted(detail, &attempt->event)) {
		detail->stale = true;
	}
}

void detail_answered(struct model *model, const struct uuid *event) {
	struct detail *detail = &model->detail;
	if (is_wanted(detail, event)) {
		detail->stale = true;
	}
}

/* --- the document --- */

static void read_parts(struct detail *detail) {
	struct span bytes = payload_bytes(&detail->payload, buffer_span(&detail->body));
	if (!detail->form_chosen && bytes.len > 0 && !detail->payload.parts) {
		detail->payload.parts = body_parts_new(bytes, pane_payload_boundary(detail));
	}
	if (detail->payload.parts) {
		body_parts_read(detail->payload.parts, STEP_BYTES);
	}
}

/* What is shown as JSON is shown as a tree. */
static void read_outline(struct detail *detail) {
	struct span bytes = payload_bytes(&detail->payload, buffer_span(&detail->body));
	enum document_form form = detail->form_chosen ? detail->form : document_form_of(bytes);
	if (form == DOCUMENT_JSON && bytes.len > 0 && !detail->payload.outline) {
		detail->payload.outline = outline_new(bytes);
		outline_read(detail->payload.outline, STEP_BYTES);
	}
}

static void fill(struct model *model) {
	struct detail *detail = &model->detail;
	switch (detail->pane) {
	case PANE_HEADERS:
		pane_headers(detail->document, detail);
		break;
	case PANE_SIGNATURE:
		pane_signature(detail->document, detail);
		break;
	case PANE_ATTEMPTS:
		pane_due(detail->document, &model->dues, &detail->event->id, model->now_ms);
		pane_attempts(detail->document, detail, &model->keymap, model->now_ms);
		break;
	case PANE_RAW:
		pane_raw(detail->document, detail);
		break;
	default:
		if (detail->payload.piped.shown) {
			pane_piped(detail->document, &detail->payload.piped);
		} else {
			read_parts(detail);
			read_outline(detail);
			pane_payload(detail->document, detail);
		}
	}
}

void detail_clamp(struct model *model) {
	struct detail *detail = &model->detail;
	size_t rows = detail_rows(model);
	if (detail->document && !detail->to_end &&
		document_lines(detail->document) < detail->top + rows) {
		document_layout(detail->document, STEP_BYTES);
	}
	size_t lines = detail->document ? document_lines(detail->document) : 0;
	size_t most = lines > rows ? lines - rows : 0;
	bool known = detail->document && document_is_complete(detail->document);
	if (detail->to_end || (known && detail->top > most)) {
		detail->top = most;
	}
}

void detail_lay_out(struct model *model, bool keep_place) {
	struct detail *detail = &model->detail;
	document_free(detail->document);
	detail->document = NULL;
	if (!keep_place) {
		detail->top = 0;
		detail->to_end = false;
	}
	detail->finding = false;
	if (!detail->event || !detail->open) {
		return;
	}
	detail->document = document_new(layout_of(model).detail.columns, model->ascii);
	fill(model);
	document_search(detail->document, buffer_span(&detail->needle));
	detail_clamp(model);
	payload_laid(model, keep_place);
}

void detail_open(struct model *model, bool open) {
	if (open && model->window.count == 0) {
		return;
	}
	if (open && !model->detail.open && model_current(model)) {
		log_show(model, model_current(model), "");
	}
	model->detail.open = open;
	model->detail_focused = open;
	if (!open) {
		pipe_leave(model);
		model->detail.maximised = false;
		buffer_reset(&model->detail.needle);
	}
	detail_lay_out(model, true);
	list_show_cursor(model);
}

void detail_pane(struct model *model, enum pane pane) {
	bool other = model->detail.pane != pane || !model->detail.open;
	other = other || model->detail.payload.piped.shown;
	pipe_leave(model);
	model->detail.pane = pane;
	explanation_follow(model, true);
	detail_open(model, true);
	if (other) {
		detail_lay_out(model, false);
	}
}

/* After the form that is shown comes the next one; XML and multipart come back behind hex. */
static void next_form(struct detail *detail) {
	struct span bytes = payload_bytes(&detail->payload, buffer_span(&detail->body));
	enum document_form natural = document_form_of(bytes);
	bool own = natural == DOCUMENT_XML || pane_payload_boundary(detail).len > 0;
	enum document_form now = detail->form_chosen ? detail->form : own ? DOCUMENT_XML : natural;
	detail->form_chosen = !own || now != DOCUMENT_HEX;
	detail->form = now == DOCUMENT_XML   ? DOCUMENT_TEXT
	               : detail->form_chosen ? (enum document_form)((now + 1) % DOCUMENT_XML)
	                                     : natural;
}

void detail_form(struct model *model, struct span name) {
	static const char *const names[] = {"json", "text", "hex", "xml"};
	struct detail *detail = &model->detail;
	size_t i = 0;
	while (i < 4 && !span_is(name, names[i])) {
		i++;
	}
	if (name.len > 0 && i == 4) {
		model_note(model, true, "a body is shown as json, text, hex or xml");
		return;
	}
	if (name.len > 0) {
		detail->form = (enum document_form)i;
		detail->form_chosen = true;
	} else {
		next_form(detail);
	}
	if (detail->pane != PANE_ATTEMPTS && detail->pane != PANE_RAW) {
		detail->pane = PANE_PAYLOAD;
	}
	detail->open = true;
	detail_lay_out(model, false);
}

void detail_attempt(struct model *model, bool next) {
	struct detail *detail = &model->detail;
	if (detail->attempt_count == 0) {
		return;
	}
	if (next && detail->attempt_shown + 1 < detail->attempt_count) {
		detail->attempt_shown++;
	} else if (!next && detail->attempt_shown > 0) {
		detail->attempt_shown--;
	}
	detail->pane = PANE_ATTEMPTS;
	detail_lay_out(model, false);
}

/* --- moving in it --- */

void detail_scroll(struct model *model, int64_t lines, bool view) {
	struct detail *detail = &model->detail;
	if (payload_has_cursor(model)) {
		payload_scroll(model, lines, view);
		return;
	}
	int64_t top = (int64_t)detail->top + lines;
	detail->to_end = false;
	detail->top = top > 0 ? (size_t)top : 0;
	detail_clamp(model);
}

void detail_first(struct model *model) {
	model->detail.to_end = false;
	model->detail.top = 0;
	payload_first(model);
}

void detail_last(struct model *model) {
	model->detail.to_end = true;
	detail_clamp(model);
	if (payload_has_cursor(model)) {
		payload_scroll(model, 0, false);
	}
}

/* --- searching --- */

static void show_hit(struct model *model, size_t line) {
	size_t rows = detail_rows(model);
	struct detail *detail = &model->detail;
	detail->find_from = line;
	detail->to_end = false;
	if (payload_has_cursor(model)) {
		payload_go_to_hit(model, line);
		return;
	}
	if (line < detail->top || line >= detail->top + rows) {
		detail->top = line > rows / 3 ? line - rows / 3 : 0;
		detail_clamp(model);
	}
}

/* True: the search has not come to an end. */
static bool find_step(struct model *model, size_t budget) {
	struct detail *detail = &model->detail;
	size_t line;
	switch (document_find_next(
		detail->document, detail->find_from, detail->finding_upwards, budget, &line)) {
	case DOCUMENT_GO_ON:
		return true;
	case DOCUMENT_FOUND:
		show_hit(model, line);
		break;
	case DOCUMENT_NOT_FOUND:
		model_note(model, true, "\"%.*s\" does not stand here", (int)detail->needle.len,
			detail->needle.data);
	}
	detail->finding = false;
	return false;
}

void detail_find(struct model *model, struct span needle) {
	struct detail *detail = &model->detail;
	buffer_reset(&detail->needle);
	buffer_append_span(&detail->needle, needle);
	detail->finding = false;
	if (!detail->document) {
		return;
	}
	document_search(detail->document, needle);
	/* the line on top counts, too: behind the one in front of it, which for the first is none */
	detail->find_from = (payload_has_cursor(model) ? detail->payload.cursor : detail->top) - 1;
	detail->finding_upwards = false;
	detail->finding = needle.len > 0 && find_step(model, STEP_BYTES);
}

void detail_find_next(struct model *model, bool upwards) {
	struct detail *detail = &model->detail;
	if (!detail->document || detail->needle.len == 0) {
		return;
	}
	if (payload_has_cursor(model)) {
		detail->find_from = detail->payload.cursor;
	}
	detail->finding_upwards = upwards;
	detail->finding = find_step(model, STEP_BYTES);
}

/* True: there is more to lay out. */
static bool lay_further(struct model *model, size_t budget) {
	struct detail *detail = &model->detail;
	if (document_is_complete(detail->document)) {
		return false;
	}
	bool more = !document_layout(detail->document, budget);
	detail_clamp(model);
	return more;
}

/* True: more parts are looked for; those that are found are shown when none is left to be found. */
static bool read_parts_further(struct model *model, size_t budget) {
	struct body_parts *parts = model->detail.payload.parts;
	if (!parts || parts->complete) {
		return false;
	}
	if (!body_parts_read(parts, budget)) {
		return true;
	}
	if (payload_has_cursor(model)) {
		detail_lay_out(model, true);
	}
	return false;
}

/* True: the body is still being decoded; when that is done it is shown. */
static bool decode_further(struct model *model, size_t budget) {
	struct detail *detail = &model->detail;
	bool before = payload_decode(&detail->payload, 0);
	bool more = before && payload_decode(&detail->payload, budget);
	if (before && !more) {
		mask_decoded(model);
		detail->payload.placed = false;
		detail_lay_out(model, true);
	}
	return more;
}

bool update_idle(struct model *model, size_t budget) {
	struct detail *detail = &model->detail;
	if (diff_idle(model, budget) || copy_step(model, budget)) {
		return true;
	}
	if (!detail->document) {
		return false;
	}
	if (decode_further(model, budget)) {
		return true;
	}
	if (detail->finding) {
		detail->finding = find_step(model, budget);
		return true;
	}
	bool more = read_parts_further(model, budget);
	more = lay_further(model, budget) || more;
	more = payload_idle(model, budget) || more;
	return pager_step(model) || more;
}
