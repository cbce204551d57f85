#include "common/event_words.h"

#include "common/words.h"

static const char *by(enum answered_by by) {
	switch (by) {
	case ANSWERED_BY_APP:
		return "to the sender, by the app";
	case ANSWERED_BY_FALLBACK:
		return "to the sender, by the relay in place of the app";
	case ANSWERED_BY_SCRIPT:
		return "to the sender, by the script of the endpoint";
	case ANSWERED_BY_HANDSHAKE:
		return "to the sender, as its provider asks";
	case ANSWERED_BY_REJECT:
		return "to the sender, by the relay: the endpoint is strict";
	case ANSWERED_BY_WAITING:
		return "nothing yet: the sender waits";
	case ANSWERED_BY_NOBODY:
		return "nothing";
	case ANSWERED_BY_UNKNOWN:
	case ANSWERED_BY_FIXED:
		break;
	}
	return "to the sender, by the relay";
}

void event_append_answered(struct buffer *out, const struct event *event) {
	buffer_append_text(out, by(event->answer_by));
	if (event->answer_after_us > 0) {
		buffer_append_text(out, ", after ");
		words_append_took(out, event->answer_after_us);
	}
	if (event->answer_why.len > 0) {
		buffer_append_text(out, ": ");
		buffer_append_span(out, event->answer_why);
	}
}

void event_append_annotation(struct buffer *out, const struct event *event, bool with_time) {
	const struct annotation *annotation = &event->annotation;
	if (!annotation->marked && annotation->note.len == 0) {
		return;
	}
	buffer_append_text(out, annotation->marked ? "marked" : "note");
	if (annotation->who.len > 0) {
		buffer_append_text(out, " by ");
		buffer_append_span(out, annotation->who);
	}
	if (with_time && annotation->at_ns > 0) {
		buffer_append_text(out, ", ");
		words_append_time(out, annotation->at_ns, true);
	}
	if (annotation->note.len > 0) {
		buffer_append_text(out, ": ");
		buffer_append_span(out, annotation->note);
	}
}
