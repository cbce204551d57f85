/* Only the log's own handle is wrapped; every other file goes straight to the layer below. */
#include "relay/store/sqlite_log.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* As much of a commit is written in one piece: SQLite's own layer takes no piece of 128 KiB or more. */
#define GATHER_BYTES (120 << 10)
/* So much room is made at a time, in pieces: as much as there is, up to this, so that the first commit has little to flush. */
#define ROOM_BYTES (1 << 20)
#define PIECE_BYTES (64 << 10)
/* In front of each page in the log; the log's own is a little longer. All zero it ends the log. */
#define FRAME_HEADER_BYTES 24

struct log_file {
	sqlite3_file base; /* first */
	char *gathered;    /* GATHER_BYTES */
	sqlite3_int64 at;  /* where in the file `gathered` belongs */
	int len;
	sqlite3_int64 size;      /* of the file, as far as we know */
	sqlite3_int64 unflushed; /* where the first byte was written since the last flush; -1: none */
							 /* the real file follows */
};

static sqlite3_file *real_of(sqlite3_file *file) {
	return (sqlite3_file *)((struct log_file *)file + 1);
}

static void note_written(struct log_file *log, sqlite3_int64 at) {
	if (log->unflushed < 0 || at < log->unflushed) {
		log->unflushed = at;
	}
}

/* A disk without room for it only loses the advantage. */
static void make_room(struct log_file *log, sqlite3_int64 end) {
	static const char zeros[PIECE_BYTES];
	sqlite3_file *real = real_of(&log->base);
	sqlite3_int64 room = end < ROOM_BYTES ? end : ROOM_BYTES;
	log->size = end;
	while (log->size < end + room &&
		   real->pMethods->xWrite(real, zeros, sizeof zeros, log->size) == SQLITE_OK) {
		log->size += (sqlite3_int64)sizeof zeros;
	}
}

/*
 * SQLite forgets a commit whose flush failed, and those who waited are told that it failed; but all of it may stand in
 * the file. Unless the next commit is written over it, a restart would find it there, whole and valid. So it loses its
 * beginning. If not even that can be written, or the power goes before it is on the disk, it may come back.
 */
static void disown(struct log_file *log) {
	static const char nothing[FRAME_HEADER_BYTES];
	sqlite3_file *real = real_of(&log->base);
	if (log->unflushed >= 0) {
		real->pMethods->xWrite(real, nothing, sizeof nothing, log->unflushed);
	}
}

/* What could not be written is forgotten: SQLite then undoes the commit. */
static int hand_on(sqlite3_file *file) {
	struct log_file *log = (struct log_file *)file;
	sqlite3_file *real = real_of(file);
	int len = log->len;
	if (len == 0) {
		return SQLITE_OK;
	}
	log->len = 0;
	note_written(log, log->at);
	int code = real->pMethods->xWrite(real, log->gathered, len, log->at);
	if (code == SQLITE_IOERR_WRITE && errno == EFBIG) {
		code =
			SQLITE_FULL; /* a limit on the size of files: waiting may help, as with a full disk */
	}
	if (code == SQLITE_OK && log->at + len > log->size) {
		make_room(log, log->at + len);
	}
	return code;
}

static int on_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 at) {
	struct log_file *log = (struct log_file *)file;
	if (log->len > 0 && (at != log->at + log->len || len > GATHER_BYTES - log->len)) {
		int code = hand_on(file);
		if (code != SQLITE_OK) {
			return code;
		}
	}
	if (len > GATHER_BYTES) {
		note_written(log, at);
		return real_of(file)->pMethods->xWrite(real_of(file), data, len, at);
	}
	if (log->len == 0) {
		log->at = at;
	}
	memcpy(log->gathered + log->len, data, (size_t)len);
	log->len += len;
	return SQLITE_OK;
}

static int on_read(sqlite3_file *file, void *data, int len, sqlite3_int64 at) {
	struct log_file *log = (struct log_file *)file;
	if (log->len > 0 && at < log->at + log->len && at + len > log->at) {
		int code = hand_on(file);
		if (code != SQLITE_OK) {
			return code;
		}
	}
	return real_of(file)->pMethods->xRead(real_of(file), data, len, at);
}

static int on_sync(sqlite3_file *file, int flags) {
	struct log_file *log = (struct log_file *)file;
	int code = hand_on(file);
	if (code == SQLITE_OK) {
		code = real_of(file)->pMethods->xSync(real_of(file), flags);
	}
	if (code == SQLITE_OK) {
		log->unflushed = -1;
	} else {
		disown(log);
	}
	return code;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size) {
	int code = hand_on(file);
	((struct log_file *)file)->size = size;
	return code == SQLITE_OK ? real_of(file)->pMethods->xTruncate(real_of(file), size) : code;
}

static int on_file_size(sqlite3_file *file, sqlite3_int64 *size) {
	int code = hand_on(file);
	return code == SQLITE_OK ? real_of(file)->pMethods->xFileSize(real_of(file), size) : code;
}

static int on_close(sqlite3_file *file) {
	struct log_file *log = (struct log_file *)file;
	int written = hand_on(file);
	int closed = real_of(file)->pMethods->xClose(real_of(file));
	free(log->gathered);
	log->gathered = NULL;
	return written == SQLITE_OK ? closed : written;
}

static int on_control(sqlite3_file *file, int op, void *argument) {
	return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}

static int on_sector_size(sqlite3_file *file) {
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int on_characteristics(sqlite3_file *file) {
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

/* A log is never locked; SQLite locks the file it belongs to. */
static int on_lock(sqlite3_file *file, int level) {
	(void)file;
	(void)level;
	return SQLITE_OK;
}

static int on_check_lock(sqlite3_file *file, int *locked) {
	(void)file;
	*locked = 0;
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = on_close,
	.xRead = on_read,
	.xWrite = on_write,
	.xTruncate = on_truncate,
	.xSync = on_sync,
	.xFileSize = on_file_size,
	.xLock = on_lock,
	.xUnlock = on_lock,
	.xCheckReservedLock = on_check_lock,
	.xFileControl = on_control,
	.xSectorSize = on_sector_size,
	.xDeviceCharacteristics = on_characteristics,
};

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
	sqlite3_vfs *real = ((struct sqlite_log *)vfs)->real;
	if (!(flags & SQLITE_OPEN_WAL)) {
		return real->xOpen(real, name, file, flags, out);
	}
	struct log_file *log = (struct log_file *)file;
	*log = (struct log_file){.unflushed = -1};
	int code = real->xOpen(real, name, real_of(file), flags, out);
	if (code == SQLITE_OK) {
		real_of(file)->pMethods->xFileSize(real_of(file), &log->size);
		log->gathered = alloc_bytes(GATHER_BYTES);
		log->base.pMethods = &methods;
	}
	return code;
}

bool sqlite_log_register(struct sqlite_log *log, struct error *err) {
	log->real = sqlite3_vfs_find(NULL);
	log->vfs = *log->real;
	sqlite3_snprintf(sizeof log->name, log->name, "hookline-%p", (void *)log);
	log->vfs.zName = log->name;
	log->vfs.pNext = NULL;
	log->vfs.szOsFile = (int)sizeof(struct log_file) + log->real->szOsFile;
	log->vfs.xOpen = on_open;
	return sqlite3_vfs_register(&log->vfs, 0) == SQLITE_OK ||
	       error_set(err, ERROR_IO, "SQLite does not take a file layer of ours");
}

void sqlite_log_unregister(struct sqlite_log *log) {
	if (log->real) {
		sqlite3_vfs_unregister(&log->vfs);
		log->real = NULL;
	}
}
