/*
 * Any pattern is read or refused with a sentence; what is read says the same of a text however often it is asked, and so do its
 * alternatives. The input is a pattern, a NUL, and a text.
 */
#include <string.h>

#include "common/buffer.h"
#include "common/regex.h"
#include "tests/fuzz/fuzz.h"

/* "(?:PATTERN)|(?:PATTERN)"; flags stand in front alone. */
static void check_alternatives(struct span pattern, struct span text, bool fits) {
	struct buffer twice = {0};
	if (pattern.len > 1 && pattern.data[0] == '(' && pattern.data[1] == '?') {
		return;
	}
	buffer_append_text(&twice, "(?:");
	buffer_append_span(&twice, pattern);
	buffer_append_text(&twice, ")|(?:");
	buffer_append_span(&twice, pattern);
	buffer_append_text(&twice, ")");
	struct regex *regex = regex_new(buffer_span(&twice), NULL);
	HOLDS(!regex || regex_matches(regex, text) == fits);
	regex_free(regex);
	buffer_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span text = {(const char *)data, len}, none = {"", 0};
	struct span pattern = span_cut(&text, '\0');
	struct error err = {0};
	struct regex *regex = regex_new(pattern, &err);
	if (!regex) {
		HOLDS(err.code == ERROR_USAGE && err.text[0] != '\0');
		return 0;
	}
	bool fits = regex_matches(regex, text);
	regex_matches(regex, none);
	HOLDS(regex_matches(regex, text) == fits);
	regex_free(regex);
	if (memchr(pattern.data ? pattern.data : "", ')', pattern.len) == NULL) {
		check_alternatives(pattern, text, fits);
	}
	return 0;
}
