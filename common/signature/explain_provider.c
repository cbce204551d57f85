/* Another provider's request on this endpoint. */
#include <string.h>

#include "common/signature/explain_search.h"
#include "common/signature/keyring.h"

/* Providers whose recipes are tried: many share the same headers. */
#define PROVIDERS_MOST 16

/* The header of one of its schemes that is in the message, or NULL. */
static const char *shared_header(const struct provider *provider, const struct message *message) {
	for (size_t i = 0; i < provider->recipe_count; i++) {
		const char *name = provider->recipes[i].header;
		bool is_header = provider->recipes[i].place == PLACE_HEADER;
		if (is_header && name && *name != '$' && message_header(message, name, 0)) {
			return name;
		}
	}
	return NULL;
}

static void add_others(struct search *search, struct keyring *keyring) {
	struct error unfit;
	for (size_t i = 0; i < search->input->other_count; i++) {
		keyring_add(
			keyring, search->input->others[i].label, search->input->others[i].value, &unfit);
	}
}

static bool try_provider(struct search *search, const struct provider *provider) {
	const char *header = shared_header(provider, search->input->message);
	struct error unfit;
	struct keyring *keyring = header ? keyring_new(provider, NULL, 0, &unfit) : NULL;
	if (!keyring) {
		return false;
	}
	for (size_t i = 0; i < search->input->secret_count; i++) {
		const struct explain_secret *secret = &search->input->secrets[i];
		keyring_add(keyring, secret->label, secret->value, &unfit);
	}
	add_others(search, keyring);
	bool found = keyring_count(keyring) > 0 &&
	             search_try(search, &(struct change){EXPLAIN_OTHER_PROVIDER, keyring, NULL},
					 "this is a request of %s: its %s is right, but the endpoint expects %s",
					 provider->title, header, search->input->provider->title);
	keyring_free(keyring);
	return found;
}

static bool is_other(const struct search *search, const struct provider *provider) {
	return provider && strcmp(provider->name, search->input->provider->name) != 0;
}

/* Its headers say whose it is, though no secret proves it. */
static bool say_recognised(struct search *search, const struct provider *recognised) {
	return search_say(search, EXPLAIN_OTHER_PROVIDER,
		"this request carries the headers of %s, but the endpoint expects %s, and %s",
		recognised->title, search->input->provider->title, search->out->judgement.reason);
}

bool explain_providers(struct search *search) {
	const struct explain_input *input = search->input;
	if (!input->catalogue) {
		return false;
	}
	const struct provider *recognised = catalogue_recognise(input->catalogue, input->message, NULL);
	bool named = is_other(search, recognised);
	search_note(search, "other providers");
	if (named && try_provider(search, recognised)) {
		return true;
	}
	for (size_t i = 0, tried = 0; i < catalogue_count(input->catalogue) && tried < PROVIDERS_MOST;
		 i++) {
		const struct provider *provider = catalogue_at(input->catalogue, i);
		if (!is_other(search, provider) || provider == recognised ||
			!shared_header(provider, input->message)) {
			continue;
		}
		tried++;
		if (try_provider(search, provider)) {
			return true;
		}
	}
	return named && search->out->judgement.verdict == VERDICT_UNSIGNED &&
	       say_recognised(search, recognised);
}
