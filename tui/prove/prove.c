#include "tui/prove/prove.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "tui/prove/prove_parts.h"

const char *prove_result_mark(enum prove_result result) {
	static const char *const marks[] = {"ok", "BAD", "-", ""};
	return marks[result];
}

const char *prove_result_name(enum prove_result result) {
	static const char *const names[] = {"ok", "bad", "skipped", "told"};
	return names[result];
}

/* --- telling --- */

static void tell(struct prove *prove, enum prove_result result, const char *name,
	const struct delivery *delivery) {
	struct prove_finding finding = {.result = result,
		.name = name,
		.text = buffer_span(&prove->text),
		.status = delivery ? delivery->attempt.status : 0,
		.took_us = delivery ? delivery->attempt.took_us : -1};
	prove->good += result == PROVE_GOOD;
	prove->bad += result == PROVE_BAD;
	prove->skipped += result == PROVE_SKIPPED;
	prove->events.found(prove->data, &finding);
}

static void format_text(struct prove *prove, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void format_text(struct prove *prove, const char *format, va_list args) {
	char text[2048];
	vsnprintf(text, sizeof text, format, args);
	buffer_reset(&prove->text);
	buffer_append_text(&prove->text, text);
}

void prove_find(
	struct prove *prove, enum prove_result result, const char *name, const char *format, ...) {
	va_list args;
	va_start(args, format);
	format_text(prove, format, args);
	va_end(args);
	tell(prove, result, name, NULL);
}

void prove_find_answer(struct prove *prove, enum prove_result result, const char *name,
	const struct delivery *delivery, const char *format, ...) {
	va_list args;
	va_start(args, format);
	format_text(prove, format, args);
	va_end(args);
	tell(prove, result, name, delivery);
}

void prove_append_answer(struct buffer *out, const struct delivery *delivery) {
	const struct attempt *attempt = &delivery->attempt;
	if (attempt->status > 0) {
		buffer_printf(out, "%" PRId64, attempt->status);
	} else {
		buffer_append_text(out, "no answer");
	}
	if (attempt->error.len > 0) {
		buffer_append_text(out, " (");
		buffer_append_span(out, attempt->error);
		buffer_append_byte(out, ')');
	}
}

/* --- the end --- */

static void on_flushed(void *data, const struct error *err) {
	struct prove *prove = data;
	struct prove_outcome outcome = {.proven = prove->proven,
		.verdict = prove->verdict,
		.good = prove->good,
		.bad = prove->bad,
		.skipped = prove->skipped};
	if (prove->repeat.len == 0) {
		prove_order_append(&prove->repeat, prove->order);
	}
	outcome.sentence = buffer_span(&prove->sentence);
	outcome.repeat = buffer_span(&prove->repeat);
	prove->events.ended(prove->data, err ? NULL : &outcome, err);
}

void prove_end(struct prove *prove, bool proven, const char *verdict) {
	if (prove->ended) {
		return;
	}
	prove->ended = true;
	prove->proven = proven;
	prove->verdict = verdict;
	lab_flush(prove->lab, on_flushed, prove);
}

void prove_fail(struct prove *prove, const struct error *err) {
	if (prove->ended) {
		return;
	}
	prove->ended = true;
	prove->events.ended(prove->data, NULL, err);
}

void prove_fail_unreached(struct prove *prove, const struct delivery *delivery) {
	struct error err = {0};
	error_set(
		&err, ERROR_APP, "%.*s", (int)delivery->attempt.error.len, delivery->attempt.error.data);
	prove_fail(prove, &err);
}

/* --- beginning --- */

static const struct prove_kind_ops *ops_of(const struct prove *prove) {
	static const struct prove_kind_ops *const all[PROVE_KINDS] = {
		&prove_twice, &prove_reject, &prove_retries, &prove_chaos};
	return all[prove->order->kind];
}

static void on_fetched(void *data, const struct error *err) {
	struct prove *prove = data;
	if (err) {
		prove_fail(prove, err);
		return;
	}
	ops_of(prove)->begin(prove);
}

static void on_begin(void *data) {
	struct prove *prove = data;
	ops_of(prove)->begin(prove);
}

static bool take_file(struct prove *prove, struct error *err) {
	const struct prove_file *file = prove->order->file;
	if (!specimen_from_bytes(&prove->specimen, file->head, file->body, err)) {
		return false;
	}
	prove->specimen.keyring = file->secret ? file->keyring : NULL;
	prove->specimen.secret = file->secret;
	lab_wait(prove->lab, 0, on_begin, prove);
	return true;
}

static bool start(struct prove *prove, struct error *err) {
	struct event_ref ref;
	if (prove->order->file) {
		return take_file(prove, err);
	}
	if (!ops_of(prove)->fetches) {
		lab_wait(prove->lab, 0, on_begin, prove);
		return true;
	}
	if (!event_ref_parse(&ref, span_text(prove->order->refs[0]), err)) {
		return false;
	}
	lab_fetch(prove->lab, &ref, &prove->specimen, on_fetched, prove);
	return true;
}

struct prove *prove_begin(uv_loop_t *loop, struct client *client,
	const struct deliver_options *options, const struct prove_order *order,
	const struct prove_events *events, void *data, struct error *err) {
	struct lab *lab = lab_new(loop, client, options, err);
	if (!lab) {
		return NULL;
	}
	struct prove *prove = alloc_zero(1, sizeof *prove);
	*prove = (struct prove){.loop = loop,
		.lab = lab,
		.order = order,
		.events = *events,
		.data = data,
		.client = client};
	if (!start(prove, err)) {
		prove_free(prove);
		return NULL;
	}
	return prove;
}

void prove_free(struct prove *prove) {
	if (!prove) {
		return;
	}
	lab_free(prove->lab);
	ops_of(prove)->clear(prove);
	specimen_clear(&prove->specimen);
	buffer_clear(&prove->text);
	buffer_clear(&prove->sentence);
	buffer_clear(&prove->repeat);
	free(prove);
}
