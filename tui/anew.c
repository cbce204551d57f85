#include "tui/anew.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/json.h"

struct question {
	anew_told_fn *told;
	void *data;
};

void anew_clear(struct anew *anew) {
	buffer_clear(&anew->lines);
	buffer_clear(&anew->how);
}

struct resign anew_resign(const struct anew *anew) {
	return (struct resign){buffer_span(&anew->lines), buffer_span(&anew->how)};
}

static bool read_answer(struct anew *anew, const struct cJSON *answer, struct error *err) {
	struct span headers, secret, at;
	if (!json_get_text(answer, "headers", &headers, err) ||
		!json_get_text(answer, "secret", &secret, err) ||
		!json_get_text(answer, "signed_at", &at, err)) {
		return false;
	}
	if (!json_bytes_from_text(&anew->lines, headers)) {
		return error_set(err, ERROR_REFUSED, "the relay's answer holds no header lines");
	}
	/* seconds are enough for people */
	size_t seconds = span_find(at, '.');
	buffer_printf(&anew->how, "signed anew with secret %.*s at %.*s%s", (int)secret.len,
		secret.data, (int)seconds, at.data, seconds < at.len ? "Z" : "");
	return true;
}

static void on_answer(void *data, const struct cJSON *answer, const struct error *err) {
	struct question question = *(struct question *)data;
	struct anew anew = {0};
	struct error wrong = {0};
	free(data);
	if (!err && !read_answer(&anew, answer, &wrong)) {
		err = &wrong;
	}
	if (err && err->code == ERROR_NO) {
		buffer_printf(&anew.how, "not signed anew: %s", err->text);
		err = NULL;
	} else if (err && err->code == ERROR_USAGE) {
		buffer_append_text(&anew.how, "not signed anew: this relay is too old to do that");
		err = NULL;
	}
	question.told(question.data, &anew, err);
	anew_clear(&anew);
}

void anew_ask(struct client *client, const struct event_ref *ref, anew_told_fn *told, void *data) {
	struct buffer object = {0}, name = {0};
	struct question *question = alloc_zero(1, sizeof *question);
	*question = (struct question){told, data};
	if (ref->by_id) {
		char id[UUID_TEXT_LEN + 1];
		uuid_format(&ref->id, id);
		buffer_append_text(&name, id);
	} else {
		event_append_ref(&name, ref->endpoint, ref->seq);
	}
	buffer_append_text(&object, "{\"type\":\"sign\"");
	json_member_text(&object, "ref", buffer_span(&name));
	buffer_append_byte(&object, '}');
	client_ask(client, buffer_span(&object), on_answer, question);
	buffer_clear(&object);
	buffer_clear(&name);
}

void anew_ask_draft(
	struct client *client, const struct anew_draft *draft, anew_told_fn *told, void *data) {
	const struct client_upload upload = {draft->head, draft->body, true};
	struct buffer object = {0};
	struct question *question = alloc_zero(1, sizeof *question);
	*question = (struct question){told, data};
	buffer_append_text(&object, "{\"type\":\"sign\"");
	json_member_text(&object, "endpoint", draft->endpoint);
	json_member_text(&object, "provider", draft->provider);
	json_member_text(&object, "secret", draft->secret);
	json_member_int(&object, "head_len", (int64_t)draft->head.len);
	json_member_int(&object, "body_len", (int64_t)draft->body.len);
	buffer_append_byte(&object, '}');
	client_ask_with(client, buffer_span(&object), &upload, on_answer, question);
	buffer_clear(&object);
}
