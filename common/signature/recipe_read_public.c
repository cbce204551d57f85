#include "common/signature/recipe_read_public.h"

#include <string.h>

#include "common/signature/template.h"

static bool read_names(
	struct reading *reading, const struct yaml_node *node, size_t most, const char *const **names) {
	if (node->kind != YAML_LIST || node->count == 0 || node->count > most) {
		return yaml_error(
			reading->document, node, reading->err, "expected a list of 1 to %zu texts", most);
	}
	const char **made = arena_zero(reading->arena, node->count + 1, sizeof *made);
	for (size_t i = 0; i < node->count; i++) {
		if (!reading_text(reading, node->items[i], &made[i])) {
			return false;
		}
	}
	*names = made;
	return true;
}

/* The names of algorithm_tokens, for messages. */
static bool read_token_algorithm(
	struct reading *reading, const struct yaml_node *node, struct recipe_public *public) {
	const char *names[32];
	size_t count = 0, index = 0;
	while (algorithm_tokens[count].name) {
		names[count] = algorithm_tokens[count].name;
		count++;
	}
	if (!yaml_choice(reading->document, node, names, count, &index, reading->err)) {
		return false;
	}
	public->tokens |= 1U << index;
	return true;
}

static bool read_token_algorithms(struct reading *reading, const struct yaml_node *map,
	const struct yaml_node *node, struct recipe_public *public) {
	if (!node || node->kind != YAML_LIST || node->count == 0) {
		return reading_fail(reading, node ? node : map,
			"\"algorithms\" lists the algorithms that are taken: [HS256]");
	}
	for (size_t i = 0; i < node->count; i++) {
		if (!read_token_algorithm(reading, node->items[i], public)) {
			return false;
		}
	}
	return true;
}

static bool read_algorithm(struct reading *reading, const struct yaml_node *map,
	const struct recipe *recipe, struct recipe_public *public) {
	const struct yaml_node *node = yaml_get(map, "algorithm");
	const struct yaml_node *list = yaml_get(map, "algorithms");
	if (recipe->kind == RECIPE_JWT) {
		return node ? reading_fail(reading, node, "a token has \"algorithms\"")
		            : read_token_algorithms(reading, map, list, public);
	}
	if (list || !node) {
		return reading_fail(
			reading, list ? list : map, "\"algorithm\" names the one that is taken");
	}
	const char *names[16];
	size_t count = 0;
	bool http = recipe->kind == RECIPE_HTTP_SIGNATURE;
	while (http ? algorithm_http[count].name != NULL : algorithm_names[count] != NULL) {
		names[count] = http ? algorithm_http[count].name : algorithm_names[count];
		count++;
	}
	names[count] = NULL;
	return reading_name(reading, node, names, &public->algorithm);
}

/* {header: N}, {json: PATH}, {token: MEMBER}, {envelope: kid} */
static bool read_source(
	struct reading *reading, const struct yaml_node *node, struct recipe_keyset *keyset) {
	const struct yaml_node *token = yaml_get(node, "token"), *envelope = yaml_get(node, "envelope");
	if (token) {
		keyset->source = KEYSET_TOKEN;
		return reading_text(reading, token, &keyset->name);
	}
	if (envelope) {
		keyset->source = KEYSET_ENVELOPE;
		return reading_text(reading, envelope, &keyset->name);
	}
	keyset->source = KEYSET_PLACE;
	return reading_place(reading, node, PLACE_BIT(PLACE_HEADER) | PLACE_BIT(PLACE_JSON),
		&keyset->place, &keyset->name);
}

static bool check_keyset(
	struct reading *reading, const struct yaml_node *node, const struct recipe_keyset *keyset) {
	if (keyset->url && strncmp(keyset->url, "https://", 8) != 0) {
		return reading_fail(reading, node, "keys are fetched from https:// alone");
	}
	if (keyset->hosts && (keyset->url || !keyset->path || keyset->source == KEYSET_WHOLE)) {
		return reading_fail(reading, node,
			"\"hosts\" are for a URL the request names: needs \"from\" and \"path\", and no "
			"\"url\"");
	}
	return true;
}

static bool read_keyset(
	struct reading *reading, const struct yaml_node *node, struct recipe_keyset *keyset) {
	static const char *const keys[] = {"url", "from", "hosts", "path"};
	if (!node) {
		return true;
	}
	if (!yaml_check_keys(reading->document, node, keys, 4, reading->err)) {
		return false;
	}
	const struct yaml_node *url = yaml_get(node, "url"), *from = yaml_get(node, "from");
	const struct yaml_node *hosts = yaml_get(node, "hosts"), *path = yaml_get(node, "path");
	keyset->source = KEYSET_WHOLE;
	return (!from || read_source(reading, from, keyset)) &&
	       (!url || reading_text(reading, url, &keyset->url)) &&
	       (!hosts || read_names(reading, hosts, RECIPE_HOSTS_MAX, &keyset->hosts)) &&
	       (!path || reading_text(reading, path, &keyset->path)) &&
	       check_keyset(reading, node, keyset);
}

