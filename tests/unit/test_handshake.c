/* Who may open a stream: tokens, Host and Origin. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "relay/stream/handshake.h"
#include "tests/unit/unit.h"

static const char *write_file(const char *text, mode_t mode) {
	static char path[] = "/tmp/test_handshake.XXXXXX";
	snprintf(path, sizeof path, "/tmp/test_handshake.XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	fchmod(fd, mode);
	close(fd);
	return path;
}

static struct tokens *load(const char *text, mode_t mode, struct error *err) {
	const char *path = write_file(text, mode);
	struct tokens *tokens = tokens_load(path, err);
	unlink(path);
	return tokens;
}

static enum token_answer judge(struct tokens *tokens, const char *authorization, int64_t now_ms) {
	return tokens_judge(tokens, span_text(authorization), span_text("203.0.113.7"), now_ms);
}

static void each_token_of_the_file_opens(void **state) {
	(void)state;
	struct error err = {0};
	struct tokens *tokens = load("# two\n  aaaaaaaaaaaaaaaa \r\n\nbbbbbbbbbbbbbbbb", 0600, &err);
	assert_non_null(tokens);
	assert_int_equal(judge(tokens, "Bearer aaaaaaaaaaaaaaaa", 0), TOKEN_RIGHT);
	assert_int_equal(judge(tokens, "bearer  bbbbbbbbbbbbbbbb", 0), TOKEN_RIGHT);
	const char *wrong[] = {"", "Bearer", "Bearer ", "Bearer aaaaaaaaaaaaaaa",
		"Bearer aaaaaaaaaaaaaaaaa", "Basic aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "Bearer # two"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(judge(tokens, wrong[i], 0), TOKEN_WRONG);
	}
	tokens_free(tokens);
}

static void guessing_is_slowed_down(void **state) {
	(void)state;
	struct tokens *tokens = load("aaaaaaaaaaaaaaaa\n", 0600, NULL);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(judge(tokens, "Bearer guess", 1000), TOKEN_WRONG);
	}
	assert_int_equal(judge(tokens, "Bearer aaaaaaaaaaaaaaaa", 1000), TOKEN_TOO_OFTEN);
	assert_int_equal(
		tokens_judge(tokens, span_text("Bearer aaaaaaaaaaaaaaaa"), span_text("198.51.100.1"), 1000),
		TOKEN_RIGHT);
	assert_int_equal(judge(tokens, "Bearer guess", 2500), TOKEN_WRONG);
	assert_int_equal(judge(tokens, "Bearer guess", 2500), TOKEN_TOO_OFTEN);
	assert_int_equal(judge(tokens, "Bearer aaaaaaaaaaaaaaaa", 9000), TOKEN_RIGHT);
	tokens_free(tokens);
}

static void a_file_that_is_not_safe_is_refused(void **state) {
	(void)state;
	const struct {
		const char *text;
		mode_t mode;
		const char *hint;
	} files[] = {{"aaaaaaaaaaaaaaaa", 0644, "chmod 600"}, {"aaaaaaaaaaaaaaaa", 0640, "chmod 600"},
		{"", 0600, "holds no token"}, {"# nothing\n", 0600, "openssl rand"},
		{"short", 0600, "too short"}};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct error err = {0};
		assert_null(load(files[i].text, files[i].mode, &err));
		assert_int_equal(err.code, ERROR_CONFIG);
		assert_non_null(strstr(err.text, files[i].hint));
	}
	struct error err = {0};
	assert_null(tokens_load("/nowhere/token", &err));
	assert_int_equal(err.code, ERROR_CONFIG);
}

static bool host(const char *text) {
	char *items[] = {"hooks.example.com", "10.0.0.5:9000"};
	const struct texts hosts = {items, 2};
	return handshake_host_is_ours(&hosts, span_text("192.0.2.1"), 8081, span_text(text));
}

static void only_our_own_names_are_hosts(void **state) {
	(void)state;
	const char *ours[] = {"127.0.0.1:8081", "localhost:8081", "LOCALHOST:8081", "[::1]:8081",
		"192.0.2.1:8081", "hooks.example.com", "Hooks.Example.com:443", "10.0.0.5:9000"};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
		assert_true(host(ours[i]));
	}
	const char *others[] = {"", "evil.example", "evil.example:8081", "127.0.0.1", "localhost",
		"127.0.0.1:8082", "localhost:80810", "127.0.0.1:8081.evil.example", "10.0.0.5",
		"10.0.0.5:9001", "hooks.example.com.evil.example", "xhooks.example.com",
		"hooks.example.com:80x", "hooks.example.com:"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_false(host(others[i]));
	}
}

static void no_origin_but_a_listed_one(void **state) {
	(void)state;
	char *items[] = {"https://console.example.com"};
	const struct texts origins = {items, 1};
	assert_true(handshake_origin_is_ours(&origins, span_text("https://console.example.com")));
	assert_false(handshake_origin_is_ours(&origins, span_text("http://console.example.com")));
	assert_false(handshake_origin_is_ours(&origins, span_text("null")));
	assert_false(handshake_origin_is_ours(&origins, span_text("")));
	assert_false(handshake_origin_is_ours(&(struct texts){0}, span_text("http://localhost:8081")));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_token_of_the_file_opens),
		cmocka_unit_test(guessing_is_slowed_down),
		cmocka_unit_test(a_file_that_is_not_safe_is_refused),
		cmocka_unit_test(only_our_own_names_are_hosts),
		cmocka_unit_test(no_origin_but_a_listed_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
