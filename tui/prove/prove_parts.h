/* The inside of a proof, for its kinds. */
#pragma once

#include "common/buffer.h"
#include "tui/prove/prove.h"

/* The first answers were no success, so that nothing can be compared with them. */
#define PROVE_IS_SUCCESS(status) ((status) >= 200 && (status) < 300)

struct prove {
	uv_loop_t *loop;
	struct lab *lab;
	const struct prove_order *order;
	struct prove_events events;
	void *data;
	struct client *client;
	struct specimen specimen; /* of kinds with one event */
	struct buffer text;       /* of the finding that is being told */
	int64_t good, bad, skipped;
	bool ended;
	const char *verdict; /* of the outcome, once it is known */
	bool proven;
	struct buffer sentence, repeat;
	void *course; /* of the kind */
};

/* One kind: begins once the event is there (chaos fetches its own), and frees its course. */
struct prove_kind_ops {
	bool fetches; /* it wants prove.specimen */
	void (*begin)(struct prove *prove);
	void (*clear)(struct prove *prove);
};
extern const struct prove_kind_ops prove_twice, prove_reject, prove_retries, prove_chaos;

/* Tells a finding; counts it. The text is printf's. */
void prove_find(struct prove *prove, enum prove_result result, const char *name, const char *format,
	...) __attribute__((format(printf, 4, 5)));
/* The same about an answer. */
void prove_find_answer(struct prove *prove, enum prove_result result, const char *name,
	const struct delivery *delivery, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* What the app did, in words: "200", "no answer: ...". Appends. */
void prove_append_answer(struct buffer *out, const struct delivery *delivery);

/*
 * The end: once all attempts are kept, `ended` is told. The sentence is in prove->sentence; the line to repeat is that of the
 * order unless prove->repeat has another.
 */
void prove_end(struct prove *prove, bool proven, const char *verdict);
/* It cannot be carried out. */
void prove_fail(struct prove *prove, const struct error *err);
/* The app cannot be reached: ends it, and says so. */
void prove_fail_unreached(struct prove *prove, const struct delivery *delivery);
