/* Makes JSON web tokens with a shared secret: the recipe backwards. */
#include <inttypes.h>
#include <openssl/crypto.h>
#include <string.h>

#include "common/json.h"
#include "common/signature/encoding.h"
#include "common/signature/jwt.h"
#include "common/signature/public_judge.h"
#include "common/signature/query_hash.h"
#include "common/signature/timestamp.h"

/* How long a token made here counts, where the recipe wants an end. */
#define LIFE_S 300

struct minting {
	const struct public_case *of;
	const struct recipe_public *public;
	const struct sign_options *options;
	struct buffer claims;
	struct error *err;
};

static bool is_moment(struct span name) {
	return span_is(name, "iat") || span_is(name, "exp") || span_is(name, "nbf");
}

static const struct recipe_bind *find_bind(const struct recipe_public *public, struct span name) {
	for (size_t i = 0; i < public->claims.bind_count; i++) {
		if (span_is(name, public->claims.binds[i].claim)) {
			return &public->claims.binds[i];
		}
	}
	return NULL;
}

static void put_name(struct minting *minting, struct span name) {
	buffer_append_text(&minting->claims, minting->claims.len > 0 ? "," : "{");
	json_append_text(&minting->claims, name);
	buffer_append_byte(&minting->claims, ':');
}

static bool put_bind(struct minting *minting, const struct recipe_bind *bind) {
	struct buffer value = {0};
	char reason[VERDICT_REASON_LEN];
	bool ok = jwt_bind_append(minting->of, bind, &value, reason) ||
	          error_set(minting->err, ERROR_USAGE, "%s", reason);
	put_name(minting, span_text(bind->claim));
	json_append_text(&minting->claims, buffer_span(&value));
	buffer_clear(&value);
	return ok;
}

static void put_query_hash(struct minting *minting) {
	struct buffer hash = {0};
	query_hash_append(&hash, minting->of->keyring, minting->of->message);
	put_name(minting, span_text("qsh"));
	json_append_text(&minting->claims, buffer_span(&hash));
	buffer_clear(&hash);
}

static void put_number(struct minting *minting, const char *name, int64_t number) {
	put_name(minting, span_text(name));
	buffer_append_int(&minting->claims, number);
}

/* By how many seconds the times of a token are moved, so that it counts at the moment it is signed for. */
static int64_t shift_of(const struct minting *minting, const struct json_object *claims) {
	int64_t issued = 0, until = 0, now_s = minting->options->now_ms / 1000, asked_ms = 0;
	bool has_issued = json_whole_number(json_object_get(claims, "iat"), &issued);
	bool has_until = json_whole_number(json_object_get(claims, "exp"), &until);
	int64_t from = has_issued ? issued : until - LIFE_S;
	if (!has_issued && !has_until) {
		return 0;
	}
	if (minting->options->timestamp.len > 0 &&
		timestamp_parse(&asked_ms, UNIT_S, minting->options->timestamp)) {
		return asked_ms / 1000 - from;
	}
	int max_age_s = minting->public->claims.max_age_s;
	bool stale = (has_until && now_s >= until) || from > now_s ||
	             (max_age_s > 0 && has_issued && now_s - issued > max_age_s);
	return stale ? now_s - from : 0;
}

/* The claims a token came with, but for those this request and the moment decide. */
static bool renew(struct minting *minting, const struct json_object *claims) {
	int64_t shift = shift_of(minting, claims);
	for (size_t i = 0; i < claims->count; i++) {
		const struct json_member *member = &claims->members[i];
		struct span name = {claims->bytes.data + member->name_at, member->name_len};
		const struct recipe_bind *bind = find_bind(minting->public, name);
		int64_t moment = 0;
		if (bind) {
			if (!put_bind(minting, bind)) {
				return false;
			}
		} else if (minting->public->claims.query_hash && span_is(name, "qsh")) {
			put_query_hash(minting);
		} else {
			put_name(minting, name);
			if (shift != 0 && is_moment(name) && json_whole_number(member->value, &moment)) {
				buffer_append_int(&minting->claims, moment + shift);
			} else {
				buffer_append_span(&minting->claims, member->value);
			}
		}
	}
	return true;
}

static void put_text(struct minting *minting, const char *name, const char *text) {
	const char *value = text ? keyring_text(minting->of->keyring, text) : NULL;
	if (value && *value) {
		put_name(minting, span_text(name));
		json_append_text(&minting->claims, span_text(value));
	}
}

