/* hookline replay: sends captured events to an app again, signed anew where a secret is known. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "tui/anew.h"
#include "tui/commands/commands.h"
#include "tui/commands/deliver_flags.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"
#include "tui/replayer.h"

/* Events of one replay. */
#define EVENTS_MAX 1000000
#define RATE_MAX 1000

/* One event of the plan. */
struct planned {
	struct event_ref ref; /* its endpoint points into argv or is empty (by id) */
	int64_t seq;          /* for the words of the plan */
	char endpoint[ENDPOINT_NAME_LEN + 1];
};

struct replay {
	struct session session;
	const struct arguments *arguments;
	struct line_style style;
	struct replayer *replayer;
	struct target target;
	struct buffer filter, line;
	struct planned *plan;
	size_t count, capacity;
	size_t next; /* of the plan */
	size_t at_once;
	uint64_t gap_ms; /* between two starts; 0: none */
	uv_timer_t pace;
	bool waits; /* for the pace */
	bool json;
	bool as_received;
	size_t good, failed, unreached;
};

static void go_on(struct replay *replay);

static void fail(struct replay *replay, const struct error *err) {
	session_fail(&replay->session, err);
}

/* --- one event --- */

static void on_delivered(void *data, const struct delivery *delivery) {
	struct replay *replay = data;
	const struct attempt *attempt = &delivery->attempt;
	bool good = attempt->error.len == 0 && attempt->status >= 200 && attempt->status < 300;
	replay->good += good;
	replay->failed += !good;
	replay->unreached += !delivery->connected;
	if (replay->json) {
		attempt_append_json(&replay->line, attempt);
		buffer_append_byte(&replay->line, '\n');
	} else {
		line_attempt(&replay->line, attempt, replay->session.who, &replay->style);
	}
	print_out(&replay->line);
	session_flush(&replay->session);
}

static void on_ended(void *data, const struct replayed *replayed, const struct error *err) {
	struct replay *replay = data;
	if (err && (replayed->attempt || err->code != ERROR_NO)) {
		fail(replay, err);
		return;
	}
	if (err) {
		command_fail("replay", err);
		replay->failed++;
	}
	go_on(replay);
}

static void start_next(struct replay *replay) {
	struct error err = {0};
	if (!replayer_add(replay->replayer, &replay->plan[replay->next++].ref, &replay->target,
			replay->as_received, &err)) {
		fail(replay, &err);
	}
}

static int outcome(const struct replay *replay) {
	if (replay->failed == 0) {
		return 0;
	}
	return replay->unreached > 0 && replay->unreached == replay->failed && replay->good == 0 ? 6
	                                                                                         : 1;
}

static void on_pace(uv_timer_t *timer) {
	struct replay *replay = timer->data;
	replay->waits = false;
	go_on(replay);
}

static void go_on(struct replay *replay) {
	while (!replay->session.stopped && !replay->waits && replay->next < replay->count &&
		   replayer_open(replay->replayer) < replay->at_once) {
		start_next(replay);
		if (replay->gap_ms > 0) {
			replay->waits = true;
			uv_timer_start(&replay->pace, on_pace, replay->gap_ms, 0);
		}
	}
	if (replay->next == replay->count && replayer_open(replay->replayer) == 0) {
		if (replay->count > 1) {
			fprintf(stderr, "%zu delivered, %zu failed\n", replay->good, replay->failed);
		}
		session_stop(&replay->session, outcome(replay));
	}
}

/* --- the plan --- */

static struct planned *add_planned(struct replay *replay) {
	if (replay->count == replay->capacity) {
		replay->capacity = replay->capacity ? 2 * replay->capacity : 64;
		replay->plan = alloc_resize(replay->plan, replay->capacity * sizeof *replay->plan);
	}
	struct planned *planned = &replay->plan[replay->count++];
	*planned = (struct planned){0};
	return planned;
}

