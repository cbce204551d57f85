/*
 * A state of the machine is the set of nodes that are stood on before what they lead to without a byte was followed, and what
 * kind of byte was eaten last. With the next one known, all assertions between the two can be answered. States and ways
 * between them are kept until there are too many; then all are forgotten.
 */
#include "common/regex.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/regex_parts.h"

#define WORDS (REGEX_NODES_MAX / 64)
/* In a table of ways: not known yet, and it has been found. States are numbered from here on. */
#define UNKNOWN 0
#define FOUND 1
#define FIRST 2
/* Of the table of states; more than twice as many as REGEX_MEMORY_MAX has room for. */
#define SLOTS 2048

/* What stands beside a place. */
enum kind { KIND_NONE, KIND_OTHER, KIND_WORD, KIND_LINE_END };

struct nodes {
	uint64_t bits[WORDS];
};

struct state {
	struct nodes nodes;
	enum kind before;
};

struct regex {
	struct regex_program program;
	bool has_asserts;
	uint8_t class_of[256]; /* bytes that nothing tells apart are of one class */
	enum kind kinds[256];  /* of a class */
	size_t classes;        /* the one behind them is the end of the text */
	struct nodes *fitting; /* of a class: nodes that eat it */
	struct state *states;  /* from FIRST on */
	uint16_t *ways;        /* [state * (classes + 1) + class] */
	uint16_t *slots;       /* states by their hash; 0: free */
	uint16_t count, most;  /* of states */
};

static void set_bit(struct nodes *nodes, unsigned at) {
	nodes->bits[at / 64] |= UINT64_C(1) << (at % 64);
}

static bool has_bit(const struct nodes *nodes, unsigned at) {
	return nodes->bits[at / 64] >> (at % 64) & 1;
}

/* --- making it --- */

static enum kind kind_of(unsigned byte) {
	bool digit = byte >= '0' && byte <= '9', low = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
	return byte == '\n' ? KIND_LINE_END : digit || low || byte == '_' ? KIND_WORD : KIND_OTHER;
}

/* Parts every class in those that `set` has and those it does not have. */
static void part(struct regex *regex, const struct regex_set *set) {
	int parted[256][2];
	size_t count = 0;
	memset(parted, -1, sizeof parted);
	for (unsigned byte = 0; byte < 256; byte++) {
		int *class = &parted[regex->class_of[byte]][regex_set_has(set, byte)];
		if (*class < 0) {
			*class = (int)count++;
		}
		regex->class_of[byte] = (uint8_t) * class;
	}
	regex->classes = count;
}

static void part_kinds(struct regex *regex) {
	for (enum kind kind = KIND_WORD; kind <= KIND_LINE_END; kind++) {
		struct regex_set set = {0};
		for (unsigned byte = 0; byte < 256; byte++) {
			if (kind_of(byte) == kind) {
				regex_set_add(&set, byte);
			}
		}
		part(regex, &set);
	}
}

static void find_classes(struct regex *regex, const struct regex_read *read) {
	regex->classes = 1;
	for (int i = 0; i < read->set_count; i++) {
		part(regex, &read->sets[i]);
	}
	if (read->has_asserts) {
		part_kinds(regex);
	}
	regex->fitting = alloc_zero(regex->classes, sizeof *regex->fitting);
	for (unsigned byte = 0; byte < 256; byte++) {
		unsigned class = regex->class_of[byte];
		regex->kinds[class] = read->has_asserts ? kind_of(byte) : KIND_NONE;
		for (int i = 0; i < regex->program.count; i++) {
			const struct regex_node *node = &regex->program.nodes[i];
			if (node->step == REGEX_SET && regex_set_has(&read->sets[node->value], byte)) {
				set_bit(&regex->fitting[class], (unsigned)i);
			}
		}
	}
}

