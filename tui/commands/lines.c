#include "tui/commands/lines.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/event_words.h"
#include "common/text.h"
#include "common/words.h"
#include "tui/commands/delivery_row.h"

/* A narrower terminal breaks lines: the request stands last, and is not to be lost at 80 columns. */
#define LINE_LEAST 300

#define REF_COLUMNS 16
#define PROVIDER_COLUMNS 12
#define TYPE_COLUMNS 24
#define VERDICT_COLUMNS 12
#define STATUS_COLUMNS 7
#define SIZE_COLUMNS 8
#define TRY_COLUMNS 5
#define WHO_COLUMNS 16
#define TARGET_COLUMNS 40

static bool wants_colour(void) {
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
	return !(none && *none) && term && strcmp(term, "dumb") != 0;
}

struct line_style line_style_of(FILE *out) {
	struct line_style style = {0};
	struct winsize size = {0};
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
		style.flags |= TEXT_ASCII;
	}
	if (!isatty(fileno(out))) {
		return style;
	}
	bool known = ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
	style.width = known && size.ws_col > LINE_LEAST ? size.ws_col : LINE_LEAST;
	style.colour = wants_colour();
	return style;
}

void line_append_coloured(
	struct buffer *out, const struct line_style *style, char colour, struct span text) {
	static const struct {
		char name;
		const char *sequence;
	} colours[] = {{'g', "\x1b[32m"}, {'r', "\x1b[31m"}, {'y', "\x1b[33m"}, {'d', "\x1b[2m"},
		{'b', "\x1b[1m"}};
	const char *sequence = NULL;
	for (size_t i = 0; style->colour && i < sizeof colours / sizeof *colours; i++) {
		sequence = colours[i].name == colour ? colours[i].sequence : sequence;
	}
	buffer_append_text(out, sequence ? sequence : "");
	buffer_append_span(out, text);
	buffer_append_text(out, sequence ? "\x1b[0m" : "");
}

char line_colour_of_verdict(enum verdict verdict) {
	switch (verdict) {
	case VERDICT_VALID:
		return 'g';
	case VERDICT_INVALID:
	case VERDICT_UNSIGNED:
		return 'r';
	case VERDICT_EXPIRED:
	case VERDICT_PARTIAL:
	case VERDICT_RESERIALISED:
		return 'y';
	case VERDICT_UNVERIFIED:
		return 'd';
	}
	return 0;
}

char line_colour_of_status(int64_t status) {
	return status >= 200 && status < 300 ? 'g' : status == 0 ? 'd' : 'r';
}

/* A line being put together: what stands already, and how much room is left. */
struct line {
	struct buffer *out;
	const struct line_style *style;
	size_t room; /* SIZE_MAX: no end */
};

static struct line line_begin(struct buffer *out, const struct line_style *style) {
	return (struct line){out, style, style->width > 0 ? style->width : SIZE_MAX};
}

static void gap(struct line *line) {
	size_t blanks = line->room < 2 ? line->room : 2;
	buffer_append(line->out, "  ", blanks);
	line->room -= line->room == SIZE_MAX ? 0 : blanks;
}

/*
 * A cell of `columns`. Where there is a width it is cut to them; else it only grows. The last cell of a line (columns
 * 0) takes what is left and is not padded.
 */
static void cell(struct line *line, struct span text, size_t columns, char colour) {
	struct buffer escaped = {0};
	bool cut = line->style->width > 0;
	size_t most = columns > 0 && columns < line->room ? columns : line->room;
	text_escape(&escaped, text, line->style->flags);
	size_t width = text_width(buffer_span(&escaped));
	if (cut && width > most) {
		buffer_reset(&escaped);
		text_escape_column(&escaped, text, line->style->flags, most);
		width = most;
	}
	line_append_coloured(line->out, line->style, colour, buffer_span(&escaped));
	for (; width < columns && width < most; width++) {
		buffer_append_byte(line->out, ' ');
	}
	line->room -= cut ? width : 0;
	buffer_clear(&escaped);
}

static void text_cell(struct line *line, struct buffer *text, size_t columns, char colour) {
	cell(line, buffer_span(text), columns, colour);
	buffer_reset(text);
}

static void ref_cell(struct line *line, struct span endpoint, int64_t seq) {
	struct buffer text = {0};
	event_append_ref(&text, endpoint, seq);
	text_cell(line, &text, REF_COLUMNS, 'b');
	buffer_clear(&text);
	gap(line);
}

