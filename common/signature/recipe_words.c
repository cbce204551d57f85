#include "common/signature/recipe_words.h"

#include "common/signature/recipe_public.h"

static void add_term(struct buffer *out, const struct term *term) {
	if (term->kind == TERM_LITERAL) {
		for (const char *at = term->text; *at; at++) {
			buffer_append(out, *at == '\n' ? "\\n" : at, *at == '\n' ? 2 : 1);
		}
		return;
	}
	buffer_printf(out, "{%s%s%s", recipe_terms[term->kind], term->text ? ":" : "",
		term->text ? term->text : "");
	for (size_t i = 0; i < term->step_count; i++) {
		buffer_printf(out, "|%s", recipe_steps[term->steps[i]]);
	}
	buffer_append_byte(out, '}');
}

void recipe_words_append_content(struct buffer *out, const struct recipe *recipe) {
	int group = 0;
	for (size_t i = 0; i < recipe->term_count; i++) {
		int own = recipe->terms[i].group;
		buffer_append_text(out, group > 0 && own != group ? "]]" : "");
		buffer_append_text(out, own > 0 && own != group ? "[[" : "");
		add_term(out, &recipe->terms[i]);
		group = own;
	}
	buffer_append_text(out, group > 0 ? "]]" : "");
}

/* " in X-Signature", " in query signature" */
static void add_place(struct buffer *out, const struct recipe *recipe) {
	bool header = recipe->place == PLACE_HEADER;
	buffer_printf(out, " in %s%s%s%s", header ? "" : recipe_places[recipe->place],
		header || !recipe->header[0] ? "" : " ", recipe->header,
		recipe->numbered > 0 ? "1, 2, ..." : "");
	if (recipe->every) {
		buffer_printf(out, " of every element of %s", recipe->every);
	}
}

/* " ed25519 of {timestamp}{body}, hex, key raw-hex", " HS256 or HS384" */
static void add_public(struct buffer *out, const struct recipe *recipe) {
	const struct recipe_public *public = recipe->publics;
	const char *between = " ";
	for (int i = 0; recipe->kind == RECIPE_JWT && algorithm_tokens[i].name; i++) {
		if (public->tokens & 1U << i) {
			buffer_printf(out, "%s%s", between, algorithm_tokens[i].name);
			between = " or ";
		}
	}
	buffer_printf(
		out, "%s%s", public->algorithm ? " " : "", public->algorithm ? public->algorithm : "");
	if (recipe->kind == RECIPE_SIGNATURE) {
		buffer_append_text(out, " of ");
		recipe_words_append_content(out, recipe);
		buffer_printf(out, ", %s, key %s", recipe->encoding, key_form_names[public->form]);
	}
	for (size_t i = 0; i < public->claims.bind_count; i++) {
		buffer_printf(out, ", claim %s", public->claims.binds[i].claim);
	}
	if (public->keyset.url) {
		buffer_printf(out, ", key from %s", public->keyset.url);
	} else if (public->keyset.hosts) {
		buffer_printf(
			out, ", key from the URL in %s at %s", public->keyset.name, public->keyset.hosts[0]);
	}
}

void recipe_words_append(struct buffer *out, const struct recipe *recipe) {
	buffer_append_text(out, recipe_kinds[recipe->kind]);
	if (recipe_makes_mac(recipe)) {
		buffer_printf(out, " %s of ", recipe->hash);
		recipe_words_append_content(out, recipe);
		buffer_printf(out, ", %s", recipe->encoding);
	}
	if (recipe->publics) {
		add_public(out, recipe);
	}
	add_place(out, recipe);
	if (recipe->timestamp.place != PLACE_NONE && recipe->timestamp.tolerance_s >= 0) {
		buffer_printf(out, ", tolerance %d s", recipe->timestamp.tolerance_s);
	}
	buffer_append_text(out, recipe->legacy ? " (older, only without the others)" : "");
}
