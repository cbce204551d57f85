/*
 * What a comparison leaves out. A pattern that begins with a dot or a bracket is that of a path (`.data.items[*].id`, * is any run
 * of bytes, levels included), and leaves out all that is below it; any other one is that of a name: of members at any depth, and of
 * headers in any letter case (`*_at`, `Date`).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"
#include "common/span.h"

/* Patterns, and bytes of one. */
#define IGNORE_MAX 100
#define IGNORE_LEN_MAX 400

struct glob;

/* All zero leaves nothing out. */
struct ignore {
	struct {
		struct glob *exact, *any_case;
		bool path;
		char *text;
	} patterns[IGNORE_MAX];
	size_t count;
	bool usual; /* ids, times and signatures, which differ between any two events: ignore_usual */
};

/* False and `err`: it is empty or too long, or there are too many. */
bool ignore_add(struct ignore *ignore, struct span pattern, struct error *err);
void ignore_clear(struct ignore *ignore);

/* Of the member that is called `name` (its text, without quotes) and stands at `path`. */
bool ignore_has_member(const struct ignore *ignore, struct span name, struct span path);
/* Of an element of an array. */
bool ignore_has_path(const struct ignore *ignore, struct span path);
bool ignore_has_header(const struct ignore *ignore, struct span name);

/* The patterns of `usual`, ended by NULL: of members (letter case counts), and of headers. */
extern const char *const ignore_usual_members[];
extern const char *const ignore_usual_headers[];
