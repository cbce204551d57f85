/*
 * Public keys of providers, fetched where a signature names one that is not at hand: over https alone, from the addresses
 * recipes allow, off the loop and off the way of a request. Bounded in every direction, since strangers cause it: a few at a
 * time, small answers, no redirects, nothing again before a pause.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/signature/keyset.h"
#include "relay/fetch.h"

#define KEYS_AT_ONCE 2
#define KEYS_KNOWN_MAX 64 /* addresses; beyond, further ones wait until some are forgotten */
#define KEYS_PAUSE_S 60   /* before the same address is asked again, whatever it answered */
#define KEYS_LIFETIME_MS INT64_C(3600000) /* default of keys.lifetime */

struct keys_options {
	bool fetch;              /* false: nothing is fetched */
	int64_t lifetime_ms;     /* after that a key is fetched again before it counts */
	const char *authorities; /* PEM file in place of the system's; NULL: those */
	const char *at;          /* "HOST:PORT" that stands for every host, for tests; NULL: none */
};

struct keys;

/* Keys arrived that were not at hand: what waited for them may be judged again. */
typedef void keys_arrived_fn(void *data);

/* The fetcher and texts of the options outlive it. */
struct keys *keys_new(uv_loop_t *loop, struct fetcher *fetcher, const struct keys_options *options,
	keys_arrived_fn *arrived, void *data);
/* What is under way is given up; the loop must run on until it is. Nothing calls back any more. */
void keys_free(struct keys *keys);

/* What was fetched so far; valid until keys_free. */
const struct keyset *keys_fetched(const struct keys *keys);

/* Calls back with the next tick, as if a key had arrived: what is being stored now is to be looked at again. */
void keys_remind(struct keys *keys);

/* Has the key at that address fetched, unless it was asked a moment ago. */
void keys_want(struct keys *keys, struct span url, enum key_form form);
