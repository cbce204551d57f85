#include "tui/local_relay.h"

#include <cjson/cJSON.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "common/json.h"

#define PROGRAM "hookline-relay"
#define READY_BYTES_MAX 4096
#define ERRORS_BYTES_MAX 4096
#define ARGUMENTS_MAX 20
#define PATH_BYTES 4096

struct local_relay {
	uv_process_t process;
	uv_pipe_t ready, errors;
	int open_handles;
	struct local_relay_events events;
	void *data;
	struct buffer line, said;
	char *texts[3];
	struct local_relay_addresses addresses;
	bool is_ready, exited, freed;
	bool ends_with_clients;
	char read_buffer[4096];
};

static void handle_closed(uv_handle_t *handle) {
	struct local_relay *relay = handle->data;
	if (--relay->open_handles > 0) {
		return;
	}
	for (size_t i = 0; i < 3; i++) {
		free(relay->texts[i]);
	}
	buffer_clear(&relay->line);
	buffer_clear(&relay->said);
	free(relay);
}

static void close_handle(uv_handle_t *handle) {
	if (!uv_is_closing(handle)) {
		uv_close(handle, handle_closed);
	}
}

bool local_relay_stop(struct local_relay *relay) {
	if (relay->is_ready && relay->ends_with_clients) {
		return false;
	}
	if (!relay->exited) {
		uv_process_kill(&relay->process, SIGTERM);
	}
	return true;
}

void local_relay_free(struct local_relay *relay) {
	if (!relay) {
		return;
	}
	local_relay_stop(relay);
	relay->freed = true;
	close_handle((uv_handle_t *)&relay->ready);
	close_handle((uv_handle_t *)&relay->errors);
	close_handle((uv_handle_t *)&relay->process);
}

/* The last line it wrote, without the name in front that we put there ourselves. */
static struct span last_line(struct local_relay *relay) {
	struct span rest = buffer_span(&relay->said), last = {0};
	while (rest.len > 0) {
		struct span line = span_cut(&rest, '\n');
		last = line.len > 0 ? line : last;
	}
	return last;
}

static void on_ended(uv_process_t *process, int64_t status, int signal_number) {
	struct local_relay *relay = process->data;
	struct error err = {0};
	relay->exited = true;
	/* what is left in the pipe was written before the end */
	uv_os_fd_t errors;
	ssize_t len = -1;
	if (uv_fileno((const uv_handle_t *)&relay->errors, &errors) == 0) {
		len = read(errors, relay->read_buffer, sizeof relay->read_buffer);
	}
	if (len > 0 && relay->said.len + (size_t)len <= ERRORS_BYTES_MAX) {
		buffer_append(&relay->said, relay->read_buffer, (size_t)len);
	}
	struct span last = last_line(relay);
	if (signal_number) {
		error_set(&err, ERROR_UNREACHABLE, PROGRAM " was ended by signal %d", signal_number);
	} else if (last.len > 0) {
		error_set(&err, ERROR_UNREACHABLE, "%.*s", (int)last.len, last.data);
	} else {
		error_set(&err, ERROR_UNREACHABLE, PROGRAM " ended with status %d", (int)status);
	}
	if (!relay->freed) {
		relay->events.ended(relay->data, &err);
	}
}

static bool take_address(
	struct local_relay *relay, const cJSON *object, const char *name, size_t i, const char **out) {
	struct span value;
	if (!json_get_text(object, name, &value, NULL)) {
		return false;
	}
	relay->texts[i] = alloc_text(value.data, value.len);
	*out = relay->texts[i];
	return true;
}

static void take_ready_line(struct local_relay *relay) {
	cJSON *object = json_parse(buffer_span(&relay->line), NULL);
	struct local_relay_addresses *addresses = &relay->addresses;
	if (object && take_address(relay, object, "ingest", 0, &addresses->ingest) &&
		take_address(relay, object, "stream", 1, &addresses->stream) &&
		take_address(relay, object, "admin", 2, &addresses->admin)) {
		relay->is_ready = true;
	}
	cJSON_Delete(object);
	if (relay->is_ready) {
		relay->events.ready(relay->data, addresses);
	} else {
		buffer_append_text(&relay->said, "it did not tell its addresses\n");
		local_relay_stop(relay);
	}
}

