#include "common/signature/explain.h"

#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/signature/explain_search.h"
#include "common/signature/keyring.h"

static const char *const names[EXPLAIN_CAUSE_COUNT] = {
	[EXPLAIN_NONE] = "none",
	[EXPLAIN_VALID] = "valid",
	[EXPLAIN_NO_SECRET] = "no_secret",
	[EXPLAIN_OLD] = "old",
	[EXPLAIN_FUTURE] = "future",
	[EXPLAIN_TIMESTAMP_UNIT] = "timestamp_unit",
	[EXPLAIN_PARTIAL] = "partial",
	[EXPLAIN_RESERIALISED] = "reserialised",
	[EXPLAIN_SEVERAL_HEADERS] = "several_headers",
	[EXPLAIN_UNSIGNED] = "unsigned",
	[EXPLAIN_OTHER_SECRET] = "other_secret",
	[EXPLAIN_SECRET_LINE_END] = "secret_line_end",
	[EXPLAIN_SECRET_BLANKS] = "secret_blanks",
	[EXPLAIN_SECRET_QUOTES] = "secret_quotes",
	[EXPLAIN_SECRET_DECODED] = "secret_decoded",
	[EXPLAIN_SECRET_BASE64] = "secret_base64",
	[EXPLAIN_SECRET_HEX] = "secret_hex",
	[EXPLAIN_SECRET_PREFIX] = "secret_prefix",
	[EXPLAIN_EMPTY_SIGNATURE] = "empty_signature",
	[EXPLAIN_TRUNCATED] = "truncated",
	[EXPLAIN_TRAILING] = "trailing",
	[EXPLAIN_ENCODING] = "encoding",
	[EXPLAIN_UPPER_CASE] = "upper_case",
	[EXPLAIN_PREFIX] = "prefix",
	[EXPLAIN_HASH] = "hash",
	[EXPLAIN_ALGORITHM] = "algorithm",
	[EXPLAIN_KEY_ID] = "key_id",
	[EXPLAIN_ISSUER] = "issuer",
	[EXPLAIN_AUDIENCE] = "audience",
	[EXPLAIN_CLAIM] = "claim",
	[EXPLAIN_PASSWORD] = "password",
	[EXPLAIN_PLACE] = "place",
	[EXPLAIN_FIELD] = "field",
	[EXPLAIN_HEADER_QUOTED] = "header_quoted",
	[EXPLAIN_HEADER_NAME] = "header_name",
	[EXPLAIN_TEXT] = "text",
	[EXPLAIN_BODY_LINE_END] = "body_line_end",
	[EXPLAIN_BODY_BLANKS] = "body_blanks",
	[EXPLAIN_BODY_LINE_BREAKS] = "body_line_breaks",
	[EXPLAIN_BODY_MARK] = "body_mark",
	[EXPLAIN_BODY_JSON] = "body_json",
	[EXPLAIN_BODY_COMPRESSED] = "body_compressed",
	[EXPLAIN_BODY_CHARSET] = "body_charset",
	[EXPLAIN_BODY_BASE64] = "body_base64",
	[EXPLAIN_BODY_LOST] = "body_lost",
	[EXPLAIN_URL] = "url",
	[EXPLAIN_OTHER_PROVIDER] = "other_provider",
};

const char *explain_cause_name(enum explain_cause cause) {
	return names[cause];
}

enum explain_cause explain_cause_of(struct span name) {
	for (int i = 0; i < EXPLAIN_CAUSE_COUNT; i++) {
		if (span_is(name, names[i])) {
			return (enum explain_cause)i;
		}
	}
	return EXPLAIN_NONE;
}

static void wipe(struct buffer *buffer) {
	if (buffer->data) {
		OPENSSL_cleanse(buffer->data, buffer->capacity);
	}
	buffer_clear(buffer);
}

void explanation_clear(struct explanation *explanation) {
	wipe(&explanation->received_text);
	wipe(&explanation->signed_text);
	wipe(&explanation->received_mac);
	wipe(&explanation->expected_mac);
	*explanation = (struct explanation){0};
}

