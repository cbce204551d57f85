#include "tui/diff/compare.h"

const char *compare_part_name(enum compare_part part) {
	static const char *const names[] = {"body", "headers", "requests", "answers"};
	return names[part];
}

const char *compare_form_name(enum compare_form form) {
	static const char *const names[] = {"auto", "json", "lines", "bytes"};
	return names[form];
}

static enum diff_kind kind_for(enum compare_form form, struct span old, struct span new) {
	static const enum diff_kind kinds[] = {DIFF_JSON, DIFF_JSON, DIFF_LINES, DIFF_BYTES};
	return form == COMPARE_AUTO ? diff_kind_for(old, new) : kinds[form];
}

static void add(struct compare *compare, const char *title, enum diff_kind kind, struct span old,
	struct span new, const struct ignore *ignore) {
	struct compare_section *section = &compare->sections[compare->count++];
	section->title = title;
	section->diff = diff_new(kind, old, new, ignore);
}

static void begin_requests(struct compare *compare, const struct side *old, const struct side *new,
	const struct ignore *ignore) {
	struct compare_section *section = &compare->sections[0];
	side_append_request(&section->old, old);
	side_append_request(&section->new, new);
	add(compare, NULL, DIFF_HEADERS, buffer_span(&section->old), buffer_span(&section->new),
		ignore);
}

/* An answer, or why there is none, in the place of its head. */
static struct span answer_head(const struct side *side) {
	const struct side_attempt *attempt = side_attempt(side);
	return attempt->head.len > 0 ? buffer_span(&attempt->head) : attempt->attempt->error;
}

static void begin_answers(struct compare *compare, const struct side *old, const struct side *new,
	enum compare_form form, const struct ignore *ignore) {
	struct span was = buffer_span(&side_attempt(old)->body);
	struct span is = buffer_span(&side_attempt(new)->body);
	add(compare, "head", DIFF_HEADERS, answer_head(old), answer_head(new), ignore);
	add(compare, "body", kind_for(form, was, is), was, is, ignore);
}

void compare_begin(struct compare *compare, const struct side *old, const struct side *new,
	enum compare_part part, enum compare_form form, const struct ignore *ignore) {
	compare_clear(compare);
	bool sent = side_attempt(old) && side_attempt(new);
	struct span was = buffer_span(&old->body), is = buffer_span(&new->body);
	if (part >= COMPARE_REQUESTS && !sent) {
		compare->missing =
			!side_attempt(old) && !side_attempt(new)
				? "Neither was sent to an app, so there is nothing to compare."
			: side_attempt(old)
				? "The new one was not sent to an app: r replays it."
				: "The old one was not sent to an app, so there is nothing to compare.";
		return;
	}
	switch (part) {
	case COMPARE_HEADERS:
		add(compare, NULL, DIFF_HEADERS, buffer_span(&old->head), buffer_span(&new->head), ignore);
		break;
	case COMPARE_REQUESTS:
		begin_requests(compare, old, new, ignore);
		break;
	case COMPARE_ANSWERS:
		begin_answers(compare, old, new, form, ignore);
		break;
	default:
		add(compare, NULL, kind_for(form, was, is), was, is, ignore);
	}
}

bool compare_step(struct compare *compare, size_t budget) {
	if (compare->done < compare->count &&
		diff_step(compare->sections[compare->done].diff, budget)) {
		compare->done++;
	}
	return compare->done == compare->count;
}

void compare_clear(struct compare *compare) {
	for (size_t i = 0; i < COMPARE_SECTIONS; i++) {
		diff_free(compare->sections[i].diff);
		buffer_clear(&compare->sections[i].old);
		buffer_clear(&compare->sections[i].new);
	}
	*compare = (struct compare){0};
}

bool compare_is_same(const struct compare *compare) {
	for (size_t i = 0; i < compare->count; i++) {
		if (!diff_is_same(compare->sections[i].diff)) {
			return false;
		}
	}
	return true;
}
