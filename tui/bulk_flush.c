#include "tui/bulk_flush.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"

/* One flush, with descriptors of its own: what they belong to may be gone before it ends. */
struct job {
	uv_work_t work;
	struct bulk_flush *flush; /* NULL: nobody waits for it any more */
	int handles[BULK_HANDLES];
	size_t count;
	uint64_t written; /* what it covers */
	bool first;       /* names and sizes count, too, not the bytes alone */
	int failure;      /* errno, or 0 */
};

struct bulk_flush {
	uv_loop_t *loop;
	struct bulk_files *files;
	bulk_flushed_fn *flushed;
	void *data;
	struct job *job; /* NULL: none is under way */
	bool wanted;     /* another one behind it */
	uint64_t flushed_to;
};

/* What cannot be flushed at all, such as some network file systems, is no failure: nobody could do better there. */
static int flush_one(int handle, bool first) {
#ifdef F_FULLFSYNC
	(void)first;
	int failed = fcntl(handle, F_FULLFSYNC) == 0 ? 0 : fsync(handle);
#else
	int failed = first ? fsync(handle) : fdatasync(handle);
#endif
	return failed == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS ? 0 : errno;
}

static void work(uv_work_t *work) {
	struct job *job = work->data;
	for (size_t i = 0; i < job->count && job->failure == 0; i++) {
		job->failure = flush_one(job->handles[i], job->first);
	}
}

static void begin(struct bulk_flush *flush);

static void tell(struct bulk_flush *flush, int failure) {
	struct error err = {0};
	if (failure) {
		error_set(&err, ERROR_IO, "flush the journal in %s: %s", bulk_files_path(flush->files),
			strerror(failure));
	}
	flush->flushed(flush->data, failure ? &err : NULL);
}

static void on_worked(uv_work_t *work, int status) {
	struct job *job = work->data;
	struct bulk_flush *flush = job->flush;
	int failure = job->failure;
	(void)status;
	for (size_t i = 0; i < job->count; i++) {
		close(job->handles[i]);
	}
	if (flush) {
		flush->job = NULL;
		flush->flushed_to = failure ? flush->flushed_to : job->written;
		if (flush->wanted && !failure) {
			begin(flush);
		}
		tell(flush, failure);
	}
	free(job);
}

static void begin(struct bulk_flush *flush) {
	struct job *job = flush->job = alloc_zero(1, sizeof *job);
	flush->wanted = false;
	job->flush = flush;
	job->work.data = job;
	job->first = flush->flushed_to == 0;
	job->written = bulk_files_written(flush->files);
	job->count = bulk_files_handles(flush->files, job->handles);
	uv_queue_work(flush->loop, &job->work, work, on_worked);
}

void bulk_flush_ask(struct bulk_flush *flush) {
	if (flush->job) {
		flush->wanted = true;
	} else {
		begin(flush);
	}
}

bool bulk_flush_has(const struct bulk_flush *flush, const struct uuid *event) {
	uint64_t written = bulk_files_written_at(flush->files, event);
	return written > 0 && written <= flush->flushed_to;
}

struct bulk_flush *bulk_flush_new(
	uv_loop_t *loop, struct bulk_files *files, bulk_flushed_fn *flushed, void *data) {
	struct bulk_flush *flush = alloc_zero(1, sizeof *flush);
	*flush = (struct bulk_flush){.loop = loop, .files = files, .flushed = flushed, .data = data};
	return flush;
}

void bulk_flush_free(struct bulk_flush *flush) {
	if (flush && flush->job) {
		flush->job->flush = NULL;
	}
	free(flush);
}
