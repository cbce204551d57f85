/* The file of an SQLite store: its folder, who may open it, and the room on its disk. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"

struct sqlite_file {
	char *path;       /* resolved: links lead to one lock */
	bool temporary;   /* in a folder of its own that sqlite_file_forget takes away */
	int lock;         /* descriptor that holds the lock, -1: none */
	bool lock_is_new; /* no relay has held it before */
	int opened; /* descriptor of the file itself, locked like the lock; -1: none. SQLite's own come and go */
};

/*
 * Makes missing folders (0700) and the file (0600), refuses network file systems, and locks it against every other
 * process and every other store in this one. ":memory:" is a temporary file, on a memory disk where there is one.
 */
bool sqlite_file_open(struct sqlite_file *file, const char *name, struct error *err);

/* Once all connections are open: nothing of a temporary file remains when the process ends. */
void sqlite_file_forget(struct sqlite_file *file);

/* Takes the lock's own file away again where it is new, as what is locked is no store of ours; before sqlite_file_close. */
void sqlite_file_abandon(struct sqlite_file *file);

/*
 * Whether the file still stands under its name; ERROR_FULL (it gets better by waiting) says what became of it. What is
 * written to one that does not would be on a disk, and in no history. Two system calls.
 */
bool sqlite_file_is_here(const struct sqlite_file *file, struct error *err);

/* Gives the lock back. Allowed on a file that could not be opened. */
void sqlite_file_close(struct sqlite_file *file);

/* Bytes free for us on its disk, and the size of that disk in `total` (NULL allowed); INT64_MAX when not known. */
int64_t sqlite_file_free_bytes(const struct sqlite_file *file, int64_t *total);

/* Bytes of the file and its write-ahead log. */
int64_t sqlite_file_bytes(const struct sqlite_file *file);
