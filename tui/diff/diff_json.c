/*
 * By structure. Two values that are written the same need no look; else members go with those of their name, elements of
 * arrays with those that mean the same, and what is left over is compared place by place. Nothing recurses.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/diff/diff_parts.h"
#include "tui/diff/spelling.h"

#define NONE UINT32_MAX

/* Members of one name, or names of one hash, that are looked through for a partner: more are a trick to cost time. */
#define MEMBERS_TRIED 256
#define NAME_HASHED_MAX ((size_t)16 * 1024)
/* Elements of an array that are told apart by an id; longer ones are aligned by what they are. */
#define IDENTIFIED_MAX 40000

/* A step on the way to a value: what it is called in the one above it. */
struct step {
	uint32_t parent;  /* NONE: the whole */
	struct span name; /* of a member, a token; else it is an element: */
	uint32_t at;
};

/* Two values, or one of them alone (NONE), still to be looked at. */
struct pending {
	uint32_t old, new, step;
};

struct walk {
	const struct json_node *old, *new;
	struct step *steps;
	size_t step_count, step_capacity;
	struct pending *pending;
	size_t pending_count, pending_capacity;
	struct pending
		*found; /* of one pair of containers, in their order, before they are put on `pending` */
	size_t found_count, found_capacity;
	struct buffer path, name;
	size_t spent;
	bool told_large;
};

/* --- where a value stands --- */

static uint32_t add_step(struct walk *walk, uint32_t parent, struct span name, uint32_t at) {
	if (walk->step_count == walk->step_capacity) {
		walk->step_capacity = walk->step_capacity ? 2 * walk->step_capacity : 64;
		walk->steps = alloc_resize(walk->steps, walk->step_capacity * sizeof *walk->steps);
	}
	walk->steps[walk->step_count] = (struct step){parent, name, at};
	return (uint32_t)walk->step_count++;
}

/* ".data.items[3].id"; the whole is "." */
static struct span path_of(struct walk *walk, uint32_t step) {
	uint32_t way[JSON_LEXER_DEPTH + 1];
	size_t depth = 0;
	buffer_reset(&walk->path);
	for (; step != NONE && depth <= JSON_LEXER_DEPTH; step = walk->steps[step].parent) {
		way[depth++] = step;
	}
	while (depth > 0) {
		const struct step *at = &walk->steps[way[--depth]];
		if (at->name.len > 0) {
			spelling_append_member(&walk->path, at->name);
		} else {
			buffer_printf(&walk->path, "[%u]", at->at);
		}
	}
	buffer_append_text(&walk->path, walk->path.len == 0 ? "." : "");
	return buffer_span(&walk->path);
}

static bool is_ignored(struct diff *diff, uint32_t step) {
	struct walk *walk = diff->walk;
	const struct ignore *ignore = diff->ignore;
	if (step == NONE || (ignore->count == 0 && !ignore->usual)) {
		return false;
	}
	const struct step *at = &walk->steps[step];
	if (at->name.len == 0) {
		return ignore_has_path(ignore, path_of(walk, step));
	}
	buffer_reset(&walk->name);
	json_unescape(&walk->name, at->name);
	return ignore_has_member(ignore, buffer_span(&walk->name), path_of(walk, step));
}

/* --- what belongs together --- */

static void find(struct walk *walk, uint32_t old, uint32_t new, uint32_t step) {
	if (walk->found_count == walk->found_capacity) {
		walk->found_capacity = walk->found_capacity ? 2 * walk->found_capacity : 64;
		walk->found = alloc_resize(walk->found, walk->found_capacity * sizeof *walk->found);
	}
	walk->found[walk->found_count++] = (struct pending){old, new, step};
}

/* The last is looked at first. */
static void put_found(struct walk *walk) {
	size_t wanted = walk->pending_count + walk->found_count;
	if (wanted > walk->pending_capacity) {
		walk->pending_capacity = 2 * wanted;
		walk->pending = alloc_resize(walk->pending, walk->pending_capacity * sizeof *walk->pending);
	}
	while (walk->found_count > 0) {
		walk->pending[walk->pending_count++] = walk->found[--walk->found_count];
	}
}

