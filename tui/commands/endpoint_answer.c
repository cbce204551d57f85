#include "tui/commands/endpoint_answer.h"

#include <cjson/cJSON.h>

#include "common/duration.h"
#include "common/json.h"
#include "common/text.h"
#include "tui/commands/input.h"

#define BODY_MOST ((size_t)64 * 1024)
#define TIME_MOST_MS INT64_C(600000)

/* ---- what is asked for ---- */

static bool append_body(struct buffer *out, const struct arguments *arguments, struct error *err) {
	const char *file = arguments_text(arguments, "answer-body", NULL);
	struct buffer body = {0};
	bool ok = !file || input_read(file, BODY_MOST, &body, err);
	if (ok && file) {
		json_member_bytes(out, "body", buffer_span(&body));
	}
	buffer_clear(&body);
	return ok || error_prefix(err, "--answer-body");
}

static void append_headers(struct buffer *out, const struct arguments *arguments) {
	struct buffer lines = {0};
	const char *given;
	for (size_t nth = 0; (given = arguments_nth(arguments, "answer-header", nth)); nth++) {
		buffer_append_text(&lines, given);
		buffer_append_byte(&lines, '\n');
	}
	if (lines.len > 0) {
		json_member_bytes(out, "headers", buffer_span(&lines));
	}
	buffer_clear(&lines);
}

static void append_text(
	struct buffer *out, const struct arguments *arguments, const char *option, const char *member) {
	const char *given = arguments_text(arguments, option, NULL);
	if (given) {
		json_member_text(out, member, span_text(given));
	}
}

static void append_number(struct buffer *out, const char *member, int64_t value) {
	if (value >= 0) {
		json_member_int(out, member, value);
	}
}

static bool is_asked_for(const struct arguments *arguments) {
	static const struct option_row rows[] = {ENDPOINT_ANSWER_OPTIONS, {NULL}};
	for (const struct option_row *row = rows; row->name; row++) {
		if (arguments_has(arguments, row->name)) {
			return true;
		}
	}
	return false;
}

bool endpoint_answer_append(
	struct buffer *out, const struct arguments *arguments, struct error *err) {
	int64_t status = -1, delay_ms = -1, after_ms = -1;
	if (!is_asked_for(arguments)) {
		return true;
	}
	if (!arguments_int(arguments, "answer-status", 200, 599, &status, err) ||
		!arguments_duration_ms(arguments, "answer-delay", 0, TIME_MOST_MS, &delay_ms, err) ||
		!arguments_duration_ms(arguments, "answer-after", 0, TIME_MOST_MS, &after_ms, err)) {
		return false;
	}
	json_member_name(out, "answer");
	buffer_append_byte(out, '{');
	append_text(out, arguments, "answer", "mode");
	append_number(out, "status", status);
	append_headers(out, arguments);
	append_number(out, "delay_ms", delay_ms);
	append_number(out, "after_ms", after_ms);
	append_text(out, arguments, "answer-script", "script");
	if (!append_body(out, arguments, err)) {
		return false;
	}
	buffer_append_byte(out, '}');
	return true;
}

/* ---- what is shown ---- */

struct told {
	struct span mode, headers, script, left;
	int64_t status, body_len, delay_ms, after_ms;
};

static bool read_told(struct told *told, const cJSON *endpoint) {
	const cJSON *answer = cJSON_GetObjectItemCaseSensitive(endpoint, "answer");
	*told = (struct told){.body_len = -1};
	return answer && json_get_text(answer, "mode", &told->mode, NULL) &&
	       json_get_int(answer, "status", &told->status, NULL) &&
	       json_get_text_opt(answer, "headers", &told->headers, NULL) &&
	       json_get_text_opt(answer, "script", &told->script, NULL) &&
	       json_get_text_opt(answer, "left", &told->left, NULL) &&
	       json_get_int_opt(answer, "body_len", &told->body_len, NULL) &&
	       json_get_int_opt(answer, "delay_ms", &told->delay_ms, NULL) &&
	       json_get_int_opt(answer, "after_ms", &told->after_ms, NULL);
}

static bool is_usual(const struct told *told) {
	return span_is(told->mode, "fixed") && told->status == 200 && told->headers.len == 0 &&
	       told->body_len < 0 && told->delay_ms == 0 && told->script.len == 0;
}

static void append_set(struct buffer *out, const struct told *told) {
	buffer_append_int(out, told->status);
	buffer_append_text(out, told->headers.len > 0 ? " with headers of its own" : "");
	if (told->body_len >= 0) {
		buffer_append_text(out, told->headers.len > 0 ? " and " : " with ");
		buffer_append_text(out, "a body of ");
		buffer_append_int(out, told->body_len);
		buffer_append_text(out, " bytes");
	}
}

/* "answers as the app does, 200 after 10s" */
static void append_mode(struct buffer *out, const struct told *told) {
	if (!span_is(told->mode, "app")) {
		buffer_append_text(out, "answers ");
		append_set(out, told);
		if (told->delay_ms > 0) {
			buffer_append_text(out, " after ");
			duration_append(out, told->delay_ms);
		}
		return;
	}
	buffer_append_text(out, "answers as the app does, or ");
	append_set(out, told);
	if (told->after_ms > 0) {
		buffer_append_text(out, " after ");
		duration_append(out, told->after_ms);
	}
}

void endpoint_answer_append_line(struct buffer *out, const struct cJSON *endpoint) {
	struct told told;
	if (!read_told(&told, endpoint) || is_usual(&told)) {
		return;
	}
	buffer_append_text(out, "  ");
	append_mode(out, &told);
	if (told.script.len > 0) {
		buffer_append_text(out, "; script: ");
		text_escape(out, told.script, TEXT_LINE);
		buffer_append_text(out, "; left: ");
		text_escape(out, told.left.len > 0 ? told.left : span_text("nothing"), TEXT_LINE);
	}
	buffer_append_byte(out, '\n');
}
