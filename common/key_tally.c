#include "common/key_tally.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/business_key.h"
#include "common/moment.h"
#include "common/siphash.h"

#define MINUTE_NS (60 * MOMENT_NS_PER_S)
/* Minutes of the longest span: a slot each. */
#define SLOTS ((size_t)168 * 60)
/* When there is no room for another key, so many of them are let go. */
#define LET_GO (KEY_TALLY_KEYS_MAX / 4)
/* Counts above this are not told apart when the rarest are looked for. */
#define RARE_MAX 1024
#define GONE UINT32_MAX

/* What a note says of its key; with the key's number it is one word. */
enum what { WHAT_EVENT, WHAT_FAILED, WHAT_MENDED, WHAT_REJECTED };
#define WHAT_BITS 2

struct numbers {
	int32_t events, failed, rejected;
};

struct key {
	uint64_t hash;
	size_t text; /* where "name NUL value NUL" begins in `texts` */
	struct numbers of[COUNTS_SPANS];
};

struct slot {
	int64_t minute; /* since 1970 */
	uint32_t *notes;
	size_t count, capacity;
};

struct key_tally {
	uint64_t secret[2];
	struct key *keys;
	size_t count, capacity;
	uint32_t *
		places; /* of a hash: the number of its key and 1, or 0; twice as many as keys find room, a power of two */
	size_t place_count;
	struct buffer texts;
	struct slot slots[SLOTS];
	size_t notes;               /* in all slots */
	int64_t now;                /* the minute it is */
	int64_t from[COUNTS_SPANS]; /* the first minute of each span */
	int64_t kept_from;          /* what came before was let go */
	int64_t short_by, short_at; /* the minute in which keys were let go last */
};

struct key_tally *key_tally_new(const uint64_t secret[2]) {
	struct key_tally *tally = alloc_zero(1, sizeof *tally);
	memcpy(tally->secret, secret, sizeof tally->secret);
	return tally;
}

void key_tally_free(struct key_tally *tally) {
	if (!tally) {
		return;
	}
	for (size_t i = 0; tally->capacity > 0 && i < SLOTS; i++) { /* else none was touched */
		free(tally->slots[i].notes);
	}
	free(tally->keys);
	free(tally->places);
	buffer_clear(&tally->texts);
	free(tally);
}

bool key_tally_is_empty(const struct key_tally *tally) {
	return tally->notes == 0;
}

/* --- finding a key --- */

static struct span text_of(const struct key_tally *tally, const struct key *key) {
	return span_after(buffer_span(&tally->texts), key->text);
}

static bool is_key(
	const struct key_tally *tally, const struct key *key, struct span name, struct span value) {
	struct span run = text_of(tally, key), its_name, its_value;
	business_keys_next(&run, &its_name, &its_value);
	return span_equal(its_name, name) && span_equal(its_value, value);
}

static uint64_t hash_of(const struct key_tally *tally, struct span name, struct span value) {
	return siphash(tally->secret, value) ^ (siphash(tally->secret, name) << 1);
}

/* Where a key is, or would be put. */
static uint32_t *place_of(
	const struct key_tally *tally, uint64_t hash, struct span name, struct span value) {
	size_t mask = tally->place_count - 1, at = hash & mask;
	for (; tally->places[at] != 0; at = (at + 1) & mask) {
		const struct key *key = &tally->keys[tally->places[at] - 1];
		if (key->hash == hash && is_key(tally, key, name, value)) {
			break;
		}
	}
	return &tally->places[at];
}

static void order_places(struct key_tally *tally) {
	size_t mask = tally->place_count - 1;
	memset(tally->places, 0, tally->place_count * sizeof *tally->places);
	for (size_t i = 0; i < tally->count; i++) {
		size_t at = tally->keys[i].hash & mask;
		while (tally->places[at] != 0) {
			at = (at + 1) & mask;
		}
		tally->places[at] = (uint32_t)i + 1;
	}
}

