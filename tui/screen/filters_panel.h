/* The rows of the list of filters: saved ones by their names, then those that were typed, the newest first. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct model;

size_t filters_panel_count(const struct model *model);
/* That row; `name` is NULL for one that was typed. False: beyond the last. */
bool filters_panel_row(const struct model *model, size_t row, const char **name, const char **text);
