#include "common/signature/when.h"

#include "common/signature/content.h"
#include "common/signature/lookup.h"

/* Whether the value is what the template makes of the request. */
static bool equals_template(struct keyring *keyring, const struct scheme *scheme,
	const struct message *message, struct span value) {
	struct term_source source = {.keyring = keyring, .scheme = scheme, .message = message};
	struct content content;
	char reason[VERDICT_REASON_LEN];
	bool same = content_collect(&source, &scheme->recipe->when.equals, &content, reason);
	for (size_t i = 0; same && i < content.count; i++) {
		same = span_starts_with(value, content.pieces[i]);
		value = span_after(value, content.pieces[i].len);
	}
	return same && value.len == 0;
}

enum when_answer when_asks(
	struct keyring *keyring, const struct scheme *scheme, const struct message *message) {
	const struct recipe_when *when = &scheme->recipe->when;
	if (when->place == PLACE_NONE) {
		return WHEN_APPLIES;
	}
	buffer_reset(&keyring->carrier);
	struct span value = lookup_value(message, when->place, when->name, &keyring->carrier);
	if (when->equals.term_count == 0) {
		return value.data ? WHEN_OTHER : WHEN_APPLIES;
	}
	if (!value.data) {
		return WHEN_OTHER;
	}
	return equals_template(keyring, scheme, message, value) ? WHEN_APPLIES : WHEN_DIFFERS;
}
