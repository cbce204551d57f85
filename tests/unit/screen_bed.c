#include "tests/unit/screen_bed.h"

#include <string.h>

#include "tests/unit/unit.h"

#define BED_BEGAN_MS 100000

static struct uuid id_of(int64_t seq) {
	struct uuid id = {{0}};
	memcpy(id.bytes, &seq, sizeof seq);
	return id;
}

const struct event *bed_event(int64_t seq) {
	static struct event event;
	event = (struct event){.id = id_of(seq),
		.endpoint = span_text("stripe"),
		.seq = seq,
		.position = seq,
		.received_at_ns = (BED_BEGAN_MS - 1000 + seq) * INT64_C(1000000),
		.method = span_text("POST"),
		.target = span_text("/e/stripe/hooks"),
		.path_offset = 9,
		.body_len = 12,
		.provider = span_text("stripe"),
		.type = span_text("charge.succeeded"),
		.verdict = VERDICT_VALID};
	return &event;
}

const struct attempt *bed_attempt(int64_t seq, int64_t number, int64_t status) {
	static struct attempt attempt;
	attempt = (struct attempt){.event = id_of(seq),
		.endpoint = span_text("stripe"),
		.event_seq = seq,
		.number = number,
		.cause = CAUSE_FORWARD,
		.target = span_text("http://localhost:3000/hooks"),
		.status = status,
		.error = span_text(status > 0 ? "" : "connection refused"),
		.took_us = 1500};
	return &attempt;
}

void bed_tick(struct model *model, int64_t now_ms) {
	update(model, &(struct msg){.type = MSG_TICK, .now_ms = now_ms});
}

void bed_page(struct model *model, int64_t from, int64_t to) {
	uint32_t page = model->page.number;
	assert_int_not_equal(page, 0);
	bool down = model->page.newest_first;
	for (int64_t i = from; i <= to; i++) {
		const struct event *event = bed_event(down ? to - (i - from) : i);
		update(model, &(struct msg){.type = MSG_PAGE_ROW, .page = page, .event = event});
	}
	int64_t count = to >= from ? to - from + 1 : 0;
	update(model, &(struct msg){.type = MSG_PAGE_DONE, .page = page, .number = count});
}

void bed_begin(struct model *model, int64_t count, bool older) {
	struct msg_live live = {.relay_url = span_text("ws://127.0.0.1:8081"),
		.ingest_url = span_text("http://127.0.0.1:8080")};
	model_init(model, false, "alice@laptop");
	bed_tick(model, BED_BEGAN_MS);
	update(model, &(struct msg){.type = MSG_LIVE, .live = &live});
	bed_page(model, 1, count);
	model->window.older = older;
	bed_has_effect(model, EFFECT_QUIT);
}

void bed_key(struct model *model, uint32_t key) {
	update(model, &(struct msg){.type = MSG_KEY, .key = key});
}

void bed_type(struct model *model, const char *text) {
	for (; *text; text++) {
		bed_key(model, (unsigned char)*text);
	}
}

void bed_live_event(struct model *model, int64_t seq) {
	update(model, &(struct msg){.type = MSG_EVENT, .event = bed_event(seq)});
}

void bed_detail(struct model *model, int64_t seq, const char *body) {
	struct msg_bytes bytes = {.head = span_text("POST /e/stripe/hooks HTTP/1.1\r\nHost: a\r\n\r\n"),
		.body = span_text(body)};
	update(model, &(struct msg){.type = MSG_DETAIL, .event = bed_event(seq), .bytes = &bytes});
	update(model, &(struct msg){.type = MSG_DETAIL_DONE});
}

struct effect bed_effect(struct model *model, enum effect_type type) {
	struct effect effect;
	while (effects_take(&model->effects, &effect)) {
		if (effect.type == type) {
			return effect;
		}
		effect_clear(&effect);
	}
	fail_msg("no effect of type %d", (int)type);
	return effect;
}

bool bed_has_effect(struct model *model, enum effect_type type) {
	bool found = false;
	struct effect effect;
	while (effects_take(&model->effects, &effect)) {
		found = found || effect.type == type;
		effect_clear(&effect);
	}
	return found;
}

void bed_asks_again(struct model *model, enum effect_type type) {
	bed_has_effect(model, EFFECT_QUIT); /* none is left of before */
	bed_tick(model, BED_BEGAN_MS + 1000);
	assert_false(bed_has_effect(model, type));
	bed_tick(model, BED_BEGAN_MS + 2500);
	assert_true(bed_has_effect(model, type));
	bed_tick(model, BED_BEGAN_MS + 10000);
	assert_false(bed_has_effect(model, type));
}
