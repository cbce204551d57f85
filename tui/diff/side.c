#include "tui/diff/side.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void side_take_event(
	struct side *side, const struct event *event, struct span head, struct span body) {
	side_empty(side);
	side->event = event_copy(event);
	buffer_append_span(&side->head, head);
	buffer_append_span(&side->body, body);
}

static void drop_attempt(struct side_attempt *attempt) {
	free(attempt->attempt);
	buffer_clear(&attempt->head);
	buffer_clear(&attempt->body);
	*attempt = (struct side_attempt){0};
}

void side_take_attempt(
	struct side *side, const struct attempt *attempt, struct span head, struct span body) {
	if (side->attempt_count == SIDE_ATTEMPTS_MAX) {
		/* the one that is asked for stays, however old it is */
		size_t goes = side->attempts[0].attempt->number == side->number ? 1 : 0;
		drop_attempt(&side->attempts[goes]);
		side->attempt_count--;
		memmove(&side->attempts[goes], &side->attempts[goes + 1],
			(side->attempt_count - goes) * sizeof *side->attempts);
	}
	struct side_attempt *kept = &side->attempts[side->attempt_count++];
	*kept = (struct side_attempt){.attempt = attempt_copy(attempt)};
	buffer_append_span(&kept->head, head);
	buffer_append_span(&kept->body, body);
}

void side_empty(struct side *side) {
	int64_t number = side->number;
	free(side->event);
	buffer_clear(&side->head);
	buffer_clear(&side->body);
	for (size_t i = 0; i < side->attempt_count; i++) {
		drop_attempt(&side->attempts[i]);
	}
	*side = (struct side){.number = number};
}

static size_t chosen(const struct side *side) {
	size_t i = side->attempt_count;
	while (i > 0 && side->number > 0 && side->attempts[i - 1].attempt->number != side->number) {
		i--;
	}
	return i;
}

const struct side_attempt *side_attempt(const struct side *side) {
	size_t behind = chosen(side);
	return behind > 0 ? &side->attempts[behind - 1] : NULL;
}

int64_t side_attempt_before(const struct side *side) {
	size_t behind = chosen(side);
	return behind > 1 ? side->attempts[behind - 2].attempt->number : 0;
}

void side_append_request(struct buffer *out, const struct side *side) {
	const struct side_attempt *attempt = side_attempt(side);
	if (!attempt) {
		return;
	}
	const struct attempt *sent = attempt->attempt;
	buffer_append_span(out, side->event->method);
	buffer_append_byte(out, ' ');
	buffer_append_span(out, sent->target);
	buffer_printf(out, "\r\ncause: %s\r\nchanged: ", cause_name(sent->cause));
	buffer_append_span(out, sent->changes.len > 0 ? sent->changes : span_text("nothing"));
	buffer_append_text(out, "\r\nsent by: ");
	buffer_append_span(out, sent->who);
	buffer_append_text(out, "\r\n");
}

void side_append_ref(struct buffer *out, const struct side *side) {
	if (side->event) {
		event_append_ref(out, side->event->endpoint, side->event->seq);
	}
	if (side->number > 0) {
		buffer_printf(out, "@%" PRId64, side->number);
	}
}

bool side_ref_parse(struct event_ref *ref, int64_t *number, struct span text, struct error *err) {
	size_t at = text.len;
	*number = 0;
	while (at > 0 && text.data[at - 1] >= '0' && text.data[at - 1] <= '9') {
		at--;
	}
	if (at > 1 && at < text.len && text.len - at <= 9 && text.data[at - 1] == '@') {
		for (size_t i = at; i < text.len; i++) {
			*number = *number * 10 + (text.data[i] - '0');
		}
		text.len = at - 1;
		if (*number == 0) {
			return error_set(err, ERROR_USAGE, "attempts are counted from 1");
		}
	}
	return event_ref_parse(ref, text, err);
}

static void append_quoted(struct buffer *out, struct span text) {
	buffer_append_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		/* what a filter cannot say is left to its wildcard */
		bool special = text.data[i] == '"' || text.data[i] == '\\';
		buffer_append_byte(out, special ? '*' : text.data[i]);
	}
	buffer_append_byte(out, '"');
}

void side_append_good_filter(struct buffer *out, const struct event *event) {
	buffer_append_text(out, "endpoint:");
	buffer_append_span(out, event->endpoint);
	if (event->type.len > 0) {
		buffer_append_text(out, " type:");
		append_quoted(out, event->type);
	}
	buffer_append_text(out, " verdict:valid status:2xx");
}