static void grow(struct key_tally *tally) {
	tally->capacity = tally->capacity ? tally->capacity * 2 : 64;
	tally->keys = alloc_resize(tally->keys, tally->capacity * sizeof *tally->keys);
	tally->place_count = tally->capacity * 2;
	tally->places = alloc_resize(tally->places, tally->place_count * sizeof *tally->places);
	order_places(tally);
}

/* --- counting, and taking back --- */

static void change(struct numbers *numbers, enum what what, int32_t by) {
	switch (what) {
	case WHAT_EVENT:
		numbers->events += by;
		break;
	case WHAT_FAILED:
		numbers->failed += by;
		break;
	case WHAT_MENDED:
		numbers->failed -= by;
		break;
	case WHAT_REJECTED:
		numbers->rejected += by;
		break;
	}
}

static void take_back(struct key_tally *tally, const struct slot *slot, size_t span) {
	for (size_t i = 0; i < slot->count; i++) {
		struct key *key = &tally->keys[slot->notes[i] >> WHAT_BITS];
		change(&key->of[span], slot->notes[i] & ((1 << WHAT_BITS) - 1), -1);
	}
}

static void empty(struct key_tally *tally, struct slot *slot) {
	tally->notes -= slot->count;
	free(slot->notes);
	*slot = (struct slot){0};
}

static void leave(struct key_tally *tally, size_t span, int64_t from) {
	for (size_t i = 0; tally->notes > 0 && i < SLOTS; i++) {
		struct slot *slot = &tally->slots[i];
		if (slot->count > 0 && slot->minute >= tally->from[span] && slot->minute < from) {
			take_back(tally, slot, span);
			if (span == COUNTS_WEEK) {
				empty(tally, slot);
			}
		}
	}
	tally->from[span] = from;
}

/* The longest span goes last: it empties what it leaves. */
bool key_tally_advance(struct key_tally *tally, int64_t now_ns) {
	if (now_ns / MINUTE_NS <= tally->now) {
		return false;
	}
	tally->now = now_ns / MINUTE_NS;
	for (size_t span = 0; span < COUNTS_SPANS; span++) {
		int64_t from = counts_from((enum counts_span)span, now_ns) / MINUTE_NS;
		if (from > tally->from[span]) {
			leave(tally, span, from);
		}
	}
	tally->short_by = tally->short_at < tally->from[COUNTS_WEEK] ? 0 : tally->short_by;
	return true;
}

/* --- what finds no room --- */

static int32_t weight_of(const struct key *key) {
	int32_t events = key->of[COUNTS_WEEK].events;
	return events < 0 ? 0 : events < RARE_MAX ? events : RARE_MAX;
}

/* So that at least LET_GO keys have no more events than this. */
static int32_t rare(const struct key_tally *tally) {
	size_t with[RARE_MAX + 1] = {0}, sum = 0;
	int32_t events = 0;
	for (size_t i = 0; i < tally->count; i++) {
		with[weight_of(&tally->keys[i])]++;
	}
	while (events < RARE_MAX && (sum += with[events]) < LET_GO) {
		events++;
	}
	return events;
}

static void rewrite(struct key_tally *tally, struct slot *slot, const uint32_t *numbers) {
	size_t kept = 0;
	for (size_t i = 0; i < slot->count; i++) {
		uint32_t number = numbers[slot->notes[i] >> WHAT_BITS];
		if (number != GONE) {
			slot->notes[kept++] = number << WHAT_BITS | (slot->notes[i] & ((1 << WHAT_BITS) - 1));
		}
	}
	tally->notes -= slot->count - kept;
	slot->count = kept;
}

