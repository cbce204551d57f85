/* Makes JSON web tokens: the recipe backwards. */
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
	} else if (strcmp(name, "iss") != 0 && strcmp(name, "aud") != 0 && strcmp(name, "qsh") != 0 &&
			   !find_bind(minting->public, span_text(name))) {
		put_name(minting, span_text(name)); /* nobody says what: anything will do */
		json_append_text(&minting->claims, span_text(PRIVATE_KEY_ID));
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

/* The text a detached token is for, in base64url. */
static bool append_detached(
	const struct minting *minting, struct span header, struct buffer *out, struct error *err) {
	const struct public_case *of = minting->of;
	const struct scheme *scheme = &of->keyring->schemes[of->scheme_index];
	struct json_object object = {0};
	struct content content = {.count = 0};
	struct buffer text = {0};
	char reason[VERDICT_REASON_LEN];
	const char *why = reason;
	struct term_source source = {
		.keyring = of->keyring, .scheme = scheme, .message = of->message, .token = &object};
	struct recipe_content template = content_of(scheme->recipe, 0);
	bool ok = json_object_read(&object, header, &why) &&
	          content_collect(&source, &template, &content, reason);
	for (size_t i = 0; ok && i < content.count; i++) {
		buffer_append_span(&text, content.pieces[i]);
	}
	encoding_append(out, ENCODING_BASE64URL, buffer_span(&text));
	buffer_clear(&text);
	json_object_clear(&object);
	return ok || error_set(err, ERROR_USAGE, "%s", why);
}

/* A token that is the body takes up what the body was. */
static bool fill(struct minting *minting) {
	const struct public_case *of = minting->of;
	struct json_object object = {0};
	const char *why;
	if (of->keyring->schemes[of->scheme_index].recipe->place != PLACE_BODY) {
		return mint(minting);
	}
	bool ok = json_object_read(&object, of->message->body, &why)
	              ? renew(minting, &object)
	              : error_set(minting->err, ERROR_USAGE,
						"the body is neither a token nor a JSON object to put into one (%s)", why);
	json_object_clear(&object);
	return ok;
}

static bool append_signature(const struct minting *minting, const struct algorithm *algorithm,
	const struct key *key, struct span text, struct buffer *out) {
	const struct private_key *private_key = minting->options->private_key;
	struct buffer made = {0};
	bool ok = true;
	if (private_key) {
		ok = private_key_sign(private_key, algorithm->signature,
			EVP_get_digestbyname(algorithm->digest), &text, 1, &made);
	} else {
		unsigned char mac[EVP_MAX_MD_SIZE];
		size_t len = 0;
		EVP_Q_mac(NULL, "HMAC", NULL, algorithm->digest, NULL, key->text.data, key->text.len,
			(const unsigned char *)text.data, text.len, mac, sizeof mac, &len);
		buffer_append(&made, mac, len);
		OPENSSL_cleanse(mac, sizeof mac);
	}
	encoding_append(out, ENCODING_BASE64URL, buffer_span(&made));
	buffer_clear(&made);
	return ok || error_set(minting->err, ERROR_IO, "OpenSSL could not make the signature");
}

/* header.claims.signature, without the claims where they stand elsewhere */
static bool sign_parts(const struct minting *minting, int algorithm, struct span header,
	const struct key *key, struct buffer *out) {
	struct buffer text = {0};
	encoding_append(&text, ENCODING_BASE64URL, header);
	buffer_append_byte(&text, '.');
	size_t head_len = text.len;
	bool ok = true;
	if (minting->public->detached) {
		ok = append_detached(minting, header, &text, minting->err);
	} else {
		encoding_append(&text, ENCODING_BASE64URL, buffer_span(&minting->claims));
	}
	buffer_append(out, text.data, minting->public->detached ? head_len : text.len);
	buffer_append_byte(out, '.');
	ok =
		ok && append_signature(minting, &algorithm_tokens[algorithm], key, buffer_span(&text), out);
	buffer_clear(&text);
	return ok;
}

int jwt_algorithm(
	const struct recipe_public *publics, const struct private_key *private_key, int wanted) {
	int first = -1;
	for (int i = 0; algorithm_tokens[i].name; i++) {
		const struct algorithm *algorithm = &algorithm_tokens[i];
		struct key_kind kind = {algorithm->signature, algorithm->curve};
		bool fits = private_key ? !algorithm->is_mac && private_key_fits(private_key, &kind)
		                        : algorithm->is_mac;
		if (fits && publics->tokens & 1U << i) {
			if (i == wanted) {
				return i;
			}
			first = first < 0 ? i : first;
		}
	}
	return first;
}

/* What a token said of itself, but for the key and the algorithm, which are others now. */
static void renew_header(const struct json_object *old, int algorithm, struct buffer *header) {
	buffer_printf(header, "{\"alg\":\"%s\"", algorithm_tokens[algorithm].name);
	for (size_t i = 0; i < old->count; i++) {
		const struct json_member *member = &old->members[i];
		struct span name = {old->bytes.data + member->name_at, member->name_len};
		if (!span_is(name, "alg") && !span_is(name, "kid") && !span_is(name, "x5c")) {
			buffer_append_byte(header, ',');
			json_append_text(header, name);
			buffer_append_byte(header, ':');
			buffer_append_span(header, member->value);
		}
	}
	buffer_append_text(header, ",\"kid\":\"" PRIVATE_KEY_ID "\"}");
}

static void make_header(int algorithm, bool has_id, struct buffer *header) {
	buffer_printf(header, "{\"alg\":\"%s\",\"typ\":\"JWT\"%s}", algorithm_tokens[algorithm].name,
		has_id ? ",\"kid\":\"" PRIVATE_KEY_ID "\"" : "");
}

bool jwt_sign(const struct public_case *of, struct span old, const struct sign_options *options,
	const struct key *key, struct buffer *out, struct error *err) {
	const struct scheme *scheme = &of->keyring->schemes[of->scheme_index];
	struct minting minting = {
		.of = of, .public = scheme->recipe->publics, .options = options, .err = err};
	struct jwt jwt = {0};
	struct buffer header = {0};
	char reason[JWT_REASON_LEN];
	bool private = options->private_key != NULL, detached = minting.public->detached;
	bool read = old.len > 0 && jwt_read(&jwt, old, detached, reason);
	int algorithm = jwt_algorithm(minting.public, options->private_key, read ? jwt.algorithm : -1);
	bool renews = read && (private || algorithm == jwt.algorithm);
	bool ok = algorithm >= 0 && (private || key->publics.count == 0);
	if (!ok) {
		error_set(err, ERROR_USAGE, SIGN_NEEDS_PAIR, of->keyring->provider->title);
	} else if (renews && private) {
		renew_header(&jwt.header, algorithm, &header);
	} else if (renews) {
		buffer_append_span(&header, jwt.header_text);
	} else {
		make_header(algorithm, private, &header);
	}
	ok = ok && (detached || (renews ? renew(&minting, &jwt.claims) : fill(&minting)));
	if (ok) {
		buffer_append_text(&minting.claims, minting.claims.len > 0 ? "}" : "{}");
		ok = sign_parts(&minting, algorithm, buffer_span(&header), key, out);
	}
	jwt_clear(&jwt);
	buffer_clear(&header);
	buffer_clear(&minting.claims);
	return ok;
}
