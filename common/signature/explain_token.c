/*
 * JSON web tokens and HTTP message signatures: rightly signed, but with another algorithm, for another receiver, by another issuer,
 * or for another request. Each is proven by leaving out the one demand that is not met.
 */
#include <stdio.h>
#include <string.h>

#include "common/signature/explain_search.h"
#include "common/signature/jwt.h"
#include "common/signature/keyring.h"
#include "common/signature/recipe_public.h"

/* Of what a stranger wrote, so much is shown. */
#define SHOWN_MAX 80

/* A demand of the recipe, by what is left out. */
enum demand { ISSUER, AUDIENCE, BOTH_NAMES, REQUIRED, BINDS, DEMANDS };

static bool is_token(const struct recipe *recipe) {
	return recipe->kind == RECIPE_JWT;
}

/* The token of a scheme, taken apart; false: there is none. Clear with jwt_clear. */
static bool read_token(struct search *search, const struct recipe *recipe, struct jwt *jwt) {
	struct carrier carrier;
	char reason[JWT_REASON_LEN];
	struct span value = search->input->message->body;
	*jwt = (struct jwt){0};
	if (recipe->place != PLACE_BODY && !search_carrier(search, recipe, &carrier)) {
		return false;
	}
	if (recipe->place != PLACE_BODY) {
		value = carrier.value;
		size_t blank = span_find(value, ' '); /* behind "Bearer" or nothing */
		value = blank < value.len ? span_after(value, blank + 1) : value;
	}
	while (value.len > 0 && value.data[value.len - 1] == '\n') {
		value.len--;
	}
	return jwt_read(jwt, value, recipe->publics->detached, reason);
}

/* Appends what a claim says, or that it is missing. */
static void append_claim(struct buffer *out, const struct jwt *jwt, const char *name) {
	struct span value = json_object_get(&jwt->claims, name);
	if (!value.data) {
		buffer_append_text(out, "missing");
	} else {
		buffer_append(out, value.data, value.len < SHOWN_MAX ? value.len : SHOWN_MAX);
	}
}

static const char *wanted_of(const struct search *search, const char *text) {
	const char *value = text ? keyring_text(search->keyring, text) : NULL;
	return value && *value ? value : NULL;
}

/* The recipe without that demand; false: it makes none. */
static bool leave_out(
	const struct search *search, struct recipe_claims *claims, enum demand demand) {
	bool issuer = wanted_of(search, claims->issuer) != NULL;
	bool audience = wanted_of(search, claims->audience) != NULL;
	switch (demand) {
	case ISSUER:
		claims->issuer = NULL;
		return issuer;
	case AUDIENCE:
		claims->audience = NULL;
		return audience;
	case BOTH_NAMES:
		claims->issuer = claims->audience = NULL;
		return issuer && audience;
	case REQUIRED:
		claims->required = NULL;
		return true;
	default:
		break;
	}
	bool any = claims->bind_count > 0 || claims->query_hash;
	claims->bind_count = 0;
	claims->query_hash = false;
	return any;
}

static bool try_recipe(struct search *search, const struct recipe *recipe, enum explain_cause cause,
	const char *sentence) {
	struct keyring *keyring = search_keyring(search, search_provider(search, recipe));
	bool found =
		keyring && search_try(search, &(struct change){cause, keyring, NULL}, "%s", sentence);
	keyring_free(keyring);
	return found;
}

static void word_name(struct buffer *out, const struct search *search, const struct jwt *jwt,
	const char *claim, const char *wanted) {
	buffer_append_text(
		out, strcmp(claim, "iss") == 0 ? "its issuer (iss) is " : "its audience (aud) is ");
	append_claim(out, jwt, claim);
	buffer_printf(out, ", where \"%s\" is expected", wanted_of(search, wanted));
}