static bool read_bind(
	struct reading *reading, const struct yaml_node *node, struct recipe_bind *bind) {
	static const char *const keys[] = {"claim", "value", "trim", "unless_empty"};
	if (!yaml_check_keys(reading->document, node, keys, 4, reading->err)) {
		return false;
	}
	const struct yaml_node *claim = yaml_get(node, "claim"), *value = yaml_get(node, "value");
	const struct yaml_node *trim = yaml_get(node, "trim"), *unless = yaml_get(node, "unless_empty");
	if (!claim || !value) {
		return reading_fail(reading, node, "needs \"claim\" and \"value\"");
	}
	const char *text = NULL;
	struct term *terms = arena_zero(reading->arena, RECIPE_TERMS_MAX, sizeof *terms);
	struct error err = {0};
	if (!reading_text(reading, claim, &bind->claim) ||
		!yaml_text(reading->document, value, &text, reading->err) ||
		(trim && !yaml_bool(reading->document, trim, &bind->trim, reading->err)) ||
		(unless && !yaml_bool(reading->document, unless, &bind->unless_empty, reading->err))) {
		return false;
	}
	bind->value.terms = terms;
	if (!template_parse(reading->arena, text, terms, &bind->value.term_count, &err)) {
		return reading_fail(reading, value, err.text);
	}
	return true;
}

static bool read_binds(
	struct reading *reading, const struct yaml_node *node, struct recipe_claims *claims) {
	if (node->kind != YAML_LIST || node->count > RECIPE_BINDS_MAX) {
		return yaml_error(reading->document, node, reading->err,
			"expected a list of at most %d claims", RECIPE_BINDS_MAX);
	}
	struct recipe_bind *binds = arena_zero(reading->arena, node->count + 1, sizeof *binds);
	for (size_t i = 0; i < node->count; i++) {
		if (!read_bind(reading, node->items[i], &binds[i])) {
			return false;
		}
	}
	claims->binds = binds;
	claims->bind_count = node->count;
	return true;
}

static bool read_seconds(
	struct reading *reading, const struct yaml_node *map, const char *key, int *seconds) {
	const struct yaml_node *node = yaml_get(map, key);
	int64_t number = 0;
	if (node && !yaml_int(reading->document, node, 0, RECIPE_AGE_MAX_S, &number, reading->err)) {
		return false;
	}
	*seconds = (int)number;
	return true;
}

static bool read_claims(
	struct reading *reading, const struct yaml_node *node, struct recipe_claims *claims) {
	static const char *const keys[] = {
		"issuer", "audience", "required", "leeway_s", "max_age_s", "bind", "query_hash"};
	if (!node) {
		return true;
	}
	if (!yaml_check_keys(reading->document, node, keys, 7, reading->err)) {
		return false;
	}
	const struct yaml_node *issuer = yaml_get(node, "issuer"), *bind = yaml_get(node, "bind");
	const struct yaml_node *audience = yaml_get(node, "audience");
	const struct yaml_node *required = yaml_get(node, "required");
	const struct yaml_node *hash = yaml_get(node, "query_hash");
	return (!issuer || reading_text(reading, issuer, &claims->issuer)) &&
	       (!audience || reading_text(reading, audience, &claims->audience)) &&
	       (!required || read_names(reading, required, RECIPE_CLAIMS_MAX, &claims->required)) &&
	       read_seconds(reading, node, "leeway_s", &claims->leeway_s) &&
	       read_seconds(reading, node, "max_age_s", &claims->max_age_s) &&
	       (!bind || read_binds(reading, bind, claims)) &&
	       (!hash || yaml_bool(reading->document, hash, &claims->query_hash, reading->err));
}

/* A scheme without public keys has none of these. */
static bool refuse_public(struct reading *reading, const struct yaml_node *node) {
	static const char *const keys[] = {RECIPE_PUBLIC_KEYS};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		const struct yaml_node *found = yaml_get(node, keys[i]);
		if (found) {
			return yaml_error(reading->document, found, reading->err,
				"\"%s\" is for schemes of kind signature, jwt and http-signature", keys[i]);
		}
	}
	return true;
}

static bool read_chain(struct reading *reading, const struct yaml_node *node,
	const struct recipe *recipe, struct recipe_public *public) {
	static const char *const keys[] = {"leaf", "issuer"};
	if (recipe->kind != RECIPE_JWT) {
		return reading_fail(reading, node, "is for tokens");
	}
	if (!yaml_check_keys(reading->document, node, keys, 2, reading->err)) {
		return false;
	}
	const struct yaml_node *leaf = yaml_get(node, "leaf"), *issuer = yaml_get(node, "issuer");
	public->chained = true;
	return (!leaf || reading_text(reading, leaf, &public->chain.leaf)) &&
	       (!issuer || reading_text(reading, issuer, &public->chain.issuer));
}

bool recipe_read_public(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe) {
	if (!recipe_has_public(recipe)) {
		return refuse_public(reading, node);
	}
	struct recipe_public *public = arena_zero(reading->arena, 1, sizeof *public);
	const struct yaml_node *detached = yaml_get(node, "detached");
	const struct yaml_node *envelope = yaml_get(node, "envelope");
	const struct yaml_node *chain = yaml_get(node, "chain");
	size_t form = FORM_PEM;
	if (!read_algorithm(reading, node, recipe, public) ||
		!reading_choice(reading, node, "form", key_form_names, &form) ||
		(detached && !yaml_bool(reading->document, detached, &public->detached, reading->err)) ||
		(envelope && !yaml_bool(reading->document, envelope, &public->envelope, reading->err)) ||
		(chain && !read_chain(reading, chain, recipe, public)) ||
		!read_keyset(reading, yaml_get(node, "keyset"), &public->keyset) ||
		!read_claims(reading, yaml_get(node, "claims"), &public->claims)) {
		return false;
	}
	public->form = (enum key_form)form;
	recipe->publics = public;
	return true;
}
