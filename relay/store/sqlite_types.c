#include "relay/store/sqlite_types.h"

#include "common/buffer.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_keys.h"

const char sqlite_types_next_sql[] =
	"SELECT type FROM event_type WHERE bucket = ?1 AND type >= ?2 ORDER BY type LIMIT 1";
const char sqlite_types_places_sql[] = "SELECT pos FROM event_type WHERE bucket = ?1 AND type = ?2";

/* --- written --- */

static bool add(struct sqlite_writer *writer, int64_t low, int64_t high) {
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_TYPES_ADD);
	sqlite3_bind_int64(stmt, 1, low);
	sqlite3_bind_int64(stmt, 2, high);
	return low >= high || sqlite_step_done(stmt);
}

static bool read_mark(struct sqlite_writer *writer, struct sqlite_type_mark *types) {
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_TYPE_MARK);
	bool ok = sqlite3_step(stmt) == SQLITE_ROW;
	if (ok) {
		*types =
			(struct sqlite_type_mark){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
	}
	sqlite3_reset(stmt);
	return ok;
}

bool sqlite_types_follow(struct sqlite_writer *writer, const struct key_mark *keys, bool batch,
	struct sqlite_type_mark *types) {
	if (!read_mark(writer, types)) {
		return false;
	}
	if (!batch && keys->head - types->head > KEYS_BUCKET) {
		/* too many for one job: they come with the keys, which begin anew from here */
		*types = (struct sqlite_type_mark){keys->head, keys->head};
		return true;
	}
	bool ok = add(writer, types->head, keys->head) && add(writer, keys->low, types->low);
	types->head = keys->head > types->head ? keys->head : types->head;
	types->low = keys->low < types->low ? keys->low : types->low;
	return ok;
}

/* --- read --- */

static bool load_places(struct sqlite_reader *reader, int64_t bucket, struct span type,
	uint64_t *bits, struct error *err) {
	sqlite3_stmt *stmt =
		sqlite_db_prepare_once(&reader->type_places, reader->db, sqlite_types_places_sql, err);
	int step = SQLITE_ERROR;
	if (stmt) {
		sqlite3_bind_int64(stmt, 1, bucket);
		sqlite_bind_text_span(stmt, 2, type);
		while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
			size_t bit = (size_t)(sqlite3_column_int64(stmt, 0) & (KEYS_BUCKET - 1));
			bits[bit / 64] |= (uint64_t)1 << bit % 64;
		}
		sqlite3_reset(stmt);
	}
	return stmt && (step == SQLITE_DONE || sqlite_db_fail(reader->db, err));
}

/* The type of the bucket that comes first from `*type` on takes its place. False: none does, or `err`. */
static bool next_type(
	struct sqlite_reader *reader, int64_t bucket, struct buffer *type, struct error *err) {
	sqlite3_stmt *stmt =
		sqlite_db_prepare_once(&reader->type_next, reader->db, sqlite_types_next_sql, err);
	if (!stmt) {
		return false;
	}
	sqlite3_bind_int64(stmt, 1, bucket);
	sqlite_bind_text_span(stmt, 2, buffer_span(type));
	int step = sqlite3_step(stmt);
	struct span found = step == SQLITE_ROW ? sqlite_column_span(stmt, 0) : (struct span){0};
	buffer_reset(type);
	buffer_append_span(type, found);
	sqlite3_reset(stmt);
	return step == SQLITE_ROW || (step != SQLITE_DONE && sqlite_db_fail(reader->db, err));
}

bool sqlite_types_load(struct sqlite_reader *reader, const struct filter *filter, int64_t bucket,
	uint64_t *bits, struct error *err) {
	struct span prefix = filter_type_prefix(filter);
	struct buffer type = {0};
	bool ok = true;
	buffer_append_span(&type, prefix);
	while (ok && next_type(reader, bucket, &type, err) &&
		   span_starts_with(buffer_span(&type), prefix)) {
		if (filter_may_match_type(filter, buffer_span(&type))) {
			ok = load_places(reader, bucket, buffer_span(&type), bits, err);
		}
		buffer_append_byte(&type, '\0'); /* the least that is greater */
	}
	buffer_clear(&type);
	return ok && err->code == ERROR_NONE;
}
