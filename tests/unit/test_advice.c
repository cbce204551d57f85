/* What to do follows from why the signature is not right, and each cause has its own. */
#include <string.h>

#include "common/signature/advice.h"
#include "tests/unit/unit.h"

static struct buffer text, command;

static struct advice_about about_of(enum verdict verdict, enum explain_cause cause) {
	return (struct advice_about){.verdict = verdict,
		.cause = cause,
		.endpoint = span_text("shop"),
		.seq = 42,
		.names_provider = true};
}

static void advise(const struct advice_about *about) {
	buffer_reset(&text);
	buffer_reset(&command);
	advice_append_command(&command, advice_append(&text, about), about);
}

static void says(enum explain_cause cause, const char *secret, const char *part, const char *line) {
	struct advice_about about = about_of(VERDICT_INVALID, cause);
	about.secret = span_text(secret);
	advise(&about);
	if (!strstr(buffer_text(&text), part)) {
		fail_msg("\"%s\" does not say \"%s\"", buffer_text(&text), part);
	}
	assert_string_equal(buffer_text(&command), line);
}

static void it_follows_from_the_cause(void **state) {
	(void)state;
	says(EXPLAIN_SECRET_BLANKS, "live", "without the blanks around it",
		"hookline endpoint set shop --secret-file live=FILE");
	says(EXPLAIN_SECRET_LINE_END, "live", "line end behind it",
		"hookline endpoint set shop --secret-file live=FILE");
	says(EXPLAIN_SECRET_QUOTES, "live", "quotes around it",
		"hookline endpoint set shop --secret-file live=FILE");
	says(EXPLAIN_BODY_JSON, "live", "parses the JSON and writes it anew",
		"hookline replay shop#42 --to URL");
	says(EXPLAIN_BODY_COMPRESSED, "live", "gzip", "hookline replay shop#42 --to URL");
	says(EXPLAIN_OLD, "live", "too late", "hookline replay shop#42 --to URL");
	says(EXPLAIN_FUTURE, "live", "clock", "hookline replay shop#42 --to URL");
	says(EXPLAIN_TIMESTAMP_UNIT, "live", "unit", "hookline replay shop#42 --to URL");
	says(EXPLAIN_HEADER_NAME, "live", "as the provider does", "hookline replay shop#42 --to URL");
	says(EXPLAIN_OTHER_PROVIDER, "", "another provider",
		"hookline endpoint set shop --provider NAME");
	says(EXPLAIN_URL, "live", "--param url=URL", "");
	says(EXPLAIN_TRUNCATED, "live", "length of headers", "");
}

static void another_secret_is_named_with_its_endpoint(void **state) {
	(void)state;
	says(EXPLAIN_OTHER_SECRET, "try/staging", "the secret staging of the endpoint try",
		"hookline endpoint set shop --secret-file staging=FILE");
	says(EXPLAIN_OTHER_SECRET, "staging", "the secret staging it is signed with",
		"hookline endpoint set shop --secret-file staging=FILE");
	says(EXPLAIN_OTHER_SECRET, "", "the secret it is signed with",
		"hookline endpoint set shop --secret-file FILE");
}

static void what_is_not_signed_names_the_header(void **state) {
	(void)state;
	struct advice_about about = about_of(VERDICT_UNSIGNED, EXPLAIN_UNSIGNED);
	about.headers = span_text("X-Hub-Signature-256\nX-Hub-Signature\n");
	advise(&about);
	assert_non_null(
		strstr(buffer_text(&text), "so that it signs (X-Hub-Signature-256, X-Hub-Signature)."));
	about.headers = (struct span){0};
	about.cause = EXPLAIN_NONE; /* before anybody has looked why */
	advise(&about);
	assert_non_null(strstr(buffer_text(&text), "set a secret for this webhook there. Where"));
	assert_string_equal(buffer_text(&command), "");
}

static void without_a_cause_it_follows_from_the_verdict(void **state) {
	(void)state;
	struct advice_about about = about_of(VERDICT_INVALID, EXPLAIN_NONE);
	about.secret = span_text("live");
	advise(&about);
	assert_non_null(strstr(buffer_text(&text), "Compare with the secret"));
	assert_string_equal(buffer_text(&command), "hookline endpoint set shop --secret-file new=FILE");
	about = about_of(VERDICT_UNVERIFIED, EXPLAIN_NONE);
	about.names_provider = false;
	advise(&about);
	assert_string_equal(
		buffer_text(&command), "hookline endpoint set shop --provider NAME --secret-file FILE");
	about = about_of(VERDICT_EXPIRED, EXPLAIN_NONE);
	advise(&about);
	assert_non_null(strstr(buffer_text(&text), "too late"));
	about = about_of(VERDICT_VALID, EXPLAIN_NONE);
	advise(&about);
	assert_string_equal(buffer_text(&text), "");
}

static void a_request_in_a_file_has_no_command(void **state) {
	(void)state;
	struct advice_about about = about_of(VERDICT_INVALID, EXPLAIN_SECRET_BLANKS);
	about.endpoint = (struct span){0};
	advise(&about);
	assert_non_null(strstr(buffer_text(&text), "without the blanks"));
	assert_string_equal(buffer_text(&command), "");
}

/* Whatever was found out, something can be said; and by its name it is the same. */
static void every_cause_has_its_advice(void **state) {
	(void)state;
	for (int cause = 0; cause < EXPLAIN_CAUSE_COUNT; cause++) {
		struct advice_about about = about_of(VERDICT_INVALID, (enum explain_cause)cause);
		advise(&about);
		assert_int_equal(text.len > 0, cause != EXPLAIN_VALID);
		assert_int_equal(
			explain_cause_of(span_text(explain_cause_name((enum explain_cause)cause))), cause);
	}
	assert_int_equal(explain_cause_of(span_text("no such cause")), EXPLAIN_NONE);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_follows_from_the_cause),
		cmocka_unit_test(another_secret_is_named_with_its_endpoint),
		cmocka_unit_test(what_is_not_signed_names_the_header),
		cmocka_unit_test(without_a_cause_it_follows_from_the_verdict),
		cmocka_unit_test(a_request_in_a_file_has_no_command),
		cmocka_unit_test(every_cause_has_its_advice),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	buffer_clear(&text);
	buffer_clear(&command);
	return failed;
}
