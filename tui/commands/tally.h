/* How many events of which kind came, in few words. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"

/* Kinds told apart; all further ones are counted together. Longest name of a kind, in bytes. */
#define TALLY_KINDS_MAX 8
#define TALLY_NAME_LEN 160

/* All zero is an empty one. */
struct tally {
	struct {
		char name[TALLY_NAME_LEN];
		int64_t count;
	} kinds[TALLY_KINDS_MAX];
	size_t kind_count;
	int64_t others; /* of further kinds */
	int64_t all;
};

/* A kind is provider, type and verdict: "stripe charge.failed (valid)", or method and path where the provider is not known. */
void tally_add(struct tally *tally, const struct event *event);
/* Takes back one that was added: it counts elsewhere. */
void tally_take_back(struct tally *tally, const struct event *event);

/* "2 stripe charge.failed (valid), 1 POST /hooks (unverified), 3 others", the kind that came first in front; nothing when none came. */
void tally_append(struct buffer *out, const struct tally *tally);
