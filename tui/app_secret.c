/* The secrets of an endpoint: told by their labels, added, never kept here. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>

#include "common/json.h"
#include "tui/app_parts.h"

static void keep(char *out, size_t size, const cJSON *object, const char *name) {
	struct span text = {0};
	json_get_text_opt(object, name, &text, NULL);
	snprintf(out, size, "%.*s", (int)text.len, text.len > 0 ? text.data : "");
}

static void read_secrets(struct secret_panel *panel, const cJSON *endpoint) {
	const cJSON *secret, *secrets = cJSON_GetObjectItemCaseSensitive(endpoint, "secrets");
	keep(panel->provider, sizeof panel->provider, endpoint, "provider");
	cJSON_ArrayForEach(secret, secrets) {
		if (panel->count == SECRETS_SHOWN) {
			panel->more = true;
			return;
		}
		struct secret_label *label = &panel->list[panel->count++];
		keep(label->label, sizeof label->label, secret, "label");
		keep(label->provider, sizeof label->provider, secret, "provider");
		keep(label->fingerprint, sizeof label->fingerprint, secret, "fingerprint");
	}
}

static void on_list(void *data, const cJSON *answer, const struct error *err) {
	struct app *app = data;
	struct secret_panel told = {0};
	const cJSON *endpoint, *list = cJSON_GetObjectItemCaseSensitive(answer, "endpoints");
	snprintf(told.endpoint, sizeof told.endpoint, "%s", app->secrets_of);
	cJSON_ArrayForEach(endpoint, list) {
		struct span name = {0};
		if (json_get_text_opt(endpoint, "name", &name, NULL) && span_is(name, app->secrets_of)) {
			read_secrets(&told, endpoint);
		}
	}
	app_tell(app, &(struct msg){.type = MSG_SECRETS, .secrets = &told, .error = err});
}

void app_secrets(struct app *app, const char *endpoint) {
	snprintf(app->secrets_of, sizeof app->secrets_of, "%s", endpoint);
	client_ask(app->client, span_text("{\"type\":\"endpoint.list\"}"), on_list, app);
}

static void on_added(void *data, const cJSON *answer, const struct error *err) {
	struct app *app = data;
	int64_t events = 0, changed = 0;
	if (err) {
		app_note_error(app, err);
		return;
	}
	struct buffer text = {0};
	json_get_int_opt(answer, "events", &events, NULL);
	json_get_int_opt(answer, "changed", &changed, NULL);
	buffer_printf(&text,
		"the secret is kept: of %" PRId64 " events judged again %" PRId64
		" have another verdict now",
		events, changed);
	app_note(app, buffer_text(&text));
	buffer_clear(&text);
}

void app_secret(struct app *app, struct effect *effect) {
	struct buffer object = {0};
	/* so that no copy is left behind when it grows: each byte may become six */
	buffer_reserve(&object, 6 * effect->body.len + 2048);
	buffer_append_text(&object, "{\"type\":\"endpoint.set\"");
	json_member_text(&object, "name", buffer_span(&effect->text));
	json_member_name(&object, "secrets");
	buffer_append_text(&object, "[{");
	json_member_text(&object, "label", buffer_span(&effect->filter));
	json_member_bytes(&object, "value", buffer_span(&effect->body));
	buffer_append_text(&object, "}]}");
	client_ask(app->client, buffer_span(&object), on_added, app);
	OPENSSL_cleanse(object.data, object.capacity);
	buffer_clear(&object);
	OPENSSL_cleanse(effect->body.data, effect->body.capacity);
}
