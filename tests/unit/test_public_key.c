/* Public keys in the forms people have them, and what each of them verifies. */
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/keyset.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

/* The PEM of the public part, in a buffer of the caller's. */
static void pem_of(EVP_PKEY *pkey, struct buffer *out) {
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	PEM_write_bio_PUBKEY(bio, pkey);
	long len = BIO_get_mem_data(bio, &data);
	buffer_append(out, data, (size_t)len);
	BIO_free(bio);
}

static struct span signed_by(EVP_PKEY *pkey, const EVP_MD *digest, const char *text) {
	static unsigned char signature[1024];
	size_t len = sizeof signature;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	assert_int_equal(EVP_DigestSignInit(context, NULL, digest, NULL, pkey), 1);
	assert_int_equal(
		EVP_DigestSign(context, signature, &len, (const unsigned char *)text, strlen(text)), 1);
	EVP_MD_CTX_free(context);
	return (struct span){(const char *)signature, len};
}

static void assert_only_the_text_verifies(
	EVP_PKEY *pkey, enum signature_algorithm algorithm, const EVP_MD *digest) {
	struct public_keys keys = {0};
	struct buffer pem = {0};
	struct error err = {0};
	pem_of(pkey, &pem);
	assert_true(public_keys_read(&keys, buffer_span(&pem), FORM_PEM, &err));
	assert_int_equal(keys.count, 1);
	struct span signature =
		signed_by(pkey, algorithm == ALGORITHM_ED25519 ? NULL : digest, "hello world");
	struct span two[] = {span_text("hello "), span_text("world")};
	struct span other = span_text("hello World");
	assert_true(public_key_verify(keys.items, algorithm, digest, two, 2, signature));
	assert_false(public_key_verify(keys.items, algorithm, digest, &other, 1, signature));
	signature.len--;
	assert_false(public_key_verify(keys.items, algorithm, digest, two, 2, signature));
	public_keys_clear(&keys);
	buffer_clear(&pem);
	EVP_PKEY_free(pkey);
}

static void each_algorithm_verifies_its_own_text_alone(void **state) {
	(void)state;
	assert_only_the_text_verifies(
		EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), ALGORITHM_ED25519, EVP_sha256());
	assert_only_the_text_verifies(EVP_EC_gen("P-256"), ALGORITHM_ECDSA, EVP_sha256());
	assert_only_the_text_verifies(EVP_EC_gen("P-521"), ALGORITHM_ECDSA, EVP_sha512());
	assert_only_the_text_verifies(EVP_RSA_gen(2048), ALGORITHM_RSA, EVP_sha256());
}

static void a_key_of_another_kind_verifies_nothing(void **state) {
	(void)state;
	struct public_keys keys = {0};
	struct error err = {0};
	assert_true(public_keys_read(&keys,
		span_text("da79626c1223212d17abcf2b64f8c7cf2d911fe53712ae331500cbc6758fee2c"), FORM_RAW_HEX,
		&err));
	struct span text = span_text("x");
	assert_true(public_key_fits(keys.items, ALGORITHM_ED25519));
	assert_false(public_key_verify(keys.items, ALGORITHM_RSA, EVP_sha256(), &text, 1, text));
	assert_string_equal(public_key_curve(keys.items), "");
	public_keys_clear(&keys);
}

static void assert_refused(const char *text, enum key_form form, const char *sentence) {
	struct public_keys keys = {0};
	struct error err = {0};
	assert_false(public_keys_read(&keys, span_text(text), form, &err));
	assert_string_equal(err.text, sentence);
	public_keys_clear(&keys);
}

static void what_is_no_public_key_is_refused_with_a_sentence(void **state) {
	(void)state;
	assert_refused("abc", FORM_RAW_HEX, "expected the 32 bytes of an Ed25519 key in hexadecimal");
	assert_refused("!", FORM_PEM, "expected a public key in PEM");
	assert_refused("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", FORM_PEM,
		"this is a private key: only the public one belongs here");
	assert_refused("{\"kty\":\"oct\",\"k\":\"AAAA\"}", FORM_JWK,
		"the JSON web key holds a secret: only public keys are taken");
	assert_refused(
		"{\"kty\":\"EC\",\"kty\":\"RSA\"}", FORM_JWK, "the JSON text has a member twice");
	assert_refused("{\"keys\":[]}", FORM_JWK, "the set holds no key that is known here");
}

static void a_weak_rsa_key_is_refused(void **state) {
	(void)state;
	EVP_PKEY *weak = EVP_RSA_gen(512);
	struct buffer pem = {0};
	pem_of(weak, &pem);
	assert_refused(buffer_text(&pem), FORM_PEM, "an RSA key of 512 bits: 1024 to 8192 are taken");
	buffer_clear(&pem);
	EVP_PKEY_free(weak);
}

static void pem_on_one_line_is_read(void **state) {
	(void)state;
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	struct buffer pem = {0}, line = {0};
	struct public_keys keys = {0};
	struct error err = {0};
	pem_of(pkey, &pem);
	for (size_t i = 0; i < pem.len; i++) {
		if (pem.data[i] != '\n') {
			buffer_append_byte(&line, pem.data[i]);
		}
	}
	assert_true(public_keys_read(&keys, buffer_span(&line), FORM_PEM, &err));
	assert_string_equal(public_key_curve(keys.items), "P-256");
	public_keys_clear(&keys);
	buffer_clear(&pem);
	buffer_clear(&line);
	EVP_PKEY_free(pkey);
}

