/* Endpoints keep their keys through restarts, and a new key judges the history again. */
#include <string.h>

#include "common/signature/provider.h"
#include "relay/endpoints.h"
#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;
static struct vault *vault;
static struct catalogue *catalogue;
static struct endpoints *endpoints;

static const char gitlab_head[] =
	"POST /e/shop/x HTTP/1.1\r\nHost: relay.test\r\nX-Gitlab-Event: Push Hook\r\n"
	"X-Gitlab-Token: right-token\r\nContent-Length: 2\r\n\r\n";

/* What endpoints_changed_fn told. */
struct told {
	int64_t events, changed;
	struct error err;
	bool done;
};

static void on_changed(void *data, int64_t events, int64_t changed, const struct error *err) {
	struct told *told = data;
	told->events = events;
	told->changed = changed;
	told->err = err ? *err : (struct error){0};
	told->done = true;
}

static void open_endpoints(void) {
	struct error err = {0};
	endpoints = endpoints_new(bed.store, vault, catalogue, &err);
	assert_string_equal(err.text, "");
}

static int make(void **state) {
	(void)state;
	store_bed_make(&bed, true);
	store_bed_open(&bed, NULL);
	vault = vault_open(NULL, NULL);
	catalogue = catalogue_new();
	open_endpoints();
	return 0;
}

static int take_away(void **state) {
	(void)state;
	endpoints_stop(endpoints);
	store_bed_close(&bed);
	endpoints_free(endpoints);
	store_bed_remove(&bed);
	vault_free(vault);
	catalogue_free(catalogue);
	return 0;
}

static struct told change(struct endpoint_change asked, bool must_be_new) {
	struct told told = {0};
	endpoints_change(endpoints, &asked, must_be_new, on_changed, &told);
	store_bed_wait(&bed, &told.done);
	return told;
}

static struct endpoint_change named(const char *name) {
	return (struct endpoint_change){.name = span_text(name), .reject_invalid = -1};
}

static struct endpoint *add(const char *name, const char *provider) {
	struct endpoint_change asked = named(name);
	asked.provider = provider;
	struct told told = change(asked, true);
	assert_string_equal(told.err.text, "");
	return endpoints_find(endpoints, span_text(name));
}

static struct told set_secret(const char *name, const char *label, const char *value) {
	struct secret_change secret = {
		.label = label, .provider = "", .value = {value, value ? strlen(value) : 0}};
	struct endpoint_change asked = named(name);
	asked.secrets = &secret;
	asked.secret_count = 1;
	return change(asked, false);
}

static void receive(struct endpoint *endpoint) {
	struct store_bed_entry made;
	store_bed_event(&made, endpoint_id(endpoint), "{}");
	made.entry.head = span_text(gitlab_head);
	endpoint_stored(endpoint, store_bed_append(&bed, &made));
}

static enum verdict verdict_of_first(const struct endpoint *endpoint) {
	struct store_query query = {.endpoint = endpoint_id(endpoint), .events = true, .limit = 1};
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	assert_int_equal(hits.count, 1);
	enum verdict verdict = hits.all[0].event->verdict;
	store_bed_free(&hits);
	return verdict;
}

static void a_new_endpoint_is_in_use_when_it_is_stored(void **state) {
	(void)state;
	struct endpoint *endpoint = add("shop", "gitlab");
	assert_non_null(endpoint);
	assert_ptr_equal(endpoints_find_id(endpoints, endpoint_id(endpoint)), endpoint);
	assert_int_equal(endpoint_head(endpoint), 0);
	assert_false(endpoint_rejects(endpoint, VERDICT_INVALID));
}

static void a_name_that_is_taken_is_refused(void **state) {
	(void)state;
	add("shop", "gitlab");
	struct told told = change(named("shop"), true);
	assert_int_equal(told.err.code, ERROR_USAGE);
	assert_string_equal(told.err.text, "there is an endpoint shop already");
}

static void what_is_not_there_cannot_be_changed(void **state) {
	(void)state;
	struct told told = change(named("nobody"), false);
	assert_int_equal(told.err.code, ERROR_NO);
	assert_string_equal(told.err.text, "there is no endpoint nobody");
}

static void a_wrong_provider_changes_nothing(void **state) {
	(void)state;
	struct endpoint_change asked = named("shop");
	asked.provider = "gitlub";
	struct told told = change(asked, true);
	assert_int_equal(told.err.code, ERROR_USAGE);
	assert_non_null(strstr(told.err.text, "did you mean"));
	assert_int_equal(endpoints_count(endpoints), 0);
}

