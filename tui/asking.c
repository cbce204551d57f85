#include "tui/asking.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"

/* Longest body that is taken from a relay. */
#define BODY_MOST (INT64_C(1) << 30)

struct asking *asking_new(enum asking_kind kind, uint32_t id) {
	struct asking *asking = alloc_zero(1, sizeof *asking);
	asking->kind = kind;
	asking->id = id;
	return asking;
}

void asking_free(struct asking *asking) {
	if (!asking) {
		return;
	}
	buffer_clear(&asking->message);
	buffer_clear(&asking->head);
	buffer_clear(&asking->body);
	buffer_clear(&asking->start);
	buffer_clear(&asking->store);
	free(asking->seen);
	cJSON_Delete(asking->entry);
	frame_content_clear(&asking->content);
	free(asking);
}

void asking_meet_store(struct asking *asking, struct span store) {
	if (asking->kind != ASKING_FOLLOW || asking->gone || !asking->receiver.anew ||
		asking->store.len == 0) {
		return;
	}
	/* until it has begun there, `store` and `seen` are still of the old one */
	asking->resumed = span_equal(store, buffer_span(&asking->store));
	if (asking->resumed) {
		return;
	}
	buffer_reset(&asking->start);
	buffer_append_text(&asking->start, ",\"live_only\":true");
	asking->receiver.anew(asking->receiver.data);
}

static void append_cursors(struct buffer *out, const struct asking *asking) {
	json_member_text(out, "store", buffer_span(&asking->store));
	json_member_name(out, "cursors");
	buffer_append_byte(out, '{');
	for (size_t i = 0; i < asking->seen_count; i++) {
		json_member_int(out, asking->seen[i].endpoint, asking->seen[i].seq);
	}
	buffer_append_byte(out, '}');
}

void asking_append_message(struct buffer *out, const struct asking *asking) {
	buffer_append_span(out, buffer_span(&asking->message));
	if (asking->kind != ASKING_FOLLOW) {
		return;
	}
	if (asking->resumed) {
		append_cursors(out, asking);
	} else {
		buffer_append_span(out, buffer_span(&asking->start));
	}
	buffer_append_byte(out, '}');
}

bool asking_survives(struct asking *asking) {
	bool was_sent = asking->sent;
	cJSON_Delete(asking->entry);
	asking->entry = NULL;
	frame_content_clear(&asking->content);
	asking->sent = false;
	if (asking->kind == ASKING_LEASE && was_sent && !asking->gone) {
		asking->leased(asking->data, false, (struct span){"", 0});
	}
	return !was_sent || asking->again || asking->kind == ASKING_FOLLOW ||
	       asking->kind == ASKING_STORE || asking->kind == ASKING_LEASE ||
	       asking->kind == ASKING_LEASES || asking->kind == ASKING_STANDING;
}

void asking_fail(struct asking *asking, const struct error *err) {
	if (asking->gone) {
		return;
	}
	asking->gone = true;
	switch (asking->kind) {
	case ASKING_FOLLOW:
	case ASKING_LIST:
	case ASKING_GET:
		asking->receiver.done(asking->receiver.data, err);
		break;
	case ASKING_STORE:
		asking->stored(asking->data, &(struct client_stored){0}, err);
		break;
	case ASKING_LEASE:
		asking->leased(asking->data, false, err ? span_text(err->text) : (struct span){"", 0});
		break;
	case ASKING_LEASES:
		asking->leases_told(asking->data, NULL, 0, err);
		break;
	case ASKING_STANDING:
		asking->told(asking->data, NULL, err);
		break;
	case ASKING_OTHER:
		asking->answered(asking->data, NULL, err);
		break;
	}
}

/* Entries on an endpoint that the receiver has not seen. */
static int64_t behind_on(const struct asking *asking, const char *endpoint, int64_t head) {
	for (size_t i = 0; i < asking->seen_count; i++) {
		if (strcmp(asking->seen[i].endpoint, endpoint) == 0) {
			int64_t seq = asking->seen[i].seq;
			return head > seq ? head - seq : 0;
		}
	}
	return asking->all ? head : 0;
}

void asking_tell_resumed(struct asking *asking, const struct cJSON *welcome) {
	if (asking->gone || !asking->resumed || !asking->receiver.resumed) {
		return;
	}
	int64_t behind = 0;
	const struct cJSON *member = NULL;
	cJSON_ArrayForEach(member, cJSON_GetObjectItemCaseSensitive(welcome, "heads")) {
		int64_t head;
		if (frame_cursor_read(&head, member)) {
			behind += behind_on(asking, member->string, head);
		}
	}
	asking->receiver.resumed(asking->receiver.data, asking->position, behind);
}

