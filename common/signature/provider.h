/*
 * What is known of a provider: how it is recognised, how it signs, where its event's type and id stand. A provider is
 * data: a YAML file (common/providers/NAME.yaml, compiled in; or a user's own, read by provider_load).
 * docs/architecture.md describes the file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/message.h"
#include "common/span.h"

struct business_key; /* common/business_key.h */
struct recipe;       /* common/signature/recipe.h */
struct handshake;    /* common/signature/handshake.h */
struct yaml_document;

#define PROVIDER_PATH_LEN 255

/* Where a fact of the event stands. */
enum field_place {
	FIELD_NONE,
	FIELD_HEADER,
	FIELD_JSON,
	FIELD_FORM,
	FIELD_MULTIPART_JSON,
	FIELD_TOKEN, /* path in the claims of the token that is the body */
};

struct provider_field {
	enum field_place place;
	const char *
		path; /* header or form field, or paths for json_find with '|' between them: the first that leads to a value */
};

/* A setting the owner of an endpoint may give: `header: Postpress-Auth`. */
struct provider_parameter {
	const char *name;
	const char *fallback; /* used when it is not given; NULL: it must be given */
};

/* Static, immutable data for the compiled-in ones; owned by the catalogue for a user's own. */
struct provider {
	const char *name;          /* "stripe" */
	const char *title;         /* "Stripe" */
	const char *documentation; /* URL, or NULL */
	const char *source;        /* where the scheme is known from */
	const char *notes;         /* what else its users should know; may be NULL */
	bool confirmed; /* run against the provider's own code or read in its documentation */
	const char *const *
		recognise_headers; /* all must be there; NULL-terminated, NULL: never recognised by headers */
	const char *const *
		recognise_types; /* event types ("launch.*") that settle it when others share the headers; or NULL */
	bool generic; /* a scheme many share: yields to any other provider that is recognised */
	struct provider_field type;
	struct provider_field id;
	const struct provider_parameter *parameters; /* ended by a NULL name; may be NULL */
	const struct recipe *recipes;
	size_t recipe_count;
	/* 0: it signs nothing, so nothing can be verified */ /* 0: it does not sign its webhooks, or nobody knows how */
	const struct business_key *keys; /* what people ask by, and where it stands; may be NULL */
	size_t key_count;
	const struct handshake *handshakes;
	size_t handshake_count;
	const char
		*success;   /* what the provider takes for success: text of common/statuses; may be NULL */
	int timeout_ms; /* the provider waits so long for an answer; 0: not known */
	const int *retry_s; /* delays, each after the attempt before it, in seconds; NULL: not known */
	size_t retry_count; /* 0 with `retry_s`: it does not try again */
	int jitter_percent; /* each delay may be shorter by up to so much */
	int attempts;       /* where the delays are not known: how many tries there are, or 0 */
	int within_s;       /* the same: for how long it tries, in seconds, or 0 */
	const char *
		retry_on; /* after which answers it tries again; NULL: all that are no success; common/statuses */
	const char
		*number_header; /* of every attempt but the first: how many there were before; or NULL */
	const char *reason_header; /* and why it comes again: "http_timeout", or NULL */
	const char *stop_on;       /* after which it never does; may be NULL */
	const char *stop_header;   /* "X-Slack-No-Retry:1": nor after an answer with it; may be NULL */
	const char *retries;       /* how it tries again, in words; may be NULL */
	bool delivery_confirmed;   /* read in its documentation; else from memory: a hint */
};

/* The compiled-in ones, by name. */
extern const struct provider *const providers_builtin[];
extern const size_t providers_builtin_count;
/* The compiled-in one of that name, or NULL: a user's own is known to the relay alone. */
const struct provider *provider_builtin(struct span name);

/* Compiled-in providers and the user's own together. */
struct catalogue;

struct catalogue *catalogue_new(void);
void catalogue_free(struct catalogue *catalogue);

/*
 * Adds a user's own provider from a file; one of the same name replaces the compiled-in one. ERROR_CONFIG with
 * file:line:column when it is broken; the others keep working.
 */
bool catalogue_load(struct catalogue *catalogue, const char *file, struct error *err);

/* NULL when there is none; `err` then suggests the nearest name ("unknown provider "postpres", did you mean "postpress"?"). */
const struct provider *catalogue_find(
	const struct catalogue *catalogue, const char *name, struct error *err);

/* In the order of their names. */
size_t catalogue_count(const struct catalogue *catalogue);
const struct provider *catalogue_at(const struct catalogue *catalogue, size_t index);

/*
 * The provider whose headers the message carries, or NULL. When several share the headers, the event's type decides, then
 * who asks for the most headers; when neither does, NULL and `*ambiguous` names up to a few of them for the reason shown.
 */
const struct provider *catalogue_recognise(
	const struct catalogue *catalogue, const struct message *message, struct buffer *ambiguous);

/* Longest type or id that is kept; a longer one is left out, since a cut id could be that of another event. */
#define PROVIDER_FIELD_LEN 256

/*
 * The event's type and the provider's id of it, as text (escapes undone), written into the buffers; left empty when
 * the message does not have them.
 */
void provider_describe(const struct provider *provider, const struct message *message,
	struct buffer *type, struct buffer *id);