/* Right, but not in time: nothing but the moment is wrong, or its unit. */
static bool explain_moment(struct search *search) {
	static const struct {
		enum timestamp_unit unit;
		const char *words;
	} units[] = {{UNIT_S, "seconds"}, {UNIT_MS, "milliseconds"}};
	const struct provider *provider = search->input->provider;
	for (size_t i = 0; i < provider->recipe_count && i < SEARCH_SCHEMES; i++) {
		struct recipe recipe = provider->recipes[i];
		for (size_t n = 0; n < 2 && recipe.timestamp.place != PLACE_NONE; n++) {
			enum timestamp_unit meant = provider->recipes[i].timestamp.unit;
			recipe.timestamp.unit = units[n].unit;
			struct judgement judgement = {0};
			struct keyring *keyring =
				meant == recipe.timestamp.unit
					? NULL
					: search_keyring(search, search_provider(search, &recipe));
			bool found = keyring &&
			             search_accepts(search, keyring, search->input->message, &judgement) &&
			             judgement.verdict != VERDICT_EXPIRED;
			keyring_free(keyring);
			if (found) {
				return search_say(search, EXPLAIN_TIMESTAMP_UNIT,
					"the signature is right, but its timestamp is in %s, not in %s", units[n].words,
					meant == UNIT_S    ? "seconds"
					: meant == UNIT_MS ? "milliseconds"
									   : "RFC 3339");
			}
		}
	}
	const char *reason = search->out->judgement.reason;
	return search_say(
		search, strstr(reason, "in the future") ? EXPLAIN_FUTURE : EXPLAIN_OLD, "%s", reason);
}

/* What the verdict says already, without a search. True: explained. */
static bool explain_verdict(struct search *search) {
	const struct judgement *judgement = &search->out->judgement;
	switch (judgement->verdict) {
	case VERDICT_VALID:
		return search_say(search, EXPLAIN_VALID, "%s", judgement->reason);
	case VERDICT_PARTIAL:
		return search_say(search, EXPLAIN_PARTIAL, "%s", judgement->reason);
	case VERDICT_RESERIALISED:
		return search_say(search, EXPLAIN_RESERIALISED, "%s", judgement->reason);
	case VERDICT_EXPIRED:
		return explain_moment(search);
	default:
		return false;
	}
}

static void say_nothing_found(struct search *search) {
	struct explanation *out = search->out;
	if (search->input->secret_count == 0 && out->judgement.verdict == VERDICT_UNVERIFIED) {
		search_say(
			search, EXPLAIN_NO_SECRET, "%s, so nothing can be computed", out->judgement.reason);
	} else if (out->judgement.verdict == VERDICT_UNSIGNED) {
		search_say(search, EXPLAIN_UNSIGNED, "%s, and no other header holds a signature",
			out->judgement.reason);
	} else {
		search_say(search, EXPLAIN_NONE, "no explanation found, tried: %s%s",
			buffer_text(&search->tried),
			search->exhausted ? " (not all, the body is too large)" : "");
	}
}

static bool run(struct search *search) {
	return explain_verdict(search) || explain_secrets(search) || explain_headers(search) ||
	       explain_schemes(search) || explain_publics(search) || explain_plain(search) ||
	       explain_tokens(search) || explain_urls(search) || explain_texts(search) ||
	       explain_bodies(search, search->keyring, "", false) || explain_claims(search) ||
	       explain_providers(search) || explain_suspects(search);
}

static struct explain_input bounded(const struct explain_input *input) {
	struct explain_input bounded = *input;
	size_t most = EXPLAIN_SECRETS_MAX;
	bounded.secret_count = input->secret_count < most ? input->secret_count : most;
	bounded.other_count = input->other_count < most ? input->other_count : most;
	return bounded;
}

void explain(const struct explain_input *input, struct explanation *explanation) {
	struct explain_input limited = bounded(input);
	struct search search = {.input = &limited, .out = explanation};
	struct error err = {0};
	search.keyring = keyring_new(input->provider, input->parameters, input->parameter_count, &err);
	if (!search.keyring) {
		search_say(&search, EXPLAIN_NONE, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < limited.secret_count; i++) {
		keyring_add(search.keyring, limited.secrets[i].label, limited.secrets[i].value, &err);
	}
	keyring_use_keyset(search.keyring, limited.keyset);
	explanation->judgement = signature_verify(search.keyring, input->message, input->now_ms);
	if (!run(&search)) {
		explain_compare(&search, NULL, NULL);
		say_nothing_found(&search);
	}
	wipe(&search.body);
	buffer_clear(&search.tried);
	arena_clear(&search.arena);
	keyring_free(search.keyring);
}
