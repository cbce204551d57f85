#include "tui/term/clipboard.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/signature/encoding.h"

#define BEGIN "\x1b]52;c;"
#define END "\x07"

/* A program that was given a text. It lives until it has ended and both handles are closed, whatever becomes of the clipboard. */
struct job {
	struct clipboard *clipboard; /* NULL: freed */
	uv_process_t process;
	uv_pipe_t input;
	uv_write_t write;
	char *text;
	int handles; /* not closed yet */
};

struct clipboard {
	uv_loop_t *loop;
	struct job *jobs[CLIPBOARD_PROGRAMS];
};

static const char *const programs[][5] = {
	{"wl-copy"},
	{"xclip", "-selection", "clipboard", "-in"},
	{"xsel", "--clipboard", "--input"},
	{"pbcopy"},
};

void clipboard_sequence(struct buffer *out, struct span text, bool through_tmux) {
	buffer_append_text(out, BEGIN);
	encoding_append(out, ENCODING_BASE64, text);
	buffer_append_text(out, END);
	if (through_tmux) { /* in what is passed through every escape is doubled */
		buffer_append_text(out, "\x1bPtmux;\x1b" BEGIN);
		encoding_append(out, ENCODING_BASE64, text);
		buffer_append_text(out, END "\x1b\\");
	}
}

static bool is_set(const char *name) {
	const char *value = getenv(name);
	return value && *value;
}

bool clipboard_has_desktop(void) {
#ifdef __APPLE__
	return !is_set("SSH_CONNECTION");
#else
	return !is_set("SSH_CONNECTION") && (is_set("WAYLAND_DISPLAY") || is_set("DISPLAY"));
#endif
}

static void on_closed(uv_handle_t *handle) {
	struct job *job = handle->data;
	if (--job->handles > 0) {
		return;
	}
	for (size_t i = 0; job->clipboard && i < CLIPBOARD_PROGRAMS; i++) {
		if (job->clipboard->jobs[i] == job) {
			job->clipboard->jobs[i] = NULL;
		}
	}
	free(job->text);
	free(job);
}

static void close_handle(uv_handle_t *handle) {
	if (!uv_is_closing(handle)) {
		uv_close(handle, on_closed);
	}
}

static void close_job(struct job *job) {
	close_handle((uv_handle_t *)&job->input);
	close_handle((uv_handle_t *)&job->process);
}

static void on_written(uv_write_t *write, int status) {
	(void)status; /* a program that did not want it all has said so by ending */
	struct job *job = write->data;
	close_handle((uv_handle_t *)&job->input);
}

static void on_ended(uv_process_t *process, int64_t status, int signum) {
	(void)status;
	(void)signum;
	close_job(process->data);
}

/* Starts one program; false: it is not there. */
static bool start_program(struct job *job, uv_loop_t *loop, const char *const *words) {
	uv_stdio_container_t files[] = {
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&job->input},
		{.flags = UV_IGNORE},
		{.flags = UV_IGNORE},
	};
	uv_process_options_t options = {
		.file = words[0],
		.args = (char **)(uintptr_t)words,
		.exit_cb = on_ended,
		.stdio = files,
		.stdio_count = 3,
		.flags = UV_PROCESS_DETACHED, /* some stay to serve the text, also when we have gone */
	};
	return uv_spawn(loop, &job->process, &options) == 0;
}

static struct job *job_new(struct clipboard *clipboard, struct span text) {
	struct job *job = alloc_zero(1, sizeof *job);
	job->clipboard = clipboard;
	job->text = alloc_text(text.data, text.len);
	job->process.data = job->input.data = job->write.data = job;
	return job;
}

static bool run(struct clipboard *clipboard, struct job **place, struct span text) {
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
		struct job *job = job_new(clipboard, text);
		uv_pipe_init(clipboard->loop, &job->input, 0);
		job->handles = 2; /* uv_spawn makes a handle of the process even when it fails */
		if (start_program(job, clipboard->loop, programs[i])) {
			uv_buf_t bytes = uv_buf_init(job->text, (unsigned)text.len);
			uv_unref((uv_handle_t *)&job->process);
			*place = job;
			if (uv_write(&job->write, (uv_stream_t *)&job->input, &bytes, 1, on_written) < 0) {
				close_job(job);
			}
			return true;
		}
		close_job(job);
	}
	return false;
}

bool clipboard_start(struct clipboard *clipboard, struct span text, struct error *err) {
	for (size_t i = 0; i < CLIPBOARD_PROGRAMS; i++) {
		if (!clipboard->jobs[i]) {
			return run(clipboard, &clipboard->jobs[i], text) ||
			       error_set(err, ERROR_NO,
					   "nothing can reach the clipboard: wl-copy, xclip or xsel would");
		}
	}
	return error_set(err, ERROR_FULL, "the texts copied before have not been taken yet");
}

struct clipboard *clipboard_new(uv_loop_t *loop) {
	struct clipboard *clipboard = alloc_zero(1, sizeof *clipboard);
	clipboard->loop = loop;
	return clipboard;
}

void clipboard_free(struct clipboard *clipboard) {
	for (size_t i = 0; clipboard && i < CLIPBOARD_PROGRAMS; i++) {
		if (clipboard->jobs[i]) {
			clipboard->jobs[i]->clipboard = NULL;
			close_job(clipboard->jobs[i]);
		}
	}
	free(clipboard);
}
