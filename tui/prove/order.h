/* What is to be proven of an app, and the command line that asks for the same again. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/message.h"
#include "common/signature/sign_anew.h"
#include "tui/deliver/target.h"

enum prove_kind { PROVE_TWICE, PROVE_REJECT, PROVE_RETRIES, PROVE_CHAOS };
#define PROVE_KINDS 4

/* "twice", "reject", "retries", "chaos" */
const char *prove_kind_name(enum prove_kind kind);

/* Most events of one chaos run, and most that are named on a command line to repeat it. */
#define PROVE_EVENTS_MAX 1000
#define PROVE_EVENTS_NAMED 40

/* What may happen to an event on its way, with the chance of each. */
enum mischief {
	MISCHIEF_DUPLICATE,
	MISCHIEF_SWAP,
	MISCHIEF_DELAY,
	MISCHIEF_DROP,
	MISCHIEF_CUT,
	MISCHIEF_DRIP,
	MISCHIEF_COUNT
};
/* "duplicate", "swap", ... : names of options and of faults */
const char *mischief_name(enum mischief mischief);

/* A request in a file, with what it is signed with. All borrowed. */
struct prove_file {
	struct span head, body;
	struct keyring *keyring;           /* NULL: it is sent as it is */
	const struct plain_secret *secret; /* the first of the keyring */
	const struct provider *provider;   /* NULL: not known */
	const char *words;                 /* as it is named on a command line, with its options */
};

/* All texts are borrowed; they must stay until the proof has ended. */
struct prove_order {
	enum prove_kind kind;
	const char *const *refs; /* events by name; one, but for chaos */
	size_t ref_count;
	const struct prove_file *file; /* instead of an event; NULL: none */
	const struct target *target;
	const char *options; /* of deliveries and the relay, for the line to repeat; "" or NULL: none */
	const char *probe;   /* shell commands; NULL: none. `probe` prints the state of the app, */
	const char *check;   /* `check` says by its exit code whether all is well, */
	const char *reset;   /* and `reset` forgets all of it */

	/* twice */
	int64_t apart_ms;   /* from the first start to the second; -1: once the first is answered */
	const char *ignore; /* members that may differ: "id,data.at"; NULL: none */

	/* reject */
	unsigned only; /* bits of enum refusal; 0: all */
	int64_t oversize;

	/* retries */
	int64_t down_ms;
	double speed;
	bool unseen;          /* while it is down the app gets nothing */
	const char *schedule; /* "5s,30s" instead of the provider's; NULL: the provider's */
	const struct catalogue *catalogue; /* to find the provider in */

	/* chaos */
	const char *filter; /* instead of `refs`; NULL: none */
	double rates[MISCHIEF_COUNT];
	uint64_t seed;       /* the first that is tried, */
	uint64_t seeds;      /* and how many at most: the first of them that fails is the smallest */
	const char *faults;  /* exactly these instead of rates: "duplicate@stripe#17"; NULL: by rates */
	int64_t limit;       /* events of the filter */
	size_t at_once;      /* requests under way; order only means something with one */
	int64_t shrink_runs; /* most runs to find the fewest faults; 0: do not look */
};

/* Seeds that are tried where none is named, from 1 up. */
#define PROVE_SEEDS 10
/* The rates of chaos where none are named. */
void prove_order_usual_rates(struct prove_order *order);

/* The defaults of everything but kind, events and target. */
void prove_order_init(struct prove_order *order, enum prove_kind kind);

/* Appends "hookline prove twice stripe#1042 --to ...", quoted for a shell. */
void prove_order_append(struct buffer *out, const struct prove_order *order);
