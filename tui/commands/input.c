#include "tui/commands/input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool input_read(const char *name, size_t most, struct buffer *out, struct error *err) {
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rbe");
	if (!file) {
		return error_set(err, ERROR_USAGE, "open %s: %s", name, strerror(errno));
	}
	size_t got = 0;
	do {
		got = fread(buffer_reserve(out, 65536), 1, 65536, file);
		out->len += got;
	} while (got > 0 && out->len <= most);
	bool broken = ferror(file);
	int why = errno;
	if (file != stdin) {
		fclose(file);
	}
	if (broken) {
		return error_set(err, ERROR_USAGE, "read %s: %s", name, strerror(why));
	}
	return out->len <= most ||
	       error_set(err, ERROR_USAGE, "%s is larger than %zu bytes", name, most);
}