static void see(struct asking *asking, struct span endpoint, int64_t seq) {
	if (asking->kind != ASKING_FOLLOW) {
		return;
	}
	for (size_t i = 0; i < asking->seen_count; i++) {
		if (span_is(endpoint, asking->seen[i].endpoint)) {
			asking->seen[i].seq = seq;
			return;
		}
	}
	if (endpoint.len == 0 || endpoint.len > ENDPOINT_NAME_LEN ||
		asking->seen_count == FRAME_CURSORS) {
		return;
	}
	asking->seen = alloc_resize(asking->seen, (asking->seen_count + 1) * sizeof *asking->seen);
	struct seen *seen = &asking->seen[asking->seen_count++];
	*seen = (struct seen){.seq = seq};
	memcpy(seen->endpoint, endpoint.data, endpoint.len);
}

/* From here on the relay's cursors are ours. */
static bool take_subscribed(struct asking *asking, const struct cJSON *object, struct error *err) {
	struct span store;
	if (!json_get_text(object, "store", &store, err)) {
		return false;
	}
	buffer_reset(&asking->store);
	buffer_append_span(&asking->store, store);
	asking->seen_count = 0;
	asking->resumed = true;
	const struct cJSON *cursor = NULL;
	cJSON_ArrayForEach(cursor, cJSON_GetObjectItemCaseSensitive(object, "cursors")) {
		int64_t seq;
		if (!frame_cursor_read(&seq, cursor)) {
			return error_set(err, ERROR_USAGE, "a cursor that is no seq");
		}
		see(asking, span_text(cursor->string), seq);
		if (asking->receiver.begins && !asking->gone) {
			asking->receiver.begins(asking->receiver.data, span_text(cursor->string), seq);
		}
	}
	return true;
}

static bool give_event(struct asking *asking, const struct cJSON *member,
	const struct client_bytes *bytes, struct error *err) {
	struct buffer texts = {0};
	struct event event;
	bool ok = event_from_json(&event, member, &texts, err);
	if (ok) {
		see(asking, event.endpoint, event.seq);
		asking->position = event.position;
		if (!asking->gone && asking->receiver.event) {
			asking->receiver.event(asking->receiver.data, &event, bytes);
		}
	}
	buffer_clear(&texts);
	return ok;
}

static bool give_delivery(struct asking *asking, const struct attempt *attempt,
	const struct cJSON *member, struct error *err) {
	struct buffer texts = {0};
	struct event event;
	bool ok = event_from_json(&event, member, &texts, err);
	if (ok && !asking->gone) {
		asking->receiver.delivery(asking->receiver.data, attempt, &event);
	}
	buffer_clear(&texts);
	return ok;
}

static bool give_attempt(struct asking *asking, const struct cJSON *member,
	const struct client_bytes *bytes, struct error *err) {
	struct buffer texts = {0};
	struct attempt attempt;
	bool ok = attempt_from_json(&attempt, member, &texts, err);
	if (ok) {
		see(asking, attempt.endpoint, attempt.seq);
		asking->position = attempt.position;
		const struct cJSON *event = cJSON_GetObjectItemCaseSensitive(member, "delivered");
		if (cJSON_IsObject(event) && asking->receiver.delivery) {
			ok = give_delivery(asking, &attempt, event, err);
		} else if (!asking->gone && asking->receiver.attempt) {
			asking->receiver.attempt(asking->receiver.data, &attempt, bytes);
		}
	}
	buffer_clear(&texts);
	return ok;
}

/* The entry is complete. */
static bool give_entry(struct asking *asking, const struct cJSON *object,
	const struct client_bytes *bytes, struct error *err) {
	const struct cJSON *event = cJSON_GetObjectItemCaseSensitive(object, "event");
	const struct cJSON *attempt = cJSON_GetObjectItemCaseSensitive(object, "attempt");
	if (cJSON_IsObject(event)) {
		return give_event(asking, event, bytes, err);
	}
	return cJSON_IsObject(attempt) ? give_attempt(asking, attempt, bytes, err)
	                               : error_set(err, ERROR_USAGE, "an entry that is none");
}

static bool give_collected(struct asking *asking, struct error *err) {
	struct cJSON *object = asking->entry;
	struct frame_content content = asking->content;
	asking->entry = NULL;
	asking->content = (struct frame_content){0};
	const struct client_bytes bytes = {frame_content_part(&content, FRAME_HEAD),
		frame_content_part(&content, FRAME_BODY), frame_content_part(&content, FRAME_TRAILERS)};
	bool ok = give_entry(asking, object, &bytes, err);
	frame_content_clear(&content);
	cJSON_Delete(object);
	return ok;
}

