/* Which places may be sent to, and how their path meets that of an event. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/deliver/target.h"

static void reads_as(const char *text, const char *url) {
	struct target target = {0};
	struct error err = {0};
	if (!target_parse(&target, text, false, &err)) {
		fail_msg("%s", err.text);
	}
	assert_string_equal(target.url, url);
	target_clear(&target);
}

static void short_forms_are_understood(void **state) {
	(void)state;
	reads_as("3000", "http://127.0.0.1:3000");
	reads_as("localhost:3000/hooks", "http://localhost:3000/hooks");
	reads_as("http://127.0.0.1", "http://127.0.0.1:80");
	reads_as("HTTPS://localhost/x?a=b", "https://localhost:443/x?a=b");
	reads_as("http://[::1]:8080/", "http://[::1]:8080/");
	reads_as("http://app.localhost:81", "http://app.localhost:81");
	reads_as("http://127.9.9.9:1?q", "http://127.9.9.9:1?q");
}

static void refused(const char *text, bool anywhere, const char *why) {
	struct target target = {0};
	struct error err = {0};
	if (target_parse(&target, text, anywhere, &err)) {
		fail_msg("%s was taken", text);
	}
	assert_int_equal(err.code, ERROR_USAGE);
	if (!strstr(err.text, why)) {
		fail_msg("%s: \"%s\" does not say \"%s\"", text, err.text, why);
	}
}

static void only_this_machine_unless_told_otherwise(void **state) {
	(void)state;
	refused("http://example.com/", false, "--anywhere");
	refused("http://169.254.169.254/latest/meta-data/", false, "--anywhere");
	refused("http://10.0.0.1/", false, "not this machine");
	refused("http://localhost.example.com/", false, "not this machine");
	refused("http://notlocalhost:3000", false, "not this machine");
	refused("http://0.0.0.0:22/", false, "127.0.0.1");
	refused("http://[::]:22/", false, "127.0.0.1");
	struct target target = {0};
	struct error err = {0};
	assert_true(target_parse(&target, "https://example.com/hooks", true, &err));
	assert_string_equal(target.authority, "example.com");
	target_clear(&target);
}

static void what_hides_where_it_leads_is_always_refused(void **state) {
	(void)state;
	refused("http://2852039166/", true, "usual form");
	refused("http://285203916/x", true, "usual form");
	refused("http://0x7f.1/", true, "usual form");
	refused("http://0177.0.0.1/", true, "usual form");
	refused("http://127.1/", true, "usual form");
	refused("http://localhost@evil.example/", true, "hides the host");
	refused("http://evil.example@localhost/", true, "hides the host");
}

static void other_schemes_and_broken_text_are_refused(void **state) {
	(void)state;
	refused("file:///etc/passwd", true, "only http:// and https://");
	refused("gopher://localhost:70/", true, "only http:// and https://");
	refused("", true, "empty");
	refused("http://", true, "no host name");
	refused("http:///x", true, "no host name");
	refused("http://localhost:0/", true, "no port");
	refused("http://localhost:65536/", true, "no port");
	refused("http://localhost:99999999999999999999/", true, "no port");
	refused("http://localhost:3000\r\nX: y", true, "visible ASCII");
	refused("http://localhost/a b", true, "visible ASCII");
	refused("http://localhost/#part", true, "fragment");
	refused("http://[::1", true, "IPv6");
	refused("http://[::1]x", true, "only a port");
	refused("http://-x.localhost", true, "no host name");
	refused("http://a..localhost", true, "no host name");
}

static void joins(const char *url, const char *captured, const char *expected) {
	struct target target = {0};
	struct error err = {0};
	assert_true(target_parse(&target, url, false, &err));
	struct buffer out = {0};
	target_join(&out, &target, TARGET_PATH_JOINED, span_text(captured));
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
	target_clear(&target);
}

static void paths_meet_with_one_slash(void **state) {
	(void)state;
	joins("3000", "/hooks", "/hooks");
	joins("3000", "", "/");
	joins("localhost:3000/", "", "/");
	joins("localhost:3000/api", "", "/api");
	joins("localhost:3000/api", "/hooks", "/api/hooks");
	joins("localhost:3000/api/", "/hooks", "/api/hooks");
	joins("localhost:3000/api/", "hooks", "/api/hooks");
	joins("localhost:3000/api", "hooks", "/api/hooks");
	joins("3000", "*", "*");
}

static void a_captured_path_stays_as_it_came(void **state) {
	(void)state;
	joins("3000", "//a/../b/./%2e%2E/[1]{x}|\\\"<>^`\x80\xff",
		"//a/../b/./%2e%2E/[1]{x}|\\\"<>^`\x80\xff");
	joins("3000", "/a?b=c?d&&#x", "/a?b=c?d&&#x");
}

static void queries_are_joined(void **state) {
	(void)state;
	joins("3000", "/a?x=1", "/a?x=1");
	joins("3000", "/a?", "/a?");
	joins("localhost:3000/?t=1", "/a?x=1", "/a?t=1&x=1");
	joins("localhost:3000?t=1", "?x=1", "/?t=1&x=1");
	joins("localhost:3000/h?t=1", "", "/h?t=1");
}

static void only_loopback_is_loopback(void **state) {
	(void)state;
	static const struct {
		const char *text;
		bool loopback;
	} cases[] = {{"127.0.0.1", true}, {"127.255.0.3", true}, {"128.0.0.1", false},
		{"0.0.0.0", false}, {"169.254.169.254", false}, {"::1", true}, {"::", false},
		{"::ffff:127.0.0.1", true}, {"::ffff:10.0.0.1", false}, {"fe80::1", false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sockaddr_in four = {.sin_family = AF_INET};
		struct sockaddr_in6 six = {.sin6_family = AF_INET6};
		bool is_four = inet_pton(AF_INET, cases[i].text, &four.sin_addr) == 1;
		inet_pton(AF_INET6, cases[i].text, &six.sin6_addr);
		const void *address = is_four ? (const void *)&four : (const void *)&six;
		assert_int_equal(address_is_loopback(address), cases[i].loopback);
	}
}

static void a_loop_is_seen(void **state) {
	(void)state;
	static const struct {
		const char *target, *ingest;
		bool loop;
	} cases[] = {{"8080", "http://127.0.0.1:8080", true},
		{"localhost:8080/x", "http://127.0.0.1:8080", true},
		{"http://[::1]:8080", "http://0.0.0.0:8080", true},
		{"8081", "http://127.0.0.1:8080", false},
		{"localhost:8080", "https://hooks.example.com:8080", false},
		{"localhost", "http://[::]", true}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct target target = {0};
		assert_true(target_parse(&target, cases[i].target, false, NULL));
		assert_int_equal(target_leads_to(&target, span_text(cases[i].ingest)), cases[i].loop);
		target_clear(&target);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_forms_are_understood),
		cmocka_unit_test(only_this_machine_unless_told_otherwise),
		cmocka_unit_test(what_hides_where_it_leads_is_always_refused),
		cmocka_unit_test(other_schemes_and_broken_text_are_refused),
		cmocka_unit_test(paths_meet_with_one_slash),
		cmocka_unit_test(a_captured_path_stays_as_it_came),
		cmocka_unit_test(queries_are_joined),
		cmocka_unit_test(a_loop_is_seen),
		cmocka_unit_test(only_loopback_is_loopback),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
