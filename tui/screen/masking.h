/*
 * What is not to be seen on the screen: values of headers that are passwords (Authorization, cookies, ...), such fields of queries, and fields that a person
 * names in hookline.yaml, in bodies, queries and headers.
 * Signatures are none: whoever has one cannot make another. What is masked never gets into what the screen keeps, so it is in no pane, search, copy or
 * saved screen; what is verified, forwarded and replayed is what arrived.
 */
#pragma once

#include "common/error.h"
#include "tui/screen/message.h"

/* Limits: headers and fields, and how long their names may be. */
#define MASKING_MOST 32
#define MASKING_NAME_LEN 128
#define MASKING_STEPS 16

/* What stands for a value. */
#define MASKING_TEXT "***"

struct masking_step {
	enum { MASK_NAME, MASK_ANY_NAME, MASK_INDEX, MASK_ANY_INDEX } kind;
	unsigned char from, len; /* MASK_NAME: in the text of the field */
	int64_t index;
};

/* `email` (a member of this name anywhere), or a path: `.data.items[*].card`, `.users.*.name`, `.list[0]` */
struct masking_field {
	char text[MASKING_NAME_LEN];
	struct masking_step steps[MASKING_STEPS];
	size_t count; /* 0: a name, anywhere */
};

struct masking {
	char headers[MASKING_MOST][MASKING_NAME_LEN];
	size_t header_count;
	struct masking_field fields[MASKING_MOST];
	size_t field_count;
};

/* The headers that are always masked, and no field. */
void masking_init(struct masking *masking);
/* One more. ERROR_CONFIG: too many, too long, or no path. */
bool masking_add_header(struct masking *masking, const char *name, struct error *err);
bool masking_add_field(struct masking *masking, const char *text, struct error *err);

/* Appends a target or an address, with values of its query masked; returns how many were. */
size_t masking_target(struct buffer *out, const struct masking *masking, struct span target);

/* The same of header lines, an empty line and a body. */
size_t masking_text(struct buffer *out, const struct masking *masking, struct span text);

/*
 * Appends the business keys (common/business_key.h) that may be shown: not those of a masked name, nor those whose place, where `provider` is compiled in and says
 * so, is masked.
 */
void masking_keys(
	struct buffer *out, const struct masking *masking, struct span provider, struct span keys);

/* Bytes of an event or an answer with what is masked replaced by MASKING_TEXT. */
struct masked {
	struct msg_bytes shown; /* points into what came, or into these: */
	struct buffer head, body, trailers;
	size_t count; /* values that are masked */
};

/* `bytes` is borrowed until masked_clear. */
void masking_apply(
	const struct masking *masking, const struct msg_bytes *bytes, struct masked *masked);
void masked_clear(struct masked *masked);
