#include "tui/send_endpoint.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "common/json.h"

/* How well an endpoint fits; more is better, 0: not at all. */
enum fit { FIT_NOT, FIT_DEFAULT, FIT_NAME, FIT_SECRET, FIT_PROVIDER, FIT_WANTED };

static bool has_secret_for(const struct cJSON *endpoint, const char *provider) {
	const struct cJSON *secrets = cJSON_GetObjectItemCaseSensitive(endpoint, "secrets"), *secret;
	cJSON_ArrayForEach(secret, secrets) {
		struct span of = {0};
		if (json_get_text_opt(secret, "provider", &of, NULL) && of.len > 0 &&
			span_is(of, provider)) {
			return true;
		}
	}
	return false;
}

static enum fit fit_of(
	const struct cJSON *endpoint, struct span name, const char *provider, const char *wanted) {
	struct span own = {0};
	if (wanted) {
		return span_is(name, wanted) ? FIT_WANTED : FIT_NOT;
	}
	json_get_text_opt(endpoint, "provider", &own, NULL);
	if (own.len > 0) {
		return span_is(own, provider) ? FIT_PROVIDER : FIT_NOT;
	}
	if (has_secret_for(endpoint, provider)) {
		return FIT_SECRET;
	}
	return span_is(name, provider) ? FIT_NAME : span_is(name, "default") ? FIT_DEFAULT : FIT_NOT;
}

bool send_endpoint_choose(char name[ENDPOINT_NAME_LEN + 1], const struct cJSON *answer,
	const char *provider, const char *wanted, struct error *err) {
	const struct cJSON *list = cJSON_GetObjectItemCaseSensitive(answer, "endpoints"), *endpoint;
	enum fit best = FIT_NOT;
	cJSON_ArrayForEach(endpoint, list) {
		struct span its = {0};
		if (!json_get_text(endpoint, "name", &its, NULL)) {
			continue;
		}
		enum fit fit = fit_of(endpoint, its, provider, wanted);
		if (fit > best) {
			best = fit;
			snprintf(name, ENDPOINT_NAME_LEN + 1, "%.*s", (int)its.len, its.data);
		}
	}
	if (best == FIT_NOT && wanted) {
		return error_set(err, ERROR_NO, "there is no endpoint \"%s\"", wanted);
	}
	return best != FIT_NOT ||
	       error_set(err, ERROR_NO,
			   "no endpoint of this relay takes %s: hookline endpoint add %s --provider %s "
			   "--secret-file FILE makes one",
			   provider, provider, provider);
}
