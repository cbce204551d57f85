/* The vectors its authors published: key 00 .. 0f, input 00 01 02 ... */
#include "common/siphash.h"
#include "tests/unit/unit.h"

static const uint64_t key[2] = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

static void it_is_the_function_that_was_published(void **state) {
	(void)state;
	static const struct {
		size_t len;
		uint64_t hash;
	} cases[] = {{0, 0x726fdb47dd0e0e31}, {1, 0x74f839c593dc67fd}, {8, 0x93f5f5799a932462},
		{15, 0xa129ca6149be45e5}};
	char bytes[16];
	for (size_t i = 0; i < sizeof bytes; i++) {
		bytes[i] = (char)i;
	}
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(siphash(key, (struct span){bytes, cases[i].len}) == cases[i].hash);
	}
}

static void another_key_is_another_function(void **state) {
	(void)state;
	const uint64_t other[2] = {key[0], key[1] + 1};
	assert_true(siphash(key, span_text("evt_1")) != siphash(other, span_text("evt_1")));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_the_function_that_was_published),
		cmocka_unit_test(another_key_is_another_function),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
