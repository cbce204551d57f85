/* hookline export: events with their exact bytes and all attempts, oldest first, one JSON object a line. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/json.h"
#include "tui/commands/commands.h"
#include "tui/commands/export_folder.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"

/* Facts that are looked at ahead, for each endpoint, and events whose bytes are fetched ahead. */
#define PAGE_EVENTS 64
#define AHEAD 8

struct export;

/* One endpoint: the next page of its events, oldest first. */
struct source {
	struct export *export;
	char *name;
	int64_t after;
	struct {
		int64_t seq, received_at_ns;
		struct uuid id;
	} page[PAGE_EVENTS];
	size_t count, next;
	bool asking, complete;
};

/* One event whose bytes are on their way; lines are written in the order of the slots. */
struct slot {
	struct export *export;
	struct buffer line, attempts;
	bool used, done;
};

struct export {
	struct session session;
	struct buffer filter;
	struct source *sources;
	size_t source_count;
	struct slot slots[AHEAD];
	size_t first, in_use;
	bool started;
	const char *folder;  /* raw requests are written there; NULL: JSON Lines to stdout */
	bool tests;          /* and a test file */
	struct buffer steps; /* of the test file */
	size_t written;      /* raw requests */
};

static void go_on(struct export *export);

/* --- one event --- */

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct slot *slot = data;
	struct export *export = slot->export;
	struct error err = {0};
	if (export->folder) {
		export_folder_step(&slot->line, event);
		if (!export_folder_put(export->folder, event, bytes, &err)) {
			session_fail(&export->session, &err);
		}
		return;
	}
	buffer_append_byte(&slot->line, '{');
	event_append_json_members(&slot->line, event);
	json_member_headers(&slot->line, bytes->head);
	json_member_bytes_of(&slot->line, bytes);
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct slot *slot = data;
	if (slot->export->folder) {
		return;
	}
	buffer_append_text(&slot->attempts, slot->attempts.len > 0 ? ",{" : "{");
	attempt_append_json_members(&slot->attempts, attempt);
	json_member_bytes_of(&slot->attempts, bytes);
	buffer_append_byte(&slot->attempts, '}');
}

static void on_got(void *data, const struct error *err) {
	struct slot *slot = data;
	struct export *export = slot->export;
	if (err && err->code != ERROR_NO) {
		session_fail(&export->session, err);
		return;
	}
	if (!err && !export->folder) {
		json_member_name(&slot->line, "attempt_log");
		buffer_append_byte(&slot->line, '[');
		buffer_append_span(&slot->line, buffer_span(&slot->attempts));
		buffer_append_text(&slot->line, "]}\n");
	}
	slot->done = true;
	go_on(export);
}

static void fetch(struct export *export, const struct uuid *id) {
	struct slot *slot = &export->slots[(export->first + export->in_use++) % AHEAD];
	slot->export = export;
	slot->done = false;
	slot->used = true;
	struct event_ref ref = {.by_id = true, .id = *id};
	struct client_receiver receiver = {
		.event = on_event, .attempt = on_attempt, .done = on_got, .data = slot};
	client_get(export->session.client, &ref, &receiver);
}

/* Prints what is complete, in order; an event that was removed meanwhile leaves no line. */
static void print_done(struct export *export) {
	while (export->in_use > 0 && export->slots[export->first].done) {
		struct slot *slot = &export->slots[export->first];
		if (export->folder) {
			export->written += slot->line.len > 0;
			buffer_append_span(&export->steps, buffer_span(&slot->line));
		} else {
			print_out(&slot->line);
		}
		buffer_clear(&slot->line);
		buffer_clear(&slot->attempts);
		export->first = (export->first + 1) % AHEAD;
		export->in_use--;
	}
	if (ferror(stdout)) {
		session_flush(&export->session);
	}
}

/* --- which event is next --- */

static void on_fact(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct source *source = data;
	(void)bytes;
	if (source->count < PAGE_EVENTS) {
		source->page[source->count].seq = event->seq;
		source->page[source->count].received_at_ns = event->received_at_ns;
		source->page[source->count].id = event->id;
		source->count++;
		source->after = event->seq;
	}
}

static void on_page(void *data, const struct error *err) {
	struct source *source = data;
	source->asking = false;
	source->complete = source->count < PAGE_EVENTS;
	if (err) {
		session_fail(&source->export->session, err);
		return;
	}
	go_on(source->export);
}

static void ask_page(struct source *source) {
	struct client_query query = {.endpoint = span_text(source->name),
		.filter = buffer_span(&source->export->filter),
		.after = source->after,
		.limit = PAGE_EVENTS};
	struct client_receiver receiver = {.event = on_fact, .done = on_page, .data = source};
	source->count = source->next = 0;
	source->asking = true;
	client_list(source->export->session.client, &query, &receiver);
}

/* The source with the oldest event; NULL: all are through, or (`*waits`) a page is on its way. */
static struct source *oldest(struct export *export, bool *waits) {
	struct source *best = NULL;
	*waits = false;
	for (size_t i = 0; i < export->source_count; i++) {
		struct source *source = &export->sources[i];
		if (source->next == source->count && !source->complete && !source->asking) {
			ask_page(source);
		}
		*waits = *waits || source->asking;
		if (source->next < source->count && (!best || source->page[source->next].received_at_ns <
														  best->page[best->next].received_at_ns)) {
			best = source;
		}
	}
	return *waits ? NULL : best;
}

