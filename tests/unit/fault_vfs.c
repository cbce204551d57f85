#include "tests/unit/fault_vfs.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"

#define SECTOR 512

enum part { PART_FILE, PART_LOG, PART_COUNT, PART_OTHER };

/* What a file held at its last flush. */
struct image {
	char *data;
	sqlite3_int64 len;
};

static struct {
	pthread_mutex_t mutex; /* recursive: hooks call back */
	sqlite3_vfs vfs, *real;
	enum fault writes, syncs;
	int writes_one_in, syncs_one_in;
	uint32_t dice;
	int64_t log_syncs;
	void (*hook)(void *);
	void *hook_data;
	struct image images[PART_COUNT];
	sqlite3_file *open[PART_COUNT]; /* the newest handle of each, to read what it holds now */
} disk;

static _Thread_local int last_error; /* for xGetLastError */

struct fault_file {
	sqlite3_file base; /* first */
	enum part part;
	/* the real file follows */
};

static sqlite3_file *real_of(sqlite3_file *file) {
	return (sqlite3_file *)((struct fault_file *)file + 1);
}

static uint32_t roll(uint32_t *dice) {
	*dice = *dice * 1664525 + 1013904223;
	return *dice >> 8;
}

/* SQLITE_OK: this time it works. */
static int fall(enum fault fault, int one_in, int io_code) {
	if (fault == FAULT_NONE || (one_in > 1 && roll(&disk.dice) % (uint32_t)one_in != 0)) {
		return SQLITE_OK;
	}
	last_error = fault == FAULT_NO_SPACE ? ENOSPC : EIO;
	return fault == FAULT_NO_SPACE && io_code == SQLITE_IOERR_WRITE ? SQLITE_FULL : io_code;
}

static struct image take_image(sqlite3_file *real) {
	struct image image = {0};
	real->pMethods->xFileSize(real, &image.len);
	image.data = alloc_bytes((size_t)image.len + 1);
	for (sqlite3_int64 at = 0; at < image.len; at += 65536) {
		sqlite3_int64 len = image.len - at < 65536 ? image.len - at : 65536;
		real->pMethods->xRead(real, image.data + at, (int)len, at);
	}
	return image;
}

static void remember(enum part part, sqlite3_file *real) {
	free(disk.images[part].data);
	disk.images[part] = take_image(real);
}

static int on_close(sqlite3_file *file) {
	pthread_mutex_lock(&disk.mutex);
	for (int part = 0; part < PART_COUNT; part++) {
		if (disk.open[part] == real_of(file)) {
			disk.open[part] = NULL;
		}
	}
	int code = real_of(file)->pMethods->xClose(real_of(file));
	pthread_mutex_unlock(&disk.mutex);
	return code;
}

static int on_read(sqlite3_file *file, void *data, int len, sqlite3_int64 at) {
	return real_of(file)->pMethods->xRead(real_of(file), data, len, at);
}

static int on_write(sqlite3_file *file, const void *data, int len, sqlite3_int64 at) {
	pthread_mutex_lock(&disk.mutex);
	int code = fall(disk.writes, disk.writes_one_in, SQLITE_IOERR_WRITE);
	if (code == SQLITE_OK) {
		code = real_of(file)->pMethods->xWrite(real_of(file), data, len, at);
	}
	pthread_mutex_unlock(&disk.mutex);
	return code;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size) {
	pthread_mutex_lock(&disk.mutex);
	int code = real_of(file)->pMethods->xTruncate(real_of(file), size);
	pthread_mutex_unlock(&disk.mutex);
	return code;
}

static int on_sync(sqlite3_file *file, int flags) {
	struct fault_file *self = (struct fault_file *)file;
	pthread_mutex_lock(&disk.mutex);
	if (disk.hook) {
		disk.hook(disk.hook_data);
	}
	int code = fall(disk.syncs, disk.syncs_one_in, SQLITE_IOERR_FSYNC);
	if (code == SQLITE_OK) {
		code = real_of(file)->pMethods->xSync(real_of(file), flags);
	}
	if (code == SQLITE_OK && self->part < PART_COUNT) {
		disk.log_syncs += self->part == PART_LOG;
		if (disk.hook) {
			remember(self->part, real_of(file));
		}
	}
	pthread_mutex_unlock(&disk.mutex);
	return code;
}

