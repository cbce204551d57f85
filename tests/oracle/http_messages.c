/*
 * Reads inputs from standard input, each as its length in decimal, a newline and so many bytes, and prints what the
 * HTTP reader says of each: the lines of http_transcript and an empty line.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/http_transcript.h"

int main(void) {
	struct http_limits limits = http_limits_default();
	struct buffer input = {0}, said = {0};
	size_t len;
	while (scanf("%zu", &len) == 1 && getchar() == '\n') {
		buffer_reset(&input);
		buffer_reset(&said);
		input.len = fread(buffer_reserve(&input, len), 1, len, stdin);
		http_transcript(&said, &limits, buffer_span(&input), (struct http_cuts){0});
		printf("%s\n", buffer_text(&said));
	}
	buffer_clear(&input);
	buffer_clear(&said);
	return 0;
}
