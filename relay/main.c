/*
 * hookline-relay: takes webhooks, stores them, answers, streams them.
 *
 *   main ─ options, config
 *   relay ─ store ◀─ endpoints ◀─ ingest (webhooks)
 *             │                     │
 *             └──▶ hub ──▶ stream (screens, commands)      admin (health, metrics, API)
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "common/buffer.h"
#include "common/standard_streams.h"
#include "common/text.h"
#include "relay/config.h"
#include "relay/options.h"
#include "relay/relay.h"

static int fail(const struct error *err) {
	struct buffer line = {0};
	text_escape(&line, span_text(err->text), TEXT_LINE);
	fprintf(stderr, "hookline-relay: %s\n", buffer_text(&line));
	buffer_clear(&line);
	return error_exit_code(err);
}

/* `printed` is what the last call of stdio said of it. */
static int end_told(int printed) {
	struct error err = {0};
	if (printed >= 0 && fflush(stdout) == 0) {
		return 0;
	}
	error_set(&err, ERROR_IO, "write to standard output: %s", strerror(errno));
	return fail(&err);
}

/* Secrets are in our memory: no core file, no debugger of other programs of this user, no file others can read. */
static void close_curtains(void) {
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0);
#endif
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow any more is an error of the write */
}

static bool check_ready_fd(const struct options *options, struct error *err) {
	if (options->ready_fd < 0) {
		return true;
	}
	if (fcntl(options->ready_fd, F_SETFD, FD_CLOEXEC) < 0) {
		return error_set(err, ERROR_USAGE, "--ready-fd %d: %s", options->ready_fd, strerror(errno));
	}
	return true;
}

static int run(const struct options *options) {
	struct error err = {0};
	if (!check_ready_fd(options, &err)) {
		return fail(&err);
	}
	struct config *config = config_load(options, &err);
	if (!config) {
		return fail(&err);
	}
	if (!config_check_files(config, options, &err)) {
		config_free(config);
		return fail(&err);
	}
	if (options->check) {
		int code =
			end_told(printf("%s: fine\n", config->file ? config->file : "no configuration file"));
		config_free(config);
		return code;
	}
	int code = relay_run(config, options, &err);
	return err.code ? fail(&err) : code;
}

int main(int argc, char **argv) {
	struct options options;
	struct error err = {0};
	standard_streams_hold();
	switch (options_parse(&options, argc, argv, &err)) {
	case OPTIONS_HELP:
		return end_told(fputs(options_help(), stdout));
	case OPTIONS_VERSION:
		return end_told(puts("hookline-relay " HOOKLINE_VERSION));
	case OPTIONS_WRONG:
		return fail(&err);
	case OPTIONS_RUN:
		break;
	}
	close_curtains();
	return run(&options);
}
