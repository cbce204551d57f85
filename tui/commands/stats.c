/* hookline stats: how many events there were, over time and by what they are. */
#include <cjson/cJSON.h>
#include <time.h>
#include <unistd.h>

#include "common/counts.h"
#include "common/filter.h"
#include "common/json.h"
#include "common/key_tally.h"
#include "common/moment.h"
#include "common/rollup.h"
#include "tui/commands/commands.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"
#include "tui/commands/stats_text.h"

struct stats {
	struct session session;
	struct line_style style;
	struct counts counts;
	struct buffer filter; /* empty: the relay's own counts are asked for */
	struct rollup *rollup;
	struct key_tally *keys;
	int64_t now_ns;
	bool json;
};

static void print(struct stats *stats) {
	struct buffer out = {0};
	if (stats->json) {
		counts_append_json(&out, &stats->counts);
		buffer_append_byte(&out, '\n');
	} else {
		stats_text(&out, &stats->counts, &stats->style);
	}
	print_out(&out);
	buffer_clear(&out);
	session_stop(&stats->session, 0);
}

static void on_answer(void *data, const struct cJSON *answer, const struct error *err) {
	struct stats *stats = data;
	struct error wrong = {0};
	if (err || !counts_from_json(
				   &stats->counts, cJSON_GetObjectItemCaseSensitive(answer, "stats"), &wrong)) {
		session_fail(&stats->session, err ? err : &wrong);
		return;
	}
	print(stats);
}

static void ask(struct stats *stats) {
	struct buffer object = {0};
	buffer_append_text(&object, "{\"type\":\"stats\"");
	json_member_text(&object, "span", span_text(counts_widths[stats->counts.span].name));
	buffer_append_byte(&object, '}');
	client_ask(stats->session.client, buffer_span(&object), on_answer, stats);
	buffer_clear(&object);
}

/* --- with a filter: the events are listed, and counted here --- */

static void count_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct stats *stats = data;
	struct rollup_event counted = {.received_at_ns = event->received_at_ns,
		.endpoint = event->endpoint,
		.provider = event->provider,
		.type = event->type,
		.verdict = event->verdict};
	(void)bytes;
	enum counts_status status = counts_status_of(event->last_status);
	struct key_tally_event keyed = {.received_at_ns = event->received_at_ns,
		.keys = event->keys,
		.failed = counts_is_failure(status),
		.rejected = counts_is_rejection(event->verdict)};
	rollup_add(stats->rollup, &counted, status);
	key_tally_add(stats->keys, &keyed);
}

static void count_delivery(void *data, const struct attempt *attempt, const struct event *event) {
	struct stats *stats = data;
	if (attempt->status > 0) {
		rollup_took(stats->rollup, event->provider, attempt->started_at_ns, attempt->took_us);
	}
}

static void on_counted(void *data, const struct error *err) {
	struct stats *stats = data;
	if (err) {
		session_fail(&stats->session, err);
		return;
	}
	rollup_read(stats->rollup, stats->now_ns, NULL, NULL, &stats->counts);
	key_tally_top(stats->keys, &stats->counts);
	stats->counts.keys_from_ns = key_tally_from(stats->keys);
	print(stats);
}

/* The events are counted; now what their answers took. */
static void on_events(void *data, const struct error *err) {
	struct stats *stats = data;
	struct client_receiver receiver = {
		.delivery = count_delivery, .done = on_counted, .data = stats};
	struct client_query query = {
		.filter = buffer_span(&stats->filter), .newest_first = true, .deliveries = true};
	if (err) {
		session_fail(&stats->session, err);
		return;
	}
	client_list(stats->session.client, &query, &receiver);
}

static void begin_counting(struct stats *stats) {
	struct client_receiver receiver = {.event = count_event, .done = on_events, .data = stats};
	struct client_query query = {.filter = buffer_span(&stats->filter), .newest_first = true};
	const uint64_t secret[2] = {(uint64_t)stats->now_ns, (uint64_t)getpid()};
	stats->rollup = rollup_new();
	stats->keys = key_tally_new(secret);
	key_tally_advance(stats->keys, stats->now_ns);
	client_list(stats->session.client, &query, &receiver);
}

/* --- the command --- */

/* "(FILTER) since:MOMENT" */
static bool read_filter(struct stats *stats, const struct arguments *arguments, struct error *err) {
	struct buffer words = {0};
	bool ok = filter_from_words(&words, arguments, NULL, err);
	if (ok && words.len > 0) {
		buffer_append_byte(&stats->filter, '(');
		buffer_append_span(&stats->filter, buffer_span(&words));
		buffer_append_text(&stats->filter, ") since:");
		moment_append(&stats->filter, counts_from(stats->counts.span, stats->now_ns));
	}
	buffer_clear(&words);
	return ok;
}

static bool read_arguments(
	struct stats *stats, const struct arguments *arguments, struct error *err) {
	const char *span = arguments_text(arguments, "span", counts_widths[COUNTS_DAY].name);
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	stats->now_ns = now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec;
	return (counts_span_of(&stats->counts.span, span_text(span)) ||
			   error_set(err, ERROR_USAGE, "--span is 1h, 24h or 7d, not \"%s\"", span)) &&
	       read_filter(stats, arguments, err);
}

static int run_session(struct stats *stats, const struct arguments *arguments, struct error *err) {
	int code;
	if (session_open(&stats->session, arguments, false, false, err)) {
		(stats->filter.len > 0 ? begin_counting : ask)(stats);
		code = session_run(&stats->session, err);
	} else {
		code = stats->session.exit_code;
	}
	session_close(&stats->session);
	return code;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct stats stats = {.style = line_style_of(stdout), .json = arguments_has(arguments, "json")};
	int code = read_arguments(&stats, arguments, err) ? run_session(&stats, arguments, err) : 2;
	rollup_free(stats.rollup);
	key_tally_free(stats.keys);
	counts_clear(&stats.counts);
	buffer_clear(&stats.filter);
	return code;
}

static const struct option_row options[] = {
	{"span", 0, "SPAN", "1h, 24h (the default) or 7d"},
	{"json", 0, NULL, "one JSON object"},
	{NULL},
};

static const char *const examples[] = {
	"hookline stats",
	"hookline stats --span 7d provider:stripe",
	"hookline stats --span 1h --json | jq .statuses",
	NULL,
};

const struct command command_stats = {
	.name = "stats",
	.summary = "how many events, over time and by what they are",
	.usage = "[FILTER...] [--span 1h|24h|7d] [--json]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
