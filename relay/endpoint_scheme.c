/* How an event is signed by what this relay knows of its provider, which may be a file of its owner. */
#include <string.h>

#include "common/alloc.h"
#include "common/signature/request_url.h"
#include "relay/endpoint.h"

/* The URL that is assumed, unless the owner named one. */
static void add_url(struct endpoint_settings *settings, const struct endpoint *endpoint) {
	struct buffer url = {0};
	for (size_t i = 0; i < settings->parameter_count; i++) {
		if (strcmp(settings->parameters[i].name, REQUEST_URL_PARAMETER) == 0) {
			return;
		}
	}
	if (endpoint_public_url(endpoint, &url)) {
		settings->parameters = alloc_resize(
			settings->parameters, (settings->parameter_count + 1) * sizeof *settings->parameters);
		settings->parameters[settings->parameter_count++] =
			(struct parameter){alloc_text(REQUEST_URL_PARAMETER, strlen(REQUEST_URL_PARAMETER)),
				alloc_text(url.data, url.len)};
	}
	buffer_clear(&url);
}

void endpoint_settings_for(const struct endpoint *endpoint, const struct provider *provider,
	struct endpoint_settings *settings) {
	endpoint_settings_copy(settings, &endpoint->keys.settings);
	if (provider != endpoint->keys.provider) {
		endpoint_settings_clear_parameters(settings);
	}
	add_url(settings, endpoint);
}

bool endpoint_scheme(struct endpoint *endpoint, struct span head, struct span body,
	struct scheme_facts *facts, struct error *err) {
	struct message message = {0};
	struct judgement judgement = {0};
	struct endpoint_settings settings = {0};
	const struct provider *provider = NULL;
	if (message_parse(&message, head, body, err)) {
		provider = endpoint_provider(endpoint, &message, &judgement);
		if (!provider) {
			error_set(err, ERROR_NO, "%s", judgement.reason);
		}
	}
	if (provider) {
		endpoint_settings_for(endpoint, provider, &settings);
		scheme_facts_fill(facts, provider, settings.parameters, settings.parameter_count, &message);
		endpoint_settings_clear(&settings);
	}
	message_clear(&message);
	return provider != NULL;
}
