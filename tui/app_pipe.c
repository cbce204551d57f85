/*
 * A command that is given a payload, in a session of its own: it has no terminal to read from or to paint on, and all that it starts ends with it.
 * What it writes is told as it comes, up to a limit.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "tui/app_parts.h"

extern char **environ;

/* How long it has to end when it is asked to, and its output to be read when it has ended. */
#define PATIENCE_MS 1000
#define LAST_OUTPUT_MS 300

struct pipe_run {
	struct app *app; /* NULL: nobody listens any more */
	uint32_t number;
	uv_process_t process;
	uv_pipe_t in, out;
	uv_timer_t timer;
	uv_write_t write;
	struct buffer body;
	char chunk[65536];
	size_t written;
	bool exited, drained, asked, cut;
	int64_t status;
	int signum;
	int open_handles;
};

static void on_closed(uv_handle_t *handle) {
	struct pipe_run *run = handle->data;
	if (--run->open_handles == 0) {
		buffer_clear(&run->body);
		free(run);
	}
}

static void close_handle(uv_handle_t *handle) {
	if (!uv_is_closing(handle)) {
		uv_close(handle, on_closed);
	}
}

/* Everything that the command has started, too: it leads a group of its own. */
static void end_all(struct pipe_run *run, int signum) {
	if (run->process.pid > 0) {
		kill(-run->process.pid, signum);
	}
}

static void close_all(struct pipe_run *run) {
	if (run->app && run->app->pipe == run) {
		run->app->pipe = NULL;
	}
	run->app = NULL;
	close_handle((uv_handle_t *)&run->process);
	close_handle((uv_handle_t *)&run->in);
	close_handle((uv_handle_t *)&run->out);
	close_handle((uv_handle_t *)&run->timer);
}

static void tell_end(struct pipe_run *run) {
	char text[128];
	bool well = run->status == 0 && run->signum == 0 && !run->cut;
	if (run->cut) {
		snprintf(text, sizeof text, "ended: it wrote more than %zu KiB", PIPED_OUTPUT_MAX / 1024);
	} else if (run->signum != 0) {
		snprintf(text, sizeof text, "%s by signal %d (%s)", run->asked ? "ended" : "it ended",
			run->signum, strsignal(run->signum));
	} else {
		snprintf(text, sizeof text, "exit code %d", (int)run->status);
	}
	app_tell(run->app,
		&(struct msg){
			.type = MSG_PIPE_OVER, .page = run->number, .text = span_text(text), .mine = well});
}

static void finish(struct pipe_run *run) {
	if (run->app) {
		tell_end(run);
	}
	end_all(run, SIGKILL); /* what it may have left behind */
	close_all(run);
}

static void on_late(uv_timer_t *timer) {
	struct pipe_run *run = timer->data;
	if (run->exited && run->app) {
		finish(run); /* something it has left behind holds its output open */
	} else {
		end_all(run, SIGKILL);
	}
}

static void on_ended(uv_process_t *process, int64_t status, int signum) {
	struct pipe_run *run = process->data;
	run->exited = true;
	run->status = status;
	run->signum = signum;
	if (!run->app) {
		end_all(run, SIGKILL);
		close_all(run);
	} else if (run->drained) {
		finish(run);
	} else {
		uv_timer_start(&run->timer, on_late, LAST_OUTPUT_MS, 0);
	}
}

static void ask_to_end(struct pipe_run *run) {
	if (!run->exited && !run->asked) {
		run->asked = true;
		end_all(run, SIGTERM);
		uv_timer_start(&run->timer, on_late, PATIENCE_MS, 0);
	}
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *out) {
	struct pipe_run *run = handle->data;
	(void)size;
	*out = uv_buf_init(run->chunk, sizeof run->chunk);
}

static void on_output(uv_stream_t *stream, ssize_t count, const uv_buf_t *chunk) {
	struct pipe_run *run = stream->data;
	if (count < 0) {
		run->drained = true;
		uv_read_stop(stream);
		if (run->exited) {
			finish(run);
		}
		return;
	}
	run->written += (size_t)count;
	if (run->app && count > 0) {
		app_tell(run->app, &(struct msg){.type = MSG_PIPE_OUTPUT,
							   .page = run->number,
							   .text = {chunk->base, (size_t)count}});
	}
	if (run->written > PIPED_OUTPUT_MAX && !run->cut) {
		run->cut = run->drained = true;
		uv_read_stop(stream);
		if (run->exited) {
			finish(run);
		} else {
			ask_to_end(run);
		}
	}
}

