/*
 * The language of what is signed: literal text, `\n` for a line feed, `{term|step|step}`, and `[[...]]` for a part that
 * disappears when a term in it is missing. `{{`, a lone `}` and the like are errors, not text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/error.h"
#include "common/signature/recipe.h"

/* Reads `text` into `terms` (RECIPE_TERMS_MAX of them); names live in `arena`. The error tells what is wrong in words. */
bool template_parse(
	struct arena *arena, const char *text, struct term *terms, size_t *count, struct error *err);
