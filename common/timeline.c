#include "common/timeline.h"

#include <inttypes.h>

#include "common/moment.h"
#include "common/words.h"

void timeline_append_gap(struct buffer *out, int64_t before_ns, int64_t at_ns) {
	int64_t ms = (at_ns - before_ns) / MOMENT_NS_PER_MS;
	if (before_ns == 0) {
		return;
	}
	if (ms <= 0) {
		buffer_append_byte(out, '=');
		return;
	}
	buffer_append_byte(out, '+');
	words_append_duration(out, ms);
}

void timeline_append_outcome(struct buffer *out, const struct event *event) {
	bool good = event->last_status >= 200 && event->last_status <= 299;
	if (event->attempts == 0) {
		buffer_append_text(out, "not delivered");
		return;
	}
	if (event->last_status > 0) {
		buffer_append_int(out, event->last_status);
	} else {
		buffer_append_text(out, "no answer");
	}
	if (event->attempts > 1) {
		buffer_printf(out, "%s%" PRId64 " tries", good ? " after " : ", ", event->attempts);
	}
}
