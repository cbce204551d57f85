#include "tui/suite/suite_report.h"

#include <inttypes.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/text.h"
#include "common/words.h"

static const char *const outcome_names[] = {"passed", "failed", "unreachable"};

struct suite_result *suite_results_add(struct suite_results *results) {
	results->items = alloc_resize(results->items, (results->count + 1) * sizeof *results->items);
	results->items[results->count] = (struct suite_result){0};
	return &results->items[results->count++];
}

void suite_results_count(struct suite_results *results, enum suite_outcome outcome) {
	results->passed += outcome == SUITE_PASSED;
	results->failed += outcome == SUITE_FAILED;
	results->unreachable += outcome == SUITE_UNREACHABLE;
}

void suite_results_clear(struct suite_results *results) {
	for (size_t i = 0; i < results->count; i++) {
		suite_failures_clear(&results->items[i].failures);
		free(results->items[i].event);
		buffer_clear(&results->items[i].excerpt);
	}
	free(results->items);
	*results = (struct suite_results){0};
}

/* "a paid order is taken (2 of 3)"; with the event where a step has several. */
static void append_name(struct buffer *out, const struct suite_result *result) {
	buffer_append_text(out, result->step->name ? result->step->name : result->event);
	if (result->step->name && result->several) {
		buffer_printf(out, " [%s]", result->event);
	}
	if (result->runs > 1) {
		buffer_printf(out, " (%" PRId64 " of %" PRId64 ")", result->run, result->runs);
	}
}

static void append_place(
	struct buffer *out, const struct suite_result *result, struct suite_place place) {
	buffer_printf(out, "%s:%d:%d: ", result->suite->file, place.line, place.column);
}

/* --- lines --- */

static void escape(struct buffer *out, struct buffer *text, unsigned flags) {
	text_escape(out, buffer_span(text), flags);
	buffer_reset(text);
}

void suite_report_line(struct buffer *out, const struct suite_result *result, unsigned text_flags) {
	struct buffer text = {0};
	buffer_append_text(out, result->outcome == SUITE_PASSED ? "  ok    " : "  FAIL  ");
	append_name(&text, result);
	escape(out, &text, text_flags);
	if (result->status > 0) {
		buffer_printf(out, "  %" PRId64 "  ", result->status);
		words_append_took(out, result->took_us);
	}
	buffer_append_byte(out, '\n');
	for (size_t i = 0; i < result->failures.count; i++) {
		append_place(&text, result, result->failures.items[i].place);
		buffer_append_text(&text, result->failures.items[i].text);
		buffer_append_text(out, "        ");
		escape(out, &text, text_flags);
		buffer_append_byte(out, '\n');
	}
	if (result->excerpt.len > 0) {
		buffer_append_text(out, "        the answer: ");
		text_escape(out, buffer_span(&result->excerpt), text_flags);
		buffer_append_byte(out, '\n');
	}
	buffer_clear(&text);
}

void suite_report_end(struct buffer *out, const struct suite_results *results) {
	buffer_printf(
		out, "%zu passed, %zu failed", results->passed, results->failed + results->unreachable);
	if (results->unreachable > 0) {
		buffer_printf(out, ", %zu of them because the app cannot be reached", results->unreachable);
	}
	buffer_append_byte(out, '\n');
}

/* --- JSON Lines --- */

void suite_report_json(struct buffer *out, const struct suite_result *result) {
	struct buffer name = {0};
	append_name(&name, result);
	buffer_append_byte(out, '{');
	json_member_text(out, "file", span_text(result->suite->file));
	json_member_int(out, "line", result->step->place.line);
	json_member_text(out, "name", buffer_span(&name));
	json_member_text(out, "event", span_text(result->event));
	json_member_int(out, "run", result->run);
	json_member_text(out, "outcome", span_text(outcome_names[result->outcome]));
	json_member_int(out, "status", result->status);
	json_member_int(out, "took_us", result->took_us);
	json_member_name(out, "failures");
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < result->failures.count; i++) {
		const struct suite_failure *failure = &result->failures.items[i];
		buffer_append_text(out, i > 0 ? ",{" : "{");
		json_member_int(out, "line", failure->place.line);
		json_member_int(out, "column", failure->place.column);
		json_member_text(out, "text", span_text(failure->text));
		buffer_append_byte(out, '}');
	}
	buffer_append_text(out, "]}\n");
	buffer_clear(&name);
}

