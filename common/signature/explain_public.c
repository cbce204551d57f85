/* Signatures of public keys written or made otherwise: encoding, digest, algorithm, prefix, quotes; and keys under another id. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/explain_search.h"
#include "common/signature/explain_spelling.h"
#include "common/signature/keyring.h"
#include "common/signature/recipe_public.h"
#include "common/signature/signature_header.h"

#define PREFIX_MOST 24
/* No signature of a public key is shorter, in any encoding. */
#define SIGNATURE_LEAST 64

/* One way to read the signature and to make it. */
struct making {
	struct search *search;
	const struct scheme *scheme;
	const struct carrier *carrier;
	struct span value;
	enum spelling spelling;
	bool bare; /* as a whole, behind `prefix`, whatever the recipe takes apart */
	char prefix[PREFIX_MOST + 1];
	const char *encoding, *hash, *algorithm;
};

static void say(struct buffer *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One more difference. */
static void say(struct buffer *out, const char *format, ...) {
	char text[160];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	buffer_append_text(out, out->len > 0 ? " and " : "");
	buffer_append_text(out, text);
}

static const char *own_hash(const struct making *making) {
	return recipe_hashes[making->scheme->hash];
}

static const char *own_algorithm(const struct making *making) {
	return algorithm_names[making->scheme->algorithm];
}

static bool is_framed_otherwise(const struct making *making) {
	return making->bare &&
	       (making->carrier->recipe.pair || strcmp(making->prefix, making->scheme->prefix) != 0);
}

static void say_difference(struct buffer *out, const struct making *making) {
	const char *encoding = recipe_encodings[making->scheme->encoding];
	if (strcmp(making->algorithm, own_algorithm(making)) != 0) {
		say(out, "made with %s, where the recipe expects %s", making->algorithm,
			own_algorithm(making));
	}
	if (strcmp(making->hash, own_hash(making)) != 0) {
		say(out, "made with %s, where the recipe expects %s", making->hash, own_hash(making));
	}
	if (strcmp(making->encoding, encoding) != 0) {
		say(out, "in %s, where the recipe expects %s", making->encoding, encoding);
	}
	if (is_framed_otherwise(making) && *making->prefix) {
		say(out, "behind %s, where %s is expected", making->prefix,
			*making->scheme->prefix ? making->scheme->prefix : "nothing");
	} else if (is_framed_otherwise(making)) {
		say(out, "without the %s that is expected before it",
			*making->scheme->prefix ? making->scheme->prefix : making->scheme->field);
	}
	if (making->spelling != AS_IT_IS) {
		say(out, "%s, which it must not be",
			making->spelling == UNQUOTED ? "quoted" : "URL-encoded");
	}
}

static enum explain_cause cause_of(const struct making *making) {
	return strcmp(making->algorithm, own_algorithm(making)) != 0 ? EXPLAIN_ALGORITHM
	       : strcmp(making->hash, own_hash(making)) != 0         ? EXPLAIN_HASH
	       : strcmp(making->encoding, recipe_encodings[making->scheme->encoding]) != 0
	           ? EXPLAIN_ENCODING
	       : is_framed_otherwise(making) ? EXPLAIN_PREFIX
	                                     : EXPLAIN_HEADER_QUOTED;
}

static bool is_own(const struct making *making) {
	return !making->bare && making->spelling == AS_IT_IS &&
	       strcmp(making->hash, own_hash(making)) == 0 &&
	       strcmp(making->algorithm, own_algorithm(making)) == 0 &&
	       strcmp(making->encoding, recipe_encodings[making->scheme->encoding]) == 0;
}

static bool try_making(struct making *making) {
	struct search *search = making->search;
	struct recipe recipe = making->carrier->recipe;
	if (is_own(making)) {
		return false;
	}
	search_publics(search, &recipe)->algorithm = making->algorithm;
	recipe.hash = making->hash;
	recipe.encoding = making->encoding;
	if (making->bare) {
		recipe.list = recipe.pair = 0;
		recipe.field = recipe.first = NULL;
		recipe.exact = false;
		recipe.prefix = making->prefix;
	}
	struct buffer words = {0};
	say_difference(&words, making);
	const struct message *message = search_with_carried(search, making->carrier, making->value);
	bool found = search_try_recipe(search, &recipe, cause_of(making), message, buffer_text(&words));
	buffer_clear(&words);
	return found;
}

/* What else the same key may have been used with. */
static const char *twin_of(int algorithm) {
	switch ((enum signature_algorithm)algorithm) {
	case ALGORITHM_ECDSA:
		return algorithm_names[ALGORITHM_ECDSA_RAW];
	case ALGORITHM_ECDSA_RAW:
		return algorithm_names[ALGORITHM_ECDSA];
	case ALGORITHM_RSA:
		return algorithm_names[ALGORITHM_RSA_PSS];
	case ALGORITHM_RSA_PSS:
		return algorithm_names[ALGORITHM_RSA];
	case ALGORITHM_ED25519:
		break;
	}
	return NULL;
}

static bool try_hashes(struct making *making) {
	static const enum recipe_hash hashes[] = {HASH_SHA256, HASH_SHA1, HASH_SHA512};
	making->hash = own_hash(making);
	if (try_making(making)) {
		return true;
	}
	for (size_t i = 0; making->scheme->algorithm != ALGORITHM_ED25519 && i < 3; i++) {
		making->hash = recipe_hashes[hashes[i]];
		if (hashes[i] != making->scheme->hash && try_making(making)) {
			return true;
		}
	}
	return false;
}

static bool try_algorithms(struct making *making) {
	const char *twin = twin_of(making->scheme->algorithm);
	making->algorithm = own_algorithm(making);
	if (try_hashes(making)) {
		return true;
	}
	making->algorithm = twin;
	return twin && try_hashes(making);
}

static bool can_be_written_in(struct span text, enum recipe_encoding encoding) {
	struct buffer decoded = {0};
	bool ok = text.len >= SIGNATURE_LEAST && encoding_decode(&decoded, encoding, text);
	buffer_clear(&decoded);
	return ok;
}

/* The first signature as the recipe takes the value apart; empty: it cannot. */
static struct span first_signature(const struct making *making) {
	struct signature_header header;
	char reason[VERDICT_REASON_LEN];
	bool ok = signature_header_parse(&header, making->scheme, making->value, reason);
	return ok ? header.signatures[0] : (struct span){NULL, 0};
}

static bool try_bare(struct making *making, enum recipe_encoding encoding) {
	struct span value = making->value;
	making->bare = true;
	for (size_t at = 0; at <= PREFIX_MOST && at < value.len; at++) {
		bool ends = at == 0 || strchr("=:, ", value.data[at - 1]);
		snprintf(making->prefix, sizeof making->prefix, "%.*s", (int)at, value.data);
		if (ends && can_be_written_in(span_after(value, at), encoding)) {
			return try_algorithms(making);
		}
	}
	return false;
}

static bool try_spelling(struct making *making) {
	static const enum recipe_encoding encodings[] = {
		ENCODING_BASE64, ENCODING_HEX, ENCODING_BASE64URL};
	bool takes_time = making->carrier->recipe.timestamp.place == PLACE_SIGNATURE;
	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
		making->encoding = recipe_encodings[encodings[i]];
		making->bare = false;
		if (can_be_written_in(first_signature(making), encodings[i]) && try_algorithms(making)) {
			return true;
		}
		if (!takes_time && try_bare(making, encodings[i])) {
			return true;
		}
	}
	return false;
}

