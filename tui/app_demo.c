/*
 * Demo webhooks for whoever has none yet: sent to the relay's own port, to an endpoint `demo` that knows their secrets.
 * An endpoint of that name that somebody else made is left alone.
 */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/json.h"
#include "tui/app_parts.h"
#include "tui/demo_mail.h"

#define ENDPOINT "demo"

struct demo_run {
	struct app *app;
	struct deliver *deliver;
	struct target ingest;
	client_request asked;
	bool busy;
	size_t sent, good; /* answered, and with 200 */
	struct error err;  /* the first that went wrong */
};

static void conclude(struct demo_run *demo, const struct error *err) {
	demo->busy = false;
	app_tell(
		demo->app, &(struct msg){.type = MSG_DEMO, .number = (int64_t)demo->good, .error = err});
}

/* --- sending --- */

static void on_sent(void *data, const struct delivery *delivery) {
	struct demo_run *demo = data;
	const struct attempt *attempt = &delivery->attempt;
	demo->sent++;
	demo->good += attempt->status == 200;
	if (attempt->status != 200 && demo->err.code == ERROR_NONE && attempt->error.len > 0) {
		error_set(&demo->err, ERROR_NO, "%.*s", (int)attempt->error.len, attempt->error.data);
	} else if (attempt->status != 200 && demo->err.code == ERROR_NONE) {
		error_set(
			&demo->err, ERROR_NO, "the relay answered %d to a demo webhook", (int)attempt->status);
	}
	if (demo->sent == demo_mail_count) {
		conclude(demo, demo->err.code == ERROR_NONE ? NULL : &demo->err);
	}
}

static const struct demo_sender_data *sender_of(const struct demo_mail *mail) {
	const struct demo_sender_data *sender = demo_senders;
	while (!span_is(span_text(sender->provider), mail->provider)) {
		sender++;
	}
	return sender;
}

static bool send_mail(struct demo_run *demo, const struct catalogue *catalogue,
	const struct demo_mail *mail, struct error *err) {
	const struct demo_sender_data *sender = sender_of(mail);
	struct keyring *right = demo_sender_keyring(catalogue, sender, NULL, err);
	struct keyring *wrong =
		right ? demo_sender_keyring(catalogue, sender, DEMO_WRONG_SECRET, err) : NULL;
	struct buffer head = {0}, body = {0};
	struct event event = {0};
	bool ok =
		wrong && demo_mail_build(&head, &body, ENDPOINT, mail, right, wrong, app_now_ms(), err);
	if (ok) {
		deliver_send(demo->deliver, &demo->ingest, &event, buffer_span(&head), buffer_span(&body),
			CAUSE_TEST, on_sent, demo);
	}
	keyring_free(right);
	keyring_free(wrong);
	buffer_clear(&head);
	buffer_clear(&body);
	return ok;
}

static void send_all(struct demo_run *demo) {
	struct catalogue *catalogue = catalogue_new();
	struct error err = {0};
	size_t i = 0;
	while (i < demo_mail_count && send_mail(demo, catalogue, &demo_mails[i], &err)) {
		i++;
	}
	catalogue_free(catalogue);
	if (err.code != ERROR_NONE) {
		conclude(demo, &err);
	}
}

/* --- the endpoint --- */

static void on_added(void *data, const struct cJSON *answer, const struct error *err) {
	struct demo_run *demo = data;
	(void)answer;
	if (err) {
		conclude(demo, err);
	} else {
		send_all(demo);
	}
}

static void add_endpoint(struct demo_run *demo) {
	struct buffer request = {0};
	buffer_append_text(
		&request, "{\"type\":\"endpoint.add\",\"name\":\"" ENDPOINT "\",\"secrets\":[");
	for (size_t i = 0; i < demo_sender_count; i++) {
		buffer_append_text(&request, i > 0 ? ",{" : "{");
		json_member_text(&request, "label", span_text(demo_senders[i].provider));
		json_member_text(&request, "provider", span_text(demo_senders[i].provider));
		json_member_text(&request, "value", span_text(demo_senders[i].secret));
		buffer_append_byte(&request, '}');
	}
	buffer_append_text(&request, "]}");
	demo->asked = client_ask(demo->app->client, buffer_span(&request), on_added, demo);
	buffer_clear(&request);
}

static bool has_secret(const cJSON *secrets, const char *provider) {
	const cJSON *item;
	cJSON_ArrayForEach(item, secrets) {
		struct span label, of;
		if (json_get_text(item, "label", &label, NULL) &&
			json_get_text(item, "provider", &of, NULL) && span_is(label, provider) &&
			span_is(of, provider)) {
			return true;
		}
	}
	return false;
}

/* Whether it is the endpoint that add_endpoint makes. */
static bool is_ours(const cJSON *endpoint) {
	const cJSON *secrets = cJSON_GetObjectItemCaseSensitive(endpoint, "secrets");
	bool ours = cJSON_GetArraySize(secrets) == (int)demo_sender_count;
	for (size_t i = 0; i < demo_sender_count && ours; i++) {
		ours = has_secret(secrets, demo_senders[i].provider);
	}
	return ours;
}

static const cJSON *find_endpoint(const cJSON *answer) {
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(answer, "endpoints"), *item;
	cJSON_ArrayForEach(item, list) {
		struct span name;
		if (json_get_text(item, "name", &name, NULL) && span_is(name, ENDPOINT)) {
			return item;
		}
	}
	return NULL;
}

static void on_listed(void *data, const struct cJSON *answer, const struct error *err) {
	struct demo_run *demo = data;
	const cJSON *endpoint = err ? NULL : find_endpoint(answer);
	struct error told = {0};
	if (err) {
		conclude(demo, err);
	} else if (!endpoint) {
		add_endpoint(demo);
	} else if (is_ours(endpoint)) {
		send_all(demo);
	} else {
		error_set(&told, ERROR_NO,
			"an endpoint " ENDPOINT
			" with other secrets is there already; the demo leaves it alone "
			"(hookline endpoint remove " ENDPOINT " makes room)");
		conclude(demo, &told);
	}
}

/* --- beginning and end --- */

static struct demo_run *demo_new(struct app *app, struct error *err) {
	static const struct deliver_options options = {.concurrency = 1};
	struct target ingest = {0};
	if (!target_parse(&ingest, app->ingest_url, false, NULL)) {
		error_set(err, ERROR_NO,
			"the demo is for a relay on this machine; webhooks of this one go to %s",
			app->ingest_url);
		return NULL;
	}
	struct deliver *deliver = deliver_new(app->loop, &options, err);
	if (!deliver) {
		target_clear(&ingest);
		return NULL;
	}
	struct demo_run *demo = alloc_zero(1, sizeof *demo);
	*demo = (struct demo_run){.app = app, .deliver = deliver, .ingest = ingest};
	return demo;
}

void app_demo(struct app *app) {
	struct error err = {0};
	if (!app->demo && !(app->demo = demo_new(app, &err))) {
		app_tell(app, &(struct msg){.type = MSG_DEMO, .error = &err});
		return;
	}
	struct demo_run *demo = app->demo;
	if (demo->busy) {
		return;
	}
	demo->busy = true;
	demo->sent = demo->good = 0;
	demo->err = (struct error){0};
	demo->asked =
		client_ask(app->client, span_text("{\"type\":\"endpoint.list\"}"), on_listed, demo);
}

void app_demo_clear(struct app *app) {
	struct demo_run *demo = app->demo;
	if (!demo) {
		return;
	}
	app->demo = NULL;
	client_cancel(app->client, demo->asked);
	deliver_free(demo->deliver);
	target_clear(&demo->ingest);
	free(demo);
}