static int on_file_size(sqlite3_file *file, sqlite3_int64 *size) {
	return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int on_lock(sqlite3_file *file, int level) {
	return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int on_unlock(sqlite3_file *file, int level) {
	return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int on_check_lock(sqlite3_file *file, int *out) {
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

static int on_control(sqlite3_file *file, int op, void *arg) {
	return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int on_sector_size(sqlite3_file *file) {
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int on_characteristics(sqlite3_file *file) {
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int on_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out) {
	return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}

static int on_shm_lock(sqlite3_file *file, int at, int count, int flags) {
	return real_of(file)->pMethods->xShmLock(real_of(file), at, count, flags);
}

static void on_shm_barrier(sqlite3_file *file) {
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int on_shm_unmap(sqlite3_file *file, int remove) {
	return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods methods = {2, on_close, on_read, on_write, on_truncate, on_sync,
	on_file_size, on_lock, on_unlock, on_check_lock, on_control, on_sector_size, on_characteristics,
	on_shm_map, on_shm_lock, on_shm_barrier, on_shm_unmap, NULL, NULL};

static int on_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
	(void)vfs;
	struct fault_file *self = (struct fault_file *)file;
	int code = disk.real->xOpen(disk.real, name, real_of(file), flags, out);
	file->pMethods = code == SQLITE_OK ? &methods : NULL;
	self->part = flags & SQLITE_OPEN_MAIN_DB ? PART_FILE
	             : flags & SQLITE_OPEN_WAL   ? PART_LOG
	                                         : PART_OTHER;
	if (code == SQLITE_OK && self->part < PART_COUNT) {
		pthread_mutex_lock(&disk.mutex);
		disk.open[self->part] = real_of(file);
		pthread_mutex_unlock(&disk.mutex);
	}
	return code;
}

static int on_last_error(sqlite3_vfs *vfs, int len, char *text) {
	(void)vfs;
	(void)len;
	(void)text;
	return last_error;
}

void fault_vfs_install(void) {
	pthread_mutexattr_t recursive;
	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	memset(&disk, 0, sizeof disk);
	pthread_mutex_init(&disk.mutex, &recursive);
	disk.dice = 4711;
	disk.real = sqlite3_vfs_find(NULL);
	disk.vfs = *disk.real;
	disk.vfs.zName = "fault";
	disk.vfs.pNext = NULL;
	disk.vfs.szOsFile = (int)sizeof(struct fault_file) + disk.real->szOsFile;
	disk.vfs.xOpen = on_open;
	disk.vfs.xGetLastError = on_last_error;
	assert_int_equal(sqlite3_vfs_register(&disk.vfs, 1), SQLITE_OK);
}

void fault_vfs_remove(void) {
	sqlite3_vfs_unregister(&disk.vfs);
	for (int part = 0; part < PART_COUNT; part++) {
		free(disk.images[part].data);
	}
	pthread_mutex_destroy(&disk.mutex);
}

void fault_vfs_fail_writes(enum fault fault, int one_in) {
	pthread_mutex_lock(&disk.mutex);
	disk.writes = fault;
	disk.writes_one_in = one_in;
	pthread_mutex_unlock(&disk.mutex);
}

void fault_vfs_fail_syncs(enum fault fault, int one_in) {
	pthread_mutex_lock(&disk.mutex);
	disk.syncs = fault;
	disk.syncs_one_in = one_in;
	pthread_mutex_unlock(&disk.mutex);
}

int64_t fault_vfs_log_syncs(void) {
	pthread_mutex_lock(&disk.mutex);
	int64_t syncs = disk.log_syncs;
	pthread_mutex_unlock(&disk.mutex);
	return syncs;
}

void fault_vfs_on_sync(void (*hook)(void *data), void *data) {
	pthread_mutex_lock(&disk.mutex);
	disk.hook = hook;
	disk.hook_data = data;
	for (int part = 0; hook && part < PART_COUNT; part++) {
		if (disk.open[part]) {
			remember((enum part)part, disk.open[part]);
		}
	}
	pthread_mutex_unlock(&disk.mutex);
}

/* The flushed image, with some sectors of what is there now. */
static void write_torn(
	const char *to, const struct image *flushed, sqlite3_file *now, uint32_t seed) {
	struct image torn = now ? take_image(now) : (struct image){0};
	FILE *file = fopen(to, "w");
	assert_non_null(file);
	for (sqlite3_int64 at = 0; at < flushed->len || (seed && at < torn.len); at += SECTOR) {
		bool arrived = seed && at < torn.len && roll(&seed) % 2;
		const struct image *from = arrived ? &torn : flushed;
		sqlite3_int64 len = from->len - at < SECTOR ? from->len - at : SECTOR;
		if (len > 0) {
			assert_int_equal(fseeko(file, at, SEEK_SET), 0);
			assert_int_equal(fwrite(from->data + at, 1, (size_t)len, file), len);
		}
	}
	fclose(file);
	free(torn.data);
}

void fault_vfs_cut_power(const char *to, uint32_t seed) {
	char log[256];
	snprintf(log, sizeof log, "%s-wal", to);
	pthread_mutex_lock(&disk.mutex);
	write_torn(to, &disk.images[PART_FILE], disk.open[PART_FILE], seed);
	write_torn(log, &disk.images[PART_LOG], disk.open[PART_LOG], seed ? seed + 1 : 0);
	pthread_mutex_unlock(&disk.mutex);
}
