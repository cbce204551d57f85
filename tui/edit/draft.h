/*
 * A request that is being changed: its head as raw lines and its body, each byte as it was until somebody changes it. Pure.
 */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

/* All zero is empty. `head` is whole, through its empty line. */
struct draft {
	struct buffer head, body;
};

void draft_set(struct draft *draft, struct span head, struct span body);
void draft_copy(struct draft *to, const struct draft *from);
bool draft_equal(const struct draft *a, const struct draft *b);
void draft_clear(struct draft *draft);

/* ERROR_USAGE and nothing changed for what cannot stand in a request. */
bool draft_set_method(struct draft *draft, struct span method, struct error *err);
bool draft_set_target(struct draft *draft, struct span target, struct error *err);
/* "Name: value": in the place of the first header of that name, whose repetitions go; a new one stands behind all others. */
bool draft_set_header(struct draft *draft, struct span line, struct error *err);
/* All headers of that name; ERROR_NO when there is none. */
bool draft_remove_header(struct draft *draft, struct span name, struct error *err);
void draft_set_body(struct draft *draft, struct span body);
/* ".path=value" in a body that is JSON; see tui/edit/json_set.h. */
bool draft_set_json(struct draft *draft, struct span assignment, struct error *err);

/*
 * Makes Content-Length say how long the body is (in its place; behind all others where there is none and the body is not empty), and
 * looks whether this is a request at all: ERROR_USAGE.
 */
bool draft_finish(struct draft *draft, struct error *err);

/* Where in the changed target the path handed on begins: as in the target before, when it begins the same; else 0. */
int64_t draft_path_offset(const struct draft *draft, struct span target, int64_t path_offset);
