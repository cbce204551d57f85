#include "common/json_run.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t eight_at(const char *data) {
	uint64_t eight;
	memcpy(&eight, data, sizeof eight);
	return eight;
}

/* The high bit of each byte that is `byte`, and no other bit. */
static uint64_t where(uint64_t eight, unsigned char byte) {
	uint64_t differs = eight ^ EACH(byte), low = EACH(0x7f);
	return ~(((differs & low) + low) | differs | low);
}

static bool are_blanks(uint64_t eight) {
	return (where(eight, ' ') | where(eight, '\n') | where(eight, '\r') | where(eight, '\t')) ==
	       EACH(0x80);
}

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

size_t json_run_blanks(struct span text) {
	size_t len = 0;
	if (text.len == 0 || !is_blank(text.data[0])) {
		return 0; /* most often */
	}
	while (text.len - len >= 8 && are_blanks(eight_at(text.data + len))) {
		len += 8;
	}
	while (len < text.len && is_blank(text.data[len])) {
		len++;
	}
	return len;
}

size_t json_run_blanks_back(struct span text) {
	size_t left = text.len;
	while (left >= 8 && are_blanks(eight_at(text.data + left - 8))) {
		left -= 8;
	}
	while (left > 0 && is_blank(text.data[left - 1])) {
		left--;
	}
	return text.len - left;
}

/* All eight of them: no quote, no backslash, none below a blank. */
static bool are_plain(uint64_t eight) {
	uint64_t high = EACH(0x80);
	uint64_t controls = ~(((eight & ~high) + EACH(0x60)) | eight) & high;
	return (where(eight, '"') | where(eight, '\\') | controls) == 0;
}

size_t json_run_plain(struct span text) {
	size_t len = 0;
	while (text.len - len >= 8 && are_plain(eight_at(text.data + len))) {
		len += 8;
	}
	while (len < text.len && text.data[len] != '"' && text.data[len] != '\\' &&
		   (unsigned char)text.data[len] >= 0x20) {
		len++;
	}
	return len;
}
