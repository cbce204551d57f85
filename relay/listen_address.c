#include <arpa/inet.h>
#include <libwebsockets.h>
#include <string.h>

#include "common/span.h"
#include "relay/context.h"

static bool parse_port(int *port, struct span text) {
	int value = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9') {
			return false;
		}
		value = value * 10 + (text.data[i] - '0');
		if (value > 65535) {
			return false;
		}
	}
	*port = value;
	return text.len > 0;
}

/* Where the host ends and the port begins; a port alone has an empty host. */
static bool split(struct span text, struct span *host, struct span *port) {
	size_t colon = text.len;
	while (colon > 0 && text.data[colon - 1] != ':') {
		colon--;
	}
	*port = span_after(text, colon);
	*host = (struct span){text.data, colon ? colon - 1 : 0};
	if (!colon || !host->len) {
		return !colon; /* ":8080" does not say where */
	}
	if (host->data[0] != '[') {
		return !memchr(host->data, ':', host->len);
	}
	if (host->len < 3 || host->data[host->len - 1] != ']') {
		return false;
	}
	*host = (struct span){host->data + 1, host->len - 2};
	return memchr(host->data, ':', host->len) != NULL;
}

static bool parse_host(struct listen_address *address, struct span host) {
	if (!host.len || span_is(host, "localhost")) {
		host = span_text("127.0.0.1");
	}
	if (host.len >= sizeof address->host) {
		return false;
	}
	memcpy(address->host, host.data, host.len);
	address->host[host.len] = '\0';

	struct in_addr v4;
	struct in6_addr v6;
	if (inet_pton(AF_INET, address->host, &v4) == 1) {
		address->loopback = ntohl(v4.s_addr) >> 24 == 127;
		return true;
	}
	if (inet_pton(AF_INET6, address->host, &v6) == 1) {
		address->loopback = IN6_IS_ADDR_LOOPBACK(&v6);
		return true;
	}
	return false;
}

bool listen_address_parse(struct listen_address *address, const char *text, struct error *err) {
	struct listen_address parsed = {.port = -1};
	struct span host, port;
	if (!split(span_text(text), &host, &port) || !parse_port(&parsed.port, port) ||
		!parse_host(&parsed, host)) {
		return error_set(err, ERROR_CONFIG,
			"\"%s\" is no address to listen on: write 127.0.0.1:8080, [::1]:8080, localhost:8080, "
			"0.0.0.0:8080 or 8080",
			text);
	}
	*address = parsed;
	return true;
}

void listen_address_apply(
	const struct listen_address *address, struct lws_context_creation_info *info) {
	info->port = address->port;
	info->iface = address->host;
	info->options |= LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
	if (strchr(address->host, ':')) {
		info->options |= LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY | LWS_SERVER_OPTION_IPV6_V6ONLY_VALUE;
	} else {
		info->options |= LWS_SERVER_OPTION_DISABLE_IPV6;
	}
}
