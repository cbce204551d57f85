#include "tests/support/saved_screen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/source_file.h"
#include "tests/unit/unit.h"

/* So many differing lines tell what is wrong. */
#define DIFFERENCES_SHOWN 24

static void write_screen(const char *name, struct span text) {
	char path[1024];
	const char *source = getenv("HOOKLINE_SOURCE");
	snprintf(path, sizeof path, "%s/%s", source ? source : ".", name);
	FILE *file = fopen(path, "we");
	if (!file || fwrite(text.data, 1, text.len, file) != text.len || fclose(file) != 0) {
		fail_msg("write %s: %s", path, strerror(errno));
	}
}

static bool is_saved(const char *name) {
	char path[1024];
	const char *source = getenv("HOOKLINE_SOURCE");
	snprintf(path, sizeof path, "%s/%s", source ? source : ".", name);
	return access(path, R_OK) == 0;
}

static struct span line_of(struct span *rest, bool *there) {
	*there = rest->len > 0;
	return span_cut(rest, '\n');
}

/* Screens of one size have their lines in the same places: they are compared line by line. */
static void tell_differences(struct span saved, struct span painted) {
	size_t told = 0;
	for (size_t number = 1; saved.len > 0 || painted.len > 0; number++) {
		bool was, is;
		struct span before = line_of(&saved, &was), now = line_of(&painted, &is);
		if (was == is && span_equal(before, now)) {
			continue;
		}
		if (++told > DIFFERENCES_SHOWN) {
			fprintf(stderr, "...\n");
			return;
		}
		fprintf(stderr, "line %zu\n", number);
		if (was) {
			fprintf(stderr, "  saved   |%.*s\n", (int)before.len, before.data);
		}
		if (is) {
			fprintf(stderr, "  painted |%.*s\n", (int)now.len, now.data);
		}
	}
}

void saved_text_is(struct span text, const char *name) {
	char path[256];
	struct buffer saved = {0};
	const char *update = getenv("UPDATE");
	snprintf(path, sizeof path, "tests/screens/%s.txt", name);
	if (update && strcmp(update, "1") == 0) {
		write_screen(path, text);
		return;
	}
	if (!is_saved(path)) {
		fail_msg("%s is missing; UPDATE=1 in the environment writes it", path);
	}
	source_file(&saved, path);
	bool same = span_equal(buffer_span(&saved), text);
	if (!same) {
		tell_differences(buffer_span(&saved), text);
	}
	buffer_clear(&saved);
	if (!same) {
		fail_msg("the screen is not that of %s; UPDATE=1 in the environment rewrites it", path);
	}
}

void saved_screen_is(const struct canvas *canvas, const char *name, bool styles) {
	struct buffer dump = {0};
	canvas_dump(&dump, canvas, styles);
	saved_text_is(buffer_span(&dump), name);
	buffer_clear(&dump);
}
