/* Every sample is a request of its provider, and rightly signed wherever it can be signed. */
#include "common/sample.h"

#include <string.h>

#include "common/json_find.h"
#include "common/json_lexer.h"
#include "common/signature/private_key.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1767225600123)
#define PARAMETERS_MAX 16

static struct catalogue *catalogue;

static int begin(void **state) {
	(void)state;
	catalogue = catalogue_new();
	return 0;
}

static int end(void **state) {
	(void)state;
	catalogue_free(catalogue);
	return 0;
}

static void make(struct sample_request *request, const struct sample *sample, uint64_t seed) {
	const struct sample_fill fill = {NOW, seed};
	struct buffer headers = {0}, body = {0};
	sample_make(sample, &fill, &headers, &body);
	sample_request_set(
		request, "/hooks", "hooks.example.com", buffer_span(&headers), buffer_span(&body));
	buffer_clear(&headers);
	buffer_clear(&body);
}

static const struct provider *provider_of(const struct sample *sample) {
	struct error err = {0};
	const struct provider *provider = catalogue_find(catalogue, sample->provider, &err);
	if (!provider) {
		fail_msg("%s", err.text);
	}
	return provider;
}

/* What must be given is given something. */
static struct keyring *make_keyring(const struct provider *provider) {
	struct parameter parameters[PARAMETERS_MAX];
	size_t count = 0;
	struct error err = {0};
	for (const struct provider_parameter *one = provider->parameters; one && one->name; one++) {
		if (!one->fallback) {
			parameters[count++] = (struct parameter){one->name, "given"};
		}
	}
	struct keyring *keyring = keyring_new(provider, parameters, count, &err);
	if (!keyring) {
		fail_msg("%s: %s", provider->name, err.text);
	}
	return keyring;
}

/* A secret in the form this provider gives them. */
static bool add_secret(struct keyring *keyring) {
	static const char *const forms[] = {"a-secret-of-32-letters-and-digits",
		"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"};
	struct error err;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (keyring_add(keyring, "test", span_text(forms[i]), &err)) {
			return true;
		}
	}
	return false;
}

static void add_public(struct keyring *keyring, const struct private_key *key) {
	struct buffer public = {0};
	struct error err = {0};
	if (!signature_append_public(keyring, key, &public, &err) ||
		!keyring_add(keyring, "test", buffer_span(&public), &err)) {
		fail_msg("%s: %s", keyring_provider(keyring)->name, err.text);
	}
	buffer_clear(&public);
}

static void assert_valid(
	const struct sample *sample, struct keyring *keyring, const struct sample_request *request) {
	struct message message = {0};
	struct error err = {0};
	assert_true(
		message_parse(&message, buffer_span(&request->head), buffer_span(&request->body), &err));
	struct judgement judgement = signature_verify(keyring, &message, NOW);
	/* of these the signature covers a part of the body, whoever signs */
	bool covers_part =
		strcmp(sample->provider, "adyen") == 0 || strcmp(sample->provider, "mailgun") == 0;
	if (judgement.verdict != (covers_part ? VERDICT_PARTIAL : VERDICT_VALID)) {
		fail_msg("%s %s: %s, %s", sample->provider, sample->type, verdict_name(judgement.verdict),
			judgement.reason);
	}
	message_clear(&message);
}

static void sign_one(const struct sample *sample) {
	struct keyring *keyring = make_keyring(provider_of(sample));
	struct private_key *key = NULL;
	struct key_kind kind;
	struct error err = {0};
	struct sample_request request = {0};
	if (signature_key_kind(keyring, &kind, &err)) {
		key = private_key_make(&kind, &err);
		add_public(keyring, key);
	} else if (!add_secret(keyring)) {
		fail_msg("%s takes no secret of the test", sample->provider);
	}
	struct sign_options options = {
		.now_ms = NOW, .made_id = span_text("msg_1"), .private_key = key};
	make(&request, sample, 7);
	if (!sample_request_sign(&request, keyring, &options, &err)) {
		fail_msg("%s %s: %s", sample->provider, sample->type, err.text);
	}
	assert_valid(sample, keyring, &request);
	sample_request_clear(&request);
	private_key_free(key);
	keyring_free(keyring);
}

static void every_sample_that_is_signed_is_valid(void **state) {
	(void)state;
	for (size_t i = 0; i < samples_builtin_count; i++) {
		sign_one(&samples_builtin[i]);
	}
}

/* The provider's name for what happened is the sample's, where the request says one. */
static void every_sample_is_of_its_type(void **state) {
	(void)state;
	for (size_t i = 0; i < samples_builtin_count; i++) {
		const struct sample *sample = &samples_builtin[i];
		struct sample_request request = {0};
		struct buffer type = {0}, id = {0};
		struct message message = {0};
		struct error err = {0};
		make(&request, sample, 1);
		if (!message_parse(
				&message, buffer_span(&request.head), buffer_span(&request.body), &err)) {
			fail_msg("%s %s: %s", sample->provider, sample->type, err.text);
		}
		provider_describe(provider_of(sample), &message, &type, &id);
		if (type.len > 0 && strcmp(buffer_text(&type), sample->type) != 0) {
			fail_msg("%s %s says %s", sample->provider, sample->type, buffer_text(&type));
		}
		if (sample->json && !json_is_whole(buffer_span(&request.body))) {
			fail_msg("%s %s is no JSON", sample->provider, sample->type);
		}
		assert_null(strstr(buffer_text(&request.head), "{{"));
		assert_null(strstr(buffer_text(&request.body), "{{"));
		message_clear(&message);
		buffer_clear(&type);
		buffer_clear(&id);
		sample_request_clear(&request);
	}
}

