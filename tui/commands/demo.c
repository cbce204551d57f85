/* hookline demo: a relay, a sample app and signed traffic of several providers, in one terminal; checks what came of it. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/message.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/demo_app.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/session.h"
#include "tui/demo_mail.h"
#include "tui/forward.h"

#define SENDERS_MAX 8
#define MAILS_MAX 32
#define DEADLINE_MS 20000

/* One webhook of the story, and what became of it. */
struct chapter {
	struct demo *demo;
	struct buffer head, body;
	char ref[ENDPOINT_NAME_LEN + 24]; /* from the relay's answer */
	int64_t answered;                 /* by the relay */
};

/* An event the relay streamed, with what the app answered. */
struct seen {
	char ref[ENDPOINT_NAME_LEN + 24];
	struct uuid id;
	enum verdict verdict;
	char reason[VERDICT_REASON_LEN];
	int64_t status; /* of the newest attempt; 0: none yet */
};

struct demo {
	struct session session;
	struct line_style style;
	struct buffer line;
	char folder[128], store[192], key_file[192];
	struct catalogue *catalogue;
	struct demo_sender senders[SENDERS_MAX];
	struct keyring *wrong[SENDERS_MAX];
	size_t endpoints_added;
	struct demo_app *app;
	struct target ingest, target;
	struct routes routes; /* everything to the target */
	struct deliver *sender, *replayer;
	struct forward *forward;
	struct chapter chapters[MAILS_MAX];
	size_t sent;
	struct seen seen[MAILS_MAX];
	size_t seen_count;
	bool replaying;
	size_t failures;
	uv_timer_t deadline;
};

static void give_up(struct demo *demo, const struct error *err) {
	session_fail(&demo->session, err);
}

static void tell(struct demo *demo, const char *text) {
	buffer_append_text(&demo->line, text);
	print_out(&demo->line);
	session_flush(&demo->session);
}

/* --- what is printed --- */

static void append_padded(struct demo *demo, const char *text, size_t columns, char colour) {
	struct buffer cell = {0};
	text_escape_column(&cell, span_text(text), demo->style.flags, columns);
	line_append_coloured(&demo->line, &demo->style, colour, buffer_span(&cell));
	buffer_append_text(&demo->line, "  ");
	buffer_clear(&cell);
}

static const char *title_of(const char *provider) {
	for (size_t i = 0; i < demo_sender_count; i++) {
		if (strcmp(demo_senders[i].provider, provider) == 0) {
			return demo_senders[i].title;
		}
	}
	return provider;
}

static void append_status(struct demo *demo, int64_t status) {
	struct buffer text = {0};
	buffer_printf(&text, "%" PRId64, status);
	line_append_coloured(
		&demo->line, &demo->style, line_colour_of_status(status), buffer_span(&text));
	buffer_clear(&text);
}

static struct seen *find_seen(struct demo *demo, const char *ref) {
	for (size_t i = 0; i < demo->seen_count; i++) {
		if (strcmp(demo->seen[i].ref, ref) == 0) {
			return &demo->seen[i];
		}
	}
	return NULL;
}

/* A row of the table; a verdict that is not plain gets its reason below. */
static void tell_chapter(struct demo *demo, size_t i) {
	const struct demo_mail *mail = &demo_mails[i];
	const struct seen *seen = find_seen(demo, demo->chapters[i].ref);
	bool right = seen->verdict == mail->expected && seen->status == mail->status;
	append_padded(demo, demo->chapters[i].ref, 14, 'b');
	append_padded(demo, title_of(mail->provider), 11, 0);
	append_padded(demo, mail->type, 19, 0);
	append_padded(demo, mail->story, 33, 0);
	append_padded(demo, verdict_name(seen->verdict), 12, line_colour_of_verdict(seen->verdict));
	append_status(demo, seen->status);
	if (!right) {
		buffer_printf(
			&demo->line, "  EXPECTED %s and %d", verdict_name(mail->expected), mail->status);
		demo->failures++;
	}
	if (seen->verdict != VERDICT_VALID) {
		struct buffer why = {0};
		buffer_append_text(&why, "                ");
		text_escape(&why, span_text(seen->reason), demo->style.flags);
		buffer_append_byte(&demo->line, '\n');
		line_append_coloured(&demo->line, &demo->style, 'd', buffer_span(&why));
		buffer_clear(&why);
	}
	tell(demo, "\n");
}

static void tell_table(struct demo *demo) {
	buffer_append_byte(&demo->line, '\n');
	append_padded(demo, "EVENT", 14, 'd');
	append_padded(demo, "FROM", 11, 'd');
	append_padded(demo, "TYPE", 19, 'd');
	append_padded(demo, "WHAT WAS SENT", 33, 'd');
	append_padded(demo, "HOOKLINE", 12, 'd');
	line_append_coloured(&demo->line, &demo->style, 'd', span_text("APP"));
	tell(demo, "\n");
	for (size_t i = 0; i < demo_mail_count; i++) {
		tell_chapter(demo, i);
	}
}