static bool plan_words(struct replay *replay, struct error *err) {
	const struct arguments *arguments = replay->arguments;
	for (size_t i = 0; i < arguments->word_count; i++) {
		struct event_ref ref;
		if (!event_ref_parse(&ref, span_text(arguments->words[i]), err)) {
			return false;
		}
		struct planned *planned = add_planned(replay);
		planned->ref = ref;
		planned->seq = ref.seq;
		snprintf(planned->endpoint, sizeof planned->endpoint, "%.*s", (int)ref.endpoint.len,
			ref.endpoint.data ? ref.endpoint.data : "");
	}
	return true;
}

static void append_planned(struct buffer *out, const struct planned *planned) {
	if (planned->seq > 0) {
		event_append_ref(out, span_text(planned->endpoint), planned->seq);
	} else {
		char id[UUID_TEXT_LEN + 1];
		uuid_format(&planned->ref.id, id);
		buffer_append_text(out, id);
	}
}

static void tell_plan(struct replay *replay) {
	struct buffer *line = &replay->line;
	buffer_printf(line, "%zu event%s to %s, %s, %s: ", replay->count, replay->count == 1 ? "" : "s",
		replay->target.url,
		replay->as_received ? "as received" : "signed anew where a secret is known",
		arguments_has(replay->arguments, "filter") ? "oldest first" : "in this order");
	append_planned(line, &replay->plan[0]);
	if (replay->count > 1) {
		buffer_append_text(line, replay->count > 2 ? " ... " : ", ");
		append_planned(line, &replay->plan[replay->count - 1]);
	}
	fprintf(stderr, "%s\n", buffer_text(line));
	buffer_reset(line);
}

static void tell_next(struct replay *replay);

static void print_planned(struct replay *replay, struct span how) {
	struct buffer out = {0};
	append_planned(&replay->line, &replay->plan[replay->next++]);
	buffer_append_byte(&replay->line, ' ');
	buffer_append_span(&replay->line, how);
	text_escape(&out, buffer_span(&replay->line), TEXT_LINE);
	buffer_append_byte(&out, '\n');
	print_out(&out);
	buffer_clear(&out);
	buffer_reset(&replay->line);
}

static void on_anew(void *data, const struct anew *anew, const struct error *err) {
	struct replay *replay = data;
	if (err) {
		fail(replay, err);
		return;
	}
	print_planned(replay, buffer_span(&anew->how));
	tell_next(replay);
}

/* What would be sent: one after the other, since the relay signs each to see whether it can. */
static void tell_next(struct replay *replay) {
	while (replay->as_received && replay->next < replay->count) {
		print_planned(replay, span_text("as received"));
	}
	if (replay->next < replay->count) {
		anew_ask(replay->session.client, &replay->plan[replay->next].ref, on_anew, replay);
	} else {
		session_stop(&replay->session, 0);
	}
}

static void carry_out(struct replay *replay) {
	struct error err = {0};
	if (replay->count == 0) {
		error_set(&err, ERROR_NO, "no event matches");
		fail(replay, &err);
		return;
	}
	tell_plan(replay);
	if (arguments_has(replay->arguments, "dry-run")) {
		tell_next(replay);
	} else if (replay->count > 1 && !arguments_has(replay->arguments, "yes") &&
			   !ask_yes("replay them all", &err)) {
		if (err.code == ERROR_NONE) {
			error_set(&err, ERROR_NO, "nothing was sent");
		}
		fail(replay, &err);
	} else {
		go_on(replay);
	}
}

static void on_found(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct replay *replay = data;
	(void)bytes;
	if (replay->count < EVENTS_MAX) {
		struct planned *planned = add_planned(replay);
		planned->ref = (struct event_ref){.by_id = true, .id = event->id};
		planned->seq = event->seq;
		snprintf(planned->endpoint, sizeof planned->endpoint, "%.*s", (int)event->endpoint.len,
			event->endpoint.data);
	}
}

static void on_listed(void *data, const struct error *err) {
	struct replay *replay = data;
	if (err) {
		fail(replay, err);
		return;
	}
	carry_out(replay);
}

