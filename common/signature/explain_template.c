/* The signed text: with more or less around the body than the recipe has. */
#include <stdio.h>
#include <string.h>

#include "common/signature/explain_search.h"
#include "common/signature/keyring.h"
#include "common/signature/recipe_words.h"

/* Headers that might hold a timestamp that is signed, too. */
#define STAMPS_MOST 4

/* What may be signed instead: T timestamp, I id, B body, H a header; anything else is itself. */
static const char *const with_own[] = {"B", "T.B", "TB", "T:B", "T\nB", "B.T", "BT", "I.B", "IB",
	"I.T.B", "ITB", "T.I.B", "v0:T:B", "v1:T:B", "TIB", "IBT"};
static const char *const with_header[] = {"H.B", "HB", "H:B", "B.H", "BH", "H\nB", "v0:H:B"};

/* Appends the terms of one such text. False: it needs what the recipe has not. */
static bool make_terms(
	struct search *search, struct recipe *recipe, const char *text, const char *header) {
	struct term *terms = arena_zero(&search->arena, strlen(text), sizeof *terms);
	size_t count = 0;
	for (const char *at = text; *at; at++) {
		struct term *term = &terms[count++];
		if (*at == 'T' && recipe->timestamp.place != PLACE_NONE) {
			term->kind = TERM_TIMESTAMP;
		} else if (*at == 'I' && recipe->id_header) {
			term->kind = TERM_ID;
		} else if (*at == 'H' && header) {
			*term = (struct term){.kind = TERM_HEADER, .text = header};
		} else if (*at == 'B') {
			term->kind = TERM_BODY;
		} else if (strchr("TIH", *at)) {
			return false;
		} else {
			*term =
				(struct term){.kind = TERM_LITERAL, .text = arena_text_of(&search->arena, at, 1)};
		}
	}
	recipe->terms = terms;
	recipe->term_count = count;
	return true;
}

/* "{timestamp}.{body}" */
static void append_words(struct buffer *out, const char *text, const char *header) {
	for (; *text; text++) {
		if (*text == 'T') {
			buffer_append_text(out, "{timestamp}");
		} else if (*text == 'I') {
			buffer_append_text(out, "{id}");
		} else if (*text == 'B') {
			buffer_append_text(out, "{body}");
		} else if (*text == 'H') {
			buffer_printf(out, "{header:%s}", header);
		} else if (*text == '\n') {
			buffer_append_text(out, "\\n");
		} else {
			buffer_append_byte(out, *text);
		}
	}
}

/* What the sender leaves out, in words. */
static const char *what_lacks(const struct recipe *own, const char *text) {
	bool timestamp = false, id = false;
	for (size_t i = 0; i < own->term_count; i++) {
		timestamp |= own->terms[i].kind == TERM_TIMESTAMP;
		id |= own->terms[i].kind == TERM_ID;
	}
	timestamp = timestamp && !strchr(text, 'T');
	id = id && !strchr(text, 'I');
	return timestamp && id ? ": the signed text lacks timestamp and id"
	       : timestamp     ? ": the signed text lacks the timestamp"
	       : id            ? ": the signed text lacks the id"
	                       : "";
}

static bool try_text(
	struct search *search, const struct recipe *own, const char *text, const char *header) {
	struct recipe recipe = *own;
	if (!make_terms(search, &recipe, text, header)) {
		return false;
	}
	/* a header that is missing but not signed either does no harm */
	if (!strchr(text, 'T') && recipe.timestamp.place == PLACE_HEADER) {
		recipe.timestamp.place = PLACE_NONE;
	}
	if (!strchr(text, 'I')) {
		recipe.id_place = PLACE_NONE;
		recipe.id_header = NULL;
	}
	recipe.legacy = false;
	struct keyring *keyring = search_keyring(search, search_provider(search, &recipe));
	struct buffer words = {0}, expected = {0};
	append_words(&words, text, header);
	recipe_words_append_content(&expected, own);
	bool found = keyring && search_try(search, &(struct change){EXPLAIN_TEXT, keyring, NULL},
								"the signature is right for %s, where %s is expected%s",
								buffer_text(&words), buffer_text(&expected), what_lacks(own, text));
	buffer_clear(&words);
	buffer_clear(&expected);
	keyring_free(keyring);
	return found;
}

/* A number of seconds or milliseconds of our days. */
static bool is_stamp(struct span value) {
	for (size_t i = 0; i < value.len; i++) {
		if (value.data[i] < '0' || value.data[i] > '9') {
			return false;
		}
	}
	return value.len == 10 || value.len == 13;
}

static bool try_headers(struct search *search, const struct recipe *recipe) {
	const struct message *message = search->input->message;
	for (size_t i = 0, tried = 0; i < message->header_count && tried < STAMPS_MOST; i++) {
		if (!is_stamp(message->headers[i].value)) {
			continue;
		}
		tried++;
		struct span name = message->headers[i].name;
		const char *header = arena_text_of(&search->arena, name.data, name.len);
		for (size_t n = 0; n < sizeof with_header / sizeof *with_header; n++) {
			if (try_text(search, recipe, with_header[n], header)) {
				return true;
			}
		}
	}
	return false;
}

bool explain_texts(struct search *search) {
	const struct provider *provider = search->input->provider;
	if (!search_has_keys(search)) {
		return false;
	}
	search_note(search, "other texts around the body");
	for (size_t i = 0; i < provider->recipe_count && i < SEARCH_SCHEMES; i++) {
		const struct recipe *recipe = &provider->recipes[i];
		struct carrier carrier;
		if ((recipe->kind != RECIPE_HMAC && recipe->kind != RECIPE_SIGNATURE) ||
			!search_carrier(search, recipe, &carrier)) {
			continue;
		}
		for (size_t n = 0; n < sizeof with_own / sizeof *with_own; n++) {
			if (try_text(search, recipe, with_own[n], NULL)) {
				return true;
			}
		}
		if (try_headers(search, recipe)) {
			return true;
		}
	}
	return false;
}
