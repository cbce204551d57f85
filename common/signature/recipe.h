/*
 * How a provider signs, as data. Nothing here knows a provider: a recipe is made of small operations, and a new one is a
 * row in a table of names (recipe.c) and a case where it is carried out (key_steps.c, term.c, step.c, match.c).
 * hookline-providers(5) describes the file a recipe is written in.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct recipe_public;

#define RECIPE_SCHEMES_MAX 16 /* of one provider */
#define RECIPE_TERMS_MAX 32   /* of one template */
#define RECIPE_KEY_OPS_MAX 8
#define RECIPE_PARAMETERS_MAX 16

enum recipe_kind {
	RECIPE_HMAC,           /* a MAC over a template */
	RECIPE_TOKEN,          /* the secret itself */
	RECIPE_BASIC,          /* "user:password" as HTTP basic authentication */
	RECIPE_DIGEST,         /* a plain hash over a template that holds the secret */
	RECIPE_SIGNATURE,      /* of a private key over a template */
	RECIPE_JWT,            /* a JSON web token whose claims bind the request */
	RECIPE_HTTP_SIGNATURE, /* RFC 9421 */
};

enum recipe_hash { HASH_SHA256, HASH_SHA1, HASH_SHA512, HASH_MD5 };

enum recipe_encoding {
	ENCODING_HEX,
	ENCODING_BASE64,
	ENCODING_BASE64URL,
	ENCODING_TEXT,
	ENCODING_HEX_UPPER,
	ENCODING_BASE64_OF_HEX,  /* base64 of the small hexadecimal digits */
	ENCODING_BASE64_PERCENT, /* base64 with %XX for '+', '/' and '=' */
};

/* Where a value of a request stands. */
enum place {
	PLACE_NONE,
	PLACE_HEADER,
	PLACE_SIGNATURE, /* a field of what carries the signature: the t of "t=1,v1=..." */
	PLACE_QUERY,
	PLACE_FORM,           /* of a body that is application/x-www-form-urlencoded */
	PLACE_JSON,           /* a dotted path, as json_find takes it */
	PLACE_MULTIPART_JSON, /* "field.path": in the JSON of one field of a multipart/form-data body */
	PLACE_BODY,           /* the whole of it */
};

/* What a piece of a template stands for. */
enum term_kind {
	TERM_LITERAL,
	TERM_BODY, /* as received */
	TERM_TIMESTAMP,
	TERM_ID,
	TERM_HEADER,
	TERM_PARAM,
	TERM_METHOD,
	TERM_URL, /* public, in full: request_url.h says what that is */
	TERM_PATH,
	TERM_QUERY,
	TERM_FORM,
	TERM_JSON,     /* texts without their quotes and escapes, anything else as written */
	TERM_JSON_RAW, /* as written */
	TERM_MULTIPART_JSON,
	TERM_SIGNATURE, /* another field of what carries the signature */
	TERM_SECRET,    /* the key itself, for a digest */
	TERM_FORM_SORTED, /* name and value of all fields, by name; a repeated name's different values, by value */
	TERM_URL_WITH_PORT,    /* the default one written out */
	TERM_URL_WITHOUT_PORT, /* whatever it is */
	TERM_LBRACE,
	TERM_RBRACE,
	TERM_SIGNED_HEADERS, /* "name:value;name:value" of those a header lists */
	TERM_PATH_REESCAPED, /* path and query, the query percent-encoded twice more */
	TERM_URL_FORM_SORTED, /* URL with its query sorted, a '.', the sorted form; each mark only where something follows */
	TERM_HEADER_AFTER_EQ, /* what follows the first '=' */
	TERM_PHP_FORM,        /* PHP's serialize() of the form without one field, by name */
	TERM_TOKEN_HEADERS,   /* "Name: value\n" of the headers a member of the token's header lists */
	TERM_SNS_TEXT,        /* "Name\nvalue\n" of the members Amazon SNS signs */
};

/* What is done with it before it is signed. */
enum term_step {
	STEP_OR_EMPTY, /* nothing when it is missing */
	STEP_JSON_STRINGIFY,
	STEP_LOWER,
	STEP_HEX,
	STEP_BASE64,
	STEP_BASE64URL,
	STEP_MD5,
	STEP_SHA1,
	STEP_SHA256,
	STEP_SHA512,
	STEP_CRC32,       /* unsigned, decimal */
	STEP_JSON_STRING, /* as a JSON text with its quotes */
};

#define TERM_STEPS_MAX 4

struct term {
	enum term_kind kind;
	const char *text; /* TERM_LITERAL: the bytes; else the name or path, NULL where there is none */
	enum term_step steps[TERM_STEPS_MAX];
	size_t step_count;
	int group; /* 0: always there; else the number of its [[...]], left out when one of its terms is missing */
};

