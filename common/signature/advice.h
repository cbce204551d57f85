/*
 * What to do about a signature that is not right: it follows from why it is not (explain.h), or, as long as nobody has found that out, from the verdict.
 * The screen and the commands tell it in these words. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/signature/explain.h"
#include "common/signature/verdict.h"
#include "common/span.h"

/* What can be done about it here. */
enum advice_step {
	ADVICE_NONE,     /* nothing, or nothing more than is said */
	ADVICE_SECRET,   /* give the endpoint a secret */
	ADVICE_PROVIDER, /* say of which provider its webhooks are */
	ADVICE_REPLAY    /* replay it: it is signed anew */
};

/* What it is about; everything is borrowed. Texts of others are not escaped in what is appended. */
struct advice_about {
	enum verdict verdict;
	enum explain_cause cause; /* EXPLAIN_NONE: not known (yet) */
	struct span secret; /* as of struct explanation: "live", or of another endpoint "try/staging" */
	struct span
		headers; /* that have to do with the signature, each with '\n' behind it; empty: not known */
	struct span endpoint; /* the event's, with its `seq`; empty: it is a request in a file */
	int64_t seq;
	bool names_provider; /* the endpoint, or the event, is known to be of one */
};

/* Appends one or two sentences, and tells the step they speak of. Nothing is appended where there is nothing to do. */
enum advice_step advice_append(struct buffer *out, const struct advice_about *about);
/* The same step as a command: "hookline endpoint set shop --secret-file live=FILE". False: there is none. */
bool advice_append_command(
	struct buffer *out, enum advice_step step, const struct advice_about *about);