/* The places of the children of a container. */
static uint32_t *children_of(const struct json_node *nodes, uint32_t parent) {
	size_t count = nodes[parent].children;
	uint32_t *places = alloc_bytes((count > 0 ? count : 1) * sizeof *places);
	uint32_t at = parent + 1;
	for (size_t i = 0; i < count; i++, at = nodes[at].next) {
		places[i] = at;
	}
	return places;
}

static bool same_name(struct walk *walk, struct span a, struct span b) {
	if (span_equal(a, b)) {
		return true;
	}
	if (!memchr(a.data, '\\', a.len) && !memchr(b.data, '\\', b.len)) {
		return false;
	}
	struct buffer one = {0};
	buffer_reset(&walk->name);
	json_unescape(&one, a);
	json_unescape(&walk->name, b);
	bool same = span_equal(buffer_span(&one), buffer_span(&walk->name));
	buffer_clear(&one);
	return same;
}

/* Of a name that nobody types its beginning: it only proposes. */
static uint64_t hash_of_name(struct walk *walk, struct span name) {
	struct span rest = {name.data + 1, name.len - 2};
	buffer_reset(&walk->name);
	while (walk->name.len < NAME_HASHED_MAX &&
		   !json_unescape_some(&walk->name, &rest, NAME_HASHED_MAX)) {
	}
	struct span text = buffer_span(&walk->name);
	text.len = text.len < NAME_HASHED_MAX ? text.len : NAME_HASHED_MAX;
	return diff_hash(text);
}

/* New members by the hash of their name: a table with room to spare. */
struct name_table {
	uint32_t *slots; /* places among the members; NONE: free */
	size_t mask;
};

static struct name_table table_of(struct walk *walk, const uint32_t *members, size_t count) {
	struct name_table table = {NULL, 15};
	while (table.mask < 2 * count) {
		table.mask = 2 * table.mask + 1;
	}
	table.slots = alloc_bytes((table.mask + 1) * sizeof *table.slots);
	memset(table.slots, 0xff, (table.mask + 1) * sizeof *table.slots);
	for (size_t i = 0; i < count; i++) {
		size_t slot = hash_of_name(walk, walk->new[members[i]].name) & table.mask;
		size_t tries = 0;
		while (tries < MEMBERS_TRIED && table.slots[slot] != NONE) {
			slot = (slot + 1) & table.mask;
			tries++;
		}
		if (tries < MEMBERS_TRIED) {
			table.slots[slot] = (uint32_t)i;
		}
	}
	return table;
}

/* The first member of that name that nobody has taken; NONE: there is none. */
static uint32_t take_member(struct walk *walk, const struct name_table *table,
	const uint32_t *members, const bool *taken, struct span name) {
	size_t slot = hash_of_name(walk, name) & table->mask;
	for (size_t tries = 0; tries < MEMBERS_TRIED && table->slots[slot] != NONE; tries++) {
		uint32_t i = table->slots[slot];
		if (!taken[i] && same_name(walk, walk->new[members[i]].name, name)) {
			return i;
		}
		slot = (slot + 1) & table->mask;
	}
	return NONE;
}

static void match_objects(struct walk *walk, const struct pending *pair) {
	size_t old_count = walk->old[pair->old].children, new_count = walk->new[pair->new].children;
	uint32_t *old = children_of(walk->old, pair->old), *new = children_of(walk->new, pair->new);
	bool *taken = alloc_zero(new_count + 1, sizeof *taken);
	struct name_table table = {0};
	for (size_t i = 0; i < old_count; i++) {
		struct span name = walk->old[old[i]].name;
		uint32_t with = NONE;
		/* nearly always they stand in the same order: then no table is needed */
		if (i < new_count && !taken[i] && same_name(walk, walk->new[new[i]].name, name)) {
			with = (uint32_t)i;
		} else {
			table = table.slots ? table : table_of(walk, new, new_count);
			with = take_member(walk, &table, new, taken, name);
		}
		if (with != NONE) {
			taken[with] = true;
		}
		find(walk, old[i], with != NONE ? new[with] : NONE, add_step(walk, pair->step, name, 0));
	}
	for (size_t i = 0; i < new_count; i++) {
		if (!taken[i]) {
			find(walk, NONE, new[i], add_step(walk, pair->step, walk->new[new[i]].name, 0));
		}
	}
	walk->spent += old_count + new_count;
	free(table.slots);
	free(taken);
	free(old);
	free(new);
}

