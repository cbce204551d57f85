#include "tui/prove/shell_job.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/buffer.h"

#define READ_BYTES 16384

struct shell_job {
	uv_process_t process;
	uv_pipe_t out;
	uv_timer_t timer;
	int open; /* handles that are not closed yet */
	struct buffer output;
	bool cut, exited, ended, timed_out, told;
	int exit_code;
	shell_job_done_fn *done; /* NULL: nobody wants to know */
	void *data;
	char room[READ_BYTES];
};

static void on_closed(uv_handle_t *handle) {
	struct shell_job *job = handle->data;
	if (--job->open == 0) {
		buffer_clear(&job->output);
		free(job);
	}
}

static void close_all(struct shell_job *job) {
	uv_close((uv_handle_t *)&job->process, on_closed);
	uv_close((uv_handle_t *)&job->out, on_closed);
	uv_close((uv_handle_t *)&job->timer, on_closed);
}

/* Over once it has exited and whoever had its stdout has let it go. */
static void settle(struct shell_job *job) {
	if (!job->exited || !job->ended || job->told) {
		return;
	}
	job->told = true;
	struct shell_job_result result = {.timed_out = job->timed_out,
		.exit_code = job->timed_out ? -1 : job->exit_code,
		.output = buffer_span(&job->output),
		.cut = job->cut};
	if (job->done) {
		job->done(job->data, &result);
	}
	close_all(job);
}

/* It leads a group of its own: what it started goes, too. */
static void kill_all(struct shell_job *job) {
	if (job->process.pid > 0) {
		kill(-job->process.pid, SIGKILL);
	}
}

static void on_exited(uv_process_t *process, int64_t status, int signal_number) {
	struct shell_job *job = process->data;
	job->exited = true;
	job->exit_code = signal_number ? 128 + signal_number : (int)status;
	settle(job);
}

static void on_time(uv_timer_t *timer) {
	struct shell_job *job = timer->data;
	job->timed_out = true;
	job->ended = true; /* who still holds the pipe is not waited for */
	kill_all(job);
	settle(job);
}

static void allocate(uv_handle_t *handle, size_t size, uv_buf_t *block) {
	struct shell_job *job = handle->data;
	(void)size;
	*block = uv_buf_init(job->room, sizeof job->room);
}

static void on_bytes(uv_stream_t *stream, ssize_t len, const uv_buf_t *block) {
	struct shell_job *job = stream->data;
	if (len < 0) {
		job->ended = true;
		uv_read_stop(stream);
		settle(job);
		return;
	}
	size_t room = SHELL_JOB_BYTES_MAX - job->output.len;
	job->cut = job->cut || (size_t)len > room;
	buffer_append(&job->output, block->base, (size_t)len < room ? (size_t)len : room);
}

static int spawn(uv_loop_t *loop, struct shell_job *job, const char *command) {
	char *args[] = {"sh", "-c", (char *)(uintptr_t)command, NULL};
	uv_stdio_container_t streams[3] = {{.flags = UV_IGNORE},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&job->out},
		{.flags = UV_INHERIT_FD, .data.fd = 2}};
	uv_process_options_t options = {.exit_cb = on_exited,
		.file = "/bin/sh",
		.args = args,
		.flags = UV_PROCESS_DETACHED,
		.stdio = streams,
		.stdio_count = 3};
	return uv_spawn(loop, &job->process, &options);
}

struct shell_job *shell_job_start(
	uv_loop_t *loop, const char *command, shell_job_done_fn *done, void *data, struct error *err) {
	struct shell_job *job = alloc_zero(1, sizeof *job);
	job->open = 3;
	job->process.data = job->out.data = job->timer.data = job;
	uv_pipe_init(loop, &job->out, 0);
	uv_timer_init(loop, &job->timer);
	int code = spawn(loop, job, command);
	if (code != 0) {
		error_set(err, ERROR_IO, "run sh: %s", uv_strerror(code));
		job->told = true;
		close_all(job);
		return NULL;
	}
	job->done = done;
	job->data = data;
	uv_read_start((uv_stream_t *)&job->out, allocate, on_bytes);
	uv_timer_start(&job->timer, on_time, SHELL_JOB_MS, 0);
	return job;
}

/* The process is waited for all the same, so that it does not stay behind as a zombie. */
void shell_job_stop(struct shell_job *job) {
	if (!job || job->told) {
		return;
	}
	job->done = NULL;
	job->ended = true;
	uv_read_stop((uv_stream_t *)&job->out);
	kill_all(job);
	settle(job);
}
