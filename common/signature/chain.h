/*
 * Chains of certificates in the header of a token (`x5c`): the first one signs, each is issued by the next, and the last that counts by a
 * root the owner gave. Pure; the arithmetic is OpenSSL's.
 */
#pragma once

#include <stdint.h>

#include "common/signature/json_object.h"
#include "common/signature/public_key.h"
#include "common/signature/recipe_public.h"

#define CHAIN_MOST 4 /* certificates; more are refused */
#define CHAIN_REASON_LEN 200

/*
 * Whether the chain leads to one of the `roots` at that moment, and its certificates bear the marks of the recipe; `leaf` then holds the
 * key of the first. Else a sentence in `reason`. A root that stands in the chain is not looked at: what counts is the one that was given.
 */
bool chain_leads_to(const struct json_object *header, const struct recipe_chain *marks,
	const struct public_keys *roots, int64_t now_ms, struct public_keys *leaf, char *reason);
