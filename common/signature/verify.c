#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/signature/content.h"
#include "common/signature/encoding.h"
#include "common/signature/signature_header.h"
#include "common/signature/timestamp.h"

/* What one call judges: passed down, so that nothing is kept between calls. */
struct trial {
	struct keyring *keyring;
	const struct scheme *scheme;
	size_t scheme_index;
	const struct message *message;
	int64_t now_ms;
	struct judgement *judgement;
};

static void judge(struct trial *trial, enum verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void judge(struct trial *trial, enum verdict verdict, const char *format, ...) {
	va_list args;
	va_start(args, format);
	trial->judgement->verdict = verdict;
	vsnprintf(trial->judgement->reason, sizeof trial->judgement->reason, format, args);
	va_end(args);
}

/* Which of several findings counts: any scheme that accepts makes the request valid. */
static int weight(enum verdict verdict) {
	static const int weights[VERDICT_COUNT] = {
		[VERDICT_VALID] = 6,
		[VERDICT_PARTIAL] = 5,
		[VERDICT_RESERIALISED] = 4,
		[VERDICT_EXPIRED] = 3,
		[VERDICT_INVALID] = 2,
		[VERDICT_UNSIGNED] = 1,
		[VERDICT_UNVERIFIED] = 0,
	};
	return weights[verdict];
}

static bool accepts(enum verdict verdict) {
	return weight(verdict) >= weight(VERDICT_RESERIALISED);
}

/* A header that must stand once; several with the same value are as good as one. */
static bool one_header(
	struct trial *trial, const char *name, struct span *value, const char *what) {
	*value = message_header_value(trial->message, name);
	const struct header *again;
	for (size_t nth = 1; (again = message_header(trial->message, name, nth)); nth++) {
		if (!span_equal(again->value, *value)) {
			judge(trial, VERDICT_INVALID, "%s stands there several times with different values",
				name);
			return false;
		}
	}
	if (!value->data || value->len == 0) {
		judge(trial, VERDICT_INVALID, "%s %s, and %s is part of what is signed", name,
			value->data ? "is empty" : "is missing", what);
		return false;
	}
	return true;
}

static bool find_timestamp(
	struct trial *trial, const struct signature_header *header, struct span *text, int64_t *ms) {
	const struct recipe_timestamp *timestamp = &trial->scheme->recipe->timestamp;
	if (timestamp->place == TIMESTAMP_NONE) {
		return true;
	}
	if (timestamp->place == TIMESTAMP_HEADER) {
		if (!one_header(trial, trial->scheme->timestamp, text, "the timestamp")) {
			return false;
		}
	} else if (!header->timestamp.data) {
		judge(trial, VERDICT_INVALID, "%s has no %s entry", trial->scheme->header,
			trial->scheme->timestamp);
		return false;
	} else {
		*text = header->timestamp;
	}
	if (timestamp_parse(ms, timestamp->unit, *text)) {
		return true;
	}
	judge(trial, VERDICT_INVALID, "the timestamp in %s is not %s",
		timestamp->place == TIMESTAMP_HEADER ? trial->scheme->timestamp : trial->scheme->header,
		timestamp->unit == UNIT_ISO  ? "a date and time"
		: timestamp->unit == UNIT_MS ? "a plain number of milliseconds"
									 : "a plain number of seconds");
	return false;
}

/* Whether one of the signatures is that MAC; looks at all of them, each in constant time. */
static bool matches_mac(struct trial *trial, const struct signature_header *header,
	const unsigned char *mac, size_t mac_len) {
	char text[2 * EVP_MAX_MD_SIZE + 1];
	struct buffer encoded = {
		.data = text, .capacity = sizeof text}; /* large enough never to grow */
	encoding_append(&encoded, trial->scheme->encoding, (struct span){(const char *)mac, mac_len});
	bool found = false;
	for (size_t i = 0; i < header->count; i++) {
		struct span signature = header->signatures[i];
		found |= signature.len == encoded.len &&
		         CRYPTO_memcmp(signature.data, encoded.data, encoded.len) == 0;
	}
	OPENSSL_cleanse(text, sizeof text);
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

/* The first secret that makes one of the signatures, or NULL. */
static const struct secret *find_secret(
	struct trial *trial, const struct signature_header *header, const struct content *content) {
	for (size_t i = 0; i < trial->keyring->secret_count; i++) {
		const struct secret *secret = &trial->keyring->secrets[i];
		const struct key *key = &secret->keys[trial->scheme_index];
		if (!key->usable) {
			continue;
		}
		if (trial->scheme->recipe->kind != RECIPE_HMAC) {
			if (matches_token(trial, header, key)) {
				return secret;
			}
			continue;
		}
		unsigned char mac[EVP_MAX_MD_SIZE];
		size_t len = content_mac(content, key->mac, mac);
		bool found = len > 0 && matches_mac(trial, header, mac, len);
		OPENSSL_cleanse(mac, sizeof mac);
		if (found) {
			return secret;
		}
	}
	return NULL;
}

/* No secret matched: names those that were tried. */
static void judge_mismatch(struct trial *trial) {
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
	const char *what = trial->scheme->recipe->kind == RECIPE_HMAC    ? "makes this signature"
	                   : trial->scheme->recipe->kind == RECIPE_BASIC ? "is this user and password"
	                                                                 : "is this token";
	if (tried == 0) {
		judge(trial, VERDICT_INVALID,
			"%s is there, but no secret of this endpoint is of the kind it is made with",
			trial->scheme->header);
	} else {
		judge(trial, VERDICT_INVALID, "no secret of this endpoint %s (tried: %s)", what, labels);
	}
}

static void judge_untimely(struct trial *trial, int64_t ms) {
	const struct recipe_timestamp *timestamp = &trial->scheme->recipe->timestamp;
	int64_t age_s = timestamp_age_s(timestamp->unit, ms, trial->now_ms);
	if (age_s >= 0) {
		judge(trial, VERDICT_EXPIRED,
			"the signature is right but %" PRId64 " s old (tolerance %d s)", age_s,
			timestamp->tolerance_s);
	} else if (timestamp->future == FUTURE_REJECT) {
		judge(trial, VERDICT_EXPIRED,
			"the signature is right but its timestamp is %" PRId64 " s in the future", -age_s);
	} else {
		judge(trial, VERDICT_EXPIRED,
			"the signature is right but its timestamp is %" PRId64
			" s in the future (tolerance %d s)",
			-age_s, timestamp->tolerance_s);
	}
}

static void judge_match(struct trial *trial, const struct secret *secret, int64_t ms) {
	const struct recipe *recipe = trial->scheme->recipe;
	memcpy(trial->judgement->secret, secret->label, sizeof secret->label);
	if (recipe->timestamp.place != TIMESTAMP_NONE &&
		!timestamp_is_timely(&recipe->timestamp, ms, trial->now_ms)) {
		judge_untimely(trial, ms);
	} else if (recipe->kind != RECIPE_HMAC) {
		judge(trial, VERDICT_VALID,
			"the %s right, but nothing protects the body from being changed",
			recipe->kind == RECIPE_BASIC ? "user and password are" : "token is");
	} else if (!content_covers_body(recipe)) {
		judge(trial, VERDICT_PARTIAL, "the signature is right but does not cover the body");
	} else if (content_is_reserialised(recipe)) {
		judge(trial, VERDICT_RESERIALISED,
			"the signature is right for JSON.stringify of the body, not for its bytes as received");
	} else if (recipe->legacy) {
		judge(trial, VERDICT_VALID, "the signature is right, in the older scheme (%s)",
			recipe->label);
	} else {
		judge(trial, VERDICT_VALID, "the signature is right");
	}
}

/* Whether at least one signature can be one; else the verdict says what is wrong with the first. */
static bool check_shapes(struct trial *trial, const struct signature_header *header) {
	char reason[VERDICT_REASON_LEN];
	for (size_t i = header->count; i > 0; i--) {
		if (signature_header_check_shape(trial->scheme, header->signatures[i - 1], reason)) {
			return true;
		}
	}
	judge(trial, VERDICT_INVALID, "%s", reason);
	return false;
}

/* Judges one value of the signature's header. */
static void try_value(struct trial *trial, struct span value) {
	const struct scheme *scheme = trial->scheme;
	struct signature_header header;
	struct content content = {.count = 0};
	struct span timestamp = {NULL, 0}, id = {NULL, 0};
	int64_t ms = 0;
	char reason[VERDICT_REASON_LEN];
	if (!signature_header_parse(&header, scheme, value, reason)) {
		judge(trial, VERDICT_INVALID, "%s", reason);
		return;
	}
	if (!find_timestamp(trial, &header, &timestamp, &ms) || !check_shapes(trial, &header) ||
		(scheme->id_header && !one_header(trial, scheme->id_header, &id, "the id"))) {
		return;
	}
	if (!content_collect(trial->keyring, scheme, trial->message, timestamp, id, &content, reason)) {
		judge(trial, VERDICT_INVALID, "%s", reason);
		return;
	}
	const struct secret *secret = find_secret(trial, &header, &content);
	if (secret) {
		judge_match(trial, secret, ms);
	} else {
		judge_mismatch(trial);
	}
}

/*
 * Several headers of one name: each is judged, since nobody knows which one a receiver takes; the worst counts, and the
 * reason says that it is ambiguous.
 */
static void try_scheme(struct trial *trial) {
	const char *name = trial->scheme->header;
	const struct header *header = message_header(trial->message, name, 0);
	*trial->judgement = (struct judgement){0};
	if (!header) {
		judge(trial, VERDICT_UNSIGNED, "there is no %s header", name);
		return;
	}
	struct judgement *whole = trial->judgement, worst = {0};
	size_t count = 0;
	for (; header && count < SIGNATURES_MAX; header = message_header(trial->message, name, count)) {
		struct judgement one = {0};
		trial->judgement = &one;
		try_value(trial, header->value);
		if (count == 0 || weight(one.verdict) < weight(worst.verdict)) {
			worst = one;
		}
		count++;
	}
	*whole = worst;
	trial->judgement = whole;
	if (count > 1) {
		judge(trial, worst.verdict, "%s stands there %zu times, which is ambiguous: %.120s", name,
			count, worst.reason);
	}
}

/* An older scheme counts only when none of the newer ones is in the message. */
static bool is_outranked(
	const struct keyring *keyring, const struct scheme *scheme, const struct message *message) {
	for (size_t i = 0; scheme->recipe->legacy && i < keyring->scheme_count; i++) {
		const struct scheme *other = &keyring->schemes[i];
		if (!other->recipe->legacy && message_header(message, other->header, 0)) {
			return true;
		}
	}
	return false;
}

struct judgement signature_verify(
	struct keyring *keyring, const struct message *message, int64_t now_ms) {
	struct judgement best = {.verdict = VERDICT_UNVERIFIED};
	struct trial trial = {.keyring = keyring, .message = message, .now_ms = now_ms};
	trial.judgement = &best;
	if (keyring->secret_count == 0) {
		judge(
			&trial, VERDICT_UNVERIFIED, "no secret for %s is known here", keyring->provider->title);
		return best;
	}
	for (size_t i = 0; i < keyring->scheme_count && !accepts(best.verdict); i++) {
		struct judgement found = {0};
		trial.scheme = &keyring->schemes[i];
		trial.scheme_index = i;
		trial.judgement = &found;
		if (is_outranked(keyring, trial.scheme, message)) {
			continue;
		}
		try_scheme(&trial);
		if (weight(found.verdict) > weight(best.verdict)) {
			best = found;
		}
	}
	return best;
}