static void allocate(uv_handle_t *handle, size_t size, uv_buf_t *block) {
	struct local_relay *relay = handle->data;
	(void)size;
	*block = uv_buf_init(relay->read_buffer, sizeof relay->read_buffer);
}

static void on_ready_bytes(uv_stream_t *stream, ssize_t len, const uv_buf_t *block) {
	struct local_relay *relay = stream->data;
	if (len > 0 && relay->line.len + (size_t)len <= READY_BYTES_MAX) {
		buffer_append(&relay->line, block->base, (size_t)len);
	}
	if (len < 0 || span_find(buffer_span(&relay->line), '\n') < relay->line.len) {
		uv_read_stop(stream);
		if (relay->line.len > 0 && !relay->freed) {
			take_ready_line(relay);
		}
	}
}

static void on_error_bytes(uv_stream_t *stream, ssize_t len, const uv_buf_t *block) {
	struct local_relay *relay = stream->data;
	if (len < 0) {
		uv_read_stop(stream);
	} else if (len > 0) {
		if (relay->said.len + (size_t)len > ERRORS_BYTES_MAX) {
			buffer_reset(&relay->said);
		}
		buffer_append(&relay->said, block->base, (size_t)len);
	}
}

/* The program beside ours, or where the build puts it; else only its name, to be found on PATH. */
static void find_program(char path[PATH_BYTES]) {
	static const char *const places[] = {"", "../relay/"};
	char own[PATH_BYTES / 2];
	size_t len = sizeof own;
	if (uv_exepath(own, &len) == 0 && strrchr(own, '/')) {
		strrchr(own, '/')[1] = '\0';
		for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
			snprintf(path, PATH_BYTES, "%s%s" PROGRAM, own, places[i]);
			if (access(path, X_OK) == 0) {
				return;
			}
		}
	}
	snprintf(path, PATH_BYTES, PROGRAM);
}

static size_t add_option(char **arguments, size_t count, const char *name, const char *value) {
	if (value) {
		arguments[count++] = (char *)(uintptr_t)name;
		arguments[count++] = (char *)(uintptr_t)value;
	}
	return count;
}

static int spawn(
	struct local_relay *relay, uv_loop_t *loop, const struct local_relay_options *options) {
	char path[PATH_BYTES];
	char *arguments[ARGUMENTS_MAX] = {path};
	find_program(path);
	size_t count = add_option(arguments, 1, "--ready-fd", "3");
	count = add_option(arguments, count, "--config", options->config);
	count = add_option(arguments, count, "--ingest", options->ingest);
	count = add_option(arguments, count, "--stream", options->stream);
	count = add_option(arguments, count, "--admin", options->admin);
	count = add_option(arguments, count, "--store", options->store);
	count = add_option(arguments, count, "--key-file", options->key_file);
	if (options->ends_with_clients) {
		arguments[count] = (char *)(uintptr_t) "--end-with-clients";
	}
	uv_stdio_container_t stdio[] = {{.flags = UV_IGNORE}, {.flags = UV_IGNORE},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&relay->errors},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&relay->ready}};
	/* a process group of its own: Ctrl-C is ours, and we end it when we are done */
	uv_process_options_t process = {.file = path,
		.args = arguments,
		.exit_cb = on_ended,
		.stdio_count = 4,
		.stdio = stdio,
		.flags = UV_PROCESS_DETACHED};
	return uv_spawn(loop, &relay->process, &process);
}

struct local_relay *local_relay_start(uv_loop_t *loop, const struct local_relay_options *options,
	const struct local_relay_events *events, void *data, struct error *err) {
	struct local_relay *relay = alloc_zero(1, sizeof *relay);
	relay->events = *events;
	relay->ends_with_clients = options->ends_with_clients;
	relay->data = data;
	relay->open_handles = 3;
	uv_pipe_init(loop, &relay->ready, 0);
	uv_pipe_init(loop, &relay->errors, 0);
	relay->ready.data = relay->errors.data = relay;
	int status = spawn(relay, loop, options);
	relay->process.data = relay;
	if (status != 0) {
		error_set(err, ERROR_UNREACHABLE, "start " PROGRAM ": %s", uv_strerror(status));
		relay->exited = true;
		local_relay_free(relay);
		return NULL;
	}
	uv_read_start((uv_stream_t *)&relay->ready, allocate, on_ready_bytes);
	uv_read_start((uv_stream_t *)&relay->errors, allocate, on_error_bytes);
	return relay;
}
