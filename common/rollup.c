#include "common/rollup.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* Those of COUNTS_KEY are counted elsewhere. */
#define KINDS 3

/* Names of a kind, the first of which stands for all that find no room. */
static const size_t names_most[KINDS] = {
	[COUNTS_PROVIDER] = 65, [COUNTS_TYPE] = 513, [COUNTS_ENDPOINT] = 513};

struct name {
	uint64_t hash;
	char *text;
	size_t len;
	int64_t latest_ns; /* the newest event of it */
};

struct names {
	struct name *list;
	size_t count, capacity;
};

/* Of a name in a slot. */
struct cell {
	uint32_t name;
	int32_t events, failed, rejected;
	int32_t *latency; /* COUNTS_LATENCIES; NULL: nothing was answered */
};

struct slot {
	int64_t epoch; /* number of its bucket since 1970; all is 0 while it was never used */
	int32_t events, failed, rejected;
	int32_t verdicts[VERDICT_COUNT], statuses[COUNTS_STATUSES], latency[COUNTS_LATENCIES];
	struct cells {
		struct cell *list; /* sorted by name */
		size_t count, capacity;
	} cells[KINDS];
};

struct rollup {
	struct names names[KINDS];
	/* one more than a span has, so that the first bucket is whole while the last one begins */
	struct slot slots[COUNTS_SPANS][COUNTS_BUCKETS_MAX + 1];
};

struct rollup *rollup_new(void) {
	return alloc_zero(1, sizeof(struct rollup));
}

static void empty(struct slot *slot) {
	for (size_t kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < slot->cells[kind].count; i++) {
			free(slot->cells[kind].list[i].latency);
		}
		free(slot->cells[kind].list);
	}
	*slot = (struct slot){0};
}

void rollup_free(struct rollup *rollup) {
	if (!rollup) {
		return;
	}
	for (size_t span = 0; span < COUNTS_SPANS; span++) {
		for (size_t i = 0; i <= COUNTS_BUCKETS_MAX; i++) {
			empty(&rollup->slots[span][i]);
		}
	}
	for (size_t kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < rollup->names[kind].count; i++) {
			free(rollup->names[kind].list[i].text);
		}
		free(rollup->names[kind].list);
	}
	free(rollup);
}

/* --- names --- */

static uint64_t hash_of(struct span text) {
	uint64_t hash = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < text.len; i++) {
		hash = (hash ^ (uint8_t)text.data[i]) * UINT64_C(1099511628211);
	}
	return hash;
}

static void put_name(struct names *names, struct span text, uint64_t hash) {
	if (names->count == names->capacity) {
		names->capacity = names->capacity ? names->capacity * 2 : 16;
		names->list = alloc_resize(names->list, names->capacity * sizeof *names->list);
	}
	names->list[names->count++] =
		(struct name){.hash = hash, .text = alloc_text(text.data, text.len), .len = text.len};
}

/* There are so few that looking through them all costs less than any order would. */
static uint32_t name_of(struct rollup *rollup, size_t kind, struct span text) {
	struct names *names = &rollup->names[kind];
	uint64_t hash = hash_of(text);
	if (names->count == 0) {
		put_name(names, (struct span){"", 0}, 0);
	}
	for (uint32_t i = 1; i < names->count; i++) {
		const struct name *name = &names->list[i];
		if (name->hash == hash && span_equal((struct span){name->text, name->len}, text)) {
			return i;
		}
	}
	if (names->count == names_most[kind] || text.len > ROLLUP_NAME_LEN) {
		return 0;
	}
	put_name(names, text, hash);
	return (uint32_t)names->count - 1;
}

/* --- slots --- */

/* NULL: its place is another's by now, or the moment is none. */
static struct slot *slot_of(struct rollup *rollup, size_t span, int64_t at_ns) {
	const struct counts_width *width = &counts_widths[span];
	int64_t epoch = at_ns / width->bucket_ns;
	if (at_ns <= 0) {
		return NULL;
	}
	struct slot *slot = &rollup->slots[span][epoch % (int64_t)(width->buckets + 1)];
	if (slot->epoch < epoch) {
		empty(slot);
		slot->epoch = epoch;
	}
	return slot->epoch == epoch ? slot : NULL;
}

