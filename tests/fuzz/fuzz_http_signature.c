/*
 * Signature-Input taken apart: what comes out lies within the header, is spelled as it was, and reads as itself again. Behind a NUL
 * stands a Signature header, whose bytes are looked for by each label.
 */
#include <string.h>

#include "common/signature/http_signature.h"
#include "tests/fuzz/fuzz.h"

static void check_within(struct span whole, struct span part) {
	HOLDS(
		!part.data || (part.data >= whole.data && part.data + part.len <= whole.data + whole.len));
}

static void check_again(const struct http_signature *signature) {
	struct http_signature again[HTTP_SIGNATURES_MAX];
	char reason[HTTP_SIGNATURE_REASON_LEN] = "";
	struct span member = {signature->label.data,
		(size_t)(signature->input.data + signature->input.len - signature->label.data)};
	HOLDS(http_signature_parse(again, member, reason) == 1);
	HOLDS(span_equal(again[0].input, signature->input));
	HOLDS(again[0].component_count == signature->component_count);
}

static void check_base(const struct http_signature *signature) {
	struct message message = {.method = span_text("POST")};
	struct buffer base = {0};
	char reason[HTTP_SIGNATURE_REASON_LEN] = "";
	bool made =
		http_signature_base(signature, &message, span_text("https://a.test/b?c=d"), &base, reason);
	HOLDS(made || reason[0]);
	if (made) { /* a line a component and one for the parameters: nobody can add one */
		size_t lines = 1;
		for (size_t i = 0; i < base.len; i++) {
			lines += base.data[i] == '\n';
		}
		HOLDS(lines == signature->component_count + 1);
	}
	buffer_clear(&base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span header = {(const char *)data, len};
	struct span input = span_cut(&header, '\0');
	struct http_signature signatures[HTTP_SIGNATURES_MAX];
	char reason[HTTP_SIGNATURE_REASON_LEN] = "";
	size_t count = http_signature_parse(signatures, input, reason);
	HOLDS(count > 0 || reason[0]);
	for (size_t i = 0; i < count; i++) {
		struct buffer bytes = {0};
		check_within(input, signatures[i].input);
		check_within(input, signatures[i].key_id);
		check_again(&signatures[i]);
		check_base(&signatures[i]);
		HOLDS(http_signature_bytes(header, signatures[i].label, &bytes, reason) || reason[0]);
		buffer_clear(&bytes);
	}
	return 0;
}
