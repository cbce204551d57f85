#include "tui/bulk_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"

/* Longest plan that is read: some 200,000 named events. */
#define PLAN_MOST (8 * 1024 * 1024)

struct bulk_files {
	char *path;
	int plan, journal, unanswered; /* the plan is locked as long as we are at it */
	uint64_t written;
	bool flushed_once;
	size_t ahead_count;
	char boot[BULK_BOOT_LEN + 1]; /* which run of the machine this is; "": not known here */
	struct {
		struct uuid event;
		bool used, ahead;
		uint64_t written; /* the count then */
	} places[BULK_PLACES];
};

void bulk_files_folder(struct buffer *out) {
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (state && *state == '/') {
		buffer_printf(out, "%s/hookline/replays", state);
	} else if (home && *home == '/') {
		buffer_printf(out, "%s/.local/state/hookline/replays", home);
	}
}

/* Linux tells; elsewhere what was ahead is in doubt after every crash. */
static void find_boot(char boot[BULK_BOOT_LEN + 1]) {
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	size_t len = file ? fread(boot, 1, BULK_BOOT_LEN, file) : 0;
	boot[len == BULK_BOOT_LEN ? len : 0] = '\0';
	if (file) {
		fclose(file);
	}
}

static struct bulk_files *files_new(const char *folder, const char *id) {
	struct bulk_files *files = alloc_zero(1, sizeof *files);
	struct buffer path = {0};
	buffer_printf(&path, "%s/%s", folder, id);
	files->path = alloc_text(path.data, path.len);
	files->plan = files->journal = files->unanswered = -1;
	find_boot(files->boot);
	buffer_clear(&path);
	return files;
}

void bulk_files_free(struct bulk_files *files) {
	if (!files) {
		return;
	}
	if (files->plan >= 0) {
		close(files->plan);
	}
	if (files->journal >= 0) {
		close(files->journal);
	}
	if (files->unanswered >= 0) {
		close(files->unanswered);
	}
	free(files->path);
	free(files);
}

const char *bulk_files_path(const struct bulk_files *files) {
	return files->path;
}

static int open_in(const char *folder, const char *name, int flags) {
	struct buffer path = {0};
	buffer_printf(&path, "%s/%s", folder, name);
	int fd = open(buffer_text(&path), flags | O_CLOEXEC, 0600);
	buffer_clear(&path);
	return fd;
}

static void remove_in(const char *folder, const char *name) {
	struct buffer path = {0};
	buffer_printf(&path, "%s/%s", folder, name);
	unlink(buffer_text(&path));
	buffer_clear(&path);
}

static bool write_all(int fd, struct span bytes) {
	while (bytes.len > 0) {
		ssize_t written = write(fd, bytes.data, bytes.len);
		if (written < 0 && errno != EINTR) {
			return false;
		}
		bytes = span_after(bytes, written > 0 ? (size_t)written : 0);
	}
	return true;
}

static bool fail(struct error *err, const char *what, const char *path) {
	return error_set(err, ERROR_IO, "%s %s: %s", what, path, strerror(errno));
}

/* With all folders above it. */
static bool make_folder(const char *path, struct error *err) {
	struct buffer part = {0};
	bool ok = true;
	for (const char *at = path; ok && *at; at++) {
		if (at > path && *at == '/') {
			ok = mkdir(buffer_text(&part), 0700) == 0 || errno == EEXIST || errno == EROFS ||
			     errno == EACCES;
		}
		buffer_append_byte(&part, *at);
	}
	ok = ok && (mkdir(path, 0700) == 0 || errno == EEXIST);
	buffer_clear(&part);
	return ok || fail(err, "make", path);
}

/* --- those that there are --- */

struct listing {
	char (*ids)[BULK_ID_LEN + 1];
	size_t count;
};

static int compare_ids(const void *left, const void *right) {
	return strcmp(left, right);
}