static struct cell *cell_of(struct cells *cells, uint32_t name) {
	size_t low = 0, high = cells->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (cells->list[middle].name < name) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	if (low < cells->count && cells->list[low].name == name) {
		return &cells->list[low];
	}
	if (cells->count == cells->capacity) {
		cells->capacity = cells->capacity ? cells->capacity * 2 : 4;
		cells->list = alloc_resize(cells->list, cells->capacity * sizeof *cells->list);
	}
	memmove(cells->list + low + 1, cells->list + low, (cells->count - low) * sizeof *cells->list);
	cells->count++;
	cells->list[low] = (struct cell){.name = name};
	return &cells->list[low];
}

/* --- counting --- */

struct place {
	uint32_t names[KINDS];
};

static struct place place_of(struct rollup *rollup, const struct rollup_event *event) {
	return (struct place){{[COUNTS_PROVIDER] = name_of(rollup, COUNTS_PROVIDER, event->provider),
		[COUNTS_TYPE] = name_of(rollup, COUNTS_TYPE, event->type),
		[COUNTS_ENDPOINT] = name_of(rollup, COUNTS_ENDPOINT, event->endpoint)}};
}

static void fail(struct slot *slot, const struct place *place, int by) {
	slot->failed += by;
	for (size_t kind = 0; by != 0 && kind < KINDS; kind++) {
		cell_of(&slot->cells[kind], place->names[kind])->failed += by;
	}
}

static void count(struct slot *slot, const struct place *place, enum verdict verdict) {
	int rejected = counts_is_rejection(verdict);
	slot->events++;
	slot->rejected += rejected;
	slot->verdicts[verdict]++;
	for (size_t kind = 0; kind < KINDS; kind++) {
		struct cell *cell = cell_of(&slot->cells[kind], place->names[kind]);
		cell->events++;
		cell->rejected += rejected;
	}
}

void rollup_add(
	struct rollup *rollup, const struct rollup_event *event, enum counts_status status) {
	struct place place = place_of(rollup, event);
	for (size_t kind = 0; kind < KINDS; kind++) {
		struct name *name = &rollup->names[kind].list[place.names[kind]];
		if (name->latest_ns < event->received_at_ns) {
			name->latest_ns = event->received_at_ns;
		}
	}
	for (size_t span = 0; span < COUNTS_SPANS; span++) {
		struct slot *slot = slot_of(rollup, span, event->received_at_ns);
		if (slot) {
			count(slot, &place, event->verdict);
			slot->statuses[status]++;
			fail(slot, &place, counts_is_failure(status));
		}
	}
}

void rollup_move(struct rollup *rollup, const struct rollup_event *event, enum counts_status from,
	enum counts_status to) {
	if (from == to) {
		return;
	}
	struct place place = place_of(rollup, event);
	for (size_t span = 0; span < COUNTS_SPANS; span++) {
		struct slot *slot = slot_of(rollup, span, event->received_at_ns);
		if (slot) {
			slot->statuses[from]--;
			slot->statuses[to]++;
			fail(slot, &place, counts_is_failure(to) - counts_is_failure(from));
		}
	}
}

void rollup_took(
	struct rollup *rollup, struct span provider, int64_t started_at_ns, int64_t took_us) {
	uint32_t name = name_of(rollup, COUNTS_PROVIDER, provider);
	size_t at = counts_latency_place(took_us);
	for (size_t span = 0; span < COUNTS_SPANS; span++) {
		struct slot *slot = slot_of(rollup, span, started_at_ns);
		if (!slot) {
			continue;
		}
		struct cell *cell = cell_of(&slot->cells[COUNTS_PROVIDER], name);
		if (!cell->latency) {
			cell->latency = alloc_zero(COUNTS_LATENCIES, sizeof *cell->latency);
		}
		cell->latency[at]++;
		slot->latency[at]++;
	}
}

/* --- adding up --- */

/* Sums of a kind, by the numbers of its names. */
struct sums {
	struct counts_row *rows;
	int64_t (*latency)[COUNTS_LATENCIES]; /* providers only */
};

static int64_t whole(int64_t number) {
	return number > 0 ? number : 0;
}

