/* Sizes, durations and times of day as people read them, the same on every line and screen. Nobody here asks a clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"

/* "120 B", "1.1 kB", "10 MB" */
void words_append_size(struct buffer *out, int64_t bytes);

/* "380 us", "12 ms", "3.2 s" */
void words_append_took(struct buffer *out, int64_t took_us);

/* How long ago, in at most four columns: "now" (below a second, or ahead of the clock), "7s", "12m", "3h", "5d", "2y". */
void words_append_age(struct buffer *out, int64_t ms);

/* How long something lasts, in two units at most: "7 ms", "0.4 s", "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
void words_append_duration(struct buffer *out, int64_t ms);

/* "03:43:41", or "2026-11-21 03:43:41" with its day, in the time of the place: people look at their own clock. */
void words_append_time(struct buffer *out, int64_t ns, bool with_day);

/*
 * The way back: "90s", "250ms", "2h", "7d" (ms, s, m, h, d) as milliseconds, and "512", "10k", "1MiB" (B, k, M, G, KiB,
 * MiB, GiB, and kB, MB, GB) as bytes. Whole numbers, nothing around them. False: it is none, or too large.
 */
bool words_read_time(struct span text, int64_t *ms);
bool words_read_size(struct span text, int64_t *bytes);