/* Oldest first. */
static struct listing list(const char *folder) {
	struct listing listing = {0};
	DIR *directory = opendir(folder);
	struct dirent *entry;
	while (directory && (entry = readdir(directory))) {
		if (bulk_id_is_valid(span_text(entry->d_name))) {
			listing.ids = alloc_resize(listing.ids, (listing.count + 1) * sizeof *listing.ids);
			memcpy(listing.ids[listing.count++], entry->d_name, BULK_ID_LEN + 1);
		}
	}
	if (directory) {
		closedir(directory);
	}
	if (listing.count > 0) {
		qsort(listing.ids, listing.count, sizeof *listing.ids, compare_ids);
	}
	return listing;
}

static bool is_unfinished(const char *folder, const char *id) {
	struct buffer path = {0};
	buffer_printf(&path, "%s/%s/plan.json", folder, id);
	bool there = access(buffer_text(&path), F_OK) == 0;
	buffer_clear(&path);
	return there;
}

static void remove_one(const char *folder, const char *id) {
	struct buffer path = {0};
	buffer_printf(&path, "%s/%s", folder, id);
	const char *one = buffer_text(&path);
	int plan = open_in(one, "plan.json", O_RDONLY);
	if (plan < 0 || flock(plan, LOCK_EX | LOCK_NB) == 0) {
		remove_in(one, "plan.json");
		remove_in(one, "journal");
		remove_in(one, "unanswered");
		remove_in(one, "report.json");
		rmdir(one);
	}
	if (plan >= 0) {
		close(plan);
	}
	buffer_clear(&path);
}

static void prune(const char *folder) {
	struct listing listing = list(folder);
	for (size_t i = 0; i + BULK_KEPT < listing.count; i++) {
		remove_one(folder, listing.ids[i]);
	}
	free(listing.ids);
}

/* --- beginning --- */

static bool make_in(struct bulk_files *files, const struct bulk_record *record, struct error *err) {
	struct buffer text = {0};
	if (mkdir(files->path, 0700) != 0) {
		return fail(err, "make", files->path);
	}
	bulk_record_append(&text, record);
	/* under its name only when it is whole */
	int fd = open_in(files->path, "plan.part", O_RDWR | O_CREAT | O_TRUNC);
	struct buffer from = {0}, to = {0};
	buffer_printf(&from, "%s/plan.part", files->path);
	buffer_printf(&to, "%s/plan.json", files->path);
	bool ok = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && write_all(fd, buffer_span(&text)) &&
	          rename(buffer_text(&from), buffer_text(&to)) == 0;
	files->plan = fd;
	files->journal = ok ? open_in(files->path, "journal", O_RDWR | O_CREAT | O_TRUNC) : -1;
	ok = files->journal >= 0 || fail(err, "write", files->path);
	buffer_clear(&from);
	buffer_clear(&to);
	buffer_clear(&text);
	return ok;
}

struct bulk_files *bulk_files_make(struct bulk_record *record, struct error *err) {
	struct buffer folder = {0};
	struct bulk_files *files = NULL;
	bulk_files_folder(&folder);
	if (folder.len == 0) {
		error_set(err, ERROR_IO, "neither XDG_STATE_HOME nor HOME says where to keep a replay");
	} else if (make_folder(buffer_text(&folder), err)) {
		bulk_record_make_id(record->id, record->made_at_ns,
			(unsigned)getpid() ^ (unsigned)(record->made_at_ns / 1000));
		files = files_new(buffer_text(&folder), record->id);
		if (!make_in(files, record, err)) {
			bulk_files_free(files);
			files = NULL;
		}
		prune(buffer_text(&folder));
	}
	buffer_clear(&folder);
	return files;
}

