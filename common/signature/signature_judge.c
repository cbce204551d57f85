#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <stdio.h>

#include "common/signature/encoding.h"
#include "common/signature/json_object.h"
#include "common/signature/key_search.h"
#include "common/signature/lookup.h"
#include "common/signature/public_judge.h"
#include "common/signature/recipe_public.h"

bool public_judge_mac(struct span secret, const char *digest, struct span bytes, struct span mac) {
	unsigned char made[EVP_MAX_MD_SIZE];
	size_t len = 0;
	bool same = EVP_Q_mac(NULL, "HMAC", NULL, digest, NULL, secret.data, secret.len,
					(const unsigned char *)(bytes.data ? bytes.data : ""), bytes.len, made,
					sizeof made, &len) != NULL &&
	            mac.len == len && CRYPTO_memcmp(made, mac.data, len) == 0;
	OPENSSL_cleanse(made, sizeof made);
	return same;
}

struct checking {
	const struct content *content;
	enum signature_algorithm algorithm;
	const EVP_MD *digest;
	struct span signature;
};

static bool matches(const struct public_key *key, void *data) {
	const struct checking *checking = data;
	return public_key_verify(key, checking->algorithm, checking->digest, checking->content->pieces,
		checking->content->count, checking->signature);
}

/* {"kid": ..., "signature": ...} in base64: what stands in it takes the place of the text. */
static bool open_envelope(struct span text, struct buffer *kid, struct buffer *signature) {
	struct buffer json = {0};
	struct json_object object = {0};
	const char *why;
	bool ok = encoding_decode(&json, ENCODING_BASE64, text) &&
	          json_object_read(&object, buffer_span(&json), &why) &&
	          json_object_text(&object, "kid", kid) &&
	          json_object_text(&object, "signature", signature);
	json_object_clear(&object);
	buffer_clear(&json);
	return ok;
}

static bool judge_one(const struct public_case *of, struct key_search *search, struct span text,
	struct judgement *judgement) {
	const struct scheme *scheme = &of->keyring->schemes[of->scheme_index];
	const struct recipe_public *public = scheme->recipe->publics;
	struct checking *checking = search->data;
	struct buffer id = {0}, inner = {0}, bytes = {0};
	bool ok = true;
	if (public->envelope) {
		ok = open_envelope(text, &id, &inner);
		text = buffer_span(&inner);
		search->id = buffer_span(&id);
		if (!ok) {
			judgement_say(judgement, VERDICT_INVALID,
				"%s is not base64 of an object with kid and signature", scheme->header);
		}
	} else if (public->keyset.url && public->keyset.source == KEYSET_PLACE) {
		search->id = lookup_value(of->message, public->keyset.place, public->keyset.name, &id);
	}
	if (ok && (!encoding_decode(&bytes, scheme->encoding, text) || bytes.len == 0)) {
		judgement_say(judgement, VERDICT_INVALID, "the signature in %s is not %s", scheme->header,
			scheme->encoding == ENCODING_HEX ? "hexadecimal" : "base64");
		ok = false;
	}
	checking->signature = buffer_span(&bytes);
	ok = ok && key_search_run(search, judgement);
	buffer_clear(&id);
	buffer_clear(&inner);
	buffer_clear(&bytes);
	return ok;
}

bool signature_judge(const struct public_case *of, const struct signature_header *header,
	const struct content *content, struct judgement *judgement) {
	const struct scheme *scheme = &of->keyring->schemes[of->scheme_index];
	struct checking checking = {.content = content,
		.algorithm = (enum signature_algorithm)scheme->algorithm,
		.digest = keyring_hash(scheme->hash)};
	struct key_search search = {.keyring = of->keyring,
		.scheme_index = of->scheme_index,
		.message = of->message,
		.algorithm = checking.algorithm,
		.curve = "",
		.matches = matches,
		.data = &checking};
	for (size_t i = 0; i < header->count; i++) {
		if (judge_one(of, &search, header->signatures[i], judgement)) {
			return true;
		}
	}
	return false;
}
