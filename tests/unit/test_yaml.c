/* Every error of a file of ours says where it is and what was expected there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buffer.h"
#include "common/yaml.h"
#include "tests/unit/unit.h"

static struct yaml_document *parsed(const char *text) {
	struct error err = {0};
	struct yaml_document *document = yaml_parse("relay.yaml", span_text(text), &err);
	if (!document) {
		fail_msg("%s", err.text);
	}
	return document;
}

static void assert_refused(struct span text, const char *sentence) {
	struct error err = {0};
	struct yaml_document *document = yaml_parse("relay.yaml", text, &err);
	assert_null(document);
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_string_equal(err.text, sentence);
}

static void a_tree_knows_its_lines_and_columns(void **state) {
	(void)state;
	struct yaml_document *document =
		parsed("listen: 127.0.0.1:80\nstore:\n  path: \"x: y\"\n  keep: [1, two]\n");
	const struct yaml_node *root = yaml_root(document);
	assert_int_equal(root->kind, YAML_MAP);
	assert_string_equal(yaml_get(root, "listen")->text, "127.0.0.1:80");
	const struct yaml_node *store = yaml_get(root, "store");
	assert_int_equal(store->line, 3);
	assert_int_equal(store->column, 3);
	assert_true(yaml_get(store, "path")->quoted);
	const struct yaml_node *keep = yaml_get(store, "keep");
	assert_int_equal(keep->kind, YAML_LIST);
	assert_int_equal(keep->count, 2);
	assert_string_equal(keep->items[1]->text, "two");
	assert_int_equal(keep->items[1]->line, 4);
	assert_int_equal(keep->items[1]->column, 13);
	assert_null(yaml_get(store, "nothing"));
	assert_string_equal(yaml_file(document), "relay.yaml");
	yaml_close(document);
}

static void an_empty_document_has_no_root(void **state) {
	(void)state;
	struct yaml_document *document = parsed("# only a comment\n");
	assert_null(yaml_root(document));
	yaml_close(document);
	yaml_close(NULL);
}

static void what_we_do_not_support_is_named(void **state) {
	(void)state;
	assert_refused(span_text("a: &x 1\n"), "relay.yaml:1:4: anchors (&name) are not supported");
	assert_refused(span_text("a: *x\n"), "relay.yaml:1:4: aliases (*name) are not supported");
	assert_refused(span_text("a: !!int 1\n"), "relay.yaml:1:4: tags (!name) are not supported");
	assert_refused(span_text("<<: {a: 1}\n"), "relay.yaml:1:1: merge keys (<<) are not supported");
	assert_refused(span_text("a: 1\n---\nb: 2\n"),
		"relay.yaml:2:1: a second document begins here; one file holds one");
	assert_refused(span_text("[a]: 1\n"), "relay.yaml:1:1: a key must be a plain text");
	assert_refused(
		span_text("a: \"x\\0y\"\n"), "relay.yaml:1:4: a NUL byte is not allowed in a text");
}

static void a_repeated_key_is_refused_where_it_repeats(void **state) {
	(void)state;
	assert_refused(span_text("b: 1\na: 1\nb: 2\na: 2\n"),
		"relay.yaml:3:1: the key \"b\" stands here a second time");
}

static void broken_yaml_says_where(void **state) {
	(void)state;
	assert_refused(span_text("a: 1\n\tb: 2\n"),
		"relay.yaml:2:1: a tab cannot stand here: YAML is indented with blanks alone");
	assert_refused(span_text("a: \"\u00fc\" # \u20ac\nb:\n\tc: 2\n"),
		"relay.yaml:3:1: a tab cannot stand here: YAML is indented with blanks alone");
	assert_refused(span_text("a: @b\n"),
		"relay.yaml:1:4: found a character that cannot begin a value (quotes make it text)");
	assert_refused(span_text("a: [1, 2\n"), "relay.yaml:2:1: did not find expected ',' or ']'");
	assert_refused(span_text("b: 1\na: \xff\n"), "relay.yaml:2:4: invalid leading UTF-8 octet");
}

static void hostile_sizes_are_bounded(void **state) {
	(void)state;
	struct buffer text = {0};
	for (int i = 0; i < 20000; i++) {
		buffer_append_byte(&text, '[');
	}
	assert_refused(buffer_span(&text), "relay.yaml:1:17: nested too deep");
	buffer_reset(&text);
	buffer_append_byte(&text, '[');
	for (int i = 0; i < YAML_MAX_NODES; i++) {
		buffer_append_text(&text, "1,\n");
	}
	assert_refused(buffer_span(&text), "relay.yaml:65536:1: too many values in one file");
	buffer_reserve(&text, YAML_MAX_BYTES + 1);
	memset(text.data, 'x', YAML_MAX_BYTES + 1);
	text.len = YAML_MAX_BYTES + 1;
	assert_refused(buffer_span(&text), "relay.yaml:1:1: larger than 1024 KiB");
	buffer_clear(&text);
}

static void a_file_that_is_not_there_is_said_so(void **state) {
	(void)state;
	struct error err = {0};
	assert_null(yaml_load("/nonexistent/relay.yaml", &err));
	assert_string_equal(
		err.text, "/nonexistent/relay.yaml:1:1: cannot be read: No such file or directory");
	assert_null(yaml_load("/", &err));
	assert_string_equal(err.text, "/:1:1: cannot be read: Is a directory");
}

static void a_file_is_read_whole(void **state) {
	(void)state;
	char path[] = "/tmp/hookline-yaml-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a: b\n", 5), 5);
	close(fd);
	struct error err = {0};
	struct yaml_document *document = yaml_load(path, &err);
	unlink(path);
	assert_non_null(document);
	assert_string_equal(yaml_get(yaml_root(document), "a")->text, "b");
	yaml_close(document);
}

static void unknown_keys_are_refused(void **state) {
	(void)state;
	static const char *const names[] = {"listen", "store", "limits"};
	struct error err = {0};
	struct yaml_document *document = parsed("store: x\nlisten: y\n");
	assert_true(yaml_check_keys(document, yaml_root(document), names, 3, &err));
	yaml_close(document);

	document = parsed("store: x\n  \nzebra: y\n");
	assert_false(yaml_check_keys(document, yaml_root(document), names, 3, &err));
	assert_string_equal(
		err.text, "relay.yaml:3:1: unknown key \"zebra\" (known: listen, store, limits)");
	yaml_close(document);

	document = parsed("store: x\n\n\nlisen: y\n");
	assert_false(yaml_check_keys(document, yaml_root(document), names, 3, &err));
	assert_string_equal(
		err.text, "relay.yaml:4:1: unknown key \"lisen\", did you mean \"listen\"?");
	yaml_close(document);

	document = parsed("- a\n");
	assert_false(yaml_check_keys(document, yaml_root(document), names, 3, &err));
	assert_string_equal(err.text, "relay.yaml:1:1: expected keys and values, found a list");
	yaml_close(document);
}

/* Runs `reader` on the value of "k" in `text` and returns its error, or NULL when there was none. */
typedef bool value_reader(const struct yaml_document *document, const struct yaml_node *node,
	int64_t *value, struct error *err);

