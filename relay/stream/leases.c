#include "relay/stream/leases.h"

#include <stdlib.h>
#include <time.h>

#include "common/alloc.h"
#include "common/buffer.h"

struct claim {
	struct claim *next; /* in the order they came */
	char *endpoint, *target, *who;
	int64_t since_s;          /* 0: waits */
	const struct claim *told; /* the holder its owner knows of */
	lease_changed_fn *changed;
	void *data;
};

struct leases {
	struct claim *first;
};

struct leases *leases_new(void) {
	return alloc_zero(1, sizeof(struct leases));
}

void leases_free(struct leases *leases) {
	free(leases);
}

static bool stand_against_each_other(const struct claim *a, const struct claim *b) {
	bool endpoint = !*a->endpoint || !*b->endpoint ||
	                span_equal(span_text(a->endpoint), span_text(b->endpoint));
	return endpoint && span_equal(span_text(a->target), span_text(b->target));
}

/* The one who has what `claim` wants: itself, or another; NULL when it is free. */
static const struct claim *holder_of(const struct leases *leases, const struct claim *claim) {
	if (claim->since_s) {
		return claim;
	}
	const struct claim *other = leases->first;
	while (other && !(other->since_s && stand_against_each_other(other, claim))) {
		other = other->next;
	}
	return other;
}

static void tell(struct claim *claim, const struct claim *holder) {
	if (claim->told == holder) {
		return;
	}
	claim->told = holder;
	time_t since = (time_t)holder->since_s;
	struct tm local;
	char clock[16] = "";
	if (localtime_r(&since, &local)) {
		strftime(clock, sizeof clock, "%H:%M", &local);
	}
	struct buffer text = {0};
	buffer_printf(&text, "%s since %s", holder->who, clock);
	claim->changed(claim->data, claim == holder, buffer_span(&text));
	buffer_clear(&text);
}

/* Grants what is free, first come first served, then tells everybody who has what they want. */
static void settle(struct leases *leases, int64_t now_s) {
	for (struct claim *claim = leases->first; claim; claim = claim->next) {
		if (!holder_of(leases, claim)) {
			claim->since_s = now_s;
		}
	}
	for (struct claim *claim = leases->first; claim; claim = claim->next) {
		tell(claim, holder_of(leases, claim));
	}
}

struct claim *leases_claim(struct leases *leases, struct span endpoint, struct span target,
	struct span who, int64_t now_s, lease_changed_fn *changed, void *data) {
	struct claim *claim = alloc_zero(1, sizeof *claim);
	claim->endpoint = alloc_text(endpoint.data, endpoint.len);
	claim->target = alloc_text(target.data, target.len);
	claim->who = alloc_text(who.data, who.len);
	claim->changed = changed;
	claim->data = data;
	struct claim **last = &leases->first;
	while (*last) {
		last = &(*last)->next;
	}
	*last = claim;
	settle(leases, now_s);
	return claim;
}

void leases_release(struct leases *leases, struct claim *claim, int64_t now_s) {
	if (!claim) {
		return;
	}
	struct claim **at = &leases->first;
	while (*at != claim) {
		at = &(*at)->next;
	}
	*at = claim->next;
	for (struct claim *other = leases->first; other; other = other->next) {
		if (other->told == claim) {
			other->told = NULL;
		}
	}
	free(claim->endpoint);
	free(claim->target);
	free(claim->who);
	free(claim);
	settle(leases, now_s);
}
