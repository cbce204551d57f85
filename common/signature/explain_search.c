#include "common/signature/explain_search.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/signature/keyring.h"
#include "common/signature/lookup.h"
#include "common/signature/recipe_public.h"

/* What a search among keys that were fetched costs, in MACs of a small body. */
#define COST_FETCHED 4

/* What one verification costs, in MACs of a small body. */
static size_t cost_of(const struct key *key) {
	size_t cost = 0;
	for (size_t i = 0; i < key->publics.count; i++) {
		const char *curve = public_key_curve(&key->publics.items[i]);
		bool slow = *curve && strcmp(curve, "P-256") != 0; /* OpenSSL has no fast code for them */
		cost += slow                                                               ? 25
		        : EVP_PKEY_get_base_id(key->publics.items[i].pkey) == EVP_PKEY_RSA ? 1
		                                                                           : 3;
	}
	return cost > 0 ? cost : 1;
}

/* Counts what a judgement costs at most. False: it is too much. */
static bool spend(struct search *search, const struct keyring *keyring, size_t body_len) {
	size_t macs = keyring->keyset ? COST_FETCHED : 0;
	for (size_t i = 0; i < keyring->secret_count * keyring->scheme_count; i++) {
		macs +=
			cost_of(&keyring->secrets[i / keyring->scheme_count].keys[i % keyring->scheme_count]);
	}
	size_t bytes =
		(keyring->secret_count + (keyring->keyset != NULL)) * keyring->scheme_count * body_len;
	if (search->out->macs + macs > EXPLAIN_MACS || search->bytes + bytes > EXPLAIN_BYTES) {
		search->exhausted = true;
		return false;
	}
	search->out->macs += macs;
	search->bytes += bytes;
	return true;
}

bool search_accepts(struct search *search, struct keyring *keyring, const struct message *message,
	struct judgement *judgement) {
	if (!spend(search, keyring, message->body.len)) {
		return false;
	}
	*judgement = signature_verify(keyring, message, search->input->now_ms);
	return judgement->verdict == VERDICT_VALID || judgement->verdict == VERDICT_PARTIAL ||
	       judgement->verdict == VERDICT_RESERIALISED || judgement->verdict == VERDICT_EXPIRED;
}

bool search_say(struct search *search, enum explain_cause cause, const char *format, ...) {
	va_list args;
	va_start(args, format);
	search->out->cause = cause;
	vsnprintf(search->out->sentence, sizeof search->out->sentence, format, args);
	va_end(args);
	return true;
}

static void add(struct search *search, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct search *search, const char *format, ...) {
	char *sentence = search->out->sentence;
	size_t len = strlen(sentence);
	va_list args;
	va_start(args, format);
	vsnprintf(sentence + len, sizeof search->out->sentence - len, format, args);
	va_end(args);
}