static const char *complaint(value_reader *reader, const char *text, int64_t *value) {
	static struct error err;
	struct yaml_document *document = parsed(text);
	bool ok = reader(document, yaml_get(yaml_root(document), "k"), value, &err);
	yaml_close(document);
	return ok ? NULL : err.text;
}

static bool a_port(const struct yaml_document *document, const struct yaml_node *node,
	int64_t *value, struct error *err) {
	return yaml_int(document, node, 1, 65535, value, err);
}

static bool a_size(const struct yaml_document *document, const struct yaml_node *node,
	int64_t *value, struct error *err) {
	return yaml_bytes(document, node, 1024, INT64_C(3) << 30, value, err);
}

static bool a_time(const struct yaml_document *document, const struct yaml_node *node,
	int64_t *value, struct error *err) {
	return yaml_duration_ms(document, node, 100, 86400000, value, err);
}

static bool a_switch(const struct yaml_document *document, const struct yaml_node *node,
	int64_t *value, struct error *err) {
	bool on = false;
	bool ok = yaml_bool(document, node, &on, err);
	*value = on;
	return ok;
}

static bool a_level(const struct yaml_document *document, const struct yaml_node *node,
	int64_t *value, struct error *err) {
	static const char *const levels[] = {"error", "warning", "info"};
	size_t index = 0;
	bool ok = yaml_choice(document, node, levels, 3, &index, err);
	*value = (int64_t)index;
	return ok;
}

static void numbers_are_whole_and_in_range(void **state) {
	(void)state;
	int64_t value = 0;
	assert_null(complaint(a_port, "k: 8080", &value));
	assert_int_equal(value, 8080);
	assert_string_equal(complaint(a_port, "k: 70000", &value),
		"relay.yaml:1:4: expected a number from 1 to 65535, found \"70000\"");
	assert_string_equal(complaint(a_port, "k: 80a", &value),
		"relay.yaml:1:4: expected a number from 1 to 65535, found \"80a\"");
	assert_string_equal(complaint(a_port, "k: \"80\"", &value),
		"relay.yaml:1:4: expected a number from 1 to 65535, found \"80\"");
	assert_string_equal(complaint(a_port, "k:", &value),
		"relay.yaml:1:3: expected a number from 1 to 65535, found nothing");
	assert_string_equal(complaint(a_port, "k: [1]", &value),
		"relay.yaml:1:4: expected a number from 1 to 65535, found a list");
	assert_non_null(complaint(a_port, "k: 99999999999999999999", &value));
	assert_non_null(complaint(a_port, "k: +1", &value));
}