static void begin(struct replay *replay) {
	struct error err = {0};
	if (target_leads_to(&replay->target, span_text(replay->session.ingest_url))) {
		error_set(&err, ERROR_USAGE,
			"%s is the relay's own port for webhooks: that would be a loop", replay->target.url);
		fail(replay, &err);
		return;
	}
	if (replay->count > 0) {
		carry_out(replay);
		return;
	}
	struct client_query query = {.filter = buffer_span(&replay->filter),
		.endpoint = span_text(arguments_text(replay->arguments, "endpoint", ""))};
	struct client_receiver receiver = {.event = on_found, .done = on_listed, .data = replay};
	client_list(replay->session.client, &query, &receiver);
}

/* --- the command --- */

static bool check(struct replay *replay, struct deliver_options *options, struct error *err) {
	const struct arguments *arguments = replay->arguments;
	const char *to = arguments_text(arguments, "to", NULL);
	bool by_filter = arguments_has(arguments, "filter");
	int64_t rate = 0;
	options->concurrency = 1;
	if (!to) {
		return error_set(
			err, ERROR_USAGE, "--to URL says where the app is, such as --to localhost:3000");
	}
	if (by_filter == (arguments->word_count > 0)) {
		return error_set(err, ERROR_USAGE, "name events, such as stripe#1042, or give --filter");
	}
	if (!deliver_options_read(options, arguments, replay->session.who, err) ||
		!arguments_int(arguments, "rate", 1, RATE_MAX, &rate, err) ||
		!target_parse(&replay->target, to, options->anywhere, err) ||
		!filter_from_words(&replay->filter, arguments, "filter", err) || !plan_words(replay, err)) {
		return false;
	}
	replay->at_once = (size_t)options->concurrency;
	replay->gap_ms = rate > 0 ? (uint64_t)(1000 / rate) : 0;
	return true;
}

static void clear(struct replay *replay) {
	target_clear(&replay->target);
	buffer_clear(&replay->filter);
	buffer_clear(&replay->line);
	free(replay->plan);
}

static int run_session(struct replay *replay, struct deliver_options *options, struct error *err) {
	static const struct replayer_events events = {NULL, on_delivered, on_ended};
	int code = 0;
	if (session_open(&replay->session, replay->arguments, false, false, err) &&
		(replay->replayer = replayer_new(
			 &replay->session.loop, replay->session.client, options, &events, replay, err))) {
		uv_timer_init(&replay->session.loop, &replay->pace);
		replay->pace.data = replay;
		begin(replay);
		code = session_run(&replay->session, err);
		uv_close((uv_handle_t *)&replay->pace, NULL);
	} else {
		code = replay->session.exit_code;
	}
	replayer_free(replay->replayer);
	session_close(&replay->session);
	return code;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct replay replay = {.arguments = arguments,
		.style = line_style_of(stdout),
		.json = arguments_has(arguments, "json"),
		.as_received = arguments_has(arguments, "as-received")};
	struct deliver_options options = {0};
	int code = check(&replay, &options, err) ? run_session(&replay, &options, err) : 2;
	clear(&replay);
	return code;
}

static const struct option_row options_table[] = {
	{"to", 0, "URL", "where the app is: localhost:3000/hooks"},
	{"filter", 0, "FILTER", "all events that match, oldest first, instead of named ones"},
	{"endpoint", 0, "NAME", "with --filter: of this endpoint alone"},
	{"as-received", 0, NULL, "send exactly what was captured, not signed anew"},
	{"rate", 0, "N", "at most N a second"},
	{"dry-run", 0, NULL, "only tell which events, in which order, and how they would be signed"},
	{"yes", 'y', NULL, "more than one without asking"},
	{"json", 0, NULL, "one JSON object a line for each attempt"},
	{NULL},
};

static const char *const examples[] = {
	"hookline replay stripe#1042 --to localhost:3000/hooks",
	"hookline replay --filter 'provider:stripe status:5xx' --to localhost:3000 --dry-run",
	"hookline replay --filter is:undelivered --to localhost:3000 --rate 10 --yes",
	NULL,
};

const struct command command_replay = {
	.name = "replay",
	.summary = "send captured events to the app again",
	.usage = "REF... --to URL [--as-received]\n--filter FILTER --to URL [--as-received] [--rate N] "
			 "[--dry-run] [--yes]",
	.examples = examples,
	.options = options_table,
	.delivers = true,
	.uses_relay = true,
	.run = run,
};
