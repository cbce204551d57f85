/* How the signature is written: encoding, digest, prefix, field, letter case, quotes; also two of them at once. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/explain_search.h"
#include "common/signature/explain_spelling.h"
#include "common/signature/keyring.h"

#define PREFIX_MOST 32
#define FIELDS_MOST 6

/* How it is taken apart: as the recipe says, as a bare MAC behind whatever stands before it, or by another key. */
enum framing { OWN, BARE, OTHER_FIELD };

struct attempt_to_read {
	struct search *search;
	const struct recipe *recipe;
	const struct scheme *scheme;
	const struct carrier *carrier;
	struct span value;
	enum spelling spelling;
	enum framing framing;
	const char *hash, *encoding;
	char prefix[PREFIX_MOST + 1];
	char field[PREFIX_MOST + 1];
};

static bool is_written_in(struct span text, enum recipe_encoding encoding) {
	struct buffer decoded = {0};
	bool ok = encoding_decode(&decoded, encoding, text);
	buffer_clear(&decoded);
	return ok;
}

/* What stands before the MAC, when the end of the value can be one of `len` characters. */
static bool find_prefix(struct attempt_to_read *reading, size_t len) {
	struct span value = reading->value;
	if (value.len < len || value.len - len > PREFIX_MOST) {
		return false;
	}
	snprintf(reading->prefix, sizeof reading->prefix, "%.*s", (int)(value.len - len), value.data);
	return !reading->prefix[strcspn(reading->prefix, "\"'<>%")]; /* those are other spellings */
}

static bool is_framed_otherwise(const struct attempt_to_read *reading) {
	return reading->framing == BARE &&
	       (reading->recipe->pair || strcmp(reading->prefix, reading->scheme->prefix) != 0);
}

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

static void say_framing(struct buffer *out, const struct attempt_to_read *reading) {
	const char *expected = reading->scheme->prefix, *found = reading->prefix;
	if (*found && *expected) {
		say(out, "behind %s, where %s is expected", found, expected);
	} else if (*found) {
		say(out, "behind %s, where nothing is expected before it", found);
	} else if (*expected) {
		say(out, "without the %s that is expected before it", expected);
	} else {
		say(out, "without the %s%c that is expected before it", reading->scheme->field,
			reading->recipe->pair);
	}
}

static void say_difference(struct buffer *out, const struct attempt_to_read *reading) {
	const char *hash = recipe_hashes[reading->scheme->hash];
	const char *encoding = recipe_encodings[reading->scheme->encoding];
	if (strcmp(reading->hash, hash) != 0) {
		say(out, "made with %s, where the recipe expects %s", reading->hash, hash);
	}
	if (strcmp(reading->encoding, encoding) != 0) {
		say(out, "in %s, where the recipe expects %s", reading->encoding, encoding);
	}
	if (is_framed_otherwise(reading)) {
		say_framing(out, reading);
	} else if (reading->framing == OTHER_FIELD) {
		say(out, "under %s, where %s is expected", reading->field, reading->scheme->field);
	}
	if (reading->spelling == LOWER_CASE) {
		say(out, "in capital letters, where small ones are expected");
	} else if (reading->spelling != AS_IT_IS) {
		say(out, "%s, which it must not be",
			reading->spelling == UNQUOTED ? "quoted" : "URL-encoded");
	}
}

static enum explain_cause cause_of(const struct attempt_to_read *reading) {
	const struct scheme *scheme = reading->scheme;
	if (strcmp(reading->hash, recipe_hashes[scheme->hash]) != 0) {
		return EXPLAIN_HASH;
	}
	if (strcmp(reading->encoding, recipe_encodings[scheme->encoding]) != 0) {
		return EXPLAIN_ENCODING;
	}
	if (is_framed_otherwise(reading)) {
		return EXPLAIN_PREFIX;
	}
	if (reading->framing == OTHER_FIELD) {
		return EXPLAIN_FIELD;
	}
	return reading->spelling == LOWER_CASE ? EXPLAIN_UPPER_CASE
	       : reading->spelling == AS_IT_IS ? EXPLAIN_PREFIX
	                                       : EXPLAIN_HEADER_QUOTED;
}

