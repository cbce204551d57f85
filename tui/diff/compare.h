/* Two events side by side, a part of them at a time: what of them is compared, how, and how it is told. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tui/diff/diff.h"
#include "tui/diff/side.h"

enum compare_part {
	COMPARE_BODY,
	COMPARE_HEADERS,
	COMPARE_REQUESTS, /* that were sent to apps */
	COMPARE_ANSWERS,  /* that apps gave: head and body */
	COMPARE_PART_COUNT
};

/* Of bodies. */
enum compare_form {
	COMPARE_AUTO, /* as they begin: diff_kind_for */
	COMPARE_JSON,
	COMPARE_LINES,
	COMPARE_BYTES,
	COMPARE_FORM_COUNT
};

/* Sections of a part: an answer has two. */
#define COMPARE_SECTIONS 2

struct compare_section {
	const char *title;      /* "head", "body" of an answer; NULL: there is one section alone */
	struct buffer old, new; /* texts that were made to be compared */
	struct diff *diff;
};

/* All zero is empty. */
struct compare {
	struct compare_section sections[COMPARE_SECTIONS];
	size_t count, done;  /* sections, and those that are done */
	const char *missing; /* why there is nothing to compare; NULL: there is */
};

const char *compare_part_name(enum compare_part part);
const char *compare_form_name(enum compare_form form);

/* Begins anew. Both sides and `ignore` are borrowed until compare_clear. */
void compare_begin(struct compare *compare, const struct side *old, const struct side *new,
	enum compare_part part, enum compare_form form, const struct ignore *ignore);
/* Goes on through about `budget` bytes. True: it is done. */
bool compare_step(struct compare *compare, size_t budget);
void compare_clear(struct compare *compare);
/* Done: nothing differs but what was left out. */
bool compare_is_same(const struct compare *compare);

/* What a piece of a line is. */
enum compare_tone {
	TONE_PLAIN,
	TONE_SIGN_OLD, /* "-" */
	TONE_SIGN_NEW, /* "+" */
	TONE_SIGN,     /* "~" changed, "=" spelled, ">" moved */
	TONE_PLACE,
	TONE_OLD,
	TONE_NEW,
	TONE_FAINT,
	TONE_TITLE,
};

/* Takes one piece after the other; a line ends behind one with `end`. Foreign: it is to be escaped. */
typedef void compare_tell_fn(void *data, enum compare_tone tone, struct span text, bool end);

struct compare_telling {
	bool raw;    /* strings of JSON as they were written */
	size_t most; /* bytes that are shown of a value */
	size_t room; /* columns in which place, old and new may stand on one line */
	size_t all;  /* bytes in all; beyond them a line says so */
	compare_tell_fn *tell;
	void *data;
};

/* Done: tells all of it, a summary and the notes of each section first. */
void compare_tell(const struct compare *compare, const struct compare_telling *telling);

/*
 * Done: appends an object for each section, commas between them, as `hookline diff --json` prints them. Beyond `most` bytes in `out` differences are left out, and `cut`
 * says so.
 */
void compare_append_json(
	struct buffer *out, const struct compare *compare, enum compare_part part, size_t most);
