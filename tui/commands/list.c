/* hookline list: what came in, newest first. */
#include <cjson/cJSON.h>
#include <inttypes.h>

#include "common/json.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX INT32_MAX
#define REFUSALS_MAX 1000

struct list {
	struct session session;
	struct line_style style;
	bool json;
	bool begun; /* the head of the table is printed */
	struct buffer line;
};

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct list *list = data;
	(void)bytes;
	if (list->json) {
		event_append_json(&list->line, event);
		buffer_append_byte(&list->line, '\n');
	} else {
		if (!list->begun) {
			line_list_head(&list->line, &list->style);
		}
		line_list(&list->line, event, &list->style);
	}
	list->begun = true;
	print_out(&list->line);
}

static void on_done(void *data, const struct error *err) {
	struct list *list = data;
	if (err) {
		session_fail(&list->session, err);
		return;
	}
	if (!list->begun && !list->json) {
		fputs("nothing found\n", stderr);
	}
	session_stop(&list->session, 0);
}

/* One refused request: when, from where, how it was answered and why. */
static void print_refusal(struct list *list, const cJSON *item) {
	if (list->json) {
		json_append_parsed(&list->line, item);
	} else {
		static const char *const names[] = {"at", "peer", "reason", "line"};
		struct buffer words = {0};
		int64_t status = 0;
		json_get_int_opt(item, "status", &status, NULL);
		buffer_printf(&words, "%" PRId64, status);
		for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
			struct span value = {0};
			json_get_text_opt(item, names[i], &value, NULL);
			buffer_append_text(&words, "  ");
			buffer_append_span(&words, value);
		}
		if (list->style.width > 0 && words.len > list->style.width) {
			text_escape_column(
				&list->line, buffer_span(&words), list->style.flags, list->style.width);
		} else {
			text_escape(&list->line, buffer_span(&words), list->style.flags);
		}
		buffer_clear(&words);
	}
	buffer_append_byte(&list->line, '\n');
	print_out(&list->line);
}

static void on_refusals(void *data, const cJSON *answer, const struct error *err) {
	struct list *list = data;
	if (!err) {
		const cJSON *item;
		cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(answer, "refusals")) {
			print_refusal(list, item);
			list->begun = true;
		}
	}
	on_done(list, err);
}

static void ask(struct list *list, const struct client_query *query, bool refused) {
	static const struct client_receiver receiver = {.event = on_event, .done = on_done};
	if (refused) {
		int64_t limit =
			query->limit > 0 && query->limit < REFUSALS_MAX ? query->limit : REFUSALS_MAX;
		struct buffer object = {0};
		buffer_printf(&object, "{\"type\":\"refusals\",\"limit\":%" PRId64 "}", limit);
		client_ask(list->session.client, buffer_span(&object), on_refusals, list);
		buffer_clear(&object);
		return;
	}
	struct client_receiver ours = receiver;
	ours.data = list;
	client_list(list->session.client, query, &ours);
}

static int run(const struct arguments *arguments, struct error *err) {
	struct list list = {.style = line_style_of(stdout), .json = arguments_has(arguments, "json")};
	struct buffer filter = {0};
	struct client_query query = {.newest_first = true, .limit = LIMIT_DEFAULT};
	query.endpoint = span_text(arguments_text(arguments, "endpoint", ""));
	int code = 0;
	if (!arguments_int(arguments, "limit", 0, LIMIT_MAX, &query.limit, err) ||
		!filter_from_words(&filter, arguments, NULL, err)) {
		buffer_clear(&filter);
		return 2;
	}
	query.filter = buffer_span(&filter);
	if (session_open(&list.session, arguments, false, false, err)) {
		ask(&list, &query, arguments_has(arguments, "refused"));
		code = session_run(&list.session, err);
	} else {
		code = list.session.exit_code;
	}
	session_close(&list.session);
	buffer_clear(&list.line);
	buffer_clear(&filter);
	return code;
}

static const struct option_row options[] = {
	{"limit", 'n', "N", "at most N (50); 0: all"},
	{"endpoint", 0, "NAME", "of this endpoint alone"},
	{"json", 0, NULL, "one JSON object a line"},
	{"refused", 0, NULL, "requests that were refused before they became an event"},
	{NULL},
};

static const char *const examples[] = {
	"hookline list",
	"hookline list verdict:invalid,expired provider:stripe --limit 200",
	"hookline list --json is:undelivered | jq -r .ref",
	NULL,
};

const struct command command_list = {
	.name = "list",
	.summary = "what came in, newest first",
	.usage = "[FILTER...] [--limit N] [--endpoint NAME] [--json | --refused]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