static bool read_lens(int64_t lens[FRAME_KINDS], const struct cJSON *object, struct error *err) {
	const struct cJSON *event = cJSON_GetObjectItemCaseSensitive(object, "event");
	const struct cJSON *attempt = cJSON_GetObjectItemCaseSensitive(object, "attempt");
	if (cJSON_IsObject(event)) {
		return json_get_int(event, "head_len", &lens[0], err) &&
		       json_get_int(event, "body_len", &lens[1], err) &&
		       json_get_int_opt(event, "trailers_len", &lens[2], err);
	}
	return json_get_int(attempt, "answer_head_len", &lens[0], err) &&
	       json_get_int(attempt, "answer_body_len", &lens[1], err);
}

/* Keeps the object until its bytes have come, or hands it out at once. */
static bool take_entry(struct asking *asking, struct cJSON **object, struct error *err) {
	if (!asking->bytes) {
		return give_entry(asking, *object, &(struct client_bytes){0}, err);
	}
	int64_t lens[FRAME_KINDS] = {0};
	if (asking->entry) {
		return error_set(err, ERROR_USAGE, "an entry before the bytes of the last one");
	}
	if (!read_lens(lens, *object, err) ||
		!frame_content_begin(&asking->content, asking->id, lens, BODY_MOST, err)) {
		return false;
	}
	asking->entry = *object;
	*object = NULL;
	return asking->content.open || give_collected(asking, err);
}

bool asking_take_bytes(struct asking *asking, const struct frame_header *header,
	struct span payload, struct error *err) {
	return asking->entry && frame_content_add(&asking->content, header, payload, err) &&
	       (asking->content.open || give_collected(asking, err));
}

static bool take_error(struct asking *asking, const struct cJSON *object, struct error *err) {
	struct span code, text;
	struct error told = {0};
	if (!json_get_text(object, "code", &code, err) || !json_get_text(object, "text", &text, err)) {
		return false;
	}
	error_set(&told, frame_error_code(code), "%.*s", (int)text.len, text.data);
	asking_fail(asking, &told);
	return true;
}

static bool take_stored(struct asking *asking, const struct cJSON *object, struct error *err) {
	struct client_stored stored = {0};
	if (!json_get_int(object, "seq", &stored.seq, err) ||
		!json_get_int(object, "number", &stored.number, err) ||
		!json_get_bool_opt(object, "late", &stored.late, err)) {
		return false;
	}
	bool told = asking->gone;
	asking->gone = true;
	if (!told) {
		asking->stored(asking->data, &stored, NULL);
	}
	return true;
}

static bool take_lease(struct asking *asking, const struct cJSON *object, struct error *err) {
	bool mine = false;
	struct span holder = span_text("");
	bool ok = json_get_bool_opt(object, "mine", &mine, err) &&
	          json_get_text_opt(object, "holder", &holder, err);
	if (ok && !asking->gone) {
		asking->leased(asking->data, mine, holder);
	}
	return ok;
}

static bool read_held(struct client_held *held, const struct cJSON *lease, struct error *err) {
	*held = (struct client_held){.endpoint = span_text("")};
	return json_get_text_opt(lease, "endpoint", &held->endpoint, err) &&
	       json_get_text(lease, "target", &held->target, err) &&
	       json_get_text(lease, "holder", &held->holder, err);
}

static bool take_leases(struct asking *asking, const struct cJSON *object, struct error *err) {
	struct client_held *held = alloc_zero(FRAME_LEASES, sizeof *held);
	size_t count = 0;
	bool ok = true;
	const struct cJSON *lease = NULL;
	cJSON_ArrayForEach(lease, cJSON_GetObjectItemCaseSensitive(object, "leases")) {
		if (count == FRAME_LEASES || !(ok = read_held(&held[count], lease, err))) {
			break;
		}
		count++;
	}
	if (ok && !asking->gone) {
		asking->leases_told(asking->data, held, count, NULL);
	}
	free(held);
	return ok;
}

static bool take_answered(
	const struct asking *asking, const struct cJSON *object, struct error *err) {
	const struct client_receiver *receiver = &asking->receiver;
	struct span text;
	struct uuid event;
	if (!json_get_text(object, "event", &text, err) || !uuid_parse(&event, text)) {
		return false;
	}
	if (receiver->answered) {
		receiver->answered(receiver->data, &event);
	}
	return true;
}

