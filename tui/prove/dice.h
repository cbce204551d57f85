/*
 * Chance that can be repeated: what is rolled depends on the seed, on what it is for, and on the event alone, not on what was
 * rolled before. So a plan stays the same when events are added behind it, and on every machine. Pure.
 */
#pragma once

#include <stdint.h>

#include "common/span.h"

/* Any of 64 bits. */
uint64_t dice_bits(uint64_t seed, const char *purpose, struct span event);

/* From 0 to below 1. */
double dice_part(uint64_t seed, const char *purpose, struct span event);

/* From `least` to `most`, both included; `least` when there is no room between them. */
int64_t dice_between(
	uint64_t seed, const char *purpose, struct span event, int64_t least, int64_t most);
