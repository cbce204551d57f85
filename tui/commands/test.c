/* hookline test: sends recorded events to the app and looks at its answers. No relay is needed. */
#include <dirent.h>
#include <errno.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "common/alloc.h"
#include "common/moment.h"
#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/deliver_flags.h"
#include "tui/commands/lines.h"
#include "tui/commands/print.h"
#include "tui/commands/signing.h"
#include "tui/suite/suite_event.h"
#include "tui/suite/suite_report.h"

#define FILES_MAX 1000

struct test {
	const struct arguments *arguments;
	struct line_style style;
	bool json;
	uv_loop_t loop;
	struct deliver_options options;
	struct deliver *deliver;
	struct catalogue *catalogue;
	struct suite **suites;
	size_t suite_count;
	struct suite_results results;
	struct buffer line;
	int exit_code; /* not 0: nobody reads what is printed */

	/* the step under way */
	const struct suite *suite;
	const struct suite_step *step;
	const struct target *target;
	struct keyring *keyring; /* NULL: as received */
	bool several;
	struct suite_result *result; /* of the request under way; NULL: it has come */
};

/* --- one request --- */

static void keep_excerpt(struct buffer *excerpt, struct span body) {
	bool cut = body.len > SUITE_EXCERPT_BYTES;
	body.len = cut ? SUITE_EXCERPT_BYTES : body.len;
	buffer_append_span(excerpt, body);
	buffer_append_text(excerpt, cut ? "..." : "");
}

static void on_delivered(void *data, const struct delivery *delivery) {
	struct test *test = data;
	struct suite_result *result = test->result;
	const struct attempt *attempt = &delivery->attempt;
	struct suite_answer answer = {.connected = delivery->connected,
		.status = attempt->status,
		.error = attempt->error,
		.head = delivery->answer_head,
		.body = delivery->answer_body,
		.body_total = attempt->answer_body_total,
		.took_us = attempt->took_us};
	result->outcome = suite_judge(test->step, &answer, &result->failures);
	result->status = attempt->status;
	result->took_us = attempt->took_us;
	if (result->outcome != SUITE_PASSED) {
		keep_excerpt(&result->excerpt, delivery->answer_body);
	}
	test->result = NULL;
}

static int64_t now_ms(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / MOMENT_NS_PER_MS;
}

static bool sign(
	struct test *test, const struct suite_event *event, struct buffer *lines, struct error *err) {
	unsigned char random[SIGNATURE_ID_RANDOM];
	struct message message = {0};
	struct buffer id = {0};
	struct sign_options options = {.now_ms = now_ms()};
	bool ok = RAND_bytes(random, sizeof random) == 1 ||
	          error_set(err, ERROR_IO, "the system gives no random bytes");
	signature_append_id(&id, random);
	options.made_id = buffer_span(&id);
	ok = ok && message_parse(&message, event->head, event->body, err) &&
	     signature_sign(test->keyring, &message, &options, lines, err);
	message_clear(&message);
	buffer_clear(&id);
	return ok;
}

/* With `path`, what stands in the place of the captured path is that of the target already: only the query is left. */
static size_t handed_on(const struct test *test, const struct suite_event *event) {
	struct message message = {0};
	size_t offset = event->path_offset;
	if (test->step->path && message_parse(&message, event->head, event->body, NULL)) {
		offset = span_find(message.target, '?');
	}
	message_clear(&message);
	return offset;
}

static void send_event(
	struct test *test, const struct suite_event *event, const struct resign *resign) {
	struct event facts = {
		.endpoint = span_text("test"), .path_offset = (int64_t)handed_on(test, event)};
	deliver_send_anew(test->deliver, test->target, &facts, event->head, event->body, resign,
		CAUSE_TEST, on_delivered, test);
	while (test->result) {
		uv_run(&test->loop, UV_RUN_ONCE);
	}
}

/* What cannot be signed is no answer of the app's, and none as expected either. */
static void cannot_sign(struct test *test, const struct error *err) {
	struct suite_failure *failure = alloc_zero(1, sizeof *failure);
	struct buffer text = {0};
	buffer_printf(&text, "not sent, it cannot be signed: %s", err->text);
	*failure = (struct suite_failure){
		test->step->signing->place, alloc_text(buffer_span(&text).data, text.len)};
	test->result->failures = (struct suite_failures){failure, 1};
	test->result->outcome = SUITE_FAILED;
	test->result = NULL;
	buffer_clear(&text);
}

static void show(struct test *test, const struct suite_result *result) {
	struct error err = {0};
	if (test->json) {
		suite_report_json(&test->line, result);
	} else {
		suite_report_line(&test->line, result, test->style.flags);
	}
	print_out(&test->line);
	if (print_flush(&err) == PRINT_UNREAD) {
		test->exit_code = EXIT_PIPE;
	}
}

