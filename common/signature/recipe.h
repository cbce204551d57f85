/*
 * How a provider signs, as data. Nothing here knows a provider: a recipe is made of small operations, and a new one is a
 * row in a table of names (recipe.c) and a case where it is carried out (keyring.c, content.c, sign.c, verify.c).
 * docs/architecture.md describes the file a recipe is written in.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define RECIPE_SCHEMES_MAX 16 /* of one provider */
#define RECIPE_TERMS_MAX 32   /* of one template */
#define RECIPE_KEY_OPS_MAX 8
#define RECIPE_PARAMETERS_MAX 16

enum recipe_kind {
	RECIPE_HMAC,  /* a MAC over a template */
	RECIPE_TOKEN, /* the secret itself */
	RECIPE_BASIC, /* "user:password" as HTTP basic authentication */
};

enum recipe_hash { HASH_SHA256, HASH_SHA1, HASH_SHA512, HASH_MD5 };

enum recipe_encoding { ENCODING_HEX, ENCODING_BASE64, ENCODING_BASE64URL, ENCODING_TEXT };

/* What a piece of a template stands for. */
enum term_kind {
	TERM_LITERAL,
	TERM_BODY, /* as received */
	TERM_TIMESTAMP,
	TERM_ID,
	TERM_HEADER,
	TERM_PARAM,
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
};

#define TERM_STEPS_MAX 4

struct term {
	enum term_kind kind;
	const char *text; /* TERM_LITERAL: the bytes; TERM_HEADER, TERM_PARAM: the name */
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
};

struct key_op {
	enum key_op_kind kind;
	const char *text; /* prefix or what is appended */
};

enum timestamp_place { TIMESTAMP_NONE, TIMESTAMP_HEADER, TIMESTAMP_SIGNATURE };
enum timestamp_unit { UNIT_S, UNIT_MS, UNIT_ISO };
enum timestamp_future {
	FUTURE_SAME,   /* the tolerance counts in both directions */
	FUTURE_ACCEPT, /* a timestamp ahead of the clock is always fine */
	FUTURE_REJECT, /* and here never */
};

struct recipe_timestamp {
	enum timestamp_place place;
	const char *name; /* header, or key in the signature header */
	enum timestamp_unit unit;
	int tolerance_s; /* -1: signed but not judged */
	enum timestamp_future future;
};

/*
 * One scheme. A text that begins with '$' is the value of that parameter of the provider.
 * Header: prefix encoded-MAC, or a `list` of them, or a list of key `pair` value of which those of `field` count.
 */
struct recipe {
	const char *label;
	enum recipe_kind kind;
	const char *hash; /* a name of recipe_hashes */
	const struct key_op *key_ops;
	size_t key_op_count;
	const char *header;
	char list; /* separator, 0: a single value */
	bool list_trim;
	char pair; /* separator, 0: no keys */
	const char *field;
	const char *prefix;   /* "": none */
	const char *encoding; /* a name of recipe_encodings */
	struct recipe_timestamp timestamp;
	const char *id_header; /* NULL: none */
	const struct term *terms;
	size_t term_count;
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

/* How many names such a table has. */
size_t recipe_name_count(const char *const *names);

/* The index of `name` in such a table, or -1. */
int recipe_name_index(const char *const *names, const char *name, size_t len);
