/* Where webhooks for an endpoint are sent. Pure. */
#pragma once

#include "common/buffer.h"
#include "common/span.h"

/*
 * "http://127.0.0.1:8080/e/shop/" at a relay that takes webhooks at `ingest_url`; of one that has a host name of its own, "https://hooks.example/",
 * by the scheme of the relay's port. Not escaped: the host is foreign.
 */
void endpoint_url_append(
	struct buffer *out, struct span ingest_url, struct span name, struct span host);