static void word_demand(struct buffer *out, const struct search *search,
	const struct recipe *recipe, const struct jwt *jwt, enum demand demand) {
	const struct recipe_claims *claims = &recipe->publics->claims;
	buffer_append_text(out, "the token is rightly signed, but ");
	switch (demand) {
	case ISSUER:
		word_name(out, search, jwt, "iss", claims->issuer);
		break;
	case AUDIENCE:
		word_name(out, search, jwt, "aud", claims->audience);
		break;
	case BOTH_NAMES:
		word_name(out, search, jwt, "iss", claims->issuer);
		buffer_append_text(out, ", and ");
		word_name(out, search, jwt, "aud", claims->audience);
		break;
	case REQUIRED:
		buffer_printf(out, "it lacks a claim: %s", search->out->judgement.reason);
		break;
	default:
		buffer_printf(out, "made for another request (another body, URL or method): %s",
			search->out->judgement.reason);
		break;
	}
}

static bool try_demand(struct search *search, const struct recipe *own, enum demand demand) {
	static const enum explain_cause causes[] = {
		EXPLAIN_ISSUER, EXPLAIN_AUDIENCE, EXPLAIN_ISSUER, EXPLAIN_CLAIM, EXPLAIN_CLAIM};
	struct recipe recipe = *own;
	struct jwt jwt;
	struct buffer words = {0};
	bool found = leave_out(search, &search_publics(search, &recipe)->claims, demand) &&
	             read_token(search, own, &jwt);
	if (found) {
		word_demand(&words, search, own, &jwt, demand);
		found = try_recipe(search, &recipe, causes[demand], buffer_text(&words));
		jwt_clear(&jwt);
	}
	buffer_clear(&words);
	return found;
}

/* "HS256 or RS256" */
static void append_tokens(struct buffer *out, unsigned tokens) {
	bool any = false;
	for (int i = 0; algorithm_tokens[i].name; i++) {
		if (tokens & 1U << i) {
			buffer_printf(out, "%s%s", any ? " or " : "", algorithm_tokens[i].name);
			any = true;
		}
	}
}

static bool try_algorithm(struct search *search, const struct recipe *own) {
	struct recipe recipe = *own;
	struct jwt jwt;
	struct buffer words = {0};
	bool found = read_token(search, own, &jwt);
	if (found && jwt.algorithm >= 0 && !(own->publics->tokens & 1U << jwt.algorithm)) {
		search_publics(search, &recipe)->tokens = 1U << jwt.algorithm;
		buffer_printf(&words, "the token is right, but signed with %s, where ",
			algorithm_tokens[jwt.algorithm].name);
		append_tokens(&words, own->publics->tokens);
		buffer_append_text(&words, " is expected");
		found = try_recipe(search, &recipe, EXPLAIN_ALGORITHM, buffer_text(&words));
	} else {
		found = false;
	}
	jwt_clear(&jwt);
	buffer_clear(&words);
	return found;
}

/* The claim as another encoding of the same hash. */
static bool try_bind(struct search *search, const struct recipe *own, size_t index) {
	static const enum term_step steps[] = {STEP_HEX, STEP_BASE64, STEP_BASE64URL};
	const struct recipe_bind *bind = &own->publics->claims.binds[index];
	if (bind->value.term_count != 1 || bind->value.terms[0].step_count == 0) {
		return false;
	}
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct recipe recipe = *own;
		struct recipe_claims *claims = &search_publics(search, &recipe)->claims;
		struct recipe_bind *binds = arena_zero(&search->arena, claims->bind_count, sizeof *binds);
		struct term *term = arena_zero(&search->arena, 1, sizeof *term);
		memcpy(binds, claims->binds, claims->bind_count * sizeof *binds);
		*term = bind->value.terms[0];
		enum term_step meant = term->steps[term->step_count - 1];
		term->steps[term->step_count - 1] = steps[i];
		binds[index].value.terms = term;
		claims->binds = binds;
		char words[200];
		snprintf(words, sizeof words,
			"the token is rightly signed, but its claim %s is in %s, where %s is expected",
			bind->claim, recipe_steps[steps[i]], recipe_steps[meant]);
		if (steps[i] != meant && try_recipe(search, &recipe, EXPLAIN_CLAIM, words)) {
			return true;
		}
	}
	return false;
}

