#include "common/signature/recipe.h"

#include <string.h>

const char *const recipe_kinds[] = {"hmac", "token", "basic", NULL};
const char *const recipe_hashes[] = {"sha256", "sha1", "sha512", "md5", NULL};
const char *const recipe_encodings[] = {"hex", "base64", "base64url", "text", NULL};
const char *const recipe_terms[] = {
	"", "body", "timestamp", "id", "header", "param", NULL}; /* a literal has no name */
const char *const recipe_steps[] = {"or_empty", "json_stringify", "lower", "hex", "base64",
	"base64url", "md5", "sha1", "sha256", "sha512", NULL};
const char *const recipe_key_ops[] = {
	"strip_prefix", "need_prefix", "base64", "hex", "append", "sha1", NULL};
const char *const recipe_units[] = {"s", "ms", "iso", NULL};
const char *const recipe_futures[] = {"same", "accept", "reject", NULL};

size_t recipe_name_count(const char *const *names) {
	size_t count = 0;
	while (names[count]) {
		count++;
	}
	return count;
}

int recipe_name_index(const char *const *names, const char *name, size_t len) {
	for (int i = 0; names[i]; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0) {
			return i;
		}
	}
	return -1;
}
