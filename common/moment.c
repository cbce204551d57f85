#include "common/moment.h"

#include <inttypes.h>

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar (years begin in March to put the leap day last). */
static int64_t days_from_date(int64_t year, int month, int day) {
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static void date_from_days(int64_t days, int64_t *year, int *month, int *day) {
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * day_of_year + 2) / 153;
	*day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
	*month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	*year = year_of_era + era * 400 + (*month <= 2);
}

static void append_year(struct buffer *out, int64_t year) {
	if (year >= 0 && year < 10000) {
		buffer_append_digits(out, (uint64_t)year, 4);
	} else {
		buffer_printf(out, "%04" PRId64, year);
	}
}

static void append_two(struct buffer *out, char before, int number) {
	buffer_append_byte(out, before);
	buffer_append_digits(out, (uint64_t)number, 2);
}

/* Date and time of day with `between` in the middle; returns the nanoseconds within the second. */
static int64_t append_seconds(struct buffer *out, int64_t ns, char between) {
	int64_t seconds = ns / MOMENT_NS_PER_S, rest = ns % MOMENT_NS_PER_S;
	if (rest < 0) {
		rest += MOMENT_NS_PER_S;
		seconds--;
	}
	int64_t days = seconds / 86400, second = seconds % 86400;
	if (second < 0) {
		second += 86400;
		days--;
	}
	int64_t year;
	int month, day;
	date_from_days(days, &year, &month, &day);
	append_year(out, year);
	append_two(out, '-', month);
	append_two(out, '-', day);
	append_two(out, between, (int)(second / 3600));
	append_two(out, ':', (int)(second / 60 % 60));
	append_two(out, ':', (int)(second % 60));
	return rest;
}

void moment_append(struct buffer *out, int64_t ns) {
	int64_t rest = append_seconds(out, ns, 'T');
	buffer_append_byte(out, '.');
	buffer_append_digits(out, (uint64_t)rest, 9);
	buffer_append_byte(out, 'Z');
}

void moment_append_short(struct buffer *out, int64_t ns) {
	append_seconds(out, ns, ' ');
}

/* Exactly `digits` decimal digits off the front of `text`. */
static bool take_number(struct span *text, int digits, int *value) {
	if (text->len < (size_t)digits) {
		return false;
	}
	*value = 0;
	for (int i = 0; i < digits; i++) {
		char c = text->data[i];
		if (c < '0' || c > '9') {
			return false;
		}
		*value = *value * 10 + (c - '0');
	}
	*text = span_after(*text, (size_t)digits);
	return true;
}

static bool take_byte(struct span *text, const char *any_of) {
	if (text->len == 0) {
		return false;
	}
	for (; *any_of; any_of++) {
		if (text->data[0] == *any_of) {
			*text = span_after(*text, 1);
			return true;
		}
	}
	return false;
}

/* ".25" -> 250000000; nothing there is 0; digits beyond the ninth are dropped. */
static bool take_fraction(struct span *text, int64_t *ns) {
	*ns = 0;
	if (!take_byte(text, ".")) {
		return true;
	}
	int64_t unit = MOMENT_NS_PER_S / 10;
	size_t digits = 0;
	for (; text->len > 0 && text->data[0] >= '0' && text->data[0] <= '9'; digits++) {
		*ns += (text->data[0] - '0') * unit;
		unit /= 10;
		*text = span_after(*text, 1);
	}
	return digits > 0;
}

/* "Z" or "+01:30", as seconds east. */
static bool take_offset(struct span *text, int64_t *seconds) {
	*seconds = 0;
	if (take_byte(text, "Zz")) {
		return true;
	}
	int sign = text->len > 0 && text->data[0] == '-' ? -1 : 1;
	int hours, minutes;
	if (!take_byte(text, "+-") || !take_number(text, 2, &hours) || !take_byte(text, ":") ||
		!take_number(text, 2, &minutes) || hours > 23 || minutes > 59) {
		return false;
	}
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

static int days_in_month(int year, int month) {
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

bool moment_parse(int64_t *ns, struct span text) {
	int year, month, day, hour, minute, second;
	int64_t fraction, offset;
	bool date = take_number(&text, 4, &year) && take_byte(&text, "-") &&
	            take_number(&text, 2, &month) && take_byte(&text, "-") &&
	            take_number(&text, 2, &day);
	bool time = date && take_byte(&text, "Tt ") && take_number(&text, 2, &hour) &&
	            take_byte(&text, ":") && take_number(&text, 2, &minute) && take_byte(&text, ":") &&
	            take_number(&text, 2, &second);
	if (!time || !take_fraction(&text, &fraction) || !take_offset(&text, &offset) || text.len > 0) {
		return false;
	}
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 ||
		minute > 59 || second > 60 || year < 1700 || year > 2200) {
		return false; /* int64_t nanoseconds reach from 1678 to 2262 */
	}
	int64_t seconds = days_from_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	*ns = (seconds - offset) * MOMENT_NS_PER_S + fraction;
	return true;
}

bool moment_parse_any(int64_t *ns, struct span text) {
	struct span rest = text;
	int64_t seconds = 0, fraction;
	size_t digits = 0;
	for (; digits < 10 && rest.len > 0 && rest.data[0] >= '0' && rest.data[0] <= '9'; digits++) {
		seconds = seconds * 10 + (rest.data[0] - '0');
		rest = span_after(rest, 1);
	}
	if (digits > 0 && take_fraction(&rest, &fraction) && rest.len == 0 && seconds < 7258118400) {
		*ns = seconds * MOMENT_NS_PER_S + fraction;
		return true;
	}
	return moment_parse(ns, text);
}