static void sum_cells(struct sums *sums, const struct cells *cells) {
	for (size_t i = 0; i < cells->count; i++) {
		const struct cell *cell = &cells->list[i];
		struct counts_row *row = &sums->rows[cell->name];
		row->events += cell->events;
		row->failed += cell->failed;
		row->rejected += cell->rejected;
		for (size_t k = 0; cell->latency && k < COUNTS_LATENCIES; k++) {
			sums->latency[cell->name][k] += cell->latency[k];
		}
	}
}

static void sum_slot(struct counts *counts, struct counts_bucket *bucket, const struct slot *slot) {
	*bucket =
		(struct counts_bucket){whole(slot->events), whole(slot->failed), whole(slot->rejected)};
	counts->total.events += bucket->events;
	counts->total.failed += bucket->failed;
	counts->total.rejected += bucket->rejected;
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		counts->verdicts[i] += whole(slot->verdicts[i]);
	}
	for (size_t i = 0; i < COUNTS_STATUSES; i++) {
		counts->statuses[i] += whole(slot->statuses[i]);
	}
	for (size_t i = 0; i < COUNTS_LATENCIES; i++) {
		counts->latency[i] += slot->latency[i];
	}
}

static struct sums sums_new(struct counts *counts, const struct names *names, size_t kind) {
	size_t room = names->count > 0 ? names->count : 1;
	struct sums sums = {.rows = arena_zero(&counts->arena, room, sizeof *sums.rows)};
	if (kind == COUNTS_PROVIDER) {
		sums.latency = arena_zero(&counts->arena, room, sizeof *sums.latency);
	}
	return sums;
}

static bool is_empty(const struct counts_row *row) {
	return row->events <= 0 && row->failed <= 0;
}

static struct span copy_of(struct counts *counts, struct span text) {
	return (struct span){arena_text_of(&counts->arena, text.data, text.len), text.len};
}

/* Puts the names to the rows, and takes out those of which there is nothing. */
static void name_rows(struct counts *counts, const struct names *names, size_t kind,
	const struct sums *sums, rollup_name_fn *name_of_endpoint, const void *data) {
	size_t kept = 0;
	for (size_t i = 0; i < names->count; i++) {
		const struct name *name = &names->list[i];
		struct counts_row row = sums->rows[i];
		struct span text = {name->text, name->len};
		if (kind == COUNTS_ENDPOINT && i > 0) {
			text = name_of_endpoint ? name_of_endpoint(data, text) : text;
			row.latest_ns = name->latest_ns;
		}
		bool told = text.data && (row.latest_ns > 0 || !is_empty(&row));
		if (told) {
			row.name = copy_of(counts, text);
			row.others = i == 0;
			row.events = whole(row.events);
			row.failed = whole(row.failed);
			row.rejected = whole(row.rejected);
			row.latency = sums->latency ? sums->latency[i] : NULL;
			sums->rows[kept++] = row;
		}
	}
	counts->rows[kind] = sums->rows;
	counts->row_count[kind] = kept;
}

void rollup_read(const struct rollup *rollup, int64_t now_ns, rollup_name_fn *name,
	const void *data, struct counts *counts) {
	const struct counts_width *width = &counts_widths[counts->span];
	struct sums sums[KINDS];
	counts->from_ns = counts_from(counts->span, now_ns);
	for (size_t kind = 0; kind < KINDS; kind++) {
		sums[kind] = sums_new(counts, &rollup->names[kind], kind);
	}
	for (size_t i = 0; i < width->buckets; i++) {
		int64_t epoch = counts->from_ns / width->bucket_ns + (int64_t)i;
		size_t at = epoch < 0 ? 0 : (size_t)(epoch % (int64_t)(width->buckets + 1));
		const struct slot *slot = &rollup->slots[counts->span][at];
		if (epoch < 0 || slot->epoch != epoch) {
			continue;
		}
		sum_slot(counts, &counts->buckets[i], slot);
		for (size_t kind = 0; kind < KINDS; kind++) {
			sum_cells(&sums[kind], &slot->cells[kind]);
		}
	}
	for (size_t kind = 0; kind < KINDS; kind++) {
		name_rows(counts, &rollup->names[kind], kind, &sums[kind], name, data);
	}
	counts_sort(counts);
}
