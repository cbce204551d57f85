/*
 * The settings of a relay: built in, then from a YAML file, then from the command line; the later wins. Every error
 * of the file says file:line:column and, where one is close, what was meant.
 *
 *   ingest: {listen: "127.0.0.1:8080", url: https://hooks.example.com, catch_all: true, tls: {certificate: F, key: F}}
 *   stream: {listen: ..., tls: ..., token_file: F, behind_proxy: false, hosts: [...], origins: [...], clients: 1000}
 *   admin:  {listen: ..., tls: ..., token_file: F, behind_proxy: false, hosts: [...]}
 *   store:  {url: "sqlite:FILE", key_file: F, group_entries: 256, group_bytes: 4MiB, wal: 64MiB, free: 8MiB}
 *   limits: {...}  see limit_settings in config_limits.c
 *   log:    {level: info, format: text}
 *   keys:   {fetch: true, lifetime: 1h, authorities: FILE, at: "HOST:PORT"}
 *   providers: DIR
 *   endpoints:
 *     NAME: {provider: postpress, host: NAME.hooks.example.com, reject_invalid: false, handshake: answer,
 *            answer: {mode: app, status: 200, headers: ["X-A: b"], body: TEXT, delay: 2s, after: 10s, script: TEXT},
 *            parameters: {header: X-Key}, keys: {order: [.data.order.id]},
 *            secrets: [{label: live, file: F, provider: postpress}]}
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "relay/context.h"
#include "relay/endpoints.h"
#include "relay/ingest/listener.h"
#include "relay/keys.h"
#include "relay/log.h"
#include "relay/options.h"
#include "relay/store/store.h"

/* One of the three listeners. Texts are NULL where nothing is set. */
struct config_listener {
	struct listen_address address;
	const char *certificate, *key;
	const char *token_file;
	bool behind_proxy; /* TLS is done in front of us: plain text on any address is meant */
	const char **hosts;
	size_t host_count;
	const char **origins;
	size_t origin_count;
};

/* Beyond what a listener is given. */
struct config_limits {
	struct listener_limits ingest;
	int64_t refusals_per_second; /* so many are kept; the others are only counted */
	int64_t backlog_bytes;       /* waiting for the disk: beyond, 503 */
	int64_t clients;             /* screens and commands at a time */
	int64_t client_stall_ms;     /* one of them that takes nothing for so long is cut off */
	int64_t client_bytes;        /* the system keeps so much of what one of them does not take */
	int64_t explanations_per_second; /* begun for all of them together */
	int64_t waiting;                 /* senders that wait for an app or a delay at a time */
	int64_t waiting_bytes;           /* of their requests, all together */
	int64_t waiting_ms;              /* the longest one waits for an app */
};

struct config_secret {
	const char *label;
	const char *provider; /* "": the endpoint's */
	struct buffer value;  /* read from the file; wiped with the configuration */
};

struct config_endpoint {
	const char *name;
	bool configured;             /* else only needed */
	const char *provider, *host; /* NULL: not set here */
	int reject_invalid;          /* -1: not set here */
	const char *handshake;       /* "answer", "store", "app"; NULL: not set here */
	bool has_answer;
	struct policy_change answer;
	struct buffer answer_headers; /* what `answer` points to */
	bool has_parameters;
	struct business_key *business_keys; /* NULL: not said */
	size_t business_key_count;
	struct parameter *parameters;
	size_t parameter_count;
	bool has_secrets; /* then they are the whole of the endpoint's secrets */
	struct config_secret *secrets;
	size_t secret_count;
};

struct config {
	const char *file; /* NULL: none */
	struct config_listener ingest, stream, admin;
	const char *ingest_url;
	bool catch_all;      /* paths of no endpoint belong to `default` */
	bool catch_all_said; /* else: where ingest listens on loopback */
	const char *store_url;
	const char *key_file; /* NULL: secrets are kept for this run only */
	struct store_options store;
	struct config_limits limits;
	struct keys_options keys;
	enum log_level log_level;
	bool log_json;
	struct config_endpoint *endpoints;
	size_t endpoint_count;
	struct catalogue *catalogue; /* compiled-in providers and those of `providers` */

	struct yaml_document *document; /* most texts point into it */
	char **texts;                   /* the others */
	size_t text_count;
};

/*
 * Reads and checks everything: files that are named exist, secrets can be used with their provider, addresses others
 * reach have token and TLS. ERROR_CONFIG says what to change. Creates nothing. NULL on error.
 */
struct config *config_load(const struct options *options, struct error *err);
/*
 * What a start needs beyond that: a kind of store there is, a key file that is one, certificates that fit their keys, tokens. (A reload goes on with the old ones
 * instead, and says so.) ERROR_CONFIG.
 */
bool config_check_files(
	const struct config *config, const struct options *options, struct error *err);
/* Wipes the secrets. */
void config_free(struct config *config);

/* Descriptors all the limits together can need: what context_new is given. */
int64_t config_descriptors(const struct config *config);

/* Some listener speaks TLS. */
bool config_has_tls(const struct config *config);
