/*
 * What judging costs beside the HMAC it cannot do without: a 1 KiB event of Stripe is judged, and the same bytes are put through
 * HMAC-SHA256 with a key that is ready, one after the other in short turns. Prints the median of both in nanoseconds.
 */
#include <inttypes.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/signature/signature.h"
#include "tests/bench/clock.h"

#define TURNS 501
#define CALLS 200 /* in one turn */

static const char secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
static const char moment[] = "1767225600";

static int by_size(const void *a, const void *b) {
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

static void fail(const char *what) {
	fprintf(stderr, "verify_bench: %s\n", what);
	exit(1);
}

static EVP_MAC_CTX *ready_mac(void) {
	OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
		OSSL_PARAM_construct_end()};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *mac = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
	EVP_MAC_free(hmac);
	if (!mac || EVP_MAC_init(mac, (const unsigned char *)secret, sizeof secret - 1, params) != 1) {
		fail("no HMAC");
	}
	return mac;
}

static void make_mac(EVP_MAC_CTX *mac, struct span text, unsigned char out[EVP_MAX_MD_SIZE]) {
	size_t len = 0;
	if (EVP_MAC_init(mac, NULL, 0, NULL) != 1 ||
		EVP_MAC_update(mac, (const unsigned char *)text.data, text.len) != 1 ||
		EVP_MAC_final(mac, out, &len, EVP_MAX_MD_SIZE) != 1) {
		fail("no MAC");
	}
}

/* "1767225600." and a body of that length. */
static void make_text(struct buffer *text, size_t body_len) {
	buffer_printf(text, "%s.{\"id\":\"evt_1\",\"pad\":\"", moment);
	while (text->len < sizeof moment + body_len - 2) {
		buffer_append_byte(text, 'x');
	}
	buffer_append_text(text, "\"}");
}

/* With the headers Stripe sends. */
static void make_request(
	EVP_MAC_CTX *mac, struct span text, struct buffer *bytes, struct message *message) {
	unsigned char made[EVP_MAX_MD_SIZE];
	struct error err = {0};
	make_mac(mac, text, made);
	buffer_printf(bytes,
		"POST /hooks HTTP/1.1\r\nHost: hooks.example.com\r\n"
		"User-Agent: Stripe/1.0\r\nAccept: */*\r\n"
		"Content-Type: application/json; charset=utf-8\r\n"
		"Content-Length: %zu\r\nCache-Control: no-cache\r\n"
		"Stripe-Signature: t=%s,v1=",
		text.len - sizeof moment, moment);
	for (size_t i = 0; i < 32; i++) {
		buffer_printf(bytes, "%02x", made[i]);
	}
	buffer_append_text(bytes, "\r\n\r\n");
	if (!message_parse(message, buffer_span(bytes), span_after(text, sizeof moment), &err)) {
		fail(err.text);
	}
}

static struct keyring *make_keyring(const struct catalogue *catalogue) {
	struct error err = {0};
	const struct provider *stripe = catalogue_find(catalogue, "stripe", &err);
	struct keyring *keyring = stripe ? keyring_new(stripe, NULL, 0, &err) : NULL;
	if (!keyring || !keyring_add(keyring, "prod", span_text(secret), &err)) {
		fail(err.text);
	}
	return keyring;
}

static int64_t time_macs(EVP_MAC_CTX *mac, struct span text) {
	unsigned char made[EVP_MAX_MD_SIZE];
	int64_t begun = now_ns();
	for (size_t i = 0; i < CALLS; i++) {
		make_mac(mac, text, made);
	}
	return (now_ns() - begun) / CALLS;
}

static int64_t time_verdicts(struct keyring *keyring, const struct message *message) {
	int64_t begun = now_ns();
	for (size_t i = 0; i < CALLS; i++) {
		if (signature_verify(keyring, message, INT64_C(1767225601000)).verdict != VERDICT_VALID) {
			fail("the request is not valid");
		}
	}
	return (now_ns() - begun) / CALLS;
}

int main(int argc, char **argv) {
	struct catalogue *catalogue = catalogue_new();
	struct keyring *keyring = make_keyring(catalogue);
	struct buffer text = {0}, bytes = {0};
	struct message message = {0};
	EVP_MAC_CTX *mac = ready_mac();
	static int64_t macs[TURNS], verdicts[TURNS];
	make_text(&text, argc > 1 ? strtoul(argv[1], NULL, 10) : 1024);
	make_request(mac, buffer_span(&text), &bytes, &message);
	for (size_t i = 0; i < TURNS; i++) {
		macs[i] = time_macs(mac, buffer_span(&text));
		verdicts[i] = time_verdicts(keyring, &message);
	}
	qsort(macs, TURNS, sizeof *macs, by_size);
	qsort(verdicts, TURNS, sizeof *verdicts, by_size);
	printf("%" PRId64 " %" PRId64 "\n", macs[TURNS / 2], verdicts[TURNS / 2]);
	EVP_MAC_CTX_free(mac);
	message_clear(&message);
	buffer_clear(&text);
	buffer_clear(&bytes);
	keyring_free(keyring);
	catalogue_free(catalogue);
	return 0;
}
