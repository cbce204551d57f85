#include "common/statuses.h"

#include <string.h>

#define LEAST 100
#define MOST 599
#define FAILED 0

static void add(struct statuses *set, unsigned status) {
	set->bits[status / 64] |= UINT64_C(1) << status % 64;
}

static bool has(const struct statuses *set, unsigned status) {
	return set->bits[status / 64] >> status % 64 & 1;
}

static void add_range(struct statuses *set, unsigned from, unsigned to) {
	for (unsigned status = from; status <= to; status++) {
		add(set, status);
	}
}

/* "404" and nothing else. */
static bool read_code(unsigned *code, struct span text) {
	*code = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9' || text.len != 3) {
			return false;
		}
		*code = *code * 10 + (unsigned)(text.data[i] - '0');
	}
	return *code >= LEAST && *code <= MOST;
}

static bool add_part(struct statuses *set, struct span part) {
	struct span to = part;
	unsigned first, last;
	if (span_is(part, "any")) {
		add(set, FAILED);
		add_range(set, LEAST, MOST);
		return true;
	}
	if (span_is(part, "failed")) {
		add(set, FAILED);
		return true;
	}
	if (part.len == 3 && part.data[0] >= '1' && part.data[0] <= '5' &&
		span_is(span_after(part, 1), "xx")) {
		first = (unsigned)(part.data[0] - '0') * 100;
		add_range(set, first, first + 99);
		return true;
	}
	struct span from = span_cut(&to, '-');
	if (!read_code(&first, from)) {
		return false;
	}
	last = first;
	if (from.len < part.len && !(read_code(&last, to) && last >= first)) {
		return false;
	}
	add_range(set, first, last);
	return true;
}

bool statuses_parse(struct statuses *set, struct span text, struct error *err) {
	struct span rest = span_trim(text);
	*set = (struct statuses){0};
	bool ok = rest.len > 0 && rest.data[rest.len - 1] != ',';
	struct span part = rest;
	while (ok && rest.len > 0) {
		part = span_trim(span_cut(&rest, ','));
		ok = add_part(set, part);
	}
	return ok || error_set(err, ERROR_USAGE,
					 "expected statuses such as 2xx, 200,204 or 429,5xx,failed, not \"%.*s\"",
					 (int)(part.len < 40 ? part.len : 40), part.data ? part.data : "");
}

bool statuses_has(const struct statuses *set, int64_t status) {
	return status <= 0 ? has(set, FAILED) : status <= MOST && has(set, (unsigned)status);
}

bool statuses_is_empty(const struct statuses *set) {
	return statuses_equal(set, &(struct statuses){0});
}

bool statuses_equal(const struct statuses *a, const struct statuses *b) {
	return memcmp(a->bits, b->bits, sizeof a->bits) == 0;
}

/* The last of a run that begins at `first`. */
static unsigned run_end(const struct statuses *set, unsigned first) {
	while (first < MOST && has(set, first + 1)) {
		first++;
	}
	return first;
}

static void append_run(struct buffer *out, unsigned first, unsigned last, const char *comma) {
	if (first % 100 == 0 && last >= first + 99) {
		buffer_printf(out, "%s%uxx", comma, first / 100);
	} else if (last > first) {
		buffer_printf(out, "%s%u-%u", comma, first, last);
	} else {
		buffer_printf(out, "%s%u", comma, first);
	}
}

void statuses_append(struct buffer *out, const struct statuses *set) {
	const char *comma = "";
	if (has(set, FAILED) && has(set, LEAST) && run_end(set, LEAST) == MOST) {
		buffer_append_text(out, "any");
		return;
	}
	for (unsigned first = LEAST; first <= MOST; first++) {
		if (!has(set, first)) {
			continue;
		}
		/* a run does not go beyond its class, so that whole classes are told as such */
		unsigned last = run_end(set, first), end = first / 100 * 100 + 99;
		last = last < end ? last : end;
		append_run(out, first, last, comma);
		comma = ",";
		first = last;
	}
	if (has(set, FAILED)) {
		buffer_printf(out, "%sfailed", comma);
	}
}
