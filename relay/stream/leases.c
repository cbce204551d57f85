#include "relay/stream/leases.h"

#include <stdlib.h>
#include <time.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "common/filter.h"
#include "common/same_target.h"
#include "relay/store/store.h"

struct claim {
	struct claim *next; /* in the order they came */
	char *endpoint, *target, *who;
	int64_t since_s;          /* 0: waits */
	bool away;                /* the app cannot be reached */
	struct filter *filter;    /* what is forwarded; NULL: all */
	const struct claim *told; /* the holder its owner knows of */
	lease_changed_fn *changed;
	void *data;
};

struct lease_watch {
	struct lease_watch *next;
	void (*changed)(void *data);
	void *data;
};

struct leases {
	struct claim *first;
	struct lease_watch *watches;
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
	return endpoint && target_same_text(a->target, b->target);
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

static void append_holder(struct buffer *out, const struct claim *holder) {
	time_t since = (time_t)holder->since_s;
	struct tm local;
	char clock[16] = "";
	if (localtime_r(&since, &local)) {
		strftime(clock, sizeof clock, "%H:%M", &local);
	}
	buffer_printf(out, "%s since %s", holder->who, clock);
}

static void tell(struct claim *claim, const struct claim *holder) {
	if (claim->told == holder) {
		return;
	}
	claim->told = holder;
	struct buffer text = {0};
	append_holder(&text, holder);
	claim->changed(claim->data, claim == holder, buffer_span(&text));
	buffer_clear(&text);
}

static void tell_watches(const struct leases *leases) {
	for (struct lease_watch *watch = leases->watches; watch; watch = watch->next) {
		watch->changed(watch->data);
	}
}

/*
 * Grants what is free, first come first served, then tells everybody who has what they want, and, when a lease `ended` or
 * began, those who watch.
 */
static void settle(struct leases *leases, bool ended, int64_t now_s) {
	bool changed = ended;
	for (struct claim *claim = leases->first; claim; claim = claim->next) {
		if (!holder_of(leases, claim)) {
			claim->since_s = now_s;
			changed = true;
		}
	}
	for (struct claim *claim = leases->first; claim; claim = claim->next) {
		tell(claim, holder_of(leases, claim));
	}
	if (changed) {
		tell_watches(leases);
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
	settle(leases, false, now_s);
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
	bool held = claim->since_s != 0;
	free(claim->endpoint);
	free(claim->target);
	free(claim->who);
	filter_free(claim->filter);
	free(claim);
	settle(leases, held, now_s);
}

void leases_tell(struct leases *leases, struct claim *claim, bool away, struct filter *filter) {
	filter_free(claim->filter);
	claim->filter = filter;
	claim->away = away;
	tell_watches(leases);
}

static bool takes(const struct claim *claim, const struct entry *entry) {
	const struct event *event = entry->event;
	struct filter *filter = claim->filter;
	if (!claim->since_s || claim->away ||
		(*claim->endpoint && !span_is(event->endpoint, claim->endpoint))) {
		return false;
	}
	if (!filter) {
		return true;
	}
	filter_set_now(filter, event->received_at_ns);
	return filter_matches_event(filter, event) &&
	       (!filter_needs_bytes(filter) ||
			   filter_matches_bytes(filter, event, entry->head, entry->body));
}

bool leases_cover(const struct leases *leases, const struct entry *entry) {
	const struct claim *claim = leases->first;
	while (claim && !takes(claim, entry)) {
		claim = claim->next;
	}
	return claim != NULL;
}

void leases_each(
	const struct leases *leases, bool (*each)(void *data, const struct lease *lease), void *data) {
	struct buffer holder = {0};
	bool more = true;
	for (const struct claim *claim = leases->first; claim && more; claim = claim->next) {
		if (!claim->since_s) {
			continue;
		}
		buffer_reset(&holder);
		append_holder(&holder, claim);
		const struct lease lease = {
			span_text(claim->endpoint), span_text(claim->target), buffer_span(&holder)};
		more = each(data, &lease);
	}
	buffer_clear(&holder);
}

struct lease_watch *leases_watch(struct leases *leases, void (*changed)(void *data), void *data) {
	struct lease_watch *watch = alloc_zero(1, sizeof *watch);
	*watch = (struct lease_watch){leases->watches, changed, data};
	leases->watches = watch;
	return watch;
}

void leases_unwatch(struct leases *leases, struct lease_watch *watch) {
	struct lease_watch **at = &leases->watches;
	while (*at && *at != watch) {
		at = &(*at)->next;
	}
	if (*at) {
		*at = watch->next;
		free(watch);
	}
}
