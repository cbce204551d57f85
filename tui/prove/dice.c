#include "tui/prove/dice.h"

#include "common/buffer.h"
#include "common/siphash.h"

uint64_t dice_bits(uint64_t seed, const char *purpose, struct span event) {
	struct buffer text = {0};
	const uint64_t key[2] = {seed, 0};
	buffer_append_text(&text, purpose);
	buffer_append_byte(&text, '\0');
	buffer_append_span(&text, event);
	uint64_t bits = siphash(key, buffer_span(&text));
	buffer_clear(&text);
	return bits;
}

double dice_part(uint64_t seed, const char *purpose, struct span event) {
	return (double)(dice_bits(seed, purpose, event) >> 11) / 9007199254740992.0;
}

int64_t dice_between(
	uint64_t seed, const char *purpose, struct span event, int64_t least, int64_t most) {
	if (most <= least) {
		return least;
	}
	double part = dice_part(seed, purpose, event);
	return least + (int64_t)(part * (double)(most - least + 1));
}