/* Elements between two that mean the same: compared place by place, as far as there are two. */
static void match_gap(struct walk *walk, uint32_t step, const uint32_t *old, size_t old_from,
	size_t old_to, const uint32_t *new, size_t new_from, size_t new_to) {
	while (old_from < old_to || new_from < new_to) {
		bool has_old = old_from < old_to, has_new = new_from < new_to;
		uint32_t at = (uint32_t)(has_old ? old_from : new_from);
		find(walk, has_old ? old[old_from] : NONE, has_new ? new[new_from] : NONE,
			add_step(walk, step, (struct span){0}, at));
		old_from += has_old;
		new_from += has_new;
	}
}

static uint64_t *hashes_of(const struct json_node *nodes, const uint32_t *places, size_t count) {
	uint64_t *hashes = alloc_bytes((count > 0 ? count : 1) * sizeof *hashes);
	for (size_t i = 0; i < count; i++) {
		hashes[i] = nodes[places[i]].hash;
	}
	return hashes;
}

/* The scalar by which people tell elements apart; NONE: this one has none of that name. */
static uint32_t identity_of(const struct json_node *nodes, uint32_t element, const char *name) {
	if (nodes[element].kind != JSON_OBJECT_BEGIN) {
		return NONE;
	}
	uint32_t at = element + 1;
	for (size_t i = 0; i < nodes[element].children && i < 64; i++, at = nodes[at].next) {
		struct span token = nodes[at].name;
		bool scalar = nodes[at].kind == JSON_STRING || nodes[at].kind == JSON_NUMBER;
		if (scalar && span_is((struct span){token.data + 1, token.len - 2}, name)) {
			return at;
		}
	}
	return NONE;
}

/* False: not every element has one. */
static bool identities_of(const struct json_node *nodes, const uint32_t *places, size_t count,
	const char *name, uint64_t *hashes) {
	for (size_t i = 0; i < count; i++) {
		uint32_t at = identity_of(nodes, places[i], name);
		if (at == NONE) {
			return false;
		}
		hashes[i] = nodes[at].hash;
	}
	return count > 0;
}

static int by_value(const void *a, const void *b) {
	const uint64_t *one = a, *other = b;
	return *one < *other ? -1 : *one > *other;
}

/* Each only once on either side, and at least one of them on both. */
static bool are_identities(
	const uint64_t *old, size_t old_count, const uint64_t *new, size_t new_count) {
	size_t count = old_count + new_count, shared = 0;
	uint64_t *all = alloc_bytes(count * sizeof *all);
	bool unique = true;
	for (int side = 0; side < 2; side++) {
		size_t here = side ? new_count : old_count;
		memcpy(all, side ? new : old, here * sizeof *all);
		qsort(all, here, sizeof *all, by_value);
		for (size_t i = 1; i < here; i++) {
			unique = unique && all[i] != all[i - 1];
		}
	}
	memcpy(all, old, old_count * sizeof *all);
	memcpy(all + old_count, new, new_count * sizeof *all);
	qsort(all, count, sizeof *all, by_value);
	for (size_t i = 1; i < count; i++) {
		shared += all[i] == all[i - 1];
	}
	free(all);
	return unique && shared > 0;
}

/* Hashes by which elements are aligned: of what tells them apart, where all have that, else of all they are. */
static bool by_identity(struct walk *walk, const uint32_t *old, size_t old_count,
	const uint32_t *new, size_t new_count, uint64_t *old_hashes, uint64_t *new_hashes) {
	static const char *const names[] = {"id", "uuid", "key", "sku", "code", "name"};
	size_t tried = old_count + new_count <= IDENTIFIED_MAX ? sizeof names / sizeof *names : 0;
	for (size_t i = 0; i < tried; i++) {
		if (identities_of(walk->old, old, old_count, names[i], old_hashes) &&
			identities_of(walk->new, new, new_count, names[i], new_hashes) &&
			are_identities(old_hashes, old_count, new_hashes, new_count)) {
			return true;
		}
	}
	for (size_t i = 0; i < old_count; i++) {
		old_hashes[i] = walk->old[old[i]].hash;
	}
	for (size_t i = 0; i < new_count; i++) {
		new_hashes[i] = walk->new[new[i]].hash;
	}
	return false;
}

