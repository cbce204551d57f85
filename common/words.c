#include "common/words.h"

#include <inttypes.h>
#include <time.h>

#include "common/moment.h"

void words_append_size(struct buffer *out, int64_t bytes) {
	static const char *const units[] = {"B", "kB", "MB", "GB"};
	double value = (double)bytes;
	size_t unit = 0;
	while (value >= 999.5 && unit < 3) {
		value /= 1000;
		unit++;
	}
	buffer_printf(out, unit > 0 && value < 9.95 ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void words_append_took(struct buffer *out, int64_t took_us) {
	if (took_us < 1000) {
		buffer_printf(out, "%" PRId64 " us", took_us);
	} else if (took_us < 1000000) {
		buffer_printf(out, "%" PRId64 " ms", took_us / 1000);
	} else {
		buffer_printf(out, "%.1f s", (double)took_us / 1000000);
	}
}

void words_append_age(struct buffer *out, int64_t ms) {
	static const struct {
		char name;
		int64_t seconds, until; /* from which number of seconds on the next unit reads better */
	} units[] = {{'s', 1, 60}, {'m', 60, 3600}, {'h', 3600, 86400},
		{'d', 86400, 365 * INT64_C(86400)}, {'y', 365 * INT64_C(86400), INT64_MAX}};
	int64_t seconds = ms / 1000;
	size_t unit = 0;
	if (seconds < 1) {
		buffer_append_text(out, "now");
		return;
	}
	while (seconds >= units[unit].until) {
		unit++;
	}
	buffer_printf(out, "%" PRId64 "%c", seconds / units[unit].seconds, units[unit].name);
}

void words_append_duration(struct buffer *out, int64_t ms) {
	static const struct {
		const char *name, *rest_name;
		int64_t seconds, rest_seconds;
	} units[] = {{"d", "h", 86400, 3600}, {"h", "min", 3600, 60}, {"min", "s", 60, 1}};
	int64_t seconds = (ms + 500) / 1000;
	if (ms > 0 && ms < 100) {
		buffer_printf(out, "%" PRId64 " ms", ms);
		return;
	}
	if (ms < 9950) {
		buffer_printf(out, ms > 0 ? "%.1f s" : "%.0f s", ms > 0 ? (double)ms / 1000 : 0.0);
		return;
	}
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		int64_t rest = seconds % units[i].seconds / units[i].rest_seconds;
		if (seconds >= units[i].seconds) {
			buffer_printf(out, "%" PRId64 " %s", seconds / units[i].seconds, units[i].name);
			if (rest > 0) {
				buffer_printf(out, " %" PRId64 " %s", rest, units[i].rest_name);
			}
			return;
		}
	}
	buffer_printf(out, "%" PRId64 " s", seconds);
}

void words_append_time(struct buffer *out, int64_t ns, bool with_day) {
	char text[32];
	struct tm local = {0};
	time_t seconds = (time_t)(ns / MOMENT_NS_PER_S);
	localtime_r(&seconds, &local);
	size_t len = strftime(text, sizeof text, with_day ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &local);
	buffer_append(out, text, len);
}

/* A number's unit. */
struct unit {
	const char *name;
	int64_t factor;
};

static bool read_with_unit(
	struct span text, const struct unit *units, size_t count, int64_t *value) {
	size_t len = 0;
	int64_t number = 0;
	for (; len < text.len && text.data[len] >= '0' && text.data[len] <= '9'; len++) {
		if (__builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(number, text.data[len] - '0', &number)) {
			return false;
		}
	}
	struct span unit = span_after(text, len);
	for (size_t i = 0; len > 0 && i < count; i++) {
		if (span_is(unit, units[i].name)) {
			return !__builtin_mul_overflow(number, units[i].factor, value);
		}
	}
	return false;
}

bool words_read_time(struct span text, int64_t *ms) {
	static const struct unit units[] = {
		{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
	return read_with_unit(text, units, sizeof units / sizeof *units, ms);
}

bool words_read_size(struct span text, int64_t *bytes) {
	static const struct unit units[] = {{"", 1}, {"B", 1}, {"k", 1000}, {"kB", 1000},
		{"M", 1000000}, {"MB", 1000000}, {"G", 1000000000}, {"GB", 1000000000}, {"KiB", 1 << 10},
		{"MiB", 1 << 20}, {"GiB", 1 << 30}};
	return read_with_unit(text, units, sizeof units / sizeof *units, bytes);
}
