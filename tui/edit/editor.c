#include "tui/edit/editor.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/buffer.h"

/* What the shell ends with when nobody wants to go on. */
#define EXIT_GIVEN_UP 77

struct editor {
	uv_process_t process;
	editor_done_fn *done;
	void *data;
	char *command;
	struct sigaction interrupt, quit; /* as they were before */
	bool over;                        /* it has ended, and the signals are as they were */
	bool freed;
};

static const char *command_of(const struct editor_options *options) {
	if (options->command) {
		return options->command;
	}
	const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
	return visual && *visual ? visual : editor && *editor ? editor : "vi";
}

/* The process starts with its signals as they are by default, whatever they are for us (libuv sees to it). */
static void ignore_keys(struct editor *editor) {
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGINT, &ignore, &editor->interrupt);
	sigaction(SIGQUIT, &ignore, &editor->quit);
}

static void mind_keys(struct editor *editor) {
	sigaction(SIGINT, &editor->interrupt, NULL);
	sigaction(SIGQUIT, &editor->quit, NULL);
}

static void on_closed(uv_handle_t *handle) {
	struct editor *editor = handle->data;
	free(editor->command);
	free(editor);
}

static void close_it(struct editor *editor) {
	uv_close((uv_handle_t *)&editor->process, on_closed);
}

static void on_ended(uv_process_t *process, int64_t status, int signum) {
	struct editor *editor = process->data;
	struct error err = {0};
	editor->over = true;
	mind_keys(editor);
	if (editor->freed) {
		close_it(editor);
		return;
	}
	if (status == EXIT_GIVEN_UP || signum == SIGINT) {
		error_set(&err, ERROR_NO, "the edit was given up");
	} else if (signum != 0 || status != 0) {
		error_set(&err, ERROR_NO, "%s ended with %s %d: nothing is sent", editor->command,
			signum ? "signal" : "exit code", signum ? signum : (int)status);
	}
	editor->done(editor->data, err.code ? &err : NULL);
}

/* As other programs start it, so that an editor may be several words: `code --wait`. */
static void append_script(struct buffer *script, const char *command, bool complains) {
	if (complains) {
		buffer_append_text(script,
			"printf '\\n%s\\nEnter: edit again   Ctrl-D: give it up ' \"$1\"; "
			"read -r answer || exit 77; ");
	}
	buffer_printf(script, "shift; %s \"$@\"", command);
}

static bool start(struct editor *editor, uv_loop_t *loop, const struct editor_options *options,
	struct error *err) {
	struct buffer script = {0};
	append_script(&script, editor->command, options->complaint != NULL);
	char *words[] = {(char *)"sh", (char *)"-c", (char *)buffer_text(&script), (char *)"hookline",
		(char *)(options->complaint ? options->complaint : ""), (char *)options->file, NULL};
	/* one that is no terminal is not for a person: what a command prints there must stay data */
	int out = isatty(STDOUT_FILENO) ? STDOUT_FILENO : STDERR_FILENO;
	int trouble = isatty(STDERR_FILENO) ? STDERR_FILENO : out;
	uv_stdio_container_t stdio[] = {{.flags = UV_INHERIT_FD, .data.fd = STDIN_FILENO},
		{.flags = UV_INHERIT_FD, .data.fd = out}, {.flags = UV_INHERIT_FD, .data.fd = trouble}};
	uv_process_options_t process = {.exit_cb = on_ended,
		.file = "/bin/sh",
		.args = words,
		.stdio = stdio,
		.stdio_count = sizeof stdio / sizeof *stdio};
	ignore_keys(editor);
	int failed = uv_spawn(loop, &editor->process, &process);
	if (failed) {
		mind_keys(editor);
		error_set(err, ERROR_IO, "start %s: %s", editor->command, uv_strerror(failed));
	}
	buffer_clear(&script);
	return !failed;
}

struct editor *editor_run(uv_loop_t *loop, const struct editor_options *options,
	editor_done_fn *done, void *data, struct error *err) {
	struct editor *editor = alloc_zero(1, sizeof *editor);
	const char *command = command_of(options);
	*editor = (struct editor){
		.done = done, .data = data, .command = alloc_text(command, strlen(command))};
	editor->process.data = editor;
	if (!start(editor, loop, options, err)) {
		close_it(editor);
		return NULL;
	}
	return editor;
}

void editor_free(struct editor *editor) {
	if (!editor) {
		return;
	}
	editor->freed = true;
	if (editor->over) {
		close_it(editor);
	} else {
		uv_process_kill(&editor->process, SIGHUP);
	}
}