static void put_required(struct minting *minting, const char *name, int64_t now_s) {
	if (strcmp(name, "exp") == 0) {
		put_number(minting, name, now_s + LIFE_S);
	} else if (is_moment(span_text(name))) {
		put_number(minting, name, now_s);
	} else if (strcmp(name, "jti") == 0) {
		struct span id = minting->options->id;
		put_name(minting, span_text(name));
		json_append_text(&minting->claims, id.len > 0 ? id : minting->options->made_id);
	}
}

static bool mint(struct minting *minting) {
	const struct recipe_claims *claims = &minting->public->claims;
	int64_t now_s = minting->options->now_ms / 1000, asked_ms = 0;
	if (minting->options->timestamp.len > 0 &&
		timestamp_parse(&asked_ms, UNIT_S, minting->options->timestamp)) {
		now_s = asked_ms / 1000;
	}
	put_text(minting, "iss", claims->issuer);
	put_text(minting, "aud", claims->audience);
	if (claims->max_age_s > 0) {
		put_number(minting, "iat", now_s);
	}
	for (const char *const *name = claims->required; name && *name; name++) {
		put_required(minting, *name, now_s);
	}
	for (size_t i = 0; i < claims->bind_count; i++) {
		if (!put_bind(minting, &claims->binds[i])) {
			return false;
		}
	}
	if (claims->query_hash) {
		put_query_hash(minting);
	}
	if (minting->claims.len == 0) {
		put_number(minting, "iat", now_s);
	}
	return true;
}

static void sign_parts(const struct minting *minting, int algorithm, struct span header,
	const struct key *key, struct buffer *out) {
	unsigned char mac[EVP_MAX_MD_SIZE];
	size_t len = 0, begin = out->len;
	encoding_append(out, ENCODING_BASE64URL, header);
	buffer_append_byte(out, '.');
	encoding_append(out, ENCODING_BASE64URL, buffer_span(&minting->claims));
	EVP_Q_mac(NULL, "HMAC", NULL, algorithm_tokens[algorithm].digest, NULL, key->text.data,
		key->text.len, (const unsigned char *)out->data + begin, out->len - begin, mac, sizeof mac,
		&len);
	buffer_append_byte(out, '.');
	encoding_append(out, ENCODING_BASE64URL, (struct span){(const char *)mac, len});
	OPENSSL_cleanse(mac, sizeof mac);
}

/* The first algorithm of the recipe that a shared secret goes with, or -1. */
static int mac_algorithm(const struct recipe_public *public) {
	for (int i = 0; algorithm_tokens[i].name; i++) {
		if (public->tokens & 1U << i && algorithm_tokens[i].is_mac) {
			return i;
		}
	}
	return -1;
}

bool jwt_sign(const struct public_case *of, struct span old, const struct sign_options *options,
	const struct key *key, struct buffer *out, struct error *err) {
	const struct scheme *scheme = &of->keyring->schemes[of->scheme_index];
	struct minting minting = {
		.of = of, .public = scheme->recipe->publics, .options = options, .err = err};
	struct jwt jwt = {0};
	struct buffer header = {0};
	char reason[JWT_REASON_LEN];
	int algorithm = mac_algorithm(minting.public);
	bool renews = old.len > 0 && jwt_read(&jwt, old, false, reason) && jwt.algorithm >= 0 &&
	              minting.public->tokens & 1U << jwt.algorithm &&
	              algorithm_tokens[jwt.algorithm].is_mac;
	algorithm = renews ? jwt.algorithm : algorithm;
	bool ok = algorithm >= 0 && key->publics.count == 0;
	if (!ok) {
		error_set(err, ERROR_USAGE,
			"%s signs with a private key of its own: a request of it cannot be signed anew",
			of->keyring->provider->title);
	}
	if (ok && renews) {
		buffer_append_span(&header, jwt.header_text);
		ok = renew(&minting, &jwt.claims);
	} else if (ok) {
		buffer_printf(
			&header, "{\"alg\":\"%s\",\"typ\":\"JWT\"}", algorithm_tokens[algorithm].name);
		ok = mint(&minting);
	}
	if (ok) {
		buffer_append_text(&minting.claims, minting.claims.len > 0 ? "}" : "{}");
		sign_parts(&minting, algorithm, buffer_span(&header), key, out);
	}
	jwt_clear(&jwt);
	buffer_clear(&header);
	buffer_clear(&minting.claims);
	return ok;
}
