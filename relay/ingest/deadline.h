/*
 * When a connection has had its time. Pure. Each phase has a deadline of its own that no byte ever moves: a sender
 * cannot stay by dripping.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What a connection is doing. The order matters: up to PHASE_BODY bytes are read. */
enum phase {
	PHASE_IDLE,   /* kept alive, nothing of a request has arrived */
	PHASE_HEAD,   /* new, or in a request's head */
	PHASE_BODY,   /* behind a head */
	PHASE_BUSY,   /* the request is complete, its answer is not known yet */
	PHASE_ANSWER, /* the client is slow to take its answer */
	PHASE_LINGER, /* answered for the last time; what still comes is dropped, so that no reset eats the answer */
};

struct deadlines {
	int64_t idle_ms;   /* a kept connection without a request */
	int64_t head_ms;   /* from the first byte (or the accept) to the end of the head */
	int64_t body_ms;   /* for a whole body, however fast */
	int64_t body_rate; /* bytes a second a body has to come with, looked at after `head_ms` */
	int64_t answer_ms; /* to take the whole answer */
	int64_t linger_ms;
};

/* Whether a connection that is in `phase` for `elapsed_ms`, with `bytes` received in it, is to be ended. */
bool deadline_passed(
	const struct deadlines *deadlines, enum phase phase, int64_t elapsed_ms, int64_t bytes);