struct regex *regex_new(struct span pattern, struct error *err) {
	struct regex *regex = alloc_zero(1, sizeof *regex);
	struct regex_read *read = alloc_bytes(sizeof *read);
	bool ok =
		regex_parse(read, pattern, err) &&
		(regex_compile(&regex->program, read) ||
			error_set(err, ERROR_USAGE, "the pattern is too long, its repetitions written out"));
	if (ok) {
		find_classes(regex, read);
		size_t row = (regex->classes + 1) * sizeof *regex->ways + sizeof *regex->states;
		regex->most = (uint16_t)(REGEX_MEMORY_MAX / row);
		regex->has_asserts = read->has_asserts;
	}
	free(read);
	if (!ok) {
		regex_free(regex);
		return NULL;
	}
	return regex;
}

void regex_free(struct regex *regex) {
	if (regex) {
		free(regex->fitting);
		free(regex->states);
		free(regex->ways);
		free(regex->slots);
		free(regex);
	}
}

/* --- one step --- */

static bool holds(enum regex_assert what, enum kind before, enum kind behind, bool at_end) {
	bool edge = (before == KIND_WORD) != (behind == KIND_WORD);
	switch (what) {
	case REGEX_TEXT_BEGIN:
		return before == KIND_NONE;
	case REGEX_TEXT_END:
		return at_end;
	case REGEX_LINE_BEGIN:
		return before == KIND_NONE || before == KIND_LINE_END;
	case REGEX_LINE_END:
		return at_end || behind == KIND_LINE_END;
	case REGEX_WORD_EDGE:
		return edge;
	default:
		return !edge;
	}
}

/* All nodes that are reached from `state`, or from the start, before a byte of `class` is eaten; false: it is found. */
static bool reach(
	const struct regex *regex, const struct state *state, size_t class, struct nodes *reached) {
	uint16_t waiting[REGEX_NODES_MAX * 3 + 1];
	size_t count = 0;
	bool at_end = class == regex->classes;
	waiting[count++] = (uint16_t)regex->program.start;
	for (unsigned i = 0; i < (unsigned)regex->program.count; i++) {
		if (has_bit(&state->nodes, i)) {
			waiting[count++] = (uint16_t)i;
		}
	}
	while (count > 0) {
		uint16_t at = waiting[--count];
		const struct regex_node *node = &regex->program.nodes[at];
		if (has_bit(reached, at)) {
			continue;
		}
		set_bit(reached, at);
		if (node->step == REGEX_FOUND) {
			return false;
		}
		if (node->step == REGEX_SPLIT) {
			waiting[count++] = node->next;
			waiting[count++] = node->other;
		} else if (node->step == REGEX_ASSERT &&
				   holds((enum regex_assert)node->value, state->before,
					   at_end ? KIND_NONE : regex->kinds[class], at_end)) {
			waiting[count++] = node->next;
		}
	}
	return true;
}

static void eat(
	const struct regex *regex, const struct nodes *reached, size_t class, struct state *to) {
	for (size_t word = 0; word < WORDS; word++) {
		uint64_t bits = reached->bits[word] & regex->fitting[class].bits[word];
		for (; bits; bits &= bits - 1) {
			unsigned node = (unsigned)(word * 64) + (unsigned)__builtin_ctzll(bits);
			set_bit(&to->nodes, regex->program.nodes[node].next);
		}
	}
}

/* --- the machine --- */

static bool is_same(const struct state *a, const struct state *b) {
	return a->before == b->before && memcmp(&a->nodes, &b->nodes, sizeof a->nodes) == 0;
}