/* Keeps the keys with more events than `most`; `numbers`: which number each has then. */
static void keep_keys(struct key_tally *tally, int32_t most, uint32_t *numbers) {
	struct buffer texts = {0};
	size_t kept = 0;
	for (size_t i = 0; i < tally->count; i++) {
		struct key key = tally->keys[i];
		numbers[i] = GONE;
		if (weight_of(&key) > most) {
			struct span run = text_of(tally, &key), rest = run, name, value;
			business_keys_next(&rest, &name, &value);
			key.text = texts.len;
			buffer_append(&texts, run.data, run.len - rest.len);
			numbers[i] = (uint32_t)kept;
			tally->keys[kept++] = key;
		}
	}
	tally->count = kept;
	buffer_clear(&tally->texts);
	tally->texts = texts;
}

static void let_rarest_go(struct key_tally *tally) {
	uint32_t *numbers = alloc_zero(tally->count, sizeof *numbers);
	int32_t most = rare(tally);
	most = most < RARE_MAX ? most : RARE_MAX - 1;
	keep_keys(tally, most, numbers);
	for (size_t i = 0; i < SLOTS; i++) {
		rewrite(tally, &tally->slots[i], numbers);
	}
	order_places(tally);
	tally->short_by += most;
	tally->short_at = most > 0 ? tally->now : tally->short_at;
	free(numbers);
}

static void let_oldest_go(struct key_tally *tally) {
	struct slot *oldest = NULL;
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &tally->slots[i];
		if (slot->count > 0 && (!oldest || slot->minute < oldest->minute)) {
			oldest = slot;
		}
	}
	for (size_t span = 0; span < COUNTS_SPANS; span++) {
		if (oldest->minute >= tally->from[span]) {
			take_back(tally, oldest, span);
		}
	}
	tally->kept_from = oldest->minute + 1;
	empty(tally, oldest);
}

/* --- events --- */

/* NULL: it is too old. What says to be of the future is of now. */
static struct slot *slot_of(struct key_tally *tally, int64_t at_ns) {
	int64_t minute = at_ns / MINUTE_NS < tally->now ? at_ns / MINUTE_NS : tally->now;
	if (minute < tally->from[COUNTS_WEEK] || minute < tally->kept_from) {
		return NULL;
	}
	struct slot *slot = &tally->slots[(size_t)minute % SLOTS];
	slot->minute = minute;
	return slot;
}

static void note(struct key_tally *tally, struct slot *slot, uint32_t number, enum what what) {
	if (slot->count == slot->capacity) {
		slot->capacity = slot->capacity ? slot->capacity + slot->capacity / 2 : 8;
		slot->notes = alloc_resize(slot->notes, slot->capacity * sizeof *slot->notes);
	}
	slot->notes[slot->count++] = number << WHAT_BITS | what;
	tally->notes++;
	for (size_t span = 0; span < COUNTS_SPANS; span++) {
		if (slot->minute >= tally->from[span]) {
			change(&tally->keys[number].of[span], what, 1);
		}
	}
}

static uint32_t put_key(struct key_tally *tally, struct span name, struct span value) {
	uint64_t hash = hash_of(tally, name, value);
	if (tally->count == tally->capacity) {
		grow(tally);
	}
	uint32_t *place = place_of(tally, hash, name, value);
	if (*place == 0) {
		tally->keys[tally->count] = (struct key){.hash = hash, .text = tally->texts.len};
		buffer_append_span(&tally->texts, name);
		buffer_append_byte(&tally->texts, '\0');
		buffer_append_span(&tally->texts, value);
		buffer_append_byte(&tally->texts, '\0');
		*place = (uint32_t)++tally->count;
	}
	return *place - 1;
}

/* For all that one event may need. */
static void make_room(struct key_tally *tally) {
	if (tally->count + BUSINESS_KEYS_MAX > KEY_TALLY_KEYS_MAX) {
		let_rarest_go(tally);
	}
	while (tally->notes + (size_t)3 * BUSINESS_KEYS_MAX > KEY_TALLY_NOTES_MAX) {
		let_oldest_go(tally);
	}
}

