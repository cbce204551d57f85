#include "relay/stream/subscription.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/stream/cursors.h"
#include "relay/stream/slice.h"

#define JUDGED_MOST 16
/* Head and body that are searched as they come; what is longer the store searches, in slices. */
#define SEARCHED_AT_ONCE ((size_t)16 * 1024)
#define PASSED_MOST 128 /* entries passed over before the client's cursor is moved */

struct judged {
	char name[ENDPOINT_NAME_LEN + 1];
	int64_t changed;
};

struct subscription {
	struct hub *hub;
	struct subscription_options options;
	char name[ENDPOINT_NAME_LEN + 1]; /* of the endpoint it follows; empty: all */
	void (*wake)(void *data);
	void *data;
	struct cursors cursors;
	uint64_t ring_next;     /* everything before it was seen, or is behind a cursor that is late */
	bool skipped;           /* the client does not know yet where that left it */
	uint64_t skip_looked;   /* end of the ring when subscription_skip looked last */
	uint64_t answered_next; /* in what the hub keeps of answers */
	bool asleep;
	bool told_caught_up;
	bool late;        /* some cursor has to be brought up from the store */
	size_t next_late; /* cursors before it were brought up */
	int64_t reading;  /* endpoint the slice is of; 0: none */
	bool probing;     /* the slice only looks where history begins */
	struct slice slice;
	struct judged judged[JUDGED_MOST];
	size_t judged_count;
};

static bool needs_content(const struct subscription *sub) {
	return sub->options.bytes || (sub->options.filter && filter_needs_bytes(sub->options.filter));
}

void subscription_wake(struct subscription *sub) {
	if (sub->asleep) {
		sub->asleep = false;
		sub->hub->asleep--;
		sub->wake(sub->data);
	}
}

bool subscription_follows(const struct subscription *sub, int64_t endpoint) {
	return !sub->options.endpoint || sub->options.endpoint == endpoint;
}

void subscription_tell(struct subscription *sub, int64_t endpoint) {
	/* who follows another endpoint sleeps on: that the ring has left it behind costs one look into the store */
	if (subscription_follows(sub, endpoint)) {
		subscription_wake(sub);
	}
}

static struct pulled fall_asleep(struct subscription *sub) {
	if (!sub->asleep) {
		sub->asleep = true;
		sub->hub->asleep++;
	}
	return (struct pulled){.kind = PULLED_NOTHING};
}

void subscription_judged(struct subscription *sub, struct span endpoint, int64_t changed) {
	struct endpoint *known = endpoints_find(sub->hub->endpoints, endpoint);
	if (sub->options.endpoint && (!known || endpoint_id(known) != sub->options.endpoint)) {
		return;
	}
	struct judged *entry = NULL;
	for (size_t i = 0; i < sub->judged_count && !entry; i++) {
		if (span_is(endpoint, sub->judged[i].name)) {
			entry = &sub->judged[i];
		}
	}
	if (!entry && sub->judged_count < JUDGED_MOST && endpoint.len <= ENDPOINT_NAME_LEN) {
		entry = &sub->judged[sub->judged_count++];
		*entry = (struct judged){0};
		memcpy(entry->name, endpoint.data, endpoint.len);
	}
	if (entry) {
		entry->changed += changed;
		subscription_wake(sub);
	}
}

static void slice_ready(void *data) {
	struct subscription *sub = data;
	sub->wake(sub->data);
}

/* `made_since`: those that were not there when the subscription began are followed from their first entry. */
static void add_endpoints(struct subscription *sub, bool made_since) {
	struct endpoints *endpoints = sub->hub->endpoints;
	for (size_t i = 0; i < endpoints_count(endpoints); i++) {
		struct endpoint *endpoint = endpoints_at(endpoints, i);
		int64_t id = endpoint_id(endpoint);
		if ((!sub->options.endpoint || id == sub->options.endpoint) &&
			!cursors_find(&sub->cursors, id)) {
			bool at_head = sub->options.live_only && !made_since;
			cursors_add(&sub->cursors, id, at_head ? endpoint_head(endpoint) : 0);
		}
	}
}

/* An endpoint that is removed and made again has another id. */
static void keep_name(struct subscription *sub) {
	struct endpoint *endpoint = endpoints_find_id(sub->hub->endpoints, sub->options.endpoint);
	struct span name = endpoint ? endpoint_name(endpoint) : span_text("");
	snprintf(sub->name, sizeof sub->name, "%.*s", (int)name.len, name.data);
}

