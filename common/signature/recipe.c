#include "common/signature/recipe.h"

#include <string.h>

const char *const recipe_kinds[] = {
	"hmac", "token", "basic", "digest", "signature", "jwt", "http-signature", NULL};
const char *const recipe_hashes[] = {"sha256", "sha1", "sha512", "md5", NULL};
const char *const recipe_encodings[] = {
	"hex", "base64", "base64url", "text", "hex_upper", "base64_of_hex", "base64_percent", NULL};
const char *const recipe_terms[] = {"", /* a literal has no name */
	"body", "timestamp", "id", "header", "param", "method", "url", "path", "query", "form", "json",
	"json_raw", "multipart_json", "signature", "secret", "form_sorted", "url_with_port",
	"url_without_port", "lbrace", "rbrace", "signed_headers", "path_reescaped", "url_form_sorted",
	"header_after_eq", "php_form", "token_headers", "sns_text", NULL};
const char *const recipe_steps[] = {"or_empty", "json_stringify", "lower", "hex", "base64",
	"base64url", "md5", "sha1", "sha256", "sha512", "crc32", "json_string", NULL};
const char *const recipe_key_ops[] = {"strip_prefix", "need_prefix", "base64", "hex", "append",
	"sha1", "nfkd", "prepend", "strip_tag", NULL};
const char *const recipe_units[] = {"s", "ms", "iso", NULL};
const char *const recipe_futures[] = {"same", "accept", "reject", NULL};
const char *const recipe_repeated[] = {"refuse", "first", "last", NULL};
const char *const recipe_places[] = {
	"none", "header", "signature", "query", "form", "json", "multipart_json", "body", NULL};

bool recipe_makes_mac(const struct recipe *recipe) {
	return recipe->kind == RECIPE_HMAC || recipe->kind == RECIPE_DIGEST;
}

bool recipe_has_public(const struct recipe *recipe) {
	return recipe->kind == RECIPE_SIGNATURE || recipe->kind == RECIPE_JWT ||
	       recipe->kind == RECIPE_HTTP_SIGNATURE;
}

bool recipe_signs_content(const struct recipe *recipe) {
	return recipe_makes_mac(recipe) || recipe->kind == RECIPE_SIGNATURE;
}

bool recipe_term_takes_name(enum term_kind kind) {
	switch (kind) {
	case TERM_HEADER:
	case TERM_PARAM:
	case TERM_QUERY:
	case TERM_FORM:
	case TERM_JSON:
	case TERM_JSON_RAW:
	case TERM_MULTIPART_JSON:
	case TERM_SIGNATURE:
	case TERM_SIGNED_HEADERS:
	case TERM_HEADER_AFTER_EQ:
	case TERM_PHP_FORM:
	case TERM_TOKEN_HEADERS:
		return true;
	default:
		return false;
	}
}

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