void key_tally_add(struct key_tally *tally, const struct key_tally_event *event) {
	struct span keys = event->keys, name, value;
	make_room(tally);
	struct slot *slot = slot_of(tally, event->received_at_ns);
	for (size_t i = 0; slot && i < BUSINESS_KEYS_MAX && business_keys_next(&keys, &name, &value);
		 i++) {
		uint32_t number = put_key(tally, name, value);
		note(tally, slot, number, WHAT_EVENT);
		if (event->failed) {
			note(tally, slot, number, WHAT_FAILED);
		}
		if (event->rejected) {
			note(tally, slot, number, WHAT_REJECTED);
		}
	}
}

void key_tally_move(struct key_tally *tally, const struct key_tally_event *event) {
	struct span keys = event->keys, name, value;
	make_room(tally);
	struct slot *slot = slot_of(tally, event->received_at_ns);
	for (size_t i = 0; slot && tally->count > 0 && i < BUSINESS_KEYS_MAX &&
					   business_keys_next(&keys, &name, &value);
		 i++) {
		uint32_t number = *place_of(tally, hash_of(tally, name, value), name, value);
		if (number > 0) { /* else it was let go meanwhile */
			note(tally, slot, number - 1, event->failed ? WHAT_FAILED : WHAT_MENDED);
		}
	}
}

/* --- telling --- */

int64_t key_tally_short_by(const struct key_tally *tally, enum counts_span span) {
	return tally->short_at >= tally->from[span] ? tally->short_by : 0;
}

int64_t key_tally_from(const struct key_tally *tally) {
	return tally->kept_from > tally->from[COUNTS_WEEK] ? tally->kept_from * MINUTE_NS : 0;
}

/* More events first, then more that is wrong. */
static bool is_busier(const struct key *a, const struct key *b, size_t span) {
	const struct numbers *x = &a->of[span], *y = &b->of[span];
	return x->events != y->events ? x->events > y->events
	                              : x->failed + x->rejected > y->failed + y->rejected;
}

/* Puts `key` where it belongs among the `count` best, the last of which may fall out; returns how many there are. */
static size_t place_among(
	const struct key *best[COUNTS_KEYS_MAX], size_t count, const struct key *key, size_t span) {
	size_t at = count;
	while (at > 0 && is_busier(key, best[at - 1], span)) {
		at--;
	}
	if (at == COUNTS_KEYS_MAX) {
		return count;
	}
	size_t moved = (count < COUNTS_KEYS_MAX ? count : COUNTS_KEYS_MAX - 1) - at;
	memmove(best + at + 1, best + at, moved * sizeof(const struct key *));
	best[at] = key;
	return count < COUNTS_KEYS_MAX ? count + 1 : count;
}

static int64_t whole(int32_t number) {
	return number > 0 ? number : 0;
}

static struct counts_row row_of(
	const struct key_tally *tally, struct arena *arena, const struct key *key, size_t span) {
	const struct numbers *numbers = &key->of[span];
	struct span run = text_of(tally, key), name, value;
	business_keys_next(&run, &name, &value);
	return (struct counts_row){.name = {arena_text_of(arena, name.data, name.len), name.len},
		.value = {arena_text_of(arena, value.data, value.len), value.len},
		.events = whole(numbers->events),
		.failed = whole(numbers->failed),
		.rejected = whole(numbers->rejected)};
}

void key_tally_top(const struct key_tally *tally, struct counts *counts) {
	const struct key *best[COUNTS_KEYS_MAX];
	size_t count = 0, span = counts->span;
	for (size_t i = 0; i < tally->count; i++) {
		const struct key *key = &tally->keys[i];
		if (key->of[span].events > 0) {
			count = place_among(best, count, key, span);
		}
	}
	struct counts_row *rows = arena_zero(&counts->arena, count > 0 ? count : 1, sizeof *rows);
	for (size_t i = 0; i < count; i++) {
		rows[i] = row_of(tally, &counts->arena, best[i], span);
	}
	counts->rows[COUNTS_KEY] = rows;
	counts->row_count[COUNTS_KEY] = count;
	counts->keys_short_by = key_tally_short_by(tally, counts->span);
	counts_sort(counts);
}