static void a_host_belongs_to_one_endpoint(void **state) {
	(void)state;
	add("shop", "gitlab");
	add("other", "gitlab");
	struct endpoint_change asked = named("shop");
	asked.host = "Hooks.Example.com";
	assert_string_equal(change(asked, false).err.text, "");
	assert_ptr_equal(endpoints_find_host(endpoints, span_text("hooks.example.COM")),
		endpoints_find(endpoints, span_text("shop")));
	asked = named("other");
	asked.host = "hooks.example.com";
	assert_string_equal(change(asked, false).err.text,
		"the host hooks.example.com already belongs to endpoint shop");
}

static void a_secret_judges_the_history_again(void **state) {
	(void)state;
	struct endpoint *endpoint = add("shop", "gitlab");
	for (int i = 0; i < 3; i++) {
		receive(endpoint);
	}
	struct told told = set_secret("shop", "live", "right-token");
	assert_string_equal(told.err.text, "");
	assert_int_equal(told.events, 3);
	assert_int_equal(told.changed, 3);
	assert_int_equal(verdict_of_first(endpoint), VERDICT_VALID);
}

static void removing_a_secret_takes_its_verdicts_back(void **state) {
	(void)state;
	struct endpoint *endpoint = add("shop", "gitlab");
	receive(endpoint);
	set_secret("shop", "live", "right-token");
	struct told told = set_secret("shop", "live", NULL);
	assert_int_equal(told.changed, 1);
	assert_int_equal(verdict_of_first(endpoint), VERDICT_UNVERIFIED);
}

static void a_long_history_is_judged_in_slices(void **state) {
	(void)state;
	struct endpoint *endpoint = add("shop", "gitlab");
	for (int i = 0; i < 1203; i++) {
		receive(endpoint);
	}
	struct told told = set_secret("shop", "live", "right-token");
	assert_int_equal(told.events, 1203);
	assert_int_equal(told.changed, 1203);
}

static void a_secret_without_a_provider_is_for_whichever_is_recognised(void **state) {
	(void)state;
	struct endpoint *endpoint = add("shop", "");
	receive(endpoint);
	struct told told = set_secret("shop", "live", "right-token");
	assert_int_equal(told.changed, 1);
	assert_int_equal(verdict_of_first(endpoint), VERDICT_VALID);
}

static void a_request_is_told_which_command_adds_its_secret(void **state) {
	(void)state;
	struct endpoint *endpoint = add("shop", "");
	struct description description = {0};
	struct message message = {0};
	struct error err = {0};
	assert_true(message_parse(&message, span_text(gitlab_head), span_text("{}"), &err));
	endpoint_describe(endpoint, &message, 0, &description);
	assert_string_equal(description.provider->name, "gitlab");
	assert_int_equal(description.judgement.verdict, VERDICT_UNVERIFIED);
	assert_string_equal(description.judgement.reason,
		"no secret for gitlab yet: hookline endpoint set shop --secret-file FILE");
	description_clear(&description);
	message_clear(&message);
}

static void json_shows_a_fingerprint_and_never_a_secret(void **state) {
	(void)state;
	struct endpoint *endpoint = add("shop", "gitlab");
	set_secret("shop", "live", "right-token");
	struct buffer json = {0};
	endpoint_append_json(&json, endpoint);
	assert_null(strstr(buffer_text(&json), "right-token"));
	assert_non_null(strstr(buffer_text(&json), "\"label\":\"live\""));
	assert_non_null(strstr(buffer_text(&json), "\"fingerprint\":\""));
	buffer_clear(&json);
}

static void keys_are_still_there_after_a_restart(void **state) {
	(void)state;
	receive(add("shop", "gitlab"));
	set_secret("shop", "live", "right-token");
	endpoints_stop(endpoints);
	endpoints_free(endpoints);
	open_endpoints();
	struct endpoint *endpoint = endpoints_find(endpoints, span_text("shop"));
	assert_non_null(endpoint);
	assert_int_equal(endpoint_head(endpoint), 1);
	struct told told = {0};
	endpoints_reverify(
		endpoints, span_text("shop"), &(struct reverification){0}, on_changed, &told);
	store_bed_wait(&bed, &told.done);
	assert_int_equal(told.events, 1);
	assert_int_equal(told.changed, 0);
}

static int64_t progressed_to;

static void on_progress(void *data, int64_t events, int64_t changed, int64_t at, int64_t until) {
	(void)data;
	(void)events;
	(void)changed;
	assert_true(at <= until);
	progressed_to = at;
}

