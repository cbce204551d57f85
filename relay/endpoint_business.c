/* What people ask by of an endpoint's events: its own places, and those of the provider that it does not name itself. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/siphash.h"
#include "relay/endpoint.h"

/* Part of the version: how keys are found and kept. */
#define FORM "1"

void endpoints_watch_keys(
	struct endpoints *endpoints, endpoints_keys_changed_fn *changed, void *data) {
	endpoints->keys_changed = changed;
	endpoints->keys_changed_data = data;
}

void endpoints_tell_keys(const struct endpoints *endpoints, int64_t position) {
	if (endpoints->keys_changed) {
		endpoints->keys_changed(endpoints->keys_changed_data, position);
	}
}

static bool names(const struct endpoint_settings *settings, const char *name) {
	for (size_t i = 0; i < settings->business_key_count; i++) {
		if (strcmp(settings->business_keys[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

static const struct provider *provider_named(
	const struct endpoints *endpoints, struct span provider) {
	char name[PROVIDER_NAME_LEN];
	if (provider.len == 0 || provider.len >= sizeof name) {
		return NULL;
	}
	memcpy(name, provider.data, provider.len);
	name[provider.len] = '\0';
	struct error unknown = {0};
	return catalogue_find(endpoints->catalogue, name, &unknown);
}

void endpoint_find_keys(const struct endpoint *endpoint, struct span provider,
	const struct business_key_source *source, struct buffer *keys) {
	const struct endpoint_settings *settings = &endpoint->keys.settings;
	const struct provider *known = provider_named(endpoint->endpoints, provider);
	const struct business_key *places[2 * BUSINESS_KEYS_MAX];
	size_t count = 0;
	for (size_t i = 0; i < settings->business_key_count; i++) {
		places[count++] = &settings->business_keys[i];
	}
	for (size_t i = 0; known && i < known->key_count; i++) {
		if (!names(settings, known->keys[i].name)) {
			places[count++] = &known->keys[i];
		}
	}
	business_keys_find(keys, places, count, source);
}

static void append_places(
	struct buffer *out, const char *of, const struct business_key *keys, size_t count) {
	if (count > 0) {
		buffer_append_text(out, of);
		buffer_append_byte(out, '\n');
	}
	for (size_t i = 0; i < count; i++) {
		buffer_append_text(out, keys[i].name);
		buffer_append_byte(out, ' ');
		business_key_append(out, &keys[i]);
		buffer_append_byte(out, '\n');
	}
}

void endpoints_keys_version(
	const struct endpoints *endpoints, char version[ENDPOINTS_KEYS_VERSION_LEN + 1]) {
	static const uint64_t secret[2] = {0};
	struct buffer text = {0};
	buffer_append_text(&text, FORM "\n");
	for (size_t i = 0; i < catalogue_count(endpoints->catalogue); i++) {
		const struct provider *provider = catalogue_at(endpoints->catalogue, i);
		append_places(&text, provider->name, provider->keys, provider->key_count);
	}
	for (size_t i = 0; i < endpoints_count(endpoints); i++) {
		const struct endpoint *endpoint = endpoints_at(endpoints, i);
		const struct endpoint_settings *settings = &endpoint->keys.settings;
		append_places(&text, endpoint->name, settings->business_keys, settings->business_key_count);
	}
	snprintf(version, ENDPOINTS_KEYS_VERSION_LEN + 1, "%016" PRIx64,
		siphash(secret, buffer_span(&text)));
	buffer_clear(&text);
}
