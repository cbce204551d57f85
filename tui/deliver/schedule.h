/*
 * When a delivery that failed is tried again: the policy, and what it says after each attempt. Pure: no clock, no
 * randomness but a seed, so that a schedule is the same after a restart as before it.
 *
 * A policy is a text, parts with blanks between them:
 *
 *   none                    not at all
 *   5s,30s,5m               after these delays, each counted from when the attempt before it began; 1h*10 is ten of them
 *   exponential(1s..5m,8)   8 times, after 1 s, doubling up to 5 min
 *   provider                as the event's provider does; `provider else 5s,30s` where its schedule is not known
 *   @60x                    all of it 60 times as fast; may be glued to the part before it
 *   on=429,5xx,failed       retried after these (else: failed,408,425,429,5xx; of a provider: whatever is not success)
 *   stop=406,410            never after these
 *   stop-header=X-No:1      never after an answer with this header and value
 *   success=200,204         what counts as delivered (else 2xx)
 *   timeout=5s              how long the app may take to answer
 *   jitter=20%              each delay is shortened by up to so much (else 0, of exponential 20%)
 *   seed=7                  for the jitter
 *   retry-after=1h          Retry-After of the app is honoured: not before it, but no later than this (retry-after alone: 1d)
 *   as=dropspace            whose schedule this is; `assumed`: its delays are not published. Both only told.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/signature/provider.h"
#include "common/span.h"
#include "common/statuses.h"

/* Limits: length of a policy's text, delays of a list, retries in all, one delay, and how much faster. */
#define SCHEDULE_TEXT_MAX 2048
#define SCHEDULE_DELAYS_MAX 100
#define SCHEDULE_RETRIES_MAX 1000
#define SCHEDULE_DELAY_MAX_MS (INT64_C(30) * 86400 * 1000)
#define SCHEDULE_SPEED_MAX 1000000
/* Room for a header that ends the matter, with its value. */
#define SCHEDULE_STOP_MAX 96
/* Retry-After is honoured up to this, where the policy does not say otherwise. */
#define SCHEDULE_RETRY_AFTER_MS (INT64_C(86400) * 1000)
/* Of a provider that tells how often or how long it tries, but not when: doubling from the one to the other. */
#define SCHEDULE_ASSUMED_FIRST_MS (INT64_C(60) * 1000)
#define SCHEDULE_ASSUMED_MOST_MS (INT64_C(12) * 3600 * 1000)

enum schedule_kind { SCHEDULE_NONE, SCHEDULE_LIST, SCHEDULE_EXPONENTIAL };

struct schedule_policy {
	bool provider;           /* as the event's provider does; the rest where that is not known */
	enum schedule_kind kind; /* of the rest */
	int64_t delay_ms[SCHEDULE_DELAYS_MAX]; /* SCHEDULE_LIST */
	size_t delay_count;
	int64_t first_ms, most_ms, retries;  /* SCHEDULE_EXPONENTIAL */
	int64_t speed;                       /* from 1 */
	struct statuses on, stop, success;   /* empty: the defaults */
	char stop_header[SCHEDULE_STOP_MAX]; /* "X-Slack-No-Retry:1"; "": none */
	int64_t timeout_ms;                  /* 0: not said */
	int64_t jitter_percent;              /* 0 to 100; -1: not said */
	uint64_t seed;
	int64_t retry_after_ms; /* most of it; 0: not honoured */
	bool assumed;           /* the delays are not the provider's own */
	char as[64];            /* name of the provider it was resolved with, or "" */
};

/* ERROR_USAGE says which part is wrong and what is allowed. `text` needs no NUL. */
bool schedule_policy_parse(struct schedule_policy *policy, struct span text, struct error *err);
/* A text that reads back as the same policy. */
void schedule_policy_append(struct buffer *out, const struct schedule_policy *policy);
/* Whether it never retries, whatever the provider. */
bool schedule_policy_is_none(const struct schedule_policy *policy);

/*
 * What the policy means for an event of `provider` (NULL: not recognised): `to` asks for no provider any more. What the policy says
 * itself (on=, success=, ...) stands above what the provider says.
 */
void schedule_resolve(struct schedule_policy *to, const struct schedule_policy *policy,
	const struct provider *provider);

/* How many attempts there are at most, the first included. Of a resolved policy, as all below. */
int64_t schedule_attempts(const struct schedule_policy *policy);
/* The delay before attempt `number` (from 2) in milliseconds, speed and jitter included; -1: there is none. */
int64_t schedule_delay_ms(const struct schedule_policy *policy, int64_t number, uint64_t salt);
/* Whether an answer of this status (0: none) counts as delivered. */
bool schedule_is_success(const struct schedule_policy *policy, int64_t status);

/* What came of the newest attempt. All times in milliseconds since 1970. */
struct schedule_try {
	int64_t tries;    /* so far, this one included */
	int64_t began_ms; /* when it was begun */
	int64_t ended_ms; /* when it was answered, or given up: never before it is the next begun */
	int64_t status;   /* 0: there was no answer */
	struct span retry_after; /* the value of the header; empty: there was none */
	bool stopped;            /* it had the policy's stop header */
	uint64_t salt;           /* of the event: spreads the jitter */
};

enum schedule_outcome {
	SCHEDULE_AGAIN,     /* at due_ms */
	SCHEDULE_DELIVERED, /* the answer was a success */
	SCHEDULE_GIVEN_UP,  /* there is no further attempt in it */
	SCHEDULE_FINAL,     /* such an answer is not retried */
};

struct schedule_step {
	enum schedule_outcome outcome;
	int64_t due_ms; /* SCHEDULE_AGAIN */
	char
		reason[160]; /* in words: "503, attempt 2 of 4 follows", "given up after 4 attempts: 503" */
};

struct schedule_step schedule_next(
	const struct schedule_policy *policy, const struct schedule_try *tried);

/*
 * "120" or an HTTP date, as milliseconds from `now_ms`; -1 when it is neither. A moment that is past is 0.
 */
int64_t schedule_retry_after_ms(struct span value, int64_t now_ms);