static void only_what_matches_is_judged_again(void **state) {
	(void)state;
	struct endpoint *endpoint = add("shop", "gitlab");
	receive(endpoint);
	receive(endpoint);
	set_secret("shop", "live", "right-token");
	static const struct {
		const char *filter;
		int64_t events;
	} cases[] = {{"verdict:valid", 2}, {"verdict:unsigned", 0}, {"provider:gitlab", 2}};
	for (size_t i = 0; i < 3; i++) {
		struct error err = {0};
		struct told told = {0};
		struct reverification what = {filter_parse(span_text(cases[i].filter), &err), on_progress};
		assert_non_null(what.filter);
		progressed_to = 0;
		endpoints_reverify(endpoints, span_text("shop"), &what, on_changed, &told);
		store_bed_wait(&bed, &told.done);
		assert_int_equal(told.events, cases[i].events);
		assert_int_equal(progressed_to, cases[i].events);
	}
}

static void another_key_file_is_told_and_stops_nothing(void **state) {
	(void)state;
	add("shop", "gitlab");
	set_secret("shop", "live", "right-token");
	endpoints_stop(endpoints);
	endpoints_free(endpoints);
	vault_free(vault);
	vault = vault_open(NULL, NULL);
	open_endpoints();
	struct endpoint *endpoint = endpoints_find(endpoints, span_text("shop"));
	struct buffer json = {0};
	endpoint_append_json(&json, endpoint);
	assert_non_null(strstr(buffer_text(&json), "\"broken\":true"));
	buffer_clear(&json);
}

static void the_same_configuration_twice_changes_nothing(void **state) {
	(void)state;
	struct secret_change secret = {
		.label = "live", .provider = "", .value = span_text("right-token")};
	struct endpoint_change asked = named("shop");
	asked.provider = "gitlab";
	asked.secrets = &secret;
	asked.secret_count = 1;
	asked.only_these_secrets = true;
	for (int i = 0; i < 2; i++) {
		struct told told = {0};
		endpoints_apply(endpoints, &asked, on_changed, NULL, &told);
		assert_int_equal(told.done, i == 1); /* nothing to write the second time */
		store_bed_wait(&bed, &told.done);
		assert_string_equal(told.err.text, "");
	}
}

static void a_configured_list_of_secrets_is_the_whole_of_it(void **state) {
	(void)state;
	struct endpoint *endpoint = add("shop", "gitlab");
	set_secret("shop", "by-hand", "right-token");
	receive(endpoint);
	struct endpoint_change asked = named("shop");
	asked.only_these_secrets = true;
	struct told told = {0};
	endpoints_apply(endpoints, &asked, on_changed, NULL, &told);
	store_bed_wait(&bed, &told.done);
	struct buffer json = {0};
	endpoint_append_json(&json, endpoint);
	assert_non_null(strstr(buffer_text(&json), "\"secrets\":[]"));
	buffer_clear(&json);
}

static void a_removed_endpoint_is_gone(void **state) {
	(void)state;
	receive(add("shop", "gitlab"));
	struct told told = {0};
	endpoints_remove(endpoints, span_text("shop"), on_changed, &told);
	assert_null(endpoints_find(endpoints, span_text("shop")));
	store_bed_wait(&bed, &told.done);
	assert_string_equal(told.err.text, "");
	assert_int_equal(endpoints_count(endpoints), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, take_away)

int main(void) {
	const struct CMUnitTest tests[] = {
		TEST(a_new_endpoint_is_in_use_when_it_is_stored),
		TEST(a_name_that_is_taken_is_refused),
		TEST(what_is_not_there_cannot_be_changed),
		TEST(a_wrong_provider_changes_nothing),
		TEST(a_host_belongs_to_one_endpoint),
		TEST(a_secret_judges_the_history_again),
		TEST(removing_a_secret_takes_its_verdicts_back),
		TEST(a_long_history_is_judged_in_slices),
		TEST(a_secret_without_a_provider_is_for_whichever_is_recognised),
		TEST(a_request_is_told_which_command_adds_its_secret),
		TEST(json_shows_a_fingerprint_and_never_a_secret),
		TEST(keys_are_still_there_after_a_restart),
		TEST(only_what_matches_is_judged_again),
		TEST(another_key_file_is_told_and_stops_nothing),
		TEST(the_same_configuration_twice_changes_nothing),
		TEST(a_configured_list_of_secrets_is_the_whole_of_it),
		TEST(a_removed_endpoint_is_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
