#include "tests/support/source_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void source_file(struct buffer *out, const char *name) {
	char path[1024];
	const char *source = getenv("HOOKLINE_SOURCE");
	snprintf(path, sizeof path, "%s/%s", source ? source : ".", name);
	FILE *file = fopen(path, "re");
	if (!file) {
		fprintf(stderr, "open %s: %s\n", path, strerror(errno));
		exit(1);
	}
	size_t len;
	while ((len = fread(buffer_reserve(out, 65536), 1, 65536, file)) > 0) {
		out->len += len;
	}
	fclose(file);
}
