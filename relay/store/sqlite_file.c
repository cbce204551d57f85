/* Nobody else may write to our file: two relays on one store would hand out the same numbers twice. */
#include "relay/store/sqlite_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/vfs.h>
#endif

#include "common/alloc.h"

static char *joined(const char *a, const char *b) {
	size_t len = strlen(a) + strlen(b);
	char *text = alloc_bytes(len + 1);
	snprintf(text, len + 1, "%s%s", a, b);
	return text;
}

/* Makes every missing folder on the way to the file. */
static bool make_folders(const char *path, struct error *err) {
	char *folder = alloc_text(path, strlen(path));
	bool ok = true;
	for (char *slash = strchr(folder + 1, '/'); ok && slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		ok = mkdir(folder, 0700) == 0 || errno == EEXIST || errno == EISDIR ||
		     error_set(err, ERROR_IO, "make folder %s: %s", folder, strerror(errno));
		*slash = '/';
	}
	free(folder);
	return ok;
}

/* SQLite gives its log and index the mode of the file, so the file is made here. It stays open: see is_here. */
static bool make_file(struct sqlite_file *file, const char *path, struct error *err) {
	file->opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return file->opened >= 0 ||
	       error_set(err, ERROR_IO, "open store %s: %s", path, strerror(errno));
}

/* The name of a file system whose locks and flushes are not to be trusted, or NULL. */
static const char *network_kind(const char *path) {
#ifdef __linux__
	struct statfs disk;
	if (statfs(path, &disk) == 0) {
		switch ((unsigned long)disk.f_type & 0xffffffffUL) {
		case 0x6969:
			return "NFS";
		case 0x517b:
		case 0xfe534d42:
		case 0xff534d42:
			return "SMB";
		}
	}
#else
	(void)path;
#endif
	return NULL;
}

static void give_lock_back(struct sqlite_file *file) {
	if (file->lock >= 0) {
		close(file->lock);
	}
	file->lock = -1;
}

static bool refuse_in_use(const char *path, int fd, struct error *err) {
	char pid[24] = "";
	ssize_t len = pread(fd, pid, sizeof pid - 1, 0);
	pid[len > 0 ? len : 0] = '\0';
	pid[strcspn(pid, "\n")] = '\0';
	return error_set(
		err, ERROR_IO, "%s is in use by hookline-relay, pid %s", path, pid[0] ? pid : "unknown");
}

/* Opens the lock file as `file->lock` and locks it; `info` is what is known of it then. */
static bool lock_file(
	struct sqlite_file *file, const char *path, struct stat *info, struct error *err) {
	int fd = file->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		return error_set(err, ERROR_IO, "open %s: %s", path, strerror(errno));
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, info) == 0) {
		return true;
	}
	if (errno != EWOULDBLOCK) {
		error_set(err, ERROR_IO, "lock %s: %s", path, strerror(errno));
	} else {
		refuse_in_use(file->path, fd, err);
	}
	give_lock_back(file);
	return false;
}

static bool take_lock(struct sqlite_file *file, struct error *err) {
	char *path = joined(file->path, ".lock");
	struct stat info = {0};
	bool ok = lock_file(file, path, &info, err);
	/* Taken away between our opening and locking it (sqlite_file_abandon): the next one would lock another file. */
	while (ok && info.st_nlink == 0) {
		give_lock_back(file);
		ok = lock_file(file, path, &info, err);
	}
	free(path);
	if (!ok) {
		return false;
	}
	file->lock_is_new = info.st_size == 0;
	/* The pid only helps a person; a full disk is no reason not to start. */
	if (ftruncate(file->lock, 0) != 0 || dprintf(file->lock, "%ld\n", (long)getpid()) < 0) {
		errno = 0;
	}
	return true;
}

static bool make_temporary(struct sqlite_file *file, struct error *err) {
	const char *folder = getenv("TMPDIR");
	if (access("/dev/shm", W_OK) == 0) {
		folder = "/dev/shm";
	}
	char *made = joined(folder ? folder : "/tmp", "/hookline-XXXXXX");
	bool ok =
		mkdtemp(made) || error_set(err, ERROR_IO, "make folder %s: %s", made, strerror(errno));
	if (ok) {
		file->path = joined(made, "/store.db");
		file->temporary = true;
	}
	free(made);
	return ok && make_file(file, file->path, err);
}

