#include "tui/commands/delivery_row.h"

#include <inttypes.h>
#include <string.h>

#include "common/json.h"
#include "common/moment.h"
#include "common/text.h"

static void append_moment(struct buffer *out, int64_t ns) {
	if (ns != 0) {
		moment_append(out, ns);
	}
}

void delivery_row_json(struct buffer *out, const struct delivery_row *row) {
	struct buffer next = {0};
	append_moment(&next, row->next_at_ns);
	buffer_append_byte(out, '{');
	attempt_append_json_members(out, row->attempt);
	json_member_text_opt(out, "provider", row->event->provider);
	json_member_text_opt(out, "event_type", row->event->type);
	json_member_text(out, "verdict", span_text(verdict_name(row->event->verdict)));
	json_member_int(out, "attempts", row->event->attempts);
	json_member_text_opt(out, "next_at", buffer_span(&next));
	if (row->paused) {
		json_member_bool(out, "paused", true);
	}
	buffer_append_text(out, "}\n");
	buffer_clear(&next);
}

/* --- CSV --- */

static bool is_special(char byte) {
	return byte == ',' || byte == '"' || byte == '\r' || byte == '\n';
}

static bool needs_quotes(struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		if (is_special(text.data[i])) {
			return true;
		}
	}
	return text.len > 0 && (text.data[0] == ' ' || text.data[text.len - 1] == ' ');
}

/* What spreadsheets compute instead of showing it. */
static bool is_formula(struct span text) {
	return text.len > 0 && text.data[0] && strchr("=+-@\t\r\n", text.data[0]);
}

static void put_escaped(struct buffer *out, struct span text) {
	bool quoted = needs_quotes(text);
	buffer_append_text(out, quoted ? "\"" : "");
	for (size_t i = 0; i < text.len; i++) {
		buffer_append_text(out, text.data[i] == '"' ? "\"" : "");
		buffer_append_byte(out, text.data[i]);
	}
	buffer_append_text(out, quoted ? "\"" : "");
}

static void text_field(struct buffer *out, struct span text) {
	struct buffer field = {0};
	buffer_append_text(&field, is_formula(text) ? "'" : "");
	text_escape(&field, text, TEXT_LINE);
	put_escaped(out, buffer_span(&field));
	buffer_append_byte(out, ',');
	buffer_clear(&field);
}

static void int_field(struct buffer *out, int64_t value) {
	buffer_append_int(out, value);
	buffer_append_byte(out, ',');
}

static void moment_field(struct buffer *out, int64_t ns) {
	append_moment(out, ns);
	buffer_append_byte(out, ',');
}

void delivery_row_csv_head(struct buffer *out) {
	buffer_append_text(out,
		"event,provider,event_type,verdict,target_url,attempt,attempts,cause,status,answer_bytes,"
		"error,started_at,took_ms,who,changes,next_at,event_id,attempt_id\r\n");
}

static void event_fields(struct buffer *out, const struct delivery_row *row) {
	struct buffer ref = {0};
	event_append_ref(&ref, row->attempt->endpoint, row->attempt->event_seq);
	text_field(out, buffer_span(&ref));
	text_field(out, row->event->provider);
	text_field(out, row->event->type);
	text_field(out, span_text(verdict_name(row->event->verdict)));
	buffer_clear(&ref);
}

static void attempt_fields(struct buffer *out, const struct delivery_row *row) {
	const struct attempt *attempt = row->attempt;
	text_field(out, attempt->target);
	int_field(out, attempt->number);
	int_field(out, row->event->attempts);
	text_field(out, span_text(cause_name(attempt->cause)));
	if (attempt->status > 0) {
		buffer_append_int(out, attempt->status);
	}
	buffer_append_byte(out, ',');
	int_field(out, attempt->answer_body_total);
	text_field(out, attempt->error);
	moment_field(out, attempt->started_at_ns);
	buffer_printf(
		out, "%" PRId64 ".%03" PRId64 ",", attempt->took_us / 1000, attempt->took_us % 1000);
	text_field(out, attempt->who);
	text_field(out, attempt->changes);
	moment_field(out, row->next_at_ns);
}

void delivery_row_csv(struct buffer *out, const struct delivery_row *row) {
	char id[UUID_TEXT_LEN + 1];
	event_fields(out, row);
	attempt_fields(out, row);
	uuid_format(&row->attempt->event, id);
	text_field(out, span_text(id));
	uuid_format(&row->attempt->id, id);
	buffer_append_text(out, id);
	buffer_append_text(out, "\r\n");
}
