/* hookline listen: a line for each event and attempt, and forwarding to the app. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "common/words.h"
#include "tui/commands/commands.h"
#include "tui/commands/deliver_flags.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/route_flags.h"
#include "tui/commands/session.h"
#include "tui/commands/signing.h"
#include "tui/commands/since.h"
#include "tui/forward.h"
#include "tui/missed.h"
#include "tui/retrier.h"

struct listen {
	struct session session;
	const struct arguments *arguments;
	struct line_style style;
	bool json;
	struct deliver_options deliver;
	struct settings settings; /* with the routes of the command line, when there are some */
	bool forwards;
	struct buffer filter, line;
	struct since since;
	struct forward *forward;
	struct schedule_policy retry;
	struct retrier *retrier; /* NULL: nothing is tried again */
	bool known;              /* it has told what was due at the beginning */
	struct missed *missed;
	uv_check_t flush;
	bool dirty;
};

/* A sentence on stderr, escaped. */
static void say(struct listen *listen, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct listen *listen, const char *format, ...) {
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	struct buffer line = {0};
	text_escape(&line, span_text(text), listen->style.flags);
	fprintf(stderr, "%s\n", buffer_text(&line));
	buffer_clear(&line);
}

static void put_line(struct listen *listen) {
	print_out(&listen->line);
	listen->dirty = true;
}

/* Once for all lines of a turn of the loop. */
static void on_flush(uv_check_t *check) {
	struct listen *listen = check->data;
	if (listen->dirty) {
		listen->dirty = false;
		session_flush(&listen->session);
	}
}

/* --- what is shown --- */

static void show_event(struct listen *listen, const struct event *event) {
	line_event_or_json(&listen->line, event, listen->json, &listen->style);
	put_line(listen);
}

static void show_attempt(struct listen *listen, const struct attempt *attempt) {
	line_attempt_or_json(&listen->line, attempt, listen->json, listen->session.who, &listen->style);
	put_line(listen);
}

static void on_attempted(void *data, const struct forwarded *forwarded) {
	struct listen *listen = data;
	const struct attempt *attempt = forwarded->attempt;
	show_attempt(listen, attempt);
	if (forwarded->err) {
		say(listen, "the attempt at %.*s#%" PRId64 " is not kept: %s", (int)attempt->endpoint.len,
			attempt->endpoint.data, attempt->event_seq, forwarded->err->text);
	}
}

static void on_lease(void *data, const struct target *target, bool mine, struct span holder) {
	struct listen *listen = data;
	if (listen->retrier) {
		retrier_look(listen->retrier);
	}
	if (mine) {
		say(listen, "forwarding to %s", target->url);
	} else if (holder.len > 0) {
		say(listen, "%.*s forwards to %s already; this one takes over when that one ends",
			(int)holder.len, holder.data, target->url);
	}
}

static void on_away(void *data, const struct target *target, const struct error *why) {
	struct listen *listen = data;
	if (why) {
		say(listen, "%s; events wait until it is there", why->text);
	} else {
		say(listen, "%s answers", target->url);
	}
}

static void on_missed(void *data, const struct missed_events *missed) {
	struct listen *listen = data;
	say(listen,
		"%s%" PRId64 " event%s missed, %s#%" PRId64 " to %s#%" PRId64
		": nobody forwarded them; --since %s#%" PRId64 " does",
		missed->more ? "more than " : "", missed->count, missed->count == 1 ? "" : "s",
		missed->endpoint, missed->first_seq, missed->endpoint, missed->last_seq, missed->endpoint,
		missed->first_seq);
}

/* --- what is tried again --- */

static bool on_tried(void *data, const struct forward_tried *tried) {
	return retrier_tried(((struct listen *)data)->retrier, tried);
}

static bool on_tries_again(void *data, const struct uuid *event, const struct target *target) {
	return retrier_tries_again(((struct listen *)data)->retrier, event, target);
}

static int64_t on_total_ms(void *data, const struct route *route, const struct event *event) {
	return retrier_total_ms(((struct listen *)data)->retrier, route, event);
}

static void on_retried(void *data, const struct attempt *attempt, const struct error *err) {
	on_attempted(data, &(struct forwarded){.attempt = attempt, .err = err});
}

