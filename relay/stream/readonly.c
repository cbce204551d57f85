/* `readonly`: from now on this connection may only look. */
#include "common/json.h"
#include "relay/stream/request.h"

bool readonly_begin(
	struct session *session, uint32_t id, const struct cJSON *object, struct error *err) {
	struct buffer out = {0};
	(void)object;
	(void)err;
	session_make_readonly(session);
	request_message(&out, "answer", id);
	json_member_bool(&out, "readonly", true);
	buffer_append_byte(&out, '}');
	session_reply(session, buffer_span(&out));
	buffer_clear(&out);
	return true;
}
