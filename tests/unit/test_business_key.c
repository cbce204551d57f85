/* What people ask by, found in events: places as text, one pass through a body, runs of keys. */
#include "tests/unit/unit.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/business_key.h"
#include "common/json.h"

static void reads(const char *text, const char *again) {
	struct business_key key;
	struct error err = {0};
	struct buffer out = {0};
	if (!business_key_read(&key, span_text("order"), span_text(text), &err)) {
		fail_msg("%s: %s", text, err.text);
	}
	business_key_append(&out, &key);
	assert_string_equal(buffer_text(&out), again ? again : text);
	buffer_clear(&out);
}

static void places_are_read_and_written(void **state) {
	(void)state;
	reads(".id", NULL);
	reads(".data.object.id", NULL);
	reads(".items[*].id", NULL);
	reads(".[*].objectId", NULL);
	reads(".items[0].id", ".items.0.id");
	reads("form:order_id", NULL);
	reads("header:X-Order for a.*,\t b", "header:X-Order for a.*,b");
}

static void refuses(const char *name, const char *text, const char *why) {
	struct business_key key;
	struct error err = {0};
	assert_false(business_key_read(&key, span_text(name), span_text(text), &err));
	assert_non_null(strstr(err.text, why));
}

static void what_names_no_place_is_refused(void **state) {
	(void)state;
	refuses("Order", ".id", "cannot be the name of a key");
	refuses("", ".id", "cannot be the name of a key");
	refuses("order", "", "names no place");
	refuses("order", ".", "names no place");
	refuses("order", ".a..b", "names no place");
	refuses("order", ".a.b.c.d.e.f.g.h.i.j.k.l.m", "names no place");
	refuses("order", "id", "names no place");
	refuses("order", "form:", "names no place");
	refuses("order", ".id when x", "no list of event types");
	refuses("order", ".id for", "no list of event types");
	refuses("order", ".id for a*b*", "no list of event types");
}

/* The words of what `places` ("order=.id;customer=.customer") find. */
static void finds(
	const char *places, const char *type, const char *head, struct span body, const char *words) {
	struct business_key keys[BUSINESS_KEYS_MAX];
	const struct business_key *list[BUSINESS_KEYS_MAX];
	size_t count = 0;
	struct error err = {0};
	struct span rest = span_text(places);
	while (rest.len > 0) {
		struct span place = span_cut(&rest, ';'), name = span_cut(&place, '=');
		list[count] = &keys[count];
		if (!business_key_read(&keys[count++], name, place, &err)) {
			fail_msg("%s", err.text);
		}
	}
	struct buffer out = {0}, text = {0};
	const struct business_key_source source = {
		.head = span_text(head), .body = body, .type = span_text(type)};
	business_keys_find(&out, list, count, &source);
	business_keys_append_words(&text, buffer_span(&out));
	assert_string_equal(buffer_text(&text), words);
	buffer_clear(&out);
	buffer_clear(&text);
}

static void finds_in_json(const char *places, const char *body, const char *words) {
	finds(places, "", "", span_text(body), words);
}

static void values_of_json_are_found_where_they_stand(void **state) {
	(void)state;
	finds_in_json("order=.id", "{\"id\":42}", "order 42");
	finds_in_json("order=.id", "{\"id\":\"4\\u0032\"}", "order 42");
	finds_in_json("order=.id", "{\"i\\u0064\":\"42\"}", "order 42");
	finds_in_json("order=.id;customer=.customer.id",
		"{\"x\":{\"id\":1,\"y\":[{\"id\":2}]},"
		"\"customer\":{\"id\":\"c\"},\"id\":9007199254740993}",
		"customer c, order 9007199254740993");
	finds_in_json("product=.items[*].sku",
		"{\"items\":[{\"sku\":\"a\"},{\"sku\":\"b\"},{\"sku\":\"a\"}]}", "product a, product b");
	finds_in_json(
		"product=.items[1].sku", "{\"items\":[{\"sku\":\"a\"},{\"sku\":\"b\"}]}", "product b");
	finds_in_json(
		"contact=.[*].objectId", "[{\"objectId\":1},[],{\"objectId\":2}]", "contact 1, contact 2");
	finds_in_json("order=.ids[*]", "{\"ids\":[[1],2,\"3\",null,{}]}", "order 2, order 3");
}

static void what_is_no_key_is_left_out(void **state) {
	(void)state;
	char longest[BUSINESS_KEY_VALUE_LEN + 16];
	finds_in_json("order=.id", "{\"id\":null}", "");
	finds_in_json("order=.id", "{\"id\":true}", "");
	finds_in_json("order=.id", "{\"id\":{\"id\":1}}", "");
	finds_in_json("order=.id", "{\"id\":\"\"}", "");
	finds_in_json("order=.id", "{\"id\":\"a\\u0000b\"}", "");
	finds_in_json("order=.id", "{\"id\":\"a\\nb\"}", "");
	finds_in_json("order=.id", "{\"id\":42", "");
	finds_in_json("order=.id", "{\"id\":42}x", "");
	finds_in_json("order=.id", "", "");
	finds_in_json("order=.id", "42", "");
	snprintf(longest, sizeof longest, "{\"id\":\"%0*d\"}", BUSINESS_KEY_VALUE_LEN + 1, 0);
	finds_in_json("order=.id", longest, "");
}