static bool read_plan(struct bulk_files *files, struct bulk_record *record, struct error *err) {
	struct stat stat;
	if (fstat(files->plan, &stat) != 0 || stat.st_size > PLAN_MOST) {
		return error_set(err, ERROR_IO, "%s/plan.json is no plan of a replay", files->path);
	}
	struct buffer text = {0};
	char *place = buffer_reserve(&text, (size_t)stat.st_size + 1);
	ssize_t len = pread(files->plan, place, (size_t)stat.st_size, 0);
	text.len = len > 0 ? (size_t)len : 0;
	bool ok = bulk_record_read(record, buffer_span(&text), err) ||
	          error_prefix(err, "%s/plan.json", files->path);
	buffer_clear(&text);
	return ok;
}

static bool open_one(struct bulk_files *files, struct bulk_record *record, struct error *err) {
	files->plan = open_in(files->path, "plan.json", O_RDWR);
	if (files->plan < 0) {
		return fail(err, "open", files->path);
	}
	if (flock(files->plan, LOCK_EX | LOCK_NB) != 0) {
		return error_set(err, ERROR_NO, "another hookline is at it (%s)", files->path);
	}
	files->journal = open_in(files->path, "journal", O_RDWR | O_CREAT);
	return (files->journal >= 0 || fail(err, "open the journal in", files->path)) &&
	       read_plan(files, record, err);
}

/* The newest one that is not complete, or the one of that id. */
static const char *choose(const struct listing *listing, const char *folder, struct span id) {
	for (size_t i = listing->count; i > 0; i--) {
		const char *known = listing->ids[i - 1];
		if ((id.len == 0 || span_is(id, known)) && is_unfinished(folder, known)) {
			return known;
		}
	}
	return NULL;
}

static void tell_none(
	const struct listing *listing, const char *folder, struct span id, struct error *err) {
	struct buffer there = {0};
	for (size_t i = listing->count; i > 0 && there.len < 200; i--) {
		if (is_unfinished(folder, listing->ids[i - 1])) {
			buffer_printf(&there, "%s%s", there.len > 0 ? ", " : "", listing->ids[i - 1]);
		}
	}
	if (there.len > 0) {
		error_set(err, ERROR_NO, "there is no replay \"%.*s\" to resume, but %s",
			(int)(id.len < 40 ? id.len : 40), id.data, buffer_text(&there));
	} else {
		error_set(err, ERROR_NO, "there is no replay to resume: all are complete");
	}
	buffer_clear(&there);
}

struct bulk_files *bulk_files_open(struct span id, struct bulk_record *record, struct error *err) {
	struct buffer folder = {0};
	struct bulk_files *files = NULL;
	bulk_files_folder(&folder);
	const char *path = buffer_text(&folder);
	struct listing listing = list(path);
	const char *chosen = choose(&listing, path, id);
	if (!chosen) {
		tell_none(&listing, path, id, err);
	} else {
		files = files_new(path, chosen);
		if (!open_one(files, record, err)) {
			error_prefix(err, "resume %s", chosen);
			bulk_files_free(files);
			files = NULL;
		}
	}
	free(listing.ids);
	buffer_clear(&folder);
	return files;
}

/* --- the journal --- */

static bool write_place(
	struct bulk_files *files, size_t at, const struct buffer *line, struct error *err) {
	ssize_t written = pwrite(files->journal, line->data, line->len, (off_t)at * BULK_PLACE_LEN);
	files->written++;
	return written == (ssize_t)line->len || fail(err, "write the journal in", files->path);
}

/* The place of an event, or a free one for none; BULK_PLACES: there is none. */
static size_t find_place(const struct bulk_files *files, const struct uuid *event) {
	size_t at = 0;
	while (at < BULK_PLACES &&
		   (event ? !files->places[at].used || !uuid_equal(&files->places[at].event, event)
				  : files->places[at].used)) {
		at++;
	}
	return at;
}

