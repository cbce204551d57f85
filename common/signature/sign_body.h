/* Writes a signature where it stands in the body: a member of JSON, a field of a form, or all of it. */
#pragma once

#include "common/buffer.h"
#include "common/error.h"
#include "common/message.h"
#include "common/signature/recipe.h"

/* Whether a signature at that place of a recipe can be written. */
bool sign_body_writes(const struct recipe *recipe);

/*
 * Appends the body with `value` as the signature: put in the place of the old one, else behind everything else. Every other byte stays
 * as it was. ERROR_USAGE when the body has no such place.
 */
bool sign_body_append(struct buffer *out, const struct message *message, enum place place,
	const char *name, struct span value, struct error *err);
