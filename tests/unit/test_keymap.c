/* Keys that a person has changed mean what was asked for, and what cannot be is told. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/screen/key.h"
#include "tui/screen/keymap.h"

static uint32_t key_of(const char *name) {
	uint32_t key = 0;
	assert_true(key_parse(span_text(name), &key));
	return key;
}

static bool bind(struct keymap *keymap, const char *name, const char *key, struct error *err) {
	const struct binding *binding = keymap_find(name, err);
	assert_non_null(binding);
	uint32_t keys[] = {key ? key_of(key) : 0};
	return keymap_bind(keymap, binding, keys, key ? 1 : 0, err);
}

static void names_of_keys_are_read_as_they_are_written(void **state) {
	static const uint32_t keys[] = {'r', 'R', ' ', '+', 'c' | KEY_CTRL, KEY_UP_ARROW, KEY_PAGE_DOWN,
		KEY_ENTER_KEY, KEY_BACK_TAB, KEY_ESCAPE, KEY_DELETE, 0xe4, 0x4f60, 0x1f4b3};
	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		char name[16];
		key_name(name, keys[i]);
		assert_int_equal(key_of(name), keys[i]);
	}
	assert_int_equal(key_of("ctrl-r"), 'r' | KEY_CTRL);
	assert_int_equal(key_of("pgdn"), KEY_PAGE_DOWN);
}

static void what_is_no_key_is_refused(void **state) {
	static const char *const names[] = {"", "rr", "Ctrl-", "Ctrl-1", "Ctrl-M", "Ctrl-I", "F99",
		"\x1b", "\xff", "\xe2\x80\xae", "\xc3\xa4\xc3\xa4", "\xcc\x81"};
	uint32_t key;
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (key_parse(span_text(names[i]), &key)) {
			fail_msg("\"%s\" is no key", names[i]);
		}
	}
}

static void every_key_of_the_table_can_be_given_to_another(void **state) {
	(void)state;
	for (size_t i = 0; i < binding_count; i++) {
		for (size_t k = 0; k < KEYMAP_KEYS && bindings[i].keys[k]; k++) {
			struct error err = {0};
			char name[16];
			key_name(name, bindings[i].keys[k]);
			assert_int_equal(key_of(name), bindings[i].keys[k]);
			if (!keymap_name(&bindings[i])) {
				fail_msg("%s, \"%s\", has no name for hookline.yaml", name, bindings[i].help);
			}
			assert_ptr_equal(keymap_find(keymap_name(&bindings[i]), &err), &bindings[i]);
		}
	}
}

static void a_key_that_is_given_away_means_the_new_thing_alone(void **state) {
	struct keymap keymap;
	struct error err = {0};
	char key[16];
	(void)state;
	keymap_init(&keymap);
	assert_true(bind(&keymap, "replay", "Ctrl-R", &err));
	assert_true(bind(&keymap, "up", "r", &err));
	assert_int_equal(keymap_action(&keymap, 'r' | KEY_CTRL, PLACE_LIST), ACTION_REPLAY);
	assert_int_equal(keymap_action(&keymap, 'r', PLACE_LIST), ACTION_UP);
	assert_int_equal(keymap_action(&keymap, 'r', PLACE_DETAIL), ACTION_NONE);
	assert_int_equal(keymap_action(&keymap, 'k', PLACE_LIST), ACTION_NONE);
	keymap_key(&keymap, key, ACTION_REPLAY, PLACE_LIST);
	assert_string_equal(key, "Ctrl-R");
}

static void the_same_key_twice_at_one_place_is_told(void **state) {
	struct keymap keymap;
	struct error err = {0};
	(void)state;
	keymap_init(&keymap);
	assert_true(bind(&keymap, "replay", "!", &err));
	assert_false(bind(&keymap, "up", "!", &err));
	assert_string_equal(err.text, "! is the key of \"replay\" already, at the same place");
	keymap_init(&keymap);
	assert_true(bind(&keymap, "up", "!", &err));
	assert_true(bind(&keymap, "scroll-up", "!", &err));
}

static void what_lost_its_only_key_is_told(void **state) {
	struct keymap keymap;
	struct error err = {0};
	const struct binding *row;
	(void)state;
	keymap_init(&keymap);
	assert_true(keymap_check(&keymap, &row, &err));
	assert_true(bind(&keymap, "replay", "F", &err));
	assert_false(keymap_check(&keymap, &row, &err));
	assert_string_equal(keymap_name(row), "replay");
	assert_non_null(strstr(err.text, "the only key of \"forward\""));
	assert_true(bind(&keymap, "forward", NULL, &err));
	assert_true(keymap_check(&keymap, &row, &err));
}

static void a_screen_that_cannot_be_left_is_refused(void **state) {
	struct keymap keymap;
	struct error err = {0};
	const struct binding *row;
	(void)state;
	keymap_init(&keymap);
	assert_true(bind(&keymap, "quit", NULL, &err));
	assert_true(keymap_check(&keymap, &row, &err));
	assert_true(bind(&keymap, "command", NULL, &err));
	assert_false(keymap_check(&keymap, &row, &err));
}

static void an_unknown_name_has_a_near_one(void **state) {
	struct error err = {0};
	(void)state;
	assert_null(keymap_find("replya", &err));
	assert_string_equal(
		err.text, "nothing that has a key is called \"replya\", did you mean \"replay\"?");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_keys_are_read_as_they_are_written),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(every_key_of_the_table_can_be_given_to_another),
		cmocka_unit_test(a_key_that_is_given_away_means_the_new_thing_alone),
		cmocka_unit_test(the_same_key_twice_at_one_place_is_told),
		cmocka_unit_test(what_lost_its_only_key_is_told),
		cmocka_unit_test(a_screen_that_cannot_be_left_is_refused),
		cmocka_unit_test(an_unknown_name_has_a_near_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