static void a_set_leaves_out_kinds_it_does_not_know(void **state) {
	(void)state;
	static const char set[] = "{\"keys\":[{\"kty\":\"new\",\"kid\":\"a\"},{\"kty\":\"OKP\",\"crv\":"
							  "\"Ed25519\",\"kid\":\"b\","
							  "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}";
	struct public_keys keys = {0};
	struct error err = {0};
	assert_true(public_keys_read(&keys, span_text(set), FORM_JWK, &err));
	assert_int_equal(keys.count, 1);
	assert_string_equal(keys.items[0].id, "b");
	public_keys_clear(&keys);
}

static void what_is_fetched_again_takes_the_place_of_what_was(void **state) {
	(void)state;
	struct keyset *keyset = keyset_new();
	struct error err = {0};
	struct span url = span_text("https://a.test/1");
	struct span key = span_text("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
	assert_null(keyset_find(keyset, url));
	assert_true(keyset_put(keyset, url, key, FORM_RAW_BASE64, &err));
	assert_false(keyset_put(keyset, url, span_text("<html>"), FORM_RAW_BASE64, &err));
	assert_int_equal(keyset_find(keyset, url)->count, 1);
	for (int i = 0; i <= KEYSET_DOCUMENTS_MAX; i++) {
		char other[64];
		snprintf(other, sizeof other, "https://b.test/%d", i);
		assert_true(keyset_put(keyset, span_text(other), key, FORM_RAW_BASE64, &err));
	}
	assert_null(keyset_find(keyset, url));
	keyset_free(keyset);
}

static struct judgement judged(struct keyring *keyring, const char *lines, const char *body) {
	struct signed_request request;
	signed_request_make(&request, lines, body);
	struct judgement judgement = signature_verify(keyring, &request.message, 0);
	signed_request_clear(&request);
	return judgement;
}

static void a_key_that_was_not_fetched_is_named(void **state) {
	(void)state;
	static const char body[] = "{\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"a\","
							   "\"Message\":\"m\",\"Timestamp\":\"t\","
							   "\"SignatureVersion\":\"1\",\"Signature\":\"AAAA\","
							   "\"SigningCertURL\":\"https://sns.eu-west-1.amazonaws.com/x.pem\"}";
	struct keyring *keyring = keyring_of("aws-sns", NULL, NULL);
	struct judgement judgement = judged(keyring, "", body);
	enum key_form form;
	assert_int_equal(judgement.verdict, VERDICT_UNVERIFIED);
	assert_string_equal(judgement.reason,
		"the key at https://sns.eu-west-1.amazonaws.com/x.pem has not been fetched");
	assert_true(
		span_is(keyring_missing_key(keyring, &form), "https://sns.eu-west-1.amazonaws.com/x.pem"));
	assert_int_equal(form, FORM_X509);
	keyring_free(keyring);
}

static void the_event_never_chooses_the_host(void **state) {
	(void)state;
	static const char *const urls[] = {"http://sns.eu-west-1.amazonaws.com/x.pem",
		"https://sns.eu-west-1.amazonaws.com.evil.test/x.pem", "https://evil.test/x.pem",
		"https://sns.a@evil.test/x.pem", "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
		"https://sns.eu-west-1.amazonaws.com/x.pem?y", "https://sns..amazonaws.com/x.pem",
		"https://sns.a.b.amazonaws.com/x.pem", "https://sns.eu-west-1.amazonaws.com/../x.pem"};
	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		char body[512];
		enum key_form form;
		snprintf(body, sizeof body,
			"{\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"a\",\"Message\":\"m\","
			"\"Timestamp\":\"t\",\"SignatureVersion\":\"2\",\"Signature\":\"AAAA\","
			"\"SigningCertURL\":\"%s\"}",
			urls[i]);
		struct keyring *keyring = keyring_of("aws-sns", NULL, NULL);
		struct judgement judgement = judged(keyring, "", body);
		assert_int_equal(judgement.verdict, VERDICT_INVALID);
		assert_string_equal(
			judgement.reason, "SigningCertURL names an address where Amazon SNS keeps no keys");
		assert_int_equal(keyring_missing_key(keyring, &form).len, 0);
		keyring_free(keyring);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_algorithm_verifies_its_own_text_alone),
		cmocka_unit_test(a_key_of_another_kind_verifies_nothing),
		cmocka_unit_test(what_is_no_public_key_is_refused_with_a_sentence),
		cmocka_unit_test(a_weak_rsa_key_is_refused),
		cmocka_unit_test(pem_on_one_line_is_read),
		cmocka_unit_test(a_set_leaves_out_kinds_it_does_not_know),
		cmocka_unit_test(what_is_fetched_again_takes_the_place_of_what_was),
		cmocka_unit_test(a_key_that_was_not_fetched_is_named),
		cmocka_unit_test(the_event_never_chooses_the_host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