/* Judges with a recipe that reads the header in this way. */
static bool try_reading(struct attempt_to_read *reading) {
	struct search *search = reading->search;
	struct recipe recipe = *reading->recipe;
	recipe.hash = reading->hash;
	recipe.encoding = reading->encoding;
	recipe.legacy = false;
	if (reading->framing == BARE) {
		recipe.list = recipe.pair = 0;
		recipe.field = recipe.first = NULL;
		recipe.exact = false;
		recipe.prefix = reading->prefix;
	} else if (reading->framing == OTHER_FIELD) {
		recipe.field = reading->field;
	}
	struct buffer words = {0};
	say_difference(&words, reading);
	const struct message *message = search_with_carried(search, reading->carrier, reading->value);
	bool found =
		search_try_recipe(search, &recipe, cause_of(reading), message, buffer_text(&words));
	buffer_clear(&words);
	return found;
}

static bool is_own(const struct attempt_to_read *reading) {
	return reading->framing == OWN && reading->spelling == AS_IT_IS &&
	       strcmp(reading->hash, recipe_hashes[reading->scheme->hash]) == 0 &&
	       strcmp(reading->encoding, recipe_encodings[reading->scheme->encoding]) == 0;
}

/* Every digest in every encoding, where the value is as long as that would make it. */
static bool try_codes(struct attempt_to_read *reading) {
	static const size_t lens[] = {32, 20, 64, 16}; /* of recipe_hashes */
	static const enum recipe_encoding encodings[] = {
		ENCODING_HEX, ENCODING_BASE64, ENCODING_BASE64URL};
	for (size_t hash = 0; hash < sizeof lens / sizeof *lens; hash++) {
		for (size_t i = 0; i < 3; i++) {
			size_t len = encoding_len(encodings[i], lens[hash]);
			reading->hash = recipe_hashes[hash];
			reading->encoding = recipe_encodings[encodings[i]];
			if (is_own(reading) || reading->value.len < len) {
				continue;
			}
			struct span tail = span_after(reading->value, reading->value.len - len);
			if ((reading->framing != BARE ||
					(is_written_in(tail, encodings[i]) && find_prefix(reading, len))) &&
				try_reading(reading)) {
				return true;
			}
		}
	}
	return false;
}

/* Other keys of "t=1,v0=..." than the one that counts. */
static bool try_fields(struct attempt_to_read *reading) {
	const struct recipe *recipe = reading->recipe;
	struct span rest = reading->value;
	for (size_t n = 0; recipe->pair && rest.len > 0 && n < FIELDS_MOST; n++) {
		struct span entry =
			span_trim(recipe->list ? span_cut(&rest, recipe->list) : span_cut(&rest, '\0'));
		struct span key = span_cut(&entry, recipe->pair);
		if (key.len == 0 || key.len > PREFIX_MOST || entry.len == 0 ||
			(reading->scheme->field && span_is(key, reading->scheme->field)) ||
			(recipe->timestamp.place == PLACE_SIGNATURE &&
				span_is(key, reading->scheme->timestamp))) {
			continue;
		}
		reading->framing = OTHER_FIELD;
		snprintf(reading->field, sizeof reading->field, "%.*s", (int)key.len, key.data);
		if (try_codes(reading)) {
			return true;
		}
	}
	return false;
}

static bool try_spelling(struct attempt_to_read *reading) {
	reading->framing = OWN;
	if (try_codes(reading)) {
		return true;
	}
	reading->framing = BARE;
	if (reading->recipe->timestamp.place != PLACE_SIGNATURE && try_codes(reading)) {
		return true;
	}
	return try_fields(reading);
}

static bool explain_scheme(struct search *search, size_t index) {
	const struct recipe *recipe = &search->input->provider->recipes[index];
	struct carrier carrier;
	if (!recipe_makes_mac(recipe) || !search_carrier(search, recipe, &carrier)) {
		return false;
	}
	bool found = false;
	for (enum spelling spelling = AS_IT_IS; !found && spelling < SPELLINGS; spelling++) {
		struct buffer value = {0};
		struct attempt_to_read reading = {.search = search,
			.recipe = &carrier.recipe,
			.scheme = &search->keyring->schemes[index],
			.carrier = &carrier,
			.spelling = spelling};
		if (respell(&value, carrier.value, spelling)) {
			reading.value = buffer_span(&value);
			found = try_spelling(&reading);
		}
		buffer_clear(&value);
	}
	return found;
}

bool explain_schemes(struct search *search) {
	const struct provider *provider = search->input->provider;
	if (!search_has_keys(search)) {
		return false;
	}
	search_note(search, "other encodings, digests, prefixes and spellings");
	for (size_t i = 0; i < provider->recipe_count && i < SEARCH_SCHEMES; i++) {
		if (explain_scheme(search, i)) {
			return true;
		}
	}
	return false;
}