struct subscription *subscription_new(struct hub *hub, const struct subscription_options *options,
	void (*wake)(void *data), void *data) {
	struct subscription *sub = alloc_zero(1, sizeof *sub);
	sub->hub = hub;
	sub->options = *options;
	sub->wake = wake;
	sub->data = data;
	sub->slice = (struct slice){
		.hub = hub, .keep_content = options->bytes, .ready = slice_ready, .data = sub};
	sub->ring_next = hub->ring.end;
	sub->answered_next = hub->answered.end;
	sub->late = true;
	keep_name(sub);
	add_endpoints(sub, false);
	hub_join(hub, sub);
	hub->want_content += needs_content(sub);
	hub->want_attempts += options->attempts;
	return sub;
}

void subscription_free(struct subscription *sub) {
	if (!sub) {
		return;
	}
	struct hub *hub = sub->hub;
	slice_stop(&sub->slice);
	hub->asleep -= sub->asleep;
	hub->want_content -= needs_content(sub);
	hub->want_attempts -= sub->options.attempts;
	hub_leave(hub, sub);
	filter_free(sub->options.filter);
	cursors_clear(&sub->cursors);
	free(sub);
}

static int64_t head_of(const struct subscription *sub, int64_t endpoint) {
	struct endpoint *found = endpoints_find_id(sub->hub->endpoints, endpoint);
	return found ? endpoint_head(found) : 0;
}

bool subscription_begin(struct subscription *sub, int64_t endpoint, int64_t seq) {
	if (seq > head_of(sub, endpoint)) {
		return subscription_begin_anew(sub, endpoint, seq);
	}
	struct cursor *cursor = cursors_find(&sub->cursors, endpoint);
	if (cursor) {
		cursor->seq = cursor->told = seq;
	}
	return cursor != NULL;
}

bool subscription_begin_anew(struct subscription *sub, int64_t endpoint, int64_t seq) {
	struct cursor *cursor = cursors_find(&sub->cursors, endpoint);
	if (!cursor) {
		return false;
	}
	*cursor = (struct cursor){.endpoint = endpoint};
	if (seq > 0) {
		cursors_set_gap(&sub->cursors, cursor, 1, seq, "this history is another one");
	}
	return true;
}

void subscription_each_cursor(const struct subscription *sub,
	void (*each)(void *data, int64_t endpoint, int64_t seq), void *data) {
	for (size_t i = 0; i < sub->cursors.count; i++) {
		each(data, sub->cursors.items[i].endpoint, sub->cursors.items[i].seq);
	}
}

/* Everything up to the present end of the ring is reached from the store; the rest then stands in the ring. */
static void become_late(struct subscription *sub) {
	add_endpoints(sub, true);
	sub->late = true;
	sub->next_late = 0;
	sub->ring_next = sub->hub->ring.end;
}

static void read_for(struct subscription *sub, const struct cursor *cursor, bool probe) {
	const struct store_query query = {.endpoint = cursor->endpoint,
		.events = true,
		.attempts = probe || sub->options.attempts,
		.content = !probe && needs_content(sub),
		.after = cursor->seq,
		.limit = probe ? 1 : 0};
	sub->probing = sub->slice.only_look = probe;
	sub->reading = cursor->endpoint;
	if (!slice_read(&sub->slice, &query, probe ? NULL : sub->options.filter)) {
		sub->reading = 0; /* clients hold too much: the session asks again */
	}
}

/* A look at where history begins behind the cursor. */
static void probed(struct subscription *sub, struct cursor *cursor) {
	int64_t first = sub->slice.first_seq;
	slice_stop(&sub->slice);
	cursor->probed = true;
	if (!first) {
		first = cursor->target + 1;
	}
	if (first > cursor->seq + 1) {
		cursors_set_gap(
			&sub->cursors, cursor, cursor->seq + 1, first - 1, "no longer kept by the relay");
		cursor->seq = cursor->told = first - 1;
	}
}

/* What the last slice brought has been taken: where does that leave its cursor? */
static void settle(struct subscription *sub) {
	struct cursor *cursor = cursors_find(&sub->cursors, sub->reading);
	sub->reading = 0;
	if (!cursor) {
		return;
	}
	if (sub->probing) {
		probed(sub, cursor);
		return;
	}
	int64_t seq = sub->slice.last_seq;
	if (sub->slice.complete && seq < cursor->target) {
		seq = cursor->target;
	}
	if (seq > cursor->seq) {
		cursors_pass(&sub->cursors, cursor, seq);
	}
}

/* Begins to read for the next cursor that is behind; false when none is. */
static bool read_next(struct subscription *sub) {
	for (; sub->next_late < sub->cursors.count; sub->next_late++) {
		struct cursor *cursor = &sub->cursors.items[sub->next_late];
		cursor->target = head_of(sub, cursor->endpoint);
		if (cursor->seq < cursor->target) {
			read_for(sub, cursor, !cursor->probed);
			return true;
		}
	}
	return false;
}

