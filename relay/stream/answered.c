#include "relay/stream/answered.h"

#include <stdlib.h>

#include "common/json.h"

void answered_clear(struct answered_ring *ring) {
	for (size_t i = 0; i < ANSWERED_KEPT; i++) {
		free(ring->kept[i].text);
	}
	*ring = (struct answered_ring){0};
}

/* `text` begins with a brace, so that its first member has no comma. */
static void push(
	struct answered_ring *ring, int64_t endpoint, const char *type, struct buffer *text) {
	struct answered *place = &ring->kept[ring->end++ % ANSWERED_KEPT];
	buffer_drop_front(text, 1);
	free(place->text);
	*place = (struct answered){endpoint, type, text->data, text->len};
}

static void append_event(
	struct buffer *out, struct span name, int64_t seq, const struct uuid *event) {
	char id[UUID_TEXT_LEN + 1];
	uuid_format(event, id);
	json_member_text(out, "endpoint", name);
	json_member_int(out, "seq", seq);
	json_member_text(out, "event", span_text(id));
}

void answered_append_annotated(struct buffer *out, struct span name, const struct annotated *told) {
	append_event(out, name, told->seq, &told->event);
	annotation_append_json_members(out, &told->annotation);
}

void answered_push_annotated(
	struct answered_ring *ring, struct span name, const struct annotated *told) {
	struct buffer text = {0};
	buffer_append_byte(&text, '{');
	answered_append_annotated(&text, name, told);
	push(ring, told->endpoint, "annotated", &text);
}

void answered_push(struct answered_ring *ring, int64_t endpoint, struct span name, int64_t seq,
	const struct answer_record *record) {
	struct buffer text = {0};
	buffer_append_byte(&text, '{');
	append_event(&text, name, seq, &record->event);
	json_member_int(&text, "answer_status", record->status);
	json_member_text(&text, "answer_by", span_text(answered_by_name(record->by)));
	json_member_text(&text, "answer_why", record->why);
	json_member_int(&text, "answer_after_us", record->after_us);
	push(ring, endpoint, "answered", &text);
}

bool answered_next(const struct answered_ring *ring, uint64_t *at, int64_t endpoint,
	const char **type, struct span *text) {
	while (*at < ring->end) {
		const struct answered *answered = &ring->kept[(*at)++ % ANSWERED_KEPT];
		if (endpoint == 0 || answered->endpoint == endpoint) {
			*type = answered->type;
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
