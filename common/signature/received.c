#include "common/signature/received.h"

#include "common/signature/lookup.h"

bool received_read(struct keyring *keyring, const struct scheme *scheme,
	const struct message *message, struct signature_header *header, struct content *content,
	char *reason) {
	const struct recipe *recipe = scheme->recipe;
	struct recipe_content template = content_of(recipe, 0);
	struct term_source source = {.keyring = keyring, .scheme = scheme, .message = message};
	reason[0] = '\0';
	buffer_reset(&keyring->carrier);
	buffer_reset(&keyring->moment);
	source.carrier = lookup_value(message, recipe->place, scheme->header, &keyring->carrier);
	if (!recipe_makes_mac(recipe) || !source.carrier.data ||
		!signature_header_parse(header, scheme, source.carrier, reason)) {
		return false;
	}
	source.timestamp =
		recipe->timestamp.place == PLACE_SIGNATURE
			? header->timestamp
			: lookup_value(message, recipe->timestamp.place, scheme->timestamp, &keyring->moment);
	source.id = recipe->id_place == PLACE_HEADER ? message_header_value(message, scheme->id_header)
	                                             : header->id;
	return content_collect(&source, &template, content, reason);
}
