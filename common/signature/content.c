#include "common/signature/content.h"

#include <stdio.h>
#include <string.h>

#include "common/scratch.h"
#include "common/signature/step.h"

struct recipe_content content_of(const struct recipe *recipe, size_t index) {
	return index == 0 ? (struct recipe_content){recipe->terms, recipe->term_count}
	                  : recipe->alternatives[index - 1];
}

static bool covers(const struct recipe_content *template) {
	for (size_t i = 0; i < template->term_count; i++) {
		if (template->terms[i].group == 0 && term_covers_body(template->terms[i].kind)) {
			return true;
		}
	}
	return false;
}

bool content_covers_body(const struct recipe *recipe) {
	bool all = true;
	for (size_t i = 0; i <= recipe->alternative_count; i++) {
		struct recipe_content template = content_of(recipe, i);
		all &= covers(&template);
	}
	return all || recipe->covers_body || covers(&recipe->when.equals);
}

bool content_is_reserialised(const struct recipe *recipe) {
	for (size_t i = 0; i < recipe->term_count; i++) {
		for (size_t step = 0; step < recipe->terms[i].step_count; step++) {
			if (recipe->terms[i].steps[step] == STEP_JSON_STRINGIFY) {
				return true;
			}
		}
	}
	return false;
}

static bool may_be_empty(const struct term *term) {
	for (size_t i = 0; i < term->step_count; i++) {
		if (term->steps[i] == STEP_OR_EMPTY) {
			return true;
		}
	}
	return false;
}

static struct span value_of(const struct term_source *source, const struct term *term) {
	buffer_reset(&source->keyring->value);
	return term_value(source, term, &source->keyring->value);
}

static bool is_missing(const struct term_source *source, const struct term *term) {
	return term->kind != TERM_SECRET && !may_be_empty(term) && !value_of(source, term).data;
}

static void say_missing(const struct term_source *source, const struct term *term, char *reason) {
	if (term->kind == TERM_ID || term->kind == TERM_TIMESTAMP || term->kind == TERM_HEADER) {
		const char *header = term->kind == TERM_HEADER ? term->text
		                     : term->kind == TERM_ID   ? source->scheme->id_header
		                                               : source->scheme->timestamp;
		snprintf(reason, VERDICT_REASON_LEN, "%s is missing, which is part of what is signed",
			header ? header : "a header");
	} else {
		snprintf(reason, VERDICT_REASON_LEN,
			"the request has no %s%s%.120s, which is part of what is signed",
			recipe_terms[term->kind], term->text ? " " : "", term->text ? term->text : "");
	}
}

/* Whether a group of the template is left out because one of its terms is missing. */
static bool is_left_out(
	const struct term_source *source, const struct recipe_content *template, int group) {
	for (size_t i = 0; group > 0 && i < template->term_count; i++) {
		if (template->terms[i].group == group && is_missing(source, &template->terms[i])) {
			return true;
		}
	}
	return false;
}

/*
 * Adds a term. What had to be made goes to the scratch, which may move while it grows: such a piece has no data yet, and
 * `made_at` says where it begins.
 */
static bool add_piece(const struct term_source *source, const struct term *term,
	struct content *content, size_t *made_at, char *reason) {
	struct keyring *keyring = source->keyring;
	struct span value = value_of(source, term);
	if (!value.data && term->kind != TERM_SECRET && !may_be_empty(term)) {
		say_missing(source, term, reason);
		return false;
	}
	bool made = term->step_count > 0 || keyring->value.len > 0;
	*made_at = keyring->scratch.len;
	if (term->step_count > 0) {
		if (!step_run_all(keyring, term, value, &keyring->scratch, reason)) {
			return false;
		}
	} else if (made) {
		buffer_append_span(&keyring->scratch, value);
	}
	content->pieces[content->count++] =
		made ? (struct span){NULL, keyring->scratch.len - *made_at} : value;
	return true;
}

bool content_collect(const struct term_source *source, const struct recipe_content *template,
	struct content *content, char *reason) {
	struct keyring *keyring = source->keyring;
	SCRATCH size_t made_at[RECIPE_TERMS_MAX];
	content->count = 0;
	content->secrets = 0;
	buffer_reset(&keyring->scratch);
	for (size_t i = 0; i < template->term_count; i++) {
		const struct term *term = &template->terms[i];
		if (is_left_out(source, template, term->group)) {
			continue;
		}
		content->secrets |= (uint32_t)(term->kind == TERM_SECRET) << content->count;
		if (!add_piece(source, term, content, &made_at[content->count], reason)) {
			return false;
		}
	}
	for (size_t i = 0; i < content->count; i++) {
		if (!content->pieces[i].data && keyring->scratch.data) {
			content->pieces[i].data = keyring->scratch.data + made_at[i];
		}
	}
	return true;
}

static struct span piece_of(const struct content *content, const struct key *key, size_t index) {
	return content->secrets >> index & 1 ? buffer_span(&key->text) : content->pieces[index];
}

static size_t make_mac(
	const struct content *content, const struct key *key, unsigned char out[EVP_MAX_MD_SIZE]) {
	SCRATCH struct hmac_state state;
	hmac_begin(key->mac, &state);
	for (size_t i = 0; i < content->count; i++) {
		hmac_add(key->mac, &state, piece_of(content, key, i));
	}
	return hmac_end(key->mac, &state, out);
}

static size_t make_digest(struct keyring *keyring, const struct scheme *scheme,
	const struct content *content, const struct key *key, unsigned char out[EVP_MAX_MD_SIZE]) {
	unsigned len = 0;
	if (EVP_DigestInit_ex(keyring->digest, keyring_hash(scheme->hash), NULL) != 1) {
		return 0;
	}
	for (size_t i = 0; i < content->count; i++) {
		struct span piece = piece_of(content, key, i);
		if (EVP_DigestUpdate(keyring->digest, piece.data, piece.len) != 1) {
			return 0;
		}
	}
	return EVP_DigestFinal_ex(keyring->digest, out, &len) == 1 ? len : 0;
}

size_t content_mac(struct keyring *keyring, const struct scheme *scheme,
	const struct content *content, const struct key *key, unsigned char out[EVP_MAX_MD_SIZE]) {
	return scheme->recipe->kind == RECIPE_DIGEST ? make_digest(keyring, scheme, content, key, out)
	                                             : make_mac(content, key, out);
}
