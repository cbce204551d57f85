/* Signing once more: at another moment, with a secret that is not the right one, and how that would be judged. */
#include <string.h>

#include "common/signature/sign_anew.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

#define NOW_MS 1767225600000
#define DAY_MS 86400000

static const struct plain_secret live = {"live", {"whsec_bGl2ZS1zZWNyZXQtMQ==", 24}};

static enum verdict verdict_of(
	const char *provider, const char *header, int64_t at_ms, bool wrong, struct sign_anew *anew) {
	struct signed_request request;
	struct error err = {0};
	struct keyring *keyring = keyring_of(provider, live.label, live.value.data);
	struct sign_anew_order order = {.at_ms = at_ms,
		.now_ms = NOW_MS,
		.made_id = span_text("msg_1"),
		.instead_of = wrong ? &live : NULL};
	signed_request_make(&request, header, "{\"id\":1}");
	assert_true(sign_anew(keyring, &request.message, &order, anew, &err));
	enum verdict verdict = anew->judgement.verdict;
	signed_request_clear(&request);
	keyring_free(keyring);
	return verdict;
}

static void what_is_signed_is_judged(void **state) {
	(void)state;
	static const struct {
		const char *provider, *header, *id_header;
		enum verdict early, late;
	} cases[] = {
		{"stripe", "Stripe-Signature: t=1,v1=0\r\n", "", VERDICT_EXPIRED, VERDICT_VALID},
		{"github", "X-Hub-Signature-256: sha256=0\r\n", "", VERDICT_VALID, VERDICT_VALID},
		{"svix", "svix-id: msg_7\r\nsvix-timestamp: 1\r\nsvix-signature: v1,AA==\r\n", "svix-id",
			VERDICT_EXPIRED, VERDICT_EXPIRED},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *provider = cases[i].provider, *header = cases[i].header;
		struct sign_anew anew = {0};
		assert_int_equal(verdict_of(provider, header, NOW_MS, false, &anew), VERDICT_VALID);
		assert_string_equal(anew.id_header, cases[i].id_header);
		sign_anew_clear(&anew);
		assert_int_equal(
			verdict_of(provider, header, NOW_MS - DAY_MS, false, &anew), cases[i].early);
		sign_anew_clear(&anew);
		assert_int_equal(
			verdict_of(provider, header, NOW_MS + DAY_MS, false, &anew), cases[i].late);
		sign_anew_clear(&anew);
		assert_int_equal(verdict_of(provider, header, NOW_MS, true, &anew), VERDICT_INVALID);
		sign_anew_clear(&anew);
	}
}

static void another_secret_looks_the_same(void **state) {
	(void)state;
	static const char *const cases[] = {
		"whsec_bGl2ZS1zZWNyZXQtMQ==", "user:opensesame1", "abc", "0a1b2c3d4e5f"};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer out = {0};
		sign_anew_other_secret(&out, span_text(cases[i]));
		assert_int_equal(out.len, strlen(cases[i]));
		assert_string_not_equal(buffer_text(&out), cases[i]);
		size_t mark = strcspn(cases[i], "_:");
		if (mark < out.len) {
			assert_memory_equal(buffer_text(&out), cases[i], mark + 1);
		}
		buffer_clear(&out);
	}
}

static void lines_take_the_place_of_those_of_their_name(void **state) {
	(void)state;
	struct signed_request request;
	struct buffer out = {0};
	signed_request_make(&request, "A: 1\r\nSig: old\r\nB:  2\r\nsIG: older\r\n", "x");
	sign_anew_head(&out, &request.message, span_text("SIG: new\r\nTime: 7\r\n"));
	assert_non_null(strstr(buffer_text(&out), "A: 1\r\nSIG: new\r\nB:  2\r\n"));
	assert_null(strstr(buffer_text(&out), "old"));
	assert_non_null(strstr(buffer_text(&out), "\r\nTime: 7\r\n\r\n"));
	buffer_clear(&out);
	signed_request_clear(&request);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_signed_is_judged),
		cmocka_unit_test(another_secret_looks_the_same),
		cmocka_unit_test(lines_take_the_place_of_those_of_their_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
