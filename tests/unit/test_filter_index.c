/* A filter says what an index may be asked for it. */
#include "common/filter.h"
#include "tests/unit/unit.h"

static void wants(const char *text, const char *name, size_t count) {
	struct error err = {0};
	struct filter_keys keys;
	struct filter *filter = filter_parse(span_text(text), &err);
	assert_non_null(filter);
	assert_int_equal(filter_wants_keys(filter, &keys), name != NULL);
	assert_int_equal(keys.count, count);
	assert_true(!name || span_is(keys.name, name));
	filter_free(filter);
}

static void a_filter_says_which_keys_an_index_may_look_up(void **state) {
	(void)state;
	wants("order:42", "order", 1);
	wants("provider:stripe (status:5xx or status:none) order:42,43", "order", 2);
	wants("((key:42))", "", 1);
	wants("key.shop-id:42 order:1", "shop-id", 1);
	wants("order:4* customer:7", "customer", 1);
	wants("order:42 or order:43", NULL, 0);
	wants("-order:42", NULL, 0);
	wants("order~42", NULL, 0);
	wants("provider:stripe", NULL, 0);
}

static void type_is(
	const char *text, const char *type, bool narrows, const char *prefix, bool may) {
	struct error err = {0};
	struct filter *filter = filter_parse(span_text(text), &err);
	assert_string_equal(err.text, "");
	if (filter_narrows_type(filter) != narrows || !span_is(filter_type_prefix(filter), prefix) ||
		filter_may_match_type(filter, span_text(type)) != may) {
		fail_msg("%s, asked about %s", text, type);
	}
	filter_free(filter);
}

static void what_a_filter_wants_of_types_is_told(void **state) {
	(void)state;
	type_is("type:a.b", "a.b", true, "a.b", true);
	type_is("type:a.b", "a.bc", true, "a.b", false);
	type_is("type:a.*", "a.bc", true, "a.", true);
	type_is("type:a.b,a.c verdict:valid", "a.c", true, "a.", true);
	type_is("provider:x (type:a.b)", "a.c", true, "a.b", false);
	type_is("type:*b", "a.b", true, "", true);
	type_is("type~^a", "b", true, "", false);
	type_is("!type:a", "a", true, "", false);
	type_is("!type:a type:b*", "b", true, "b", true);
	type_is("type:a or type:b", "c", true, "", false);
	type_is("type:a or verdict:valid", "c", false, "", true);
	type_is("type:\"\"", "", true, "", true);
	type_is("type:\"\"", "a", true, "", false);
	type_is("verdict:valid", "a", false, "", true);
	type_is("", "a", false, "", true);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filter_says_which_keys_an_index_may_look_up),
		cmocka_unit_test(what_a_filter_wants_of_types_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