/* From the secret as the provider shows it to the bytes of the key. */
enum key_op_kind {
	KEY_STRIP_PREFIX, /* only where it is there */
	KEY_NEED_PREFIX,  /* without it the secret is not meant for this scheme */
	KEY_BASE64,
	KEY_HEX,
	KEY_APPEND,
	KEY_SHA1,
	KEY_NFKD,      /* Unicode compatibility decomposition of UTF-8 */
	KEY_PREPEND,   /* text may be "$parameter" */
	KEY_STRIP_TAG, /* the prefix, then letters, digits and '_', then a '-'; only where it is there */
};

struct key_op {
	enum key_op_kind kind;
	const char *text; /* prefix or what is appended */
};

enum timestamp_unit { UNIT_S, UNIT_MS, UNIT_ISO };
enum timestamp_future {
	FUTURE_SAME,   /* the tolerance counts in both directions */
	FUTURE_ACCEPT, /* a timestamp ahead of the clock is always fine */
	FUTURE_REJECT, /* and here never */
};

/* Which of several timestamps in one header counts, where their values differ. */
enum timestamp_repeated {
	REPEATED_REFUSE, /* none: nobody knows which one a receiver takes */
	REPEATED_FIRST,
	REPEATED_LAST,
};

struct recipe_timestamp {
	enum place place;
	const char *name; /* header, field of the signature, path */
	enum timestamp_unit unit;
	int tolerance_s; /* -1: signed but not judged */
	enum timestamp_future future;
	bool optional; /* judged where it is there */
	bool
		unread; /* signed as a text: the provider's own verifier does not look whether it is a moment */
	enum timestamp_repeated repeated;
};

/* What is signed. */
struct recipe_content {
	const struct term *terms;
	size_t term_count;
};

/* A header without which the scheme does not hold. */
struct recipe_need {
	const char *header;
	const char *equals; /* its value; NULL: any that is not empty */
};

/* When a scheme applies: a value of the request is not there (`equals` empty), or is what the template makes. */
struct recipe_when {
	enum place place; /* PLACE_NONE: always */
	const char *name;
	struct recipe_content equals;
};

#define RECIPE_NEEDS_MAX 4
#define RECIPE_ALTERNATIVES_MAX 4

/*
 * One scheme. A text that begins with '$' is the value of that parameter of the provider.
 * What carries the signature: prefix encoded-MAC, or a `list` of them, or a list of key `pair` value of which those of `field` count.
 */
struct recipe {
	const char *label;
	enum recipe_kind kind;
	const char *hash; /* a name of recipe_hashes */
	const struct key_op *key_ops;
	size_t key_op_count;
	const char *
		secret; /* label of the one secret this scheme is for, which no other scheme uses; NULL: any */
	enum place place;   /* of the signature */
	const char *header; /* its name or path there; of PLACE_BODY "" */
	int numbered; /* 0, or: `header` is followed by a number from 1 to this, one header for each secret */
	const char *
		every; /* path of a list in JSON: `header` is looked up in each element, all must be right; or NULL */
	char list; /* separator, 0: a single value */
	bool list_trim;
	bool list_blank; /* a blank is written behind the separator */
	char pair;       /* separator, 0: no keys */
	bool exact;      /* nothing but the timestamp and one signature, in this order */
	const char *field;
	const char
		*first; /* the first item of the list is this field, the others are signatures; or NULL */
	const char *prefix;   /* "": none */
	const char *encoding; /* a name of recipe_encodings */
	struct recipe_timestamp timestamp;
	enum place id_place;   /* of the message id, PLACE_HEADER or PLACE_SIGNATURE */
	const char *id_header; /* header or field; NULL: none */
	const struct term *terms;
	size_t term_count;
	const struct recipe_content *alternatives; /* further contents that are as good */
	size_t alternative_count;
	const struct recipe_need *needs;
	size_t need_count;
	struct recipe_when when;
	const struct recipe_public
		*publics;     /* recipe_public.h; NULL but for the kinds with public keys or tokens */
	bool covers_body; /* said by the file where the terms do not show it */
	bool
		legacy; /* counts only where no other scheme's header is there: an old hash must not rescue a forged new one */
};

/* Names of the values of the enums above, in their order, as provider files write them; ended by NULL. */
extern const char *const recipe_kinds[];
extern const char *const recipe_hashes[];
extern const char *const recipe_encodings[];
extern const char *const recipe_terms[];
extern const char *const recipe_steps[];
extern const char *const recipe_key_ops[];
extern const char *const recipe_units[];
extern const char *const recipe_futures[];
extern const char *const recipe_repeated[];
extern const char *const recipe_places[];

/* Whether the scheme's signature is a MAC or a digest: made of a content and compared. */
bool recipe_makes_mac(const struct recipe *recipe);

/* Whether the scheme is of a kind with public keys or tokens, and so has `publics`. */
bool recipe_has_public(const struct recipe *recipe);

/* Whether the signature is over the content of the recipe, whatever makes it. */
bool recipe_signs_content(const struct recipe *recipe);

/* Whether such a term takes a name behind a colon. */
bool recipe_term_takes_name(enum term_kind kind);

/* How many names such a table has. */
size_t recipe_name_count(const char *const *names);

/* The index of `name` in such a table, or -1. */
int recipe_name_index(const char *const *names, const char *name, size_t len);
