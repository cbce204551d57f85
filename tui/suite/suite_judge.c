#include "tui/suite/suite_judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/glob.h"
#include "common/json_find.h"
#include "common/json_lexer.h"
#include "common/needle.h"

/* What is shown of a value that is not the expected one. */
#define SHOWN_BYTES 120

static void fail(struct suite_failures *failures, struct suite_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void fail(
	struct suite_failures *failures, struct suite_place place, const char *format, ...) {
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	failures->items =
		alloc_resize(failures->items, (failures->count + 1) * sizeof *failures->items);
	failures->items[failures->count++] =
		(struct suite_failure){place, alloc_text(text, strlen(text))};
}

void suite_failures_clear(struct suite_failures *failures) {
	for (size_t i = 0; i < failures->count; i++) {
		free(failures->items[i].text);
	}
	free(failures->items);
	*failures = (struct suite_failures){0};
}

/* --- status and time --- */

static void append_statuses(struct buffer *out, const struct suite_expectation *expect) {
	for (size_t i = 0; i < expect->status_count; i++) {
		const struct suite_status *status = &expect->status[i];
		buffer_append_text(out, i == 0 ? "" : i + 1 == expect->status_count ? " or " : ", ");
		if (status->least == status->most) {
			buffer_append_int(out, status->least);
		} else {
			buffer_printf(out, "%" PRId64 "xx", status->least / 100);
		}
	}
}

static struct suite_place or_step(struct suite_place place, const struct suite_step *step) {
	return place.line > 0 ? place : step->place;
}

static void judge_status(const struct suite_step *step, const struct suite_answer *answer,
	struct suite_failures *failures) {
	const struct suite_expectation *expect = &step->expect;
	struct buffer wanted = {0};
	for (size_t i = 0; i < expect->status_count; i++) {
		if (answer->status >= expect->status[i].least && answer->status <= expect->status[i].most) {
			return;
		}
	}
	append_statuses(&wanted, expect);
	fail(failures, or_step(expect->status_place, step), "the status is %" PRId64 ", not %s",
		answer->status, buffer_text(&wanted));
	buffer_clear(&wanted);
}

static void judge_time(const struct suite_expectation *expect, const struct suite_answer *answer,
	struct suite_failures *failures) {
	if (expect->within_ms > 0 && answer->took_us > expect->within_ms * 1000) {
		fail(failures, expect->within_place, "it took %.1f ms, not %" PRId64 " ms or less",
			(double)answer->took_us / 1000, expect->within_ms);
	}
}

/* --- headers --- */

/* The value of the next header of that name in `rest`; the head may be any bytes an app thinks of. */
static bool next_header(struct span *rest, const char *name, struct span *value) {
	while (rest->len > 0) {
		struct span line = span_cut(rest, '\n');
		line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
		size_t colon = span_find(line, ':');
		struct span found = {line.data, colon};
		if (colon < line.len && span_equal_nocase(found, span_text(name))) {
			*value = span_trim(span_after(line, colon + 1));
			return true;
		}
	}
	return false;
}

static void judge_header(
	const struct suite_header *header, struct span head, struct suite_failures *failures) {
	struct span value = {0}, last = {0};
	bool any = false;
	span_cut(&head, '\n'); /* the status line */
	while (next_header(&head, header->name, &value)) {
		if (header->glob && glob_matches(header->glob, value)) {
			return;
		}
		any = true;
		last = value;
	}
	if (any && !header->glob) {
		fail(failures, header->place, "there is a header %s", header->name);
	} else if (header->glob && !any) {
		fail(failures, header->place, "there is no header %s", header->name);
	} else if (header->glob) {
		value = last;
		int shown = (int)(value.len < SHOWN_BYTES ? value.len : SHOWN_BYTES);
		fail(failures, header->place, "%s is \"%.*s\", not \"%s\"", header->name, shown, value.data,
			header->text);
	}
}

static void judge_headers(const struct suite_expectation *expect, const struct suite_answer *answer,
	struct suite_failures *failures) {
	for (size_t i = 0; i < expect->header_count; i++) {
		judge_header(&expect->headers[i], answer->head, failures);
	}
}

/* --- the body --- */

static bool is_same_literal(struct span found, const char *wanted) {
	struct buffer a = {0}, b = {0};
	bool same = json_stringify(&a, found) && json_stringify(&b, span_text(wanted)) &&
	            span_equal(buffer_span(&a), buffer_span(&b));
	buffer_clear(&a);
	buffer_clear(&b);
	return same;
}

static bool is_same_string(struct span found, const char *wanted) {
	struct buffer text = {0};
	if (found.len == 0 || found.data[0] != '"') {
		return false;
	}
	json_unescape(&text, found);
	bool same = span_is(buffer_span(&text), wanted);
	buffer_clear(&text);
	return same;
}

static void judge_value(
	const struct suite_value *value, struct span body, struct suite_failures *failures) {
	struct span found = json_find(body, value->path + 1);
	const char *quote = value->is_string ? "\"" : "";
	bool same =
		value->is_string ? is_same_string(found, value->text) : is_same_literal(found, value->text);
	if (!found.data) {
		fail(failures, value->place, "the answer has no %s", value->path);
	} else if (!same) {
		bool cut = found.len > SHOWN_BYTES;
		fail(failures, value->place, "%s is %.*s%s, not %s%s%s", value->path,
			(int)(cut ? SHOWN_BYTES : found.len), found.data, cut ? "..." : "", quote, value->text,
			quote);
	}
}

static void judge_body(const struct suite_expectation *expect, const struct suite_answer *answer,
	struct suite_failures *failures) {
	bool cut = answer->body_total > (int64_t)answer->body.len;
	size_t at;
	if (cut && (expect->value_count > 0 || expect->body)) {
		struct suite_place place =
			expect->value_count > 0 ? expect->values[0].place : expect->body_place;
		fail(failures, place, "the answer is too long to be looked at: %" PRId64 " bytes",
			answer->body_total);
		return;
	}
	if (expect->value_count > 0 && !json_is_whole(answer->body)) {
		fail(failures, expect->values[0].place, "the answer is no JSON");
	} else {
		for (size_t i = 0; i < expect->value_count; i++) {
			judge_value(&expect->values[i], answer->body, failures);
		}
	}
	if (expect->body && !needle_find(expect->body, answer->body, &at)) {
		fail(failures, expect->body_place, "the answer does not hold \"%s\"", expect->body_text);
	}
}

enum suite_outcome suite_judge(const struct suite_step *step, const struct suite_answer *answer,
	struct suite_failures *failures) {
	if (answer->error.len > 0 || answer->status == 0) {
		fail(failures, step->place, "%s%.*s", answer->connected ? "no whole answer: " : "",
			(int)answer->error.len, answer->error.data ? answer->error.data : "");
		return answer->connected ? SUITE_FAILED : SUITE_UNREACHABLE;
	}
	judge_status(step, answer, failures);
	judge_headers(&step->expect, answer, failures);
	judge_body(&step->expect, answer, failures);
	judge_time(&step->expect, answer, failures);
	return failures->count > 0 ? SUITE_FAILED : SUITE_PASSED;
}
