#include "tui/bulk_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/moment.h"
#include "common/text.h"
#include "common/words.h"

static const char *const end_names[] = {
	"under way", "complete", "stopped", "stopped at the first failure", "cut off"};
static const char *const class_names[] = {"no answer", "1xx", "2xx", "3xx", "4xx", "5xx"};
#define CLASSES (sizeof class_names / sizeof *class_names)

void bulk_report_clear(struct bulk_report *report) {
	for (size_t i = 0; i < report->failure_count; i++) {
		free(report->failures[i].ref);
		free(report->failures[i].reason);
	}
	free(report->failures);
	free(report->target);
	free(report->why);
	*report = (struct bulk_report){0};
}

static void add_failure(
	struct bulk_report *report, struct span ref, int64_t status, struct span reason) {
	if (report->failures_in_all++ >= BULK_FAILURES_MAX) {
		return;
	}
	report->failures =
		alloc_resize(report->failures, (report->failure_count + 1) * sizeof *report->failures);
	report->failures[report->failure_count++] =
		(struct bulk_failure){.ref = alloc_text(ref.data, ref.len),
			.status = status,
			.reason = alloc_text(reason.data, reason.len)};
}

static size_t class_of(const struct attempt *attempt) {
	bool whole = attempt->error.len == 0 && attempt->status >= 100 && attempt->status < 600;
	return whole ? (size_t)(attempt->status / 100) : 0;
}

bool bulk_report_take_attempt(
	struct bulk_report *report, const struct attempt *attempt, bool connected) {
	size_t class = class_of(attempt);
	report->sent++;
	report->classes[class]++;
	report->unreached += class == 0 && !connected;
	if (class > 0) {
		report->answer_us += attempt->took_us;
		report->slowest_us =
			attempt->took_us > report->slowest_us ? attempt->took_us : report->slowest_us;
	}
	if (class != 2) {
		struct buffer ref = {0}, reason = {0};
		event_append_ref(&ref, attempt->endpoint, attempt->event_seq);
		buffer_append_span(&reason, attempt->error);
		if (attempt->error.len == 0) {
			buffer_printf(&reason, "answered %" PRId64, attempt->status);
		}
		add_failure(report, buffer_span(&ref), attempt->status, buffer_span(&reason));
		buffer_clear(&ref);
		buffer_clear(&reason);
	}
	return class == 2;
}

void bulk_report_take_skipped(
	struct bulk_report *report, enum bulk_choice choice, struct span ref) {
	report->delivered += choice == BULK_SKIP_DELIVERED;
	report->answered += choice == BULK_SKIP_ANSWERED;
	if (choice == BULK_ASK) {
		report->maybe++;
		add_failure(report, ref, 0, span_text("may have been sent before: not sent again"));
	}
}

void bulk_report_take_missing(struct bulk_report *report, struct span ref, const char *why) {
	report->missing++;
	add_failure(report, ref, 0, span_text(why));
}

bool bulk_report_is_good(const struct bulk_report *report) {
	return report->failures_in_all == 0;
}

/* --- words --- */

static void append_classes(struct buffer *out, const struct bulk_report *report) {
	const char *between = ": ";
	for (size_t i = 0; i < CLASSES; i++) {
		size_t class = (i + 2) % CLASSES; /* the good ones first */
		if (report->classes[class] > 0) {
			buffer_printf(
				out, "%s%" PRId64 " %s", between, report->classes[class], class_names[class]);
			between = ", ";
		}
	}
}

static void append_count(struct buffer *out, int64_t count, const char *what) {
	if (count > 0) {
		buffer_printf(out, "; %" PRId64 " %s", count, what);
	}
}