static size_t hash(const struct state *state) {
	uint64_t hash = (uint64_t)state->before;
	for (size_t i = 0; i < WORDS; i++) {
		hash = (hash ^ state->nodes.bits[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	return (size_t)hash % SLOTS;
}

/* Where it stands in the table, or would stand. */
static uint16_t *find_slot(const struct regex *regex, const struct state *state) {
	size_t at = hash(state);
	while (regex->slots[at] && !is_same(&regex->states[regex->slots[at]], state)) {
		at = (at + 1) % SLOTS;
	}
	return &regex->slots[at];
}

static void forget_all(struct regex *regex) {
	size_t ways = regex->most * (regex->classes + 1);
	if (!regex->states) {
		regex->states = alloc_zero(regex->most, sizeof *regex->states);
		regex->ways = alloc_zero(ways, sizeof *regex->ways);
		regex->slots = alloc_zero(SLOTS, sizeof *regex->slots);
	}
	memset(regex->ways, 0, ways * sizeof *regex->ways);
	memset(regex->slots, 0, SLOTS * sizeof *regex->slots);
	regex->count = FIRST;
}

/* The number of a state; `*forgot`: all others have lost theirs. */
static uint16_t number_of(struct regex *regex, const struct state *state, bool *forgot) {
	*forgot = !regex->states || regex->count == regex->most;
	uint16_t *slot = *forgot ? NULL : find_slot(regex, state);
	if (slot && *slot) {
		*forgot = false;
		return *slot;
	}
	if (*forgot) {
		forget_all(regex);
		slot = find_slot(regex, state);
	}
	*slot = regex->count;
	regex->states[regex->count] = *state;
	return regex->count++;
}

/* Where a byte of `class` leads, remembered from now on. */
static uint16_t find_way(struct regex *regex, uint16_t from, size_t class) {
	struct state state = regex->states[from], to = {.before = regex->kinds[class]};
	struct nodes reached = {0};
	size_t way = from * (regex->classes + 1) + class;
	if (!reach(regex, &state, class, &reached)) {
		return regex->ways[way] = FOUND;
	}
	eat(regex, &reached, class, &to);
	bool forgot;
	uint16_t number = number_of(regex, &to, &forgot);
	if (!forgot) {
		regex->ways[way] = number;
	}
	return number;
}

static bool found_at_end(const struct regex *regex, uint16_t state) {
	struct nodes reached = {0};
	return !reach(regex, &regex->states[state], regex->classes, &reached);
}

/* Where a byte leads that is not known yet; UNKNOWN: the text has added all that it may. */
static uint16_t add_way(
	struct regex *regex, struct regex_run *run, uint16_t from, size_t class, size_t *left) {
	size_t nodes = (size_t)regex->program.count;
	run->work += regex->program.count;
	*left -= *left > nodes ? nodes : *left - 1;
	return run->work > REGEX_WORK_MAX ? UNKNOWN : find_way(regex, from, class);
}

static enum regex_found pause_run(
	const struct regex *regex, struct regex_run *run, uint16_t state) {
	run->begun = true;
	run->before = (int)regex->states[state].before;
	memcpy(run->nodes, regex->states[state].nodes.bits, sizeof run->nodes);
	return REGEX_GO_ON;
}

enum regex_found regex_run(
	struct regex *regex, struct regex_run *run, struct span text, size_t *budget) {
	struct state from = {.before = run->begun ? (enum kind)run->before : KIND_NONE};
	bool forgot;
	memcpy(from.nodes.bits, run->nodes, sizeof run->nodes);
	uint16_t state = number_of(regex, &from, &forgot);
	size_t at = run->at, left = *budget;
	for (; at < text.len && state > FOUND && left > 0; at++, left--) {
		size_t class = regex->class_of[(unsigned char)text.data[at]];
		uint16_t to = regex->ways[state * (regex->classes + 1) + class];
		state = to != UNKNOWN ? to : add_way(regex, run, state, class, &left);
	}
	run->at = at;
	*budget = left;
	if (at < text.len && state > FOUND) {
		return pause_run(regex, run, state);
	}
	bool found = state == FOUND || (state > FOUND && found_at_end(regex, state));
	return found ? REGEX_FOUND_IT : REGEX_NOT_FOUND;
}

bool regex_matches(struct regex *regex, struct span text) {
	struct regex_run run = {0};
	size_t budget = SIZE_MAX;
	return regex_run(regex, &run, text, &budget) == REGEX_FOUND_IT;
}
