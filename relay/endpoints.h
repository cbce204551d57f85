/*
 * The endpoints of this relay: what a request belongs to, and the keys it is judged with. Loaded from the store and
 * the configuration at the start; changes are written to the store first.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/buffer.h"
#include "common/business_key.h"
#include "common/error.h"
#include "common/event.h"
#include "common/message.h"
#include "common/signature/handshake.h"
#include "common/signature/scheme_facts.h"
#include "common/signature/sign_anew.h"
#include "common/signature/signature.h"
#include "relay/ingest/policy.h"
#include "relay/store/store.h"
#include "relay/vault.h"

struct endpoints;
struct endpoint;
struct keys;
struct confirm;

/* `catalogue`, `store` and `vault` outlive it. */
struct endpoints *endpoints_new(
	struct store *store, struct vault *vault, const struct catalogue *catalogue, struct error *err);
/* Judges nothing more and begins no change; before store_close. */
void endpoints_stop(struct endpoints *endpoints);
/* After the store was closed, as what it still had to commit belongs to endpoints. */
void endpoints_free(struct endpoints *endpoints);

/* What a person says of an endpoint: from the configuration, or from `hookline endpoint`. NULL fields stay as they are. */
struct endpoint_change {
	struct span name;
	const char *provider; /* "" : recognised by headers */
	const char *host;     /* a host name of its own, "" : none */
	int reject_invalid; /* answer 401 for invalid, expired and unsigned (stored all the same): 0, 1, -1: as it is */
	const char *handshake;              /* "answer", "store", "app" or "confirm" */
	const struct policy_change *answer; /* how its senders are answered */
	const struct parameter
		*parameters; /* settings of the provider; replace the old ones when given */
	size_t parameter_count;
	const struct business_key
		*business_keys; /* where its own stand; replace the old ones when given */
	size_t business_key_count;
	const struct secret_change {
		const char *label;
		const char
			*provider;     /* only for this one; "": the endpoint's, else whichever is recognised */
		struct span value; /* empty with data NULL: remove the secret of this label */
	} * secrets;
	size_t secret_count;
	bool only_these_secrets; /* secrets of other labels are removed */
	bool
		configured; /* it stands in the configuration, which the next start or reload takes from again */
};

/* Whether it can be the host name of an endpoint; "" can. ERROR_USAGE says what one is made of. */
bool endpoint_host_check(const char *host, struct error *err);

/* `changed`: how many verdicts of the history are another now. May come before the call that asked returns. */
typedef void endpoints_changed_fn(
	void *data, int64_t events, int64_t changed, const struct error *err);

/*
 * Adds (`must_be_new`) or changes an endpoint. Everything is checked before anything is changed; then written, taken
 * into use, and the history is judged again if keys or provider changed.
 */
void endpoints_change(struct endpoints *endpoints, const struct endpoint_change *change,
	bool must_be_new, endpoints_changed_fn *done, void *data);
/*
 * What the configuration says: made where missing, changed where different. `done` comes when it is in use; the
 * history is judged again behind that, and `judged` (may be NULL) comes when verdicts have changed.
 */
typedef void endpoints_judged_fn(void *data, struct span name, int64_t changed);
void endpoints_apply(struct endpoints *endpoints, const struct endpoint_change *change,
	endpoints_changed_fn *done, endpoints_judged_fn *judged, void *data);
/* Before the configuration is applied anew: what stood in the old one may stand in it no more. */
void endpoints_forget_configuration(struct endpoints *endpoints);
/* It stands in the configuration, perhaps with its secrets; at once, whether what stands there can be applied or not. */
void endpoint_note_configured(struct endpoint *endpoint, bool secrets);
/* With its history. ERROR_NO when there is none of that name, or when it stands in the configuration. */
void endpoints_remove(
	struct endpoints *endpoints, struct span name, endpoints_changed_fn *done, void *data);
/* Which events of an endpoint are judged again, and who hears of it meanwhile. */
struct filter;
struct reverification {
	struct filter *filter; /* handed over; NULL: all */
	/* after each slice, never after `done`: how many so far, and that it has come to seq `at` of `until`. May be NULL. */
	void (*progress)(void *data, int64_t events, int64_t changed, int64_t at, int64_t until);
};
/* Judges events of an endpoint again, each at the moment it was received. */
void endpoints_reverify(struct endpoints *endpoints, struct span name,
	const struct reverification *what, endpoints_changed_fn *done, void *data);

/* What senders are told to use (ingest.url), taken for the URL of schemes that sign it; borrowed, NULL: nothing was said. */
void endpoints_use_url(struct endpoints *endpoints, const char *url);

/* Where keys come from that providers publish, and who confirms subscriptions; borrowed, NULL: nowhere, nobody. */
void endpoints_use_keys(struct endpoints *endpoints, struct keys *keys, struct confirm *confirm);
/* Judges again what waited for a key, in the background; `judged` (may be NULL) comes for each endpoint with changes. */
void endpoints_keys_arrived(struct endpoints *endpoints, endpoints_judged_fn *judged, void *data);

/*
 * Who is told that business keys of events up to `position` (INT64_MAX: of all) may be others now: places changed, or providers
 * were recognised. Before what has changed is written.
 */
typedef void endpoints_keys_changed_fn(void *data, int64_t position);
void endpoints_watch_keys(
	struct endpoints *endpoints, endpoints_keys_changed_fn *changed, void *data);
