/* What clients do with retries: each change is checked, in force at once, and written to the store. */
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "relay/stream/retries_parts.h"

static void write_out(
	struct retries *retries, const struct kept_retry *kept, store_done_fn *done, void *data) {
	struct buffer facts = {0};
	buffer_append_byte(&facts, '{');
	retry_append_json_members(&facts, kept->retry);
	json_member_text(&facts, "claim", span_text(kept->claim));
	buffer_append_byte(&facts, '}');
	const struct retry_record record = {.event = kept->retry->event,
		.target = kept->retry->target,
		.endpoint = kept->endpoint,
		.facts = buffer_span(&facts)};
	store_put_retry(retries->store, &record, done, data);
	buffer_clear(&facts);
}

static bool nothing_there(struct error *err) {
	return error_set(err, ERROR_NO, "no attempt of this event to this target is due");
}

/* Somebody else makes an attempt just now. */
static bool is_taken(const struct kept_retry *kept, struct span claim, int64_t now_ns) {
	return kept->retry->taken_until_ns > now_ns && !span_is(claim, kept->claim);
}

static bool taken_by_another(struct error *err) {
	return error_set(err, ERROR_NO, "another client makes the attempt just now");
}

static void set_claim(struct kept_retry *kept, struct span claim) {
	size_t len = claim.len < RETRIES_CLAIM_MAX ? claim.len : RETRIES_CLAIM_MAX;
	memcpy(kept->claim, claim.data ? claim.data : "", len);
	kept->claim[len] = '\0';
}

/* The facts are those of `retry` from now on, and nobody has taken it. */
static void replace(struct kept_retry *kept, const struct retry *retry) {
	struct retry same = *retry;
	same.target = kept->retry->target; /* as it was first spelled: the store knows it by that */
	struct retry *copy = retry_copy(&same);
	free(kept->retry);
	kept->retry = copy;
	kept->retry->taken_until_ns = 0;
	set_claim(kept, (struct span){0});
}

bool retries_put(struct retries *retries, const struct retry *retry, int64_t endpoint,
	struct span claim, bool fresh, int64_t now_ns, store_done_fn *done, void *data,
	struct error *err) {
	struct kept_retry *kept = retries_find(retries, &retry->event, retry->target);
	if (!kept && !fresh) {
		return nothing_there(err);
	}
	if (kept && is_taken(kept, claim, now_ns)) {
		return taken_by_another(err);
	}
	if (!kept && retries->count >= RETRIES_MAX) {
		return error_set(err, ERROR_FULL, "%d attempts are due already", RETRIES_MAX);
	}
	if (!kept) {
		kept = retries_add(retries, retry_copy(retry), endpoint);
	}
	bool paused = !fresh && kept->retry->paused; /* pausing is asked for by retry.change alone */
	replace(kept, retry);
	kept->retry->paused = paused;
	kept->endpoint = endpoint;
	write_out(retries, kept, done, data);
	retries_touch(retries, kept);
	return true;
}

bool retries_take(struct retries *retries, const struct retry_key *key, int64_t tries,
	int64_t until_ns, int64_t now_ns, store_done_fn *done, void *data, struct error *err) {
	struct kept_retry *kept = retries_find(retries, &key->event, key->target);
	if (!kept) {
		return nothing_there(err);
	}
	if (is_taken(kept, key->claim, now_ns)) {
		return taken_by_another(err);
	}
	if (kept->retry->paused) {
		return error_set(err, ERROR_NO, "it is paused");
	}
	if (kept->retry->tries != tries) {
		return error_set(err, ERROR_NO, "this attempt was made meanwhile");
	}
	set_claim(kept, key->claim);
	kept->retry->taken_until_ns = until_ns;
	write_out(retries, kept, done, data);
	retries_touch(retries, kept);
	return true;
}

bool retries_hold(struct retries *retries, const struct retry_key *key, int64_t until_ns,
	int64_t now_ns, bool *held, store_done_fn *done, void *data, struct error *err) {
	struct kept_retry *kept = retries_find(retries, &key->event, key->target);
	*held = kept != NULL;
	if (!kept) {
		return true;
	}
	if (is_taken(kept, key->claim, now_ns)) {
		return taken_by_another(err);
	}
	set_claim(kept, key->claim);
	kept->retry->taken_until_ns = until_ns;
	write_out(retries, kept, done, data);
	retries_touch(retries, kept);
	return true;
}

bool retries_change(struct retries *retries, const struct retry_key *key,
	const struct retry_change *change, store_done_fn *done, void *data, struct error *err) {
	struct kept_retry *kept = retries_find(retries, &key->event, key->target);
	if (!kept) {
		return nothing_there(err);
	}
	if (change->paused >= 0) {
		kept->retry->paused = change->paused == 1;
	}
	if (change->due_ns != 0) {
		kept->retry->due_ns = change->due_ns;
	}
	write_out(retries, kept, done, data);
	retries_touch(retries, kept);
	return true;
}

bool retries_remove(struct retries *retries, const struct retry_key *key, struct span reason,
	store_done_fn *done, void *data, struct error *err) {
	struct kept_retry *kept = retries_find(retries, &key->event, key->target);
	if (!kept) {
		return nothing_there(err);
	}
	store_remove_retry(retries->store, &key->event, kept->retry->target, done, data);
	retries_end(retries, kept, reason);
	return true;
}
