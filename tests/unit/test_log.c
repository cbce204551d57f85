/* One line a record, whatever is in it, and not too many of them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "relay/log.h"
#include "tests/unit/unit.h"

static int kept_stderr;
static FILE *caught;
static char text[65536];

static void catch_stderr(void) {
	fflush(stderr);
	kept_stderr = dup(STDERR_FILENO);
	caught = tmpfile();
	dup2(fileno(caught), STDERR_FILENO);
}

static const char *let_go(void) {
	dup2(kept_stderr, STDERR_FILENO);
	close(kept_stderr);
	rewind(caught);
	text[fread(text, 1, sizeof text - 1, caught)] = '\0';
	fclose(caught);
	return text;
}

static size_t count_lines(const char *lines) {
	size_t count = 0;
	for (; *lines; lines++) {
		count += *lines == '\n';
	}
	return count;
}

static void a_line_has_moment_level_message_and_keys(void **state) {
	(void)state;
	log_setup(LOG_INFO, false);
	catch_stderr();
	log_write(LOG_INFO, "event stored endpoint=%s seq=%lld", "stripe", 1042LL);
	const char *line = let_go();
	assert_non_null(strstr(line, "Z info event stored endpoint=stripe seq=1042\n"));
}

static void values_with_blanks_stand_in_quotes(void **state) {
	(void)state;
	log_setup(LOG_INFO, false);
	catch_stderr();
	log_write(LOG_WARNING, "refused why=%s next=%d", "not \"this\" way", 3);
	assert_non_null(strstr(let_go(), " warning refused why=\"not \\\"this\\\" way\" next=3\n"));
}

static void foreign_bytes_cannot_forge_a_line(void **state) {
	(void)state;
	log_setup(LOG_INFO, false);
	catch_stderr();
	log_write(LOG_INFO, "refused here line=%s", "GET /\r\n2026 error \x1b[31mfake");
	const char *line = let_go();
	assert_int_equal(count_lines(line), 1);
	assert_null(strchr(line, '\x1b'));
	assert_null(strchr(line, '\r'));
}

static void json_is_one_object_a_line(void **state) {
	(void)state;
	log_setup(LOG_INFO, true);
	catch_stderr();
	log_write(LOG_ERROR, "cannot write file=%s left=%d", "a \"b\"", 7);
	const char *line = let_go();
	assert_int_equal(strncmp(line, "{\"ts\":\"", 7), 0);
	assert_non_null(strstr(line,
		"\"level\":\"error\",\"msg\":\"cannot write\",\"file\":\"a \\\"b\\\"\",\"left\":\"7\"}\n"));
}

static void what_is_below_the_level_is_not_written(void **state) {
	(void)state;
	log_setup(LOG_WARNING, false);
	catch_stderr();
	log_write(LOG_INFO, "quiet");
	assert_string_equal(let_go(), "");
	assert_int_equal(log_most(), LOG_WARNING);
}

static void a_flood_is_held_back(void **state) {
	(void)state;
	log_setup(LOG_INFO, false);
	catch_stderr();
	for (int i = 0; i < 5000; i++) {
		log_write(LOG_INFO, "the same again number=%d", i);
	}
	assert_true(count_lines(let_go()) <= 50); /* ten a second, and the machine may be slow */
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_moment_level_message_and_keys),
		cmocka_unit_test(values_with_blanks_stand_in_quotes),
		cmocka_unit_test(foreign_bytes_cannot_forge_a_line),
		cmocka_unit_test(json_is_one_object_a_line),
		cmocka_unit_test(what_is_below_the_level_is_not_written),
		cmocka_unit_test(a_flood_is_held_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