void bulk_report_append_words(struct buffer *out, const struct bulk_report *report, size_t most) {
	buffer_printf(out, "%s: %" PRId64 " sent in ", end_names[report->end], report->sent);
	words_append_duration(out, report->took_ms);
	append_classes(out, report);
	append_count(out, report->delivered, "skipped, delivered before");
	append_count(out, report->answered, "skipped, answered since the replay began");
	append_count(out, report->maybe, "skipped, may have been sent before");
	append_count(out, report->missing, "not there");
	buffer_append_byte(out, '\n');
	if (report->why) {
		buffer_append_text(out, "  ");
		text_escape(out, span_text(report->why), TEXT_LINE);
		buffer_append_byte(out, '\n');
	}
	for (size_t i = 0; i < report->failure_count && i < most; i++) {
		buffer_append_text(out, "  ");
		text_escape(out, span_text(report->failures[i].ref), TEXT_LINE);
		buffer_append_text(out, "  ");
		text_escape(out, span_text(report->failures[i].reason), TEXT_LINE);
		buffer_append_byte(out, '\n');
	}
	if (report->failures_in_all > (int64_t)most) {
		buffer_printf(out, "  and %" PRId64 " others\n", report->failures_in_all - (int64_t)most);
	}
}

/* --- JSON --- */

static void append_json_failures(struct buffer *out, const struct bulk_report *report) {
	json_member_int(out, "failures_in_all", report->failures_in_all);
	json_member_name(out, "failures");
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < report->failure_count; i++) {
		buffer_append_text(out, i > 0 ? ",{" : "{");
		json_member_text(out, "ref", span_text(report->failures[i].ref));
		json_member_int(out, "status", report->failures[i].status);
		json_member_text(out, "reason", span_text(report->failures[i].reason));
		buffer_append_byte(out, '}');
	}
	buffer_append_byte(out, ']');
}

static void append_began(struct buffer *out, const struct bulk_report *report) {
	json_member_name(out, "began_at");
	buffer_append_byte(out, '"');
	moment_append(out, report->began_at_ns);
	buffer_append_byte(out, '"');
}

void bulk_report_append_json(struct buffer *out, const struct bulk_report *report) {
	buffer_append_byte(out, '{');
	json_member_text_opt(out, "id", span_text(report->id));
	json_member_text(out, "end", span_text(end_names[report->end]));
	json_member_text_opt(out, "why", span_text(report->why ? report->why : ""));
	json_member_bytes(out, "target_url", span_text(report->target ? report->target : ""));
	append_began(out, report);
	json_member_int(out, "took_ms", report->took_ms);
	bulk_settings_append_json(out, &report->settings);
	json_member_int(out, "planned", report->planned);
	json_member_int(out, "sent", report->sent);
	json_member_name(out, "answers");
	buffer_append_byte(out, '{');
	for (size_t i = 1; i < CLASSES; i++) {
		json_member_int(out, class_names[i], report->classes[i]);
	}
	buffer_append_byte(out, '}');
	json_member_int(out, "no_answer", report->classes[0]);
	json_member_int(out, "skipped_delivered", report->delivered);
	json_member_int(out, "skipped_answered", report->answered);
	json_member_int(out, "skipped_maybe_sent", report->maybe);
	json_member_int(out, "missing", report->missing);
	json_member_int(out, "answer_us", report->answer_us);
	json_member_int(out, "slowest_us", report->slowest_us);
	append_json_failures(out, report);
	buffer_append_byte(out, '}');
}

/* --- tables --- */

/* A row, as the format writes it: `name` is a word of ours or a reference, `value` is made printable. */
static void row(struct buffer *out, enum bulk_format format, const char *section, const char *name,
	struct span value) {
	struct buffer shown = {0};
	text_escape(&shown, value, TEXT_LINE);
	buffer_append_text(out, format == BULK_CSV ? section : "| ");
	buffer_append_text(out, format == BULK_CSV ? ",\"" : "");
	buffer_append_text(out, name);
	buffer_append_text(out, format == BULK_CSV ? "\",\"" : " | ");
	for (size_t i = 0; i < shown.len; i++) {
		bool twice = format == BULK_CSV && shown.data[i] == '"';
		bool escaped = format == BULK_MARKDOWN && shown.data[i] == '|';
		buffer_append_text(out, twice ? "\"" : escaped ? "\\" : "");
		buffer_append_byte(out, shown.data[i]);
	}
	buffer_append_text(out, format == BULK_CSV ? "\"\n" : " |\n");
	buffer_clear(&shown);
}

