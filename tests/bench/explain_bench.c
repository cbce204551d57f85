/*
 * The dearest thing the doctor can be asked: a forged signature over a body of JSON, with several secrets, where it has to try
 * everything. Prints the median in microseconds, the slowest, and how many MACs were computed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/signature/explain.h"
#include "tests/bench/clock.h"

#define ROUNDS 15

static int by_size(const void *a, const void *b) {
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

static void make_request(struct buffer *bytes, size_t body_len, struct message *message) {
	buffer_append_text(bytes, "POST / HTTP/1.1\r\nHost: a\r\nStripe-Signature: t=1767225600,v1=");
	for (size_t i = 0; i < 64; i++) {
		buffer_append_byte(bytes, "0123456789abcdef"[i * 7 % 16]);
	}
	buffer_append_text(bytes, "\r\n\r\n");
	size_t head = bytes->len;
	buffer_append_byte(bytes, '[');
	while (bytes->len - head < body_len) {
		buffer_append_text(bytes, "{\"id\": \"evt_1\", \"amount\": 4200, \"caf\xc3\xa9\": null}, ");
	}
	buffer_append_text(bytes, "0]\n");
	struct span all = buffer_span(bytes);
	struct error err = {0};
	if (!message_parse(message, (struct span){all.data, head}, span_after(all, head), &err)) {
		fprintf(stderr, "explain_bench: %s\n", err.text);
		exit(1);
	}
}

int main(int argc, char **argv) {
	size_t body_len = argc > 1 ? strtoul(argv[1], NULL, 10) : 65536;
	struct catalogue *catalogue = catalogue_new();
	struct error err = {0};
	struct explain_secret secrets[] = {
		{"prod", span_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")}, {"old", span_text("key")}};
	struct explain_secret others[] = {
		{"shop/a", span_text("a")}, {"shop/b", span_text("b")}, {"shop/c", span_text("c")}};
	struct buffer bytes = {0};
	struct message message = {0};
	make_request(&bytes, body_len, &message);
	struct explain_input input = {.catalogue = catalogue,
		.provider = catalogue_find(catalogue, "stripe", &err),
		.secrets = secrets,
		.secret_count = 2,
		.others = others,
		.other_count = 3,
		.message = &message,
		.now_ms = INT64_C(1767225600000)};
	int64_t took[ROUNDS];
	size_t macs = 0;
	for (size_t i = 0; i < ROUNDS; i++) {
		struct explanation explanation = {0};
		int64_t begun = now_ns();
		explain(&input, &explanation);
		took[i] = now_ns() - begun;
		macs = explanation.macs;
		explanation_clear(&explanation);
	}
	qsort(took, ROUNDS, sizeof *took, by_size);
	printf("%" PRId64 " %" PRId64 " %zu\n", took[ROUNDS / 2] / 1000, took[ROUNDS - 1] / 1000, macs);
	message_clear(&message);
	buffer_clear(&bytes);
	catalogue_free(catalogue);
	return 0;
}
