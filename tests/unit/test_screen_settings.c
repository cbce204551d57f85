/* Keys and colours in hookline.yaml: what is wrong is told with its place. */
#include "tests/unit/unit.h"
#include "tui/screen/key.h"
#include "tui/screen_settings.h"

static bool read_text(struct screen_settings *settings, const char *text, struct error *err) {
	struct yaml_document *document = yaml_parse("h.yaml", span_text(text), err);
	assert_non_null(document);
	screen_settings_init(settings);
	bool ok = screen_settings_read(settings, document, yaml_root(document), err);
	yaml_close(document);
	return ok;
}

static void refused(const char *text, const char *why) {
	struct screen_settings settings;
	struct error err = {0};
	assert_false(read_text(&settings, text, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_string_equal(err.text, why);
}

static void keys_and_theme_are_read(void **state) {
	struct screen_settings settings;
	struct error err = {0};
	(void)state;
	if (!read_text(&settings,
			"theme: high-contrast\nkeys:\n  replay: [r, Ctrl-R]\n  form: none\n  copy: c\n",
			&err)) {
		fail_msg("%s", err.text);
	}
	assert_int_equal(settings.theme, THEME_HIGH_CONTRAST);
	struct keymap *keys = &settings.keymap;
	assert_int_equal(keymap_action(keys, 'r' | KEY_CTRL, PLACE_LIST), ACTION_REPLAY);
	assert_int_equal(keymap_action(keys, 'b', PLACE_LIST), ACTION_NONE);
	assert_int_equal(keymap_action(keys, 'c', PLACE_DETAIL), ACTION_COPY);
}

static void what_is_wrong_has_its_place(void **state) {
	(void)state;
	refused("theme: drak\n", "h.yaml:1:8: unknown value \"drak\", did you mean \"dark\"?");
	refused("keys:\n  replya: r\n",
		"h.yaml:2:3: nothing that has a key is called \"replya\", did you mean \"replay\"?");
	refused("keys:\n  replay: [r, Ctrl-M]\n",
		"h.yaml:2:15: \"Ctrl-M\" is no key: one character, such as r, or Ctrl-R, Up, PgDn, Enter, "
		"Space, Esc, Tab; not Ctrl-H, I, J or M, which are others");
	refused("keys:\n  replay: [a, s, d, f, g]\n", "h.yaml:2:11: expected at most 4 keys");
	refused("keys:\n  copy: '!'\n  replay: '!'\n",
		"h.yaml:3:11: ! is the key of \"copy\" already, at the same place");
	refused("keys:\n  copy: F\n", "h.yaml:2:9: this was the only key of \"forward\" (forward what "
								  "comes to the app, or stop): give it another one, or none");
	refused(
		"keys: r\n", "h.yaml:1:7: expected what is done and its keys, such as replay: [r, Ctrl-R]");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_theme_are_read),
		cmocka_unit_test(what_is_wrong_has_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
