/* A request from the moment it is complete until it is answered. Only ingest.c and receipt.c include this. */
#pragma once

#include "relay/ingest/ingest.h"
#include "relay/waiting.h"

#define RANDOM_BYTES 1000

struct ingest {
	struct listener *listener;
	struct store *store;
	struct endpoints *endpoints;
	struct hub *hub;
	struct waiting *waiting;
	struct ingest_options options;
	struct ingest_counts counts;
	struct buffer headers, body;  /* of the answer being made */
	uint8_t random[RANDOM_BYTES]; /* for ids, drawn many at a time */
	size_t random_used;
	time_t refusal_second;
	int64_t refusals; /* kept in that second */
	bool gave_up;
	bool stopping; /* nobody waits any more */
};

/* What an event points to until it is stored and answered; lives beside its connection. */
struct receipt {
	struct ingest *ingest;
	struct connection *connection;
	struct endpoint *endpoint;
	struct entry entry;
	struct event event;
	struct description description;
	bool is_handshake; /* description.handshake is what the sender is told */
	struct policy_decision decision;
	struct waiter *waiter; /* its place, until it begins to wait */
	uint64_t complete_ns;  /* when the request was there, by uv_hrtime */
};

/* What it is answered, as far as that is known: fills in what the event keeps of it, before the entry is stored. */
void receipt_decide(struct receipt *receipt);
/* It is on disk: answers, or begins to wait. The receipt may be gone afterwards. */
void receipt_stored(struct receipt *receipt);
/* It is not: 503, and the end of the relay when the disk fails again and again. */
void receipt_not_stored(struct receipt *receipt, const struct error *err);
