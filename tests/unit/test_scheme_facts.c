/* How a message is signed is told whole over the wire, with the parameters of an endpoint and without its secrets. */
#include <cjson/cJSON.h>
#include <string.h>

#include "common/json.h"
#include "common/signature/scheme_facts.h"
#include "tests/unit/unit.h"

static struct message message;

static void begin_with(const char *head, struct span body) {
	struct error err = {0};
	message_clear(&message);
	message = (struct message){0};
	if (!message_parse(&message, span_text(head), body, &err)) {
		fail_msg("%s", err.text);
	}
}

static void begin(const char *head, const char *body) {
	begin_with(head, span_text(body));
}

static bool is(const struct buffer *got, const char *wanted) {
	bool same = span_is(buffer_span(got), wanted);
	if (!same) {
		print_error("\"%.*s\" is not \"%s\"\n", (int)got->len, got->data, wanted);
	}
	return same;
}

static void a_provider_that_is_compiled_in_is_told(void **state) {
	(void)state;
	struct scheme_facts facts = {0};
	begin("POST / HTTP/1.1\r\nHost: a\r\nStripe-Signature: t=17,v1=00\r\n\r\n", "{\"a\":1}");
	scheme_facts_fill(&facts, provider_builtin(span_text("stripe")), NULL, 0, &message);
	assert_true(is(&facts.provider, "stripe"));
	assert_true(is(&facts.rule, "{timestamp}.{body}"));
	assert_true(is(&facts.text, "17.{\"a\":1}"));
	assert_int_equal(facts.text_len, 10);
	assert_int_equal(strlen(facts.version), RECIPE_VERSION_LEN);
	assert_true(scheme_facts_has_header(&facts, span_text("stripe-signature")));
	assert_false(scheme_facts_has_header(&facts, span_text("Stripe")));
	scheme_facts_clear(&facts);
}

static void a_parameter_stands_in_its_place(void **state) {
	(void)state;
	const struct parameter own = {"header", "X-Own"};
	struct scheme_facts facts = {0};
	const struct provider *generic = provider_builtin(span_text("generic-hmac"));
	begin("POST / HTTP/1.1\r\nHost: a\r\nX-Own: 00\r\n\r\n", "hello");
	scheme_facts_fill(&facts, generic, &own, 1, &message);
	assert_true(is(&facts.headers, "X-Own\n"));
	assert_true(is(&facts.text, "hello"));
	assert_non_null(strstr(buffer_text(&facts.schemes), "in X-Own"));
	scheme_facts_clear(&facts);
	scheme_facts_fill(&facts, generic, NULL, 0, &message);
	assert_int_equal(facts.rule.len, 0);
	scheme_facts_clear(&facts);
}

static void what_cannot_be_filled_in_is_told_as_the_file_has_it(void **state) {
	(void)state;
	const struct parameter unknown = {"no-such", "x"};
	struct scheme_facts facts = {0};
	begin("POST / HTTP/1.1\r\nHost: a\r\nStripe-Signature: t=17,v1=00\r\n\r\n", "x");
	scheme_facts_fill(&facts, provider_builtin(span_text("stripe")), &unknown, 1, &message);
	assert_true(facts.schemes.len > 0);
	assert_int_equal(facts.text.len, 0);
	scheme_facts_clear(&facts);
}

static void a_long_text_is_told_in_part_with_its_length(void **state) {
	(void)state;
	struct scheme_facts facts = {0};
	struct buffer body = {0};
	memset(buffer_reserve(&body, 5000), 'x', 5000);
	body.len = 5000;
	begin("POST / HTTP/1.1\r\nHost: a\r\nStripe-Signature: t=17,v1=00\r\n\r\n", buffer_text(&body));
	scheme_facts_fill(&facts, provider_builtin(span_text("stripe")), NULL, 0, &message);
	assert_int_equal(facts.text.len, SCHEME_FACTS_TEXT);
	assert_int_equal(facts.text_len, 5003);
	scheme_facts_clear(&facts);
	buffer_clear(&body);
}

static void what_is_told_is_read_again(void **state) {
	(void)state;
	struct scheme_facts facts = {0}, again = {0}, copy = {0};
	struct buffer json = {0}, json_again = {0};
	struct error err = {0};
	const struct span body = {"\xff\x01{\n\"\0 more", 11};
	begin_with("POST / HTTP/1.1\r\nHost: a\r\nStripe-Signature: t=17,v1=00\r\n\r\n", body);
	scheme_facts_fill(&facts, provider_builtin(span_text("stripe")), NULL, 0, &message);
	scheme_facts_append_json(&json, &facts);
	struct cJSON *object = json_parse(buffer_span(&json), &err);
	assert_true(scheme_facts_from_json(&again, object, &err));
	scheme_facts_copy(&copy, &again);
	assert_int_equal(copy.text_len, 3 + body.len);
	assert_true(span_equal(span_after(buffer_span(&copy.text), 3), body));
	scheme_facts_append_json(&json_again, &copy);
	assert_string_equal(buffer_text(&json), buffer_text(&json_again));
	cJSON_Delete(object);
	scheme_facts_clear(&facts);
	scheme_facts_clear(&again);
	scheme_facts_clear(&copy);
	buffer_clear(&json);
	buffer_clear(&json_again);
}

static void what_is_no_scheme_is_refused(void **state) {
	(void)state;
	static const char *const wrong[] = {"[]", "{}",
		"{\"provider\":\"a\",\"title\":\"A\",\"version\":\"1\",\"schemes\":1,\"headers\":[]}",
		"{\"provider\":\"a\",\"title\":\"A\",\"version\":\"1\",\"schemes\":[2],\"headers\":[]}",
		"{\"provider\":\"a\",\"title\":\"A\",\"version\":\"1\",\"schemes\":[],\"headers\":[],"
		"\"rule\":\"x\"}",
		"{\"provider\":\"a\",\"title\":\"A\",\"version\":\"1\",\"schemes\":[],\"headers\":[],"
		"\"rule\":\"x\",\"text\":\"\u0100\",\"text_len\":1}"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct scheme_facts facts = {0};
		struct error err = {0};
		struct cJSON *object = json_parse(span_text(wrong[i]), &err);
		assert_non_null(object);
		assert_false(scheme_facts_from_json(&facts, object, &err));
		assert_int_not_equal(err.code, ERROR_NONE);
		cJSON_Delete(object);
		scheme_facts_clear(&facts);
	}
}

static int end(void **state) {
	(void)state;
	message_clear(&message);
	return 0;
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_provider_that_is_compiled_in_is_told),
		cmocka_unit_test(a_parameter_stands_in_its_place),
		cmocka_unit_test(what_cannot_be_filled_in_is_told_as_the_file_has_it),
		cmocka_unit_test(a_long_text_is_told_in_part_with_its_length),
		cmocka_unit_test(what_is_told_is_read_again),
		cmocka_unit_test(what_is_no_scheme_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, end);
}