/* A place for it; BULK_PLACES and `err`: there is none. */
static size_t take_a_place(struct bulk_files *files, const struct uuid *event, struct error *err) {
	size_t at = find_place(files, event);
	at = at < BULK_PLACES ? at : find_place(files, NULL);
	if (at == BULK_PLACES) {
		error_set(err, ERROR_FULL, "more than %d events are on their way", BULK_PLACES);
		return at;
	}
	files->places[at].used = true;
	files->places[at].event = *event;
	return at;
}

bool bulk_files_ahead(struct bulk_files *files, const struct uuid *event) {
	if (find_place(files, event) < BULK_PLACES) {
		return false;
	}
	size_t at = find_place(files, NULL);
	if (at >= BULK_PLACES / 2) {
		return false;
	}
	struct buffer line = {0};
	files->places[at].used = files->places[at].ahead = true;
	files->places[at].event = *event;
	bulk_place_append_ahead(&line, event, files->boot);
	bool ok = write_place(files, at, &line, NULL);
	files->places[at].written = files->written;
	files->ahead_count++;
	buffer_clear(&line);
	return ok;
}

size_t bulk_files_ahead_count(const struct bulk_files *files) {
	return files->ahead_count;
}

static void come_to(struct bulk_files *files, size_t at) {
	files->ahead_count -= files->places[at].ahead ? 1 : 0;
	files->places[at].ahead = false;
}

/* Where it was noted ahead, that is what a power cut leaves of it: as good as this. */
bool bulk_files_sending(struct bulk_files *files, const struct uuid *event, struct error *err) {
	size_t at = take_a_place(files, event, err);
	if (at == BULK_PLACES) {
		return false;
	}
	struct buffer line = {0};
	bulk_place_append(&line, event, NULL);
	bool ok = write_place(files, at, &line, err);
	files->places[at].written =
		files->places[at].ahead ? files->places[at].written : files->written;
	come_to(files, at);
	buffer_clear(&line);
	return ok;
}

bool bulk_files_answered(
	struct bulk_files *files, const struct attempt *attempt, struct error *err) {
	size_t at = find_place(files, &attempt->event);
	struct buffer line = {0};
	if (at == BULK_PLACES) {
		return true;
	}
	bulk_place_append(&line, &attempt->event, attempt);
	bool ok = write_place(files, at, &line, err);
	buffer_clear(&line);
	return ok;
}

static void note_unanswered(struct bulk_files *files, const struct uuid *event) {
	char line[UUID_TEXT_LEN + 1];
	if (files->unanswered < 0) {
		files->unanswered = open_in(files->path, "unanswered", O_WRONLY | O_CREAT | O_APPEND);
	}
	uuid_format(event, line);
	line[UUID_TEXT_LEN] = '\n';
	write_all(files->unanswered, (struct span){line, sizeof line});
}

static int compare_uuids(const void *left, const void *right) {
	return memcmp(left, right, sizeof(struct uuid));
}

struct uuid *bulk_files_unanswered(struct bulk_files *files, size_t *count) {
	char line[UUID_TEXT_LEN + 1];
	struct uuid *all = NULL, id;
	size_t read_count = 0;
	int fd = open_in(files->path, "unanswered", O_RDONLY);
	FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
	while (file && read_count < BULK_UNANSWERED_MAX &&
		   fread(line, 1, sizeof line, file) == sizeof line) {
		if (uuid_parse(&id, (struct span){line, UUID_TEXT_LEN})) {
			if ((read_count & (read_count - 1)) == 0) {
				all = alloc_resize(all, (read_count ? 2 * read_count : 1) * sizeof *all);
			}
			all[read_count++] = id;
		}
	}
	if (file) {
		fclose(file);
	}
	*count = 0;
	if (read_count > 0) {
		qsort(all, read_count, sizeof *all, compare_uuids);
	}
	for (size_t i = 0; i < read_count; i++) {
		if (*count == 0 || !uuid_equal(&all[*count - 1], &all[i])) {
			all[(*count)++] = all[i];
		}
	}
	return all;
}

