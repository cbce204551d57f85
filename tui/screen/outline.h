/*
 * What stands where in a payload that is JSON: read once, a slice at a time, and asked afterwards for the path of a byte, the end of a value, repeated
 * names. No tree: places to go on from every so many bytes, the extents of large values, and the names that are repeated. Several values one
 * after the other (JSON Lines) are welcome. Where it is no JSON any more it ends.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/json_lexer.h"
#include "common/span.h"

/* Smaller values are read again when their end is asked for. */
#define OUTLINE_LARGE ((size_t)8 * 1024)
/* Extents of large values that are kept. */
#define OUTLINE_LARGE_MAX ((size_t)1024 * 1024)
/* Names of one object and those around it that are compared with each other; of an object with more those behind are not. */
#define OUTLINE_NAMES_MAX ((size_t)64 * 1024)
/* Longest name that is compared with others, or gone to. */
#define OUTLINE_NAME_LEN_MAX ((size_t)64 * 1024)
/* Repeated names that are known. */
#define OUTLINE_REPEATS_MAX ((size_t)64 * 1024)

struct outline;

/* `json` is borrowed until outline_free. */
struct outline *outline_new(struct span json);
void outline_free(struct outline *outline);

/* Reads about `budget` bytes further. True: all of it is read. */
bool outline_read(struct outline *outline, size_t budget);
bool outline_is_complete(const struct outline *outline);
/* Values one after the other at the top, as far as it is read. */
size_t outline_values(const struct outline *outline);
/* Whether names are repeated somewhere (known once it is complete). */
bool outline_has_repeats(const struct outline *outline);

/* What a byte belongs to. */
struct outline_spot {
	size_t from;               /* where its name begins, or it does */
	size_t begin, end;         /* of the value; end 0: not known yet */
	enum json_token_kind kind; /* of its first token */
	size_t items;              /* in it, where it is an object or an array whose end is known */
	size_t values;             /* at the top, in front of it: more than 0 in JSON Lines alone */
};

/*
 * The value of the token at `offset`, or of the first one behind it; of a name, what it names; of a closing bracket, what it closes.
 * `path` gets where it is (".data.items[3].id", "." for the whole): names that are more than letters, digits and a few signs stand as
 * ["na.me"], as they were written. False: it is not read so far, or no JSON.
 */
bool outline_at(
	const struct outline *outline, size_t offset, struct outline_spot *spot, struct buffer *path);

/* Where an object or array that begins at `begin` ends, and how much is in it. False: not known (yet), or never closed. */
struct outline_extent {
	size_t begin, end, items;
};
bool outline_extent(const struct outline *outline, size_t begin, struct outline_extent *extent);

/*
 * Where the objects and arrays begin that a byte is in, outermost first; at most `most`, which JSON_LEXER_DEPTH is enough for. Returns
 * how many.
 */
size_t outline_around(const struct outline *outline, size_t offset, size_t *begins, size_t most);

/* Whether a name is repeated in its object: most receivers take the last of them. */
enum outline_repeat { OUTLINE_ONCE, OUTLINE_REPEATED_BELOW, OUTLINE_LAST_OF_SEVERAL };
enum outline_repeat outline_repeat(const struct outline *outline, size_t name);

/* --- going to a name or a path --- */

struct outline_seek;
enum outline_found { OUTLINE_FOUND, OUTLINE_NOT_FOUND, OUTLINE_GO_ON };

/*
 * `wanted` is a path when it begins with a dot, else a name: the next one behind `from`, round the end, in any letter case; the first
 * one that begins so when there is none. NULL: it is no path.
 */
struct outline_seek *outline_seek_new(
	const struct outline *outline, struct span wanted, size_t from);
void outline_seek_free(struct outline_seek *seek);
/* Looks through about `budget` bytes; `offset` gets where the name stands, or the element of an array. */
enum outline_found outline_seek(struct outline_seek *seek, size_t budget, size_t *offset);