static void samples_are_in_order_and_found(void **state) {
	(void)state;
	struct error err = {0};
	size_t count = 0;
	for (size_t i = 1; i < samples_builtin_count; i++) {
		const struct sample *a = &samples_builtin[i - 1], *b = &samples_builtin[i];
		int order = strcmp(a->provider, b->provider);
		assert_true(order < 0 || (order == 0 && strcmp(a->type, b->type) < 0));
	}
	assert_string_equal(sample_find("stripe", "invoice.paid", &err)->type, "invoice.paid");
	assert_ptr_equal(sample_find("dropspace", NULL, &err), sample_first("dropspace", &count));
	assert_int_equal(count, 5);
	assert_null(sample_find("stripe", "invoice.payed", &err));
	assert_string_equal(
		err.text, "there is no sample \"invoice.payed\" of stripe, did you mean \"invoice.paid\"?");
	assert_null(sample_find("nobody", NULL, &err));
	assert_non_null(strstr(err.text, "--list"));
}

/* The five first providers: every type their pages name. */
static void every_documented_type_of_the_first_five_is_there(void **state) {
	(void)state;
	static const char *const wanted[] = {"dropspace launch.published", "dropspace launch.completed",
		"dropspace launch.failed", "dropspace media.completed", "dropspace persona.completed",
		"dragdropdo operation.completed", "dragdropdo operation.failed",
		"dragdropdo fileTask.completed", "dragdropdo fileTask.failed",
		"drop-cowboy message.delivered", "drop-cowboy message.failed",
		"drop-cowboy contact.opted_out", "drop-cowboy campaign.paused",
		"drop-cowboy campaign.scheduled", "drop-cowboy campaign.completed",
		"postpress message_received", "blackspace post.published", "blackspace post.scheduled",
		"blackspace post.failed", "blackspace post.deleted", "blackspace analytics.updated",
		"blackspace analytics.milestone", "blackspace account.connected",
		"blackspace account.disconnected", "blackspace account.token_expired"};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		struct span type = span_text(wanted[i]), provider = span_cut(&type, ' ');
		char name[32];
		snprintf(name, sizeof name, "%.*s", (int)provider.len, provider.data);
		assert_non_null(sample_find(name, type.data, NULL));
	}
}

static void ids_are_fresh_and_the_same_for_a_seed(void **state) {
	(void)state;
	const struct sample *sample = sample_find("slack", "app_mention", NULL);
	struct sample_request first = {0}, again = {0}, other = {0};
	make(&first, sample, 5);
	make(&again, sample, 5);
	make(&other, sample, 6);
	assert_string_equal(buffer_text(&first.body), buffer_text(&again.body));
	assert_string_not_equal(buffer_text(&first.body), buffer_text(&other.body));
	/* what has a name is the same wherever it stands */
	struct span team = json_find(buffer_span(&first.body), "team_id");
	assert_true(span_equal(team, json_find(buffer_span(&first.body), "event.team")));
	assert_true(span_is(json_find(buffer_span(&first.body), "event_time"), "1767225600"));
	sample_request_clear(&first);
	sample_request_clear(&again);
	sample_request_clear(&other);
}

static void moments_may_be_moved(void **state) {
	(void)state;
	static const struct sample sample = {"x", "a.b", "X-Type: {{type}}\nX-Day: {{date}}\n",
		"{\"a\": {{unix -60}}, \"b\": \"{{iso +86400}}\", \"c\": \"{{iso_ms}}\", \"d\": "
		"{{unix_ms}}, \"e\": {{digits 3}}}",
		true};
	struct buffer headers = {0}, body = {0};
	sample_make(&sample, &(struct sample_fill){NOW, 1}, &headers, &body);
	assert_string_equal(buffer_text(&headers), "X-Type: a.b\r\nX-Day: 2026-01-01\r\n");
	assert_non_null(strstr(buffer_text(&body),
		"{\"a\":1767225540,\"b\":\"2026-01-02T00:00:00Z\",\"c\":\"2026-01-01T00:00:00.123Z\","
		"\"d\":1767225600123,\"e\":"));
	buffer_clear(&headers);
	buffer_clear(&body);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sample_that_is_signed_is_valid),
		cmocka_unit_test(every_sample_is_of_its_type),
		cmocka_unit_test(samples_are_in_order_and_found),
		cmocka_unit_test(every_documented_type_of_the_first_five_is_there),
		cmocka_unit_test(ids_are_fresh_and_the_same_for_a_seed),
		cmocka_unit_test(moments_may_be_moved),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
