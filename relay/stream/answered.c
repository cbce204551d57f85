#include "relay/stream/answered.h"

#include <stdlib.h>

#include "common/json.h"

void answered_clear(struct answered_ring *ring) {
	for (size_t i = 0; i < ANSWERED_KEPT; i++) {
		free(ring->kept[i].text);
	}
	*ring = (struct answered_ring){0};
}

void answered_push(struct answered_ring *ring, int64_t endpoint, struct span name, int64_t seq,
	const struct answer_record *record) {
	struct answered *place = &ring->kept[ring->end++ % ANSWERED_KEPT];
	struct buffer text = {0};
	char id[UUID_TEXT_LEN + 1];
	uuid_format(&record->event, id);
	buffer_append_byte(&text, '{'); /* so that the first member has no comma */
	json_member_text(&text, "endpoint", name);
	json_member_int(&text, "seq", seq);
	json_member_text(&text, "event", span_text(id));
	json_member_int(&text, "answer_status", record->status);
	json_member_text(&text, "answer_by", span_text(answered_by_name(record->by)));
	json_member_text(&text, "answer_why", record->why);
	json_member_int(&text, "answer_after_us", record->after_us);
	buffer_drop_front(&text, 1);
	free(place->text);
	*place = (struct answered){endpoint, text.data, text.len};
}

bool answered_next(
	const struct answered_ring *ring, uint64_t *at, int64_t endpoint, struct span *text) {
	while (*at < ring->end) {
		const struct answered *answered = &ring->kept[(*at)++ % ANSWERED_KEPT];
		if (endpoint == 0 || answered->endpoint == endpoint) {
			*text = (struct span){answered->text, answered->len};
			return true;
		}
	}
	return false;
}

int64_t answered_skip_lost(const struct answered_ring *ring, uint64_t *at) {
	uint64_t oldest = ring->end > ANSWERED_KEPT ? ring->end - ANSWERED_KEPT : 0;
	int64_t lost = *at < oldest ? (int64_t)(oldest - *at) : 0;
	*at += (uint64_t)lost;
	return lost;
}
