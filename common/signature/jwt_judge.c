/* Judges a JSON web token: algorithm, key, what the claims bind, and only then the times. */
#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/json_lexer.h"
#include "common/signature/chain.h"
#include "common/signature/encoding.h"
#include "common/signature/jwt.h"
#include "common/signature/key_search.h"
#include "common/signature/public_judge.h"
#include "common/signature/query_hash.h"
#include "common/signature/recipe_public.h"

/* A clock a little ahead of ours is no forgery. */
#define ISSUED_AHEAD_S 60

struct token_case {
	const struct public_case *of;
	const struct scheme *scheme;
	const struct recipe_public *public;
	struct jwt jwt;
	struct judgement *judgement;
};

static bool deny(struct token_case *token, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool deny(struct token_case *token, const char *format, ...) {
	va_list args;
	va_start(args, format);
	token->judgement->verdict = VERDICT_INVALID;
	vsnprintf(token->judgement->reason, sizeof token->judgement->reason, format, args);
	va_end(args);
	return false;
}

/* The text of a detached token, in base64url behind the header, as it was signed. */
static bool collect_detached(struct token_case *token, struct buffer *text) {
	const struct public_case *of = token->of;
	struct content content = {.count = 0};
	struct buffer payload = {0};
	char reason[VERDICT_REASON_LEN];
	struct term_source source = {.keyring = of->keyring,
		.scheme = token->scheme,
		.message = of->message,
		.token = &token->jwt.header};
	struct recipe_content template = content_of(token->scheme->recipe, 0);
	bool ok = content_collect(&source, &template, &content, reason);
	if (ok) {
		for (size_t i = 0; i < content.count; i++) {
			buffer_append_span(&payload, content.pieces[i]);
		}
		buffer_append_span(text, token->jwt.signed_text); /* "header." */
		encoding_append(text, ENCODING_BASE64URL, buffer_span(&payload));
	} else {
		deny(token, "%s", reason);
	}
	buffer_clear(&payload);
	return ok;
}

struct checking {
	const struct algorithm *algorithm;
	struct span text, signature;
};

static bool matches(const struct public_key *key, void *data) {
	const struct checking *checking = data;
	return public_key_verify(key, checking->algorithm->signature,
		EVP_get_digestbyname(checking->algorithm->digest), &checking->text, 1, checking->signature);
}

static bool check_mac(struct token_case *token, const struct checking *checking) {
	const struct keyring *keyring = token->of->keyring;
	bool any = false;
	for (size_t i = 0; i < keyring->secret_count; i++) {
		const struct secret *secret = &keyring->secrets[i];
		const struct key *key = &secret->keys[token->of->scheme_index];
		if (!key->usable || key->publics.count > 0) {
			continue; /* a public key is never a shared secret */
		}
		any = true;
		if (public_judge_mac(buffer_span(&key->text), checking->algorithm->digest, checking->text,
				checking->signature)) {
			memcpy(token->judgement->secret, secret->label, sizeof secret->label);
			return true;
		}
	}
	return deny(token,
		any ? "no secret of this endpoint makes the signature of the token (%s)"
			: "the token is made with a shared secret (%s), and none is known here",
		checking->algorithm->name);
}

/* With the certificates the token brings, where they lead to a root that was given. */
static bool check_chain(struct token_case *token, const struct checking *checking) {
	const struct keyring *keyring = token->of->keyring;
	char reason[CHAIN_REASON_LEN] = "no root certificate of this endpoint is known";
	for (size_t i = 0; i < keyring->secret_count; i++) {
		const struct secret *secret = &keyring->secrets[i];
		const struct key *key = &secret->keys[token->of->scheme_index];
		struct public_keys leaf = {0};
		bool leads = key->usable && chain_leads_to(&token->jwt.header, &token->public->chain,
										&key->publics, token->of->now_ms, &leaf, reason);
		bool right = leads && matches(&leaf.items[0], (void *)checking);
		public_keys_clear(&leaf);
		if (right) {
			memcpy(token->judgement->secret, secret->label, sizeof secret->label);
			return true;
		}
		if (leads) {
			snprintf(reason, sizeof reason, "the signature of the token is not its certificate's");
		}
	}
	return deny(token, "%s", reason);
}

static bool check_key(struct token_case *token, const struct checking *checking) {
	if (token->public->chained && json_object_get(&token->jwt.header, "x5c").data) {
		return check_chain(token, checking);
	}
	struct buffer named = {0};
	const struct recipe_keyset *keyset = &token->public->keyset;
	if (keyset->source == KEYSET_TOKEN && !keyset->url) {
		json_object_text(&token->jwt.header, keyset->name, &named);
	}
	struct key_search search = {.keyring = token->of->keyring,
		.scheme_index = token->of->scheme_index,
		.message = token->of->message,
		.id = token->jwt.kid,
		.named = named.len > 0 ? buffer_span(&named) : (struct span){NULL, 0},
		.algorithm = checking->algorithm->signature,
		.curve = checking->algorithm->curve,
		.matches = matches,
		.data = (void *)checking};
	bool ok = key_search_run(&search, token->judgement);
	buffer_clear(&named);
	return ok;
}

static bool check_signature(struct token_case *token) {
	int index = token->jwt.algorithm;
	if (index < 0 || !(token->public->tokens & 1U << index)) {
		return deny(token, "the token is signed with %s, which this provider does not use",
			index < 0 ? "an algorithm" : algorithm_tokens[index].name);
	}
	struct buffer detached = {0};
	struct checking checking = {.algorithm = &algorithm_tokens[index],
		.text = token->jwt.signed_text,
		.signature = token->jwt.signature};
	bool ok = true;
	if (token->public->detached) {
		ok = collect_detached(token, &detached);
		checking.text = buffer_span(&detached);
	}
	ok = ok &&
	     (checking.algorithm->is_mac ? check_mac(token, &checking) : check_key(token, &checking));
	buffer_clear(&detached);
	return ok;
}

/* What an issuer or audience of the recipe is; NULL: any. */
static const char *wanted_text(const struct token_case *token, const char *text) {
	const char *value = text ? keyring_text(token->of->keyring, text) : NULL;
	return value && *value ? value : NULL;
}

static bool check_text(struct token_case *token, const char *claim, const char *wanted) {
	struct buffer text = {0};
	bool same = !wanted || (json_object_text(&token->jwt.claims, claim, &text) &&
							   span_is(buffer_span(&text), wanted));
	buffer_clear(&text);
	return same;
}

/* `aud` may be a text or a list of them. */
static bool check_audience(struct token_case *token) {
	const char *wanted = wanted_text(token, token->public->claims.audience);
	struct span list = json_object_get(&token->jwt.claims, "aud"), element;
	bool found = check_text(token, "aud", wanted);
	while (!found && json_array_next(&list, &element)) {
		struct buffer text = {0};
		if (json_is_text(element)) {
			json_unescape(&text, element);
			found = span_is(buffer_span(&text), wanted);
		}
		buffer_clear(&text);
	}
	return found || deny(token, "the token is for another receiver (%s)", "aud");
}

static bool check_names(struct token_case *token) {
	const struct recipe_claims *claims = &token->public->claims;
	const char *issuer = wanted_text(token, claims->issuer);
	if (!check_text(token, "iss", issuer)) {
		return deny(token, "the token is not from %s (iss)", issuer);
	}
	for (const char *const *name = claims->required; name && *name; name++) {
		if (!json_object_get(&token->jwt.claims, *name).data) {
			return deny(token, "the token has no claim %s, which it must have", *name);
		}
	}
	return check_audience(token);
}

static struct span without_padding(struct span text) {
	while (text.len > 0 && text.data[text.len - 1] == '=') {
		text.len--;
	}
	return text;
}

bool jwt_bind_append(const struct public_case *of, const struct recipe_bind *bind,
	struct buffer *out, char *reason) {
	struct term_source source = {.keyring = of->keyring,
		.scheme = &of->keyring->schemes[of->scheme_index],
		.message = of->message};
	struct content content = {.count = 0};
	if (!content_collect(&source, &bind->value, &content, reason)) {
		return false;
	}
	for (size_t i = 0; i < content.count; i++) {
		buffer_append_span(out, content.pieces[i]);
	}
	return true;
}

/* Whether a claim is what its template makes; in constant time, as such a value may be a hash nobody should guess at. */
static bool check_bind(struct token_case *token, const struct recipe_bind *bind) {
	const struct public_case *of = token->of;
	struct buffer claim = {0}, wanted = {0};
	char reason[VERDICT_REASON_LEN];
	bool ok = true;
	if (!json_object_text(&token->jwt.claims, bind->claim, &claim)) {
		ok = (bind->unless_empty && of->message->body.len == 0) ||
		     deny(token, "the token has no claim %s, which it must have", bind->claim);
	} else if (!jwt_bind_append(of, bind, &wanted, reason)) {
		ok = deny(token, "%s", reason);
	} else {
		struct span is = buffer_span(&claim), should = buffer_span(&wanted);
		is = bind->trim ? without_padding(is) : is;
		should = bind->trim ? without_padding(should) : should;
		bool same = is.len == should.len &&
		            (is.len == 0 || CRYPTO_memcmp(is.data, should.data, is.len) == 0);
		ok = same || deny(token, "the claim %s is not what this request makes it", bind->claim);
	}
	buffer_clear(&claim);
	buffer_clear(&wanted);
	return ok;
}

static bool check_binds(struct token_case *token) {
	const struct recipe_claims *claims = &token->public->claims;
	for (size_t i = 0; i < claims->bind_count; i++) {
		if (!check_bind(token, &claims->binds[i])) {
			return false;
		}
	}
	if (!claims->query_hash) {
		return true;
	}
	struct buffer hash = {0};
	query_hash_append(&hash, token->of->keyring, token->of->message);
	bool same = check_text(token, "qsh", buffer_text(&hash));
	buffer_clear(&hash);
	return same || deny(token, "the claim %s is not that of method, path and query", "qsh");
}

static bool read_moment(
	struct token_case *token, const char *name, int64_t *moment_s, bool *there) {
	struct span value = json_object_get(&token->jwt.claims, name);
	*there = value.data != NULL;
	return !*there || json_whole_number(value, moment_s) ||
	       deny(token, "the claim %s is no moment", name);
}

static bool check_life(struct token_case *token, int64_t now_s) {
	int64_t until = 0, from = 0;
	bool has_until, has_from;
	int leeway = token->public->claims.leeway_s;
	if (!read_moment(token, "exp", &until, &has_until) ||
		!read_moment(token, "nbf", &from, &has_from)) {
		return false;
	}
	if (has_until && now_s >= until + leeway) {
		judgement_say(token->judgement, VERDICT_EXPIRED,
			"the signature is right but the token expired %" PRId64 " s ago", now_s - until);
		return false;
	}
	if (has_from && now_s < from - leeway) {
		judgement_say(token->judgement, VERDICT_EXPIRED,
			"the signature is right but the token begins to count in %" PRId64 " s", from - now_s);
		return false;
	}
	return true;
}

static bool check_age(struct token_case *token, int64_t now_s) {
	int max_age_s = token->public->claims.max_age_s;
	int64_t issued = 0;
	bool there;
	if (max_age_s == 0) {
		return true;
	}
	if (!read_moment(token, "iat", &issued, &there)) {
		return false;
	}
	if (!there) {
		return deny(token, "the token has no claim %s, which it must have", "iat");
	}
	if (now_s - issued > max_age_s || issued - now_s > ISSUED_AHEAD_S) {
		judgement_say(token->judgement, VERDICT_EXPIRED,
			now_s > issued ? "the signature is right but %" PRId64 " s old (tolerance %d s)"
						   : "the signature is right but its moment is %" PRId64
							 " s in the future (tolerance %d s)",
			now_s > issued ? now_s - issued : issued - now_s,
			now_s > issued ? max_age_s : ISSUED_AHEAD_S);
		return false;
	}
	return true;
}

static bool terms_cover_body(const struct term *terms, size_t count) {
	for (size_t i = 0; i < count; i++) {
		if (term_covers_body(terms[i].kind)) {
			return true;
		}
	}
	return false;
}

static bool covers_body(const struct token_case *token) {
	const struct recipe_claims *claims = &token->public->claims;
	const struct recipe *recipe = token->scheme->recipe;
	bool covers = recipe->place == PLACE_BODY || recipe->covers_body ||
	              (token->public->detached && terms_cover_body(recipe->terms, recipe->term_count));
	for (size_t i = 0; i < claims->bind_count; i++) {
		covers |= terms_cover_body(claims->binds[i].value.terms, claims->binds[i].value.term_count);
	}
	return covers;
}

void jwt_judge(const struct public_case *of, struct span token, struct judgement *judgement) {
	struct token_case trial = {.of = of, .judgement = judgement};
	char reason[JWT_REASON_LEN];
	trial.scheme = &of->keyring->schemes[of->scheme_index];
	trial.public = trial.scheme->recipe->publics;
	int64_t now_s = of->now_ms / 1000;
	bool is_body = trial.scheme->recipe->place == PLACE_BODY;
	while (is_body && token.len > 0 && token.data[token.len - 1] == '\n') {
		token.len--; /* a body may end like a line of text */
	}
	if (!jwt_read(&trial.jwt, token, trial.public->detached, reason)) {
		judgement_say(judgement, VERDICT_INVALID, "%s", reason);
	} else if (check_signature(&trial) && check_names(&trial) && check_binds(&trial) &&
			   check_life(&trial, now_s) && check_age(&trial, now_s)) {
		bool covers = covers_body(&trial);
		judgement_say(judgement, covers ? VERDICT_VALID : VERDICT_PARTIAL,
			covers ? "the signature is right" : "the token is right but does not cover the body");
	}
	jwt_clear(&trial.jwt);
}
