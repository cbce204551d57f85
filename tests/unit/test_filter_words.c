/* What is offered while a filter is typed, and what Tab makes of it. */
#include <stdio.h>
#include <string.h>

#include "common/filter.h"
#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/update_parts.h"

static struct filter_known two_types(void) {
	struct filter_known known = {0};
	const struct event first = {.endpoint = span_text("shop"),
		.provider = span_text("stripe"),
		.type = span_text("charge.failed")};
	const struct event second = {.endpoint = span_text("shop"),
		.provider = span_text("stripe"),
		.type = span_text("charge.succeeded")};
	filter_known_take(&known, &first);
	filter_known_take(&known, &second);
	return known;
}

/* "from: offer offer" */
static const char *offers_of(const char *before) {
	static char text[4000];
	struct filter_known known = two_types();
	struct filter_offers offers;
	filter_offers_find(&offers, span_text(before), false, &known);
	int len = snprintf(text, sizeof text, "%zu:", offers.from);
	for (size_t i = 0; i < offers.count; i++) {
		len += snprintf(text + len, sizeof text - (size_t)len, " %s", offers.list[i].text);
	}
	return text;
}

static void keys_are_offered_where_a_term_begins(void **state) {
	(void)state;
	assert_string_equal(offers_of("pro"), "0: provider:");
	assert_string_equal(offers_of("x ver"), "2: verdict:");
	assert_string_equal(offers_of("(-me"), "2: method:");
	assert_string_equal(offers_of("\"a b\" bo"), "6: body: body~");
	assert_string_equal(offers_of("order 42"), "6:");
	assert_non_null(strstr(offers_of(""), "provider: type: verdict:"));
}

static void values_are_offered_behind_a_key(void **state) {
	(void)state;
	assert_string_equal(offers_of("verdict:un"), "8: unsigned unverified");
	assert_string_equal(offers_of("verdict:valid,inv"), "14: invalid");
	assert_string_equal(offers_of("type:"), "5: charge.succeeded charge.failed");
	assert_string_equal(offers_of("-provider:s"), "10: stripe");
	assert_string_equal(offers_of("status:5xx endpoint:"), "20: shop");
	assert_string_equal(offers_of("verdict:invalid"), "8:");
}

static void business_keys_are_offered_by_the_names_that_were_seen(void **state) {
	(void)state;
	struct filter_known known = two_types();
	struct filter_offers offers;
	const struct event event = {.keys = {"shop-id\0"
										 "4\0"
										 "order\0"
										 "42\0",
									19}};
	filter_known_take(&known, &event);
	filter_offers_find(&offers, span_text("ord"), false, &known);
	assert_int_equal(offers.count, 1);
	assert_string_equal(offers.list[0].text, "order:");
	filter_offers_find(&offers, span_text("key"), false, &known);
	assert_int_equal(offers.count, 2);
	assert_string_equal(offers.list[1].text, "key.shop-id:");
	assert_string_equal(offers_of("cust"), "0: customer:"); /* seen by nobody yet */
	assert_null(strstr(offers_of(""), "customer:"));
	for (size_t i = 0; i < offers.count; i++) {
		struct error err = {0};
		char text[80];
		snprintf(text, sizeof text, "%s42", offers.list[i].text);
		struct filter *filter = filter_parse(span_text(text), &err);
		assert_non_null(filter);
		filter_free(filter);
	}
}

static void nothing_is_offered_inside_of_texts(void **state) {
	(void)state;
	assert_string_equal(offers_of("\"pro"), "0:");
	assert_string_equal(offers_of("body~pro"), "5:");
	assert_string_equal(offers_of("body~\"a,pro"), "5:");
	assert_string_equal(offers_of("http:pro"), "5:");
	assert_string_equal(offers_of(".data.is"), "0:");
}

static void what_would_need_quotes_is_not_offered(void **state) {
	(void)state;
	struct filter_known known = {0};
	static const char *const hostile[] = {"a b", "a\"", "a,b", "\x1b[31m", "", "\u00e9", "a*"};
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		filter_known_take(&known, &(struct event){.type = span_text(hostile[i])});
	}
	assert_int_equal(known.of[KNOWN_TYPE].count, 0);
}

