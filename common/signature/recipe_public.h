/*
 * What a recipe has when a public key or a token is in it: kinds signature, jwt and http-signature. Data alone, like
 * recipe.h.
 */
#pragma once

#include "common/signature/algorithm.h"
#include "common/signature/recipe.h"

#define RECIPE_HOSTS_MAX 8
#define RECIPE_CLAIMS_MAX 16
#define RECIPE_BINDS_MAX 8
#define RECIPE_AGE_MAX_S 86400

/* What tells which of the fetched keys made a signature. */
enum keyset_source {
	KEYSET_NONE,     /* nothing is fetched: the owner gives the key */
	KEYSET_WHOLE,    /* any key of the document at `url` */
	KEYSET_PLACE,    /* a value of the request */
	KEYSET_TOKEN,    /* a member of the token's header */
	KEYSET_ENVELOPE, /* the member `kid` of the envelope */
};

/*
 * Where keys are fetched from. Either `url` is fixed, and what the source holds is the id of the key: "{kid}" in the URL
 * stands for it, "{param:NAME}" for a parameter. Or `url` is NULL, and what the source holds is the URL, which then must be https at
 * one of `hosts`, with that `path`; in both '*' stands for a run of letters, digits and '-', in the path also of '.', '_', '/'.
 */
struct recipe_keyset {
	enum keyset_source source;
	enum place place;
	const char *name;
	const char *url;
	const char *const *hosts; /* ended by NULL */
	const char *path;
};

/* A claim that must be what a template makes. */
struct recipe_bind {
	const char *claim;
	struct recipe_content value;
	bool trim;         /* '=' at the end of the claim does not count */
	bool unless_empty; /* may be missing when the body is empty */
};

struct recipe_claims {
	const char *issuer;          /* NULL: any; may be "$parameter", and an empty parameter is any */
	const char *audience;        /* the same */
	const char *const *required; /* ended by NULL, or NULL */
	int leeway_s;                /* on exp and nbf */
	int max_age_s;               /* since iat, which then must be there; 0: any */
	const struct recipe_bind *binds;
	size_t bind_count;
	bool query_hash; /* `qsh`: SHA-256 of method, path and sorted query (Atlassian) */
};

/* What the certificates of a token's chain are marked with: object ids of extensions. NULL: nothing is asked for. */
struct recipe_chain {
	const char *leaf, *issuer;
};

struct recipe_public {
	const char
		*algorithm;  /* of algorithm_names or algorithm_http, or "$parameter"; NULL for tokens */
	unsigned tokens; /* 1 << index into algorithm_tokens, for each that is taken */
	enum key_form form;
	bool detached; /* the token's text is the content of the recipe */
	bool envelope; /* the signature is base64 of {"kid": ..., "signature": ...} */
	bool
		chained; /* the key stands in the token (x5c); what the owner gives is the root it leads to */
	struct recipe_chain chain;
	struct recipe_keyset keyset;
	struct recipe_claims claims;
};

/* Whether `text` goes with a pattern of hosts or paths, as recipe_keyset says. */
bool recipe_pattern_matches(const char *pattern, struct span text, bool is_path);