static void an_event_has_so_many_keys_at_most(void **state) {
	(void)state;
	struct buffer body = {0}, out = {0};
	struct business_key key;
	struct error err = {0};
	const struct business_key *list[] = {&key};
	buffer_append_text(&body, "{\"ids\":[0");
	for (int i = 1; i < 1000; i++) {
		buffer_printf(&body, ",%d", i);
	}
	buffer_append_text(&body, "]}");
	assert_true(business_key_read(&key, span_text("order"), span_text(".ids[*]"), &err));
	business_keys_find(&out, list, 1, &(struct business_key_source){.body = buffer_span(&body)});
	assert_true(business_keys_have(buffer_span(&out), span_text("order"), span_text("31")));
	assert_false(business_keys_have(buffer_span(&out), span_text("order"), span_text("32")));
	buffer_clear(&body);
	buffer_clear(&out);
}

static void types_say_where_a_place_counts(void **state) {
	(void)state;
	static const char places[] = "customer=.id for customer.*;order=.id for *created,order/paid";
	struct span body = span_text("{\"id\":7}");
	finds(places, "customer.updated", "", body, "customer 7");
	finds(places, "customer.created", "", body, "customer 7, order 7");
	finds(places, "order/paid", "", body, "order 7");
	finds(places, "order/paid2", "", body, "");
	finds(places, "", "", body, "");
}

static void fields_of_forms_queries_and_headers_are_found(void **state) {
	(void)state;
	static const char head[] =
		"POST /hook?shop=s%201&x=2 HTTP/1.1\r\nHost: h\r\nX-Order:  77 \r\n\r\n";
	static const char places[] =
		"call=form:CallSid;account=query:shop;order=header:x-order;task=form:task";
	finds(places, "", head, span_text("a=1&CallSid=CA%31"), "call CA1, account s 1, order 77");
	finds("order=form:order", "",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n",
		span_text("--b\r\nContent-Disposition: form-data; name=\"order\"\r\n\r\n42\r\n--b--\r\n"),
		"order 42");
	finds("order=header:x-order", "", "no head", span_text(""), "");
}

static void keys_are_kept_as_json(void **state) {
	(void)state;
	struct buffer run = {0}, json = {0}, again = {0};
	struct error err = {0};
	assert_true(business_keys_add(&run, 0, span_text("order"), span_text("42")));
	assert_true(business_keys_add(&run, 0, span_text("customer"), span_text("\xc3\xa9\"")));
	assert_true(business_keys_add(&run, 0, span_text("order"), span_text("43")));
	assert_false(business_keys_add(&run, 0, span_text("order"), span_text("42")));
	business_keys_append_json(&json, buffer_span(&run));
	assert_string_equal(
		buffer_text(&json), "{\"order\":[\"42\",\"43\"],\"customer\":[\"\\u00c3\\u00a9\\\"\"]}");
	struct cJSON *object = json_parse(buffer_span(&json), &err);
	assert_true(business_keys_from_json(&again, object));
	assert_true(business_keys_have(buffer_span(&again), (struct span){0}, span_text("\xc3\xa9\"")));
	assert_false(
		business_keys_have(buffer_span(&again), span_text("order"), span_text("\xc3\xa9\"")));
	cJSON_Delete(object);
	object = json_parse(span_text("{\"order\":42}"), &err);
	assert_false(business_keys_from_json(&again, object));
	cJSON_Delete(object);
	buffer_clear(&run);
	buffer_clear(&json);
	buffer_clear(&again);
}

static void known_names_are_valid_and_sorted(void **state) {
	(void)state;
	for (size_t i = 0; business_key_names[i]; i++) {
		assert_true(business_key_name_is_valid(span_text(business_key_names[i])));
		assert_true(i == 0 || strcmp(business_key_names[i - 1], business_key_names[i]) < 0);
	}
	assert_string_equal(business_key_known(span_text("Order")), "order");
	assert_null(business_key_known(span_text("orders")));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_read_and_written),
		cmocka_unit_test(what_names_no_place_is_refused),
		cmocka_unit_test(values_of_json_are_found_where_they_stand),
		cmocka_unit_test(what_is_no_key_is_left_out),
		cmocka_unit_test(an_event_has_so_many_keys_at_most),
		cmocka_unit_test(types_say_where_a_place_counts),
		cmocka_unit_test(fields_of_forms_queries_and_headers_are_found),
		cmocka_unit_test(keys_are_kept_as_json),
		cmocka_unit_test(known_names_are_valid_and_sorted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