static void time_cell(struct line *line, int64_t ns, bool with_day) {
	struct buffer text = {0};
	words_append_time(&text, ns, with_day);
	text_cell(line, &text, 0, 'd');
	buffer_clear(&text);
	gap(line);
}

static void size_cell(struct line *line, int64_t bytes) {
	struct buffer text = {0}, padded = {0};
	words_append_size(&text, bytes);
	buffer_printf(&padded, "%*s", SIZE_COLUMNS, buffer_text(&text));
	text_cell(line, &padded, SIZE_COLUMNS, 0);
	buffer_clear(&text);
	buffer_clear(&padded);
	gap(line);
}

static struct span or_dash(struct span text) {
	return text.len > 0 ? text : span_text("-");
}

static void request_cell(struct line *line, const struct event *event) {
	struct buffer text = {0};
	buffer_append_span(&text, event->method);
	buffer_append_byte(&text, ' ');
	buffer_append_span(&text, event->target);
	text_cell(line, &text, 0, 0);
	if (event->handshake.len > 0) {
		gap(line);
		cell(line, event->handshake, 0, 'y');
	}
	event_append_badge(&text, event);
	if (text.len > 0) {
		gap(line);
		text_cell(line, &text, 0, 'y');
	}
	event_append_annotation(&text, event, false);
	if (text.len > 0) {
		gap(line);
		text_cell(line, &text, 0, 'y');
	}
	buffer_clear(&text);
}

static void derived_cells(struct line *line, const struct event *event) {
	cell(line, or_dash(event->provider), PROVIDER_COLUMNS, 0);
	gap(line);
	cell(line, or_dash(event->type), TYPE_COLUMNS, 0);
	gap(line);
	cell(line, span_text(verdict_name(event->verdict)), VERDICT_COLUMNS,
		line_colour_of_verdict(event->verdict));
	gap(line);
}

void line_event(struct buffer *out, const struct event *event, const struct line_style *style) {
	struct line line = line_begin(out, style);
	time_cell(&line, event->received_at_ns, false);
	ref_cell(&line, event->endpoint, event->seq);
	derived_cells(&line, event);
	size_cell(&line, event->body_len);
	request_cell(&line, event);
	buffer_append_byte(out, '\n');
}

static void outcome_cell(struct line *line, const struct attempt *attempt) {
	struct buffer text = {0};
	if (attempt->status > 0) {
		buffer_printf(&text, "-> %" PRId64, attempt->status);
	} else {
		buffer_append_text(&text, "-> failed");
	}
	bool good = attempt->error.len == 0;
	text_cell(line, &text, PROVIDER_COLUMNS, good ? line_colour_of_status(attempt->status) : 'r');
	buffer_clear(&text);
	gap(line);
}

void line_attempt(struct buffer *out, const struct attempt *attempt, const char *self,
	const struct line_style *style) {
	struct line line = line_begin(out, style);
	struct buffer text = {0};
	time_cell(&line, attempt->started_at_ns, false);
	ref_cell(&line, attempt->endpoint, attempt->event_seq);
	outcome_cell(&line, attempt);
	words_append_took(&text, attempt->took_us);
	if (attempt->cause != CAUSE_FORWARD) {
		buffer_printf(&text, ", %s", cause_name(attempt->cause));
	}
	buffer_append_text(&text, attempt->late ? ", late" : "");
	if (attempt->who.len > 0 && !span_is(attempt->who, self)) {
		buffer_append_text(&text, " by ");
		buffer_append_span(&text, attempt->who);
	}
	text_cell(&line, &text, attempt->error.len > 0 ? SIZE_COLUMNS : 0, 'd');
	if (attempt->error.len > 0) {
		gap(&line);
		cell(&line, attempt->error, 0, 'r');
	}
	buffer_append_byte(out, '\n');
	buffer_clear(&text);
}

void line_event_or_json(
	struct buffer *out, const struct event *event, bool json, const struct line_style *style) {
	if (json) {
		event_append_json(out, event);
		buffer_append_byte(out, '\n');
	} else {
		line_event(out, event, style);
	}
}

void line_attempt_or_json(struct buffer *out, const struct attempt *attempt, bool json,
	const char *self, const struct line_style *style) {
	if (json) {
		attempt_append_json(out, attempt);
		buffer_append_byte(out, '\n');
	} else {
		line_attempt(out, attempt, self, style);
	}
}

