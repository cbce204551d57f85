/* The inside of explain: one search, its budget, and the families of changes it tries; for explain*.c alone. */
#pragma once

#include "common/arena.h"
#include "common/signature/explain.h"
#include "common/signature/recipe.h"

/* Schemes whose signature is looked for; others of the provider are left out. */
#define SEARCH_SCHEMES 3

struct search {
	const struct explain_input *input;
	struct explanation *out;
	struct keyring *keyring; /* what it was judged with */
	size_t bytes;            /* of EXPLAIN_BYTES, used */
	bool exhausted;          /* something was left out for the budget */
	struct arena arena;      /* changed messages and recipes */
	struct buffer body;      /* the changed body */
	struct buffer tried;     /* families, in words */
};

/* One change: what is judged instead. NULL: as it was. */
struct change {
	enum explain_cause cause;
	struct keyring *keyring;
	const struct message *message;
};

/*
 * Computes with the change; when the signature is then right (in time or not), the explanation is the sentence, and
 * true. `%s` in it... is printf's.
 */
bool search_try(struct search *search, const struct change *change, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Tries a changed copy of a recipe with the secrets there are: "the signature is right, but <words>". */
bool search_try_recipe(struct search *search, const struct recipe *recipe, enum explain_cause cause,
	const struct message *message, const char *words);

/* Whether the signature is right with that keyring and message, within the budget; `judgement` is filled then. */
bool search_accepts(struct search *search, struct keyring *keyring, const struct message *message,
	struct judgement *judgement);

/* The explanation is this sentence. True. */
bool search_say(struct search *search, enum explain_cause cause, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A family of changes, for "tried: ...". */
void search_note(struct search *search, const char *family);

/* Whether there is anything to compute with: a secret of the endpoint, or keys that were fetched. */
bool search_has_keys(const struct search *search);

/* A keyring of the provider with all secrets of the endpoint, or NULL when it takes none. Free with keyring_free. */
struct keyring *search_keyring(struct search *search, const struct provider *provider);

/* The provider with a single recipe, a changed copy of one of its own. In the arena. */
const struct provider *search_provider(struct search *search, const struct recipe *recipe);

/* The message with its body, or with the value or name of one header, replaced. In the arena. */
const struct message *search_with_body(struct search *search, struct span body);
const struct message *search_with_value(struct search *search, size_t header, struct span value);
const struct message *search_with_name(struct search *search, size_t header, const char *name);

/*
 * A recipe whose signature stands in a header of a message. One that stands elsewhere (query, form, JSON) is put into a header of its
 * own, so that it can be read and changed in the same way.
 */
struct carrier {
	struct recipe recipe;
	const struct message *message;
	size_t header;
	struct span value;
};

/* False: there is no signature of that recipe. In the arena. */
bool search_carrier(struct search *search, const struct recipe *recipe, struct carrier *carrier);

/* Its message with another value for the signature. In the arena. */
const struct message *search_with_carried(
	struct search *search, const struct carrier *carrier, struct span value);

/* A copy of what the recipe has for public keys or tokens, to be changed; the recipe then has it. In the arena. */
struct recipe_public *search_publics(struct search *search, struct recipe *recipe);

/* Where a header of that name stands, from `from`; header_count when it does not. */
size_t search_header(const struct message *message, const char *name, size_t from);

/* The header a recipe's signature is in, parameters filled in; and where it stands (header_count: nowhere). */
const char *search_name(const struct search *search, const struct recipe *recipe);
size_t search_place(const struct search *search, const struct recipe *recipe);

/* The labels of the endpoint's secrets: "prod, old". At most a few of them. */
void search_labels(const struct search *search, char *out, size_t len);

/* The families, in their order. True: explained. */
bool explain_secrets(struct search *search);  /* explain_secret.c */
bool explain_suspects(struct search *search); /* two mistakes: a wrong secret and a changed body */
bool explain_headers(struct search *search);  /* explain_header.c */
bool explain_schemes(struct search *search);  /* explain_scheme.c */
bool explain_publics(struct search *search);  /* explain_public.c: signatures of public keys */
bool explain_plain(struct search *search);    /* explain_plain.c: tokens, user and password */
bool explain_tokens(struct search *search);   /* explain_token.c: JSON web tokens, RFC 9421 */
bool explain_claims(struct search *search);   /* the same, when the body explains nothing */
bool explain_texts(struct search *search);    /* explain_template.c */
bool explain_bodies(struct search *search, struct keyring *keyring, const char *and_secret,
	bool likely);                              /* explain_body.c */
bool explain_urls(struct search *search);      /* explain_url.c */
bool explain_providers(struct search *search); /* explain_provider.c */

/* What was signed, and the two MACs: explain_text.c. `keyring` and `message` make it right; NULL: nothing does. */
void explain_compare(struct search *search, struct keyring *keyring, const struct message *message);
