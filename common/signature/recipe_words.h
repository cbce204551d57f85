/* A scheme in words, for those who want to know what is signed. */
#pragma once

#include "common/buffer.h"
#include "common/signature/recipe.h"

/*
 * Appends "hmac sha256 of {timestamp}.{body}, hex in Stripe-Signature, tolerance 300 s", without the scheme's label. Texts of
 * a provider's file stand in it as they are: to be escaped like anything foreign.
 */
void recipe_words_append(struct buffer *out, const struct recipe *recipe);

/* Appends what is signed, as the provider's file writes it: "{timestamp}.{body}". */
void recipe_words_append_content(struct buffer *out, const struct recipe *recipe);