/* --- the end of the story: one that failed is replayed --- */

static size_t broken_chapter(void) {
	size_t i = 0;
	while (demo_mails[i].status != 500) {
		i++;
	}
	return i;
}

static void conclude(struct demo *demo) {
	if (demo->failures > 0) {
		buffer_printf(
			&demo->line, "\n%zu of these should have come out differently.\n", demo->failures);
		tell(demo, "");
		session_stop(&demo->session, 1);
		return;
	}
	tell(demo, "\nAll as it should be. Your turn:\n\n"
			   "  hookline --forward 3000     the screen; your app at localhost:3000\n"
			   "  curl -d '{\"hello\":1}' http://localhost:8080/hooks\n"
			   "  hookline list               what came in;  hookline help  for the rest\n");
	session_stop(&demo->session, 0);
}

static void on_replay_stored(
	void *data, const struct client_stored *stored, const struct error *err) {
	struct demo *demo = data;
	if (err) {
		give_up(demo, err);
		return;
	}
	demo->failures += stored->number != 2; /* the second attempt of this event */
	conclude(demo);
}

static void on_replayed(void *data, const struct delivery *delivery) {
	struct demo *demo = data;
	append_padded(demo, demo->chapters[broken_chapter()].ref, 14, 'b');
	buffer_append_text(&demo->line, "the same bytes again: the app answers ");
	append_status(demo, delivery->attempt.status);
	tell(demo, "\n");
	demo->failures += delivery->attempt.status != 200;
	client_store_attempt(demo->session.client, &delivery->attempt, delivery->answer_head,
		delivery->answer_body, on_replay_stored, demo);
}

static void on_replay_event(
	void *data, const struct event *event, const struct client_bytes *bytes) {
	struct demo *demo = data;
	deliver_send(demo->replayer, &demo->target, event, bytes->head, bytes->body, CAUSE_REPLAY,
		on_replayed, demo);
}

static void on_replay_got(void *data, const struct error *err) {
	if (err) {
		give_up(data, err);
	}
}

static void replay_broken(struct demo *demo) {
	size_t i = broken_chapter();
	buffer_printf(&demo->line,
		"\nThe app mends its bug, and the event it failed on is replayed, as it was received:\n\n");
	tell(demo, "");
	demo_app_mend(demo->app);
	struct event_ref ref = {.by_id = true, .id = find_seen(demo, demo->chapters[i].ref)->id};
	struct client_receiver receiver = {
		.event = on_replay_event, .done = on_replay_got, .data = demo};
	client_get(demo->session.client, &ref, &receiver);
}

/* Every webhook is answered, streamed, and was at the app. */
static void check_progress(struct demo *demo) {
	for (size_t i = 0; i < demo_mail_count; i++) {
		const struct seen *seen = find_seen(demo, demo->chapters[i].ref);
		if (demo->chapters[i].answered == 0 || !seen || seen->status == 0) {
			return;
		}
	}
	if (!demo->replaying) {
		demo->replaying = true;
		tell_table(demo);
		replay_broken(demo);
	}
}

/* --- what comes from the relay --- */

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct demo *demo = data;
	if (demo->seen_count == MAILS_MAX) {
		return;
	}
	struct seen *seen = &demo->seen[demo->seen_count++];
	snprintf(seen->ref, sizeof seen->ref, "%.*s#%" PRId64, (int)event->endpoint.len,
		event->endpoint.data, event->seq);
	snprintf(seen->reason, sizeof seen->reason, "%.*s", (int)event->reason.len,
		event->reason.data ? event->reason.data : "");
	seen->id = event->id;
	seen->verdict = event->verdict;
	forward_take(demo->forward, event, bytes);
	check_progress(demo);
}

static void on_attempted(void *data, const struct forwarded *forwarded) {
	struct demo *demo = data;
	const struct attempt *attempt = forwarded->attempt;
	char ref[ENDPOINT_NAME_LEN + 24];
	snprintf(ref, sizeof ref, "%.*s#%" PRId64, (int)attempt->endpoint.len, attempt->endpoint.data,
		attempt->event_seq);
	struct seen *seen = find_seen(demo, ref);
	if (forwarded->err) {
		give_up(demo, forwarded->err);
	} else if (seen) {
		seen->status = attempt->status > 0 ? attempt->status : -1;
		check_progress(demo);
	}
}

static void on_subscription_done(void *data, const struct error *err) {
	if (err) {
		give_up(data, err);
	}
}

