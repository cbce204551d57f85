/* The reading connection and the endpoints' names; the reads themselves are in sqlite_read.c. */
#include "relay/store/sqlite_reader.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_keys.h"
#include "relay/store/sqlite_read.h"

/* Where the name of `endpoint` is, or would be put. */
static size_t place_of(const struct sqlite_reader *reader, int64_t endpoint) {
	size_t low = 0, high = reader->name_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (reader->names[middle].endpoint < endpoint) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static bool is_at(const struct sqlite_reader *reader, size_t at, int64_t endpoint) {
	return at < reader->name_count && reader->names[at].endpoint == endpoint;
}

const char *sqlite_reader_name(const struct sqlite_reader *reader, int64_t endpoint) {
	size_t at = place_of(reader, endpoint);
	return is_at(reader, at, endpoint) ? reader->names[at].text : NULL;
}

static void remove_name(struct sqlite_reader *reader, size_t at) {
	free(reader->names[at].text);
	reader->name_count--;
	memmove(reader->names + at, reader->names + at + 1,
		(reader->name_count - at) * sizeof *reader->names);
}

void sqlite_reader_set_name(struct sqlite_reader *reader, int64_t endpoint, struct span name) {
	size_t at = place_of(reader, endpoint);
	if (is_at(reader, at, endpoint)) {
		remove_name(reader, at);
	}
	if (name.len == 0) {
		return;
	}
	reader->names = alloc_resize(reader->names, (reader->name_count + 1) * sizeof *reader->names);
	memmove(reader->names + at + 1, reader->names + at,
		(reader->name_count - at) * sizeof *reader->names);
	reader->names[at] = (struct sqlite_name){endpoint, alloc_text(name.data, name.len)};
	reader->name_count++;
}

static bool take_name(void *data, sqlite3_stmt *row) {
	sqlite_reader_set_name(data, sqlite3_column_int64(row, 0), sqlite_column_span(row, 1));
	return true;
}

static bool read_names(struct sqlite_reader *reader, struct error *err) {
	static const char sql[] = "SELECT id, name FROM endpoint WHERE name IS NOT NULL ORDER BY id";
	return sqlite_db_each(sqlite_db_prepare(reader->db, sql, err), take_name, reader, err);
}

bool sqlite_reader_open(
	struct sqlite_reader *reader, const struct sqlite_file *file, struct error *err) {
	*reader = (struct sqlite_reader){.end = &reader->first};
	reader->db = sqlite_db_open(file->path, NULL, err);
	bool ok = reader->db && sqlite_db_set_up(reader->db, SQLITE_READER, !file->temporary, err) &&
	          sqlite_db_get_int(reader->db, "SELECT last_seq FROM counter WHERE endpoint = 0",
				  &reader->position, err) &&
	          sqlite_keys_read_mark(&reader->mark, &reader->type_mark, reader->db, err) &&
	          read_names(reader, err);
	if (ok) {
		reader->content = sqlite_db_prepare(
			reader->db, "SELECT head, body, trailers FROM content WHERE pos = ?1", err);
	}
	if (reader->content) {
		reader->answers = sqlite_db_prepare(reader->db,
			"SELECT ifnull(max(pos) FILTER (WHERE status BETWEEN 200 AND 299 AND error = ''), 0),"
			" ifnull(max(pos), 0) FROM attempt WHERE event = ?1 AND target IN (?2, ?3, ?4)"
			" AND status > 0",
			err);
	}
	if (!reader->answers) {
		sqlite_reader_close(reader);
	}
	return reader->db != NULL;
}

void sqlite_reader_close(struct sqlite_reader *reader) {
	sqlite_read_drop_all(reader);
	for (size_t i = 0; i < sizeof reader->rows / sizeof(sqlite3_stmt *); i++) {
		sqlite3_finalize((&reader->rows[0][0][0])[i]);
	}
	sqlite3_finalize(reader->content);
	sqlite3_finalize(reader->answers);
	sqlite3_finalize(reader->place);
	sqlite3_finalize(reader->facet_next);
	sqlite3_finalize(reader->facet_head[0]);
	sqlite3_finalize(reader->facet_head[1]);
	sqlite3_finalize(reader->marked_next[0]);
	sqlite3_finalize(reader->marked_next[1]);
	sqlite3_finalize(reader->keys);
	sqlite3_finalize(reader->key_places);
	sqlite3_finalize(reader->type_next);
	sqlite3_finalize(reader->type_places);
	sqlite3_finalize(reader->event_next[0]);
	sqlite3_finalize(reader->event_next[1]);
	buffer_clear(&reader->found_keys);
	sqlite3_close(reader->db);
	for (size_t i = 0; i < reader->name_count; i++) {
		free(reader->names[i].text);
	}
	free(reader->names);
	reader->db = NULL;
	reader->names = NULL;
	reader->name_count = 0;
}