static void number_row(
	struct buffer *out, enum bulk_format format, const char *name, int64_t value) {
	struct buffer text = {0};
	buffer_append_int(&text, value);
	row(out, format, "summary", name, buffer_span(&text));
	buffer_clear(&text);
}

static void append_summary(
	struct buffer *out, const struct bulk_report *report, enum bulk_format format) {
	struct buffer began = {0}, pace = {0};
	moment_append(&began, report->began_at_ns);
	bulk_pace_append(&pace, &report->settings.pace);
	row(out, format, "summary", "id", span_text(report->id));
	row(out, format, "summary", "end", span_text(end_names[report->end]));
	row(out, format, "summary", "target", span_text(report->target ? report->target : ""));
	row(out, format, "summary", "began at", buffer_span(&began));
	row(out, format, "summary", "order", span_text(bulk_order_name(report->settings.order)));
	row(out, format, "summary", "pace", buffer_span(&pace));
	row(out, format, "summary", "signature",
		span_text(report->settings.as_received ? "as received" : "signed anew"));
	number_row(out, format, "took ms", report->took_ms);
	number_row(out, format, "planned", report->planned);
	number_row(out, format, "sent", report->sent);
	for (size_t i = 0; i < CLASSES; i++) {
		number_row(out, format, class_names[(i + 1) % CLASSES], report->classes[(i + 1) % CLASSES]);
	}
	number_row(out, format, "skipped, delivered before", report->delivered);
	number_row(out, format, "skipped, answered since it began", report->answered);
	number_row(out, format, "skipped, may have been sent", report->maybe);
	number_row(out, format, "not there", report->missing);
	number_row(out, format, "failures", report->failures_in_all);
	buffer_clear(&began);
	buffer_clear(&pace);
}

static void append_csv(struct buffer *out, const struct bulk_report *report) {
	buffer_append_text(out, "section,name,value\n");
	append_summary(out, report, BULK_CSV);
	for (size_t i = 0; i < report->failure_count; i++) {
		row(out, BULK_CSV, "failure", report->failures[i].ref,
			span_text(report->failures[i].reason));
	}
}

static void append_markdown(struct buffer *out, const struct bulk_report *report) {
	buffer_append_text(out, "# Replay\n\n| | |\n| --- | --- |\n");
	append_summary(out, report, BULK_MARKDOWN);
	if (report->failure_count > 0) {
		buffer_append_text(out, "\n## Failures\n\n| event | reason |\n| --- | --- |\n");
	}
	for (size_t i = 0; i < report->failure_count; i++) {
		row(out, BULK_MARKDOWN, "", report->failures[i].ref, span_text(report->failures[i].reason));
	}
	int64_t more = report->failures_in_all - (int64_t)report->failure_count;
	if (more > 0) {
		buffer_printf(out, "\nand %" PRId64 " others\n", more);
	}
}

static bool ends_in(const char *path, const char *ending) {
	size_t len = strlen(path), ending_len = strlen(ending);
	return len >= ending_len && strcmp(path + len - ending_len, ending) == 0;
}

enum bulk_format bulk_format_of(const char *path) {
	if (ends_in(path, ".md") || ends_in(path, ".markdown")) {
		return BULK_MARKDOWN;
	}
	return ends_in(path, ".csv") ? BULK_CSV : BULK_JSON;
}

void bulk_report_append(
	struct buffer *out, const struct bulk_report *report, enum bulk_format format) {
	switch (format) {
	case BULK_JSON:
		bulk_report_append_json(out, report);
		buffer_append_byte(out, '\n');
		return;
	case BULK_CSV:
		append_csv(out, report);
		return;
	case BULK_MARKDOWN:
		append_markdown(out, report);
		return;
	}
}
