/* Provider files are read whole or refused where they are wrong; providers are recognised by what they send. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/signature/provider_read.h"
#include "common/signature/recipe.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

static const char *complaint(const char *yaml) {
	static struct error err;
	struct arena arena = {0};
	err = (struct error){0};
	struct yaml_document *document = yaml_parse("acme.yaml", span_text(yaml), &err);
	const struct provider *provider = document ? provider_read(&arena, document, &err) : NULL;
	yaml_close(document);
	arena_clear(&arena);
	return provider ? NULL : err.text;
}

static const struct {
	const char *yaml, *complaint;
} mistakes[] = {
	{"", "acme.yaml:1:1: the file is empty"},
	{"title: x\n", "acme.yaml:1:1: \"schemes\" is missing"},
	{"titel: x\n", "acme.yaml:1:1: unknown key \"titel\", did you mean \"title\"?"},
	{"schemes: []\n", "acme.yaml:1:10: expected a list of 1 to 16 schemes"},
	{"schemes:\n  - kind: hmac\n", "acme.yaml:2:5: \"signature\" is missing"},
	{"schemes:\n  - kind: hmca\n    signature: {header: X}\n",
		"acme.yaml:2:11: unknown value \"hmca\", did you mean \"hmac\"?"},
	{"schemes:\n  - signature: {header: X}\n", "acme.yaml:2:5: \"content\" is missing"},
	{"schemes:\n  - signature: {header: X Y}\n", "acme.yaml:2:25: expected the name of a header"},
	{"schemes:\n  - signature: {header: $h}\n",
		"acme.yaml:2:25: \"h\" is none of the parameters of this file"},
	{"schemes:\n  - signature: {header: X, pair: \"=\"}\n",
		"acme.yaml:2:16: \"pair\" and \"field\" need each other"},
	{"schemes:\n  - signature: {header: X, list: \",,\"}\n",
		"acme.yaml:2:34: expected one character in quotes"},
	{"schemes:\n  - signature: {header: X, encoding: text}\n",
		"acme.yaml:2:5: a MAC is not a text: expected hex, base64 or base64url"},
	{"schemes:\n  - {kind: token, signature: {header: X}, content: a}\n",
		"acme.yaml:2:52: only a scheme of kind hmac, digest or signature signs a content"},
	{"schemes:\n  - signature: {header: X}\n    content: \"{timestamp}\"\n",
		"acme.yaml:3:14: {timestamp} is used, but \"timestamp\" is missing"},
	{"schemes:\n  - signature: {header: X}\n    content: \"{id}\"\n",
		"acme.yaml:3:14: {id} is used, but \"id\" is missing"},
	{"schemes:\n  - signature: {header: X}\n    content: \"{body\"\n",
		"acme.yaml:3:14: a '{' without its '}'"},
	{"schemes:\n  - signature: {header: X}\n    key: [bas64]\n    content: a\n",
		"acme.yaml:3:11: unknown value \"bas64\", did you mean \"base64\"?"},
	{"schemes:\n  - signature: {header: X}\n    key: [strip_prefix]\n    content: a\n",
		"acme.yaml:3:11: this step needs a text behind a colon"},
	{"schemes:\n  - signature: {header: X}\n    timestamp: {signature: t}\n    content: a\n",
		"acme.yaml:3:28: needs \"list\" and \"pair\" in the signature's header"},
	{"schemes:\n  - signature: {header: X}\n    timestamp: {unit: s}\n    content: a\n",
		"acme.yaml:3:16: expected one of \"header\", \"signature\", \"json\""},
	{"recognise: {headers: X}\nschemes: []\n", "acme.yaml:1:22: expected a list of 1 to 8 texts"},
	{"event_type: {header: X, json: y}\nschemes: []\n",
		"acme.yaml:1:13: expected one of \"header\", \"json\", \"form\", "
		"\"multipart_json\" and \"token\""},
	{"delivery: {timeout_s: 0}\nschemes: []\n",
		"acme.yaml:1:23: expected seconds from 0.001 to 2592000, found \"0\""},
	{"delivery: {success: fine}\nschemes: []\n",
		"acme.yaml:1:21: expected statuses such as 2xx, 200,204 or 429,5xx,failed, not "
		"\"fine\""},
	{"delivery: {schedule_s: [5, soon]}\nschemes: []\n",
		"acme.yaml:1:28: expected a number from 0 to 2592000, found \"soon\""},
	{"delivery: {schedule_s: [5], attempts: 3}\nschemes: []\n",
		"acme.yaml:1:11: \"schedule_s\", \"attempts\" and \"within_s\" exclude each other: the "
		"last "
		"two are for delays that are not known"},
};

static void every_mistake_has_its_place(void **state) {
	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		const char *got = complaint(mistakes[i].yaml);
		assert_non_null(got);
		assert_string_equal(got, mistakes[i].complaint);
	}
}

static void the_file_names_the_provider(void **state) {
	(void)state;
	struct arena arena = {0};
	struct error err = {0};
	struct yaml_document *document =
		yaml_parse("a/My Provider.yaml", span_text("schemes: []"), &err);
	assert_null(provider_read(&arena, document, &err));
	assert_string_equal(err.text,
		"a/My Provider.yaml:1:1: the name of the file names the provider: small letters, digits, "
		"'-' and '.', then .yaml");
	yaml_close(document);
	arena_clear(&arena);
}

static void the_file_is_what_the_provider_becomes(void **state) {
	(void)state;
	const struct provider *provider =
		provider_of("title: Acme\n"
					"confidence: confirmed\n"
					"event_type: {header: X-Event}\n"
					"event_id: {json: id}\n"
					"delivery: {timeout_s: 7, success: 2xx, schedule_s: [1, 20]}\n"
					"parameters: {a: , b: \"\"}\n"
					"schemes:\n"
					"  - {kind: token, signature: {header: X, prefix: $b}}\n");
	assert_string_equal(provider->name, "acme");
	assert_string_equal(provider->title, "Acme");
	assert_true(provider->confirmed);
	assert_int_equal(provider->type.place, FIELD_HEADER);
	assert_string_equal(provider->id.path, "id");
	assert_int_equal(provider->timeout_ms, 7000);
	assert_int_equal(provider->retry_s[1], 20);
	assert_null(provider->parameters[0].fallback);
	assert_string_equal(provider->parameters[1].fallback, "");
	assert_null(provider->parameters[2].name);
	assert_int_equal(provider->recipes[0].kind, RECIPE_TOKEN);
	signed_request_forget();
}

static void the_builtin_ones_are_there_in_order(void **state) {
	(void)state;
	struct catalogue *catalogue = catalogue_new();
	assert_true(catalogue_count(catalogue) >= 15);
	for (size_t i = 1; i < catalogue_count(catalogue); i++) {
		assert_true(
			strcmp(catalogue_at(catalogue, i - 1)->name, catalogue_at(catalogue, i)->name) < 0);
	}
	struct error err = {0};
	assert_string_equal(catalogue_find(catalogue, "slack", &err)->title, "Slack");
	assert_null(catalogue_find(catalogue, "postpres", &err));
	assert_string_equal(err.text, "unknown provider \"postpres\", did you mean \"postpress\"?");
	catalogue_free(catalogue);
	catalogue_free(NULL);
}

static void a_users_own_file_is_added_or_replaces(void **state) {
	(void)state;
	char folder[] = "/tmp/hookline-provider-XXXXXX", path[64];
	static const char text[] =
		"title: My Slack\nschemes:\n  - {kind: token, signature: {header: X}}\n";
	assert_non_null(mkdtemp(folder));
	struct catalogue *catalogue = catalogue_new();
	size_t before = catalogue_count(catalogue);
	static const char *const names[] = {"slack.yaml", "aaa.yaml", "zzz.yaml"};
	struct error err = {0};
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		FILE *file = fopen(path, "w");
		fputs(text, file);
		fclose(file);
		assert_true(catalogue_load(catalogue, path, &err));
		unlink(path);
	}
	assert_int_equal(catalogue_count(catalogue), before + 2);
	assert_string_equal(catalogue_find(catalogue, "slack", &err)->title, "My Slack");
	assert_string_equal(catalogue_at(catalogue, 0)->name, "aaa");
	assert_string_equal(catalogue_at(catalogue, before + 1)->name, "zzz");
	assert_false(catalogue_load(catalogue, path, &err));
	assert_int_equal(catalogue_count(catalogue), before + 2);
	catalogue_free(catalogue);
	rmdir(folder);
}

/* The name of the provider of a request, or the names it may be, or "". */
static const char *recognised(const char *lines, const char *body) {
	static char text[128];
	struct signed_request request;
	struct buffer several = {0};
	struct catalogue *catalogue = catalogue_new();
	signed_request_make(&request, lines, body);
	const struct provider *provider = catalogue_recognise(catalogue, &request.message, &several);
	snprintf(text, sizeof text, "%s", provider ? provider->name : buffer_text(&several));
	buffer_clear(&several);
	signed_request_clear(&request);
	catalogue_free(catalogue);
	return text;
}

