/*
 * Something to be done at the end of a turn of the loop, just before it waits: what came up in the turn is done together.
 */
#pragma once

#include <uv.h>

struct turn;

typedef void turn_end_fn(void *data);

struct turn *turn_new(uv_loop_t *loop, turn_end_fn *end, void *data);
/* Allowed at any time, also from within `end`; NULL, too. */
void turn_free(struct turn *turn);
/* `end` is called once, before the loop waits next. Within `end` it means the turn after. */
void turn_want(struct turn *turn);
