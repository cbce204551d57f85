/* Headers: several of one name, an empty or shortened signature, one under another name. */
#include <openssl/crypto.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/explain_search.h"
#include "common/signature/received.h"

/* Headers that might hold the signature under another name, and least length of such a value. */
#define NAMES_MOST 24
#define VALUE_LEAST 16
/* So many characters of a MAC do not agree by chance. */
#define AGREEING_LEAST 12

/* "X stands there 2 times": which of them is right alone. */
static bool explain_several(struct search *search, const struct recipe *recipe) {
	const struct message *message = search->input->message;
	const char *name = search_name(search, recipe);
	size_t first = search_header(message, name, 0), count = 0;
	for (size_t at = first; at < message->header_count; at = search_header(message, name, at + 1)) {
		count++;
	}
	if (count < 2) {
		return false;
	}
	size_t nth = 0;
	for (size_t at = first; at < message->header_count && nth < SIGNATURES_MAX;
		 at = search_header(message, name, at + 1)) {
		struct message alone = *search_with_value(search, first, message->headers[at].value);
		for (size_t next = search_header(&alone, name, first + 1); next < alone.header_count;
			 next = search_header(&alone, name, first + 1)) {
			alone.headers[next].name = span_text("-");
		}
		nth++;
		struct change change = {EXPLAIN_SEVERAL_HEADERS, NULL, &alone};
		if (search_try(search, &change,
				"%s stands there %zu times, and only number %zu is right alone: a receiver may "
				"take "
				"another one",
				name, count, nth)) {
			return true;
		}
	}
	return false;
}

/* A header with nothing in it, or nothing but its prefix. */
static bool explain_empty(struct search *search, const struct recipe *recipe) {
	struct carrier carrier;
	if (!search_carrier(search, recipe, &carrier)) {
		return false;
	}
	struct span value = carrier.value;
	const char *name = search_name(search, recipe);
	if (value.len == 0) {
		return search_say(search, EXPLAIN_EMPTY_SIGNATURE,
			"%s is there but empty: the sender has no secret to sign with, or something on the way "
			"removed the value",
			name);
	}
	const char *prefix = recipe->prefix && *recipe->prefix != '$' ? recipe->prefix : "";
	if (!recipe->list && *prefix && span_is(value, prefix)) {
		return search_say(search, EXPLAIN_EMPTY_SIGNATURE,
			"there is nothing behind %s in %s: the sender has no secret to sign with", prefix,
			name);
	}
	return false;
}

/* How a signature and the right one agree: 0 not, -1 it is shorter, 1 it is longer. */
static int compare_lengths(struct span signature, struct span right) {
	size_t len = signature.len < right.len ? signature.len : right.len;
	if (len < AGREEING_LEAST || signature.len == right.len ||
		CRYPTO_memcmp(signature.data, right.data, len) != 0) {
		return 0;
	}
	return signature.len < right.len ? -1 : 1;
}

static bool say_length(struct search *search, const struct scheme *scheme,
	const struct secret *secret, struct span signature, size_t right_len) {
	memcpy(search->out->secret, secret->label, sizeof search->out->secret);
	explain_compare(search, NULL, NULL);
	return signature.len < right_len
	           ? search_say(search, EXPLAIN_TRUNCATED,
					 "the signature in %s is the beginning of the right one (secret %s): %zu of "
					 "%zu "
					 "characters, something cut it off",
					 scheme->header, secret->label, signature.len, right_len)
	           : search_say(search, EXPLAIN_TRAILING,
					 "the signature in %s is the right one (secret %s) with %zu characters behind "
					 "it",
					 scheme->header, secret->label, signature.len - right_len);
}

/* The signatures and the signed text of one scheme, as received. */
static bool read_scheme(struct search *search, const struct scheme *scheme,
	struct signature_header *header, struct content *content) {
	char reason[VERDICT_REASON_LEN];
	return received_read(search->keyring, scheme, search->input->message, header, content, reason);
}

/* The signature that agrees with the key's MAC but for its end; data NULL: there is none. */
static struct span find_agreeing(struct search *search, const struct scheme *scheme,
	const struct key *key, const struct signature_header *header, const struct content *content) {
	unsigned char mac[EVP_MAX_MD_SIZE];
	char text[4 * EVP_MAX_MD_SIZE];
	struct buffer right = {.data = text, .capacity = sizeof text}; /* never to grow */
	struct span found = {NULL, 0};
	size_t len = key->usable ? content_mac(search->keyring, scheme, content, key, mac) : 0;
	encoding_append(&right, scheme->encoding, (struct span){(const char *)mac, len});
	search->out->macs++;
	for (size_t i = 0; i < header->count; i++) {
		if (compare_lengths(header->signatures[i], buffer_span(&right)) != 0) {
			found = header->signatures[i];
		}
	}
	OPENSSL_cleanse(mac, sizeof mac);
	OPENSSL_cleanse(text, sizeof text);
	return found;
}

/* Whether one of the signatures is the MAC of what was received, but for its end. */
static bool explain_length(struct search *search, size_t index) {
	struct keyring *keyring = search->keyring;
	const struct scheme *scheme = &keyring->schemes[index];
	struct signature_header header;
	struct content content;
	if (!read_scheme(search, scheme, &header, &content)) {
		return false;
	}
	const struct secret *secret = NULL;
	struct span signature = {NULL, 0};
	for (size_t i = 0; i < keyring->secret_count; i++) {
		struct span found =
			find_agreeing(search, scheme, &keyring->secrets[i].keys[index], &header, &content);
		secret = found.data ? &keyring->secrets[i] : secret;
		signature = found.data ? found : signature;
	}
	return secret && say_length(search, scheme, secret, signature,
						 encoding_len(scheme->encoding, scheme->mac_len));
}

/* The signature's own header is missing: perhaps it has another name. */
static bool explain_name(struct search *search, const struct recipe *recipe) {
	const struct message *message = search->input->message;
	const char *name = search_name(search, recipe);
	if (recipe->place != PLACE_HEADER || search_place(search, recipe) < message->header_count) {
		return false;
	}
	for (size_t i = 0, tried = 0; i < message->header_count && tried < NAMES_MOST; i++) {
		const struct header *header = &message->headers[i];
		if (header->value.len < VALUE_LEAST || search_header(message, "Host", 0) == i) {
			continue;
		}
		tried++;
		struct change change = {EXPLAIN_HEADER_NAME, NULL, search_with_name(search, i, name)};
		if (search_try(search, &change, "the right signature is in %.*s, not in %s",
				(int)(header->name.len < 80 ? header->name.len : 80), header->name.data, name)) {
			return true;
		}
	}
	return false;
}

bool explain_headers(struct search *search) {
	const struct provider *provider = search->input->provider;
	search_note(search, "empty, shortened and repeated signatures, other headers");
	for (size_t i = 0; i < provider->recipe_count && i < SEARCH_SCHEMES; i++) {
		const struct recipe *recipe = &provider->recipes[i];
		if (explain_several(search, recipe) || explain_empty(search, recipe) ||
			explain_length(search, i) || explain_name(search, recipe)) {
			return true;
		}
	}
	return false;
}
