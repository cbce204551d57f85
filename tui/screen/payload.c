#include "tui/screen/payload.h"

#include "tui/decode/coding.h"
#include "tui/screen/pane_parts.h"

bool payload_begin(struct payload *payload, struct span head, struct span body) {
	payload->coding = coding_new(pane_header_value(head, "Content-Encoding"), body);
	return payload->coding && coding_state(payload->coding) == CODING_GO_ON;
}

bool payload_decode(struct payload *payload, size_t budget) {
	return payload->coding && coding_step(payload->coding, budget) == CODING_GO_ON;
}

struct span payload_bytes(const struct payload *payload, struct span body) {
	if (payload->is_masked) {
		return buffer_span(&payload->masked);
	}
	if (!payload->coding || coding_state(payload->coding) == CODING_UNKNOWN) {
		return body;
	}
	if (coding_state(payload->coding) == CODING_GO_ON) {
		return (struct span){NULL, 0};
	}
	struct span decoded = coding_decoded(payload->coding);
	bool none = decoded.len == 0 && coding_state(payload->coding) == CODING_BROKEN;
	return none ? body : decoded;
}

void payload_drop(struct payload *payload) {
	outline_seek_free(payload->jump);
	outline_free(payload->outline);
	body_parts_free(payload->parts);
	coding_free(payload->coding);
	folds_clear(&payload->folds);
	buffer_clear(&payload->path);
	buffer_clear(&payload->masked);
	piped_clear(&payload->piped);
	*payload = (struct payload){0};
}