/* Hexadecimal: another one when business keys stand in another place. */
#define ENDPOINTS_KEYS_VERSION_LEN 16
void endpoints_keys_version(
	const struct endpoints *endpoints, char version[ENDPOINTS_KEYS_VERSION_LEN + 1]);

/* NULL when there is none. Pointers stay valid until endpoints_free, also when the endpoint was removed. */
struct endpoint *endpoints_find(const struct endpoints *endpoints, struct span name);
struct endpoint *endpoints_find_id(const struct endpoints *endpoints, int64_t id);
struct endpoint *endpoints_find_host(const struct endpoints *endpoints, struct span host);
size_t endpoints_count(const struct endpoints *endpoints);
struct endpoint *endpoints_at(const struct endpoints *endpoints, size_t index);

int64_t endpoint_id(const struct endpoint *endpoint);
struct span endpoint_name(const struct endpoint *endpoint);
/* Whether a request of that verdict is answered 401. */
bool endpoint_rejects(const struct endpoint *endpoint, enum verdict verdict);
/* How its senders are answered; valid until it is changed. */
const struct policy *endpoint_policy(const struct endpoint *endpoint);
/*
 * What to do with one more request (relay/ingest/policy.h). What its script has left is written to the store, so that it is
 * durable with the event that is appended next.
 */
struct policy_decision endpoint_decide(struct endpoint *endpoint,
	const struct policy_request *request, int64_t app_most_ms, int64_t now_ms);
/* The newest seq; kept up to date by endpoint_stored. */
int64_t endpoint_head(const struct endpoint *endpoint);
void endpoint_stored(struct endpoint *endpoint, int64_t seq);

/*
 * The endpoint as a JSON object: name, provider, host, answer, head, secrets with label, provider and fingerprint (the first
 * 8 hex digits of SHA-256 over "hookline" and the secret), never a value.
 */
void endpoint_append_json(struct buffer *out, const struct endpoint *endpoint);

/* Appends the business keys of an event of this endpoint and `provider` (may be empty), as common/business_key.h keeps them. */
void endpoint_find_keys(const struct endpoint *endpoint, struct span provider,
	const struct business_key_source *source, struct buffer *keys);

/* What was made out of a request: provider, type, id, verdict. Kept in buffers that are reused. */
struct description {
	const struct provider *provider;
	struct buffer type, id;
	struct judgement judgement;
	char recipe[RECIPE_VERSION_LEN + 1]; /* judged with; empty: there is no secret */
	bool lacks_key; /* it is unverified for want of a key that is fetched meanwhile */
	/* filled in by endpoint_answer_handshake alone */
	struct handshake_answer handshake;
	struct buffer exchange; /* the answer as it is kept: what is secret left out */
	bool is_for_app;        /* a handshake that is left to the app */
};
void description_clear(struct description *description);
void endpoint_describe(struct endpoint *endpoint, const struct message *message, int64_t now_ms,
	struct description *description);

/*
 * Makes the answer to a request that was described, when it is a handshake of its provider: true, and
 * `description->handshake` is to be sent. False: answered as any other; `handshake.words` then say why, or are empty.
 */
bool endpoint_answer_handshake(
	struct endpoint *endpoint, const struct message *message, struct description *description);

/* How a message is to be signed anew. */
struct endpoint_sign_order {
	int64_t at_ms;        /* the moment that is signed */
	int64_t now_ms;       /* the moment it is then judged at */
	struct span secret;   /* label of the one that is wanted; empty: the first that can */
	struct span provider; /* empty: the endpoint's, else the one that is recognised */
	bool wrong_secret;    /* with another secret of the same form: what an app must refuse */
};

/* How a message was signed anew. */
struct signed_anew {
	char provider[64];
	char secret[SECRET_LABEL_LEN];
	struct sign_anew made; /* header lines and what is to be said of them */
};
void signed_anew_clear(struct signed_anew *anew);
/*
 * Signs a message as its provider would, with the secret that is wanted where there is one, else with the first that can; its id is
 * kept. ERROR_NO and why when that is not possible: no provider, or another than the endpoint's, no secret, a scheme that only the
 * provider can sign.
 */
bool endpoint_sign(struct endpoint *endpoint, const struct message *message,
	const struct endpoint_sign_order *order, struct signed_anew *anew, struct error *err);

/*
 * How a message of this endpoint is signed: by the provider it names, or the one that is recognised, with the parameters of the endpoint. `facts` is all zero
 * before it. ERROR_NO with the reason when no provider was recognised.
 */
bool endpoint_scheme(struct endpoint *endpoint, struct span head, struct span body,
	struct scheme_facts *facts, struct error *err);

/*
 * A message with all that is needed to explain its verdict, copied: another thread may work on it while the endpoint changes.
 * Secrets of other endpoints are in it, too, to see whether one was mixed up. NULL and ERROR_NO with the reason when no
 * provider was recognised. Free with explain_case_free, which wipes.
 */
struct explain_case;
struct explain_case *explain_case_new(struct endpoint *endpoint, struct span head, struct span body,
	int64_t received_at_ms, struct error *err);
void explain_case_free(struct explain_case *explained);
/* Works for some milliseconds; on any thread. */
void explain_case_run(struct explain_case *explained);
/* Appends the explanation as JSON, without MACs; after explain_case_run. */
void explain_case_append_json(struct buffer *out, const struct explain_case *explained);