static void sizes_carry_binary_units(void **state) {
	(void)state;
	int64_t value = 0;
	assert_null(complaint(a_size, "k: 10 MiB", &value));
	assert_int_equal(value, 10 * 1024 * 1024);
	assert_null(complaint(a_size, "k: 64KiB", &value));
	assert_int_equal(value, 65536);
	assert_null(complaint(a_size, "k: 2048", &value));
	assert_int_equal(value, 2048);
	assert_string_equal(complaint(a_size, "k: 10 MB", &value),
		"relay.yaml:1:4: expected a size such as 10 MiB (B, KiB, MiB, GiB), found \"10 MB\"");
	assert_string_equal(complaint(a_size, "k: 4 GiB", &value),
		"relay.yaml:1:4: expected a size from 1 KiB to 3 GiB, found \"4 GiB\"");
	assert_non_null(complaint(a_size, "k: 9999999999999999 GiB", &value));
}

static void times_need_a_unit(void **state) {
	(void)state;
	int64_t value = 0;
	assert_null(complaint(a_time, "k: 250ms", &value));
	assert_int_equal(value, 250);
	assert_null(complaint(a_time, "k: 2h", &value));
	assert_int_equal(value, 7200000);
	assert_string_equal(complaint(a_time, "k: 30", &value),
		"relay.yaml:1:4: expected a time with its unit such as 10s (ms, s, m, h, d), found \"30\"");
	assert_string_equal(complaint(a_time, "k: 30d", &value),
		"relay.yaml:1:4: expected a time from 100 ms to 1 d, found \"30d\"");
}

static void switches_and_choices_are_words(void **state) {
	(void)state;
	int64_t value = 0;
	assert_null(complaint(a_switch, "k: on", &value));
	assert_int_equal(value, 1);
	assert_null(complaint(a_switch, "k: false", &value));
	assert_int_equal(value, 0);
	assert_string_equal(complaint(a_switch, "k: maybe", &value),
		"relay.yaml:1:4: expected true or false, found \"maybe\"");
	assert_null(complaint(a_level, "k: info", &value));
	assert_int_equal(value, 2);
	assert_string_equal(complaint(a_level, "k: zebra", &value),
		"relay.yaml:1:4: unknown value \"zebra\" (known: error, warning, info)");
	assert_string_equal(complaint(a_level, "k: warnin", &value),
		"relay.yaml:1:4: unknown value \"warnin\", did you mean \"warning\"?");
	assert_string_equal(complaint(a_level, "k: {}", &value),
		"relay.yaml:1:4: expected one of error, warning, info, found keys and values");
}

static void a_text_is_not_nothing(void **state) {
	(void)state;
	struct error err = {0};
	const char *text = NULL;
	struct yaml_document *document = parsed("a: x\nb:\nc: \"\"\n");
	const struct yaml_node *root = yaml_root(document);
	assert_true(yaml_text(document, yaml_get(root, "a"), &text, &err));
	assert_string_equal(text, "x");
	assert_true(yaml_text(document, yaml_get(root, "c"), &text, &err));
	assert_string_equal(text, "");
	assert_false(yaml_text(document, yaml_get(root, "b"), &text, &err));
	assert_string_equal(err.text, "relay.yaml:2:3: expected a text, found nothing");
	yaml_close(document);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_knows_its_lines_and_columns),
		cmocka_unit_test(an_empty_document_has_no_root),
		cmocka_unit_test(what_we_do_not_support_is_named),
		cmocka_unit_test(a_repeated_key_is_refused_where_it_repeats),
		cmocka_unit_test(broken_yaml_says_where),
		cmocka_unit_test(hostile_sizes_are_bounded),
		cmocka_unit_test(a_file_that_is_not_there_is_said_so),
		cmocka_unit_test(a_file_is_read_whole),
		cmocka_unit_test(unknown_keys_are_refused),
		cmocka_unit_test(numbers_are_whole_and_in_range),
		cmocka_unit_test(sizes_carry_binary_units),
		cmocka_unit_test(times_need_a_unit),
		cmocka_unit_test(switches_and_choices_are_words),
		cmocka_unit_test(a_text_is_not_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
