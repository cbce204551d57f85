/* What travels as it is: a token, a user and a password. Only what stands around it, and where it stands, can differ. */
#include <openssl/crypto.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/explain_search.h"
#include "common/signature/explain_spelling.h"
#include "common/signature/form.h"
#include "common/signature/keyring.h"
#include "common/signature/lookup.h"

#define FIELDS_MOST 16
/* A shorter beginning may agree by chance. */
#define AGREEING_LEAST 8

static const char *what_of(const struct recipe *recipe) {
	return recipe->kind == RECIPE_BASIC ? "user and password are" : "the token is";
}

/* With another word before it. */
static bool try_prefix(
	struct search *search, size_t index, const struct carrier *carrier, const char *prefix) {
	struct recipe changed = carrier->recipe;
	const char *expected = search->keyring->schemes[index].prefix;
	changed.prefix = prefix;
	changed.list = changed.pair = 0;
	struct keyring *keyring = search_keyring(search, search_provider(search, &changed));
	struct change change = {EXPLAIN_PREFIX, keyring, carrier->message};
	bool found =
		keyring && strcmp(prefix, expected) != 0 &&
		search_try(search, &change, "%s right, but stands behind \"%s\", where \"%s\" is expected",
			what_of(&carrier->recipe), prefix, expected);
	keyring_free(keyring);
	return found;
}

static bool try_spelling(
	struct search *search, const struct carrier *carrier, enum spelling spelling) {
	struct buffer text = {0};
	bool found = respell(&text, carrier->value, spelling);
	if (found) {
		struct keyring *keyring = search_keyring(search, search_provider(search, &carrier->recipe));
		struct change change = {EXPLAIN_HEADER_QUOTED, keyring,
			search_with_carried(search, carrier, buffer_span(&text))};
		found = keyring &&
		        search_try(search, &change, "%s right, but %s, which it must not be",
					what_of(&carrier->recipe), spelling == UNQUOTED ? "quoted" : "URL-encoded");
		keyring_free(keyring);
	}
	buffer_clear(&text);
	return found;
}

/* "user:password" that nobody wrote in base64. */
static bool try_unencoded(struct search *search, const struct carrier *carrier) {
	struct recipe changed = carrier->recipe;
	changed.kind = RECIPE_TOKEN;
	struct keyring *keyring = search_keyring(search, search_provider(search, &changed));
	struct change change = {EXPLAIN_ENCODING, keyring, carrier->message};
	bool found = carrier->recipe.kind == RECIPE_BASIC && keyring &&
	             search_try(search, &change,
					 "user and password are right, but not in base64, as basic authentication "
					 "has them");
	keyring_free(keyring);
	return found;
}

static bool is_same(struct span a, struct span b) {
	return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.data, b.data, a.len) == 0);
}

/* Of user and password, one is right. */
static bool try_halves(struct search *search, size_t index, struct span value) {
	const struct scheme *scheme = &search->keyring->schemes[index];
	struct span prefix = span_text(scheme->prefix);
	struct buffer decoded = {0};
	bool found = false;
	if (value.len <= prefix.len ||
		!encoding_decode(&decoded, ENCODING_BASE64, span_trim(span_after(value, prefix.len)))) {
		return false;
	}
	struct span password = buffer_span(&decoded), user = span_cut(&password, ':');
	for (size_t i = 0; !found && i < search->keyring->secret_count; i++) {
		const struct secret *secret = &search->keyring->secrets[i];
		struct span own = buffer_span(&secret->keys[index].text), own_user = span_cut(&own, ':');
		bool same_user = is_same(user, own_user), same_password = is_same(password, own);
		if (secret->keys[index].usable && same_user != same_password) {
			found = search_say(search, EXPLAIN_PASSWORD,
				"the %s is right, but the %s is not (secret %s)", same_user ? "user" : "password",
				same_user ? "password" : "user", secret->label);
			memcpy(search->out->secret, secret->label, sizeof search->out->secret);
		}
	}
	OPENSSL_cleanse(decoded.data, decoded.capacity);
	buffer_clear(&decoded);
	return found;
}

