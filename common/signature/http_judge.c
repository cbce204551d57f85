/* Judges HTTP message signatures: the digest of the body, the signature base, the key, and only then the times. */
#include <inttypes.h>
#include <stdio.h>

#include "common/signature/http_signature.h"
#include "common/signature/key_search.h"
#include "common/signature/public_judge.h"
#include "common/signature/recipe_public.h"
#include "common/signature/request_url.h"

/* A clock a little ahead of ours is no forgery. */
#define CREATED_AHEAD_S 60

struct http_case {
	const struct public_case *of;
	const struct scheme *scheme;
	const struct algorithm *algorithm;
	struct span base, bytes;
	size_t *tries;
	struct judgement *judgement;
};

static bool matches(const struct public_key *key, void *data) {
	const struct http_case *http = data;
	return public_key_verify(key, http->algorithm->signature,
		EVP_get_digestbyname(http->algorithm->digest), &http->base, 1, http->bytes);
}

static bool check_mac(const struct http_case *http) {
	const struct keyring *keyring = http->of->keyring;
	for (size_t i = 0; i < keyring->secret_count; i++) {
		const struct secret *secret = &keyring->secrets[i];
		const struct key *key = &secret->keys[http->of->scheme_index];
		if (key->usable && key->publics.count == 0 &&
			public_judge_mac(
				buffer_span(&key->text), http->algorithm->digest, http->base, http->bytes)) {
			snprintf(http->judgement->secret, sizeof http->judgement->secret, "%s", secret->label);
			return true;
		}
	}
	judgement_say(
		http->judgement, VERDICT_INVALID, "no secret of this endpoint makes this signature");
	return false;
}

static bool check_key(struct http_case *http, struct span key_id) {
	if (http->algorithm->is_mac) {
		return check_mac(http);
	}
	struct key_search search = {.keyring = http->of->keyring,
		.scheme_index = http->of->scheme_index,
		.message = http->of->message,
		.id = key_id,
		.algorithm = http->algorithm->signature,
		.curve = http->algorithm->curve,
		.matches = matches,
		.data = http,
		.tries = *http->tries};
	bool ok = key_search_run(&search, http->judgement);
	*http->tries = search.tries;
	return ok;
}

static bool check_times(struct http_case *http, const struct http_signature *signature) {
	int tolerance_s = http->scheme->recipe->timestamp.tolerance_s;
	int64_t now_s = http->of->now_ms / 1000, age_s = now_s - signature->created_s;
	if (signature->expires_s >= 0 && now_s > signature->expires_s) {
		judgement_say(http->judgement, VERDICT_EXPIRED,
			"the signature is right but expired %" PRId64 " s ago", now_s - signature->expires_s);
		return false;
	}
	if (tolerance_s < 0) {
		return true;
	}
	if (signature->created_s < 0) {
		judgement_say(http->judgement, VERDICT_INVALID,
			"Signature-Input does not say when the signature was created");
		return false;
	}
	if (age_s > tolerance_s || -age_s > CREATED_AHEAD_S) {
		judgement_say(http->judgement, VERDICT_EXPIRED,
			age_s > 0 ? "the signature is right but %" PRId64 " s old (tolerance %d s)"
					  : "the signature is right but created %" PRId64
						" s in the future (tolerance %d s)",
			age_s > 0 ? age_s : -age_s, age_s > 0 ? tolerance_s : CREATED_AHEAD_S);
		return false;
	}
	return true;
}

/* What the signature says of itself must be what the recipe says. */
static bool check_claims(struct http_case *http, const struct http_signature *signature) {
	const char *key_id = keyring_parameter(http->of->keyring, "keyid");
	if (signature->algorithm.data && !span_is(signature->algorithm, http->algorithm->name)) {
		judgement_say(
			http->judgement, VERDICT_INVALID, "it is not made with %s", http->algorithm->name);
		return false;
	}
	if (key_id && *key_id && !span_is(signature->key_id, key_id)) {
		judgement_say(
			http->judgement, VERDICT_INVALID, "it is made with another key than %s", key_id);
		return false;
	}
	if (!http_signature_covers(signature, "content-digest")) {
		judgement_say(http->judgement, VERDICT_INVALID,
			"the signature does not cover content-digest, and so not the body");
		return false;
	}
	return true;
}

static bool judge_one(struct http_case *http, const struct http_signature *signature,
	struct span url, struct span header) {
	char reason[HTTP_SIGNATURE_REASON_LEN];
	struct buffer base = {0}, bytes = {0};
	bool ok = check_claims(http, signature);
	if (ok && (!http_content_digest_check(http->of->message, reason) ||
				  !http_signature_bytes(header, signature->label, &bytes, reason) ||
				  !http_signature_base(signature, http->of->message, url, &base, reason))) {
		judgement_say(http->judgement, VERDICT_INVALID, "%s", reason);
		ok = false;
	}
	http->base = buffer_span(&base);
	http->bytes = buffer_span(&bytes);
	ok = ok && check_key(http, signature->key_id) && check_times(http, signature);
	buffer_clear(&base);
	buffer_clear(&bytes);
	return ok;
}

static void judge_all(struct http_case *http, struct span input, struct span header) {
	struct http_signature signatures[HTTP_SIGNATURES_MAX];
	char reason[HTTP_SIGNATURE_REASON_LEN];
	size_t count = http_signature_parse(signatures, input, reason);
	if (count == 0) {
		judgement_say(http->judgement, VERDICT_INVALID, "%s", reason);
		return;
	}
	struct buffer url = {0};
	struct request_url parts = request_url_of(
		http->of->message, keyring_parameter(http->of->keyring, REQUEST_URL_PARAMETER));
	request_url_append(&url, &parts, URL_PORT_AS_IS);
	for (size_t i = 0; i < count; i++) {
		if (judge_one(http, &signatures[i], buffer_span(&url), header)) {
			judgement_say(http->judgement, VERDICT_VALID, "the signature is right");
			break;
		}
	}
	buffer_clear(&url);
}

void http_judge(const struct public_case *of, struct judgement *judgement) {
	struct buffer input = {0}, header = {0};
	size_t tries = 0;
	struct http_case http = {.of = of, .judgement = judgement, .tries = &tries};
	http.scheme = &of->keyring->schemes[of->scheme_index];
	http.algorithm = &algorithm_http[http.scheme->algorithm];
	bool has_header = http_header_joined(of->message, span_text("Signature"), &header);
	bool has_input = http_header_joined(of->message, span_text("Signature-Input"), &input);
	if (has_header && has_input) {
		judge_all(&http, buffer_span(&input), buffer_span(&header));
	} else {
		judgement_say(judgement, has_header || has_input ? VERDICT_INVALID : VERDICT_UNSIGNED,
			"there is no %s header", has_header ? "Signature-Input" : "Signature");
	}
	buffer_clear(&input);
	buffer_clear(&header);
}
