/*
 * What a provider sends to find out whether an address is a willing webhook endpoint, and the answer it wants. Data of the
 * provider's file (`handshake:`, described in docs/architecture.md). Pure: request, keys and parameters in, answer out.
 *
 * Nothing that a sender chose is sent back but as a value of bounded length in plain printable ASCII, under a content
 * type of the definition; anything else is refused and says why.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/message.h"
#include "common/signature/recipe.h"
#include "common/signature/signature.h"

/* Longest value of a request that is sent back, in bytes. */
#define HANDSHAKE_ECHO_MAX 1024
/* A request with a larger body is no handshake of a provider its endpoint does not name. */
#define HANDSHAKE_BODY_MAX 8192
/* Longest sentence on what was done, with its NUL. */
#define HANDSHAKE_WORDS_LEN 256

#define HANDSHAKES_MAX 8
#define HANDSHAKE_CONDITIONS_MAX 12
#define HANDSHAKE_PARTS_MAX 8
#define HANDSHAKE_MEMBERS_MAX 8

/* Where a value stands: in a request, or not in it. */
enum handshake_place {
	VALUE_LITERAL, /* the text itself */
	VALUE_HEADER,
	VALUE_QUERY, /* percent signs and + undone */
	VALUE_JSON,  /* at a dotted path: a text with its escapes undone, or a number */
	VALUE_FORM,  /* a form-encoded body */
	VALUE_PARAM, /* a parameter of the provider */
	VALUE_MAC,   /* the digest that the handshake describes */
};

/* "sha256={mac}" is two parts. */
struct handshake_part {
	enum handshake_place place;
	const char *text; /* the literal, or the name */
};
struct handshake_text {
	const struct handshake_part *parts;
	size_t count; /* 0: there is no such text */
};

/* All of a handshake's must hold. */
struct handshake_condition {
	enum handshake_place place;
	const char *name;
	const char *value; /* NULL: any but an empty one */
	bool absent;       /* it must not be there */
};

/* A header of the answer, or a member of its JSON object. */
struct handshake_member {
	const char *name;
	struct handshake_text value;
	bool bare; /* JSON: a number, as it stands */
};

enum handshake_signed {
	SIGNED_NEVER,  /* the provider does not sign it */
	SIGNED_KNOWN,  /* with a secret at hand the signature must be right */
	SIGNED_ALWAYS, /* the provider tries with wrong ones: it must be right */
};

enum handshake_body { HANDSHAKE_EMPTY, HANDSHAKE_TEXT, HANDSHAKE_JSON };

struct handshake {
	const char *name;           /* "url_verification" */
	bool unconfirmed;           /* known from memory: neither run nor read at the provider's */
	const char *const *methods; /* NULL-terminated; NULL: any */
	const struct handshake_condition *conditions;
	size_t condition_count;
	enum handshake_signed is_signed;
	struct handshake_text
		compare; /* must be the parameter `compare_with`; else `wrong` is answered */
	const char *compare_with;
	int wrong;
	struct handshake_text mac_of; /* what VALUE_MAC is made of */
	enum recipe_hash mac_hash;
	enum recipe_encoding mac_encoding;
	bool mac_keyed; /* with the endpoint's secret; else a plain digest */
	int status;
	enum handshake_body body;
	struct handshake_text text;          /* HANDSHAKE_TEXT */
	const struct handshake_member *json; /* HANDSHAKE_JSON */
	size_t json_count;
	const struct handshake_member *headers;
	size_t header_count;
	struct handshake_text keep; /* a secret that came with it */
	struct handshake_text open; /* a URL its owner is to open, at a host that fits `open_host` */
	const char *open_host; /* "sns.*.amazonaws.com": a '*' is one or more letters, digits and '-' */
	bool tells;            /* nobody else's: an endpoint without a provider knows it by this */
	bool quiet; /* every delivery wants it: no badge, and a rejected one stays rejected */
};

/* Whether the request is this handshake. `score`: how much it asks for; may be NULL. */
bool handshake_fits(const struct handshake *handshake, const struct message *message, int *score);

/* The first handshake of the provider that fits, or NULL. */
const struct handshake *handshake_find(
	const struct provider *provider, const struct message *message);

/*
 * The provider whose handshake this is, by one that tells; NULL when there is none, or when several ask for as much:
 * `ambiguous` (may be NULL) then names some of them.
 */
const struct provider *handshake_recognise(
	const struct catalogue *catalogue, const struct message *message, struct buffer *ambiguous);

struct handshake_answer {
	bool answered;       /* as the provider wants it; else refused, and `words` say why */
	bool brought_secret; /* handshake_secret has it */
	int status;
	const char *type;      /* Content-Type; NULL: none */
	struct buffer headers; /* further lines, each with CR LF */
	struct buffer shown;   /* the same without what is secret */
	struct buffer body;
	char words
		[HANDSHAKE_WORDS_LEN]; /* "slack url_verification answered"; nothing foreign, nothing secret */
};
void handshake_answer_clear(struct handshake_answer *answer);

/*
 * Makes the answer to a request that fits. `keyring` may be NULL; `judgement` is that of the request. Reuses the
 * buffers of `answer`.
 */
void handshake_make(const struct provider *provider, const struct handshake *handshake,
	struct keyring *keyring, const struct message *message, const struct judgement *judgement,
	struct handshake_answer *answer);

/*
 * Appends the URL the handshake asks its receiver to open. False, appending nothing, when it asks for none, or for one that is not
 * https at the host its provider's file allows.
 */
bool handshake_url(
	const struct handshake *handshake, const struct message *message, struct buffer *url);

/* Appends the secret the request brought; false, with why, when it brought none that can be kept. */
bool handshake_secret(const struct handshake *handshake, const struct message *message,
	struct buffer *secret, struct error *err);
