/* Finds text in the bytes of a document, a slice at a time, and says where hits are to be marked. */
#include "tui/screen/document_parts.h"

/* What it costs to look at a block, in bytes. */
#define BLOCK_COST 64

void document_search(struct document *document, struct span needle) {
	needle_free(document->find.needle);
	document->find = (struct document_find){0};
	if (needle.len > 0) {
		document->find.needle = needle_new(needle, true);
	}
}

/* --- hits to be marked --- */

struct document_hits document_hits_in(
	const struct document *document, const struct document_block *block, size_t from, size_t to) {
	const struct needle *needle = document->find.needle;
	size_t reach = needle ? needle_len(needle) - 1 : 0;
	return (struct document_hits){needle, block->bytes, from, to, from > reach ? from - reach : 0};
}

static size_t least(size_t a, size_t b) {
	return a < b ? a : b;
}

bool document_hits_next(struct document_hits *hits, size_t *begin, size_t *end) {
	if (!hits->needle || hits->next >= hits->to) {
		return false;
	}
	size_t len = needle_len(hits->needle), at;
	size_t last = least(hits->bytes.len, hits->to + len - 1);
	struct span hay = {hits->bytes.data + hits->next, last - hits->next};
	if (!needle_find(hits->needle, hay, &at)) {
		return false;
	}
	at += hits->next;
	*begin = at > hits->from ? at : hits->from;
	*end = least(at + len, hits->to);
	hits->next = *end == hits->to ? hits->to : at + 1;
	return true;
}

/* --- the next hit --- */

static struct document_position end_of(const struct document *document) {
	return (struct document_position){document->block_count, 0};
}

static struct document_position position_of(const struct document *document, size_t line) {
	struct document_place place = document_place_of(document, line);
	return (struct document_position){place.block, place.offset};
}

/* Which half comes first, and which when that is through. */
static void choose_half(struct document *document, bool behind) {
	struct document_find *find = &document->find;
	find->low = behind ? find->begin : (struct document_position){0, 0};
	find->high = behind ? end_of(document) : find->begin;
}

/* Where it begins is known once the line is laid out; false: not yet. */
static bool prepare(struct document *document) {
	struct document_find *find = &document->find;
	size_t before = find->from == SIZE_MAX ? 0 : find->from;
	size_t line = find->upwards ? before : find->from + 1; /* SIZE_MAX: the first */
	if (line > document->lines && !document_is_complete(document)) {
		return false;
	}
	find->begin = position_of(document, line);
	find->prepared = true;
	choose_half(document, !find->upwards);
	return true;
}

static size_t block_len(const struct document *document, size_t block) {
	return document->blocks[block].bytes.len;
}

/* The part of a block in which hits may begin, with as many bytes behind it as the last of them may need. */
static struct span hay_of(const struct document *document, size_t block, size_t from, size_t to) {
	struct span bytes = document->blocks[block].bytes;
	size_t end = least(bytes.len, to + needle_len(document->find.needle) - 1);
	return (struct span){bytes.data + from, end - from};
}

/* Looks at the next slice downwards and returns its cost; sets `found`. */
static size_t look_down(struct document *document, size_t budget) {
	struct document_find *find = &document->find;
	struct document_position *low = &find->low;
	size_t len = low->block == find->high.block ? find->high.at : block_len(document, low->block);
	size_t to = least(len, low->at + budget), at;
	struct span hay = hay_of(document, low->block, low->at, to);
	if (low->at < to && needle_find(find->needle, hay, &at)) {
		low->at += at;
		find->found = true;
	} else if (to < len || low->block == find->high.block) {
		low->at = to;
	} else {
		*low = (struct document_position){low->block + 1, 0};
	}
	return hay.len + BLOCK_COST;
}

/*
 * The last hit in `hay`, which has one. Halving finds it without looking at every hit: a text of one letter
 * has as many as bytes.
 */
static size_t last_hit(const struct needle *needle, struct span hay, size_t first) {
	size_t low = first, high = hay.len, at; /* a hit begins at low, none at high or behind it */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (needle_find(needle, span_after(hay, middle), &at)) {
			low = middle + at;
		} else {
			high = middle;
		}
	}
	return low;
}

/* The same upwards. */
static size_t look_up(struct document *document, size_t budget) {
	struct document_find *find = &document->find;
	struct document_position *high = &find->high;
	if (high->at == 0) {
		high->block--;
		high->at = block_len(document, high->block);
		return BLOCK_COST;
	}
	size_t least_at = high->block == find->low.block ? find->low.at : 0, at;
	size_t from = high->at - least_at > budget ? high->at - budget : least_at;
	struct span hay = hay_of(document, high->block, from, high->at);
	if (needle_find(find->needle, hay, &at)) {
		at = last_hit(find->needle, hay, at);
		find->low = (struct document_position){high->block, from + at};
		find->found = true;
	}
	high->at = from;
	return hay.len + BLOCK_COST;
}

/* Looks further until a hit is found, all is seen, or the budget is spent; false: all is seen. */
static bool look(struct document *document, size_t *budget) {
	struct document_find *find = &document->find;
	while (*budget > 0 && !find->found) {
		if (!document_is_before(find->low, find->high)) {
			if (find->turned) {
				return false;
			}
			find->turned = true;
			choose_half(document, find->upwards);
			continue;
		}
		size_t cost = find->upwards ? look_up(document, *budget) : look_down(document, *budget);
		*budget -= least(cost, *budget);
	}
	return true;
}

static void begin(struct document_find *find, size_t from, bool upwards) {
	if (!find->running || find->from != from || find->upwards != upwards) {
		find->running = true;
		find->from = from;
		find->upwards = upwards;
		find->prepared = find->turned = find->found = false;
	}
}

/* Whether the line of the hit is laid out. */
static bool is_laid(const struct document *document) {
	struct document_position laid = {document->laid.block, document->laid.offset};
	return document_is_complete(document) || document_is_before(document->find.low, laid);
}

static enum document_found tell(struct document *document, size_t *line) {
	struct document_find *find = &document->find;
	find->running = false;
	if (!find->found) {
		return DOCUMENT_NOT_FOUND;
	}
	*line = document_line_of(document, find->low);
	return DOCUMENT_FOUND;
}

enum document_found document_find_next(
	struct document *document, size_t from, bool upwards, size_t budget, size_t *line) {
	struct document_find *find = &document->find;
	if (!find->needle || document->block_count == 0) {
		return DOCUMENT_NOT_FOUND;
	}
	begin(find, from, upwards);
	if (!find->prepared && !prepare(document)) {
		document_layout(document, budget);
		return DOCUMENT_GO_ON;
	}
	if (!look(document, &budget)) {
		return tell(document, line);
	}
	if (find->found && !is_laid(document)) {
		document_layout(document, budget);
	}
	return find->found && is_laid(document) ? tell(document, line) : DOCUMENT_GO_ON;
}
