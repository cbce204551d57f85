#include "common/signature/key_search.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/signature/lookup.h"
#include "common/signature/recipe_public.h"

/* Of what a stranger wrote, so much is shown. */
#define SHOWN_MAX 64
/* An id in a URL: longer ones are refused. */
#define URL_ID_MAX 128
#define URL_MAX 512

void judgement_say(struct judgement *judgement, enum verdict verdict, const char *format, ...) {
	va_list args;
	va_start(args, format);
	judgement->verdict = verdict;
	vsnprintf(judgement->reason, sizeof judgement->reason, format, args);
	va_end(args);
}

static const struct recipe_public *publics_of(const struct key_search *search) {
	return search->keyring->schemes[search->scheme_index].recipe->publics;
}

/* Letters, digits and a few marks, so that it can stand in a sentence and in a URL. */
static bool is_plain(struct span text, size_t most) {
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte > 0x7e || (!isalnum(byte) && !strchr("._-~:", byte))) {
			return false;
		}
	}
	return text.len > 0 && text.len <= most;
}

static const char *shown(struct span id, char out[SHOWN_MAX + 1]) {
	if (!is_plain(id, SHOWN_MAX)) {
		return "of that id";
	}
	memcpy(out, id.data, id.len);
	out[id.len] = '\0';
	return out;
}

static bool is_named(const struct key_search *search, const struct public_key *key) {
	return search->id.len == 0 || !*key->id || span_is(search->id, key->id);
}

static bool is_right_kind(const struct key_search *search, const struct public_key *key) {
	return public_key_fits(key, search->algorithm) &&
	       (!*search->curve || strcmp(search->curve, public_key_curve(key)) == 0);
}

/* The key of the set that matches, or NULL; `*named` counts those that could have. */
static const struct public_key *find(
	struct key_search *search, const struct public_keys *keys, size_t *named) {
	for (size_t i = 0; i < keys->count; i++) {
		const struct public_key *key = &keys->items[i];
		if (!is_named(search, key)) {
			continue;
		}
		++*named;
		if (is_right_kind(search, key) && search->tries++ < KEY_SEARCH_TRIES &&
			search->matches(key, search->data)) {
			return key;
		}
	}
	return NULL;
}

static bool say_mismatch(
	const struct key_search *search, size_t named, const char *where, struct judgement *judgement) {
	char id[SHOWN_MAX + 1];
	if (named == 0) {
		judgement_say(judgement, VERDICT_INVALID, "it names the key %s, which is none of those %s",
			shown(search->id, id), where);
	} else if (search->tries > KEY_SEARCH_TRIES) {
		judgement_say(
			judgement, VERDICT_INVALID, "too many signatures: %d were tried", KEY_SEARCH_TRIES);
	} else {
		judgement_say(judgement, VERDICT_INVALID, "no key %s makes this signature", where);
	}
	return false;
}

/* Where the owner gave keys, these count and nothing is fetched. */
static bool search_given(struct key_search *search, struct judgement *judgement, bool *any) {
	size_t named = 0;
	for (size_t i = 0; i < search->keyring->secret_count; i++) {
		const struct secret *secret = &search->keyring->secrets[i];
		const struct key *key = &secret->keys[search->scheme_index];
		if (!key->usable || key->publics.count == 0) {
			continue;
		}
		*any = true;
		if (find(search, &key->publics, &named)) {
			memcpy(judgement->secret, secret->label, sizeof secret->label);
			return true;
		}
	}
	return *any && say_mismatch(search, named, "of this endpoint", judgement);
}

/* "{kid}" and "{param:NAME}" of a fixed URL. */
static bool fill_url(struct key_search *search, const char *pattern, struct buffer *url,
	struct judgement *judgement) {
	const struct keyring *keyring = search->keyring;
	struct span rest = span_text(pattern);
	while (rest.len > 0) {
		buffer_append_span(url, span_cut(&rest, '{'));
		struct span term = span_cut(&rest, '}');
		if (span_is(term, "kid")) {
			if (!is_plain(search->id, URL_ID_MAX)) {
				judgement_say(
					judgement, VERDICT_INVALID, "it names no key, or one that cannot be one");
				return false;
			}
			buffer_append_span(url, search->id);
		} else if (span_starts_with(term, span_text("param:"))) {
			char name[64] = "";
			snprintf(name, sizeof name, "%.*s", (int)term.len - 6, term.data + 6);
			const char *value = keyring_parameter(keyring, name);
			if (!value || !is_plain(span_text(value), URL_ID_MAX)) {
				judgement_say(judgement, VERDICT_UNVERIFIED,
					"the key of %s is not known here: set the parameter \"%s\", or give the key",
					keyring->provider->title, name);
				return false;
			}
			buffer_append_text(url, value);
		}
	}
	return true;
}

