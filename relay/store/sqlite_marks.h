/* Events that somebody has marked are few: a filter that wants only those is answered from an index of them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"
#include "relay/store/sqlite_reader.h"
#include "relay/store/sqlite_scan.h"

/* What is between both positions, without them, is still to come; a scan moves one of them. */
struct sqlite_marks {
	struct sqlite_reader *reader;
	bool newest_first;
	int64_t low, high;
};

/* The next one; it has no other end than the last. */
enum sqlite_scan sqlite_marks_next(
	struct sqlite_marks *marks, int64_t *position, struct error *err);

/* The question it asks: ?1 is `low`, ?2 is `high`. */
const char *sqlite_marks_sql(bool newest_first);