static void a_provider_is_recognised_by_its_headers(void **state) {
	(void)state;
	assert_string_equal(recognised("stripe-signature: x\r\n", ""), "stripe");
	assert_string_equal(recognised("X-GitHub-Event: push\r\n", ""), "github");
	assert_string_equal(recognised("Postpress-Auth: x\r\n", ""), "postpress");
	assert_string_equal(recognised("X-Slack-Signature: x\r\n", ""), "");
	assert_string_equal(recognised("", "{}"), "");
}

static void shared_headers_are_told_apart_by_the_type(void **state) {
	(void)state;
	const char *lines = "X-Webhook-Signature: x\r\n";
	assert_string_equal(recognised(lines, "{\"type\":\"launch.failed\"}"), "dropspace");
	assert_string_equal(recognised(lines, "{\"event\":\"persona.completed\"}"), "dropspace");
	assert_string_equal(recognised(lines, "{\"event\":\"operation.completed\"}"), "dragdropdo");
	assert_string_equal(recognised(lines, "{\"type\":\"fileTask.failed\"}"), "dragdropdo");
	assert_string_equal(recognised(lines, "{\"type\":\"other\"}"), "dragdropdo, dropspace");
	assert_string_equal(recognised(lines, "no JSON"), "dragdropdo, dropspace");
}