static void on_sent(void *data, const struct delivery *delivery) {
	struct chapter *chapter = data;
	struct span head = delivery->answer_head;
	struct error err = {0};
	while (head.len > 0) {
		struct span rest = span_cut(&head, '\n');
		struct span name = span_cut(&rest, ':');
		if (span_equal_nocase(name, span_text("X-Hookline-Event"))) {
			rest.len -= rest.len > 0 && rest.data[rest.len - 1] == '\r';
			rest = span_trim(rest);
			snprintf(chapter->ref, sizeof chapter->ref, "%.*s", (int)rest.len, rest.data);
		}
	}
	chapter->answered = delivery->attempt.status;
	if (delivery->attempt.status != 200 || !chapter->ref[0]) {
		error_set(&err, ERROR_NO, "the relay answered %" PRId64 " to a webhook",
			delivery->attempt.status);
		give_up(chapter->demo, &err);
	}
	check_progress(chapter->demo);
}

static void on_lease(void *data, const struct target *target, bool mine, struct span holder) {
	struct demo *demo = data;
	(void)target;
	(void)mine;
	(void)holder;
	struct event event = {0};
	for (; demo->sent < demo_mail_count; demo->sent++) {
		struct chapter *chapter = &demo->chapters[demo->sent];
		deliver_send(demo->sender, &demo->ingest, &event, buffer_span(&chapter->head),
			buffer_span(&chapter->body), CAUSE_TEST, on_sent, chapter);
	}
}

static void on_away(void *data, const struct target *target, const struct error *why) {
	(void)target;
	if (why) {
		give_up(data, why);
	}
}

/* --- the stage --- */

static void start_traffic(struct demo *demo) {
	static const struct forward_events events = {on_attempted, on_lease, on_away};
	static const struct deliver_options options = {.concurrency = 1};
	struct client_query query = {.bytes = true, .live_only = true};
	struct client_receiver receiver = {
		.event = on_event, .done = on_subscription_done, .data = demo};
	struct forward_options forward = {.deliver = &options};
	struct error err = {0};
	client_subscribe(demo->session.client, &query, &receiver);
	demo->forward = forward_new(
		&demo->session.loop, demo->session.client, &demo->routes, &forward, &events, demo, &err);
	if (!demo->forward) {
		give_up(demo, &err);
	}
}

static void on_endpoint(void *data, const struct cJSON *answer, const struct error *err) {
	struct demo *demo = data;
	(void)answer;
	if (err) {
		give_up(demo, err);
	} else if (++demo->endpoints_added == demo_sender_count) {
		start_traffic(demo);
	}
}

static void add_endpoints(struct demo *demo) {
	for (size_t i = 0; i < demo_sender_count; i++) {
		struct buffer request = {0};
		buffer_append_text(&request, "{\"type\":\"endpoint.add\"");
		json_member_text(&request, "name", span_text(demo_senders[i].provider));
		json_member_text(&request, "provider", span_text(demo_senders[i].provider));
		buffer_append_text(&request, ",\"secrets\":[{\"label\":\"demo\"");
		json_member_text(&request, "value", span_text(demo_senders[i].secret));
		buffer_append_text(&request, "}]}");
		client_ask(demo->session.client, buffer_span(&request), on_endpoint, demo);
		buffer_clear(&request);
	}
}

static bool prepare_mail(struct demo *demo, struct error *err) {
	demo->catalogue = catalogue_new();
	for (size_t i = 0; i < demo_sender_count; i++) {
		const struct demo_sender_data *sender = &demo_senders[i];
		demo->senders[i].name = sender->provider;
		demo->senders[i].keyring = demo_sender_keyring(demo->catalogue, sender, NULL, err);
		demo->wrong[i] = demo_sender_keyring(demo->catalogue, sender, DEMO_WRONG_SECRET, err);
		if (!demo->senders[i].keyring || !demo->wrong[i]) {
			return false;
		}
	}
	for (size_t i = 0; i < demo_mail_count; i++) {
		struct chapter *chapter = &demo->chapters[i];
		size_t k = 0;
		while (strcmp(demo_senders[k].provider, demo_mails[i].provider) != 0) {
			k++;
		}
		chapter->demo = demo;
		if (!demo_mail_build(&chapter->head, &chapter->body, demo_mails[i].provider, &demo_mails[i],
				demo->senders[k].keyring, demo->wrong[k], (int64_t)time(NULL) * 1000, err)) {
			return false;
		}
	}
	return true;
}

