/*
 * Keys that were fetched, by the address they came from: what the engine is given, as it fetches nothing itself. The
 * relay fills it (relay/keys.h).
 */
#pragma once

#include "common/signature/public_key.h"

#define KEYSET_DOCUMENTS_MAX 256 /* the one that was put longest ago makes room */

struct keyset;

struct keyset *keyset_new(void);
void keyset_free(struct keyset *keyset);

/* Another with the same keys, which are shared: for a thread of its own. */
struct keyset *keyset_copy(const struct keyset *keyset);

/*
 * Takes in what `url` answered, in place of what it answered before. ERROR_USAGE, leaving that, when no key is in it.
 */
bool keyset_put(struct keyset *keyset, struct span url, struct span document, enum key_form form,
	struct error *err);
void keyset_remove(struct keyset *keyset, struct span url);

/* NULL when nothing was fetched from there. Valid until the keyset changes. */
const struct public_keys *keyset_find(const struct keyset *keyset, struct span url);
