/* hookline wait: until an event comes that matches. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"
#include "tui/commands/tally.h"

#define TIMEOUT_DEFAULT_MS (30 * 1000)
#define TIMEOUT_MAX_MS (24 * 3600 * 1000)
#define COUNT_MAX 10000

/* An endpoint that something came on since we are here. */
struct place {
	char name[ENDPOINT_NAME_LEN + 1];
	int64_t first;    /* seq of the first event since; 0: none yet */
	int64_t from, to; /* events that may match by now, to be looked at again; from 0: none */
};

struct wait {
	struct session session;
	const struct arguments *arguments;
	struct line_style style;
	bool json;
	struct buffer filter, line;
	int64_t timeout_ms, count;
	uv_timer_t timer;

	bool looks_back, from_start;
	struct event_ref since; /* looks_back */
	bool since_counts;      /* the event of `since` itself, too */
	int64_t beyond;         /* what stands behind this position counts; -1: not known yet */
	bool history_read;

	struct uuid *found;
	int64_t found_count;
	struct place *places;
	size_t place_count;
	bool looking; /* a request for events that may match by now is under way: */
	size_t looked_at;
	int64_t looked_from, looked_to;
	bool down;
	struct tally came; /* since we are here, and did not match */
};

/* A sentence on stderr, escaped. */
static void say(struct wait *wait, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct wait *wait, const char *format, ...) {
	char text[2048];
	struct buffer line = {0};
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	text_escape(&line, span_text(text), wait->style.flags);
	fprintf(stderr, "hookline wait: %s\n", buffer_text(&line));
	buffer_clear(&line);
}

static struct span endpoint_of(const struct wait *wait) {
	return span_text(arguments_text(wait->arguments, "endpoint", ""));
}

static struct place *place_of(struct wait *wait, struct span name) {
	for (size_t i = 0; i < wait->place_count; i++) {
		if (span_is(name, wait->places[i].name)) {
			return &wait->places[i];
		}
	}
	wait->places = alloc_resize(wait->places, (wait->place_count + 1) * sizeof *wait->places);
	struct place *place = &wait->places[wait->place_count++];
	*place = (struct place){0};
	snprintf(place->name, sizeof place->name, "%.*s", (int)name.len, name.data);
	return place;
}

/* --- the end --- */

static void tell_time_is_over(struct wait *wait) {
	struct buffer text = {0};
	int64_t seconds = wait->timeout_ms / 1000;
	if (wait->count > 1) {
		buffer_printf(&text, "%" PRId64 " of %" PRId64 " came", wait->found_count, wait->count);
	} else {
		buffer_append_text(&text, "nothing that matches came");
	}
	if (wait->timeout_ms % 1000 == 0 && seconds > 0) {
		buffer_printf(&text, " within %" PRId64 " s", seconds);
	} else if (seconds > 0 || wait->timeout_ms > 0) {
		buffer_printf(&text, " within %" PRId64 " ms", wait->timeout_ms);
	}
	if (wait->came.all > 0) {
		buffer_printf(&text, "; what did come meanwhile: ");
		tally_append(&text, &wait->came);
	} else if (wait->timeout_ms > 0) {
		buffer_append_text(&text, ", nor anything else");
	}
	buffer_append_text(&text, wait->down ? "; the relay is away" : "");
	fprintf(stderr, "hookline wait: %s\n", buffer_text(&text));
	buffer_clear(&text);
}

static void end_without(struct wait *wait) {
	if (!wait->session.stopped) {
		tell_time_is_over(wait);
		session_stop(&wait->session, 1);
	}
}

static void on_timer(uv_timer_t *timer) {
	end_without(timer->data);
}

static bool is_found(const struct wait *wait, const struct uuid *id) {
	for (int64_t i = 0; i < wait->found_count; i++) {
		if (uuid_equal(&wait->found[i], id)) {
			return true;
		}
	}
	return false;
}

static void take(struct wait *wait, const struct event *event) {
	if (wait->found_count == wait->count || is_found(wait, &event->id)) {
		return;
	}
	wait->found[wait->found_count++] = event->id;
	line_event_or_json(&wait->line, event, wait->json, &wait->style);
	print_out(&wait->line);
	session_flush(&wait->session);
	if (wait->found_count == wait->count) {
		session_stop(&wait->session, 0);
	}
}

/* --- what comes --- */

static void on_failed(void *data, const struct error *err) {
	struct wait *wait = data;
	if (err) {
		session_fail(&wait->session, err);
	}
}

static void on_match(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct wait *wait = data;
	(void)bytes;
	if (!is_found(wait, &event->id)) {
		tally_take_back(&wait->came, event);
		take(wait, event);
	}
}

