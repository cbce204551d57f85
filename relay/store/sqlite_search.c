#include "relay/store/sqlite_search.h"

#include <stdlib.h>
#include <uv.h>

#include "common/alloc.h"
#include "common/buffer.h"

/* Events with so many bytes are looked at at once. */
#define SMALL ((size_t)4 * 1024)

/* Looked at between two looks at the clock: about 100 us. */
#define STEP_BYTES ((size_t)64 * 1024)

struct sqlite_search {
	int64_t position;
	struct event *event;
	struct buffer bytes; /* head, then body */
	struct filter_scan *scan;
};

static struct sqlite_search *search_new(const struct filter *filter, const struct event *event,
	int64_t position, struct span head, struct span body) {
	struct sqlite_search *search = alloc_zero(1, sizeof *search);
	search->position = position;
	search->event = event_copy(event);
	buffer_append_span(&search->bytes, head);
	buffer_append_span(&search->bytes, body);
	struct span all = buffer_span(&search->bytes);
	search->scan = filter_scan_new(
		filter, search->event, (struct span){all.data, head.len}, span_after(all, head.len));
	return search;
}

void sqlite_search_free(struct sqlite_search *search) {
	if (search) {
		filter_scan_free(search->scan);
		buffer_clear(&search->bytes);
		free(search->event);
		free(search);
	}
}

bool sqlite_search_is_at(const struct sqlite_search *search, int64_t position) {
	return search && search->position == position;
}

enum filter_scanned sqlite_search_run(struct sqlite_search *search, uint64_t deadline) {
	enum filter_scanned scanned;
	do {
		scanned = filter_scan_step(search->scan, STEP_BYTES);
	} while (scanned == FILTER_GO_ON && uv_hrtime() < deadline);
	return scanned;
}

enum filter_scanned sqlite_search_bytes(struct sqlite_search **search, const struct filter *filter,
	const struct event *event, int64_t position, const struct entry *bytes, uint64_t deadline) {
	bool begun = sqlite_search_is_at(*search, position);
	if (!begun && bytes->head.len + bytes->body.len <= SMALL) {
		bool matches = filter_matches_bytes(filter, event, bytes->head, bytes->body);
		return matches ? FILTER_MATCHES : FILTER_DIFFERS;
	}
	if (!begun) {
		sqlite_search_free(*search);
		*search = search_new(filter, event, position, bytes->head, bytes->body);
	}
	return sqlite_search_run(*search, deadline);
}
