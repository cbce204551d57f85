/* The file a report is written to at the end of something that cannot be taken back: opened before it begins, so that it is there then. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "common/error.h"
#include "common/span.h"

struct report_file {
	/* private */
	FILE *file;
	const char *path;
	bool made, written;
};

/* Makes the file, or opens the one there is and leaves it as it is. `path` stays until it is closed. ERROR_USAGE when it cannot be written. */
bool report_file_open(struct report_file *report, const char *path, struct error *err);

/* In the place of all that was in it. ERROR_IO. */
bool report_file_write(struct report_file *report, struct span text, struct error *err);

/* A file that was made and not written goes again. One that was never opened (all zero) is fine. */
void report_file_close(struct report_file *report);