static void go_on(struct export *export) {
	bool waits = false;
	struct source *source = NULL;
	print_done(export);
	while (
		!export->session.stopped && export->in_use < AHEAD && (source = oldest(export, &waits))) {
		fetch(export, &source->page[source->next++].id);
	}
	if (export->started && export->in_use == 0 && !source && !waits) {
		session_stop(&export->session, 0);
	}
}

static void on_endpoints(void *data, const cJSON *answer, const struct error *err) {
	struct export *export = data;
	if (err) {
		session_fail(&export->session, err);
		return;
	}
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(answer, "endpoints"), *item;
	size_t count = (size_t)cJSON_GetArraySize(list);
	export->sources = alloc_zero(count + 1, sizeof *export->sources);
	cJSON_ArrayForEach(item, list) {
		struct span name = {0};
		if (json_get_text(item, "name", &name, NULL)) {
			struct source *source = &export->sources[export->source_count++];
			source->export = export;
			source->name = alloc_text(name.data, name.len);
		}
	}
	export->started = true;
	go_on(export);
}

static void begin(struct export *export, const char *endpoint) {
	if (!endpoint) {
		client_ask(export->session.client, span_text("{\"type\":\"endpoint.list\"}"), on_endpoints,
			export);
		return;
	}
	export->sources = alloc_zero(1, sizeof *export->sources);
	export->sources[0].export = export;
	export->sources[0].name = alloc_text(endpoint, strlen(endpoint));
	export->source_count = 1;
	export->started = true;
	go_on(export);
}

static void clear(struct export *export) {
	for (size_t i = 0; i < export->source_count; i++) {
		free(export->sources[i].name);
	}
	free(export->sources);
	for (size_t i = 0; i < AHEAD; i++) {
		buffer_clear(&export->slots[i].line);
		buffer_clear(&export->slots[i].attempts);
	}
	buffer_clear(&export->filter);
	buffer_clear(&export->steps);
}

/* Captures hold customers' data: the file is for its owner alone. */
static bool redirect_output(const char *path, struct error *err) {
	if (!path || strcmp(path, "-") == 0) {
		return true;
	}
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0 || dup2(file, STDOUT_FILENO) < 0) {
		return error_set(err, ERROR_IO, "open %s: %s", path, strerror(errno));
	}
	close(file);
	print_goes_to(path);
	return true;
}

static bool read_format(
	struct export *export, const struct arguments *arguments, struct error *err) {
	const char *format = arguments_text(arguments, "format", "jsonl");
	const char *output = arguments_text(arguments, "output", NULL);
	export->folder = arguments_text(arguments, "test-dir", NULL);
	export->tests = export->folder != NULL;
	if (strcmp(format, "jsonl") != 0 && strcmp(format, "http") != 0) {
		return error_set(err, ERROR_USAGE, "--format: \"%s\" is not one of: jsonl, http", format);
	}
	if (export->tests && (output || arguments_has(arguments, "format"))) {
		return error_set(err, ERROR_USAGE, "--test-dir takes neither --format nor --output");
	}
	if (strcmp(format, "http") == 0) {
		export->folder = output;
		return output || error_set(err, ERROR_USAGE,
							 "--format http writes a file each: --output DIR says where");
	}
	return true;
}

static bool open_output(
	struct export *export, const struct arguments *arguments, struct error *err) {
	return export->folder ? export_folder_open(export->folder, export->tests, err)
	                      : redirect_output(arguments_text(arguments, "output", NULL), err);
}

/* How many there are is told, for nothing else is. */
static int close_output(struct export *export, int code, struct error *err) {
	size_t count = export->written;
	if (code != 0 || !export->folder) {
		return code;
	}
	if (export->tests && count > 0 &&
		!export_folder_close(export->folder, buffer_span(&export->steps), err)) {
		return 1;
	}
	fprintf(stderr, "%zu event%s in %s\n", count, count == 1 ? "" : "s", export->folder);
	return 0;
}

static int run(const struct arguments *arguments, struct error *err) {
	struct export export = {0};
	int code = 0;
	if (!read_format(&export, arguments, err) ||
		!filter_from_words(&export.filter, arguments, NULL, err)) {
		clear(&export);
		return 2;
	}
	if (session_open(&export.session, arguments, false, false, err) &&
		open_output(&export, arguments, err)) {
		begin(&export, arguments_text(arguments, "endpoint", NULL));
		code = close_output(&export, session_run(&export.session, err), err);
	} else {
		code = export.session.exit_code;
	}
	session_close(&export.session);
	clear(&export);
	return code;
}

static const struct option_row options[] = {
	{"format", 0, "FORMAT", "jsonl: a line each, bytes and attempts in it; http: raw requests"},
	{"output", 'o', "FILE", "write there, for its owner alone; of http the folder"},
	{"test-dir", 0, "DIR", "raw requests and a test file that sends them, for hookline test"},
	{"endpoint", 0, "NAME", "of this endpoint alone"},
	{NULL},
};

static const char *const examples[] = {
	"hookline export > events.jsonl",
	"hookline export provider:stripe verdict:invalid -o rejected.jsonl",
	"hookline export provider:stripe --test-dir webhooks",
	NULL,
};

const struct command command_export = {
	.name = "export",
	.summary = "events with their exact bytes and attempts, oldest first",
	.usage = "[FILTER...] [--format jsonl|http] [-o FILE | --test-dir DIR]",
	.examples = examples,
	.options = options,
	.uses_relay = true,
	.run = run,
};