/* --- JUnit --- */

/* Text or the value of an attribute; all of it is printable first, so nothing is left that XML 1.0 has no place for. */
static void append_xml(struct buffer *out, struct span text) {
	struct buffer printable = {0};
	text_escape(&printable, text, TEXT_KEEP_NEWLINES);
	for (size_t i = 0; i < printable.len; i++) {
		switch (printable.data[i]) {
		case '&':
			buffer_append_text(out, "&amp;");
			break;
		case '<':
			buffer_append_text(out, "&lt;");
			break;
		case '>':
			buffer_append_text(out, "&gt;");
			break;
		case '"':
			buffer_append_text(out, "&quot;");
			break;
		case '\n':
			buffer_append_text(out, "&#10;");
			break;
		default:
			buffer_append_byte(out, printable.data[i]);
		}
	}
	buffer_clear(&printable);
}

static void append_attribute(struct buffer *out, const char *name, struct span value) {
	buffer_printf(out, " %s=\"", name);
	append_xml(out, value);
	buffer_append_byte(out, '"');
}

static void append_seconds(struct buffer *out, int64_t us) {
	buffer_printf(out, " time=\"%" PRId64 ".%06" PRId64 "\"", us / 1000000, us % 1000000);
}

static void append_failures(struct buffer *out, const struct suite_result *result) {
	const char *element = result->outcome == SUITE_UNREACHABLE ? "error" : "failure";
	struct buffer text = {0};
	for (size_t i = 0; i < result->failures.count; i++) {
		append_place(&text, result, result->failures.items[i].place);
		buffer_printf(&text, "%s\n", result->failures.items[i].text);
	}
	buffer_printf(out, ">\n<%s", element);
	append_attribute(out, "type", span_text(outcome_names[result->outcome]));
	append_attribute(out, "message", span_text(result->failures.items[0].text));
	buffer_append_byte(out, '>');
	append_xml(out, buffer_span(&text));
	buffer_printf(out, "</%s>\n", element);
	if (result->excerpt.len > 0) {
		buffer_append_text(out, "<system-out>");
		append_xml(out, buffer_span(&result->excerpt));
		buffer_append_text(out, "</system-out>\n");
	}
	buffer_append_text(out, "</testcase>\n");
	buffer_clear(&text);
}

static struct span name_of(const struct suite *suite) {
	return span_text(suite->name ? suite->name : suite->file);
}

static void append_case(struct buffer *out, const struct suite_result *result) {
	struct buffer name = {0};
	append_name(&name, result);
	buffer_append_text(out, "<testcase");
	append_attribute(out, "classname", name_of(result->suite));
	append_attribute(out, "name", buffer_span(&name));
	append_attribute(out, "file", span_text(result->suite->file));
	buffer_printf(out, " line=\"%d\"", result->step->place.line);
	append_seconds(out, result->took_us);
	if (result->outcome == SUITE_PASSED) {
		buffer_append_text(out, "/>\n");
	} else {
		append_failures(out, result);
	}
	buffer_clear(&name);
}

/* Requests from `from` on that are of the same file: how many, and their counts as attributes. */
static size_t append_counts(struct buffer *out, const struct suite_results *results, size_t from) {
	size_t count = 0, failed = 0, unreachable = 0;
	int64_t took_us = 0;
	while (from + count < results->count &&
		   results->items[from + count].suite == results->items[from].suite) {
		const struct suite_result *result = &results->items[from + count++];
		failed += result->outcome == SUITE_FAILED;
		unreachable += result->outcome == SUITE_UNREACHABLE;
		took_us += result->took_us;
	}
	buffer_printf(
		out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", count, failed, unreachable);
	append_seconds(out, took_us);
	return count;
}

void suite_report_junit(struct buffer *out, const struct suite_results *results) {
	buffer_printf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"hookline\" tests=\"%zu\" "
		"failures=\"%zu\" errors=\"%zu\">\n",
		results->count, results->failed, results->unreachable);
	for (size_t at = 0; at < results->count;) {
		buffer_append_text(out, "<testsuite");
		append_attribute(out, "name", name_of(results->items[at].suite));
		size_t end = at + append_counts(out, results, at);
		buffer_append_text(out, ">\n");
		for (; at < end; at++) {
			append_case(out, &results->items[at]);
		}
		buffer_append_text(out, "</testsuite>\n");
	}
	buffer_append_text(out, "</testsuites>\n");
}
