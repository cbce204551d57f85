/* Patterns with * for any run of bytes, matched in linear time. */
#pragma once

#include <stdbool.h>

#include "common/span.h"

struct glob;

/* With `any_case` the case of A to Z does not count. No other byte than * is special. */
struct glob *glob_new(struct span pattern, bool any_case);
void glob_free(struct glob *glob);

/* Whether the whole of `text` fits the pattern. */
bool glob_matches(const struct glob *glob, struct span text);
