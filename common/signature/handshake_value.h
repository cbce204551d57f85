/* The values of a request that handshakes look at; used by handshake.c and handshake_answer.c. */
#pragma once

#include "common/signature/handshake.h"

/*
 * Appends the value at VALUE_HEADER, VALUE_QUERY, VALUE_JSON (anything but a text as it is written) or VALUE_FORM; the first of
 * several. False when it is not there.
 */
bool handshake_value(enum handshake_place place, const char *name, const struct message *message,
	struct buffer *out);
