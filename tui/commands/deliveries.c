/* hookline deliveries: every attempt to deliver an event, as an audit table. */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/attempt_filter.h"
#include "common/retry.h"
#include "tui/commands/commands.h"
#include "tui/commands/delivery_row.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 1000000

enum form { FORM_LINES, FORM_JSON, FORM_CSV };

struct deliveries {
	struct session session;
	struct line_style style;
	enum form form;
	struct buffer filter, line;
	struct client_query query;
	/* of newest last with a limit: the newest came first, and are printed when all are there */
	struct span *kept;
	size_t kept_count;
	bool begun;
	struct retry **retries; /* attempts that are still to be made */
	size_t retry_count;
};

static void put_head(struct deliveries *deliveries) {
	if (!deliveries->begun && deliveries->form == FORM_CSV) {
		delivery_row_csv_head(&deliveries->line);
	} else if (!deliveries->begun && deliveries->form == FORM_LINES) {
		line_delivery_head(&deliveries->line, &deliveries->style);
	}
	deliveries->begun = true;
	print_out(&deliveries->line);
}

static void append_row(struct deliveries *deliveries, const struct delivery_row *row) {
	switch (deliveries->form) {
	case FORM_LINES:
		line_delivery(&deliveries->line, row, &deliveries->style);
		break;
	case FORM_JSON:
		delivery_row_json(&deliveries->line, row);
		break;
	case FORM_CSV:
		delivery_row_csv(&deliveries->line, row);
		break;
	}
}

/* What is due for the event at the target of its newest attempt: a retry names the target, an attempt the URL made of it. */
static const struct retry *retry_of(
	const struct deliveries *deliveries, const struct attempt *attempt) {
	for (size_t i = 0; i < deliveries->retry_count; i++) {
		const struct retry *retry = deliveries->retries[i];
		struct span target = retry->target;
		target.len -= target.len > 0 && target.data[target.len - 1] == '/';
		if (uuid_equal(&retry->event, &attempt->event) &&
			span_starts_with(attempt->target, target) &&
			attempt->started_at_ns >= retry->tried_at_ns) {
			return retry;
		}
	}
	return NULL;
}

static void on_delivery(void *data, const struct attempt *attempt, const struct event *event) {
	struct deliveries *deliveries = data;
	const struct retry *retry = retry_of(deliveries, attempt);
	struct delivery_row row = {.attempt = attempt,
		.event = event,
		.next_at_ns = retry ? retry->due_ns : 0,
		.paused = retry && retry->paused};
	if (!deliveries->kept) {
		put_head(deliveries);
	}
	append_row(deliveries, &row);
	if (!deliveries->kept) {
		print_out(&deliveries->line);
	} else if ((int64_t)deliveries->kept_count < deliveries->query.limit) {
		struct span line = buffer_span(&deliveries->line);
		deliveries->kept[deliveries->kept_count++] =
			(struct span){alloc_text(line.data, line.len), line.len};
		buffer_reset(&deliveries->line);
	}
}

/* A relay that knows no deliveries sends what it knows. */
static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct deliveries *deliveries = data;
	struct error err = {0};
	(void)event;
	(void)bytes;
	error_set(&err, ERROR_REFUSED, "this relay is too old to list deliveries");
	session_fail(&deliveries->session, &err);
}

static void on_done(void *data, const struct error *err) {
	struct deliveries *deliveries = data;
	if (err) {
		session_fail(&deliveries->session, err);
		return;
	}
	if (deliveries->kept_count > 0 || deliveries->form == FORM_CSV) {
		put_head(deliveries);
	}
	while (deliveries->kept_count > 0) {
		struct span *line = &deliveries->kept[--deliveries->kept_count];
		buffer_append_span(&deliveries->line, *line);
		free((char *)line->data);
		print_out(&deliveries->line);
	}
	if (!deliveries->begun) {
		fputs(
			deliveries->form == FORM_LINES ? "nothing was delivered yet, or nothing matches\n" : "",
			stderr);
	}
	session_stop(&deliveries->session, 0);
}

static void list(struct deliveries *deliveries) {
	struct client_receiver receiver = {
		.event = on_event, .delivery = on_delivery, .done = on_done, .data = deliveries};
	client_list(deliveries->session.client, &deliveries->query, &receiver);
}

/* --- what is still to come --- */