static void run_once(struct test *test, const struct suite_event *event, int64_t run) {
	struct buffer lines = {0};
	struct error err = {0};
	struct suite_result *result = suite_results_add(&test->results);
	*result = (struct suite_result){.suite = test->suite,
		.step = test->step,
		.event = alloc_text(event->name.data, event->name.len),
		.several = test->several,
		.run = run,
		.runs = test->step->repeat};
	test->result = result;
	if (test->keyring && !sign(test, event, &lines, &err)) {
		cannot_sign(test, &err);
	} else {
		struct resign resign = {.lines = buffer_span(&lines)};
		send_event(test, event, test->keyring ? &resign : NULL);
	}
	suite_results_count(&test->results, result->outcome);
	show(test, result);
	buffer_clear(&lines);
}

/* --- one step --- */

static bool count_events(void *data, const struct suite_event *event) {
	(void)event;
	return ++*(size_t *)data < 2;
}

static bool on_event(void *data, const struct suite_event *event) {
	struct test *test = data;
	for (int64_t run = 1; run <= test->step->repeat && test->exit_code == 0; run++) {
		run_once(test, event, run);
	}
	return test->exit_code == 0;
}

/* The step's path behind that of the target. */
static bool step_target(struct test *test, struct target *target, struct error *err) {
	const char *to = arguments_text(test->arguments, "to", test->suite->to);
	struct target base = {0};
	struct buffer url = {0};
	if (!to) {
		return error_set(
			err, ERROR_USAGE, "%s: where to? say --to URL, or to: URL in it", test->suite->file);
	}
	if (!target_parse(&base, to, test->options.anywhere, err)) {
		return false;
	}
	if (!test->step->path) {
		*target = base;
		return true;
	}
	size_t len = strlen(base.path);
	buffer_append_text(&url, base.base);
	buffer_append(&url, base.path, len - (len > 0 && base.path[len - 1] == '/'));
	buffer_append_text(&url, test->step->path);
	if (*base.query) {
		buffer_printf(&url, "%c%s", strchr(test->step->path, '?') ? '&' : '?', base.query);
	}
	bool ok = target_parse(target, buffer_text(&url), test->options.anywhere, err);
	target_clear(&base);
	buffer_clear(&url);
	return ok;
}

static bool open_keyring(struct test *test, struct error *err) {
	const struct suite_signing *signing = test->step->signing;
	struct parameter parameters[SUITE_WANTED_MAX];
	test->keyring = NULL;
	if (!signing) {
		return true;
	}
	for (size_t i = 0; i < signing->parameter_count; i++) {
		parameters[i] =
			(struct parameter){signing->parameters[i].name, signing->parameters[i].value};
	}
	if (!test->catalogue) {
		test->catalogue = signing_catalogue();
	}
	struct error why = {0};
	test->keyring = signing_keyring(test->catalogue, signing->provider, parameters,
		signing->parameter_count, signing->secret_file, &why);
	return test->keyring || error_set(err, ERROR_CONFIG, "%s:%d:%d: %s", test->suite->file,
								signing->place.line, signing->place.column, why.text);
}

/* `dry`: only what can be wrong before anything is sent. */
static bool run_step(struct test *test, bool dry, struct error *err) {
	struct target target = {0};
	size_t count = 0;
	bool ok = step_target(test, &target, err) && open_keyring(test, err);
	if (ok && !dry) {
		test->target = &target;
		suite_event_each(test->step->event, test->step->ref, count_events, &count, NULL);
		test->several = count > 1;
		ok = suite_event_each(test->step->event, test->step->ref, on_event, test, err);
	}
	keyring_free(test->keyring);
	test->keyring = NULL;
	target_clear(&target);
	return ok;
}

static bool run_all(struct test *test, bool dry, struct error *err) {
	for (size_t i = 0; i < test->suite_count; i++) {
		test->suite = test->suites[i];
		if (!dry && !test->json) {
			text_escape(&test->line,
				span_text(test->suite->name ? test->suite->name : test->suite->file),
				test->style.flags);
			buffer_append_byte(&test->line, '\n');
		}
		for (size_t j = 0; j < test->suite->step_count && test->exit_code == 0; j++) {
			test->step = &test->suite->steps[j];
			if (!run_step(test, dry, err)) {
				return false;
			}
		}
	}
	return true;
}

/* --- which files --- */

static bool add_file(struct test *test, const char *file, struct error *err) {
	struct suite *suite = NULL;
	if (test->suite_count == FILES_MAX) {
		return error_set(err, ERROR_USAGE, "more than %d test files", FILES_MAX);
	}
	suite = suite_load(file, err);
	if (suite) {
		test->suites = alloc_resize(test->suites, (test->suite_count + 1) * sizeof *test->suites);
		test->suites[test->suite_count++] = suite;
	}
	return suite != NULL;
}

