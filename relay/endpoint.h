/* One endpoint in memory. Only the files endpoint*.c and rejudge.c include this. */
#pragma once

#include "relay/endpoints.h"

#define PROVIDER_NAME_LEN 64

/* What is written to the store as JSON. Texts are ours. */
struct endpoint_settings {
	char *provider; /* "": recognised by headers */
	char *host;     /* in lower case; "": none */
	bool reject_invalid;
	bool stores_handshakes;   /* and answers them as any other request */
	bool app_handshakes;      /* the app answers them; only where it answers all */
	bool confirms_handshakes; /* the relay answers, and opens the URL one asks to open */
	struct policy answer;
	struct parameter *parameters;
	size_t parameter_count;
	struct business_key
		*business_keys; /* where its own stand; in place of the provider's of that name */
	size_t business_key_count;
};

void endpoint_settings_copy(struct endpoint_settings *to, const struct endpoint_settings *from);
void endpoint_settings_clear(struct endpoint_settings *settings);
void endpoint_settings_clear_parameters(struct endpoint_settings *settings);
bool endpoint_settings_equal(const struct endpoint_settings *a, const struct endpoint_settings *b);
void endpoint_settings_append_json(struct buffer *out, const struct endpoint_settings *settings);
bool endpoint_settings_from_json(
	struct endpoint_settings *settings, struct span json, struct error *err);
/* Takes over what `change` says; ERROR_USAGE for a host that cannot be one. */
bool endpoint_settings_change(
	struct endpoint_settings *settings, const struct endpoint_change *change, struct error *err);

#define SECRET_HASH_LEN 32

/* A secret as it is kept: its plain text is only in the keyrings. */
struct endpoint_secret {
	char label[SECRET_LABEL_LEN];
	char provider[PROVIDER_NAME_LEN];
	struct buffer sealed;
	unsigned char hash[SECRET_HASH_LEN]; /* SHA-256 over "hookline" and the secret */
	bool broken;                         /* it cannot be opened with this key file */
};

struct ring {
	const struct provider *provider;
	struct keyring *keyring;
	bool complete; /* secrets for any provider are in it, too */
};

/* What an endpoint is judged with; exchanged as a whole. */
struct endpoint_keys {
	struct endpoint_settings settings;
	const struct provider *provider; /* NULL: recognised by headers, or not known any more */
	struct endpoint_secret *secrets;
	size_t secret_count;
	struct ring *rings; /* one for each provider there is a secret for, or that was recognised */
	size_t ring_count;
};

/* The name of what is done with handshakes: "answer", "store", "app". */
const char *endpoint_settings_handshake(const struct endpoint_settings *settings);

struct rejudge;

struct endpoint {
	struct endpoints *endpoints;
	int64_t id;
	char name[ENDPOINT_NAME_LEN + 1];
	size_t name_len;
	int64_t head;
	bool configured, secrets_configured; /* by the configuration, which has the last word on that */
	struct endpoint_keys keys;
	struct script_state script;    /* what the script of keys.settings.answer has left */
	int64_t lacking_after;         /* later events may wait for a key; -1: none does */
	struct rejudge *first_rejudge; /* the first is running, the others wait */
};

/*
 * A copy with the parameters a message of `provider` is looked at with: those of the endpoint where they are meant for it, and the public URL where the owner
 * named none. Free with endpoint_settings_clear.
 */
void endpoint_settings_for(const struct endpoint *endpoint, const struct provider *provider,
	struct endpoint_settings *settings);

/* By the clock, since 1970. */
int64_t endpoint_now_ms(void);

/* After other settings were taken into use: a script that was set anew begins at its beginning. */
void endpoint_begin_script(struct endpoint *endpoint);

void endpoint_keys_copy(struct endpoint_keys *to, const struct endpoint_keys *from);
void endpoint_keys_clear(struct endpoint_keys *keys);
struct endpoint_secret *endpoint_keys_find(struct endpoint_keys *keys, const char *label);
/* An empty secret of that label at the end. */
struct endpoint_secret *endpoint_keys_add(struct endpoint_keys *keys, const char *label);
void endpoint_keys_remove(struct endpoint_keys *keys, struct endpoint_secret *secret);
/* Fills in hash and sealed. */
void endpoint_secret_seal(
	struct endpoint_secret *secret, struct vault *vault, struct span endpoint, struct span value);