/* A command need not read what it is given: head does not. */
static void on_written(uv_write_t *write, int status) {
	struct pipe_run *run = write->data;
	(void)status;
	close_handle((uv_handle_t *)&run->in);
}

/* Ours, but for what is about this program, and as is right where there is no terminal. */
static char **environment(void) {
	static const char *const ours[] = {
		"TERM=dumb", "PAGER=cat", "GIT_PAGER=cat", "NO_COLOR=1", "LANG=C.UTF-8"};
	static const char *const left_out[] = {"TERM=", "PAGER=", "GIT_PAGER=", "NO_COLOR=", "LINES=",
		"COLUMNS=", "HOOKLINE_", "MANPAGER="};
	size_t count = 0, kept = 0, own = sizeof ours / sizeof *ours;
	own -= getenv("LANG") != NULL || getenv("LC_ALL") != NULL;
	while (environ[count]) {
		count++;
	}
	char **list = alloc_zero(count + own + 1, sizeof *list);
	for (size_t i = 0; i < count; i++) {
		bool out = false;
		for (size_t k = 0; k < sizeof left_out / sizeof *left_out; k++) {
			out = out || strncmp(environ[i], left_out[k], strlen(left_out[k])) == 0;
		}
		if (!out) {
			list[kept++] = environ[i];
		}
	}
	for (size_t i = 0; i < own; i++) {
		list[kept++] = (char *)ours[i];
	}
	return list;
}

static struct pipe_run *run_new(struct app *app, uint32_t number) {
	struct pipe_run *run = alloc_zero(1, sizeof *run);
	run->app = app;
	run->number = number;
	run->process.data = run->in.data = run->out.data = run->timer.data = run->write.data = run;
	uv_pipe_init(app->loop, &run->in, 0);
	uv_pipe_init(app->loop, &run->out, 0);
	uv_timer_init(app->loop, &run->timer);
	run->open_handles = 4;
	return run;
}

/* Both outputs of the command are one. */
static int start(struct pipe_run *run, struct span command) {
	struct buffer script = {0};
	buffer_append_text(&script, "exec 2>&1\n");
	buffer_append_span(&script, command);
	char *words[] = {(char *)"sh", (char *)"-c", (char *)buffer_text(&script), NULL};
	char **env = environment();
	uv_stdio_container_t stdio[] = {
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&run->in},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&run->out},
		{.flags = UV_IGNORE}};
	uv_process_options_t options = {.exit_cb = on_ended,
		.file = "/bin/sh",
		.args = words,
		.env = env,
		.flags = UV_PROCESS_DETACHED,
		.stdio = stdio,
		.stdio_count = sizeof stdio / sizeof *stdio};
	int failed = uv_spawn(run->app->loop, &run->process, &options);
	free(env);
	buffer_clear(&script);
	return failed;
}

/* It ends, and nobody looks at it any more. */
static void forget(struct app *app) {
	if (app->pipe) {
		app->pipe->app = NULL;
		end_all(app->pipe, SIGKILL);
		app->pipe = NULL;
	}
}

void app_pipe(struct app *app, struct effect *effect) {
	forget(app);
	struct pipe_run *run = run_new(app, effect->page);
	app->pipe = run;
	int failed = start(run, buffer_span(&effect->text));
	if (failed) {
		struct error err = {0};
		error_set(&err, ERROR_IO, "start the command: %s", uv_strerror(failed));
		app_tell(app, &(struct msg){.type = MSG_PIPE_OVER, .page = effect->page, .error = &err});
		close_all(run);
		return;
	}
	run->body = effect->body; /* kept until it is written */
	effect->body = (struct buffer){0};
	uv_buf_t all = uv_buf_init(run->body.data, (unsigned)run->body.len);
	uv_read_start((uv_stream_t *)&run->out, on_alloc, on_output);
	if (run->body.len == 0 || uv_write(&run->write, (uv_stream_t *)&run->in, &all, 1, on_written)) {
		close_handle((uv_handle_t *)&run->in);
	}
}

void app_pipe_stop(struct app *app) {
	if (app->pipe) {
		ask_to_end(app->pipe);
	}
}

void app_pipe_clear(struct app *app) {
	struct pipe_run *run = app->pipe;
	forget(app);
	if (run) {
		close_all(run);
	}
}
