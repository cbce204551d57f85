/* Runs of bytes in JSON of which nothing is to be known but their length, eight at a time: payloads of many MiB are no rarity. Pure. */
#pragma once

#include <stddef.h>

#include "common/span.h"

/* How many blanks of JSON (space, tab, line ends) `text` begins with, and ends with. */
size_t json_run_blanks(struct span text);
size_t json_run_blanks_back(struct span text);

/* How many bytes at the front stand for themselves in a string: no quote, no backslash, no control. */
size_t json_run_plain(struct span text);
