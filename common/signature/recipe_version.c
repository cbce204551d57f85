#include "common/signature/recipe_version.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/signature/recipe_public.h"
#include "common/signature/recipe_words.h"

/* Absent and empty are two. */
static void add_text(struct buffer *out, const char *text) {
	buffer_append_text(out, text ? text : "-");
	buffer_append_byte(out, '\0');
}

static void add_content(
	struct buffer *out, const struct recipe *recipe, const struct recipe_content *content) {
	struct recipe other = *recipe;
	other.terms = content->terms;
	other.term_count = content->term_count;
	recipe_words_append_content(out, &other);
	buffer_append_byte(out, '\0');
}

/* When a scheme counts at all. */
static void add_conditions(struct buffer *out, const struct recipe *recipe) {
	buffer_printf(out, "%d %d %d %d %d %d", recipe->legacy, recipe->id_place,
		recipe->timestamp.optional, recipe->timestamp.unread, recipe->timestamp.repeated,
		recipe->when.place);
	add_text(out, recipe->when.name);
	add_content(out, recipe, &recipe->when.equals);
	for (size_t i = 0; i < recipe->need_count; i++) {
		add_text(out, recipe->needs[i].header);
		add_text(out, recipe->needs[i].equals);
	}
}

static void add_claims(
	struct buffer *out, const struct recipe *recipe, const struct recipe_claims *claims) {
	add_text(out, claims->issuer);
	add_text(out, claims->audience);
	for (const char *const *name = claims->required; name && *name; name++) {
		add_text(out, *name);
	}
	buffer_printf(out, "%d %d %d", claims->leeway_s, claims->max_age_s, claims->query_hash);
	for (size_t i = 0; i < claims->bind_count; i++) {
		add_text(out, claims->binds[i].claim);
		buffer_printf(out, "%d %d", claims->binds[i].trim, claims->binds[i].unless_empty);
		add_content(out, recipe, &claims->binds[i].value);
	}
}

static void add_public(
	struct buffer *out, const struct recipe *recipe, const struct recipe_public *publics) {
	const struct recipe_keyset *keyset = &publics->keyset;
	add_text(out, publics->algorithm);
	buffer_printf(out, "%u %d %d %d %d %d", publics->tokens, publics->form, publics->detached,
		publics->envelope, keyset->source, keyset->place);
	buffer_printf(out, "%d ", publics->chained);
	add_text(out, publics->chain.leaf);
	add_text(out, publics->chain.issuer);
	add_text(out, keyset->name);
	add_text(out, keyset->url);
	for (const char *const *host = keyset->hosts; host && *host; host++) {
		add_text(out, *host);
	}
	add_text(out, keyset->path);
	add_claims(out, recipe, &publics->claims);
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
		add_content(out, recipe, &recipe->alternatives[i]);
	}
	add_conditions(out, recipe);
	if (recipe->publics) {
		add_public(out, recipe, recipe->publics);
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
