#include "tests/unit/fake_endpoints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"

#define FAKE_MOST 16

struct endpoint {
	int64_t id, head;
	char name[ENDPOINT_NAME_LEN + 1];
};

struct endpoints {
	struct endpoint items[FAKE_MOST];
	size_t count;
	char asked[256];
};

struct endpoints *fake_endpoints_new(void) {
	return alloc_zero(1, sizeof(struct endpoints));
}

void fake_endpoints_free(struct endpoints *endpoints) {
	free(endpoints);
}

struct endpoint *fake_endpoints_add(struct endpoints *endpoints, const char *name, int64_t id) {
	struct endpoint *endpoint = &endpoints->items[endpoints->count++];
	endpoint->id = id;
	snprintf(endpoint->name, sizeof endpoint->name, "%s", name);
	return endpoint;
}

void fake_endpoints_remove(struct endpoints *endpoints, const char *name) {
	struct endpoint *endpoint = endpoints_find(endpoints, span_text(name));
	*endpoint = endpoints->items[--endpoints->count];
}

const char *fake_endpoints_asked(const struct endpoints *endpoints) {
	return endpoints->asked;
}

struct endpoint *endpoints_find(const struct endpoints *endpoints, struct span name) {
	for (size_t i = 0; i < endpoints->count; i++) {
		if (span_is(name, endpoints->items[i].name)) {
			return (struct endpoint *)&endpoints->items[i];
		}
	}
	return NULL;
}

struct endpoint *endpoints_find_id(const struct endpoints *endpoints, int64_t id) {
	for (size_t i = 0; i < endpoints->count; i++) {
		if (endpoints->items[i].id == id) {
			return (struct endpoint *)&endpoints->items[i];
		}
	}
	return NULL;
}

size_t endpoints_count(const struct endpoints *endpoints) {
	return endpoints->count;
}

struct endpoint *endpoints_at(const struct endpoints *endpoints, size_t index) {
	return (struct endpoint *)&endpoints->items[index];
}

int64_t endpoint_id(const struct endpoint *endpoint) {
	return endpoint->id;
}

struct span endpoint_name(const struct endpoint *endpoint) {
	return span_text(endpoint->name);
}

int64_t endpoint_head(const struct endpoint *endpoint) {
	return endpoint->head;
}

void endpoint_stored(struct endpoint *endpoint, int64_t seq) {
	endpoint->head = seq > endpoint->head ? seq : endpoint->head;
}

void endpoint_append_json(struct buffer *out, const struct endpoint *endpoint) {
	buffer_append_byte(out, '{');
	json_member_text(out, "name", endpoint_name(endpoint));
	json_member_int(out, "head", endpoint->head);
	buffer_append_byte(out, '}');
}

void endpoints_change(struct endpoints *endpoints, const struct endpoint_change *change,
	bool must_be_new, endpoints_changed_fn *done, void *data) {
	snprintf(endpoints->asked, sizeof endpoints->asked, "%s %.*s provider=%s secrets=%zu",
		must_be_new ? "add" : "set", (int)change->name.len, change->name.data,
		change->provider ? change->provider : "-", change->secret_count);
	struct error err = {0};
	if (must_be_new && endpoints_find(endpoints, change->name)) {
		error_set(&err, ERROR_USAGE, "endpoint exists");
		done(data, 0, 0, &err);
	} else {
		done(data, 10, 3, NULL);
	}
}

void endpoints_remove(
	struct endpoints *endpoints, struct span name, endpoints_changed_fn *done, void *data) {
	snprintf(endpoints->asked, sizeof endpoints->asked, "remove %.*s", (int)name.len, name.data);
	done(data, 0, 0, NULL);
}

void endpoints_reverify(struct endpoints *endpoints, struct span name,
	const struct reverification *what, endpoints_changed_fn *done, void *data) {
	if (what->progress) {
		what->progress(data, 5, 1, 7, 20);
	}
	filter_free(what->filter);
	snprintf(endpoints->asked, sizeof endpoints->asked, "reverify %.*s", (int)name.len, name.data);
	done(data, 10, 3, NULL);
}

void signed_anew_clear(struct signed_anew *anew) {
	buffer_clear(&anew->made.lines);
}

void description_clear(struct description *description) {
	buffer_clear(&description->type);
	buffer_clear(&description->id);
}

/* What begins with a g, says good. */
void endpoint_describe(struct endpoint *endpoint, const struct message *message, int64_t now_ms,
	struct description *description) {
	(void)endpoint;
	(void)now_ms;
	bool good = message->body.len > 0 && message->body.data[0] == 'g';
	description->judgement.verdict = good ? VERDICT_VALID : VERDICT_INVALID;
	snprintf(description->judgement.reason, sizeof description->judgement.reason, "fake");
	buffer_append_text(&description->type, "fake.made");
	buffer_append_text(&description->id, "evt_1");
}

/* The endpoint "mute" has no secret. */
bool endpoint_sign(struct endpoint *endpoint, const struct message *message,
	const struct endpoint_sign_order *order, struct signed_anew *anew, struct error *err) {
	(void)message;
	if (strcmp(endpoint->name, "mute") == 0) {
		return error_set(err, ERROR_NO, "no secret for Fake yet");
	}
	snprintf(anew->provider, sizeof anew->provider, "fake");
	snprintf(anew->secret, sizeof anew->secret, "live");
	buffer_printf(&anew->made.lines, "X-Fake: %s%s\r\n",
		order->at_ms < order->now_ms ? "then" : "now", order->wrong_secret ? " wrong" : "");
	snprintf(anew->made.id_header, sizeof anew->made.id_header, "X-Fake-Id");
	anew->made.judgement.verdict = order->wrong_secret ? VERDICT_INVALID : VERDICT_VALID;
	return true;
}

bool endpoint_scheme(struct endpoint *endpoint, struct span head, struct span body,
	struct scheme_facts *facts, struct error *err) {
	(void)head;
	if (strcmp(endpoint->name, "mute") == 0) {
		return error_set(err, ERROR_NO, "no provider recognised");
	}
	buffer_append_text(&facts->title, "Fake");
	buffer_append_text(&facts->rule, "{body}");
	buffer_append_span(&facts->text, body);
	facts->text_len = (int64_t)body.len;
	return true;
}

struct explain_case {
	size_t body_len;
};

struct explain_case *explain_case_new(struct endpoint *endpoint, struct span head, struct span body,
	int64_t received_at_ms, struct error *err) {
	(void)head;
	(void)received_at_ms;
	if (strcmp(endpoint->name, "mute") == 0) {
		error_set(err, ERROR_NO, "no provider recognised");
		return NULL;
	}
	struct explain_case *explained = alloc_zero(1, sizeof *explained);
	explained->body_len = body.len;
	return explained;
}

void explain_case_free(struct explain_case *explained) {
	free(explained);
}

void explain_case_run(struct explain_case *explained) {
	explained->body_len *= 2;
}

void explain_case_append_json(struct buffer *out, const struct explain_case *explained) {
	buffer_append_text(out, "{\"cause\":\"fake\"");
	json_member_int(out, "macs", (int64_t)explained->body_len);
	buffer_append_byte(out, '}');
}
