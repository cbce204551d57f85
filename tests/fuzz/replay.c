/* Runs a fuzz target once over every file of the folders given, in place of libFuzzer. */
#include <dirent.h>
#include <string.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/source_file.h"

static void replay_file(const char *folder, const char *name) {
	struct buffer path = {0}, input = {0};
	buffer_printf(&path, "%s/%s", folder, name);
	source_file(&input, buffer_text(&path));
	/* A copy of just its size, so that reading beyond it is noticed. */
	char *exact = alloc_bytes(input.len);
	if (input.len > 0) {
		memcpy(exact, input.data, input.len);
	}
	printf("%s\n", buffer_text(&path)); /* the last one told is the one that broke */
	fflush(stdout);
	LLVMFuzzerTestOneInput((const uint8_t *)exact, input.len);
	free(exact);
	buffer_clear(&path);
	buffer_clear(&input);
}

static size_t replay_folder(const char *folder) {
	struct buffer path = {0};
	const char *source = getenv("HOOKLINE_SOURCE");
	buffer_printf(&path, "%s/%s", source ? source : ".", folder);
	DIR *dir = opendir(buffer_text(&path));
	buffer_clear(&path);
	if (!dir) {
		fprintf(stderr, "replay: %s cannot be opened\n", folder);
		exit(1);
	}
	size_t count = 0;
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] != '.') {
			replay_file(folder, entry->d_name);
			count++;
		}
	}
	closedir(dir);
	return count;
}

int main(int argc, char **argv) {
	size_t count = 0;
	for (int i = 1; i < argc; i++) {
		count += replay_folder(argv[i]);
	}
	fprintf(stderr, "%zu inputs\n", count);
	return count > 0 ? 0 : 1;
}