/* Beside the lock file: one store may have several names (hard links), and a lock file can be taken away. */
static bool lock_itself(struct sqlite_file *file, struct error *err) {
	if (flock(file->opened, LOCK_EX | LOCK_NB) == 0) {
		return true;
	}
	sqlite_file_abandon(file);
	return errno == EWOULDBLOCK
	           ? error_set(err, ERROR_IO, "%s is in use by another hookline-relay", file->path)
	           : error_set(err, ERROR_IO, "lock %s: %s", file->path, strerror(errno));
}

static bool open_named(struct sqlite_file *file, const char *name, struct error *err) {
	if (!make_folders(name, err) || !make_file(file, name, err)) {
		return false;
	}
	file->path = realpath(name, NULL);
	if (!file->path) {
		return error_set(err, ERROR_IO, "open store %s: %s", name, strerror(errno));
	}
	const char *kind = network_kind(file->path);
	if (kind) {
		return error_set(err, ERROR_IO,
			"%s is on a network file system (%s), where a store cannot be kept safely: "
			"put it on a local disk",
			file->path, kind);
	}
	return take_lock(file, err) && lock_itself(file, err);
}

bool sqlite_file_open(struct sqlite_file *file, const char *name, struct error *err) {
	*file = (struct sqlite_file){.lock = -1, .opened = -1};
	if (!name[0]) {
		return error_set(err, ERROR_CONFIG, "the store needs a file: sqlite:FILE");
	}
	bool ok =
		strcmp(name, ":memory:") == 0 ? make_temporary(file, err) : open_named(file, name, err);
	if (!ok) {
		sqlite_file_close(file);
	}
	return ok;
}

void sqlite_file_forget(struct sqlite_file *file) {
	static const char *const endings[] = {"", "-wal", "-shm"};
	if (!file->temporary || !file->path) {
		return;
	}
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		char *path = joined(file->path, endings[i]);
		unlink(path);
		free(path);
	}
	char *folder = alloc_text(file->path, (size_t)(strrchr(file->path, '/') - file->path));
	rmdir(folder);
	free(folder);
}

/* While it is still locked, so that nobody else has a lock on what goes; see take_lock. */
void sqlite_file_abandon(struct sqlite_file *file) {
	if (file->lock >= 0 && file->lock_is_new) {
		char *path = joined(file->path, ".lock");
		unlink(path);
		free(path);
	}
}

void sqlite_file_close(struct sqlite_file *file) {
	sqlite_file_forget(file);
	if (file->opened >= 0) {
		close(file->opened);
	}
	give_lock_back(file);
	free(file->path);
	*file = (struct sqlite_file){.lock = -1, .opened = -1};
}

bool sqlite_file_is_here(const struct sqlite_file *file, struct error *err) {
	struct stat now, opened;
	if (file->temporary || fstat(file->opened, &opened) != 0) {
		return true;
	}
	bool gone = stat(file->path, &now) != 0;
	if (gone && errno != ENOENT && errno != ENOTDIR) {
		return true;
	}
	if (!gone && now.st_ino == opened.st_ino && now.st_dev == opened.st_dev) {
		return true;
	}
	return error_set(err, ERROR_FULL,
		"%s was %s while it was in use: put it back, or start the relay anew", file->path,
		gone ? "moved or removed" : "replaced");
}

int64_t sqlite_file_free_bytes(const struct sqlite_file *file, int64_t *total) {
	struct statvfs disk;
	if (statvfs(file->path, &disk) != 0) {
		return INT64_MAX;
	}
	if (total) {
		*total = (int64_t)disk.f_blocks * (int64_t)disk.f_frsize;
	}
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}

static int64_t size_of(const char *path, const char *ending) {
	char *name = joined(path, ending);
	struct stat info;
	int64_t size = stat(name, &info) == 0 ? (int64_t)info.st_size : 0;
	free(name);
	return size;
}

int64_t sqlite_file_bytes(const struct sqlite_file *file) {
	return size_of(file->path, "") + size_of(file->path, "-wal");
}
