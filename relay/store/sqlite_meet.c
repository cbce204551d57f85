#include "relay/store/sqlite_meet.h"

#include <uv.h>

/* What is behind is moved to where the other one stands, or behind that. */
static enum sqlite_scan draw_level(struct sqlite_meet *meet, uint64_t deadline, struct error *err) {
	if (meet->candidate == 0) {
		return sqlite_facets_next(meet->facets, deadline, &meet->candidate, err);
	}
	if (meet->typed == 0) {
		sqlite_keys_scan_seek(meet->types, meet->candidate);
		return sqlite_keys_scan_next(meet->types, deadline, &meet->typed, err);
	}
	if ((meet->typed > meet->candidate) == meet->newest_first) {
		meet->typed = 0;
		return SCAN_HIT;
	}
	meet->candidate = 0;
	return sqlite_facets_seek(meet->facets, meet->typed, err) ? SCAN_HIT : SCAN_FAILED;
}

enum sqlite_scan sqlite_meet_next(
	struct sqlite_meet *meet, uint64_t deadline, int64_t *position, struct error *err) {
	while (meet->candidate == 0 || meet->candidate != meet->typed) {
		enum sqlite_scan outcome = draw_level(meet, deadline, err);
		if (outcome != SCAN_HIT) {
			return outcome;
		}
		if (uv_hrtime() >= deadline) {
			return SCAN_PAUSED;
		}
	}
	*position = meet->candidate;
	meet->candidate = meet->typed = 0;
	return SCAN_HIT;
}
