/* UUIDv7 (RFC 9562 section 5.7): ids that sort by time and need nobody to be asked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"

#define UUID_TEXT_LEN 36

struct uuid {
	uint8_t bytes[16];
};

/* From a moment (milliseconds since 1970) and ten random bytes. */
struct uuid uuid_make(int64_t now_ms, const uint8_t random[10]);

/* The moment in it. */
int64_t uuid_time_ms(const struct uuid *uuid);

/* Writes the 36 characters and a NUL. */
void uuid_format(const struct uuid *uuid, char text[UUID_TEXT_LEN + 1]);

/* Any UUID in the usual form, upper or lower case. */
bool uuid_parse(struct uuid *uuid, struct span text);

bool uuid_equal(const struct uuid *a, const struct uuid *b);
