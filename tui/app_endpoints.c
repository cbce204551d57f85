/* The relay's endpoints, and what came to each, for the screen. */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "common/counts.h"
#include "common/json.h"
#include "tui/app_parts.h"

static void keep(char *out, size_t size, const cJSON *object, const char *name) {
	struct span text = {0};
	json_get_text_opt(object, name, &text, NULL);
	snprintf(out, size, "%.*s", (int)text.len, text.len > 0 ? text.data : "");
}

static void read_labels(struct endpoint_row *row, const cJSON *endpoint) {
	const cJSON *secret, *secrets = cJSON_GetObjectItemCaseSensitive(endpoint, "secrets");
	struct buffer labels = {0};
	cJSON_ArrayForEach(secret, secrets) {
		struct span label = {0};
		json_get_text_opt(secret, "label", &label, NULL);
		buffer_append_text(&labels, labels.len > 0 ? ", " : "");
		buffer_append_span(&labels, label);
	}
	snprintf(row->secrets, sizeof row->secrets, "%s", buffer_text(&labels));
	buffer_clear(&labels);
}

/* Without an answer an older relay says 200 at once. */
static void read_answer(struct endpoint_row *row, const cJSON *endpoint) {
	const cJSON *answer = cJSON_GetObjectItemCaseSensitive(endpoint, "answer");
	struct span mode = {0};
	row->status = 200;
	json_get_text_opt(answer, "mode", &mode, NULL);
	json_get_int_opt(answer, "status", &row->status, NULL);
	json_get_int_opt(answer, "delay_ms", &row->delay_ms, NULL);
	json_get_int_opt(answer, "after_ms", &row->after_ms, NULL);
	keep(row->script, sizeof row->script, answer, "left");
	row->for_app = span_is(mode, "app");
}

static void on_list(void *data, const cJSON *answer, const struct error *err) {
	struct app *app = data;
	struct endpoints_panel told = {0};
	const cJSON *endpoint, *list = cJSON_GetObjectItemCaseSensitive(answer, "endpoints");
	cJSON_ArrayForEach(endpoint, list) {
		struct endpoint_row *row = endpoints_panel_add(&told);
		if (!row) {
			break;
		}
		keep(row->name, sizeof row->name, endpoint, "name");
		keep(row->provider, sizeof row->provider, endpoint, "provider");
		keep(row->host, sizeof row->host, endpoint, "host");
		json_get_bool_opt(endpoint, "reject_invalid", &row->rejects, NULL);
		read_labels(row, endpoint);
		read_answer(row, endpoint);
	}
	app_tell(app, &(struct msg){.type = MSG_ENDPOINTS, .endpoints = &told, .error = err});
	endpoints_panel_clear(&told);
}

static void on_counts(void *data, const cJSON *answer, const struct error *err) {
	app_tell_counts(data, MSG_ENDPOINT_COUNTS, answer, err);
}

void app_endpoints(struct app *app) {
	client_ask(app->client, span_text("{\"type\":\"endpoint.list\"}"), on_list, app);
	client_ask(app->client, span_text("{\"type\":\"stats\",\"span\":\"" ENDPOINTS_SPAN "\"}"),
		on_counts, app);
}