static bool make_folder(struct demo *demo, struct error *err) {
	const char *tmp = getenv("TMPDIR");
	snprintf(demo->folder, sizeof demo->folder, "%.90s/hookline-demo-XXXXXX",
		tmp && *tmp == '/' ? tmp : "/tmp");
	if (!mkdtemp(demo->folder)) {
		bool failed =
			error_set(err, ERROR_IO, "make a folder in %s: %s", demo->folder, strerror(errno));
		demo->folder[0] = '\0';
		return failed;
	}
	snprintf(demo->store, sizeof demo->store, "sqlite:%s/demo.db", demo->folder);
	snprintf(demo->key_file, sizeof demo->key_file, "%s/key", demo->folder);
	return true;
}

static void remove_folder(const char *folder) {
	DIR *files = *folder ? opendir(folder) : NULL;
	for (struct dirent *file; files && (file = readdir(files));) {
		if (strcmp(file->d_name, ".") != 0 && strcmp(file->d_name, "..") != 0) {
			unlinkat(dirfd(files), file->d_name, 0);
		}
	}
	if (files) {
		closedir(files);
		rmdir(folder);
	}
}

static void on_deadline(uv_timer_t *timer) {
	struct demo *demo = timer->data;
	struct error err = {0};
	error_set(&err, ERROR_NO, "not everything arrived within %d s", DEADLINE_MS / 1000);
	give_up(demo, &err);
}

static bool set_stage(struct demo *demo, struct error *err) {
	static const struct deliver_options options = {.concurrency = 1};
	char url[64], line[80];
	demo->app = demo_app_start(&demo->session.loop, demo->senders, demo_sender_count, err);
	if (!demo->app) {
		return false;
	}
	snprintf(url, sizeof url, "http://127.0.0.1:%d", demo_app_port(demo->app));
	snprintf(line, sizeof line, "=> %s", url);
	demo->sender = deliver_new(&demo->session.loop, &options, err);
	demo->replayer = deliver_new(&demo->session.loop, &options, err);
	return demo->sender && demo->replayer && target_parse(&demo->target, url, false, err) &&
	       routes_add(&demo->routes, span_text(line), false, err) &&
	       target_parse(&demo->ingest, demo->session.ingest_url, false, err);
}

static void introduce(struct demo *demo) {
	buffer_printf(&demo->line,
		"A relay takes webhooks at %s, a sample app listens at %s,\n"
		"and providers send, some of it wrong on purpose. The relay keeps and judges each "
		"webhook;\n"
		"it is forwarded byte for byte to the app, which checks signatures itself.\n",
		demo->session.ingest_url, demo->target.url);
	tell(demo, "");
}

static int play(struct demo *demo, struct error *err) {
	if (!set_stage(demo, err)) {
		return 1;
	}
	uv_timer_init(&demo->session.loop, &demo->deadline);
	demo->deadline.data = demo;
	uv_timer_start(&demo->deadline, on_deadline, DEADLINE_MS, 0);
	introduce(demo);
	add_endpoints(demo);
	int code = session_run(&demo->session, err);
	uv_close((uv_handle_t *)&demo->deadline, NULL);
	return code;
}

static void clear(struct demo *demo) {
	for (size_t i = 0; i < SENDERS_MAX; i++) {
		keyring_free(demo->senders[i].keyring);
		keyring_free(demo->wrong[i]);
	}
	for (size_t i = 0; i < MAILS_MAX; i++) {
		buffer_clear(&demo->chapters[i].head);
		buffer_clear(&demo->chapters[i].body);
	}
	catalogue_free(demo->catalogue);
	target_clear(&demo->ingest);
	target_clear(&demo->target);
	routes_clear(&demo->routes);
	buffer_clear(&demo->line);
}

static int run(const struct arguments *arguments, struct error *err) {
	if (arguments->word_count > 0) {
		error_set(err, ERROR_USAGE, "takes no words: \"%s\"", arguments->words[0]);
		return 2;
	}
	struct demo *demo = alloc_zero(1, sizeof *demo);
	int code = 1;
	demo->style = line_style_of(stdout);
	if (prepare_mail(demo, err) && make_folder(demo, err)) {
		struct local_relay_options own = {.ingest = "127.0.0.1:0",
			.stream = "127.0.0.1:0",
			.admin = "127.0.0.1:0",
			.store = demo->store,
			.key_file = demo->key_file};
		demo->session.own = &own;
		if (session_open(&demo->session, arguments, false, false, err)) {
			code = play(demo, err);
		} else {
			code = demo->session.exit_code;
		}
		forward_free(demo->forward);
		deliver_free(demo->sender);
		deliver_free(demo->replayer);
		demo_app_free(demo->app);
		session_close(&demo->session);
	}
	remove_folder(demo->folder);
	clear(demo);
	free(demo);
	return code;
}

static const char *const examples[] = {"hookline demo", NULL};

const struct command command_demo = {
	.name = "demo",
	.summary = "a relay, a sample app and signed traffic, in one terminal",
	.usage = "",
	.examples = examples,
	.run = run,
};
