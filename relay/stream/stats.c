/* `stats`: how many events there were, from counts that the store keeps. */
#include <time.h>

#include "common/counts.h"
#include "common/json.h"
#include "common/moment.h"
#include "relay/stream/request.h"
#include "relay/stream/stream_parts.h"

static bool read_span(enum counts_span *span, const struct cJSON *object, struct error *err) {
	struct span text = span_text(counts_widths[COUNTS_HOUR].name);
	return json_get_text_opt(object, "span", &text, err) &&
	       (counts_span_of(span, text) ||
			   error_set(err, ERROR_USAGE, "expected \"1h\", \"24h\" or \"7d\" at .span"));
}

bool stats_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct counts counts = {0};
	struct timespec now;
	if (!read_span(&counts.span, object, err)) {
		return false;
	}
	clock_gettime(CLOCK_REALTIME, &now);
	store_count(
		session_stream(session)->store, now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec, &counts);
	struct buffer out = {0};
	request_message(&out, "answer", id);
	json_member_name(&out, "stats");
	counts_append_json(&out, &counts);
	buffer_append_byte(&out, '}');
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
	counts_clear(&counts);
	return true;
}