static void whoever_asks_for_more_headers_is_meant(void **state) {
	(void)state;
	assert_string_equal(
		recognised("X-Webhook-Signature: x\r\nX-Webhook-Timestamp: 1\r\n", "{}"), "daily");
	assert_string_equal(recognised("X-Hub-Signature-256: x\r\n", "{}"), "meta");
	assert_string_equal(
		recognised("X-Hub-Signature-256: x\r\nX-GitHub-Event: push\r\n", "{}"), "github");
	assert_string_equal(recognised("X-Hook-Signature: x\r\n", "{}"), "asana, clio");
	assert_string_equal(recognised("X-Hub-Signature: x\r\n", "{}"), "");
}

/* A request that carries all headers by which a provider is recognised is that provider's, or one of several. */
static void every_provider_is_recognised_by_its_own_headers(void **state) {
	(void)state;
	for (size_t i = 0; i < providers_builtin_count; i++) {
		const struct provider *provider = providers_builtin[i];
		struct buffer lines = {0};
		for (const char *const *name = provider->recognise_headers; name && *name; name++) {
			buffer_printf(&lines, "%s: x\r\n", *name);
		}
		if (lines.len > 0) {
			assert_non_null(strstr(recognised(buffer_text(&lines), ""), provider->name));
		}
		buffer_clear(&lines);
	}
}

static void a_shared_scheme_yields_to_a_provider(void **state) {
	(void)state;
	const char *standard = "webhook-id: a\r\nwebhook-timestamp: 1\r\nwebhook-signature: v1,x\r\n";
	assert_string_equal(recognised(standard, ""), "standard-webhooks");
	char lines[256];
	snprintf(lines, sizeof lines, "%sX-Gitlab-Event: Push Hook\r\n", standard);
	assert_string_equal(recognised(lines, ""), "gitlab");
}

static void assert_described(
	const char *provider, const char *lines, const char *body, const char *type, const char *id) {
	struct signed_request request;
	struct buffer type_found = {0}, id_found = {0};
	struct keyring *keyring = keyring_of(provider, NULL, NULL);
	signed_request_make(&request, lines, body);
	provider_describe(keyring_provider(keyring), &request.message, &type_found, &id_found);
	assert_string_equal(buffer_text(&type_found), type);
	assert_string_equal(buffer_text(&id_found), id);
	buffer_clear(&type_found);
	buffer_clear(&id_found);
	signed_request_clear(&request);
	keyring_free(keyring);
}

static void type_and_id_are_found(void **state) {
	(void)state;
	assert_described("stripe", "", "{\"id\":\"evt_1\",\"type\":\"a\\u002eb\"}", "a.b", "evt_1");
	assert_described(
		"github", "X-GitHub-Event: push\r\nX-GitHub-Delivery: 72d3\r\n", "", "push", "72d3");
	assert_described("slack", "", "{\"type\":\"event_callback\",\"event\":{\"type\":\"message\"}}",
		"message", "");
	assert_described("slack", "", "{\"type\":\"url_verification\"}", "url_verification", "");
	assert_described("dropspace", "", "{\"id\":42,\"type\":null}", "", "42");
	assert_described("stripe", "", "{\"id\":{},\"type\":[]}", "", "");
	assert_described("stripe", "", "{\"id\":\"x\"", "", "");
}

static void a_huge_type_is_left_out(void **state) {
	(void)state;
	struct buffer body = {0};
	buffer_append_text(&body, "{\"type\":\"");
	for (int i = 0; i < PROVIDER_FIELD_LEN + 1; i++) {
		buffer_append_byte(&body, 'x');
	}
	buffer_append_text(&body, "\"}");
	assert_described("stripe", "", buffer_text(&body), "", "");
	buffer_clear(&body);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_has_its_place),
		cmocka_unit_test(the_file_names_the_provider),
		cmocka_unit_test(the_file_is_what_the_provider_becomes),
		cmocka_unit_test(the_builtin_ones_are_there_in_order),
		cmocka_unit_test(a_users_own_file_is_added_or_replaces),
		cmocka_unit_test(a_provider_is_recognised_by_its_headers),
		cmocka_unit_test(shared_headers_are_told_apart_by_the_type),
		cmocka_unit_test(whoever_asks_for_more_headers_is_meant),
		cmocka_unit_test(every_provider_is_recognised_by_its_own_headers),
		cmocka_unit_test(a_shared_scheme_yields_to_a_provider),
		cmocka_unit_test(type_and_id_are_found),
		cmocka_unit_test(a_huge_type_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
