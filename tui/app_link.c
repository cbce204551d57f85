/* The link to the relay, as the screen tells it. */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "common/json.h"
#include "tui/app_parts.h"

/* Leases that are told to the screen. */
#define LEASES_MAX 64

static void on_leases(
	void *data, const struct client_held *held, size_t count, const struct error *err) {
	struct app *app = data;
	struct msg_lease leases[LEASES_MAX];
	if (err) {
		return; /* an older relay does not say */
	}
	count = count < LEASES_MAX ? count : LEASES_MAX;
	for (size_t i = 0; i < count; i++) {
		leases[i] = (struct msg_lease){.endpoint = held[i].endpoint,
			.target = held[i].target,
			.holder = held[i].holder,
			.mine = app_holds(app, held[i].endpoint, held[i].target)};
	}
	app_tell(app, &(struct msg){.type = MSG_LEASES, .leases = leases, .count = count});
}

void app_live(struct app *app, const struct client_welcome *welcome) {
	const char *store = app->options.store ? app->options.store : "";
	const struct msg_live live = {.relay_url = span_text(app->options.relay_url),
		.ingest_url = welcome->ingest_url,
		.version = welcome->version,
		.store = span_text(store),
		.own = app->options.store != NULL,
		.readonly = welcome->readonly};
	size_t len = welcome->ingest_url.len;
	snprintf(app->ingest_url, sizeof app->ingest_url, "%.*s", (int)len,
		len > 0 ? welcome->ingest_url.data : "");
	snprintf(app->store_id, sizeof app->store_id, "%.*s", (int)welcome->store.len,
		welcome->store.len > 0 ? welcome->store.data : "");
	app_tell(app, &(struct msg){.type = MSG_LIVE, .live = &live});
	app_bulk_link(app, NULL);
	if (welcome->stay) {
		app_tell(app, &(struct msg){.type = MSG_KEPT, .number = true});
	}
}

void app_ask_leases(struct app *app) {
	client_cancel(app->client, app->leases);
	app->leases = client_leases(app->client, on_leases, app);
}

void app_link_begin(struct app *app, const struct client_welcome *welcome) {
	app_live(app, welcome);
	if (app->options.keep) {
		app_keep_relay(app, true);
	}
	app_ask_leases(app);
}

void app_down(struct app *app, const struct error *err, int64_t retry_ms) {
	app_tell(app, &(struct msg){.type = MSG_DOWN, .error = err, .number = retry_ms});
	app_bulk_link(app, err);
}

void app_bye(struct app *app, struct span why) {
	app_tell(app, &(struct msg){.type = MSG_BYE, .text = why});
}

void app_link_look(struct app *app) {
	int64_t heard_ms = client_heard_ms(app->client);
	if (heard_ms == 0) {
		return;
	}
	int64_t now_ms = app_now_ms();
	app_tell(app, &(struct msg){.type = MSG_HEARD,
					  .number = now_ms - ((int64_t)uv_now(app->loop) - heard_ms),
					  .now_ms = now_ms});
}

/* --- how long the relay stays --- */

static void on_stay(void *data, const struct cJSON *answer, const struct error *err) {
	struct app *app = data;
	bool stays = false;
	json_get_bool_opt(answer, "stay", &stays, NULL);
	app_tell(app, &(struct msg){.type = MSG_KEPT, .number = stays, .error = err});
}

void app_keep_relay(struct app *app, bool keep) {
	client_ask(app->client,
		span_text(keep ? "{\"type\":\"relay.stay\",\"stay\":true}"
					   : "{\"type\":\"relay.stay\",\"stay\":false}"),
		on_stay, app);
}