/*
 * Opens all secrets and makes the rings ready. ERROR_USAGE for a provider or secret that does not fit. With
 * `forgiving`, what does not fit any more is marked broken and logged instead: a start must not fail of it.
 */
bool endpoint_keys_prepare(struct endpoint_keys *keys, struct vault *vault,
	const struct catalogue *catalogue, struct span endpoint, bool forgiving, struct error *err);

/*
 * The keys for a provider. On an endpoint that names no provider, secrets that name none either are tried for whichever
 * is recognised: made into keys the first time it is; one that cannot be a key of this provider is left out. NULL: the
 * provider needs a parameter that nobody gave.
 */
struct keyring *endpoint_keys_ring(struct endpoint_keys *keys, const struct provider *provider,
	struct vault *vault, struct span endpoint);

/* Opens a secret into `value`, to be wiped after use. */
bool endpoint_secret_open(struct endpoint_secret *secret, struct vault *vault, struct span endpoint,
	struct buffer *value, struct error *err);

/* The endpoints, sorted by name; ids grow as they are made, so `by_id` is sorted, too. */
struct endpoints {
	struct store *store;
	struct vault *vault;
	const struct catalogue *catalogue;
	struct endpoint **by_name, **by_id;
	size_t count;
	size_t host_count;
	/* removed, and kept as long as a request or client may still point to one */
	struct endpoint **retired;
	size_t retired_count;
	struct change *first_change, *last_change; /* the first is under way */
	struct keys *keys;                         /* NULL: none are fetched */
	struct confirm *confirm;                   /* NULL: nothing is confirmed */
	const char *url;                           /* ingest.url; NULL: not set */
	endpoints_keys_changed_fn *keys_changed;   /* NULL: nobody asks */
	void *keys_changed_data;
	bool stopped;
};

/* Business keys of events up to this position are others now. */
void endpoints_tell_keys(const struct endpoints *endpoints, int64_t position);

struct endpoint *endpoints_insert(struct endpoints *endpoints, int64_t id, struct span name);
void endpoints_forget(struct endpoints *endpoints, struct endpoint *endpoint);
void endpoints_count_hosts(struct endpoints *endpoints);

/* The provider the endpoint names, or the one whose headers are there; NULL: the judgement says why none is known. */
const struct provider *endpoint_provider(
	const struct endpoint *endpoint, const struct message *message, struct judgement *judgement);
/*
 * The public URL its requests come to where the owner named none: that of ingest, or its own host under that scheme. False: nobody said.
 */
bool endpoint_public_url(const struct endpoint *endpoint, struct buffer *url);
/* The keys for it, or NULL; then why there are none. */
struct keyring *endpoint_keyring(struct endpoint *endpoint, const struct provider *provider);
struct judgement endpoint_without_key(
	const struct endpoint *endpoint, const struct provider *provider);

/*
 * Opens the URL the handshake of a kept event asks to open, where the endpoint says so and the event is rightly signed, new enough and
 * not confirmed yet.
 */
void endpoint_confirm(struct endpoint *endpoint, const struct event *event,
	const struct message *message, const struct description *description);

/* Judges the history of an endpoint again; jobs of one endpoint run one after the other. `what` NULL: all of it. */
void rejudge_start(struct endpoint *endpoint, const struct reverification *what,
	endpoints_changed_fn *done, void *data);
/* The same for the events after a seq; `judged` comes when verdicts have changed, and may be NULL. */
void rejudge_behind(
	struct endpoint *endpoint, int64_t after, endpoints_judged_fn *judged, void *data);
/* Ends all jobs of an endpoint, telling each that it is gone or stopping. */
void rejudge_stop_all(struct endpoint *endpoint, const struct error *why);
