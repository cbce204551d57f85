/*
 * What people ask by: the order, the customer, the campaign an event is about. Where it stands is data, of a provider
 * (common/providers, `keys:`) or of an endpoint, written as one line of text:
 *
 *   .data.object.customer                 a text or number of a JSON body; .items[0].id, and .items[*].id for any element
 *   form:order_id  query:order  header:X-Order   a field of a form, of the query, or a header
 *   .data.object.id for customer.*,ping   only in events of these types; one * each stands for anything
 *
 * Keys of an event are kept as one run of bytes: name, NUL, value, NUL, and so on. Values are compared byte for byte.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

struct cJSON;

#define BUSINESS_KEY_NAME_LEN 32
#define BUSINESS_KEY_PATH_LEN 127
#define BUSINESS_KEY_TYPES_LEN 255
/* A longer value is none: nobody asks by it, and a cut one could be that of another event. */
#define BUSINESS_KEY_VALUE_LEN 128
/* Most places of one provider or endpoint, and most keys of one event. */
#define BUSINESS_KEYS_MAX 32
/* A body that is longer is not looked into. */
#define BUSINESS_KEY_BODY_MAX ((size_t)1 << 20)
/* Names on the way to a value in JSON. */
#define BUSINESS_KEY_DEPTH_MAX 12

enum business_key_place {
	BUSINESS_KEY_JSON,
	BUSINESS_KEY_FORM,
	BUSINESS_KEY_QUERY,
	BUSINESS_KEY_HEADER
};

/* One place where a key stands. Plain data: copied by assignment. */
struct business_key {
	char name[BUSINESS_KEY_NAME_LEN + 1]; /* "order" */
	enum business_key_place place;
	char path[BUSINESS_KEY_PATH_LEN + 1];   /* "data.items.*.id", or the name of the field */
	char types[BUSINESS_KEY_TYPES_LEN + 1]; /* "customer.*,ping"; "": of any */
};

/*
 * Reads a name and one line as above. ERROR_USAGE says what was expected. A name is small letters, digits, '-' and '_', and
 * begins with a letter.
 */
bool business_key_read(
	struct business_key *key, struct span name, struct span text, struct error *err);
/* The line it was read from. */
void business_key_append(struct buffer *out, const struct business_key *key);
bool business_key_name_is_valid(struct span name);

/* Places as an object, {"order":[".data.order.id"]}, and back; a text instead of a list is one place. ERROR_USAGE. */
void business_key_places_append_json(
	struct buffer *out, const struct business_key *keys, size_t count);
bool business_key_places_from_json(struct business_key keys[BUSINESS_KEYS_MAX], size_t *count,
	const struct cJSON *object, struct error *err);

/* Names everybody means the same by ("order", "customer"); a filter takes them without `key.` in front. NULL-terminated. */
extern const char *const business_key_names[];
/* In any letter case; NULL: it is none of them. */
const char *business_key_known(struct span name);

/* What is looked into. `head` may be empty where no header or query is asked for. */
struct business_key_source {
	struct span head, body; /* whole, as received */
	struct span type;       /* of the event */
};

/*
 * Appends the keys that stand at `places` in this event, each once, at most BUSINESS_KEYS_MAX; nothing where there are none.
 * Linear in the body, whatever stands in it, and once through it however many places there are.
 */
void business_keys_find(struct buffer *out, const struct business_key *const *places, size_t count,
	const struct business_key_source *source);

/* A filter that asks for this key: order:42, key.shop-id:"4 2". */
void business_key_append_filter(struct buffer *out, struct span name, struct span value);
/* "order 42" is meant as a key where the first of two words is a known name: appends the filter, or returns false. */
bool business_key_append_short(struct buffer *out, struct span text);

/* The next key of a run; false at its end. */
bool business_keys_next(struct span *keys, struct span *name, struct span *value);
/* Whether this value is among them, of this name; an empty name: of any. */
bool business_keys_have(struct span keys, struct span name, struct span value);
/* Adds one; false: it is there, it is none, or there are too many. `before` is where the run begins in `out`. */
bool business_keys_add(struct buffer *out, size_t before, struct span name, struct span value);

/* {"order":["42"],"customer":["cus_9"]}, and back into a run; false where it is not of that form. */
void business_keys_append_json(struct buffer *out, struct span keys);
bool business_keys_from_json(struct buffer *out, const struct cJSON *object);
/* "order 42, customer cus_9", raw: for people only through common/text. */
void business_keys_append_words(struct buffer *out, struct span keys);
