/* What a command makes of the payload that it was given. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"

/* Output of a command that is shown; it is ended when it writes more. */
#define PIPED_OUTPUT_MAX ((size_t)1024 * 1024)

/* All zero: there is none. */
struct piped {
	bool shown;   /* in the place of the payload */
	bool running; /* it has not ended yet */
	uint32_t run; /* its number: what comes of others is not looked at */
	struct buffer command;
	struct buffer output;
	char end[300]; /* how it has ended: "exit code 2" */
	bool bad;      /* and that is to be seen */
};

void piped_clear(struct piped *piped);
