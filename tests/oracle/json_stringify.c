/*
 * Reads inputs from standard input, each as its length in decimal, a newline and so many bytes, and prints of each
 * what json_stringify makes of it, as hexadecimal digits, or "-" where it says that this is not JSON.
 */
#include <stdio.h>

#include "common/json_lexer.h"

int main(void) {
	struct buffer input = {0}, out = {0};
	size_t len;
	while (scanf("%zu", &len) == 1 && getchar() == '\n') {
		buffer_reset(&input);
		buffer_reset(&out);
		input.len = fread(buffer_reserve(&input, len), 1, len, stdin);
		if (json_stringify(&out, buffer_span(&input))) {
			for (size_t i = 0; i < out.len; i++) {
				printf("%02x", (unsigned char)out.data[i]);
			}
			puts("");
		} else {
			puts("-");
		}
	}
	buffer_clear(&input);
	buffer_clear(&out);
	return 0;
}