static bool is_allowed(const struct recipe_keyset *keyset, struct span url) {
	struct span https = span_text("https://");
	if (!span_starts_with(url, https) || url.len > URL_MAX) {
		return false;
	}
	struct span rest = span_after(url, https.len);
	struct span host = {rest.data, span_find(rest, '/')}, path = span_after(rest, host.len);
	bool up = false; /* ".." would leave the path that is allowed */
	for (size_t i = 0; i + 1 < path.len; i++) {
		up |= path.data[i] == '.' && path.data[i + 1] == '.';
	}
	for (const char *const *pattern = keyset->hosts; pattern && *pattern; pattern++) {
		if (recipe_pattern_matches(*pattern, host, false)) {
			return !up && recipe_pattern_matches(keyset->path, path, true);
		}
	}
	return false;
}

/* The URL the key is to be had from; false with the judgement when there is none. */
static bool resolve(struct key_search *search, struct buffer *url, struct judgement *judgement) {
	const struct recipe_keyset *keyset = &publics_of(search)->keyset;
	const char *title = search->keyring->provider->title;
	if (keyset->url) {
		return fill_url(search, keyset->url, url, judgement);
	}
	if (!keyset->hosts) {
		judgement_say(judgement, VERDICT_UNVERIFIED,
			"no key of %s is known here, and it cannot be fetched: give it as a secret", title);
		return false;
	}
	struct buffer decoded = {0};
	struct span named = keyset->source == KEYSET_TOKEN
	                        ? search->named
	                        : lookup_value(search->message, keyset->place, keyset->name, &decoded);
	bool ok = is_allowed(keyset, named);
	if (ok) {
		buffer_append_span(url, named);
	} else if (!named.data) {
		judgement_say(
			judgement, VERDICT_INVALID, "%s is missing, which says where the key is", keyset->name);
	} else {
		judgement_say(judgement, VERDICT_INVALID, "%s names an address where %s keeps no keys",
			keyset->name, title);
	}
	buffer_clear(&decoded);
	return ok;
}

static void note_missing(struct key_search *search, struct span url) {
	buffer_reset(&search->keyring->missing);
	buffer_append_span(&search->keyring->missing, url);
	search->keyring->missing_form = publics_of(search)->form;
}

static bool search_fetched(
	struct key_search *search, struct span url, struct judgement *judgement) {
	struct keyring *keyring = search->keyring;
	const struct public_keys *keys = keyset_find(keyring->keyset, url);
	int len = (int)(url.len < 120 ? url.len : 120);
	if (!keys) {
		note_missing(search, url);
		judgement_say(
			judgement, VERDICT_UNVERIFIED, "the key at %.*s has not been fetched", len, url.data);
		return false;
	}
	size_t named = 0;
	const struct public_key *key = find(search, keys, &named);
	if (!key) {
		if (named == 0) { /* it may be newer than what was fetched */
			note_missing(search, url);
		}
		return say_mismatch(search, named, "that the provider publishes", judgement);
	}
	struct span id = span_text(key->id);
	bool short_enough = is_plain(id, SECRET_LABEL_LEN - 1);
	snprintf(
		judgement->secret, sizeof judgement->secret, "%s", short_enough ? key->id : "fetched key");
	return true;
}

bool key_search_run(struct key_search *search, struct judgement *judgement) {
	bool any = false;
	if (search_given(search, judgement, &any)) {
		return true;
	}
	if (any) {
		return false;
	}
	if (publics_of(search)->keyset.source == KEYSET_NONE) {
		judgement_say(judgement,
			search->keyring->secret_count > 0 ? VERDICT_INVALID : VERDICT_UNVERIFIED,
			"no public key of %s is known here", search->keyring->provider->title);
		return false;
	}
	struct buffer url = {0};
	bool found =
		resolve(search, &url, judgement) && search_fetched(search, buffer_span(&url), judgement);
	buffer_clear(&url);
	return found;
}
