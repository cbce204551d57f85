/* Every mistake in the configuration is told with its place and what was meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/signature/provider.h"
#include "relay/config.h"
#include "tests/unit/unit.h"

static char folder[64], config_file[128], secret_file[128];

static int make_folder(void **state) {
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/test_config.XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(config_file, sizeof config_file, "%s/relay.yaml", folder);
	snprintf(secret_file, sizeof secret_file, "%s/live.secret", folder);
	setenv("HOME", folder, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_DATA_HOME");
	unsetenv("STATE_DIRECTORY");
	return 0;
}

static int remove_folder(void **state) {
	(void)state;
	unlink(config_file);
	unlink(secret_file);
	return rmdir(folder);
}

static void write_file(const char *path, const char *text, mode_t mode) {
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static struct config *load(const char *text, struct options options, struct error *err) {
	write_file(config_file, text, 0644);
	options.config = config_file;
	*err = (struct error){0};
	return config_load(&options, err);
}

static struct config *load_or_fail(const char *text) {
	struct error err;
	struct config *config = load(text, (struct options){.ready_fd = -1}, &err);
	assert_string_equal(err.text, "");
	return config;
}

/* The message behind "/tmp/.../relay.yaml". */
static void assert_error(const char *text, const char *message) {
	struct error err;
	assert_null(load(text, (struct options){.ready_fd = -1}, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_int_equal(strncmp(err.text, config_file, strlen(config_file)), 0);
	assert_string_equal(err.text + strlen(config_file), message);
}

static void without_a_file_everything_has_a_value(void **state) {
	(void)state;
	struct error err = {0};
	struct config *config = config_load(&(struct options){.ready_fd = -1}, &err);
	assert_non_null(config);
	assert_int_equal(config->ingest.address.port, 8080);
	assert_int_equal(config->stream.address.port, 8081);
	assert_int_equal(config->admin.address.port, 8082);
	assert_true(config->catch_all);
	assert_non_null(strstr(config->store_url, "/.local/share/hookline/hookline.db"));
	assert_non_null(strstr(config->key_file, "hookline.db.key"));
	assert_int_equal(config->limits.ingest.http.body_bytes, 10 * 1024 * 1024);
	config_free(config);
}

static void settings_of_every_kind_are_read(void **state) {
	(void)state;
	struct config *config =
		load_or_fail("ingest: {listen: '0.0.0.0:9000'}\n"
					 "store: {url: 'sqlite:/x/y.db', wal: 32MiB}\n"
					 "limits: {body_bytes: 1MiB, head_time: 3s, connections: 7}\n"
					 "log: {level: debug, format: json}\n");
	assert_int_equal(config->ingest.address.port, 9000);
	assert_false(config->catch_all);
	assert_string_equal(config->store_url, "sqlite:/x/y.db");
	assert_string_equal(config->key_file, "/x/y.db.key");
	assert_int_equal(config->store.wal_bytes, 32 * 1024 * 1024);
	assert_int_equal(config->limits.ingest.http.body_bytes, 1024 * 1024);
	assert_int_equal(config->limits.ingest.deadlines.head_ms, 3000);
	assert_int_equal(config->limits.ingest.connections, 7);
	assert_int_equal(config->log_level, LOG_DEBUG);
	assert_true(config->log_json);
	config_free(config);
}

static void the_command_line_wins_over_the_file(void **state) {
	(void)state;
	struct error err;
	struct config *config = load("ingest: {listen: '127.0.0.1:9000'}\nlog: {level: debug}\n",
		(struct options){.ingest = "127.0.0.1:9001", .log_level = "error", .ready_fd = -1}, &err);
	assert_non_null(config);
	assert_int_equal(config->ingest.address.port, 9001);
	assert_int_equal(config->log_level, LOG_ERROR);
	config_free(config);
}

static void assert_option_error(struct options options, const char *message) {
	struct error err;
	options.ready_fd = -1;
	assert_null(load("", options, &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_string_equal(err.text, message);
}

static void a_word_of_an_option_that_is_near_none_is_told_all(void **state) {
	(void)state;
	assert_option_error((struct options){.log_level = "verbos"},
		"--log-level: unknown \"verbos\" (known: error, warning, info, debug)");
	assert_option_error(
		(struct options){.log_format = "xml"}, "--log-format: unknown \"xml\" (known: text, json)");
	assert_option_error((struct options){.log_level = "debgu"},
		"--log-level: unknown \"debgu\", did you mean \"debug\"?");
}

static void a_misspelt_key_is_told_what_was_meant(void **state) {
	(void)state;
	assert_error(
		"ingest:\n  lisen: 8080\n", ":2:3: unknown key \"lisen\", did you mean \"listen\"?");
	assert_error("limits: {body_byts: 5}\n",
		":1:10: unknown key \"body_byts\", did you mean \"body_bytes\"?");
}

static void an_unknown_provider_is_told_what_was_meant(void **state) {
	(void)state;
	assert_error("endpoints:\n  a: {provider: postpres}\n",
		":2:17: unknown provider \"postpres\", did you mean \"postpress\"?");
}

static void a_name_that_cannot_be_an_endpoint_is_refused(void **state) {
	(void)state;
	assert_error("endpoints:\n  'a/b': {}\n",
		":2:3: an endpoint is named with letters, digits, '-', '_' and '.', at most 63 of them");
}

static void an_endpoint_says_how_it_answers(void **state) {
	(void)state;
	struct config *config = load_or_fail(
		"endpoints:\n  a: {answer: app}\n  b: {answer: {mode: app, status: 503, after: 10s,"
		" headers: [\"X-A: b\"], script: \"next 3: 500\"}}\n  c: {}\n"
		"limits: {waiting: 10, waiting_bytes: 1MiB, waiting_time: 30s}\n");
	assert_true(config->endpoints[0].has_answer);
	assert_string_equal(config->endpoints[0].answer.mode, "app");
	const struct policy_change *answer = &config->endpoints[1].answer;
	assert_int_equal(answer->status, 503);
	assert_int_equal(answer->after_ms, 10000);
	assert_int_equal(answer->delay_ms, -1);
	assert_true(span_is(answer->headers, "X-A: b\n"));
	assert_true(span_is(answer->script, "next 3: 500"));
	assert_false(config->endpoints[2].has_answer);
	assert_int_equal(config->limits.waiting, 10);
	assert_int_equal(config->limits.waiting_ms, 30000);
	config_free(config);
	assert_error("endpoints:\n  a: {answer: proxy}\n",
		":2:15: an endpoint answers fixed or app, not \"proxy\"");
	assert_error("endpoints:\n  a: {answer: {after: 10s}}\n",
		":2:15: only the answer of an app can be waited for: set the answer to app, too");
}

static void a_secret_is_read_relative_to_the_file(void **state) {
	(void)state;
	write_file(secret_file, "s3cret\n", 0600);
	struct config *config = load_or_fail(
		"endpoints:\n  a: {provider: github, secrets: [{label: live, file: live.secret}]}\n");
	assert_int_equal(config->endpoint_count, 1);
	assert_true(span_is(buffer_span(&config->endpoints[0].secrets[0].value), "s3cret"));
	config_free(config);
}

static void a_secret_others_can_read_is_refused(void **state) {
	(void)state;
	write_file(secret_file, "s3cret\n", 0644);
	char message[400];
	snprintf(message, sizeof message, ":2:55: %s can be read by others: chmod 600 %s", secret_file,
		secret_file);
	assert_error(
		"endpoints:\n  a: {provider: github, secrets: [{label: live, file: live.secret}]}\n",
		message);
}

static void an_empty_secret_is_refused(void **state) {
	(void)state;
	write_file(secret_file, "\n", 0600);
	char message[400];
	snprintf(message, sizeof message, ":2:37: %s is empty", secret_file);
	assert_error("endpoints:\n  a: {secrets: [{label: live, file: live.secret}]}\n", message);
}

static void a_stream_others_reach_needs_a_token_and_tls(void **state) {
	(void)state;
	write_file(secret_file, "0123456789abcdef0123456789abcdef\n", 0600);
	assert_error("stream: {listen: '0.0.0.0:8081'}\n",
		":1:18: stream listens on 0.0.0.0, which others reach: add stream.token_file, or listen on "
		"127.0.0.1");
	assert_error("admin: {listen: '0.0.0.0:8082', token_file: live.secret}\n",
		":1:17: admin listens on 0.0.0.0, which others reach: add admin.tls (or "
		"admin.behind_proxy: "
		"true, "
		"when TLS is done in front of it), or listen on 127.0.0.1");
	config_free(load_or_fail(
		"stream: {listen: '0.0.0.0:8081', token_file: live.secret, behind_proxy: true}\n"));
}

static void what_a_start_would_refuse_is_refused_where_it_stands(void **state) {
	(void)state;
	write_file(secret_file, "short\n", 0600);
	assert_error("endpoints: {shop: {host: bad host}}\n",
		":1:26: \"bad host\" is no host name (letters, digits, '-' and '.', without a port)");
	assert_error("endpoints:\n  a: {host: x.example}\n  b: {host: X.example}\n",
		":3:13: the host X.example already belongs to endpoint a");
	assert_error("ingest: {listen: 8080}\nstream: {listen: 8080}\n",
		":2:18: ingest and stream both listen on 127.0.0.1:8080: give one of them another port");
	assert_error("ingest: {url: notaurl}\n",
		":1:15: \"notaurl\" is no URL senders could use, as https://hooks.example.com");
	assert_error("keys: {at: x}\n", ":1:12: \"x\" is no HOST:PORT, as 127.0.0.1:8443");
	assert_error(
		"keys: {authorities: /nowhere.pem}\n", ":1:21: /nowhere.pem: No such file or directory");
}

/* What a start says of it beyond reading it. */
static void assert_start_error(
	const char *text, const struct options *options, const char *message) {
	struct error err = {0};
	struct config *config = load(text, *options, &err);
	assert_string_equal(err.text, "");
	assert_false(config_check_files(config, options, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_non_null(strstr(err.text, message));
	config_free(config);
}

static void files_a_start_would_refuse_are_refused_where_they_are_named(void **state) {
	(void)state;
	const struct options none = {.ready_fd = -1};
	char message[512];
	write_file(secret_file, "short\n", 0600);
	snprintf(message, sizeof message,
		":1:19: key file %s has 6 bytes instead of 32: it is not a key of hookline-relay",
		secret_file);
	assert_start_error("store: {key_file: live.secret}\n", &none, message);
	assert_start_error("store: {key_file: /nowhere/at/all.key}\n", &none,
		":1:19: no key file /nowhere/at/all.key can be made: /nowhere/at: No such file");
	assert_start_error("store: {url: 'postgres://x'}\n", &none,
		":1:14: unknown kind of store \"postgres://x\", expected sqlite:FILE");
	assert_start_error("store: {url: 'sqlite:'}\n", &none, ":1:14: unknown kind of store");
	assert_start_error("stream: {token_file: live.secret}\n", &none, ":1:22: ");
	assert_start_error(
		"ingest: {tls: {certificate: live.secret, key: live.secret}}\n", &none, ":1:15: ");
	assert_start_error("store: {url: 'sqlite:/tmp/x.db'}\n",
		&(struct options){.ready_fd = -1, .store = "postgres://a"},
		"--store: unknown kind of store \"postgres://a\", expected sqlite:FILE");
	assert_start_error("", &(struct options){.ready_fd = -1, .key_file = "/nowhere/k"},
		"--key-file: no key file /nowhere/k can be made");
}

static void the_store_makes_the_folder_of_its_key(void **state) {
	(void)state;
	struct error err = {0};
	const struct options options = {.ready_fd = -1};
	struct config *config = load_or_fail(
		"store: {url: 'sqlite:/nowhere/new/store.db', key_file: /nowhere/new/store.key}\n");
	assert_true(config_check_files(config, &options, &err));
	config_free(config);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_file_everything_has_a_value),
		cmocka_unit_test(settings_of_every_kind_are_read),
		cmocka_unit_test(the_command_line_wins_over_the_file),
		cmocka_unit_test(a_word_of_an_option_that_is_near_none_is_told_all),
		cmocka_unit_test(a_misspelt_key_is_told_what_was_meant),
		cmocka_unit_test(an_unknown_provider_is_told_what_was_meant),
		cmocka_unit_test(a_name_that_cannot_be_an_endpoint_is_refused),
		cmocka_unit_test(an_endpoint_says_how_it_answers),
		cmocka_unit_test(a_secret_is_read_relative_to_the_file),
		cmocka_unit_test(a_secret_others_can_read_is_refused),
		cmocka_unit_test(an_empty_secret_is_refused),
		cmocka_unit_test(a_stream_others_reach_needs_a_token_and_tls),
		cmocka_unit_test(what_a_start_would_refuse_is_refused_where_it_stands),
		cmocka_unit_test(files_a_start_would_refuse_are_refused_where_they_are_named),
		cmocka_unit_test(the_store_makes_the_folder_of_its_key),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
