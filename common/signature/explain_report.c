/* An explanation as it is told: the region that differs, and JSON. */
#include "common/json.h"
#include "common/signature/explain.h"

static struct span cut(const struct buffer *text, size_t from, size_t len, size_t most) {
	size_t left = from < text->len ? text->len - from : 0;
	len = len < left ? len : left;
	return (struct span){len > 0 ? text->data + from : "", len < most ? len : most};
}

bool explanation_region(const struct explanation *explanation, struct explain_region *region) {
	const struct buffer *received = &explanation->received_text;
	size_t at = explanation->differ_at;
	if (received->len == 0 && explanation->signed_text.len == 0) {
		return false;
	}
	size_t back = at < EXPLAIN_AROUND ? at : EXPLAIN_AROUND;
	*region = (struct explain_region){.at = at,
		.before = cut(received, at - back, back, EXPLAIN_AROUND),
		.received = cut(received, at, explanation->received_len, EXPLAIN_SHOWN),
		.signed_for = cut(&explanation->signed_text, at, explanation->signed_len, EXPLAIN_SHOWN),
		.after = cut(received, at + explanation->received_len, EXPLAIN_AROUND, EXPLAIN_AROUND)};
	return true;
}

static void append_region(struct buffer *out, const struct explanation *explanation) {
	struct explain_region region;
	json_member_name(out, "text");
	if (!explanation_region(explanation, &region)) {
		buffer_append_text(out, "null");
		return;
	}
	buffer_append_byte(out, '{');
	json_member_int(out, "at", (int64_t)region.at);
	json_member_int(out, "received_len", (int64_t)explanation->received_len);
	json_member_int(out, "signed_len", (int64_t)explanation->signed_len);
	json_member_bytes(out, "before", region.before);
	json_member_bytes(out, "received", region.received);
	json_member_bytes(out, "signed", region.signed_for);
	json_member_bytes(out, "after", region.after);
	buffer_append_byte(out, '}');
}

void explanation_append_json(
	struct buffer *out, const struct explanation *explanation, bool secrets) {
	buffer_append_byte(out, '{');
	json_member_text(out, "cause", span_text(explain_cause_name(explanation->cause)));
	json_member_text(out, "sentence", span_text(explanation->sentence));
	json_member_text(out, "secret", span_text(explanation->secret));
	json_member_int(out, "macs", (int64_t)explanation->macs);
	append_region(out, explanation);
	if (secrets) {
		json_member_bytes(out, "received_mac", buffer_span(&explanation->received_mac));
		json_member_bytes(out, "expected_mac", buffer_span(&explanation->expected_mac));
	}
	buffer_append_byte(out, '}');
}
