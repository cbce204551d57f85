/* Relay and client over real sockets: who may only look is refused whatever changes something. */
#include <string.h>

#include "relay/stream/request.h"
#include "tests/unit/unit.h"
#include "tests/unit/watcher.h"

/* Every request there is, and whether who only looks may make it. A new one has to be decided here. */
static const struct {
	const char *type;
	bool may;
} rights[] = {
	{"annotate", false},
	{"attempt", false},
	{"endpoint.add", false},
	{"endpoint.list", true},
	{"endpoint.remove", false},
	{"endpoint.reverify", false},
	{"endpoint.set", false},
	{"event.add", false},
	{"explain", true},
	{"get", true},
	{"lease", false},
	{"lease.tell", false},
	{"leases", true},
	{"list", true},
	{"readonly", true},
	{"refusals", true},
	{"relay.stay", false},
	{"retry.change", false},
	{"retry.hold", false},
	{"retry.list", true},
	{"retry.put", false},
	{"retry.remove", false},
	{"retry.take", false},
	{"scheme", true},
	{"sign", false}, /* with the secret of an endpoint, which an app would then believe */
	{"stats", true},
	{"subscribe", true},
};
#define RIGHT_COUNT (sizeof rights / sizeof *rights)

static bool has_right(const char *type) {
	for (size_t i = 0; i < RIGHT_COUNT; i++) {
		if (strcmp(rights[i].type, type) == 0) {
			return true;
		}
	}
	print_error("whether who only looks may %s is not decided here\n", type);
	return false;
}

static void every_request_is_decided(void **state) {
	(void)state;
	size_t count = 0;
	for (const char *type; (type = request_type(count)); count++) {
		assert_true(has_right(type));
	}
	assert_int_equal(count, RIGHT_COUNT);
}

/* A filter that is none: what is let through then ends at once, if it is not begun without one. */
static void ask(struct stream_bed *bed, struct watcher *watcher, const char *type) {
	char object[128];
	snprintf(object, sizeof object, "{\"type\":\"%s\",\"filter\":\"no:such\"}", type);
	watcher->err = (struct error){0};
	watcher_ask(bed, watcher, object);
}

static bool is_refused(const struct watcher *watcher, const char *type) {
	char why[128];
	snprintf(why, sizeof why, "readonly: it may look, but %s changes things", type);
	return watcher->err.code == ERROR_REFUSED && strstr(watcher->err.text, why);
}

static void who_only_looks_is_refused_what_changes_something(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	watcher_connect(bed, &watcher);
	watcher_ask(bed, &watcher, "{\"type\":\"readonly\"}");
	for (size_t i = 0; i < RIGHT_COUNT; i++) {
		ask(bed, &watcher, rights[i].type);
		if (is_refused(&watcher, rights[i].type) == rights[i].may) {
			fail_msg("%s: %s", rights[i].type, watcher.err.text);
		}
	}
	client_free(watcher.client);
}

static void a_mark_of_who_only_looks_reaches_nobody(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher, other;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	watcher_connect(bed, &other);
	watcher_follow(&other, &(struct client_query){.filter = span_text("type:other")});
	stream_bed_until(bed, &other.caught_up, 1);
	watcher_connect(bed, &watcher);
	static const char mark[] = "{\"type\":\"annotate\",\"ref\":\"shop#1\",\"marked\":true}";
	watcher_ask(bed, &watcher, "{\"type\":\"readonly\"}");
	watcher_ask(bed, &watcher, mark);
	assert_true(is_refused(&watcher, "annotate"));
	stream_bed_turn(bed, 20);
	assert_int_equal(other.annotated, 0);
	watcher_ask(bed, &other, mark);
	assert_string_equal(other.err.text, "");
	stream_bed_until(bed, &other.annotated, 1);
	client_free(watcher.client);
	client_free(other.client);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_request_is_decided),
		TEST(who_only_looks_is_refused_what_changes_something),
		TEST(a_mark_of_who_only_looks_reaches_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
