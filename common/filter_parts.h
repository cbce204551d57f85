/* The inside of a filter: what filter_parse.c and filter_value.c make and filter.c asks. For them alone. */
#pragma once

#include <stddef.h>

#include "common/filter.h"
#include "common/glob.h"
#include "common/needle.h"
#include "common/regex.h"

enum filter_key {
	FILTER_ENDPOINT,
	FILTER_PROVIDER,
	FILTER_METHOD,
	FILTER_TYPE,
	FILTER_PATH,
	FILTER_VERDICT,
	FILTER_STATUS,
	FILTER_IS,
	FILTER_HEADER,
	FILTER_AGE,
	FILTER_SIZE,
	FILTER_SINCE,
	FILTER_UNTIL,
	FILTER_BODY,
	FILTER_JSON, /* these three have no name */
	FILTER_TEXT,
	FILTER_BUSINESS, /* a business key; the term's path is its name, or empty: any */
};

enum filter_is {
	FILTER_IS_UNDELIVERED,
	FILTER_IS_REPEAT,
	FILTER_IS_RECEIVED,
	FILTER_IS_EDITED,
	FILTER_IS_SENT,
	FILTER_IS_DUPLICATE, /* another word for a repeat */
	FILTER_IS_MARKED,
};

/* One of the values of a term, any of which may match. */
struct filter_value {
	struct glob *glob;     /* names, paths, headers, JSON */
	struct needle *needle; /* text */
	struct regex *regex;   /* behind ~, of any key with a text */
	char *exact;           /* of a business key without wildcard: all of it; else NULL */
	int64_t least, most;   /* verdict, status, age in ns, size, or enum filter_is */
};

struct filter_term {
	enum filter_key key;
	bool negated;
	struct glob *name; /* FILTER_HEADER */
	char *path;        /* FILTER_JSON: dotted */
	struct filter_value *values;
	size_t count; /* 0: that it is there is enough */
	size_t nth;   /* among those of head and body */
};

enum filter_node_kind { FILTER_ALL, FILTER_ANY, FILTER_TERM };

/* Negation stands at terms alone: that of a parenthesis was handed down. */
struct filter_node {
	enum filter_node_kind kind;
	struct filter_node *first, *next; /* children; the one beside it */
	struct filter_term term;          /* FILTER_TERM */
};

struct filter {
	struct filter_node *root; /* FILTER_ALL or FILTER_ANY */
	bool needs_bytes, needs_keys;
	size_t byte_terms; /* of head and body */
	int64_t now_ns;
};

/* In this order: all of several is the least of them, any of them the greatest. */
enum filter_truth { FILTER_NO, FILTER_OPEN, FILTER_YES };

/* What a filter is asked about. */
struct filter_question {
	const struct filter *filter;
	const struct event *event;
	bool (*knows)(const struct filter_term *term); /* only what these ask for is known; NULL: all */
	bool has_keys; /* its business keys are, also that it has none */
	const enum filter_truth
		*truths; /* of terms of head and body, without negation; NULL: not known */
};
enum filter_truth filter_ask(
	const struct filter_node *node, const struct filter_question *question);

/* Whether it is about head or body. */
bool filter_is_of_bytes(const struct filter_term *term);

void filter_node_free(struct filter_node *node);

/* What is being read. */
struct filter_parser {
	struct span rest;
	const char *place;  /* of what is read: where an error is told */
	struct buffer word; /* the value read last, without its quotes */
	bool quoted;        /* it had some */
	int depth;          /* of parentheses */
	int patterns;
	bool needs_bytes, needs_keys;
	struct error *err;
};

/* The name in `names`, or its nearest: "unknown WHAT "x", did you mean "y"?" `hint` follows when none is near. */
bool filter_choose(struct filter_parser *parser, const char *what, const char *hint,
	const char *const *names, size_t count, size_t *index);

/* The value that is in `word`, of a key that takes no pattern; with a sentence when it is none. */
bool filter_read_value(
	struct filter_parser *parser, enum filter_key key, struct filter_value *value);