static void the_newest_values_are_kept(void **state) {
	(void)state;
	struct filter_known known = {0};
	for (int i = 0; i < 200; i++) {
		char type[16];
		snprintf(type, sizeof type, "type%d", i % 100);
		filter_known_take(&known, &(struct event){.type = span_text(type)});
	}
	assert_int_equal(known.of[KNOWN_TYPE].count, FILTER_KNOWN_MAX);
	assert_string_equal(known.of[KNOWN_TYPE].values[0], "type99");
	assert_string_equal(known.of[KNOWN_TYPE].values[FILTER_KNOWN_MAX - 1], "type36");
}

static void whatever_is_offered_is_understood(void **state) {
	(void)state;
	struct filter_known known = two_types();
	struct filter_offers keys, values;
	filter_offers_find(&keys, span_text(""), false, &known);
	for (size_t i = 0; i < keys.count; i++) {
		filter_offers_find(&values, span_text(keys.list[i].text), false, &known);
		for (size_t j = 0; j < values.count; j++) {
			char text[200];
			struct error err = {0};
			snprintf(text, sizeof text, "%s%s", keys.list[i].text, values.list[j].text);
			struct filter *filter = filter_parse(span_text(text), &err);
			if (!filter) {
				fail_msg("%s: %s", text, err.text);
			}
			filter_free(filter);
		}
	}
}

/* --- Tab --- */

static void begin(struct model *model) {
	bed_begin(model, 3, false);
	model->filter_known = two_types();
	bed_type(model, "/");
}

static void assert_typed(struct model *model, const char *text) {
	assert_string_equal(buffer_text(&model->prompt.text), text);
}

static void tab_completes_keys_and_values(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "pro");
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "provider:");
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "provider:stripe ");
	bed_type(&model, "ty");
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "provider:stripe type");
	bed_type(&model, ":");
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "provider:stripe type:charge.");
	model_clear(&model);
}

static void tab_takes_one_offer_after_the_other(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "verdict:un");
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "verdict:unsigned");
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "verdict:unverified");
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "verdict:unsigned");
	bed_key(&model, KEY_BACK_TAB);
	assert_typed(&model, "verdict:unverified");
	bed_type(&model, ",v");
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "verdict:unverified,valid ");
	model_clear(&model);
}

static void tab_on_nothing_shows_the_keys_first(void **state) {
	(void)state;
	struct model model;
	struct filter_offers offers;
	begin(&model);
	assert_false(prompt_tab_offers(&model, &offers));
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "");
	assert_true(prompt_tab_offers(&model, &offers));
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "provider:");
	bed_key(&model, KEY_ERASE);
	assert_true(prompt_tab_offers(&model, &offers));
	assert_int_equal(offers.count, 1);
	model_clear(&model);
}

static void tab_completes_in_the_middle_of_a_line(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "pr status:5xx");
	bed_key(&model, KEY_HOME_KEY);
	bed_key(&model, KEY_RIGHT_ARROW);
	bed_key(&model, KEY_RIGHT_ARROW);
	bed_key(&model, KEY_TAB);
	assert_typed(&model, "provider: status:5xx");
	assert_int_equal(model.prompt.at, 9);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_offered_where_a_term_begins),
		cmocka_unit_test(values_are_offered_behind_a_key),
		cmocka_unit_test(business_keys_are_offered_by_the_names_that_were_seen),
		cmocka_unit_test(nothing_is_offered_inside_of_texts),
		cmocka_unit_test(what_would_need_quotes_is_not_offered),
		cmocka_unit_test(the_newest_values_are_kept),
		cmocka_unit_test(whatever_is_offered_is_understood),
		cmocka_unit_test(tab_completes_keys_and_values),
		cmocka_unit_test(tab_takes_one_offer_after_the_other),
		cmocka_unit_test(tab_on_nothing_shows_the_keys_first),
		cmocka_unit_test(tab_completes_in_the_middle_of_a_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