static bool explain_public(struct search *search, size_t index) {
	static const enum spelling spellings[] = {AS_IT_IS, UNQUOTED, URL_DECODED};
	const struct recipe *recipe = &search->input->provider->recipes[index];
	struct carrier carrier;
	bool found = false;
	if (recipe->kind != RECIPE_SIGNATURE || recipe->publics->envelope ||
		!search_carrier(search, recipe, &carrier)) {
		return false;
	}
	for (size_t i = 0; !found && i < sizeof spellings / sizeof *spellings; i++) {
		struct buffer value = {0};
		struct making making = {.search = search,
			.scheme = &search->keyring->schemes[index],
			.carrier = &carrier,
			.spelling = spellings[i]};
		if (respell(&value, carrier.value, spellings[i])) {
			making.value = buffer_span(&value);
			found = try_spelling(&making);
		}
		buffer_clear(&value);
	}
	return found;
}

/* Keys that forgot their ids: whatever the signature names, they are tried. */
static bool explain_ids(struct search *search) {
	struct keyring *keyring = search_keyring(search, search->input->provider);
	size_t ids = 0;
	for (size_t i = 0; keyring && i < keyring->secret_count * keyring->scheme_count; i++) {
		struct key *key =
			&keyring->secrets[i / keyring->scheme_count].keys[i % keyring->scheme_count];
		for (size_t n = 0; n < key->publics.count; n++) {
			ids += key->publics.items[n].id[0] != '\0';
			key->publics.items[n].id[0] = '\0';
		}
	}
	bool found = ids > 0 && search_try(search, &(struct change){EXPLAIN_KEY_ID, keyring, NULL},
								"the signature is made with the key that is kept, but names it by "
								"another id: %s",
								search->out->judgement.reason);
	keyring_free(keyring);
	return found;
}

bool explain_publics(struct search *search) {
	const struct provider *provider = search->input->provider;
	bool any = false;
	for (size_t i = 0; i < provider->recipe_count; i++) {
		any |= recipe_has_public(&provider->recipes[i]);
	}
	if (!any || !search_has_keys(search)) {
		return false;
	}
	search_note(search, "other algorithms and key ids");
	for (size_t i = 0; i < provider->recipe_count && i < SEARCH_SCHEMES; i++) {
		if (explain_public(search, i)) {
			return true;
		}
	}
	return explain_ids(search);
}
