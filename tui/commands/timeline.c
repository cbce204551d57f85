/* hookline timeline: every event of an order, a customer, ..., of any provider, in order. */
#include <inttypes.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/business_key.h"
#include "common/text.h"
#include "common/timeline.h"
#include "common/words.h"
#include "tui/commands/commands.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"

#define LIMIT_DEFAULT 1000
#define LIMIT_MAX 100000

struct timeline {
	struct session session;
	struct client_query query;
	struct buffer filter, line;
	bool json;
	struct event **kept; /* the newest come first, and are printed when all are there */
	size_t count, capacity;
};

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct timeline *timeline = data;
	(void)bytes;
	if (timeline->count == timeline->capacity) {
		timeline->capacity = timeline->capacity * 2 + 64;
		timeline->kept = alloc_resize(timeline->kept, timeline->capacity * sizeof *timeline->kept);
	}
	timeline->kept[timeline->count++] = event_copy(event);
}

static void append_padded(struct buffer *out, struct span text, size_t columns) {
	size_t before = out->len;
	text_escape(out, text, TEXT_LINE);
	do {
		buffer_append_byte(out, ' ');
	} while (out->len < before + columns);
}

/* "2026-11-21 03:43:41  +2 min  shop#7  stripe  charge.failed  ×2  503, 2 tries" */
static void append_line(
	struct timeline *timeline, const struct event *event, const struct event *before) {
	struct buffer *out = &timeline->line, cell = {0};
	words_append_time(out, event->received_at_ns, true);
	buffer_append_text(out, "  ");
	timeline_append_gap(&cell, before ? before->received_at_ns : 0, event->received_at_ns);
	append_padded(out, buffer_span(&cell), 12);
	buffer_reset(&cell);
	event_append_ref(&cell, event->endpoint, event->seq);
	append_padded(out, buffer_span(&cell), 18);
	append_padded(out, event->provider.len > 0 ? event->provider : span_text("-"), 14);
	append_padded(out, event->type.len > 0 ? event->type : span_text("-"), 28);
	buffer_reset(&cell);
	if (event->repeat > 1) {
		buffer_printf(&cell, "x%" PRId64, event->repeat);
	}
	append_padded(out, buffer_span(&cell), 4);
	timeline_append_outcome(out, event);
	buffer_append_byte(out, '\n');
	buffer_clear(&cell);
}

static void append_json(
	struct timeline *timeline, const struct event *event, const struct event *before) {
	struct buffer *out = &timeline->line;
	buffer_append_byte(out, '{');
	event_append_json_members(out, event);
	if (before) {
		buffer_printf(out, ",\"gap_ms\":%" PRId64,
			(event->received_at_ns - before->received_at_ns) / 1000000);
	}
	buffer_append_text(out, "}\n");
}

static void on_done(void *data, const struct error *err) {
	struct timeline *timeline = data;
	struct error none = {0};
	if (err) {
		session_fail(&timeline->session, err);
		return;
	}
	for (size_t i = timeline->count; i > 0; i--) {
		const struct event *before = i < timeline->count ? timeline->kept[i] : NULL;
		(timeline->json ? append_json : append_line)(timeline, timeline->kept[i - 1], before);
		print_out(&timeline->line);
	}
	if (timeline->count == 0) {
		error_set(&none, ERROR_NO, "no event has this key");
		session_fail(&timeline->session, &none);
		return;
	}
	session_stop(&timeline->session, 0);
}

static bool check(struct timeline *timeline, const struct arguments *arguments, struct error *err) {
	timeline->json = arguments_has(arguments, "json");
	timeline->query.limit = LIMIT_DEFAULT;
	timeline->query.newest_first = true;
	if (arguments->word_count != 2 || !arguments->words[1][0]) {
		return error_set(err, ERROR_USAGE, "expected a key and its value, such as order 42");
	}
	struct span name = span_text(arguments->words[0]);
	const char *known = business_key_known(name);
	name = known ? span_text(known) : name;
	bool any = span_is(name, "key");
	if (!any && !business_key_name_is_valid(name)) {
		return error_set(
			err, ERROR_USAGE, "\"%s\" cannot be the name of a key", arguments->words[0]);
	}
	business_key_append_filter(
		&timeline->filter, any ? span_text("") : name, span_text(arguments->words[1]));
	timeline->query.filter = buffer_span(&timeline->filter);
	return arguments_int(arguments, "limit", 1, LIMIT_MAX, &timeline->query.limit, err);
}

static void clear(struct timeline *timeline) {
	for (size_t i = 0; i < timeline->count; i++) {
		free(timeline->kept[i]);
	}
	free(timeline->kept);
	buffer_clear(&timeline->filter);
	buffer_clear(&timeline->line);
}

static int run(const struct arguments *arguments, struct error *err) {
	struct timeline timeline = {0};
	struct client_receiver receiver = {.event = on_event, .done = on_done, .data = &timeline};
	int code = 2;
	if (check(&timeline, arguments, err)) {
		if (session_open(&timeline.session, arguments, false, false, err)) {
			client_list(timeline.session.client, &timeline.query, &receiver);
			code = session_run(&timeline.session, err);
		} else {
			code = timeline.session.exit_code;
		}
		session_close(&timeline.session);
	}
	clear(&timeline);
	return code;
}

static const struct option_row options[] = {
	{"limit", 'n', "N", "the newest N (1000)"},
	{"json", 0, NULL, "one JSON object a line, with gap_ms"},
	{NULL},
};

static const char *const examples[] = {
	"hookline timeline order 42",
	"hookline timeline customer cus_9s6XKzkNRiz8i3 --json",
	NULL,
};

const struct command command_timeline = {
	.name = "timeline",
	.summary = "every event of an order, a customer, ... in order, over all providers",
	.usage = "KEY VALUE [--limit N] [--json]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