static struct pulled give_item(struct subscription *sub, struct item *item) {
	struct cursor *cursor = cursors_find(&sub->cursors, item->endpoint);
	if (cursor && item->seq > cursor->seq) {
		cursor->seq = cursor->told = item->seq;
	}
	return (struct pulled){.kind = PULLED_ITEM, .item = item};
}

static bool is_wanted(const struct subscription *sub, const struct item *item) {
	const struct filter *filter = sub->options.filter;
	if (item->kind == ENTRY_ATTEMPT) {
		return sub->options.attempts;
	}
	return !filter || (filter_matches_event(filter, item->event) &&
						  (!filter_needs_bytes(filter) ||
							  filter_matches_bytes(filter, item->event, item_part(item, FRAME_HEAD),
								  item_part(item, FRAME_BODY))));
}

/* Whether so many bytes are to be looked at that the store does it, which holds nobody up. */
static bool takes_long(const struct subscription *sub, const struct item *item) {
	const struct filter *filter = sub->options.filter;
	return item->kind == ENTRY_EVENT && item->has_content && item->event && filter &&
	       filter_searches(filter) &&
	       item_part(item, FRAME_HEAD).len + item_part(item, FRAME_BODY).len > SEARCHED_AT_ONCE;
}

/* Whether the ring has all of the item that is needed here: it came before somebody needed its bytes, or was too large. */
static bool is_enough(const struct subscription *sub, const struct item *item) {
	if (item->kind == ENTRY_ATTEMPT && !sub->options.attempts) {
		return true;
	}
	bool content = item->has_content || !needs_content(sub);
	return (item->event || item->attempt) && content && !takes_long(sub, item);
}

void subscription_endpoints_changed(struct subscription *sub) {
	struct endpoints *endpoints = sub->hub->endpoints;
	struct endpoint *again = endpoints_find(endpoints, span_text(sub->name));
	if (!again || endpoints_find_id(endpoints, sub->options.endpoint)) {
		return;
	}
	sub->options.endpoint = endpoint_id(again);
	cursors_add(&sub->cursors, sub->options.endpoint, 0);
	if (!sub->late) {
		become_late(sub);
	}
	subscription_wake(sub);
}

/* The cursor an item of the ring belongs to, or NULL: not followed. */
static struct cursor *cursor_for(struct subscription *sub, const struct item *item) {
	if (sub->options.endpoint && item->endpoint != sub->options.endpoint) {
		return NULL;
	}
	struct cursor *cursor = cursors_find(&sub->cursors, item->endpoint);
	return cursor ? cursor : cursors_add(&sub->cursors, item->endpoint, 0);
}

/* The next wanted item of the ring, or NULL: at its end, or `late`. */
static struct item *follow_ring(struct subscription *sub) {
	const struct ring *ring = &sub->hub->ring;
	if (sub->ring_next < ring->begin) {
		become_late(sub);
		return NULL;
	}
	while (sub->ring_next < ring->end) {
		struct item *item = ring_at(ring, sub->ring_next);
		struct cursor *cursor = cursor_for(sub, item);
		bool next = cursor && item->seq > cursor->seq;
		if (next && (item->seq != cursor->seq + 1 || !is_enough(sub, item))) {
			become_late(sub);
			return NULL;
		}
		if (next) {
			item_find_keys(item, sub->hub->endpoints);
		}
		sub->ring_next++;
		if (next && is_wanted(sub, item)) {
			return item_ref(item);
		}
		if (next) {
			cursors_pass(&sub->cursors, cursor, item->seq);
		}
	}
	return NULL;
}

/* Whether more than `most` that are wanted wait in the ring. */
static int64_t count_waiting(struct subscription *sub, int64_t most) {
	const struct ring *ring = &sub->hub->ring;
	int64_t waiting = (int64_t)(ring->end - sub->ring_next);
	if (waiting <= most || !sub->options.filter) {
		return waiting;
	}
	waiting = 0;
	for (uint64_t at = sub->ring_next; at < ring->end; at++) {
		const struct item *item = ring_at(ring, at);
		bool ours = !sub->options.endpoint || item->endpoint == sub->options.endpoint;
		waiting += ours && is_enough(sub, item) && is_wanted(sub, item);
	}
	return waiting;
}

static int64_t count_behind(struct subscription *sub) {
	int64_t behind = 0;
	add_endpoints(sub, true);
	for (size_t i = 0; i < sub->cursors.count; i++) {
		const struct cursor *cursor = &sub->cursors.items[i];
		int64_t head = head_of(sub, cursor->endpoint);
		behind += head > cursor->seq ? head - cursor->seq : 0;
	}
	return behind;
}

