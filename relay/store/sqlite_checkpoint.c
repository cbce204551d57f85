/* The last commits of a busy log are always just out of reach; the writer carries those few itself. */
#include "relay/store/sqlite_checkpoint.h"

#include "relay/store/sqlite_db.h"

/* A page in the log with its header. */
#define LOG_PAGE_BYTES 4120
/* New pages in the log that are worth a pass. */
#define PASS_PAGES 1000
/* So few pages are carried by the writer, between two commits, so that the log can begin anew. */
#define REST_PAGES 200

/* With `pass` held. */
static void carry(struct sqlite_checkpoint *checkpoint) {
	int log = 0, carried = 0;
	if (!checkpoint->is_open || sqlite3_wal_checkpoint_v2(checkpoint->db, NULL,
									SQLITE_CHECKPOINT_PASSIVE, &log, &carried) != SQLITE_OK) {
		return; /* the log keeps everything; the next pass tries again */
	}
	uv_mutex_lock(&checkpoint->mutex);
	checkpoint->carried = carried;
	uv_mutex_unlock(&checkpoint->mutex);
}

static bool wait_until_wanted(struct sqlite_checkpoint *checkpoint) {
	uv_mutex_lock(&checkpoint->mutex);
	while (!checkpoint->wanted && !checkpoint->closing) {
		uv_cond_wait(&checkpoint->work, &checkpoint->mutex);
	}
	bool go_on = !checkpoint->closing;
	checkpoint->wanted = false;
	uv_mutex_unlock(&checkpoint->mutex);
	return go_on;
}

static bool open_db(void *data, struct error *err) {
	struct sqlite_checkpoint *checkpoint = data;
	int64_t version;
	uv_mutex_lock(&checkpoint->pass);
	checkpoint->db = sqlite_db_open(checkpoint->file->path, NULL, err);
	/* The first read makes SQLite look at the log, which nobody should wait for later. */
	bool ok =
		checkpoint->db &&
		sqlite_db_set_up(checkpoint->db, SQLITE_CHECKPOINTER, !checkpoint->file->temporary, err) &&
		sqlite_db_get_int(checkpoint->db, "PRAGMA schema_version", &version, err);
	checkpoint->is_open = ok;
	uv_mutex_unlock(&checkpoint->pass);
	return ok;
}

static void carry_on(void *data) {
	struct sqlite_checkpoint *checkpoint = data;
	while (wait_until_wanted(checkpoint)) {
		uv_mutex_lock(&checkpoint->pass);
		carry(checkpoint);
		uv_mutex_unlock(&checkpoint->pass);
	}
}

static void close_all(struct sqlite_checkpoint *checkpoint) {
	uv_mutex_destroy(&checkpoint->mutex);
	uv_mutex_destroy(&checkpoint->pass);
	uv_cond_destroy(&checkpoint->work);
	sqlite3_close(checkpoint->db);
	*checkpoint = (struct sqlite_checkpoint){0};
}

bool sqlite_checkpoint_start(struct sqlite_checkpoint *checkpoint, const struct sqlite_file *file,
	int64_t log_bytes, struct error *err) {
	*checkpoint =
		(struct sqlite_checkpoint){.file = file, .most_pages = log_bytes / LOG_PAGE_BYTES};
	uv_mutex_init(&checkpoint->mutex);
	uv_mutex_init(&checkpoint->pass);
	uv_cond_init(&checkpoint->work);
	if (!sqlite_thread_start(&checkpoint->thread, open_db, carry_on, checkpoint, err)) {
		close_all(checkpoint);
		return false;
	}
	return true;
}

static void ask(struct sqlite_checkpoint *checkpoint, int64_t pages) {
	checkpoint->asked_for = pages;
	uv_mutex_lock(&checkpoint->mutex);
	checkpoint->wanted = true;
	uv_cond_signal(&checkpoint->work);
	uv_mutex_unlock(&checkpoint->mutex);
}

static int64_t not_carried(struct sqlite_checkpoint *checkpoint, int64_t pages) {
	uv_mutex_lock(&checkpoint->mutex);
	int64_t rest = pages - checkpoint->carried;
	uv_mutex_unlock(&checkpoint->mutex);
	return rest;
}

/* When all is carried, SQLite begins the log anew with the next commit. */
static void help(struct sqlite_checkpoint *checkpoint, int64_t pages) {
	if (pages > checkpoint->most_pages) {
		uv_mutex_lock(&checkpoint->pass);
	} else if (pages < checkpoint->most_pages / 4 || not_carried(checkpoint, pages) > REST_PAGES ||
			   uv_mutex_trylock(&checkpoint->pass) != 0) {
		return;
	}
	carry(checkpoint);
	uv_mutex_unlock(&checkpoint->pass);
}

void sqlite_checkpoint_tend(struct sqlite_checkpoint *checkpoint, int64_t pages) {
	if (pages < checkpoint->log_pages) {
		checkpoint->asked_for = 0;
		uv_mutex_lock(&checkpoint->mutex);
		checkpoint->carried = 0;
		uv_mutex_unlock(&checkpoint->mutex);
	}
	checkpoint->log_pages = pages;
	if (pages - checkpoint->asked_for >= PASS_PAGES) {
		ask(checkpoint, pages);
	}
	help(checkpoint, pages);
}

void sqlite_checkpoint_stop(struct sqlite_checkpoint *checkpoint) {
	if (!checkpoint->thread.running) {
		return;
	}
	uv_mutex_lock(&checkpoint->mutex);
	checkpoint->closing = true;
	uv_cond_signal(&checkpoint->work);
	uv_mutex_unlock(&checkpoint->mutex);
	sqlite_thread_join(&checkpoint->thread);
	close_all(checkpoint);
}