static void match_aligned(struct walk *walk, const struct pending *pair, struct align *align,
	const uint32_t *old, size_t old_count, const uint32_t *new, size_t new_count) {
	const uint32_t *partners = align_partners(align);
	size_t old_at = 0, new_at = 0;
	for (size_t i = 0; i <= old_count; i++) {
		if (i < old_count && partners[i] == ALIGN_NONE) {
			continue;
		}
		size_t with = i < old_count ? partners[i] : new_count;
		match_gap(walk, pair->step, old, old_at, i, new, new_at, with);
		if (i < old_count) {
			find(
				walk, old[i], new[with], add_step(walk, pair->step, (struct span){0}, (uint32_t)i));
		}
		old_at = i + 1;
		new_at = with + 1;
	}
}

/* Elements that can be told apart: each with its own, wherever it stands now. */
static void match_identified(struct diff *diff, const struct pending *pair, const uint32_t *old,
	const uint64_t *old_hashes, const uint32_t *new, const uint64_t *new_hashes) {
	struct walk *walk = diff->walk;
	size_t old_count = walk->old[pair->old].children, new_count = walk->new[pair->new].children;
	struct align *align =
		align_new(old_hashes, old_count, new_hashes, new_count, DIFF_EFFORT_OF_ARRAY);
	align_step(align, DIFF_EFFORT_OF_ARRAY);
	struct place {
		uint64_t hash, at;
	} *places = alloc_bytes((new_count + 1) * sizeof *places);
	bool *taken = alloc_zero(new_count + 1, sizeof *taken);
	for (size_t i = 0; i < new_count; i++) {
		places[i] = (struct place){new_hashes[i], i};
	}
	qsort(places, new_count, sizeof *places, by_value);
	for (size_t i = 0; i < old_count; i++) {
		const struct place *found =
			bsearch(&old_hashes[i], places, new_count, sizeof *places, by_value);
		uint32_t step = add_step(walk, pair->step, (struct span){0}, (uint32_t)i);
		find(walk, old[i], found ? new[found->at] : NONE, step);
		if (!found) {
			continue;
		}
		taken[found->at] = true;
		if (align_partners(align)[i] == ALIGN_NONE && !is_ignored(diff, step)) {
			char from[32], to[32];
			snprintf(from, sizeof from, "[%zu]", i);
			snprintf(to, sizeof to, "[%zu]", (size_t)found->at);
			diff_add(diff,
				&(struct diff_row){DIFF_MOVED, path_of(walk, step),
					span_text(arena_text(&diff->arena, from)),
					span_text(arena_text(&diff->arena, to))},
				true);
		}
	}
	for (size_t i = 0; i < new_count; i++) {
		if (!taken[i]) {
			find(walk, NONE, new[i], add_step(walk, pair->step, (struct span){0}, (uint32_t)i));
		}
	}
	free(places);
	free(taken);
	align_free(align);
}

static void match_arrays(struct diff *diff, const struct pending *pair) {
	struct walk *walk = diff->walk;
	size_t old_count = walk->old[pair->old].children, new_count = walk->new[pair->new].children;
	uint32_t *old = children_of(walk->old, pair->old), *new = children_of(walk->new, pair->new);
	uint64_t *old_hashes = hashes_of(walk->old, old, old_count);
	uint64_t *new_hashes = hashes_of(walk->new, new, new_count);
	if (by_identity(walk, old, old_count, new, new_count, old_hashes, new_hashes)) {
		match_identified(diff, pair, old, old_hashes, new, new_hashes);
	} else {
		struct align *align =
			align_new(old_hashes, old_count, new_hashes, new_count, DIFF_EFFORT_OF_ARRAY);
		align_step(align, DIFF_EFFORT_OF_ARRAY);
		match_aligned(walk, pair, align, old, old_count, new, new_count);
		align_free(align);
	}
	walk->spent += old_count + new_count;
	free(old_hashes);
	free(new_hashes);
	free(old);
	free(new);
}

/* --- one pair after the other --- */

static void tell(struct diff *diff, const struct pending *pair, enum diff_mark mark) {
	struct walk *walk = diff->walk;
	struct diff_row row = {.mark = mark};
	if (is_ignored(diff, pair->step)) {
		diff->ignored++;
		return;
	}
	row.place = path_of(walk, pair->step);
	row.old = pair->old != NONE ? walk->old[pair->old].text : row.old;
	row.new = pair->new != NONE ? walk->new[pair->new].text : row.new;
	diff_add(diff, &row, true);
}

