/*
 * A command of the user, run by the shell: what it says of the state of the app is a part of a proof. Bounded in time and output;
 * whatever it started ends with it.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/error.h"
#include "common/span.h"

/* How long a command may take, and how much of what it prints is kept; the rest is read and forgotten. */
#define SHELL_JOB_MS 30000
#define SHELL_JOB_BYTES_MAX (256 * 1024)

struct shell_job_result {
	bool timed_out;
	int exit_code;      /* 128 and the signal where one ended it; -1: timed out */
	struct span output; /* of stdout; valid during the call */
	bool cut;           /* it printed more */
};
typedef void shell_job_done_fn(void *data, const struct shell_job_result *result);

struct shell_job;

/*
 * Starts `sh -c command` with stdin closed and stderr as ours. `done` comes once, from the loop; the job is then gone.
 * NULL and `err` when it does not start.
 */
struct shell_job *shell_job_start(
	uv_loop_t *loop, const char *command, shell_job_done_fn *done, void *data, struct error *err);

/* Ends it without a callback. NULL is allowed. */
void shell_job_stop(struct shell_job *job);
