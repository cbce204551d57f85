/*
 * Build tool: writes sample files (common/sample.h) as constant C data.
 *   samples_compile OUT.c .../PROVIDER/headers .../PROVIDER/TYPE.json...
 * The headers of a provider come before its samples.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buffer.h"

static void die(const char *file, const char *why) {
	fprintf(stderr, "samples_compile: %s: %s\n", file, why);
	exit(1);
}

static void read_all(struct buffer *out, const char *file) {
	FILE *in = fopen(file, "rb");
	size_t got;
	if (!in) {
		die(file, "cannot be opened");
	}
	buffer_reset(out);
	while ((got = fread(buffer_reserve(out, 4096), 1, 4096, in)) > 0) {
		out->len += got;
	}
	fclose(in);
}

static void put_text(FILE *out, struct span text) {
	fputs("\n\t\t\"", out);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte == '\n') {
			fputs(i + 1 < text.len ? "\\n\"\n\t\t\"" : "\\n", out);
		} else if (byte < 0x20 || byte > 0x7e || strchr("\"\\?", byte)) {
			fprintf(out, "\\%03o", byte);
		} else {
			fputc(byte, out);
		}
	}
	fputs("\"", out);
}

/* The last but one name of the path, and what follows "PROVIDER/" in it. */
static void split(const char *file, struct buffer *provider, struct buffer *name) {
	const char *begin = strstr(file, "samples/");
	const char *slash = begin ? strchr(begin + 8, '/') : NULL;
	if (!slash) {
		die(file, "is in no folder samples/PROVIDER");
	}
	buffer_reset(provider);
	buffer_reset(name);
	buffer_append(provider, begin + 8, (size_t)(slash - begin) - 8);
	buffer_append_text(name, slash + 1);
}

int main(int argc, char **argv) {
	struct buffer text = {0}, headers = {0}, of = {0}, provider = {0}, name = {0};
	FILE *out = argc > 2 ? fopen(argv[1], "w") : NULL;
	size_t count = 0;
	if (!out) {
		die(argc > 1 ? argv[1] : "OUT.c", "cannot be written");
	}
	fputs("#include \"common/sample.h\"\n\nconst struct sample samples_builtin[] = {\n", out);
	for (int i = 2; i < argc; i++) {
		split(argv[i], &provider, &name);
		read_all(&text, argv[i]);
		if (strcmp(buffer_text(&name), "headers") == 0) {
			buffer_reset(&headers);
			buffer_append_span(&headers, buffer_span(&text));
			buffer_reset(&of);
			buffer_append_span(&of, buffer_span(&provider));
			continue;
		}
		const char *dot = strrchr(buffer_text(&name), '.');
		if (!dot || !span_equal(buffer_span(&of), buffer_span(&provider))) {
			die(argv[i], "has no ending, or the headers of its provider do not come before it");
		}
		fprintf(
			out, "\t{\"%s\", \"%.*s\",", buffer_text(&provider), (int)(dot - name.data), name.data);
		put_text(out, buffer_span(&headers));
		fputs(",", out);
		put_text(out, buffer_span(&text));
		fprintf(out, ", %s},\n", strcmp(dot, ".json") == 0 ? "true" : "false");
		count++;
	}
	fprintf(out, "};\nconst size_t samples_builtin_count = %zu;\n", count);
	buffer_clear(&text);
	buffer_clear(&headers);
	buffer_clear(&of);
	buffer_clear(&provider);
	buffer_clear(&name);
	return fclose(out) == 0 ? 0 : 1;
}
