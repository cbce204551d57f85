/* A request that is open: it gives messages when the client can take them, and is asked for nothing before. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/filter.h"
#include "common/span.h"
#include "relay/stream/item.h"
#include "relay/stream/session.h"

struct cJSON;

enum given {
	GIVEN_NOTHING, /* session_want says when there is something */
	GIVEN_MORE,    /* a message */
	GIVEN_LAST,    /* a message, and the request is over */
};

struct request_kind {
	/* Appends one message to `out`; `*content` is set to a reference when its bytes follow. */
	enum given (*give)(struct request *request, struct buffer *out, struct item **content);
	void (*free)(struct request *request);
};

/* The first member of every open request. */
struct request {
	const struct request_kind *kind;
	struct session *session;
	uint32_t id;
	struct request *next;
};

/*
 * Begins a request; its errors are answered by the caller. One for each type of docs/protocol.md; `object` is gone when
 * it returns.
 */
typedef bool request_begin_fn(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err);

request_begin_fn subscribe_begin;
request_begin_fn list_begin;
request_begin_fn get_begin;
request_begin_fn attempt_begin;
request_begin_fn event_add_begin;
request_begin_fn lease_begin;
request_begin_fn lease_tell_begin;
request_begin_fn leases_begin;
request_begin_fn endpoint_list_begin;
request_begin_fn endpoint_add_begin;
request_begin_fn endpoint_set_begin;
request_begin_fn endpoint_remove_begin;
request_begin_fn endpoint_reverify_begin;
request_begin_fn explain_begin;
request_begin_fn scheme_begin;
request_begin_fn sign_begin;
request_begin_fn refusals_begin;
request_begin_fn relay_stay_begin;
request_begin_fn stats_begin;
request_begin_fn retry_put_begin;
request_begin_fn retry_take_begin;
request_begin_fn retry_hold_begin;
request_begin_fn retry_change_begin;
request_begin_fn retry_remove_begin;
request_begin_fn retry_list_begin;
request_begin_fn annotate_begin;
request_begin_fn readonly_begin;

/* The filter of a request, ages counted from now; NULL without one. Free it. */
bool request_filter(struct filter **filter, struct span text, struct error *err);
/* The same of deliveries (common/attempt_filter.h); an empty text is a filter, too. */
bool request_deliveries(struct attempt_filter **filter, struct span text, struct error *err);

/* `{"type":"<type>","re":<id>`; the caller adds members and the brace. */
void request_message(struct buffer *out, const char *type, uint32_t id);
/* A whole error message; id 0: of the connection. */
void request_error(struct buffer *out, uint32_t id, const struct error *err);
/* `{"type":"event"|"attempt","re":<id>,"event":{...}}` */
void request_item(struct buffer *out, uint32_t id, struct item *item);

/* A message to be signed. */
struct endpoint;
struct to_sign {
	struct span head, body;
	struct span provider; /* empty: the endpoint's, else the one that is recognised */
	struct span secret;   /* label of the one to try first */
	int64_t at_ms;        /* the moment that is signed; 0: now */
	bool wrong_secret;    /* with another one of the same form */
};
/* Reads how it is to be signed, moment and secret, from a request. */
bool to_sign_read(struct to_sign *what, const struct cJSON *object, struct error *err);
/* Appends the whole answer to `sign`: the lines its provider would send now, or why it cannot be signed. */
void request_signed(
	struct buffer *out, uint32_t id, struct endpoint *endpoint, const struct to_sign *what);
/* `sign` of an event that is stored. */
request_begin_fn sign_stored_begin;

/* The name of each kind of request, beginning with 0; NULL behind the last. */
const char *request_type(size_t index);

/* What came as a text message. Errors are answered; nothing closes the connection. */
void request_dispatch(struct session *session, struct span message);
