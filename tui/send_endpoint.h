/* Which endpoint of a relay a sample of a provider belongs to. Pure. */
#pragma once

#include "common/error.h"
#include "common/event.h"

struct cJSON;

/*
 * Of the relay's answer to `endpoint.list`: the one that is named (`wanted`, NULL: none is), else the one of this provider, else one with
 * a secret for it, else one of the provider's name, else "default" when it recognises providers. ERROR_NO says how to make one.
 */
bool send_endpoint_choose(char name[ENDPOINT_NAME_LEN + 1], const struct cJSON *answer,
	const char *provider, const char *wanted, struct error *err);
