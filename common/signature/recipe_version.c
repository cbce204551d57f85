#include "common/signature/recipe_version.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/signature/recipe_words.h"

/* Absent and empty are two. */
static void add_text(struct buffer *out, const char *text) {
	buffer_append_text(out, text ? text : "-");
	buffer_append_byte(out, '\0');
}

static void add_recipe(struct buffer *out, const struct recipe *recipe) {
	recipe_words_append(out, recipe);
	add_text(out, recipe->field);
	add_text(out, recipe->first);
	add_text(out, recipe->prefix);
	add_text(out, recipe->timestamp.name);
	add_text(out, recipe->id_header);
	add_text(out, recipe->every);
	add_text(out, recipe->secret);
	buffer_printf(out, "%d %d %d %d %d %d %d %d %d %d %d", recipe->place, recipe->list,
		recipe->list_trim, recipe->pair, recipe->exact, recipe->numbered, recipe->timestamp.place,
		recipe->timestamp.unit, recipe->timestamp.tolerance_s, recipe->timestamp.future,
		recipe->covers_body);
	for (size_t i = 0; i < recipe->key_op_count; i++) {
		buffer_printf(out, " %d", recipe->key_ops[i].kind);
		add_text(out, recipe->key_ops[i].text);
	}
	for (size_t i = 0; i < recipe->alternative_count; i++) {
		struct recipe other = *recipe;
		other.terms = recipe->alternatives[i].terms;
		other.term_count = recipe->alternatives[i].term_count;
		recipe_words_append_content(out, &other);
	}
}

void recipe_version(const struct provider *provider, char version[RECIPE_VERSION_LEN + 1]) {
	struct buffer text = {0};
	unsigned char digest[EVP_MAX_MD_SIZE];
	for (size_t i = 0; i < provider->recipe_count; i++) {
		add_recipe(&text, &provider->recipes[i]);
	}
	if (EVP_Digest(text.data ? text.data : "", text.len, digest, NULL, EVP_sha256(), NULL) != 1) {
		abort(); /* no SHA-256: nothing else works either */
	}
	for (size_t i = 0; i < RECIPE_VERSION_LEN / 2; i++) {
		snprintf(version + 2 * i, 3, "%02x", digest[i]);
	}
	buffer_clear(&text);
}
