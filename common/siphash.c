/* As its authors describe it (Aumasson and Bernstein, 2012). */
#include "common/siphash.h"

struct state {
	uint64_t a, b, c, d;
};

static uint64_t turn(uint64_t word, int bits) {
	return word << bits | word >> (64 - bits);
}

static void mix(struct state *s, int rounds) {
	while (rounds-- > 0) {
		s->a += s->b;
		s->c += s->d;
		s->b = turn(s->b, 13) ^ s->a;
		s->d = turn(s->d, 16) ^ s->c;
		s->a = turn(s->a, 32);
		s->c += s->b;
		s->a += s->d;
		s->b = turn(s->b, 17) ^ s->c;
		s->d = turn(s->d, 21) ^ s->a;
		s->c = turn(s->c, 32);
	}
}

static void take(struct state *s, uint64_t word) {
	s->d ^= word;
	mix(s, 2);
	s->a ^= word;
}

/* Up to eight bytes, the first one lowest. */
static uint64_t word_at(struct span bytes) {
	uint64_t word = 0;
	for (size_t i = 0; i < bytes.len && i < 8; i++) {
		word |= (uint64_t)(uint8_t)bytes.data[i] << (8 * i);
	}
	return word;
}

uint64_t siphash(const uint64_t key[2], struct span bytes) {
	struct state s = {key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d,
		key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573};
	struct span rest = bytes;
	for (; rest.len >= 8; rest = span_after(rest, 8)) {
		take(&s, word_at(rest));
	}
	take(&s, word_at(rest) | (uint64_t)bytes.len << 56);
	s.c ^= 0xff;
	mix(&s, 4);
	return s.a ^ s.b ^ s.c ^ s.d;
}
