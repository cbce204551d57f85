#include "tui/commands/tally.h"

#include <inttypes.h>
#include <string.h>

#include "common/text.h"

static void append_name(struct buffer *name, const struct event *event) {
	struct span path = span_after(event->target, (size_t)event->path_offset);
	bool known = event->provider.len > 0 && event->type.len > 0;
	buffer_append_span(name, known ? event->provider : event->method);
	buffer_append_byte(name, ' ');
	path.len = span_find(path, '?');
	buffer_append_span(name, known ? event->type : path);
	if (name->len > TALLY_NAME_LEN / 2) {
		name->len = TALLY_NAME_LEN / 2;
	}
	buffer_printf(name, " (%s)", verdict_name(event->verdict));
}

/* The row of an event's kind; a new one where there is room; else NULL. */
static int64_t *count_of(struct tally *tally, const struct event *event) {
	struct buffer name = {0};
	int64_t *count = NULL;
	append_name(&name, event);
	for (size_t i = 0; i < tally->kind_count && !count; i++) {
		if (span_is(buffer_span(&name), tally->kinds[i].name)) {
			count = &tally->kinds[i].count;
		}
	}
	if (!count && tally->kind_count < TALLY_KINDS_MAX) {
		strcpy(tally->kinds[tally->kind_count].name, buffer_text(&name));
		count = &tally->kinds[tally->kind_count++].count;
	}
	buffer_clear(&name);
	return count ? count : &tally->others;
}

void tally_add(struct tally *tally, const struct event *event) {
	++*count_of(tally, event);
	tally->all++;
}

void tally_take_back(struct tally *tally, const struct event *event) {
	int64_t *count = count_of(tally, event);
	if (*count > 0) {
		--*count;
		tally->all--;
	}
}

void tally_append(struct buffer *out, const struct tally *tally) {
	const char *comma = "";
	for (size_t i = 0; i < tally->kind_count; i++) {
		if (tally->kinds[i].count > 0) {
			buffer_printf(out, "%s%" PRId64 " ", comma, tally->kinds[i].count);
			text_escape(out, span_text(tally->kinds[i].name), TEXT_LINE);
			comma = ", ";
		}
	}
	if (tally->others > 0) {
		buffer_printf(
			out, "%s%" PRId64 " other%s", comma, tally->others, tally->others == 1 ? "" : "s");
	}
}
