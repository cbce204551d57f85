#include "common/signature/recipe_public.h"

#include <string.h>

static bool may_stand(char byte, bool is_path) {
	bool plain = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' ||
	             (byte >= 'A' && byte <= 'Z');
	return plain || (is_path && byte && strchr("._/", byte));
}

bool recipe_pattern_matches(const char *pattern, struct span text, bool is_path) {
	const char *star = NULL; /* the last one, and how far it reaches */
	size_t at = 0, reached = 0;
	while (at < text.len) {
		if (*pattern == '*') {
			star = pattern++;
			if (!may_stand(text.data[at], is_path)) {
				return false;
			}
			reached = ++at; /* it stands for one byte at least */
		} else if (*pattern && *pattern == text.data[at]) {
			pattern++;
			at++;
		} else if (star && may_stand(text.data[reached], is_path)) {
			pattern = star + 1;
			at = ++reached;
		} else {
			return false;
		}
	}
	return *pattern == '\0';
}
