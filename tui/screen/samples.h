/* The rows of the menu of samples: providers, and of one its types. Pure. */
#pragma once

#include <stddef.h>

#include "common/sample.h"

/* Rows there are; `provider` NULL: one a provider. */
size_t samples_row_count(const char *provider);
/* That row: the first sample of a provider, or one of its samples. NULL beyond the last. */
const struct sample *samples_row(const char *provider, size_t row);
