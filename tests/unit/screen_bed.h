/* A screen without a world: events made up, keys typed, effects looked at. */
#pragma once

#include "tui/screen/update.h"

/* An event of endpoint "stripe": position and seq are `seq`; borrowed until the next call. */
const struct event *bed_event(int64_t seq);
/* An attempt at it, its `number`th, answered with `status`. */
const struct attempt *bed_attempt(int64_t seq, int64_t number, int64_t status);

/* A model at 100 seconds after 1970 that is live; its first page has come: events 1 to `count`, with `older` before them. */
void bed_begin(struct model *model, int64_t count, bool older);

void bed_key(struct model *model, uint32_t key);
/* Each character of it a key. */
void bed_type(struct model *model, const char *text);
void bed_live_event(struct model *model, int64_t seq);
/* Answers the page under way with events `from` to `to` (descending when it asked newest first), then its end. */
void bed_page(struct model *model, int64_t from, int64_t to);
/* The bytes that were asked for come. */
void bed_detail(struct model *model, int64_t seq, const char *body);
void bed_tick(struct model *model, int64_t now_ms);

/* Takes effects out up to the first of `type` and hands it out (to be cleared); fails the test when there is none. */
struct effect bed_effect(struct model *model, enum effect_type type);
/* Whether one of `type` is waiting; takes all out. */
bool bed_has_effect(struct model *model, enum effect_type type);
/* What was answered at BED_BEGAN_MS is asked for again a while later, and not once more before it is answered. */
void bed_asks_again(struct model *model, enum effect_type type);
