/*
 * The public URL a request was sent to, for schemes that sign it. What decides, in this order:
 *
 * 1. A target in absolute form ("POST https://hooks.example.com/a HTTP/1.1") is the URL.
 * 2. The setting `url` of the endpoint (`verify --url`): what the provider was given. Scheme and host come from it. Where the
 *    path of the target is that of the setting or goes on below it, path and query are those of the target. Where it is
 *    another one (a proxy rewrote it), the path is that of the setting, and so is the query unless the target has one.
 * 3. Without the setting: https, and Host. No X-Forwarded-* header is believed, for anybody may send them; a request that came
 *    to plain http or through a proxy that changes Host needs the setting.
 */
#pragma once

#include "common/buffer.h"
#include "common/message.h"

/* The name of the setting, which every provider has. */
#define REQUEST_URL_PARAMETER "url"

/* Spans point into the message or the setting. */
struct request_url {
	struct span scheme;    /* "https" */
	struct span authority; /* host, and ":port" where it is written out */
	struct span path;      /* from its '/' */
	struct span query;     /* without the '?'; data NULL: none */
};

/* Whether `text` can be a setting: http:// or https://, a host, no blanks or control characters. */
bool request_url_check(const char *text);

/* `setting` may be NULL. */
struct request_url request_url_of(const struct message *message, const char *setting);

enum request_url_port { URL_PORT_AS_IS, URL_PORT_WRITTEN, URL_PORT_LEFT_OUT };

void request_url_append(
	struct buffer *out, const struct request_url *url, enum request_url_port port);

/* Scheme, "://" and authority. */
void request_url_append_origin(
	struct buffer *out, const struct request_url *url, enum request_url_port port);