static void on_retry(void *data, const struct retry *retry, struct span over) {
	struct listen *listen = data;
	struct buffer when = {0};
	if (!listen->known || (!over.data && retry->taken_until_ns > 0) ||
		!span_is(retry->owner, listen->session.who)) {
		return;
	}
	words_append_time(&when, retry->due_ns, false);
	struct span reason = over.data ? over : retry->reason;
	say(listen, "%.*s#%" PRId64 "%s%s: %.*s", (int)retry->endpoint.len, retry->endpoint.data,
		retry->event_seq,
		over.data       ? " is not tried again"
		: retry->paused ? " is paused"
						: " is tried again at ",
		over.data || retry->paused ? "" : buffer_text(&when), (int)reason.len, reason.data);
	buffer_clear(&when);
}

static void on_known(void *data, size_t count) {
	struct listen *listen = data;
	if (!listen->known && count > 0) {
		say(listen, "%zu event%s to be tried again; hookline retries tells which", count,
			count == 1 ? " is" : "s are");
	}
	listen->known = true;
}

static void on_trouble(void *data, const struct error *err) {
	say(data, "%s", err->text);
}

/* Whether anything says so. */
static bool may_retry(const struct listen *listen) {
	const struct routes *routes = &listen->settings.routes;
	bool may = !schedule_policy_is_none(&listen->retry);
	for (size_t i = 0; i < routes->count; i++) {
		may = may || *routes->list[i].retry;
	}
	return may;
}

static void start_retrier(struct listen *listen) {
	static const struct retrier_events events = {on_retry, on_retried, on_known, on_trouble};
	listen->retrier = retrier_new(&listen->session.loop, listen->session.client, &listen->deliver,
		signing_catalogue(), &events, listen);
}

/* --- what comes in --- */

static void take(
	struct listen *listen, const struct event *event, const struct client_bytes *bytes) {
	show_event(listen, event);
	if (listen->forward) {
		forward_take(listen->forward, event, bytes);
	}
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	take(data, event, bytes);
}

/* It came before we did, or while we began: its bytes are asked for. */
static void on_past(void *data, const struct event *event) {
	struct listen *listen = data;
	show_event(listen, event);
	if (listen->forward) {
		forward_fetch(listen->forward, &event->id);
	}
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	(void)bytes;
	show_attempt(data, attempt);
}

static void on_refused(void *data, const struct error *err) {
	struct listen *listen = data;
	if (err) {
		session_fail(&listen->session, err);
	}
}

static void on_gap(void *data, struct span endpoint, int64_t from, int64_t to, struct span why) {
	say(data, "%.*s#%" PRId64 " to #%" PRId64 " cannot be told: %.*s", (int)endpoint.len,
		endpoint.data, from, to, (int)why.len, why.data);
}

static void ask_missed(struct listen *listen) {
	missed_free(listen->missed);
	listen->missed = forward_ask_missed(
		listen->forward, arguments_text(listen->arguments, "endpoint", ""), on_missed, listen);
}

/* What another store has is history: it is forwarded when somebody asks for it. */
static void on_anew(void *data) {
	struct listen *listen = data;
	say(listen, "this relay has another store now; it is followed from here on");
	if (listen->forward) {
		ask_missed(listen);
	}
}

static void begin(struct listen *listen) {
	struct client_query query = {
		.endpoint = span_text(arguments_text(listen->arguments, "endpoint", "")),
		.filter = buffer_span(&listen->filter),
		/* our own attempts are shown when they are kept; others' are asked for when we make none, and no filter says which */
		.attempts = !listen->forwards && listen->filter.len == 0,
		.bytes = listen->forwards};
	struct since_events events = {.live = {.event = on_event,
									  .attempt = on_attempt,
									  .gap = on_gap,
									  .anew = on_anew,
									  .done = on_refused,
									  .data = listen},
		.past = on_past};
	since_begin(&listen->since, listen->session.client, &query, &events);
	if (listen->forward && listen->since.kind == SINCE_NOW) {
		ask_missed(listen);
	}
}

/* --- the link --- */

static void on_live(struct session *session) {
	struct listen *listen = session->data;
	if (listen->forward) {
		say(listen, "the relay is back");
	}
}

static void on_down(struct session *session, const struct error *err, int64_t retry_ms) {
	say(session->data, "%s; trying again in %.1f s", err->text, (double)retry_ms / 1000);
}

static void on_bye(struct session *session, struct span why) {
	say(session->data, "%.*s", (int)why.len, why.data ? why.data : "");
}

