/* The inside of the retrier: what is due (retrier.c), and one attempt from being taken to being kept (retrier_chore.c). */
#pragma once

#include "common/buffer.h"
#include "common/signature/provider.h"
#include "tui/anew.h"
#include "tui/retrier.h"

#define RETRIER_BUCKETS 1024

struct chore;

/* A target, with connections of its own. */
struct place {
	struct place *next;
	struct target target;
	struct deliver *deliver;
};

/* One that is due some time, as the relay has told it. */
struct due {
	struct due *next; /* in its bucket */
	struct retry *retry;
	struct chore *chore;   /* an attempt of ours is under way */
	int64_t hold_until_ns; /* left alone until then */
	uint32_t round;        /* of the telling it was in */
};

/* An attempt, from being taken until what came of it is kept. */
struct chore {
	struct chore *next;
	struct retrier *retrier;
	struct due *due; /* NULL: it ended meanwhile */
	struct retry *retry;
	struct buffer reason; /* what `retry->reason` points to once it is ours */
	struct schedule_policy policy;
	struct anew anew;
	struct event *event;
	struct buffer head, body;
	struct schedule_step missed; /* what came of attempts that are stored, but were not counted: */
	bool has_missed;
	struct attempt *attempt; /* ours */
	bool failed;             /* it was not made, for a reason that may pass */
	int answers;             /* of the relay still to come before it is over */
};

struct retrier {
	uv_loop_t *loop;
	struct client *client;
	struct forward *forward; /* NULL: nothing is sent just now */
	struct schedule_policy policy;
	struct place *places;
	struct deliver_options options;
	struct catalogue *catalogue;
	struct retrier_events events;
	void *data;
	char *who, claim[40];
	size_t at_once, busy, count;
	struct due *buckets[RETRIER_BUCKETS];
	struct chore *chores;
	client_request watch;
	uint32_t round; /* counted up whenever the relay begins to tell anew */
	uv_timer_t *timer;
};

int64_t retrier_now_ns(void);
void retrier_trouble(const struct retrier *retrier, const struct error *err);
/* It did not go on: looked at again after a while. `due` may be NULL. */
void retrier_hold(struct retrier *retrier, struct due *due);

void chore_begin(struct retrier *retrier, struct due *due);
void chore_free(struct chore *chore);
