#include "common/uuid.h"

#include <string.h>

struct uuid uuid_make(int64_t now_ms, const uint8_t random[10]) {
	struct uuid uuid;
	for (int i = 0; i < 6; i++) {
		uuid.bytes[i] = (uint8_t)((uint64_t)now_ms >> (40 - 8 * i));
	}
	memcpy(uuid.bytes + 6, random, 10);
	uuid.bytes[6] = (uint8_t)(0x70 | (uuid.bytes[6] & 0x0f)); /* version 7 */
	uuid.bytes[8] = (uint8_t)(0x80 | (uuid.bytes[8] & 0x3f)); /* variant 10 */
	return uuid;
}

int64_t uuid_time_ms(const struct uuid *uuid) {
	uint64_t ms = 0;
	for (int i = 0; i < 6; i++) {
		ms = ms << 8 | uuid->bytes[i];
	}
	return (int64_t)ms;
}

static bool dash_before(int byte) {
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void uuid_format(const struct uuid *uuid, char text[UUID_TEXT_LEN + 1]) {
	static const char digits[] = "0123456789abcdef";
	char *at = text;
	for (int i = 0; i < 16; i++) {
		if (dash_before(i)) {
			*at++ = '-';
		}
		*at++ = digits[uuid->bytes[i] >> 4];
		*at++ = digits[uuid->bytes[i] & 15];
	}
	*at = '\0';
}

static int hex_digit(char c) {
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool uuid_parse(struct uuid *uuid, struct span text) {
	if (text.len != UUID_TEXT_LEN) {
		return false;
	}
	const char *at = text.data;
	struct uuid parsed;
	for (int i = 0; i < 16; i++) {
		if (dash_before(i) && *at++ != '-') {
			return false;
		}
		int high = hex_digit(at[0]), low = hex_digit(at[1]);
		if (high < 0 || low < 0) {
			return false;
		}
		parsed.bytes[i] = (uint8_t)(high << 4 | low);
		at += 2;
	}
	*uuid = parsed;
	return true;
}

bool uuid_equal(const struct uuid *a, const struct uuid *b) {
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}
