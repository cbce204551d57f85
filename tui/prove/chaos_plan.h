/*
 * What happens to events on their way: faults, rolled with dice or read from a text, and the order of requests they make. Pure.
 *
 *   duplicate@REF   it comes a second time, right behind the first
 *   swap@REF        it comes behind the one after it
 *   delay@REF:3     three others come before it
 *   drop@REF        it is lost, and sent again behind all others, as its provider does when there was no answer
 *   cut@REF:120     the connection is closed after 120 bytes of its body; sent again behind all others
 *   drip@REF:400    its body comes slowly, over 400 ms
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"
#include "tui/deliver/fault.h"
#include "tui/prove/order.h"

/* An event that is sent, as far as it is known here. */
struct chaos_event {
	struct span ref; /* "stripe#17" */
	int64_t body_len;
};

struct chaos_fault {
	size_t event; /* index */
	enum mischief mischief;
	int64_t amount; /* delay: how many come before it; cut: bytes; drip: milliseconds */
};

/* All zero is empty. */
struct chaos_plan {
	struct chaos_fault *faults;
	size_t count;
};
void chaos_plan_clear(struct chaos_plan *plan);

/* By chance: the same for the same seed, whatever other events there are. */
void chaos_plan_roll(struct chaos_plan *plan, const struct chaos_event *events, size_t count,
	const double rates[MISCHIEF_COUNT], uint64_t seed);

/* From a text: "duplicate@stripe#17,cut@stripe#21:120", or "none". ERROR_USAGE says what is wrong. */
bool chaos_plan_read(struct chaos_plan *plan, const struct chaos_event *events, size_t count,
	struct span text, struct error *err);

/* Appends that text, of the faults for which `kept` holds true; `kept` NULL: of all. "none" where there are none. */
void chaos_plan_append(struct buffer *out, const struct chaos_plan *plan, const bool *kept,
	const struct chaos_event *events);

/* One request, in order. */
struct chaos_send {
	size_t event;
	bool again; /* the event was sent before */
	struct deliver_fault fault;
};

/* The requests that these faults make; free with free(). */
struct chaos_send *chaos_plan_sends(
	const struct chaos_plan *plan, const bool *kept, size_t events, size_t *count);
