/*
 * How a message is signed, in words and as text: what a relay tells of a provider's file to those who do not have that file. No secret is needed for it, and
 * none is in it.
 */
#pragma once

#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/message.h"
#include "common/signature/provider.h"
#include "common/signature/recipe_version.h"
#include "common/signature/signature.h"

struct cJSON;

/* Of the signed text so much is told. */
#define SCHEME_FACTS_TEXT 1024

struct scheme_facts {
	struct buffer provider, title; /* "stripe", "Stripe" */
	bool confirmed;                /* its schemes are known, not remembered */
	char version[RECIPE_VERSION_LEN + 1];
	struct buffer schemes; /* each in words, with '\n' behind it */
	struct buffer headers; /* the names that have to do with the signature, the same */
	struct buffer
		rule; /* of the scheme that has a signature in the message; empty: none has a text */
	struct buffer text; /* what it is said to be of, its beginning */
	int64_t text_len;   /* all of it */
};

/*
 * Fills `facts`, which is all zero before it. Parameters are those of the endpoint; where they are not enough, schemes are told as the file has them, and no
 * text is. `message` NULL: no text either. Pure.
 */
void scheme_facts_fill(struct scheme_facts *facts, const struct provider *provider,
	const struct parameter *parameters, size_t parameter_count, const struct message *message);
void scheme_facts_clear(struct scheme_facts *facts);
void scheme_facts_copy(struct scheme_facts *to, const struct scheme_facts *from);

/* Whether a header of that name is among those of the schemes. */
bool scheme_facts_has_header(const struct scheme_facts *facts, struct span name);

/* `{"provider":"acme",...}` (docs/protocol.md, `scheme`), and the way back. */
void scheme_facts_append_json(struct buffer *out, const struct scheme_facts *facts);
bool scheme_facts_from_json(
	struct scheme_facts *facts, const struct cJSON *object, struct error *err);