/* "besides, it is 412 s old (tolerance 300 s)" */
static void add_age(struct search *search, const struct judgement *judgement) {
	static const char prefix[] = "the signature is right but ";
	const char *reason = judgement->reason;
	reason += strncmp(reason, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0;
	bool age = *reason >= '0' && *reason <= '9';
	add(search, "; besides, %s%s", age ? "it is " : "", reason);
}

bool search_try(struct search *search, const struct change *change, const char *format, ...) {
	struct keyring *keyring = change->keyring ? change->keyring : search->keyring;
	const struct message *message = change->message ? change->message : search->input->message;
	struct judgement judgement = {0};
	if (!search_accepts(search, keyring, message, &judgement)) {
		return false;
	}
	va_list args;
	va_start(args, format);
	search->out->cause = change->cause;
	vsnprintf(search->out->sentence, sizeof search->out->sentence, format, args);
	va_end(args);
	memcpy(search->out->secret, judgement.secret, sizeof search->out->secret);
	add(search, " (secret %s)", judgement.secret);
	if (judgement.verdict == VERDICT_EXPIRED) {
		add_age(search, &judgement);
	}
	explain_compare(search, keyring, message);
	return true;
}

void search_note(struct search *search, const char *family) {
	buffer_printf(&search->tried, "%s%s", search->tried.len > 0 ? ", " : "", family);
}

bool search_has_keys(const struct search *search) {
	return search->input->secret_count > 0 ||
	       (search->input->keyset && keyring_finds_keys(search->keyring));
}

struct keyring *search_keyring(struct search *search, const struct provider *provider) {
	const struct explain_input *input = search->input;
	bool own = strcmp(provider->name, input->provider->name) == 0;
	struct error unfit;
	struct keyring *keyring = keyring_new(
		provider, own ? input->parameters : NULL, own ? input->parameter_count : 0, &unfit);
	for (size_t i = 0; keyring && i < input->secret_count; i++) {
		keyring_add(keyring, input->secrets[i].label, input->secrets[i].value, &unfit);
	}
	if (keyring && keyring_count(keyring) == 0 && !search_has_keys(search)) {
		keyring_free(keyring);
		return NULL;
	}
	if (keyring) {
		keyring_use_keyset(keyring, input->keyset);
	}
	return keyring;
}

const struct provider *search_provider(struct search *search, const struct recipe *recipe) {
	struct recipe *copy = arena_zero(&search->arena, 1, sizeof *copy);
	struct provider *provider = arena_zero(&search->arena, 1, sizeof *provider);
	*copy = *recipe;
	*provider = *search->input->provider;
	provider->recipes = copy;
	provider->recipe_count = 1;
	return provider;
}

static struct message *copy_message(struct search *search, const struct message *message) {
	struct message *copy = arena_zero(&search->arena, 1, sizeof *copy);
	*copy = *message;
	copy->headers = arena_zero(&search->arena, message->header_count + 1, sizeof *copy->headers);
	copy->header_capacity = message->header_count;
	for (size_t i = 0; i < message->header_count; i++) {
		copy->headers[i] = message->headers[i];
	}
	return copy;
}

const struct message *search_with_body(struct search *search, struct span body) {
	struct message *copy = arena_zero(&search->arena, 1, sizeof *copy);
	*copy = *search->input->message;
	copy->body = body;
	return copy;
}

const struct message *search_with_value(struct search *search, size_t header, struct span value) {
	struct message *copy = copy_message(search, search->input->message);
	const char *text = arena_text_of(&search->arena, value.data, value.len);
	copy->headers[header].value = (struct span){text, value.len};
	return copy;
}

const struct message *search_with_name(struct search *search, size_t header, const char *name) {
	struct message *copy = copy_message(search, search->input->message);
	copy->headers[header].name = span_text(name);
	return copy;
}

static const char carrier_name[] = "X-Hookline-Carried-Signature"; /* nobody sends it */

/* What carries the signature in another place, as a header behind the others. */
static bool move_to_header(struct search *search, struct carrier *carrier) {
	const struct message *message = search->input->message;
	struct buffer made = {0};
	const char *name = search_name(search, &carrier->recipe);
	struct span value = lookup_value(message, carrier->recipe.place, name, &made);
	if (value.data) {
		struct message *copy = copy_message(search, message);
		const char *text = arena_text_of(&search->arena, value.data, value.len);
		carrier->value = (struct span){text, value.len};
		carrier->header = copy->header_count;
		copy->headers[copy->header_count++] =
			(struct header){.name = span_text(carrier_name), .value = carrier->value};
		carrier->message = copy;
		carrier->recipe.place = PLACE_HEADER;
		carrier->recipe.header = carrier_name;
	}
	buffer_clear(&made);
	return value.data != NULL;
}

bool search_carrier(struct search *search, const struct recipe *recipe, struct carrier *carrier) {
	*carrier = (struct carrier){.recipe = *recipe, .message = search->input->message};
	if (recipe->every || recipe->place == PLACE_BODY) {
		return false;
	}
	if (recipe->place != PLACE_HEADER) {
		return move_to_header(search, carrier);
	}
	const char *name = search_name(search, recipe);
	if (recipe->numbered > 0) {
		char numbered[256];
		int len = snprintf(numbered, sizeof numbered, "%s1", name);
		name = arena_text_of(&search->arena, numbered, (size_t)len);
		carrier->recipe.numbered = 0;
		carrier->recipe.header = name;
	}
	carrier->header = search_header(carrier->message, name, 0);
	bool found = carrier->header < carrier->message->header_count;
	carrier->value = found ? carrier->message->headers[carrier->header].value : carrier->value;
	return found;
}

const struct message *search_with_carried(
	struct search *search, const struct carrier *carrier, struct span value) {
	struct message *copy = copy_message(search, carrier->message);
	const char *text = arena_text_of(&search->arena, value.data, value.len);
	copy->headers[carrier->header].value = (struct span){text, value.len};
	return copy;
}

struct recipe_public *search_publics(struct search *search, struct recipe *recipe) {
	struct recipe_public *copy = arena_zero(&search->arena, 1, sizeof *copy);
	*copy = *recipe->publics;
	recipe->publics = copy;
	return copy;
}

size_t search_header(const struct message *message, const char *name, size_t from) {
	while (from < message->header_count &&
		   !span_equal_nocase(message->headers[from].name, span_text(name))) {
		from++;
	}
	return from;
}

const char *search_name(const struct search *search, const struct recipe *recipe) {
	const char *name = recipe->header;
	name = name && *name == '$' ? keyring_parameter(search->keyring, name + 1) : name;
	return name ? name : "";
}

size_t search_place(const struct search *search, const struct recipe *recipe) {
	if (recipe->place != PLACE_HEADER) {
		return search->input->message->header_count;
	}
	return search_header(search->input->message, search_name(search, recipe), 0);
}

void search_labels(const struct search *search, char *out, size_t len) {
	const struct explain_input *input = search->input;
	size_t at = 0, i = 0;
	out[0] = '\0';
	for (; i < input->secret_count && at + strlen(input->secrets[i].label) + 8 < len; i++) {
		at += (size_t)snprintf(
			out + at, len - at, "%s%s", i > 0 ? ", " : "", input->secrets[i].label);
	}
	snprintf(out + at, len - at, "%s", i < input->secret_count ? ", ..." : "");
}

bool search_try_recipe(struct search *search, const struct recipe *recipe, enum explain_cause cause,
	const struct message *message, const char *words) {
	struct keyring *keyring = search_keyring(search, search_provider(search, recipe));
	const struct change change = {cause, keyring, message};
	bool found = keyring && search_try(search, &change, "the signature is right, but %s", words);
	keyring_free(keyring);
	return found;
}
