#include "tui/annotate_ask.h"

#include "common/json.h"

client_request annotate_ask(struct client *client, struct span ref, int marked, struct span note,
	struct span who, client_answer_fn *answered, void *data) {
	const struct client_upload upload = {.again = true};
	struct buffer object = {0};
	buffer_append_byte(&object, '{');
	json_member_text(&object, "type", span_text("annotate"));
	json_member_text(&object, "ref", ref);
	if (marked >= 0) {
		json_member_bool(&object, "marked", marked == 1);
	}
	if (note.data) {
		json_member_text(&object, "note", note);
	}
	json_member_text(&object, "who", who);
	buffer_append_byte(&object, '}');
	client_request request = client_ask_with(client, buffer_span(&object), &upload, answered, data);
	buffer_clear(&object);
	return request;
}