static void say_large(struct diff *diff) {
	if (!diff->walk->told_large) {
		diff_say(diff, "What has more than %d members or elements is told as a whole: try by line.",
			DIFF_MEMBERS_MAX);
		diff->walk->told_large = true;
	}
}

static void look_at(struct diff *diff, const struct pending *pair) {
	struct walk *walk = diff->walk;
	walk->spent++;
	if (pair->old == NONE || pair->new == NONE) {
		tell(diff, pair, pair->old == NONE ? DIFF_ADDED : DIFF_REMOVED);
		return;
	}
	const struct json_node *old = &walk->old[pair->old], *new = &walk->new[pair->new];
	if (span_equal(old->text, new->text)) {
		return;
	}
	bool container = old->kind == JSON_OBJECT_BEGIN || old->kind == JSON_ARRAY_BEGIN;
	if (old->kind != new->kind || !container) {
		tell(diff, pair, json_node_means_same(old, new) ? DIFF_SPELLED : DIFF_CHANGED);
		return;
	}
	if (is_ignored(diff, pair->step)) {
		diff->ignored++;
		return;
	}
	if (old->children > DIFF_MEMBERS_MAX || new->children > DIFF_MEMBERS_MAX) {
		tell(diff, pair, DIFF_CHANGED);
		say_large(diff);
		return;
	}
	if (old->kind == JSON_ARRAY_BEGIN) {
		match_arrays(diff, pair);
	} else {
		match_objects(walk, pair);
	}
	put_found(walk);
}

static bool walk_on(struct diff *diff, size_t budget) {
	struct walk *walk = diff->walk;
	size_t until = walk->spent + budget / 16; /* a value stands for some bytes */
	while (walk->pending_count > 0 && walk->spent <= until) {
		struct pending pair = walk->pending[--walk->pending_count];
		look_at(diff, &pair);
	}
	return walk->pending_count == 0;
}

static void begin_walk(struct diff *diff) {
	struct walk *walk = diff->walk = alloc_zero(1, sizeof *walk);
	size_t count;
	walk->old = json_tree_nodes(diff->old_tree, &count);
	walk->new = json_tree_nodes(diff->new_tree, &count);
	find(walk, 0, 0, NONE);
	put_found(walk);
}

/* Why it is compared by line. */
static void give_up(struct diff *diff, const struct json_tree *tree, enum json_tree_state state) {
	const char *side = tree == diff->old_tree ? "old" : "new";
	if (state == JSON_TREE_TOO_MANY) {
		diff_say(
			diff, "The %s one has more than %d values: compared by line.", side, DIFF_VALUES_MAX);
	} else {
		diff_say(diff, "The %s one is no JSON from byte %zu on: compared by line.", side,
			json_tree_failed_at(tree));
	}
	diff_json_clear(diff);
	diff->kind = DIFF_LINES;
}

bool diff_json_step(struct diff *diff, size_t budget) {
	if (!diff->old_tree) {
		diff->old_tree = json_tree_new(diff->old, DIFF_VALUES_MAX);
		diff->new_tree = json_tree_new(diff->new, DIFF_VALUES_MAX);
	}
	if (diff->walk) {
		return walk_on(diff, budget);
	}
	struct json_tree *trees[] = {diff->old_tree, diff->new_tree};
	for (size_t i = 0; i < 2; i++) {
		enum json_tree_state state = json_tree_step(trees[i], budget);
		if (state == JSON_TREE_NO_JSON || state == JSON_TREE_TOO_MANY) {
			give_up(diff, trees[i], state);
			return false;
		}
		if (state == JSON_TREE_MORE) {
			return false;
		}
	}
	begin_walk(diff);
	return false;
}

void diff_json_clear(struct diff *diff) {
	struct walk *walk = diff->walk;
	json_tree_free(diff->old_tree);
	json_tree_free(diff->new_tree);
	diff->old_tree = diff->new_tree = NULL;
	if (walk) {
		buffer_clear(&walk->path);
		buffer_clear(&walk->name);
		free(walk->steps);
		free(walk->pending);
		free(walk->found);
		free(walk);
		diff->walk = NULL;
	}
}