static int is_test_file(const struct dirent *entry) {
	const char *dot = strrchr(entry->d_name, '.');
	return entry->d_name[0] != '.' && dot &&
	       (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static bool add_folder(struct test *test, const char *folder, struct error *err) {
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_test_file, alphasort);
	bool ok = count > 0;
	if (count < 0) {
		error_set(err, ERROR_USAGE, "open %s: %s", folder, strerror(errno));
	} else if (count == 0) {
		error_set(err, ERROR_USAGE,
			"there is no test (*.yaml) in %s; hookline export --test-dir writes one", folder);
	}
	for (int i = 0; i < count; i++) {
		struct buffer path = {0};
		size_t len = strlen(folder);
		if (strcmp(folder, ".") != 0) {
			buffer_printf(&path, "%s%s", folder, len > 0 && folder[len - 1] == '/' ? "" : "/");
		}
		buffer_append_text(&path, entries[i]->d_name);
		ok = ok && add_file(test, buffer_text(&path), err);
		buffer_clear(&path);
		free(entries[i]);
	}
	free(entries);
	return ok;
}

static bool add_all(struct test *test, struct error *err) {
	const struct arguments *arguments = test->arguments;
	struct stat info;
	for (size_t i = 0; i < arguments->word_count; i++) {
		const char *word = arguments->words[i];
		bool folder = stat(word, &info) == 0 && S_ISDIR(info.st_mode);
		if (!(folder ? add_folder : add_file)(test, word, err)) {
			return false;
		}
	}
	return arguments->word_count > 0 ||
	       error_set(err, ERROR_USAGE, "which tests? name a folder with *.yaml, or files");
}

/* --- the command --- */

static bool write_junit(const struct test *test, struct error *err) {
	const char *name = arguments_text(test->arguments, "junit", NULL);
	struct buffer text = {0};
	if (!name) {
		return true;
	}
	FILE *file = fopen(name, "we");
	if (!file) {
		return error_set(err, ERROR_IO, "open %s: %s", name, strerror(errno));
	}
	suite_report_junit(&text, &test->results);
	fwrite(text.data, 1, text.len, file);
	bool ok = !ferror(file);
	ok = fclose(file) == 0 && ok;
	buffer_clear(&text);
	return ok || error_set(err, ERROR_IO, "write %s: %s", name, strerror(errno));
}

static int run_tests(struct test *test, struct error *err) {
	test->deliver = deliver_new(&test->loop, &test->options, err);
	bool ok = test->deliver && run_all(test, false, err) && write_junit(test, err);
	deliver_free(test->deliver);
	uv_run(&test->loop, UV_RUN_DEFAULT);
	if (!ok || test->exit_code != 0) {
		return test->exit_code;
	}
	if (!test->json) {
		suite_report_end(&test->line, &test->results);
		print_out(&test->line);
	}
	return test->results.unreachable > 0 ? 6 : test->results.failed > 0 ? 1 : 0;
}

static void clear(struct test *test) {
	for (size_t i = 0; i < test->suite_count; i++) {
		suite_free(test->suites[i]);
	}
	free(test->suites);
	suite_results_clear(&test->results);
	catalogue_free(test->catalogue);
	buffer_clear(&test->line);
}

static int run(const struct arguments *arguments, struct error *err) {
	struct test test = {.arguments = arguments,
		.style = line_style_of(stdout),
		.json = arguments_has(arguments, "json")};
	int code = 2;
	test.options.concurrency = 1;
	uv_loop_init(&test.loop);
	if (deliver_options_read(&test.options, arguments, "hookline test", err) &&
		add_all(&test, err) && run_all(&test, true, err)) {
		code = run_tests(&test, err);
	}
	uv_loop_close(&test.loop);
	clear(&test);
	return code;
}

static const struct option_row options[] = {
	{"to", 0, "URL", "the app: 3000, localhost:3000/hooks; goes before `to` in the files"},
	{"junit", 0, "FILE", "also write what came of it as JUnit XML"},
	{"json", 0, NULL, "one JSON object a line for each request"},
	{NULL},
};

static const char *const examples[] = {
	"hookline export provider:stripe --test-dir webhooks",
	"hookline test webhooks --to 3000 --junit report.xml",
	NULL,
};

const struct command command_test = {
	.name = "test",
	.summary = "send recorded events to the app, and look at its answers",
	.usage = "DIR|FILE... [--to URL] [--junit FILE] [--json]",
	.examples = examples,
	.options = options,
	.delivers = true,
	.run = run,
};