/* The beginning of the right one, or the right one with something behind it. */
static bool try_length(struct search *search, size_t index, struct span value) {
	const struct scheme *scheme = &search->keyring->schemes[index];
	struct span prefix = span_text(scheme->prefix);
	if (!span_starts_with(value, prefix)) {
		return false;
	}
	value = span_after(value, prefix.len);
	for (size_t i = 0; i < search->keyring->secret_count; i++) {
		const struct secret *secret = &search->keyring->secrets[i];
		struct span own = buffer_span(&secret->keys[index].text);
		size_t len = value.len < own.len ? value.len : own.len;
		if (!secret->keys[index].usable || len < AGREEING_LEAST || value.len == own.len ||
			CRYPTO_memcmp(value.data, own.data, len) != 0) {
			continue;
		}
		memcpy(search->out->secret, secret->label, sizeof search->out->secret);
		return value.len < own.len
		           ? search_say(search, EXPLAIN_TRUNCATED,
						 "the token is the beginning of the right one (secret %s): something cut "
						 "it off",
						 secret->label)
		           : search_say(search, EXPLAIN_TRAILING,
						 "the token is the right one (secret %s) with %zu characters behind it",
						 secret->label, value.len - own.len);
	}
	return false;
}

/* A field of the query that holds the token. */
static bool try_query(struct search *search, size_t index) {
	const struct recipe *recipe = &search->input->provider->recipes[index];
	struct span path, query, name, value;
	lookup_target(search->input->message, &path, &query);
	for (size_t i = 0; i < FIELDS_MOST && form_next(&query, &name, &value); i++) {
		struct recipe changed = *recipe;
		struct buffer decoded = {0};
		form_decode(&decoded, name);
		const char *field = arena_text_of(&search->arena, decoded.data, decoded.len);
		buffer_clear(&decoded);
		changed.place = PLACE_QUERY;
		changed.header = field;
		changed.prefix = "";
		changed.list = changed.pair = 0;
		struct keyring *keyring = search_keyring(search, search_provider(search, &changed));
		struct change change = {EXPLAIN_PLACE, keyring, NULL};
		bool found = *field && *field != '$' && keyring &&
		             search_try(search, &change,
						 "the right token is in the query (%.80s), not in the %s (%s)", field,
						 recipe_places[recipe->place], search->keyring->schemes[index].header);
		keyring_free(keyring);
		if (found) {
			return true;
		}
	}
	return false;
}

static bool explain_one(struct search *search, size_t index) {
	static const char *const prefixes[] = {"Bearer ", "bearer ", "Token ", "Basic ", ""};
	const struct recipe *recipe = &search->input->provider->recipes[index];
	struct carrier carrier;
	if (recipe->kind != RECIPE_TOKEN && recipe->kind != RECIPE_BASIC) {
		return false;
	}
	if (!search_carrier(search, recipe, &carrier)) {
		return recipe->kind == RECIPE_TOKEN && try_query(search, index);
	}
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (try_prefix(search, index, &carrier, prefixes[i])) {
			return true;
		}
	}
	return try_spelling(search, &carrier, UNQUOTED) ||
	       try_spelling(search, &carrier, URL_DECODED) || try_unencoded(search, &carrier) ||
	       (recipe->kind == RECIPE_BASIC ? try_halves(search, index, carrier.value)
										 : try_length(search, index, carrier.value));
}

bool explain_plain(struct search *search) {
	const struct provider *provider = search->input->provider;
	for (size_t i = 0; search->input->secret_count > 0 && i < provider->recipe_count; i++) {
		if (i < SEARCH_SCHEMES && explain_one(search, i)) {
			return true;
		}
	}
	return false;
}
