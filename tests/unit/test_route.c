/* A request belongs to an endpoint by its very bytes. */
#include "relay/ingest/route.h"
#include "tests/unit/unit.h"

static struct message message;

static struct route route_of(const char *target, const char *host) {
	static struct header header;
	header = (struct header){.name = span_text("Host"), .value = span_text(host)};
	message = (struct message){
		.target = span_text(target),
		.headers = &header,
		.header_count = 1,
	};
	return route_find(&message);
}

static void assert_route(
	const char *target, const char *name, size_t path_start, size_t behind_name) {
	struct route route = route_of(target, "relay.test");
	assert_true(span_is(route.name, name));
	assert_int_equal(route.path_start, path_start);
	assert_int_equal(route.behind_name, behind_name);
}

static void what_follows_the_name_is_handed_on(void **state) {
	(void)state;
	assert_route("/e/stripe/hooks?x=1", "stripe", 0, 9);
	assert_route("/e/stripe", "stripe", 0, 9);
	assert_route("/e/stripe?x=1", "stripe", 0, 9);
	assert_route("/e/stripe//a/../b", "stripe", 0, 9);
}

static void other_paths_name_no_endpoint(void **state) {
	(void)state;
	assert_route("/", "", 0, 0);
	assert_route("/e", "", 0, 0);
	assert_route("/e/", "", 0, 3);
	assert_route("/E/stripe", "", 0, 0);
	assert_route("/x/e/stripe", "", 0, 0);
}

static void nothing_is_decoded_to_find_a_name(void **state) {
	(void)state;
	assert_route("/e/str%69pe/x", "str%69pe", 0, 11);
	assert_route("/%65/stripe", "", 0, 0);
}

static void an_absolute_target_is_routed_by_its_path(void **state) {
	(void)state;
	assert_route("http://a.example:8080/e/stripe/x", "stripe", 21, 30);
	assert_route("http://a.example", "", 16, 16);
	assert_route("http://a.example?q", "", 16, 16);
}

static void the_host_loses_its_port(void **state) {
	(void)state;
	assert_true(span_is(route_of("/", "a.example:8080").host, "a.example"));
	assert_true(span_is(route_of("/", "a.example").host, "a.example"));
	assert_true(span_is(route_of("/", "[::1]:8080").host, "[::1]"));
	assert_true(span_is(route_of("/", "").host, ""));
}

static void the_host_of_an_absolute_target_counts(void **state) {
	(void)state;
	assert_true(span_is(route_of("http://b.example:1/x", "a.example").host, "b.example"));
	assert_true(span_is(route_of("/?u=http://b.example/", "a.example").host, "a.example"));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_follows_the_name_is_handed_on),
		cmocka_unit_test(other_paths_name_no_endpoint),
		cmocka_unit_test(nothing_is_decoded_to_find_a_name),
		cmocka_unit_test(an_absolute_target_is_routed_by_its_path),
		cmocka_unit_test(the_host_loses_its_port),
		cmocka_unit_test(the_host_of_an_absolute_target_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