void line_list_head(struct buffer *out, const struct line_style *style) {
	struct line line = line_begin(out, style);
	struct buffer text = {0};
	/* as wide as what time_cell writes */
	buffer_printf(&text, "%-19s  %-*s  %-*s  %-*s  %-*s  %-*s  %*s  %s", "RECEIVED", REF_COLUMNS,
		"EVENT", PROVIDER_COLUMNS, "PROVIDER", TYPE_COLUMNS, "TYPE", VERDICT_COLUMNS, "VERDICT",
		STATUS_COLUMNS, "APP", SIZE_COLUMNS, "BODY", "REQUEST");
	text_cell(&line, &text, 0, 'd');
	buffer_append_byte(out, '\n');
	buffer_clear(&text);
}

static void status_cell(struct line *line, int64_t status) {
	struct buffer text = {0};
	if (status > 0) {
		buffer_printf(&text, "%" PRId64, status);
	} else {
		buffer_append_text(&text, status < 0 ? "failed" : "-");
	}
	text_cell(line, &text, STATUS_COLUMNS, line_colour_of_status(status));
	buffer_clear(&text);
	gap(line);
}

void line_list(struct buffer *out, const struct event *event, const struct line_style *style) {
	struct line line = line_begin(out, style);
	time_cell(&line, event->received_at_ns, true);
	ref_cell(&line, event->endpoint, event->seq);
	derived_cells(&line, event);
	status_cell(&line, event->last_status);
	size_cell(&line, event->body_len);
	request_cell(&line, event);
	buffer_append_byte(out, '\n');
}

/* --- deliveries --- */

void line_delivery_head(struct buffer *out, const struct line_style *style) {
	struct line line = line_begin(out, style);
	struct buffer text = {0};
	buffer_printf(&text, "%-19s  %-*s  %-*s  %-*s  %-*s  %-*s  %*s  %-*s  %s", "STARTED",
		REF_COLUMNS, "EVENT", TYPE_COLUMNS, "TYPE", TRY_COLUMNS, "TRY", STATUS_COLUMNS, "CAUSE",
		STATUS_COLUMNS, "STATUS", SIZE_COLUMNS, "TOOK", WHO_COLUMNS, "WHO", "TARGET");
	text_cell(&line, &text, 0, 'd');
	buffer_append_byte(out, '\n');
	buffer_clear(&text);
}

static void try_cells(struct line *line, const struct delivery_row *row) {
	const struct attempt *attempt = row->attempt;
	struct buffer text = {0};
	buffer_printf(&text, "%" PRId64 "/%" PRId64, attempt->number, row->event->attempts);
	text_cell(line, &text, TRY_COLUMNS, 0);
	gap(line);
	cell(line, span_text(cause_name(attempt->cause)), STATUS_COLUMNS, 0);
	gap(line);
	status_cell(line, attempt->status > 0 ? attempt->status : -1);
	words_append_took(&text, attempt->took_us);
	struct buffer padded = {0};
	buffer_printf(&padded, "%*s", SIZE_COLUMNS, buffer_text(&text));
	text_cell(line, &padded, SIZE_COLUMNS, 0);
	gap(line);
	buffer_clear(&text);
	buffer_clear(&padded);
}

static void next_cell(struct line *line, const struct delivery_row *row) {
	struct buffer text = {0};
	gap(line);
	buffer_append_text(&text, "next ");
	words_append_time(&text, row->next_at_ns, true);
	buffer_append_text(&text, row->paused ? ", paused" : "");
	text_cell(line, &text, 0, 'y');
	buffer_clear(&text);
}

void line_delivery(
	struct buffer *out, const struct delivery_row *row, const struct line_style *style) {
	struct line line = line_begin(out, style);
	const struct attempt *attempt = row->attempt;
	bool more = attempt->error.len > 0 || row->next_at_ns != 0;
	time_cell(&line, attempt->started_at_ns, true);
	ref_cell(&line, attempt->endpoint, attempt->event_seq);
	cell(&line, or_dash(row->event->type), TYPE_COLUMNS, 0);
	gap(&line);
	try_cells(&line, row);
	cell(&line, or_dash(attempt->who), WHO_COLUMNS, 0);
	gap(&line);
	cell(&line, attempt->target, more ? TARGET_COLUMNS : 0, 0);
	if (attempt->error.len > 0) {
		gap(&line);
		cell(&line, attempt->error, 0, 'r');
	}
	if (row->next_at_ns != 0) {
		next_cell(&line, row);
	}
	buffer_append_byte(out, '\n');
}
