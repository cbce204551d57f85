/* The business keys of a row. */
#include "common/business_key.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_read.h"

static bool read_indexed(struct sqlite_reader *reader, struct sqlite_hit *hit, struct error *err) {
	if (!reader->keys) {
		reader->keys =
			sqlite_db_prepare(reader->db, "SELECT keys FROM event_keys WHERE pos = ?1", err);
	}
	if (!reader->keys) {
		return false;
	}
	sqlite3_bind_int64(reader->keys, 1, hit->event.position);
	int step = sqlite3_step(reader->keys);
	if (step == SQLITE_ROW) {
		hit->event.keys = sqlite_column_span(reader->keys, 0);
	}
	return step == SQLITE_ROW || step == SQLITE_DONE || sqlite_db_fail(reader->db, err);
}

/* What has too long a body is not looked into, so it is not read for it either. */
static bool find(struct sqlite_reader *reader, struct sqlite_hit *hit, struct error *err) {
	struct sqlite_hit bytes = {.entry = hit->entry};
	bytes.entry.position = hit->event.position;
	bool is_here = hit->entry.kind == ENTRY_EVENT && hit->entry.head.data;
	if (!reader->find_keys || (!is_here && hit->event.body_len > (int64_t)BUSINESS_KEY_BODY_MAX)) {
		return true;
	}
	if (!is_here && !sqlite_row_read_content(reader, &bytes, err)) {
		return false;
	}
	bytes.entry.kind = ENTRY_EVENT;
	bytes.entry.event = &hit->event;
	buffer_reset(&reader->found_keys);
	reader->find_keys(reader->find_keys_data, &bytes.entry, &reader->found_keys);
	if (reader->found_keys.len > 0) {
		hit->event.keys = buffer_span(&reader->found_keys);
	}
	if (!is_here) {
		sqlite3_reset(reader->content);
	}
	return true;
}

bool sqlite_row_read_keys(struct sqlite_reader *reader, struct sqlite_hit *hit, struct error *err) {
	const struct key_mark *mark = &reader->mark;
	int64_t position = hit->event.position;
	hit->event.keys = span_text(""); /* none, and known to be */
	return position > mark->low && position <= mark->head ? read_indexed(reader, hit, err)
	                                                      : find(reader, hit, err);
}

void sqlite_row_release_keys(struct sqlite_reader *reader) {
	sqlite3_reset(reader->keys);
}
