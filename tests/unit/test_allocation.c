/* A request that is judged with an HMAC costs no memory from the heap, in OpenSSL neither. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1767225600000)
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

static size_t allocations;

/* The linker puts these in the place of the C library's, for what is linked statically (--wrap). */
void *__real_malloc(size_t len);
void *__real_calloc(size_t count, size_t len);
void *__real_realloc(void *old, size_t len);
void *__wrap_malloc(size_t len);
void *__wrap_calloc(size_t count, size_t len);
void *__wrap_realloc(void *old, size_t len);

void *__wrap_malloc(size_t len) {
	allocations++;
	return __real_malloc(len);
}

void *__wrap_calloc(size_t count, size_t len) {
	allocations++;
	return __real_calloc(count, len);
}

void *__wrap_realloc(void *old, size_t len) {
	allocations++;
	return __real_realloc(old, len);
}

static void *openssl_malloc(size_t len, const char *file, int line) {
	(void)file, (void)line;
	return __wrap_malloc(len);
}

static void *openssl_realloc(void *old, size_t len, const char *file, int line) {
	(void)file, (void)line;
	return __wrap_realloc(old, len);
}

static void openssl_free(void *memory, const char *file, int line) {
	(void)file, (void)line;
	free(memory);
}

/* The buffers of a keyring grow to what its requests need, so the first request is let pass. */
static void assert_costs_nothing(const char *provider, const char *body) {
	struct keyring *keyring = keyring_of(provider, "prod", SECRET);
	struct sign_options options = {.now_ms = NOW, .made_id = span_text("msg_1")};
	struct signed_request plain, request;
	struct buffer lines = {0};
	struct error err = {0};
	signed_request_make(&plain, "", body);
	assert_true(signature_sign(keyring, &plain.message, &options, &lines, &err));
	signed_request_make(&request, buffer_text(&lines), body);
	struct judgement first = signature_verify(keyring, &request.message, NOW);
	assert_string_equal(verdict_name(first.verdict), "valid");
	allocations = 0;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(signature_verify(keyring, &request.message, NOW).verdict, VERDICT_VALID);
	}
	assert_int_equal(allocations, 0);
	request.message.body.len--;
	assert_int_equal(signature_verify(keyring, &request.message, NOW).verdict, VERDICT_INVALID);
	assert_int_equal(allocations, 0);
	signed_request_clear(&plain);
	signed_request_clear(&request);
	buffer_clear(&lines);
	keyring_free(keyring);
}

static void judging_with_an_hmac_allocates_nothing(void **state) {
	static const char *const providers[] = {"stripe", "github", "slack", "shopify", "svix",
		"standard-webhooks", "dropspace", "bitbucket", "vercel", "paystack", "razorpay", "line"};
	(void)state;
	for (size_t i = 0; i < sizeof providers / sizeof *providers; i++) {
		assert_costs_nothing(providers[i], "{\"id\":\"evt_1\"}");
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {cmocka_unit_test(judging_with_an_hmac_allocates_nothing)};
	if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
		fputs("OpenSSL has allocated already\n", stderr);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