static bool counts(struct wait *wait, const struct event *event) {
	const struct place *place = place_of(wait, event->endpoint);
	return (place->first > 0 && event->seq >= place->first) ||
	       (wait->looks_back && wait->beyond >= 0 && event->position > wait->beyond);
}

static void on_match_by_now(
	void *data, const struct event *event, const struct client_bytes *bytes) {
	if (counts(data, event)) {
		on_match(data, event, bytes);
	}
}

/* Events `from` to `to` are to be looked at again. */
static void note_place(struct place *place, int64_t from, int64_t to) {
	place->to = place->from > 0 && place->to > to ? place->to : to;
	place->from = place->from > 0 && place->from < from ? place->from : from;
}

static void look_again(struct wait *wait);

static void on_looked(void *data, const struct error *err) {
	struct wait *wait = data;
	wait->looking = false;
	if (!err) {
		look_again(wait);
	} else if (err->code == ERROR_UNREACHABLE) {
		note_place(&wait->places[wait->looked_at], wait->looked_from, wait->looked_to);
	} else {
		session_fail(&wait->session, err);
	}
}

/* An answer of the app, or another verdict, may make an event match that did not: one endpoint is asked about at a time. */
static void look_again(struct wait *wait) {
	struct client_receiver receiver = {.event = on_match_by_now, .done = on_looked, .data = wait};
	for (size_t i = 0; i < wait->place_count && !wait->looking && !wait->down; i++) {
		struct place *place = &wait->places[i];
		if (place->from > 0) {
			struct client_query query = {.endpoint = span_text(place->name),
				.filter = buffer_span(&wait->filter),
				.after = place->from - 1,
				.before = place->to < INT64_MAX ? place->to + 1 : 0};
			wait->looking = true;
			wait->looked_at = i;
			wait->looked_from = place->from;
			wait->looked_to = place->to;
			place->from = 0;
			client_list(wait->session.client, &query, &receiver);
		}
	}
}

static void may_match_by_now(struct wait *wait, struct span endpoint, int64_t from, int64_t to) {
	note_place(place_of(wait, endpoint), from, to);
	look_again(wait);
}

static void on_came(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct wait *wait = data;
	struct place *place = place_of(wait, event->endpoint);
	(void)bytes;
	place->first = place->first > 0 ? place->first : event->seq;
	if (!is_found(wait, &event->id)) {
		tally_add(&wait->came, event);
	}
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	(void)bytes;
	may_match_by_now(data, attempt->endpoint, attempt->event_seq, attempt->event_seq);
}

static void on_judged(void *data, struct span endpoint, int64_t changed) {
	(void)changed;
	may_match_by_now(data, endpoint, 1, INT64_MAX);
}

static void on_caught_up(void *data) {
	struct wait *wait = data;
	say(wait, "waiting for %s", wait->filter.len > 0 ? buffer_text(&wait->filter) : "any event");
}

/* All that comes is asked for twice: what matches, and everything, to tell of it when the time is over. */
static void subscribe(struct wait *wait) {
	struct client_query query = {
		.endpoint = endpoint_of(wait), .attempts = true, .live_only = true};
	struct client_receiver receiver = {.event = on_came,
		.attempt = on_attempt,
		.judged = on_judged,
		.done = on_failed,
		.data = wait};
	client_subscribe(wait->session.client, &query, &receiver);
	receiver = (struct client_receiver){
		.event = on_match, .caught_up = on_caught_up, .done = on_failed, .data = wait};
	query.attempts = false;
	query.filter = buffer_span(&wait->filter);
	client_subscribe(wait->session.client, &query, &receiver);
}

/* --- what is there --- */

static void on_history(void *data, const struct event *event, const struct client_bytes *bytes) {
	(void)bytes;
	take(data, event);
}

static void on_history_read(void *data, const struct error *err) {
	struct wait *wait = data;
	if (err) {
		if (err->code != ERROR_UNREACHABLE) {
			session_fail(&wait->session, err);
		}
		return; /* else it is asked for when the relay is back */
	}
	wait->history_read = true;
	if (wait->timeout_ms == 0) {
		end_without(wait);
	}
}

static void read_history(struct wait *wait) {
	struct client_query query = {.endpoint = endpoint_of(wait),
		.filter = buffer_span(&wait->filter),
		.beyond = wait->beyond,
		.limit = wait->count};
	struct client_receiver receiver = {.event = on_history, .done = on_history_read, .data = wait};
	client_list(wait->session.client, &query, &receiver);
}

