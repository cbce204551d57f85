#include "common/signature/signed_text.h"

#include "common/signature/keyring.h"
#include "common/signature/received.h"
#include "common/signature/signature.h"

static size_t append_content(struct buffer *out, const struct content *content, size_t most) {
	size_t total = 0;
	for (size_t i = 0; i < content->count; i++) {
		bool secret = content->secrets & (UINT32_C(1) << i);
		struct span piece = secret ? span_text("{secret}") : content->pieces[i];
		size_t room = total < most ? most - total : 0;
		buffer_append(out, piece.data, piece.len < room ? piece.len : room);
		total += piece.len;
	}
	return total;
}

bool signed_text_append(struct buffer *out, struct keyring *keyring, const struct message *message,
	size_t most, size_t *total, size_t *scheme) {
	bool found = false;
	for (size_t i = 0; i < keyring->scheme_count && !found; i++) {
		char reason[VERDICT_REASON_LEN];
		struct signature_header header;
		struct content content = {0};
		found = received_read(keyring, &keyring->schemes[i], message, &header, &content, reason);
		if (found) {
			*total = append_content(out, &content, most);
			*scheme = i;
		}
	}
	return found;
}