static bool take_annotated(
	const struct asking *asking, const struct cJSON *object, struct error *err) {
	const struct client_receiver *receiver = &asking->receiver;
	struct span text;
	struct uuid event;
	struct annotation annotation;
	if (!json_get_text(object, "event", &text, err) || !uuid_parse(&event, text) ||
		!annotation_from_json(&annotation, object, err)) {
		return false;
	}
	if (receiver->annotated) {
		receiver->annotated(receiver->data, &event, &annotation);
	}
	return true;
}

/* Frames of a subscription that are neither entries nor its end. */
static bool take_passing(
	struct asking *asking, struct span type, const struct cJSON *object, struct error *err) {
	struct span endpoint = span_text(""), why = span_text("");
	int64_t from = 0, to = 0, seq = 0, changed = 0, entries = 0;
	const struct client_receiver *receiver = &asking->receiver;
	if (!json_get_text_opt(object, "endpoint", &endpoint, err) ||
		!json_get_text_opt(object, "text", &why, err) ||
		!json_get_int_opt(object, "from", &from, err) ||
		!json_get_int_opt(object, "to", &to, err) || !json_get_int_opt(object, "seq", &seq, err) ||
		!json_get_int_opt(object, "changed", &changed, err) ||
		!json_get_int_opt(object, "entries", &entries, err)) {
		return false;
	}
	if (span_is(type, "cursor")) {
		see(asking, endpoint, seq);
	} else if (span_is(type, "caught_up") && receiver->caught_up) {
		receiver->caught_up(receiver->data);
	} else if (span_is(type, "gap") && receiver->gap) {
		receiver->gap(receiver->data, endpoint, from, to, why);
	} else if (span_is(type, "judged") && receiver->judged) {
		receiver->judged(receiver->data, endpoint, changed);
	} else if (span_is(type, "skipped") && receiver->skipped) {
		receiver->skipped(receiver->data, entries);
	} /* else: of a newer relay */
	return true;
}

static bool take_progress(struct asking *asking, const struct cJSON *object, struct error *err) {
	struct client_progress told = {0};
	bool ok = json_get_int(object, "looked", &told.looked, err) &&
	          json_get_int(object, "from", &told.from, err) &&
	          json_get_int(object, "at", &told.at, err) &&
	          json_get_int(object, "until", &told.until, err);
	if (ok && !asking->gone && asking->receiver.progress) {
		asking->receiver.progress(asking->receiver.data, &told);
	}
	return ok;
}

bool asking_take_frame(
	struct asking *asking, struct span type, struct cJSON **object, struct error *err) {
	if (span_is(type, "error")) {
		return take_error(asking, *object, err);
	}
	bool streams = asking->kind <= ASKING_GET;
	bool over = false;
	if (streams && (span_is(type, "event") || span_is(type, "attempt"))) {
		take_entry(asking, object, err);
	} else if (streams && span_is(type, "done")) {
		asking_fail(asking, NULL);
		over = true;
	} else if (asking->kind == ASKING_LIST && span_is(type, "progress")) {
		take_progress(asking, *object, err);
	} else if (asking->kind == ASKING_FOLLOW && span_is(type, "subscribed")) {
		take_subscribed(asking, *object, err);
	} else if (asking->kind == ASKING_FOLLOW && span_is(type, "answered") && !asking->gone) {
		take_answered(asking, *object, err);
	} else if (asking->kind == ASKING_FOLLOW && span_is(type, "annotated") && !asking->gone) {
		take_annotated(asking, *object, err);
	} else if (asking->kind == ASKING_FOLLOW && !asking->gone) {
		take_passing(asking, type, *object, err);
	} else if (asking->kind == ASKING_STORE && span_is(type, "stored")) {
		return take_stored(asking, *object, err);
	} else if (asking->kind == ASKING_LEASE && span_is(type, "lease")) {
		take_lease(asking, *object, err);
	} else if (asking->kind == ASKING_LEASES && span_is(type, "leases")) {
		take_leases(asking, *object, err);
	} else if (asking->kind == ASKING_STANDING && !asking->gone) {
		asking->told(asking->data, *object, NULL);
	} else if (asking->kind == ASKING_OTHER && !asking->gone && span_is(type, "progress")) {
		if (asking->progress) {
			asking->progress(asking->data, *object);
		}
	} else if (asking->kind == ASKING_OTHER && !asking->gone) {
		asking->gone = true;
		asking->answered(asking->data, *object, NULL);
		over = true;
	}
	return over;
}
