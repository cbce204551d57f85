#include "tui/commands/report_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_regular(FILE *file) {
	struct stat info;
	return fstat(fileno(file), &info) == 0 && S_ISREG(info.st_mode);
}

bool report_file_open(struct report_file *report, const char *path, struct error *err) {
	bool there = access(path, F_OK) == 0;
	*report = (struct report_file){.path = path, .made = !there};
	report->file = fopen(path, "ae"); /* appending: what is in it stays until it is written */
	return report->file || error_set(err, ERROR_USAGE, "write %s: %s", path, strerror(errno));
}

bool report_file_write(struct report_file *report, struct span text, struct error *err) {
	bool ok = !is_regular(report->file) || ftruncate(fileno(report->file), 0) == 0;
	report->written = true;
	ok =
		ok && fwrite(text.data, 1, text.len, report->file) == text.len && fflush(report->file) == 0;
	return ok || error_set(err, ERROR_IO, "write %s: %s", report->path, strerror(errno));
}

void report_file_close(struct report_file *report) {
	if (!report->file) {
		return;
	}
	if (report->made && !report->written && is_regular(report->file)) {
		unlink(report->path);
	}
	fclose(report->file);
	*report = (struct report_file){0};
}
