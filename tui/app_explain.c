/* What is asked of the relay because it has the secrets: why a signature is not right, a history judged again. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/signature/scheme_facts.h"
#include "tui/app_parts.h"

/* The texts that differ, raw bytes as Latin-1. */
struct texts {
	struct buffer before, received, signed_for, after;
};

static bool read_text(
	const struct cJSON *object, const char *name, struct buffer *bytes, struct error *err) {
	struct span text;
	return json_get_text(object, name, &text, err) &&
	       (json_bytes_from_text(bytes, text) ||
			   error_set(err, ERROR_REFUSED, "the relay's answer is not one"));
}

static bool read_explanation(const struct cJSON *answer, struct msg_explanation *told,
	struct texts *texts, struct error *err) {
	const struct cJSON *object = cJSON_GetObjectItemCaseSensitive(answer, "explanation");
	const struct cJSON *text = cJSON_GetObjectItemCaseSensitive(object, "text");
	if (!cJSON_IsObject(object)) {
		return error_set(err, ERROR_REFUSED, "the relay's answer is not one");
	}
	struct span cause = {0};
	json_get_text_opt(object, "cause", &cause, NULL);
	json_get_text_opt(object, "secret", &told->secret, NULL);
	told->cause = explain_cause_of(cause);
	if (!json_get_text(object, "sentence", &told->sentence, err) || !cJSON_IsObject(text)) {
		return err->code == ERROR_NONE;
	}
	told->differs = json_get_int(text, "at", &told->at, err) &&
	                read_text(text, "before", &texts->before, err) &&
	                read_text(text, "received", &texts->received, err) &&
	                read_text(text, "signed", &texts->signed_for, err) &&
	                read_text(text, "after", &texts->after, err);
	told->before = buffer_span(&texts->before);
	told->received = buffer_span(&texts->received);
	told->signed_for = buffer_span(&texts->signed_for);
	told->after = buffer_span(&texts->after);
	return told->differs;
}

static void on_explained(void *data, const struct cJSON *answer, const struct error *err) {
	struct app *app = data;
	struct msg_explanation told = {0};
	struct texts texts = {0};
	struct error wrong = {0};
	app->explain = 0;
	if (err && err->code == ERROR_USAGE) {
		error_set(&wrong, ERROR_USAGE, "this relay is too old to say it");
		err = &wrong;
	} else if (!err && !read_explanation(answer, &told, &texts, &wrong)) {
		err = &wrong;
	}
	app_tell(app, &(struct msg){.type = MSG_EXPLAINED,
					  .id = &app->explained,
					  .explanation = err ? NULL : &told,
					  .error = err});
	buffer_clear(&texts.before);
	buffer_clear(&texts.received);
	buffer_clear(&texts.signed_for);
	buffer_clear(&texts.after);
}

static client_request ask(
	struct app *app, const char *type, const struct uuid *id, client_answer_fn *answered) {
	char ref[UUID_TEXT_LEN + 1];
	struct buffer object = {0};
	uuid_format(id, ref);
	buffer_printf(&object, "{\"type\":\"%s\",\"ref\":\"%s\"}", type, ref);
	client_request request = client_ask(app->client, buffer_span(&object), answered, app);
	buffer_clear(&object);
	return request;
}

void app_explain(struct app *app, const struct uuid *id) {
	client_cancel(app->client, app->explain);
	app->explained = *id;
	app->explain = ask(app, "explain", id, on_explained);
}

static void on_scheme(void *data, const struct cJSON *answer, const struct error *err) {
	struct app *app = data;
	struct scheme_facts facts = {0};
	struct error wrong = {0};
	app->scheme = 0;
	if (!err && !scheme_facts_from_json(
					&facts, cJSON_GetObjectItemCaseSensitive(answer, "scheme"), &wrong)) {
		err = &wrong;
	}
	app_tell(app,
		&(struct msg){
			.type = MSG_SCHEME, .id = &app->schemed, .scheme = err ? NULL : &facts, .error = err});
	scheme_facts_clear(&facts);
}

void app_scheme(struct app *app, const struct uuid *id) {
	client_cancel(app->client, app->scheme);
	app->schemed = *id;
	app->scheme = ask(app, "scheme", id, on_scheme);
}

static void on_reverified(void *data, const struct cJSON *answer, const struct error *err) {
	struct app *app = data;
	struct error wrong = {0};
	int64_t events = 0, changed = 0;
	if (!err && (!json_get_int(answer, "events", &events, &wrong) ||
					!json_get_int(answer, "changed", &changed, &wrong))) {
		err = &wrong;
	}
	if (err) {
		app_note_error(app, err);
		return;
	}
	struct buffer text = {0};
	buffer_printf(&text, "%" PRId64 " of %" PRId64 " verdicts are others now", changed, events);
	app_note(app, buffer_text(&text));
	buffer_clear(&text);
}

static void on_progress(void *data, const struct cJSON *progress) {
	int64_t at = 0, until = 0, changed = 0;
	struct buffer text = {0};
	if (json_get_int(progress, "at", &at, NULL) && json_get_int(progress, "until", &until, NULL) &&
		json_get_int(progress, "changed", &changed, NULL) && until > 0) {
		buffer_printf(&text, "judged again: %" PRId64 " %%, %" PRId64 " verdicts changed so far",
			at * 100 / until, changed);
		app_note(data, buffer_text(&text));
	}
	buffer_clear(&text);
}

void app_reverify(struct app *app, struct span endpoint, struct span filter) {
	struct buffer object = {0};
	buffer_append_text(&object, "{\"type\":\"endpoint.reverify\"");
	json_member_text(&object, "name", endpoint);
	if (filter.len > 0) {
		json_member_text(&object, "filter", filter);
	}
	json_member_bool(&object, "progress", true);
	buffer_append_byte(&object, '}');
	client_ask_long(app->client, buffer_span(&object), on_progress, on_reverified, app);
	buffer_clear(&object);
}