static void keep_retries(struct deliveries *deliveries, const cJSON *list_of_them) {
	const cJSON *item = NULL;
	cJSON_ArrayForEach(item, list_of_them) {
		struct retry retry;
		if (deliveries->retry_count < RETRIES_MAX && retry_from_json(&retry, item, NULL)) {
			deliveries->retries = alloc_resize(
				deliveries->retries, (deliveries->retry_count + 1) * sizeof *deliveries->retries);
			deliveries->retries[deliveries->retry_count++] = retry_copy(&retry);
		}
	}
}

/* Frames come until all are told. A relay that knows of none is as good. */
static void on_retries(void *data, const cJSON *frame, const struct error *err) {
	struct deliveries *deliveries = data;
	if (!err) {
		keep_retries(deliveries, cJSON_GetObjectItemCaseSensitive(frame, "retries"));
	}
	if (err || cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(frame, "complete"))) {
		list(deliveries);
	}
}

static void begin(struct deliveries *deliveries) {
	client_watch(
		deliveries->session.client, span_text("{\"type\":\"retry.list\"}"), on_retries, deliveries);
}

/* --- the command --- */

static bool check(
	struct deliveries *deliveries, const struct arguments *arguments, struct error *err) {
	struct client_query *query = &deliveries->query;
	bool json = arguments_has(arguments, "json"), csv = arguments_has(arguments, "csv");
	query->limit = LIMIT_DEFAULT;
	if (json && csv) {
		return error_set(err, ERROR_USAGE, "one of --json and --csv");
	}
	for (size_t i = 0; i < arguments->word_count; i++) {
		buffer_append_text(&deliveries->filter, i > 0 ? " " : "");
		buffer_append_text(&deliveries->filter, arguments->words[i]);
	}
	struct attempt_filter *filter = attempt_filter_parse(buffer_span(&deliveries->filter), err);
	attempt_filter_free(filter);
	deliveries->form = json ? FORM_JSON : csv ? FORM_CSV : FORM_LINES;
	query->endpoint = span_text(arguments_text(arguments, "endpoint", ""));
	query->filter = buffer_span(&deliveries->filter);
	query->deliveries = true;
	return filter && arguments_int(arguments, "limit", 0, LIMIT_MAX, &query->limit, err);
}

static void clear(struct deliveries *deliveries) {
	for (size_t i = 0; i < deliveries->kept_count; i++) {
		free((char *)deliveries->kept[i].data);
	}
	for (size_t i = 0; i < deliveries->retry_count; i++) {
		free(deliveries->retries[i]);
	}
	free(deliveries->kept);
	free(deliveries->retries);
	buffer_clear(&deliveries->line);
	buffer_clear(&deliveries->filter);
}

static int run_session(
	struct deliveries *deliveries, const struct arguments *arguments, struct error *err) {
	int code;
	if (session_open(&deliveries->session, arguments, false, false, err)) {
		begin(deliveries);
		code = session_run(&deliveries->session, err);
	} else {
		code = deliveries->session.exit_code;
	}
	session_close(&deliveries->session);
	return code;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct deliveries deliveries = {.style = line_style_of(stdout)};
	int code = 2;
	if (check(&deliveries, arguments, err)) {
		bool newest_first = arguments_has(arguments, "newest");
		deliveries.query.newest_first = newest_first || deliveries.query.limit > 0;
		if (!newest_first && deliveries.query.limit > 0) {
			deliveries.kept = alloc_zero((size_t)deliveries.query.limit, sizeof *deliveries.kept);
		}
		code = run_session(&deliveries, arguments, err);
	}
	clear(&deliveries);
	return code;
}

static const struct option_row options[] = {
	{"limit", 'n', "N", "the newest N (50); 0: all"},
	{"newest", 0, NULL, "the newest first, not last"},
	{"endpoint", 0, "NAME", "of events of this endpoint alone"},
	{"json", 0, NULL, "one JSON object a line"},
	{"csv", 0, NULL, "a table for spreadsheets (RFC 4180, formulas made harmless)"},
	{NULL},
};

static const char *const examples[] = {
	"hookline deliveries status:5xx,failed provider:stripe",
	"hookline deliveries 'target:*localhost:3000* cause:replay' --newest",
	"hookline deliveries --limit 0 --csv > deliveries.csv",
	NULL,
};

const struct command command_deliveries = {
	.name = "deliveries",
	.summary = "every attempt to deliver an event: what was answered, when, why, by whom",
	.usage = "[FILTER...] [--limit N] [--newest] [--endpoint NAME] [--json | --csv]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
