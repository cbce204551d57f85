/*
 * Charts of characters: which glyph a cell has, for a sparkline, bars, columns of several rows and a graph of braille dots. Pure; where the terminal has no
 * UTF-8 each glyph has an ASCII form. Whatever is not nothing is seen: the smallest value gets the smallest mark.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"

struct chart_glyph {
	char utf8[4]; /* one column wide */
	char ascii;
};

/* `value` of `most` in steps: 0 only for 0, `steps` only for `most`, which may be 0 (all is nothing then). */
int64_t chart_scale(int64_t value, int64_t most, int64_t steps);

/* The cell in row `row` (0: the lowest) of a column that is `rows` high, in eighths of a cell; one row is a sparkline. */
struct chart_glyph chart_column(int64_t value, int64_t most, size_t rows, size_t row);
/* The cell number `at` from the left of a bar that is `columns` long at most, in eighths of a cell. */
struct chart_glyph chart_bar(int64_t value, int64_t most, size_t columns, size_t at);
/* The cell in row `row` (0: the lowest) of an area under dots, 4 in each row: of two values side by side. */
struct chart_glyph chart_braille(
	int64_t left, int64_t right, int64_t most, size_t rows, size_t row);

/* Which of `count` values begins at column `at` of `columns`: each has its share of the columns; at == columns gives `count`. */
size_t chart_value_at(size_t at, size_t columns, size_t count);
/* Where value `index` begins; the way back. */
size_t chart_column_of(size_t index, size_t columns, size_t count);

/* Sums of `group` values each; returns how many. `sums` may be `values`. */
size_t chart_group(int64_t *sums, const int64_t *values, size_t count, size_t group);
int64_t chart_most(const int64_t *values, size_t count);

void chart_append(struct buffer *out, struct chart_glyph glyph, bool ascii);
/* A glyph for each value. */
void chart_append_sparkline(struct buffer *out, const int64_t *values, size_t count, bool ascii);
/* A bar with blanks behind it. */
void chart_append_bar(struct buffer *out, int64_t value, int64_t most, size_t columns, bool ascii);
