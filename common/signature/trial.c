#include "common/signature/trial.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/scratch.h"
#include "common/signature/encoding.h"
#include "common/signature/timestamp.h"

void trial_clear(struct judgement *judgement) {
	judgement->verdict = VERDICT_UNVERIFIED;
	judgement->reason[0] = '\0';
	judgement->secret[0] = '\0';
}

void trial_say(struct trial *trial, enum verdict verdict, const char *text) {
	size_t len = strlen(text);
	len = len < VERDICT_REASON_LEN ? len : VERDICT_REASON_LEN - 1;
	trial->judgement->verdict = verdict;
	memcpy(trial->judgement->reason, text, len);
	trial->judgement->reason[len] = '\0';
}

void trial_judge(struct trial *trial, enum verdict verdict, const char *format, ...) {
	va_list args;
	va_start(args, format);
	trial->judgement->verdict = verdict;
	vsnprintf(trial->judgement->reason, sizeof trial->judgement->reason, format, args);
	va_end(args);
}

/* Whether one of the signatures is that MAC; looks at all of them, each in constant time. */
static bool matches_mac(struct trial *trial, const struct signature_header *header,
	const unsigned char *mac, size_t mac_len) {
	SCRATCH char text[4 * EVP_MAX_MD_SIZE];
	struct buffer encoded = {
		.data = text, .capacity = sizeof text}; /* large enough never to grow */
	encoding_append(&encoded, trial->scheme->encoding, (struct span){(const char *)mac, mac_len});
	bool found = false;
	for (size_t i = 0; i < header->count; i++) {
		struct span signature = header->signatures[i];
		found |= signature.len == encoded.len &&
		         CRYPTO_memcmp(signature.data, encoded.data, encoded.len) == 0;
	}
	OPENSSL_cleanse(text, encoded.len);
	return found;
}

/* Digests are compared, so that neither bytes nor length of the secret show in the time it takes. */
static bool is_token(struct trial *trial, struct span token, const struct key *key) {
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct buffer decoded = {0};
	bool readable = true;
	if (trial->scheme->recipe->kind == RECIPE_BASIC) {
		readable = encoding_decode(&decoded, ENCODING_BASE64, span_trim(token));
		token = buffer_span(&decoded);
	}
	size_t len = keyring_digest(trial->keyring, HASH_SHA256, token, digest);
	bool same = readable && CRYPTO_memcmp(digest, key->digest, len) == 0;
	if (decoded.data) {
		OPENSSL_cleanse(decoded.data, decoded.capacity);
	}
	buffer_clear(&decoded);
	return same;
}

static bool matches_token(
	struct trial *trial, const struct signature_header *header, const struct key *key) {
	bool found = false;
	for (size_t i = 0; i < header->count; i++) {
		found |= is_token(trial, header->signatures[i], key);
	}
	return found;
}

static bool matches(struct trial *trial, const struct signature_header *header,
	const struct content *content, const struct key *key) {
	if (!recipe_makes_mac(trial->scheme->recipe)) {
		return matches_token(trial, header, key);
	}
	SCRATCH unsigned char mac[EVP_MAX_MD_SIZE];
	size_t len = content_mac(trial->keyring, trial->scheme, content, key, mac);
	bool found = len > 0 && matches_mac(trial, header, mac, len);
	OPENSSL_cleanse(mac, len);
	return found;
}

const struct secret *trial_find_secret(
	struct trial *trial, const struct signature_header *header, const struct content *content) {
	for (size_t i = 0; i < trial->keyring->secret_count; i++) {
		const struct secret *secret = &trial->keyring->secrets[i];
		const struct key *key = &secret->keys[trial->scheme_index];
		if (key->usable && matches(trial, header, content, key)) {
			return secret;
		}
	}
	return NULL;
}

/* No secret matched: names those that were tried. */
void trial_judge_mismatch(struct trial *trial) {
	char labels[96] = "";
	size_t len = 0, tried = 0;
	for (size_t i = 0; i < trial->keyring->secret_count; i++) {
		const struct secret *secret = &trial->keyring->secrets[i];
		if (!secret->keys[trial->scheme_index].usable) {
			continue;
		}
		tried++;
		size_t need = strlen(secret->label) + 2;
		if (len + need + 4 < sizeof labels) {
			len += (size_t)snprintf(
				labels + len, sizeof labels - len, "%s%s", len > 0 ? ", " : "", secret->label);
		} else if (labels[len - 1] != '.') {
			len += (size_t)snprintf(labels + len, sizeof labels - len, "...");
		}
	}
	const char *what = recipe_makes_mac(trial->scheme->recipe)       ? "makes this signature"
	                   : trial->scheme->recipe->kind == RECIPE_BASIC ? "is this user and password"
	                                                                 : "is this token";
	if (tried == 0) {
		trial_judge(trial, VERDICT_INVALID,
			"%s is there, but no secret of this endpoint is of the kind it is made with",
			trial->scheme->header);
	} else {
		trial_judge(
			trial, VERDICT_INVALID, "no secret of this endpoint %s (tried: %s)", what, labels);
	}
}

static void judge_untimely(struct trial *trial, int64_t ms) {
	const struct recipe_timestamp *timestamp = &trial->scheme->recipe->timestamp;
	int64_t age_s = timestamp_age_s(timestamp->unit, ms, trial->now_ms);
	if (age_s >= 0) {
		trial_judge(trial, VERDICT_EXPIRED,
			"the signature is right but %" PRId64 " s old (tolerance %d s)", age_s,
			timestamp->tolerance_s);
	} else if (timestamp->future == FUTURE_REJECT) {
		trial_judge(trial, VERDICT_EXPIRED,
			"the signature is right but its timestamp is %" PRId64 " s in the future", -age_s);
	} else {
		trial_judge(trial, VERDICT_EXPIRED,
			"the signature is right but its timestamp is %" PRId64
			" s in the future (tolerance %d s)",
			-age_s, timestamp->tolerance_s);
	}
}

void trial_judge_match(struct trial *trial, const struct secret *secret, int64_t ms) {
	memcpy(trial->judgement->secret, secret->label, sizeof secret->label);
	trial_judge_right(trial, ms);
}

void trial_judge_right(struct trial *trial, int64_t ms) {
	const struct recipe *recipe = trial->scheme->recipe;
	if (ms != TIMESTAMP_NOT_THERE && !timestamp_is_timely(&recipe->timestamp, ms, trial->now_ms)) {
		judge_untimely(trial, ms);
	} else if (!recipe_signs_content(recipe)) {
		trial_judge(trial, VERDICT_VALID,
			"the %s right, but nothing protects the body from being changed",
			recipe->kind == RECIPE_BASIC ? "user and password are" : "token is");
	} else if (!content_covers_body(recipe)) {
		trial_judge(trial, VERDICT_PARTIAL, "the signature is right but does not cover the body");
	} else if (content_is_reserialised(recipe)) {
		trial_judge(trial, VERDICT_RESERIALISED,
			"the signature is right for JSON.stringify of the body, not for its bytes as received");
	} else if (recipe->legacy) {
		trial_judge(trial, VERDICT_VALID, "the signature is right, in the older scheme (%s)",
			recipe->label);
	} else {
		trial_say(trial, VERDICT_VALID, "the signature is right");
	}
}