void bulk_files_settled(struct bulk_files *files, const struct uuid *event, bool answered) {
	if (!answered) {
		note_unanswered(files, event);
	}
	bulk_files_unsent(files, event);
}

static void empty_place(struct bulk_files *files, size_t at) {
	struct buffer line = {0};
	come_to(files, at);
	files->places[at].used = false;
	buffer_append_byte(&line, '\n');
	write_place(files, at, &line, NULL);
	buffer_clear(&line);
}

void bulk_files_unsent(struct bulk_files *files, const struct uuid *event) {
	size_t at = find_place(files, event);
	if (at < BULK_PLACES) {
		empty_place(files, at);
	}
}

void bulk_files_not_ahead(struct bulk_files *files, const struct uuid *event) {
	size_t at = find_place(files, event);
	if (at < BULK_PLACES && files->places[at].ahead) {
		empty_place(files, at);
	}
}

void bulk_files_forget_ahead(struct bulk_files *files) {
	for (size_t at = 0; at < BULK_PLACES; at++) {
		if (files->places[at].ahead) {
			empty_place(files, at);
		}
	}
}

/* --- what is to be flushed --- */

uint64_t bulk_files_written(const struct bulk_files *files) {
	return files->written;
}

uint64_t bulk_files_written_at(const struct bulk_files *files, const struct uuid *event) {
	size_t at = find_place(files, event);
	return at < BULK_PLACES ? files->places[at].written : 0;
}

static size_t add_handle(int handles[BULK_HANDLES], size_t count, int handle) {
	if (handle < 0) {
		return count;
	}
	handles[count] = handle;
	return count + 1;
}

size_t bulk_files_handles(struct bulk_files *files, int handles[BULK_HANDLES]) {
	size_t count = 0;
	if (!files->flushed_once) {
		count = add_handle(handles, count, fcntl(files->plan, F_DUPFD_CLOEXEC, 0));
		count = add_handle(handles, count, open(files->path, O_RDONLY | O_CLOEXEC));
		count = add_handle(handles, count, open_in(files->path, "..", O_RDONLY));
	}
	files->flushed_once = true;
	count = add_handle(handles, count, fcntl(files->journal, F_DUPFD_CLOEXEC, 0));
	return files->unanswered < 0
	           ? count
	           : add_handle(handles, count, fcntl(files->unanswered, F_DUPFD_CLOEXEC, 0));
}

void bulk_files_each_place(
	struct bulk_files *files, void (*each)(void *, const struct bulk_place *), void *data) {
	char bytes[BULK_PLACE_LEN];
	for (size_t at = 0; at < BULK_PLACES; at++) {
		struct bulk_place place;
		ssize_t len = pread(files->journal, bytes, sizeof bytes, (off_t)at * BULK_PLACE_LEN);
		if (len <= 0 || !bulk_place_read(&place, (struct span){bytes, (size_t)len})) {
			continue;
		}
		if (!place.ahead || !place.boot[0] || strcmp(place.boot, files->boot) != 0) {
			files->places[at].used = true;
			files->places[at].event = place.event;
			each(data, &place);
		}
		bulk_place_clear(&place);
	}
}

/* --- the end --- */

bool bulk_files_report(
	struct bulk_files *files, const struct bulk_report *report, bool complete, struct error *err) {
	struct buffer text = {0};
	int fd = open_in(files->path, "report.json", O_WRONLY | O_CREAT | O_TRUNC);
	bulk_report_append(&text, report, BULK_JSON);
	bool ok = fd >= 0 && write_all(fd, buffer_span(&text));
	ok = ok || fail(err, "write the report in", files->path);
	if (fd >= 0) {
		close(fd);
	}
	buffer_clear(&text);
	if (complete) {
		remove_in(files->path, "plan.json");
		remove_in(files->path, "journal");
		remove_in(files->path, "unanswered");
	}
	return ok;
}