/* With another word before it, quoted, or none. */
static bool try_prefix(struct search *search, const struct recipe *own) {
	static const char *const prefixes[] = {"", "Bearer ", "bearer ", "JWT "};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		struct recipe recipe = *own;
		char words[160];
		recipe.prefix = prefixes[i];
		snprintf(words, sizeof words,
			"the token is right, but stands behind \"%s\", where \"%.40s\" is expected",
			prefixes[i], own->prefix ? own->prefix : "");
		if (strcmp(prefixes[i], own->prefix ? own->prefix : "") != 0 &&
			try_recipe(search, &recipe, EXPLAIN_PREFIX, words)) {
			return true;
		}
	}
	return false;
}

static bool explain_jwt(struct search *search, const struct recipe *own) {
	if ((own->place == PLACE_HEADER && try_prefix(search, own)) || try_algorithm(search, own)) {
		return true;
	}
	for (enum demand demand = ISSUER; demand < BINDS; demand++) {
		if (try_demand(search, own, demand)) {
			return true;
		}
	}
	for (size_t i = 0; i < own->publics->claims.bind_count; i++) {
		if (try_bind(search, own, i)) {
			return true;
		}
	}
	return false;
}

/* With the other algorithms of RFC 9421; what is no key of one is left out by the keyring. */
static bool explain_http(struct search *search, const struct recipe *own, size_t index) {
	const char *expected = algorithm_http[search->keyring->schemes[index].algorithm].name;
	for (int i = 0; algorithm_http[i].name; i++) {
		struct recipe recipe = *own;
		char words[160];
		search_publics(search, &recipe)->algorithm = algorithm_http[i].name;
		snprintf(words, sizeof words,
			"the signature is right, but made with %s, where %s is expected",
			algorithm_http[i].name, expected);
		if (strcmp(algorithm_http[i].name, expected) != 0 &&
			try_recipe(search, &recipe, EXPLAIN_ALGORITHM, words)) {
			return true;
		}
	}
	return false;
}

/* The key id that the owner wants, left out. */
static bool explain_wanted_id(struct search *search) {
	const char *wanted = keyring_parameter(search->keyring, "keyid");
	struct explain_input *input = arena_zero(&search->arena, 1, sizeof *input);
	struct parameter *parameters =
		arena_zero(&search->arena, search->input->parameter_count + 1, sizeof *parameters);
	if (!wanted || !*wanted) {
		return false;
	}
	for (size_t i = 0; i < search->input->parameter_count; i++) {
		parameters[i] = search->input->parameters[i];
		parameters[i].value = strcmp(parameters[i].name, "keyid") == 0 ? "" : parameters[i].value;
	}
	const struct explain_input *own = search->input;
	*input = *own;
	input->parameters = parameters;
	search->input = input;
	struct keyring *keyring = search_keyring(search, own->provider);
	search->input = own;
	bool found =
		keyring && search_try(search, &(struct change){EXPLAIN_KEY_ID, keyring, NULL},
					   "the signature is right, but names another key than \"%.80s\"", wanted);
	keyring_free(keyring);
	return found;
}

bool explain_tokens(struct search *search) {
	const struct provider *provider = search->input->provider;
	bool noted = false;
	for (size_t i = 0; i < provider->recipe_count && i < SEARCH_SCHEMES; i++) {
		const struct recipe *recipe = &provider->recipes[i];
		bool http = recipe->kind == RECIPE_HTTP_SIGNATURE;
		if ((!http && !is_token(recipe)) || !search_has_keys(search)) {
			continue;
		}
		if (!noted) {
			search_note(search, http ? "other algorithms of HTTP message signatures"
									 : "other issuers, receivers, claims and algorithms of tokens");
			noted = true;
		}
		if (http ? explain_http(search, recipe, i) || explain_wanted_id(search)
				 : explain_jwt(search, recipe)) {
			return true;
		}
	}
	return false;
}

bool explain_claims(struct search *search) {
	const struct provider *provider = search->input->provider;
	for (size_t i = 0; i < provider->recipe_count && i < SEARCH_SCHEMES; i++) {
		if (is_token(&provider->recipes[i]) && search_has_keys(search) &&
			try_demand(search, &provider->recipes[i], BINDS)) {
			return true;
		}
	}
	return false;
}
