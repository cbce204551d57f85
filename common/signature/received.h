/* The signatures and the signed text of one scheme as a message carries them, without a judgement. */
#pragma once

#include "common/signature/content.h"
#include "common/signature/signature_header.h"

/*
 * Spans point into the message or the keyring, until its next use. Of several values the first counts. False, with a sentence in
 * `reason` (VERDICT_REASON_LEN) or an empty one, when there is nothing to read: no signature, or a scheme without a content.
 */
bool received_read(struct keyring *keyring, const struct scheme *scheme,
	const struct message *message, struct signature_header *header, struct content *content,
	char *reason);