static void on_since(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct wait *wait = data;
	(void)bytes;
	wait->beyond = event->position - wait->since_counts;
}

static void on_since_done(void *data, const struct error *err) {
	struct wait *wait = data;
	if (err) {
		on_history_read(wait, err);
	} else {
		read_history(wait);
	}
}

/* Where `--since` stands among everything; then what is behind it. */
static void look_back(struct wait *wait) {
	struct client_receiver receiver = {.event = on_since, .done = on_since_done, .data = wait};
	if (wait->history_read) {
		return;
	}
	if (!wait->looks_back) {
		on_history_read(wait, NULL);
	} else if (wait->beyond < 0) {
		client_get(wait->session.client, &wait->since, &receiver);
	} else {
		read_history(wait);
	}
}

/* --- the command --- */

static void on_live(struct session *session) {
	struct wait *wait = session->data;
	if (wait->down) {
		wait->down = false;
		say(wait, "the relay is back");
		look_back(wait);
		look_again(wait);
	}
}

static void on_down(struct session *session, const struct error *err, int64_t retry_ms) {
	struct wait *wait = session->data;
	wait->down = true;
	say(wait, "%s; trying again in %.1f s", err->text, (double)retry_ms / 1000);
}

static bool read_since(struct wait *wait, struct error *err) {
	const char *since = arguments_text(wait->arguments, "since", NULL);
	const char *after = arguments_text(wait->arguments, "after", NULL);
	const char *text = since ? since : after;
	if (!text && wait->timeout_ms == 0) {
		text = "start"; /* what comes is not waited for, so what is there must be meant */
	}
	wait->beyond = -1;
	wait->since_counts = since != NULL;
	wait->looks_back = text != NULL;
	if (since && after) {
		return error_set(err, ERROR_USAGE, "one of --since and --after");
	}
	if (!text || strcmp(text, "start") == 0) {
		wait->beyond = text ? 0 : -1;
		return true;
	}
	return event_ref_parse(&wait->since, span_text(text), err) ||
	       error_prefix(err, since ? "--since" : "--after");
}

static bool check(struct wait *wait, struct error *err) {
	const struct arguments *arguments = wait->arguments;
	wait->timeout_ms = TIMEOUT_DEFAULT_MS;
	wait->count = 1;
	return arguments_duration_ms(arguments, "timeout", 0, TIMEOUT_MAX_MS, &wait->timeout_ms, err) &&
	       arguments_int(arguments, "count", 1, COUNT_MAX, &wait->count, err) &&
	       filter_from_words(&wait->filter, arguments, NULL, err) && read_since(wait, err);
}

static int run_session(struct wait *wait, struct error *err) {
	struct session *session = &wait->session;
	int code;
	session->data = wait;
	session->on_live = on_live;
	session->on_down = on_down;
	if (session_open(session, wait->arguments, true, false, err)) {
		uv_timer_init(&session->loop, &wait->timer);
		wait->timer.data = wait;
		if (wait->timeout_ms > 0) {
			uv_timer_start(&wait->timer, on_timer, (uint64_t)wait->timeout_ms, 0);
		}
		wait->found = alloc_zero((size_t)wait->count, sizeof *wait->found);
		subscribe(wait);
		look_back(wait);
		code = session_run(session, err);
		uv_close((uv_handle_t *)&wait->timer, NULL);
	} else {
		code = session->exit_code;
	}
	session_close(session);
	return code;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct wait wait = {.arguments = arguments,
		.style = line_style_of(stdout),
		.json = arguments_has(arguments, "json")};
	int code = check(&wait, err) ? run_session(&wait, err) : 2;
	free(wait.found);
	free(wait.places);
	buffer_clear(&wait.filter);
	buffer_clear(&wait.line);
	return code;
}

static const struct option_row options[] = {
	{"timeout", 0, "TIME", "how long to wait (30s); 0: only look at what is there"},
	{"since", 0, "REF", "what is there counts, from this event on; start: all of it"},
	{"after", 0, "REF", "what is there counts, behind this event"},
	{"count", 'n', "N", "until N events came that match (1)"},
	{"endpoint", 0, "NAME", "of this endpoint alone"},
	{"json", 0, NULL, "one JSON object a line"},
	{NULL},
};

static const char *const examples[] = {
	"hookline wait provider:stripe type:charge.succeeded --timeout 1m",
	"hookline wait 'type:order.paid status:2xx' --after \"$before\" --json",
	NULL,
};

const struct command command_wait = {
	.name = "wait",
	.summary = "wait for an event that matches; exit 1 when none comes in time",
	.usage = "[FILTER...] [--timeout TIME] [--since REF | --after REF] [--count N]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