static bool start_forward(struct listen *listen, struct error *err) {
	static const struct forward_events once = {on_attempted, on_lease, on_away};
	static const struct forward_events again = {
		on_attempted, on_lease, on_away, on_tried, on_tries_again, on_total_ms};
	if (!listen->forwards) {
		return true;
	}
	if (!routes_check_loop(&listen->settings.routes, span_text(listen->session.ingest_url), err)) {
		return false;
	}
	struct forward_options options = {
		.endpoint = span_text(arguments_text(listen->arguments, "endpoint", "")),
		.filter = buffer_span(&listen->filter),
		.deliver = &listen->deliver};
	bool retries = may_retry(listen);
	if (retries) {
		start_retrier(listen);
	}
	listen->forward = forward_new(&listen->session.loop, listen->session.client,
		&listen->settings.routes, &options, retries ? &again : &once, listen, err);
	if (listen->forward && retries) {
		retrier_use(listen->retrier, listen->forward, &listen->retry);
	}
	return listen->forward != NULL;
}

static void greet(struct listen *listen) {
	const struct session *session = &listen->session;
	if (session->local) {
		say(listen,
			"started a relay of our own, which ends with the last to leave it; it keeps events in "
			"%s",
			session->store);
	}
	say(listen, "webhooks go to %s (or %s/e/NAME for an endpoint of its own); relay at %s",
		session->ingest_url, session->ingest_url, session->relay_url);
}

/* --- the command --- */

static bool check(struct listen *listen, struct error *err) {
	const struct arguments *arguments = listen->arguments;
	listen->deliver.concurrency = 16;
	if (arguments->word_count > 0) {
		return error_set(err, ERROR_USAGE,
			"\"%s\" is not expected here; filters go behind --filter", arguments->words[0]);
	}
	const char *retry = arguments_text(arguments, "retry", "none"),
			   *since = arguments_text(arguments, "since", NULL);
	if (!schedule_policy_parse(&listen->retry, span_text(retry), err)) {
		return error_prefix(err, "--retry");
	}
	return deliver_options_read(&listen->deliver, arguments, listen->session.who, err) &&
	       routes_from_arguments(&listen->settings, arguments, listen->deliver.anywhere, err) &&
	       filter_from_words(&listen->filter, arguments, "filter", err) &&
	       (!since || since_read(&listen->since, since, err));
}

static void clear(struct listen *listen) {
	since_clear(&listen->since);
	settings_clear(&listen->settings);
	buffer_clear(&listen->filter);
	buffer_clear(&listen->line);
}

static int run_session(struct listen *listen, struct error *err) {
	struct session *session = &listen->session;
	int code = 0;
	session->data = listen;
	session->on_live = on_live;
	session->on_down = on_down;
	session->on_bye = on_bye;
	if (session_open(session, listen->arguments, true, true, err) && start_forward(listen, err)) {
		uv_check_init(&session->loop, &listen->flush);
		listen->flush.data = listen;
		uv_check_start(&listen->flush, on_flush);
		greet(listen);
		begin(listen);
		code = session_run(session, err);
		uv_close((uv_handle_t *)&listen->flush, NULL);
	} else {
		code = session->exit_code;
	}
	missed_free(listen->missed);
	forward_free(listen->forward);
	retrier_free(listen->retrier);
	session_close(session);
	return code;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct listen listen = {.arguments = arguments,
		.style = line_style_of(stdout),
		.json = arguments_has(arguments, "json")};
	int code = 2;
	if (check(&listen, err)) {
		listen.forwards = routes_are_enabled(&listen.settings.routes);
		code = run_session(&listen, err);
	}
	clear(&listen);
	return code;
}

static const struct option_row options[] = {
	{"endpoint", 0, "NAME", "of this endpoint alone"},
	{"filter", 0, "FILTER", "only events that match, and no attempts of others"},
	{"since", 0, "REF", "from this event on; start: all there are; N: the last N"},
	{"retry", 0, "POLICY", "try again what failed: 5s,30s,5m; provider; @60x and more"},
	{"json", 0, NULL, "one JSON object a line for each event and attempt"},
	{NULL},
};

static const char *const examples[] = {
	"hookline listen --forward 3000",
	"hookline listen --route 'provider:stripe => 3000/hooks' --route '=> 4000'",
	"hookline listen --json --since start | jq -r .type",
	NULL,
};

const struct command command_listen = {
	.name = "listen",
	.summary = "show what comes in, and forward it to the app",
	.usage = "[--forward URL | --route ROUTE...] [--retry POLICY] [--since REF|start|N]",
	.examples = examples,
	.options = options,
	.forwards = true,
	.delivers = true,
	.uses_relay = true,
	.run = run,
};
