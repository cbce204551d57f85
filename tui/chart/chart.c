#include "tui/chart/chart.h"

#include <string.h>

static const char *const heights[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const widths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
static const char ascii_heights[] = " ..::||##";
static const char ascii_widths[] = " ---==###";

static struct chart_glyph glyph_of(const char *utf8, char ascii) {
	struct chart_glyph glyph = {.ascii = ascii};
	memcpy(glyph.utf8, utf8, strlen(utf8));
	return glyph;
}

int64_t chart_scale(int64_t value, int64_t most, int64_t steps) {
	if (value <= 0 || most <= 0 || steps <= 0) {
		return 0;
	}
	if (value >= most) {
		return steps;
	}
	int64_t scaled = (int64_t)((double)value / (double)most * (double)steps + 0.5);
	return scaled < 1 ? 1 : scaled > steps - 1 && steps > 1 ? steps - 1 : scaled;
}

/* Of `filled` steps, those that fall into the cell which has `each`. */
static size_t share(int64_t filled, size_t cell, size_t each) {
	int64_t rest = filled - (int64_t)(cell * each);
	return rest <= 0 ? 0 : rest >= (int64_t)each ? each : (size_t)rest;
}

struct chart_glyph chart_column(int64_t value, int64_t most, size_t rows, size_t row) {
	size_t eighths = share(chart_scale(value, most, (int64_t)rows * 8), row, 8);
	return glyph_of(heights[eighths], ascii_heights[eighths]);
}

struct chart_glyph chart_bar(int64_t value, int64_t most, size_t columns, size_t at) {
	size_t eighths = share(chart_scale(value, most, (int64_t)columns * 8), at, 8);
	return glyph_of(widths[eighths], ascii_widths[eighths]);
}

struct chart_glyph chart_braille(
	int64_t left, int64_t right, int64_t most, size_t rows, size_t row) {
	/* dots of a column from the bottom up, and with them those below */
	static const uint8_t lefts[] = {0, 0x40, 0x44, 0x46, 0x47};
	static const uint8_t rights[] = {0, 0x80, 0xa0, 0xb0, 0xb8};
	size_t l = share(chart_scale(left, most, (int64_t)rows * 4), row, 4);
	size_t r = share(chart_scale(right, most, (int64_t)rows * 4), row, 4);
	uint8_t dots = (uint8_t)(lefts[l] | rights[r]);
	if (dots == 0) {
		return glyph_of(" ", ' ');
	}
	struct chart_glyph glyph = {.ascii = ascii_heights[l > r ? l * 2 : r * 2]};
	glyph.utf8[0] = (char)0xe2;
	glyph.utf8[1] = (char)(0xa0 | dots >> 6);
	glyph.utf8[2] = (char)(0x80 | (dots & 0x3f));
	return glyph;
}

size_t chart_value_at(size_t at, size_t columns, size_t count) {
	return columns == 0 ? count : at * count / columns;
}

size_t chart_column_of(size_t index, size_t columns, size_t count) {
	return count == 0 ? 0 : (index * columns + count - 1) / count;
}

size_t chart_group(int64_t *sums, const int64_t *values, size_t count, size_t group) {
	size_t groups = 0;
	for (size_t i = 0; i < count; groups++) {
		int64_t sum = 0;
		for (size_t k = 0; k < group && i < count; k++) {
			sum += values[i++];
		}
		sums[groups] = sum;
	}
	return groups;
}

int64_t chart_most(const int64_t *values, size_t count) {
	int64_t most = 0;
	for (size_t i = 0; i < count; i++) {
		most = values[i] > most ? values[i] : most;
	}
	return most;
}

void chart_append(struct buffer *out, struct chart_glyph glyph, bool ascii) {
	if (ascii) {
		buffer_append_byte(out, glyph.ascii);
	} else {
		buffer_append(out, glyph.utf8, strnlen(glyph.utf8, sizeof glyph.utf8));
	}
}

void chart_append_sparkline(struct buffer *out, const int64_t *values, size_t count, bool ascii) {
	int64_t most = chart_most(values, count);
	for (size_t i = 0; i < count; i++) {
		chart_append(out, chart_column(values[i], most, 1, 0), ascii);
	}
}

void chart_append_bar(struct buffer *out, int64_t value, int64_t most, size_t columns, bool ascii) {
	for (size_t i = 0; i < columns; i++) {
		chart_append(out, chart_bar(value, most, columns, i), ascii);
	}
}