static void pass_all(struct subscription *sub) {
	slice_stop(&sub->slice);
	sub->reading = 0;
	sub->late = false;
	add_endpoints(sub, true);
	for (size_t i = 0; i < sub->cursors.count; i++) {
		struct cursor *cursor = &sub->cursors.items[i];
		int64_t head = head_of(sub, cursor->endpoint);
		if (head > cursor->seq) {
			cursors_pass(&sub->cursors, cursor, head);
		}
	}
	sub->ring_next = sub->hub->ring.end;
}

int64_t subscription_skip(struct subscription *sub, int64_t most) {
	const struct ring *ring = &sub->hub->ring;
	bool lost = sub->late || sub->ring_next < ring->begin;
	/* counting what waits costs something: not again before as much has come */
	if (!lost && ring->end - sub->skip_looked <= (uint64_t)most) {
		return 0;
	}
	sub->skip_looked = ring->end;
	int64_t waiting = lost ? count_behind(sub) : count_waiting(sub, most);
	if (waiting <= most) {
		return 0;
	}
	pass_all(sub);
	sub->skipped = true;
	return waiting;
}

static bool pull_told(struct subscription *sub, struct pulled *out) {
	struct cursor cursor;
	if (cursors_take_gap(&sub->cursors, &cursor)) {
		*out = (struct pulled){.kind = PULLED_GAP,
			.endpoint = cursor.endpoint,
			.from = cursor.gap_from,
			.to = cursor.gap_to,
			.text = cursor.gap_text};
		return true;
	}
	if (sub->judged_count > 0) {
		struct judged *judged = &sub->judged[--sub->judged_count];
		*out = (struct pulled){.kind = PULLED_JUDGED, .changed = judged->changed};
		memcpy(out->name, judged->name, sizeof out->name);
		return true;
	}
	return false;
}

/* What the store has for cursors that are behind. NULL while it is being read, when a gap comes first, and when none is left. */
static struct item *catch_up(struct subscription *sub) {
	while (sub->late && !sub->slice.reading && !sub->slice.failed) {
		struct item *item = slice_take(&sub->slice);
		if (item) {
			return item;
		}
		if (sub->reading) {
			settle(sub);
		}
		if (sub->cursors.gaps > 0) {
			return NULL;
		}
		if (!read_next(sub)) {
			sub->late = false;
		} else if (!sub->reading) {
			return NULL; /* starved */
		}
	}
	return NULL;
}

static bool pull_passed(struct subscription *sub, struct pulled *out) {
	struct cursor *cursor = cursors_take_passed(&sub->cursors, sub->skipped ? 1 : PASSED_MOST);
	sub->skipped = sub->skipped && cursor;
	if (cursor) {
		*out =
			(struct pulled){.kind = PULLED_CURSOR, .endpoint = cursor->endpoint, .to = cursor->seq};
	}
	return cursor != NULL;
}

/* An item of the store or the ring; the ring may find that the store has to be asked first. */
static struct item *pull_item(struct subscription *sub) {
	struct item *item = catch_up(sub);
	if (item || sub->late) {
		return item;
	}
	item = follow_ring(sub);
	return item || !sub->late ? item : catch_up(sub);
}

/* After the events they are about: those may have been encoded before. */
static bool pull_answered(struct subscription *sub, struct pulled *out) {
	const struct answered_ring *ring = &sub->hub->answered;
	int64_t lost = answered_skip_lost(ring, &sub->answered_next);
	if (lost > 0) {
		*out = (struct pulled){.kind = PULLED_JUDGED, .changed = lost};
		return true;
	}
	out->kind = PULLED_ANSWERED;
	if (answered_next(ring, &sub->answered_next, sub->options.endpoint, &out->text, &out->told)) {
		return true;
	}
	out->kind = PULLED_NOTHING;
	return false;
}

struct pulled subscription_next(struct subscription *sub) {
	struct pulled out = {.kind = PULLED_NOTHING};
	if (pull_told(sub, &out)) {
		return out;
	}
	struct item *item = pull_item(sub);
	if (item) {
		return give_item(sub, item);
	}
	if (sub->slice.failed) {
		return (struct pulled){.kind = PULLED_FAILED, .err = sub->slice.error};
	}
	if (pull_told(sub, &out) || pull_passed(sub, &out) || sub->late || pull_answered(sub, &out)) {
		return out;
	}
	if (!sub->told_caught_up) {
		sub->told_caught_up = true;
		return (struct pulled){.kind = PULLED_CAUGHT_UP};
	}
	return fall_asleep(sub);
}
