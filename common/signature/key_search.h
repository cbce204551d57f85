/*
 * Finds the public key a signature was made with: among those the owner gave, else among those that were fetched. Nothing is
 * fetched here; what is missing is noted in the keyring (keyring_missing_key).
 */
#pragma once

#include "common/signature/keyring.h"
#include "common/signature/public_key.h"

/* A stranger chooses how many signatures stand in a request; more verifications than this are not done for one. */
#define KEY_SEARCH_TRIES 32

typedef bool key_matches_fn(const struct public_key *key, void *data);

struct key_search {
	struct keyring *keyring;
	size_t scheme_index;
	const struct message *message;
	struct span id;    /* of the key, as the signature names it; empty: not named */
	struct span named; /* KEYSET_TOKEN: the URL the token names */
	enum signature_algorithm algorithm;
	const char *curve; /* "": any */
	key_matches_fn *matches;
	void *data;
	size_t tries; /* so far, in all searches for this request; begins at 0 */
};

/*
 * True, with the label of the secret (or the id of the fetched key) in the judgement, when a key matches. False with verdict and
 * reason: invalid, or unverified when the key is not at hand.
 */
bool key_search_run(struct key_search *search, struct judgement *judgement);

/* Sets verdict and reason. */
void judgement_say(struct judgement *judgement, enum verdict verdict, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
